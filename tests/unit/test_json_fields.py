from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bpost_tui.errors import ContentError
from bpost_tui.json_fields import checked, field, maybe, objects, string, time_field


def test_field_of_the_right_type_is_returned_else_refused_by_its_name() -> None:
    fields = {"title": "ক", "full": True, "none": None}
    assert field(fields, "title", str) == "ক"
    assert field(fields, "missing", str, "খ") == field(fields, "none", str, "খ") == "খ"
    for name, kind, said in (
        ("title", int, "text, not a whole number"),
        ("full", int, "true or false, not a whole number"),
        ("missing", str, "missing"),
        ("none", str, "missing"),
    ):
        with pytest.raises(ContentError, match=f"'{name}' is {said}"):
            field(fields, name, kind)


def test_checked_value_that_is_of_another_type_is_named() -> None:
    assert checked([1], list, "a list") == [1]
    with pytest.raises(ContentError, match="a story is a list, not an object"):
        checked([], dict, "a story")


def test_time_field_is_utc_or_refused() -> None:
    assert time_field({"at": "2026-11-25T05:30:00+05:30"}, "at") == datetime(2026, 11, 25, tzinfo=UTC)
    assert time_field({"at": None}, "at") is time_field({}, "at") is None
    for wrong in (1, "", "tomorrow", "2026-11-25T05:30:00", "1969-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026" * 20):
        with pytest.raises(ContentError):
            time_field({"at": wrong}, "at")


def test_what_may_be_wrong_is_left_out() -> None:
    assert (string("ক"), string(None), string(["ক"])) == ("ক", "", "")
    assert (maybe(1, int), maybe(True, int), maybe("1", int)) == (1, None, None)
    assert objects([{"a": 1}, None, "ক", {}]) == [{"a": 1}, {}]
    assert objects("ক") == objects({"a": 1}) == objects(None) == []
