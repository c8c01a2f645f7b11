"""Table of all actions that keys can start. Bindings, help, footer, palette and the manual are made from it.

To add an action, add a line here and a line in the map of `tui/commands.py`. Labels and help are English texts, which are also
their keys in the message catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from types import MappingProxyType

from bpost_tui.config.key_names import NAMED, key_name
from bpost_tui.core.keys.keyboard_layouts import layouts_of, with_aliases
from bpost_tui.i18n import message
from bpost_tui.typesetting.text.named_tuple import NamedTuple


class Scope(Enum):
    """Part of the screen where an action works. Help shows the actions of the part that has the focus."""

    ANYWHERE = "Anywhere"
    LISTS = "Lists"
    STORY = "Story"


class Action(NamedTuple):
    """Command that the reader can give with a key, such as opening a story."""

    id: str
    """Name of the action in the config."""
    keys: tuple[str, ...]
    """Names of the action's keys, as Textual spells them, such as `ctrl+o`. The first key is shown in footers."""
    label: str
    """Label in the footer: one or two English words, which are also its key in the message catalogue."""
    help: str
    """English description for the help screen, of one line. It is also its key in the message catalogue."""
    scope: Scope = Scope.ANYWHERE
    takes_count: bool = False
    """Whether the action uses a number typed before its key, as a count or an index."""
    on_story: bool = False
    """Whether the action acts on the story under the list's cursor.

    While the category pane has the focus, such an action only shows a message, because that story may be out of sight.
    """


ACTIONS: tuple[Action, ...] = (
    Action("down", ("down", "j"), "Down", "Next line; in a list, the next story", takes_count=True),
    Action("up", ("up", "k"), "Up", "Previous line; in a list, the previous story", takes_count=True),
    Action("open", ("enter",), "Read", "Open the story", Scope.LISTS, takes_count=True),
    Action("forward", ("right", "l"), "Right pane", "Go to the pane on the right"),
    Action("back", ("left", "h", "escape"), "Back", "Go to the pane on the left", takes_count=True),
    Action("retrace", ("backspace", "ctrl+o"), "Previous place", "Go back to where you were before, step by step"),
    Action("next_pane", ("tab",), "Next pane", "Go to the next pane"),
    Action("previous_pane", ("shift+tab",), "Previous pane", "Go to the previous pane"),
    Action("top", ("g", "home"), "Top", "Go to the beginning", takes_count=True),
    Action("bottom", ("G", "end"), "End", "Go to the end", takes_count=True),
    Action("page_down", ("pagedown", "ctrl+f"), "Page down", "One page down", takes_count=True),
    Action("page_up", ("pageup", "b", "ctrl+b"), "Page up", "One page up", takes_count=True),
    Action("half_page_down", ("ctrl+d",), "Half page down", "Half a page down", takes_count=True),
    Action("half_page_up", ("ctrl+u",), "Half page up", "Half a page up", takes_count=True),
    Action("space", ("space",), "Next page", "One page down; at the end, the next unread story"),
    Action("next_unread", ("n",), "Next unread", "Next unread story", takes_count=True),
    Action("previous_unread", ("p",), "Previous unread", "Previous unread story", takes_count=True),
    Action("next_category", ("}",), "Next category", "Next category with unread stories"),
    Action("next_story", ("J",), "Next story", "Next story, without leaving the text", Scope.STORY, takes_count=True),
    Action("previous_story", ("K",), "Previous story", "Previous story, without leaving the text", Scope.STORY, takes_count=True),
    Action(
        "next_section",
        ("]",),
        "Next section",
        "Next subheading, or the next paragraph if there are none",
        Scope.STORY,
        takes_count=True,
    ),
    Action(
        "previous_section",
        ("[",),
        "Previous section",
        "Previous subheading, or the previous paragraph if there are none",
        Scope.STORY,
        takes_count=True,
    ),
    Action("hints", (";",), "Links", "Label the visible links; type a label to open one", Scope.STORY),
    Action(
        "links",
        ("a",),
        "All links",
        "Show all links of the story, with their real addresses; its tags, author and place",
        Scope.STORY,
    ),
    Action("pictures", ("i",), "Pictures", "Show the story's pictures, or hide them again"),
    Action("browser", ("o",), "Browser", "Open the story in the browser", on_story=True),
    Action("read", ("m",), "Mark read", "Mark as read, or as unread again", on_story=True),
    Action("star", ("s",), "Star", "Star the story, or remove the star", on_story=True),
    Action("later", ("L",), "Read later", "Add the story to Read later, or remove it", on_story=True),
    Action("lists", ("B",), "Lists", "Put the story into a list of your own, or take it out; on a list, rename or delete it"),
    Action(
        "flag",
        ("x", "insert"),
        "Select",
        "Select the story; the next mark applies to all selected stories (Esc clears)",
        Scope.LISTS,
        on_story=True,
    ),
    Action(
        "flag_range",
        ("X",),
        "Select up to here",
        "Select everything from the last selected story to here",
        Scope.LISTS,
        on_story=True,
    ),
    Action("all_read", ("A",), "Mark several as read", "Mark as read: this list (again, or Enter), above, below, or older"),
    Action("undo", ("u",), "Undo", "Undo the last mark; press again for the one before"),
    Action("copy_link", ("y",), "Copy link", "Copy the story's address", on_story=True),
    Action("copy_story", ("Y",), "Copy story", "Copy the story as text, with its address", on_story=True),
    Action("copy_selection", ("ctrl+c", "super+c"), "Copy", "Copy the selected text", Scope.STORY),
    Action("share", ("e",), "Share", "Share the story: link, text, QR code, WhatsApp, Telegram, mail, card", on_story=True),
    Action("select", ("H",), "Select text", "Select words and sentences of the story with keys, to copy or keep them", Scope.STORY),
    Action(
        "passage",
        ("quotation_mark", '"'),
        "Passage",
        "Keep what is selected as a passage; else go to the next passage of the story",
        Scope.STORY,
    ),
    Action("note", ("E",), "Note", "Write a note on the passage you are at, or change it"),
    Action("delete_passage", ("D", "delete"), "Delete passage", "Delete the passage you are at"),
    Action(
        "search",
        ("slash", "/"),
        "Search",
        "Search all saved stories, in Bengali or Roman letters; in a story, find in it",
    ),
    Action("compose", ("ctrl+space",), "Type Bengali (Avro)", "In text fields: turn Avro-style Bengali typing on or off"),
    Action("keep_search", ("w",), "Save search", "Save this search under a name, or delete it", Scope.LISTS),
    Action(
        "alike",
        ("*",),
        "More like this",
        "Show stories like this one from before and after, the oldest first",
        on_story=True,
    ),
    Action("changes", ("d",), "Changes", "Show what the portal changed in this story", Scope.STORY),
    Action("papers", ("P",), "Papers", "Choose a paper, where there are several"),
    Action(
        "fold",
        ("f",),
        "Fold",
        "Fold away a group's papers or a paper's categories, or show them; in All papers, all groups",
        Scope.LISTS,
    ),
    Action("move_paper", ("at", "@"), "Move paper", "Follow a paper that has moved, with its stories and marks", Scope.LISTS),
    Action("accounts", ("&",), "Other papers", "Read the same news in the next paper that has it", on_story=True),
    Action("saga", ("F",), "Follow-ups", "Read this story's follow-ups, oldest first", on_story=True),
    Action("why_together", ("W",), "Why grouped?", "Show why these stories are grouped", on_story=True),
    Action("apart", ("!",), "Ungroup", "Ungroup this story: it's different news", on_story=True),
    Action("same_news_once", ("%",), "Group the same news", "Show the same news of several papers once, or every story"),
    Action("older", ("O",), "Older stories", "Load older stories of this list from the portal", Scope.LISTS),
    Action(
        "previous_mark",
        ("N",),
        "Previous match",
        "Previous match in the story",
        Scope.STORY,
        takes_count=True,
    ),
    Action("refresh", ("r",), "Refresh", "Fetch new stories from the portal"),
    Action("unread_only", ("U",), "Unread only", "Hide read stories, or show them again"),
    Action("compact", ("C",), "Compact list", "Show one line per story, or more of each"),
    Action("turn", ("R",), "Order", "Oldest or newest first; in a search, newest or best match", Scope.LISTS),
    Action("muted", ("M",), "Muted", "Show muted stories, or hide them again"),
    Action("pipe", ("vertical_line", "|"), "Send to program", "Send the story to a program", on_story=True),
    Action("listen", ("v",), "Listen", "Read the story aloud from here on, or stop"),
    Action("pause", ("V",), "Pause", "Pause or resume reading aloud"),
    Action("next_sentence", (")",), "Next sentence", "While a story is read aloud: the next sentence", takes_count=True),
    Action(
        "previous_sentence", ("(",), "Previous sentence", "While a story is read aloud: the previous sentence", takes_count=True
    ),
    Action("faster", ("full_stop", "."), "Faster", "Read aloud faster, from the next sentence on"),
    Action(
        "settings",
        ("comma",),
        "Settings",
        "Settings: language, theme, type, order, times",
    ),
    Action("larger", ("plus", "+"), "Larger", "Larger type"),
    Action("smaller", ("minus", "-"), "Smaller", "Smaller type"),
    Action("natural", ("equals_sign", "="), "Usual size", "Back to the usual size of type and the usual widths"),
    Action("wider", (">",), "Wider column", "Make the story's column wider"),
    Action("narrower", ("<",), "Narrower column", "Make the story's column narrower"),
    Action("edge_right", ("alt+right",), "Wider list", "Make the list wider; the mouse can also drag its edge"),
    Action("edge_left", ("alt+left",), "Narrower list", "Make the list narrower"),
    Action("zen", ("z",), "Zen", "Show only the story; press again, or Esc, to show the rest", Scope.STORY),
    Action("draw_type", ("T",), "Type", "Draw the type another way: pixels, mosaic, cells"),
    Action("theme", ("t",), "Theme", "Choose a theme; each is shown as you move to it"),
    Action("sample", ("S",), "Sample", "Read the sample edition"),
    Action("redraw", ("ctrl+l",), "Redraw", "Redraw the screen if another program has written on it"),
    Action("suspend", ("ctrl+z",), "Suspend", "Go back to the shell; type fg there to return"),
    Action("palette", ("colon", ":", "ctrl+p"), "Commands", "Run any command by name"),
    Action("tour", ("f1",), "Tour", "Quick tour"),
    Action("help", ("question_mark", "?"), "Help", "Show the keys that work here"),
    Action("leave", ("q",), "Up one level", "Go one level up: from a story to its list; from the list, quit"),
    Action("quit", ("Q", "ctrl+q"), "Quit", "Quit bpost from anywhere"),
)

NEEDED_FIRST: Mapping[Scope, tuple[str, ...]] = MappingProxyType(
    {
        Scope.LISTS: (
            *("down", "up", "open", "space", "next_unread", "search"),
            *("later", "star", "browser", "all_read", "refresh", "leave"),
        ),
        Scope.STORY: (
            *("space", "page_up", "down", "up", "back", "next_unread"),
            *("browser", "hints", "search", "star", "later", "leave"),
        ),
        Scope.ANYWHERE: ("palette", "settings", "undo", "draw_type", "quit"),
    }
)
"""Ids of the actions that the help screen shows first, for each part of the screen that the reader may be in."""

FOOTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "categories": ("open", "search", "refresh", "palette", "help", "leave"),
        "posts": ("open", "next_unread", "search", "later", "browser", "help", "leave"),
        "group": ("open", "accounts", "why_together", "next_unread", "search", "help", "leave"),
        "found": ("open", "next_unread", "search", "keep_search", "browser", "help", "leave"),
        "timeline": ("open", "next_unread", "search", "keep_search", "browser", "help", "leave"),
        "story": ("space", "next_unread", "hints", "star", "browser", "help", "leave"),
        "account": ("space", "accounts", "why_together", "next_unread", "hints", "help", "leave"),
        "marks": ("space", "next_unread", "previous_mark", "search", "star", "help", "leave"),
        "marked account": ("space", "next_unread", "previous_mark", "accounts", "why_together", "help", "leave"),
        "aloud": ("space", "listen", "next_sentence", "previous_sentence", "faster", "settings", "help", "leave"),
        "paused": ("space", "listen", "next_sentence", "previous_sentence", "faster", "settings", "help", "leave"),
        "empty": ("sample", "refresh", "help", "leave"),
    }
)
"""Ids of the actions that the footer shows in each state of the screen.

In this order, the states are: the category pane; the list; a row of the list that hides stories about the same news; search hits;
stories similar to a given one; a story; a story whose news other stories have as well; a story with marked words; a story with
marked words whose news other stories have as well; reading aloud; reading aloud paused; a list without stories.

If there isn't room for all, actions are dropped from the end, but `leave` and `help` only after all others.
"""

_BACK_STATES = "found", "timeline", "story", "account", "marks", "marked account", "aloud", "paused"
"""States of the screen (as in `FOOTERS`) where the action `leave` goes back. In all other states `leave` quits."""

DIGITS = "0123456789"
"""Digit keys. A number typed before another key is a count or an index for that key's action.

If the action uses no number, a single digit selects the category with that number. Digits have no entry in the table of actions.
"""

_KEY_LABELS = {
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
    "at": "@",
    "colon": ":",
    "comma": ",",
    "full_stop": ".",
    "slash": "/",
    "vertical_line": "|",
    "quotation_mark": '"',
    "f1": "F1",
}


def action_of(action_id: str) -> Action:
    """Return the action with the id `action_id`, which must exist."""
    return next(action for action in ACTIONS if action.id == action_id)


ALOUD_HELP: Mapping[str, str] = MappingProxyType({"settings": message("While a story is read aloud: read more slowly")})
"""Maps the id of an action to a second help text: the effect of its key while a story is read aloud."""


def help_actions(place: Scope) -> dict[Scope, list[Action]]:
    """Return the two lists of actions in the help for `place`, a part of the screen.

    The list with the key `place` has the actions that work in this part, and those that `NEEDED_FIRST` names for it. The list with
    the key `Scope.ANYWHERE` has the other actions that work anywhere. In both lists, the actions in `NEEDED_FIRST` come first.
    """
    placed = dict.fromkeys(map(action_of, NEEDED_FIRST[place]), place)
    placed |= {action: place for action in ACTIONS if action.scope is place}
    for action in (*map(action_of, NEEDED_FIRST[Scope.ANYWHERE]), *ACTIONS):
        if action.scope is Scope.ANYWHERE:
            placed.setdefault(action, Scope.ANYWHERE)
    return {scope: [action for action, its in placed.items() if its is scope] for scope in (place, Scope.ANYWHERE)}


class Keys:
    """Keys of all actions.

    Args:
        config: Maps ids of actions to the keys that the config gives them. Such a key no longer starts other actions.
        keyboard: Name of the reader's keyboard layout (one of `keyboard_layouts.LAYOUTS`), or "auto" if unknown.
    """

    def __init__(self, config: Mapping[str, tuple[str, ...]] = MappingProxyType({}), keyboard: str = "auto") -> None:
        self.layouts = layouts_of(keyboard)
        """Names of the Bengali keyboard layouts that the reader may have switched on."""
        chosen = {key_name(key) for keys in config.values() for key in keys}
        usual = {action.id: action.keys for action in ACTIONS} | {digit_id(key): (key,) for key in DIGITS}
        left = {name: tuple(key for key in keys if key_name(key) not in chosen) for name, keys in usual.items()}
        self._own = {**left, **config}
        bound = with_aliases(self._own, self.layouts)
        self._bound = {name: tuple(dict.fromkeys(map(key_name, keys))) for name, keys in bound.items()}
        self._actions = {key: name for name, keys in reversed(self._bound.items()) for key in keys}

    @property
    def keymap(self) -> dict[str, str]:
        """Keymap for Textual: the keys of each action and digit, and the characters that these keys send under Bengali layouts."""
        return {name: ",".join(keys) for name, keys in self._bound.items()}

    @property
    def alt_letters(self) -> frozenset[str]:
        """Letters that are bound in combination with Alt; a capital means Alt and Shift. Only the config binds such keys."""
        plain = (key.removeprefix("alt+") for key in self._actions if key.startswith("alt+"))
        letters = (key.removeprefix("shift+").upper() if key.startswith("shift+") else key for key in plain)
        return frozenset(letter for letter in letters if len(letter) == 1)

    def of(self, action_id: str) -> tuple[str, ...]:
        """Return the keys of the action `action_id`: the config's, or else its default keys.

        Default keys that the config gives to another action are left out.
        """
        return self._own[action_id]

    def action_of(self, key: str) -> str:
        """Return the id of the action or digit bound to `key`; empty if `key` isn't bound."""
        return self._actions.get(key, "")

    def key_label(self, action_id: str) -> str:
        """Return the label of the first key of the action `action_id`; empty if the action has no key."""
        return next(map(key_label, self.of(action_id)), "")

    def footers(self, place: str) -> Iterator[list[tuple[str, str]]]:
        """Yield versions of the footer for the state `place` of the screen (a key of `FOOTERS`), from the longest to the shortest.

        Each version has one entry less than the version before, so that a footer fits into a narrow screen. An entry is a pair: the
        label of a key, and the English label of its action.
        """
        # a config that gives `q` to `quit` leaves `leave` without a key
        ids = tuple("quit" if name == "leave" and not self.of(name) else name for name in FOOTERS[place])
        while ids:
            yield [(self.key_label(name), _label(name, place)) for name in ids if self.of(name)]
            ids = drop_least_important(ids)

    def key_labels(self, action_id: str) -> str:
        """Return the labels of all keys of the action `action_id`, with two spaces between; empty if it has no key."""
        return "  ".join(dict.fromkeys(map(key_label, self.of(action_id))))


def drop_least_important(ids: Sequence[str]) -> tuple[str, ...]:
    """Return the action ids of a footer without the least important action."""
    others = [at for at, name in enumerate(ids) if name not in ("help", "leave", "quit")]
    least = others[-1] if others else len(ids) - 1
    return (*ids[:least], *ids[least + 1 :])


_LABELS = {
    ("timeline", "keep_search"): message("Follow"),
    ("marks", "next_unread"): message("Next match"),
    ("marked account", "next_unread"): message("Next match"),
    ("aloud", "space"): message("Pause"),
    ("paused", "space"): message("Resume"),
    ("aloud", "listen"): message("Stop"),
    ("paused", "listen"): message("Stop"),
    ("aloud", "settings"): message("Slower"),
    ("paused", "settings"): message("Slower"),
}
"""Maps (state of the screen, id of an action) to the label that the footer shows there instead of the action's usual label."""


def _label(action_id: str, place: str) -> str:
    if (place, action_id) in _LABELS:
        return _LABELS[place, action_id]
    if action_id == "leave":
        return action_of("back" if place in _BACK_STATES else "quit").label
    return action_of(action_id).label


def digit_id(key: str) -> str:
    """Return the id of the binding of the digit `key`: `digit_3` for the key `3`."""
    return f"digit_{key}"


def key_label(key: str) -> str:
    """Return the label of a key for the reader. For example, `question_mark` is `?`, and `ctrl+f` is `Ctrl+F`."""
    if key in _KEY_LABELS:
        return _KEY_LABELS[key]
    if key in NAMED:
        return key.capitalize()
    return "+".join(_KEY_LABELS.get(part, part.capitalize()) for part in key.split("+")) if "+" in key and len(key) > 1 else key
