"""Reads stories aloud: highlights the spoken sentence, scrolls with it, and goes on to the list's next unread story."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from bpost_tui.core.page_matches import PageMatch, find_matches, highlight_matches
from bpost_tui.core.story.find_state import FindState
from bpost_tui.errors import BPostError
from bpost_tui.model.story import RowKey, SavedStory
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.typesetting.typeset.items import Item, Para

if TYPE_CHECKING:
    from bpost_tui.core.speech.narrator import Narrator

_GROUP = "aloud"


class OpenNextUnread(Protocol):
    """Function that opens the next unread story."""

    def __call__(self, step: int, *, none: Callable[[], None] = ...) -> None:
        """Go forward `step` unread stories; call `none` if there are none."""


class ReadAloud:
    """Reads stories aloud.

    Args:
        find_state: State of finding text in the story; it holds the page on the screen without highlighted words.
        show_highlights: Shows the page with the matches of finding text highlighted.
        open_next_unread: Opens the next unread story, or calls `none` if there is none.
        on_end: Called with a story that has been read to its end.
    """

    def __init__(
        self,
        context: ScreenContext,
        find_state: FindState,
        *,
        show_highlights: Callable[[], None],
        open_next_unread: OpenNextUnread,
        on_end: Callable[[SavedStory], None],
    ) -> None:
        self._context = context
        self._find_state = find_state
        self._show_highlights = show_highlights
        self._open_next_unread = open_next_unread
        self._on_end = on_end
        self.voice_command = context.settings.listen
        self._speed = context.preferences.values.listen_speed
        self.narrator: Narrator | None = None
        """Narrator that speaks the sentences; None if no story is read aloud."""
        self._continues = False
        """Whether the next opened story is also to be read aloud, because the story before it was read aloud to its end."""
        self._row: RowKey | None = None
        """Key of the list row whose story is being read aloud; None before the first story."""
        self._page: tuple[Item, ...] = ()
        """Items (paragraphs, headings …) of the page whose sentences are spoken."""
        self._sentences: tuple[PageMatch, ...] = ()
        self._at = 0

    # ── state ───────────────────────────────────────────────────────────────

    @property
    def is_active(self) -> bool:
        """Whether a story is read aloud, or reading is paused."""
        return self.narrator is not None

    @property
    def _is_paused(self) -> bool:
        return self._context.session.speech_state == "paused"

    def notes(self) -> tuple[str, ...]:
        """Return the speed of the voice as a note for the footer; empty if nothing is read aloud, or the speed is the usual one."""
        return (self._context.language.factor(self._speed),) if self.is_active and self._speed != 1 else ()

    def highlight(self, page: tuple[Item, ...], saved: SavedStory) -> tuple[Item, ...]:
        """Return the page of the story `saved` with only the spoken sentence highlighted; `page` if it isn't being read aloud."""
        if self.narrator is None or saved.key != self._row:
            return page
        self._update_sentences()
        if self._at >= len(self._sentences):
            return page
        sentence = self._sentences[self._at]
        return highlight_matches(self._find_state.plain, (sentence,), sentence)

    # ── starting and ending ─────────────────────────────────────────────────

    def toggle(self) -> None:
        """Read the open story aloud from the first visible item (paragraph …) on; if a story is being read, stop reading.

        If no program for reading aloud is known, or no story is open, show a message.
        """
        saved = self._context.session.story
        if self.narrator is not None:
            self.end()
        elif saved is None:
            self._context.show_no_story()
        elif not self.voice_command:
            self._context.show_answer(self._context.text("No program to read aloud; set `listen` in the config"))
        else:
            from bpost_tui.core.speech.narrator import Narrator  # 2 ms

            self.narrator = Narrator(self.voice_command, self._speed)
            self._context.session.speech_state = "aloud"
            self._context.panes.go("story")
            self._begin(saved, self._context.view.item)

    def end(self) -> None:
        """Stop reading aloud. Call this only from outside the worker that reads the story."""
        if self.narrator is not None:
            self._context.cancel(_GROUP)
        self._silence()

    def _silence(self) -> None:
        """End the narrator and its highlighting; the worker that reads the story continues.

        The worker itself calls this method. If it called `end`, it would cancel itself before it raises its error. Textual then
        replaces the error by the cancellation if other code waits for the worker, and the error isn't shown.
        """
        narrator, self.narrator = self.narrator, None
        self._context.session.speech_state, self._continues = "", False
        if narrator is not None:
            narrator.stop()
            self._context.run_worker(partial(to_thread, narrator.close), group="aloud-end")
            if self._context.session.is_story(self._row):
                self._show_highlights()
            self._context.status.show_footer()

    async def close(self) -> None:
        """Stop the voice, and end all processes that it has started."""
        if self.narrator is not None:
            await to_thread(self.narrator.close)

    def _begin(self, saved: SavedStory, item: int) -> None:
        """Read the story `saved` aloud from the first sentence at or below the item (paragraph …) with the index `item`.

        If there is no such sentence, begin with the story's first sentence.
        """
        self._row, self._page, self._sentences = saved.key, (), ()
        self._update_sentences()
        self._at = next((at for at in range(len(self._sentences)) if self._sentences[at].item >= item), 0)
        self._start_reading()

    # ── while it reads ──────────────────────────────────────────────────────

    def pause(self) -> None:
        """Pause reading; if reading is paused, resume from the beginning of the interrupted sentence.

        If nothing is read aloud, show a message.
        """
        if self.narrator is None:
            self._show_no_text()
            return
        self._context.session.speech_state = "aloud" if self._is_paused else "paused"
        if self._is_paused:
            self.narrator.stop()
            self._context.cancel(_GROUP)
        else:
            self._start_reading()
        self._context.status.show_footer()

    def step(self, step: int) -> None:
        """Go forward `step` sentences, or back if `step` is negative; show a message if nothing is read aloud."""
        if self.narrator is None:
            self._show_no_text()
            return
        last = len(self._sentences) - (1 if self._is_paused else 0)
        self._at = max(0, min(self._at + step, last))
        self.narrator.stop()
        if self._is_paused:
            self._show_sentence()
        else:
            self._start_reading()

    def change_speed(self, step: int) -> None:
        """Speak faster, or slower if `step` is negative, and remember the speed. If nothing is read aloud, show a message."""
        narrator = self.narrator
        if narrator is None:
            self._show_no_text()
            return
        if not narrator.has_speeds:
            self._context.show_answer(self._context.text("The speed of this voice can't be changed"))
            return
        from bpost_tui.core.speech.narrator import next_speed

        self._speed = next_speed(self._speed, step)
        self._context.preferences.save(listen_speed=self._speed)
        self._context.run_worker(partial(to_thread, narrator.set_speed, self._speed), group="speed")
        self._context.show_answer(
            self._context.text("Reading aloud at {pace} its usual speed", pace=self._context.language.factor(self._speed))
        )
        self._context.status.show_footer()

    def story_opened(self, saved: SavedStory) -> None:
        """Read the opened story `saved` aloud if reading aloud has gone on to it; if the reader has opened it, stop reading."""
        if self.narrator is None or saved.key == self._row:
            return
        if self._continues:
            self._continues = False
            self._begin(saved, 0)
        else:
            self.end()

    def note_activity(self) -> None:
        """Stop reading aloud if the reader acts (presses a key or clicks) between the end of one story and the start of the next.

        The next story may then be the reader's own choice, which isn't to be read aloud.
        """
        if self._continues:
            self.end()

    # ── sentence by sentence ────────────────────────────────────────────────

    def _start_reading(self) -> None:
        if self.narrator is not None:
            self._context.run_worker(partial(self._read_story, self.narrator), group=_GROUP, exclusive=True)

    async def _read_story(self, narrator: Narrator) -> None:
        """Let `narrator` read the story aloud from the current sentence on. Then mark it read, and open the next unread story."""
        try:
            while sentence := self._show_sentence():
                if not await to_thread(narrator.prepare_sentence(sentence, self._text(self._at + 1))):
                    return  # interrupted: the reader has paused, stepped or ended
                self._at += 1
        except BPostError:
            self._silence()
            raise
        saved = self._context.session.story
        if saved is None or saved.key != self._row:
            self._silence()
            return
        if not saved.headline.read:
            self._on_end(saved)
        self._continues = True
        self._open_next_unread(1, none=partial(self._finish, narrator))

    def _finish(self, narrator: Narrator) -> None:
        """Wait in the background until `narrator` has spoken its last sentence, then stop reading aloud."""
        self._continues = False
        self._context.run_worker(partial(self._finished, narrator), group="aloud-end")

    async def _finished(self, narrator: Narrator) -> None:
        await to_thread(narrator.finish)
        if self.narrator is narrator:
            self.end()

    def _show_sentence(self) -> str:
        """Highlight the current sentence, and return its text.

        Return an empty text at the story's end, or if another story is shown.
        """
        if not self._context.session.is_story(self._row):
            return ""
        self._update_sentences()
        if sentence := self._text(self._at):
            match = self._sentences[self._at]
            self._context.view.update(highlight_matches(self._find_state.plain, (match,), match))
            self._context.view.reveal()
        return sentence

    def _update_sentences(self) -> None:
        """If the page has changed, split it into sentences again, and find the current sentence among them.

        The current sentence becomes the nearest sentence with its former text or, if there is none, the sentence at its former
        position.
        """
        if self._page is self._find_state.plain:
            return
        from bpost_tui.bengali.sentences import sentences  # 1 ms

        previous, before = self._text(self._at), self._at
        self._page = self._find_state.plain
        self._sentences = find_matches(self._page, sentences)
        same = [at for at in range(len(self._sentences)) if self._text(at) == previous]
        self._at = min(same, key=lambda at: abs(at - before), default=before)

    def _text(self, at: int) -> str:
        if at >= len(self._sentences):
            return ""
        sentence = self._sentences[at]
        item = self._page[sentence.item]
        return "".join(run.text for run in item.runs)[sentence.start : sentence.end] if isinstance(item, Para) else ""

    # ── answers ─────────────────────────────────────────────────────────────

    def _show_no_text(self) -> None:
        key = self._context.keys.key_label("listen")
        self._context.show_answer(self._context.text("Nothing is being read aloud; {key} begins", key=key))
