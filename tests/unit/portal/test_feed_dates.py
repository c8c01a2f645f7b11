"""Dates in the forms that feeds use."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bpost_tui.portal.feed.feed_dates import read_date

NOW = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("Tue, 24 Nov 2026 10:00:00 +0530", datetime(2026, 11, 24, 4, 30, tzinfo=UTC)),
        ("2004-05-25 23:23:17 +0900", datetime(2004, 5, 25, 14, 23, 17, tzinfo=UTC)),
        ("2004-07-08 23:56:58.0", datetime(2004, 7, 8, 23, 56, 58, tzinfo=UTC)),
        ("November 20, 2026", datetime(2026, 11, 20, tzinfo=UTC)),
        ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", datetime(2004, 7, 11, 17, tzinfo=UTC)),
    ],
)
def test_date_is_read_in_many_forms(written: str, date: datetime) -> None:
    assert read_date(written, NOW) == date


@pytest.mark.parametrize(
    "written", ["yesterday", "3 hours ago", "2004년 05월 25일 (화) 오후 11:23:17", "", "1" * 5000, "<b>&#1;</b> 20 20"]
)
def test_ambiguous_date_is_none(written: str) -> None:
    assert read_date(written, NOW) is None
