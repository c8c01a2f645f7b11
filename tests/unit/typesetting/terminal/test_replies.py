from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.typesetting.terminal.replies import LateReplies, Replies, parse

KITTY = (
    b"\x1b_Gi=31;OK\x1b\\\x1b[1;2R\x1b[1;3R\x1b[1;4R\x1bP>|kitty(0.41.1)\x1b\\\x1b[6;20;10t\x1b[4;600;800t"
    b"\x1b]10;rgb:dddd/dddd/dddd\x1b\\\x1b]11;rgb:1a/2b/3c\x07\x1b[?62;c"
)


def test_complete_replies_are_parsed() -> None:
    assert parse(KITTY) == Replies(
        version="kitty(0.41.1)",
        graphics=True,
        cell_px=(10, 20),
        area_px=(800, 600),
        attributes=(62,),
        foreground=(221, 221, 221),
        background=(0x1A, 0x2B, 0x3C),
        samples=(1, 2, 3),
    )


def test_replies_refusing_graphics_are_parsed() -> None:
    assert not parse(b"\x1b_Gi=31;ENOTSUPPORTED:no\x1b\\\x1b[?6c").graphics


@pytest.mark.parametrize("size", [b"\x1b[6;0;0t", b"\x1b[4;0;0t"])
def test_zero_sizes_in_replies_are_ignored(size: bytes) -> None:
    replies = parse(size + b"\x1b[?6c")
    assert replies.cell_px is None
    assert replies.area_px is None


def test_keys_between_replies_are_kept_in_order() -> None:
    keys = [b"j", b"\x1b[A", b"\x1bOP", "ক".encode(), b"\x1b[<0;3;4M", b"\r"]
    data = b"".join(
        key + reply for key, reply in zip(keys, KITTY.replace(b"\x1b[?62", b"\x00\x1b[?62").split(b"\x00") + [b""] * 4, strict=True)
    )
    assert parse(data).typed == b"".join(keys)


def test_incomplete_last_reply_is_kept_separately() -> None:
    replies = parse(b"q\x1b_Gi=31;OK\x1b\\x\x1bP>|kit")
    assert (replies.typed, replies.incomplete, replies.attributes) == (b"qx", b"\x1bP>|kit", None)
    assert parse(b"\x1b[?6c\x1b").typed == b"\x1b", "nothing comes after the last reply but keys"


@given(st.binary(max_size=200))
def test_parsing_any_bytes_loses_only_replies(data: bytes) -> None:
    replies = parse(data)
    assert len(replies.typed) + len(replies.incomplete) <= len(data)
    if b"\x1b" not in data:
        assert replies.typed == data


@given(st.lists(st.integers(0, len(KITTY)), max_size=6), st.sampled_from([b"", b"j", b"\x1b[A", "ক".encode()]))
def test_late_replies_are_swallowed_at_any_split_and_keys_pass(cuts: list[int], key: bytes) -> None:
    late = LateReplies()
    ends = sorted({*cuts, len(KITTY)})
    passed = b"".join(late.feed(KITTY[start:end]) for start, end in zip([0, *ends], ends, strict=False))
    passed += late.feed(key) + late.release()
    assert passed == key


def test_late_replies_swallow_the_rest_of_a_half_read_reply() -> None:
    late = LateReplies(b"\x1bP>|kit")
    assert late.feed(b"ty(0.41.1)\x1b\\j") == b"j"


def test_escape_key_is_held_until_idle_by_late_replies() -> None:
    late = LateReplies()
    assert late.feed(b"\x1b") == b""
    assert late.idle() == b"\x1b"
    assert late.idle() == b""


def test_late_replies_wait_for_the_end_of_a_stalled_reply() -> None:
    late = LateReplies()
    assert late.feed(b"\x1bP>|kit") + late.idle() + late.feed(b"ty(0.41.1)\x1b\\j") == b"j"
    assert late.feed(b"\x1b[?62") + late.release() == b"\x1b[?62"


@pytest.mark.parametrize("reply", [b"\x1bP>|kitty", b"\x1b_Gi=31;O", b"\x1b]11;rgb:1a/2b", b"\x1bP>|" + b"m" * 3000])
def test_late_replies_pass_keys_behind_a_reply_without_an_end(reply: bytes) -> None:
    late = LateReplies()
    passed = late.feed(reply)
    for key in b"j", b"k", b"\x1b[B":
        passed += late.idle() + late.feed(key)
    passed += b"".join(late.idle() for _ in range(20))
    assert passed == b"jk\x1b[B"
    assert late.feed(b"n") == b"n"


def test_reply_that_another_cuts_off_is_no_key() -> None:
    replies = parse(b"\x1bP>|kitty\x1b]11;rgb:1a/2b/3c\x1b[?62;cj")
    assert (replies.typed, replies.attributes, replies.version, replies.background) == (b"j", (62,), None, None)


def test_late_replies_drop_the_beginning_of_a_reply_that_the_probe_has_read() -> None:
    late = LateReplies(b"\x1bP>|kitty")
    assert b"".join(late.idle() for _ in range(20)) == b""
    assert late.feed(b"n") == b"n"


def test_late_replies_go_on_after_a_reply_without_an_end() -> None:
    late = LateReplies()
    passed = late.feed(b"\x1bP>|kitty") + late.idle() + late.feed(b"j") + late.feed(b"\x1b[?62;c")
    passed += b"".join(late.idle() for _ in range(20))
    assert passed == b"j"
    assert late.has_answered


@pytest.mark.parametrize(
    "other", [b"\x1b[?2026;2$y", b"\x1b[48;30;100;600;1000t", b"\x1b[97;5u", b"\x1b[I", b"\x1b[200~x\x1b[201~"]
)
def test_late_replies_pass_replies_to_textual(other: bytes) -> None:
    late = LateReplies()
    assert late.feed(other) + late.release() == other
