"""Tests of `bpost doctor` in a terminal: it predicts how the reader will look there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pty.test_reader import KITTY, Open

pytestmark = pytest.mark.pty


def doctor_output(open_reader: Open, *arguments: str, text: str = "auto", **terminal: object) -> str:
    doctor = open_reader("doctor", *arguments, text=text, answer=KITTY, **terminal)
    assert doctor.end() == 0
    doctor.assert_restored(printed=True)
    return doctor.text.replace("\n", "")


def test_keys_typed_before_doctor_are_kept_or_reported_lost(open_reader: Open) -> None:
    doctor = open_reader("doctor", text="", answer=KITTY, typed=b"ls")
    assert doctor.end() == 0
    assert doctor.unread() == b"ls" or "Keys typed while bpost queried the terminal are lost" in doctor.text


def choose(home: Path, how: str) -> None:
    state = home / ".local" / "state" / "bpost"
    state.mkdir(parents=True, exist_ok=True)
    (state / "choices.json").write_text(json.dumps({"text": {"kitty": how}}), encoding="utf-8")


def test_doctor_names_the_terminal_and_its_capabilities(open_reader: Open) -> None:
    output = doctor_output(open_reader, size=(200, 50))
    assert "Type is drawn as: kitty: kitty 0.41.1 shows pictures in place of characters" in output
    assert "`T` cycles through: kitty, mosaic (octant), cells" in output
    assert "Colours: 24-bit" in output
    assert "Cell size: 10 × 20 px " in output


def test_doctor_names_the_chosen_way_of_drawing(open_reader: Open, tmp_path: Path) -> None:
    choose(tmp_path, "mosaic")
    output = doctor_output(open_reader, text="", size=(200, 50))
    assert "Type is drawn as: mosaic (octant): your choice (`T`" in output
    assert "otherwise kitty: kitty 0.41.1 shows pictures" in output
    assert "Type is drawn as: kitty: kitty 0.41.1 shows pictures" in doctor_output(open_reader, text="pixels", size=(200, 50))
    assert "Type is drawn as: kitty: kitty 0.41.1 shows pictures" in doctor_output(open_reader, text="auto", size=(200, 50))


def test_doctor_explains_an_impossible_way_of_drawing(open_reader: Open) -> None:
    output = doctor_output(open_reader, text="pixels", env={"LC_ALL": "C.UTF-8", "TERM": "dumb"}, size=(200, 50))
    assert "Type is drawn as: cells: pixels was chosen, but there is no terminal that can show more" in output


@pytest.mark.parametrize(("month", "is_old"), [(4, False), (6, True)])
def test_doctor_reports_a_list_of_bugs_half_a_year_old(open_reader: Open, month: int, is_old: bool) -> None:
    clock = "import datetime, bpost_tui.cli.doctor.doctor as doctor\n"
    clock += f"doctor.clock = lambda: datetime.datetime(2027, {month}, 1, tzinfo=datetime.UTC)\n"
    output = doctor_output(open_reader, size=(200, 50), patch=clock)
    assert ("This list of known bugs dates from 25 November 2026. Install a newer bpost." in output) is is_old
