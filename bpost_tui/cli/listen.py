"""Verb `listen`: reads stories aloud, or writes their sound as WAV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bpost_tui.bengali.sentences import sentences
from bpost_tui.cli.export.export import open_replacement
from bpost_tui.cli.shared.command_context import CommandContext
from bpost_tui.cli.shared.progress_bar import ProgressBar
from bpost_tui.cli.shared.story_table import chosen_rows, note_query, require_category
from bpost_tui.console import Console
from bpost_tui.core.external_programs import VOICE_HINT
from bpost_tui.core.keys.line_keys import LineKeys
from bpost_tui.core.line_io import Stdio
from bpost_tui.core.speech.line_narration import LineNarration, story_paragraphs
from bpost_tui.core.speech.pcm import silence, wav_header
from bpost_tui.core.speech.synthesizer import configured_synthesizer
from bpost_tui.core.wording import shown_title
from bpost_tui.errors import NotFoundError, ProgramError, UsageError
from bpost_tui.i18n import Language, Reason, message
from bpost_tui.typesetting.text.graphemes import clusters
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.core.speech.synthesizer import Synthesizer
    from bpost_tui.model.story import SavedStory

_EMBED = "▶"
_AFTER_SENTENCE_S, _AFTER_PARAGRAPH_S, _AFTER_STORY_S = 0.2, 0.6, 1.5
_LONGEST_NAME = 120
"""Maximum length in bytes of a headline in a file name; systems allow 255 for the whole name."""
_FORBIDDEN = frozenset('/\\:*?"<>|')
"""Characters that some systems don't allow in file names."""
_JOINERS = "\u200c\u200d"
"""Invisible characters that a Bengali file name may have, because they decide how letters join (ZWNJ and ZWJ)."""
_STEPPING = ("listen", "pause", "space", "next_sentence", "previous_sentence", "faster", "settings")


class SpokenStory(NamedTuple):
    """Text of a story as it is spoken."""

    title: str
    paragraphs: tuple[str, ...]
    """Paragraphs to speak; the headline is the first."""

    @property
    def size(self) -> int:
        """Number of characters to speak."""
        return sum(map(len, self.paragraphs))

    def synthesize(self, sounds: Synthesizer) -> Iterator[tuple[int, bytes]]:
        """Yield pairs: the number of characters spoken so far, and the next sound samples of the voice `sounds`.

        Paragraphs are followed by silence.

        Raises:
            ProgramError: The voice fails.
        """
        from bpost_tui.bengali.verbalise import verbalise  # 20 ms

        n_spoken = 0
        for text in self.paragraphs:
            for start, end in sentences(text):
                for samples in sounds.synthesize(verbalise(text[start:end])):
                    yield n_spoken + end, samples
                yield n_spoken + end, silence(sounds.rate_hz, _AFTER_SENTENCE_S)
            n_spoken += len(text)
            yield n_spoken, silence(sounds.rate_hz, _AFTER_PARAGRAPH_S)
        yield n_spoken, silence(sounds.rate_hz, _AFTER_STORY_S)


def listen_(context: CommandContext, console: Console) -> int:
    """Read the selected stories aloud, or write their sound to a file; return the exit status, 0.

    Raises NotFoundError if there are no stories, UsageError if there is no voice.
    """
    options, language = context.options, context.language
    with context.library(console) as library:
        note_query(context, console, library, options.query)
        rows = chosen_rows(context, library, options.since)[: options.limit]
        if not rows:
            require_category(library, options.category)
            raise NotFoundError(message("Nothing found"))
        stories = [_spoken_story(library.story(row.id), language) for row in rows]
    try:
        if options.output is None:
            _read_aloud(context, console, stories)
        else:
            _write(context, console, stories)
    except (UsageError, ProgramError) as error:
        raise type(error)(error.message, hint=error.hint or VOICE_HINT) from error
    return 0


def _spoken_story(saved: SavedStory, language: Language) -> SpokenStory:
    title = shown_title(saved.headline.title, language)
    return SpokenStory(title, (title, *(text for text in story_paragraphs(saved) if not text.startswith(_EMBED))))


def _speed_of(context: CommandContext) -> float:
    """Return the speed from the command line, or else the speed that the reader last chose by a key."""
    speed: float = context.options.speed or context.preferences().values.listen_speed
    return speed


def _read_aloud(context: CommandContext, console: Console, stories: Sequence[SpokenStory]) -> None:
    """Print and speak each story. Typed lines control the speech (pause, speed …) as in `--plain`; any other line ends the verb."""
    keys, lines = LineKeys(context.settings.keys, context.settings.keyboard, _STEPPING), Stdio(console)
    narration = LineNarration(context.settings.listen, lines, keys, context.language, context.preferences(), _speed_of(context))
    for at, story in enumerate(stories):
        if at:
            lines.write_line("")
        if narration.read_paragraphs(story.paragraphs) is not None:
            return


# ── files ───────────────────────────────────────────────────────────────────


def _write(context: CommandContext, console: Console, stories: Sequence[SpokenStory]) -> None:
    """Write the file that `-o` names, with all stories, or a folder with a file for each story.

    Raises:
        UsageError: There is no voice that writes sound, or the file's name doesn't end in .wav.
        StoreError: A file can't be written.
    """
    output: Path = context.options.output
    is_folder = output.is_dir() or (not output.suffix and not output.exists())
    if not is_folder and output.suffix.lower() != ".wav":
        raise UsageError(
            Reason("{file}: only WAV files are written", file=output.name),
            hint=message("Name a folder, or a file that ends in .wav; ffmpeg converts it: ffmpeg -i news.wav news.ogg"),
        )
    with (
        closing(configured_synthesizer(context.settings.listen, _speed_of(context))) as sounds,
        ProgressBar(console, context.language) as progress,
    ):
        total = sum(story.size for story in stories)

        def show(done: int, n_spoken: int) -> None:
            progress.update(context.language.progress(done, len(stories), stories=True), n_spoken, total)

        files = [(output, stories)] if not is_folder else list(_file_per_story(output, stories))
        done = n_spoken = 0
        for path, its in files:
            with open_replacement(path, makes_folder=True) as file:
                done, n_spoken = _write_wav(file, its, sounds, done, n_spoken, show)


def _file_per_story(folder: Path, stories: Sequence[SpokenStory]) -> Iterator[tuple[Path, Sequence[SpokenStory]]]:
    """Yield pairs for `_write`: the path of a WAV file in `folder`, named by the story's position and headline, and the story."""
    digits = len(str(len(stories)))
    for at, story in enumerate(stories, 1):
        yield folder / f"{str(at).zfill(digits)} {_file_name_part(story.title)}.wav", (story,)


def _write_wav(
    file: IO[bytes], stories: Sequence[SpokenStory], sounds: Synthesizer, done: int, n_spoken: int, show: Callable[[int, int], None]
) -> tuple[int, int]:
    """Write `stories` as one WAV file with the voice `sounds`.

    `done` and `n_spoken` are the numbers of stories written and of characters spoken before. Return both numbers as they are after
    this file. `show` is called with both before each piece of sound is written. Raises ProgramError if the voice fails.
    """
    size = rate_hz = 0
    for story in stories:
        for in_story, samples in story.synthesize(sounds):
            show(done, n_spoken + in_story)
            if not rate_hz:
                rate_hz = sounds.rate_hz
                file.write(wav_header(rate_hz))
            size += file.write(samples)
        done, n_spoken = done + 1, n_spoken + story.size
    if file.seekable():  # a pipe isn't; every player accepts the header without the length
        file.seek(0)
        file.write(wav_header(rate_hz, size))
    return done, n_spoken


def _file_name_part(title: str) -> str:
    """Return a headline as a part of a file name, cut to the maximum length."""
    whole = " ".join(
        "".join(char if (char.isprintable() or char in _JOINERS) and char not in _FORBIDDEN else " " for char in title).split()
    )
    name = ""
    for cluster in clusters(whole):
        if len((name + cluster).encode()) > _LONGEST_NAME:
            break
        name += cluster
    return name.strip(" .") or "-"
