"""What plays sound: a program of the system's that takes WAV on its stdin."""

from __future__ import annotations

from shutil import which
from time import monotonic

from bpost_tui.config.value_types import Command
from bpost_tui.core.speech.pcm import seconds, wav_header
from bpost_tui.core.speech.pipe_process import LOOKS_S, PipeProcess
from bpost_tui.errors import ProgramError, UsageError
from bpost_tui.i18n import Reason, message, prefix_reason

PLAYERS: tuple[tuple[str, ...], ...] = (
    ("paplay",),
    ("aplay", "-q", "-"),
    ("play", "-q", "-t", "wav", "-"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error", "-i", "-"),
    ("mpv", "--no-terminal", "--no-video", "-"),
)
"""PulseAudio's, which PipeWire serves too; ALSA's; sox; ffmpeg; mpv."""
_STALLED_S = 10.0
"""A player that takes no sound for so long doesn't play."""
_TAIL_S = 5.0
"""How long after its sound a player may still run: what it holds is yet to be heard."""


def find_player(named: Command = ()) -> Command:
    """Return the player that is named, else the first that is installed; raises UsageError where none is."""
    found = named or next((player for player in PLAYERS if which(player[0])), None)
    if not found:
        raise UsageError(
            message("No program to play sound is installed"),
            hint=message("Install alsa-utils (aplay), pulseaudio-utils (paplay), sox (play) or ffmpeg (ffplay)."),
        )
    return found


class Player:
    """A player that has begun. It runs on from sentence to sentence: starting and draining one takes up to two seconds.

    It doesn't tell how far it is, so that is reckoned: samples are heard after those before them, at their rate.

    Args:
        command: The program.
        rate_hz: The rate of the samples that it will get.
    """

    def __init__(self, command: Command, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self._process = PipeProcess(command, is_read=False)
        self._ends = 0.0
        """When all that it was given has been heard."""
        try:
            self._write(wav_header(rate_hz))
        except ProgramError:  # it has failed at once
            self._process.close()
            raise

    @property
    def is_closed(self) -> bool:
        """Whether it was ended by us."""
        return self._process.is_closed

    def play(self, samples: bytes) -> None:
        """Play samples after those before; returns once the player has taken them. Raises ProgramError where it doesn't."""
        self._ends = max(self._ends, monotonic()) + seconds(self.rate_hz, len(samples))
        self._write(samples)

    def wait(self) -> None:
        """Wait until all has been heard, or it is closed; raises ProgramError where it has failed before."""
        while not self.is_closed and (left_s := self._ends - monotonic()) > 0:
            if self._process.has_ended(min(left_s, LOOKS_S)):  # faster than that, as what writes to a file does
                return

    def finish(self) -> None:
        """Let it end by itself; raises ProgramError as `wait` does."""
        self._process.end_input()
        due = max(self._ends, monotonic()) + _TAIL_S
        while not self.is_closed and monotonic() < due and not self._process.has_ended(LOOKS_S):
            pass
        self.close()

    def close_soon(self) -> None:
        """End it at once, without waiting for that."""
        self._process.close_soon()

    def close(self) -> None:
        """End it at once, if it still runs; may be called from any thread, and takes half a second at most."""
        self._process.close()

    def _write(self, data: bytes) -> None:
        left, moved = memoryview(data), monotonic()
        while left and not self.is_closed:
            taken = self._process.write(left)
            if taken:
                left, moved = left[taken:], monotonic()
            elif monotonic() - moved > _STALLED_S:
                raise ProgramError(prefix_reason(self._process.name, Reason("no sound")))
