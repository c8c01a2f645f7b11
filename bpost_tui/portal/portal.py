"""The portal as everything else sees it: pages of stories, categories, whole texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self, cast

from bpost_tui.errors import BPostError, ContentError, PortalError
from bpost_tui.i18n import Reason, about
from bpost_tui.model.identity import find_same
from bpost_tui.model.picture import Photo, Picture
from bpost_tui.model.story import Category, FeedPage, Story, Validators
from bpost_tui.model.versions import complete
from bpost_tui.portal.client import DEADLINE_S, Client, Fetched
from bpost_tui.portal.feed.parser import ParsedFeed
from bpost_tui.portal.parser_process import READ_LIMIT_S, ReaderProcess
from bpost_tui.portal.wordpress.addresses import SiteAddresses, is_archive, post_id, post_slug
from bpost_tui.portal.wordpress.api import WordPressApi

_SLUGS_PER_REQUEST = 20


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Portal:
    """A WordPress news portal; an async context manager.

    Args:
        address: Its front page.
        offline: Make no request: every question is answered with a PortalError.
        deadline_s: For one fetch in all.
        read_limit_s: For reading one document.
        clock: The time, aware.
    """

    def __init__(
        self,
        address: str,
        *,
        offline: bool = False,
        deadline_s: float = DEADLINE_S,
        read_limit_s: float = READ_LIMIT_S,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._site = SiteAddresses.at(address)
        self._client = Client(self._site.base, offline=offline, deadline_s=deadline_s, clock=clock)
        self._reader = ReaderProcess(limit_s=read_limit_s)
        self._offline = offline
        self._clock = clock
        self._api = WordPressApi(self._site, self._fetch_json, self._read)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._client.aclose()
        await self._reader.aclose()

    def take_contacts(self) -> dict[str, int]:
        """Return how many requests were made of each host since the last call."""
        return self._client.take_contacts()

    # ── feeds ───────────────────────────────────────────────────────────────

    def feed_address(self, category: str | None, page: int) -> str:
        """Return the address of a page of a category's feed, or of the front page's."""
        return self._site.feed(category, page)

    async def feed_page(
        self,
        category: str | None = None,
        page: int = 1,
        validators: Validators | None = None,
        known: Sequence[Category] = (),
        seen: str = "",
    ) -> FeedPage:
        """Return a page of a feed.

        Args:
            category: Its slug; None is the front page.
            page: From 1.
            validators: Of this very page, and only where its stories are held: WordPress says 304 for pages that don't exist.
            known: Categories, to tell them from tags. Those with a count are of the portal's own list (`categories`); where there
                is none, every term is taken for a category.
            seen: Digests of items of this very page that are held; while they are the same, they are not read again.

        Raises:
            PortalError: The page can't be had.
            ContentError: It is no feed.
        """
        address = self.feed_address(category, page)
        if validators is None:  # else nothing is new, as a rule, and there is nothing to read
            await self._warm_up()
        fetched = await self._client.fetch(address, "feed", validators)
        if fetched.status == 304:
            return FeedPage(address, validators=validators, not_modified=True)
        if fetched.status == 404 and page > 1:
            return FeedPage(address, end=True)
        if fetched.status != 200:
            raise _refused(address, fetched)
        listed = [category for category in known if category.portal_count is not None]
        parsed = cast(ParsedFeed, await self._read("feed", fetched, listed, seen))
        if parsed.stories or parsed.skipped:
            held_again = fetched.validators if not parsed.warnings else None
            return FeedPage(
                address, parsed.stories, held_again, warnings=parsed.warnings, digests=parsed.digests, skipped=parsed.skipped
            )
        empty = f"there is no category {category!r}, or nothing in it" if category else "the feed is empty"
        return FeedPage(address, end=True, warnings=parsed.warnings if page > 1 else (*parsed.warnings, empty))

    # ── wp-json ─────────────────────────────────────────────────────────────

    @property
    def api(self) -> WordPressApi:
        """The portal's wp-json; its questions raise PortalError and ContentError."""
        return self._api

    async def enrich(self, stories: Sequence[Story]) -> tuple[Story, ...]:
        """Return stories with what only wp-json knows: whole texts, modifications, which terms are categories.

        Where it doesn't answer, or not with sense, they are returned as they are: they are news all the same.
        """
        slugs = {slug: None for story in stories if story.link and (slug := post_slug(story.link))}
        found: list[Story] = []
        for start in range(0, len(slugs), _SLUGS_PER_REQUEST):
            some = list(slugs)[start : start + _SLUGS_PER_REQUEST]
            try:
                found += await self._posts(slug=",".join(some), per_page=len(some))
            except BPostError:
                break
        return tuple(complete(story, find_same(story, found)) for story in stories)

    async def full_story(self, story: Story) -> Story:
        """Return a story with its whole text: from wp-json, else from the article's page.

        Raises:
            PortalError: It can't be fetched.
            ContentError: What came can't be read, or there is nowhere to ask.
        """
        number, slug = post_id(story.guid), post_slug(story.link or "")
        if number or slug:
            same = find_same(story, await (self._posts(include=number) if number else self._posts(slug=slug or "")))
            if same is not None and same.full and same.blocks:
                return complete(story, same)
        if story.link is None:
            raise ContentError(f"“{story.title}” has no link to its text")
        await self._warm_up()
        fetched = await self._client.fetch(story.link, "page")
        if fetched.status != 200:
            raise _refused(story.link, fetched)
        return complete(story, cast(Story, await self._read("page", fetched)))

    async def story_at(self, link: str) -> Story | None:
        """Return the story at an address of the portal's: from wp-json, else from its page; None where there is none.

        Raises:
            PortalError: It can't be fetched.
            ContentError: What wp-json says can't be read.
        """
        number, slug = post_id(link), post_slug(link)
        if is_archive(link) or not (number or slug):
            return None
        said = await self._api.posts({"include": number} if number else {"slug": slug or ""})
        if said is not None:
            found = said.answer.stories
            return next(iter(found), None) if number else find_same(Story(link, "", link), found)
        await self._warm_up()
        fetched = await self._client.fetch(link, "page")
        if fetched.status != 200:
            return None
        try:
            return cast(Story, await self._read("page", fetched))
        except ContentError:  # a page without a story on it
            return None

    async def _posts(self, **query: str | int) -> tuple[Story, ...]:
        said = await self._api.posts(query)
        return said.answer.stories if said else ()

    async def _fetch_json(self, address: str) -> Fetched:
        await self._warm_up()
        return await self._client.fetch(address, "json")

    # ── being asked to wait ─────────────────────────────────────────────────

    @property
    def closed_until(self) -> datetime | None:
        """Until when the portal wants to be left alone (Retry-After); None where it never said so."""
        return self._client.closed_until

    def stay_away(self, until: datetime) -> None:
        """Ask nothing before a moment, as the portal wanted of an earlier run."""
        self._client.stay_away(until)

    def heed_wait(self) -> None:
        """Raise PortalError where the portal wants to be left alone."""
        self._client.heed_wait(self._site.base)

    # ── pictures ────────────────────────────────────────────────────────────

    async def picture(self, address: str) -> Picture:
        """Return a picture, fit to be kept.

        Raises:
            PortalError: It can't be fetched just now.
            ContentError: It isn't there, or is none that can be shown; asking again is no use.
        """
        await self._warm_up()
        try:
            fetched = await self._client.fetch(address, "picture")
        except PortalError as error:
            if error.final:
                raise ContentError(error.message, address=address) from error
            raise
        if fetched.status != 200:
            raise ContentError(_refused(address, fetched).message, address=address)
        return replace(cast(Picture, await self._read("picture", fetched)), sent_bytes=len(fetched.body))

    async def printed(self, picture: Picture, width_px: int, height_px: int, colours: int) -> Photo:
        """Return a kept picture in a size, in so many colours (0 is any). Asks nobody.

        Raises:
            ContentError: What was kept can't be decoded.
        """
        size = width_px, height_px, colours
        return cast(Photo, await self._reader.read("print", picture.data, "", "", (), self._clock(), size))

    # ── both ────────────────────────────────────────────────────────────────

    async def _warm_up(self) -> None:
        if not self._offline:
            await self._reader.start()

    async def _read(self, task: str, fetched: Fetched, known: Sequence[Category] = (), seen: str = "") -> object:
        return await self._reader.read(task, fetched.body, fetched.content_type, fetched.address, known, self._clock(), seen=seen)


def _refused(address: str, fetched: Fetched) -> PortalError:
    what = Reason("{status} {phrase}", status=str(fetched.status), phrase=HTTPStatus(fetched.status).phrase)
    return PortalError(about(address, what), address=address)
