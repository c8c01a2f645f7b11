"""Fetches new stories, older stories and full texts from the papers' websites, and shows the progress and the results.

The open story and the list don't move while new stories arrive.
"""

from __future__ import annotations

from asyncio import CancelledError, to_thread
from collections.abc import Callable, Sequence
from functools import partial

from bpost_tui.core import templates
from bpost_tui.core.lists.list_source import AllNewsSource, CategorySource, ListSource, base_source, is_portal_list
from bpost_tui.core.lists.listings import ListResult
from bpost_tui.core.new_story_notices import new_story_notice
from bpost_tui.core.wording import error_line
from bpost_tui.errors import BPostError, ContentError, NotFoundError, PortalError
from bpost_tui.i18n import without_subject
from bpost_tui.model.story import SavedStory
from bpost_tui.refresh import BackfillRequest, FetchFailure, RefreshPlan, RefreshProgress, RefreshResult, SavedBatch
from bpost_tui.tui.lists.list_controller import ListController
from bpost_tui.tui.lists.news_age import NewsAge
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.story.reader_programs import Notify
from bpost_tui.typesetting.typeset.items import Item


class RefreshRun:
    """State of one refresh (fetching of stories from the papers' websites).

    Args:
        plan: Feeds to read, and how much of each.
        paper: Key (id) of the paper, if a single paper is refreshed; empty for several papers.
        papers: Keys (ids) of the papers, if several but not all are refreshed; otherwise empty.
        automatic: Whether bpost started the refresh because it was due; False if the reader requested it.
    """

    def __init__(self, plan: RefreshPlan, paper: str = "", *, papers: tuple[str, ...] = (), automatic: bool = False) -> None:
        self.plan = plan
        self.paper = paper
        self.papers = (paper,) if paper else papers
        """Keys of the papers to refresh; empty for all papers."""
        self.automatic = automatic
        self.error: BPostError | None = None
        """Error of the refresh, or of one of its papers; None if there was none."""
        self.failed_papers: list[str] = []
        """Keys of the papers whose refresh failed, in the order of the failures."""
        self.new: tuple[int, ...] = ()
        """Ids of the stories that the refresh has added to the library."""

    @property
    def is_requested(self) -> bool:
        """Whether the reader has asked for this refresh, and so waits for its result; False for a refresh of a single category."""
        return not self.automatic and not self.plan.categories

    @property
    def source(self) -> ListSource:
        """List that gets the stories of this refresh: a category, a paper's news, or all news."""
        return CategorySource(self.plan.categories[0], self.paper) if self.plan.categories else AllNewsSource(self.paper)


_OLDER_STORIES = 100
"""Number of older stories that are loaded at a time."""


class RefreshController:
    """Runs refreshes, and shows their results.

    Args:
        age: Shows the age of the news.
        after: Called after a refresh that found new stories. Arguments are the ids of these stories, and a function that shows a
            desktop notification of them, or None if no notification is wanted.
    """

    def __init__(
        self,
        context: ScreenContext,
        lists: ListController,
        age: NewsAge,
        after: Callable[[tuple[int, ...], Notify | None], None],
    ) -> None:
        self._context = context
        self._lists = lists
        self._age = age
        self._after_refresh = after
        self._superseded_new: tuple[int, ...] = ()
        """Ids of new stories from cancelled refreshes. The refresh that has replaced them reports these stories when it ends."""
        self._not_found_error: NotFoundError | None = None
        """Error of the category's own feed if the portal (a paper's website) doesn't have such a feed.

        The feed is fetched together with all news, so the error is shown only if the refresh brings nothing new.
        """
        self._running = 0
        """Number of refreshes of all news that are running, including a cancelled refresh that is still ending."""
        self._older_progress = ""
        """Progress of loading older stories, as text; empty if none are being loaded."""
        self._exhausted_lists: set[ListSource] = set()
        """Lists whose older stories have all been loaded: the papers' websites have no more."""

    # ── starting a refresh ──────────────────────────────────────────────────

    def refresh_on_key(self) -> None:
        """Refresh because the reader pressed the refresh key; show a message if bpost is offline."""
        self._context.show_answer(self._context.text("Offline: nothing is fetched") if self._context.fetcher.offline else "")
        self.refresh()

    def refresh(self, papers: tuple[str, ...] = (), *, automatic: bool = False) -> None:
        """Fetch new stories from the front pages of `papers`, or of all papers if empty, and from the category on the screen.

        With `automatic`, bpost itself has started the refresh.
        """
        self._context.session.refresh_error = self._not_found_error = None
        run = RefreshRun(RefreshPlan(), papers=papers, automatic=automatic)
        self._context.run_worker(partial(self._refresh, run), group="refresh", exclusive=True)
        source = self._context.session.requested
        if isinstance(source, CategorySource) and (not papers or source.paper in ("", *papers)):
            self.refresh_category(source)

    def refresh_due(self, pace: float) -> None:
        """Refresh the papers that are due, unless a refresh is running.

        A paper is due if its interval, multiplied by `pace`, has passed since its last refresh.
        """
        if not self._running and (papers := self._context.fetcher.due(pace)):
            self.refresh(papers, automatic=True)

    async def _refresh(self, run: RefreshRun) -> None:
        self._running += 1
        try:
            await self._run(run)
        finally:
            self._running -= 1
        self._context.session.refresh_error = run.error
        self._age.since = None

    def refresh_category(self, category: CategorySource) -> None:
        """Fetch the portal's feed of one category, in the background."""
        self._not_found_error = None
        self._context.run_worker(partial(self._refresh_category, category), group="category", exclusive=True)

    async def _refresh_category(self, category: CategorySource) -> None:
        run = RefreshRun(RefreshPlan(categories=(category.slug,)), category.paper)
        await self._run(run)
        if run.error is not None:
            self._context.fetcher.failed(category.paper, category.slug)

    def refresh_if_due(self, source: ListSource) -> None:
        """If the list `source` is a category, fetch the category's own feed, unless it was fetched lately."""
        if isinstance(source, CategorySource) and self._context.fetcher.claim_refresh(source.paper, source.slug):
            self.refresh_category(source)

    def load_older(self) -> None:
        """Load older stories of the requested list from the portal.

        If the list is neither all news nor a category, or bpost is offline, show a message.
        """
        text = self._context.language.text
        source = self._context.session.requested
        if not isinstance(source, AllNewsSource | CategorySource):
            self._context.show_answer(text("Older stories can be loaded in All news, or in a category"))
        elif self._context.fetcher.offline:
            self._context.show_answer(text("Offline: nothing is fetched"))
        elif not self._older_progress:
            self._older_progress = "…"
            self._context.show_answer("")
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
        """Fetch the full text of a story that was saved with only a summary; do nothing for other stories, or offline."""
        if not (saved.headline.full or self._context.fetcher.offline):
            self._context.run_worker(
                partial(self._complete, saved.headline.id, saved.headline.paper), group="complete", exclusive=True
            )

    async def _complete(self, story_id: int, paper: str) -> None:
        try:
            await self._context.fetcher.fetch_full_text(story_id, paper)
        except BPostError as error:
            self._context.session.missing_text_reasons[story_id] = error_line(error, self._context.language)
            if not isinstance(error, PortalError | ContentError):  # the story's page ends with the reason
                self._fail(error)
        else:
            self._context.session.missing_text_reasons.pop(story_id, None)
        self._lists.reload()

    # ── results ─────────────────────────────────────────────────────────────

    async def _run(self, run: RefreshRun) -> None:
        """Run a refresh, show its progress and its result, and show an error as a message."""
        if self._context.fetcher.offline:
            return
        if not run.plan.backfill:  # shown at once: starting the refresh process takes 100 ms
            self._context.status.show_refresh_message(self._context.text("Fetching new stories …"), is_sticky=True)
        result: RefreshResult | None = None
        try:
            async for event in self._context.fetcher.refresh(run.plan, run.papers):
                match event:
                    case RefreshProgress():
                        self._show_progress(event)
                    case SavedBatch():
                        self._on_stored(event, run)
                    case FetchFailure():
                        if event.error is not None:
                            run.error = event.error
                            run.failed_papers.append(event.paper)
                    case RefreshResult():
                        result = event
                        await self._on_finished(result, run)
            if result is not None and (result.new or result.updated):
                self._lists.reload()  # the same news is grouped only now, after the last event
        except BPostError as error:
            run.error = error
            self._fail(error, is_requested=run.is_requested)
            self._follow_up(run)
        except CancelledError:
            self._superseded_new += () if run.plan.backfill else run.new
            raise

    def _show_progress(self, step: RefreshProgress) -> None:
        """Show `step`, the progress of a refresh, if the refresh loads older stories; otherwise show nothing."""
        if not step.is_backfill:
            return
        language = self._context.language
        so_far = language.progress(step.done, step.steps, stories=step.counts_stories)
        self._older_progress = so_far if step.remaining_s is None else f"{so_far} · {language.time_left(step.remaining_s)}"
        self._context.status.show_refresh_message(
            language.text("Loading older stories: {how_far}", how_far=self._older_progress), is_sticky=True
        )

    def _on_stored(self, event: SavedBatch, run: RefreshRun) -> None:
        run.new += event.new
        if event.new or event.updated:
            self._lists.reload()

    async def _on_finished(self, result: RefreshResult, run: RefreshRun) -> None:
        language, back = self._context.language, run.plan.backfill
        if result.reached_first_story:
            self._exhausted_lists.add(run.source)
        partial_failure = self._partial_failure_message(run)
        if run.error is not None and not partial_failure:
            self._fail(run.error, is_requested=run.is_requested)
        elif result.new and back:
            self._context.status.show_refresh_message(language.plural("{n} older story", "{n} older stories", result.new))
        elif await self._age.show_new_count():
            pass  # the count includes the stories of this refresh
        elif result.new:
            self._context.status.show_refresh_message(
                "● " + language.text("{n} new", n=result.new) + partial_failure, is_accented=True, waits_for_activity=True
            )
        elif self._not_found_error is not None and not back:
            self._fail(self._not_found_error)
        else:
            nothing = language.text("The portal has nothing older") if back else language.text("Nothing new")
            self._context.status.show_refresh_message(
                nothing + partial_failure, waits_for_activity=bool(partial_failure), counts_repeats=run.is_requested
            )
        self._follow_up(run)

    def _follow_up(self, run: RefreshRun) -> None:
        """Pass the new stories of `run` to the function for the steps after a refresh: syncing marks, hook program, notification.

        A notification is wanted only if bpost started the refresh and the settings allow it. Do nothing if no new stories
        have come, or if older stories were loaded.
        """
        if run.plan.backfill:
            return
        new, self._superseded_new, run.new = (*self._superseded_new, *run.new), (), ()
        if new:
            self._after_refresh(new, self._notify if run.automatic and self._context.settings.notify else None)

    def _partial_failure_message(self, run: RefreshRun) -> str:
        """Return a text about the last paper that couldn't be refreshed, to add to the message of `run`.

        The text is empty if no paper has failed. It is also empty if all have failed, because the error is then shown instead.
        """
        papers, language = self._context.papers, self._context.language
        if run.error is None or len({*run.failed_papers}) >= (len(run.papers) or len(papers.all)):
            return ""
        name = papers.name(run.failed_papers[-1])
        if isinstance(run.error, PortalError):
            return " · " + language.text("{paper} can't be fetched", paper=name)
        return f" · {name}: {error_line(run.error, language)}"

    async def _notify(self, ids: Sequence[int]) -> None:
        if body := await to_thread(
            new_story_notice, self._context.listings, self._context.outlook.mutes, ids, self._context.settings.notify
        ):
            self._context.desktop.notify(self._context.papers.title(), body)

    def _fail(self, error: BPostError, *, is_requested: bool = False) -> None:
        """Show `error`, the error of a refresh that couldn't fetch stories. `is_requested`: whether the reader requested it."""
        if isinstance(error, NotFoundError):  # the portal did answer, so the news isn't old
            self._not_found_error = error
            self._context.status.show_refresh_message(error_line(error, self._context.language))
        elif not isinstance(error, PortalError | ContentError):
            self._context.status.show_refresh_message("")  # clears the message that fetching is under way
            self._context.status.show_error(error)
        elif self._context.posts.rows:
            self._context.run_worker(partial(self._show_failure, error, is_requested=is_requested), group="status")
        else:
            self._context.session.refresh_error = error
            self._context.status.show_refresh_message(
                self._context.text("Can't reach the portal"), waits_for_activity=True, counts_repeats=is_requested
            )
            self._lists.show_empty()

    async def _show_failure(self, error: BPostError, *, is_requested: bool) -> None:
        status = await to_thread(lambda: self._context.listings.age_message(offline=False, failed=True))
        if isinstance(error, PortalError) and error.redirects_to and (key := self._context.keys.key_label("move_paper")):
            status = self._context.text("{key}: move the paper there", key=key)
        self._context.status.show_refresh_message(
            f"{error_line(error, self._context.language)} · {status}",
            short=self._context.language.reason(without_subject(error.message)),  # an address alone would take the whole line
            waits_for_activity=True,
            counts_repeats=is_requested,
        )

    # ── the end of the list ─────────────────────────────────────────────────

    def show_end(self, _: ListResult | None = None) -> None:
        """Show a note below the last story: whether older stories can be loaded, and the key for that."""
        self._context.posts.set_end_items(self._end())

    def _end(self) -> tuple[Item, ...]:
        text, source = self._context.language.text, self._context.session.shown
        if self._context.fetcher.offline or not is_portal_list(source) or self._context.posts.more_after:
            return ()
        if self._older_progress:
            return templates.list_end(text("Loading older stories: {how_far}", how_far=self._older_progress))
        if base_source(source) in self._exhausted_lists:
            return templates.list_end(text("The portal has nothing older"))
        return templates.list_end(text("Load older stories"), self._context.keys.key_label("older"))
