"""Synthesizers turn sentences into sound samples.

A synthesizer starts a program for each sentence (espeak-ng), or uses a program that keeps running (piper).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from bpost_tui.config.value_types import Command, VoiceCommand, VoiceProgram
from bpost_tui.core.external_programs import ExternalProgram
from bpost_tui.core.speech.pcm import parse_sound_prefix
from bpost_tui.core.speech.resident_program import ResidentProgram
from bpost_tui.core.speech.speech_programs import sound_writer, speed_variables, timeout_s, with_known_program, with_speed
from bpost_tui.errors import UsageError
from bpost_tui.i18n import message

_MOST_SOUND = 64 << 20
"""Maximum size in bytes of a sentence's sound: five minutes at the highest sample rate."""


class Synthesizer(Protocol):
    """Turns sentences into sound samples, one sentence at a time."""

    def start(self) -> object:
        """Load the model, so that the first sentence needn't wait for it."""

    def synthesize(self, sentence: str) -> Iterator[bytes]:
        """Yield the samples of `sentence` as they are made; raises ProgramError if the program can't be started, or fails."""

    @property
    def rate_hz(self) -> int:
        """Sample rate in Hz; only known after the first samples."""

    def close(self) -> None:
        """End all programs that the synthesizer has started."""


def configured_synthesizer(listen: VoiceCommand, speed: float) -> Synthesizer:
    """Return the synthesizer for `listen`, the voice in the config. `speed` is a multiple of the usual speed.

    Raises UsageError if the config names no program, or a program that can only play sound, not write it.
    """
    voice = with_known_program(listen)
    if not voice.program:
        raise UsageError(message("No program to read aloud; set `listen` in the config"))
    writing = sound_writer(voice)
    if writing is None:
        raise UsageError(
            message("The `listen` program plays sound itself, so it can't be saved to a file"),
            hint=message("espeak-ng and piper can write sound; for another program, give its rate: `sound_hz`."),
        )
    return synthesizer_for(writing, speed)


def synthesizer_for(voice: VoiceProgram, speed: float) -> Synthesizer:
    """Return the synthesizer for a voice that writes its sound to stdout. `speed` is a multiple of the usual speed."""
    command = with_speed(voice.program, speed)
    if voice.stays:
        return ResidentProgram(command, speed_variables(speed), voice.sound_hz)
    return _OneShotSynthesizer(command, speed, voice.sound_hz)


class _OneShotSynthesizer:
    """Synthesizer that starts a program for each sentence."""

    def __init__(self, command: Command, speed: float, rate_hz: int) -> None:
        self._command = command
        self._speed = speed
        self.rate_hz = rate_hz
        self._program: ExternalProgram | None = None
        self._is_closed = False

    def start(self) -> None:
        """Do nothing, because there is no model to load."""

    def synthesize(self, sentence: str) -> Iterator[bytes]:
        """Yield the samples of a sentence. Raises ProgramError if the program can't be started, or fails."""
        program = self._program = ExternalProgram(self._command, speed_variables(self._speed))
        if self._is_closed:
            return
        written = program.run_for_bytes(sentence, timeout_s=timeout_s(sentence, self._speed), most=_MOST_SOUND)
        if (
            (prefix := parse_sound_prefix(written, self.rate_hz, program.name, is_all=True))
            and prefix.samples
            and not self._is_closed
        ):
            self.rate_hz = prefix.rate_hz
            yield prefix.samples

    def close(self) -> None:
        """End the program."""
        self._is_closed = True
        if self._program is not None:
            self._program.stop()
