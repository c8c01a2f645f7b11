"""Programs of the reader's own: a program that a story is piped to, and a hook that runs after new stories have come."""

from __future__ import annotations

from asyncio import gather, shield, to_thread, wait_for
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Protocol

from bpost_tui.config import Command
from bpost_tui.core import templates
from bpost_tui.core.external_programs import ExternalProgram, ProgramResult, parse_command, run_hook
from bpost_tui.errors import ProgramError
from bpost_tui.model.sanitize import clean_text
from bpost_tui.tui.shared.screen_context import ScreenContext

_PIPE_S = 60.0
_SYNC_S = 60.0
"""Maximum time in seconds to wait for marks from the server of feeds, before the hook program and the notification."""
_MOST_CHARACTERS = 20_000

_SyncMarks = Callable[[], Awaitable[None]]
Notify = Callable[[Sequence[int]], Awaitable[None]]
"""Function that shows a desktop notification about the stories with the given ids."""


class ProgramRunner(Protocol):
    """Function, such as `ReaderPrograms.run_program`, that runs a command and returns the command's result."""

    def __call__(self, command: Command, timeout_s: float = ...) -> Awaitable[ProgramResult]:
        """Run a command for at most `timeout_s` seconds, and return its result."""


class ReaderPrograms:
    """Runs external programs, such as the reader's hook program, and ends them when the reader leaves bpost."""

    def __init__(self, context: ScreenContext) -> None:
        self._context = context
        self._hook = context.settings.hooks.get("new_stories", ())
        self._line = ""
        """Command line that a story was piped to last."""
        self._all: set[ExternalProgram] = set()
        """Programs that are running."""

    async def close(self) -> None:
        """End all running programs, with the processes that they started."""
        await gather(*(to_thread(program.stop) for program in self._all))

    @contextmanager
    def _stopping_on_exit(self, program: ExternalProgram) -> Iterator[ExternalProgram]:
        """Register `program` during the `with` block, so that the program is ended when the reader leaves bpost.

        If the block is cancelled, the program stays registered, because it may still be running.
        """
        self._all.add(program)
        try:
            yield program
        except Exception:
            self._all.discard(program)
            raise
        self._all.discard(program)

    # ── piped ───────────────────────────────────────────────────────────────

    def pipe(self) -> None:
        """Ask for a program and its arguments, and run it with the open story's text on its standard input.

        Do nothing if no story is open.
        """
        saved = self._context.session.story
        if saved is None:
            return
        story = templates.story_as_text(saved, self._context.language)
        invitation = self._context.text("Send the story to a program: its name and arguments (no shell)")

        def answered(line: str) -> None:
            if line:
                self._line = line
                self._context.run_worker(partial(self._pipe, line, story), group="pipe")

        self._context.prompt_for(invitation, answered, self._line, kind="program")

    async def _pipe(self, line: str, story: str) -> None:
        with self._stopping_on_exit(ExternalProgram(parse_command(line))) as program:
            written = await to_thread(program.run, story, timeout_s=_PIPE_S)
        output = clean_text(written, _MOST_CHARACTERS)
        if output.strip():
            self._context.show_page(templates.program_output(line, output))
        else:
            self._context.show_answer(self._context.text("Story sent to {program}", program=line.split()[0]))

    async def run_program(self, command: Command, timeout_s: float = _PIPE_S) -> ProgramResult:
        """Run a command and return its result. The command is ended after `timeout_s` seconds, or when the reader leaves bpost."""
        with self._stopping_on_exit(ExternalProgram(command)) as program:
            return await to_thread(program.wait_result, timeout_s=timeout_s)

    # ── hook for new stories ────────────────────────────────────────────────

    def after_refresh(self, sync_marks: _SyncMarks, ids: tuple[int, ...], notify: Notify | None) -> None:
        """Start the steps after a refresh in the background: sync marks, run the hook program, and notify the reader.

        Args:
            sync_marks: Syncs marks with the server of feeds.
            ids: Ids of the new stories, for the hook program and the notification.
            notify: Shows a desktop notification; None for no notification.
        """
        has_service = self._context.start_options.service is not None
        if self._hook or notify is not None or has_service:
            steps = partial(self._after_refresh, sync_marks, ids, notify)
            self._context.run_worker(steps, group="hooks" if self._hook else "notification")

    async def _after_refresh(self, sync_marks: _SyncMarks, ids: tuple[int, ...], notify: Notify | None) -> None:
        from bpost_tui.core.after_refresh import Steps, after_refresh

        with suppress(TimeoutError):  # a server that hangs doesn't keep the hook from running
            await wait_for(shield(sync_marks()), _SYNC_S)
        library, papers = self._context.library, self._context.papers.all_names()
        to_notify: list[int] = []  # sent on the event loop, because a notification may write to the terminal
        with self._stopping_on_exit(ExternalProgram(self._hook)) as program:
            steps = Steps(hook=(lambda rows: run_hook(program, rows, papers)) if self._hook else None, notify=to_notify.extend)
            failures = await to_thread(after_refresh, library, ids, steps)
        if to_notify and notify is not None:
            await notify(to_notify)
        if failures.hook:
            raise ProgramError(failures.hook[0])

    def run_new_stories_hook(self, ids: tuple[int, ...]) -> None:
        """Run the reader's hook program for the new stories with these `ids`; do nothing if the config sets no hook program."""
        if self._hook:
            self._context.run_worker(partial(self._run_hook, ids), group="hooks")

    async def _run_hook(self, ids: tuple[int, ...]) -> None:
        library, papers = self._context.library, self._context.papers.all_names()
        with self._stopping_on_exit(ExternalProgram(self._hook)) as hook:
            await to_thread(lambda: run_hook(hook, [library.headline(story) for story in ids], papers))
