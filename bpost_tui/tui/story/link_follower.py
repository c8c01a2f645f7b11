"""Follows the links of a story: by letters, from a list, or by a click. Stories of the portal open in bpost."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from functools import partial

from bpost_tui.core.lists.list_source import CategorySource
from bpost_tui.core.lists.topics import Topic, TopicUse, topic_at, topics_of
from bpost_tui.errors import BPostError
from bpost_tui.model.story_links import StoryLink, links_of
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.story.story_controller import StoryController
from bpost_tui.urls import category_of


class LinkFollower:
    """Follows links.

    Args:
        open_story: Opens a story by its id.
        go_to_category: Shows the list of a row of the category pane, given by the row's index.
        copy: Copies an address.
        browse: Opens an address in the browser.
        on_new: Called with the ids of stories that weren't saved yet and were fetched because the reader followed a link to them.
        on_topic: Called if the link is a topic (author, place or tag), with the topic and its use: open, keep or mute.
    """

    def __init__(
        self,
        context: ScreenContext,
        story: StoryController,
        *,
        open_story: Callable[[int], None],
        go_to_category: Callable[[int], None],
        copy: Callable[[str], None],
        browse: Callable[[str], None],
        on_new: Callable[[tuple[int, ...]], None],
        on_topic: Callable[[Topic, TopicUse], None],
    ) -> None:
        self._context = context
        self._story = story
        self._open_story = open_story
        self._go_to_category = go_to_category
        self._copy = copy
        self._open_browser = browse
        self._on_new = on_new
        self._on_topic = on_topic

    # ── choosing ────────────────────────────────────────────────────────────

    def show_hints(self) -> None:
        """Label the visible links with letters, and follow the link whose letters the reader types.

        If no link is visible, show a message.
        """
        self._context.panes.go("story")
        self._context.run_worker(partial(self._story.call_in_view, self._label), group="links", exclusive=True)

    def _label(self) -> None:
        from bpost_tui.tui.dialogs.link_hints import LinkHintScreen

        view, text = self._context.view, self._context.language.text
        saved = self._context.session.story
        addresses = sorted(view.links_in_sight(), key=lambda link: topic_at(link, saved) is not None)  # links of the text first
        if not addresses:
            self._context.show_answer(text("There are no links in view"))
            return

        def chosen(address: str | None) -> None:
            self._context.show_answer("")
            if address is not None:
                self.follow(address)

        self._context.show_answer(text("Type a link's letters · Esc: cancel"), is_sticky=True)
        self._context.push(LinkHintScreen(addresses, view.show_link_labels, self._context.keys), chosen)

    def open_account(self) -> bool:
        """Follow the visible link to another paper's story about the same news; return whether there is such a link.

        If there are several, label all visible links with letters, so that the reader can choose one.
        """
        saved = self._context.session.story
        accounts = {str(other.id) for other in saved.same_news} if saved else set()
        in_sight = [address for address in self._context.view.links_in_sight() if address in accounts]
        if len(in_sight) == 1:
            self.follow(in_sight[0])
        elif in_sight:
            self.show_hints()
        return bool(in_sight)

    def show_list(self) -> None:
        """Show the list of the story's links and topics (its tags, author and place), or a message if it has none."""
        self._context.run_worker(self._list, group="links", exclusive=True)

    async def _list(self) -> None:
        from bpost_tui.tui.dialogs.link_list import LinkChoice, LinksScreen

        await self._story.wait_until_shown()
        saved = self._context.session.story
        if saved is None:
            self._context.show_no_story()
            return
        links: list[StoryLink | Topic] = [*links_of(saved.blocks), *topics_of(saved)]
        if not links:
            self._context.show_answer(self._context.text("This story has no links"))
            return

        def chosen(choice: LinkChoice | None) -> None:
            if choice is None:
                return
            if isinstance(choice.link, Topic):
                self._on_topic(choice.link, choice.action if choice.action != "browse" else "open")
            elif choice.action == "browse":
                self._open_browser(choice.link.address)
            else:
                self.follow(choice.link.address)

        self._context.push(
            LinksScreen(self._context.renderer, self._context.language, self._context.keys, links, self._copy), chosen
        )

    # ── following ───────────────────────────────────────────────────────────

    def follow(self, address: str) -> None:
        """Open `address`: a topic of the story, or a story or category of a known portal, in bpost; all else in the browser."""
        if (topic := topic_at(address, self._context.session.story)) is not None:
            self._on_topic(topic, "open")
            return
        paper = self._context.fetcher.paper_of(address)
        slug = category_of(address) if paper is not None else None
        sources = (row.source for row in self._context.categories.rows)
        wanted = (CategorySource(slug or ""), CategorySource(slug or "", paper or ""))
        at = next((at for at, source in enumerate(sources) if slug and source in wanted), None)
        if at is not None:
            self._context.push_location()
            self._go_to_category(at)
        else:
            self._context.run_worker(partial(self._follow, address), group="follow", exclusive=True)

    async def _follow(self, address: str) -> None:
        story = await to_thread(self._context.listings.find, address)
        if story is None and self._context.fetcher.paper_of(address) is not None and not self._context.fetcher.offline:
            self._context.show_answer(self._context.text("Fetching the story …"), is_sticky=True)
            try:
                fetched = await self._context.fetcher.fetch_link(address)
            except BPostError as error:
                self._context.status.show_error(error)
                return
            finally:
                self._context.show_answer("")
            if fetched is not None:
                story = fetched.id
                if fetched.is_new:
                    self._on_new((story,))
        if story is None:
            self._open_browser(address)
        else:
            self._open_story(story)
