"""Checks of actions that search, refresh, change how text is drawn, open the palette or the help, or leave."""

from __future__ import annotations

from bpost_tui.core.keys.actions import action_of
from bpost_tui.typesetting.terminal.output_boundary import CLEAR
from tests.tui.effects import effect, keys
from tests.tui.reader_facade import Reader


@effect("search")
async def search(bpost: Reader) -> None:
    before = len(bpost.posts.stories)
    await bpost.press(*keys("search"), *"kangsabati")
    assert 0 < len(bpost.posts.stories) < before
    assert "কংসাবতী" in bpost.posts.stories[0].title
    await bpost.press("escape")
    assert len(bpost.posts.stories) == before


@effect("compose")
async def compose(bpost: Reader) -> None:
    await bpost.press(*keys("search", "compose"), *"kemon")
    assert bpost.line.value == "কেমন"
    await bpost.press(*keys("compose"), "x", "escape")
    await bpost.press(*keys("compose"))
    assert bpost.text("Bengali typing on") in bpost.message
    await bpost.press(*keys("compose"))
    assert bpost.text("Bengali typing off") in bpost.message


@effect("alike")
async def alike(bpost: Reader) -> None:
    asked_for = bpost.posts.stories[2]
    await bpost.press(*keys("alike"))
    assert bpost.query.startswith('like:"')
    current = bpost.posts.story
    assert current is not None and current.id == asked_for.id
    ages = [row.published for row in bpost.posts.stories]
    assert ages == sorted(ages)


@effect("refresh")
async def refresh(bpost: Reader) -> None:
    before = bpost.library.fetch_log.last_refresh()
    bpost.tick()
    await bpost.press(*keys("refresh"))
    after = bpost.library.fetch_log.last_refresh()
    assert before is not None and after is not None and after > before
    assert bpost.text("Nothing new") in bpost.message


@effect("larger")
async def larger(bpost: Reader) -> None:
    before = bpost.type_display.zoom_px
    await bpost.press(*keys("larger"))
    assert bpost.type_display.zoom_px == bpost.choices.zoom_px == before + 1


@effect("smaller")
async def smaller(bpost: Reader) -> None:
    before = bpost.type_display.zoom_px
    await bpost.press(*keys("smaller"))
    assert bpost.type_display.zoom_px == bpost.choices.zoom_px == before - 1


@effect("natural")
async def natural(bpost: Reader) -> None:
    await bpost.press(*keys("larger", "wider", "natural"))
    assert bpost.type_display.zoom_px == bpost.choices.zoom_px == 0
    assert not bpost.choices.widths_em


@effect("draw_type")
async def draw_type(bpost: Reader) -> None:
    assert bpost.type_display.mode_name == "cells"
    await bpost.press(*keys("draw_type"))
    assert bpost.type_display.mode_name == "mosaic"
    assert bpost.choices.text["test"] == "auto"  # the value at the start in this terminal
    assert bpost.app.renderer.typesetter.em_cells > 2
    await bpost.press(*keys("draw_type"))
    assert bpost.type_display.mode_name == bpost.choices.text["test"] == "cells"


@effect("redraw")
async def redraw(bpost: Reader) -> None:
    galley = bpost.galley
    await bpost.press(*keys("redraw"))
    assert bpost.type_display.boundary.translate("a frame").startswith(CLEAR)
    assert galley is None or bpost.galley is not galley


@effect("theme")
async def theme(bpost: Reader) -> None:
    before, colour = bpost.app.theme, bpost.story.rich_style.bgcolor
    await bpost.press(*keys("theme"), "down", "enter")
    assert bpost.app.theme == bpost.choices.theme != before
    assert bpost.story.rich_style.bgcolor != colour


@effect("palette")
async def palette(bpost: Reader) -> None:
    await bpost.press(*keys("palette"))
    assert bpost.dialog == "palette"
    await bpost.press(*"bottom", "enter")
    assert bpost.app.screen is bpost.main
    assert bpost.posts.cursor == len(bpost.posts.stories) - 1


@effect("suspend")
async def suspend(bpost: Reader) -> None:
    await bpost.press(*keys("suspend"))  # a test has no terminal that could be given back
    assert bpost.text("There is no shell to go back to · {key}: quit").split(" · ")[0] in bpost.screen_text()


@effect("help")
async def help_(bpost: Reader) -> None:
    await bpost.press(*keys("help"))
    assert bpost.dialog == "help"
    await bpost.press(*"draw_type")  # an action is found by its id
    assert bpost.text(action_of("draw_type").help).split()[0] in bpost.screen_text()
    await bpost.press("escape")
    assert bpost.app.screen is bpost.main


@effect("sample", ends=True)
async def sample(bpost: Reader) -> None:
    await bpost.press_last(*keys("sample"))
    assert bpost.app.return_value == "sample"


@effect("leave", ends=True)
async def leave(bpost: Reader) -> None:
    await bpost.press(*keys("open", "leave"))
    assert bpost.pane == "posts"
    await bpost.press_last(*keys("leave"))
    assert bpost.app.return_value is None


@effect("quit", ends=True)
async def quit_(bpost: Reader) -> None:
    await bpost.press_last(*keys("quit"))
    assert bpost.app.return_value is None


@effect("keep_search")
async def keep_search(bpost: Reader) -> None:
    await bpost.press(*keys("search"), *"hugli", "enter", *keys("keep_search"), "enter")
    assert [(saved.name, saved.query) for saved in bpost.library.saved_searches.all()] == [("hugli", "hugli")]
    assert bpost.categories.rows[-1].name == "hugli"
    await bpost.press(*keys("keep_search"))
    assert bpost.library.saved_searches.all() == ()


@effect("previous_mark")
async def previous_mark(bpost: Reader) -> None:
    await bpost.press(*keys("open", "top", "search"), "এ", "enter")
    total = len(bpost.matches)
    assert total > 1
    await bpost.press(*keys("previous_mark"))
    assert bpost.match_at == total - 1
    assert bpost.reversed_row is not None
    await bpost.press("escape")
    assert not bpost.matches
