"""Passages: saves selected words of stories, highlights them in their story, goes to them, and edits their notes.

The current passage is the passage that the reader has gone to or saved last. Keys that edit or delete a passage work on it.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from bpost_tui.core.changes.undo import PassageChange, UndoableChange
from bpost_tui.core.story.find_state import FindState
from bpost_tui.core.story.selection import PageWords
from bpost_tui.model.story import RowKey, SavedStory
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.story.story_controller import StoryController
from bpost_tui.typesetting.typeset.items import Item

if TYPE_CHECKING:
    from bpost_tui.core.story.passage_highlights import PassageHighlight
    from bpost_tui.model.passage import Passage


class PassageKeeper:
    """Saves passages (selected words), and goes from passage to passage of the story on the screen.

    Args:
        find_state: State of finding text in the story; it holds the page on the screen without highlighted words.
        apply_change: Makes a change that can be undone.
    """

    def __init__(
        self, context: ScreenContext, story: StoryController, find_state: FindState, apply_change: Callable[[UndoableChange], None]
    ) -> None:
        self._context = context
        self._story = story
        self._find_state = find_state
        self._apply_change = apply_change
        self._row: RowKey | None = None
        self._current_key: str | None = None
        """Key (id) of the current passage: the words in the story on the screen that the reader has gone to or saved last."""
        self._highlights: tuple[PassageHighlight, ...] = ()
        self._highlighted_page: tuple[object, ...] = ()

    # ── on the page ─────────────────────────────────────────────────────────

    def highlight(self, page: tuple[Item, ...], saved: SavedStory) -> tuple[Item, ...]:
        """Return `page`, a page of the story `saved`, with the story's passages (saved words) underlined.

        Also highlight the first word of the current passage, which the reader has gone to or opened from the list of passages. If
        `page` isn't shown yet but prepared for later, the current passage doesn't change.
        """
        is_shown = self._context.session.is_story(saved.key)
        if is_shown and self._row != saved.key:
            self._row, self._current_key = saved.key, saved.opened_at or None
        if is_shown and not saved.passages:
            self._highlights = self._highlighted_page = ()
        if not saved.passages:
            return page
        from bpost_tui.core.story.passage_highlights import place_passages, with_passages  # 1 ms, only for stories with passages

        at = None if self._context.session.speech_state else self._current_key if is_shown else saved.opened_at or None
        if not is_shown:
            return with_passages(page, place_passages(saved.passages, page, saved.blocks), at, self._context.language)
        if self._highlighted_page != (page, saved.blocks, saved.passages):
            self._highlights = place_passages(saved.passages, page, saved.blocks)
            self._highlighted_page = page, saved.blocks, saved.passages
        return with_passages(page, self._highlights, at, self._context.language)

    def clear(self) -> None:
        """Forget the current passage (saved words that the reader has gone to), because no story is shown."""
        self._row = self._current_key = None
        self._highlights = self._highlighted_page = ()

    def opened(self, saved: SavedStory) -> None:
        """If the story `saved` was opened from the list of passages (saved words), scroll to the passage under the cursor there."""
        if saved.opened_at:
            self._context.view.reveal()

    # ── going ───────────────────────────────────────────────────────────────

    def keep_or_go(self) -> None:
        """Save the words selected with the mouse as a passage; if none are selected, go to the story's next passage.

        If the story has no passage, show a message that says how to save one.
        """
        text = self._context.language.text
        words = self._selected_words()
        if words is not None:
            self._context.screen.clear_selection()
            self.keep(*words)
        elif not self._highlights:
            self._context.show_answer(
                text("Select with the mouse or {key}; what you keep is under Passages", key=self._context.keys.key_label("select"))
            )
        else:
            self._context.panes.go("story")
            at = next((at for at, each in enumerate(self._highlights) if each.passage.key == self._current_key), None)
            after = self._first_below() if at is None else (at + 1) % len(self._highlights)
            self._current_key = self._highlights[after].passage.key
            self._story.redraw()
            self._context.view.reveal(self._highlights[after].item if self._context.session.speech_state else None)

    def _first_below(self) -> int:
        top = self._context.view.item
        return next((at for at, each in enumerate(self._highlights) if each.item >= top), 0)

    def escape(self) -> bool:
        """Leave the passage (saved words) that the reader has gone to; return whether Escape was used for that.

        Return False if there is no such passage. Also return False if the story was opened from the list of passages, since Escape
        then returns to that list.
        """
        return not isinstance(self._row, str) and self.leave()

    def leave(self) -> bool:
        """Leave the passage (saved words) that the reader has gone to; return whether that was done.

        Do nothing outside the story's pane.
        """
        if self._current_key is None or self._context.panes.current != "story":
            return False
        self._current_key = None
        self._story.redraw()
        return True

    def _selected_words(self) -> tuple[int, int] | None:
        """Return the numbers (from 0) of the first and the last word selected with the mouse; None if no words are selected."""
        selected, saved = self._context.view.selected_by_mouse(), self._context.session.story
        if selected is None or saved is None:
            return None
        return PageWords(self._find_state.plain, saved.blocks).found(selected[1], selected[0])

    # ── saving ──────────────────────────────────────────────────────────────

    def keep(self, first: int, last: int) -> None:
        """Save the words from number `first` to number `last`, both included, as a passage, and ask for a note.

        Words are numbered from 0, in the order of the story's text. If there are no such words, or too many, only show a message.
        """
        from bpost_tui.core.story.passage_highlights import is_too_long, quotation

        saved, text = self._context.session.story, self._context.language.text
        selector = quotation(saved.blocks, first, last) if saved is not None else None
        if saved is None or selector is None:
            self._context.show_answer(text("There are no words in that"))
        elif is_too_long(selector):
            self._context.show_answer(text("Too long for a passage; star the story to keep all of it"))
        else:
            make = partial(self._context.listings.passage_list.new_passage, saved.headline.id, selector)
            self._context.run_worker(partial(self._keep, make, saved.key), group="passage")

    async def _keep(self, make: Callable[[], Passage | None], row: RowKey) -> None:
        passage = await to_thread(make)
        if passage is None:
            self._context.show_answer(self._context.text("This story is no longer saved"))
            return
        is_new = not passage.id
        if is_new:
            self._apply_change(PassageChange(passage.key, None, passage))
        if self._context.session.is_story(row):
            self._current_key = passage.key
            self._ask_for_note(passage, is_new=is_new)

    def _ask_for_note(self, passage: Passage, *, is_new: bool = False) -> None:
        def answered(note: str) -> None:
            if note != passage.note:
                self._apply_change(PassageChange(passage.key, passage, passage._replace(note=note), continues_previous=is_new))

        invitation = self._context.text("A note on the passage, if you like · Enter · Esc: none")
        self._context.prompt_for(invitation, answered, passage.note, label=self._context.text("Note"))
        self._context.prompt.continue_text()

    # ── the current passage ─────────────────────────────────────────────────

    def current_words(self) -> str:
        """Return the words of the passage that the reader has gone to in the story; "" if there is none.

        In the list of passages, return the words of the passage under the cursor.
        """
        passage = self._current()
        return passage.selector.exact if passage is not None else ""

    def _current(self) -> Passage | None:
        saved = self._context.session.story
        if saved is None:
            return None
        row = self._context.posts.current
        at = self._current_key if self._context.panes.current == "story" else None
        if at is None and row is not None and row.key == saved.key:
            at = saved.opened_at
        return next((each for each in saved.passages if each.key == at), None)

    def edit_note(self) -> None:
        """Edit the reader's note on the passage (saved words) that they have gone to, or have under the cursor in the passage list.

        If there is no such passage, show a message.
        """
        passage = self._current()
        if passage is None:
            self._show_no_passage()
        else:
            self._ask_for_note(passage)

    def delete(self) -> None:
        """Delete the passage (saved words) that the reader has gone to, or has under the cursor in the list of passages.

        If there is no such passage, show a message.
        """
        passage = self._current()
        if passage is None:
            self._show_no_passage()
        else:
            self._current_key = None
            self._apply_change(PassageChange(passage.key, passage, None))

    def _show_no_passage(self) -> None:
        self._context.show_answer(self._context.text("Works on passages: go to one in a story, or under Passages"))
