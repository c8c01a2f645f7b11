"""Going from paper to paper, and folding their categories away."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from functools import partial

from bpost_tui.reading.lists.source import AllNews, InCategory, paper_of
from bpost_tui.reading.wording import ONE_PAPER
from bpost_tui.ui.reader.shared.desk import Desk, Do


class PaperChoices:
    """Chooses papers, and folds them.

    Args:
        go_to: Goes to the list of a row of the categories.
    """

    def __init__(self, desk: Desk, go_to: Callable[[int], None]) -> None:
        self._desk = desk
        self._go_to = go_to

    def choose(self) -> None:
        """Ask which paper to read."""
        if not self._are_several():
            return
        from bpost_tui.ui.dialogs.choice import Choice

        language, here = self._desk.language, paper_of(self._desk.session.asked)
        rows = [at for at, row in enumerate(self._desk.categories.rows) if isinstance(row.source, AllNews)]
        counts = [self._desk.categories.rows[at] for at in rows]
        choices: list[Choice[Do]] = [
            Choice(partial(self._go_to, at), count.name, language.number(count.unread) if count.unread else "")
            for at, count in zip(rows, counts, strict=True)
        ]
        current = next((at for at, count in enumerate(counts) if count.paper == here), 0)
        self._desk.offer(language.text("Which paper?"), choices, {}, at=current)

    def fold(self) -> None:
        """Fold the categories of the paper one is in away, or show them again."""
        if not self._are_several():
            return
        text, session = self._desk.language.text, self._desk.session
        key = paper_of(self._desk.categories.source)
        if not key:
            self._desk.say(text("Go to a paper first; its categories can then be shown or folded away"))
            return
        papers = session.outlook.papers.turned(key)
        session.outlook = session.outlook._replace(papers=papers)
        self._desk.preferences.keep(unfolded=tuple(sorted(papers.unfolded or ())))
        if not papers.is_unfolded(key) and isinstance(self._desk.categories.source, InCategory):
            at = self._desk.categories.index_of(AllNews(key))
            self._go_to(at or 0)
        self._desk.run(self._recount, group="counts", exclusive=True)

    async def _recount(self) -> None:
        counts = await to_thread(self._desk.listings.categories, self._desk.session.outlook)
        self._desk.session.take(counts)
        self._desk.categories.show(counts.rows)

    def _are_several(self) -> bool:
        several = self._desk.papers.are_several
        if not several:
            self._desk.say(self._desk.text(ONE_PAPER))
        return several
