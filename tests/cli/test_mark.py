"""Tests of marks set by scripts."""

from __future__ import annotations

import pytest

from tests.cli.bpost_process import Bpost


def test_mark_by_number_guid_and_link_changes_each_once(saved: Bpost) -> None:
    first, second, third, *_ = saved.json("list")
    names = (str(first["id"]), second["guid"], third["link"] + "?utm_source=x", str(first["id"]))
    for mark, field in (("read", "read"), ("star", "starred"), ("later", "later")):
        assert saved.run("mark", mark, *names).stdout == "3 stories changed\n"
        assert saved.run("mark", mark, *names).stdout == "0 stories changed\n"
        assert [row[field] for row in saved.json("list")][:4] == [True, True, True, False]
        assert saved.run("mark", f"un{mark}", str(first["id"])).stdout == "1 story changed\n"
        assert [row[field] for row in saved.json("list")][:4] == [False, True, True, False]
    assert saved.run("list", "--later", "--starred", "--language", "en").stdout.count("\n") == 2


def test_mark_reports_unknown_stories_and_marks_the_others(saved: Bpost) -> None:
    first = saved.json("list")[0]
    result = saved.run("mark", "star", "999", str(first["id"]), "https://example.org/x", code=1)
    assert result.stdout == "1 story changed\n"
    assert result.stderr == "bpost: no story 999 in the library\nbpost: no story https://example.org/x in the library\n"
    assert saved.json("list", "--starred")[0]["id"] == first["id"]


def test_mark_reads_the_first_word_of_each_line_on_stdin(saved: Bpost) -> None:
    listed = saved.run("list", "-n", "4").stdout
    result = saved.run("mark", "read", "-", typed=f"\n{listed}")
    assert (result.stdout, result.stderr) == ("4 stories changed\n", "")
    assert saved.run("mark", "read", "-", code=1).stdout == ""
    result = saved.run("mark", "read", "-", typed="\x00\udcff\x1b[31m\n", code=1)  # a byte that isn't UTF-8
    assert result.stdout == "0 stories changed\n" and "\x1b" not in result.stderr


@pytest.mark.parametrize("arguments", [("mark",), ("mark", "read"), ("mark", "blue", "1")])
def test_mark_with_wrong_arguments_is_a_usage_error(saved: Bpost, arguments: tuple[str, ...]) -> None:
    assert saved.run(*arguments, code=2).stdout == ""
