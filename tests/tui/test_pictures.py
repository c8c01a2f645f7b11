"""Tests of pictures in the reader: they are fetched by key after the text, saved, and never delay a key."""

from __future__ import annotations

import io
from functools import partial
from typing import Any

import pytest
from PIL import Image

from bpost_tui.config import Settings
from bpost_tui.model.blocks import Block, Paragraph, Span
from bpost_tui.model.blocks import Image as Picture
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from bpost_tui.typesetting.typeset.items import Figure
from bpost_tui.typesetting.typeset.photo import Photo
from tests.conftest import NOW
from tests.scripted_portal import PortalServer, item, portal_server, rss
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader
from tests.tui.repaint_check import unlike

__all__ = ["portal_server"]

PATH = "/wp-content/uploads/nodi.png"
LONG = "".join(f"<p>অনুচ্ছেদ {number} " + "নদীর জল " * 40 + "</p>" for number in range(12))


def png(colour: str = "teal", size: tuple[int, int] = (80, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(autouse=True)
def story(portal_server: PortalServer) -> PortalServer:
    """Return a portal with one story and its picture."""
    sides = 'width="80" height="40"'
    figure = f'<figure><img src="{portal_server.address}{PATH}" {sides}><figcaption>সন্ধ্যার নদী</figcaption></figure>'
    portal_server.serve("/feed", rss(item("নদীর খবর", link=f"{portal_server.address}/nodi/", text=f"<p>আগে।</p>{figure}{LONG}")))
    portal_server.serve(PATH, png(), content_type="image/png")
    return portal_server


def photos(bpost: Reader) -> list[Photo]:
    """Return the parts of pictures that are on the screen."""
    galley = bpost.galley
    assert galley is not None
    bands = {id(band): band for band in (galley.band(row, bpost.app.renderer.palette) for row in range(galley.rows))}
    return [band.surface.photo for band in bands.values() if band.surface.photo is not None]


def says(bpost: Reader, words: str) -> bool:
    """Return whether `words` are on the screen, regardless of spacing."""
    return "".join(words.split()) in "".join(bpost.screen_text().split())


def foot_says(bpost: Reader, words: str) -> bool:
    """Return whether `words` are on the last line of the screen, the footer."""
    return words in bpost.screen_text().splitlines()[-1]


def pixels(**more: Any) -> dict[str, Any]:
    """Return the arguments for a reader in English that draws pixels, and the arguments `more`."""
    return {"render_mode": RenderMode.KITTY, "how": "pixels", "language": "en", **more}


async def test_picture_is_a_line_of_text_until_fetched(reader: ReaderFactory, story: PortalServer) -> None:
    async with reader(story.address, **pixels()) as bpost:
        await bpost.press("enter")
        assert says(bpost, "Picture: সন্ধ্যার নদী · i: show it")
        assert not photos(bpost)
    assert story.count(PATH) == 0


async def test_i_names_the_side_of_pictures_out_of_sight(reader: ReaderFactory, story: PortalServer) -> None:
    async with reader(story.address, **pixels()) as bpost:
        await bpost.press("enter", "G", "i")
        assert bpost.message == "The pictures are further up"
        await bpost.press("g", "escape", "enter", "i")
        assert not bpost.message.startswith("The pictures")


async def test_i_shows_the_pictures_and_hides_them_again(reader: ReaderFactory, story: PortalServer) -> None:
    async with reader(story.address, **pixels()) as bpost:
        await bpost.press("enter", "i")
        shown = photos(bpost)
        assert shown and all(photo.pixels[:3] == bytes((0, 128, 128)) for photo in shown)
        assert says(bpost, "সন্ধ্যার নদী") and not says(bpost, "Picture:")
        await bpost.press("i")
        assert not photos(bpost) and says(bpost, "Picture:")
        await bpost.press("i")
        assert photos(bpost)
    assert story.count(PATH) == 1


async def test_hiding_pictures_keeps_the_place_and_marks_nothing_read(
    reader: ReaderFactory, story: PortalServer, library: Library
) -> None:
    blocks: list[Block] = [Paragraph((Span("নদীর জল " * 40),)) for _ in range(6)]
    for at in range(4):
        story.serve(f"{PATH}?{at}", png(size=(400, 400)), content_type="image/png")
        blocks += [Picture(f"{story.address}{PATH}?{at}", caption=(Span(f"ছবি {at}"),)), Paragraph((Span(f"লেখা {at}।"),))]
    (number,) = library.save([Story("ছবি", "ছবির খবর", published=NOW, blocks=tuple(blocks), full=True)], now=NOW).new
    async with reader(story.address, open_story=number, **pixels()) as bpost:
        await bpost.press("i")
        assert photos(bpost)
        await bpost.press("space", "space")
        at = bpost.story.item
        assert at > 4 and not library.headline(number).read
        await bpost.press("i")
        assert not photos(bpost)
        assert bpost.story.item == at
        assert not library.headline(number).read
        await bpost.press("up")
        assert library.headline(number).read
        for key in ("up", "pageup"):  # the white below the last line is removed once it is out of sight, and the scroll bar follows
            await bpost.press(key)
            await bpost.rest()
            before = bpost.screenful.named()
            await bpost.press("ctrl+l")
            assert not unlike(before, bpost.screenful.named()), key


async def test_saved_pictures_show_again_offline(reader: ReaderFactory, story: PortalServer) -> None:
    async with reader(story.address, **pixels()) as bpost:
        await bpost.press("enter", "i")
    story.forget()
    async with reader(story.address, **pixels(offline=True)) as bpost:
        await bpost.press("enter")
        assert photos(bpost)
    assert story.count() == 0


async def test_unsaved_picture_is_reported_offline(reader: ReaderFactory, story: PortalServer) -> None:
    async with reader(story.address, **pixels()):
        pass
    async with reader(story.address, **pixels(offline=True)) as bpost:
        await bpost.press("enter", "i")
        assert says(bpost, "Offline: only saved pictures")
        assert says(bpost, "not available")
    assert story.count(PATH) == 0


async def test_missing_picture_is_reported_and_asked_for_once(reader: ReaderFactory, story: PortalServer) -> None:
    story.forget()
    figure = f'<img src="{story.address}/none.png" alt="নেই">'
    story.serve("/feed", rss(item("খবর", link=f"{story.address}/x/", text=f"<p>লেখা।</p>{figure}")))
    async with reader(story.address, **pixels()) as bpost:
        await bpost.press("enter", "i")
        assert says(bpost, "available")
        await bpost.press("i", "i", "i", "i")
    assert story.count("/none.png") == 1


async def test_text_is_read_while_a_picture_hangs(reader: ReaderFactory, story: PortalServer) -> None:
    story.forget()
    story.serve(
        "/feed", rss(item("খবর", link=f"{story.address}/x/", text=f'<p>আগে।</p><img src="{story.address}/slow.png">{LONG}'))
    )
    story.misbehave("/slow.png", lambda line: story.closing.wait())
    async with reader(story.address, **pixels()) as bpost:
        await bpost.press("enter")
        await bpost.pilot.press("i")
        while story.count("/slow.png") == 0:
            await bpost.pilot.pause(0.01)
        assert says(bpost, "loading …")
        await bpost.pilot.press("space", "space")
        assert bpost.story.scroll_offset.y > 20
        await bpost.pilot.press("i")
        bpost.app.workers.cancel_all()


async def test_story_keeps_its_position_when_a_picture_comes(reader: ReaderFactory, story: PortalServer) -> None:
    async with reader(story.address, **pixels()) as bpost:
        await bpost.press("enter", "space", "down", "down")
        at, top = bpost.story.item, bpost.story.scroll_offset.y
        below = top - bpost.galley.row_of(at)  # type: ignore[union-attr]
        await bpost.press("i")
        assert photos(bpost)
        assert (bpost.story.item, bpost.story.scroll_offset.y - bpost.galley.row_of(at)) == (at, below)  # type: ignore[union-attr]
        assert bpost.story.scroll_offset.y > top


async def test_picture_has_its_size_before_it_is_drawn(reader: ReaderFactory, story: PortalServer) -> None:
    async with reader(story.address, **pixels()) as bpost:
        await bpost.press("enter", "i")
        (figure,) = [each for each in bpost.items if isinstance(each, Figure)]
        assert (figure.width_px, figure.height_px) == (80, 40)


async def test_pictures_setting_fetches_always_or_never(reader: ReaderFactory, story: PortalServer) -> None:
    async with reader(story.address, **pixels(settings=Settings(pictures="never"))) as bpost:
        await bpost.press("enter", "i")
        assert says(bpost, "Pictures are off") and not photos(bpost)
    assert story.count(PATH) == 0
    async with reader(story.address, **pixels(settings=Settings(pictures="always"))) as bpost:
        await bpost.press("enter")
        assert photos(bpost)


async def test_cells_show_a_line_for_a_picture(reader: ReaderFactory, story: PortalServer) -> None:
    async with reader(story.address, language="en") as bpost:
        await bpost.press("enter", "i")
        assert says(bpost, "Cells can't show pictures")
        assert says(bpost, "Picture: সন্ধ্যার নদী")
    assert story.count(PATH) == 0


async def test_pictures_follow_another_way_of_drawing(reader: ReaderFactory, story: PortalServer) -> None:
    async with reader(story.address, **pixels()) as bpost:
        await bpost.press("enter", "i")
        large = photos(bpost)[0].width_px
        await bpost.press("T")
        photos(bpost)  # looked at on purpose, so that a failure prints them
        await bpost.settle()
        assert 0 < photos(bpost)[0].width_px < large
        await bpost.press("T")
        assert not photos(bpost)
        await bpost.press("T", "plus")
        assert photos(bpost)


async def test_pictures_always_are_fetched_after_leaving_cells(reader: ReaderFactory, story: PortalServer) -> None:
    async with reader(story.address, **pixels(how="cells", settings=Settings(pictures="always"))) as bpost:
        await bpost.press("enter")
        assert not photos(bpost)
        await bpost.press("T")
        assert photos(bpost)


async def test_footer_updates_progress_when_the_length_changes(reader: ReaderFactory, story: PortalServer) -> None:
    async with reader(story.address, **pixels(size=(100, 20))) as bpost:
        await bpost.press("enter", "pagedown")
        seen = set()
        for key in ("i", "g", "i", "T", "g"):
            await bpost.press(key)
            percent = f"{round(bpost.story.progress * 100)}%"
            assert await bpost.until(partial(foot_says, bpost, percent))
            seen.add(percent)
        assert len(seen) > 2
