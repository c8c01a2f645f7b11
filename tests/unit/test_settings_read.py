"""Settings read by each kind of reader; a forgotten setting fails here by its name.

The sources are parsed, not run. From a reader's entry functions, the test follows names to all reachable definitions, and counts
their accesses `….settings.NAME`. A method is reachable if its class is and some reachable code names it.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache

import pytest

from bpost_tui.cli.main import run as run_verb
from bpost_tui.cli.shared.command_context import command_context
from bpost_tui.cli.show import show_
from bpost_tui.composition import build_app, run
from bpost_tui.config import Settings
from bpost_tui.plain.plain_session import run_plain_session
from bpost_tui.startup_snapshot.save_snapshot import save_in_background
from tools.code_structure import PACKAGE, Structure

BEGINS: Mapping[str, tuple[Callable[..., object], ...]] = {
    "the screen": (run_verb, command_context, run, build_app, save_in_background),
    "--plain": (run_verb, command_context, run_plain_session),
    "bpost show": (run_verb, command_context, show_),
}
"""Reader → entry functions."""

NOT_READ: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "the screen": {},
    "--plain": {
        "the terminal's own type shows lines, as wide as it likes": (
            "text", "theme", "font", "zoom_px", "text_width", "line_pitch", "paragraphs",
        ),
        "pictures aren't shown in lines, nor fetched": ("pictures", "pictures_mb"),
        "there is no masthead": ("bangla_date",),
        "no page is kept for the next start": ("front_page",),
        "new stories are announced in the next line": ("notify",),
        "no key shares": ("share",),
    },
    "bpost show": {
        "it shows no list": ("story_order", "category_order", "same_news_once", "same_news_read_all", "mute"),
        "it fetches nothing": ("refresh_minutes", "keep", "hooks", "notify", "service", "pictures", "pictures_mb"),
        "it changes no marks": ("sync_folder",),
        "it waits for no key": ("keys", "keyboard", "share", "open", "listen"),
        "there is no masthead": ("bangla_date",),
        "no page is kept for the next start": ("front_page",),
    },
}  # fmt: skip
"""Reader → reason for not reading settings → these settings. `the screen` reads all."""

_CALLED_FROM_OUTSIDE = ("__", "on_", "_on_", "action_", "watch_", "compose", "render", "get_", "check_")
"""Prefixes of the names of methods that Python or Textual calls."""


@cache
def readers() -> Mapping[str, frozenset[str]]:
    """Return the settings that each reader reads."""
    structure = Structure()
    return {name: frozenset(Reach(structure).settings(begins)) for name, begins in BEGINS.items()}


class Reach:
    """Definitions reachable from some functions."""

    def __init__(self, structure: Structure) -> None:
        self._modules = structure.modules
        self._nodes = {
            f"{module.name}.{node.name}": node
            for module in structure.modules.values()
            for node in module.tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        }
        self._reached: set[str] = set()
        self._named: set[str] = set()
        """Names of attributes in reached definitions."""
        self._methods = defaultdict[str, list[tuple[str, ast.AST]]](list)
        """Name → methods of reached classes that nothing has named yet, each with its module."""
        self._waiting: list[tuple[str, ast.AST]] = []

    def settings(self, begins: tuple[Callable[..., object], ...]) -> Iterator[str]:
        """Yield the settings read by any definition that is reachable from the functions `begins`."""
        for function in begins:
            self._reach(f"{function.__module__}.{function.__qualname__}")
        found: set[str] = set()
        while self._waiting:
            module, node = self._waiting.pop()
            found |= self._read(module, node)
        for name in found:
            yield from READ_BY_PROPERTY.get(name, (name,) if name in Settings._fields else ())

    def _reach(self, full: str) -> None:
        full = self._defined(full)
        if full in self._reached or full not in self._nodes:
            return
        self._reached.add(full)
        node, module = self._nodes[full], full.rpartition(".")[0]
        if not isinstance(node, ast.ClassDef):
            self._waiting.append((module, node))
            return
        for part in (*node.bases, *node.body):
            if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                is_asked = part.name in self._named or part.name.startswith(_CALLED_FROM_OUTSIDE)
                (self._waiting if is_asked else self._methods[part.name]).append((module, part))
            else:
                self._waiting.append((module, part))

    def _defined(self, full: str) -> str:
        """Return the full name of a definition, following packages that only re-export it."""
        while full not in self._nodes:
            module, _, name = full.rpartition(".")
            names = self._modules[module].names if module in self._modules else {}
            if names.get(name, full) == full:
                return full
            full = names[name]
        return full

    def _read(self, module: str, node: ast.AST) -> set[str]:
        """Follow the names in a definition, and return the attributes of settings among them."""
        names, found = self._modules[module].names, set[str]()
        for part in _without_types(node):
            match part:
                case ast.Name(id=name) if names.get(name, "").startswith(PACKAGE):
                    self._reach(names[name])
                case ast.Attribute(value=value, attr=name):
                    self._named.add(name)
                    self._waiting += self._methods.pop(name, [])
                    if isinstance(value, ast.Name):
                        self._reach(f"{names.get(value.id, '')}.{name}")
                    if getattr(value, "attr", getattr(value, "id", "")) in ("settings", "_settings"):
                        found.add(name)
        return found


def _without_types(node: ast.AST) -> Iterator[ast.AST]:
    """Yield `node` and all nodes within it except annotations, which run nothing."""
    yield node
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _without_types(child)


READ_BY_PROPERTY: Mapping[str, tuple[str, ...]] = {"papers": ("portals", "portal"), "of_portals": ("portals", "portal")}
"""Property of `Settings` → settings that it reads."""


@pytest.mark.parametrize("reader", BEGINS)
def test_setting_is_read_by_every_reader_or_excused(reader: str) -> None:
    excused = {name for names in NOT_READ[reader].values() for name in names}
    assert {*Settings._fields} - readers()[reader] - excused == set(), f"{reader} reads none of these, and no reason says why"


@pytest.mark.parametrize("reader", BEGINS)
def test_setting_read_by_a_reader_has_no_excuse(reader: str) -> None:
    excused = {name for names in NOT_READ[reader].values() for name in names}
    assert excused & readers()[reader] == set()
