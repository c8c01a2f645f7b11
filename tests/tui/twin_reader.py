"""Twin reader: an app that is newly started and put into the state of another app. It must show the same screen.

It has copies of the library and of the saved preferences, and knows nothing of the other app's past. It gets the state that is
visible: list, rows, order, cursor and its line, story, position in it, pane, status message. It makes everything else itself.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bpost_tui.config import Settings
from bpost_tui.core.lists.list_source import search_query
from bpost_tui.core.lists.retained_rows import with_retained
from bpost_tui.core.session import Location
from bpost_tui.store.library import Library
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader, ask_nothing_at_start, load_no_more, read_nothing


class FreshReaders:
    """Starter of twin readers: new apps in the state of another app."""

    def __init__(self, start: ReaderFactory, address: str, render_mode: RenderMode, settings: Settings, folder: Path) -> None:
        self._start = start
        self._address = address
        self._render_mode = render_mode
        self._settings = settings
        self._folder = folder
        self._count = 0

    @asynccontextmanager
    async def beside(self, other: Reader) -> AsyncIterator[Reader]:
        """Start an app, put it into the state of `other`, and yield it. It ends with the `async with` block."""
        self._count += 1
        home = self._folder / str(self._count)
        shutil.copytree(other.library.folder, home / "library")
        shutil.copytree(other.choices_folder, home / "state")
        with pytest.MonkeyPatch.context() as patch, Library(home / "library") as library:
            ask_nothing_at_start(patch)
            load_no_more(patch)
            read_nothing(patch)  # the end of the story may be unread, and in sight only after a resize
            async with self._start(
                self._address,
                render_mode=self._render_mode,
                how=other.type_display.mode_name,
                zoom_px=other.type_display.zoom_px,
                settings=self._settings,
                size=tuple(other.app.size),
                library=library,
                state=home / "state",
            ) as fresh:
                fresh.clock.now = other.now
                await _put(fresh, other)
                yield fresh
        shutil.rmtree(home)


def load_as_many(fresh: Reader, other: Reader) -> None:
    """Remove rows of the list in `fresh` that `other` hasn't loaded. (Each reading of a list by rank loads one more row.)"""
    posts, count = fresh.posts, other.posts.row_count()
    if posts.row_count() > count:
        posts.update(posts.slice._replace(rows=posts.slice.rows[:count], more_after=True))


async def _put(fresh: Reader, other: Reader) -> None:
    await _put_in_list(fresh, other)
    await _put_in_story(fresh, other)
    mine, its = fresh._features, other._features
    context, there = mine.context, its.context
    mine.refresh._exhausted_lists |= its.refresh._exhausted_lists
    mine.refresh.show_end()
    context.panes.go(there.panes.shown)
    if other.is_zen:
        context.panes.zen()
    await fresh.settle()
    if context.widgets.line.composing.is_on != there.widgets.line.composing.is_on:
        context.prompt.toggle_composing()
    if (question := there.prompt._question) is not None:
        context.prompt.open(question, there.widgets.line.value, focus=there.prompt.has_focus)
    else:
        context.prompt.close()
    context.status._messages = copy.deepcopy(there.status._messages)
    banner, its_banner = context.status.banner, there.status.banner
    banner._is_asking, banner._is_short = its_banner._is_asking, its_banner._is_short
    banner.show()
    context.status.show()
    await fresh.settle()
    for mine_shown, shown in ((context.posts, there.posts), (context.categories, there.categories)):
        mine_shown.measure(shown.window.anchor)
    context.view._set(*there.view._scroll_anchor)
    context.status.show_footer()
    await fresh.settle()


async def _put_in_list(fresh: Reader, other: Reader) -> None:
    """Show the list of `other`, read from the library again, with the same rows loaded, flagged and retained."""
    mine, its = fresh._features, other._features
    session, its_session = mine.context.session, its.context.session
    fresh.listings.passage_list._known |= (
        other.listings.passage_list._known
    )  # a deleted passage stays on the screen until the reader leaves it
    session.outlook, session.refresh_error = its_session.outlook, its_session.refresh_error
    session.missing_text_reasons.update(its_session.missing_text_reasons)
    mine.lists._last_visit = its.lists._last_visit
    session.requested = its_session.shown
    categories, there = mine.context.categories, its.context.categories
    categories.rows = with_retained(  # an empty list stays while the cursor is on it
        categories.rows, there.rows, key=lambda row: row.source, stays=lambda row: row.source == there.source
    )
    categories.measure()
    categories.select(there.source)
    if other.saved is not None:
        place = Location(its_session.shown, other.posts.cursor, other.saved.key, other.story.position, its.context.panes.shown)
        session.back.push(place)
        mine.back.go_back()
    else:
        mine.lists.load_list(its_session.shown, again=True)
    await fresh.settle()
    if query := search_query(its_session.shown):
        mine.search.show(query)
    posts, its_posts = mine.context.posts, its.context.posts
    posts.show(its_posts.slice._replace(at=its_posts.cursor), hits=its_posts._hits, empty=its_posts._empty_items)
    posts.retained |= its_posts.retained
    posts.flagged |= its_posts.flagged
    mine.lists.reload()
    await fresh.settle()


async def _put_in_story(fresh: Reader, other: Reader) -> None:
    """Show the story of `other`, with the same pictures, at the same passage and match; or the tour, if `other` shows it."""
    mine, its = fresh._features, other._features
    mine.pictures._figures.hidden |= its.pictures._figures.hidden
    mine.pictures._requested_addresses |= its.pictures._requested_addresses
    if other.saved is None:
        mine.story.show_none()
        if other.items:
            mine.tour._set_reading(its.tour._is_read)
            mine.context.view.show(mine.tour._page())
        return
    mine.story.show(fresh.listings.story(other.saved.key), its.context.view.position, is_return=True)
    await fresh.settle()
    mine.passages._row, mine.passages._current_key = its.passages._row, its.passages._current_key
    mine.story.redraw()
    state, its_state = mine.find.state, its.find.state
    state.find(its_state.terms, mine.context.session.terms)
    state.index = its_state.index
    mine.find.show()
    await fresh.settle()
