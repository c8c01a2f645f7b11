from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from bpost_tui.errors import StoreError
from bpost_tui.limits import MAX_FILES
from bpost_tui.mark_changes import marks_file
from bpost_tui.mark_changes.field_changes import Changes, FieldChange, Subject, SubjectKind
from bpost_tui.mark_changes.marks_file import FileProgress, MarksFileHeader, dump_header
from bpost_tui.mark_changes.merge_rule import merge_changes
from bpost_tui.mark_sync import sync_folder
from bpost_tui.mark_sync.machine_identity import MachineIdentity
from bpost_tui.mark_sync.sync_folder import SyncFolder, file_name
from tests.marks_lines import dump_changes

LAPTOP, DESKTOP = MachineIdentity("a" * 16, "laptop"), MachineIdentity("d" * 16, "desktop")


def story(number: int, *, at: int = 1, on: bool = True) -> Changes:
    return {Subject(SubjectKind.STORY, f"guid {number}", "example.org"): {"read": FieldChange(at, on)}}


def ignore(_: Changes) -> None:
    """Ignore the changes."""


class FolderReader:
    """A machine, with its library's progress in reading the folder."""

    def __init__(self, path: Path, machine: MachineIdentity) -> None:
        self.folder = SyncFolder(path, machine)
        self.known: dict[str, FileProgress] = {}
        self.all: Changes = {}

    def look(self) -> Changes:
        """Scan the folder, remember the progress, and return the new changes."""
        new: list[Changes] = []
        look = self.folder.scan(self.known, new.append)
        self.known = {**self.known, **{each.progress.name: each.progress for each in look.files if each.new_content}}
        for name in look.missing:
            del self.known[name]
        self.all = merge_changes([self.all, *new])
        self.faults = [*look.faults, *(fault for each in look.files if each.new_content for fault in each.new_content.faults)]
        self.copies = [each.progress.name for each in look.files if each.is_copy]
        self.own = self.folder.own_file(look)
        return merge_changes(new)

    def write(self, changes: Changes) -> bool:
        """Scan the folder and write `changes`; return whether the own file could be appended to."""
        self.look()
        written = self.folder.append(changes, self.own) if self.own else None
        appended = written is not None
        self.all = merge_changes([self.all, changes])
        state = (written or self.folder.rewrite(self.all)).progress
        self.known[state.name] = state
        return appended


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "Sync" / "bpost"


@pytest.fixture
def laptop(path: Path) -> FolderReader:
    path.parent.mkdir()
    return FolderReader(path, LAPTOP)


@pytest.fixture
def desktop(path: Path, laptop: FolderReader) -> FolderReader:
    return FolderReader(path, DESKTOP)


def test_written_changes_are_read_once(laptop: FolderReader, desktop: FolderReader) -> None:
    assert laptop.write(story(1)) is False
    assert desktop.look() == story(1)
    assert desktop.look() == {}
    assert laptop.write(story(2)) is True
    assert desktop.look() == story(2)


def test_sync_file_and_new_folder_are_private(laptop: FolderReader, path: Path) -> None:
    laptop.write(story(1))
    laptop.write(story(2))
    assert path.stat().st_mode & 0o777 == 0o700
    assert [(each.name, each.stat().st_mode & 0o777) for each in path.iterdir()] == [(file_name(LAPTOP.id), 0o600)]


def test_replaced_file_of_equal_length_is_read_whole(laptop: FolderReader, desktop: FolderReader, path: Path) -> None:
    laptop.write(story(1))
    desktop.look()
    laptop.folder.rewrite(story(2))
    assert desktop.look() == story(2)


def test_file_restored_to_an_earlier_version_loses_no_changes(laptop: FolderReader, desktop: FolderReader, path: Path) -> None:
    laptop.write(story(1))
    file = path / file_name(LAPTOP.id)
    earlier = file.read_bytes()
    laptop.write(story(2))
    desktop.look()
    file.write_bytes(earlier)
    desktop.look()
    assert desktop.all == merge_changes([story(1), story(2)])
    assert laptop.write(story(3)) is False  # the file isn't as this machine left it, so it is rewritten
    desktop.look()
    assert desktop.all == merge_changes(map(story, (1, 2, 3)))


def test_partial_file_is_reread_from_its_first_missing_line(laptop: FolderReader, desktop: FolderReader, path: Path) -> None:
    for number in range(6):
        laptop.write(story(number))
    file = path / file_name(LAPTOP.id)
    whole = file.read_bytes()
    third = whole.index(b"guid 2") - 30
    file.write_bytes(whole[:third] + bytes(60) + whole[third + 60 :])
    desktop.look()
    assert 4 <= len(desktop.all) < 6
    assert len(desktop.faults) == 1
    file.write_bytes(whole)
    desktop.look()
    assert (desktop.all, desktop.faults) == (laptop.all, [])


def test_half_written_own_file_is_rewritten(laptop: FolderReader, desktop: FolderReader, path: Path) -> None:
    laptop.write(story(1))
    with (path / file_name(LAPTOP.id)).open("ab") as file:
        file.write(next(dump_changes(story(2)))[:30])
    (path / f".{file_name(LAPTOP.id)}.1.1.part").write_bytes(b"half")
    assert laptop.write(story(2)) is False
    assert desktop.look() == merge_changes([story(1), story(2)])
    assert (desktop.faults, os.listdir(path)) == ([], [file_name(LAPTOP.id)])


def test_own_file_is_written_despite_foreign_drafts(laptop: FolderReader, desktop: FolderReader, path: Path) -> None:
    (path / f".{file_name(LAPTOP.id)}.1.1.part").mkdir(parents=True)
    (path / f".{file_name(LAPTOP.id)}.2.2.part").symlink_to("nowhere")
    laptop.write(story(1))
    assert desktop.look() == story(1)


def test_own_file_is_appended_to_when_progress_was_lost(laptop: FolderReader) -> None:
    laptop.write(story(1))
    before = laptop.known
    laptop.write(story(2))
    laptop.known = before
    assert laptop.write(story(2)) is True


@pytest.mark.parametrize(
    "name",
    [
        f"marks-{LAPTOP.id}.sync-conflict-20261126-120000-ABCDEFG.jsonl",
        f"marks-{LAPTOP.id} (desktop's conflicted copy 2026-11-26).jsonl",
        f"marks-{LAPTOP.id} (conflicted copy 2026-11-26 120000).jsonl",
        f"marks-{LAPTOP.id}-desktop.jsonl",
        f"marks-{LAPTOP.id} (1).jsonl",
    ],
)
def test_conflict_copy_is_merged_and_listed(laptop: FolderReader, desktop: FolderReader, path: Path, name: str) -> None:
    laptop.write(story(1))
    (path / name).write_bytes(dump_header(MarksFileHeader(LAPTOP.id, "laptop", "", 1)) + b"".join(dump_changes(story(2))))
    assert desktop.look() == merge_changes([story(1), story(2)])
    assert desktop.copies == [name]


def test_foreign_files_are_harmless_and_reported(laptop: FolderReader, desktop: FolderReader, path: Path) -> None:
    laptop.write(story(1))
    (path / "notes.txt").write_text("mine")
    (path / "marks-notes.jsonl").write_text("mine\n")
    (path / "marks-empty.jsonl").touch()
    (path / "marks-newer.jsonl").write_bytes(dump_header(MarksFileHeader("b" * 16, "", "", 0)).replace(b'"bpost":1', b'"bpost":2'))
    (path / ".stfolder").mkdir()
    (path / "~syncthing~marks.jsonl.tmp").touch()
    (path / "marks-folder.jsonl").mkdir()
    os.mkfifo(path / "marks-pipe.jsonl")
    (path / "marks-link.jsonl").symlink_to(file_name(LAPTOP.id))
    assert desktop.look() == story(1)
    assert {fault.file for fault in desktop.faults} == {
        "notes.txt", "marks-notes.jsonl", "marks-empty.jsonl", "marks-newer.jsonl",
        "marks-folder.jsonl", "marks-pipe.jsonl", "marks-link.jsonl",
    }  # fmt: skip
    assert {fault.line for fault in desktop.faults} == {0}


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the system doesn't list a process's descriptors")
def test_folder_named_like_a_marks_file_leaves_no_descriptor_open(desktop: FolderReader, path: Path) -> None:
    (path / "marks-folder.jsonl").mkdir(parents=True)
    os.mkfifo(path / "marks-pipe.jsonl")
    desktop.look()
    before = os.listdir("/proc/self/fd")
    desktop.look()
    assert {*os.listdir("/proc/self/fd")} <= {*before}
    assert {fault.reason for fault in desktop.faults} == {"not written by bpost"}


def test_planted_link_at_the_own_name_is_never_followed(laptop: FolderReader, path: Path, tmp_path: Path) -> None:
    path.mkdir()
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (path / file_name(LAPTOP.id)).symlink_to(victim)
    laptop.write(story(1))
    laptop.write(story(2))
    assert victim.read_text() == "precious"
    assert not (path / file_name(LAPTOP.id)).is_symlink()


def test_hard_linked_own_file_is_not_appended_to(laptop: FolderReader, path: Path, tmp_path: Path) -> None:
    laptop.write(story(1))
    os.link(path / file_name(LAPTOP.id), tmp_path / "version")
    before = (tmp_path / "version").read_bytes()
    assert laptop.write(story(2)) is False
    assert (tmp_path / "version").read_bytes() == before


def test_machines_sharing_an_id_end_equal(path: Path, laptop: FolderReader) -> None:
    clone = FolderReader(path, LAPTOP)
    for number in range(0, 6, 2):
        laptop.write(story(number))
        clone.write(story(number + 1))
    laptop.look()
    assert laptop.all == clone.all == merge_changes(map(story, range(6)))


def _newer_header(header: bytes) -> bytes:
    """Return the first line of a file as a newer bpost would write it."""
    first = header.split(b"\n")[0]
    later = b"{" + first[len('{"sum":"00000000",') :].replace(b'"bpost":1', b'"bpost":9')
    return b'{"sum":"%08x",%b\n' % (crc32(later), later[1:])


def test_newer_own_file_is_not_written(laptop: FolderReader, path: Path) -> None:
    path.mkdir()
    file = path / file_name(LAPTOP.id)
    file.write_bytes(_newer_header(dump_header(MarksFileHeader(LAPTOP.id, "", "", 0))))
    with pytest.raises(StoreError, match="a newer bpost wrote it"):
        laptop.write(story(1))


def test_unchanged_sync_file_is_not_read_again(
    laptop: FolderReader, desktop: FolderReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop.write(story(1))
    desktop.look()
    assert [each.new_content is None for each in desktop.folder.scan(desktop.known, ignore).files] == [
        False
    ]  # the file may change again within the same tick of the clock
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    desktop.look()
    assert [each.new_content is None for each in desktop.folder.scan(desktop.known, ignore).files] == [True]
    laptop.look()
    assert laptop.write(story(2)) is True
    assert desktop.look() == story(2)


def test_deleted_sync_file_is_forgotten(laptop: FolderReader, desktop: FolderReader, path: Path) -> None:
    laptop.write(story(1))
    desktop.look()
    (path / file_name(LAPTOP.id)).unlink()
    desktop.look()
    assert (desktop.known, desktop.all) == ({}, story(1))
    assert laptop.write(story(2)) is False
    desktop.look()
    assert desktop.all == laptop.all


# ── folders that can't be used ──────────────────────────────────────────────


def test_folder_without_a_parent_is_an_error_and_not_created(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        FolderReader(tmp_path / "unmounted" / "bpost", LAPTOP).look()
    assert "\n" not in caught.value.message
    assert caught.value.hint
    assert os.listdir(tmp_path) == []


def test_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "bpost").touch()
    with pytest.raises(StoreError):
        FolderReader(tmp_path / "bpost", LAPTOP).look()


@pytest.fixture
def nobody() -> Iterator[None]:
    """Run as the user nobody, because root may write anywhere."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


@pytest.fixture
def read_only() -> Iterator[Path]:
    """Yield a read-only folder with a machine's file, outside pytest's private folder."""
    sync_folder = Path(tempfile.mkdtemp())
    FolderReader(sync_folder, LAPTOP).write(story(1))
    for file in sync_folder.iterdir():
        file.chmod(0o444)
    sync_folder.chmod(0o555)
    yield sync_folder
    sync_folder.chmod(0o700)
    shutil.rmtree(sync_folder)


@pytest.mark.usefixtures("nobody")
def test_read_only_folder_is_read_and_writing_is_an_error(read_only: Path) -> None:
    desktop = FolderReader(read_only, DESKTOP)
    assert desktop.look() == story(1)
    with pytest.raises(StoreError):
        desktop.write(story(2))


@pytest.fixture
def _no_signal() -> Iterator[None]:
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGXFSZ, before)


@pytest.mark.usefixtures("_no_signal")
def test_own_file_is_unchanged_on_a_full_disk(laptop: FolderReader, desktop: FolderReader, path: Path) -> None:
    laptop.write(story(1))
    file = path / file_name(LAPTOP.id)
    before = file.read_bytes()
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 20, limit[1]))
    try:
        with pytest.raises(StoreError):
            laptop.write(story(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert file.read_bytes() == before
    assert laptop.write(story(2)) is True
    assert desktop.look() == merge_changes([story(1), story(2)])


def test_mostly_overtaken_file_needs_compaction(laptop: FolderReader) -> None:
    laptop.write(story(1))
    for at in range(1, 1002, 250):
        several = [story(1, at=each) for each in range(at, at + 250)]
        assert laptop.own is None or not laptop.own.needs_compaction
        with (laptop.folder.path / laptop.folder.own_name).open("ab") as file:
            file.write(b"".join(line for each in several for line in dump_changes(each)))
        laptop.look()
    assert laptop.own is not None
    assert laptop.own.needs_compaction


def test_copied_folder_is_read_like_the_original(laptop: FolderReader, path: Path, tmp_path: Path) -> None:
    laptop.write(story(1))
    shutil.copytree(path, tmp_path / "copied")
    assert FolderReader(tmp_path / "copied", DESKTOP).look() == story(1)


@pytest.mark.parametrize("name", [b"marks-0123456789abcdef (m\xe1quina).jsonl", b"marks-a\nNo problems.jsonl", b"\xff\x1b[2J"])
def test_file_with_an_unprintable_name_is_not_read(laptop: FolderReader, desktop: FolderReader, path: Path, name: bytes) -> None:
    laptop.write(story(1))
    Path(os.fsdecode(os.fsencode(path) + b"/" + name)).write_bytes(
        dump_header(MarksFileHeader(LAPTOP.id, "laptop", "", 1)) + b"".join(dump_changes(story(2)))
    )
    assert desktop.look() == story(1)
    (fault,) = desktop.faults
    assert fault.file.isprintable() and fault.file.isascii()
    assert set(desktop.known) == {file_name(LAPTOP.id)}


def test_conflict_copies_exclude_no_machine(laptop: FolderReader, desktop: FolderReader, path: Path) -> None:
    laptop.write(story(1))
    for number in range(2 * MAX_FILES):
        name = f"marks-{'0' * 16}.sync-conflict-{number:04}.jsonl"
        (path / name).write_bytes(dump_header(MarksFileHeader("0" * 16, "phone", "", 0)))
    assert desktop.look() == story(1)
    assert len(desktop.known) == MAX_FILES
    assert [(fault.line, str(fault.reason)) for fault in desktop.faults] == [
        (0, f"more than {MAX_FILES} files; the others aren't read")
    ]


def test_folder_with_the_maximum_number_of_files_is_read(laptop: FolderReader, desktop: FolderReader, path: Path) -> None:
    laptop.write(story(1))
    for number in range(MAX_FILES - 1):
        (path / file_name(f"{number:016x}")).write_bytes(dump_header(MarksFileHeader(f"{number:016x}", "phone", "", 0)))
    assert desktop.look() == story(1)
    assert (len(desktop.known), desktop.faults) == (MAX_FILES, [])


@pytest.mark.parametrize("is_known", [True, False])
def test_files_of_fake_machines_exclude_no_real_machine(
    laptop: FolderReader, desktop: FolderReader, path: Path, is_known: bool
) -> None:
    desktop.look()
    if is_known:
        laptop.write(story(1))
        assert desktop.look() == story(1)
    for number in range(2 * MAX_FILES):
        (path / file_name(f"{number:016x}")).write_bytes(dump_header(MarksFileHeader(f"{number:016x}", "none", "", 0)))
        os.utime(path / file_name(f"{number:016x}"), (number, number))
    desktop.look()
    laptop.write(story(2))
    if is_known:  # for a machine that knows the file, its time doesn't matter either
        os.utime(path / file_name(LAPTOP.id), (0, 0))
    assert desktop.look() == story(2)


def test_waiting_change_is_read_when_due(path: Path, laptop: FolderReader) -> None:
    now = [1_790_000_000.0]
    desktop = FolderReader(path, DESKTOP)
    desktop.folder = SyncFolder(path, DESKTOP, clock=lambda: now[0])
    ahead = int((now[0] + 3 * 24 * 3600) * 1_000_000)
    laptop.write(merge_changes([story(1, at=ahead), story(2)]))
    os.utime(path / file_name(LAPTOP.id), (now[0], now[0]))
    assert desktop.look() == story(2)
    assert [each.new_content.future_count for each in desktop.folder.scan(desktop.known, ignore).files if each.new_content] == [1]
    now[0] += 2 * 24 * 3600
    assert desktop.look() == merge_changes(
        [story(1, at=ahead), *([story(2)] if Subject(SubjectKind.STORY, "guid 2", "example.org") in desktop.all else [])]
    )


def test_own_file_never_exceeds_the_reading_limit(
    laptop: FolderReader, desktop: FolderReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_folder, "MAX_FILE_BYTES", 20_000)
    monkeypatch.setattr(sync_folder, "_SPARE_BYTES", 2_000)
    for number in range(0, 300, 10):
        laptop.write(merge_changes(story(number + each, at=number + each) for each in range(10)))
        assert (laptop.folder.path / file_name(LAPTOP.id)).stat().st_size <= 20_000
    desktop.look()
    assert not desktop.faults
    assert story(299).keys() <= desktop.all.keys()
    assert len(desktop.all) < 300


def test_full_own_file_keeps_the_newest_changes(
    laptop: FolderReader, desktop: FolderReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_changes = merge_changes(story(number, at=at) for number, at in enumerate((3, 1, 4, 2)))
    laptop.folder.path.mkdir()
    monkeypatch.setattr(sync_folder, "_SPARE_BYTES", 0)
    size = sum(map(len, dump_changes(all_changes)))
    monkeypatch.setattr(sync_folder, "MAX_FILE_BYTES", size)
    assert laptop.folder.preview(all_changes).omitted == 0
    monkeypatch.setattr(sync_folder, "MAX_FILE_BYTES", size // 2)
    assert (laptop.folder.preview(all_changes).omitted, laptop.folder.rewrite(all_changes).omitted) == (2, 2)
    monkeypatch.undo()
    assert desktop.look() == merge_changes([story(0, at=3), story(2, at=4)])


def test_own_file_is_unchanged_when_fsync_fails(laptop: FolderReader, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    laptop.write(story(1))
    before = (path / file_name(LAPTOP.id)).read_bytes()

    def fail(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StoreError):
        laptop.write(story(2))
    assert (path / file_name(LAPTOP.id)).read_bytes() == before


def test_bug_in_reading_one_file_affects_no_other(laptop: FolderReader, desktop: FolderReader) -> None:
    phone = FolderReader(laptop.folder.path, MachineIdentity("b" * 16, "phone"))
    laptop.folder.path.mkdir()
    laptop.folder.rewrite(story(1))
    phone.folder.rewrite(story(2))
    received: list[Changes] = []

    def take(changes: Changes) -> None:
        if changes == story(1):
            raise OverflowError
        received.append(changes)

    look = desktop.folder.scan({}, take)
    assert received == [story(2)] and [each.progress.name for each in look.files if each.new_content] == [phone.folder.own_name]
    assert [(fault.file, fault.line, str(fault.reason)) for fault in look.faults] == [
        (laptop.folder.own_name, 0, "it can't be read (OverflowError)")
    ]


def test_newer_own_file_does_not_block_other_machines_changes(laptop: FolderReader, desktop: FolderReader, path: Path) -> None:
    laptop.write(story(1))
    desktop.write(story(2))
    file = path / file_name(LAPTOP.id)
    file.write_bytes(_newer_header(file.read_bytes()))
    new: list[Changes] = []
    look = laptop.folder.scan({}, new.append)
    assert new == [merge_changes([story(1), story(2)])]  # the other machine's changes
    with pytest.raises(StoreError, match="a newer bpost wrote it"):
        laptop.folder.own_file(look)


def test_large_file_is_read_in_batches(laptop: FolderReader, desktop: FolderReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks_file, "_BATCH_SUBJECTS", 10)
    laptop.write(merge_changes(map(story, range(95))))
    received: list[Changes] = []
    desktop.folder.scan({}, received.append)
    assert [len(each) for each in received] == [10] * 9 + [5]
    assert merge_changes(received) == laptop.all


def test_rejected_change_is_named_and_the_others_are_written(laptop: FolderReader, desktop: FolderReader) -> None:
    laptop.folder.path.mkdir()
    strange = {Subject(SubjectKind.STORY, "a\u200bb", "example.org"): {"read": FieldChange(1, True)}}
    written = laptop.folder.rewrite({**strange, **story(1)})
    assert written.rejected == strange.keys() and not written.omitted
    laptop.known = {written.progress.name: written.progress}
    laptop.look()
    assert laptop.own
    appended = laptop.folder.append({**strange, **story(2)}, laptop.own)
    assert appended and appended.rejected == strange.keys()
    assert desktop.look() == merge_changes([story(1), story(2)])


def test_newer_file_of_another_machine_is_a_single_fault(laptop: FolderReader, desktop: FolderReader, path: Path) -> None:
    desktop.write(story(2))
    file = path / file_name(DESKTOP.id)
    file.write_bytes(_newer_header(file.read_bytes()))
    look = laptop.folder.scan({}, ignore)
    assert [(fault.file, fault.line) for fault in look.faults] == [(file.name, 0)]
    assert (look.newer_error, laptop.folder.own_file(look)) == (None, None)
    assert laptop.write(story(1)) is False


def test_unopenable_file_is_a_fault_with_the_systems_message(laptop: FolderReader, desktop: FolderReader, path: Path) -> None:
    laptop.write(story(1))
    (path / file_name("c" * 16)).symlink_to(path / file_name(LAPTOP.id))
    assert desktop.look() == story(1)
    assert [(fault.file, fault.line, str(fault.reason)) for fault in desktop.faults] == [
        (file_name("c" * 16), 0, os.strerror(errno.ELOOP))
    ]


def test_change_waits_when_more_than_a_day_ahead(laptop: FolderReader, path: Path) -> None:
    now = 1_790_000_000
    day_us = (now + 24 * 3600) * 1_000_000
    path.mkdir()
    laptop.folder.rewrite(merge_changes([story(1, at=day_us), story(2, at=day_us + 1)]))
    received: list[Changes] = []
    SyncFolder(path, DESKTOP, clock=lambda: now).scan({}, received.append)
    assert received == [story(1, at=day_us)]


def test_file_needs_compaction_above_twice_its_first_lines(laptop: FolderReader) -> None:
    laptop.write(story(1))
    laptop.look()
    assert laptop.own is not None
    header, state = laptop.own.header._replace(entries=3), laptop.own.progress
    most = 2 * 3 + sync_folder._MAX_SPARE_LINES
    marks_file = [laptop.own._replace(header=header, progress=state._replace(valid_lines=most + more)) for more in (0, 1)]
    assert [each.needs_compaction for each in marks_file] == [False, True]


def test_file_is_appended_to_exactly_up_to_the_reading_limit(laptop: FolderReader, monkeypatch: pytest.MonkeyPatch) -> None:
    laptop.write(story(1))
    laptop.look()
    (line,) = dump_changes(story(2))
    assert laptop.own is not None
    size = laptop.own.size
    monkeypatch.setattr(sync_folder, "MAX_FILE_BYTES", size + len(line) - 1)
    assert laptop.folder.append(story(2), laptop.own) is None
    before = len(os.listdir("/proc/self/fd"))
    monkeypatch.setattr(sync_folder, "MAX_FILE_BYTES", size + len(line))
    written = laptop.folder.append(story(2), laptop.own)
    assert len(os.listdir("/proc/self/fd")) == before
    assert written is not None
    assert (written.progress.valid_bytes, written.progress.valid_lines) == (size + len(line), 3)


def test_rewritten_file_has_its_exact_progress(laptop: FolderReader, path: Path) -> None:
    path.mkdir()
    state = laptop.folder.rewrite(merge_changes(map(story, range(5)))).progress
    data = (path / file_name(LAPTOP.id)).read_bytes()
    assert (state.valid_bytes, state.valid_lines) == (len(data), data.count(b"\n")) == (len(data), 6)
    look = laptop.folder.scan({state.name: state}, ignore)
    assert [(each.is_continued, each.header.entries, each.progress.valid_lines) for each in look.files] == [(True, 5, 6)]


def test_changes_in_a_file_include_waiting_ones(laptop: FolderReader, desktop: FolderReader) -> None:
    ahead = int((time.time() + 3 * 24 * 3600) * 1_000_000)
    laptop.write(merge_changes([story(1), story(2, at=ahead)]))
    assert desktop.folder.changes_in(laptop.folder.own_name) == laptop.all
    assert desktop.folder.changes_in(desktop.folder.own_name) == {}


def test_rolled_back_names_files_that_lost_changes(laptop: FolderReader, desktop: FolderReader, path: Path) -> None:
    laptop.write(story(1))
    desktop.write(story(2))
    desktop.look()
    laptop.folder.rewrite(story(3))
    assert desktop.folder.scan(desktop.known, ignore).rolled_back(desktop.known) == (laptop.folder.own_name,)
    (path / laptop.folder.own_name).unlink()
    assert desktop.folder.scan(desktop.known, ignore).rolled_back(desktop.known) == (laptop.folder.own_name,)
    assert desktop.folder.scan({}, ignore).rolled_back({}) == ()


def test_file_read_by_an_earlier_bpost_is_reread_whole(laptop: FolderReader, desktop: FolderReader) -> None:
    laptop.write({**story(1), **story(2)})
    desktop.look()
    name = file_name(LAPTOP.id)
    desktop.known[name] = desktop.known[name]._replace(vocabulary=marks_file.VOCABULARY_VERSION - 1, version="")
    assert set(desktop.look()) == {*story(1), *story(2)}


def test_fault_has_its_line_number_in_the_file(laptop: FolderReader, desktop: FolderReader, path: Path) -> None:
    laptop.write({**story(1), **story(2)})
    file = path / file_name(LAPTOP.id)
    first, second, third = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(first + second + third.replace(b"guid", b"gold"))
    desktop.look()
    assert [fault.line for fault in desktop.faults] == [3]
    assert desktop.known[file.name].valid_lines == 2


def test_preview_counts_a_line_for_each_change_and_the_header(laptop: FolderReader) -> None:
    assert laptop.folder.preview({**story(1), **story(2)}).progress.valid_lines == 3
