"""Conversion of a kept passage (a saved quotation) to the value of a change, and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bpost_tui.clock import from_us, to_us
from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
from bpost_tui.mark_changes.field_changes import KEPT_PASSAGE, MAX_TIME_US, PassageValue, Value
from bpost_tui.model.passage import Passage, QuoteSelector, clean_passage

_TEXT_COUNT = 9
"""Number of texts at the beginning of a passage's value (`PassageValue`).

After the texts come a flag (whether the story has the quoted words more than once), the time when the story was published, and
the time when the passage was saved.
"""

_PAPER_AT = 4
"""Index of the paper's key in a passage's value."""


def passage_to_value(passage: Passage) -> PassageValue:
    """Return a passage as the value of a change.

    The value lacks the time of the passage's last edit, because that is the time of the change.
    """
    exact, prefix, suffix, is_repeated = passage.selector
    texts = exact, prefix, suffix, passage.guid, passage.paper, passage.paper_name, passage.title, passage.link or "", passage.note
    return (*texts, is_repeated, to_us(passage.published), to_us(passage.kept_at))


def with_paper(value: Value, renamed: Mapping[str, str]) -> Value:
    """Return `value`, the value of a passage, with the new key of the passage's paper, if `renamed` has a new key.

    `renamed` maps old keys of papers to new keys. A value that isn't a passage, such as None for a deleted passage, is returned
    unchanged.
    """
    if not isinstance(value, tuple) or len(value) <= _PAPER_AT:
        return value
    paper = value[_PAPER_AT]
    return (*value[:_PAPER_AT], renamed[paper], *value[_PAPER_AT + 1 :]) if isinstance(paper, str) and paper in renamed else value


def passage_from_value(value: tuple[object, ...], at_us: int) -> Passage:
    """Return the passage that `value` describes; `at_us` becomes the time of its last edit (microseconds since 1970).

    Raises:
        ContentError: The value is no passage, or the sanitizer would change its texts.
    """
    texts, repeated = [text for text in value[:_TEXT_COUNT] if isinstance(text, str)], value[_TEXT_COUNT : _TEXT_COUNT + 1]
    times = [time for time in value[_TEXT_COUNT + 1 :] if type(time) is int and 0 <= time <= MAX_TIME_US]
    if not (len(value) == _TEXT_COUNT + 3 and len(texts) == _TEXT_COUNT and type(repeated[0]) is bool and len(times) == 2):
        raise ContentError(Reason("{name} is invalid", name=repr(KEPT_PASSAGE)))
    exact, prefix, suffix, guid, paper, paper_name, title, link, note = texts
    published, kept, changed = map(from_us, (*times, at_us))
    selector = QuoteSelector(exact, prefix, suffix, bool(repeated[0]))
    read = Passage("", selector, guid, paper, paper_name, title, link or None, published, note, kept, changed)
    passage = clean_passage(read)
    if passage._replace(key="") != read:
        raise ContentError(Reason("{name} is invalid", name=repr(KEPT_PASSAGE)))
    return passage
