"""Tests of links, followed by letters, from the list or by a click. The portal's own open in bpost, others in the browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bpost_tui import browser
from bpost_tui.browser import open_in_browser
from bpost_tui.config import Settings
from bpost_tui.core.keys.keyboard_layouts import aliases
from bpost_tui.core.lists.topics import topics_of
from bpost_tui.model.blocks import Embed, Paragraph, Span
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.model.story_links import links_of
from bpost_tui.store.library import Library
from bpost_tui.tui.dialogs.choice_list import ChoiceList
from tests.conftest import NOW
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader

OWN = "https://own.example/1"
ELSEWHERE = "https://xn--54b7fta0cc.example/%E0%A6%95?x=1"


def save(library: Library, *links: str, own: str | None = None) -> int:
    """Save a story with `links` in its text and, if given, the address `own`; return its id."""
    spans = tuple(
        span for number, link in enumerate(links) for span in (Span("আগে "), Span(f"যোগ{number}", link=link), Span(" পরে "))
    )
    story = Story("গ", "শিরোনাম", own, published=NOW, blocks=(Paragraph((Span("গোড়া"),)), Paragraph(spans)), full=True)
    return library.save([story], now=NOW).new[0]


def labels(bpost: Reader) -> list[str]:
    """Return the labels (letters) drawn over the links in the window."""
    style = bpost.story.get_component_rich_style("story--label")
    return [text.strip("[]") for strip in bpost.strips for text, its_style, _ in strip if its_style == style]


async def test_double_click_selects_the_word_under_it(reader: ReaderFactory, library: Library) -> None:
    number = save(library, "https://one.example/a")
    async with reader("http://127.0.0.1:9", offline=True, open_story=number, size=(60, 24)) as bpost:
        row = next(at for at, line in enumerate(bpost.screen_text().splitlines()) if "যোগ0" in line)
        await bpost.pilot.click(bpost.story, offset=(3, row - bpost.story.region.y), times=2)
        assert bpost.app.screen.get_selected_text() == "আগে"
        assert bpost.opened == []


async def test_hint_letters_open_their_link(reader: ReaderFactory, library: Library) -> None:
    number = save(library, ELSEWHERE, "https://two.example/", ELSEWHERE)
    async with reader("http://127.0.0.1:9", offline=True, open_story=number, language="en") as bpost:
        before = bpost.story.scroll_offset
        await bpost.press(";")
        assert labels(bpost) == ["f", "j", "f"]
        assert "Type a link's letters" in bpost.screen_text()
        await bpost.press("x", "j")
        assert bpost.opened == ["https://two.example/"]
        assert not labels(bpost)
        assert "two.example" in bpost.screen_text()
        assert bpost.story.scroll_offset == before
        for key in ("escape", "q"):
            await bpost.press(";", key)
            assert bpost.app.screen is bpost.main
            assert not labels(bpost)
        assert bpost.opened == ["https://two.example/"]


async def test_hints_of_many_links_take_two_letters(reader: ReaderFactory, library: Library) -> None:
    number = save(library, *(f"https://{at}.example/" for at in range(12)))
    async with reader("http://127.0.0.1:9", offline=True, open_story=number) as bpost:
        await bpost.press(";", "j")
        assert labels(bpost) == ["jf", "jj", "jd"]
        await bpost.press("backspace")
        assert "ff" in labels(bpost)
        await bpost.press("j", "d")
        assert bpost.opened == ["https://11.example/"]


@pytest.mark.parametrize("layout", ["probhat", "inscript"])
async def test_hints_under_a_bengali_layout_take_the_same_keys(reader: ReaderFactory, library: Library, layout: str) -> None:
    number = save(library, "https://one.example/", "https://two.example/")
    keys = [(aliases(key, [layout]) or (key,))[0] for key in (";", "j")]
    async with reader("http://127.0.0.1:9", offline=True, open_story=number) as bpost:
        await bpost.press(*keys)
        assert bpost.opened == ["https://two.example/"]


async def test_hints_report_a_story_without_links(reader: ReaderFactory, library: Library) -> None:
    async with reader("http://127.0.0.1:9", offline=True, open_story=save(library), language="en") as bpost:
        await bpost.press(";")
        assert "There are no links in view" in bpost.screen_text()
        await bpost.press("a")
        assert "This story has no links" in bpost.screen_text()
        assert bpost.app.screen is bpost.main


@pytest.mark.given(size=(200, 60))
async def test_link_to_a_saved_story_opens_in_place(bpost: Reader, library: Library) -> None:
    await bpost.press("enter", ";", "f")
    shown = bpost.saved
    assert shown is not None
    address = links_of(library.story(bpost.posts.stories[0].id).blocks)[0].address
    assert shown.headline.id == library.find(address) != bpost.posts.stories[0].id
    assert bpost.pane == "story"


async def test_link_to_an_unsaved_story_fetches_it(reader: ReaderFactory, sample_portal: SamplePortal, library: Library) -> None:
    async with reader(sample_portal.address):
        held = {row.guid for row in library.headlines(ListFilter(), limit=100)}
    old = f"{sample_portal.address}/art-and-craft/the-reed-mats-of-sabang.html"
    number = save(library, old)
    async with reader(sample_portal.address, open_story=number) as bpost:
        before = library.count(ListFilter())
        await bpost.press(";", "f")
        assert library.count(ListFilter()) == before + 1
        shown = bpost.saved
        assert shown is not None and shown.headline.guid not in held
        assert shown.headline.link == old
        assert shown.headline.full


async def test_link_to_a_category_lists_it(reader: ReaderFactory, sample_portal: SamplePortal, library: Library) -> None:
    number = save(library, f"{sample_portal.address}/category/education/")
    async with reader(sample_portal.address, open_story=number) as bpost:
        await bpost.press(";", "f")
        assert bpost.list_filter._replace(paper=None) == ListFilter(category="education")
        assert bpost.pane == "posts"


async def test_link_to_other_portal_page_opens_in_the_browser(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library
) -> None:
    address = f"{sample_portal.address}/about-us"
    number = save(library, address)
    async with reader(sample_portal.address, open_story=number) as bpost:
        await bpost.press(";", "f")
        assert bpost.opened == [address]


async def test_list_of_links_shows_the_real_hosts_copies_and_opens(reader: ReaderFactory, library: Library) -> None:
    number = save(library, "https://one.example/a", ELSEWHERE)
    async with reader("http://127.0.0.1:9", offline=True, open_story=number) as bpost:
        await bpost.press("a")
        text = bpost.screen_text()
        assert "২." in text and "যোগ1" in text
        assert "xn--54b7fta0cc.example (বাংলা.example)" in text
        await bpost.press("down", "y")
        assert bpost.app.clipboard == ELSEWHERE
        await bpost.press("enter")
        assert bpost.opened == [ELSEWHERE]
        await bpost.press("a", "o")
        assert bpost.opened == [ELSEWHERE, "https://one.example/a"]
        await bpost.press("a", "G", "g", "escape")
        assert bpost.app.screen is bpost.main


async def test_click_follows_a_link_only_when_on_it(reader: ReaderFactory, library: Library) -> None:
    number = save(library, "https://one.example/a")
    async with reader("http://127.0.0.1:9", offline=True, open_story=number, size=(60, 24)) as bpost:
        row = next(at for at, line in enumerate(bpost.screen_text().splitlines()) if "যোগ0" in line)
        await bpost.pilot.click(offset=(3, row))
        assert bpost.opened == []
        await bpost.pilot.click(offset=(9, row))
        await bpost.settle()
        assert bpost.opened == ["https://one.example/a"]


async def test_unsafe_address_is_not_opened(reader: ReaderFactory, library: Library) -> None:
    async with reader("http://127.0.0.1:9", offline=True, open_story=save(library)) as bpost:
        for address in (
            "javascript:alert(1)",
            "file:///etc/passwd",
            "--new-window",
            "-https://x.example",
            f"https://a{os.linesep}b",
        ):
            bpost.follow(address)
            await bpost.settle()
        assert bpost.opened == []


@pytest.mark.given(size=(160, 50))
async def test_key_after_a_fast_move_acts_on_the_new_story(bpost: Reader, library: Library) -> None:
    linked = next(at for at, row in enumerate(bpost.posts.stories) if at and links_of(library.story(row.id).blocks))
    bpost.posts.cursor = linked
    await bpost.pilot.press("a")
    await bpost.settle()
    links = bpost.app.screen.query_one(ChoiceList).values
    saved = library.story(bpost.posts.stories[linked].id)
    assert links == (*links_of(saved.blocks), *topics_of(saved))


@pytest.mark.parametrize("keys", [("o",), ("a", "enter")])
@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("exit 3", "The browser didn't open; the address is https://"),
        (None, "No browser found; the address is https://"),
        ("exit 0", "Opened in the browser: "),
    ],
)
async def test_browser_result_is_reported(
    reader: ReaderFactory,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    keys: tuple[str, ...],
    script: str | None,
    message: str,
) -> None:
    program = tmp_path / "browser"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(program) if script else "")
    monkeypatch.setenv("PATH", str(tmp_path) if script is None else os.environ["PATH"])
    number = save(library, ELSEWHERE, own=OWN)
    async with reader("http://127.0.0.1:9", offline=True, open_story=number, language="en", size=(120, 40)) as bpost:
        monkeypatch.setattr(browser, "open_in_browser", open_in_browser)
        await bpost.press(*keys)
        assert await bpost.until(lambda: message in bpost.message), bpost.message


async def test_configured_program_opens_its_kind_of_link(reader: ReaderFactory, library: Library, tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    player = tmp_path / "player"
    player.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {opened}.part && mv {opened}.part {opened}\n')
    player.chmod(0o755)
    settings = Settings(open={"audio": (str(player), "--at={link}", "--quiet")})
    blocks = (Embed("https://v.example/1", "audio"), Embed("https://v.example/a.mp4"))
    (number,) = library.save([Story("ভ", "শিরোনাম", published=NOW, blocks=blocks, full=True)], now=NOW).new
    async with reader("http://127.0.0.1:9", offline=True, open_story=number, language="en", settings=settings) as bpost:
        await bpost.press("a", "enter")
        assert await bpost.until(lambda: f"Opened with {player}: v.example" in bpost.message), bpost.message
        assert opened.read_text() == "--at=https://v.example/1\n--quiet\n" and not bpost.opened
        await bpost.press("a", "down", "enter")
        assert await bpost.until(lambda: bpost.opened == ["https://v.example/a.mp4"])


async def test_embedded_video_opens_by_hint_and_link_list(reader: ReaderFactory, library: Library) -> None:
    blocks = (Paragraph((Span("আগে"),)), Embed("https://v.example/1", "video", "নদীর ভিডিও"))
    (number,) = library.save([Story("ভ", "শিরোনাম", published=NOW, blocks=blocks, full=True)], now=NOW).new
    async with reader("http://127.0.0.1:9", offline=True, open_story=number, language="en") as bpost:
        assert "▶ Video: নদীর ভিডিও" in bpost.screen_text()
        await bpost.press(";", "f")
        await bpost.press("a", "enter")
        assert bpost.opened == ["https://v.example/1"] * 2
