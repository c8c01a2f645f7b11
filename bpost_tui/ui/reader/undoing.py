"""What the reader did and may take back, as many steps as the session had, and the toast that says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from textual import on, work
from textual.app import ComposeResult
from textual.geometry import Region

from bpost_tui.i18n import Language
from bpost_tui.reading import templates
from bpost_tui.reading.actions import action_of, keys_of, shown
from bpost_tui.reading.listing import Listings
from bpost_tui.ui.reader.ahead import AheadScreen
from bpost_tui.ui.widgets.row_list import RowList
from bpost_tui.ui.widgets.toast import Toast

_TOLD_S = 10.0


class Change(Protocol):
    """Something done, so that it can be undone."""

    def undo(self, listings: Listings) -> None:
        """Put back what was before; blocks on the disk."""
        ...

    def told(self, language: Language) -> str:
        """Return what was done, in a few words."""
        ...

    def told_undone(self, language: Language) -> str:
        """Return what was taken back, in a few words."""
        ...


class UndoScreen(AheadScreen):
    """Shelves on which what was done can be taken back."""

    _changes: list[Change]
    _toast: Toast

    def compose(self) -> ComposeResult:
        """Lay the toast over bars and panes."""
        yield from super().compose()
        self._toast = Toast(self._renderer, id="toast")
        yield self._toast

    def on_mount(self) -> None:
        """Begin with nothing to undo."""
        self._changes = []

    def reset_type(self) -> None:
        """Set the toast anew too."""
        super().reset_type()
        self._toast.reset()
        self._place_toast()

    def done(self, change: Change, *, quietly: bool = False) -> None:
        """Remember a change that is saved, and tell of it, unless it came by itself."""
        self._changes.append(change)
        if quietly:
            return
        key = shown(keys_of(action_of("undo"), self._keys)[0])
        self._toast.stand(templates.toast(change.told(self._language), key, self._language.text("Undo")))
        self._place_toast()

    def tell(self, sentence: str) -> None:
        """Tell of something that happened elsewhere, for as long as it takes to read."""
        self._toast.stand(templates.slip(sentence), for_s=_TOLD_S)
        self._place_toast()

    @work(thread=True, group="marks", exit_on_error=False)
    def action_undo(self) -> None:
        """Undo the last change, and the one before it, as far back as this session goes."""
        tell: Callable[..., object] = self.app.call_from_thread
        tell(self._toast.go)
        if not self._changes:
            tell(self._say, self._language.text("There is nothing to undo"))
            return
        change = self._changes.pop()
        change.undo(self._listings)
        tell(self._say, change.told_undone(self._language))
        tell(self.reload)

    @on(Toast.Clicked)
    def _toast_clicked(self) -> None:
        self.action_undo()

    @on(RowList.Moved)
    def _cursor_moved(self) -> None:
        self._place_toast()

    def _place_toast(self) -> None:
        if self._toast.display:
            rows = self._rows
            panes = self.query_one("#panes").content_region
            self._toast.place(panes, rows.cursor_region if rows is not None else Region())
