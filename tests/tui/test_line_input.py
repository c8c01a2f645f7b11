"""Tests of the line input: its letters are grapheme clusters, and show as they were typeset at every width."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.config.key_names import key_name
from bpost_tui.tui.widgets.line_input import LineInput
from bpost_tui.typesetting.text.graphemes import clusters
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.fonts import load_fonts
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Typesetter
from bpost_tui.typesetting.typeset.surface import SurfaceTable

INKS = {"text": (0, 0, 0), "accent": (200, 0, 0), "meta": (90, 90, 90)}
FONTS = load_fonts(BENGALI)
TYPESETTERS: dict[str, Typesetter] = {
    "cells": CellTypesetter(BENGALI.language_rules),
    "mosaic": PixelTypesetter.for_dots(FONTS, 2, 3, (10, 20)),
    "pixels": PixelTypesetter(FONTS, 10, 20),
}
TOWN = "মেদিনীপুর"


class Form(App[None]):
    """App with a line input whose drawn text tests can read."""

    CSS = "Screen { background: white; }"

    def __init__(self, typesetter: Typesetter) -> None:
        super().__init__()
        self.asked = LineInput(Renderer(typesetter, SurfaceTable(), INKS), placeholder="খুঁজুন", id="asked")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return {"ink-accent": "#c80000"}

    def compose(self) -> ComposeResult:
        yield self.asked

    def shown(self) -> str:
        galley = self.asked._galley
        assert galley is not None
        return "".join(galley[1].text(row) for row in range(galley[1].rows)).replace("\u00a0", " ")


@asynccontextmanager
async def form(kind: str = "cells", width: int = 60) -> AsyncIterator[tuple[Form, LineInput, Pilot[None]]]:
    app = Form(TYPESETTERS[kind])
    async with app.run_test(size=(width, 12)) as pilot:
        app.asked.focus()
        await pilot.pause()
        yield app, app.asked, pilot


async def write(asked: LineInput, pilot: Pilot[None], text: str) -> None:
    """Send letters as a terminal does, one by one."""
    for char in text:
        asked.app.post_message(events.Key(key_name(char), char))
        await pilot.pause()


@pytest.mark.parametrize("kind", TYPESETTERS)
async def test_typed_letters_show_whole_before_the_caret(kind: str) -> None:
    async with form(kind) as (app, asked, pilot):
        await write(asked, pilot, TOWN)
        assert asked.value == TOWN
        await pilot.pause()
        assert app.shown().rstrip() == TOWN
        assert asked._cursor_offset > 4


async def test_left_and_right_go_by_clusters_and_shift_selects_them() -> None:
    async with form() as (_, asked, pilot):
        asked.value = "স্ত্রী ক্ষ"
        await pilot.press("end", "left")
        assert asked.value[asked.cursor_position :] == "ক্ষ"
        await pilot.press("left", "left")
        assert asked.cursor_position == 0
        await pilot.press("shift+right")
        assert asked.selected_text == "স্ত্রী"
        await pilot.press("right")
        assert (asked.selected_text, asked.cursor_position) == ("", len("স্ত্রী"))


@pytest.mark.parametrize(
    ("value", "after"),
    [
        ("কি", "ক"),
        ("ক্ষ", "ক্"),
        ("স্ত্রী", "স্ত্র"),
        ("abc", "ab"),
        ("খ👨‍👩‍👧", "খ"),
        ("র\u200d্য", "র\u200d্"),
        ("র\u200d", "র"),
        ("", ""),
    ],
)
async def test_backspace_deletes_a_code_point_and_its_joiner(value: str, after: str) -> None:
    async with form() as (_, asked, pilot):
        asked.value = value
        await pilot.press("end", "backspace")
        assert asked.value == after


async def test_backspace_deletes_a_conjunct_by_code_points() -> None:
    async with form() as (_, asked, pilot):
        asked.value = "র\u200d্য"
        await pilot.press("end", *["backspace"] * 3)
        assert asked.value == ""


async def test_delete_takes_the_whole_cluster_and_ctrl_w_the_word() -> None:
    async with form() as (_, asked, pilot):
        asked.value = "স্ত্রী মেদিনীপুর জেলা"
        await pilot.press("home", "delete")
        assert asked.value == " মেদিনীপুর জেলা"
        await pilot.press("end", "ctrl+w")
        assert asked.value == " মেদিনীপুর "
        await pilot.press("ctrl+left")
        assert asked.cursor_position == 1


async def test_joiners_are_kept_as_letters() -> None:
    async with form() as (_, asked, pilot):
        await write(asked, pilot, "র\u200d্যা")
        assert asked.value == "র\u200d্যা"


async def test_conjunct_is_split_while_the_caret_is_in_it() -> None:
    async with form("pixels") as (_, asked, pilot):
        asked.value = "কর"
        await pilot.press("home", "right")
        await write(asked, pilot, "্")
        assert asked._parts() == (["ক্", "র"], 1)
        await pilot.press("end")
        assert asked._parts() == (["ক্র"], 1)


async def test_paste_becomes_one_sanitized_line() -> None:
    async with form() as (_, asked, pilot):
        asked.post_message(events.Paste("মেদিনী\u202eপুর\n\x1b[31mখবর\U000f0041\t২"))
        await pilot.pause()
        assert asked.value == "মেদিনীপুর [31mখবর ২"


@pytest.mark.parametrize("kind", TYPESETTERS)
async def test_click_puts_the_cursor_between_clusters(kind: str) -> None:
    async with form(kind) as (_, asked, pilot):
        asked.value = TOWN * 2
        await pilot.press("home")
        boundaries = {len("".join(clusters(TOWN * 2)[:count])) for count in range(11)}
        for x in range(1, 30, 3):
            await pilot.click(asked, offset=(x, 0))
            assert asked.cursor_position in boundaries


@pytest.mark.parametrize("kind", TYPESETTERS)
async def test_long_text_scrolls_by_clusters_to_show_the_caret(kind: str) -> None:
    async with form(kind, 30) as (app, asked, pilot):
        asked.value = " ".join([TOWN] * 12)
        moves = [asked.action_end, asked.action_home, *[asked.action_cursor_right] * 40, *[asked.action_cursor_left] * 20]
        for move in moves:
            move()
            asked.render_line(0)
            assert 0 <= asked._cursor_offset < asked.content_size.width
            assert app.shown().strip() in asked.value
        await pilot.pause()


async def test_empty_line_shows_its_placeholder() -> None:
    async with form() as (app, _, _):
        assert "খুঁজুন" in app.shown()


LETTERS = st.text(st.sampled_from("কখরয়দনপমিীুেো্\u200d\u200cঅঃংঁ ।aZ9-👍é\u0301"), max_size=40)


@settings(max_examples=150, deadline=None)
@given(text=LETTERS, moves=st.lists(st.sampled_from(["left", "right", "left_word", "right_word", "home", "end"]), max_size=8))
def test_any_text_at_any_width_keeps_the_caret_in_sight(text: str, moves: list[str]) -> None:
    for typesetter in TYPESETTERS.values():
        asked = LineInput(Renderer(typesetter, SurfaceTable(), INKS), placeholder="", id="asked")
        asked.set_reactive(LineInput.value, text)
        parts = clusters(text)
        at = len(parts) if not moves else len(moves) % (len(parts) + 1)
        stops = asked._stops(parts)
        first, end = asked._window(stops, at)
        assert first <= at <= end <= len(parts)
        assert stops == sorted(stops)
