"""Weight of an edit: which changes of a story count, and why. The texts are invented."""

from __future__ import annotations

import time
import unicodedata
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.bengali.letters import DIGITS, composed, decomposed
from bpost_tui.edits.edit_weight import EditKind, SignificantEdit, StoryVersion, significant_edit
from bpost_tui.model.blocks import Image, ListBlock, Paragraph, Span, Table
from tests.unit.edits.generated_edits import EDITS, generated_edits, stories

_EDITS_OF_A_KIND = 50
_LEAST_PRECISION, _LEAST_RECALL = 0.95, 0.9


def _version(title: str, *paragraphs: str) -> StoryVersion:
    return StoryVersion(title, tuple(Paragraph((Span(text),)) for text in paragraphs))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            _version("Bus falls into river", "Two people died when a bus fell into the river."),
            _version("Bus falls into river", "Three people died when a bus fell into the river."),
            SignificantEdit(EditKind.FIGURE, "2", "3", "dead"),
        ),
        (_version("বাস উল্টে মৃত ২"), _version("বাস উল্টে মৃত ৩"), SignificantEdit(EditKind.FIGURE, "2", "3", "dead")),
        (
            _version("Council meets", "The plan needs about 40 houses."),
            _version("Council meets", "The plan needs about 60 houses."),
            SignificantEdit(EditKind.FIGURE, "40", "60", "houses"),
        ),
        (
            _version("সভা", "মেলায় এসেছিলেন ১২০ জন দর্শক।"),
            _version("সভা", "মেলায় এসেছিলেন ১৫০ জন দর্শক।"),
            SignificantEdit(EditKind.FIGURE, "120", "150", "জন দর্শক"),
        ),
        (
            _version("A prize", "She was in the third year of her studies."),
            _version("A prize", "She was in the second year of her studies."),
            SignificantEdit(EditKind.FIGURE, "3", "2", "year"),
        ),
        (
            _version("Rain", "Temperature fell to 31.5 degrees."),
            _version("Rain", "Temperature fell to 13.5 degrees."),
            SignificantEdit(EditKind.FIGURE, "31.5", "13.5", "degrees"),
        ),
        (_version("Mayor visits school"), _version("Mayor opens school"), SignificantEdit(EditKind.HEADLINE, "visits", "opens")),
        (_version("Minister guilty"), _version("Minister not guilty"), SignificantEdit(EditKind.HEADLINE, "", "not")),
        (_version("Iran agrees to talks"), _version("Iraq agrees to talks"), SignificantEdit(EditKind.HEADLINE, "Iran", "Iraq")),
        (
            _version("Bridge opens", "It was built by the firm of Anil Sen, the paper said."),
            _version("Bridge opens", "It was built by the firm of Anil Roy, the paper said."),
            SignificantEdit(EditKind.NAME, "Sen", "Roy"),
        ),
        (
            _version("Bridge opens", "It is weak, said Mr. Tripti of the council."),
            _version("Bridge opens", "It is weak, said Mr. Trita of the council."),
            SignificantEdit(EditKind.NAME, "Tripti", "Trita"),
        ),
        (
            _version("সেতু", "এ কথা জানান অরিন্দম ঘোষ।"),
            _version("সেতু", "এ কথা জানান অরিন্দন ঘোষ।"),
            SignificantEdit(EditKind.NAME, "অরিন্দম", "অরিন্দন"),
        ),
        (
            _version("সেতু", "বাসটি যাচ্ছিল ঘাটালের দিকে।"),
            _version("সেতু", "বাসটি যাচ্ছিল তমলুকের দিকে।"),
            SignificantEdit(EditKind.NAME, "ঘাটালের", "তমলুকের"),
        ),
        (
            _version("Bridge opens"),
            _version("Bridge opens", "Correction: the bridge is in Bankura."),
            SignificantEdit(EditKind.CORRECTION),
        ),
        (_version("সেতু"), _version("সেতু", "প্রতিবেদনটি প্রত্যাহার করা হয়েছে।"), SignificantEdit(EditKind.WITHDRAWAL)),
        (_version("Storm"), _version("Storm", "and the wind rose again " * 4), SignificantEdit(EditKind.TEXT, "0", "20")),
    ],
)
def test_counted_edit_has_its_reason(before: StoryVersion, after: StoryVersion, expected: SignificantEdit) -> None:
    assert significant_edit(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_version("বাস উল্টে মৃত ২"), _version("বাস উল্টে মৃত 2।")),
        (_version("ঝড়", "গাড়ি  চলেনি।"), _version("ঝড়", "গাড়ি চলেনি")),
        (_version("8 hurt in fire"), _version("Eight hurt in fire")),
        (_version("Minster opens bridge"), _version("Minister opens bridge")),
        (_version("Crowds Wacth New Bridge"), _version("Crowds Watch New Bridge")),
        (_version("সেতু", "এ কথা জানান শুভঙ্কর ঘোষ।"), _version("সেতু", "এ কথা জানান শুভংকর ঘোষ।")),
        (_version("অবেশেষে খুলল সেতু"), _version("অবশেষে খুলল সেতু")),
        (_version("আসামে বন্যা"), _version("অসমে বন্যা")),
        (_version("পোড়ারমুখির গল্প"), _version("পোড়ার মুখীর গল্প")),
        (_version("EC orders new vote"), _version("Election Commission orders new vote")),
        (
            _version("Fraud", "The fraud of Rs 20 cr was criticized by Mr Banerjee."),
            _version("Fraud", "The fraud of Rs 20 crore was criticised by Mr Banerjee."),
        ),
        (_version("Fraud", "He went to the Supreme Court."), _version("Fraud", "He went to the SC.")),
        (_version("Storm hits coast (LIVE)"), _version("Storm hits the coast")),
        (_version("Storm", "Shops shut at 10.30 pm."), _version("Storm", "Shops shut at 10:30 pm.")),
        (_version("Storm", "1,204 views"), _version("Storm", "1,310 views")),
        (_version("Storm", "3 hours ago", "It rained."), _version("Storm", "5 hours ago", "It rained.")),
        (_version("ঝড়", "১২ বার পঠিত"), _version("ঝড়", "৫১ বার পঠিত")),
        (
            _version("Storm", "Also read: Two arrested in Pune over theft"),
            _version("Storm", "Also read: Nine hurt in a fire in Goa"),
        ),
        (_version("Storm", "It rained.", "Then it stopped."), _version("Storm", "Then it stopped.", "It rained.")),
        (_version("Storm", "It rained."), _version("Storm", "It rained.", "Nobody was hurt.")),
    ],
)
def test_edit_that_says_nothing_new_does_not_count(before: StoryVersion, after: StoryVersion) -> None:
    assert significant_edit(before, after) is None


def test_links_to_other_stories_and_pictures_do_not_count() -> None:
    links = ListBlock(tuple((0, (Span(f"Story {at} of nine people in a boat", link="https://a.example/"),)) for at in range(9)))
    picture = Image("https://a.example/1.jpg", "Nine people in a boat " * 9)
    before = _version("Storm", "It rained.")
    assert significant_edit(before, before._replace(blocks=(*before.blocks, links, picture))) is None


def test_figure_in_a_table_counts() -> None:
    before, after = (StoryVersion("Vote", (Table((((Span("Seats"),), (Span(seats),)),)),)) for seats in ("120", "121"))
    assert significant_edit(before, after) == SignificantEdit(EditKind.FIGURE, "120", "121")


# ── generated edits ─────────────────────────────────────────────────────────


def test_generated_edits_are_weighed_rightly() -> None:
    """600 edits in twelve kinds, made from recorded and sample stories."""
    answers = [(edit, significant_edit(edit.before, edit.after)) for edit in generated_edits(48, _EDITS_OF_A_KIND)]
    assert Counter(edit.name for edit, _ in answers) == Counter(dict.fromkeys(EDITS, _EDITS_OF_A_KIND))
    for name, (_, expected) in EDITS.items():
        right = sum(answer.kind in expected if answer else not expected for edit, answer in answers if edit.name == name)
        assert right >= (_LEAST_RECALL if expected else _LEAST_PRECISION) * _EDITS_OF_A_KIND, name
    counted = [bool(edit.expected) for edit, answer in answers if answer]
    assert sum(counted) >= _LEAST_PRECISION * len(counted)


def test_edit_counts_in_either_direction() -> None:
    """A version that is fetched late, after a newer one, gives the same answer with old and new exchanged."""
    for edit in generated_edits(49, 10):
        if edit.name not in {"correction", "withdrawal"}:
            forth, back = significant_edit(edit.before, edit.after), significant_edit(edit.after, edit.before)
            assert (forth is None) == (back is None)
            if forth and back:
                assert (forth.kind, forth.old, forth.new) == (back.kind, back.new, back.old)


# ── properties ──────────────────────────────────────────────────────────────

_PLAIN_WORDS = ("নদী", "গাড়ি", "বড়ো", "সাঁকো", "কাণ্ড", "পাহাড়", "river", "bridge", "the", "Café", "storm", "road", "হয়", "পুলিশ")
_NUMBERS = st.integers(2, 99_999)
_FORMS = (composed, decomposed, lambda text: unicodedata.normalize("NFD", text), lambda text: unicodedata.normalize("NFC", text))
_GAPS = (" ", "  ", ", ", "; ", " — ", "\u00a0", ' "', "! ", ". ")


def _written(tokens: list[str | int], random: Random) -> str:
    """Return words and numbers as a text, with random signs, digits and forms of letters."""
    text = ""
    for token in tokens:
        word = token if isinstance(token, str) else str(token)
        if not isinstance(token, str) and random.random() < 0.5:
            word = "".join(DIGITS[int(digit)] for digit in word)
        text += random.choice(_FORMS)(word) + random.choice(_GAPS)
    return text


_TOKENS = st.lists(st.sampled_from(_PLAIN_WORDS) | _NUMBERS, min_size=1, max_size=40)


@given(_TOKENS, _TOKENS, st.integers(1, 4), st.randoms(use_true_random=False))
def test_same_words_and_numbers_never_count(title: list[str | int], text: list[str | int], parts: int, random: Random) -> None:
    cut = len(text) // parts + 1
    before, after = (
        _version(_written(title, random), *(_written(text[at : at + cut], random) for at in range(0, len(text), cut)))
        for _ in range(2)
    )
    assert significant_edit(before, after) is None


@given(_TOKENS, _TOKENS, _NUMBERS, _NUMBERS, st.booleans(), st.randoms(use_true_random=False))
def test_changed_figure_always_counts(
    title: list[str | int], text: list[str | int], old: int, new: int, in_title: bool, random: Random
) -> None:
    at = random.randint(0, len(title if in_title else text))
    versions: list[StoryVersion] = []
    for figure in (old, new):
        changed: list[str | int] = [*(title if in_title else text)]
        changed[at:at] = ["river", figure, "storm"]
        parts = (changed, text) if in_title else (title, changed)
        versions.append(_version(*(_written(part, random) for part in parts)))
    found = significant_edit(*versions)
    assert (found is None) == (old == new)


@given(st.lists(st.text(max_size=60), min_size=2, max_size=6))
def test_any_text_is_compared(texts: list[str]) -> None:
    half = len(texts) // 2
    before, after = (_version(*part) for part in (texts[:half], texts[half:]))
    assert (significant_edit(before, before), significant_edit(after, after)) == (None, None)
    significant_edit(before, after)


@given(st.lists(st.sampled_from(range(len(stories()))), min_size=2, max_size=2), st.randoms(use_true_random=False))
def test_moved_paragraphs_never_count(numbers: list[int], random: Random) -> None:
    blocks = [block for number in numbers for block in stories()[number].blocks]
    moved = random.sample(blocks, len(blocks))
    assert significant_edit(StoryVersion("Storm", tuple(blocks)), StoryVersion("Storm", tuple(moved))) is None


def test_time_is_bounded() -> None:
    """400,000 characters that differ in every paragraph. Measured: 0.1 s; the obvious comparison of all words takes minutes."""
    random = Random(48)
    words = [chr(random.randrange(0x0995, 0x09B9)) * random.randint(2, 9) for _ in range(20_000)]
    before, after = (_version("Storm", *(" ".join(random.choices(words, k=60)) for _ in range(1000))) for _ in range(2))
    start = time.process_time()
    assert significant_edit(before, after)
    assert time.process_time() - start < 2
