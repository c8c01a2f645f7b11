"""Tests of Avro typing (Bengali composed from Latin letters) in every input line."""

from __future__ import annotations

import pytest

from bpost_tui.tui.widgets.line_input import LineInput
from tests.tui.reader_facade import Reader

SIGN = "অ"


def line(bpost: Reader) -> LineInput:
    return bpost.app.screen.query_one("#line", LineInput)


@pytest.mark.given(language="en")
async def test_key_turns_on_avro_and_shows_its_sign(bpost: Reader) -> None:
    await bpost.press("/", *"ban")
    assert line(bpost).value == "ban"
    await bpost.press(*["backspace"] * 3, "ctrl+space", *"bangla", "space", *"hoThat", "`", "`", "space", *"2026")
    assert line(bpost).value == "বাংলা হঠাৎ ২০২৬"
    shown = bpost.screen_text()
    assert f"{SIGN}" in shown.splitlines()[next(at for at, row in enumerate(shown.splitlines()) if "হঠাৎ" in row)][:4]
    await bpost.press("ctrl+@", *" abc")  # the same key, as some terminals send it
    assert line(bpost).value == "বাংলা হঠাৎ ২০২৬ abc"


async def test_backspace_in_avro_deletes_the_last_roman_letter(bpost: Reader) -> None:
    await bpost.press("/", "ctrl+space", *"kShoma")
    assert line(bpost).value == "ক্ষমা"
    for left in ("ক্ষম", "ক্ষ", "ক্ষ", "কশ", "ক", ""):
        await bpost.press("backspace")
        assert line(bpost).value == left
    await bpost.press(*"strI", "space", "backspace", "backspace")
    assert line(bpost).value == "স্ত্র"  # the word has ended: Bengali's last code point goes


async def test_avro_composes_amid_a_line_until_the_caret_moves(bpost: Reader) -> None:
    await bpost.press("/", "ctrl+space", *"ami jol", "home", *"tumi", "space")
    assert line(bpost).value == "তুমি আমি জল"
    await bpost.press("end", "left", *"ph", "right", *"a")
    assert line(bpost).value == "তুমি আমি জফলআ"
    await bpost.press("home", "shift+right", *"k")
    assert line(bpost).value.startswith("কমি ")


async def test_search_finds_the_same_with_and_without_avro(bpost: Reader) -> None:
    await bpost.press("/", *"kangsabati")
    found = [row.id for row in bpost.posts.stories]
    await bpost.press("escape", "/", "ctrl+space", *"kongsabotI")
    assert found and found[0] in [row.id for row in bpost.posts.stories]


async def test_search_uses_roman_letters_when_avro_finds_nothing(bpost: Reader) -> None:
    await bpost.press("/", *"kangsabati")
    found = [row.id for row in bpost.posts.stories]
    await bpost.press("escape", "/", "ctrl+space", *"kangsabati")
    assert line(bpost).value == "কাংসাবাতি"
    assert found and [row.id for row in bpost.posts.stories] == found


async def test_signs_of_avro_are_composed(bpost: Reader) -> None:
    await bpost.press("/", "ctrl+space", *"as", "`", *"le", ".", "space", "$", *"5", "space", *"ut", ",", ",", *"shob")
    assert line(bpost).value == "আসলে। ৳৫ উত্\u200cশব"


async def test_dialog_lines_compose_avro(bpost: Reader) -> None:
    for key in (":", "?"):
        await bpost.press(key, "ctrl+space", *"khobor")
        assert line(bpost).value == "খবর"
        await bpost.press("escape")
        while bpost.dialog:
            await bpost.press("escape")


@pytest.mark.given(size=(40, 12))
async def test_caret_follows_the_avro_sign_and_the_text(bpost: Reader) -> None:
    await bpost.press("/", *"abc")
    before = line(bpost).cursor_screen_offset.x
    await bpost.press("ctrl+space")
    assert line(bpost).cursor_screen_offset.x > before
    await bpost.press("ctrl+space", *"d" * 60, "ctrl+space")
    assert line(bpost).cursor_screen_offset.x < 40


async def test_avro_leaves_pasted_text_and_joiners_unchanged(bpost: Reader) -> None:
    await bpost.press("/", "ctrl+space", *"ami")
    line(bpost).replace(" tag:x ", 3, 3)
    assert line(bpost).value.endswith(" tag:x ")
