"""How wide the column of a story and the lists beside it are. Lengths are em of body type."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

USUAL_EM_CELLS: Final = 2.0
"""What an em takes at the usual size: `text_width` in the config is counted in such cells."""
LIMITS_EM: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {"story": (10.0, 200.0), "categories": (6.0, 40.0), "posts": (10.0, 100.0)}
)
"""The least and the most of each."""
_POSTS_EM, _POSTS_SHARE, _MOST_SHARE = 26.0, 0.44, 0.7


class Widths(NamedTuple):
    """What the reader likes; less is taken where there is less."""

    story: float = 36.0
    """The widest the column gets."""
    categories: float = 13.0
    posts: float | None = None
    """None is what suits the window."""

    def posts_cells(self, em_cells: float, window_cells: int) -> int:
        """Return how many cells the list of stories takes of a window; there is always room for a story beside it."""
        wanted = _POSTS_EM if self.posts is None else self.posts
        share = _POSTS_SHARE if self.posts is None else _MOST_SHARE
        return round(min(wanted * em_cells, window_cells * share))

    def of(self, name: str) -> float:
        """Return one of them by its field; the posts' as it usually is, where nothing was chosen."""
        width = {"story": self.story, "categories": self.categories, "posts": self.posts}[name]
        return _POSTS_EM if width is None else width

    def changed(self, name: str, em: float) -> Widths:
        """Return them with one of another width, as far as that may be."""
        least, most = LIMITS_EM[name]
        return self._replace(**{name: max(least, min(em, most))})


def chosen(text_width_cells: int, remembered: Mapping[str, float]) -> Widths:
    """Return the config's widths, with those over them that were chosen by key or mouse."""
    widths = Widths(text_width_cells / USUAL_EM_CELLS)
    for name, em in remembered.items():
        widths = widths.changed(name, em) if name in LIMITS_EM else widths
    return widths
