"""Rules for merging two versions of a story, field by field, by the rows of `story_fields`. All such rules are here. Pure.

The obvious way is to replace a saved story by the version that came last. But the last version is often poorer. A feed sends a
summary after the whole text was fetched, a page may have less text than the feed, and an import from another machine may be older.
So each field has a rule for each of three occasions. A field left empty by one version is taken from the other.

    rule             merge_detail(item, detail)   merge_resent(known, sent)   merge_imported(ours, theirs)
    item             item                         the later one               the later one
    title            item, unless it has none     the later one               the later one
    item or detail   item                         the later one               the later one
    detail or item   detail, unless it is a page  the later one               the later one
    tags             detail, if it has            the later one               the later one
                     categories: a feed can't
                     distinguish the two; item,
                     if the detail is a page
    text             detail, if it has the        a whole text before a       a whole text before a
                     whole text, unless it is     summary, else the later     summary, else the later
                     a page that has less

If a page has less text than the item, the item's text counts as whole, since its page has no more. But if the page gives a reason
for an incomplete text (`text_end`), it has only the beginning for visitors: then neither text counts as whole.

A page's metadata is written for search engines, so the feed's own values precede it. A feed's item without a headline has the
beginning of its excerpt in its place (`title_of_excerpt`).

The reason why a text ends early (`text_end`) is taken from the same version as the text, if that text is whole. Otherwise it is
taken from the version that has a reason.

The guid always comes from `known`, or `ours`. "The later one" has the later `modified`; if both are equal, or either is unknown,
it is `sent`, or `ours`. Texts aren't mixed: a text is always taken whole from one version.
"""

from __future__ import annotations

from bpost_tui.model.blocks import plain_text
from bpost_tui.model.sanitize import clean_line
from bpost_tui.model.story import Story
from bpost_tui.model.story_fields import field_of

_MAX_SUBSTITUTE_CHARS = 80


def title_of_excerpt(excerpt: str) -> str:
    """Return the substitute for a missing headline: the beginning of the story's excerpt."""
    return clean_line(excerpt, _MAX_SUBSTITUTE_CHARS)


def merge_detail(item: Story, detail: Story | None) -> Story:
    """Return a feed's item merged with a detail, which is the story's page or its post in WordPress's API.

    Each field has its own rule. If `detail` is None, the item is returned unchanged.

    Raises:
        MissingRuleError: The table of rules lacks a field.
    """
    if detail is None:
        return item
    is_page = detail.source == "page"
    has_less = is_page and len(plain_text(detail.blocks)) < len(plain_text(item.blocks))
    is_whole = detail.full and bool(detail.blocks) and not (has_less and detail.text_end)
    joined: dict[str, object] = {}
    for name, ours, theirs in zip(Story._fields, item, detail, strict=True):
        match field_of(name).merge_rule:
            case "item":
                joined[name] = ours
            case "title":
                joined[name] = theirs or ours if item.title == title_of_excerpt(item.excerpt) else ours
            case "item or detail":
                joined[name] = ours or theirs
            case "detail or item":
                joined[name] = ours or theirs if is_page else theirs or ours
            case "tags" if is_page:
                joined[name] = ours or theirs
            case "tags":
                joined[name] = theirs if detail.categories else ours
            case "text end":
                joined[name] = theirs if is_whole else ours or theirs
            case "text":
                joined[name] = theirs if is_whole and not (has_less and name != "full") else ours
    return Story(**joined)  # type: ignore[arg-type]


def merge_resent(known: Story, sent: Story) -> Story:
    """Return the story `known` merged with `sent`, a version sent later.

    A summary never replaces a whole text, and an older field never replaces a newer one.

    Raises:
        MissingRuleError: The table of rules lacks a field.
    """
    is_outdated = sent.modified is not None and known.modified is not None and sent.modified < known.modified
    later, other = (known, sent) if is_outdated else (sent, known)
    text = max((later, other), key=lambda story: (bool(story.blocks), story.full))
    fields = zip(Story._fields, later, other, text, strict=True)
    of_text = ("text", "text end") if text.full else ("text",)
    joined = {name: whole if field_of(name).merge_rule in of_text else new or old for name, new, old, whole in fields}
    return Story(**{**joined, "guid": known.guid})  # type: ignore[arg-type]


def merge_imported(ours: Story, theirs: Story) -> Story:
    """Return `ours`, this library's version of a story, merged with `theirs`, the version of an imported library.

    A table gives for each field which version it is taken from; the guid is always ours. Raises MissingRuleError if the table lacks
    a field.
    """
    return merge_resent(theirs, ours)._replace(guid=ours.guid)
