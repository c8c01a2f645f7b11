"""Addresses of a WordPress site: builds the addresses to request, and reads the parts of a story's address. Pure.

Source: the REST API handbook (developer.wordpress.org/rest-api), and the answers of a WordPress 6.8.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import last_part

PER_PAGE = 100
"""Maximum number of stories or categories that WordPress returns in one response."""
_POST_FIELDS = "id,guid,date_gmt,modified_gmt,slug,link,title,content,excerpt,_links,_embedded"
_EMBEDDED = "author,wp:term,wp:featuredmedia"
_CATEGORY_FIELDS = "id,name,slug,parent,count"
_NO_POST = re.compile("/(?:category|tag|author|page|feed|comments|wp-(?:admin|content|includes|json))(?:/|$)")

QueryArguments = Mapping[str, str | int]
"""Query arguments that narrow a list, by WordPress's own names: `{"categories": 5, "page": 2}`."""


class WordPressAddresses(NamedTuple):
    """Addresses of one WordPress site."""

    base: str
    """Address of the front page (`urls.portal_base`): without a slash at the end; may have a path."""

    def feed(self, category: str | None = None, page: int = 1) -> str:
        """Return the address of a page of a feed: the feed of a category, or of the front page if `category` is None."""
        path = f"/category/{quote(category, safe='')}/feed" if category else "/feed"
        return f"{self.base}{path}" + (f"?paged={page}" if page > 1 else "")

    def categories(self, query: QueryArguments, *, pretty: bool = True) -> str:
        """Return the address of a page of the list of categories that `query` selects.

        With `pretty`, the address has a path (`/wp-json/…`), otherwise a query, as a site with permalinks off needs it.
        """
        return self._api("categories", {"per_page": PER_PAGE, **query, "_fields": _CATEGORY_FIELDS}, pretty=pretty)

    def posts(self, query: QueryArguments, *, pretty: bool = True) -> str:
        """Return the address of the list of posts, with their whole text, that `query` selects.

        With `pretty`, the address has a path (`/wp-json/…`), otherwise a query, as a site with permalinks off needs it.
        """
        return self._api("posts", {**query, "_embed": _EMBEDDED, "_fields": _POST_FIELDS}, pretty=pretty)

    def _api(self, route: str, query: QueryArguments, *, pretty: bool) -> str:
        """Return an address of WordPress's API, for the route `route` (such as `posts`), with the arguments `query`.

        A `pretty` address has a path (`/wp-json/…`). A site with permalinks off answers only to the other form, with a query.
        """
        if pretty:
            return f"{self.base}/wp-json/wp/v2/{route}?{urlencode(query)}"
        return f"{self.base}/?{urlencode({'rest_route': f'/wp/v2/{route}', **query})}"


def post_id(guid: str) -> int | None:
    """Return the number that WordPress gave a post, read from the post's guid (`https://…/?p=423`); None if the guid has none."""
    number = parse_qs(urlsplit(guid).query).get("p", [""])[0]
    return int(number) if re.fullmatch("[0-9]{1,12}", number) else None


def post_slug(link: str) -> str | None:
    """Return the slug in a post's address, decoded: the last part of its path without `.html`. None if the path is empty."""
    return last_part(link).removesuffix(".html") or None


def is_archive(link: str) -> bool:
    """Whether an address leads to a list of posts or to a file, not to a post. Judged by WordPress's usual paths."""
    return _NO_POST.search(urlsplit(link).path) is not None
