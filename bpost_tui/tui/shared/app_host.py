"""Protocols for calls between the app, the reader's screen and the screen's features."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from textual.worker import Worker

from bpost_tui.core.keys.actions import Keys
from bpost_tui.tui.desktop_bridge import DesktopBridge
from bpost_tui.tui.theme_switcher import ThemeSwitcher
from bpost_tui.tui.type_switcher import TypeSwitcher
from bpost_tui.typesetting.textual.renderer import Renderer

if TYPE_CHECKING:
    from bpost_tui.browser import OpenResult


class RunWorker(Protocol):
    """Function that starts a coroutine function as a worker (a task in the background) of the screen.

    If the worker raises a `BPostError`, the error is shown in one line. Any other error turns off the worker's feature if the
    feature is optional; otherwise it ends the app.
    """

    def __call__(self, work: Callable[[], Coroutine[Any, Any, object]], *, group: str, exclusive: bool = False) -> Worker[object]:
        """Start `work`; with `exclusive`, cancel the running workers of `group` first."""


class ShowAnswer(Protocol):
    """Function that shows bpost's answer to a pressed key, beside the paper's name. An empty message removes the last answer."""

    def __call__(self, message: str, *, action: str = "", is_sticky: bool = False) -> None:
        """Show `message`; a click on the message runs action `action`.

        The message expires after 10 s unless `is_sticky` is True. It also disappears when the reader goes to another story or list.
        """


class TypeWidget(Protocol):
    """Widget that shows typeset text."""

    def reset(self) -> None:
        """Typeset the same text again, because the type, its size or its colours have changed."""


class AppHost(Protocol):
    """Protocol of the app: the members that the reader's screen and its features may use."""

    def action_handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return the handlers of actions that the app itself carries out, by action id."""

    @property
    def theme_switcher(self) -> ThemeSwitcher:
        """Theme switcher, which knows all themes and the theme in use."""

    @property
    def type_switcher(self) -> TypeSwitcher:
        """Type switcher, which changes the size of letters and the way of drawing them."""

    @property
    def desktop(self) -> DesktopBridge:
        """Bridge to the window's title, notifications and the clipboard."""

    @property
    def renderer(self) -> Renderer:
        """Renderer that draws the text of all widgets."""

    @property
    def keys(self) -> Keys:
        """Keys of the actions, as configured."""

    def copy_to_clipboard(self, text: str) -> None:
        """Copy `text` to the terminal's clipboard."""

    async def browse(self, address: str) -> OpenResult:
        """Open `address` in the browser, and return the result: opened, failed, or no browser found."""

    def restart(self) -> None:
        """Leave the app, and start it again with the config file's current content."""

    def release_keys(self) -> None:
        """Deliver the keys that were typed before the first list was on the screen; from then on, deliver every key at once."""
