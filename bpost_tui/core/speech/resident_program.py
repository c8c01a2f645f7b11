"""Program that keeps running: it loads its model once, and reads sentences from its stdin, one per line.

A program that writes sound, such as piper, writes the samples of each line to stdout, raw and with nothing in between. So nothing
marks the end of a sentence, and reading until the stream ends would wait forever. Waiting for the length that the text suggests
would cut off slow voices. A sentence therefore counts as complete when nothing has come for `QUIET_S` seconds. piper writes sound
as fast as its output is read, so it pauses only to wait for input. Only one line is sent at a time, because nothing would separate
the samples of two lines.

A program that plays its own sound writes a line with any text to stdout when it has spoken a sentence. A program that never writes
is assumed to speak at the usual pace (`CHARACTERS_PER_S`).
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
"""Time in seconds without output after which the sound of a sentence counts as complete."""
_FIRST_S, _NEXT_S = 60.0, 20.0
"""Maximum times in seconds to wait for sound: for the first sentence, while the model loads, and for each further sentence."""
_LONGEST_S = 300.0
"""Maximum duration in seconds of a sentence's sound."""
_LOAD_S = 2.0
"""Usual time in seconds to load a model. It is added to the usual time for speaking the first sentence."""
_SLOWEST = 4.0
"""Factor: a program that reports the end of a sentence may take `_NEXT_S` plus this multiple of the usual time for the sentence."""


class ResidentProgram:
    """Program that is started once, for the first sentence or earlier, and then speaks all sentences.

    Args:
        command: Program and its arguments.
        environ: Environment variables for the program, in addition to our own.
        rate_hz: Sample rate in Hz of output without a WAV header; 0 if the program plays the sound itself.
    """

    def __init__(self, command: Command, environ: Mapping[str, str], rate_hz: int = 0) -> None:
        self.name = name_of(command)
        self.rate_hz = rate_hz
        self.is_closed = False
        """Whether `close` or `close_soon` was called."""
        self._command = command
        self._environ = environ
        self._process: PipeProcess | None = None
        self._has_spoken = False
        self._sent_lines = self._spoken_lines = 0

    def start(self) -> PipeProcess:
        """Start the program unless it is running, and return its process. Raises ProgramError if it can't be started."""
        if self._process is None:
            self._process = PipeProcess(self._command, self._environ)
            if self.is_closed:  # closed by another thread meanwhile
                self._process.close()
        return self._process

    def restarted(self) -> ResidentProgram:
        """Return a new object that will start the same program again when a sentence is spoken."""
        return ResidentProgram(self._command, self._environ)

    def close_soon(self) -> None:
        """End the program without waiting."""
        self.is_closed = True
        if self._process is not None:
            self._process.close_soon()

    def close(self) -> None:
        """End the program and all programs that it started, within half a second; may be called from any thread."""
        self.is_closed = True
        if self._process is not None:
            self._process.close()

    # ── programs that write sound ───────────────────────────────────────────

    def synthesize(self, sentence: str) -> Iterator[bytes]:
        """Send `sentence` to the program, and yield its sound samples as the program writes them.

        Raises:
            ProgramError: The program can't be started, has ended, writes nothing, doesn't write sound, or never stops writing.
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
        """Yield the program's output in pieces, until the sound of a sentence is complete or this object is closed.

        Raises ProgramError if the program has ended, doesn't answer, or never stops writing.
        """
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

    # ── programs that play by themselves ────────────────────────────────────

    def speak(self, sentence: str, speed: float) -> None:
        """Send `sentence` to a program that plays by itself, and wait until it is spoken.

        If the program never reports the end of a sentence, wait for the time that the sentence usually takes at `speed` (1 is
        usual).

        Raises ProgramError if the program can't be started, has ended or doesn't answer in time.
        """
        process = self.start()
        self._sent_lines += 1
        self._send(process, sentence)
        began, usual_s = monotonic(), len(sentence) / CHARACTERS_PER_S / speed + (_LOAD_S if self._sent_lines == 1 else 0)
        while not self.is_closed and self._spoken_lines < self._sent_lines:
            self._spoken_lines += self._read(process).count(b"\n")
            passed_s = monotonic() - began
            if not self._spoken_lines and passed_s > usual_s:
                break
            if passed_s > _NEXT_S + _SLOWEST * usual_s:
                raise ProgramError(prefix_reason(self.name, Reason("it took longer than {seconds} s", seconds=f"{passed_s:.0f}")))

    # ── pipes ───────────────────────────────────────────────────────────────

    def _send(self, process: PipeProcess, sentence: str) -> None:
        """Write a sentence as a line to the program's stdin. Raises ProgramError if the program doesn't read the line in time."""
        left, began = memoryview(f"{' '.join(sentence.split())}\n".encode()), monotonic()
        while left and not self.is_closed:
            left = left[process.write(left) :]
            if monotonic() - began > _NEXT_S:
                raise ProgramError(prefix_reason(self.name, Reason("no response")))

    def _read(self, process: PipeProcess) -> bytes:
        """Return the program's next output, empty if none comes within 0.1 s. Raises ProgramError if the program has ended."""
        piece = process.read()
        if piece is None and not self.is_closed:
            raise process.exit_error()
        return piece or b""
