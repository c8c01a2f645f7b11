"""Asking the portal: for what is new, for what is older, for the rest of a text. Refreshing never touches what is being read."""

from __future__ import annotations

from textual import on, work

from bpost_tui.errors import BPostError, ContentError, PortalError
from bpost_tui.model.story import Shelf
from bpost_tui.reading import templates
from bpost_tui.reading.actions import action_of, keys_of, shown
from bpost_tui.reading.fetcher import Fetcher
from bpost_tui.reading.listing import Listings, is_own
from bpost_tui.reading.slices import Slice
from bpost_tui.reading.wording import told
from bpost_tui.sync import Back, Failed, Finished, Plan, Progress, Stored, SyncEvent
from bpost_tui.typeset.items import Item
from bpost_tui.ui.reader.linking import LinkScreen
from bpost_tui.ui.reader.setup import Setup
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.post_list import PostList

_OLDER_STORIES = 100
"""Stories loaded at a time when older ones are asked for."""


class FetchScreen(LinkScreen):
    """The library's screen with the portal behind it."""

    def __init__(self, renderer: Renderer, listings: Listings, fetcher: Fetcher, setup: Setup) -> None:
        super().__init__(renderer, listings, fetcher, setup)
        self._trouble: BPostError | None = None
        self._going_back = ""
        """How far loading older stories has come, while it does."""
        self._whole: set[str] = set()
        """Categories of which the portal has nothing older; empty for all news."""

    def action_refresh(self) -> None:
        """Ask the portal for what is new on the front page, and in the category one is in."""
        category = self._shelf.category
        self._fetch(Plan())
        if category and not is_own(category):
            self.fetch_category(category)

    @work(group="refresh", exclusive=True, exit_on_error=False)
    async def _fetch(self, plan: Plan) -> None:
        await self._follow(plan)

    @work(group="category", exclusive=True, exit_on_error=False)
    async def fetch_category(self, slug: str) -> None:
        """Ask for a category's own feed."""
        await self._follow(Plan(categories=(slug,)))
        if self._trouble is not None:
            self._fetcher.failed(slug)

    def action_older(self) -> None:
        """Load older stories of this list from the portal."""
        if not self._is_portals:
            self._say(self._language.text("Older stories can be loaded in all news, or in a category"))
        elif self._offline:
            self._say(self._language.text("Offline: the portal isn't asked"))
        elif not self._going_back:
            self._going_back = self._language.text("Asking the portal …")
            self._show_bars()
            self._go_back(self._shelf.category)

    @on(PostList.EndChosen)
    def _end_chosen(self) -> None:
        self.action_older()

    @work(group="older", exclusive=True, exit_on_error=False)
    async def _go_back(self, category: str | None) -> None:
        try:
            await self._follow(Plan((category,) if category else (), back=Back(stories=_OLDER_STORIES)))
        finally:
            self._going_back = ""
            self._show_bars()

    @work(group="complete", exclusive=True, exit_on_error=False)
    async def complete(self, story_id: int) -> None:
        """Fetch the whole text of the story being shown."""
        try:
            await self._fetcher.complete(story_id)
        except BPostError as error:
            self._fail(error)
        else:
            self.reload()

    async def _follow(self, plan: Plan) -> None:
        """Run a refresh and show its events; a failure is a sentence, never an end."""
        if self._offline:
            return
        self._trouble = None
        try:
            async for event in self._fetcher.refresh(plan):
                self._tell(event, plan)
        except BPostError as error:
            self._fail(error)

    def _tell(self, event: SyncEvent, plan: Plan) -> None:
        text = self._language.text
        match event:
            case Progress(back=True):
                self._tell_way(event)
            case Progress():
                self._say(text("Asking the portal …"))
            case Stored(new, updated):
                if new or updated:
                    self.reload()
            case Failed(error=error):
                self._trouble = error or self._trouble
            case Finished():
                self._finish(event, plan)

    def _tell_way(self, step: Progress) -> None:
        """Say how far one is on the way back, in one quiet line."""
        told = self._language.progress(step.done, step.steps, stories=step.stories)
        self._going_back = told if step.left_s is None else f"{told} · {self._language.time_left(step.left_s)}"
        self._say(self._language.text("Loading older stories: {how_far}", how_far=self._going_back))

    def _finish(self, end: Finished, plan: Plan) -> None:
        text = self._language.text
        if end.whole:
            self._whole.add(plan.categories[0] if plan.categories else "")
        if self._trouble is not None:
            self._fail(self._trouble)
        elif end.new and plan.back:
            self._say(self._language.plural("{n} older story", "{n} older stories", end.new))
        elif end.new:
            self._say("● " + text("{n} new", n=end.new), news=True)
        else:
            self._say(text("The portal has nothing older") if plan.back else text("Nothing new"))

    def _fail(self, error: BPostError) -> None:
        """Tell why nothing came; what is shown is what was saved."""
        text = self._language.text
        self._trouble = error
        if not isinstance(error, PortalError | ContentError):
            self.tell_trouble(error)
        elif self._posts.rows:
            self._say(f"{told(error, self._language)} · {self._listings.status(offline=True)}")
        else:
            self._say(text("The portal can't be reached"))
            self._posts.show(Slice(), notice=self.notice())

    def _show_bars(self) -> None:
        super()._show_bars()
        self._posts.end_with(self._ending())

    @property
    def _is_portals(self) -> bool:
        """Whether what is listed is a feed of the portal's, not a choice of the reader's."""
        category = self._shelf.category
        return not self._query and self._shelf == Shelf(category=category) and not is_own(category or "")

    def _ending(self) -> tuple[Item, ...]:
        """What stands below the last story: that there is more, and how to have it."""
        text = self._language.text
        if self._offline or not self._is_portals or self._posts.slice.below:
            return ()
        if self._going_back:
            return templates.list_end(text("Loading older stories: {how_far}", how_far=self._going_back))
        if (self._shelf.category or "") in self._whole:
            return templates.list_end(text("The portal has nothing older"))
        return templates.list_end(text("Load older stories"), shown(keys_of(action_of("older"), self._keys)[0]))
