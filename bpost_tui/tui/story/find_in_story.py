"""Finding in a story: a line to type in, marks in the text, and steps from one to the next."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from functools import partial

from bpost_tui.core.page_matches import mark_matches
from bpost_tui.core.story.find_state import FindState, FindTerms, last_word, search_matches
from bpost_tui.model.story import SavedStory
from bpost_tui.tui.shared.prompt import PromptQuestion
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.typesetting.typeset.items import Item


class FindInStory:
    """Finds in the story on the screen; what a search found in it is marked too.

    Args:
        search: Begins a search of everything, which a second `/` asks for.
    """

    def __init__(self, desk: ScreenContext, search: Callable[[], None]) -> None:
        self._desk = desk
        self._search = search
        self.state = FindState()

    def mark_matches(self, page: tuple[Item, ...], saved: SavedStory) -> tuple[Item, ...]:
        """Return a story's page with what is being found in it, or was searched for; one that is only prepared changes no marks."""
        if not self._desk.session.is_story(saved.key):
            return mark_matches(page, search_matches(self._desk.session.terms, page), None)
        self.state.update(page, saved.headline.id, self._desk.session.terms)
        return self.state.page()

    def notes(self) -> tuple[str, ...]:
        """Return which mark of how many one is at, for the footer."""
        state, number = self.state, self._desk.language.number
        if self._desk.panes.shown != "story" or not state.is_active:
            return ()
        return (f"{number(0 if state.index is None else state.index + 1)}/{number(len(state.marks))}",)

    # ── asking ──────────────────────────────────────────────────────────────

    def open_line(self) -> None:
        """In a story, open the line to find in it; elsewhere search everything."""
        if self._desk.panes.current != "story" or self._desk.session.story is None:
            self._search()
            return
        invitation = self._desk.text("Find in this story · / again: search all stories")
        self._desk.prompt.open(PromptQuestion(invitation, self._typed, self._entered, self._end, "search"))

    def _typed(self, typed: str) -> None:
        if typed == "/":
            self._end()
            self._search()
        elif self._desk.session.story is not None:
            self._desk.run_worker(
                partial(self._look_for, typed, self._desk.session.story.headline.id), group="find", exclusive=True
            )

    async def _look_for(self, typed: str, story_id: int) -> None:
        """Find out what the words typed stand for, mark that, and go to the first of it from here on."""
        terms = FindTerms(await to_thread(self._desk.listings.terms, typed), last_word(typed)) if typed.strip() else None
        if not self._desk.prompt.is_open or not self._desk.session.is_story(story_id):
            return
        self.state.find(terms, self._desk.session.terms)
        if terms is not None:
            self._step(1)
        else:
            self.show()

    def _entered(self, typed: str) -> None:
        if typed.strip():
            self._desk.prompt.close()
            self._desk.panes.go("story")
        else:
            self._end()

    def leave(self) -> bool:
        """End finding; return whether there was anything being found."""
        is_left = self.state.terms is not None and self._desk.panes.current == "story" and not self._desk.prompt.has_focus
        if is_left:
            self._end()
        return is_left

    def _end(self) -> None:
        self._desk.prompt.close()
        self.state.find(None, self._desk.session.terms)
        self.show()
        self._desk.panes.go("story")

    # ── stepping ────────────────────────────────────────────────────────────

    def has_marks(self) -> bool:
        """Whether the reader is in a story in which something is marked."""
        return self._desk.panes.current == "story" and bool(self.state.marks)

    def go_to_mark(self, step: int) -> None:
        """Go so many marks on in the story, or back where the step is negative."""
        if self.state.marks:
            self._desk.panes.go("story")
            self._step(step)
        else:
            self._desk.show_message(self._desk.text("No matches here; / finds words in a story"))

    def _step(self, step: int) -> None:
        self.state.step(step, self._desk.view.item)
        self.show()
        self._desk.view.reveal()

    def show(self) -> None:
        """Show the page with its marks."""
        if self._desk.session.story is not None:
            self._desk.view.update(self.state.page())
            self._desk.status.show_footer()
