"""The reader's own programs: a story is piped to one, read aloud by another, and a third is run when new stories have come."""

from __future__ import annotations

from asyncio import gather, to_thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from bpost_tui.config import Command
from bpost_tui.model.sanitize import clean_text
from bpost_tui.reading import templates
from bpost_tui.reading.external_commands import Program, command_of, run_hook
from bpost_tui.reading.find import FindState
from bpost_tui.reading.listing import Listings
from bpost_tui.reading.session import Session
from bpost_tui.typeset.items import Item, Para
from bpost_tui.ui.reader.host import Run, Say
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.reader.prompt import Prompt
from bpost_tui.ui.widgets.story_view import StoryView

_PIPE_S = 60.0
_MOST_CHARACTERS = 20_000


class Programs:
    """Starts the reader's programs.

    Args:
        listen: What reads aloud.
        hook: What is run when new stories have come.
        marks: The page that is shown, without marks.
        show_marks: Shows the page with its marks again.
        show_page: Shows a page over the story.
    """

    def __init__(
        self,
        session: Session,
        listings: Listings,
        view: StoryView,
        prompt: Prompt,
        panes: Panes,
        run: Run,
        say: Say,
        *,
        listen: Command,
        hook: Command,
        marks: FindState,
        show_marks: Callable[[], None],
        show_page: Callable[[tuple[Item, ...]], None],
    ) -> None:
        self._session = session
        self._listings = listings
        self._view = view
        self._prompt = prompt
        self._panes = panes
        self._run = run
        self._say = say
        self._listen = listen
        self._hook = hook
        self._marks = marks
        self._show_marks = show_marks
        self._show_page = show_page
        self._line = ""
        """The line a story was piped to last."""
        self.voice: Program | None = None
        """What reads aloud now."""
        self._all: set[Program] = set()
        """All that run now."""

    async def close(self) -> None:
        """End all that run, with what they started."""
        await gather(*(to_thread(program.stop) for program in self._all))

    @contextmanager
    def _ended_with_us(self, program: Program) -> Iterator[Program]:
        """Have a program ended with the reader: cancelled, its caller leaves a thread behind that waits for it."""
        self._all.add(program)
        try:
            yield program
        except Exception:
            self._all.discard(program)
            raise
        self._all.discard(program)

    # ── piped ───────────────────────────────────────────────────────────────

    def pipe(self) -> None:
        """Ask for a program, and give it the story."""
        saved = self._session.story
        if saved is None:
            return
        pane, story = self._panes.current, templates.as_text(saved, self._listings.language)
        invitation = self._listings.language.text("Send the story to a program: its name and arguments (no shell)")

        def answered(line: str | None) -> None:
            self._panes.go(pane)
            if line is not None and line.strip():
                self._line = line.strip()
                self._run(partial(self._pipe, self._line, story), group="pipe")

        self._prompt.ask(invitation, answered, self._line, kind="program")

    async def _pipe(self, line: str, story: str) -> None:
        with self._ended_with_us(Program(command_of(line))) as program:
            written = await to_thread(program.run, story, timeout_s=_PIPE_S)
        output = clean_text(written, _MOST_CHARACTERS)
        if output.strip():
            self._show_page(templates.output(line, output))
        else:
            self._say(self._listings.language.text("Story sent to {program}", program=line.split()[0]))

    # ── aloud ───────────────────────────────────────────────────────────────

    def listen(self) -> None:
        """Read the story aloud from here on, or stop."""
        saved, text = self._session.story, self._listings.language.text
        if self.voice is not None:
            self._run(partial(to_thread, self.voice.stop), group="aloud-end")
        elif not self._listen:
            self._say(text("No program to read aloud; set `listen` in the config"))
        elif saved is not None:
            from bpost_tui.bengali.sentences import sentences  # 1 ms

            marks = templates.find(self._marks.plain, sentences)
            first = next((at for at, mark in enumerate(marks) if mark.item >= self._view.item), 0)
            self.voice = Program(self._listen)
            self._panes.go("story")
            self._run(partial(self._read_aloud, self.voice, marks[first:], saved.headline.id), group="aloud")

    async def _read_aloud(self, voice: Program, marks: tuple[templates.Found, ...], story_id: int) -> None:
        from bpost_tui.bengali.spoken import spoken  # 20 ms

        try:
            with self._ended_with_us(voice):
                for mark in marks:
                    sentence = self._show_sentence(mark, story_id)
                    if voice.is_stopped or not sentence:  # the reader has gone on to another story
                        break
                    await to_thread(voice.run, spoken(sentence))
        finally:
            self.voice = None
            if self._session.is_story(story_id):
                self._show_marks()

    def _show_sentence(self, mark: templates.Found, story_id: int) -> str:
        """Show the sentence that is read, and return it; empty where its story is no longer there."""
        plain = self._marks.plain
        item = plain[mark.item] if self._session.is_story(story_id) and mark.item < len(plain) else None
        if not isinstance(item, Para):
            return ""
        self._view.update(templates.with_found(plain, (mark,), mark))
        self._view.reveal()
        return "".join(run.text for run in item.runs)[mark.start : mark.end]

    # ── when new stories have come ──────────────────────────────────────────

    def tell_hook(self, ids: tuple[int, ...]) -> None:
        """Tell the hook of new stories, by number."""
        if self._hook:
            self._run(partial(self._tell_hook, ids), group="hooks")

    async def _tell_hook(self, ids: tuple[int, ...]) -> None:
        library = self._listings.library
        with self._ended_with_us(Program(self._hook)) as hook:
            await to_thread(lambda: run_hook(hook, [library.headline(story) for story in ids]))
