"""What the reader chose with a key, kept for the next time: the theme, the type, the widths.

One rule holds for all of it: a setting that the config file names wins, and what a key chooses in its place holds until the reader
leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from bpost_tui.foreign import Fields, maybe
from bpost_tui.reading.state.state_file import StateFile

_FILE = "choices.json"
_SLOWEST, _FASTEST = 0.25, 4.0


@dataclass(frozen=True, slots=True)
class Choices:
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
        self.choices = self._without_fixed(_choices(self._file.read()))
        self.tell_fixed: Callable[[str], None] = lambda setting: None
        """Is called with the setting when something is chosen in place of one that the config names."""

    def keep(
        self,
        *,
        theme: str | None = None,
        zoom_px: int | None = None,
        text: tuple[str, str] | None = None,
        width_em: tuple[str, float] | None = None,
        toured: bool | None = None,
        unread_only: bool | None = None,
        compact: bool | None = None,
        listen_speed: float | None = None,
        unfolded: tuple[str, ...] | None = None,
        same_news_once: bool | None = None,
        usual_widths: bool = False,
    ) -> None:
        """Keep what is given; `text` is (terminal, how), `width_em` (name, em). What others chose meanwhile stays.

        With `usual_widths`, all widths that were chosen are forgotten.
        """

        def changed(known: Choices) -> Choices:
            return Choices(
                theme=known.theme if theme is None else theme,
                zoom_px=known.zoom_px if zoom_px is None else zoom_px,
                toured=known.toured if toured is None else toured,
                unread_only=known.unread_only if unread_only is None else unread_only,
                compact=known.compact if compact is None else compact,
                listen_speed=known.listen_speed if listen_speed is None else listen_speed,
                unfolded=known.unfolded if unfolded is None else unfolded,
                same_news_once=known.same_news_once if same_news_once is None else same_news_once,
                text=known.text if text is None else {**known.text, text[0]: text[1]},
                widths_em={} if usual_widths else dict([*known.widths_em.items(), *([width_em] if width_em else [])]),
            )

        self.choices = changed(self.choices)
        story_em = width_em if width_em and width_em[0] == "story" else None
        chosen = {"theme": theme, "zoom_px": zoom_px, "text": text, "text_width": story_em, "same_news_once": same_news_once}
        fixed = next((setting for setting, value in chosen.items() if value is not None and setting in self._fixed), None)
        if fixed is not None:
            self.tell_fixed(fixed)
        else:
            self._file.change(lambda fields: {**fields, **asdict(changed(_choices(fields)))})  # what a newer bpost keeps here stays

    def _without_fixed(self, choices: Choices) -> Choices:
        return replace(
            choices,
            theme=None if "theme" in self._fixed else choices.theme,
            zoom_px=None if "zoom_px" in self._fixed else choices.zoom_px,
            same_news_once=None if "same_news_once" in self._fixed else choices.same_news_once,
            text={} if "text" in self._fixed else choices.text,
            widths_em={name: em for name, em in choices.widths_em.items() if name != "story" or "text_width" not in self._fixed},
        )


def _choices(fields: Fields) -> Choices:
    text, widths = (maybe(fields.get(name), dict) or {} for name in ("text", "widths_em"))
    return Choices(
        maybe(fields.get("theme"), str),
        maybe(fields.get("zoom_px"), int),
        {str(name): how for name, how in text.items() if isinstance(how, str)},
        {name: float(em) for name, em in widths.items() if type(em) in (int, float) and 0 < em < 1000},
        fields.get("toured") is True,
        fields.get("unread_only") is True,
        fields.get("compact") is True,
        _speed(fields.get("listen_speed")),
        tuple(key for key in maybe(fields.get("unfolded"), list) or () if isinstance(key, str)),
        maybe(fields.get("same_news_once"), bool),
    )


def _speed(kept: object) -> float:
    return float(kept) if isinstance(kept, int | float) and _SLOWEST <= kept <= _FASTEST else 1.0
