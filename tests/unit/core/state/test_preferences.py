"""Preferences chosen by key are saved and read back from a file in any state."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bpost_tui.core.state.preferences import FIELD_READERS, PreferenceChanges, Preferences, PreferenceValues
from bpost_tui.typesetting.terminal.capabilities import Capabilities, RenderMode, terminal_name


def test_preferences_are_empty_and_create_no_file_when_nothing_was_chosen(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    assert Preferences(folder).values == PreferenceValues()
    assert not folder.exists()


def test_preferences_are_read_back_by_the_next_start(tmp_path: Path) -> None:
    memory = Preferences(tmp_path / "deep" / "state")
    memory.save(theme="night")
    memory.save(zoom_px=-2)
    memory.save(text={"kitty": "mosaic"})
    memory.save(text={"foot": "cells"})
    memory.save(text={"kitty": "pixels"})
    memory.save(widths_em={"story": 30.0})
    memory.save(widths_em={"posts": 24})
    memory.save(widths_em={"story": 32.5})
    memory.save(toured=True)
    memory.save(unread_only=True)
    expected = PreferenceValues(
        "night", -2, {"kitty": "pixels", "foot": "cells"}, {"story": 32.5, "posts": 24.0}, toured=True, unread_only=True
    )
    assert memory.values == Preferences(tmp_path / "deep" / "state").values == expected


def test_every_preference_can_be_saved_and_read() -> None:
    assert set(FIELD_READERS) == set(PreferenceChanges.__annotations__) == {field.name for field in fields(PreferenceValues)}


def test_preferences_save_a_zoom_of_0(tmp_path: Path) -> None:
    Preferences(tmp_path).save(zoom_px=3)
    Preferences(tmp_path).save(zoom_px=0)
    assert Preferences(tmp_path).values.zoom_px == 0


def test_preferences_file_leaves_no_draft_in_a_private_folder(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    Preferences(folder).save(theme="sepia")
    assert os.listdir(folder) == ["choices.json"]
    assert folder.stat().st_mode & 0o077 == (folder / "choices.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"theme": 1, "zoom_px": true, "text": []}',
        b'{"text": {"kitty": 1}}',
        b'{"widths_em": {"story": "wide", "posts": true, "categories": NaN, "more": 1e300, "less": -1}}',
        b'{"widths_em": 3, "toured": 1, "unread_only": "yes"}',
    ],
)
def test_preferences_replace_a_damaged_file(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "choices.json").write_bytes(text)
    memory = Preferences(tmp_path)
    assert memory.values == PreferenceValues()
    memory.save(theme="night")
    assert Preferences(tmp_path).values == PreferenceValues("night")


def test_preferences_ignore_an_entry_of_the_wrong_type(tmp_path: Path) -> None:
    table = {"theme": "night", "zoom_px": 1.5, "text": {"kitty": "mosaic", "foot": None}, "later": 1}
    (tmp_path / "choices.json").write_text(json.dumps(table))
    assert Preferences(tmp_path).values == PreferenceValues("night", None, {"kitty": "mosaic"})


def test_preferences_hold_for_the_session_when_unwritable(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    memory = Preferences(blocked / "state")
    memory.save(theme="night")
    memory.save(zoom_px=1)
    assert memory.values == PreferenceValues("night", 1)
    (tmp_path / "choices.json").mkdir()  # a folder in place of the file
    memory = Preferences(tmp_path)
    memory.save(theme="night")
    assert memory.values.theme == "night"
    assert sorted(os.listdir(tmp_path)) == ["choices.json", "file"]


def test_preferences_save_a_terminal_name_of_any_bytes(tmp_path: Path) -> None:
    name = terminal_name(Capabilities("", (), RenderMode.CELLS, "", 1, 1), {"TERM": os.fsdecode(b"odd\xff")})  # any bytes
    Preferences(tmp_path).save(text={name: "cells"})
    assert Preferences(tmp_path).values.render_mode(None, "auto", name) == "cells"


@pytest.mark.parametrize(
    ("option", "setting", "mode"),
    [
        (None, "auto", "mosaic"),
        (None, "cells", "cells"),
        ("auto", "cells", "auto"),
        ("auto", "auto", "auto"),
        ("pixels", "auto", "pixels"),
    ],
)
def test_render_mode_is_from_option_then_config_then_preference(option: str | None, setting: str, mode: str) -> None:
    choices = PreferenceValues(text={"kitty": "mosaic"})
    assert choices.render_mode(option, setting, "kitty") == mode
    assert PreferenceValues().render_mode(option, "auto", "kitty") == (option or "auto")


def test_preferences_of_two_readers_are_merged(tmp_path: Path) -> None:
    one, other = Preferences(tmp_path), Preferences(tmp_path)
    one.save(theme="night")
    other.save(zoom_px=2)
    one.save(widths_em={"story": 30.0})
    other.save(widths_em={"posts": 20.0})
    assert Preferences(tmp_path).values == PreferenceValues("night", 2, widths_em={"story": 30.0, "posts": 20.0})


def test_preferences_of_concurrent_readers_are_all_saved(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: Preferences(tmp_path).save(text={f"terminal-{number}": "cells"}), range(40)))
    assert len(Preferences(tmp_path).values.text) == 40
    assert os.listdir(tmp_path) == ["choices.json"]


@pytest.mark.parametrize(
    ("setting", "choice", "name"),
    [
        ("theme", {"theme": "night"}, "theme"),
        ("zoom_px", {"zoom_px": 3}, "zoom_px"),
        ("text", {"text": {"kitty": "cells"}}, "text"),
        ("text_width", {"widths_em": {"story": 30.0}}, "widths_em"),
        ("same_news_once", {"same_news_once": False}, "same_news_once"),
    ],
)
def test_config_overrides_preference_and_a_key_lasts_for_the_session(
    tmp_path: Path, setting: str, choice: dict[str, Any], name: str
) -> None:
    Preferences(tmp_path).save(**choice)
    chosen = getattr(Preferences(tmp_path).values, name)
    fixed = Preferences(tmp_path, [setting])
    overridden: list[str] = []
    fixed.on_fixed_setting = overridden.append
    assert getattr(fixed.values, name) == getattr(PreferenceValues(), name)
    fixed.save(**choice)
    assert getattr(fixed.values, name) == chosen
    assert overridden == [setting]
    fixed.save(toured=True)
    assert getattr(Preferences(tmp_path, [setting]).values, name) == getattr(PreferenceValues(), name)
    assert getattr(Preferences(tmp_path).values, name) == chosen  # the config no longer has the setting


def test_list_width_is_kept_despite_the_config(tmp_path: Path) -> None:
    Preferences(tmp_path, ["text_width"]).save(widths_em={"posts": 20.0})
    assert Preferences(tmp_path, ["text_width"]).values.widths_em == {"posts": 20.0}
