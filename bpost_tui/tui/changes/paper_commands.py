"""Entries of the command palette for papers, and for the service that syncs marks.

An entry for papers runs `bpost portals`, which changes the papers, and then restarts bpost. An entry for the service runs `bpost
service`, which checks the service.
"""

from __future__ import annotations

from asyncio import Lock
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from bpost_tui.core.external_programs import ProgramResult
from bpost_tui.core.lists.list_source import paper_of
from bpost_tui.errors import ProgramError
from bpost_tui.i18n import Reason, prefix_reason
from bpost_tui.model.sanitize import clean_line
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.story.reader_programs import ProgramRunner

if TYPE_CHECKING:
    from bpost_tui.tui.dialogs.palette import PaletteEntry

_LONGEST_LINE = 300
_RECHECK_S = 0.2
"""Interval in seconds between checks whether bpost can restart. It waits while a dialog or an input line is open."""
_ERROR_PREFIX = "bpost: "
"""Prefix of the error messages that bpost prints on the command line."""


def first_line(lines: str) -> str:
    """Return the first line of the output of one of bpost's commands, without the prefix of an error."""
    return clean_line(lines.strip().partition("\n")[0].removeprefix(_ERROR_PREFIX), _LONGEST_LINE)


def failure_line(result: ProgramResult, verb: str) -> str:
    """Return the first line of the errors in `result`, the result of the command `bpost` with the verb `verb`.

    If there is none, as when the command was killed, return a line with the exit status; an empty line for status 0.
    """
    status = Reason("exited with status {status}", status=result.status)
    return first_line(result.errors) or (prefix_reason(f"bpost {verb}", status) if result.status else "")


class PaperCommands:
    """Makes the command palette's entries for papers and for the server of feeds (FreshRSS, Miniflux …), and runs their commands.

    Args:
        run_program: Runs a command, and ends it if the reader leaves bpost.
    """

    def __init__(self, context: ScreenContext, run_program: ProgramRunner) -> None:
        self._context = context
        self._run_program = run_program
        self._turn = Lock()
        self._waiting = 0
        """Number of changes of papers that were requested and aren't done. bpost restarts after the last."""
        self._is_changed = False

    def entries(self) -> Iterator[PaletteEntry]:
        """Yield the entries of the command palette for papers and for the server of feeds (FreshRSS, Miniflux …)."""
        from bpost_tui.tui.dialogs.palette import PaletteEntry

        text = self._context.language.text
        if self._context.start_options.service is not None:
            yield PaletteEntry(
                text("Test the connection to the server"), text("Service"), self._check, "sync marks miniflux freshrss"
            )
        if not self._context.start_options.portals:
            return
        yield PaletteEntry(text("Add a paper …"), text("Paper"), self._add, "add portal feed")
        for key, name in self._context.papers.names().items():
            yield PaletteEntry(
                text("Rename “{name}” …", name=name), text("Paper"), partial(self._rename, key, name), "rename portal"
            )
            yield PaletteEntry(
                text("Remove “{name}”", name=name), text("Paper"), partial(self._run_command, "remove", key), "remove portal"
            )
            yield PaletteEntry(text("Move “{name}” …", name=name), text("Paper"), partial(self._move, key), "move portal")

    def _add(self) -> None:
        self._ask(self._context.text("Address of the paper's site, or of its feed"), "", partial(self._run_command, "add"))

    def _rename(self, key: str, name: str) -> None:
        self._ask(self._context.text("New name of the paper"), name, partial(self._run_command, "rename", key))

    def move_here(self) -> None:
        """Ask for the new address of the paper under the cursor of the category pane, and run the command that changes it.

        If the library has only one paper, the cursor doesn't matter. If the cursor is on none of several papers, or papers
        can't be changed, show a message.
        """
        papers = self._context.papers
        key = paper_of(self._context.categories.source) or ("" if papers.are_several else papers.all[0].paper.key)
        if not self._context.start_options.portals:
            self._context.show_answer(self._context.text("Papers can't be changed here"))
        elif key:
            self._move(key)
        else:
            self._context.show_answer(self._context.text("Go to a paper first"))

    def _move(self, key: str) -> None:
        health = self._context.library.paper_health().get(key)
        question = self._context.text("New address of the paper's site, or of its feed")
        self._ask(question, health.moved_to if health else "", partial(self._run_command, "move", key))

    def _ask(self, question: str, value: str, then: Callable[[str], None]) -> None:
        def answered(typed: str) -> None:
            if typed:
                then(typed)

        self._context.prompt_for(question, answered, value, label=question)

    def _run_command(self, *arguments: str) -> None:
        self._context.show_answer(self._context.text("Changing the papers …"), is_sticky=True)
        self._waiting += 1
        self._context.run_worker(partial(self._change, arguments), group="portals")

    async def _change(self, arguments: tuple[str, ...]) -> None:
        try:
            async with self._turn:
                result = await self._run_program((*self._context.start_options.portals, arguments[0], "--", *arguments[1:]))
        except ProgramError as error:  # the earlier changes must still be applied
            self._context.status.show_error(error, hides_answer=True)
        else:
            if not result.status and result.output:
                self._is_changed = True
            else:  # an error, or nothing to change
                self._show(failure_line(result, "portals"))
        finally:
            self._waiting -= 1
        if self._is_changed and not self._waiting:
            self._restart()

    def _restart(self) -> None:
        """Restart bpost as soon as no dialog and no typed line is open, because the typed text would be lost."""
        if self._waiting:
            return  # bpost restarts after the change that was requested meanwhile
        if self._context.screen.is_current and self._context.panes.has_focus:
            self._context.host.restart()
        else:
            self._context.screen.set_timer(_RECHECK_S, self._restart)

    def _check(self) -> None:
        self._context.run_worker(self._answer, group="service", exclusive=True)

    async def _answer(self) -> None:
        if (service := self._context.start_options.service) is None:
            return
        result = await self._run_program(service.command("check"))
        self._show(first_line(result.output) or failure_line(result, "service"))

    def _show(self, line: str) -> None:
        self._context.show_answer(self._context.language.reason(line))
