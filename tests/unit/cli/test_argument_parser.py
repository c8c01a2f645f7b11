from __future__ import annotations

from importlib import import_module

import pytest

from bpost_tui.cli.shared.argument_parser import parse
from bpost_tui.cli.shared.options import EVERYWHERE
from bpost_tui.cli.verbs import VERBS
from bpost_tui.errors import UsageError
from bpost_tui.i18n import Language

ENGLISH, BENGALI = Language("en"), Language("bn")


@pytest.mark.parametrize(
    ("arguments", "english", "bengali"),
    [
        (["--frob"], "--frob is unknown", "--frob বলে কিছু নেই"),
        (["list", "more"], "more is unknown", "more বলে কিছু নেই"),
        (["show"], "STORY is missing", "STORY দেওয়া হয়নি"),
        (["--language"], "--language: it needs a value", "--language: এর সঙ্গে একটি মান দিতে হবে"),
        (["list", "--offline=1"], "--offline: it takes no value", "--offline: এর সঙ্গে কোনও মান দেওয়া যায় না"),
        (
            ["list", "--language", "fr"],
            "--language: “fr” is unknown; choose one of auto, bn, en",
            "--language: “fr” বলে কিছু নেই; এগুলির একটি দিন: auto, bn, en",
        ),
        (
            ["serach"],
            "“serach” is unknown; did you mean search?",
            "“serach” বলে কিছু নেই; search বলতে চেয়েছেন কি?",
        ),
        (
            ["config", "shwo"],
            "config: “shwo” is unknown; did you mean show?",
            "config: “shwo” বলে কিছু নেই; show বলতে চেয়েছেন কি?",
        ),
        (
            ["--portal", "gopher://x"],
            "--portal: “gopher://x” isn't a portal's address",
            "--portal: “gopher://x” কোনও পোর্টালের ঠিকানা নয়",
        ),
    ],
)
def test_usage_errors_are_in_both_languages(arguments: list[str], english: str, bengali: str) -> None:
    for language, expected in ((ENGLISH, english), (BENGALI, bengali)):
        with pytest.raises(UsageError) as raised:
            parse(arguments, language)
        assert language.reason(raised.value.message) == expected


def test_unknown_choice_with_a_quotation_mark_is_quoted_whole() -> None:
    with pytest.raises(UsageError, match="“o'r” is unknown; choose one of bash, zsh, fish"):
        parse(["completions", "o'r"], ENGLISH)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--language", "--offline", "list"], "--language: it needs a value"),
        (["mark"], "mark, STORY is missing"),
        (["mark", "read"], "STORY is missing"),
        (["list", "-n", "all"], "-n: “all” isn't a whole number from 0 (no limit) to 99999999"),
        (["list", "-n", "9" * 20], f"-n: “{'9' * 20}” isn't a whole number from 0 (no limit) to 99999999"),
        (["refresh", "--pages", "some"], "--pages: “some” isn't a whole number from 1 to 99999999, or “all”"),
        (["refresh", "--since", "never"], "--since: “never” isn't a date or an age like 2024-01-31, 2024, 30d, 6m or 2y"),
        (["library", "--older-than", "x"], "--older-than: “x” isn't an age like 90d, 6m or 2y"),
        (["search", "ভোট", "--full"], "--full is unknown"),
        (["demo", "--links"], "--links is unknown"),
    ],
)
def test_usage_error_names_the_bad_argument_and_the_help(arguments: list[str], reason: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse(arguments, ENGLISH)
    verb = next(word for word in arguments if word in VERBS)
    assert (raised.value.message, raised.value.hint) == (reason, f"`bpost {verb} --help` lists its options.")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["config", "path", "language"], "language"),
        (["config", "show", "language", "bn"], "bn"),
        (["lists", "delete", "Trip", "Weekend"], "Weekend"),
        (["portals", "list", "Paper"], "Paper"),
        (["portals", "remove", "One", "Two"], "Two"),
        (["library", "compact", "--dry-run"], "--dry-run"),
        (["library", "--older-than", "2y"], "--older-than"),
        (["service", "sync", "--dry-run"], "--dry-run"),
        (["lists", "put", "Trip", "1", "--json"], "--json"),
        (["portals", "--json", "add", "https://a.example"], "--json"),
        (["service", "check", "--json"], "--json"),
    ],
)
def test_word_or_option_that_the_task_would_ignore_is_refused(arguments: list[str], what: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse(arguments, ENGLISH)
    assert raised.value.message.startswith(f"“{what}” doesn't go with “")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["mark", "--star", "7"], "--star is unknown; did you mean star?"),
        (["--lang", "bn", "list"], "--lang is unknown; did you mean --language?"),
        (["list", "--sinse", "3d"], "--sinse is unknown; did you mean --since?"),
        (["list", "--zzz=1"], "--zzz is unknown"),
    ],
)
def test_unknown_option_is_named_without_the_next_word(arguments: list[str], reason: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse(arguments, ENGLISH)
    assert raised.value.message == reason


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (["help"], "usage: bpost [-h]"),
        (["help", "list"], "usage: bpost list [-h]"),
        (["-V"], "bpost "),
        (["version"], "bpost "),
    ],
)
def test_help_and_version_have_their_usual_names(arguments: list[str], printed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(arguments, ENGLISH)
    assert capsys.readouterr().out.startswith(printed)


@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "--language", "bn", "-n", "5"],
        ["--language", "bn", "list", "-n5"],
        ["-n", "5", "--language=bn", "list"],
        ["--language", "bn", "--", "list", "-n", "5"],
    ],
)
def test_options_are_read_before_or_after_the_verb(arguments: list[str]) -> None:
    options = parse(arguments, ENGLISH)
    assert (options.verb, options.language, options.limit, options.offline) == ("list", "bn", 5, False)


@pytest.mark.parametrize(
    "arguments",
    [
        ["portals", "import", "--private", "a.opml", "--offline"],
        ["portals", "import", "--offline", "--", "a.opml"],
        ["--offline", "portals", "--portal", "https://a.example", "import", "--private", "a.opml"],
    ],
)
def test_options_are_read_between_the_words_of_a_verb(arguments: list[str]) -> None:
    options = parse(arguments, ENGLISH)
    assert (options.verb, options.task, options.what, options.offline) == ("portals", "import", "a.opml", True)


@pytest.mark.parametrize("arguments", [["portals", "import", "a.opml", "--config"], ["lists", "--data-dir", "--json", "put", "x"]])
def test_option_without_its_value_takes_no_word_for_it(arguments: list[str]) -> None:
    with pytest.raises(UsageError, match="it needs a value"):
        parse(arguments, ENGLISH)


def test_missing_verb_means_read_without_a_story() -> None:
    options = parse(["--offline"], ENGLISH)
    assert (options.verb, options.story, options.offline, options.portal) == ("read", None, True, None)


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        (["জেলা", "-ভোট"], ["জেলা", "-ভোট"]),
        (["-ভোট", "জেলা"], ["-ভোট", "জেলা"]),
        (["জেলা", "-ভোট", "-n", "3", "শহর"], ["জেলা", "-ভোট", "শহর"]),
        (["জেলা", "-ভোট", "শহর", "or", "গ্রাম"], ["জেলা", "-ভোট", "শহর", "or", "গ্রাম"]),
        (["-ভোট"], ["-ভোট"]),
        (["--", "--ভোট"], ["--ভোট"]),
        (["dhaka", "-hasina"], ["dhaka", "-hasina"]),
        (["dhaka", "-news", "-n", "3"], ["dhaka", "-news"]),
        (["dhaka", "-n3", "-Vote", "-h2", "--json"], ["dhaka", "-Vote", "-h2"]),
        (["-news", "--offline", "--", "-n"], ["-news", "-n"]),
    ],
)
def test_excluded_words_of_a_search_can_be_typed(arguments: list[str], query: list[str]) -> None:
    assert parse(["search", *arguments], ENGLISH).query == query


@pytest.mark.parametrize("arguments", [["-q", "{}", "-n", "3"], ["-n3", "--query", "{}"], ["-q={}", "-n3"]])
@pytest.mark.parametrize("verb", ["list", "listen"])
def test_excluded_word_can_be_the_query_of_an_option(verb: str, arguments: list[str]) -> None:
    for word in ("-ভোট", "-hasina", "-news", "-Vote", "-h2", "-", "-news dhaka"):
        for typed in ([verb, *arguments], [*arguments, verb]):
            options = parse([each.format(word) for each in typed], ENGLISH)
            assert (options.verb, options.query, options.limit) == (verb, word, 3)


@pytest.mark.parametrize("option", [["-n", "5"], ["-n5"], ["--json"], ["-c=news"], ["-q", "ভোট"], []])
def test_option_is_no_query(option: list[str]) -> None:
    with pytest.raises(UsageError, match="-q/--query: it needs a value"):
        parse(["list", "-q", *option], ENGLISH)


@pytest.mark.parametrize("typed", [["-n", "20"], ["-n20"], ["-n=20"], ["-n২০"]])
def test_option_of_a_search_is_read_before_and_after_its_words(typed: list[str]) -> None:
    for arguments in (["dhaka", "-hasina", *typed], [*typed, "dhaka", "-hasina"]):
        options = parse(["search", *arguments], ENGLISH)
        assert (options.limit, options.query) == (20, ["dhaka", "-hasina"])


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["dhaka", "-hasina", "-n"], "-n: it needs a value"),
        (["dhaka", "-n5x"], "-n: “5x” isn't a whole number from 0 (no limit) to 99999999"),
        (["-n", "5"], "QUERY is missing"),
        (["dhaka", "--hasina"], "--hasina is unknown"),
    ],
)
def test_mistaken_option_of_a_search_is_no_word_of_it(arguments: list[str], reason: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse(["search", *arguments], ENGLISH)
    assert raised.value.message == reason


def test_word_with_a_dash_is_no_argument_of_other_verbs() -> None:
    with pytest.raises(UsageError, match="-ভোট is unknown"):
        parse(["show", "1", "-ভোট"], ENGLISH)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_a_function_and_its_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(getattr(import_module(f"bpost_tui.cli.{VERBS[verb].module}"), f"{verb}_"))
    with pytest.raises(SystemExit) as ended:
        parse([verb, "--help"], ENGLISH)
    text = capsys.readouterr().out
    assert ended.value.code == 0 and text.startswith(f"usage: bpost {verb} [-h]")
    assert [flag for option in (*EVERYWHERE, *VERBS[verb].options) for flag in option.flags if flag not in text] == []


def test_option_of_several_verbs_takes_a_value_in_all_or_none() -> None:
    takes: dict[str, bool] = {}
    for option in (*EVERYWHERE, *(option for verb in VERBS.values() for option in verb.options)):
        for flag in option.flags:
            assert takes.setdefault(flag, option.takes_value) == option.takes_value, flag
