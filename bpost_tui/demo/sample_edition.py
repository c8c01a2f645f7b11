"""Sample edition as values: its stories and categories, read from the files beside this module."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bpost_tui.bengali.calendar import MONTHS
from bpost_tui.bengali.letters import digits
from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason, prefix_reason
from bpost_tui.untrusted import read_toml

SITE_ZONE = ZoneInfo("Asia/Kolkata")
PICTURE_SIZE_PX = (800, 450)
"""Width and height in pixels of all pictures of the edition."""
_HERE = Path(__file__).parent
_NAMES = {"stories": "দ্য বেঙ্গল পোস্ট নমুনা সংস্করণ", "gazette": "নমুনা গেজেট"}
"""Names of the two papers in datelines, by the folder of the paper's stories."""


@dataclass(frozen=True, slots=True)
class SampleCategory:
    """Category of the sample edition."""

    id: int
    slug: str
    """Slug (its name in addresses), with Bengali letters instead of percent-encoding."""
    name: str
    """Name as plain text, not HTML."""


@dataclass(frozen=True, slots=True)
class SamplePost:
    """Story of the sample edition, with the values in its file."""

    id: int
    slug: str
    title: str
    """Title as plain text, not HTML."""
    author: str
    categories: tuple[SampleCategory, ...]
    """Categories of the story; the first category is part of the story's address."""
    tags: tuple[str, ...]
    published: datetime
    modified: datetime
    picture: str | None
    """File name of the lead picture; None if the story has no picture."""
    picture_alt: str
    body: str
    """Text as HTML; `{home}` in it is replaced by the portal's address."""

    @property
    def path(self) -> str:
        """Path of the permalink: `/<category>/<slug>.html`."""
        return f"/{encoded(self.categories[0].slug)}/{self.slug}.html"

    def content(self, home: str) -> str:
        """Return the text as HTML for a portal at the address `home` (without a trailing slash)."""
        return self.body.replace("{home}", home)


@dataclass(frozen=True, slots=True)
class SampleEdition:
    """Stories of the sample edition's two papers, each the newest first, and all categories."""

    stories: tuple[SamplePost, ...]
    categories: tuple[SampleCategory, ...]
    gazette: tuple[SamplePost, ...] = ()
    """Stories of the second paper. They report news that the first paper also has, so that the demo groups them."""


def load_edition(now: datetime) -> SampleEdition:
    """Return the sample edition. Each story's file states an age; `now` (with a time zone) minus this age is the story's date.

    Raises:
        ContentError: A file isn't a story; the message names it.
    """
    listed = read_toml((_HERE / "categories.toml").read_text(encoding="utf-8"))["category"]
    categories = tuple(SampleCategory(**entry) for entry in listed)
    by_slug = {category.slug: category for category in categories}
    return SampleEdition(_posts("stories", by_slug, now), categories, _posts("gazette", by_slug, now))


def _posts(folder: str, categories: Mapping[str, SampleCategory], now: datetime) -> tuple[SamplePost, ...]:
    """Return the stories in a folder beside this module, the newest first. `categories` has all categories by slug.

    Each story's date is `now` minus the age that its file states. Raises ContentError if a file isn't a story.
    """
    stories = []
    for file in sorted((_HERE / folder).iterdir(), key=lambda file: file.name):
        try:
            stories.append(_post(read_toml(file.read_text(encoding="utf-8")), _NAMES[folder], categories, now.astimezone(UTC)))
        except (ContentError, KeyError) as error:
            raise ContentError(prefix_reason(file.name, Reason("can't be read: {reason}", reason=error))) from error
    return tuple(sorted(stories, key=lambda post: (post.published, post.id), reverse=True))


def picture(name: str) -> bytes | None:
    """Return the content of the picture file `name`, or None if the edition has no such picture."""
    known = {file.name: file for file in (_HERE / "pictures").iterdir()}
    return known[name].read_bytes() if name in known else None


def encoded(slug: str) -> str:
    """Return a slug percent-encoded in lower case, as WordPress writes addresses."""
    return quote(slug, safe="").lower()


def _post(entry: Mapping[str, Any], paper: str, categories: Mapping[str, SampleCategory], now: datetime) -> SamplePost:
    published = (now - timedelta(hours=entry["age_hours"])).replace(microsecond=0)
    edited = timedelta(hours=entry.get("edited_hours_later", 0))
    return SamplePost(
        id=entry["id"],
        slug=entry["slug"],
        title=entry["title"],
        author=entry["author"],
        categories=tuple(categories[slug] for slug in entry["categories"]),
        tags=tuple(entry.get("tags", ())),
        published=published,
        modified=published + edited,
        picture=entry.get("picture"),
        picture_alt=entry.get("picture_alt", ""),
        body=entry["body"].strip().replace("{dateline}", _dateline(paper, entry["place"], published)),
    )


def _dateline(paper: str, place: str, published: datetime) -> str:
    local = published.astimezone(SITE_ZONE)
    line = f"{paper}, {place}, {digits(local.day)} {MONTHS[local.month - 1]}:"
    return unicodedata.normalize("NFC", line)  # as in the stories
