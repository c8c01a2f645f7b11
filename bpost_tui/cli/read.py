"""Verbs `read` and `demo`: open the reading screen, with the subscribed papers or with the sample edition."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bpost_tui.child_process import own_command
from bpost_tui.cli.shared.command_context import CommandContext, clock, config_path
from bpost_tui.config import ConfigProblem, PortalSetting
from bpost_tui.console import Console
from bpost_tui.core.lists.subscriptions import sample_subscriptions
from bpost_tui.errors import UsageError
from bpost_tui.i18n import Language, message
from bpost_tui.paths import SAMPLE

if TYPE_CHECKING:
    from bpost_tui.composition import SessionResult
    from bpost_tui.typesetting.terminal.probe import Probe


def read_(context: CommandContext, console: Console) -> int:
    """Open the reading screen, or the line reader for `--plain`, at a story if the arguments name one. Return the exit status.

    If the reader chooses the sample edition on that screen, open the sample edition next.
    """
    if context.plain:
        from bpost_tui.plain.plain_session import run_plain_session

        return run_plain_session(context.session_config(), console, context.options.story)
    story = None
    if context.options.story is not None:
        with context.library(console) as library:
            story = library.find(context.options.story)
    result = _open(context, console, story, _portals(context), _service(context))
    return demo_(context, console) if result.open_sample else result.exit_code


def _portals(context: CommandContext) -> tuple[str, ...]:
    """Return the command `bpost portals`, which the reading screen runs to change the subscriptions.

    Empty if an option or the environment variable BPOST_PORTAL names a single paper to read.
    """
    options = context.options
    if options.portal or os.environ.get("BPOST_PORTAL"):
        return ()
    return own_command("portals", *_inherited_options(context))


def _service(context: CommandContext) -> tuple[str, ...]:
    """Return the command `bpost service` for the reading screen, which adds a task to the command.

    Empty if the config names no server of feeds, or if bpost is offline.
    """
    return own_command("service", *_inherited_options(context)) if context.settings.service and not context.offline else ()


def _inherited_options(context: CommandContext) -> Iterator[str]:
    """Yield the options that make another bpost command use the same config, library and language as this process."""
    options = context.options
    inherited = (("--config", options.config), ("--data-dir", options.data_dir), ("--language", context.language.code))
    for option, value in inherited:
        yield from (option, str(value)) if value is not None else ()
    yield from ["--offline"] if context.offline else ()


def demo_(context: CommandContext, console: Console) -> int:
    """Open the reading screen, or the line reader for `--plain`, with the sample edition; return the exit status.

    The sample edition has a library of its own. No requests are made.
    """
    from bpost_tui.core.session_config import without_peers
    from bpost_tui.demo.sample_library import GAZETTE_HOME, HOME, save_sample_library  # 30 ms, with Lexbor

    portals = PortalSetting(HOME), PortalSetting(GAZETTE_HOME)
    settings = without_peers(context.settings._replace(portals=portals, portal=HOME))
    folder, subscriptions = context.folders.data / SAMPLE, sample_subscriptions(HOME, GAZETTE_HOME)
    sample = context._replace(folder=folder, subscriptions=subscriptions, offline=True, settings=settings, snapshot=None)
    save_sample_library(sample.private_folder(), subscriptions.papers, clock(), picture_bytes=settings.pictures_mb << 20)
    if context.plain:
        from bpost_tui.plain.plain_session import run_plain_session

        return run_plain_session(sample.session_config(), console, None)
    return _open(sample, console, None).exit_code


def _open(
    context: CommandContext, console: Console, story: int | None, portals: Sequence[str] = (), service: Sequence[str] = ()
) -> SessionResult:
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout and sys.stdout.isatty()) or os.environ.get("TERM", "dumb") == "dumb":
        raise UsageError(
            message("The reader needs a terminal"), hint=message("`bpost --plain`, `bpost list` and `bpost show` work without one.")
        )
    from bpost_tui.typesetting.terminal.probe import Probe

    written = set[str]()

    def write_config(values: Mapping[str, object]) -> None:
        from bpost_tui.config.edit_config import edit_file, with_values

        edit_file(config_path(context.options.config), lambda text: with_values(text, values))
        written.update(values)

    os.environ.setdefault("TEXTUAL_FPS", "240")  # at Textual's usual 60, a frame waits up to 34 ms
    problems: list[str] = []
    try:
        with Probe.start(os.environ, page=context.snapshot) as probe:  # the terminal answers while the reader loads
            gc.disable()  # until the first screen is drawn: the app enables it
            from bpost_tui.composition import run  # 200 ms, textual

            result = run(
                context.session_config(),
                probe=probe,
                open_story=story,
                notices=tuple(_config_problem_lines(context.problems, context.language)),
                portals=tuple(portals),
                service=tuple(service),
                write_config=write_config,
                report_library_problems=problems.extend,
            )
            if not (problems or result.open_sample or result.restart):
                _save_snapshot(context, probe)
    finally:  # after the screen is the shell's again
        for problem in problems:
            console.write_note(context.language.reason(problem))
    if result.restart:
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(sys.executable, _without(written, sys.orig_argv))  # noqa: S606 - ourselves, with the changed config
    return result


def _without(settings: Collection[str], arguments: Sequence[str]) -> list[str]:
    """Return the arguments of this process without the options for `settings`, the settings that were just saved in the config.

    If bpost started again with these options, they would override the saved values.
    """
    options = {f"--{name}" for name in settings}
    values = {at + 1 for at, word in enumerate(arguments) if word in options}
    return [word for at, word in enumerate(arguments) if word.partition("=")[0] not in options and at not in values]


def _save_snapshot(context: CommandContext, probe: Probe) -> None:
    """Save the first screen of a session with this context and terminal (`probe`), so that the next start can show it at once.

    Nothing is saved if this session began with a story, or with problems of the config.
    """
    options = context.options
    if context.snapshot is not None and options.verb == "read" and options.story is None and not context.problems:
        context.snapshot.save(context.session_config(), probe, config_path(options.config))


def _config_problem_lines(problems: Sequence[ConfigProblem], language: Language) -> Iterator[str]:
    """Yield the first problem of the config, and the number of other problems. stderr lists them all, but the screen hides it."""
    for problem in problems[:1]:
        yield problem._replace(file=Path(problem.file.name)).format(language)
    if (more := len(problems) - 1) > 0:
        yield language.plural("{n} more: `bpost config check`", "{n} more: `bpost config check`", more)
