"""Voices speak sentences through a program. There are four kinds of programs.

| the program | is started | its sound |
| --- | --- | --- |
| plays by itself (espeak-ng, any other) | for each sentence | is played by the program; the sentence ends when the program does |
| plays by itself and keeps running | once | the sentence ends with a line on stdout, or after the time estimated from its length |
| writes sound | for each sentence | goes to a player, which keeps running |
| writes sound and keeps running (piper) | once | goes to a player; the next sentence is synthesized while this one plays |
"""

from __future__ import annotations

from threading import Thread
from typing import Protocol

from bpost_tui.config.value_types import Command, VoiceCommand
from bpost_tui.core.external_programs import ExternalProgram
from bpost_tui.core.speech.pipe_process import program_error
from bpost_tui.core.speech.player_voice import PlayerVoice
from bpost_tui.core.speech.players import find_player
from bpost_tui.core.speech.resident_program import ResidentProgram
from bpost_tui.core.speech.speech_programs import is_espeak, speed_variables, timeout_s, with_known_program, with_speed
from bpost_tui.core.speech.stop_signal import StopSignal
from bpost_tui.core.speech.synthesizer import synthesizer_for
from bpost_tui.errors import UsageError
from bpost_tui.i18n import message


class Voice(Protocol):
    """Speaks sentences, one at a time. `speak` blocks; `close` may be called from any thread."""

    def start(self) -> None:
        """Load the voice's model, so that the first sentence needn't wait for it."""

    def speak(self, sentence: str, following: str, stop: StopSignal) -> bool:
        """Speak `sentence`, and return whether it was spoken to its end. Meanwhile the voice may prepare `following`.

        Args:
            sentence: Sentence, on one line.
            following: Next sentence; empty if there is none.
            stop: Signal that stops the sentence.

        Raises:
            ProgramError: The program can't be started, fails, never answers, or writes no sound.
        """

    def finish(self) -> None:
        """Wait until all sound has been played, then end the voice's programs."""

    def close(self) -> None:
        """End all programs that the voice has started, within a second."""


def configured_voice(listen: VoiceCommand, speed: float) -> Voice:
    """Return the voice for the config's setting `listen`. `speed` is a multiple of the voice's usual speed.

    Raises UsageError if the config names no program, or no player is installed.
    """
    voice = with_known_program(listen)
    if not voice.program:
        raise UsageError(message("No program to read aloud; set `listen` in the config"))
    if voice.sound_hz:
        return PlayerVoice(synthesizer_for(voice, speed), find_player(voice.player))
    if voice.stays:
        return _ResidentVoice(ResidentProgram(with_speed(voice.program, speed), speed_variables(speed)), speed)
    return _OneShotVoice(with_speed(voice.program, speed), speed)


class _OneShotVoice:
    """Voice of a program that is started for each sentence, and plays its own sound."""

    def __init__(self, command: Command, speed: float) -> None:
        self._command = command
        self._speed = speed
        self._program: ExternalProgram | None = None

    def start(self) -> None:
        """Do nothing, because there is no model to load."""

    def speak(self, sentence: str, following: str, stop: StopSignal) -> bool:
        """Speak `sentence` until `stop` is sent, and return whether it was spoken to its end. `following` isn't used.

        Raises ProgramError if the program can't be started or fails.
        """
        program = self._program = ExternalProgram(self._command, speed_variables(self._speed))
        stop.on_stop(lambda: Thread(target=program.stop).start())
        written = program.run(sentence, timeout_s=timeout_s(sentence, self._speed))
        *before, last = written.strip().split("\n")
        if last.startswith("error: ") and not program.was_stopped and is_espeak(self._command):  # although its status is 0
            raise program_error(program.name, [*before, last.removeprefix("error: ")[:200]])
        return not program.was_stopped

    def finish(self) -> None:
        """Do nothing, because `speak` has already waited for the end of the sound."""

    def close(self) -> None:
        """End the program."""
        if self._program is not None:
            self._program.stop()


class _ResidentVoice:
    """Voice of a program that keeps running and plays its own sound.

    Stopping a sentence ends the program, so the next sentence starts the program again.
    """

    def __init__(self, program: ResidentProgram, speed: float) -> None:
        self._program = program
        self._speed = speed
        self._is_over = False

    def start(self) -> None:
        """Start the program."""
        self._program.start()

    def speak(self, sentence: str, following: str, stop: StopSignal) -> bool:
        """Speak `sentence` until `stop` is sent, and return whether it was spoken to its end. `following` isn't used.

        Raises ProgramError if the program can't be started, fails or never answers.
        """
        if self._program.is_closed and not self._is_over:
            self._program = self._program.restarted()
        if self._is_over:
            return False
        program = self._program
        stop.on_stop(program.close_soon)
        if not stop.is_set:
            program.speak(sentence, self._speed)
        return not program.is_closed

    def finish(self) -> None:
        """End the program. It has spoken all sentences by now."""
        self.close()

    def close(self) -> None:
        """End the program."""
        self._is_over = True
        self._program.close()
