from __future__ import annotations

import ast
import re
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpost_tui.errors import ContentError
from bpost_tui.limits import MAX_DEPTH
from bpost_tui.untrusted import (
    UNUSABLE,
    Rejection,
    objects_in,
    parse_time,
    read_each,
    read_json,
    read_toml,
    require_field,
    require_type,
    text_or_empty,
    time_field,
    value_or_none,
)


def test_field_of_a_wrong_type_is_refused_by_name() -> None:
    fields = {"title": "ক", "full": True, "none": None}
    assert require_field(fields, "title", str) == "ক"
    assert require_field(fields, "missing", str, "খ") == require_field(fields, "none", str, "খ") == "খ"
    for name, kind, mistake in (
        ("title", int, "text, not a whole number"),
        ("full", int, "true or false, not a whole number"),
        ("missing", str, "missing"),
        ("none", str, "missing"),
    ):
        with pytest.raises(ContentError, match=f"'{name}' is {mistake}"):
            require_field(fields, name, kind)


def test_require_type_names_a_wrong_type() -> None:
    assert require_type([1], list, "a list") == [1]
    with pytest.raises(ContentError, match="a story is a list, not an object"):
        require_type([], dict, "a story")


def test_time_field_is_utc_or_refused() -> None:
    assert time_field({"at": "2026-11-25T05:30:00+05:30"}, "at") == datetime(2026, 11, 25, tzinfo=UTC)
    assert time_field({"at": None}, "at") is time_field({}, "at") is None
    for wrong in (1, "", "tomorrow", "2026-11-25T05:30:00", "1969-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026" * 20):
        with pytest.raises(ContentError):
            time_field({"at": wrong}, "at")


def test_optional_readers_skip_wrong_values() -> None:
    assert (text_or_empty("ক"), text_or_empty(None), text_or_empty(["ক"])) == ("ক", "", "")
    assert (value_or_none(1, int), value_or_none(True, int), value_or_none("1", int)) == (1, None, None)
    assert objects_in([{"a": 1}, None, "ক", {}]) == [{"a": 1}, {}]
    assert objects_in("ক") == objects_in({"a": 1}) == objects_in(None) == []


# ── parsing untrusted text ──────────────────────────────────────────────────

LONG = "1" + "0" * 400


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, -2, 0.5, 9007199254740992]", [1, -2, 0.5, 1 << 53]),
        ("[9007199254740993, -9007199254740993]", [UNUSABLE, UNUSABLE]),
        (f"[{LONG}, -{LONG}, {'9' * 5000}]", [UNUSABLE] * 3),
        (f"[1e400, -1e400, 1e300, NaN, Infinity, {LONG}.5]", [UNUSABLE] * 6),
        (r'["\ud800", "\ud83d\ude00", "\udfff\ud800"]', ["\ufdd0", "😀", "\ufdd0\ufdd0"]),
        ('{"\\ud800": ["\\ud800"]}', {"\ufdd0": ["\ufdd0"]}),
        ('"a\nb\x00"', "a\nb\x00"),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
    ],
)
def test_read_json_bounds_its_values(text: str | bytes, value: object) -> None:
    assert read_json(text) == value


@pytest.mark.parametrize("text", ["", "{", "[1,]", '{"a" 1}', '["a]', '["\\', b'"\xff"', "[1] 2", "[" * 100_000, '"\\"' * 60_000])
def test_read_json_refuses_bad_json_quickly(text: str | bytes) -> None:
    with pytest.raises(ContentError):
        read_json(text)


@pytest.mark.parametrize("depth", [0, 10, MAX_DEPTH, 10_000, 100_000])
def test_read_json_drops_only_too_deep_values(depth: int) -> None:
    deep = '{"a": [' * (depth // 2) + '"]}"' + "]}" * (depth // 2)
    found = read_json(f'[{{"guid": "1", "text": "{{[["}}, {deep}, {{"guid": "2"}}, {deep}]')
    assert (found[0], found[2]) == ({"guid": "1", "text": "{[["}, {"guid": "2"})
    value, levels = found[1], 0
    while value not in (UNUSABLE, "]}"):
        value, levels = (value["a"] if isinstance(value, dict) else value[0]), levels + 1
    assert (value, levels) == (("]}", depth) if depth <= MAX_DEPTH else (UNUSABLE, MAX_DEPTH - 1))


@pytest.mark.parametrize("element", ["[]", "{}", "0", '""', '{"a":0}'])
def test_read_json_counts_values_before_creating_them(element: str) -> None:
    assert len(read_json(f"[{','.join([element] * 1000)}]", most_values=5000)) == 1000
    with pytest.raises(ContentError, match="more than 900 values"):
        read_json(f"[{','.join([element] * 1000)}]", most_values=900)
    text = ",".join(['"' + "[{," * 1000 + '"'] * 9)
    assert len(read_json(f"[{text}]", most_values=20)) == 9


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a = 1\nb = 0.5\nc = true", {"a": 1, "b": 0.5, "c": True}),
        (f"a = 0x{'f' * 4000}\nb = [0x{'f' * 20}]\n[c]\nd = {'9' * 30}", {"a": UNUSABLE, "b": [UNUSABLE], "c": {"d": UNUSABLE}}),
        ("a = inf\nb = nan\nc = 1e400", dict.fromkeys("abc", UNUSABLE)),
    ],
)
def test_read_toml_bounds_its_values(text: str, value: object) -> None:
    assert read_toml(text) == value


@pytest.mark.parametrize("text", ["a", "a = ", f"a = {'9' * 5000}"])
def test_read_toml_refuses_bad_toml(text: str) -> None:
    with pytest.raises(ContentError):
        read_toml(text)


@pytest.mark.parametrize("text", ["a = " + "[" * 10_000, "a." * 2000 + "a = 1", "a = " + "{a = " * 5000])
def test_read_toml_reports_too_deep_nesting(text: str) -> None:
    with pytest.raises(ContentError, match="nested too deeply"):
        read_toml(text)


def test_read_each_rejects_only_the_failing_element() -> None:
    def read(value: int) -> float:
        if value == 2:
            raise ContentError("two")
        return 1 / value

    assert list(read_each([1, 2, 0, 4], read)) == [1.0, Rejection("two"), Rejection("it can't be read (ZeroDivisionError)"), 0.25]


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("2026-11-24T06:30:00Z", datetime(2026, 11, 24, 6, 30, tzinfo=UTC)),
        ("2026-11-24T12:00:00+05:30", datetime(2026, 11, 24, 6, 30, tzinfo=UTC)),
        ("0001-01-01T00:00:00+05:30", None),
        ("9999-12-31T23:59:59-05:30", None),
        ("2026-11-24T06:30:00", None),
        ("yesterday", None),
        (1790000000, None),
    ],
)
def test_parse_time_accepts_only_calendar_times(written: object, when: datetime | None) -> None:
    assert parse_time(written) == when


# ── the only parser ─────────────────────────────────────────────────────────

PRODUCT = Path(__file__).parents[2] / "bpost_tui"
PARSERS = {
    "json": {"load", "loads", "JSONDecoder"},
    "tomllib": {"load", "loads"},
    "msgspec": {"toml", "yaml", "msgpack"},
    "pickle": {"load", "loads"},
    "marshal": {"load", "loads"},
    "ast": {"literal_eval"},
}
"""Functions that parse foreign text into values: module → names."""


def parsers_used(tree: ast.Module) -> Iterator[str]:
    """Yield the functions of PARSERS that a module uses, under any imported name."""
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.asname or alias.name: alias.name for alias in node.names if alias.name.split(".")[0] in PARSERS}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PARSERS:
            used = PARSERS[(node.module or "").split(".")[0]]
            yield from (f"{node.module}.{alias.name}" for alias in node.names if alias.name in used)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node).startswith("msgspec.json.decode"):
            yield "msgspec.json.decode"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            used = PARSERS[modules[node.value.id].split(".")[0]]
            if node.attr in used:
                yield f"{modules[node.value.id]}.{node.attr}"


def test_foreign_data_is_parsed_by_untrusted_alone() -> None:
    texts = {str(path.relative_to(PRODUCT)): path.read_text("utf-8") for path in PRODUCT.rglob("*.py")}
    some = {name: text for name, text in texts.items() if re.search(rf"(?:import|from) (?:{'|'.join(PARSERS)})\b", text)}
    found = {name: set(parsers_used(ast.parse(text))) for name, text in some.items()}
    assert {name: used for name, used in found.items() if used} == {
        "untrusted.py": {"json.JSONDecoder", "tomllib.loads"},
        "refresh/refresh_process.py": {"pickle.loads"},  # from the reader's own process, which has all its rights
        "refresh/refresh_worker.py": {"pickle.loads"},
    }


@pytest.mark.parametrize("line", ["import json\njson.loads(x)", "from json import loads", "import tomllib as t\nt.load(f)"])
def test_parsers_of_foreign_data_are_detected(line: str) -> None:
    assert list(parsers_used(ast.parse(line)))


@pytest.mark.parametrize("filler", ["[]", "{}", "0", '""'])
def test_too_many_values_are_refused_before_taking_memory(filler: str) -> None:
    text = f"[{','.join([filler] * ((1 << 20) // (len(filler) + 1)))}]"
    tracemalloc.start()  # makes each allocation slow, so not a million of them
    try:
        with pytest.raises(ContentError, match="more than 20000 values"):
            read_json(text, most_values=20_000)
        assert tracemalloc.get_traced_memory()[1] < 1 << 16  # parsed, it takes more than a megabyte
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("filler", ["[]", "{}", "0", '""'])
def test_more_than_a_million_values_are_refused(filler: str) -> None:
    with pytest.raises(ContentError, match="more than 1000000 values"):
        read_json(f"[{','.join([filler] * 1_000_001)}]")
