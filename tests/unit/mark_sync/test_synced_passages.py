"""Passages on two machines with a shared folder: the later change of each wins on both."""

from __future__ import annotations

from bpost_tui.clock import to_us
from bpost_tui.mark_changes.entry_parser import parse_entry
from bpost_tui.mark_changes.field_changes import KEPT_PASSAGE, FieldChange, Subject, SubjectKind
from bpost_tui.mark_changes.marks_file import parse_line
from bpost_tui.mark_changes.passage_value import passage_to_value
from bpost_tui.model.passage import Passage, QuoteSelector
from tests.counted_sync import SyncCounts
from tests.kept_passages import keep_passage
from tests.marks_lines import dump_changes
from tests.unit.mark_sync.test_folder_sync import Machine, desktop, laptop, make, sync_in_turn

__all__ = ["desktop", "laptop", "make"]
SELECTOR = QuoteSelector("শহরের তিনটি ওয়ার্ডে\n\nজল জমেছে।", "আধিকারিক জানান, ", " পাম্প", True)


def keep(machine: Machine, at: int, note: str = "") -> Passage:
    return keep_passage(machine.library, machine.number(1), SELECTOR, note, now=machine.now(at))


def notes(machine: Machine) -> list[str]:
    return [passage.note for passage in machine.library.passages.all()]


def test_passage_is_synced_changed_and_deleted_on_all_machines(laptop: Machine, desktop: Machine) -> None:
    passage = keep(laptop, 0, "first")
    assert laptop.sync() == SyncCounts(sent=1)
    assert desktop.sync() == SyncCounts(received=1, sent=1)
    (there,) = desktop.library.passages.all()
    assert there._replace(id=passage.id) == passage
    desktop.library.passages.save(there._replace(note="second"), now=desktop.now(1))
    sync_in_turn(desktop, laptop)
    assert notes(laptop) == notes(desktop) == ["second"]
    assert not laptop.library.changes.has_unsent()
    laptop.library.passages.delete(passage.key, now=laptop.now(2))
    sync_in_turn(laptop, desktop)
    assert notes(laptop) == notes(desktop) == []
    desktop.library.passages.save(there, now=desktop.now(3))
    sync_in_turn(desktop, laptop)
    assert notes(laptop) == notes(desktop) == ["first"]
    assert (laptop.sync(), desktop.sync()) == (SyncCounts(), SyncCounts())


def test_later_of_two_independent_passage_changes_wins(laptop: Machine, desktop: Machine) -> None:
    keep(laptop, 0)
    sync_in_turn(laptop, desktop)
    (here,) = laptop.library.passages.all()
    laptop.library.passages.save(here._replace(note="earlier"), now=laptop.now(1))
    desktop.library.passages.delete(here.key, now=desktop.now(2))
    sync_in_turn(laptop, desktop, laptop)
    assert notes(laptop) == notes(desktop) == []


def test_same_words_kept_on_two_machines_are_one_passage(laptop: Machine, desktop: Machine) -> None:
    keep(laptop, 0, "earlier")
    keep(desktop, 1, "later")
    sync_in_turn(laptop, desktop, laptop)
    assert notes(laptop) == notes(desktop) == ["later"]


def test_passage_line_is_complete_and_a_wrong_key_is_refused(laptop: Machine) -> None:
    passage = keep(laptop, 0, "a note")
    change = {KEPT_PASSAGE: FieldChange(to_us(passage.changed_at), passage_to_value(passage))}
    (line,) = dump_changes({Subject(SubjectKind.PASSAGE, passage.key): change})
    assert parse_entry(parse_line(line)) == (Subject(SubjectKind.PASSAGE, passage.key), change, False)
    assert list(dump_changes({Subject(SubjectKind.PASSAGE, "0" * 16): change})) == []
