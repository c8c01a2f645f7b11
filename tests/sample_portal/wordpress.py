"""WordPress's view of the sample edition's stories and categories: paths, excerpts, lists."""

from __future__ import annotations

import re
from html import unescape

from bpost_tui.demo.sample_edition import SampleCategory, SampleEdition, SamplePost, encoded

_MARKUP = re.compile(r"<figure.*?</figure>|<[^>]+>", re.DOTALL)


def category_path(category: SampleCategory) -> str:
    """Return a category's path, percent-encoded in lower case."""
    return f"/category/{encoded(category.slug)}"


def opening(post: SamplePost, words: int, ending: str) -> str:
    """Return a story's first words without markup and figures, with an ending if there are more."""
    plain = unescape(_MARKUP.sub(" ", post.body)).split()
    return " ".join(plain[:words]) + (ending if len(plain) > words else "")


def in_category(edition: SampleEdition, slug: str) -> tuple[SamplePost, ...]:
    """Return the stories of a category, newest first; empty if the category is unknown."""
    return tuple(post for post in edition.stories if any(category.slug == slug for category in post.categories))
