"""Tests of sharing a story: the choices in the dialog, and their results."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from PIL import Image

from bpost_tui.config import Settings
from bpost_tui.config.value_types import ShareTarget
from bpost_tui.core.sharing.card_picture import WIDTH_PX
from bpost_tui.core.sharing.qr_code import qr_code
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from tests.conftest import NOW
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader

pytestmark = pytest.mark.given(language="en")

OFFLINE = "http://127.0.0.1:9"


async def choose(bpost: Reader, label: str) -> None:
    """Choose the row with the label `label` in the dialog."""
    await bpost.press("e")
    labels = bpost.choice_labels
    await bpost.press(*["down"] * labels.index(label), "enter")


async def test_link_goes_to_other_services_through_the_browser(bpost: Reader) -> None:
    row = bpost.posts.stories[0]
    for label, host, field in (("WhatsApp", "wa.me", "text"), ("Telegram", "t.me", "url")):
        await choose(bpost, label)
        parts = urlsplit(bpost.opened[-1])
        assert parts.netloc == host and str(row.link) in parse_qs(parts.query)[field][0]
    await choose(bpost, "Mail")
    assert unquote(bpost.opened[-1]) == f"mailto:?subject={row.title}&body={row.link}"
    assert "a new mail" in bpost.message


@pytest.mark.given(language="bn")
async def test_copy_keys_work_in_the_share_dialog(bpost: Reader) -> None:
    await bpost.press("e", "Y")
    assert bpost.app.clipboard.startswith(bpost.posts.stories[0].title)
    await bpost.press("e", "enter")
    assert bpost.app.clipboard == bpost.posts.stories[0].link
    for key in ("escape", "q"):
        await bpost.press("e", key)
        assert bpost.dialog == "" and bpost.app.is_running


@pytest.mark.parametrize("render_mode", [RenderMode.CELLS, RenderMode.MOSAIC, RenderMode.KITTY, RenderMode.SIXEL])
async def test_qr_code_opens_when_it_fits(reader: ReaderFactory, sample_portal: SamplePortal, render_mode: RenderMode) -> None:
    how = {RenderMode.CELLS: "cells", RenderMode.MOSAIC: "mosaic"}.get(render_mode, "pixels")
    async with reader(sample_portal.address, size=(140, 40), language="en", render_mode=render_mode, how=how) as bpost:
        modules = qr_code(str(bpost.posts.stories[0].link))
        for cols, rows in (140, 40), (80, 24), (40, 12):
            await bpost.pilot.resize_terminal(cols, rows)
            await bpost.settle()
            await choose(bpost, "QR code of the link")
            is_large_enough = rows >= 24 or how == "pixels"
            assert bpost.dialog == ("qr code" if is_large_enough else "")
            assert is_large_enough or "too small" in bpost.message
            if is_large_enough:
                assert bpost.qr_side >= len(modules)
                await bpost.press("escape")
            assert bpost.dialog == ""


async def test_qr_code_closes_when_the_window_gets_too_small(bpost: Reader) -> None:
    await choose(bpost, "QR code of the link")
    assert bpost.dialog == "qr code"
    await bpost.pilot.resize_terminal(40, 12)
    assert await bpost.until(lambda: bpost.dialog == "")


async def test_share_targets_run_programs_without_a_shell(reader: ReaderFactory, library: Library, tmp_path: Path) -> None:
    title = "$(touch pwned) '; touch pwned #"
    library.save([Story("গ", title, "https://own.example/1?a=b&c=d", published=NOW, full=True)], now=NOW)
    note = "import sys; open(sys.argv[1], 'w').write('\\n'.join(sys.argv[2:]))"
    share: Mapping[str, ShareTarget] = {
        "Notes": (sys.executable, "-c", note, str(tmp_path / "noted"), "{link}", "{title}"),
        "Mastodon": "https://mastodon.example/share?text={title}&url={link}",
        "Broken": ("no-such-program", "{link}"),
    }
    async with reader(OFFLINE, offline=True, language="en", settings=Settings(share=share)) as bpost:
        await choose(bpost, "Notes")
        assert (tmp_path / "noted").read_text().splitlines() == ["https://own.example/1?a=b&c=d", title]
        assert bpost.message == "Shared via Notes"
        await choose(bpost, "Mastodon")
        assert parse_qs(urlsplit(bpost.opened[-1]).query) == {"text": [title], "url": ["https://own.example/1?a=b&c=d"]}
        await choose(bpost, "Broken")
        assert "no-such-program" in bpost.message


async def test_story_without_an_address_is_shared_as_text_or_card(reader: ReaderFactory, library: Library) -> None:
    library.save([Story("গ", "শিরোনাম", None, published=NOW, full=True)], now=NOW)
    async with reader(OFFLINE, offline=True, language="en") as bpost:
        await bpost.press("e")
        assert bpost.choice_labels == ["Copy story", "Card: look at it", "Card to a file"]


async def test_card_is_shown_and_saved_but_replaces_no_file(bpost: Reader, tmp_path: Path) -> None:
    title = bpost.posts.stories[0].title
    await choose(bpost, "Card: look at it")
    assert bpost.dialog == "page" and title.partition(": ")[2][:10] in bpost.screen_text()
    await bpost.press("escape")
    file = tmp_path / "card.png"
    for message in ("Card saved", "there already"):
        await choose(bpost, "Card to a file")
        bpost.line.value = str(file)
        await bpost.press("enter")
        assert message in bpost.message
        assert bpost.pane == "posts"
    with Image.open(file) as picture:
        assert picture.width == WIDTH_PX
    assert file.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


async def test_card_quotes_the_selected_text(bpost: Reader) -> None:
    await bpost.press("enter")
    await bpost.pilot.mouse_down(bpost.story, offset=(6, 8))
    await bpost.pilot.hover(bpost.story, offset=(30, 12))
    await bpost.pilot.mouse_up(bpost.story, offset=(30, 12))
    await bpost.settle()
    selected = bpost.main.get_selected_text()
    assert selected
    await choose(bpost, "Card: look at it")
    passage = [run.text for item in bpost.page_items for run in getattr(item, "runs", ()) if getattr(item, "bar", None)]
    assert " ".join(passage).split() == selected.split()


async def test_card_goes_to_the_clipboard_as_a_picture(
    reader: ReaderFactory, sample_portal: SamplePortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "xclip"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/given\ncat > {tmp_path}/copied\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    async with reader(sample_portal.address, language="en") as bpost:
        await choose(bpost, "Card to the clipboard")
        assert bpost.message == "Card copied"
        assert "image/png" in (tmp_path / "given").read_text()
        with Image.open(tmp_path / "copied") as picture:
            assert picture.width == WIDTH_PX
