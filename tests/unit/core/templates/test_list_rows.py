"""Rows of lists: matches are highlighted in every part; other papers with the same news are named in every row size."""

from __future__ import annotations

import pytest

from bpost_tui.core import templates
from bpost_tui.i18n import Language
from bpost_tui.model.search_values import Hit
from bpost_tui.model.story import Category, GroupedStory, Headline, ReadChange
from bpost_tui.typesetting.typeset.items import Pair, Para
from tests.conftest import NOW, headline


def test_row_highlights_a_match_in_its_place_tag() -> None:
    for tag, shown in (("Medinipur Town Desk", "Town"), ("Paschim Medinipur", "পশ্চিম মেদিনীপুর")):
        title = f"{tag}: মেলা বসল"
        row = headline(1, title=title, tag=tag, author="News Desk")
        hit = Hit(row, ((10, 14),), "", ())
        kicker, titled, *_ = templates.headline_row(row, Language("en"), NOW, templates.RowDetail.ALL, hit=hit)
        assert isinstance(kicker, Pair)
        assert [run.text for run in kicker.left if run.ink == "mark"] == [shown]
    assert isinstance(titled, Para)
    assert "mark" not in {run.ink for run in titled.runs}


@pytest.mark.parametrize(
    ("title", "tag", "shown", "label"),
    [
        ("Kernel 6.19 merge window: part one", "Kernel 6.19 merge window", "Kernel 6.19 merge window: part one", ""),
        ("Ghatal: water recedes", "Ghatal", "water recedes", "ঘাটাল"),
        ("WB Weather: বৃষ্টি কমবে", "WB Weather", "বৃষ্টি কমবে", "WB Weather"),
    ],
)
def test_only_a_place_is_left_out_of_a_headline_in_latin_letters(title: str, tag: str, shown: str, label: str) -> None:
    row = headline(1, title=title, tag=tag)
    hit = Hit(row, ((0, 2),), "", ())
    for detail in templates.RowDetail:
        assert shown in str(templates.headline_row(row, Language("en"), NOW, detail))
    for found in None, hit:
        kicker, _ = templates.headline_row(row, Language("en"), NOW, templates.RowDetail.ALL, hit=found)
        assert isinstance(kicker, Pair) and "".join(run.text for run in kicker.left) == label


def test_row_has_curly_quotation_marks() -> None:
    row = grouped_story(excerpt="\"জল\" 'বাড়ছে'")._replace(title='"সব" ডুবল', tag="Kolkata's")
    hit = Hit(row, ((1, 3),), 'বলেন "জল"', ((6, 8),))
    for detail in templates.RowDetail:
        assert "“সব” ডুবল" in str(templates.headline_row(row, Language("en"), NOW, detail))
    assert "Kolkata’s" in str(templates.headline_row(row, Language("en"), NOW, templates.RowDetail.ALL))
    assert "“জল” ‘বাড়ছে’" in str(templates.headline_row(row, Language("en"), NOW, templates.RowDetail.ALL))
    _, headline, found = templates.headline_row(row, Language("en"), NOW, templates.RowDetail.ALL, hit=hit)
    assert isinstance(headline, Para) and [run.text for run in headline.runs] == ["“", "সব", "” ডুবল"]
    assert isinstance(found, Para) and [run.text for run in found.runs] == ["বলেন “", "জল", "”"]


def grouped_story(*papers: str, excerpt: str = "") -> Headline:
    """Return a story of the paper `mine`, grouped with one story of each of `papers`."""
    others = tuple(GroupedStory(number, paper, title=f"মেলা {number}") for number, paper in enumerate(papers, 2))
    return headline(1, title="মেলা বসল", excerpt=excerpt, paper="mine", others=others)


@pytest.mark.parametrize(
    ("tag", "author", "excerpt", "categories", "lead"),
    [
        ("Ghatal", "নিজস্ব সংবাদদাতা", "", ("জেলা",), "ঘাটাল"),
        ("WB Weather", "নিজস্ব সংবাদদাতা", "", ("জেলা",), "WB Weather"),
        ("", "নিজস্ব সংবাদদাতা", "নিজস্ব সংবাদদাতা, সবং: জল বাড়ছে", ("জেলা",), "সবং"),
        ("", "নিজস্ব সংবাদদাতা", "", ("জেলা", "রাজ্য"), "জেলা"),
        ("", "নিজস্ব সংবাদদাতা", "", (), "নিজস্ব সংবাদদাতা"),
        ("", "সম্যক খান", "", ("জেলা",), "সম্যক খান"),
        ("", "", "", ("জেলা",), ""),
    ],
)
def test_row_begins_with_the_most_specific_label(
    tag: str, author: str, excerpt: str, categories: tuple[str, ...], lead: str
) -> None:
    named = tuple(Category(name, name) for name in categories)
    row = grouped_story(excerpt=excerpt)._replace(tag=tag, author=author, categories=named)
    kicker, *_ = templates.headline_row(row, Language("bn"), NOW, templates.RowDetail.ALL)
    assert isinstance(kicker, Pair)
    assert "".join(run.text for run in kicker.left) == lead


def last_line(row: Headline) -> str:
    *_, line = templates.headline_row(row, Language("en"), NOW, templates.RowDetail.ALL, papers={"a": "Daily"})
    assert isinstance(line, Para)
    return "".join(run.text for run in line.runs)


def test_row_names_the_story_that_it_hides_in_place_of_the_excerpt() -> None:
    assert last_line(grouped_story("a", excerpt="গতকাল থেকে")) == "+ Daily: মেলা 2"
    assert last_line(grouped_story("mine", "b", "a")) == "+2 b: মেলা 3"
    assert last_line(grouped_story("mine")) == "+ মেলা 2"
    row = grouped_story("a", "b")
    differing = row._replace(others=(row.others[0], row.others[1]._replace(differs=True)))
    assert last_line(differing) == "+2 figures differ · b: মেলা 3"


@pytest.mark.parametrize("detail", [templates.RowDetail.COMPACT, templates.RowDetail.LINE, templates.RowDetail.HEADLINE])
def test_short_row_counts_other_papers_as_a_number(detail: templates.RowDetail) -> None:
    (line,) = templates.headline_row(grouped_story("a", "b"), Language("bn"), NOW, detail)
    assert isinstance(line, Pair | Para)
    assert "+২" in "".join(run.text for run in (line.runs if isinstance(line, Para) else line.right)).split()


def test_row_of_a_headline_alone_has_marks_but_no_paper_and_no_age() -> None:
    row = grouped_story("a")._replace(starred=True, later=True, changed=ReadChange("figure", "2", "3", "dead"))
    (line,) = templates.headline_row(
        row, Language("en"), NOW, templates.RowDetail.LINE, paper="Daily", fit=lambda origins, _: origins[0]
    )
    assert isinstance(line, Pair)
    assert "".join(run.text for run in line.right).split("  ") == ["", "+1", "★ later", "changed"]


@pytest.mark.parametrize("detail", templates.RowDetail)
@pytest.mark.parametrize(
    ("change", "signs"),
    [
        (ReadChange("figure", "2", "3", "dead"), ["changed: 3 dead, was 2", "3 dead, was 2", "changed"]),
        (
            ReadChange("name", "Anil Maity", "Sunil Bera"),
            ["changed: Sunil Bera, was Anil Maity", "Sunil Bera, was Anil Maity", "changed"],
        ),
        (ReadChange("text", "0", "40"), ["changed: the text", "changed"]),
    ],
)
def test_change_has_details_if_there_is_room(detail: templates.RowDetail, change: ReadChange, signs: list[str]) -> None:
    row = grouped_story()._replace(changed=change)
    first, *_ = templates.headline_row(row, Language("en"), NOW, detail, sign_chars=22)
    if isinstance(first, Para):
        assert [run.text for run in first.runs if run.ink == "accent"] == [f"{next(each for each in signs if len(each) < 23)} · "]
    else:
        assert isinstance(first, Pair)
        rights = [[run.text for run in runs if run.ink == "accent"] for runs in (first.right, *first.shorter_rights)]
        assert rights == ([["  changed"]] if detail is templates.RowDetail.LINE else [[f"{each} · "] for each in signs])


@pytest.mark.parametrize(
    ("before", "shown"),
    [("এই ", "এই "), ("মেদিনীপুর শহরের কাউকে ওই নামে ", "…কাউকে ওই নামে "), ("…আর " + "কখগ" * 12 + " ", "…")],
)
def test_excerpt_begins_shortly_before_the_match(before: str, shown: str) -> None:
    row = grouped_story()
    hit = Hit(row, (), f"{before}নদী বয়ে যায়", ((len(before), len(before) + 3),))
    excerpt = templates.headline_row(row, Language("en"), NOW, templates.RowDetail.ALL, hit=hit)[-1]
    assert isinstance(excerpt, Para)
    assert [(run.text, run.ink) for run in excerpt.runs] == [(shown, "meta"), ("নদী", "mark"), (" বয়ে যায়", "meta")]
