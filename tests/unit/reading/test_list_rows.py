"""Rows of the lists: what was found is marked wherever it stands."""

from __future__ import annotations

from datetime import UTC, datetime

from bpost_tui.i18n import Language
from bpost_tui.model.story import Headline
from bpost_tui.reading import templates
from bpost_tui.store.results import Hit
from bpost_tui.typeset.items import Pair, Para

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_row_marks_the_word_that_was_found_in_its_place_tag() -> None:
    title = "Paschim Medinipur: মেলা বসল"
    row = Headline(
        *(1, "g", title, "Paschim Medinipur", None, "News Desk", NOW, None, "", ()),
        read=False,
        starred=False,
        later=False,
        full=True,
        first_seen=NOW,
    )
    hit = Hit(row, ((8, 17),), "", ())
    kicker, headline, *_ = templates.headline_row(row, Language("en"), NOW, templates.Detail.ALL, hit=hit)
    assert isinstance(kicker, Pair)
    assert [run.text for run in kicker.left if run.ink == "mark"] == ["Medinipur"]
    assert "".join(run.text for run in kicker.left) == "Paschim Medinipur · News Desk"
    assert isinstance(headline, Para)
    assert "mark" not in {run.ink for run in headline.runs}
