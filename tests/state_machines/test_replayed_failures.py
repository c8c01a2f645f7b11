"""Failures that the state machines found, step by step: replayed with every `make test`."""

from __future__ import annotations

from datetime import timedelta

from tests.state_machines.test_folder_sync_states import YEAR, FolderSyncStates
from tests.state_machines.test_library_states import LibraryStates


def test_stories_are_separated_when_all_headlines_lose_their_letters() -> None:
    states = LibraryStates()
    states.save(full=True, guids=[6, 2, 4, 0], hours=34, paper=1, text="নদীর বাঁধ ভাঙল কেলেঘাইয়ে")
    states.save(full=False, guids=[4], hours=9, paper=1, text="A bridge is opened")
    states.is_sound()
    states.save(full=True, guids=[3, 6, 0, 2], hours=17, paper=1, text="")
    states.is_sound()
    states.teardown()


def test_marks_and_lists_return_when_reader_db_is_lost_before_its_copy() -> None:
    states = LibraryStates()
    states.save(full=False, guids=[5, 0, 6], hours=3, paper=1, text="হাসপাতালে নতুন ওয়ার্ড")
    states.mark("starred", [0], True)
    states.put(at=1, name="court", on=True)
    states.lose_reader_db()
    states.has_what_the_model_has()
    states.is_sound()
    states.teardown()


def test_separated_stories_are_joined_when_reader_db_is_lost() -> None:
    states = LibraryStates()
    states.save(full=False, guids=[1, 0], hours=24, paper=1, text="বাস উল্টে আহত")
    states.fold(guid=0, text="বাস উল্টে আহত", apart=True)
    states.lose_reader_db()
    states.has_what_the_model_has()
    states.is_sound()
    states.teardown()


def test_list_lacks_an_unsaved_story_when_reader_db_is_lost_too() -> None:
    states = LibraryStates()
    states.put(at=5, name="rivers", on=True)
    states.lose_stories_db(returns=False, text="বাস উল্টে আহত")
    states.lose_reader_db()
    states.has_what_the_model_has()
    states.save(full=False, guids=[5], hours=1, paper=0, text="বাস উল্টে আহত")
    states.has_what_the_model_has()
    states.teardown()


def test_undo_does_nothing_to_a_pruned_story_that_came_back() -> None:
    states = LibraryStates()
    states.mark(ats=[12], mark="read", on=True)
    states.prune(at=20, hours=36)
    states.mark_in_reader_db_alone(at=12, mark="starred", on=False)
    states.undo(at=4, mark="starred")
    states.has_what_the_model_has()
    states.teardown()


def test_changes_return_from_the_own_file_after_a_restore_and_a_clock_put_back() -> None:
    states = FolderSyncStates()
    states.begin([timedelta(0), timedelta(0)])
    states.restore(which=0, mark="starred", story=0, on=True)
    states.set_clock(which=0, ahead=-YEAR)
    states.sync_with_folder(which=0)
    states.teardown()  # all agree


def test_changes_return_from_another_machine_after_a_restore() -> None:
    states = FolderSyncStates()
    states.begin([timedelta(0), YEAR, timedelta(0)])
    states.back_up(which=1)
    states.sync_with_folder(which=1)
    states.search(name="নদী", query="b", which=1)
    states.restore(which=1, mark="read", story=0, on=True)
    states.deliver(at=1.0, how="whole", one=1, other=2)
    states.sync_with_folder(which=2)
    states.earlier_version_comes_back(at=0.0, which=1)
    states.teardown()  # all agree


def test_changes_after_a_hole_return_when_an_earlier_file_comes_back() -> None:
    states = FolderSyncStates()
    states.begin([timedelta(minutes=-5), timedelta(0)])
    states.sync_with_folder(which=1)
    states.position(item=1, story=0, which=1)
    states.sync_with_folder(which=0)
    states.back_up(which=1)
    states.position(item=1, story=1, which=1)
    states.position(item=7, story=3, which=1)
    states.restore(which=1, mark="read", story=0, on=True)
    states.deliver(at=0.4, how="hole", one=1, other=0)
    states.earlier_version_comes_back(at=0.0, which=1)
    states.teardown()  # all agree


def test_changes_that_only_a_conflict_copy_has_reach_all_machines() -> None:
    states = FolderSyncStates()
    states.begin([timedelta(0)] * 3)
    states.restore(which=0, mark="read", story=1, on=True)
    states.contradict(one=0, other=1, mark="later", story=3, on=False)
    states.restore(which=1, mark="read", story=1, on=False)
    states.deliver(at=0.95, how="copy", one=1, other=0)
    states.earlier_version_comes_back(at=0.15, which=1)
    states.teardown()  # all agree
