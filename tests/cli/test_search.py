"""Tests of `bpost search` and `bpost list --query`, as processes."""

from __future__ import annotations

import pytest

from tests.cli.bpost_process import Bpost


def test_search_as_json_has_stories_with_their_marks(saved: Bpost) -> None:
    rows = saved.json("search", "নদী")
    assert rows
    for row in rows:
        marked = [row["snippet"][start:end] for start, end in row["snippet_marks"]]
        marked += [row["title"][start:end] for start, end in row["title_marks"]]
        assert marked and all(word.startswith("নদী") for word in marked)


def test_search_in_roman_letters_shows_its_reading(saved: Bpost) -> None:
    result = saved.run("search", "nodi", "-n", "3")
    assert result.stderr == "Understood as: নদী\n"
    assert "[নদী" in result.stdout
    assert result.stdout == saved.run("search", "nodi", "-n", "3", TERM="dumb").stdout


def test_search_reports_a_query_error_and_uses_the_rest(saved: Bpost) -> None:
    result = saved.run("search", "নদী is:green")
    assert "“is:green”: not understood (at character 5)" in result.stderr
    assert result.stdout == saved.run("search", "নদী").stdout


def test_list_with_an_open_quotation_mark_keeps_other_options(saved: Bpost) -> None:
    result = saved.run("list", "--query", '"নদী', "--unread")
    assert "quotation mark isn't closed (at character 1)" in result.stderr
    assert result.stdout == saved.run("list", "--query", '"নদী"', "--unread").stdout


def test_list_since_a_day_reports_a_query_as_without_the_day(saved: Bpost) -> None:
    for query in ('"নদী', "nodi", "নদী is:green", "নদী"):
        plain = saved.run("list", "-q", query, "-n", "99")
        assert saved.run("list", "-q", query, "-n", "99", "--since", "9y").stderr == plain.stderr
    for more in ((), ("--json",)):
        plain = saved.run("list", "-q", '"খুঁজেপাওয়াযায়না', *more, code=1)
        since = saved.run("list", "-q", '"খুঁজেপাওয়াযায়না', "--since", "9y", *more, code=1)
        assert (since.stdout, since.stderr) == (plain.stdout, plain.stderr)


@pytest.mark.parametrize("verb", [("fetch",), ("export",), ("digest", "--since", "9y")])
def test_each_verb_with_a_query_reports_its_problem_and_its_reading(saved: Bpost, verb: tuple[str, ...]) -> None:
    notes = saved.run(*verb, "-q", "nodi is:green").stderr
    assert "“is:green”: not understood (at character 6)" in notes and "Understood as: নদী\n" in notes


def test_search_reports_query_errors_in_bengali(saved: Bpost) -> None:
    result = saved.run("search", "is:green নদী", "--language", "bn")
    assert result.stderr.startswith("“is:green” বোঝা গেল না (১ নম্বর অক্ষরে)। এটি ধরা হয়নি")


def test_search_without_hits_exits_with_1(saved: Bpost) -> None:
    assert saved.run("search", "খুঁজেপাওয়াযায়না", code=1).stdout == ""
    assert saved.run("search", "খুঁজেপাওয়াযায়না", "--json", code=1).stdout == "[]\n"
    assert saved.run("search", code=2).stdout == ""


def test_list_with_a_query_is_newest_first(saved: Bpost) -> None:
    rows = saved.json("list", "--query", "নদী", "-n", "100")
    assert [row["published"] for row in rows] == sorted((row["published"] for row in rows), reverse=True)
    assert {row["id"] for row in rows} == {row["id"] for row in saved.json("search", "নদী", "-n", "100")}
    assert saved.run("list", "--query", "নদী", "--starred", code=1).stdout == ""
    assert len(saved.json("list", "--query", "নদী", "--unread", "-n", "100")) == len(rows)
