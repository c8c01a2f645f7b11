"""Sound format of all voices: 16-bit mono samples, and the header that makes them a WAV file. Pure."""

from __future__ import annotations

import struct

from bpost_tui.errors import ProgramError
from bpost_tui.i18n import Reason, prefix_reason
from bpost_tui.typesetting.text.named_tuple import NamedTuple

SAMPLE_BYTES = 2
_UNKNOWN_BYTES = 0x7FFFF000
"""Size in bytes to write into a WAV header if the length isn't known yet. espeak-ng also uses it, and every player accepts it."""
_HEADER_BYTES = 44
_MOST_BEFORE_SOUND = 4096
"""Maximum length in bytes of a WAV header. Headers may contain comments before the samples."""
_TEXT_BYTES = 64
"""Number of bytes at the beginning of a program's output that are checked for text, such as an error message."""


class SoundPrefix(NamedTuple):
    """Sample rate and first samples of the sound that a program writes."""

    rate_hz: int
    samples: bytes


def wav_header(rate_hz: int, size: int = _UNKNOWN_BYTES) -> bytes:
    """Return the header of a WAV file (RIFF, 1991) with `size` bytes of samples (by default, unknown) at the rate `rate_hz`."""
    size = min(size, _UNKNOWN_BYTES)
    form = struct.pack("<HHIIHH", 1, 1, rate_hz, rate_hz * SAMPLE_BYTES, SAMPLE_BYTES, 8 * SAMPLE_BYTES)
    riff = b"RIFF" + struct.pack("<I", size + _HEADER_BYTES - 8)
    return riff + b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", size)


def silence(rate_hz: int, seconds: float) -> bytes:
    """Return samples at the rate `rate_hz` that are silent for a number of seconds."""
    return bytes(round(rate_hz * seconds) * SAMPLE_BYTES)


def seconds(rate_hz: int, size: int) -> float:
    """Return the duration in seconds of `size` bytes of samples at the rate `rate_hz`."""
    return size / SAMPLE_BYTES / rate_hz


def parse_sound_prefix(data: bytes, rate_hz: int, name: str, *, is_all: bool) -> SoundPrefix | None:
    """Return the sample rate and first samples of a program's sound, which may begin with a WAV header.

    Args:
        data: First bytes of the output.
        rate_hz: Sample rate of sound without a WAV header.
        name: Name of the program, for errors.
        is_all: Whether the output is complete.

    Returns:
        None if more bytes are needed.

    Raises:
        ProgramError: The output isn't sound, or sound of an unknown kind.
    """
    if data.startswith(b"RIFF"):
        return _wav(data, name, is_all=is_all)
    if len(data) < _TEXT_BYTES and not is_all:
        return None
    head = data[:_TEXT_BYTES]
    if head and (line := _as_text(head)):
        raise ProgramError(prefix_reason(name, Reason("it wrote text where sound was expected: {text}", text=line)))
    return SoundPrefix(rate_hz, data)


def _wav(data: bytes, name: str, *, is_all: bool) -> SoundPrefix | None:
    at, rate_hz = 12, 0
    while at + 8 <= len(data) and at < _MOST_BEFORE_SOUND:
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8
        if kind == b"data" and rate_hz:
            return SoundPrefix(rate_hz, data[at:])
        if kind == b"fmt " and at + 16 <= len(data):
            coding, channels, rate_hz, _, _, bits = struct.unpack("<HHIIHH", data[at : at + 16])
            if (coding, channels, bits) != (1, 1, 16) or not rate_hz:
                raise ProgramError(prefix_reason(name, Reason("its sound isn't 16 bit, mono")))
        at += size + size % 2
    if is_all or at >= _MOST_BEFORE_SOUND:
        raise ProgramError(prefix_reason(name, Reason("its sound can't be read")))
    return None


def _as_text(head: bytes) -> str:
    """Return the first line of `head` if it is text, else an empty string. Samples hardly ever look like text."""
    try:
        text = head.decode("ascii")
    except UnicodeDecodeError:
        return ""
    return text.split("\n")[0].strip() if all(char.isprintable() or char in "\t\r\n" for char in text) else ""
