"""Messages of the status bar: the visible one, and its duration."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bpost_tui.tui.shared.status_messages import MESSAGE_TIME, MessageKind, StatusMessage, StatusMessages

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def said(*sentences: tuple[MessageKind, StatusMessage]) -> StatusMessages:
    standing = StatusMessages()
    for kind, sentence in sentences:
        standing.show(kind, sentence, NOW)
    return standing


def test_message_expires_after_ten_seconds() -> None:
    standing = said((MessageKind.ANSWER, StatusMessage("Starred")))
    assert not standing.expire(NOW + MESSAGE_TIME - SECOND)
    assert standing.message.text == "Starred"
    assert standing.expire(NOW + MESSAGE_TIME)
    assert standing.kind is None


def test_message_expires_when_the_clock_goes_back() -> None:
    standing = said((MessageKind.ANSWER, StatusMessage("Starred")))
    assert standing.expire(NOW - SECOND)


def test_answer_covers_progress_and_progress_returns() -> None:
    fetching = StatusMessage("Fetching …", is_sticky=True)
    standing = said((MessageKind.ANSWER, StatusMessage("Starred")), (MessageKind.REFRESH, fetching))
    assert standing.message.text == "Starred"
    standing.expire(NOW + MESSAGE_TIME)
    assert standing.message.text == "Fetching …"
    standing.expire(NOW + 100 * MESSAGE_TIME)
    assert standing.message.text == "Fetching …"


def test_covered_message_times_out_from_when_visible() -> None:
    standing = said(
        (MessageKind.REFRESH, StatusMessage("Nothing new")), (MessageKind.SEARCH, StatusMessage("3 found", is_sticky=True))
    )
    assert not said(
        (MessageKind.SEARCH, StatusMessage("3 found", is_sticky=True)), (MessageKind.REFRESH, StatusMessage("12 new"))
    ).expire(NOW + 9 * MESSAGE_TIME)
    covered = said((MessageKind.SEARCH, StatusMessage("3 found", is_sticky=True)), (MessageKind.REFRESH, StatusMessage("12 new")))
    covered.expire(NOW + 9 * MESSAGE_TIME)
    covered.clear(MessageKind.SEARCH)
    covered.expire(NOW + 9 * MESSAGE_TIME)
    assert covered.message.text == "12 new"
    assert standing.message.text == "3 found"


def test_news_message_waits_for_the_reader() -> None:
    standing = said((MessageKind.REFRESH, StatusMessage("12 new", waits_for_activity=True)))
    later = NOW + timedelta(hours=8)
    assert not standing.expire(later)
    standing.expire(later, is_reader_here=True)
    assert not standing.expire(later + MESSAGE_TIME - SECOND)
    assert standing.expire(later + MESSAGE_TIME)


def test_story_message_is_cleared_with_its_story_and_general_ones_stay() -> None:
    standing = said((MessageKind.ANSWER, StatusMessage("No pictures")))
    standing.clear_answer()
    assert standing.kind is None
    standing = said((MessageKind.ANSWER, StatusMessage("Cells only", is_general=True)))
    standing.clear_answer()
    assert standing.message.text == "Cells only"


def test_repeated_answer_is_counted_while_visible() -> None:
    standing = said(*[(MessageKind.ANSWER, StatusMessage("Nothing to undo"))] * 3)
    assert standing.message.repeat_count == 3
    standing.show(MessageKind.ANSWER, StatusMessage("Nothing to undo"), NOW + MESSAGE_TIME)
    assert standing.message.repeat_count == 1
    standing.show(MessageKind.ANSWER, StatusMessage("Starred"), NOW + MESSAGE_TIME)
    assert standing.message == StatusMessage("Starred")


def test_repeated_result_is_counted_across_progress() -> None:
    standing = said((MessageKind.REFRESH, StatusMessage("Nothing new")))
    for how_far in ("1 of 2", "2 of 2"):
        standing.show(MessageKind.REFRESH, StatusMessage(how_far, is_sticky=True), NOW)
        assert standing.message.text == how_far
    standing.show(MessageKind.REFRESH, StatusMessage("Nothing new"), NOW)
    assert standing.message.repeat_count == 2


def test_empty_message_clears_the_answer() -> None:
    standing = said(
        (MessageKind.REFRESH, StatusMessage("12 new")),
        (MessageKind.ANSWER, StatusMessage("Starred")),
        (MessageKind.ANSWER, StatusMessage("")),
    )
    assert standing.message.text == "12 new"
