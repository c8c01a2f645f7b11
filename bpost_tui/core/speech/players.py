"""Sound players: programs of the system that play WAV data from their stdin."""

from __future__ import annotations

from shutil import which
from time import monotonic

from bpost_tui.config.value_types import Command
from bpost_tui.core.speech.pcm import seconds, wav_header
from bpost_tui.core.speech.pipe_process import POLL_S, PipeProcess
from bpost_tui.errors import ProgramError, UsageError
from bpost_tui.i18n import Reason, message, prefix_reason

PLAYERS: tuple[tuple[str, ...], ...] = (
    ("paplay",),
    ("aplay", "-q", "-"),
    ("play", "-q", "-t", "wav", "-"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error", "-i", "-"),
    ("mpv", "--no-terminal", "--no-video", "-"),
)
"""Commands of players in order of preference: PulseAudio (also for PipeWire), ALSA, sox, ffmpeg, mpv."""
_STALLED_S = 10.0
"""Maximum time in seconds that a player may accept no samples. After this time, it is treated as broken."""
_TAIL_S = 5.0
"""Maximum time in seconds that a player may run after its last sample, while it plays the rest of its buffer."""


def find_player(named: Command = ()) -> Command:
    """Return the configured player `named`, else the first of `PLAYERS` that is installed.

    Raises UsageError if there is none.
    """
    found = named or next((player for player in PLAYERS if which(player[0])), None)
    if not found:
        raise UsageError(
            message("No program to play sound is installed"),
            hint=message("Install alsa-utils (aplay), pulseaudio-utils (paplay), sox (play) or ffmpeg (ffplay)."),
        )
    return found


class Player:
    """Running player, used for many sentences, because starting and ending a player takes up to two seconds.

    A player doesn't report its position. The position is therefore computed from the number of samples and their rate.

    Args:
        command: Program and its arguments.
        rate_hz: Sample rate of the sound in Hz.
    """

    def __init__(self, command: Command, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self._process = PipeProcess(command, is_read=False)
        self._ends = 0.0
        """Time when the last sample will have been played, on the clock `time.monotonic`."""
        try:
            self._write(wav_header(rate_hz))
        except ProgramError:  # the program failed at once
            self._process.close()
            raise

    @property
    def is_closed(self) -> bool:
        """Whether `close` or `close_soon` was called."""
        return self._process.is_closed

    def play(self, samples: bytes) -> None:
        """Play `samples` after the earlier samples. Returns when the player has accepted them.

        Raises ProgramError if the player doesn't accept them.
        """
        self._ends = max(self._ends, monotonic()) + seconds(self.rate_hz, len(samples))
        self._write(samples)

    def wait(self) -> None:
        """Wait until all samples have been played, or the player has ended or is closed.

        Raises ProgramError if the player fails before the samples have been played.
        """
        while not self.is_closed and (left_s := self._ends - monotonic()) > 0:
            if self._process.has_ended(min(left_s, POLL_S)):  # the program ended early, as a program does that writes to a file
                return

    def finish(self) -> None:
        """Let the player play its last sample and end by itself. Raises ProgramError if the player fails before it ends."""
        self._process.end_input()
        due = max(self._ends, monotonic()) + _TAIL_S
        while not self.is_closed and monotonic() < due and not self._process.has_ended(POLL_S):
            pass
        self.close()

    def close_soon(self) -> None:
        """End the player soon, without waiting for its end."""
        self._process.close_soon()

    def close(self) -> None:
        """End the player within half a second if it still runs; may be called from any thread."""
        self._process.close()

    def _write(self, data: bytes) -> None:
        left, moved = memoryview(data), monotonic()
        while left and not self.is_closed:
            n_written = self._process.write(left)
            if n_written:
                left, moved = left[n_written:], monotonic()
            elif monotonic() - moved > _STALLED_S:
                raise ProgramError(prefix_reason(self._process.name, Reason("no sound")))
