"""Time as an oracle: readers of foreign text take linear time. Runs a share of `make fuzz`, and the cases that failed once."""

from __future__ import annotations

import tracemalloc

import pytest

from tests.fuzz.parsers import READERS, grows, pieces, some_pieces
from tests.fuzz.time_growth import LINEAR, growth

SHARE = 2
WAS_NOT_LINEAR = [
    ("FeedItems", "<entry >"),
    ("FeedItems, in one", "<id><![CDATA["),
    ("items", "<entry >"),
    ("blocks", "x<i></i>"),
    ("markdown", "\n"),
    ("blocks", "<table><tr><td rowspan=65534 colspan=1000>x<td>y"),
    ("blocks", "<table><tr><td rowspan=65534 colspan=1000>x<td>y</table>"),
    ("blocks", "<tr><td rowspan=0>x"),
]


@pytest.mark.parametrize("name", READERS)
def test_reader_takes_linear_time(name: str) -> None:
    assert {piece: ratio for piece in some_pieces(name, SHARE) if (ratio := grows(name, piece)) >= LINEAR} == {}


@pytest.mark.parametrize(("name", "piece"), WAS_NOT_LINEAR)
def test_mended_readers_take_linear_time(name: str, piece: str) -> None:
    assert grows(name, piece) < LINEAR


@pytest.mark.parametrize("piece", ["\n", "x\n", "\t\n", " ", "x ", "x", "ক", "ا\n", "\u3000\n"])
def test_memory_of_a_set_text_grows_linearly(piece: str) -> None:
    """Time shows a quadratic copy of bytes only above 100,000 characters; the peak of memory shows it at 16,000."""
    small, large = (_peak_bytes("lines", piece * (chars // len(piece))) for chars in (4_000, 16_000))
    assert large < 1.5 * 4 * max(small, 1 << 17)


def _peak_bytes(name: str, text: str) -> int:
    READERS[name]("ক\n" * 10)  # memory that stays allocated: tables, patterns
    tracemalloc.start()
    try:
        READERS[name](text)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_growth_distinguishes_linear_from_quadratic() -> None:
    def quadratic(count: int) -> int:
        return sum(1 for _ in range(count) for _ in range(count))

    assert growth(quadratic, lambda size: size, 300) >= LINEAR
    assert growth(lambda count: sum(1 for _ in range(count)), lambda size: size, 100_000) < LINEAR
    assert growth(len, lambda size: "x" * size, 100) == 1.0


def test_pieces_are_many_and_distinct() -> None:
    assert len(pieces()) == len(set(pieces())) > 100
