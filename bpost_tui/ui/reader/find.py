"""Finding in a story: a line to type in, marks in the text, and steps from one to the next."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from functools import partial

from bpost_tui.model.story import SavedStory
from bpost_tui.reading.find import FindState, FindTerms, last_word
from bpost_tui.reading.listing import Listings
from bpost_tui.reading.session import Session
from bpost_tui.typeset.items import Item
from bpost_tui.ui.reader.host import Run, Say
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.reader.prompt import Prompt, Question
from bpost_tui.ui.widgets.story_view import StoryView


class Find:
    """Finds in the story on the screen; what a search found in it is marked too.

    Args:
        search: Begins a search of everything, which a second `/` asks for.
        changed: Called when other marks are shown.
    """

    def __init__(
        self,
        session: Session,
        listings: Listings,
        view: StoryView,
        prompt: Prompt,
        panes: Panes,
        run: Run,
        say: Say,
        search: Callable[[], None],
        changed: Callable[[], None],
    ) -> None:
        self._session = session
        self._listings = listings
        self._view = view
        self._prompt = prompt
        self._panes = panes
        self._run = run
        self._say = say
        self._search = search
        self._changed = changed
        self.state = FindState()

    def marked(self, page: tuple[Item, ...], saved: SavedStory) -> tuple[Item, ...]:
        """Return a story's page with what is being found in it, or was searched for."""
        self.state.take(page, saved.headline.id, self._session.terms)
        return self.state.page()

    def notes(self) -> tuple[str, ...]:
        """Return which mark of how many one is at, for the footer."""
        state, number = self.state, self._listings.language.number
        if self._panes.shown != "story" or not state.is_active:
            return ()
        return (f"{number(0 if state.at is None else state.at + 1)}/{number(len(state.marks))}",)

    # ── asking ──────────────────────────────────────────────────────────────

    def begin(self) -> None:
        """In a story, open the line to find in it; elsewhere search everything."""
        if self._panes.current != "story" or self._session.story is None:
            self._search()
            return
        invitation = self._listings.language.text("Find in this story · / again: search all stories")
        self._prompt.open(Question(invitation, self._typed, self._entered, self._end, "search"))

    def _typed(self, typed: str) -> None:
        if typed == "/":
            self._end()
            self._search()
        elif self._session.story is not None:
            self._run(partial(self._look_for, typed, self._session.story.headline.id), group="find", exclusive=True)

    async def _look_for(self, typed: str, story_id: int) -> None:
        """Find out what the words typed stand for, mark that, and go to the first of it from here on."""
        terms = FindTerms(await to_thread(self._listings.terms, typed), last_word(typed)) if typed.strip() else None
        if not self._prompt.is_open or not self._session.is_story(story_id):
            return
        self.state.find(terms, self._session.terms)
        if terms is not None:
            self._step(1)
        else:
            self.show()

    def _entered(self, typed: str) -> None:
        if typed.strip():
            self._prompt.close()
            self._panes.go("story")
        else:
            self._end()

    def leave(self) -> bool:
        """End finding; return whether there was anything being found."""
        is_left = self.state.terms is not None and self._panes.current == "story" and not self._prompt.has_focus
        if is_left:
            self._end()
        return is_left

    def _end(self) -> None:
        self._prompt.close()
        self.state.find(None, self._session.terms)
        self.show()
        self._panes.go("story")

    # ── stepping ────────────────────────────────────────────────────────────

    @property
    def has_marks(self) -> bool:
        """Whether the reader is in a story in which something is marked."""
        return self._panes.current == "story" and bool(self.state.marks)

    def go_to_mark(self, step: int) -> None:
        """Go so many marks on in the story, or back where the step is negative."""
        if self.state.marks:
            self._panes.go("story")
            self._step(step)
        else:
            self._say(self._listings.language.text("No matches here; / finds words in a story"))

    def _step(self, step: int) -> None:
        self.state.step(step, self._view.item)
        self.show()
        self._view.reveal()

    def show(self) -> None:
        """Show the page with its marks."""
        if self._session.story is not None:
            self._view.update(self.state.page())
            self._changed()
