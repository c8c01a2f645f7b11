"""Template of the page with a story's changes on the portal. Removed words are struck out, added words are highlighted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bpost_tui.i18n import Language
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.story import Revision, SavedStory
from bpost_tui.model.text_diff import DiffBudget, DiffKind, DiffPart, DiffParts, paragraph_changes, word_changes
from bpost_tui.typesetting.typeset.items import Item, Para, Rule, Run, Runs, Size

_HEAD_ITEMS = 2
"""Number of items on the page before the first change: the title, and a legend for removed and added words."""
_AROUND = 3
"""Number of unchanged paragraphs shown before and after a change. Each is cut to one line."""


def changes_page(
    saved: SavedStory, revisions: Sequence[Revision], language: Language, steps: DiffBudget | None = None
) -> tuple[Item, ...]:
    """Return the page with a story's changes, the latest change first.

    `revisions` are the earlier versions of the story. `steps` limits the work of comparing texts; None means the usual limit. After
    the limit is reached, further changed text is shown as replaced as a whole.
    """
    text, steps = language.text, steps or DiffBudget()
    is_since_read = tuple(revisions) == (saved.version_read,)
    heading = text("What changed since you read it") if is_since_read else text("What the portal changed")
    items: list[Item] = [
        Para((Run(heading, "headline", bold=True),), Size.SUBHEAD),
        Para(
            (_run(DiffPart(DiffKind.REMOVED, text("removed"))), Run("  "), _run(DiffPart(DiffKind.ADDED, text("added")))),
            Size.SMALL,
            before=0.4,
        ),
    ]
    title, words = saved.headline.title, plain_text(saved.blocks)
    for revision in revisions:
        when = f"{language.date(revision.replaced)} · {language.clock(revision.replaced)}"
        items += [Rule(before=0.8), Para((Run(text("Change seen {when}", when=when), "accent"),), Size.SMALL, before=0.6)]
        items.append(Para(_runs(word_changes(revision.title, title, steps), bold=True), before=0.5))
        before = plain_text(revision.blocks)
        items += _paragraphs(paragraph_changes(before, words, steps), language)
        title, words = revision.title, before
    return tuple(items)


def first_change(page: Sequence[Item]) -> int:
    """Return the index of the first item (paragraph, heading …) of a page that shows a change, after the legend; 0 if none does."""
    paras = ((at, item) for at, item in enumerate(page) if isinstance(item, Para) and at >= _HEAD_ITEMS)
    return next((at for at, para in paras if any(run.strike or run.ink == "mark" for run in para.runs)), 0)


def _paragraphs(found: Sequence[DiffParts], language: Language) -> Iterator[Para]:
    """Yield the changed paragraphs of a comparison (`found`), with up to `_AROUND` unchanged ones before and after each.

    Other unchanged paragraphs are replaced by a line with their number.
    """
    changed = [at for at, parts in enumerate(found) if not _is_same(parts)]
    near = {around for at in changed for around in range(at - _AROUND, at + _AROUND + 1)}
    for is_near, group in groupby(range(len(found)), key=lambda at: at in near):
        if is_near:
            yield from (_paragraph(found[at]) for at in group)
        else:
            n = len(list(group))
            unchanged = language.plural("{n} unchanged paragraph", "{n} unchanged paragraphs", n)
            yield Para((Run(f"⋯ {unchanged}", "meta"),), Size.SMALL, before=0.6)


def _is_same(parts: DiffParts) -> bool:
    return all(part.kind is DiffKind.SAME for part in parts)


def _paragraph(parts: DiffParts) -> Para:
    """Return the item for a paragraph, given as its changed and unchanged `parts`.

    It has the whole text if the paragraph has changed, else only its first line.
    """
    if _is_same(parts):
        return Para(tuple(Run(part.text, "meta") for part in parts), Size.SMALL, before=0.6, max_lines=1)
    return Para(_runs(parts), before=0.6)


def _runs(parts: Sequence[DiffPart], *, bold: bool = False) -> Runs:
    return tuple(_run(part, bold=bold) for part in parts) or (Run(" "),)


def _run(part: DiffPart, *, bold: bool = False) -> Run:
    if part.kind is DiffKind.REMOVED:
        return Run(part.text, "faded", strike=True)
    return Run(part.text, "mark", bold=True) if part.kind is DiffKind.ADDED else Run(part.text, "text", bold=bold)
