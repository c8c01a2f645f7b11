from __future__ import annotations

import pytest

from bpost_tui.bengali import similarity
from bpost_tui.bengali.normalise import normalised
from bpost_tui.bengali.similarity import are_spelling_variants, colloquial, distance


@pytest.mark.parametrize(
    ("roman", "near", "far"),
    [
        ("kina", "কিনা", "কেনা"),
        ("kena", "কেনা", "কিনা"),
        ("kolkata", "কলকাতা", "কালকেতু"),
        ("mamata", "মমতা", "মমিতা"),
        ("bari", "বাড়ি", "বারো"),
        ("gram", "গ্রাম", "গরম"),
        ("abohawa", "আবহাওয়া", "বাবা"),
    ],
)
def test_distance_orders_words_with_the_same_key(roman: str, near: str, far: str) -> None:
    assert distance(normalised(near), roman) + 0.25 < distance(normalised(far), roman)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("শালবনি", "শালবনী", True),
        ("খড়গপুর", "খড়্গপুর", True),
        ("কেনা", "কিনা", False),
        ("গ্রেফতার", "গ্রেপ্তার", True),
        ("পূজা", "পুজো", True),
        ("কম", "ক্ম", False),
        ("প্রতি", "পরতি", False),
    ],
)
def test_spelling_variants_differ_in_known_ways_only(one: str, other: str, same: bool) -> None:
    assert are_spelling_variants(normalised(one), normalised(other)) is same


def test_each_rule_of_variants_joins_its_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similarity, "_loose_spelling", similarity._loose_spelling.__wrapped__)  # without its cache
    rows = similarity._VARIANTS
    for row in rows:
        one, other = normalised(row[-1].replace(",", "")).split()
        assert are_spelling_variants(one, other), row
        with monkeypatch.context() as patch:
            patch.setattr(similarity, "_VARIANTS", tuple(each for each in rows if each is not row))
            assert not are_spelling_variants(one, other), row


@pytest.mark.parametrize(("word", "spoken"), [("পূজা", "পুজো"), ("জুতা", "জুতো"), ("সাহিত্য", "সাহিত্য"), ("ভূগোল", "ভূগোল")])
def test_colloquial_form_has_o_for_a_after_u(word: str, spoken: str) -> None:
    assert colloquial(normalised(word)) == normalised(spoken)
