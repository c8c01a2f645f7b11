from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bpost_tui.typesetting.text.bidi import base_level, levels, visual_order

CONFORMANCE = Path("/usr/share/unicode/BidiCharacterTest.txt")
"""All 91,707 cases of Unicode's conformance test, from Debian's unicode-data."""

directed = st.text(
    st.sampled_from("aZ 1٢.,-(]/\n\tابہאب\u05b0\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), max_size=40
)


def test_bidi_passes_unicodes_conformance_test() -> None:
    if not CONFORMANCE.exists():
        pytest.skip("unicode-data isn't installed")
    wrong, cases = list[str](), 0
    for line in CONFORMANCE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        codes, direction, paragraph, expected, order = line.split(";")
        text = "".join(chr(int(code, 16)) for code in codes.split())
        base = base_level(text) if direction == "2" else int(direction)
        found = levels(text, base)
        shown = [at for at, level in enumerate(expected.split()) if level != "x"]
        in_order = [shown[at] for at in visual_order([found[at] for at in shown])]
        cases += 1
        if (
            base != int(paragraph)
            or [str(found[at]) for at in shown] != [level for level in expected.split() if level != "x"]
            or in_order != [int(at) for at in order.split()]
        ):
            wrong.append(line)
    assert cases > 90_000
    assert not wrong


@example("\u20661\n\u2069", 0)
@given(directed, st.sampled_from([0, 1]))
def test_bidi_order_of_any_text_is_complete(text: str, base: int) -> None:
    found = levels(text, base)
    assert len(found) == len(text)
    assert sorted(visual_order(found)) == list(range(len(text)))


def test_latin_text_has_level_0() -> None:
    assert levels("The Bengal Post, 2026", 0) == [0] * 21
    assert base_level("2026: The Bengal Post") == 0
    assert base_level("2026: بارش") == 1
