"""What is said: which sentence is seen, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bpost_tui.ui.reader.shared.said import STANDS, Kind, Said, Sentence

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def said(*sentences: tuple[Kind, Sentence]) -> Said:
    standing = Said()
    for kind, sentence in sentences:
        standing.say(kind, sentence, NOW)
    return standing


def test_sentence_goes_after_ten_seconds() -> None:
    standing = said((Kind.ANSWER, Sentence("Starred")))
    assert not standing.pass_time(NOW + STANDS - SECOND)
    assert standing.sentence.text == "Starred"
    assert standing.pass_time(NOW + STANDS)
    assert standing.kind is None


def test_clock_that_is_set_back_keeps_no_sentence() -> None:
    standing = said((Kind.ANSWER, Sentence("Starred")))
    assert standing.pass_time(NOW - SECOND)


def test_answer_covers_progress_that_is_seen_again_after_it() -> None:
    standing = said((Kind.ANSWER, Sentence("Starred")), (Kind.PORTAL, Sentence("Fetching …", lasts=True)))
    assert standing.sentence.text == "Starred"
    standing.pass_time(NOW + STANDS)
    assert standing.sentence.text == "Fetching …"
    standing.pass_time(NOW + 100 * STANDS)
    assert standing.sentence.text == "Fetching …"


def test_time_of_what_is_covered_begins_when_it_is_seen() -> None:
    standing = said((Kind.PORTAL, Sentence("Nothing new")), (Kind.FOUND, Sentence("3 found", lasts=True)))
    assert not said((Kind.FOUND, Sentence("3 found", lasts=True)), (Kind.PORTAL, Sentence("12 new"))).pass_time(NOW + 9 * STANDS)
    covered = said((Kind.FOUND, Sentence("3 found", lasts=True)), (Kind.PORTAL, Sentence("12 new")))
    covered.pass_time(NOW + 9 * STANDS)
    covered.take_back(Kind.FOUND)
    covered.pass_time(NOW + 9 * STANDS)
    assert covered.sentence.text == "12 new"
    assert standing.sentence.text == "3 found"


def test_news_waits_until_the_reader_is_there() -> None:
    standing = said((Kind.PORTAL, Sentence("12 new", waits=True)))
    later = NOW + timedelta(hours=8)
    assert not standing.pass_time(later)
    standing.pass_time(later, is_reader_here=True)
    assert not standing.pass_time(later + STANDS - SECOND)
    assert standing.pass_time(later + STANDS)


def test_answer_goes_with_its_story_and_a_general_one_stays() -> None:
    standing = said((Kind.ANSWER, Sentence("No pictures")))
    standing.move()
    assert standing.kind is None
    standing = said((Kind.ANSWER, Sentence("Cells only", is_general=True)))
    standing.move()
    assert standing.sentence.text == "Cells only"


def test_same_answer_again_is_counted_while_the_first_still_stands() -> None:
    standing = said(*[(Kind.ANSWER, Sentence("Nothing to undo"))] * 3)
    assert standing.sentence.times == 3
    standing.say(Kind.ANSWER, Sentence("Nothing to undo"), NOW + STANDS)
    assert standing.sentence.times == 1
    standing.say(Kind.ANSWER, Sentence("Starred"), NOW + STANDS)
    assert standing.sentence == Sentence("Starred")


def test_same_result_is_told_from_the_first_though_progress_stood_between() -> None:
    standing = said((Kind.PORTAL, Sentence("Nothing new")))
    for how_far in ("1 of 2", "2 of 2"):
        standing.say(Kind.PORTAL, Sentence(how_far, lasts=True), NOW)
        assert standing.sentence.text == how_far
    standing.say(Kind.PORTAL, Sentence("Nothing new"), NOW)
    assert standing.sentence.times == 2


def test_empty_sentence_takes_the_answer_back() -> None:
    standing = said((Kind.PORTAL, Sentence("12 new")), (Kind.ANSWER, Sentence("Starred")), (Kind.ANSWER, Sentence("")))
    assert standing.sentence.text == "12 new"
