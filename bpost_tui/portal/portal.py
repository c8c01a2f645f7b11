"""Portal as the rest of bpost uses it: feed pages, wp-json, whole texts, pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

from bpost_tui.bengali.normalise import words
from bpost_tui.errors import BPostError, ContentError, NotFoundError, PortalError
from bpost_tui.i18n import Reason, did_you_mean, message, prefix_reason
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.paper import WORDPRESS
from bpost_tui.model.story import Category, FeedPage, Story, Validators
from bpost_tui.model.story_identity import find_same
from bpost_tui.model.story_merge import merge_detail
from bpost_tui.model.text_end import text_end_of
from bpost_tui.portal.http.client import DEADLINE_S, HttpClient, HttpResponse, status_reason
from bpost_tui.portal.http.policy import RequestLog
from bpost_tui.portal.http.transport import SMALL_READ_BYTES
from bpost_tui.portal.kinds import KINDS
from bpost_tui.portal.kinds.paper_kind import PaperApi
from bpost_tui.portal.parse_results import ParsedFeed, ParsedPage, ParserTask
from bpost_tui.portal.wordpress.wordpress_addresses import is_archive, post_id, post_slug
from bpost_tui.portal.wordpress.wp_json import ApiCallbacks
from bpost_tui.portal.worker.parser_process import ParserPool
from bpost_tui.urls import portal_key, with_slash

if TYPE_CHECKING:
    from asyncio import Semaphore

    from bpost_tui.model.stored_picture import StoredPicture
    from bpost_tui.typesetting.typeset.photo import Photo

_SLUGS_PER_REQUEST = 20
_LOGIN_HINT = message("The portal may be down for maintenance, or may want you to log in first.")
_MIN_WORD_CHARS, _MIN_SHARE = 4, 0.1
"""Minimum length of a word in characters, and minimum share of such words, to recognise the page of a story.

A page counts as the story's if it has this share of the words of the headline and the summary that are long enough. Half of the
words of the headline, of any length, are also enough.
"""
_IN_THE_BROWSER = message("Open it in the browser.")


class Portal:
    """Access to one paper and its news; an async context manager.

    Args:
        address: The front page of a WordPress portal, or the address of a feed or sitemap.
        kind: Name of the paper's kind, a key of `kinds.KINDS`.
        notes: Record of requests; new requests are added to it. None for a record that is kept until the process ends.
        offline: Whether requests are forbidden; methods that need a request then raise PortalError.
        deadline_s: Maximum time in seconds for one fetch.
        read_bytes: Number of bytes read from a connection before other tasks get their turn.
        clock: Function that returns the current time with its time zone.
        slots: Limit on simultaneous requests, shared with other objects that send requests to the same host. None for a limit
            of its own.
        parsers: Parser pool that several papers share. The code that created it must close it. None for a pool of its own.
        text_selector: CSS selector of the text on the paper's pages; empty if the parser finds the text.
        feeds_end_in_slash: Whether a WordPress portal has redirected a feed to the same address with a slash.
    """

    def __init__(
        self,
        address: str,
        *,
        kind: str = WORDPRESS,
        notes: RequestLog | None = None,
        offline: bool = False,
        deadline_s: float = DEADLINE_S,
        read_bytes: int = SMALL_READ_BYTES,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        slots: Semaphore | None = None,
        parsers: ParserPool | None = None,
        text_selector: str = "",
        feeds_end_in_slash: bool = False,
    ) -> None:
        self._kind, self._address = kind, address
        self._feeds_end_in_slash = feeds_end_in_slash
        self._site = KINDS[kind].site(address, ApiCallbacks(self._fetch_json, self._read))
        base = self._site.base
        self._client = HttpClient(
            base, notes=notes, offline=offline, deadline_s=deadline_s, read_bytes=read_bytes, clock=clock, slots=slots
        )
        self._parsers = ParserPool() if parsers is None else parsers
        self._own_parsers = parsers is None
        self._offline = offline
        self._clock = clock
        self._text_selector = text_selector
        self.unselected_page = ""
        """Address of the last page that was read and had no element for `text_selector`; empty if every page had one."""

    @property
    def is_offline(self) -> bool:
        """Whether the portal was opened for offline use, so that it makes no request."""
        return self._offline

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            await self._client.aclose()
        finally:
            if self._own_parsers:
                await self._parsers.aclose()

    # ── feeds ───────────────────────────────────────────────────────────────

    def feed_address(self, category: str | None, page: int) -> str:
        """Return the address of a page of a feed: a category's, or the front page's if `category` is None.

        Results of fetching are recorded by this address.
        """
        address = self._site.feed(category, page)
        return with_slash(address) if self._feeds_end_in_slash and not self._site.is_one_feed else address

    async def feed_page(
        self,
        category: str | None = None,
        page: int = 1,
        validators: Validators | None = None,
        known: Sequence[Category] = (),
        seen: str = "",
        cached: Callable[[str], tuple[Validators | None, str]] = lambda _: (None, ""),
    ) -> FeedPage:
        """Return a page of a feed.

        Args:
            category: Slug of the category; None is the front page. If a paper has a single feed, the feed's stories of this
                category are returned.
            page: Number of the page, from 1.
            validators: Validators of this page; None unless its stories are stored,
                because WordPress sends 304 (not modified) even for missing pages.
            known: Categories, to distinguish them from tags. Only categories with a `portal_count` are used, since they are from
                the portal's own list; if there are none, all tags of a story count as categories.
            seen: Digests of the items of this page that are stored already; an item with one of these digests isn't parsed again.
            cached: Function that returns (validators, seen digests) for an address. If the paper is an index of sitemaps, it is
                called for the sitemap file that is fetched next.

        Raises:
            NotFoundError: The portal has no such category; or the category's feed is empty and the portal's list doesn't name it.
            PortalError: The page can't be fetched.
            ContentError: The page is no feed, or nothing in it can be read.
        """
        if page > 1 and self._site.is_one_feed:
            return FeedPage(self.feed_address(category, page), end=True)
        if validators is None:  # with validators, as a rule nothing is new and nothing has to be parsed
            await self._start_parser()
        address, fetched, ends_in_slash = await self._fetch_feed(category, page, validators)
        moved_to = fetched.moved_to if address == self._address and portal_key(fetched.moved_to) != portal_key(address) else ""
        if fetched.status == 304:
            return FeedPage(address, validators=validators, not_modified=True, moved_to=moved_to, ends_in_slash=ends_in_slash)
        if fetched.status == 404 and page > 1:
            return FeedPage(address, end=True)
        listed = [category for category in known if category.portal_count is not None]
        own, part = (None, category) if self._site.is_one_feed else (category, None)
        if fetched.status == 404 and own:
            raise _no_category(own, listed)
        parsed = await self._read_feed(address, fetched, listed, seen)
        if is_index := bool(parsed.files):
            address = parsed.files[0]
            validators, seen = cached(address)
            fetched = await self._client.fetch(address, "feed", validators)
            if fetched.status == 304:
                return FeedPage(address, validators=validators, not_modified=True, moved_to=moved_to)
            parsed = await self._read_feed(address, fetched, listed, seen)
            if parsed.files:
                raise ContentError(prefix_reason(address, Reason("an index of sitemaps in another")), address=address)
        if parsed.stories or parsed.skipped:
            validators = fetched.validators if not parsed.warnings else None
            return FeedPage(
                address,
                tuple(story for story in parsed.stories if part is None or any(each.slug == part for each in story.categories)),
                validators,
                warnings=parsed.warnings,
                digests=parsed.digests,
                skipped=parsed.skipped,
                name=parsed.name,
                moved_to=moved_to,
                addresses=None if is_index else parsed.addresses.elsewhere((self._address, address, fetched.address)),
                is_file=is_index,
                ends_in_slash=ends_in_slash,
            )
        if parsed.warnings:
            raise ContentError(prefix_reason(address, parsed.warnings[0]), address=address)
        if own and page == 1 and all(each.slug != own for each in listed):
            raise _no_category(own, listed)
        is_fault = not (own or page > 1 or KINDS[self._kind].may_be_empty)
        return FeedPage(address, end=True, warnings=(Reason("the feed is empty"),) if is_fault else ())

    async def _fetch_feed(
        self, category: str | None, page: int, validators: Validators | None
    ) -> tuple[str, HttpResponse, bool | None]:
        """Fetch a page of a feed. Return (address for the next refresh, response, whether feed addresses end in a slash).

        The third value is what the response shows about the site's feed addresses. It is True after a permanent redirect to the
        same address with a slash at its end. It is False after a redirect to the address without the slash, or if no feed is at
        the address with the slash. It is None if the response shows neither, or if the paper is a single feed. `category` is a
        slug, None for the front page; `page` counts from 1; `validators` make the request conditional.
        """
        usual, address = self._site.feed(category, page), self.feed_address(category, page)
        fetched = await self._client.fetch(address.partition("#")[0], "feed", validators)
        if slash_is_gone := fetched.status == 404 and page == 1 and address != usual:
            self._feeds_end_in_slash = False  # otherwise a site that no longer has these addresses would fail for ever
            address = usual
            fetched = await self._client.fetch(address, "feed")
        has_slash = None if self._site.is_one_feed else {with_slash(usual): True, usual: False}.get(fetched.moved_to)
        if has_slash is not None:
            return fetched.moved_to, fetched, has_slash
        return address, fetched, False if slash_is_gone else None

    async def _read_feed(self, address: str, fetched: HttpResponse, listed: Sequence[Category], seen: str) -> ParsedFeed:
        if fetched.status != 200:
            raise _status_error(address, fetched)
        return cast(ParsedFeed, await self._read("feed", fetched, listed, seen))

    # ── wp-json ─────────────────────────────────────────────────────────────

    @property
    def api(self) -> PaperApi:
        """API of the portal, for WordPress its wp-json. The API's methods raise PortalError and ContentError."""
        return self._site.api

    async def enrich(self, stories: Sequence[Story]) -> tuple[Story, ...]:
        """Return stories with facts that only the WordPress API has: text, time of change, which terms are categories, not tags.

        A story is returned unchanged if the API has no answer about it, or an answer that can't be read.
        """
        slugs = {slug: None for story in stories if story.link and (slug := post_slug(story.link))}
        found: list[Story] = []
        for start in range(0, len(slugs), _SLUGS_PER_REQUEST):
            some = list(slugs)[start : start + _SLUGS_PER_REQUEST]
            try:
                found += await self._posts(slug=",".join(some), per_page=len(some))
            except BPostError:
                break
        return tuple(merge_detail(story, find_same(story, found)) for story in stories)

    async def full_story(self, story: Story) -> Story:
        """Return a story with its whole text: from WordPress's API, else from the article's page.

        Raises:
            PortalError: The text can't be fetched. If the page's HTTP status gives a reason, such as that the story is gone, the
                error's `text_end` has it.
            ContentError: The answer can't be read, or the story has no address, or an address on another site.
        """
        number, slug = post_id(story.guid), post_slug(story.link or "")
        if number or slug:
            same = find_same(story, await (self._posts(include=number) if number else self._posts(slug=slug or "")))
            if same is not None and same.full and same.blocks:
                return merge_detail(story, same)
        if story.link is None:
            raise ContentError(Reason("“{title}” has no link to its text", title=story.title))
        if not self._client.policy.is_own(story.link):
            raise ContentError(
                prefix_reason(story.link, Reason("its text is on another site")), address=story.link, hint=_IN_THE_BROWSER
            )
        await self._start_parser()
        fetched = await self._client.fetch(story.link, "page")
        if fetched.status != 200:
            raise _status_error(story.link, fetched)
        page = await self._read_page(fetched)
        if not _is_page_of(story, page):
            why = Reason("another page came in place of the story")
            raise ContentError(prefix_reason(story.link, why), address=story.link, hint=_LOGIN_HINT)
        return merge_detail(story, page)

    async def story_at(self, link: str) -> Story | None:
        """Return the story at the address `link` of the portal; None if there is no story, or the address is on another host.

        The story is read from WordPress's API, or from its page if the API doesn't answer. A page without a date of publication has
        no story.

        Raises:
            PortalError: The address can't be fetched.
            ContentError: The answer of WordPress's API can't be read.
        """
        number, slug = post_id(link), post_slug(link)
        if not self._client.policy.is_own(link) or is_archive(link) or not (number or slug):
            return None
        answer = await self.api.posts({"include": number} if number else {"slug": slug or ""})
        if answer is not None:
            found = answer.parsed.stories
            return next(iter(found), None) if number else find_same(Story(link, "", link), found)
        await self._start_parser()
        fetched = await self._client.fetch(link, "page")
        if fetched.status != 200:
            return None
        try:
            page = await self._read_page(fetched)
        except ContentError:  # a page without a story on it
            return None
        # neither a login page of the network nor a page that says that the site is closed has a date; 114 of 116 newspaper pages do
        return page if page.published else None

    async def _read_page(self, fetched: HttpResponse) -> Story:
        page = cast(ParsedPage, await self._read("page", fetched))
        self.unselected_page = fetched.address if page.lacks_selected else self.unselected_page
        return page.story

    async def _posts(self, **query: str | int) -> tuple[Story, ...]:
        answer = await self.api.posts(query)
        return answer.parsed.stories if answer else ()

    async def _fetch_json(self, address: str) -> HttpResponse:
        await self._start_parser()
        return await self._client.fetch(address, "json")

    # ── Retry-After ─────────────────────────────────────────────────────────

    async def check_wait(self) -> None:
        """Raise PortalError if the portal asked us to wait and that time isn't over."""
        await self._client.policy.check_wait(self._site.base)

    # ── pictures ────────────────────────────────────────────────────────────

    async def picture(self, address: str) -> StoredPicture:
        """Return a picture, ready to be stored.

        Raises:
            PortalError: The picture can't be fetched now; a later try may succeed.
            ContentError: The picture doesn't exist or can't be shown; a second try is of no use.
        """
        await self._start_parser()
        try:
            fetched = await self._client.fetch(address, "picture")
        except PortalError as error:
            if error.final:
                raise ContentError(error.message, address=address) from error
            raise
        if fetched.status != 200:
            raise ContentError(_status_error(address, fetched).message, address=address)
        return replace(cast("StoredPicture", await self._read("picture", fetched)), sent_bytes=len(fetched.body))

    async def render_picture(self, picture: StoredPicture, width_px: int, height_px: int, colours: int) -> Photo:
        """Return a stored picture of `width_px` by `height_px` pixels, with at most `colours` colours (0 for no limit).

        Makes no request.

        Raises:
            ContentError: The picture can't be decoded.
        """
        task = ParserTask("render", "", "", self._clock(), kind="", size=(width_px, height_px, colours))
        return cast("Photo", await self._parsers.parse(task, picture.data))

    # ── the parser process ──────────────────────────────────────────────────

    async def _start_parser(self) -> None:
        if not self._offline:
            await self._parsers.start()

    async def _read(self, task: str, fetched: HttpResponse, known: Sequence[Category] = (), seen: str = "") -> object:
        how = ParserTask(
            task,
            fetched.content_type,
            fetched.address,
            self._clock(),
            self._kind,
            tuple(known),
            text_selector=self._text_selector,
            seen_digests=seen,
        )
        return await self._parsers.parse(how, fetched.body)


def _no_category(slug: str, listed: Sequence[Category]) -> NotFoundError:
    why = Reason("the portal has no category '{slug}', or nothing in it", slug=slug[:80])
    return NotFoundError(why, hint=did_you_mean(slug, [category.slug for category in listed]) or "")


def _is_page_of(story: Story, page: Story) -> bool:
    """Whether `page`, read from the story's address, shows the story: it has words of the headline or of the summary.

    A network's login page has none of them, and neither has a page that says that the site is closed. Both may come with status
    200.
    """
    shown = _words(page.title, page.excerpt, plain_text(page.blocks))
    title = _words(story.title)
    if title and len(title & shown) >= len(title) / 2:
        return True
    known = {word for word in title | _words(story.excerpt) if len(word) >= _MIN_WORD_CHARS}
    return len(known & shown) >= _MIN_SHARE * len(known)


def _words(*texts: str) -> set[str]:
    return {word for text in texts for word in words(text)}


def _status_error(address: str, fetched: HttpResponse) -> PortalError:
    what = prefix_reason(address, status_reason(fetched.status, fetched.service))
    return PortalError(what, address=address, text_end=text_end_of(fetched.status, fetched.service))
