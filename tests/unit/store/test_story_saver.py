from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpost_tui.errors import StoreError
from bpost_tui.limits import MAX_BLOCKS
from bpost_tui.model import blocks
from bpost_tui.model.backfill_cursor import BackfillCursor, BackfillState
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.exported_story import ImportedStory
from bpost_tui.model.library_results import SaveResult
from bpost_tui.model.marks import ReadingPosition, StoryMarks
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import Category, ListFilter, Revision, Story, to_story
from bpost_tui.model.story_merge import merge_resent
from bpost_tui.store.disk_space import is_nearly_full
from bpost_tui.store.library import Library
from tests.crash.full_disk import fill, small_disk

MakeStory = Callable[..., Story]
OTHER_TEXT = (Paragraph((Span("পরে বদলানো লেখা"),)),)


def stored(library: Library, story: int) -> Story:
    return to_story(library.story(story))


def test_saving_the_same_stories_again_changes_nothing(library: Library, make_story: MakeStory, now: datetime) -> None:
    stories = [make_story(n) for n in range(3)]
    first = library.save(stories, now=now)
    assert len(first.new) == 3
    assert library.save(stories, now=now + timedelta(hours=1)) == SaveResult()
    assert [library.headline(story).guid for story in first.new] == [story.guid for story in stories]


def test_save_keeps_the_full_text_when_a_summary_follows(library: Library, make_story: MakeStory, now: datetime) -> None:
    whole = make_story(1)
    (story,) = library.save([whole], now=now).new
    assert library.save([whole._replace(blocks=OTHER_TEXT, full=False)], now=now) == SaveResult()
    assert stored(library, story) == whole


def test_save_takes_a_full_text_after_a_summary(library: Library, make_story: MakeStory, now: datetime) -> None:
    whole = make_story(1)
    (story,) = library.save([whole._replace(blocks=OTHER_TEXT, full=False)], now=now).new
    assert library.save([whole], now=now).updated == (story,)
    assert stored(library, story) == whole


def test_save_takes_an_edited_text(library: Library, make_story: MakeStory, now: datetime) -> None:
    (story,) = library.save([make_story(1)], now=now).new
    edited = make_story(1, blocks=OTHER_TEXT)
    assert library.save([edited], now=now).updated == (story,)
    assert stored(library, story) == edited


def test_save_keeps_the_newer_version_when_an_older_follows(library: Library, make_story: MakeStory, now: datetime) -> None:
    newer = make_story(1, modified=now)
    (story,) = library.save([newer], now=now).new
    assert (
        library.save([make_story(1, title="পুরোনো", blocks=OTHER_TEXT, modified=now - timedelta(days=1))], now=now) == SaveResult()
    )
    assert stored(library, story) == newer


def test_save_keeps_known_fields_when_new_ones_are_empty(library: Library, make_story: MakeStory, now: datetime) -> None:
    known = make_story(1, image="https://thebengalpost.net/a.jpg", modified=now)
    (story,) = library.save([known], now=now).new
    assert library.save([Story(known.guid, "")], now=now) == SaveResult()
    assert stored(library, story) == known


def test_save_moves_a_story_to_its_changed_categories(library: Library, make_story: MakeStory, now: datetime) -> None:
    (story,) = library.save([make_story(1)], now=now).new
    sports = Category("sports", "Sports")
    assert library.save([make_story(1, categories=(sports, sports))], now=now).updated == (story,)
    assert library.headline(story).categories == (sports,)
    assert [(c.category.slug, c.total, c.unread) for c in library.categories()] == [
        ("health", 0, 0),
        ("midnapore-2", 0, 0),
        ("sports", 1, 1),
    ]
    assert library.save([make_story(1, categories=(sports, sports))], now=now) == SaveResult()


def test_category_gains_new_fields_from_stories(library: Library, make_story: MakeStory, now: datetime) -> None:
    def category_after(*named: str | int | None) -> Category:
        library.save([make_story(1, categories=(Category("health", *named),))], now=now)  # type: ignore[arg-type]
        (count,) = library.categories()
        return count.category

    assert category_after("Health", "news", 7) == Category("health", "Health", "news", 7)
    assert category_after("") == Category("health", "Health", "news", 7)
    assert category_after("স্বাস্থ্য", "life", 0) == Category("health", "স্বাস্থ্য", "life", 0)


def test_category_listed_without_a_name_keeps_its_known_name(library: Library) -> None:
    for name in ("Health", ""):
        library.first_paper.save_categories([Category("health", name, "news", 7)], complete=False)
        assert [count.category for count in library.categories()] == [Category("health", "Health", "news", 7)]


def test_unlisted_category_takes_its_name_from_stories(library: Library, make_story: MakeStory, now: datetime) -> None:
    for number, listed in enumerate([Category("health", "স্বাস্থ্য", "news", 7), Category("sports", "Sports")]):
        library.first_paper.save_categories([listed], complete=True)
        library.save([make_story(number, categories=(Category("health", "Health"),))], now=now)
        names = {count.category.slug: count.category.name for count in library.categories()}
        assert names["health"] == ("স্বাস্থ্য", "Health")[number]


def test_save_follows_the_link_when_the_guid_changes(library: Library, make_story: MakeStory, now: datetime) -> None:
    known = make_story(1)
    (story,) = library.save([known], now=now).new
    library.set_mark("read", [story], True, now=now)
    again = known._replace(guid="another", link="http://www.thebengalpost.net/midnapore-2/story-1.html/?utm_source=x")
    saved = library.save([again], now=now)
    assert saved.new == ()
    assert library.count(ListFilter()) == 1
    assert library.headline(story).read
    assert library.headline(story).guid == known.guid


def test_save_follows_the_guid_when_the_link_changes(library: Library, make_story: MakeStory, now: datetime) -> None:
    (story,) = library.save([make_story(1)], now=now).new
    moved = make_story(1, link="https://thebengalpost.net/health/moved.html")
    assert library.save([moved], now=now).updated == (story,)
    assert library.find("thebengalpost.net/health/moved.html") == story


def test_save_keeps_all_stories_of_one_guid_with_many_links(library: Library, make_story: MakeStory, now: datetime) -> None:
    stories = [make_story(n, guid="same") for n in range(4)]
    assert len(library.save(stories, now=now).new) == 4
    assert library.save(stories[::-1], now=now) == SaveResult()
    assert library.save(stories[2:3], now=now) == SaveResult()


def test_save_merges_variants_of_one_link(library: Library, make_story: MakeStory, now: datetime) -> None:
    variants = [
        make_story(1, guid=link, link=link) for link in ("https://a.net/x", "http://www.A.net/x/", "https://a.net/x?utm_source=y")
    ]
    assert len(library.save(variants, now=now).new) == 1
    assert library.count(ListFilter()) == 1


def test_save_keeps_all_stories_linking_to_the_front_page(library: Library, make_story: MakeStory, now: datetime) -> None:
    assert len(library.save([make_story(n, link="https://thebengalpost.net/") for n in range(3)], now=now).new) == 3


def test_save_dates_undated_stories_by_first_seen_in_feed_order(library: Library, make_story: MakeStory, now: datetime) -> None:
    stories = [make_story(n, published=None) for n in range(3)]
    new = library.save(stories, now=now).new
    assert library.save(stories, now=now + timedelta(days=1)) == SaveResult()
    rows = library.headlines(ListFilter(), limit=9)
    assert [row.id for row in rows] == list(new)
    assert {row.published for row in rows} == {now}


def test_save_takes_a_date_learnt_later(library: Library, make_story: MakeStory, now: datetime) -> None:
    (story,) = library.save([make_story(1, published=None)], now=now).new
    assert library.save([make_story(1)], now=now).updated == (story,)
    assert library.headline(story).published == make_story(1).published


def test_story_dated_in_the_future_does_not_stay_on_top(library: Library, make_story: MakeStory, now: datetime) -> None:
    future = make_story(1, published=now + timedelta(days=900), modified=now + timedelta(days=900))
    (story,) = library.save([future], now=now).new
    assert library.headline(story).published == now
    library.save([future], now=now + timedelta(days=1))
    assert library.headline(story).published == now
    assert library.headline(story).modified is not None
    (newer,) = library.save([make_story(2, published=now + timedelta(hours=1))], now=now + timedelta(days=1)).new
    assert library.headlines(ListFilter(), limit=1)[0].id == newer


def test_failing_save_changes_nothing(library: Library, make_story: MakeStory, now: datetime) -> None:
    with pytest.raises(TypeError):
        library.save([make_story(1), make_story(2, published=datetime(2026, 1, 1))], now=now)
    assert library.count(ListFilter()) == 0


def test_save_keeps_stories_sharing_a_link_under_several_guids(library: Library, make_story: MakeStory, now: datetime) -> None:
    batch = [make_story(n, link="https://thebengalpost.net/live/") for n in range(4)]
    assert len(library.save(batch, now=now).new) == 4
    assert library.save(batch, now=now) == SaveResult()
    assert [row.guid for row in library.headlines(ListFilter(), limit=9)] == [story.guid for story in batch]


def test_save_merges_one_story_under_two_guids(library: Library, make_story: MakeStory, now: datetime) -> None:
    twice = [make_story(1), make_story(1, guid="another")]
    assert len(library.save(twice, now=now).new) == 1


# ── edited or withdrawn by the portal ───────────────────────────────────────


def test_save_keeps_the_earlier_version_of_an_edited_text(library: Library, make_story: MakeStory, now: datetime) -> None:
    later = now + timedelta(days=1)
    first, second = make_story(1), make_story(1, blocks=OTHER_TEXT, modified=now)
    (story,) = library.save([first], now=now).new
    assert library.headline(story).updated is None
    library.save([second], now=now)
    library.save([make_story(1, title="নতুন শিরোনাম", blocks=OTHER_TEXT, modified=now)], now=later)
    assert library.revisions(story) == (Revision(later, first.title, OTHER_TEXT), Revision(now, first.title, first.blocks))
    assert library.headline(story).updated == later  # although `modified` was the same


def test_save_keeps_one_revision_a_day_and_twenty_in_all(library: Library, make_story: MakeStory, now: datetime) -> None:
    (story,) = library.save([make_story(1, title="0")], now=now).new
    for hour in range(1, 24 * 30):
        library.save([make_story(1, title=f"{hour}")], now=now + timedelta(hours=hour))
    titles = [int(revision.title) for revision in library.revisions(story)]
    assert titles == [696 - 24 * day for day in range(20)]  # the first version of each day
    assert library.headline(story).updated == now + timedelta(hours=24 * 30 - 1)


def test_save_keeps_revisions_after_a_clock_was_ahead(library: Library, make_story: MakeStory, now: datetime) -> None:
    (story,) = library.save([make_story(1, title="0")], now=now).new
    for number, when in enumerate((now + timedelta(days=3650), now + timedelta(days=1), now + timedelta(days=2)), 1):
        library.save([make_story(1, title=f"{number}")], now=when)
    assert [revision.title for revision in library.revisions(story)] == ["2", "1", "0"]


def test_full_library_refuses_stories_but_still_marks(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    with Library(tmp_path / "full", most_bytes=1 << 20) as library:
        number = 0
        with pytest.raises(StoreError, match="library_mb"):
            for number in range(0, 3000, 100):
                library.save([make_story(n, blocks=OTHER_TEXT * 9) for n in range(number, number + 100)], now=now)
        assert library.count(ListFilter()) == number > 0
        assert library.set_mark("starred", [1], True, now=now) == (1,)
        with pytest.raises(StoreError, match="library_mb"):
            library.import_export.merge([], now=now)
        library.maintenance.prune(now)
        assert library.save([make_story(9999)], now=now).new


@pytest.mark.parametrize(
    ("total_mb", "free_mb", "expected"),
    [(12, 1, False), (12, 0.2, True), (100_000, 201, False), (100_000, 199, True), (0, 0, False)],
)
def test_disk_is_nearly_full_below_2_percent_or_200_mb(total_mb: float, free_mb: float, expected: bool) -> None:
    assert is_nearly_full(int(total_mb * 2**20), int(free_mb * 2**20)) is expected


def test_nearly_full_disk_refuses_stories_but_still_marks(
    tmp_path: Path, make_story: MakeStory, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk") as is_small, Library(tmp_path / "disk" / "library") as library:
        library.save([make_story(1)], now=now)
        if is_small:
            fill(tmp_path / "disk" / "ballast", leaving=200_000)
        else:
            monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(total=12 << 20, used=0, free=200_000))
        with pytest.raises(StoreError, match="the disk is nearly full"):
            library.save([make_story(2)], now=now)
        with pytest.raises(StoreError, match="the disk is nearly full"):
            library.import_export.merge([], now=now)
        assert library.set_mark("starred", [1], True, now=now) == (1,) and library.count(ListFilter()) == 1


def test_save_keeps_no_revision_without_changed_words(library: Library, make_story: MakeStory, now: datetime) -> None:
    (story,) = library.save([make_story(1)], now=now).new
    styled = (Paragraph((Span("দ্য বেঙ্গল পোস্ট  প্রতিবেদন, 1 নভেম্বর: মেদিনীপুর", italic=True),)),)
    assert library.save([make_story(1, blocks=styled, modified=now)], now=now).updated == (story,)
    assert library.revisions(story) == ()
    assert library.headline(story).updated is None


def test_save_keeps_no_revision_when_the_rest_of_a_text_follows(library: Library, make_story: MakeStory, now: datetime) -> None:
    (story,) = library.save([make_story(1, full=False)], now=now).new
    library.save([make_story(1, blocks=OTHER_TEXT)], now=now)
    assert library.revisions(story) == ()


def test_withdrawn_story_stays_marked_until_sent_again(library: Library, make_story: MakeStory, now: datetime) -> None:
    (story,) = library.save([make_story(1)], now=now).new
    library.fetch_log.mark_withdrawn([make_story(1).guid, "unknown"], now=now)
    library.fetch_log.mark_withdrawn([make_story(1).guid], now=now + timedelta(days=1))
    assert library.headline(story).withdrawn == now
    library.save([make_story(1)], now=now)
    assert library.headline(story).withdrawn is None


def test_absent_stories_are_those_the_portal_did_not_list(library: Library, make_story: MakeStory, now: datetime) -> None:
    stories = [make_story(n) for n in range(5)]
    library.save(stories, now=now)
    after, before = (stories[n].published or now for n in (4, 0))
    assert library.fetch_log.absent_stories([stories[1], stories[3]], after=after, before=before) == (stories[2],)


def test_outdated_stories_were_modified_since_saved(library: Library, make_story: MakeStory, now: datetime) -> None:
    library.save([make_story(1), make_story(2, modified=now), make_story(3, modified=now)], now=now)
    sent = [make_story(n, modified=now + timedelta(seconds=n == 3)) for n in (1, 2, 3, 4)]
    assert library.fetch_log.outdated(sent) == (sent[0], sent[2])


def test_backfill_cursor_is_saved_per_feed(library: Library, now: datetime) -> None:
    assert library.fetch_log.backfill_cursor("") is None
    cursor = BackfillCursor(now, now - timedelta(days=9), (4, 5), None, BackfillState.EXHAUSTED)
    for feed, kept in (("", BackfillCursor(now, now, page=3)), ("", cursor), ("health", cursor._replace(page=7))):
        library.fetch_log.save_backfill_cursor(feed, kept)
    assert library.fetch_log.backfill_cursor("") == cursor
    assert library.fetch_log.backfill_cursor("health") == cursor._replace(page=7)


def test_merge_takes_words_over_an_empty_full_text(make_story: MakeStory) -> None:
    assert merge_resent(make_story(1, blocks=()), make_story(1, full=False)).blocks == make_story(1).blocks


# ── round trip of any story ─────────────────────────────────────────────────

TEXT = st.text(st.sampled_from("কখগঙচছজঞটডণতদনপবভমযরলশষসহড়ঢ়য়ািীুূৃেৈোৌ্ংঃঁ়‌‍০১৯।abcXYZ '\"[](){}<>&%;:—“”\n\t😀éא"), max_size=40)
WORDS = TEXT.filter(bool)
ADDRESS = st.from_regex(r"https?://[a-z]{1,8}\.net/[a-z0-9/]{1,20}", fullmatch=True)
SPANS = st.lists(st.builds(Span, TEXT, st.booleans(), st.booleans(), st.none() | ADDRESS), max_size=3).map(tuple)
BEFORE = st.lists(st.integers(0, MAX_BLOCKS), max_size=3).map(tuple)  # as sanitizing leaves it
MERGED = st.lists(st.builds(blocks.MergedCell, *[st.integers(0, 3)] * 2, *[st.integers(1, 3)] * 2), max_size=2).map(tuple)
BLOCK = st.one_of(
    st.builds(blocks.Paragraph, SPANS),
    st.builds(blocks.Heading, SPANS, st.integers(1, 6)),
    st.builds(blocks.Quote, st.lists(SPANS, max_size=3).map(tuple)),
    st.builds(blocks.ListBlock, st.lists(st.tuples(st.integers(0, 5), SPANS), max_size=3).map(tuple), st.booleans(), BEFORE),
    st.builds(blocks.Table, st.lists(st.lists(SPANS, max_size=3).map(tuple), max_size=3).map(tuple), st.booleans(), SPANS, MERGED),
    st.builds(blocks.Image, ADDRESS, TEXT, SPANS, *[st.integers(0, 100_000)] * 2, link=st.none() | ADDRESS),
    st.builds(blocks.Preformatted, SPANS),
)
TIME = st.datetimes(datetime(1970, 1, 1), datetime(2026, 11, 24), timezones=st.just(UTC))
STORY = st.builds(
    Story,
    guid=WORDS,
    title=TEXT,
    link=st.none() | ADDRESS,
    author=TEXT,
    published=TIME,
    modified=st.none() | TIME,
    categories=st.lists(
        st.builds(Category, TEXT, WORDS, st.none() | TEXT, st.none() | st.integers(0, 9999)), max_size=3, unique_by=lambda c: c.slug
    ).map(tuple),
    tags=st.lists(TEXT, max_size=3).map(tuple),
    excerpt=TEXT,
    blocks=st.lists(BLOCK, max_size=4).map(tuple),
    image=st.none() | ADDRESS,
    full=st.booleans(),
    source=st.sampled_from(("", "feed", "page", "wp-json")),
)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(STORY)
def test_saved_story_is_loaded_unchanged(story: Story) -> None:
    now = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder)) as library:
        (number,) = library.save([story], now=now).new
        assert stored(library, number) == story
        assert library.save([story], now=now) == SaveResult()


# ── another software of the site: guid and link change at once ──────────────


def migrated(story: Story) -> Story:
    """Return a story as a site sends it with another software: under another guid and link."""
    slug = (story.link or "").rsplit("/", 1)[-1].removesuffix(".html")
    return story._replace(guid=f"tag:{slug}", link=f"https://thebengalpost.net/news/{slug}/")


def migrate_with_marks(library: Library, sent: Sequence[Story], again: Sequence[Story], now: datetime) -> Sequence[int]:
    """Save and mark `sent`, then save `again`, and return the ids of `sent`. Only the first of `again` is new, and marks stay."""
    saved = library.save(sent, now=now).new
    library.set_mark("starred", saved[:2], True, now=now)
    library.set_mark("read", saved[1:3], True, now=now)
    result = library.save(again, now=now)
    assert [library.headline(number).title for number in result.new] == [again[0].title]
    assert library.story_ids(ListFilter(starred=True)) == saved[:2]
    assert library.unread_count() == 5
    return saved


def test_migration_of_a_site_saves_no_story_twice_and_keeps_marks(library: Library, make_story: MakeStory, now: datetime) -> None:
    sent = [make_story(number) for number in range(6)]
    again = [make_story(6), *map(migrated, sent)]
    saved = migrate_with_marks(library, sent, again, now)
    assert library.headline(saved[0]).link == migrated(sent[0]).link
    assert library.save(again, now=now) == SaveResult((), ())
    assert library.save([migrated(sent[0])._replace(title="অন্য শিরোনাম")], now=now).updated == (saved[0],)
    assert library.maintenance.verify() == ()


@pytest.mark.parametrize(
    "different",
    [
        {"blocks": (Paragraph((Span("অন্য লেখা"),)),)},
        {"published": datetime(2026, 11, 23, 11, 59, tzinfo=UTC)},
        {"title": "আর এক খবর"},
        {"blocks": (), "excerpt": "", "full": False},
    ],
    ids=["text", "date", "headline", "no text"],
)
def test_stories_that_share_only_some_words_stay_two(
    library: Library, make_story: MakeStory, now: datetime, different: dict[str, object]
) -> None:
    library.save([make_story(0)], now=now)
    assert len(library.save([migrated(make_story(0))._replace(**different)], now=now).new) == 1  # type: ignore[arg-type]


SENTENCE = [f"শব্দ{n}" for n in range(40)]


def paragraph_of(*words: str) -> tuple[Paragraph, ...]:
    return (Paragraph((Span(" ".join(words)),)),)


@pytest.mark.parametrize(
    ("known", "sent", "is_same"),
    [
        ({"blocks": paragraph_of(*SENTENCE)}, {"blocks": paragraph_of(*SENTENCE[:-2], "আর", "কিছু")}, True),  # edited meanwhile
        ({"blocks": paragraph_of(*SENTENCE)}, {"blocks": paragraph_of(*SENTENCE[:20], *SENTENCE[:20])}, False),
        (
            {"blocks": paragraph_of(*SENTENCE[:30], "[…]"), "full": False},
            {"blocks": paragraph_of(*SENTENCE)},
            True,
        ),  # a summary becomes the whole text
        ({"blocks": paragraph_of(*SENTENCE)}, {"blocks": paragraph_of(*SENTENCE[:30]), "full": False, "excerpt": "x"}, True),
        ({"blocks": paragraph_of(*SENTENCE[1:30]), "full": False}, {"blocks": paragraph_of(*SENTENCE)}, False),
        (
            {"blocks": paragraph_of(*SENTENCE[:5]), "full": False},
            {"blocks": paragraph_of(*SENTENCE)},
            False,
        ),  # too short to identify a text
    ],
)
def test_migrated_story_is_recognised_by_most_of_its_words_or_its_summary(
    library: Library, make_story: MakeStory, now: datetime, known: dict[str, object], sent: dict[str, object], is_same: bool
) -> None:
    library.save([make_story(0, **known)], now=now)
    again = migrated(make_story(0, **{"excerpt": "আর এক সারাংশ", **sent}))
    assert (library.save([again], now=now).new == ()) is is_same


def feed_of(make_story: MakeStory, count: int = 6) -> list[Story]:
    """Return stories with headlines and texts of their own, an hour apart, the newest first."""
    return [make_story(number, title=f"খবর {number}", blocks=paragraph_of(f"খবর{number}", *SENTENCE)) for number in range(count)]


def in_other_zone(stories: Iterable[Story], minutes: int) -> list[Story]:
    """Return stories as a site sends them with another software that reads their dates in another time zone."""
    shift = timedelta(minutes=minutes)
    return [
        migrated(story)._replace(
            published=story.published and story.published + shift, modified=story.modified and story.modified + shift
        )
        for story in stories
    ]


@pytest.mark.parametrize("minutes", [330, -330, 60, -345, 840])
def test_migration_that_moves_all_dates_by_a_time_zone_saves_no_story_twice(
    library: Library, make_story: MakeStory, now: datetime, minutes: int
) -> None:
    sent = feed_of(make_story)
    again = [make_story(6), *in_other_zone(sent, minutes)]
    saved = migrate_with_marks(library, sent, again, now)
    assert [library.headline(number).link for number in saved] == [story.link for story in again[1:]]
    later = now + timedelta(days=1)
    assert len(library.save([make_story(7), *again], now=later).new) == 1
    assert [library.headline(number).published for number in saved] == [story.published for story in again[1:]]
    assert library.count(ListFilter()) == 8 and library.maintenance.verify() == ()


def test_stories_of_a_large_answer_with_moved_dates_are_recognised_in_each_part(
    library: Library, make_story: MakeStory, now: datetime
) -> None:
    sent = feed_of(make_story, 22)
    library.save(sent, now=now)
    again = in_other_zone(sent, 330)
    for start in (20, 10, 0):
        assert library.first_paper.save(again, now=now, part=slice(start, start + 10)).new == ()
    assert library.count(ListFilter()) == 22


@pytest.mark.parametrize(
    "resend",
    [
        lambda sent: in_other_zone(sent[:6], 60) + in_other_zone(sent[6:], 120),
        lambda sent: in_other_zone(sent[:4], 60),
        lambda sent: in_other_zone(sent, 24 * 60),
        lambda sent: in_other_zone(sent, 7),
        lambda sent: [story._replace(blocks=paragraph_of("অন্য", *SENTENCE)) for story in in_other_zone(sent, 60)],
        lambda sent: [story._replace(title=f"{story.title}!") for story in in_other_zone(sent, 60)],
        lambda sent: [story._replace(title=sent[0].title) for story in in_other_zone(sent, 90)],
        lambda sent: [*in_other_zone(sent[:11], 60), sent[11]],
    ],
    ids=[
        "two shifts",
        "too few",
        "next day",
        "no time zone",
        "other texts",
        "other headlines",
        "one headline",
        "old guid still sent",
    ],
)
def test_moved_dates_alone_make_no_stories_the_same(
    library: Library, make_story: MakeStory, now: datetime, resend: Callable[[list[Story]], list[Story]]
) -> None:
    sent = feed_of(make_story, 12)
    library.save(sent, now=now)
    again = resend(sent)
    assert len(library.save(again, now=now).new) == len([story for story in again if story not in sent])


@pytest.mark.parametrize("is_import", [False, True])
def test_stories_with_one_headline_and_text_a_minute_apart_stay_as_many(
    library: Library, make_story: MakeStory, now: datetime, is_import: bool
) -> None:
    bulletins = [
        make_story(0, guid=f"{number}", link=None, title="আজকের দর", blocks=paragraph_of(*SENTENCE))._replace(
            published=now - timedelta(minutes=number)
        )
        for number in range(600)
    ]
    for part in (bulletins[300:], bulletins[:300]):
        if is_import:
            library.import_export.merge([ImportedStory(story, StoryMarks()) for story in part], now=now)
        else:
            library.save(part, now=now)
    assert library.count(ListFilter()) == 600


def test_import_never_finds_stories_by_moved_dates(library: Library, make_story: MakeStory, now: datetime) -> None:
    library.save(feed_of(make_story), now=now)
    library.import_export.merge([ImportedStory(story, StoryMarks()) for story in in_other_zone(feed_of(make_story), 60)], now=now)
    assert library.count(ListFilter()) == 12


def test_stories_sent_together_are_never_taken_for_one(library: Library, make_story: MakeStory, now: datetime) -> None:
    twins = [make_story(0), migrated(make_story(0))]
    assert len(library.save(twins, now=now).new) == 2
    other = migrated(make_story(0))._replace(guid="third", link="https://thebengalpost.net/third/")
    assert library.save([*twins, other], now=now).new != ()  # any of two could be meant
    without_text = make_story(1)._replace(blocks=(), excerpt="", full=False)
    library.save([without_text], now=now)
    assert len(library.save([migrated(without_text)], now=now).new) == 1


def test_summary_is_recognised_after_the_text_was_fetched(library: Library, make_story: MakeStory, now: datetime) -> None:
    summary = make_story(0)._replace(blocks=(), full=False, excerpt="মেদিনীপুরের হাসপাতালে নতুন ভবন।")
    library.save([summary], now=now)
    library.save([summary._replace(blocks=make_story(0).blocks, full=True, source="page")], now=now)
    assert library.save([migrated(summary)], now=now).new == ()
    assert len(library.save([migrated(summary)._replace(guid="x", link="https://x.example/", excerpt="অন্য কথা")], now=now).new) == 1


def test_marks_of_a_migrated_story_meet_on_all_machines(
    library: Library, make_story: MakeStory, now: datetime, tmp_path: Path
) -> None:
    story, paper = make_story(0), paper_at("https://thebengalpost.net")
    library.set_subscriptions((paper,))
    (here,) = library.save([story], now=now).new
    library.set_mark("starred", [here], True, now=now)
    with Library(tmp_path / "new machine") as other:  # has seen the story only after the migration
        other.set_subscriptions((paper,))
        (there,) = other.save([migrated(story)], now=now).new
        other.set_mark("later", [there], True, now=now)
        other.reading_log.save_position(there, 3, 0.5, now=now)
        for _ in range(2):  # also if changes are exchanged before this machine hears of the migration
            library.changes.merge(other.changes.all_changes())
            other.changes.merge(library.changes.all_changes())
            library.save([migrated(story)], now=now)
        library.changes.merge(other.changes.all_changes())
        for each, number in ((library, here), (other, there)):
            assert [each.count(ListFilter(starred=True)), each.count(ListFilter(later=True)), each.count(ListFilter())] == [1, 1, 1]
            assert each.reading_log.position(number) == ReadingPosition(3, 0.5)
            assert each.maintenance.verify() == ()
