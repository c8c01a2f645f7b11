"""Items of a server of feeds in the library: the fields that are saved, and the stories and marks that they belong to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bpost_tui.mark_changes.field_changes import MARK_FIELDS, SERVER_MARK_FIELDS, FieldChange, Subject, SubjectKind
from bpost_tui.model.marks import MarkName
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import Story
from bpost_tui.store import greader_items
from bpost_tui.store.database_access import Work
from bpost_tui.store.greader_items import GreaderState, StoredGreaderItem
from bpost_tui.store.library import Library
from bpost_tui.urls import link_key

MakeStory = Callable[..., Story]
ONE, OTHER = paper_at("https://one.example"), paper_at("https://other.example")
ACCOUNT = "reader@service.example"


def item(number: int, link: str = "", **fields: object) -> StoredGreaderItem:
    link = link or f"https://one.example/{number}"
    return StoredGreaderItem(number, ONE.key, link, link_key(link) or "", 1000 + number, 10)._replace(**fields)  # type: ignore[arg-type]


@pytest.fixture
def papers(library: Library, make_story: MakeStory, now: datetime) -> Library:
    """Return a library with five stories of one paper and two of another; the links end in the story's number."""
    library.set_subscriptions((ONE, OTHER))
    stories = [make_story(n, guid=f"guid {n}", link=f"https://one.example/{n}") for n in range(5)]
    library.for_paper(ONE).save(stories, now=now)
    library.for_paper(OTHER).save([make_story(n, guid=f"guid {n}", link=f"https://other.example/{n}") for n in range(2)], now=now)
    return library


def subject(number: int) -> Subject:
    return Subject(SubjectKind.STORY, f"guid {number}", ONE.key)


@pytest.mark.parametrize("has_labels", [None, False, True])
@pytest.mark.parametrize("is_dated", [False, True])
def test_state_is_that_of_its_account(library: Library, has_labels: bool | None, is_dated: bool) -> None:
    items, state = library.greader_items, GreaderState("1:2:x", has_labels, is_dated, 3, 4, "failed", 5, -6)
    assert items.state(ACCOUNT) == GreaderState() and GreaderState().marks == MARK_FIELDS
    items.save_state(ACCOUNT, GreaderState())
    items.save([item(1)])
    items.save_state(ACCOUNT, state)
    found = items.state(ACCOUNT)
    assert found == state and found.has_labels is has_labels and found.is_dated is is_dated and items.all().keys() == {1}
    assert found.marks == (("read", "starred") if has_labels is False else ("read", "starred", "later"))
    items.save_state("another", state)
    assert (items.state(ACCOUNT), items.all()) == (GreaderState(), {})


def test_known_item_keeps_all_but_the_fields_of_the_server(library: Library) -> None:
    items = library.greader_items
    items.save([item(1), item(2, last_synced=(True, False, None))])
    items.set_last_synced("starred", [(1, True)])
    items.set_last_synced("later", [(1, False), (9, True)])
    items.save([item(1, crawled_ms=7, updated_s=20, last_synced=(True, True, True)), item(3)])
    wanted = [item(1, updated_s=20, last_synced=(None, True, False)), item(2, last_synced=(True, False, None)), item(3)]
    assert items.all() == {each.id: each._replace(link="", link_key="") for each in wanted}
    items.forget([1, 3, 9])
    assert items.all().keys() == {2}
    with pytest.raises(ValueError, match="colour"):
        items.set_last_synced("colour", [(2, True)])


def test_rows_are_written_a_few_at_a_time(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(greader_items, "_WRITTEN_ROWS", 2)
    items, writes = library.greader_items, list[None]()
    write = items._write

    def counted(work: Work[object]) -> object:
        writes.append(None)
        return write(work)

    monkeypatch.setattr(items, "_write", counted)
    items.save(map(item, range(5)))
    assert len(writes) == 3 and items.all().keys() == {*range(5)}


def test_newest_story_has_the_highest_id(library: Library, make_story: MakeStory, now: datetime) -> None:
    assert library.greader_items.newest_story_id() == 0
    new = [library.save([make_story(number)], now=now).new for number in range(3)]
    assert library.greader_items.newest_story_id() == max(new)[0]


def test_papers_are_found_by_items_and_by_links(papers: Library) -> None:
    items = papers.greader_items
    items.save([item(1), item(2), item(3, paper=OTHER.key)])
    assert sorted(items.papers_of([ONE.key, OTHER.key], [1, 2, 3, 4])) == sorted([ONE.key, ONE.key, OTHER.key])
    assert items.papers_of([ONE.key], [3]) == [] and items.papers_of([ONE.key], [2]) == [ONE.key]
    links = [key for n in (0, 1, 1, 9) if (key := link_key(f"https://one.example/{n}"))]
    assert items.papers_of_links([ONE.key, OTHER.key], {*links}) == [ONE.key, ONE.key]
    assert items.papers_of_links([OTHER.key], links) == []


def test_marked_stories_that_the_server_lacks_are_counted(papers: Library, now: datetime) -> None:
    items, numbers = papers.greader_items, papers.find_all([f"https://one.example/{n}" for n in range(5)])
    marks: tuple[MarkName, ...] = ("read", "starred", "later")
    for at, mark in enumerate(marks):
        papers.set_mark(mark, [numbers[f"https://one.example/{at}"]], True, now=now)
    removed = numbers["https://one.example/3"]
    papers.set_mark("read", [removed], True, now=now)
    papers.set_mark("read", [removed], False, now=now + timedelta(seconds=1))
    papers.changes.merge({subject(77): {"read": FieldChange(1, True)}})  # of a story that isn't saved
    assert items.count_marked_elsewhere(()) == 3
    assert items.count_marked_elsewhere({subject(0), subject(4)}) == 2


def test_items_belong_to_stories_by_link_or_by_a_guid_that_is_the_link(
    papers: Library, make_story: MakeStory, now: datetime
) -> None:
    items = papers.greader_items
    by_guid = "https://one.example/guid"
    papers.for_paper(ONE).save([make_story(9, guid=by_guid, link="https://one.example/elsewhere")], now=now)
    papers.changes.merge({subject(77): {"read": FieldChange(1, True), "link": FieldChange(0, link_key("https://one.example/77"))}})
    items.save([item(0), item(1, paper=OTHER.key), item(2, by_guid), item(77), item(88)])
    found = {each.item.id: each for each in items.compare_marks()}
    assert {number: each.subject for number, each in found.items()} == {
        0: subject(0),
        2: Subject(SubjectKind.STORY, by_guid, ONE.key),
        77: subject(77),
    }
    assert {number: each.is_saved for number, each in found.items()} == {0: True, 2: True, 77: False}


def test_item_stays_with_its_story_when_the_link_changes_here_and_leaves_it_when_it_changes_there(
    papers: Library, make_story: MakeStory, now: datetime
) -> None:
    items = papers.greader_items
    items.save([item(1)])
    papers.for_paper(ONE).save([make_story(1, guid="guid 1", link="https://one.example/new/1")], now=now)
    items.save([item(1, updated_s=30)])
    assert [(each.subject, each.item.updated_s) for each in items.compare_marks()] == [(subject(1), 30)]
    items.save([item(1, "https://one.example/2")])
    assert [each.subject for each in items.compare_marks()] == [subject(2)]


@pytest.mark.parametrize("mark", MARK_FIELDS)
@pytest.mark.parametrize("is_on", [False, True])
def test_last_known_state_is_of_the_same_item_or_of_the_last_sync(papers: Library, mark: MarkName, is_on: bool) -> None:
    at = MARK_FIELDS.index(mark)
    field, synced = SERVER_MARK_FIELDS[at], tuple(None if each != mark else not is_on for each in MARK_FIELDS)
    items = papers.greader_items
    again = item(5, "https://one.example/1", crawled_ms=9999, last_synced=synced)  # the story's item after a migration
    unknown = item(6, "https://one.example/2", crawled_ms=0, last_synced=synced)
    items.save([item(1, last_synced=synced), again, unknown, item(3)])
    state = FieldChange(50, 1001 if is_on else -1001)
    papers.changes.merge(
        {
            subject(1): {mark: FieldChange(40, is_on), field: state},
            subject(2): {mark: FieldChange(40, is_on), field: FieldChange(50, 0)},
        }
    )
    found = {each.item.id: each.marks[at] for each in items.compare_marks()}
    assert (found[1].last_known, found[1].seen_us, found[1].value) == (is_on, 50, is_on)
    assert (found[5].last_known, found[5].seen_us, found[5].value) == (not is_on, None, is_on)
    assert (found[6].last_known, found[6].seen_us) == (not is_on, 50)
    assert (found[3].ours, found[3].last_known, found[3].seen_us, found[3].value) == (None, None, None, False)


def test_state_of_an_item_that_the_server_made_again_keeps_its_time(papers: Library) -> None:
    """Without the time, a server that was restored meanwhile isn't noticed, and its old marks count as changes."""
    papers.greader_items.save([item(7, "https://one.example/1", crawled_ms=7777)])
    papers.changes.merge({subject(1): {"read": FieldChange(40, False), SERVER_MARK_FIELDS[0]: FieldChange(50, -1001)}})
    ((found, *_),) = (each.marks for each in papers.greader_items.compare_marks())
    assert (found.last_known, found.seen_us) == (None, 50)
