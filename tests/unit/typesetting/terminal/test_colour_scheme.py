"""Tests of a terminal's reports that its background has become dark or light (mode 2031)."""

from __future__ import annotations

import pytest

from bpost_tui.typesetting.terminal.colour_scheme import ColourSchemeReports

DARK, LIGHT = b"\x1b[?997;1n", b"\x1b[?997;2n"


def test_colour_scheme_reports_are_consumed_and_other_input_passes() -> None:
    reported: list[bool] = []
    reports = ColourSchemeReports(reported.append)
    assert reports.feed(b"j" + DARK + b"k" + LIGHT) == b"jk"
    assert reported == [True, False]
    assert reports.feed("খ\x1b[A\x1b[?2026;2$y".encode()) == "খ\x1b[A\x1b[?2026;2$y".encode()


@pytest.mark.parametrize("at", range(1, len(DARK)))
def test_split_colour_scheme_report_is_read_once_without_delaying_keys(at: int) -> None:
    reported: list[bool] = []
    reports = ColourSchemeReports(reported.append)
    rest = reports.feed(DARK[:at])
    assert rest == (DARK[:at] if at < 4 else b"")
    if at >= 4:
        assert reports.feed(DARK[at:] + b"j") == b"j"
        assert reported == [True]


def test_incomplete_colour_scheme_report_is_passed_on() -> None:
    reports = ColourSchemeReports(lambda _: None)
    assert reports.feed(b"\x1b[?997;") == b""
    assert reports.feed(b"") == b"\x1b[?997;"
