"""Messages of the status bar: the visible one, and its duration."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bpost_tui.tui.shared.status_messages import MESSAGE_TIME, MessageKind, StatusMessage, StatusMessages

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def messages_after(*sentences: tuple[MessageKind, StatusMessage]) -> StatusMessages:
    messages = StatusMessages()
    for kind, sentence in sentences:
        messages.show(kind, sentence, NOW)
    return messages


def test_message_expires_after_ten_seconds() -> None:
    messages = messages_after((MessageKind.ANSWER, StatusMessage("Starred")))
    assert not messages.expire(NOW + MESSAGE_TIME - SECOND)
    assert messages.message.text == "Starred"
    assert messages.expire(NOW + MESSAGE_TIME)
    assert messages.kind is None


def test_message_expires_when_the_clock_goes_back() -> None:
    messages = messages_after((MessageKind.ANSWER, StatusMessage("Starred")))
    assert messages.expire(NOW - SECOND)


def test_answer_covers_progress_and_progress_returns() -> None:
    fetching = StatusMessage("Fetching …", is_sticky=True)
    messages = messages_after((MessageKind.ANSWER, StatusMessage("Starred")), (MessageKind.REFRESH, fetching))
    assert messages.message.text == "Starred"
    messages.expire(NOW + MESSAGE_TIME)
    assert messages.message.text == "Fetching …"
    messages.expire(NOW + 100 * MESSAGE_TIME)
    assert messages.message.text == "Fetching …"


def test_covered_message_times_out_from_when_visible() -> None:
    messages = messages_after(
        (MessageKind.REFRESH, StatusMessage("Nothing new")), (MessageKind.SEARCH, StatusMessage("3 found", is_sticky=True))
    )
    assert not messages_after(
        (MessageKind.SEARCH, StatusMessage("3 found", is_sticky=True)), (MessageKind.REFRESH, StatusMessage("12 new"))
    ).expire(NOW + 9 * MESSAGE_TIME)
    covered = messages_after(
        (MessageKind.SEARCH, StatusMessage("3 found", is_sticky=True)), (MessageKind.REFRESH, StatusMessage("12 new"))
    )
    covered.expire(NOW + 9 * MESSAGE_TIME)
    covered.clear(MessageKind.SEARCH)
    covered.expire(NOW + 9 * MESSAGE_TIME)
    assert covered.message.text == "12 new"
    assert messages.message.text == "3 found"


def test_news_message_waits_for_the_reader() -> None:
    messages = messages_after((MessageKind.REFRESH, StatusMessage("12 new", waits_for_activity=True)))
    later = NOW + timedelta(hours=8)
    assert not messages.expire(later)
    messages.expire(later, is_reader_here=True)
    assert not messages.expire(later + MESSAGE_TIME - SECOND)
    assert messages.expire(later + MESSAGE_TIME)


def test_story_message_is_cleared_with_its_story_and_general_ones_stay() -> None:
    messages = messages_after((MessageKind.ANSWER, StatusMessage("No pictures")))
    messages.clear_answer()
    assert messages.kind is None
    messages = messages_after((MessageKind.ANSWER, StatusMessage("Cells only", is_general=True)))
    messages.clear_answer()
    assert messages.message.text == "Cells only"


def test_repeated_answer_is_counted_while_visible() -> None:
    messages = messages_after(*[(MessageKind.ANSWER, StatusMessage("Nothing to undo"))] * 3)
    assert messages.message.repeat_count == 3
    messages.show(MessageKind.ANSWER, StatusMessage("Nothing to undo"), NOW + MESSAGE_TIME)
    assert messages.message.repeat_count == 1
    messages.show(MessageKind.ANSWER, StatusMessage("Starred"), NOW + MESSAGE_TIME)
    assert messages.message == StatusMessage("Starred")


def test_repeated_result_is_counted_across_progress() -> None:
    messages = messages_after((MessageKind.REFRESH, StatusMessage("Nothing new")))
    for how_far in ("1 of 2", "2 of 2"):
        messages.show(MessageKind.REFRESH, StatusMessage(how_far, is_sticky=True), NOW)
        assert messages.message.text == how_far
    messages.show(MessageKind.REFRESH, StatusMessage("Nothing new"), NOW)
    assert messages.message.repeat_count == 2


def test_empty_message_clears_the_answer() -> None:
    messages = messages_after(
        (MessageKind.REFRESH, StatusMessage("12 new")),
        (MessageKind.ANSWER, StatusMessage("Starred")),
        (MessageKind.ANSWER, StatusMessage("")),
    )
    assert messages.message.text == "12 new"
