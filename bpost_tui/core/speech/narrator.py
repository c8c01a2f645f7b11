"""Narrator: reads sentences aloud. The speed may change between two sentences."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Lock

from bpost_tui.config.value_types import VoiceCommand
from bpost_tui.core.speech.speech_programs import supports_speed, with_known_program
from bpost_tui.core.speech.stop_signal import StopSignal
from bpost_tui.core.speech.voice import Voice, configured_voice

SPEEDS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
"""Speeds that the reader can choose, as multiples of the voice's usual speed."""


def next_speed(speed: float, step: int) -> float:
    """Return the speed `step` places after `speed` in `SPEEDS`, or before it if `step` is negative.

    If the table ends before that place, return its last or first speed.
    """
    nearest = min(range(len(SPEEDS)), key=lambda at: abs(SPEEDS[at] - speed))
    return SPEEDS[max(0, min(nearest + step, len(SPEEDS) - 1))]


class Narrator:
    """Reads sentences aloud with the configured voice; no program starts before the first sentence.

    Args:
        listen: Voice of the config.
        speed: Speed to begin with, as a multiple of the voice's usual speed.
    """

    def __init__(self, listen: VoiceCommand, speed: float = 1.0) -> None:
        self._listen = listen
        self._speed = speed
        self._voice: Voice | None = None
        self._next: Voice | None = None
        """Voice for the next sentence, at the speed that the reader has chosen.

        It loads while the present voice speaks at the old speed.
        """
        self._lock = Lock()
        self._is_closed = False
        self._stop = StopSignal()

    @property
    def has_speeds(self) -> bool:
        """Whether the voice can change its speed."""
        return supports_speed(with_known_program(self._listen).program)

    def set_speed(self, speed: float) -> None:
        """Set the speed for the next sentence and all after it; may be called from any thread.

        `speed` is a multiple of the voice's usual speed.
        """
        with self._lock:
            self._speed = speed
            if self._next is not None:
                self._next.close()
            self._next = None
            if self._voice is not None and not self._is_closed:
                self._next = configured_voice(self._listen, speed)
                self._next.start()

    def prepare_sentence(self, sentence: str, following: str = "") -> Callable[[], bool]:
        """Return a function that speaks `sentence` when called. From now on, the method `stop` stops this sentence.

        The function blocks, and returns whether the sentence was spoken to its end. Meanwhile the voice may prepare the next
        sentence, `following`. The function raises UsageError if no voice is installed, and ProgramError if the voice fails.
        """
        self._stop = StopSignal()
        return partial(self._speak, sentence, following, self._stop)

    def _speak(self, sentence: str, following: str, stop: StopSignal) -> bool:
        from bpost_tui.bengali.verbalise import verbalise  # imported late: 20 ms

        voice = self._current()
        spoken = verbalise(sentence)
        if voice is None or not spoken:
            return voice is not None
        return voice.speak(spoken, verbalise(following) if following else "", stop)

    def stop(self) -> None:
        """Stop the sentence that is being spoken. Returns at once."""
        self._stop()

    def finish(self) -> None:
        """Wait until all sound has been played, then end the voice's programs."""
        if (voice := self._voice) is not None and not self._is_closed:
            voice.finish()
        self.close()

    def close(self) -> None:
        """End the voice's programs within a second; may be called from any thread."""
        self._stop()
        with self._lock:
            self._is_closed = True
        for voice in (self._voice, self._next):
            if voice is not None:
                voice.close()

    def _current(self) -> Voice | None:
        """Return the voice for the present speed; None if the narrator has been closed."""
        with self._lock:
            if self._is_closed:
                return None
            if self._next is not None:
                before, self._voice, self._next = self._voice, self._next, None
                if before is not None:
                    before.close()
            elif self._voice is None:
                self._voice = configured_voice(self._listen, self._speed)
            return self._voice
