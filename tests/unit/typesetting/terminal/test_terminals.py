"""Tests of the table of terminals: each row is complete and unique, and agrees with recorded replies."""

from __future__ import annotations

import re

import pytest

from bpost_tui.typesetting.terminal import terminals as known
from bpost_tui.typesetting.terminal.capabilities import Mosaic, RenderMode, WindowSize
from bpost_tui.typesetting.terminal.detection import detect, identify
from bpost_tui.typesetting.terminal.replies import Replies, parse
from bpost_tui.typesetting.terminal.terminals import TERMINALS, Terminal, is_since, may_query, terminal_in_environment
from tests.unit.typesetting.terminal.recorded_replies import DIALOGUES, XTERM, Dialogue

UNRECORDED = {
    "rio": "its own documentation",
    "mintty": "its own documentation",
    "contour": "its own documentation",
    "mlterm": "its own documentation",
    "apple terminal": "answers neither its name nor pictures",
    "linux": "is asked nothing",
    "cons25": "FreeBSD's console, by terminfo",
    "rxvt": "terminfo",
    "putty": "terminfo",
    "screen": "4.9 was measured for docs/terminals.md, its answers weren't kept",
    "zellij": "its own documentation, and its changelog for 0.44",
    "warp": "its own documentation",
}
"""Maps each terminal without recorded replies to the source of its row in the table."""
SIXEL = 4
ROWS = pytest.mark.parametrize("row", TERMINALS.values(), ids=lambda row: row.name)


@ROWS
def test_terminal_row_is_complete(row: Terminal) -> None:
    assert row.name == row.name.lower()
    assert row != Terminal(row.name), "the row has only default values"
    assert all(re.fullmatch("[A-Z][A-Z_]*(=[A-Za-z_0-9]+)?", each) for each in (*row.environment_marks, *row.variables))
    assert not (row.counts_as_tmux and row.narrow_marks)
    assert not (row.half_blocks is not None and (row.octants is not None or row.sextants is not None))
    if row.octants is not None:
        assert row.sextants is not None
        assert row.sextants <= row.octants
    re.compile(row.narrow_marks.format(spacing="a", nonspacing="b"))


@ROWS
def test_terminal_row_has_recorded_replies_or_a_source(row: Terminal) -> None:
    assert (row.name in UNRECORDED) != (row.name in {dialogue.name for dialogue in DIALOGUES})


def test_only_terminals_with_a_row_are_recorded() -> None:
    assert {dialogue.name for dialogue in DIALOGUES} | UNRECORDED.keys() == TERMINALS.keys()


@ROWS
def test_environment_marks_identify_one_terminal(row: Terminal) -> None:
    for condition in row.environment_marks:
        name, _, value = condition.partition("=")
        assert terminal_in_environment({name: value or "1"}) is row
        if name == "TERM":
            assert identify(Replies(), {"TERM": f"{value}-256color"}) == (row.name, ())


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.name)
def test_recorded_replies_match_the_terminal_row(dialogue: Dialogue) -> None:
    env, replies = {**XTERM, **dialogue.env}, parse(dialogue.answer)
    name, version = identify(replies, env)
    row = TERMINALS[name]
    assert name == dialogue.name
    assert may_query(env)
    if row.multiplexes_by:
        assert env.get(row.multiplexes_by)
        return
    # pictures
    expected = (
        RenderMode.KITTY if is_since(row.placeholders, version) else RenderMode.INLINE if is_since(row.inline, version)
        else RenderMode.SIXEL if row.sixel else RenderMode.MOSAIC
    )  # fmt: skip
    capabilities = detect(replies, env, window=WindowSize(200, 60, 2 * dialogue.pixels[0], 2 * dialogue.pixels[1]))
    assert capabilities.render_mode is expected
    assert not row.sixel or SIXEL in (replies.attributes or ())
    assert replies.graphics or row.placeholders is None
    # block characters, text, colours
    joined = [
        mosaic
        for mosaic, since in ((Mosaic.OCTANT, row.octants), (Mosaic.SEXTANT, row.sextants), (Mosaic.QUARTER, row.quarters))
        if is_since(since, version)
    ]
    assert capabilities.mosaic is (joined[0] if joined else Mosaic.QUADRANT)
    assert capabilities.truecolour is row.truecolour
    if row.counts_as_tmux:
        assert replies.samples == (2, 2, 4)
    assert row.shortens_conjuncts == (bool(row.narrow_marks) and replies.samples[2] <= 2)


def test_variables_include_all_environment_marks() -> None:
    listed = known.variables()
    assert {"TERM", "TERM_PROGRAM", "WT_SESSION", "KITTY_WINDOW_ID", "TMUX", "STY", "ZELLIJ", "SSH_CONNECTION"} <= set(listed)
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize(
    ("env", "is_waited_for"),
    [
        ({"TERM": "foot-extra"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "8001"}, True),
        ({"TERM": "xterm", "SSH_CONNECTION": "1"}, True),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, False),
        ({"TERM": "rxvt"}, False),
        ({}, False),
    ],
)
def test_only_always_answering_terminals_are_waited_for(env: dict[str, str], is_waited_for: bool) -> None:
    assert known.always_answers(env) is is_waited_for


@pytest.mark.parametrize(("term", "is_queried"), [("", False), ("dumb", False), ("linux", False), ("xterm", True), ("vt220", True)])
def test_terminals_that_print_queries_are_not_queried(term: str, is_queried: bool) -> None:
    assert may_query({"TERM": term}) is is_queried
