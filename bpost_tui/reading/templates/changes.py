"""What the portal changed in a story: words that went struck out, words that came marked."""

from __future__ import annotations

from collections.abc import Sequence

from bpost_tui.i18n import Language
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.diff import ChangeKind, Part, Steps, paragraph_changes, word_changes
from bpost_tui.model.story import Revision, SavedStory
from bpost_tui.typeset.items import Item, Para, Rule, Run, Runs, Size


def changes_page(
    saved: SavedStory, revisions: Sequence[Revision], language: Language, steps: Steps | None = None
) -> tuple[Item, ...]:
    """All changes of a story, the latest first, compared in so many steps; what they don't reach counts as replaced."""
    text, steps = language.text, steps or Steps()
    items: list[Item] = [
        Para((Run(text("What the portal changed"), "headline", bold=True),), Size.SUBHEAD),
        Para(
            (_run(Part(ChangeKind.REMOVED, text("removed"))), Run("  "), _run(Part(ChangeKind.ADDED, text("added")))),
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
        items += [_paragraph(parts) for parts in paragraph_changes(before, words, steps)]
        title, words = revision.title, before
    return tuple(items)


def _paragraph(parts: Sequence[Part]) -> Para:
    """A changed paragraph whole; of one that stayed as it was, its first line."""
    if all(part.kind is ChangeKind.SAME for part in parts):
        return Para(tuple(Run(part.text, "meta") for part in parts), Size.SMALL, before=0.6, max_lines=1)
    return Para(_runs(parts), before=0.6)


def _runs(parts: Sequence[Part], *, bold: bool = False) -> Runs:
    return tuple(_run(part, bold=bold) for part in parts) or (Run(" "),)


def _run(part: Part, *, bold: bool = False) -> Run:
    if part.kind is ChangeKind.REMOVED:
        return Run(part.text, "faded", strike=True)
    return Run(part.text, "mark", bold=True) if part.kind is ChangeKind.ADDED else Run(part.text, "text", bold=bold)
