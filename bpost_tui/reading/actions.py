"""The table of everything a reader can do: bindings, help, footer, palette and the manual are made from it.

A new key is a line here and a line in the map of `ui/reader/screen.py`. Labels and help are message ids of the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from bpost_tui.config.key_names import NAMED, key_name
from bpost_tui.reading.keyboards import layouts_of, with_aliases


class Scope(Enum):
    """Where an action makes sense; help shows those of the place one is in."""

    ANYWHERE = "Anywhere"
    LISTS = "Lists"
    STORY = "Story"


class Action(NamedTuple):
    """Something a reader can do."""

    id: str
    """What the config calls it."""
    keys: tuple[str, ...]
    """Textual's key names, the first is the one shown."""
    label: str
    """A word or two, for the footer."""
    help: str
    """One line, for the help screen."""
    scope: Scope = Scope.ANYWHERE
    footer: bool = False
    """Whether the footer shows it where there is room."""
    counted: bool = False
    """Whether it takes the number typed before it: how often, or which."""


ACTIONS: tuple[Action, ...] = (
    Action("down", ("down", "j"), "Down", "Next line or story in the list", counted=True),
    Action("up", ("up", "k"), "Up", "Previous line or story in the list", counted=True),
    Action("open", ("enter",), "Read", "Open the story", Scope.LISTS, footer=True, counted=True),
    Action("forward", ("right", "l"), "Into", "Go to the pane on the right"),
    Action("back", ("left", "h", "escape"), "Back", "Go to the pane on the left", counted=True),
    Action("retrace", ("b",), "Where I was", "Back to where you were before, as far as this session goes"),
    Action("next_pane", ("tab",), "Next pane", "Go round the panes"),
    Action("previous_pane", ("shift+tab",), "Previous pane", "Go round the panes, backwards"),
    Action("top", ("g", "home"), "Top", "Go to the beginning", counted=True),
    Action("bottom", ("G", "end"), "End", "Go to the end", counted=True),
    Action("page_down", ("pagedown", "ctrl+f"), "Page down", "One page down", counted=True),
    Action("page_up", ("pageup", "ctrl+b"), "Page up", "One page up", counted=True),
    Action("half_page_down", ("ctrl+d",), "Half down", "Half a page down", counted=True),
    Action("half_page_up", ("ctrl+u",), "Half up", "Half a page up", counted=True),
    Action("space", ("space",), "On", "One page down; at the end, the next unread story", footer=True),
    Action("next_unread", ("n",), "Next unread", "Next unread story", footer=True, counted=True),
    Action("previous_unread", ("p",), "Previous unread", "Previous unread story", counted=True),
    Action("next_story", ("J",), "Next story", "Next story, without leaving the text", Scope.STORY, counted=True),
    Action("previous_story", ("K",), "Previous story", "Previous story, without leaving the text", Scope.STORY, counted=True),
    Action(
        "next_section", ("]",), "Next section", "Next sub-head; where there are none, the next paragraph", Scope.STORY, counted=True
    ),
    Action(
        "previous_section",
        ("[",),
        "Previous section",
        "Previous sub-head; where there are none, the previous paragraph",
        Scope.STORY,
        counted=True,
    ),
    Action("hints", (";",), "Links", "Letters on the links in sight: type them to follow one", Scope.STORY),
    Action("links", ("a",), "All links", "The links of the story, with where they really lead", Scope.STORY),
    Action("pictures", ("i",), "Pictures", "Show the pictures of the story, or hide them again"),
    Action("browser", ("o",), "Browser", "Open the story in the browser", footer=True),
    Action("read", ("m",), "Mark read", "Mark as read, or as unread again"),
    Action("star", ("s",), "Star", "Star the story, or take the star away"),
    Action("later", ("L",), "Read later", "Keep the story to be read later, or no longer"),
    Action("all_read", ("A",), "All read", "Mark every story of this list read"),
    Action("undo", ("u",), "Undo", "Undo the last mark; again, the one before it"),
    Action("copy_link", ("y",), "Copy link", "Copy the story's address"),
    Action("copy_story", ("Y",), "Copy story", "Copy the story as text, with its address"),
    Action("copy_selection", ("ctrl+c", "super+c"), "Copy", "Copy what the mouse has selected", Scope.STORY),
    Action(
        "search",
        ("slash", "/"),
        "Search",
        "Search everything saved, in Bengali or Roman letters; in a story, find in it",
        footer=True,
    ),
    Action("keep_search", ("w",), "Keep search", "Keep this search under a name, or forget it", Scope.LISTS),
    Action("changes", ("d",), "Changes", "What the portal changed in this story", Scope.STORY),
    Action("older", ("O",), "Older", "Load older stories of this list from the portal", Scope.LISTS),
    Action(
        "previous_mark",
        ("N",),
        "Previous mark",
        "Previous place found in the story; n is the next",
        Scope.STORY,
        counted=True,
    ),
    Action("refresh", ("r",), "Refresh", "Ask the portal for what is new"),
    Action("unread_only", ("U",), "Unread only", "Leave what is read out of the lists, or show it again"),
    Action("muted", ("M",), "Muted", "Show what is muted too, or leave it out again"),
    Action("pipe", ("vertical_line", "|"), "Pipe", "Give the story to a program"),
    Action("listen", ("v",), "Listen", "Read the story aloud from here on, or stop"),
    Action("larger", ("plus", "+"), "Larger", "Larger type"),
    Action("smaller", ("minus", "-"), "Smaller", "Smaller type"),
    Action("natural", ("equals_sign", "="), "Usual size", "Type of the usual size"),
    Action("wider", (">",), "Wider", "Set the story in a wider column"),
    Action("narrower", ("<",), "Narrower", "Set the story in a narrower column"),
    Action("edge_right", ("alt+right",), "Edge right", "Move the edge of the list to the right, as the mouse does"),
    Action("edge_left", ("alt+left",), "Edge left", "Move the edge of the list to the left"),
    Action("zen", ("z",), "Zen", "Nothing but the story; again, or Esc, brings back the rest", Scope.STORY),
    Action("rung", ("T",), "Type", "Draw the type another way: pixels, mosaic, cells"),
    Action("theme", ("t",), "Theme", "Choose a theme, trying each one as you go"),
    Action("sample", ("S",), "Sample", "Read the sample edition"),
    Action("redraw", ("ctrl+l",), "Redraw", "Draw the screen anew, where something else has written on it"),
    Action("suspend", ("ctrl+z",), "Suspend", "Back to the shell; its fg brings the reader back"),
    Action("palette", ("colon", ":", "ctrl+p"), "Palette", "Everything that can be done, by name"),
    Action("tour", ("f1",), "Tour", "The reader in five lines"),
    Action("help", ("question_mark", "?"), "Help", "The keys of this place", footer=True),
    Action("quit", ("q",), "Quit", "Leave", footer=True),
)

DIGITS = "0123456789"
"""A number is a count for the motion that follows, or a category; a table of their own would say no more."""

_SHOWN = {
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "enter": "⏎",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "home": "Home",
    "end": "End",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "space": "Space",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "vertical_line": "|",
    "f1": "F1",
}


def action_of(action_id: str) -> Action:
    """Return an action by its id."""
    return next(action for action in ACTIONS if action.id == action_id)


class Keys:
    """The keys of all actions.

    Args:
        config: The id of an action → the keys that the reader chose; they are nobody else's then.
        keyboard: The reader's layout, one of `keyboards.LAYOUTS`, or "auto".
    """

    def __init__(self, config: Mapping[str, tuple[str, ...]] = MappingProxyType({}), keyboard: str = "auto") -> None:
        self._config = config
        self.layouts = layouts_of(keyboard)
        """The Bengali layouts under which keys may be pressed."""
        chosen = {key_name(key) for keys in config.values() for key in keys}
        usual = {action.id: action.keys for action in ACTIONS} | {digit_id(key): (key,) for key in DIGITS}
        left = {name: tuple(key for key in keys if key_name(key) not in chosen) for name, keys in usual.items()}
        bound = with_aliases({**left, **config}, self.layouts)
        self._bound = {name: tuple(dict.fromkeys(map(key_name, keys))) for name, keys in bound.items()}
        self._actions = {key: name for name, keys in reversed(self._bound.items()) for key in keys}

    @property
    def keymap(self) -> dict[str, str]:
        """Textual's keymap of all actions and digits: their keys, and what these send under a Bengali layout."""
        return {name: ",".join(keys) for name, keys in self._bound.items()}

    def of(self, action_id: str) -> tuple[str, ...]:
        """Return the keys of an action: the config's where it names it, else its own."""
        return self._config.get(action_id, action_of(action_id).keys)

    def action_of(self, key: str) -> str:
        """Return the id of the action, or of the digit, that a key does; empty where it does nothing."""
        return self._actions.get(key, "")

    def shown(self, action_id: str) -> str:
        """Return the first key of an action, as the reader knows it."""
        return shown(self.of(action_id)[0])

    def all_shown(self, action_id: str) -> str:
        """Return all keys of an action, as the reader knows them."""
        return "  ".join(dict.fromkeys(map(shown, self.of(action_id))))


def digit_id(key: str) -> str:
    """Return the id of the binding of a digit."""
    return f"digit_{key}"


def shown(key: str) -> str:
    """Return a key as the reader knows it: `question_mark` is `?`, `ctrl+f` is `Ctrl+F`."""
    if key in _SHOWN:
        return _SHOWN[key]
    if key in NAMED:
        return key.capitalize()
    return "+".join(part.capitalize() for part in key.split("+")) if "+" in key and len(key) > 1 else key
