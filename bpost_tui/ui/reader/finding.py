"""Finding in a story: a line to type in, marks in the text, and steps from one to the next."""

from __future__ import annotations

from textual import work
from textual.worker import get_current_worker

from bpost_tui.reading import templates
from bpost_tui.reading.find import Sought, last_word
from bpost_tui.typeset.items import Item
from bpost_tui.ui.reader.asking import Question
from bpost_tui.ui.reader.keeping import KeepScreen


class FindScreen(KeepScreen):
    """Stories in which one can find; what a search found in them is marked too."""

    _plain: tuple[Item, ...] = ()
    """The story as it is without marks."""
    _sought: Sought | None = None
    """What is being found in this story; else there are the marks of the search."""
    _sought_in: int | None = None
    """The story in which that is."""
    _marks: tuple[templates.Found, ...] = ()
    _at: int | None = None
    """Which of them one is at."""

    def dressed(self, items: tuple[Item, ...], story_id: int) -> tuple[Item, ...]:
        """Mark what is sought on a story's page."""
        if self._sought_in != story_id:
            self._sought, self._sought_in, self._at = None, story_id, None
        sought = self._sought or (Sought(self._wanted) if self._wanted else None)
        self._plain = items
        self._marks = templates.find(items, sought.finder()) if sought else ()
        if self._at is not None and self._at >= len(self._marks):
            self._at = None
        return templates.with_found(items, self._marks, self._current)

    @property
    def _current(self) -> templates.Found | None:
        return self._marks[self._at] if self._at is not None else None

    def notes(self) -> tuple[str, ...]:
        """Tell in the footer which mark of how many one is at."""
        if not self.has_class("at-story") or not (self._sought or self._marks):
            return super().notes()
        number = self._language.number
        return (f"{number(0 if self._at is None else self._at + 1)}/{number(len(self._marks))}", *super().notes())

    # ── asking ──────────────────────────────────────────────────────────────

    def action_search(self) -> None:
        """In a story, open the line to find in it; elsewhere, or from that line while it is empty, search everything."""
        if self.pane != "story" or self._saved is None:
            super().action_search()
            return
        invitation = self._language.text("Find in this story · / once more: search everything")
        self.ask(Question(invitation, self._find_typed, self._find_entered, self._end_find))

    def _find_typed(self, typed: str) -> None:
        if typed == "/":
            self._end_find()
            self.go("posts")
            super().action_search()
        elif self._saved is not None:
            self._look_for(typed, self._saved.headline.id)

    @work(thread=True, group="find", exclusive=True, exit_on_error=False)
    def _look_for(self, typed: str, story_id: int) -> None:
        """Find out what the words typed stand for; an older answer no longer counts."""
        worker = get_current_worker()
        sought = Sought(self._listings.wanted(typed), last_word(typed)) if typed.strip() else None
        if not worker.is_cancelled:
            self.app.call_from_thread(self._seek, sought, story_id)

    def _seek(self, sought: Sought | None, story_id: int) -> None:
        """Mark what is sought, and go to the first of it from here on."""
        if self._question is None or self._saved is None or self._saved.headline.id != story_id:
            return
        self._sought, self._sought_in, self._at = sought, story_id, None
        self.dressed(self._plain, story_id)
        if sought is not None:
            self._go_to_mark(self._next_mark(1))
        else:
            self._show_marks()

    def _find_entered(self, typed: str) -> None:
        if typed.strip():
            self.stop_asking()
            self.go("story")
        else:
            self._end_find()

    def _end_find(self) -> None:
        self.stop_asking()
        self._sought = self._at = None
        if self._saved is not None:
            self.dressed(self._plain, self._saved.headline.id)
            self._show_marks()
        self.go("story")

    def action_back(self) -> None:
        """End finding, where one is; else go back."""
        if self._sought is not None and self.pane == "story" and not self._asked.has_focus:
            self._end_find()
        else:
            super().action_back()

    # ── stepping ────────────────────────────────────────────────────────────

    def action_next_unread(self) -> None:
        """Go to the next mark in the story, where there are marks; else to the next unread story."""
        if self.pane == "story" and self._marks:
            self._go_to_mark(self._next_mark(self.take_count() or 1))
        else:
            super().action_next_unread()

    def action_previous_mark(self) -> None:
        """Go to the mark before."""
        if self._marks:
            self.go("story")
            self._go_to_mark(self._next_mark(-(self.take_count() or 1)))
        else:
            self._say(self._language.text("Nothing is marked here; / finds in a story"))

    def _next_mark(self, step: int) -> int | None:
        """Return the mark so many steps on, round the end; the first step goes to the nearest from the top of the window."""
        if not self._marks:
            return None
        if self._at is not None:
            return (self._at + step) % len(self._marks)
        below = next((at for at, mark in enumerate(self._marks) if mark.item >= self._story.item), len(self._marks))
        return (below + step - (1 if step > 0 else 0)) % len(self._marks)

    def _go_to_mark(self, at: int | None) -> None:
        self._at = at
        self._show_marks()
        self._story.reveal()

    def _show_marks(self) -> None:
        self._story.update(templates.with_found(self._plain, self._marks, self._current))
        self._show_footer()
