"""What `--json` prints: part of the command line's promise, so fields are added, never changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..news.codec import Json, blocks_to_json, plain_text
from ..news.model import CategoryCount, Headline, SavedStory

if TYPE_CHECKING:
    from ..store.values import Hit


def as_json(value: object) -> str:
    """Return a value as JSON text in UTF-8's letters."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def headline(row: Headline) -> Json:
    """Return a story without its text."""
    return {
        "id": row.id,
        "guid": row.guid,
        "title": row.title,
        "tag": row.tag,
        "link": row.link,
        "author": row.author,
        "published": _time(row.published),
        "modified": _time(row.modified) if row.modified else None,
        "categories": [{"slug": category.slug, "name": category.name} for category in row.categories],
        "excerpt": row.excerpt,
        "read": row.read,
        "starred": row.starred,
        "later": row.later,
        "full": row.full,
        "updated": _time(row.updated) if row.updated else None,
        "withdrawn": _time(row.withdrawn) if row.withdrawn else None,
    }


def hit(found: Hit) -> Json:
    """Return a story that a query found; marks are pairs of character offsets, where each begins and ends."""
    return {
        **headline(found.headline),
        "snippet": found.snippet,
        "snippet_marks": [list(pair) for pair in found.marks],
        "title_marks": [list(pair) for pair in found.title_marks],
    }


def story(saved: SavedStory) -> Json:
    """Return a story with its text."""
    return {**headline(saved.headline), "text": plain_text(saved.blocks), "blocks": blocks_to_json(saved.blocks)}


def category(count: CategoryCount) -> Json:
    """Return a category: `count` is the portal's own figure or null, `saved` and `unread` are the library's."""
    known = count.category
    return {
        "slug": known.slug,
        "name": known.name,
        "parent": known.parent,
        "count": known.count,
        "saved": count.total,
        "unread": count.unread,
    }


def _time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
