from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bpost_tui.bengali.normalise import words
from bpost_tui.model.blocks import Heading, Image, ListBlock, Paragraph, Preformatted, Quote, Span, Table
from bpost_tui.model.passage import QuoteSelector
from bpost_tui.model.passage_anchoring import AnchorState, PassageAnchor, PassageText, quotable_text
from bpost_tui.typesetting.text.graphemes import clusters
from tests.unit.model.edited_texts import EDITS, Case, cases

TEXT = (
    "জেলা প্রশাসনের এক আধিকারিক জানান, শহরের তিনটি ওয়ার্ডে জল জমেছে। পুরসভার কর্মীরা রাতভর পাম্প চালিয়েছেন।\n\n"
    "বাসিন্দাদের দাবি, নিকাশি নালা দু’বছর পরিষ্কার হয়নি। পুরপ্রধান বলেন, “কাজ শুরু হয়েছে।” কাল ফের বৃষ্টির পূর্বাভাস রয়েছে জেলায়।"
)
LETTERS = st.text(alphabet="কা্ষয়\u09dc\u200d\u200c ।“”a1.\n", max_size=60)


def quoted(text: str, words: str) -> QuoteSelector:
    selector = PassageText(text).quote(text.index(words), text.index(words) + len(words))
    assert selector is not None
    return selector


def found(text: str, selector: QuoteSelector) -> tuple[AnchorState, str]:
    kind, start, end = PassageText(text).find(selector)
    return kind, text[start:end]


def verdict_on(case: Case, finding: PassageAnchor) -> str:
    """Return the state of an anchor as text, or "wrong" if it covers other words than the passage."""
    wanted = range(case.first, case.last + 1)
    origins = case.origins(finding.start, finding.end)
    inside = [origin for origin in origins if origin in wanted]
    match finding.kind:
        case AnchorState.SAME | AnchorState.MOVED:
            is_right = origins == list(wanted)
        case AnchorState.CHANGED:
            is_right = bool(inside) and 2 * len(inside) >= len([origin for origin in origins if origin >= 0])
        case AnchorState.GONE:
            is_right = True
    return finding.kind.value if is_right else "wrong"


@pytest.mark.parametrize("seed", range(1))
def test_500_passages_are_anchored_through_edits_without_error(seed: int) -> None:
    verdicts: dict[str, Counter[str]] = {name: Counter() for name in EDITS}
    intact = Counter[str]()
    for case in cases(504, seed):
        selector = PassageText(case.before).quote(case.start, case.end)
        if selector is None:
            assert not words(case.before[case.start : case.end])
            continue
        verdict = verdict_on(case, PassageText(case.after).find(selector))
        verdicts[case.name][verdict] += 1
        intact[verdict] += case.is_intact
        assert verdict != "wrong", (case.name, selector, case.after)
    assert set(verdicts["unedited"]) == set(verdicts["paragraphs_joined"]) == {"same"}
    assert set(verdicts["rewritten"]) == set(verdicts["passage_cut"]) == {"gone"}
    assert intact["same"] + intact["moved"] > 0.95 * intact.total()


def test_most_corrected_passages_are_found_as_changed() -> None:
    verdicts = Counter[str]()
    for case in (case for seed in range(4) for case in cases(504, seed) if case.name == "passage_corrected"):
        if selector := PassageText(case.before).quote(case.start, case.end):
            verdicts[verdict_on(case, PassageText(case.after).find(selector))] += 1
    assert verdicts["changed"] > 2 * verdicts["gone"]


@settings(max_examples=400, deadline=None)
@example(" \u09bc1", 0, 3)
@given(LETTERS, st.integers(0, 60), st.integers(0, 60))
def test_passage_quote_cuts_no_letter_and_is_unique_in_its_text(text: str, start: int, end: int) -> None:
    passages = PassageText(text)
    selector = passages.quote(start, end)
    if selector is None:
        return
    ends = [len("".join(clusters(text)[:at])) for at in range(len(clusters(text)) + 1)]
    kind, at, stop = passages.find(selector)
    if kind is not AnchorState.GONE:
        assert kind is AnchorState.SAME
        assert {at, stop} <= set(ends)
        assert words(text[at:stop]) == words(selector.exact)
        assert stop > min(start, len(text)) - 1 and at < max(end, start + 1)


def test_passage_is_quoted_in_whole_words_with_six_around_it() -> None:
    start = TEXT.index("ওয়ার্ডে") + 2
    assert PassageText(TEXT).quote(start, start + 4) == QuoteSelector(
        "ওয়ার্ডে", "প্রশাসনের এক আধিকারিক জানান, শহরের তিনটি ", " জল জমেছে। পুরসভার কর্মীরা রাতভর পাম্প"
    )
    assert quoted(TEXT, "“কাজ শুরু হয়েছে।”").exact == "“কাজ শুরু হয়েছে।”"
    assert PassageText(TEXT).quote(len(TEXT), len(TEXT)) is None
    assert PassageText("। — ।").quote(0, 5) is None


def test_passage_is_found_despite_other_spelling_and_spacing() -> None:
    selector = quoted(TEXT, "নিকাশি নালা দু’বছর পরিষ্কার হয়নি। পুরপ্রধান বলেন")
    edited = TEXT.replace("\u09af\u09bc", "\u09df").replace("হয়নি। ", "হয়নি।\n\n").replace("দু’বছর", "দু'বছর")
    assert found(edited, selector)[0] is AnchorState.SAME


def test_other_punctuation_makes_a_passage_changed() -> None:
    selector = quoted(TEXT, "শহরের তিনটি ওয়ার্ডে জল জমেছে।")
    assert found(TEXT.replace("জমেছে।", "জমেছে?"), selector) == (AnchorState.CHANGED, "শহরের তিনটি ওয়ার্ডে জল জমেছে")


def test_corrected_passage_has_its_present_text() -> None:
    selector = quoted(TEXT, "শহরের তিনটি ওয়ার্ডে জল জমেছে।")
    assert found(TEXT.replace("তিনটি", "পাঁচটি"), selector) == (AnchorState.CHANGED, "শহরের পাঁচটি ওয়ার্ডে জল জমেছে।")


def test_repeated_phrase_is_never_mistaken_for_the_passage() -> None:
    text = "প্রথম সভায় মন্ত্রী বলেন, কাজ হবে। তার পর আরও অনেক কথা হয় সেখানে। দ্বিতীয় সভায় মন্ত্রী বলেন, কাজ হবে। সবাই শোনেন।"
    second = text.rindex("মন্ত্রী বলেন, কাজ হবে।")
    selector = PassageText(text).quote(second, second + len("মন্ত্রী বলেন, কাজ হবে।"))
    assert selector is not None
    assert selector.is_repeated
    assert PassageText(text).find(selector) == (AnchorState.SAME, second, second + len(selector.exact))
    assert found(text.replace("দ্বিতীয় সভায় মন্ত্রী বলেন, কাজ হবে। ", ""), selector)[0] is AnchorState.GONE


def test_quotable_text_has_paragraphs_headings_and_quotes() -> None:
    def spans(text: str) -> tuple[Span, ...]:
        return (Span(text),)

    story = (
        Paragraph((Span("এক "), Span("দুই", bold=True))),
        Heading(spans("তিন")),
        Image("https://portal.example/a.jpg", "ছবি"),
        Quote((spans("চার"), spans("পাঁচ"))),
        ListBlock(((0, spans("ছয়")),)),
        Table(((spans("সাত"), spans("আট")),), caption=spans("নয়")),
        Preformatted((Span("দশ\nএগারো"),)),
    )
    assert quotable_text(story) == "এক দুই\n\nতিন\n\nচার\n\nপাঁচ\n\nছয়\n\nনয়\n\nসাত আট\n\nদশ\nএগারো"
