"""Rows that come from a file which isn't trusted: their texts, addresses and numbers, checked as the portal's are.

Each function takes a row as {column: value}, with the columns that its file has, and returns it as it may be stored, None where
nothing of it can be used. They raise TypeError, ValueError or AttributeError for values of another type.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from bpost_tui.errors import ContentError
from bpost_tui.json_fields import string
from bpost_tui.model.kept_passages import KeptPassage, Selector, clean_passage
from bpost_tui.model.sanitize import (
    MAX_EXCERPT_CHARS,
    MAX_NAME_CHARS,
    MAX_SAVED_GUID_CHARS,
    MAX_TERMS,
    MAX_TITLE_CHARS,
    clean_blocks,
    clean_category,
    clean_line,
)
from bpost_tui.model.story import Category
from bpost_tui.store.results import OwnList, Position, SavedSearch
from bpost_tui.store.rows import blocks_from_text, blocks_to_text, from_us
from bpost_tui.store.schema import ALL_PAPERS, FIRST_PAPER
from bpost_tui.store.search.query import MOST_CHARACTERS
from bpost_tui.store.steps.list_steps import OWN
from bpost_tui.store.steps.same_news_steps import FOLDED
from bpost_tui.urls import MAX_LINK_CHARS, clean_link, link_key

Row = dict[str, Any]


def _story(row: Row) -> Row | None:
    guid = _line(row["guid"], MAX_SAVED_GUID_CHARS)
    cleaned = {
        "guid": guid,
        "link": _link(row.get("link")),
        "title": _line(row["title"], MAX_TITLE_CHARS),
        "author": _line(row["author"], MAX_NAME_CHARS),
        "excerpt": _line(row["excerpt"], MAX_EXCERPT_CHARS),
        "image": _link(row.get("image")),
        "tags": json.dumps(_tags(row.get("tags")), ensure_ascii=False),
    }
    return _with(row, cleaned) if guid else None


def _text(row: Row) -> Row | None:
    try:
        return _with(row, {"blocks": blocks_to_text(clean_blocks(blocks_from_text(row["blocks"])))})
    except ContentError:
        return None


def _revision(row: Row) -> Row | None:
    text = _text(row)
    return text and _with(text, {"title": clean_line(row["title"], MAX_TITLE_CHARS)})


def _category(row: Row) -> Row | None:
    if row["id"] in (FIRST_PAPER, ALL_PAPERS, FOLDED):
        return None  # every file is made with them; the paper's name, which the first holds, comes again with the next feed
    if row["id"] <= OWN:
        return None  # made anew of reader.db
    if row["slug"] is None and row["id"] == row.get("paper"):
        return _with(row, {"name": clean_line(row["name"], MAX_NAME_CHARS), "parent": None})
    slug, name, parent, _ = clean_category(Category(row["slug"], row["name"], row.get("parent") or None))
    return _with(row, {"slug": slug, "name": name, "parent": parent}) if slug else None


def _paper(row: Row) -> Row | None:
    names = {name: clean_line(row[name], MAX_NAME_CHARS) for name in ("key", "name")}
    return _with(row, {**names, "address": clean_line(row["address"], MAX_LINK_CHARS)})


def _placed(row: Row) -> Row | None:
    return None if row["shelf"] in (ALL_PAPERS, FOLDED) or row["shelf"] <= OWN else row  # filled anew


def _mark(row: Row) -> Row | None:
    item, fraction = row.get("item"), row.get("fraction")
    row = _with(row, {"paper": clean_line(row.get("paper") or "", MAX_NAME_CHARS)})
    if type(item) is not int or not isinstance(fraction, float) or not math.isfinite(fraction):
        return _with(row, {"item": None, "fraction": None})
    return _with(row, Position.within_bounds(item, fraction)._asdict())


def _search(row: Row) -> Row | None:
    return _with(row, clean_search(SavedSearch(row["name"], row["query"]))._asdict())


def clean_search(search: SavedSearch) -> SavedSearch:
    """Return a saved search from a file with both strings passed through the gate."""
    return SavedSearch(clean_line(search.name, MAX_NAME_CHARS), clean_line(search.query, MOST_CHARACTERS))


def clean_list(own: OwnList) -> OwnList:
    """Return a list of the reader's own, from a file, with both strings passed through the gate."""
    return OwnList(clean_line(own.key, MAX_NAME_CHARS), clean_line(own.name, MAX_NAME_CHARS))


def _apart(row: Row) -> Row | None:
    cleaned = {name: _line(row[name], MAX_SAVED_GUID_CHARS) for name in ("guid", "paper", "other_guid", "other_paper")}
    return _with(row, cleaned) if cleaned["guid"] and cleaned["other_guid"] else None


def _passage(row: Row) -> Row | None:
    selector = Selector(row["exact"], row["prefix"], row["suffix"], bool(row["is_repeated"]))
    of_story = row["guid"], row["paper"], row["paper_name"], row["title"], row["link"]
    times = from_us(row["published_us"]), row["note"], from_us(row["kept_us"]), from_us(row["changed_us"])
    try:
        passage = clean_passage(KeptPassage("", selector, *of_story, *times))
    except ContentError:
        return None
    cleaned = {name: value for name, value in passage._asdict().items() if name in row}
    exact, prefix, suffix, is_repeated = passage.selector
    quoted = {"exact": exact, "prefix": prefix, "suffix": suffix, "is_repeated": int(is_repeated)}
    return _with(row, {**cleaned, **quoted, "link_key": link_key(passage.link)})


def _deleted_passage(row: Row) -> Row | None:
    return _with(row, {"key": clean_line(row["key"], MAX_NAME_CHARS)})


def _list(row: Row) -> Row | None:
    cleaned = clean_list(OwnList(row["key"], row["name"]))
    return _with(row, cleaned._asdict()) if all(cleaned) else None


def _listed(row: Row) -> Row | None:
    limits = {"list": MAX_NAME_CHARS, "guid": MAX_SAVED_GUID_CHARS, "paper": MAX_NAME_CHARS}
    cleaned = {name: _line(row[name], limit) for name, limit in limits.items()}
    return _with(row, cleaned) if cleaned["list"] and cleaned["guid"] else None


def _mute(row: Row) -> Row | None:
    cleaned = {name: _line(row[name], MAX_NAME_CHARS) for name in ("kind", "name")}
    return _with(row, cleaned) if all(cleaned.values()) else None


def _contact(row: Row) -> Row | None:
    return _with(row, {"host": clean_line(row["host"], MAX_TITLE_CHARS)})


def _tags(value: object) -> list[str]:
    with suppress(ValueError, RecursionError):
        if isinstance(tags := json.loads(string(value)), list):
            return [clean_line(tag, MAX_NAME_CHARS) for tag in tags[:MAX_TERMS] if isinstance(tag, str)]
    return []


def _line(value: object, limit: int) -> str:
    return clean_line(string(value), limit)


def _link(value: str | None) -> str | None:
    return None if value is None else clean_link(value)


def _with(row: Row, changes: Mapping[str, object]) -> Row:
    """Return a row with other values in those of its columns that are named."""
    return {name: changes.get(name, value) for name, value in row.items()}


GATES: Mapping[str, Callable[[Row], Row | None]] = {
    "stories": _story,
    "texts": _text,
    "revisions": _revision,
    "shelves": _category,
    "papers": _paper,
    "shelved": _placed,
    "marks": _mark,
    "searches": _search,
    "contacts": _contact,
    "apart": _apart,
    "passages": _passage,
    "deleted_passages": _deleted_passage,
    "lists": _list,
    "listed": _listed,
    "mutes": _mute,
}
"""Table → what its rows have to pass."""
