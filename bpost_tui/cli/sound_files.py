"""The sound of stories as files: one a story, or one with a chapter for each. WAV is written here, all else by ffmpeg."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import which
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bpost_tui.atomic import draft, followed
from bpost_tui.cli.listen import Spoken, speed_of
from bpost_tui.cli.progress import Progress
from bpost_tui.errors import ProgramError, StoreError, UsageError
from bpost_tui.i18n import Reason, about, message
from bpost_tui.reading.external_commands import Program
from bpost_tui.reading.voices.pcm import seconds, wav_header
from bpost_tui.reading.voices.process import LOOKS_S, Process
from bpost_tui.reading.voices.sounds import Sounds, sounds_of
from bpost_tui.text.graphemes import clusters

if TYPE_CHECKING:
    from bpost_tui.cli.console import Console
    from bpost_tui.cli.context import Context

_FFMPEG = ("ffmpeg", "-hide_banner", "-loglevel", "error", "-y")
_OPUS = ("-c:a", "libopus", "-b:a", "32k", "-f", "ogg")
_AAC = ("-c:a", "aac", "-b:a", "64k", "-f", "ipod")
CODECS = {
    "ogg": _OPUS,
    "opus": _OPUS,
    "mp3": ("-c:a", "libmp3lame", "-q:a", "6", "-f", "mp3"),
    "m4a": _AAC,
    "m4b": _AAC,
    "flac": ("-c:a", "flac", "-f", "flac"),
}
"""What a file's ending stands for, the format last; speech needs no more."""
_LONGEST_NAME = 120
"""Bytes of a headline in a file's name; systems take 255."""
_FORBIDDEN = frozenset('/\\:*?"<>|')
"""What some system takes in no name."""
_JOINERS = "\u200c\u200d"
"""They shape Bengali, though they print nothing."""
_LAST_S = 60.0
"""How long ffmpeg may take for what is left once it has all."""
_MS = 1000


class _Chapter(NamedTuple):
    title: str
    begins_s: float
    ends_s: float


def write(context: Context, console: Console, stories: Sequence[Spoken], paper: str) -> None:
    """Write what `-o` names: a folder with a file for each story, or a file with all.

    Raises:
        UsageError: There is no voice that writes sound, or no ffmpeg where it is needed.
        StoreError: It can't be written.
    """
    output: Path = context.options.output
    is_folder = output.is_dir() or (not output.suffix and not output.exists())
    ending = context.options.format or ("" if is_folder else output.suffix.lower().removeprefix("."))
    kind = _kind(ending or ("ogg" if which("ffmpeg") else "wav"))
    sounds = sounds_of(context.settings.listen, speed_of(context))
    with closing(sounds), Progress(console, context.language) as progress:
        total = sum(story.size for story in stories)

        def told(done: int, said: int) -> None:
            progress.of(context.language.progress(done, len(stories), stories=True), said, total)

        if is_folder:
            _write_folder(output, kind, stories, sounds, paper, told)
        else:
            _write_file(output, kind, stories, sounds, paper, told)


def _kind(ending: str) -> str:
    """Return the kind of file of an ending; raises UsageError where it is none, or can't be written here."""
    if ending != "wav" and ending not in CODECS:
        known = ", ".join(("wav", *CODECS))
        raise UsageError(Reason("“{what}” isn't a kind of sound file known here", what=ending), hint=known)
    if ending != "wav" and not which("ffmpeg"):
        raise UsageError(
            message("ffmpeg isn't installed; without it, only WAV can be written"),
            hint=message("Install ffmpeg, or name a folder or a file that ends in .wav."),
        )
    return ending


Told = Callable[[int, int], None]
"""Is told how many stories are done, and how many characters have been said."""


def _write_folder(folder: Path, kind: str, stories: Sequence[Spoken], sounds: Sounds, paper: str, told: Told) -> None:
    """Write a file for each story; those that are done stay where the others are stopped."""
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    before, digits = 0, len(str(len(stories)))
    for at, story in enumerate(stories):
        path = folder / f"{str(at + 1).zfill(digits)} {_name(story.title)}.{kind}"
        with _writing(path), draft(path, private=False) as part, closing(_encoder(part, kind, story.title, paper)) as encoder:
            for said, samples in story.sound(sounds):
                told(at, before + said)
                encoder.write(samples, sounds.rate_hz)
            encoder.finish()
        before += story.size


def _write_file(path: Path, kind: str, stories: Sequence[Spoken], sounds: Sounds, paper: str, told: Told) -> None:
    """Write one file, with a chapter for each story where its kind has chapters."""
    with _writing(path), draft(followed(path), private=False) as part:
        first = part if kind == "wav" else part.with_name(f"{part.name}.sound")
        try:
            chapters = _encode(first, kind, stories, sounds, paper, told)
            if kind != "wav":
                _add_chapters(first, part, kind, chapters, paper)
        finally:
            if first != part:
                first.unlink(missing_ok=True)


def _encode(part: Path, kind: str, stories: Sequence[Spoken], sounds: Sounds, paper: str, told: Told) -> list[_Chapter]:
    """Write all stories, and return where each stands."""
    chapters: list[_Chapter] = []
    before = 0
    with closing(_encoder(part, kind, paper, paper)) as encoder:
        for at, story in enumerate(stories):
            begins_s = encoder.length_s
            for said, samples in story.sound(sounds):
                told(at, before + said)
                encoder.write(samples, sounds.rate_hz)
            chapters.append(_Chapter(story.title, begins_s, encoder.length_s))
            before += story.size
        encoder.finish()
    return chapters


def _add_chapters(sound: Path, part: Path, kind: str, chapters: Sequence[_Chapter], paper: str) -> None:
    """Write a sound file again with chapters (https://ffmpeg.org/ffmpeg-formats.html#Metadata-2); raises UsageError."""
    lines = [";FFMETADATA1", f"title={_escaped(paper)}", f"artist={_escaped(paper)}"]
    for chapter in chapters:
        times = (f"START={round(chapter.begins_s * _MS)}", f"END={round(chapter.ends_s * _MS)}")
        lines += ["[CHAPTER]", f"TIMEBASE=1/{_MS}", *times, f"title={_escaped(chapter.title)}"]
    read = ("-i", f"file:{sound}", "-f", "ffmetadata", "-i", "pipe:0", "-map", "0:a", "-map_metadata", "1", "-map_chapters", "1")
    ffmpeg = Program((*_FFMPEG, *read, "-c", "copy", *_container(kind), f"file:{part}"))
    ffmpeg.run("\n".join(lines) + "\n", timeout_s=_LAST_S)


# ── encoders ────────────────────────────────────────────────────────────────


class _Encoder(Protocol):
    """Writes samples to a file; the rate is that of the first."""

    @property
    def length_s(self) -> float:
        """How long the sound is by now."""

    def write(self, samples: bytes, rate_hz: int) -> None:
        """Write samples."""

    def finish(self) -> None:
        """Write what is still to be written."""

    def close(self) -> None:
        """Leave the file."""


def _encoder(part: Path, kind: str, title: str, paper: str) -> _Encoder:
    return _Wav(part) if kind == "wav" else _Ffmpeg(part, kind, title, paper)


class _Wav:
    """Writes WAV."""

    def __init__(self, part: Path) -> None:
        self._file = part.open("wb")
        self._size, self._rate_hz = 0, 0

    @property
    def length_s(self) -> float:
        return seconds(self._rate_hz, self._size) if self._rate_hz else 0.0

    def write(self, samples: bytes, rate_hz: int) -> None:
        if not self._rate_hz:
            self._rate_hz = rate_hz
            self._file.write(wav_header(rate_hz))
        self._size += self._file.write(samples)

    def finish(self) -> None:
        self._file.seek(0)
        self._file.write(wav_header(self._rate_hz, self._size))
        self._file.flush()

    def close(self) -> None:
        self._file.close()


class _Ffmpeg:
    """Has ffmpeg write any other kind."""

    def __init__(self, part: Path, kind: str, title: str, paper: str) -> None:
        named = ("-metadata", f"title={title}", "-metadata", f"artist={paper}", "-metadata", f"album={paper}")
        self._write_to = (*named, *CODECS[kind], f"file:{part}")
        self._process: Process | None = None
        self._size, self._rate_hz = 0, 0

    @property
    def length_s(self) -> float:
        return seconds(self._rate_hz, self._size) if self._rate_hz else 0.0

    def write(self, samples: bytes, rate_hz: int) -> None:
        if self._process is None:
            self._rate_hz = rate_hz
            read = ("-f", "s16le", "-ar", str(rate_hz), "-ac", "1", "-i", "pipe:0")
            self._process = Process((*_FFMPEG, *read, *self._write_to), is_read=False)
        self._size += len(samples)
        left = memoryview(samples)
        while left:
            left = left[self._process.write(left) :]

    def finish(self) -> None:
        if self._process is None:
            return
        self._process.end_input()
        began = monotonic()
        while not self._process.has_ended(LOOKS_S):
            if monotonic() - began > _LAST_S:
                raise ProgramError(about(self._process.name, Reason("it doesn't come to an end")))

    def close(self) -> None:
        if self._process is not None:
            self._process.close()


def _container(kind: str) -> tuple[str, ...]:
    """Return the options for a kind's container; of MP3's, ffmpeg 7.1 writes long chapter titles right in version 3 only."""
    return (*(("-id3v2_version", "3") if kind == "mp3" else ()), "-f", CODECS[kind][-1])


# ── names ───────────────────────────────────────────────────────────────────


def _name(title: str) -> str:
    """Return a headline as a part of a file's name, cut where it is too long for one."""
    whole = " ".join(
        "".join(char if (char.isprintable() or char in _JOINERS) and char not in _FORBIDDEN else " " for char in title).split()
    )
    name = ""
    for cluster in clusters(whole):
        if len((name + cluster).encode()) > _LONGEST_NAME:
            break
        name += cluster
    return name.strip(" .") or "-"


def _escaped(text: str) -> str:
    return re.sub(r"([=;#\\\n])", r"\\\1", text)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Raise StoreError where a file can't be written."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{path}: {error.strerror or error}",
            hint=message("Check that the folder exists, that you may write to it, and that the disk has space."),
        ) from error
