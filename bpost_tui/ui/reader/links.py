"""Following the links of a story: by letters, from their list, by a click. The portal's own stories open in place."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable, Sequence
from functools import partial

from bpost_tui.errors import BPostError
from bpost_tui.model.links import links_of
from bpost_tui.reading.fetcher import Fetcher
from bpost_tui.reading.listing import Listings
from bpost_tui.reading.session import Session
from bpost_tui.ui.reader.host import Push, Run, Say
from bpost_tui.ui.reader.lists import ListReader
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.reader.story import StoryReader
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.category_list import CategoryList
from bpost_tui.urls import category_of


class Links:
    """Follows links.

    Args:
        layouts: The Bengali layouts under which a link's letters may be typed.
        remember: Remembers where one is, before a jump.
        go_to_category: Goes to a row of the categories.
        copy: Copies an address.
        browse: Opens an address in the browser.
        tell_trouble: Says what went wrong.
        on_new: Called with the number of a story that a link brought in.
    """

    def __init__(
        self,
        session: Session,
        listings: Listings,
        lists: ListReader,
        categories: CategoryList,
        story: StoryReader,
        panes: Panes,
        fetcher: Fetcher,
        renderer: Renderer,
        run: Run,
        say: Say,
        push: Push,
        *,
        layouts: Sequence[str],
        remember: Callable[[], None],
        go_to_category: Callable[[int], None],
        copy: Callable[[str], None],
        browse: Callable[[str], None],
        tell_trouble: Callable[[BPostError], None],
        on_new: Callable[[tuple[int, ...]], None],
    ) -> None:
        self._session = session
        self._listings = listings
        self._lists = lists
        self._categories = categories
        self._story = story
        self._panes = panes
        self._fetcher = fetcher
        self._renderer = renderer
        self._run = run
        self._say = say
        self._layouts = layouts
        self._push = push
        self._remember = remember
        self._go_to_category = go_to_category
        self._copy = copy
        self._open_browser = browse
        self._tell_trouble = tell_trouble
        self._on_new = on_new

    # ── choosing ────────────────────────────────────────────────────────────

    def label(self) -> None:
        """Put letters on the links in sight, and follow the one whose letters are typed."""
        self._panes.go("story")
        self._run(self._label, group="links", exclusive=True)

    async def _label(self) -> None:
        from bpost_tui.ui.dialogs.link_hints import HintScreen

        await self._story.settled()
        view, text = self._story.view, self._listings.language.text
        addresses = view.links_in_sight()
        if not addresses:
            self._say(text("There are no links in view"))
            return

        def chosen(address: str | None) -> None:
            self._say("")
            if address is not None:
                self.follow(address)

        self._say(text("Type a link's letters · Esc: cancel"), lasts=True)
        self._push(HintScreen(addresses, view.label, self._layouts), chosen)

    def list(self) -> None:
        """List the links of the story."""
        self._run(self._list, group="links", exclusive=True)

    async def _list(self) -> None:
        from bpost_tui.ui.dialogs.link_list import LinkChoice, LinksScreen

        await self._story.settled()
        links = links_of(self._session.story.blocks) if self._session.story else ()
        if not links:
            self._say(self._listings.language.text("This story has no links"))
            return

        def chosen(choice: LinkChoice | None) -> None:
            if choice is not None:
                self._open_browser(choice.address) if choice.in_browser else self.follow(choice.address)

        self._push(LinksScreen(self._renderer, self._listings.language, links, self._copy), chosen)

    # ── following ───────────────────────────────────────────────────────────

    def follow(self, address: str) -> None:
        """Open a link: a story or category of the portal's in place, anything else in the browser."""
        paper = self._fetcher.paper_of(address)
        slug = category_of(address) if paper is not None else None
        rows = enumerate(self._categories.counts)
        at = next((at for at, count in rows if slug and count.category.slug == slug and count.paper in ("", paper)), None)
        if at is not None:
            self._remember()
            self._go_to_category(at)
        else:
            self._run(partial(self._follow, address), group="follow", exclusive=True)

    async def _follow(self, address: str) -> None:
        story = await to_thread(self._listings.find, address)
        if story is None and self._fetcher.paper_of(address) is not None and not self._fetcher.offline:
            self._say(self._listings.language.text("Fetching the story …"), lasts=True)
            try:
                fetched = await self._fetcher.fetch_link(address)
            except BPostError as error:
                self._tell_trouble(error)
                return
            finally:
                self._say("")
            if fetched is not None:
                story = fetched.id
                if fetched.is_new:
                    self._on_new((story,))
        if story is None:
            self._open_browser(address)
        else:
            self._lists.open_story(story)
