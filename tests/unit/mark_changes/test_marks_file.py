from __future__ import annotations

import json
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.errors import ContentError
from bpost_tui.limits import MAX_LINE_BYTES, MAX_QUERY_CHARS
from bpost_tui.mark_changes import marks_file
from bpost_tui.mark_changes.field_changes import MAX_TIME_US, Changes, FieldChange, Subject, SubjectKind, separation_field
from bpost_tui.mark_changes.marks_file import (
    FileFault,
    MarksFileHeader,
    dump_header,
    dump_subjects,
    parse_header,
)
from bpost_tui.mark_changes.merge_rule import merge_changes
from bpost_tui.model.sanitize import MAX_SAVED_GUID_CHARS
from bpost_tui.untrusted import Fields
from bpost_tui.urls import MAX_LINK_CHARS
from tests.marks_lines import dump_changes, line, read_lines
from tests.unit.mark_changes.strategies import CHANGES

HEADER = MarksFileHeader("0123456789abcdef", "ল্যাপটপ", "12ab", 3)
CHANGED = {
    Subject(SubjectKind.STORY, f"https://example.org/?p={number}", "example.org"): {
        "read": FieldChange(1_790_000_000_000_000 + number, True)
    }
    for number in range(4)
}


@given(CHANGES)
def test_written_changes_are_read_back_unchanged(changes: Changes) -> None:
    found, reading = read_lines(b"".join(dump_changes(changes)))
    assert found == changes
    assert (reading.fault_count, reading.newer_count) == (0, 0)


@given(CHANGES, CHANGES)
def test_appended_lines_are_merged_with_earlier_ones(one: Changes, two: Changes) -> None:
    assert read_lines(b"".join((*dump_changes(one), *dump_changes(two))))[0] == merge_changes([one, two])


def test_written_header_is_read_back_unchanged() -> None:
    assert parse_header(dump_header(HEADER)) == HEADER


def test_header_with_only_a_machine_has_0_entries() -> None:
    assert parse_header(line(bpost=1, machine=HEADER.machine)) == MarksFileHeader(HEADER.machine, "", "", 0)


def test_fault_has_a_line_number_or_0_for_the_whole_file() -> None:
    assert FileFault("marks-a.jsonl", 3, "why").as_message() == "marks-a.jsonl, line 3: why"
    assert FileFault("marks-a.jsonl", 0, "why").as_message() == "marks-a.jsonl: why"


def test_long_subject_is_split_over_several_lines() -> None:
    many = {f"list:{number}": FieldChange(1, True) for number in range(81)}
    pairs = {separation_field(f"b{number}", "b.example"): FieldChange(1, True) for number in range(3)}
    changes: Changes = {
        Subject(SubjectKind.STORY, "a", "a.example"): many,
        Subject(SubjectKind.SEPARATION, "a", "a.example"): pairs,
    }
    assert [subject.kind for subject, _ in dump_subjects(changes)] == [SubjectKind.STORY] * 3 + [SubjectKind.SEPARATION] * 3
    assert read_lines(b"".join(dump_changes(changes)))[0] == changes


@given(st.data())
def test_truncated_marks_file_keeps_all_lines_before_the_cut(data: st.DataObject) -> None:
    whole = b"".join(dump_changes(CHANGED))
    end = data.draw(st.integers(0, len(whole)))
    changes, reading = read_lines(whole[:end])
    complete = whole[:end].count(b"\n")
    assert list(changes) == list(CHANGED)[:complete]
    assert reading.valid_bytes == whole[:end].rfind(b"\n") + 1
    assert reading.fault_count == (end > reading.valid_bytes)


@given(st.data())
def test_marks_file_with_a_hole_loses_only_the_lines_in_it(data: st.DataObject) -> None:
    marks_file = list(dump_changes(CHANGED))
    whole = b"".join(marks_file)
    begin = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(begin + 1, len(whole)))
    changes, reading = read_lines(whole[:begin] + bytes(end - begin) + whole[end:])
    first, last = whole[:begin].count(b"\n"), whole[: end - 1].count(b"\n")
    kept = [subject for number, subject in enumerate(CHANGED) if not first <= number <= last]
    assert set(changes) <= set(kept)
    assert len(kept) - len(changes) <= 1  # one more if the newline before it lay in the hole
    assert reading.valid_bytes == len(b"".join(marks_file[:first]))
    assert reading.fault_count >= 1


@given(st.integers(0, 600), st.integers(1, 255))
def test_line_with_a_changed_byte_is_never_accepted(at: int, other: int) -> None:
    whole = bytearray(b"".join(dump_changes(CHANGED)))
    whole[at % len(whole)] ^= other
    changes, _ = read_lines(bytes(whole))
    assert all(CHANGED[subject] == fields for subject, fields in changes.items())
    assert len(changes) >= 2


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_no_changes(data: bytes) -> None:
    assert read_lines(data)[0] == {}
    with pytest.raises(ContentError):
        parse_header(data)


FIELDS: dict[str, object] = {"story": "g", "paper": "example.org"}


@pytest.mark.parametrize(
    "fields",
    [
        FIELDS | {"read": [-1, True]},
        FIELDS | {"read": [MAX_TIME_US + 1, True]},
        FIELDS | {"read": [1, 1]},
        FIELDS | {"read": [True, True]},
        FIELDS | {"read": [1.5, True]},
        FIELDS | {"read": [1]},
        FIELDS | {"read": True},
        FIELDS | {"server:read": [1, 0]},
        FIELDS | {"server:read": [1, -MAX_TIME_US - 1]},
        FIELDS | {"position": [1, [1, 2.0]]},
        FIELDS | {"position": [1, [-1, 0.5]]},
        FIELDS | {"position": [1, [True, 0.5]]},
        FIELDS | {"position": [1, [1, True]]},
        FIELDS | {"position": [1, [1, float("nan")]]},
        FIELDS | {"position": [1, [1 << 40, 0.5]]},
        FIELDS | {"position": [1, None]},
        FIELDS | {"link": "a" * (MAX_LINK_CHARS + 1)},
        FIELDS | {"link": 3},
        FIELDS | {"story": ""},
        FIELDS | {"story": "a" * (MAX_SAVED_GUID_CHARS + 1)},
        FIELDS | {"story": "\x1b[2J"},
        FIELDS | {"story": "a\u202eb"},
        FIELDS | {"story": "\udfff"},
        FIELDS | {"paper": "\U000f0000"},
        FIELDS | {"paper": 7},
        FIELDS | {"paper": ""},
        {"search": "rivers", "query": [1, ""]},
        {"search": "rivers", "query": [1, "\x07"]},
        {"search": "rivers", "query": [1, "x" * (MAX_QUERY_CHARS + 1)]},
        {"search": " rivers", "query": [1, "x"]},
        {"search": None, "query": [1, "x"]},
    ],
)
def test_line_with_an_invalid_field_is_a_numbered_fault(fields: dict[str, object]) -> None:
    changes, reading = read_lines(line(**FIELDS, read=[1, True]) + line(**fields))
    assert list(changes) == [Subject(SubjectKind.STORY, "g", "example.org")]
    assert [(fault.file, fault.line) for fault in reading.faults] == [("marks-a.jsonl", 2)]


@pytest.mark.parametrize("plain", [b"[" * 9000, b"{" + b'"a":[' * 5000, b'{"story":' + b"9" * 6000 + b"}", b"nonsense"])
def test_unparsable_line_with_a_right_checksum_is_a_fault(plain: bytes) -> None:
    data = b'{"sum":"%08x",%b\n' % (crc32(b"{" + plain[1:]), plain[1:])
    changes, reading = read_lines(data)
    assert (changes, reading.fault_count) == ({}, 1)


def test_too_long_line_is_one_fault_and_the_next_is_read() -> None:
    changes, reading = read_lines(
        line(**FIELDS, read=[1, True], more="x" * 3 * MAX_LINE_BYTES) + line(search="rivers", query=[1, "x"])
    )
    assert list(changes) == [Subject(SubjectKind.SEARCH, "rivers")]
    assert reading.faults == (FileFault("marks-a.jsonl", 1, "incomplete (still arriving)"),)


def test_newer_line_is_counted_and_its_known_fields_are_read() -> None:
    changes, reading = read_lines(line(dream="p", text=[1, "…"]) + line(**FIELDS, read=[1, True], lists=[1, ["x"]]))
    assert (len(changes), reading.newer_count, reading.fault_count, reading.valid_lines) == (1, 2, 0, 2)


def test_faults_of_a_file_are_listed_up_to_five() -> None:
    reading = read_lines(b"nonsense\n" * 1000)[1]
    assert (len(reading.faults), reading.fault_count) == (5, 1000)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "incomplete (still arriving)"),
        (dump_header(HEADER)[:40], "incomplete (still arriving)"),
        (bytes(100), "incomplete (still arriving)"),
        (b"# notes\n", "not written by bpost"),
        (line(bpost=2, machine="0" * 16), "a newer bpost wrote it"),
        (line(bpost=True, machine="0" * 16), "not written by bpost"),
        (line(bpost=1, machine="../../etc"), "not written by bpost"),
        (line(bpost=1), "'machine' is missing"),
    ],
)
def test_invalid_header_raises_an_error_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ContentError) as caught:
        parse_header(data)
    assert caught.value.message == reason


def test_unreadable_changes_are_not_written() -> None:
    strange = {
        Subject(SubjectKind.SEARCH, "a\u200bb"): {"query": FieldChange(1, "x")},
        Subject(SubjectKind.SEARCH, "\ud800"): {"query": FieldChange(1, "x")},
    }
    assert list(dump_changes(strange)) == []


@pytest.mark.parametrize("marked_us", [1, -1, MAX_TIME_US, -MAX_TIME_US])
def test_time_of_a_servers_mark_can_be_read_up_to_its_limits(marked_us: int) -> None:
    changes = {Subject(SubjectKind.STORY, "g", "p"): {"server:read": FieldChange(1, marked_us)}}
    assert read_lines(b"".join(dump_changes(changes)))[0] == changes


def test_longest_written_line_can_be_read() -> None:
    subject = Subject(SubjectKind.STORY, "ক" * MAX_SAVED_GUID_CHARS, "ক" * 300)
    changes = {subject: {"link": FieldChange(0, "ক" * MAX_LINK_CHARS), "position": FieldChange(MAX_TIME_US, (1, 0.5))}}
    assert read_lines(b"".join(dump_changes(changes)))[0] == changes


LONG = "1" + "0" * 400


@pytest.mark.parametrize(
    "value",
    [
        f'"position":[1,[1,{LONG}]]',
        f'"position":[1,[{LONG},0.5]]',
        f'"position":[1,[1,{"9" * 5000}]]',
        '"position":[1,[1,1e400]]',
        '"position":[1,[1,-Infinity]]',
        f'"read":[{LONG},true]',
        f'"read":[{"[" * 3000}{"]" * 3000},true]',
        '"link":"\\ud800"',
        '"list:\\ud800":[1,true]',
    ],
)
def test_line_that_breaks_pythons_parser_loses_only_itself(value: str) -> None:
    plain = f'{{"story":"h","paper":"example.org",{value}}}'.encode()
    hostile = b'{"sum":"%08x",' % crc32(plain) + plain[1:] + b"\n"
    changes, reading = read_lines(line(**FIELDS, read=[1, True]) + hostile + line(**FIELDS, starred=[1, True]))
    assert set(changes[Subject(SubjectKind.STORY, "g", "example.org")]) == {"read", "starred"}
    assert reading.fault_count == 1 or reading.newer_count == 1
    assert reading.valid_lines == 3  # the line never becomes valid, and isn't read again


def test_line_that_hits_a_bug_loses_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(fields: Fields) -> object:
        raise ZeroDivisionError if fields["story"] == "b" else ContentError("x")

    monkeypatch.setattr(marks_file, "parse_entry", wrong)
    assert read_lines(line(story="a") + line(story="b"))[1].fault_count == 2


def test_change_from_the_far_future_waits() -> None:
    soon, far = line(**FIELDS, read=[100, True]), line(**FIELDS, starred=[101, True])
    changes, reading = read_lines(soon + far + soon, start_lines=1, until_us=100)
    assert (list(changes.values()), reading.future_count, reading.fault_count) == ([{"read": FieldChange(100, True)}], 1, 0)
    assert (reading.valid_bytes, reading.valid_lines, reading.has_gap) == (len(soon), 2, True)


def test_due_field_does_not_wait_for_future_fields_of_its_line() -> None:
    both = line(**FIELDS, read=[100, True], starred=[101, True])
    changes, reading = read_lines(both, start_lines=1, until_us=100)
    assert (list(changes.values()), reading.future_count) == ([{"read": FieldChange(100, True)}], 1)
    assert (reading.valid_bytes, reading.valid_lines) == (0, 1)  # the line is read again


def test_bad_line_is_a_gap_only_when_a_good_line_follows() -> None:
    good, hole = line(**FIELDS, read=[1, True]), b"\0" * 9 + b"\n"
    assert [read_lines(data)[1].has_gap for data in (good, good + hole, good + good[:9], hole + good, good + hole + good)] == [
        *[False] * 3,
        *[True] * 2,
    ]


def test_line_longer_than_the_reading_limit_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    changes: Changes = {Subject(SubjectKind.SEARCH, "rivers"): {"query": FieldChange(1, "x" * 500)}}
    (whole,) = dump_changes(changes)
    monkeypatch.setattr(marks_file, "MAX_LINE_BYTES", len(whole) - 1)
    assert list(dump_subjects(changes)) == [(Subject(SubjectKind.SEARCH, "rivers"), b"")]
    monkeypatch.setattr(marks_file, "MAX_LINE_BYTES", len(whole))
    assert read_lines(next(dump_changes(changes)))[0] == changes


def test_earlier_version_reads_a_mark_that_has_reached_the_server() -> None:
    story = Subject(SubjectKind.STORY, "a", "a.example")
    fields = {
        "read": FieldChange(7, True, is_synced=True),
        "later": FieldChange(8, True),
        "server:read": FieldChange(9, 5),
        "list:weekend": FieldChange(10, True),
    }
    (written,) = dump_changes({story: fields})
    parsed = json.loads(written)
    # a field that an earlier version knows must be a pair, or it refuses the whole line
    assert {name: parsed[name] for name in ("read", "later", "list:weekend")} == {
        "read": [7, True],
        "later": [8, True],
        "list:weekend": [10, True],
    }
    assert parsed["synced"] == ["read"]
    assert read_lines(written)[0] == {story: fields}


def test_mark_of_vocabulary_4_that_has_reached_the_server_is_read() -> None:
    changes, _ = read_lines(line(story="a", paper="a.example", read=[7, True, True]))
    assert changes == {Subject(SubjectKind.STORY, "a", "a.example"): {"read": FieldChange(7, True, is_synced=True)}}


@pytest.mark.parametrize("synced", [["later", 3, {}], ["starred"], []])
def test_only_marks_of_the_same_line_have_reached_the_server(synced: list[object]) -> None:
    changes, reading = read_lines(line(story="a", paper="a.example", read=[7, True], synced=synced))
    assert changes == {Subject(SubjectKind.STORY, "a", "a.example"): {"read": FieldChange(7, True)}}
    assert (reading.fault_count, reading.newer_count) == (0, 0)
