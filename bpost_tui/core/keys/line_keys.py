"""Keys of `--plain` and `bpost listen`, typed as a line (key and Enter): the action that each line starts, and the help."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from bpost_tui.config.key_names import key_name
from bpost_tui.core.keys.actions import ACTIONS, Keys, key_label
from bpost_tui.i18n import Language, message

_HELP = {
    "back": message("Back to the list; in the list, to the categories"),
    "leave": message("Quit bpost"),
    "bottom": message("The rest of the story"),
    "listen": message("Read aloud from the last paragraph on, then the next unread stories; Ctrl+C stops"),
    "alike": message("Stories like the last one opened, the oldest first"),
    "pause": message("While a story is read aloud: pause or resume (Enter on its own does too)"),
    "settings": message("Read aloud more slowly, from the next sentence on"),
    "read": message("Mark the story read, or unread again"),
    "all_read": message("Mark as read: this list, older stories, or those above or below the last one opened"),
}
"""Maps the ids of actions that do something else in `--plain` and `bpost listen` than on the screen to their help texts there."""
_NOT_LISTED = ("space", "help")
"""Ids of actions that the help doesn't list. A separate line explains Enter.

The key of help needs no line, because the reader has just typed it.
"""


class LineKeys:
    """Keys of a session without a screen: the reader types a key and Enter to start an action.

    Args:
        chosen: Maps ids of actions to the keys that the config gives them.
        keyboard: Name of the reader's keyboard layout, or "auto" if unknown.
        actions: Ids of the actions that the session has.
    """

    def __init__(self, chosen: Mapping[str, tuple[str, ...]], keyboard: str, actions: Collection[str]) -> None:
        self._keys = Keys(chosen, keyboard)
        self._known = frozenset(actions)
        self._listed = [
            action for action in ACTIONS if action.id in actions and action.id not in _NOT_LISTED and self._keys.of(action.id)
        ]

    def action(self, line: str) -> str:
        """Return the id of the action whose key was typed as `line`; empty if `line` isn't a key."""
        action = self._keys.action_of(key_name(line))
        return action if action in self._known else ""

    def key(self, action_id: str) -> str:
        """Return the label of a key of the action `action_id`, if possible of a key that can be typed as a line.

        Empty if the action has no key.
        """
        keys = self._keys.of(action_id)
        return key_label(next((key for key in keys if len(key) == 1), next(iter(keys), "")))

    def help(self, language: Language) -> Iterator[str]:
        """Yield the lines of help: three about numbers, Enter and searches, then the key and description of each action."""
        yield language.text("A number: the story or category with that number")
        yield language.text("Enter: the next paragraph, or the next stories of the list")
        yield language.text("/ and words: search all saved stories")
        for action in self._listed:
            yield f"{self.key(action.id)}: {language.text(_HELP.get(action.id, action.help))}"
