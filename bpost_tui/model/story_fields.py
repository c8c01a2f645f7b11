"""Table of a story's fields: how each is sanitized, merged with another version, stored and searched. Pure.

A new field is declared in `Story` (and in `Headline`, if lists and `--json` need it) and gets a row here. From the row follow the
field's column in the database, its JSON, and how it is imported, exported and recovered from a damaged library
(store/row_mapping.py, store/repair/row_sanitizer.py, core/json_api.py, cli/import_validation.py). A field without a row raises
MissingRuleError.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final, Literal, TypeVar

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
from bpost_tui.limits import MAX_TERMS
from bpost_tui.model.passage import Passage, clean_passage
from bpost_tui.model.sanitize import (
    MAX_AUTHOR_CHARS,
    MAX_EXCERPT_CHARS,
    MAX_NAME_CHARS,
    MAX_SAVED_GUID_CHARS,
    MAX_TITLE_CHARS,
    clean_blocks,
    clean_line,
)
from bpost_tui.model.story import Category, GroupedStory, Headline, ReadChange, Revision, SavedStory, Story
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import clean_link

FieldKind = Literal[
    "line",
    "link",
    "lines",
    "categories",
    "blocks",
    "time",
    "flag",
    "number",
    "headline",
    "headlines",
    "grouped stories",
    "passages",
    "change",
    "revision",
]
"""Kind of a field's value, which decides how the value is sanitized, stored and written as JSON."""
MergeRule = Literal["item", "title", "item or detail", "detail or item", "text", "text end", "tags"]
"""Name of the rule that decides which of two versions of a story a field's value is taken from (`story_merge`).

"item" is an item of a feed, and "detail" the story's page or its post in WordPress's API.
"""
T = TypeVar("T", Story, Headline, SavedStory)


class MissingRuleError(LookupError):
    """Error if a field or column has no row in the table `FIELDS`. It is always a mistake in bpost, never in a portal's data."""


class StoryField(NamedTuple):
    """Row of the table `FIELDS`: one field of a story."""

    name: str
    """Name of the field in `Story`, `Headline` or `SavedStory`, and in JSON."""
    kind: FieldKind
    max_chars: int = 0
    """Maximum length in characters of each line of text in the field's value; 0 if the field's kind sets the limit."""
    merge_rule: MergeRule = "item or detail"
    is_column: bool = True
    """Whether the field is a column of the table `stories`. Other fields are computed, or have tables of their own."""
    is_searched: bool = False
    """Whether search finds the field's words: the search index has a column of this name, and queries may use `name:`."""
    in_json: bool = True
    """Whether `--json` prints the field, under this name, for each story in a list."""

    @property
    def column(self) -> str:
        """Name of the field's column in the table `stories`."""
        return f"{self.name}_us" if self.kind == "time" else self.name


FIELDS: Final = {
    field.name: field
    for field in (
        StoryField("id", "number"),
        StoryField("guid", "line", MAX_SAVED_GUID_CHARS, merge_rule="item"),
        StoryField("title", "line", MAX_TITLE_CHARS, merge_rule="title"),
        StoryField("tag", "line", MAX_TITLE_CHARS, is_column=False),
        StoryField("link", "link", merge_rule="item"),
        StoryField("author", "line", MAX_AUTHOR_CHARS, is_searched=True),
        StoryField("published", "time"),
        StoryField("modified", "time", merge_rule="detail or item"),
        StoryField("categories", "categories", merge_rule="detail or item", is_column=False),
        StoryField("excerpt", "line", MAX_EXCERPT_CHARS),
        StoryField("read", "flag", is_column=False),
        StoryField("starred", "flag"),
        StoryField("later", "flag"),
        StoryField("full", "flag", merge_rule="text"),
        StoryField("first_seen", "time", in_json=False),
        StoryField("updated", "time"),
        StoryField("withdrawn", "time"),
        StoryField("changed", "change", MAX_TITLE_CHARS, is_column=False),
        StoryField("paper", "line", MAX_NAME_CHARS, is_column=False),
        StoryField("others", "grouped stories", is_column=False, in_json=False),
        StoryField("tags", "lines", MAX_NAME_CHARS, merge_rule="tags"),
        StoryField("image", "link"),
        StoryField("source", "line", MAX_NAME_CHARS, merge_rule="text"),
        StoryField("text_end", "line", MAX_NAME_CHARS, merge_rule="text end", in_json=False),
        StoryField("blocks", "blocks", merge_rule="text", is_column=False),
        StoryField("headline", "headline", is_column=False),
        StoryField("passages", "passages", is_column=False),
        StoryField("same_news", "headlines", is_column=False, in_json=False),
        StoryField("version_read", "revision", MAX_TITLE_CHARS, is_column=False, in_json=False),
        StoryField("opened_at", "line", MAX_NAME_CHARS, is_column=False, in_json=False),
    )
}
"""Fields of `Story`, `Headline` and `SavedStory` by name, in the order of the fields in JSON."""
SEARCHED: Final = tuple(field.name for field in FIELDS.values() if field.is_searched)


_MAX_COUNT = 1 << 40


def field_of(name: str) -> StoryField:
    """Return the row of a field in the table `FIELDS`. Raises MissingRuleError if there is none."""
    try:
        return FIELDS[name]
    except KeyError:
        raise MissingRuleError(f"the field {name!r} of a story has no row in model/story_fields.py") from None


# ── sanitizing ──────────────────────────────────────────────────────────────


def clean_story(story: Story) -> Story:
    """Return a story from a file, or from the parser process, with every string sanitized; its fields must have the declared types.

    Raises:
        ContentError: Its guid is empty or too long.
        MissingRuleError: The table of fields in this module lacks a field of `Story`.
    """
    cleaned = _cleaned(story)
    if not cleaned.guid or len(clean_line(story.guid, MAX_SAVED_GUID_CHARS + 1)) > MAX_SAVED_GUID_CHARS:
        raise ContentError(Reason("the guid is empty or longer than {n} characters", n=MAX_SAVED_GUID_CHARS))
    return cleaned


def clean_category(category: Category) -> Category:
    """Return a category with every string sanitized. If it has no name, its slug becomes the name."""
    slug, _, parent, count = category
    slug = clean_line(slug, MAX_NAME_CHARS)
    return Category(
        slug,
        clean_line(category.name, MAX_NAME_CHARS) or slug,
        None if parent is None else clean_line(parent, MAX_NAME_CHARS),
        None if count is None else min(max(count, 0), _MAX_COUNT),
    )


def clean_saved(saved: SavedStory) -> SavedStory:
    """Return a saved story with every string sanitized again, because the library file may have been tampered with.

    Raises:
        MissingRuleError: The table of fields in this module lacks a field of the story.
    """
    return _cleaned(saved)


def clean_field(name: str, value: Any) -> Any:  # noqa: ANN401 (the type that the field is declared with)
    """Return `value`, the value of the field `name`, sanitized. The value must have the field's declared type.

    Raises MissingRuleError if the table of fields in this module lacks the field.
    """
    field = field_of(name)
    return _CLEAN[field.kind](value, field.max_chars)


def _cleaned(values: T) -> T:
    return type(values)(**{name: clean_field(name, value) for name, value in values._asdict().items()})


def _lines(lines: tuple[str, ...], max_chars: int) -> tuple[str, ...]:
    return tuple(filter(None, (clean_line(line, max_chars) for line in lines[:MAX_TERMS])))


def _categories(categories: tuple[Category, ...], _: int) -> tuple[Category, ...]:
    return tuple(map(clean_category, categories[:MAX_TERMS]))


def _grouped_stories(stories: tuple[GroupedStory, ...], _: int) -> tuple[GroupedStory, ...]:
    return tuple(
        story._replace(paper=clean_line(story.paper, MAX_NAME_CHARS), title=clean_line(story.title, MAX_TITLE_CHARS))
        for story in stories
    )


def _passages(passages: tuple[Passage, ...], _: int) -> tuple[Passage, ...]:
    cleaned: list[Passage] = []
    for passage in passages:
        with suppress(ContentError):  # a passage that quotes nothing
            cleaned.append(clean_passage(passage))
    return tuple(cleaned)


def _change(change: ReadChange | None, max_chars: int) -> ReadChange | None:
    return None if change is None else ReadChange(*(clean_line(text, max_chars) for text in change))


def _revision(revision: Revision | None, max_chars: int) -> Revision | None:
    if revision is None:
        return None
    return revision._replace(title=clean_line(revision.title, max_chars), blocks=clean_blocks(revision.blocks))


def _typed(value: object, _: int) -> object:
    if isinstance(value, str):
        raise TypeError("a text where a time or a number belongs")
    return value


_CLEAN: Final[Mapping[FieldKind, Callable[[Any, int], Any]]] = {
    "line": clean_line,
    "link": lambda link, _: clean_link(link or ""),
    "lines": _lines,
    "categories": _categories,
    "blocks": lambda blocks, _: clean_blocks(blocks),
    "time": _typed,
    "flag": _typed,
    "number": _typed,
    "headline": lambda row, _: _cleaned(row),
    "headlines": lambda rows, _: tuple(map(_cleaned, rows)),
    "grouped stories": _grouped_stories,
    "passages": _passages,
    "change": _change,
    "revision": _revision,
}
