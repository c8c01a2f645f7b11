"""Reading aloud in `--plain` and `bpost listen`. Lines typed meanwhile pause the reading, skip sentences, or change the speed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Thread

from bpost_tui.bengali.sentences import sentences
from bpost_tui.config.value_types import VoiceCommand
from bpost_tui.core.keys.line_keys import LineKeys
from bpost_tui.core.line_io import LineIO
from bpost_tui.core.speech.narrator import Narrator, next_speed
from bpost_tui.core.state.preferences import Preferences
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.story import SavedStory

_POLL_S = 0.1
_STEPS = {"next_sentence": 1, "previous_sentence": -1}
_SPEEDS = {"faster": 1, "settings": -1}
_PAUSES = ("pause", "space")


def story_paragraphs(saved: SavedStory) -> tuple[str, ...]:
    """Return the paragraphs of a story's text, or of its excerpt if the text isn't saved."""
    return tuple(part for part in (plain_text(saved.blocks) or saved.headline.excerpt).split("\n\n") if part)


@dataclass(slots=True)
class LineNarration:
    """Reads paragraphs aloud. Each paragraph is printed before it is spoken."""

    listen: VoiceCommand
    io: LineIO
    keys: LineKeys
    language: Language
    preferences: Preferences
    speed: float
    paragraph: int = 0
    """Index of the paragraph that is being read aloud."""
    _at: int = 0
    """Index of the sentence that is being read aloud, within its paragraph."""

    def read_paragraphs(self, paragraphs: Sequence[str], n_written: int = 0) -> str | None:
        """Read `paragraphs` aloud, and print each before it is spoken. The first `n_written` paragraphs are printed already.

        Returns:
            The typed line that stopped the reading, for the caller to carry out, or an empty string if the input ended in a pause;
            None if everything was read.

        Raises:
            UsageError: No voice is installed.
            ProgramError: The voice fails.
            KeyboardInterrupt: Ctrl+C was pressed.
        """
        pieces = [(at, text[start:end]) for at, text in enumerate(paragraphs) for start, end in sentences(text)]
        narrator = Narrator(self.listen, self.speed)
        self._at = 0
        try:
            while self._at < len(pieces):
                self.paragraph, sentence = pieces[self._at]
                for text in paragraphs[n_written : self.paragraph + 1]:
                    self.io.write_line(text)
                n_written = max(n_written, self.paragraph + 1)
                following = pieces[self._at + 1][1] if self._at + 1 < len(pieces) else ""
                line = self._speak(narrator, narrator.prepare_sentence(sentence, following))
                if line is not None:
                    return line
            narrator.finish()
        finally:
            narrator.close()
        return None

    def _change_speed(self, step: int, narrator: Narrator) -> None:
        """Change the speed of `narrator` by `step` places in the table `SPEEDS`, and save the new speed.

        If `step` is negative, the new speed is lower.
        """
        if not narrator.has_speeds:
            self.io.write_line(self.language.text("The speed of this voice can't be changed"))
            return
        self.speed = next_speed(self.speed, step)
        self.preferences.save(listen_speed=self.speed)
        narrator.set_speed(self.speed)
        self.io.write_line(self.language.text("Reading aloud at {pace} its usual speed", pace=self.language.factor(self.speed)))

    def _speak(self, narrator: Narrator, speak: Callable[[], bool]) -> str | None:
        """Speak a sentence by calling `speak` in a thread, and carry out the commands that the reader types meanwhile.

        Return the typed line if only the caller can carry it out; otherwise None.
        """
        speaker = _SpeechThread(speak)
        while speaker.is_speaking():
            line = self.io.read_pending_line()
            if line is None:
                continue
            action = self.keys.action(line.strip())
            if action in _SPEEDS:
                self._change_speed(_SPEEDS[action], narrator)
                continue
            narrator.stop()
            speaker.wait()
            return self._run_action(action, line, narrator)
        speaker.wait()
        self._at += 1
        return None

    def _run_action(self, action: str, line: str, narrator: Narrator) -> str | None:
        """Carry out the action of a typed line between two sentences.

        Return `line` if only the caller can carry it out; otherwise None.
        """
        if action in _STEPS:
            self._at = max(0, self._at + _STEPS[action])
        elif not line.strip() or action in _PAUSES:
            return self._pause(narrator)
        else:
            return line
        return None

    def _pause(self, narrator: Narrator) -> str | None:
        self.io.write_line(self.language.text("Paused. Enter: resume from this sentence"))
        line = self.io.read_line("> ")
        action = self.keys.action(line.strip()) if line else ""
        if line is None:
            return ""
        if not line.strip() or action in _PAUSES:
            return None
        if action in _SPEEDS:
            self._change_speed(_SPEEDS[action], narrator)
            return self._pause(narrator)
        return self._run_action(action, line, narrator)


class _SpeechThread:
    """Thread that speaks a sentence, so that the main thread can read typed lines at the same time."""

    def __init__(self, speak: Callable[[], bool]) -> None:
        self._speak_sentence = speak
        self._error: Exception | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def is_speaking(self) -> bool:
        """Wait up to a tenth of a second for the thread to end, and return whether it still speaks."""
        self._thread.join(_POLL_S)
        return self._thread.is_alive()

    def wait(self) -> None:
        """Wait until the thread has ended, and raise its exception if it failed."""
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            self._speak_sentence()
        except Exception as error:  # noqa: BLE001 - `wait` raises it again
            self._error = error
