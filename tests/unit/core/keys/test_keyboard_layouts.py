from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser

from bpost_tui.config.key_names import key_name
from bpost_tui.config.settings import KEYBOARDS
from bpost_tui.core.keys import keyboard_layouts
from bpost_tui.core.keys.actions import ACTIONS, DIGITS, Keys, digit_id
from bpost_tui.core.keys.keyboard_layouts import LAYOUTS, aliases, layouts_of, with_aliases

PRINTABLE = [key for row in keyboard_layouts._LATIN for key in row.split(" ")]
OWNERS = {key: digit_id(key) for key in DIGITS} | {
    name: action.id for action in ACTIONS for name in map(key_name, action.keys) if name in set(map(key_name, PRINTABLE))
}
"""Bound key of a single character → id of its action."""


@cache
def actions_by_key(keyboard: str) -> dict[str, str]:
    """Return the id of the action of each key name, for the setting `keyboard`."""
    return {key: action for action, keys in Keys({}, keyboard).keymap.items() for key in keys.split(",")}


def lost_keys(layout: str, keyboard: str) -> dict[str, str]:
    """Return the bound keys that lose their action under `layout`, each with the character that it sends there."""
    table, does = keyboard_layouts._table(layout), actions_by_key(keyboard)
    return {key: table.get(key, key) for key, action in OWNERS.items() if does.get(table.get(key, key)) != action}


def senders(sent: str, layouts: Sequence[str]) -> list[tuple[str, str]]:
    """Return the (layout, bound key) pairs that send the character `sent`, in the order of `layouts`."""
    return [(layout, key) for layout in layouts for key in senders_in(layout).get(sent, ())]


@cache
def senders_in(layout: str) -> dict[str, list[str]]:
    """Return the bound keys that send each character under `layout`."""
    found: dict[str, list[str]] = {}
    for key in OWNERS:
        found.setdefault(keyboard_layouts._table(layout).get(key, key), []).append(key)
    return found


def test_layouts_are_the_choices_in_the_config() -> None:
    assert ("auto", *LAYOUTS) == KEYBOARDS


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_have_one_character_for_every_key(layout: str) -> None:
    for keys, sent in zip(keyboard_layouts._LATIN, LAYOUTS[layout], strict=True):
        chars = [char.removeprefix("◌") for char in sent.split(" ")]
        assert len(chars) == len(keys.split(" "))
        assert all(len(char) == 1 and (char.isascii() or 0x980 <= ord(char) < 0xA00 or char in "।॥\u200c\u200d") for char in chars)


def test_key_name_matches_textual_for_every_layout_key() -> None:
    sent = {char.removeprefix("◌") for rows in LAYOUTS.values() for row in rows for char in row.split(" ")}
    for char in sorted(sent | set(PRINTABLE)):
        (event,) = [event for event in XTermParser().feed(char) if isinstance(event, events.Key)]
        assert (event.key, event.character) == (key_name(char), char)


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ("j", ("জ", "র", "ক")),
        ("k", ("ক", "ত")),
        ("?", ("য",)),
        ("question_mark", ("য",)),
        ("s", ("স", "bengali_vowel_sign_e", "bengali_vowel_sign_u")),
        ("1", ("১",)),
        ("enter", ()),
        ("ctrl+f", ()),
    ],
)
def test_aliases_of_a_key_are_the_characters_it_sends(key: str, sent: tuple[str, ...]) -> None:
    assert aliases(key) == sent


@pytest.mark.parametrize("layout", LAYOUTS)
def test_keymap_loses_only_duplicate_keys_of_a_known_layout(layout: str) -> None:
    for key, sent in lost_keys(layout, layout).items():
        assert senders(sent, [layout])[0] != (layout, key), f"{key}, for {OWNERS[key]}, sends {sent}"
    assert lost_keys("probhat", "probhat") == {}
    assert {"j", "k", "l", "h", "o", "m", "s", "n", "p", "g", "G", "r", "t", "T", "?"}.isdisjoint(lost_keys(layout, layout))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_keymap_loses_only_keys_of_earlier_layouts_when_on_auto(layout: str) -> None:
    for key, sent in lost_keys(layout, "auto").items():
        first = senders(sent, tuple(LAYOUTS))[0]
        assert first != (layout, key)
        assert actions_by_key("auto")[sent] == OWNERS[first[1]]
    assert lost_keys("probhat", "auto") == {}


def test_keymap_moves_a_configured_key_with_its_aliases() -> None:
    keys = {action: keys.split(",") for action, keys in Keys({"star": ("j",), "palette": (",", "/")}, "probhat").keymap.items()}
    assert keys["star"] == ["j", "জ"]
    assert keys["down"] == ["down"]
    assert keys["palette"] == ["comma", "slash", "bengali_sign_virama"]
    assert "স" not in [key for chosen in keys.values() for key in chosen]


def test_configured_bengali_letter_is_no_alias_of_another_key() -> None:
    keys = {action: keys.split(",") for action, keys in Keys({"star": ("জ",)}).keymap.items()}
    assert keys["star"] == ["জ"]
    assert "জ" not in keys["down"]


def test_layouts_of_a_known_layout_is_that_layout_alone() -> None:
    assert layouts_of("auto") == tuple(LAYOUTS)
    assert layouts_of("bd") == ("bd",)


@given(st.dictionaries(st.text(max_size=3), st.lists(st.sampled_from(PRINTABLE), max_size=3).map(tuple), max_size=8))
def test_with_aliases_keeps_bound_keys_first_and_aliases_unique(bound: dict[str, tuple[str, ...]]) -> None:
    found = with_aliases(bound)
    assert {action: keys[: len(bound[action])] for action, keys in found.items()} == bound
    added = [key for action, keys in found.items() for key in keys[len(bound[action]) :]]
    assert len(added) == len(set(added))
    assert not set(added) & {key_name(key) for keys in bound.values() for key in keys}
