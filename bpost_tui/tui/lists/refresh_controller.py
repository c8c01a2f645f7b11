"""Asking the portal: for what is new, for what is older, for the rest of a text. Refreshing never touches what is being read."""

from __future__ import annotations

from asyncio import CancelledError, to_thread
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from bpost_tui.core import templates
from bpost_tui.core.lists.list_source import AllNewsSource, CategorySource, ListSource, base_source, is_portal_list
from bpost_tui.core.lists.listings import ListResult
from bpost_tui.core.new_story_notices import new_story_notice
from bpost_tui.core.wording import error_line
from bpost_tui.errors import BPostError, ContentError, NotFoundError, PortalError
from bpost_tui.model.story import SavedStory
from bpost_tui.refresh import BackfillRequest, FetchFailure, RefreshPlan, RefreshProgress, RefreshResult, SavedBatch
from bpost_tui.tui.lists.list_controller import ListController
from bpost_tui.tui.lists.news_age import NewsAge
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.typesetting.typeset.items import Item


class RefreshRun:
    """The events of one refresh.

    Args:
        plan: What was asked for.
        paper: The key of the paper it is about; empty for all.
        papers: The keys of those it asks, where these are neither one nor all.
        automatic: Whether it was asked for because it was time to, not by the reader.
    """

    def __init__(self, plan: RefreshPlan, paper: str = "", *, papers: tuple[str, ...] = (), automatic: bool = False) -> None:
        self.plan = plan
        self.paper = paper
        self.papers = (paper,) if paper else papers
        """The keys of the papers that it asks; none for all."""
        self.automatic = automatic
        self.error: BPostError | None = None
        """Why nothing came of it, or of a part of it."""
        self.failed_papers: list[str] = []
        """The keys of papers that sent nothing, the last one last."""
        self.new: tuple[int, ...] = ()
        """The stories that came, by number."""
        self.whole = False
        """Whether reading back came to the portal's first story."""

    @property
    def is_requested(self) -> bool:
        """Whether the reader has asked for just this, so that they wait to hear what came of it."""
        return not self.automatic and not self.plan.categories

    @property
    def source(self) -> ListSource:
        """The list it was about."""
        return CategorySource(self.plan.categories[0], self.paper) if self.plan.categories else AllNewsSource(self.paper)


_OLDER_STORIES = 100
"""Stories loaded at a time when older ones are asked for."""


class RefreshController:
    """Runs refreshes and says what each comes to.

    Args:
        age: Says how old the news is.
        after: Takes the steps after a refresh, with the numbers of its new stories and the step that notifies of stories.
    """

    def __init__(
        self,
        context: ScreenContext,
        lists: ListController,
        age: NewsAge,
        after: Callable[[tuple[int, ...], Callable[[Sequence[int]], Awaitable[None]] | None], None],
    ) -> None:
        self._context = context
        self._lists = lists
        self._age = age
        self._after = after
        self._left: tuple[int, ...] = ()
        """New stories of refreshes that another took the place of: the steps after it are theirs too."""
        self._missing: NotFoundError | None = None
        """What the portal hasn't, of what was asked for last: a category's feed is asked for beside that of all news."""
        self._running = 0
        """How many refreshes of all news are under way; one that another takes the place of is still ending then."""
        self._older_progress = ""
        """How far loading older stories has come, while it does."""
        self._exhausted_lists: set[ListSource] = set()
        """The lists that the portal has nothing older for."""

    # ── asking ──────────────────────────────────────────────────────────────

    def refresh_on_key(self) -> None:
        """Refresh, since a key asks for it."""
        self._context.show_message(self._context.text("Offline: nothing is fetched") if self._context.fetcher.offline else "")
        self.refresh()

    def refresh(self, papers: tuple[str, ...] = (), *, automatic: bool = False) -> None:
        """Ask some papers, by their keys, or all for what is new on their front pages, and in the category one is in."""
        self._context.session.refresh_error = self._missing = None
        report = RefreshRun(RefreshPlan(), papers=papers, automatic=automatic)
        self._context.run_worker(partial(self._refresh, report), group="refresh", exclusive=True)
        source = self._context.session.requested
        if isinstance(source, CategorySource) and (not papers or source.paper in ("", *papers)):
            self.refresh_category(source)

    def refresh_due(self, pace: float) -> None:
        """Ask the papers that are due (`Fetcher.due`), unless some are being asked."""
        if not self._running and (papers := self._context.fetcher.due(pace)):
            self.refresh(papers, automatic=True)

    async def _refresh(self, report: RefreshRun) -> None:
        self._running += 1
        try:
            await self._run(report)
        finally:
            self._running -= 1
        self._context.session.refresh_error = report.error
        self._age.since = None

    def refresh_category(self, category: CategorySource) -> None:
        """Ask for a category's own feed."""
        self._missing = None
        self._context.run_worker(partial(self._refresh_category, category), group="category", exclusive=True)

    async def _refresh_category(self, category: CategorySource) -> None:
        report = RefreshRun(RefreshPlan(categories=(category.slug,)), category.paper)
        await self._run(report)
        if report.error is not None:
            self._context.fetcher.failed(category.paper, category.slug)

    def refresh_if_due(self, source: ListSource) -> None:
        """Ask for a category's own feed, unless that was done lately or it is no category of the portal's."""
        if isinstance(source, CategorySource) and self._context.fetcher.is_due(source.paper, source.slug):
            self.refresh_category(source)

    def load_older(self) -> None:
        """Load older stories of this list from the portal."""
        text = self._context.language.text
        source = self._context.session.requested
        if not isinstance(source, AllNewsSource | CategorySource):
            self._context.show_message(text("Older stories can be loaded in All news, or in a category"))
        elif self._context.fetcher.offline:
            self._context.show_message(text("Offline: nothing is fetched"))
        elif not self._older_progress:
            self._older_progress = "…"
            self._context.show_message("")
            self.show_end()
            self._context.run_worker(partial(self._load_older, source), group="older", exclusive=True)

    async def _load_older(self, source: AllNewsSource | CategorySource) -> None:
        plan = RefreshPlan(
            (source.slug,) if isinstance(source, CategorySource) else (), backfill=BackfillRequest(stories=_OLDER_STORIES)
        )
        try:
            await self._run(RefreshRun(plan, source.paper))
        finally:
            self._older_progress = ""
            self.show_end()

    def fetch_full_text(self, saved: SavedStory) -> None:
        """Fetch the whole text of a story that came as a summary."""
        if not (saved.headline.full or self._context.fetcher.offline):
            self._context.run_worker(
                partial(self._complete, saved.headline.id, saved.headline.paper), group="complete", exclusive=True
            )

    async def _complete(self, story_id: int, paper: str) -> None:
        try:
            await self._context.fetcher.fetch_full_text(story_id, paper)
        except BPostError as error:
            self._context.session.missing_text_reasons[story_id] = error_line(error, self._context.language)
            if isinstance(error, ContentError):  # the portal did answer: what is shown isn't old for that
                self._context.status.show_refresh_message(self._context.session.missing_text_reasons[story_id])
            else:
                self._fail(error)
        else:
            self._context.session.missing_text_reasons.pop(story_id, None)
        self._lists.reload()

    # ── what comes of it ────────────────────────────────────────────────────

    async def _run(self, report: RefreshRun) -> None:
        """Run a refresh and say how it goes; a failure is a sentence, never an end."""
        if self._context.fetcher.offline:
            return
        if not report.plan.backfill:  # said before anybody is asked: a process has to be started first, 100 ms
            self._context.status.show_refresh_message(self._context.text("Fetching new stories …"), lasts=True)
        try:
            async for event in self._context.fetcher.refresh(report.plan, report.papers):
                match event:
                    case RefreshProgress():
                        self._show_progress(event)
                    case SavedBatch():
                        self._on_stored(event, report)
                    case FetchFailure():
                        if event.error is not None:
                            report.error = event.error
                            report.failed_papers.append(event.paper)
                    case RefreshResult():
                        report.whole = event.whole
                        await self._on_finished(event, report)
        except BPostError as error:
            report.error = error
            self._fail(error, asked=report.is_requested)
            self._follow_up(report)
        except CancelledError:
            self._left += () if report.plan.backfill else report.new
            raise

    def _show_progress(self, step: RefreshProgress) -> None:
        """Say how far one has come with older stories, in one quiet line."""
        if not step.is_backfill:
            return
        language = self._context.language
        so_far = language.progress(step.done, step.steps, stories=step.counts_stories)
        self._older_progress = so_far if step.remaining_s is None else f"{so_far} · {language.time_left(step.remaining_s)}"
        self._context.status.show_refresh_message(
            language.text("Loading older stories: {how_far}", how_far=self._older_progress), lasts=True
        )

    def _on_stored(self, event: SavedBatch, report: RefreshRun) -> None:
        report.new += event.new
        if event.new or event.updated:
            self._lists.reload()

    async def _on_finished(self, end: RefreshResult, report: RefreshRun) -> None:
        language, back = self._context.language, report.plan.backfill
        if report.whole:
            self._exhausted_lists.add(report.source)
        if end.new or end.updated:
            self._lists.reload()  # the same news was looked for last
        others_trouble = self._partial_failure_message(report)
        if report.error is not None and not others_trouble:
            self._fail(report.error, asked=report.is_requested)
        elif end.new and back:
            self._context.status.show_refresh_message(language.plural("{n} older story", "{n} older stories", end.new))
        elif await self._age.show_new_count():
            pass  # what this refresh brought is among it
        elif end.new:
            self._context.status.show_refresh_message(
                "● " + language.text("{n} new", n=end.new) + others_trouble, news=True, waits=True
            )
        elif self._missing is not None and not back:
            self._fail(self._missing)
        else:
            nothing = language.text("The portal has nothing older") if back else language.text("Nothing new")
            self._context.status.show_refresh_message(
                nothing + others_trouble, waits=bool(others_trouble), asked=report.is_requested
            )
        self._follow_up(report)

    def _follow_up(self, report: RefreshRun) -> None:
        """Take the steps after a refresh; the refresh process has exchanged marks with the service by then."""
        if report.plan.backfill:
            return
        new, self._left = (*self._left, *report.new), ()
        if new:
            self._after(new, self._notice if report.automatic and self._context.settings.notify else None)

    def _partial_failure_message(self, report: RefreshRun) -> str:
        """Return what follows the sentence on what came, where only some of several papers couldn't be had; else nothing."""
        papers, language = self._context.papers, self._context.language
        if report.error is None or len({*report.failed_papers}) >= (len(report.papers) or len(papers.all)):
            return ""
        name = papers.name(report.failed_papers[-1])
        if isinstance(report.error, PortalError):
            return " · " + language.text("{paper} can't be fetched", paper=name)
        return f" · {name}: {error_line(report.error, language)}"

    async def _notice(self, ids: Sequence[int]) -> None:
        if body := await to_thread(
            new_story_notice, self._context.listings, self._context.session.outlook.mutes, ids, self._context.settings.notify
        ):
            self._context.host.desktop.notify(self._context.papers.title(), body)

    def _fail(self, error: BPostError, *, asked: bool = False) -> None:
        """Say why nothing came; what is shown is what was saved."""
        if isinstance(error, NotFoundError):  # the portal did answer: what is shown isn't old for that
            self._missing = error
            self._context.status.show_refresh_message(error_line(error, self._context.language))
        elif not isinstance(error, PortalError | ContentError):
            self._context.status.show_refresh_message("")  # nothing is fetched any more
            self._context.status.show_error(error)
        elif self._context.posts.rows:
            self._context.run_worker(partial(self._show_failure, error, asked=asked), group="status")
        else:
            self._context.session.refresh_error = error
            self._context.status.show_refresh_message(self._context.text("The portal can't be reached"), waits=True, asked=asked)
            self._lists.show_empty()

    async def _show_failure(self, error: BPostError, *, asked: bool) -> None:
        status = await to_thread(lambda: self._context.listings.age_message(offline=False, failed=True))
        self._context.status.show_refresh_message(
            f"{error_line(error, self._context.language)} · {status}", waits=True, asked=asked
        )

    # ── the end of the list ─────────────────────────────────────────────────

    def show_end(self, _: ListResult | None = None) -> None:
        """Say below the last story that there is more, and how to have it."""
        self._context.posts.set_end_items(self._end())

    def _end(self) -> tuple[Item, ...]:
        text, source = self._context.language.text, self._context.session.shown
        if self._context.fetcher.offline or not is_portal_list(source) or self._context.posts.slice.more_after:
            return ()
        if self._older_progress:
            return templates.list_end(text("Loading older stories: {how_far}", how_far=self._older_progress))
        if base_source(source) in self._exhausted_lists:
            return templates.list_end(text("The portal has nothing older"))
        return templates.list_end(text("Load older stories"), self._context.keys.key_label("older"))
