"""Bidi levels and visual order of text that mixes left-to-right and right-to-left: UAX #9, revision 48 (Unicode 15.1). Pure.

Characters at odd levels run right to left.

The obvious way is a library. The libraries that are maintained return a whole line in visual order, not its levels. Type can't use
that: a line here is words in several styles, each measured and drawn by itself, and lines are broken after levels are known. So
`levels` returns the level of each character, the paragraph setter cuts words at each change of level, and `visual_order` orders the
pieces of a finished line. Functions follow the rules of UAX #9 in their order. These are explicit embeddings and isolates (X1 to
X10), numbers (W1 to W7), brackets and neutrals (N0 to N2), implicit levels (I1, I2), white space (L1) and order (L2). Mirrored and
joined forms (L3, L4) are not done here: HarfBuzz shapes each piece in its direction. Character classes come from Python's
`unicodedata`. Pairs of brackets follow from code points, with two exceptions, so bpost carries no table.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from bpost_tui.typesetting.text.named_tuple import NamedTuple

MAX_DEPTH = 125
_MAX_BRACKETS = 63
_ISOLATES, _EMBEDDINGS = frozenset({"LRI", "RLI", "FSI"}), frozenset({"LRE", "RLE", "LRO", "RLO"})
_REMOVED = _EMBEDDINGS | {"PDF", "BN"}
_NEUTRAL = _ISOLATES | {"B", "S", "WS", "ON", "PDI"}
_UNLIKE_NEIGHBOURS = {"⦍": "⦐", "⦏": "⦎"}
"""Closing brackets by opening bracket, for pairs that aren't neighbours in Unicode (BidiBrackets.txt)."""


def base_level(text: str) -> int:
    """Return 1 if a paragraph is read from right to left, else 0.

    The first letter that has a direction and is outside isolates decides (rules P2 and P3 of UAX #9).
    """
    return _first_strong([unicodedata.bidirectional(char) or "L" for char in text], 0, len(text)) or 0


def levels(text: str, base: int) -> list[int]:
    """Return the bidi level of each character of one paragraph whose own level is `base`.

    Characters that are never shown (rule X9 of UAX #9) have the level of the character before them in `text`. White space at the
    end of the paragraph has the level `base`; at the end of a line, the caller must set that level (rule L1).
    """
    kinds = [unicodedata.bidirectional(char) or "L" for char in text]
    original = list(kinds)
    found = _explicit(kinds, base)
    for sequence in _sequences(kinds, original, found, base):
        _weak(sequence, kinds)
        _brackets(sequence, kinds, original, text)
        _neutral(sequence, kinds)
        _implicit(sequence, kinds, found)
    _whitespace(original, found, base)
    return found


def visual_order(levels_of: Sequence[int]) -> list[int]:
    """Return the indices of a line's parts in visual order, from left to right (rule L2 of UAX 9).

    `levels_of` has the embedding level of each part.
    """
    order = list(range(len(levels_of)))
    lowest_odd = min((level for level in levels_of if level % 2), default=0)
    for level in range(max(levels_of, default=0), lowest_odd - 1 if lowest_odd else 0, -1):
        start = 0
        for is_in, together in groupby([levels_of[at] >= level for at in order]):
            end = start + sum(1 for _ in together)
            if is_in:
                order[start:end] = order[start:end][::-1]
            start = end
    return order


class _IsolatingRunSequence(NamedTuple):
    """Isolating run sequence (BD13 of UAX #9): the indices of its characters, its level, and the directions before and after it."""

    at: list[int]
    level: int
    before: str
    after: str


def _direction(level: int) -> str:
    return "R" if level % 2 else "L"


def _first_strong(kinds: Sequence[str], start: int, end: int) -> int | None:
    depth = 0
    for at in range(start, end):
        kind = kinds[at]
        if kind in _ISOLATES:
            depth += 1
        elif kind == "PDI":
            if depth == 0 and start:
                return None  # end of the isolate that starts at `start`
            depth = max(0, depth - 1)
        elif depth == 0 and kind in ("L", "R", "AL"):
            return int(kind != "L")
    return None


def _closers(kinds: Sequence[str]) -> dict[int, int]:
    """Return a mapping from the index of each isolate's opening character to the index of its closing character.

    Isolates without a closing character are missing. `kinds` has the bidi class of each character.
    """
    opened, closers = list[int](), dict[int, int]()
    for at, kind in enumerate(kinds):
        if kind in _ISOLATES:
            opened.append(at)
        elif kind == "PDI" and opened:
            closers[opened.pop()] = at
        elif kind == "B":
            opened.clear()
    return closers


def _explicit(kinds: list[str], base: int) -> list[int]:
    """Return the explicit level of each character of a paragraph of level `base` (rules X1 to X8 of UAX #9).

    `kinds` has each character's bidi class; the classes of overridden characters are replaced in it.
    """
    stack: list[tuple[int, str, bool]] = [(base, "", False)]
    too_many_isolates = too_many_embeddings = valid_isolates = 0
    closers = _closers(kinds)
    found: list[int] = []
    for at, kind in enumerate(kinds):
        if kind == "PDI" and too_many_isolates:
            too_many_isolates -= 1
        elif kind == "PDI" and valid_isolates:
            valid_isolates, too_many_embeddings = valid_isolates - 1, 0
            while not stack.pop()[2]:  # embeddings in the isolate end with it
                pass
        elif kind == "PDF" and not too_many_isolates:
            if too_many_embeddings:
                too_many_embeddings -= 1
            elif not stack[-1][2] and len(stack) > 1:
                stack.pop()
        elif kind == "B":  # all embeddings and isolates end with their paragraph (X8)
            stack, too_many_isolates, too_many_embeddings, valid_isolates = stack[:1], 0, 0, 0
        level, override, _ = stack[-1]
        found.append(level)
        if override and kind not in _REMOVED:
            kinds[at] = override
        is_isolate = kind in _ISOLATES
        if not is_isolate and kind not in _EMBEDDINGS:
            continue
        is_rtl = kind[0] == "R" or (kind == "FSI" and _first_strong(kinds, at + 1, closers.get(at, len(kinds))) == 1)
        new = (level + 1) | 1 if is_rtl else (level + 2) & ~1
        if new <= MAX_DEPTH and not too_many_isolates and not too_many_embeddings:
            valid_isolates += is_isolate
            stack.append((new, kind[0] if kind in ("LRO", "RLO") else "", is_isolate))
        elif is_isolate:
            too_many_isolates += 1
        elif not too_many_isolates:
            too_many_embeddings += 1
    return found


def _sequences(kinds: Sequence[str], original: Sequence[str], found: Sequence[int], base: int) -> list[_IsolatingRunSequence]:
    """Return the isolating run sequences without formatting characters (rules X9 and X10 of UAX #9).

    For each character, `found` has its explicit level, `original` its bidi class in the text, and `kinds` its class after
    overrides. `base` is the level of the paragraph.
    """
    kept = [at for at in range(len(kinds)) if original[at] not in _REMOVED]
    runs = [list(run) for _, run in groupby(kept, key=found.__getitem__)]
    closers = _closers(original)
    closed = {end: start for start, end in closers.items()}
    by_first = {run[0]: run for run in runs}
    position = {at: index for index, at in enumerate(kept)}
    sequences = []
    for run in runs:
        if original[run[0]] == "PDI" and run[0] in closed:
            continue  # part of the sequence that holds the start of its isolate
        joined = list(run)
        while original[joined[-1]] in _ISOLATES and joined[-1] in closers:
            joined += by_first[closers[joined[-1]]]
        level, first, last = found[joined[0]], position[joined[0]], position[joined[-1]]
        before = found[kept[first - 1]] if first else base
        is_open = original[joined[-1]] in _ISOLATES
        after = base if is_open or last + 1 == len(kept) else found[kept[last + 1]]
        sequences.append(_IsolatingRunSequence(joined, level, _direction(max(level, before)), _direction(max(level, after))))
    return sequences


def _weak(sequence: _IsolatingRunSequence, kinds: list[str]) -> None:
    """Resolve the bidi classes of numbers in a sequence, and of separators and signs beside numbers (W1 to W7 of UAX #9).

    The classes in `kinds` are replaced by the resolved classes.
    """
    at = sequence.at
    before = sequence.before
    strong = sequence.before
    for index in at:  # W1, W2, W3
        kind = kinds[index]
        if kind == "NSM":
            kind = "ON" if before in _ISOLATES or before == "PDI" else before
        before = kind
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            kind = "AN"
        kinds[index] = "R" if kind == "AL" else kind
    for left, index, right in zip(at, at[1:], at[2:], strict=False):  # W4
        around = kinds[left]
        if around == kinds[right] and (
            (kinds[index] == "ES" and around == "EN") or (kinds[index] == "CS" and around in ("EN", "AN"))
        ):
            kinds[index] = around
    for start, end in _stretches(at, kinds, ("ET",)):  # W5
        if "EN" in (kinds[at[start - 1]] if start else "", kinds[at[end]] if end < len(at) else ""):
            for index in at[start:end]:
                kinds[index] = "EN"
    strong = sequence.before
    for index in at:  # W6, W7
        kind = kinds[index]
        if kind in ("ES", "ET", "CS"):
            kinds[index] = "ON"
        elif kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[index] = "L"


def _strong(kind: str) -> str:
    """Return "L" or "R" for the direction of a bidi class, or "" for a class without direction.

    Numbers count as "R" (rules N0 and N1 of UAX #9).
    """
    return "R" if kind in ("R", "EN", "AN") else "L" if kind == "L" else ""


def _brackets(sequence: _IsolatingRunSequence, kinds: list[str], original: Sequence[str], text: str) -> None:
    """In `kinds`, replace the bidi classes of both brackets of each pair in a sequence by one direction (rule N0 of UAX #9).

    `original` has the classes in the text, before other rules changed them.
    """
    own = _direction(sequence.level)
    for start, end in _pairs(sequence.at, kinds, text):
        inside = {_strong(kinds[index]) for index in sequence.at[start + 1 : end]} - {""}
        if own in inside:
            direction = own
        elif inside:
            earlier = (_strong(kinds[index]) for index in reversed(sequence.at[:start]))
            direction = next(filter(None, earlier), sequence.before)
        else:
            continue
        for place in (start, end):
            kinds[sequence.at[place]] = direction
            for index in sequence.at[place + 1 :]:
                if original[index] != "NSM":
                    break
                kinds[index] = direction


def _pairs(at: Sequence[int], kinds: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Return the pairs of brackets (BD16 of UAX #9) among the characters at the indices `at`, sorted by opening bracket.

    A pair is (position of the opening bracket, position of the closing bracket) in `at`. `kinds` has the bidi class of each
    character.
    """
    opened: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for place, index in enumerate(at):
        if kinds[index] != "ON":
            continue
        char = unicodedata.normalize("NFC", text[index])  # brackets such as U+2329 have a canonical equivalent
        closer = _closing(char)
        if closer:
            if len(opened) == _MAX_BRACKETS:
                return []
            opened.append((closer, place))
        elif any(closer == char for closer, _ in opened):
            while opened:
                closer, start = opened.pop()
                if closer == char:
                    pairs.append((start, place))
                    break
    return sorted(pairs)


@lru_cache(maxsize=256)
def _closing(char: str) -> str:
    """Return the closing bracket that matches the opening bracket `char`, or "" if `char` isn't an opening bracket."""
    if unicodedata.category(char) != "Ps" or not unicodedata.mirrored(char) or unicodedata.bidirectional(char) != "ON":
        return ""
    if char in _UNLIKE_NEIGHBOURS:
        return _UNLIKE_NEIGHBOURS[char]
    following = chr(ord(char) + (2 if char in "[{" else 1))
    return following if unicodedata.category(following) == "Pe" else ""


def _neutral(sequence: _IsolatingRunSequence, kinds: list[str]) -> None:
    """In `kinds`, replace the bidi classes of a sequence's neutral characters by the direction of the text around them.

    If the directions before and after them differ, the direction of the embedding is used (rules N1 and N2 of UAX #9).
    """
    at = sequence.at
    for start, end in _stretches(at, kinds, _NEUTRAL):
        before = _strong(kinds[at[start - 1]]) if start else sequence.before
        after = _strong(kinds[at[end]]) if end < len(at) else sequence.after
        direction = before if before == after else _direction(sequence.level)
        for index in at[start:end]:
            kinds[index] = direction


def _stretches(at: Sequence[int], kinds: Sequence[str], alike: Container[str]) -> Iterator[tuple[int, int]]:
    """Yield (first position, position after the last) in `at` for each stretch of characters whose classes are in `alike`.

    Stretches are as long as possible. `at` has indices of characters, and `kinds` the bidi class of each character.
    """
    start = 0
    for is_alike, together in groupby([kinds[index] in alike for index in at]):
        end = start + sum(1 for _ in together)
        if is_alike:
            yield start, end
        start = end


def _implicit(sequence: _IsolatingRunSequence, kinds: Sequence[str], found: list[int]) -> None:
    """In `found`, raise the levels of a sequence's characters as rules I1 and I2 of UAX #9 require for their classes (`kinds`).

    For example, numbers in right-to-left text get a higher level.
    """
    for index in sequence.at:
        if sequence.level % 2:
            found[index] += kinds[index] != "R"
        else:
            found[index] += {"R": 1, "AN": 2, "EN": 2}.get(kinds[index], 0)


def _whitespace(original: Sequence[str], found: list[int], base: int) -> None:
    """Reset the levels in `found` of white space (rule L1 of UAX #9).

    Tabs, and white space before them and at the end, get the level of the paragraph, `base`. Characters that rule X9 removes get
    the level of their left neighbour. `original` has each character's bidi class in the text.
    """
    trailing = True
    for at in range(len(found) - 1, -1, -1):
        kind = original[at]
        if kind in ("B", "S"):
            trailing = True
            found[at] = base
        elif trailing and (kind in ("WS", "PDI") or kind in _ISOLATES or kind in _REMOVED):
            found[at] = base
        else:
            trailing = False
    for at, kind in enumerate(original):
        if kind in _REMOVED and not (found[at] == base and at == len(found) - 1):
            found[at] = found[at - 1] if at else base
