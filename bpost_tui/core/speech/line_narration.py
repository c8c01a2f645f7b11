"""Reading aloud in a session of lines: what is typed meanwhile pauses it, steps through its sentences, changes its speed."""

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

_LOOKS_S = 0.1
_STEPS = {"next_sentence": 1, "previous_sentence": -1}
_SPEEDS = {"faster": 1, "settings": -1}
_PAUSES = ("pause", "space")


@dataclass(slots=True)
class LineNarration:
    """Reads paragraphs aloud."""

    listen: VoiceCommand
    io: LineIO
    keys: LineKeys
    language: Language
    preferences: Preferences
    speed: float
    paragraph: int = 0
    """Which of the paragraphs is said."""
    _at: int = 0
    """Which of the sentences is said."""

    def read_paragraphs(self, paragraphs: Sequence[str], said: int = 0) -> str | None:
        """Read paragraphs aloud, each said as a line before, but the first ones, which have been.

        Returns:
            The line that stopped it, which may ask for something else; None where all were read.

        Raises:
            UsageError: There is no voice, or it fails.
            KeyboardInterrupt: Ctrl+C was pressed.
        """
        pieces = [(at, text[start:end]) for at, text in enumerate(paragraphs) for start, end in sentences(text)]
        narrator = Narrator(self.listen, self.speed)
        self._at = 0
        try:
            while self._at < len(pieces):
                self.paragraph, sentence = pieces[self._at]
                for text in paragraphs[said : self.paragraph + 1]:
                    self.io.write_line(text)
                said = max(said, self.paragraph + 1)
                following = pieces[self._at + 1][1] if self._at + 1 < len(pieces) else ""
                line = self._speak(narrator, narrator.prepare_sentence(sentence, following))
                if line is not None:
                    return line
            narrator.finish()
        finally:
            narrator.close()
        return None

    def change_speed(self, step: int, narrator: Narrator | None = None) -> None:
        """Be faster, or slower where the step is negative, and remember it."""
        narrator = narrator or Narrator(self.listen)
        if not narrator.has_speeds:
            self.io.write_line(self.language.text("The speed of this voice can't be changed"))
            return
        self.speed = next_speed(self.speed, step)
        self.preferences.save(listen_speed=self.speed)
        narrator.set_speed(self.speed)
        self.io.write_line(self.language.text("Reading aloud at {pace} its usual speed", pace=self.language.factor(self.speed)))

    def _speak(self, narrator: Narrator, saying: Callable[[], bool]) -> str | None:
        """Say a sentence and go to the next, or where a line typed meanwhile leads; return one that asks for something else."""
        speaker = _SpeechThread(saying)
        while speaker.is_speaking():
            line = self.io.read_pending_line()
            if line is None:
                continue
            action = self.keys.action(line.strip())
            if action in _SPEEDS:
                self.change_speed(_SPEEDS[action], narrator)
                continue
            narrator.stop()
            speaker.wait()
            return self._run_action(action, line)
        speaker.wait()
        self._at += 1
        return None

    def _run_action(self, action: str, line: str) -> str | None:
        """Do what a line asks for while nothing is said; return it where that is something else."""
        if action in _STEPS:
            self._at = max(0, self._at + _STEPS[action])
        elif not line.strip() or action in _PAUSES:
            return self._pause()
        else:
            return line
        return None

    def _pause(self) -> str | None:
        self.io.write_line(self.language.text("Paused. Enter: resume from this sentence"))
        line = self.io.read_line("> ")
        action = self.keys.action(line.strip()) if line else ""
        if line is None:
            return ""
        if not line.strip() or action in _PAUSES:
            return None
        if action in _SPEEDS:
            self.change_speed(_SPEEDS[action])
            return self._pause()
        return self._run_action(action, line)


class _SpeechThread:
    """Says a sentence in a thread, so that lines can be heard."""

    def __init__(self, saying: Callable[[], bool]) -> None:
        self._saying = saying
        self._error: Exception | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def is_speaking(self) -> bool:
        """Wait a tenth of a second, and return whether it still speaks."""
        self._thread.join(_LOOKS_S)
        return self._thread.is_alive()

    def wait(self) -> None:
        """Wait until it has ended; raises what went wrong."""
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            self._saying()
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            self._error = error
