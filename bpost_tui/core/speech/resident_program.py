"""A program that stays: it gets a sentence a line on its stdin, and its model is loaded once.

It answers in one of two ways. It writes the sound of each line to stdout, raw and with nothing in between, as piper does: a line's
sound is complete once nothing more comes for a while, so only one line is given at a time. Or it plays by itself: then a line on
its stdout, whatever that says, means that a sentence has been spoken; one that never writes is believed to speak at a usual pace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from time import monotonic

from bpost_tui.config.value_types import Command
from bpost_tui.core.external_programs import name_of
from bpost_tui.core.speech.pcm import SAMPLE_BYTES, parse_sound_prefix
from bpost_tui.core.speech.pipe_process import PipeProcess
from bpost_tui.core.speech.speech_programs import CHARACTERS_PER_S
from bpost_tui.errors import ProgramError
from bpost_tui.i18n import Reason, prefix_reason

QUIET_S = 0.4
"""A line's sound is complete when nothing has come for so long; piper writes each piece as fast as it is read."""
_FIRST_S, _NEXT_S = 60.0, 20.0
"""How long the first sentence's sound is waited for, with a model to load, and that of each other."""
_LONGEST_S = 300.0
"""No sentence's sound is longer."""
_LOAD_S = 2.0
"""How long a model usually takes to load; a first sentence that isn't answered is given so much more."""
_SLOWEST = 4.0
"""So many times as long as at a usual pace a sentence may take, where the program tells when it has been spoken."""


class ResidentProgram:
    """A program that is started once, with the first sentence or before it.

    Args:
        command: The program.
        environ: What it finds in its environment besides all that we have.
        rate_hz: Of the samples that it writes, unless they come as WAV; 0 for one that plays by itself.
    """

    def __init__(self, command: Command, environ: Mapping[str, str], rate_hz: int = 0) -> None:
        self.name = name_of(command)
        self.rate_hz = rate_hz
        self.is_closed = False
        """Whether it was ended by us."""
        self._command = command
        self._environ = environ
        self._process: PipeProcess | None = None
        self._has_spoken = False
        self._given = self._answered = 0

    def start(self) -> PipeProcess:
        """Start it, unless it runs; raises ProgramError where it can't be."""
        if self._process is None:
            self._process = PipeProcess(self._command, self._environ)
            if self.is_closed:  # meanwhile, by another thread
                self._process.close()
        return self._process

    def restarted(self) -> ResidentProgram:
        """Return the same program, not yet started."""
        return ResidentProgram(self._command, self._environ)

    def close_soon(self) -> None:
        """End it without waiting for that."""
        self.is_closed = True
        if self._process is not None:
            self._process.close_soon()

    def close(self) -> None:
        """End it with all that it started; may be called from any thread, and takes half a second at most."""
        self.is_closed = True
        if self._process is not None:
            self._process.close()

    # ── one that writes sound ───────────────────────────────────────────────

    def synthesize(self, sentence: str) -> Iterator[bytes]:
        """Give it a sentence, and yield that one's samples as they come.

        Raises:
            ProgramError: It can't be started, has ended, writes nothing, no sound, or without an end.
        """
        if self.is_closed:
            return
        process = self.start()
        self._send(process, sentence)
        head: bytes | None = b""
        for piece in self._pieces(process):
            if head is None:
                yield piece
                continue
            head += piece
            if begun := parse_sound_prefix(head, self.rate_hz, self.name, is_all=False):
                head, self.rate_hz = None, begun.rate_hz
                yield begun.samples
        if head and (begun := parse_sound_prefix(head, self.rate_hz, self.name, is_all=True)):
            self.rate_hz = begun.rate_hz
            yield begun.samples
        self._has_spoken = True

    def _pieces(self, process: PipeProcess) -> Iterator[bytes]:
        """Yield what it writes, until that is all for now."""
        size, last = 0, monotonic()
        first_s = _NEXT_S if self._has_spoken else _FIRST_S
        while not self.is_closed:
            if piece := self._read(process):
                size, last = size + len(piece), monotonic()
                if size > self.rate_hz * SAMPLE_BYTES * _LONGEST_S:
                    raise ProgramError(prefix_reason(self.name, Reason("it never finishes")))
                yield piece
            elif size and monotonic() - last > QUIET_S:
                return
            elif not size and monotonic() - last > first_s:
                raise ProgramError(prefix_reason(self.name, Reason("no response")))

    # ── one that plays by itself ────────────────────────────────────────────

    def speak(self, sentence: str, speed: float) -> None:
        """Give it a sentence, and wait until that has been spoken; raises ProgramError as `synthesize` does."""
        process = self.start()
        self._given += 1
        self._send(process, sentence)
        began, usual_s = monotonic(), len(sentence) / CHARACTERS_PER_S / speed + (_LOAD_S if self._given == 1 else 0)
        while not self.is_closed and self._answered < self._given:
            self._answered += self._read(process).count(b"\n")
            passed_s = monotonic() - began
            if not self._answered and passed_s > usual_s:
                break
            if passed_s > _NEXT_S + _SLOWEST * usual_s:
                raise ProgramError(prefix_reason(self.name, Reason("it took longer than {seconds} s", seconds=f"{passed_s:.0f}")))

    # ── its pipes ───────────────────────────────────────────────────────────

    def _send(self, process: PipeProcess, sentence: str) -> None:
        """Write a line; a program that reads none isn't waited for."""
        left, began = memoryview(f"{' '.join(sentence.split())}\n".encode()), monotonic()
        while left and not self.is_closed:
            left = left[process.write(left) :]
            if monotonic() - began > _NEXT_S:
                raise ProgramError(prefix_reason(self.name, Reason("no response")))

    def _read(self, process: PipeProcess) -> bytes:
        """Return what it has written within a tenth of a second; raises ProgramError where it has ended."""
        piece = process.read()
        if piece is None and not self.is_closed:
            raise process.exit_error()
        return piece or b""
