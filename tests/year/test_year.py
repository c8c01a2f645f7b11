"""Share of `make year`: three weeks with all events of the year."""

from __future__ import annotations

import shutil
import sys
import threading
from pathlib import Path

import pytest

from tests.service.model_server import ModelServer
from tests.year.year_machine import Version, shifted_clock
from tests.year.year_trial import Year

DAYS, CHECK_EVERY = 21, 7


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler is installed")
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
