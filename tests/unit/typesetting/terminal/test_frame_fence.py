"""Tests of the query after each frame: replies that are late, missing, doubled or split, and the rate of the line."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.typesetting.terminal.frame_fence import FENCE, RECOVERY_FENCE, FrameFence

REPLY, RECOVERY_REPLY = b"\x1b[0n", b"\x1b[?62;4c"


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def fence() -> tuple[FrameFence, Clock]:
    clock = Clock()
    return FrameFence(clock), clock


def answered(fence: FrameFence, clock: Clock, size: int, after_s: float) -> None:
    """Send a frame of `size` bytes, and let its reply come `after_s` seconds later."""
    assert fence.after_frame(size) == FENCE
    clock.now_s += after_s
    assert fence.feed(REPLY) == b""


def test_frame_is_under_way_until_its_reply() -> None:
    sent, clock = fence()
    assert not sent.is_waiting()
    assert sent.after_frame(50_000) == FENCE
    assert sent.is_waiting()
    clock.now_s += 0.01
    assert sent.feed(b"j" + REPLY + b"k") == b"jk"
    assert not sent.is_waiting()


@pytest.mark.parametrize(("reply", "at"), [(reply, at) for reply in (REPLY, RECOVERY_REPLY) for at in range(1, len(reply))])
def test_split_reply_is_read_once(reply: bytes, at: int) -> None:
    sent, _ = fence()
    sent.after_frame(1)
    assert sent.feed(reply[:at]) == b""
    assert sent.feed(reply[at:] + b"j") == b"j"
    assert not sent.is_waiting()


def test_escape_is_held_back_only_until_a_pause_and_only_if_a_reply_is_due() -> None:
    sent, _ = fence()
    assert sent.feed(b"\x1b") == b"\x1b"
    sent.after_frame(1)
    assert sent.feed(b"\x1b") == b""
    assert sent.feed(b"") == b"\x1b"


def test_terminal_that_never_replies_gets_two_queries() -> None:
    sent, clock = fence()
    for _ in range(2):
        assert sent.after_frame(1) == FENCE
        assert sent.is_waiting()
        clock.now_s += 6
        assert not sent.is_waiting()
    assert sent.after_frame(1) == ""
    assert not sent.is_waiting()


def test_late_reply_shows_the_rate_and_keeps_the_queries() -> None:
    sent, clock = fence()
    sent.after_frame(150_000)
    clock.now_s += 7.5
    assert not sent.is_waiting()
    assert sent.feed(REPLY) == b""
    assert sent.budget_bytes == 3_000
    for _ in range(5):
        assert sent.after_frame(1)
        clock.now_s += 25
        sent.is_waiting()
    assert sent.after_frame(1)


def test_replies_after_two_waits_in_vain_answer_the_frames_in_their_order() -> None:
    sent, clock = fence()
    answered(sent, clock, 80_000, 4.0)
    assert [sent.after_frame(3_000), sent.after_frame(3_000)] == [FENCE, FENCE]
    clock.now_s += 25
    assert not sent.is_waiting()
    assert sent.after_frame(3_000) == RECOVERY_FENCE
    clock.now_s += 25
    assert not sent.is_waiting()
    assert sent.after_frame(3_000) == RECOVERY_FENCE
    assert sent.feed(REPLY + REPLY) == b""
    assert sent.frames_under_way() == 1
    assert sent.feed(RECOVERY_REPLY) == b""
    assert sent.frames_under_way() == 0


@pytest.mark.parametrize("lost", [1, 2, 9])
def test_lost_replies_delay_no_later_frame(lost: int) -> None:
    sent, clock = fence()
    answered(sent, clock, 90_000, 0.03)
    for _ in range(lost):
        sent.after_frame(5_000)
        clock.now_s += 25
        assert not sent.is_waiting()
    assert sent.after_frame(5_000) == RECOVERY_FENCE
    assert sent.is_waiting()
    assert sent.feed(RECOVERY_REPLY) == b""
    for _ in range(5):
        assert not sent.is_waiting()
        answered(sent, clock, 5_000, 0.03)
    assert sent.budget_bytes is None


def test_doubled_reply_answers_no_later_frame() -> None:
    sent, clock = fence()
    answered(sent, clock, 50_000, 0.01)
    assert sent.feed(REPLY) == b""
    sent.after_frame(50_000)
    assert sent.is_waiting()


def test_slow_line_has_a_budget_and_two_frames_under_way() -> None:
    sent, clock = fence()
    answered(sent, clock, 80_000, 4.0)
    assert sent.budget_bytes == 3_000
    sent.after_frame(3_000)
    assert not sent.is_waiting()
    sent.after_frame(3_000)
    assert sent.is_waiting()


def test_delay_of_small_frames_isnt_taken_for_a_slow_line() -> None:
    sent, clock = fence()
    answered(sent, clock, 90_000, 0.03)
    for _ in range(50):
        answered(sent, clock, 500, 0.02)
    assert sent.budget_bytes is None


def test_line_that_becomes_faster_is_fast_at_once() -> None:
    sent, clock = fence()
    answered(sent, clock, 80_000, 4.0)
    answered(sent, clock, 80_000, 0.04)
    assert sent.budget_bytes is None


def test_other_program_leaves_no_frame_under_way() -> None:
    sent, _ = fence()
    sent.after_frame(1)
    sent.reset()
    assert not sent.is_waiting()


def test_reply_on_the_input_thread_takes_no_frame_that_is_just_counted() -> None:
    """A reply comes while the number of unread frames is computed. Without a lock, this raised IndexError and ended the app."""
    inputs: list[threading.Thread] = []

    def interrupted_clock() -> float:
        if counting and not inputs:
            inputs.append(threading.Thread(target=lambda: sent.feed(REPLY)))
            inputs[0].start()
            inputs[0].join(0.2)  # ends at once without a lock, and waits for the count with one
        return 100.0

    counting = False
    sent = FrameFence(interrupted_clock)
    sent.after_frame(1)
    counting = True
    assert sent.frames_under_way() == 1
    inputs[0].join()
    assert sent.frames_under_way() == 0


@given(
    st.lists(st.sampled_from([b"j", b"\x1b[A", b"\x1b", "খ".encode(), b"0n", b"\x1b[?1u", REPLY, RECOVERY_REPLY]), max_size=12),
    st.lists(st.integers(0, 40), max_size=6),
)
def test_input_without_replies_passes_however_it_is_split(pieces: list[bytes], cuts: list[int]) -> None:
    sent, _ = fence()
    for _ in pieces:
        sent.after_frame(1)
    stream, out, at = b"".join(pieces), b"", 0
    for cut in sorted({min(cut, len(stream)) for cut in cuts} | {len(stream)}):
        out += sent.feed(stream[at:cut]) if cut > at else b""
        at = cut
    assert out + sent.feed(b"") == stream.replace(REPLY, b"").replace(RECOVERY_REPLY, b"")
