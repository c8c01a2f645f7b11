"""Due papers: each paper has its own interval in the config."""

from __future__ import annotations

from datetime import timedelta

from bpost_tui.core.fetcher import DuePapers
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)


def test_paper_is_due_after_its_interval_and_never_without_one() -> None:
    papers = DuePapers({"often": 5 * MINUTE, "seldom": 60 * MINUTE, "by hand": timedelta(0)})
    assert papers.due(NOW, 1.0) == ("often", "seldom")  # neither was refreshed before
    papers.note_refreshed(("often", "seldom", "by hand"), NOW)
    assert papers.due(NOW + 4 * MINUTE, 1.0) == ()
    assert papers.due(NOW + 5 * MINUTE, 1.0) == ("often",)
    assert papers.due(NOW + 5 * MINUTE, 1.1) == ()
    papers.note_refreshed(("often",), NOW + 59 * MINUTE)
    assert papers.due(NOW + 60 * MINUTE, 1.0) == ("seldom",)
    assert papers.due(NOW + 99 * MINUTE, 1.0) == ("often", "seldom")


def test_paper_is_due_when_the_clock_was_put_back() -> None:
    papers = DuePapers({"often": 5 * MINUTE})
    papers.note_refreshed(("often",), NOW)
    assert papers.due(NOW - 4 * MINUTE, 1.0) == ()
    assert papers.due(NOW - 365 * 24 * 60 * MINUTE, 1.0) == ("often",)
