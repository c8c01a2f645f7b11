"""Tests of choosing a theme while reading, and of theme files that are saved meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpost_tui.config import Settings
from bpost_tui.core.state.preferences import Preferences
from bpost_tui.core.themes import bundled_folder
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader

pytestmark = pytest.mark.given(language="en")


def paper(bpost: Reader) -> tuple[int, int, int]:
    return bpost.main.styles.background.rgb


async def test_theme_is_previewed_and_escape_restores_it(bpost: Reader, tmp_path: Path) -> None:
    before, at, place = paper(bpost), bpost.app.renderer.palette, bpost.posts.cursor
    await bpost.press("t")
    assert bpost.dialog == "themes"
    assert "Newsprint" in bpost.screen_text()
    await bpost.press("down")
    assert paper(bpost) != before and bpost.app.renderer.palette != at
    await bpost.press("k", "j", "j", "escape")
    assert (paper(bpost), bpost.app.renderer.palette, bpost.posts.cursor) == (before, at, place)
    assert Preferences(tmp_path / "state").values.theme is None


@pytest.mark.given(size=(160, 50), render_mode=RenderMode.MOSAIC, how="mosaic")
async def test_theme_labels_show_at_any_row_height(bpost: Reader) -> None:
    await bpost.press("t")
    assert "Newsprint" in bpost.screen_text()


async def test_enter_saves_the_previewed_theme(reader: ReaderFactory, sample_portal: SamplePortal, tmp_path: Path) -> None:
    async with reader(sample_portal.address, language="en") as bpost:
        await bpost.press("t", "down", "enter")
        kept = bpost.app.theme
        assert kept != "newsprint"
        assert bpost.app.screen is bpost.main
    assert Preferences(tmp_path / "state").values.theme == kept
    async with reader(sample_portal.address, language="en") as bpost:
        assert bpost.app.theme == kept


def mine(background: str, label: str = "Mine") -> str:
    text = (bundled_folder() / "night.toml").read_text(encoding="utf-8")
    text = text.replace('name = "night"', 'name = "mine"').replace('label = "Night"', f'label = "{label}"')
    return text.replace('background = "#14161a"', f'background = "{background}"')


async def test_saved_theme_file_is_reloaded_unless_broken(
    reader: ReaderFactory, sample_portal: SamplePortal, tmp_path: Path
) -> None:
    file = tmp_path / "themes" / "mine.toml"
    file.parent.mkdir()
    file.write_text(mine("#101010"), encoding="utf-8")
    async with reader(sample_portal.address, language="en", size=(200, 40)) as bpost:
        bpost.app.theme_switcher.choose("mine")
        await bpost.settle()
        assert paper(bpost) == (16, 16, 16)
        file.write_text(mine("#202020", "Mine, lighter"), encoding="utf-8")
        bpost.look_at_themes()
        await bpost.settle()
        assert paper(bpost) == (32, 32, 32)
        assert bpost.app.theme_switcher.labels["mine"] == "Mine, lighter"
        file.write_text(mine("sky"), encoding="utf-8")
        bpost.look_at_themes()
        await bpost.settle()
        assert paper(bpost) == (32, 32, 32)
        assert "background = 'sky' isn't a colour" in bpost.screen_text()
        file.unlink()
        bpost.look_at_themes()
        await bpost.settle()
        assert bpost.app.theme in bpost.app.theme_switcher.labels
        assert "mine" not in bpost.app.theme_switcher.labels


async def test_choice_of_a_deleted_theme_is_reported(reader: ReaderFactory, sample_portal: SamplePortal, tmp_path: Path) -> None:
    file = tmp_path / "themes" / "mine.toml"
    file.parent.mkdir()
    for opened in (("t",), ("colon", *"theme mine")):
        file.write_text(mine("#101010"), encoding="utf-8")
        async with reader(sample_portal.address, language="en", size=(200, 40)) as bpost:
            before = paper(bpost)
            await bpost.press(*opened)
            file.unlink()
            bpost.look_at_themes()
            await bpost.settle()
            await bpost.press(*["down"] * 20, "enter")
            assert bpost.app.screen is bpost.main
            assert "no theme “mine”" in bpost.message
            assert paper(bpost) == before
        assert Preferences(tmp_path / "state").values.theme is None


async def test_broken_theme_file_is_reported_at_the_start(
    reader: ReaderFactory, sample_portal: SamplePortal, tmp_path: Path
) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "mine.toml").write_text("name = [", encoding="utf-8")
    async with reader(sample_portal.address, language="en", size=(200, 40)) as bpost:
        bpost.look_at_themes()
        await bpost.settle()
        assert "mine.toml: " in bpost.screen_text()
        assert "night" in bpost.app.theme_switcher.labels


@pytest.mark.given(settings=Settings(theme="nigth"))
async def test_missing_configured_theme_is_reported(bpost: Reader) -> None:
    bpost.look_at_themes()
    await bpost.settle()
    assert "the theme nigth doesn't exist or can't be used" in bpost.screen_text()
    assert bpost.app.theme == "newsprint"


async def test_default_theme_follows_the_terminals_background(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, language="en") as bpost:
        for is_dark, theme in ((True, "night"), (False, "newsprint"), (True, "night")):
            bpost.follow_ground(is_dark=is_dark)
            await bpost.settle()
            assert bpost.app.theme == theme
        await bpost.press("t", "escape")
        assert bpost.app.theme == "night"
        bpost.app.theme_switcher.choose("sepia")
        bpost.follow_ground(is_dark=True)
        await bpost.settle()
        assert bpost.app.theme == "sepia"
    async with reader(sample_portal.address, settings=Settings(theme="auto")) as bpost:
        assert bpost.app.theme == "sepia"


@pytest.mark.parametrize("name", ["terminal", "monochrome", "night"])
async def test_terminal_themes_send_the_terminals_own_colours(bpost: Reader, name: str) -> None:
    bpost.app.theme_switcher.choose(name)
    await bpost.settle()
    assert (bpost.type_display.boundary.colours.terminal_colours is None) == (name == "night")


@pytest.mark.parametrize("name", ["terminal", "monochrome", "night"])
async def test_every_theme_paints_in_rgb_colours(reader: ReaderFactory, sample_portal: SamplePortal, name: str) -> None:
    async with reader(sample_portal.address, settings=Settings(theme=name)) as bpost:
        for keys in ([], ["enter"], ["escape", "question_mark"], ["escape", "colon"], ["escape", "slash", "a"]):
            await bpost.press(*keys)
            styles = {segment.style for strip in bpost.strips for segment in strip if segment.style is not None}
            colours = [colour for style in styles for colour in (style.color, style.bgcolor) if colour is not None]
            assert colours and all(colour.triplet for colour in colours) and not any(style.dim for style in styles)
