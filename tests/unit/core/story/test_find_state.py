"""Highlighted matches in a story: the text stays complete for any runs and matches."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.core.page_matches import PageMatch, find_matches, highlight_matches
from bpost_tui.typesetting.typeset.items import Item, Para, Rule, Run

runs = st.lists(st.text("কখগ ab", max_size=8).map(Run), max_size=5).map(tuple)


@given(st.lists(runs, min_size=1, max_size=4), st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=6))
def test_highlights_keep_the_text_and_cover_all_matches(texts: list[tuple[Run, ...]], drawn: list[tuple[int, int]]) -> None:
    items: list[Item] = [Para(text) for text in texts]
    spans: list[tuple[int, int]] = []
    for start, length in sorted(drawn):
        if not spans or start >= spans[-1][1]:
            spans.append((start, start + length))
    found = find_matches(items, lambda text: [(start, min(end, len(text))) for start, end in spans if start < len(text)])
    page = highlight_matches(items, found, found[0] if found else None)
    for before, after in zip(items, page, strict=True):
        assert isinstance(before, Para) and isinstance(after, Para)
        assert "".join(run.text for run in before.runs) == "".join(run.text for run in after.runs)
    shown = sum(len(run.text) for item in page if isinstance(item, Para) for run in item.runs if run.ink == "mark")
    assert shown == sum(match.end - match.start for match in found)


def test_find_skips_shortened_paragraphs_and_rules() -> None:
    items: list[Item] = [Para((Run("ক"),), max_lines=2), Rule(), Para((Run("ক"), Run("ক", link="https://example.org/")))]
    found = find_matches(items, lambda text: [(0, len(text))])
    assert found == (PageMatch(2, 0, 2),)
    marked = highlight_matches(items, found, found[0])[2]
    assert isinstance(marked, Para)
    assert [(run.is_reversed, run.link) for run in marked.runs] == [(True, None), (True, "https://example.org/")]
