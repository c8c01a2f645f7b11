"""Private names of Textual and Rich in bpost: docs/textual.md lists all of them, and the installed versions have them.

A new Textual or Rich that moved a name fails here, by name, before anything is drawn.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import TypeGuard

import pytest
from textual.drivers.linux_driver import LinuxDriver

import bpost_tui
from tools.code_structure import ROOT

LIBRARIES = ("textual", "rich")
OF_NAMED_TUPLES = {"_replace", "_asdict", "_fields", "_make"}
SCREEN = ("bpost_tui.typesetting.textual", "bpost_tui.tui", "bpost_tui.startup_snapshot", "bpost_tui.composition")
"""Packages and modules that may use Textual."""
DOCUMENTED = tuple(
    re.findall(r"^\| `((?:textual|rich)\.[\w.]+)`", (ROOT / "docs/textual.md").read_text(encoding="utf-8"), re.MULTILINE)
)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_private_name_exists_in_the_installed_library(name: str) -> None:
    parts = name.split(".")
    module = next(at for at in range(len(parts), 0, -1) if _imported(".".join(parts[:at])) is not None)
    found: object = _imported(".".join(parts[:module]))
    for at, part in enumerate(parts[module:], module):
        if isinstance(found, type) and at == len(parts) - 1:
            assert part in _members(found), name
            return
        assert hasattr(found, part), name
        found = getattr(found, part)


def test_every_used_private_name_is_listed() -> None:
    listed = {name.rpartition(".")[2] for name in DOCUMENTED} | {name for name in DOCUMENTED if "._" in name}
    assert {name: where for name, where in _used() if name not in listed} == {}


def test_every_listed_private_name_is_used() -> None:
    used = {name for name, _ in _used()}
    assert [name for name in DOCUMENTED if not {name, name.rpartition(".")[2]} & used] == []


def test_private_names_are_listed_once() -> None:
    assert len(DOCUMENTED) == len(set(DOCUMENTED)) > 20


def _imported(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ImportError:
        return None


@cache
def _members(of: type) -> frozenset[str]:
    """Return the names that a class and its bases in the libraries define, including attributes assigned to `self`."""
    return frozenset(name for each in of.__mro__ if each.__module__.split(".")[0] in LIBRARIES for name in _defined(each))


@cache
def _defined(of: type) -> frozenset[str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(of)))
    assigned = (node.attr for node in ast.walk(tree) if _is_of_self(node) and isinstance(node.ctx, ast.Store))
    return frozenset((*vars(of), *assigned, *inspect.get_annotations(of)))


def _is_of_self(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def _used() -> Iterator[tuple[str, str]]:
    """Yield each private name of the libraries in our sources, with its module: imports in full, attributes alone."""
    ours = _our_names()
    modules = [import_module(each.name) for each in walk_packages(bpost_tui.__path__, "bpost_tui.") if each.name.startswith(SCREEN)]
    for module in modules:
        tree = ast.parse(inspect.getsource(module))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                yield from ((name, module.__name__) for name in _imported_by(node))
            elif isinstance(node, ast.Attribute) and ast.unparse(node) == "os._exit":
                continue
            elif isinstance(node, ast.Attribute) and not _is_of_self(node) and _is_hidden(node.attr) and node.attr not in ours:
                yield node.attr, module.__name__
        for each in vars(module).values():
            if isinstance(each, type) and each.__module__ == module.__name__:
                yield from ((name, module.__name__) for name in _taken_over(each))


def _taken_over(ours: type) -> Iterator[str]:
    """Yield the private names of a library's class that our class `ours`, derived from it, defines or uses."""
    bases = [*ours.__mro__[1:], *(LinuxDriver.__mro__ if ours.__name__ == "BoundaryDriver" else ())]
    theirs = {name for base in bases if base.__module__.split(".")[0] in LIBRARIES for name in _defined(base)}
    tree = ast.parse(textwrap.dedent(inspect.getsource(ours)))
    for node in ast.walk(tree):
        yield from (name for name in _names_at(node) if _is_hidden(name) and name in theirs)


def _names_at(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node of a class's source defines or reads from `self`."""
    if _is_of_self(node):
        yield node.attr
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (each.id for each in targets if isinstance(each, ast.Name))


@cache
def _our_names() -> frozenset[str]:
    """Return the private names defined in our own sources, and the private methods of named tuples."""
    found = set(OF_NAMED_TUPLES)
    for path in Path(bpost_tui.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(node.name)
            elif _is_of_self(node) and isinstance(node.ctx, ast.Store):
                found.add(node.attr)
    return frozenset(found)


def _imported_by(node: ast.ImportFrom) -> Iterator[str]:
    """Yield the full names that an import takes from a private module of the libraries, or that are private themselves."""
    parts = (node.module or "").split(".")
    if parts[0] in LIBRARIES:
        yield from (f"{node.module}.{each.name}" for each in node.names if any(map(_is_hidden, (*parts, each.name))))


def _is_hidden(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")
