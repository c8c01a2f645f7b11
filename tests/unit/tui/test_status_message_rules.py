"""What is said: which sentence is seen, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bpost_tui.tui.shared.status_messages import STANDS, MessageKind, StatusMessage, StatusMessages

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def said(*sentences: tuple[MessageKind, StatusMessage]) -> StatusMessages:
    standing = StatusMessages()
    for kind, sentence in sentences:
        standing.say(kind, sentence, NOW)
    return standing


def test_sentence_goes_after_ten_seconds() -> None:
    standing = said((MessageKind.ANSWER, StatusMessage("Starred")))
    assert not standing.pass_time(NOW + STANDS - SECOND)
    assert standing.sentence.text == "Starred"
    assert standing.pass_time(NOW + STANDS)
    assert standing.kind is None


def test_clock_that_is_set_back_keeps_no_sentence() -> None:
    standing = said((MessageKind.ANSWER, StatusMessage("Starred")))
    assert standing.pass_time(NOW - SECOND)


def test_answer_covers_progress_that_is_seen_again_after_it() -> None:
    standing = said((MessageKind.ANSWER, StatusMessage("Starred")), (MessageKind.PORTAL, StatusMessage("Fetching …", lasts=True)))
    assert standing.sentence.text == "Starred"
    standing.pass_time(NOW + STANDS)
    assert standing.sentence.text == "Fetching …"
    standing.pass_time(NOW + 100 * STANDS)
    assert standing.sentence.text == "Fetching …"


def test_time_of_what_is_covered_begins_when_it_is_seen() -> None:
    standing = said((MessageKind.PORTAL, StatusMessage("Nothing new")), (MessageKind.FOUND, StatusMessage("3 found", lasts=True)))
    assert not said(
        (MessageKind.FOUND, StatusMessage("3 found", lasts=True)), (MessageKind.PORTAL, StatusMessage("12 new"))
    ).pass_time(NOW + 9 * STANDS)
    covered = said((MessageKind.FOUND, StatusMessage("3 found", lasts=True)), (MessageKind.PORTAL, StatusMessage("12 new")))
    covered.pass_time(NOW + 9 * STANDS)
    covered.take_back(MessageKind.FOUND)
    covered.pass_time(NOW + 9 * STANDS)
    assert covered.sentence.text == "12 new"
    assert standing.sentence.text == "3 found"


def test_news_waits_until_the_reader_is_there() -> None:
    standing = said((MessageKind.PORTAL, StatusMessage("12 new", waits=True)))
    later = NOW + timedelta(hours=8)
    assert not standing.pass_time(later)
    standing.pass_time(later, is_reader_here=True)
    assert not standing.pass_time(later + STANDS - SECOND)
    assert standing.pass_time(later + STANDS)


def test_answer_goes_with_its_story_and_a_general_one_stays() -> None:
    standing = said((MessageKind.ANSWER, StatusMessage("No pictures")))
    standing.move()
    assert standing.kind is None
    standing = said((MessageKind.ANSWER, StatusMessage("Cells only", is_general=True)))
    standing.move()
    assert standing.sentence.text == "Cells only"


def test_same_answer_again_is_counted_while_the_first_still_stands() -> None:
    standing = said(*[(MessageKind.ANSWER, StatusMessage("Nothing to undo"))] * 3)
    assert standing.sentence.times == 3
    standing.say(MessageKind.ANSWER, StatusMessage("Nothing to undo"), NOW + STANDS)
    assert standing.sentence.times == 1
    standing.say(MessageKind.ANSWER, StatusMessage("Starred"), NOW + STANDS)
    assert standing.sentence == StatusMessage("Starred")


def test_same_result_is_told_from_the_first_though_progress_stood_between() -> None:
    standing = said((MessageKind.PORTAL, StatusMessage("Nothing new")))
    for how_far in ("1 of 2", "2 of 2"):
        standing.say(MessageKind.PORTAL, StatusMessage(how_far, lasts=True), NOW)
        assert standing.sentence.text == how_far
    standing.say(MessageKind.PORTAL, StatusMessage("Nothing new"), NOW)
    assert standing.sentence.times == 2


def test_empty_sentence_takes_the_answer_back() -> None:
    standing = said(
        (MessageKind.PORTAL, StatusMessage("12 new")),
        (MessageKind.ANSWER, StatusMessage("Starred")),
        (MessageKind.ANSWER, StatusMessage("")),
    )
    assert standing.sentence.text == "12 new"
