"""Preferences: choices that the reader made with keys, such as theme and widths, kept between sessions.

A setting that the config file names wins over a saved choice. A key pressed for such a setting applies until bpost ends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypedDict, Unpack

from bpost_tui.core.state.state_file import StateFile
from bpost_tui.untrusted import Fields, value_or_none

_FILE = "choices.json"
_SLOWEST, _FASTEST = 0.25, 4.0
_WIDEST_EM = 1000


@dataclass(frozen=True, slots=True)
class PreferenceValues:
    """Choices that the reader made with keys."""

    theme: str | None = None
    zoom_px: int | None = None
    text: dict[str, str] = field(default_factory=dict)
    """Maps the name of a terminal to the render mode chosen there: "pixels", "mosaic", "cells", or "auto" for the best."""
    widths_em: dict[str, float] = field(default_factory=dict)
    """Maps the name of a column or list to its width, in em of the body text."""
    toured: bool = False
    """Whether the tour has been shown."""
    unread_only: bool = False
    """Whether read stories are left out of lists."""
    compact: bool = False
    """Whether lists show each story on a single line."""
    listen_speed: float = 1.0
    """Speed of reading aloud, as a multiple of the voice's usual speed."""
    unfolded: tuple[str, ...] = ()
    """Keys of the papers and groups that are unfolded in the category pane, so that their categories or papers are shown."""
    same_news_once: bool | None = None
    """Whether several papers' stories about the same news are shown as one row; None uses the config's setting."""

    def render_mode(self, option: str | None, setting: str, terminal: str) -> str:
        """Return the render mode: the command line's `option`, else the config's `setting`, else the choice for `terminal`.

        An `option` of None, or a `setting` of "auto", is no choice. Without any choice, the render mode is "auto".
        """
        chosen = self.text.get(terminal, "auto") if setting == "auto" else setting
        return chosen if option is None else option


class PreferenceChanges(TypedDict, total=False):
    """Changes to `PreferenceValues`. In `text` and `widths_em`, only the given entries change."""

    theme: str
    zoom_px: int
    text: Mapping[str, str]
    widths_em: Mapping[str, float]
    toured: bool
    unread_only: bool
    compact: bool
    listen_speed: float
    unfolded: tuple[str, ...]
    same_news_once: bool


class Preferences:
    """Reads and saves preferences. Several processes may use the same file at once.

    Args:
        folder: Folder of the file; need not exist.
        fixed: Settings that the config file names. Saved choices for these are ignored, and new choices apply until bpost
            ends.
    """

    def __init__(self, folder: Path, fixed: Collection[str] = ()) -> None:
        self.folder = folder
        self._file = StateFile(folder / _FILE)
        self._fixed = frozenset(fixed)
        self.values = self._without_fixed(_choices(self._file.read()))
        self.on_fixed_setting: Callable[[str], None] = lambda setting: None
        """Function to call with a setting's name when the reader's choice overrides this setting of the config file."""

    def save(self, **chosen: Unpack[PreferenceChanges]) -> None:
        """Save the given choices. Other choices in the file stay as they are, even if another process saved them meanwhile."""
        fixed = next((setting for setting in _settings(chosen) if setting in self._fixed), None)
        self._change(lambda known: _with(known, chosen), fixed)

    def forget_widths(self) -> None:
        """Reset the widths of all columns and lists."""
        self._change(lambda known: replace(known, widths_em={}))

    def _change(self, changed: Callable[[PreferenceValues], PreferenceValues], fixed: str | None = None) -> None:
        self.values = changed(self.values)
        if fixed is not None:
            self.on_fixed_setting(fixed)
        else:
            self._file.change(lambda fields: {**fields, **asdict(changed(_choices(fields)))})  # fields of a newer bpost stay

    def _without_fixed(self, choices: PreferenceValues) -> PreferenceValues:
        usual = {name: getattr(PreferenceValues(), name) for name in self._fixed & FIELD_READERS.keys()}
        widths = {name: em for name, em in choices.widths_em.items() if name != "story" or "text_width" not in self._fixed}
        return replace(choices, **usual, widths_em=widths)


def _settings(chosen: PreferenceChanges) -> Iterator[str]:
    """Yield the names of the settings in the config that correspond to the choices in `chosen`.

    Each choice has the same name as its setting, except the choice of a story's width.
    """
    for name in chosen:
        yield "text_width" if name == "widths_em" and "story" in chosen["widths_em"] else name


def _with(known: PreferenceValues, chosen: PreferenceChanges) -> PreferenceValues:
    added: dict[str, Any] = {}
    for name, value in chosen.items():
        added[name] = {**getattr(known, name), **value} if isinstance(value, Mapping) else value
    return replace(known, **added)


def _choices(fields: Fields) -> PreferenceValues:
    found = {name: read(fields.get(name)) for name, read in FIELD_READERS.items()}
    return PreferenceValues(**{name: value for name, value in found.items() if value is not None})


def _one_of(kind: type[object]) -> Callable[[object], object]:
    return lambda value: value_or_none(value, kind)


FIELD_READERS: Mapping[str, Callable[[Any], Any]] = {
    "theme": _one_of(str),
    "zoom_px": _one_of(int),
    "text": lambda value: {name: how for name, how in (value_or_none(value, dict) or {}).items() if isinstance(how, str)},
    "widths_em": lambda value: {
        name: float(em)
        for name, em in (value_or_none(value, dict) or {}).items()
        if type(em) in (int, float) and 0 < em < _WIDEST_EM
    },
    "toured": _one_of(bool),
    "unread_only": _one_of(bool),
    "compact": _one_of(bool),
    "listen_speed": lambda value: float(value) if type(value) in (int, float) and _SLOWEST <= value <= _FASTEST else None,
    "unfolded": lambda value: tuple(key for key in value_or_none(value, list) or () if isinstance(key, str)),
    "same_news_once": _one_of(bool),
}
"""Maps the name of a choice to a function that checks a value from the file; it returns None for an invalid value."""
