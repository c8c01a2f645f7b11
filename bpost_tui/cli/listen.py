"""`listen`: stories read aloud here, or their sound written for the walk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.bengali.sentences import sentences
from bpost_tui.cli.console import Console
from bpost_tui.cli.context import Context, paper
from bpost_tui.cli.plain.speech import paragraphs
from bpost_tui.cli.story_lists import chosen_rows, note_problem, require_category
from bpost_tui.errors import NotFound, ProgramError, UsageError
from bpost_tui.i18n import Language, message

if TYPE_CHECKING:
    from bpost_tui.model.story import SavedStory
    from bpost_tui.reading.voices.sounds import Sounds

_EMBED = "▶"
_AFTER_SENTENCE_S, _AFTER_PARAGRAPH_S, _AFTER_STORY_S = 0.2, 0.6, 1.5
_STEPPING = ("listen", "pause", "space", "next_sentence", "previous_sentence", "faster", "slower")


class Spoken(NamedTuple):
    """What is said of a story."""

    title: str
    paragraphs: tuple[str, ...]
    """The headline first."""

    @property
    def size(self) -> int:
        """How many characters are said."""
        return sum(map(len, self.paragraphs))

    def sound(self, sounds: Sounds) -> Iterator[tuple[int, bytes]]:
        """Yield samples of the story as they are made, with silence between its parts, and how many characters have been said.

        Raises:
            UsageError: The voice fails.
        """
        from bpost_tui.bengali.spoken import spoken  # 20 ms
        from bpost_tui.reading.voices.pcm import silence

        said = 0
        for text in self.paragraphs:
            for start, end in sentences(text):
                for samples in sounds.sound(spoken(text[start:end])):
                    yield said + end, samples
                yield said + end, silence(sounds.rate_hz, _AFTER_SENTENCE_S)
            said += len(text)
            yield said, silence(sounds.rate_hz, _AFTER_PARAGRAPH_S)
        yield said, silence(sounds.rate_hz, _AFTER_STORY_S)


def listen_(context: Context, console: Console) -> int:
    """Read the chosen stories aloud, or write their sound; raises NotFound if there are none, UsageError if there is no voice."""
    options, language = context.options, context.language
    with context.library(console) as library:
        note_problem(context, console, library, options.query)
        rows = chosen_rows(context, library, options.since)[: options.limit]
        if not rows:
            require_category(library, options.category)
            raise NotFound(message("Nothing found"))
        stories = [_spoken(library.story(row.id), language) for row in rows]
        name = paper(context, library)
    try:
        if options.output is None:
            _aloud(context, console, stories)
        else:
            from bpost_tui.cli.sound_files import write

            write(context, console, stories, name)
    except (UsageError, ProgramError) as error:
        hint = message("Install espeak-ng, or set `listen` in the config; `bpost doctor` says which voices are there.")
        raise type(error)(error.message, hint=error.hint or hint) from error
    return 0


def _spoken(saved: SavedStory, language: Language) -> Spoken:
    title = saved.headline.title or language.text("(no headline)")
    return Spoken(title, (title, *(text for text in paragraphs(saved) if not text.startswith(_EMBED))))


def speed_of(context: Context) -> float:
    """Return how fast to speak: as an option says, else as was chosen by key."""
    speed: float = context.options.speed or context.preferences().choices.listen_speed
    return speed


def _aloud(context: Context, console: Console, stories: Sequence[Spoken]) -> None:
    """Say each story, and print what is said; what is typed meanwhile is obeyed as in `--plain`, and anything else ends it."""
    from bpost_tui.cli.plain.aloud import PlainAloud
    from bpost_tui.cli.plain.keys import LineKeys
    from bpost_tui.cli.plain.lines import Lines

    keys, lines = LineKeys(context.settings.keys, context.settings.keyboard, _STEPPING), Lines(console)
    aloud = PlainAloud(context.settings.listen, lines, keys, context.language, context.preferences(), speed_of(context))
    for at, story in enumerate(stories):
        if at:
            lines.say("")
        if aloud.read(story.paragraphs) is not None:
            return
