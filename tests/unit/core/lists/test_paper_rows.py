"""Rows of papers and of groups of papers in the category pane."""

from __future__ import annotations

from bpost_tui.core import templates
from bpost_tui.core.lists.list_source import AllNewsSource, SearchSource
from bpost_tui.core.lists.paper_list import PaperList
from bpost_tui.i18n import Language
from bpost_tui.model.paper import PaperCount, paper_at
from bpost_tui.typesetting.typeset.items import Pair

DAILY, GAZETTE = paper_at("https://daily.example", "Daily"), paper_at("https://gazette.example", "Gazette")


def test_faulty_paper_and_its_group_have_a_sign() -> None:
    language, groups = Language("en"), {"District": (GAZETTE.key,), "Sport": (DAILY.key,)}
    papers = PaperList.of(language, (DAILY, GAZETTE), groups=groups)
    rows = papers.with_counts((PaperCount(DAILY, 3, 2), PaperCount(GAZETTE, 9, 0, has_fault=True))).rows(12, 2, ())
    shown = {}
    for row in rows:
        (pair,) = templates.category(row, language, current=False)
        assert isinstance(pair, Pair)
        shown[pair.left[0].text] = pair.right[0].text
    assert shown == {"All papers": "2", "District": "!", "Gazette": "!", "Sport": "2", "Daily": "2"}


def test_search_typed_in_a_papers_list_names_the_papers_that_it_finds() -> None:
    counts = (PaperCount(DAILY, 3, 2), PaperCount(GAZETTE, 9, 0))
    papers = PaperList.of(Language("en"), (DAILY, GAZETTE)).with_counts(counts)
    own = AllNewsSource(DAILY.key)
    assert papers.names_for_list(own) == {}
    assert dict(papers.names_for_list(SearchSource("nodi", own))) == {DAILY.key: "Daily", GAZETTE.key: "Gazette"}
