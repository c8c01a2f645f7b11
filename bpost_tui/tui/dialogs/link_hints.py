"""Link hints: chooses a link by its letters. The labels are in the story below; this screen takes the keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Final

from textual import events
from textual.screen import ModalScreen

from bpost_tui.config.key_names import key_name
from bpost_tui.core.keys.keyboard_layouts import aliases

LETTERS: Final = "fjdksalgh"
"""Letters of labels: the home row, the strongest fingers first, without letters that look alike."""


def labels(count: int) -> tuple[str, ...]:
    """Return `count` labels, all of the same length, so that none is the beginning of another."""
    length = next(length for length in range(1, 9) if len(LETTERS) ** length >= count)
    return tuple("".join(letters) for letters, _ in zip(product(LETTERS, repeat=length), range(count), strict=False))


def letter_of(key: str, layouts: Sequence[str]) -> str:
    """Return the label's letter of `key`, read in the first Bengali layout that has one; empty if there is none."""
    if key.lower() in LETTERS:
        return key.lower()
    name = key_name(key)
    found = (letter for layout in layouts for letter in LETTERS if name in aliases(letter, (layout,)))
    return next(found, "")


class LinkHintScreen(ModalScreen[str | None]):
    """Asks for a link; the result is its address, or None.

    Args:
        addresses: Addresses of the links.
        show: Shows labels on links, by address.
        layouts: Bengali keyboard layouts that keys may be pressed in.
    """

    def __init__(self, addresses: Sequence[str], show: Callable[[Mapping[str, str]], None], layouts: Sequence[str]) -> None:
        super().__init__()
        self._labels = dict(zip(addresses, labels(len(addresses)), strict=True))
        self._show = show
        self._layouts = layouts
        self._typed = ""

    def on_mount(self) -> None:
        """Show the labels."""
        self._show(self._labels)

    def on_key(self, event: events.Key) -> None:
        """Take a letter of a label; Escape and `q` leave, Backspace removes a letter."""
        event.stop()
        if event.key in ("escape", "q"):
            self._leave(None)
        elif event.key == "backspace":
            self._type(self._typed[:-1])
        elif letter := letter_of(event.key, self._layouts):
            self._type(self._typed + letter)

    def on_click(self) -> None:
        """Leave without a choice."""
        self._leave(None)

    def _type(self, typed: str) -> None:
        matching = {address: label for address, label in self._labels.items() if label.startswith(typed)}
        if typed in matching.values():
            self._leave(next(iter(matching)))
        elif matching:
            self._typed = typed
            self._show(matching)

    def _leave(self, address: str | None) -> None:
        self._show({})
        self.dismiss(address)
