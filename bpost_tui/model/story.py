"""The values that travel from the portal to the page. Standard library only; all times are aware and UTC.

Named tuples, for a fast start: defining one takes 0.06 ms, a frozen dataclass 0.4, and importing `dataclasses` itself 5.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from bpost_tui.model.blocks import Blocks, Image


class Category(NamedTuple):
    """A category of the portal's."""

    slug: str
    """Decoded (Bengali letters, not percent signs); the part of `/category/<slug>`."""
    name: str
    parent: str | None = None
    """The parent's slug."""
    portal_count: int | None = None
    """How many stories the portal says it has."""


class Story(NamedTuple):
    """One story, as far as it is known."""

    guid: str
    """Identity; survives a change of link or host."""
    title: str
    """The whole headline as sent, with its place tag."""
    link: str | None = None
    author: str = ""
    published: datetime | None = None
    modified: datetime | None = None
    """Only wp-json knows it."""
    categories: tuple[Category, ...] = ()
    tags: tuple[str, ...] = ()
    excerpt: str = ""
    blocks: Blocks = ()
    image: str | None = None
    """The lead picture's address."""
    full: bool = False
    """Whether `blocks` is the whole text."""


class Shelf(NamedTuple):
    """Which stories a list shows; the fields narrow it together."""

    category: str | None = None
    """A category's slug."""
    unread: bool = False
    starred: bool = False
    later: bool = False
    """Only what is kept to be read later."""


class Headline(NamedTuple):
    """A saved story as a row of a list: no text, but its marks."""

    id: int
    """The library's number for it, stable as long as the library."""
    guid: str
    title: str
    tag: str
    """The place tag before the title's colon, or empty."""
    link: str | None
    author: str
    published: datetime
    """When it was published, or first seen where the portal doesn't say."""
    modified: datetime | None
    excerpt: str
    categories: tuple[Category, ...]
    read: bool
    starred: bool
    later: bool
    """Whether it is kept to be read later."""
    full: bool
    first_seen: datetime
    """When it came into the library."""
    updated: datetime | None = None
    """When the portal last changed its words, after they had been saved."""
    withdrawn: datetime | None = None
    """When it was found to be on the portal no longer."""


class Revision(NamedTuple):
    """What a story said before it was edited on the portal."""

    replaced: datetime
    """When other words took its place in the library."""
    title: str
    blocks: Blocks


class SavedStory(NamedTuple):
    """A saved story with its text."""

    headline: Headline
    blocks: Blocks
    tags: tuple[str, ...] = ()
    image: str | None = None


class CategoryCount(NamedTuple):
    """A category with how many saved stories it holds."""

    category: Category
    total: int
    unread: int


class Validators(NamedTuple):
    """What makes the next request of one address conditional (RFC 9110 §13), as the portal sent it but without `W/`."""

    etag: str | None = None
    last_modified: str | None = None


class FeedPage(NamedTuple):
    """One page of a feed, or the news that there is nothing new."""

    address: str
    stories: tuple[Story, ...] = ()
    validators: Validators | None = None
    """To be stored only after these stories are."""
    not_modified: bool = False
    end: bool = False
    """Past the last page: the normal end, not an error."""
    warnings: tuple[str, ...] = ()
    """One line for each thing that could not be read."""
    digests: str = ""
    """Those of its items, by which they are known the next time; to be stored with the validators."""
    skipped: int = 0
    """How many items were not read again, for they are the same as before."""


class PostsPage(NamedTuple):
    """A page of what wp-json lists."""

    address: str
    stories: tuple[Story, ...] = ()
    numbers: tuple[int, ...] = ()
    """WordPress's number of each story, 0 where it says none."""
    end: bool = False
    """Whether nothing comes after it."""
    total: int | None = None
    """How many there are in all, on this page and after it, where the portal says."""
    warnings: tuple[str, ...] = ()
    """One line for each thing that could not be read."""


def images(saved: SavedStory) -> tuple[Image, ...]:
    """Return the pictures of a story: those in its text, else the one the portal leads it with."""
    in_text = tuple(block for block in saved.blocks if isinstance(block, Image))
    return in_text or ((Image(saved.image),) if saved.image else ())
