"""A kept passage as the value of a change, and back. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
from bpost_tui.mark_changes.field_changes import LATEST_US, Kept
from bpost_tui.model.passage import Passage, QuoteSelector, clean_passage

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)
_TEXTS = 9
"""How many texts come first; then whether the words are repeated, and two times."""


def to_value(passage: Passage) -> Kept:
    """Return a passage as the value of a change; when it was changed is the change's own time."""
    exact, prefix, suffix, is_repeated = passage.selector
    texts = exact, prefix, suffix, passage.guid, passage.paper, passage.paper_name, passage.title, passage.link or "", passage.note
    return (*texts, is_repeated, (passage.published - _EPOCH) // _US, (passage.kept - _EPOCH) // _US)


def from_value(value: tuple[object, ...], at_us: int) -> Passage:
    """Return the passage that a value stands for, changed at a time.

    Raises:
        ContentError: It stands for none, or for one that the gate would change.
    """
    texts, repeated = [text for text in value[:_TEXTS] if isinstance(text, str)], value[_TEXTS : _TEXTS + 1]
    times = [time for time in value[_TEXTS + 1 :] if type(time) is int and 0 <= time <= LATEST_US]
    if not (len(value) == _TEXTS + 3 and len(texts) == _TEXTS and type(repeated[0]) is bool and len(times) == 2):
        raise ContentError(Reason("{name} is invalid", name=repr("kept")))
    exact, prefix, suffix, guid, paper, paper_name, title, link, note = texts
    published, kept, changed = (_EPOCH + time * _US for time in (*times, at_us))
    selector = QuoteSelector(exact, prefix, suffix, bool(repeated[0]))
    given = Passage("", selector, guid, paper, paper_name, title, link or None, published, note, kept, changed)
    passage = clean_passage(given)
    if passage._replace(key="") != given:
        raise ContentError(Reason("{name} is invalid", name=repr("kept")))
    return passage
