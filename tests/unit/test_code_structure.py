"""Rules for code that no linter knows: see docs/architecture.md; for the figures, `python -m tools.code_structure`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tools.code_structure import ROOT, Structure

BASES = {
    "bpost_tui.errors.BPostError": "errors are caught by what they have in common",
    "bpost_tui.i18n.Language": "a startup snapshot leaves ages out, and nothing else has to know that",
    "bpost_tui.typesetting.terminal.encoders.encoder.Encoder": "one interface for every way to show type",
    "bpost_tui.typesetting.terminal.encoders.encoder.SlicingEncoder": "sixel and inline pictures differ in their spelling alone",
    "bpost_tui.typesetting.textual.type_app.TypeApp": "Textual sends an app's messages to methods of the app",
    "bpost_tui.tui.shared.paced_screen.PacedScreen": "when to paint can be decided only in methods of Textual's Screen",
    "bpost_tui.tui.widgets.row_list.RowList": "lists of rows share their motion and their drawing",
}
"""Base classes permitted in our own code → reason. All other classes are composed of objects."""


@pytest.fixture(scope="module")
def structure() -> Structure:
    return Structure()


def test_classes_derive_only_from_listed_bases_of_ours(structure: Structure) -> None:
    assert {name: bases for name, bases in structure.derived.items() if not BASES.keys() >= set(bases)} == {}


def test_listed_bases_are_derived_from(structure: Structure) -> None:
    assert BASES.keys() == {base for bases in structure.derived.values() for base in bases}


def test_modules_have_no_import_cycles(structure: Structure) -> None:
    assert list(structure.circles) == []


def test_file_names_are_unique_in_a_package(structure: Structure) -> None:
    assert dict(structure.repeated_names) == {}


def test_public_types_have_names_of_their_own(structure: Structure) -> None:
    assert dict(structure.repeated_types) == {}


def test_packages_below_the_screen_may_not_import_textual() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers: list[str] = next(each["layers"] for each in contracts if each["type"] == "layers")
    below = {f"bpost_tui.{name}" for layer in layers[layers.index("tui") + 1 :] for name in layer.split(" | ")}
    below = below - {"bpost_tui.typesetting"} | {f"bpost_tui.typesetting.{room}" for room in ("text", "typeset", "terminal")}
    assert below == set(next(each["source_modules"] for each in contracts if "textual" in each.get("forbidden_modules", ())))


# ── checks of the figures themselves ────────────────────────────────────────


@pytest.fixture
def small(tmp_path: Path) -> Structure:
    """Return a package of four modules that break every rule."""
    sources = {
        "__init__": '"""Docstring."""\n',
        "one/__init__": "from bpost_tui.one.base import Base\n",
        "one/base": "from bpost_tui.two.same import helper\nclass Base:\n    kind = 1\n    def make(self): self.size = 2\n",
        "one/deep/same": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import bpost_tui.one.same\n",
        "one/same": "def late():\n    import bpost_tui.one.deep.same\n",
        "two/same": "from bpost_tui.one import Base as Aliased\ndef helper(): ...\nclass Heir(Aliased): ...\n",
    }
    for name, source in sources.items():
        path = tmp_path / "bpost_tui" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return Structure(tmp_path)


def test_structure_finds_bases_through_aliases_and_packages(small: Structure) -> None:
    assert small.derived == {"bpost_tui.two.same.Heir": ("bpost_tui.one.base.Base",)}


def test_structure_lists_the_members_of_a_class(small: Structure) -> None:
    assert small.classes["bpost_tui.one.base.Base"].members == {"kind", "make", "size"}


def test_structure_finds_cycles_through_functions_and_types(small: Structure) -> None:
    assert small.circles == [
        ("bpost_tui.one", "bpost_tui.one.base", "bpost_tui.two.same"),
        ("bpost_tui.one.deep.same", "bpost_tui.one.same"),
    ]


def test_structure_finds_repeated_file_names(small: Structure) -> None:
    assert small.repeated_names == {("one", "same"): ["bpost_tui.one.deep.same", "bpost_tui.one.same"]}


def test_structure_ignores_modules_without_code(small: Structure) -> None:
    assert "bpost_tui" not in {module.name for module in small.written}


@pytest.mark.parametrize(
    ("name", "exists"),
    [
        ("bpost_tui.one.base", True),
        ("bpost_tui.one.base.Base.size", True),
        ("bpost_tui.two.same.Heir.size", True),
        ("bpost_tui.two.same.helper", True),
        ("bpost_tui.two.same.other", False),
        ("bpost_tui.one.base.Base.weight", False),
        ("bpost_tui.three", False),
    ],
)
def test_structure_resolves_existing_names(small: Structure, name: str, exists: bool) -> None:
    assert small.exists(name) is exists
