"""Share of `make year`: three weeks with all events of the year."""

from __future__ import annotations

import shutil
import sys
import threading
from pathlib import Path

import pytest

from tests.service.model_server import ModelServer
from tests.year.year_machine import Version, YearMachine, interpreter, shifted_clock
from tests.year.year_trial import Year

DAYS, CHECK_EVERY = 21, 7
OTHER = "import sys\ndef main():\n    print(__file__)\n    sys.exit()\n"
"""Main module of a version of bpost whose only output is the module's path."""
needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler is installed")


@needs_compiler
def test_two_machines_show_and_export_what_nine_papers_sent_and_the_reader_marked(tmp_path: Path) -> None:
    version = Version(sys.executable, shifted_clock(tmp_path))
    year = Year(tmp_path, DAYS, 2026, version, version)
    assert year.run(CHECK_EVERY) == []
    assert year.done["moved"] == year.done["followed"] / 2 == 3


def test_server_of_the_phone_ends_with_its_context_after_an_error() -> None:
    before = threading.active_count()
    with pytest.raises(InterruptedError), ModelServer("https://example.org/feed", labels=False, dated=False).on_this_machine():
        raise InterruptedError
    assert threading.active_count() == before


@needs_compiler
def test_machine_of_another_version_runs_that_version(tmp_path: Path) -> None:
    package = tmp_path / "other" / "bpost_tui"
    (package / "cli").mkdir(parents=True)
    for name, content in {"__init__": "", "__main__": OTHER, "cli/__init__": "", "cli/main": ""}.items():
        (package / f"{name}.py").write_text(content)
    version = Version(interpreter(str(package.parent), tmp_path), shifted_clock(tmp_path))
    assert YearMachine("A", tmp_path / "A", version).run().stdout == f"{package}/__main__.py\n"
