"""Selecting words and sentences of a story with keys, from an anchor to a cursor. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from enum import Enum
from itertools import accumulate
from types import MappingProxyType

from bpost_tui.bengali.letters import composed
from bpost_tui.bengali.sentences import sentences
from bpost_tui.config.key_names import key_name
from bpost_tui.core.keys.keyboard_layouts import with_aliases
from bpost_tui.core.page_matches import PageMatch
from bpost_tui.model.blocks import Blocks
from bpost_tui.model.passage_anchoring import quotable_texts
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.items import Item, Para

_WORD = lazy_pattern(r"\S+")
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def _with_straight_quotes(text: str) -> str:
    """Return a text with straight quotation marks, to compare it with text on the page, whose marks are curly."""
    return composed(text).translate(_STRAIGHT)


class SelectionStep(Enum):
    """Step that a key takes while the reader selects words, such as moving the cursor to the next word."""

    WORD_ON = "word on"
    WORD_BACK = "word back"
    SENTENCE_ON = "sentence on"
    SENTENCE_BACK = "sentence back"
    START = "start"
    """Set the anchor (the fixed end of the selection) at the cursor, or remove the anchor if there is one."""
    SENTENCE = "sentence"
    """Extend the selection at both ends to whole sentences."""
    SWAP = "swap"
    COPY = "copy"
    KEEP = "keep"
    LEAVE = "leave"


KEYS: Mapping[SelectionStep, tuple[str, ...]] = MappingProxyType(
    {
        SelectionStep.WORD_ON: ("right", "l", "w"),
        SelectionStep.WORD_BACK: ("left", "h", "b"),
        SelectionStep.SENTENCE_ON: ("down", "j"),
        SelectionStep.SENTENCE_BACK: ("up", "k"),
        SelectionStep.START: ("space",),
        SelectionStep.SENTENCE: ("s",),
        SelectionStep.SWAP: ("o", "tab"),
        SelectionStep.COPY: ("y", "enter", "ctrl+c", "super+c"),
        SelectionStep.KEEP: ("p", "quotation_mark"),
        SelectionStep.LEAVE: ("escape", "q"),
    }
)


def steps_by_key(layouts: Sequence[str]) -> Mapping[str, SelectionStep]:
    """Map the names of all keys in `KEYS`, and of the characters that these keys send under Bengali `layouts`, to their steps."""
    bound = with_aliases({step.value: keys for step, keys in KEYS.items()}, layouts)
    return {key_name(key): SelectionStep(name) for name, keys in reversed(bound.items()) for key in keys}


class PageWords:
    """Words and sentences of a story's text on its page. Both are numbered from 0, from the page's top."""

    def __init__(self, items: Sequence[Item], blocks: Blocks) -> None:
        self._texts: dict[int, str] = {}
        self.words: list[PageMatch] = []
        self.sentences: list[int] = []
        """Number of the first word of each sentence."""
        wanted = iter([" ".join(text.split()) for text in quotable_texts(blocks) if text.strip()])
        text = next(wanted, None)
        for at, item in enumerate(items):
            shown = "".join(run.text for run in item.runs) if isinstance(item, Para) else ""
            if text is not None and " ".join(shown.split()) == text:
                self._add_text(at, shown)
                text = next(wanted, None)

    @property
    def items(self) -> Sequence[int]:
        """Indices of the page's items (paragraphs, headings …) that show parts of the story's text, in ascending order."""
        return tuple(self._texts)

    def at(self, item: int, start: int = 0) -> int:
        """Return the number of the first word at or after character `start` of the page's item (paragraph …) with index `item`.

        If this item has no such word, return the number of the next item's first word, or else of the page's last word.
        """
        found = (at for at, word in enumerate(self.words) if (word.item, word.end) > (item, start))
        return next(found, len(self.words) - 1)

    def has(self, item: int) -> bool:
        """Return whether the page's item (paragraph, heading …) with index `item` has words that can be selected."""
        return item in self._texts

    def found(self, text: str, item: int) -> tuple[int, int] | None:
        """Return the numbers of the first and last word of `text` on the page, searched from the item with index `item` on.

        Return None if the page doesn't have the text.

        Spaces may differ. Letters of `text` must be composed (NFC), as the letters on the page are.
        """
        first, sought = self.at(item), _with_straight_quotes("".join(text.split()))
        words = (
            [_with_straight_quotes(self._texts[word.item][word.start : word.end]) for word in self.words[first:]] if sought else []
        )
        at = "".join(words).find(sought)
        if not words or at < 0:
            return None
        ends = list(accumulate(map(len, words)))
        return first + bisect_right(ends, at), first + bisect_right(ends, at + len(sought) - 1)

    def text(self, first: int, last: int) -> str:
        """Return the text from word number `first` to word number `last`, with blank lines between paragraphs."""
        return "\n\n".join(self._texts[stretch.item][stretch.start : stretch.end] for stretch in self.spans(first, last))

    def spans(self, first: int, last: int) -> tuple[PageMatch, ...]:
        """Return the parts of the page from word number `first` to word number `last`, one for each paragraph."""
        of_items: dict[int, PageMatch] = {}
        for word in self.words[first : last + 1]:
            known = of_items.get(word.item, word)
            of_items[word.item] = known._replace(end=word.end)
        return tuple(of_items.values())

    def _add_text(self, at: int, text: str) -> None:
        self._texts[at] = text
        begins = {start for start, _ in sentences(text)}
        for number, match in enumerate(_WORD.finditer(text)):
            if number == 0 or not begins.isdisjoint(range(*match.span())):
                self.sentences.append(len(self.words))
            self.words.append(PageMatch(at, *match.span()))


class Selection(NamedTuple):
    """Selected words, from the anchor to the cursor. Without an anchor, only the word at the cursor is selected."""

    words: PageWords
    cursor: int
    anchor: int | None = None

    @property
    def first(self) -> int:
        """Number of the first selected word; the page's words are numbered from its start."""
        return min(self.cursor, self.cursor if self.anchor is None else self.anchor)

    @property
    def last(self) -> int:
        """Number of the last selected word; the page's words are numbered from its start."""
        return max(self.cursor, self.cursor if self.anchor is None else self.anchor)

    def after_step(self, step: SelectionStep) -> Selection:
        """Return the selection after a step, such as moving the cursor to the next word."""
        match step:
            case SelectionStep.WORD_ON | SelectionStep.WORD_BACK:
                return self._at(self.cursor + (1 if step is SelectionStep.WORD_ON else -1))
            case SelectionStep.SENTENCE_ON:
                return self._at(self._sentence_on())
            case SelectionStep.SENTENCE_BACK:
                return self._at(self._sentence_back())
            case SelectionStep.START:
                return self._replace(anchor=self.cursor if self.anchor is None else None)
            case SelectionStep.SENTENCE:
                return self._sentences()
            case SelectionStep.SWAP:
                return self if self.anchor is None else self._replace(cursor=self.anchor, anchor=self.cursor)
            case SelectionStep.COPY | SelectionStep.KEEP | SelectionStep.LEAVE:
                return self

    def on(self, words: PageWords) -> Selection:
        """Return the selection of the same text on another version of the page, with the words `words`.

        An end whose word is gone moves to the next word that is selectable.
        """
        ends = [self.words.words[number] for number in (self.cursor, self.cursor if self.anchor is None else self.anchor)]
        here, begun = (words.at(word.item, word.start) for word in ends)
        return Selection(words, here, None if self.anchor is None else begun)

    def text(self) -> str:
        """Return the selected text."""
        return self.words.text(self.first, self.last)

    def highlights(self) -> tuple[tuple[PageMatch, ...], PageMatch]:
        """Return two highlights: the selected parts of the page, in order and without overlaps, and the word at the cursor."""
        here = self.words.words[self.cursor]
        parts: list[PageMatch] = []
        for stretch in self.words.spans(self.first, self.last):
            if stretch.item == here.item:
                around = stretch._replace(end=here.start), here, stretch._replace(start=here.end)
                parts += [part for part in around if part.start < part.end]
            else:
                parts.append(stretch)
        return tuple(parts), here

    def _at(self, number: int) -> Selection:
        return self._replace(cursor=max(0, min(number, len(self.words.words) - 1)))

    def _sentence_on(self) -> int:
        """Return the number of the word that a step forward moves the cursor to: the first word of the next sentence.

        Exception: if the anchor is at or before the cursor, the step extends the selection to the last word of this sentence. If
        the cursor is on that word already, it is the last word of the next sentence.
        """
        begins = [*self.words.sentences, len(self.words.words)]
        if self.anchor is None or self.cursor < self.anchor:
            return next(at for at in begins if at > self.cursor)
        return next(at for at in begins if at > self.cursor + 1) - 1 if self.cursor + 1 < begins[-1] else self.cursor

    def _sentence_back(self) -> int:
        """Return the number of the word that a step back moves the cursor to: the first word of this sentence.

        If the cursor is already on that word, it is the first word of the previous sentence. Exception: if the anchor is before the
        cursor, the step shortens the selection to the last word of the previous sentence, but not past the anchor.
        """
        begins = self.words.sentences
        if self.anchor is None or self.cursor <= self.anchor:
            return max((at for at in begins if at < self.cursor), default=0)
        return max(self.anchor, max((at for at in begins if at <= self.cursor), default=0) - 1)

    def _sentences(self) -> Selection:
        begins = [*self.words.sentences, len(self.words.words)]
        first = max(at for at in begins if at <= self.first)
        return self._replace(anchor=first, cursor=next(at for at in begins if at > self.last) - 1)
