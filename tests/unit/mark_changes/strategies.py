"""Hypothesis strategies for changes: few subjects and few times, so that changes meet."""

from __future__ import annotations

from hypothesis import strategies as st

from bpost_tui.mark_changes.field_changes import (
    IN_LIST_PREFIX,
    IS_PRESENT,
    LINK,
    MARK_FIELDS,
    MAX_TIME_US,
    MUTE_FIELDS,
    NAME,
    POSITION,
    QUERY,
    SERVER_MARK_FIELDS,
    Changes,
    FieldChange,
    Subject,
    SubjectKind,
    Value,
    separation_field,
)

TIMES = st.integers(0, 5) | st.just(MAX_TIME_US)
POSITIONS = st.tuples(st.integers(0, 3), st.sampled_from([0.0, 0.25, 1.0]))


def _changes(values: st.SearchStrategy[Value]) -> st.SearchStrategy[FieldChange]:
    return st.builds(FieldChange, TIMES, values, st.just(False))


_STORY_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(MARK_FIELDS, st.builds(FieldChange, TIMES, st.booleans(), st.booleans())),
        **dict.fromkeys(SERVER_MARK_FIELDS, _changes(st.sampled_from([1, -1, 5]))),
        POSITION: _changes(POSITIONS),
        f"{IN_LIST_PREFIX}যাত্রা": _changes(st.booleans()),
        LINK: st.builds(FieldChange, st.just(0), st.sampled_from(["example.org/1", "example.org/2"]), st.just(False)),
    },
)
_SEARCH_FIELDS = st.fixed_dictionaries({QUERY: _changes(st.none() | st.sampled_from(["নদী", "court"]))})
_STORIES = st.dictionaries(
    st.builds(Subject, st.just(SubjectKind.STORY), st.sampled_from(["a", "খ"]), st.sampled_from(["one.example", "two.example"])),
    _STORY_FIELDS,
)
_SEARCHES = st.dictionaries(
    st.builds(Subject, st.just(SubjectKind.SEARCH), st.sampled_from(["rivers", "নদী"]), st.just("")), _SEARCH_FIELDS
)
_NAMES = st.sampled_from(["trip", "যাত্রা"])
_LIST_FIELDS = st.fixed_dictionaries({}, optional={NAME: _changes(_NAMES), IS_PRESENT: _changes(st.booleans())})
_LISTS = st.dictionaries(st.builds(Subject, st.just(SubjectKind.LIST), _NAMES, st.just("")), _LIST_FIELDS)
_MUTE_FIELDS = st.fixed_dictionaries({}, optional=dict.fromkeys(MUTE_FIELDS, _changes(st.booleans())))
_MUTES = st.dictionaries(st.builds(Subject, st.just(SubjectKind.MUTE), st.sampled_from(["IPL", "পুজো"]), st.just("")), _MUTE_FIELDS)
_OTHERS = st.sampled_from([separation_field("খ", "two.example"), separation_field("খ গ", "one.example")])
_APART = st.dictionaries(
    st.builds(Subject, st.just(SubjectKind.SEPARATION), st.sampled_from(["a", "b"]), st.just("one.example")),
    st.dictionaries(_OTHERS, _changes(st.booleans()), min_size=1),
)
CHANGES: st.SearchStrategy[Changes] = st.builds(
    lambda *parts: {subject: fields for part in parts for subject, fields in part.items()},
    _STORIES,
    _SEARCHES,
    _LISTS,
    _MUTES,
    _APART,
)
