"""The reader's own programs: a story is piped to one, or read aloud by another, a sentence at a time."""

from __future__ import annotations

from textual import work

from bpost_tui.model.sanitize import clean_text
from bpost_tui.reading import templates
from bpost_tui.reading.external_commands import Program, command_of, run_hook
from bpost_tui.sync import Plan, Stored, SyncEvent
from bpost_tui.text.sentences import sentences
from bpost_tui.typeset.items import Para
from bpost_tui.ui.reader.asking import Question
from bpost_tui.ui.reader.unread import UnreadScreen

_PIPE_S = 60.0
_MOST_CHARACTERS = 20_000


class ProgramScreen(UnreadScreen):
    """The reader's screen with other programs at hand."""

    _line = ""
    """The line a story was piped to last."""
    _voice: Program | None = None
    """What reads aloud now."""

    # ── piped ───────────────────────────────────────────────────────────────

    def action_pipe(self) -> None:
        """Ask for a program, and give it the story."""
        if self._saved is None:
            return
        back = self.pane
        story = templates.as_text(self._saved, self._language)

        def leave() -> None:
            self.stop_asking()
            self.go(back)

        def entered(line: str) -> None:
            leave()
            if line.strip():
                self._line = line.strip()
                self._pipe(self._line, story)

        invitation = self._language.text("Give the story to a program: its name and arguments")
        self.ask(Question(invitation, lambda line: None, entered, leave), self._line)

    @work(thread=True, group="pipe", exit_on_error=False)
    def _pipe(self, line: str, story: str) -> None:
        told = Program(command_of(line)).run(story, timeout_s=_PIPE_S)
        self.app.call_from_thread(self._show_output, line, clean_text(told, _MOST_CHARACTERS))

    def _show_output(self, line: str, told: str) -> None:
        if not told.strip():
            self._say(self._language.text("{program} has the story", program=line.split()[0]))
            return
        from bpost_tui.ui.dialogs.page import ChangesScreen

        self.app.push_screen(ChangesScreen(self._renderer, templates.output(line, told), measure=self._story.measure))

    # ── aloud ───────────────────────────────────────────────────────────────

    def action_listen(self) -> None:
        """Read the story aloud from here on, or stop."""
        if self._voice is not None:
            self._voice.stop()
        elif not self._setup.listen:
            self._say(self._language.text("There is no program to read aloud; `listen` in the config names one"))
        elif self._saved is not None:
            spoken = templates.find(self._plain, sentences)
            first = next((at for at, mark in enumerate(spoken) if mark.item >= self._story.item), 0)
            self._voice = Program(self._setup.listen)
            self.go("story")
            self._read_aloud(self._voice, spoken[first:], self._saved.headline.id)

    @work(thread=True, group="aloud", exit_on_error=False)
    def _read_aloud(self, voice: Program, spoken: tuple[templates.Found, ...], story_id: int) -> None:
        try:
            for mark in spoken:
                if voice.is_stopped:
                    break
                text = self.app.call_from_thread(self._sentence, mark, story_id)
                if not text:  # the reader has gone on to another story
                    break
                voice.run(text)
        finally:
            self.app.call_from_thread(self._fall_silent, story_id)

    def _sentence(self, mark: templates.Found, story_id: int) -> str:
        """Show the sentence that is read, and return it; empty where its story is no longer there."""
        if self._saved is None or self._saved.headline.id != story_id or mark.item >= len(self._plain):
            return ""
        item = self._plain[mark.item]
        if not isinstance(item, Para):
            return ""
        self._story.update(templates.with_found(self._plain, (mark,), mark))
        self._story.reveal()
        return "".join(run.text for run in item.runs)[mark.start : mark.end]

    def _fall_silent(self, story_id: int) -> None:
        self._voice = None
        if self._saved is not None and self._saved.headline.id == story_id:
            self._show_marks()

    def on_unmount(self) -> None:
        """Stop reading aloud."""
        if self._voice is not None:
            self._voice.stop()

    # ── hooks ───────────────────────────────────────────────────────────────

    def _tell(self, event: SyncEvent, plan: Plan) -> None:
        super()._tell(event, plan)
        if isinstance(event, Stored) and event.new and self._setup.new_stories and not plan.back:
            self._run_hook(event.new)

    @work(thread=True, group="hooks", exit_on_error=False)
    def _run_hook(self, ids: tuple[int, ...]) -> None:
        library = self._listings.library
        run_hook(self._setup.new_stories, [library.headline(story) for story in ids])
