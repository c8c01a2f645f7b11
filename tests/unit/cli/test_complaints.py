from __future__ import annotations

import pytest

from bpost_tui.cli.argparse_messages import reason
from bpost_tui.cli.parser import parse
from bpost_tui.errors import UsageError
from bpost_tui.i18n import Language

ENGLISH, BENGALI = Language("en"), Language("bn")


@pytest.mark.parametrize(
    ("arguments", "english", "bengali"),
    [
        (["--frob"], "--frob is unknown", "--frob বলে কিছু নেই"),
        (["list", "more"], "more is unknown", "more বলে কিছু নেই"),
        (["show"], "ID|URL is missing", "ID|URL দেওয়া হয়নি"),
        (["--language"], "--language: it needs a value", "--language: এর সঙ্গে একটি মান দিতে হবে"),
        (["list", "--offline=1"], "--offline: it takes no value", "--offline: এর সঙ্গে কোনও মান দেওয়া যায় না"),
        (
            ["list", "--language", "fr"],
            "--language: “fr” is none of these: auto, bn, en",
            "--language: “fr” এগুলির মধ্যে পড়ে না: auto, bn, en",
        ),
        (
            ["serach"],
            "VERB: “serach” is unknown; did you mean search?",
            "VERB: “serach” বলে কিছু নেই; search বলতে চেয়েছেন কি?",
        ),
        (
            ["--portal", "gopher://x"],
            "--portal: “gopher://x” is no portal's address",
            "--portal: “gopher://x” কোনও পোর্টালের ঠিকানা নয়",
        ),
    ],
)
def test_a_command_line_that_cannot_be_followed_is_told_in_both_languages(arguments: list[str], english: str, bengali: str) -> None:
    for language, told in ((ENGLISH, english), (BENGALI, bengali)):
        with pytest.raises(UsageError) as raised:
            parse(arguments, language)
        assert language.reason(raised.value.message) == told


def test_a_choice_with_a_quotation_mark_in_it_is_quoted_whole() -> None:
    assert reason("""invalid choice: "o'r" (choose from a, b)""") == "“o'r” is none of these: a, b"


def test_a_complaint_of_another_wording_stays_as_it_is() -> None:
    assert BENGALI.reason(reason("argument --new: something else")) == "--new: something else"
