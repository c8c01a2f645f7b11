from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpost_tui import untrusted
from bpost_tui.errors import ContentError
from bpost_tui.untrusted import JsonStream, read_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class SlowTextFile(io.StringIO):
    """A text file that yields a few characters at a time."""

    def read(self, size: int | None = -1, /) -> str:
        return super().read(min(3, size or 3))


def read(stream: JsonStream) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in stream.members():
        found[name] = list(stream.elements()) if name == "list" else stream.value()
    stream.end()
    return found


@given(st.dictionaries(st.text(), VALUES, max_size=3), st.lists(VALUES, max_size=5), st.sampled_from([None, 2]))
@settings(max_examples=60, deadline=None)
def test_json_stream_reads_the_same_as_json_in_any_chunks(members: dict[str, Any], elements: list[Any], indent: int | None) -> None:
    value = {**members, "list": elements}
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    for file in (io.StringIO(text), SlowTextFile(text)):
        assert read(JsonStream(file)) == read_json(text)


@given(st.text(alphabet='{}[]",:0123456789.eE+-truefalsn \n\\u', max_size=40))
@settings(max_examples=300, deadline=None)
def test_json_stream_of_any_text_gives_a_value_or_content_error(text: str) -> None:
    try:
        expected = json.loads(text, parse_constant=float)
    except (ValueError, RecursionError):
        with pytest.raises(ContentError):
            read(JsonStream(io.StringIO(text)))
        return
    if isinstance(expected, dict) and "list" not in expected:
        assert read(JsonStream(io.StringIO(text))) == expected


def test_json_stream_stops_reading_too_large_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "MAX_VALUE_CHARS", 1 << 18)
    file = io.StringIO('{"list": ["' + "a" * (1 << 21))
    with pytest.raises(ContentError, match="too large"):
        read(JsonStream(file))
    assert file.tell() < 1 << 20
