from __future__ import annotations

import copy
import pickle
import re
import typing
from functools import partial
from pathlib import Path

import pytest

import bpost_tui
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_GENERIC = {"tui/dialogs/choice_menu.py"}
"""Modules with a generic named tuple, which only `typing.NamedTuple` can define."""


class Place(NamedTuple):
    """Place on a map."""

    name: str
    """Name in Bengali."""
    people: int = 0
    near: tuple[Place, ...] = ()

    @property
    def is_village(self) -> bool:
        """Whether the place is small."""
        return self.people < 1000

    @classmethod
    def of(cls, name: str) -> Place:
        """Return a place without people."""
        return cls(name)


class Standard(typing.NamedTuple):
    """Named tuple with the same fields as `Place`, by the standard library."""

    name: str
    people: int = 0
    near: tuple[Standard, ...] = ()


def test_a_definition_has_fields_defaults_methods_and_docstring() -> None:
    place = Place("ঘাটাল", people=54_591)
    name, people, near = place
    assert (name, people, near) == tuple(place) == tuple(Standard("ঘাটাল", 54_591))
    assert Place.of("দাসপুর").is_village and not place.is_village
    assert place._replace(people=1) == Place("ঘাটাল", 1) != place
    assert Place.__doc__ == "Place on a map."
    assert (Place._fields, Place._field_defaults) == (Standard._fields, Standard._field_defaults)
    assert place._asdict() == {"name": "ঘাটাল", "people": 54_591, "near": ()}
    assert repr(place) == "Place(name='ঘাটাল', people=54591, near=())"


def test_a_definition_refuses_missing_unknown_and_assigned_fields() -> None:
    make = typing.cast("typing.Callable[..., Place]", Place)
    for wrong in (make, partial(make, "ঘাটাল", size=1), partial(make, 1, 2, 3, 4)):
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(AttributeError):
        setattr(Place("ঘাটাল"), "name", "দাসপুর")  # noqa: B010 -- mypy also refuses the assignment
    assert not hasattr(Place("ঘাটাল"), "__dict__")


def test_values_can_be_pickled_copied_and_matched() -> None:
    place = Place("ঘাটাল", near=(Place("দাসপুর"),))
    assert pickle.loads(pickle.dumps(place)) == copy.deepcopy(place) == place
    match place:
        case Place(name, people=0):
            assert name == "ঘাটাল"
        case _:
            raise AssertionError


def test_annotations_are_those_of_the_standard_library() -> None:
    assert typing.get_type_hints(Place) == {"name": str, "people": int, "near": tuple[Place, ...]}


def test_no_other_definition_is_used() -> None:
    root = Path(bpost_tui.__file__).parent
    others = {
        str(path.relative_to(root)) for path in root.rglob("*.py")
        if re.search(r"^from typing import .*\bNamedTuple\b", path.read_text("utf-8"), re.MULTILINE)
    }  # fmt: skip
    assert others == _GENERIC
