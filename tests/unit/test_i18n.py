from __future__ import annotations

import ast
import gettext
import re
import shutil
import time
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.bengali.letters import composed
from bpost_tui.i18n import INDIA, Language, Reason, choose_language, prefix_reason
from tools.messages import CATALOGUE, PACKAGE, used_messages

BN, EN = Language("bn"), Language("en")
ERRORS = ("BPostError", "ContentError", "NotFoundError", "PortalError", "StoreError", "UsageError", "FetchFailure")
NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)  # 12:00 in India


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({}, "en"),
        ({"LANG": "bn_IN.UTF-8"}, "bn"),
        ({"LANG": "bn"}, "bn"),
        ({"LANG": "bn_BD", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB", "LC_MESSAGES": "bn_IN"}, "bn"),
        ({"LANG": "bn_IN", "LC_MESSAGES": "bn_IN", "LC_ALL": "C"}, "en"),
        ({"LC_ALL": "", "LANG": "bn_IN@latin"}, "bn"),
        ({"LANG": "bn_IN.UTF-8", "TERM": "linux"}, "en"),
        ({"LANG": "bnt_XX"}, "en"),
    ],
)
def test_choose_language_follows_the_locale_on_auto(environ: dict[str, str], code: str) -> None:
    assert choose_language("auto", environ).code == code


@pytest.mark.parametrize("code", ["bn", "en"])
def test_choose_language_ignores_the_locale_when_set(code: str) -> None:
    assert choose_language(code, {"LC_ALL": "bn_IN" if code == "en" else "en_GB"}).code == code


@pytest.mark.parametrize(
    ("past", "bangla", "english"),
    [
        (timedelta(seconds=-30), "এইমাত্র", "just now"),
        (timedelta(seconds=59), "এইমাত্র", "just now"),
        (timedelta(minutes=1), "১ মিনিট আগে", "1 minute ago"),
        (timedelta(minutes=59), "৫৯ মিনিট আগে", "59 minutes ago"),
        (timedelta(hours=4), "৪ ঘণ্টা আগে", "4 hours ago"),
        (timedelta(hours=12), "১২ ঘণ্টা আগে", "12 hours ago"),  # the same day
        (timedelta(hours=13), "গতকাল", "yesterday"),
        (timedelta(hours=35), "গতকাল", "yesterday"),
        (timedelta(hours=37), "২ দিন আগে", "2 days ago"),
        (timedelta(days=4), "৪ দিন আগে", "4 days ago"),
        (timedelta(days=45), "১ মাস আগে", "1 month ago"),
        (timedelta(days=340), "১১ মাস আগে", "11 months ago"),
        (timedelta(days=360), "১ বছর আগে", "1 year ago"),
        (timedelta(days=729), "২ বছর আগে", "2 years ago"),
        (timedelta(days=800), "২ বছর আগে", "2 years ago"),
    ],
)
def test_age_becomes_coarser_with_time(past: timedelta, bangla: str, english: str) -> None:
    assert (BN.age(NOW - past, NOW), EN.age(NOW - past, NOW)) == (bangla, english)


def test_age_stays_in_hours_across_midnight() -> None:
    after_midnight = datetime(2026, 11, 24, 1, tzinfo=INDIA)
    assert EN.age(after_midnight - timedelta(hours=3), after_midnight) == "3 hours ago"


def test_dates_late_in_utc_are_the_next_day_in_india() -> None:
    late = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    assert BN.date(late) == "২৪ নভেম্বর ২০২৬"
    assert BN.date(late, year=False) == "২৪ নভেম্বর"
    assert BN.long_date(late) == "মঙ্গলবার ২৪ নভেম্বর ২০২৬"
    assert BN.clock(late) == "০১:৩০"
    assert EN.long_date(late) == "Tuesday 24 November 2026"
    assert EN.clock(late) == "01:30"


@pytest.mark.parametrize(
    ("zone", "times", "clock"),
    [
        ("UTC", "india", "12:00 IST"),
        ("Asia/Kolkata", "india", "12:00"),
        ("Asia/Dhaka", "own", "12:30"),
    ],
)
def test_times_name_their_zone_when_the_machines_differs(
    monkeypatch: pytest.MonkeyPatch, zone: str, times: str, clock: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert choose_language("en", {}, times).clock(NOW) == clock
    finally:
        monkeypatch.undo()
        time.tzset()


def test_bangla_date_is_in_the_language() -> None:
    assert BN.bangla_date(date(2026, 5, 9)) == "২৫ বৈশাখ ১৪৩৩"
    assert EN.bangla_date(date(2026, 5, 9)) == "25 Boishakh 1433"
    assert BN.bangla_date(date(2026, 5, 9), of_bangladesh=True) == "২৬ বৈশাখ ১৪৩৩"


@pytest.mark.parametrize(
    ("environ", "is_there"),
    [
        ({"LANG": "bn_BD.UTF-8"}, True),
        ({"LANG": "bn_BD.UTF-8", "LC_TIME": "en_IN.UTF-8"}, False),
        ({"LC_ALL": "en_BD"}, True),
        ({"LANG": "bn_IN"}, False),
    ],
)
def test_country_is_that_of_the_locale(environ: dict[str, str], is_there: bool) -> None:
    assert choose_language("bn", environ).in_bangladesh is is_there


@given(st.datetimes(datetime(1946, 1, 1), datetime(2037, 12, 31)))
def test_india_zone_agrees_with_the_zone_database(when: datetime) -> None:
    zone = ZoneInfo("Asia/Kolkata")
    assert when.replace(tzinfo=UTC).astimezone(INDIA).utcoffset() == when.replace(tzinfo=UTC).astimezone(zone).utcoffset()


def test_numbers_in_fields_have_the_languages_digits() -> None:
    assert BN.number(1234567) == "১২,৩৪,৫৬৭"
    assert EN.number(1234567) == "1,234,567"
    assert BN.text("{n} new", n=12) == "১২টি নতুন"
    assert EN.plural("{n} day ago", "{n} days ago", 1) == "1 day ago"


def test_text_shows_braces_in_fields() -> None:
    assert EN.text("Fetched {age}", age="{x}") == "Fetched {x}"


def test_text_of_an_unknown_message_is_the_message() -> None:
    assert BN.text("{no such} message") == "{no such} message"


def test_reading_minutes_are_at_least_one() -> None:
    assert BN.reading_minutes("") == "পড়তে ১ মিনিট"
    assert EN.reading_minutes("কথা " * 552) == "3 min read"


# ── catalogue ───────────────────────────────────────────────────────────────


def _compiled() -> dict[str | tuple[str, int], str]:
    """Return the compiled catalogue's texts by message id; a plural form is at (message id, number of the form)."""
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in catalogue.items() if key}


def _entries() -> dict[str, str]:
    """Return every message id, plural ones too, with its Bengali text, from the compiled catalogue."""
    return {(key[0] if isinstance(key, tuple) else key): text for key, text in _compiled().items()}


def test_catalogue_is_replaced_at_once(tmp_path: Path) -> None:
    """A bpost that started while tests built the wheel failed with `struct.error`."""
    pytest.importorskip("hatchling")
    from tools.catalogue_hook import compile_catalogue

    shutil.copy(CATALOGUE, source := tmp_path / "bpost.po")
    (compiled := tmp_path / "bpost.mo").write_bytes(b"read by another process")
    (opened := tmp_path / "opened").hardlink_to(compiled)
    compile_catalogue(source)
    assert opened.read_bytes() == b"read by another process"
    assert compiled.read_bytes() == CATALOGUE.with_suffix(".mo").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bpost.mo", "bpost.po", "opened"]


def test_catalogue_matches_its_source() -> None:
    pofile = pytest.importorskip("babel.messages.pofile")
    with CATALOGUE.open("rb") as file:
        source = pofile.read_po(file, locale="bn")
    written: dict[str | tuple[str, int], str] = {}
    for entry in source:
        if entry.id and entry.pluralizable:
            written.update({(entry.id[0], number): text for number, text in enumerate(entry.string) if text})
        elif entry.id and entry.string:
            written[entry.id] = entry.string
    assert written == _compiled(), "run: make messages"


def test_catalogue_has_every_message_of_the_source() -> None:
    pofile = pytest.importorskip("babel.messages.pofile")
    with CATALOGUE.open("rb") as file:
        entries = [entry for entry in pofile.read_po(file, locale="bn") if entry.string]
    known = {part for entry in entries for part in (entry.id if entry.pluralizable else (entry.id,))}
    missing = {text: place for text, place in used_messages().items() if text not in known}
    assert not missing, 'say them: python -m tools.messages "English" "বাংলা"'


@cache
def _trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_bytes()) for path in sorted(PACKAGE.rglob("*.py"))}


def test_translated_constants_are_marked_as_messages() -> None:
    trees = _trees().values()
    looked_up = {
        argument.id
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("text", "plural", "Reason")
        for argument in node.args
        if isinstance(argument, ast.Name) and argument.id.isupper()
    }
    assert "ONE_PAPER" in looked_up
    unmarked = {
        target.id
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id in looked_up
    }
    assert unmarked == set()


def test_catalogue_has_the_same_fields_in_bengali() -> None:
    def fields(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert not [key for key, text in _entries().items() if fields(key) != fields(text)]


def test_catalogue_composes_nukta_letters() -> None:
    text = CATALOGUE.read_text(encoding="utf-8")
    assert text == composed(text)


def test_errors_use_reasons_instead_of_f_strings() -> None:
    english = []
    for path, tree in _trees().items():
        for node in ast.walk(tree):
            called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if called in ERRORS and isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.JoinedStr):
                text = "".join(str(part.value) for part in node.args[0].values if isinstance(part, ast.Constant))
                if re.search("[A-Za-z]{2}", re.sub("stdin|stdout", "", text)):
                    english.append(f"{path.name}:{node.lineno}: {text}")
    assert english == []


def test_used_messages_finds_calls_tables_and_hints(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text(
        'a = language.text("One", n=1)\nb = l.plural("Two", "Twos", 2)\nc = Action("id", ("k",), "Label", "Help")\n'
        'raise StoreError("no", hint="Hint")\nd = message("Marked")\ne = l.text(variable)\n'
    )
    assert set(used_messages(tmp_path)) == {"One", "Two", "Twos", "Label", "Help", "no", "Hint", "Marked"}


def test_reason_is_english_text_and_can_be_translated() -> None:
    why = Reason("{name} can't show pictures", name="st")
    assert why == "st can't show pictures"
    assert Language("en").reason(why) == why
    assert Language("bn").reason(why).startswith("st ছবি")
    assert Language("bn").reason("anything {else}") == "anything {else}"


def test_prefixed_reason_is_translated_with_its_numbers() -> None:
    why = prefix_reason("https://example.org/feed", Reason("more than {n} redirects", n=5))
    assert why == Language("en").reason(why) == "https://example.org/feed: more than 5 redirects"
    assert Language("bn").reason(why) == "https://example.org/feed: ৫ বারের বেশি এক ঠিকানা থেকে আর এক ঠিকানায় পাঠানো হল"


def test_plain_reason_is_translated_after_its_subject() -> None:
    assert Language("bn").reason("/home/x: the disk is full") == "/home/x: ডিস্ক ভর্তি"
    assert Language("bn").reason("/home/x: anything else") == "/home/x: anything else"
    assert Language("bn").reason("subject: ") == "subject: "
    assert Language("bn").reason("") == ""
