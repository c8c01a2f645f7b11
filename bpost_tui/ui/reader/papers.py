"""Going from paper to paper, and folding their categories away."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable

from bpost_tui.reading.actions import Keys
from bpost_tui.reading.listing import Listings
from bpost_tui.reading.preferences import Preferences
from bpost_tui.reading.session import Session, Source
from bpost_tui.reading.wording import ONE_PAPER
from bpost_tui.ui.reader.host import Push, Run, Say
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.category_list import CategoryList


class PaperChoices:
    """Chooses papers, and folds them.

    Args:
        go_to: Goes to the list of a row of the categories.
    """

    def __init__(
        self,
        session: Session,
        listings: Listings,
        categories: CategoryList,
        renderer: Renderer,
        keys: Keys,
        run: Run,
        say: Say,
        push: Push,
        preferences: Preferences,
        *,
        go_to: Callable[[int], None],
    ) -> None:
        self._session = session
        self._listings = listings
        self._categories = categories
        self._renderer = renderer
        self._keys = keys
        self._run = run
        self._say = say
        self._push = push
        self._preferences = preferences
        self._go_to = go_to

    def choose(self) -> None:
        """Ask which paper to read."""
        if not self._are_several():
            return
        from bpost_tui.ui.dialogs.choice import Choice, ChoiceScreen

        language, here = self._listings.language, self._session.asked.paper
        rows = [at for at, count in enumerate(self._categories.counts) if not at or (count.paper and not count.category.slug)]
        counts = [self._categories.counts[at] for at in rows]
        choices = [
            Choice(at, count.category.name, language.number(count.unread) if count.unread else "")
            for at, count in zip(rows, counts, strict=True)
        ]
        current = next((at for at, count in enumerate(counts) if count.paper == here), 0)

        def chosen(at: int | None) -> None:
            if at is not None:
                self._go_to(at)

        self._push(ChoiceScreen(self._renderer, self._keys, language.text("Which paper?"), choices, {}, at=current), chosen)

    def fold(self) -> None:
        """Fold the categories of the paper one is in away, or show them again."""
        if not self._are_several():
            return
        text, papers = self._listings.language.text, self._listings.papers
        key = self._categories.source.paper
        if not key:
            self._say(text("Go to a paper first; its categories can then be shown or folded away"))
            return
        self._preferences.keep(unfolded=papers.turn(key))
        if not papers.is_unfolded(key) and self._categories.source.slug:
            at = self._categories.index_of(Source(paper=key))
            self._go_to(at or 0)
        self._run(self._recount, group="counts", exclusive=True)

    async def _recount(self) -> None:
        self._categories.show(await to_thread(self._listings.categories))

    def _are_several(self) -> bool:
        several = self._listings.papers.are_several
        if not several:
            self._say(self._listings.language.text(ONE_PAPER))
        return several
