"""Tests of the reader in lines, as with a screen reader: typed lines in, printed lines out."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from bpost_tui.bengali.sentences import sentences
from bpost_tui.bengali.verbalise import verbalise
from tests.cli.bpost_process import NOBODY, Bpost
from tests.cli.test_read import Session
from tests.sample_portal.rss import SITE_NAME


def printed(bpost: Bpost, *typed: str, options: tuple[str, ...] = (), language: str = "en") -> list[str]:
    """Return the lines that a session prints after its greeting."""
    result = bpost.run("--plain", "--offline", "--language", language, *options, typed="\n".join(typed) + "\n")
    return result.stdout.splitlines()


def test_session_lists_the_newest_headlines_and_more_by_enter(saved: Bpost) -> None:
    saved.run("refresh")
    lines = printed(saved, "", "", "q")
    assert lines[0] == SITE_NAME
    numbered = [line for line in lines if re.match(r"\d+\. ", line)]
    assert [line.split(".")[0] for line in numbered] == [str(number) for number in range(1, 17)]
    assert all("unread" in line for line in numbered)
    assert lines[-1] == "End of the list."


def test_lists_follow_the_configured_orders(saved: Bpost) -> None:
    def stories_and_categories() -> tuple[list[str], list[str]]:
        numbered = [line.partition(". ")[2] for line in printed(saved, "", "", "h", "q") if re.match(r"\d+\. ", line)]
        first = next(at for at, line in enumerate(numbered) if line.startswith("All news"))
        return numbered[:first], numbered[first + 1 :]

    newest, by_name = stories_and_categories()
    saved.config.write_text('story_order = "oldest"\ncategory_order = "unread"\n', encoding="utf-8")
    oldest, by_unread = stories_and_categories()
    assert len(newest) == 16 and oldest == newest[::-1]
    assert by_unread != by_name and by_unread == sorted(by_name, key=lambda line: -int(line.split()[-2]))


def test_number_opens_a_story_that_is_read_at_its_end(saved: Bpost) -> None:
    title = saved.json("list")[0]["title"]
    lines = printed(saved, "1", "", "G", "q")
    assert title in lines
    assert any(line.startswith("End of the story. n:") for line in lines)
    assert saved.json("list")[0]["read"] is True
    assert printed(saved, "১", "q").count(title) == 1  # not read to the end; opened by a Bengali number
    assert [row["read"] for row in saved.json("list")].count(True) == 1


def test_marks_are_reported_saved_and_undone(saved: Bpost) -> None:
    lines = printed(saved, "2", "s", "L", "m", "u", "u", "u", "u", "q")
    result = [
        "Star added",
        "Added to Read later",
        "Marked read",
        "Undone: unread again",
        "Undone: no longer in Read later",
        "Undone: no longer starred",
        "Nothing to undo",
    ]
    assert lines[-len(result) :] == result
    assert not any(row["starred"] or row["later"] or row["read"] for row in saved.json("list"))
    printed(saved, "2", "s", "q")
    assert [row["starred"] for row in saved.json("list")].index(True) == 1


def test_next_unread_opens_stories_until_none_is_left(saved: Bpost) -> None:
    rows = saved.json("list")
    lines = printed(saved, "1", "n", "q")
    assert rows[1]["title"] in lines
    assert printed(saved, "A", "A", "n", "q")[-2:] == ["16 marked read", "No more unread stories here"]


def test_back_from_the_list_offers_categories_by_number(saved: Bpost) -> None:
    lines = printed(saved, "h", "2", "q")
    first = next(at for at, line in enumerate(lines) if line.startswith("1. All news. "))
    assert re.fullmatch(r"2\. .+\. \d+ unread", lines[first + 1])
    chosen = [line for line in lines[first:] if re.match(r"1\. ", line)]
    assert len(chosen) == 2, "the category's first story follows"


def test_search_in_roman_letters_shows_its_reading(saved: Bpost) -> None:
    lines = printed(saved, "/nodi", "/ঢঢঢঢ", "q")
    found = next(line for line in lines if " found" in line)
    assert int(found.split()[0]) > 0
    assert lines[-2:] == ["0 found", "Nothing found"]


def test_unknown_command_is_reported_and_changes_nothing(saved: Bpost) -> None:
    lines = printed(saved, "xyz", "99", "\x1b[A", "\u202e", "[b]", "?", "q")
    assert "There is no command “xyz”; ? lists them." in lines
    assert "There is no number 99 here" in lines
    assert any(line.startswith("h: Back to the list") for line in lines)
    assert "\x1b" not in "".join(lines)


def test_letters_of_a_bengali_layout_act_as_their_keys(saved: Bpost) -> None:
    saved.config.write_text('keyboard = "inscript"\n', encoding="utf-8")
    lines = printed(saved, "১", "ে", "q", language="bn")  # InScript's characters for the keys 1 and s
    assert lines[-1].startswith("তারাচিহ্ন দে")


def test_named_story_is_printed_at_once(saved: Bpost) -> None:
    row = saved.json("list")[4]
    lines = printed(saved, "q", options=("read", str(row["id"])))
    assert row["title"] in lines


def test_session_on_an_empty_library_lists_the_first_news(bpost: Bpost) -> None:
    lines = bpost.run("--plain", "--language", "en", typed="q\n").stdout.splitlines()
    fetching = lines.index("Fetching new stories …")
    assert "Nothing is saved yet." in lines[:fetching]
    assert "new stories" in lines[fetching + 1]
    assert any(line.startswith("1. ") for line in lines[fetching:])


def test_session_without_news_or_portal_suggests_the_demo(bpost: Bpost) -> None:
    result = bpost.run("--plain", "--language", "bn", "--portal", NOBODY, typed="q\n").stdout
    assert "সংযোগ হল না" in result
    assert "`bpost demo` দিলে নমুনা সংস্করণ খুলবে।" in result


def test_session_continues_when_the_portal_is_unreachable(saved: Bpost) -> None:
    saved.run("--plain", "--language", "en", "--portal", NOBODY, typed="r\n" * 3 + "q\n")


@pytest.mark.pty
def test_session_on_a_terminal_writes_no_escape_sequence(saved: Bpost) -> None:
    session = Session(saved, "--plain", "--offline")
    session.read_until(lambda output: b"> " in output)
    for line in (b"1\n", b"\n", b"q\n"):
        os.write(session.terminal, line)
    assert session.ended() == 0
    assert b"\x1b" not in session.output


def test_browser_failure_is_reported_with_the_address(saved: Bpost) -> None:
    result = saved.run("--plain", "--offline", "--language", "en", typed="1\no\nq\n", BROWSER="false").stdout
    assert "The browser didn't open; the address is http" in result


def writer(path: Path) -> str:
    """Return the config of a voice that writes the text into a file."""
    command = [sys.executable, "-c", f"import sys; open({str(path)!r}, 'a').write(sys.stdin.read() + '\\n')"]
    return f"listen = {json.dumps(command)}\n"


def test_reading_aloud_starts_at_the_last_paragraph_printed(saved: Bpost, tmp_path: Path) -> None:
    saved.config.write_text(writer(tmp_path / "aloud"), encoding="utf-8")
    rows = saved.json("list", "-n", "99")
    saved.run("mark", "read", *(str(row["id"]) for row in rows[2:]))
    lines = printed(saved, "1", "v", "q")
    first, second = rows[0]["title"], rows[1]["title"]
    first_end, second_end = (at for at, line in enumerate(lines) if line.startswith("End of the story."))
    heard = (tmp_path / "aloud").read_text(encoding="utf-8").splitlines()
    shown = lines[lines.index(first) + 2 : first_end]
    assert heard[0] == verbalise(shown[0][: sentences(shown[0])[0][1]])
    between = heard.index(verbalise(second[slice(*sentences(second)[0])]))
    assert between > 20 and heard[between - 1] in verbalise(shown[-1])
    assert heard[-1] in verbalise(lines[second_end - 1])
    assert lines[-1] == "No more unread stories here"
    assert all(row["read"] for row in saved.json("list", "-n", "99"))


def test_reading_aloud_reports_a_missing_story_or_program(saved: Bpost) -> None:
    assert printed(saved, "v", "q")[-1] == "No story is open: a number opens one"
    saved.config.write_text("listen = []\n", encoding="utf-8")
    assert printed(saved, "1", "v", "q")[-1].startswith("No program to read aloud")
    saved.config.write_text('listen = ["no-such-program-here"]\n', encoding="utf-8")
    assert printed(saved, "1", "v", "q")[-1] == "no-such-program-here: this program isn't installed"


@pytest.mark.pty
def test_reading_aloud_resumes_its_paragraph_after_ctrl_c(saved: Bpost, tmp_path: Path) -> None:
    started = tmp_path / "started"
    command = [sys.executable, "-c", f"import time; open({str(started)!r}, 'a').write('x'); time.sleep(60)"]
    saved.config.write_text(f"listen = {json.dumps(command)}\n", encoding="utf-8")
    session = Session(saved, "--plain", "--offline", "--language", "en")
    session.read_until(lambda output: output.endswith(b"> "))
    os.write(session.terminal, b"1\nv\n")
    for times in (1, 2):
        session.read_until(lambda output: started.exists() and len(started.read_text()) == times)  # noqa: B023 -- called at once
        os.write(session.terminal, b"\x03")
        session.read_until(lambda output: output.count(b"Stopped. v: resume from this paragraph.\r\n> ") == times)  # noqa: B023
        os.write(session.terminal, b"v\n" if times == 1 else b"q\n")
    assert session.ended() == 0


@pytest.mark.pty
def test_commands_work_while_reading_aloud(saved: Bpost, tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    code = f"import sys, time; open({str(heard)!r}, 'a').write(sys.stdin.read() + '\\n'); time.sleep(60)"
    saved.config.write_text(f"listen = {json.dumps([sys.executable, '-c', code])}\n", encoding="utf-8")

    def lines() -> list[str]:
        return heard.read_text(encoding="utf-8").splitlines() if heard.exists() else []

    session = Session(saved, "--plain", "--offline", "--language", "en")
    session.read_until(lambda output: output.endswith(b"> "))
    os.write(session.terminal, b"1\nv\n")
    session.read_until(lambda _: len(lines()) == 1)
    os.write(session.terminal, b")\n")
    session.read_until(lambda _: len(lines()) == 2)
    os.write(session.terminal, b"(\n")
    session.read_until(lambda _: len(lines()) == 3)
    assert lines()[2] == lines()[0] != lines()[1]
    os.write(session.terminal, b".\n")
    session.read_until(lambda output: b"can't be changed" in output)
    os.write(session.terminal, b"\n")
    session.read_until(lambda output: b"Paused. Enter: resume from this sentence" in output)
    os.write(session.terminal, b"\n")
    session.read_until(lambda _: len(lines()) == 4)
    assert lines()[3] == lines()[0]
    os.write(session.terminal, b"q\n")
    assert session.ended() == 0
