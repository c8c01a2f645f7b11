"""`bpost type` cuts bytes into lines, for long lines and for any chunks of input."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.cli import type as type_verb

LETTERS = st.text(st.sampled_from("a \u0995\u09bf\U0001f600"), max_size=3000)


@given(LETTERS, st.lists(st.integers(1, 4000), max_size=6))
def test_lines_keep_the_text_and_whole_letters_for_any_chunks(text: str, sizes: list[int]) -> None:
    data, chunks, rest = (text * 3 + "\n" + text).encode(), list[bytes | None](), (text * 3 + "\n" + text).encode()
    for size in sizes:
        chunks += [rest[:size], None]
        rest = rest[size:]
    parts = list(type_verb._cut(iter([*chunks, rest])))
    lines = [part for part in parts if part is not None]
    assert parts.count(None) == len(sizes)
    assert b"".join(lines) == data.replace(b"\n", b"")
    assert max(map(len, lines), default=0) <= 4000
    assert all(part.decode() or not part for part in lines)  # raises an error if a letter was cut


def test_long_line_is_cut_after_a_space() -> None:
    lines = [part or b"" for part in type_verb._cut(iter([b"word " * 2000]))]
    assert len(lines) == 3 and all(line.endswith(b"word ") for line in lines)
