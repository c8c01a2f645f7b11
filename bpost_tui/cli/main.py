"""Entry point of the command line: runs a verb and returns an exit status. Errors, signals and bugs are handled here."""

from __future__ import annotations

import gc
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

from bpost_tui import __version__
from bpost_tui.cli.shared.argument_parser import parse, parse_early
from bpost_tui.cli.shared.command_context import clock, command_context, load_config, require_config
from bpost_tui.cli.verbs import VERBS
from bpost_tui.console import Console, open_standard_files
from bpost_tui.core.wording import error_line
from bpost_tui.errors import BPostError, StoreError, UsageError, as_store_error
from bpost_tui.i18n import Language, choose_language
from bpost_tui.signals import handle_signals
from bpost_tui.startup_snapshot import StartupSnapshot


def run(arguments: Sequence[str], snapshot: StartupSnapshot | None = None) -> int:
    """Run the verb that the arguments name, and return the exit status.

    `snapshot` is the startup snapshot (saved first screen), or None if the process began without one. If the snapshot is on the
    screen already, the verb `read` takes over the terminal with it.
    """
    open_standard_files()
    stopped_by = handle_signals()
    console = Console(sys.stdout, sys.stderr)
    language = choose_language("auto", os.environ)
    try:
        with ExitStack() as at_the_end:
            if snapshot is not None:
                at_the_end.callback(snapshot.give_back)  # before an error is printed
            early = parse_early(arguments)
            language = choose_language(early.language or "auto", os.environ)
            config = load_config(early.config, os.environ)
            language = choose_language(early.language or config.settings.language, os.environ, config.settings.times)
            try:
                options = parse(arguments, language)
            except SystemExit:  # argparse has printed help or the version
                console.finish()
                return 0
            if options.verb != "config":  # `config` prints them itself, and creates the named file
                require_config(early.config)
                config.require_usable(language)
                for problem in config.problems:
                    console.write_note(problem.format(language))
            _start_log(options, os.environ)
            module = import_module(f"bpost_tui.cli.{VERBS[options.verb].module}")
            gc.freeze()  # otherwise the first collection would visit all imported objects: 5 ms
            gc.enable()
            status: int = getattr(module, f"{options.verb}_")(command_context(options, config, language, snapshot), console)
        console.finish()
    except BPostError as error:
        _log_fault(error)
        console.write_note(f"bpost: {error_line(error, language)}")
        if error.hint:
            console.write_note(language.reason(error.hint))
        return error.exit_code
    except BrokenPipeError:
        return 128 + signal.SIGPIPE
    except KeyboardInterrupt:
        console.end_progress_line()
        return 128 + (stopped_by[0] if stopped_by else signal.SIGINT)
    except Exception as error:  # noqa: BLE001 - outermost level: any other exception is a bug
        _log_fault(error)
        if (store_error := as_store_error(error)) is not None:
            console.write_note(f"bpost: {error_line(store_error, language)}")
            return store_error.exit_code
        console.write_note(_bug_line(error, language))
        return BPostError.exit_code
    return 128 + stopped_by[0] if stopped_by else status  # the reader's screen has been closed


def _start_log(options: Namespace, environ: Mapping[str, str]) -> None:
    """Start the log if the options or the environment name a file for it; raises UsageError if the file can't be written."""
    named: Path | str | None = options.log or environ.get("BPOST_LOG")
    if not named:
        return
    from bpost_tui import log

    try:
        log.start(Path(named))
    except OSError as error:
        raise UsageError(f"{named}: {error.strerror}") from error
    log.log_event("start", bpost=__version__, python=".".join(map(str, sys.version_info[:3])), verb=options.verb)


def _log_fault(error: Exception) -> None:
    from bpost_tui import log

    log.log_error(error)


def _bug_line(error: Exception, language: Language) -> str:
    from bpost_tui.cli.shared.bug_report import write_report
    from bpost_tui.paths import folders

    try:
        report = write_report(error, folders().state, clock())
    except (OSError, StoreError):
        return "bpost: " + language.text(
            "This is a bug in bpost ({kind}); its report couldn't be written", kind=type(error).__name__
        )
    return "bpost: " + language.text("This is a bug in bpost; a report is in {report}", report=report)
