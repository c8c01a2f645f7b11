from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpost_tui.bengali import normalise
from bpost_tui.errors import NotFoundError
from bpost_tui.model.blocks import Image, Paragraph, Span
from bpost_tui.model.library_results import SaveResult
from bpost_tui.model.paper import paper_at
from bpost_tui.model.search_values import Hit, SavedSearch
from bpost_tui.model.story import Category, ListFilter, Story
from bpost_tui.store import story_saver
from bpost_tui.store.library import Library
from bpost_tui.store.schema import migrations
from bpost_tui.store.schema.migrations import FIRST_PAPER, STORIES
from bpost_tui.store.search import ranking, search_index
from bpost_tui.store.search.mute_rules import mute_queries
from bpost_tui.store.search.query_compiler import compile_query
from bpost_tui.store.search.query_parser import parse_query
from bpost_tui.store.sqlite_files import OpenMode, connect, transaction
from bpost_tui.typesetting.text.graphemes import clusters
from tests.unit.store.older_files import as_of
from tests.unit.store.query_texts import QUERIES

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
Save = Callable[..., SaveResult]
FILLER = "জেলার নানা প্রান্তের খবর নিয়ে আজকের এই প্রতিবেদন লেখা হয়েছে। " * 3


def story(guid: str, title: str = "Midnapore: আজকের খবর", text: str = FILLER, **fields: object) -> Story:
    values: dict[str, object] = {
        "guid": guid,
        "title": title,
        "author": "News Desk",
        "published": NOW - timedelta(days=1),
        "blocks": (Paragraph((Span(text),)),) if text else (),
        "full": True,
    }
    return Story(**{**values, **fields})  # type: ignore[arg-type]


def found(library: Library, query: str, **options: object) -> list[str]:
    return [hit.headline.guid for hit in library.search.find(query, limit=50, now=NOW, **options).hits]  # type: ignore[arg-type]


@pytest.fixture
def save(library: Library) -> Save:
    return lambda *stories: library.save(stories, now=NOW)


# ── order ──


def test_search_ranks_headline_matches_above_the_text(library: Library, save: Save) -> None:
    save(story("text", text=FILLER + "হাসপাতাল"), story("headline", "Midnapore: হাসপাতাল চালু"), *(story(str(n)) for n in range(9)))
    assert found(library, "হাসপাতাল") == ["headline", "text"]


def test_search_ranks_the_exact_form_first(library: Library, save: Save) -> None:
    save(
        *(story(str(n)) for n in range(9)),
        story("inflected", "কলকাতায় বৃষ্টি"),
        story("exact", "কলকাতা: বৃষ্টি"),
        story("other", "কলকাতার বৃষ্টি"),
    )
    assert found(library, "কলকাতা")[0] == "exact"
    assert found(library, "কলকাতার")[0] == "other"
    assert set(found(library, "কলকাতায়")) == {"inflected", "exact", "other"}


def test_search_puts_newer_first_among_equal_hits(library: Library, save: Save) -> None:
    days = {
        guid: story(guid, "নতুন হাসপাতাল", published=NOW - timedelta(days=age))
        for guid, age in (("b", 2), ("d", 9), ("a", 1), ("c", 3))
    }
    for each in days.values():
        save(each)
    save(*(story(str(n)) for n in range(9)))
    assert found(library, "হাসপাতাল") == ["a", "b", "c", "d"]
    assert found(library, "হাসপাতাল -নেই is:unread", by_date=True) == ["a", "b", "c", "d"]


def test_search_ranks_latin_text_above_transliteration(library: Library, save: Save) -> None:
    save(story("read", "কলকাতা কলকাতা কলকাতা", "কলকাতা"), story("latin", text=FILLER + "Kolkata"), *(story(str(n)) for n in range(9)))
    result = library.search.find("kolkata", limit=9, now=NOW)
    assert [hit.headline.guid for hit in result.hits] == ["latin", "read"]
    assert result.interpretation == "কলকাতা"


@pytest.mark.parametrize(
    ("query", "guids", "reading"),
    [
        ("IIT", {"latin"}, ""),
        ("iit", {"latin"}, ""),
        ("zzzzqqqq", set(), ""),
        ("xyzzy", set(), ""),
        ("kkk", set(), ""),
        ("khbr", {"news"}, "খবর"),
        ("KHOBOR", set(), ""),
        ("khobor", {"news"}, "খবর"),
        ("jhargram", {"latin", "news"}, "ঝাড়গ্রাম"),
        ("কম", {"less"}, ""),
    ],
)
def test_search_transliterates_only_plausible_roman_bengali(
    library: Library, save: Save, query: str, guids: set[str], reading: str
) -> None:
    save(
        story("latin", "একটি সেমিনার", "বিশ্বভারতী", tags=("IIT Kharagpur", "Jhargram")),
        story("answer", "উত্তর জানা নেই", "উত্ত উত্তরে", tags=()),
        story("news", "আজকের খবর", "ঝাড়গ্রামে কাজ করতে"),
        story("less", "বৃষ্টি কম", "আরও কমে গেল"),
        story("odd", "ক্ম", "ক্ম"),
    )
    result = library.search.find(query, limit=9, now=NOW)
    assert {hit.headline.guid for hit in result.hits} == guids
    assert normalise.words(result.interpretation) == normalise.words(reading)


def test_search_by_date_is_newest_first(library: Library, save: Save) -> None:
    save(story("old", "হাসপাতাল হাসপাতাল", published=NOW - timedelta(days=3)), story("new", text=FILLER + "হাসপাতাল"))
    assert found(library, "হাসপাতাল", by_date=True) == ["new", "old"]
    assert found(library, "হাসপাতাল") == ["old", "new"]


@pytest.mark.parametrize("query", ["খবর", "midnapore", "is:unread", "-নেই", "খবর is:unread", "kolkata"])
@pytest.mark.parametrize("by_date", [False, True])
def test_search_pages_are_continuous(library: Library, save: Save, query: str, by_date: bool) -> None:
    mixed = [
        story(str(n), ("Kolkata: খবর", "কলকাতায় খবর", "Midnapore: খবর")[n % 3], published=NOW - timedelta(hours=n)) for n in range(23)
    ]
    save(*mixed, story("none", "মেদিনীপুর", "খবর"))
    whole = library.search.find(query, limit=50, now=NOW, by_date=by_date)
    assert not whole.has_more
    assert len(whole.hits) == library.search.count(query, now=NOW) > 7
    pages: list[Hit] = []
    for offset in range(0, 50, 4):
        page = library.search.find(query, limit=4, offset=offset, now=NOW, by_date=by_date)
        pages += page.hits
        assert page.has_more == (offset + 4 < len(whole.hits))
    assert tuple(pages) == whole.hits


def test_search_ranks_the_newest_of_many_hits(library: Library, save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "RANKED_HITS", 5)
    save(*(story(str(n), "হাসপাতাল" if n in (3, 20) else "খবর", "হাসপাতাল", published=NOW - timedelta(hours=n)) for n in range(30)))
    assert library.search.find("হাসপাতাল", limit=3, now=NOW).hits[0].headline.guid == "3"
    assert library.search.find("হাসপাতাল", limit=3, now=NOW).has_more
    assert len(set(found(library, "হাসপাতাল"))) == 30


def save_many(library: Library, save: Save, monkeypatch: pytest.MonkeyPatch, query: str) -> list[str]:
    """Save more stories than are ranked, and return all hits of `query`."""
    monkeypatch.setattr(ranking, "RANKED_HITS", 5)
    titles = ("Kolkata: হাসপাতাল", "খবর", "কলকাতায় হাসপাতাল", "হাসপাতাল, কলকাতা")
    save(*(story(str(n), titles[n % 4], "হাসপাতাল", published=NOW - timedelta(hours=n)) for n in range(30)))
    return found(library, query)


@pytest.mark.parametrize("query", ["হাসপাতাল", "hasapatal", "kolkata", "kolkata is:unread"])
def test_search_order_is_the_same_for_any_page_size(
    library: Library, save: Save, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    whole = save_many(library, save, monkeypatch, query)
    assert len(set(whole)) == len(whole) == library.search.count(query, now=NOW) > 10
    for limit in range(1, 30):
        assert [hit.headline.guid for hit in library.search.find(query, limit=limit, now=NOW).hits] == whole[:limit]
        page = library.search.find(query, limit=3, offset=limit, now=NOW)
        assert [hit.headline.guid for hit in page.hits] == whole[limit : limit + 3]
        assert page.has_more == (limit + 3 < len(whole))


@pytest.mark.parametrize("query", ["হাসপাতাল", "kolkata is:unread", "is:unread"])
def test_next_page_of_a_search_ranks_nothing_again(
    library: Library, save: Save, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    whole = save_many(library, save, monkeypatch, query)
    weighed: list[ranking.SqlStatement] = []
    run = ranking._run

    def record(db: sqlite3.Connection, statement: ranking.SqlStatement) -> tuple[int, ...]:
        weighed.extend([statement] if "bm25" in statement.sql else [])
        return run(db, statement)

    monkeypatch.setattr(ranking, "_run", record)
    pages, page = [], library.search.find(query, limit=2, now=NOW)
    while page.hits:
        pages += [hit.headline.guid for hit in page.hits]
        page = library.search.find(query, limit=2, offset=len(pages), now=NOW, ranking=page.ranking)
    assert pages == whole
    assert len(weighed) == len({statement.values["expression"] for statement in weighed})


def test_next_page_of_a_search_is_reordered_after_pruning(library: Library, save: Save) -> None:
    save(*(story(str(n), "হাসপাতাল", published=NOW - timedelta(days=n)) for n in range(9)))
    first = library.search.find("হাসপাতাল", limit=3, now=NOW)
    library.maintenance.prune(NOW - timedelta(days=4, hours=12))
    rest = library.search.find("হাসপাতাল", limit=9, offset=3, now=NOW, ranking=first.ranking)
    assert ([hit.headline.guid for hit in rest.hits], rest.has_more, rest.total) == (["3", "4"], False, 5)


def test_matching_finds_hits_among_given_stories(library: Library, save: Save) -> None:
    new = save(story("a", "হাসপাতাল"), story("b", "ভোট"), story("c", "হাসপাতালে ভোট"), story("d", "হাসপাতাল")).new
    library.set_mark("read", new[2:3], True, now=NOW)
    assert library.search.matching("হাসপাতাল", new[:3], now=NOW) == {new[0], new[2]}
    assert library.search.matching("haspatal", new[:3], now=NOW, within=ListFilter(unread=True)) == {new[0]}
    assert library.search.matching("হাসপাতাল", (), now=NOW) == frozenset()


def test_search_within_a_list_finds_only_its_stories(library: Library, save: Save) -> None:
    sport, school = Category("sports", "Sports"), Category("school-sports", "School Sports")
    save(story("a", "ভোট", categories=(sport,)), story("b", "ভোট", categories=(school,)), story("c", "খেলা", categories=(sport,)))
    library.set_mark("starred", [library.find("c")], True, now=NOW)
    within = ListFilter(category="sports")
    for query, guids in (("ভোট or", {"a"}), ("ভোট or খেলা", {"a", "c"}), ("", {"a", "c"}), ("খেলা", {"c"}), ("-খেলা", {"a"})):
        result = library.search.find(query, limit=9, now=NOW, within=within)
        assert {hit.headline.guid for hit in result.hits} == guids, query
        assert library.search.count(query, now=NOW, within=within) == len(library.search.story_ids(query, now=NOW, within=within))
    for narrow in (ListFilter(starred=True), ListFilter("sports", unread=True, starred=True)):
        assert library.search.story_ids("ভোট or খেলা", now=NOW, within=narrow) == (library.find("c"),)
    assert library.search.count("", now=NOW, within=ListFilter(later=True)) == 0


# ── matches and snippets ──


def test_hit_has_ranges_of_matches_in_title_and_snippet(library: Library, save: Save) -> None:
    text = FILLER * 3 + "খ\u09dc\u09cdগপুরের র\u200d\u09cdযাঙ্কিং ও দু’টি দল। " + FILLER
    save(story("a", "Kharagpur: খড়\u09cdগপুরে খেলা", text))
    (hit,) = library.search.find("খড়্গপুর র\u09cdযাঙ্কিং দুটি", limit=1, now=NOW).hits[:1]
    assert [hit.headline.title[start:end] for start, end in hit.title_ranges] == ["Kharagpur", "খড়\u09cdগপুরে"]
    assert [hit.snippet[start:end] for start, end in hit.snippet_ranges] == ["খ\u09dc\u09cdগপুরের", "র\u200d\u09cdযাঙ্কিং", "দু’টি"]
    assert hit.snippet.startswith("…") and hit.snippet.endswith("…")


def test_hit_of_a_name_shows_it_in_place_of_the_text(library: Library, save: Save) -> None:
    save(Story("1", "পরীক্ষা কবে", published=NOW, excerpt="তারিখ জানাল পর্ষদ।", categories=(Category("river", "নদী ও প্রকৃতি"),)))
    save(Story("2", "ফল কবে", published=NOW, excerpt="তারিখ জানাল পর্ষদ।", author="নদীয়া দাস", tags=("নদী",)))
    hits = library.search.find("নদী", limit=9, now=NOW).hits
    assert {"".join(hit.snippet[start:end] for start, end in hit.snippet_ranges) for hit in hits} == {"নদী"}
    assert "তারিখ জানাল পর্ষদ।" in [hit.snippet for hit in library.search.find("কবে", limit=9, now=NOW).hits]


def test_snippet_is_cut_between_words(library: Library, save: Save) -> None:
    words = [f"ক্ষ্মী{'া' * (n % 3)}{n}" for n in range(400)]
    save(story("a", text=" ".join([*words[:200], "হাসপাতাল", *words[200:]])))
    (hit,) = library.search.find("হাসপাতাল", limit=1, now=NOW).hits
    assert set(hit.snippet.strip("…").split()) <= {*words, "হাসপাতাল"}
    assert [hit.snippet[start:end] for start, end in hit.snippet_ranges] == ["হাসপাতাল"]
    assert len(hit.snippet) <= 162


def test_snippet_of_an_endless_word_is_cut_between_letters(library: Library, save: Save) -> None:
    save(story("a", text="ক্ষ্মি" * 500))
    (hit,) = library.search.find("আজকের", limit=1, now=NOW).hits
    assert clusters(hit.snippet)[:-1] == ["ক্ষ্মি"] * (len(clusters(hit.snippet)) - 1)
    assert hit.snippet.endswith("…")
    assert len(hit.snippet) <= 162


def test_snippet_highlights_a_whole_phrase(library: Library, save: Save) -> None:
    save(story("a", text=FILLER + "নতুন হাসপাতাল হল, হাসপাতাল নতুন।"))
    (hit,) = library.search.find('"নতুন হাসপাতাল"', limit=1, now=NOW).hits
    assert [hit.snippet[start:end] for start, end in hit.snippet_ranges] == ["নতুন হাসপাতাল"]


@given(st.text(st.sampled_from("কখর্ষি া\u200d’।\n-aA1১"), max_size=300), st.text(st.sampled_from("কখর্ষিাa1"), min_size=1, max_size=4))
def test_match_ranges_are_ordered_and_within_the_text(text: str, query: str) -> None:
    from bpost_tui.store.search.highlight import Highlighter, SearchTerms

    marker = Highlighter(SearchTerms(frozenset(normalise.words(query)), (("ক", "1"),)))
    stretch, marks = marker.snippet(text, 40)
    for body, places in ((text, marker.ranges(text)), (stretch, marks)):
        ends = [end for pair in places for end in pair]
        assert ends == sorted(ends)
        assert not ends or (ends[0] >= 0 and ends[-1] <= len(body))
    assert {stretch[start:end] for start, end in marks} <= {
        text[start:end].replace("\n", " ") for start, end in marker.ranges(text)
    }


# ── conditions ──


def test_search_conditions_filter_hits(library: Library, save: Save, tmp_path: Path) -> None:
    ages = {"today": timedelta(hours=1), "week": timedelta(days=6), "month": timedelta(days=40), "year": timedelta(days=400)}
    save(*(story(guid, "হাসপাতাল", published=NOW - age) for guid, age in ages.items()))
    numbers = {hit.headline.guid: hit.headline.id for hit in library.search.find("হাসপাতাল", limit=9, now=NOW).hits}
    library.set_mark("read", [numbers["today"], numbers["year"]], True, now=NOW)
    library.set_mark("starred", [numbers["week"]], True, now=NOW)
    wanted = {
        "is:unread": {"week", "month"},
        "is:read": {"today", "year"},
        "-is:read": {"week", "month"},
        "is:starred": {"week"},
        "is:starred or is:read": {"week", "today", "year"},
        "is:unread after:7d": {"week"},
        "after:7d": {"today", "week"},
        "before:7d": {"month", "year"},
        "before:2w after:3m": {"month"},
        "after:2026-11-24": {"today"},
        "before:2026": {"year"},
        "-after:7d": {"month", "year"},
    }
    for query, guids in wanted.items():
        for words in ("", "হাসপাতাল ", "-নেই "):
            assert set(found(library, words + query)) == guids, words + query
            assert library.search.count(words + query, now=NOW) == len(guids)


def test_search_dates_are_exact(library: Library, save: Save) -> None:
    midnight = datetime(2025, 12, 31, 18, 30, tzinfo=UTC)
    save(
        *(story(str(n), "হাসপাতাল", published=midnight - timedelta(seconds=1)) for n in range(5)),
        story("after", "হাসপাতাল", published=midnight),
    )
    assert found(library, "হাসপাতাল after:2026") == ["after"]
    assert len(found(library, "হাসপাতাল before:2026")) == 5


def test_search_for_images_includes_pictures_in_the_text(library: Library, save: Save) -> None:
    save(story("lead", image="https://x.test/a.jpg"), story("within", blocks=(Image("https://x.test/b.jpg"),)), story("none"))
    assert set(found(library, "has:image")) == {"lead", "within"}


# ── any text ──


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("small")) as library:
        titles = ["কলকাতা হাইকোর্ট", "Midnapore: মেদিনীপুর", "খড়্গপুর NEAR OR AND NOT", "12 ১২ a b"]
        library.save([story(title, title, image="https://x.test/a.jpg") for title in titles], now=NOW)
        yield library


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(QUERIES)
def test_search_accepts_any_text(small: Library, text: str) -> None:
    result = small.search.find(text, limit=5, now=NOW)
    assert small.search.count(text, now=NOW) >= len(result.hits)
    assert result.problem is None or 0 <= result.problem.offset <= len(text)


@pytest.mark.parametrize(
    "text", ["ক" * 100_000, "কলকাতা " * 15_000, '"' * 100_000, "kolkata high court " * 5_000, "(" * 100_000, "tag:x or " * 11_000]
)
def test_search_accepts_100_kilobytes(small: Library, text: str) -> None:
    assert small.search.find(text, limit=5, now=NOW).problem is not None


def test_empty_search_lists_everything(small: Library) -> None:
    for query in ("", "  ", "-", '""', "।"):
        assert len(small.search.find(query, limit=9, now=NOW).hits) == 4


# ── index after changes of stories ──


def test_index_drops_old_words_of_a_changed_story(library: Library, save: Save, tmp_path: Path) -> None:
    first = story("a", "Midnapore: পুরনো শিরোনাম", "পুরনো বয়ান", categories=(Category("health", "Health"),), tags=("ঘাটাল",))
    save(first, story("b", "অন্য"))
    save(
        first._replace(
            title="নতুন শিরোনাম",
            blocks=(Paragraph((Span("টাটকা কথা"),)),),
            categories=(Category("sports", "Sports"),),
            tags=("সবং",),
        )
    )
    for query in ("পুরনো", "বয়ান", "category:health", "tag:ঘাটাল", "midnapore"):
        assert found(library, query) == [], query
    for query in ("নতুন", "টাটকা", "category:sports", "tag:সবং"):
        assert found(library, query) == ["a"], query
    assert leftover_terms(tmp_path / "library", {"পুরনো", "ঘাটাল"}) == set()


def test_index_follows_a_renamed_category(library: Library, save: Save, tmp_path: Path) -> None:
    save(story("a", "বিরল শব্দ", categories=(Category("care-2", "Health"),)))
    library.first_paper.save_categories([Category("care-2", "স্বাস্থ্য")], complete=True)
    save(story("a", "বদলে গেল", categories=(Category("care-2", "স্বাস্থ্য"),)))
    assert found(library, "category:স্বাস্থ্য") == ["a"]
    assert leftover_terms(tmp_path / "library", {"বিরল", "health"}) == set()


def test_index_follows_a_changed_date(library: Library, save: Save) -> None:
    save(story("a"), story("b"))
    save(story("a", published=NOW - timedelta(days=90)))
    assert found(library, "খবর", by_date=True) == ["b", "a"]
    assert found(library, "খবর before:2m") == ["a"]


def test_indexing_takes_equal_time_for_stories_of_one_minute(library: Library) -> None:
    counts: list[int] = []

    def count() -> None:
        counts[-1] += 1

    with closing(connect(library.folder, OpenMode.WRITE)) as db:
        db.set_progress_handler(count, 100)  # SQLite's own steps, the same on any machine
        for part in range(5):
            counts.append(0)
            for number in range(200):
                with transaction(db):
                    sent = story(f"{part}-{number}", "খবর", f"খবর {part}-{number}", published=NOW)
                    story_saver.save_stories(db, [sent], NOW, paper=FIRST_PAPER)
    assert max(counts) < 1.6 * counts[0], counts
    entries = library._database.read(lambda db: [row[0] for row in db.execute("SELECT entry FROM stories ORDER BY id")])
    assert entries == list(range(entries[0], entries[0] + 1000))
    assert len(library.search.story_ids("খবর", now=NOW)) == 1000


def test_index_has_the_excerpt_when_there_is_no_text(library: Library, save: Save) -> None:
    save(story("a", text="", excerpt="হাসপাতাল চালু", full=False))
    (hit,) = library.search.find("হাসপাতালে", limit=1, now=NOW).hits
    assert (hit.snippet, [hit.snippet[start:end] for start, end in hit.snippet_ranges]) == ("হাসপাতাল চালু", ["হাসপাতাল"])


def leftover_terms(folder: Path, words: set[str]) -> set[str]:
    with closing(connect(folder, OpenMode.WRITE)) as db:
        db.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, search, row)")
        return words & {row[0] for row in db.execute("SELECT term FROM temp.terms")}


def test_index_of_an_older_library_is_built_by_the_first_search(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    folder.mkdir(mode=0o700)
    with Library(folder) as library:
        library.save([story(str(n)) for n in range(search_index.INDEX_BATCH + 50)], now=NOW)
    as_of(folder / "stories.db", STORIES, 1)
    with Library(folder) as library:
        assert library.notices == ()
        assert library.search.find("khobor", limit=1, now=NOW).interpretation == "খবর"
        assert library.search.count("খবর", now=NOW) == library.count(ListFilter()) == search_index.INDEX_BATCH + 50


def test_index_is_rebuilt_when_its_rules_change(library: Library, save: Save, tmp_path: Path) -> None:
    save(story("a"))
    library.close()
    with closing(connect(tmp_path / "library", OpenMode.WRITE)) as db:
        db.execute("UPDATE index_version SET version = 1")
        assert not migrations.is_indexed(db)
    with Library(tmp_path / "library") as again:
        assert [notice for notice in again.notices if "the search index is rebuilt" in notice]
        assert found(again, "খবর") == ["a"]
        assert again.search.count("খবর", now=NOW) == 1


def test_opening_a_large_library_with_an_index_of_older_rules_only_begins_to_rebuild_it(
    library: Library, save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(*(story(str(n)) for n in range(5)))
    library.close()
    monkeypatch.setattr(search_index, "INDEX_BATCH", 2)
    with closing(connect(tmp_path / "library", OpenMode.WRITE)) as db:
        db.execute("UPDATE index_version SET version = 1")
    with Library(tmp_path / "library") as again:  # as a mark opens it
        assert [notice for notice in again.notices if "the search index is rebuilt" in notice]
        assert again.count_unindexed() == 5
    with Library(tmp_path / "library") as again:
        assert (again.count_unindexed(), again.notices) == (5, ())
        assert sorted(found(again, "খবর")) == ["0", "1", "2", "3", "4"]
        assert (again.count_unindexed(), again.maintenance.verify()) == (0, ())


def test_index_of_older_rules_is_emptied_in_short_transactions_and_completed_after_a_kill(
    library: Library, save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(*(story(str(n)) for n in range(9)))
    library.close()
    monkeypatch.setattr(search_index, "BATCH_S", -1)  # ends after one story
    with closing(connect(tmp_path / "library", OpenMode.WRITE)) as db:
        db.execute("UPDATE index_version SET version = 1")
        for emptied in (1, 2):
            assert search_index.index_batch(db) == 1
            assert db.execute("SELECT count(*) FROM stories WHERE entry IS NULL").fetchone() == (emptied,)
    with Library(tmp_path / "library") as again:  # as a mark opens it: it doesn't wait for the rest
        assert again.count_unindexed() == 2 and again.notices == ()
        assert again.maintenance.verify() == ()
        again.save([story("0", "নতুন শিরোনাম", modified=NOW), story("9")], now=NOW)
        assert again.search.find("খবর", limit=1, now=NOW).total == again.count(ListFilter()) == 10
        assert again.count_unindexed() == 0 and again.maintenance.verify() == ()


def test_transaction_adds_one_segment_to_the_index(tmp_path: Path) -> None:
    """Each segment costs writing, and sixteen are merged at once, which took seconds beside 100,000 stories."""
    papers = [paper_at(f"https://{name}.example") for name in "ab"]

    def segments() -> int:
        with closing(connect(tmp_path, OpenMode.READ)) as db:
            return int(db.execute("SELECT count(DISTINCT segid) FROM search_idx").fetchone()[0])

    # the stories' ids are in another order than their times
    times = [NOW - timedelta(hours=n * 7 % 9) for n in range(9)]
    at_once, queued = ([story(f"{name}{at}", f"{name}{at}", f"{name} {at}", published=at) for at in times] for name in "aq")
    with Library(tmp_path, clock=lambda: NOW) as library:
        library.set_subscriptions(papers)  # so stories are compared
        paper = library.for_paper(papers[0])
        paper.save(at_once, now=NOW)
        assert segments() == 1
        paper.save(queued, now=NOW, indexes_now=False)
        assert library.index_next() and segments() == 2
        paper.save([each._replace(title="নতুন শিরোনাম", modified=NOW) for each in at_once], now=NOW)
        assert segments() <= 4, "one of deleted entries and one of new ones"
        before = segments()
        assert library.maintenance.prune(NOW + timedelta(days=1)) == 18
        assert segments() <= before + 1 and library.maintenance.verify() == ()


def test_search_first_indexes_what_a_refresh_has_only_saved(library: Library, tmp_path: Path) -> None:
    library.first_paper.save([story(str(n)) for n in range(search_index.INDEX_BATCH + 9)], now=NOW, indexes_now=False)
    library.close()
    with Library(tmp_path / "library") as again:
        assert again.notices == () and again.count_unindexed() == search_index.INDEX_BATCH + 9
        assert again.maintenance.verify() == ()
        assert again.search.count("খবর", now=NOW) == 0, "counting waits for the refresh"
        assert again.search.find("খবর", limit=1, now=NOW).total == search_index.INDEX_BATCH + 9
        assert again.count_unindexed() == 0 and again.maintenance.verify() == ()


def test_search_in_a_read_only_library_finds_the_indexed_stories(library: Library, save: Save, tmp_path: Path) -> None:
    save(story("a"))
    library.first_paper.save([story("b")], now=NOW, indexes_now=False)
    library.close()
    with Library(tmp_path / "library", read_only=True) as again:
        assert found(again, "খবর") == ["a"]


def test_changed_story_is_found_by_its_new_words_alone_before_and_after_indexing(library: Library, save: Save) -> None:
    save(story("a", "নদীর বাঁধ ভাঙল"))
    library.first_paper.save([story("a", "হাসপাতাল চালু", modified=NOW)], now=NOW, indexes_now=False)
    assert found(library, "নদী") == [] and found(library, "হাসপাতাল") == ["a"]


def test_mute_hides_a_story_that_a_refresh_has_only_saved(library: Library) -> None:
    saved = library.first_paper.save([story("a", "ফুটবল: আজকের খেলা"), story("b")], now=NOW, indexes_now=False)
    queries = mute_queries({"words": ["ফুটবল"]})
    assert library.read_together(lambda: library.mutes.find_muted(queries, saved.new), searches=True) == {saved.new[0]}


def test_first_build_of_the_index_is_not_reported(library: Library, save: Save, tmp_path: Path) -> None:
    save(story("a"))
    library.close()
    with closing(connect(tmp_path / "library", OpenMode.WRITE)) as db:
        db.execute("UPDATE index_version SET version = 0")
    with Library(tmp_path / "library") as again:
        assert found(again, "খবর") == ["a"]
        assert again.notices == ()


def test_index_is_complete_after_a_rescue(library: Library, save: Save, tmp_path: Path) -> None:
    save(*(story(str(n), text=FILLER * 5) for n in range(60)))
    library.close()
    path = tmp_path / "library" / "stories.db"
    data = bytearray(path.read_bytes())
    data[40:60] = bytes(20)
    path.write_bytes(bytes(data[: len(data) * 3 // 4]))
    with Library(tmp_path / "library") as again:
        again.save([story(str(n), text=FILLER * 5) for n in range(60)], now=NOW)
        assert again.search.count("খবর", now=NOW) == again.count(ListFilter()) == 60


# ── plans ──


@pytest.mark.parametrize("by_date", [False, True])
@pytest.mark.parametrize("text", ["কলকাতা", "কলকাতা হাইকোর্ট", "kolkata", "কলকাতা is:unread", "কলকাতা after:7d", "কলকাতা -ভোট"])
def test_search_statement_starts_from_the_index_and_reads_no_story(small: Library, text: str, by_date: bool) -> None:
    folder = small.folder
    with closing(connect(folder, OpenMode.WRITE)) as db:
        query = compile_query(db, parse_query(text, NOW))
        for expression in filter(None, (query.exact, *query.expanded)):
            statement = ranking.page_statement(query, ranking.HitSegment(expression, by_date=by_date, oldest_entry=5), 50, 0)
            plan = [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + statement.sql, statement.values)]
            assert plan[0].startswith("SCAN f VIRTUAL TABLE INDEX"), plan
            assert "M" in plan[0] and ">" in plan[0], plan  # by MATCH, and from `oldest_entry` on
            assert all("COVERING INDEX stories_by_entry" in step for step in plan[1:] if " s " in step), plan
            assert any("TEMP B-TREE" in step for step in plan) != by_date, plan


@pytest.mark.parametrize("text", ["", "is:unread", "after:7d", "-কলকাতা"])
def test_search_statement_without_words_scans_one_index(small: Library, text: str) -> None:
    with closing(connect(small.folder, OpenMode.WRITE)) as db:
        statement = ranking.page_statement(compile_query(db, parse_query(text, NOW)), ranking.HitSegment(""), 50, 0)
        plan = [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + statement.sql, statement.values)]
    assert "COVERING INDEX stories_by_entry" in plan[0], plan
    assert not [step for step in plan if "TEMP B-TREE" in step], plan


# ── saved searches ──


def test_searches_are_saved_by_name(library: Library, tmp_path: Path) -> None:
    library.saved_searches.save("হাসপাতাল", "হাসপাতাল is:unread", now=NOW)
    library.saved_searches.save("court", "kolkata high court", now=NOW)
    library.saved_searches.save("court", "হাইকোর্ট", now=NOW)
    library.saved_searches.save("\ud800", "\udcff", now=NOW)
    with Library(tmp_path / "library") as other:
        assert other.saved_searches.all()[:2] == (SavedSearch("?", "?"), SavedSearch("court", "হাইকোর্ট"))
    library.saved_searches.delete("court", now=NOW)
    assert [kept.name for kept in library.saved_searches.all()] == ["?", "হাসপাতাল"]
    with pytest.raises(NotFoundError):
        library.saved_searches.delete("court", now=NOW)


# ── damage ──


@pytest.mark.parametrize(
    "harm",
    ["UPDATE search_data SET block = x'00000001ff' WHERE id > 10", "DELETE FROM phonetic_words_data", "DELETE FROM search_idx"],
)
def test_search_rebuilds_a_damaged_index(library: Library, save: Save, tmp_path: Path, harm: str) -> None:
    save(*(story(str(n), "Midnapore: হাসপাতাল") for n in range(30)))
    library.set_mark("starred", [3], True, now=NOW)
    with closing(sqlite3.connect(tmp_path / "library" / "stories.db")) as db, db:
        db.execute(harm)
    assert len(found(library, "haspatal")) == 30
    save(*(story(str(n), "Midnapore: হাসপাতাল") for n in range(40)))
    assert len(found(library, "হাসপাতাল")) == library.count(ListFilter()) == 40
    assert found(library, "হাসপাতাল is:starred") == [library.headline(3).guid]
    # if the index can't even be opened, its file is renamed and rescued
    assert len(library.notices) == ("phonetic_words_data" in harm)


# ── spellings and forms by rule ──


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("muhammad yunus", "মুহাম্মদ ইউনূস ঢাকায়"),
        ("yusuf pathan", "ইউসুফ পাঠান বহরমপুরে"),
        ("yechury", "ইয়েচুরির স্মরণসভা"),
        ("unesco", "ইউনেস্কোর তালিকায় দুর্গাপুজো"),
        ("tarique rahman", "তারেক রহমান লন্ডনে"),
        ("anisul haque", "আনিসুল হকের নতুন বই"),
        ("sharmin akhter", "শারমিন আক্তার অধিনায়ক"),
        ("mostafiz haider", "মোস্তাফিজ হায়দার জয়ী"),
        ("nasir uddin", "নাছির উদ্দিন মেয়র"),
        ("sisir kumar das", "শিশির কুমার দাশের স্মরণে"),
        ("syed yasin", "সৈয়দ ইয়াসিন প্রার্থী"),
        ("laxmipur", "লক্ষ্মীপুরে আগুন"),
        ("balia", "বালিয়ায় আগুন"),
        ("anwar", "আনোয়ার এলেন"),
        ("nandigram", "নন্দিগ্রামে সভা"),
    ],
)
def test_roman_name_as_english_papers_spell_it_finds_the_bengali_name(library: Library, save: Save, query: str, title: str) -> None:
    save(story("a", title), story("b", "অন্য খবর"))
    assert found(library, query) == ["a"]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("james cameron", "জেমস ক্যামেরনের ছবি"),
        ("james", "জেমসের গান"),
        ("michael jackson", "মাইকেল জ্যাকসনের গান"),
        ("chris gayle", "ক্রিস গেইল আউট"),
        ("steve smith", "স্টিভ স্মিথ অধিনায়ক"),
        ("paul walker", "পল ওয়াকারের ছবি"),
    ],
)
def test_english_name_finds_its_bengali_spelling(library: Library, save: Save, query: str, title: str) -> None:
    save(story("meant", title), story("other", "জামশা গ্রামে আলু চাষ"), story("another", "দলের পালাবদল"))
    assert found(library, query) == ["meant"]


def test_two_words_are_joined_only_into_a_word_that_sounds_like_both(library: Library, save: Save) -> None:
    save(story("name", "গায়িকা আশা রায়", "নতুন গান"), story("shelter", "বন্যায় আশ্রয় শিবির"))
    assert found(library, "asha roy") == ["name"]
    save(story("sandhi", "শহরে নাট্যোৎসব"), story("joined", "সরকারি নদীবাঁধ"))
    assert found(library, "natya utsav") == ["sandhi"]
    assert found(library, "nodi bandh") == ["joined"]


def test_translated_word_finds_its_sound_too_and_the_rarer_word_first(library: Library, save: Save) -> None:
    save(story("sound", "রেলে স্ট্রাইক"), *(story(f"m{n}", f"ধর্মঘট {n}") for n in range(3)), story("wife", "স্ত্রীকে খুন"))
    assert found(library, "strike")[0] == "sound"
    assert {*found(library, "strike")} == {"sound", "m0", "m1", "m2"}
    assert found(library, "minister") == []
    save(story("minister", "মিনিস্টার এলেন"))
    assert found(library, "minister") == ["minister"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *[("কোরান", "কোরআন"), ("ইসরাইল", "ইজরায়েল"), ("সান্ত্বনা", "সান্তনা"), ("উজ্জ্বল", "উজ্জল"), ("হিসাব", "হিসেব")],
        *[("বিকাল", "বিকেল"), ("সন্ধ্যা", "সন্ধ্যে"), ("ব্যবহার", "ব্যাবহার"), ("ভিডিয়ো", "ভিডিও"), ("দেওয়া", "দেয়া")],
        *[("ব্রিটিশ", "বৃটিশ"), ("উপলক্ষে", "উপলক্ষ্যে"), ("অ্যাকাউন্ট", "একাউন্ট"), ("ষড়যন্ত্র", "ষড়্যন্ত্র"), ("অন্তঃসত্ত্বা", "অন্তসত্ত্বা")],
        *[("সত্ত্বেও", "সত্বেও"), ("মহত্ত্ব", "মহত্ব"), ("ওষুধ", "ঔষধ")],
    ],
)
def test_bengali_spelling_finds_its_variant_after_itself(library: Library, save: Save, one: str, other: str) -> None:
    save(story("one", f"{one} নিয়ে খবর"), story("other", f"{other} নিয়ে খবর"), story("none", "অন্য খবর"))
    assert found(library, one) == ["one", "other"]
    assert found(library, other) == ["other", "one"]


@pytest.mark.parametrize(("one", "other"), [("দিনার", "দিনের"), ("লক্ষ্য", "লক্ষ"), ("বিশ্ব", "বিশ"), ("পড়া", "পরা"), ("কর্মী", "কর্ম")])
def test_bengali_words_that_look_alike_do_not_find_each_other(library: Library, save: Save, one: str, other: str) -> None:
    save(story("one", f"{one} নিয়ে খবর"), story("other", f"{other} নিয়ে খবর"))
    assert found(library, one) == ["one"]


@pytest.mark.parametrize("query", ["বিমানবন্দর", "বিমানবন্দরে", "বিমানবন্দরের", "বিমান বন্দর", "বিমান বন্দরে", "বিমান বন্দরের"])
@pytest.mark.parametrize("saved", [("বিমান বন্দর",), ("বিমানবন্দর",), ("বিমানবন্দরে", "বিমান বন্দর"), ("বিমানবন্দর", "বিমান বন্দরে")])
def test_compound_and_its_parts_find_each_other_with_any_ending(
    library: Library, save: Save, query: str, saved: tuple[str, ...]
) -> None:
    save(*(story(written, f"{written} বন্ধ") for written in saved))
    assert {*found(library, query)} == {*saved}


@pytest.mark.parametrize(("query", "written"), [("পৌরসভা", "পৌর সভার"), ("বইমেলা", "বই মেলায়")])
def test_compound_finds_parts_of_which_the_second_has_an_ending(library: Library, save: Save, query: str, written: str) -> None:
    save(story("a", f"{written} কথা", "কিছু লেখা"))
    assert found(library, query) == ["a"]


@pytest.mark.parametrize(
    ("query", "form"),
    [
        *[("গিয়েছে", "গেছে"), ("গেছে", "গিয়াছে"), ("বললেন", "বলেন"), ("বলেছেন", "বলেছিলেন"), ("জিতল", "জিতেছে")],
        *[("করেছেন", "করিয়াছেন"), ("হয়েছে", "হইয়াছে"), ("দিয়েছে", "দিয়াছে"), ("জানালেন", "জানিয়েছেন"), ("পেল", "পেয়েছে")],
    ],
)
def test_form_of_a_common_verb_finds_the_others_after_itself(library: Library, save: Save, query: str, form: str) -> None:
    titles = {"same": f"তিনি {query} কাল", "other": f"তিনি {form} কাল", "none": "অন্য খবর"}
    save(*(story(guid, title, "কিছু লেখা") for guid, title in titles.items()))
    assert found(library, query) == ["same", "other"]
