"""Selection mode: keys select words and sentences of the story, to copy them or save them as a passage."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual import events
from textual.screen import ModalScreen

from bpost_tui.config.key_names import key_name
from bpost_tui.core.keys.actions import Keys
from bpost_tui.core.page_matches import highlight_matches
from bpost_tui.core.story.find_state import FindState
from bpost_tui.core.story.selection import PageWords, Selection, SelectionStep, steps_by_key
from bpost_tui.model.story import SavedStory
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.story.story_controller import StoryController
from bpost_tui.typesetting.typeset.items import Item


class SelectionMode:
    """Selects words in the story on the screen.

    Args:
        find_state: State of finding text in the story: the page without highlighted words, and the current match.
        show_highlights: Shows the page with its highlighted words again.
        copy: Copies a text.
        keep: Saves selected words as a passage, given the numbers of the first and the last word.
    """

    def __init__(
        self,
        context: ScreenContext,
        story: StoryController,
        find_state: FindState,
        *,
        show_highlights: Callable[[], None],
        copy: Callable[[str], None],
        keep: Callable[[int, int], None],
    ) -> None:
        self._context = context
        self._story = story
        self._find_state = find_state
        self._show_highlights = show_highlights
        self._copy = copy
        self._keep = keep
        self._items: tuple[Item, ...] = ()
        """Page that words are selected from, without highlighted words."""
        self._selection: Selection | None = None

    def is_on(self) -> bool:
        """Whether selection mode is on, so that keys select words of the story."""
        return self._selection is not None

    def highlight(self, items: tuple[Item, ...], saved: SavedStory) -> tuple[Item, ...]:
        """Return the page of the story `saved` with only the selected words highlighted; `items` if nothing is selected in it.

        If the page has changed, the selection covers the words at the same positions.
        """
        if self._selection is None or not self._context.session.is_story(saved.key):
            return items
        if self._find_state.plain != self._items:
            self._items = self._find_state.plain
            words = PageWords(self._items, saved.blocks)
            self._selection = self._selection.on(words) if words.words else None
        return self._page() if self._selection is not None else items

    def start(self) -> None:
        """Turn selection mode on, with the words that the mouse has selected.

        Without a mouse selection, one word is selected: at the current match, or in the first visible line.
        """
        self._context.panes.go("story")
        if self._story.is_loaded and self._context.view.region:
            self._begin()  # at once: the next key may have come already
        else:
            self._context.run_worker(partial(self._story.call_in_view, self._begin), group="select", exclusive=True)

    def _begin(self) -> None:
        text, saved = self._context.language.text, self._context.session.story
        if saved is None:
            self._context.show_no_story()
            return
        self._items = self._find_state.plain
        words = PageWords(self._items, saved.blocks)
        if not words.words:
            self._context.show_answer(text("This story has no text to select"))
            return
        self._show(self._first(words))
        self._context.show_answer(
            text("Arrows: words, sentences · Space: from here · s: sentence · y: copy · p: keep · Esc"), is_sticky=True
        )
        self._context.push(SelectScreen(self._step, self._context.keys), self._close)

    def _first(self, words: PageWords) -> Selection:
        """Return the selection to start with: the mouse selection if there is one, otherwise one word."""
        by_mouse = self._context.view.selected_by_mouse()
        ends = words.found(by_mouse[1], by_mouse[0]) if by_mouse is not None else None
        if ends is None:
            return Selection(words, self._first_word(words))
        self._context.screen.clear_selection()
        return Selection(words, ends[1], ends[0])

    def _first_word(self, words: PageWords) -> int:
        match = self._find_state.current
        if match is not None:
            return words.at(match.item, match.start)
        lines = (words.found(line, item) for item, line in self._context.view.lines_in_sight() if words.has(item))
        return next((found[0] for found in lines if found is not None), words.at(self._context.view.item))

    def _step(self, step: SelectionStep) -> None:
        if self._selection is not None:
            self._show(self._selection.after_step(step))

    def _close(self, last_step: SelectionStep | None) -> None:
        selection, self._selection = self._selection, None
        self._context.show_answer("")
        self._show_highlights()
        if selection is not None and last_step is SelectionStep.COPY:
            self._copy(selection.text())
        elif selection is not None and last_step is SelectionStep.KEEP:
            self._keep(selection.first, selection.last)

    def _show(self, selection: Selection) -> None:
        self._selection = selection
        self._context.view.update(self._page())
        self._context.view.reveal()

    def _page(self) -> tuple[Item, ...]:
        """Return the page with the selected words underlined, and the word at the selection's moving end in reverse video."""
        return highlight_matches(self._items, *self._selection.highlights()) if self._selection is not None else self._items


class SelectScreen(ModalScreen[SelectionStep]):
    """Screen that takes the keys while words of the story below are selected.

    Its result is the action of the key that ended the selection: copy the words, save them as a passage, or leave.

    Args:
        step: Moves or extends the selection.
        keys: Keyboard keys of all actions. Only the keys for selecting words and for quitting bpost have an effect here.
    """

    def __init__(self, step: Callable[[SelectionStep], None], keys: Keys) -> None:
        super().__init__()
        self._step = step
        self._keys = keys
        self._steps = steps_by_key(keys.layouts)

    def on_key(self, event: events.Key) -> None:
        """Handle a key: move or extend the selection, copy the words or save them as a passage, leave the mode, or quit bpost."""
        event.stop()
        event.prevent_default()  # Textual would move the focus for Tab
        step = self._steps.get(key_name(event.key))
        if step in (SelectionStep.COPY, SelectionStep.KEEP, SelectionStep.LEAVE):
            self.dismiss(step)
        elif step is not None:
            self._step(step)
        elif self._keys.action_of(event.key) == "quit":
            self.app.exit()

    def on_click(self) -> None:
        """Leave selection mode without copying or keeping words."""
        self.dismiss(SelectionStep.LEAVE)
