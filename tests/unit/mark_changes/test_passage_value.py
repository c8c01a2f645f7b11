"""Passages as values of changes: a round trip keeps all fields; anything else is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bpost_tui.errors import ContentError
from bpost_tui.mark_changes.field_changes import MAX_TIME_US
from bpost_tui.mark_changes.passage_value import passage_from_value, passage_to_value, with_paper
from bpost_tui.model.passage import Passage, QuoteSelector, clean_passage

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST = EPOCH + timedelta(microseconds=MAX_TIME_US)
CHANGED_US = 1_790_000_000_000_001
SELECTOR = QuoteSelector("শহরের তিনটি ওয়ার্ডে\n\nজল জমেছে।", "আধিকারিক জানান, ", " পাম্প", True)
PASSAGE = clean_passage(
    Passage(
        key="",
        selector=SELECTOR,
        guid="guid 1",
        paper="a.example",
        paper_name="ক খবর",
        title="জলমগ্ন শহর",
        link="https://a.example/1",
        published=EPOCH,
        note="a note",
        kept_at=LAST,
        changed_at=EPOCH + timedelta(microseconds=CHANGED_US),
    )
)
VALUE = passage_to_value(PASSAGE)


@pytest.mark.parametrize(
    "passage",
    [
        PASSAGE,
        PASSAGE._replace(link=None, note="", published=LAST, kept_at=EPOCH),
        clean_passage(PASSAGE._replace(selector=QuoteSelector("জল জমেছে।"))),
    ],
)
def test_passage_value_survives_a_round_trip_at_any_time(passage: Passage) -> None:
    assert passage_from_value(passage_to_value(passage), CHANGED_US) == passage


@pytest.mark.parametrize(
    "value",
    [
        *((*VALUE[:at], other, *VALUE[at + 1 :]) for at in range(9) for other in (1, True, None)),
        *((*VALUE[:9], other, *VALUE[10:]) for other in (1, "true", None)),
        *((*VALUE[:at], other, *VALUE[at + 1 :]) for at in (10, 11) for other in (-1, MAX_TIME_US + 1, 1.5, True, "1", None)),
        *(VALUE[:length] for length in range(len(VALUE))),
        (*VALUE, VALUE[-1]),
        (*VALUE, "one more"),
    ],
)
def test_invalid_passage_value_is_refused(value: tuple[object, ...]) -> None:
    with pytest.raises(ContentError, match="'kept'"):
        passage_from_value(value, CHANGED_US)


def test_only_the_key_of_the_passages_paper_is_renamed() -> None:
    renamed = {PASSAGE.paper: "new.example", PASSAGE.guid: "a guid, not a paper"}
    assert with_paper(VALUE, renamed) == passage_to_value(PASSAGE._replace(paper="new.example"))
    for other in (None, PASSAGE.paper, VALUE[:4], (*VALUE[:4], 1), (*VALUE[:4], "unknown.example")):
        assert with_paper(other, renamed) == other
