"""Link hints: a link is chosen by typing its label, a few letters drawn over the link in the story.

The story view draws the labels; this screen takes the keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Final

from textual import events
from textual.screen import ModalScreen

from bpost_tui.config.key_names import key_name
from bpost_tui.core.keys.actions import Keys
from bpost_tui.core.keys.keyboard_layouts import aliases

LETTERS: Final = "fjdksalgh"
"""Letters of the labels: the home row of the keyboard, strongest fingers first, without letters that look alike."""


def labels(count: int) -> tuple[str, ...]:
    """Return `count` labels for the links on the screen, made of letters to type.

    All have the same length, so that no label is the beginning of another.
    """
    length = next(length for length in range(1, 9) if len(LETTERS) ** length >= count)
    return tuple("".join(letters) for letters, _ in zip(product(LETTERS, repeat=length), range(count), strict=False))


def letter_of(key: str, layouts: Sequence[str]) -> str:
    """Return the letter of a label that `key` types, or an empty string if the key types no such letter.

    A Bengali letter counts as the Latin letter on the same key of the keyboard. `layouts` names the Bengali keyboard layouts; the
    first that has the letter decides.
    """
    if key.lower() in LETTERS:
        return key.lower()
    name = key_name(key)
    found = (letter for layout in layouts for letter in LETTERS if name in aliases(letter, (layout,)))
    return next(found, "")


class LinkHintScreen(ModalScreen[str | None]):
    """Asks the reader to choose a link by its label. The result is the address of the link, or None if the reader leaves.

    Args:
        addresses: Addresses of the links.
        show: Shows labels over links; its argument maps addresses to labels.
        keys: Keys of all actions. Only the keys for quitting work here, besides the letters of labels, Escape, `q` and Backspace.
    """

    def __init__(self, addresses: Sequence[str], show: Callable[[Mapping[str, str]], None], keys: Keys) -> None:
        super().__init__()
        self._labels = dict(zip(addresses, labels(len(addresses)), strict=True))
        self._show = show
        self._keys = keys
        self._typed = ""

    def on_mount(self) -> None:
        """Show the labels on the links."""
        self._show(self._labels)

    def on_key(self, event: events.Key) -> None:
        """Add a letter to the typed label. Escape and `q` close this screen, and Backspace removes a letter.

        A key for quitting ends bpost.
        """
        event.stop()
        if event.key in ("escape", "q"):
            self._leave(None)
        elif event.key == "backspace":
            self._type(self._typed[:-1])
        elif letter := letter_of(event.key, self._keys.layouts):
            self._type(self._typed + letter)
        elif self._keys.action_of(event.key) == "quit":
            self.app.exit()

    def on_click(self) -> None:
        """Close this screen without choosing a link."""
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
