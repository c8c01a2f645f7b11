"""Failures that the state machines found, step by step: replayed with every `make test`."""

from __future__ import annotations

from datetime import timedelta

from tests.state_machines.test_folder_sync_states import YEAR, ExchangeStates
from tests.state_machines.test_library_states import LibraryStates


def test_stories_that_all_lose_the_letters_of_their_headlines_are_no_longer_one_news() -> None:
    states = LibraryStates()
    states.save(full=True, guids=[6, 2, 4, 0], hours=34, paper=1, text="নদীর বাঁধ ভাঙল কেলেঘাইয়ে")
    states.save(full=False, guids=[4], hours=9, paper=1, text="A bridge is opened")
    states.is_sound()
    states.save(full=True, guids=[3, 6, 0, 2], hours=17, paper=1, text="")
    states.is_sound()
    states.teardown()


def test_marks_and_lists_come_back_where_the_reader_s_file_is_gone_and_there_is_no_copy_of_it_yet() -> None:
    states = LibraryStates()
    states.save(full=False, guids=[5, 0, 6], hours=3, paper=1, text="হাসপাতালে নতুন ওয়ার্ড")
    states.mark("starred", [0], True)
    states.put(at=1, name="court", on=True)
    states.lose_the_reader_s_file()
    states.has_what_the_model_has()
    states.is_sound()
    states.teardown()


def test_stories_that_were_taken_apart_are_one_news_again_where_the_reader_s_file_is_gone() -> None:
    states = LibraryStates()
    states.save(full=False, guids=[1, 0], hours=24, paper=1, text="বাস উল্টে আহত")
    states.fold(apart=True, one=1, other=9)
    states.lose_the_reader_s_file()
    states.has_what_the_model_has()
    states.is_sound()
    states.teardown()


def test_what_only_another_machine_knows_after_a_backup_was_restored_comes_back_from_it() -> None:
    states = ExchangeStates()
    states.begin([timedelta(0), YEAR, timedelta(0)])
    states.back_up(which=1)
    states.exchange(which=1)
    states.search(name="নদী", query="b", which=1)
    states.restore(which=1)
    states.deliver(at=1.0, how="whole", one=1, other=2)
    states.exchange(which=2)
    states.earlier_version_comes_back(at=0.0, which=1)
    states.teardown()  # all agree


def test_what_was_read_behind_a_hole_comes_back_from_its_reader_where_the_file_is_an_earlier_one_again() -> None:
    states = ExchangeStates()
    states.begin([timedelta(minutes=-5), timedelta(0)])
    states.exchange(which=1)
    states.position(item=1, story=0, which=1)
    states.exchange(which=0)
    states.back_up(which=1)
    states.position(item=1, story=1, which=1)
    states.position(item=7, story=3, which=1)
    states.restore(which=1)
    states.deliver(at=0.4, how="hole", one=1, other=0)
    states.earlier_version_comes_back(at=0.0, which=1)
    states.teardown()  # all agree
