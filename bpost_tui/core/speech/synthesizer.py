"""What makes the sound of sentences: a program that is started for each, as espeak-ng, or one that stays, as piper."""

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
"""Bytes of a sentence's sound: five minutes of the finest."""


class Synthesizer(Protocol):
    """Makes the sound of sentences, one after another."""

    def start(self) -> object:
        """Load what it needs."""

    def synthesize(self, sentence: str) -> Iterator[bytes]:
        """Yield samples of a sentence as they are made; raises UsageError as `Voice.speak` does."""

    @property
    def rate_hz(self) -> int:
        """The rate of the samples; right once there are some."""

    def close(self) -> None:
        """End all that it has started."""


def configured_synthesizer(listen: VoiceCommand, speed: float) -> Synthesizer:
    """Return what writes the sound of the voice that the config names; raises UsageError where it can only play it."""
    voice = with_known_program(listen)
    if not voice.program:
        raise UsageError(message("No program to read aloud; set `listen` in the config"))
    writing = sound_writer(voice)
    if writing is None:
        raise UsageError(
            message("The program that `listen` names plays by itself; its sound can't be written"),
            hint=message("espeak-ng and piper can write sound; for another program, give its rate: `sound_hz`."),
        )
    return synthesizer_for(writing, speed)


def synthesizer_for(voice: VoiceProgram, speed: float) -> Synthesizer:
    """Return what makes the sound of a voice that writes it."""
    command = with_speed(voice.program, speed)
    if voice.stays:
        return ResidentProgram(command, speed_variables(speed), voice.sound_hz)
    return _OneShotSynthesizer(command, speed, voice.sound_hz)


class _OneShotSynthesizer:
    """A program that is started for each sentence, and writes its sound."""

    def __init__(self, command: Command, speed: float, rate_hz: int) -> None:
        self._command = command
        self._speed = speed
        self.rate_hz = rate_hz
        self._program: ExternalProgram | None = None
        self._is_closed = False

    def start(self) -> None:
        """Do nothing: there is nothing to load."""

    def synthesize(self, sentence: str) -> Iterator[bytes]:
        """Yield the samples of a sentence."""
        program = self._program = ExternalProgram(self._command, speed_variables(self._speed))
        if self._is_closed:
            return
        written = program.run_for_bytes(sentence, timeout_s=timeout_s(sentence, self._speed), most=_MOST_SOUND)
        if (
            (begun := parse_sound_prefix(written, self.rate_hz, program.name, is_all=True))
            and begun.samples
            and not self._is_closed
        ):
            self.rate_hz = begun.rate_hz
            yield begun.samples

    def close(self) -> None:
        """End the program."""
        self._is_closed = True
        if self._program is not None:
            self._program.stop()
