"""Which version of a story wins, field by field: every rule that answers this (the rows are story_fields.py's). Pure.

There are three occasions. A field that one version leaves empty is taken from the other.

    wins                complete(item, account)    update(known, sent)       reconcile(ours, theirs)
    item                item                       the later one             the later one
    item or account     item                       the later one             the later one
    account or item     account                    the later one             the later one
    tags                account, where it names    the later one             the later one
                        categories: a feed's item
                        can't tell the two
    text                account, where it has      a whole text before a     a whole text before a
                        the whole text, and no     summary, else the later   summary, else the later
                        page that has less

The guid is always the known one's, or ours. "The later one" has the later `modified`. Where the two are equal, or one is unknown,
it is `sent`, or `ours`.
"""

from __future__ import annotations

from bpost_tui.model.blocks import plain_text
from bpost_tui.model.story import Story
from bpost_tui.model.story_fields import field_of


def merge_detail(item: Story, account: Story | None) -> Story:
    """Return a feed's item with what another account of the story (wp-json's, or its page's) knows better; raises NoRule."""
    if account is None:
        return item
    is_whole = account.full and bool(account.blocks)
    has_less = account.source == "page" and len(plain_text(account.blocks)) < len(plain_text(item.blocks))
    joined: dict[str, object] = {}
    for name, ours, theirs in zip(Story._fields, item, account, strict=True):
        match field_of(name).merge_rule:
            case "item":
                joined[name] = ours
            case "item or account":
                joined[name] = ours or theirs
            case "account or item":
                joined[name] = theirs or ours
            case "tags":
                joined[name] = theirs if account.categories else ours
            case "text":
                joined[name] = theirs if is_whole and not (has_less and name != "full") else ours
    return Story(**joined)  # type: ignore[arg-type]


def merge_resent(known: Story, sent: Story) -> Story:
    """Return what is known of a story after it was sent again: no summary replaces a whole text, nothing older what is newer.

    Raises:
        NoRule: A field has no row.
    """
    is_outdated = sent.modified is not None and known.modified is not None and sent.modified < known.modified
    later, other = (known, sent) if is_outdated else (sent, known)
    text = max((later, other), key=lambda story: (bool(story.blocks), story.full))
    fields = zip(Story._fields, later, other, text, strict=True)
    joined = {name: whole if field_of(name).merge_rule == "text" else new or old for name, new, old, whole in fields}
    return Story(**{**joined, "guid": known.guid})  # type: ignore[arg-type]


def merge_imported(ours: Story, theirs: Story) -> Story:
    """Return this library's version of a story after another library's was imported."""
    return merge_resent(theirs, ours)._replace(guid=ours.guid)
