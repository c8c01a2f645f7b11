"""Same news of several papers: goes from story to story of a group, shows the reasons for grouping them, and ungroups a story.

An account is one paper's story about the news.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from functools import partial

from textual.worker import Worker

from bpost_tui.core.changes.undo import UndoableChange
from bpost_tui.core.lists.same_news_accounts import UngroupChange, news_group
from bpost_tui.core.wording import ONE_PAPER
from bpost_tui.model.story import SavedStory, StoryKey, story_of
from bpost_tui.tui.lists.list_controller import ListController
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.story.story_controller import StoryController


class SameNewsNavigation:
    """Goes through the stories about the same news as the open story, or as the story under the cursor.

    Args:
        apply_change: Makes a change that can be undone, and shows it.
    """

    def __init__(
        self, context: ScreenContext, lists: ListController, story: StoryController, apply_change: Callable[[UndoableChange], None]
    ) -> None:
        self._context = context
        self._lists = lists
        self._story = story
        self._apply_change = apply_change
        self._steps = 0
        """Number of stories to go forward in the group, counted from the presses of the key before the group was read."""
        self._steps_from: int | None = None
        """Id of the story that the key acts on; going forward in the group begins at this story. None if there is no story."""
        self._finding: Worker[object] | None = None
        """Worker (background task), started by the last press of the key, that reads the group and then opens its next story."""

    # ── from account to account ─────────────────────────────────────────────

    def next_account(self) -> None:
        """Open the next paper's story about the same news; after the last story of the group, open the first.

        If no other paper has the news, show a message.
        """
        story, finding = self._target, self._finding
        if story != self._steps_from or (finding is not None and (finding.is_finished or finding.is_cancelled)):
            self._steps = 0  # another key or an error has ended the reading of the group, or the cursor has moved on
        self._steps, self._steps_from = self._steps + 1, story
        self._finding = self._context.run_worker(partial(self._open_next, story), group="same_news", exclusive=True)

    @property
    def _target(self) -> int | None:
        """Id of the story that keys act on, or None if there is none.

        This is the story being read if the row under the cursor shows it, alone or in its group, or if the list doesn't have it.
        Otherwise, it is the story of the row under the cursor.
        """
        row, key, saved = self._context.posts.current, self._context.session.requested_story, self._context.session.story
        story = saved.headline.id if saved is not None and saved.key == key else key if isinstance(key, int) else None
        if row is None or key is None:
            return story
        is_elsewhere = self._context.panes.current == "story" and self._context.posts.row_of(key) is None
        return story if is_elsewhere or row.represents(key) else story_of(row).id  # the story's pane follows a moment later

    async def _open_next(self, story: int | None) -> None:
        accounts = await self._accounts(story)
        steps, self._steps = self._steps, 0
        if accounts and story is not None and story == self._target:  # else the cursor has moved on meanwhile
            at = (accounts.index(story) + steps) % len(accounts)
            if (saved := await self._open(accounts[at])) is not None:
                paper, total = self._context.papers.name(saved.headline.paper), len(accounts)
                self._context.show_answer(self._context.text("{paper}: {n} of {total}", paper=paper, n=at + 1, total=total))

    # ── from development to development ─────────────────────────────────────

    def next_development(self) -> None:
        """Open the story that follows the current story in its series of follow-ups (reports on the same event over several days).

        After the newest story, open the oldest. If there are no follow-ups, show a message.
        """
        self._context.run_worker(partial(self._open_development, self._target), group="same_news", exclusive=True)

    async def _open_development(self, story: int | None) -> None:
        thread = () if story is None else await to_thread(self._context.library.group_builder.story_thread, story)
        if story != self._target:  # the cursor has moved on meanwhile
            return
        if story not in thread or story is None or len(thread) < 2:
            text = self._context.text
            self._context.show_answer(text("This story has no follow-ups") if self._context.papers.are_several else text(ONE_PAPER))
            return
        at = (thread.index(story) + 1) % len(thread)
        if await self._open(thread[at]):
            self._context.show_answer(self._context.text("{n} of {total}, the oldest first", n=at + 1, total=len(thread)))

    async def _accounts(self, story: int | None) -> tuple[int, ...]:
        """Return the ids of all stories about the same news as the story with the id `story`, that story included.

        If no other paper has the news, or `story` is None because no story is shown, show a message and return an empty tuple.
        """
        text = self._context.language.text
        accounts = () if story is None else await to_thread(self._context.library.story_groups.members, story)
        if len(accounts) > 1:
            return accounts
        self._context.show_answer(text("No other paper has this news") if self._context.papers.are_several else text(ONE_PAPER))
        return ()

    async def _open(self, story: int) -> SavedStory | None:
        """Show `story`, a story of the group, and put the cursor on its row if the list has that row.

        Return the story, or None if another story is shown: the reader has requested another story meanwhile, or `story` couldn't
        be read.
        """
        self._context.push_location()
        key = StoryKey(story)
        at = self._context.posts.row_of(key)
        if at is not None:
            self._context.posts.select(at)
        self._story.open(key)
        await self._story.wait_until_shown()
        saved = self._context.session.story
        if saved is None or saved.headline.id != story:
            return None
        self._context.panes.go("story")
        return saved

    # ── reasons, and ungrouping ─────────────────────────────────────────────

    def show_reasons(self) -> None:
        """Show the dialog with the stories about the same news, and the reasons for grouping them.

        If there is only one story, show a message.
        """
        self._context.run_worker(partial(self._show_reasons, self._target), group="same_news", exclusive=True)

    async def _show_reasons(self, story: int | None) -> None:
        from bpost_tui.tui.dialogs.why_grouped import AccountChoice, WhyGroupedScreen

        accounts, listings = await self._accounts(story), self._context.listings
        if not accounts:
            return
        shown = await to_thread(news_group, listings, accounts[0])
        at = next((at for at, each in enumerate(shown.accounts) if each.row.id == story), 0)

        def chosen(choice: AccountChoice | None) -> None:
            if choice is not None and choice.ungroup:
                self._apply_change(UngroupChange(choice.story))
            elif choice is not None:
                self._context.run_worker(partial(self._open, choice.story), group="same_news", exclusive=True)

        papers, now = self._context.papers.names(), listings.clock()
        self._context.push(
            WhyGroupedScreen(self._context.renderer, self._context.keys, listings.language, shown, papers, now=now, at=at), chosen
        )

    def ungroup(self) -> None:
        """Remove the story from its group of the same news, because it reports other news; show a message if it has no group."""
        self._context.run_worker(partial(self._ungroup, self._target), group="ungroup")  # the next key cancels no change

    async def _ungroup(self, story: int | None) -> None:
        if await self._accounts(story) and story is not None:
            self._apply_change(UngroupChange(story))

    # ── grouping on and off ─────────────────────────────────────────────────

    def toggle_grouping(self) -> None:
        """Switch between one row for the same news and a row for each paper's story, and remember the choice."""
        session, text = self._context.session, self._context.language.text
        before, is_on = session.query, not session.outlook.same_news_once
        if not self._context.papers.are_several:
            self._context.show_answer(text(ONE_PAPER))
            return
        session.outlook = session.outlook._replace(same_news_once=is_on)
        if not is_on:
            self._context.show_answer(text("Showing every story, also of the same news"))
        elif session.query.groups_same_news:
            self._context.show_answer(text("The same news is grouped"))
        else:
            self._context.show_answer(text("The same news is grouped, but not in this list"))
        self._context.preferences.save(same_news_once=is_on)
        if session.query.groups_same_news != before.groups_same_news:
            self._lists.reload()
