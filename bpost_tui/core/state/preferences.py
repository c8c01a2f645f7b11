"""What the reader chose with a key, kept for the next time: the theme, the type, the widths.

One rule holds for all of it: a setting that the config file names wins, and what a key chooses in its place holds until the reader
leaves.
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
    """The choices by key."""

    theme: str | None = None
    zoom_px: int | None = None
    text: dict[str, str] = field(default_factory=dict)
    """A terminal's name to "pixels", "mosaic", "cells", or "auto" where the best was chosen."""
    widths_em: dict[str, float] = field(default_factory=dict)
    """The name of a column or a list to its width, in em of body type."""
    toured: bool = False
    """Whether the tour has been shown."""
    unread_only: bool = False
    """Whether read stories are left out of the lists."""
    compact: bool = False
    """Whether the list has one line a story."""
    listen_speed: float = 1.0
    """How fast stories are read aloud, as a factor."""
    unfolded: tuple[str, ...] = ()
    """The keys of the papers whose categories are seen, where there are several papers."""
    same_news_once: bool | None = None
    """Whether the same news of several papers is shown once; None is as the config says."""

    def way(self, asked: str | None, setting: str, terminal: str) -> str:
        """Return how type is to be drawn in a terminal: as is asked for now, else as the config says, else as was chosen there."""
        chosen = self.text.get(terminal, "auto") if setting == "auto" else setting
        return chosen if asked is None else asked


class PreferenceChanges(TypedDict, total=False):
    """What is chosen now, by the names of `PreferenceValues`; of `text` and `widths_em`, entries that aren't given stay."""

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
    """Reads and keeps the choices; for any number of readers at once.

    Args:
        folder: Where the file is; need not exist.
        fixed: The settings that the config file names. In place of these, what was once chosen counts for nothing, and what is
            chosen now holds until the reader leaves.
    """

    def __init__(self, folder: Path, fixed: Collection[str] = ()) -> None:
        self.folder = folder
        self._file = StateFile(folder / _FILE)
        self._fixed = frozenset(fixed)
        self.values = self._without_fixed(_choices(self._file.read()))
        self.on_fixed_setting: Callable[[str], None] = lambda setting: None
        """Is called with the setting when something is chosen in place of one that the config names."""

    def save(self, **chosen: Unpack[PreferenceChanges]) -> None:
        """Keep what is given. What others chose meanwhile stays."""
        fixed = next((setting for setting in _settings(chosen) if setting in self._fixed), None)
        self._change(lambda known: _with(known, chosen), fixed)

    def forget_widths(self) -> None:
        """Have every column and list as wide as usual again."""
        self._change(lambda known: replace(known, widths_em={}))

    def _change(self, changed: Callable[[PreferenceValues], PreferenceValues], fixed: str | None = None) -> None:
        self.values = changed(self.values)
        if fixed is not None:
            self.on_fixed_setting(fixed)
        else:
            self._file.change(lambda fields: {**fields, **asdict(changed(_choices(fields)))})  # what a newer bpost keeps here stays

    def _without_fixed(self, choices: PreferenceValues) -> PreferenceValues:
        usual = {name: getattr(PreferenceValues(), name) for name in self._fixed & FIELD_READERS.keys()}
        widths = {name: em for name, em in choices.widths_em.items() if name != "story" or "text_width" not in self._fixed}
        return replace(choices, **usual, widths_em=widths)


def _settings(chosen: PreferenceChanges) -> Iterator[str]:
    """Yield the config's settings for what is chosen: they have the same names, but for the width of a story."""
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
"""How each choice is read from the file; None for what can't be one."""
