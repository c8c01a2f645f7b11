"""Protocols between the features, the reader's screen and the app."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol

from textual.worker import Worker

from bpost_tui.browser import OpenResult
from bpost_tui.core.keys.actions import Keys
from bpost_tui.tui.desktop_bridge import DesktopBridge
from bpost_tui.tui.theme_switcher import ThemeSwitcher
from bpost_tui.tui.type_switcher import TypeSwitcher
from bpost_tui.typesetting.textual.renderer import Renderer


class RunWorker(Protocol):
    """Starts a coroutine function as a worker of the screen. A `BPostError` is shown in one line; a bug ends the app."""

    def __call__(self, work: Callable[[], Coroutine[Any, Any, object]], *, group: str, exclusive: bool = False) -> Worker[object]:
        """Start `work`; with `exclusive`, cancel the running workers of `group` first."""


class ShowAnswer(Protocol):
    """Shows the answer to a key beside the paper's name; an empty message takes the last answer back."""

    def __call__(self, message: str, *, action: str = "", is_sticky: bool = False) -> None:
        """Show `message`; a click on it runs `action`, and with `is_sticky` it stays until it is replaced or taken back."""


class TypeWidget(Protocol):
    """Widget that sets type."""

    def reset(self) -> None:
        """Set the same items again: type, size or colours have changed."""


class AppHost(Protocol):
    """The app, as far as the reader's screen and its features use it."""

    def action_handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return the handlers of the actions that the app itself does, by action id."""

    @property
    def theme_switcher(self) -> ThemeSwitcher:
        """Themes, and the theme in use."""

    @property
    def type_switcher(self) -> TypeSwitcher:
        """Size and render mode of the type."""

    @property
    def desktop(self) -> DesktopBridge:
        """Bridge to the window's title, notifications and the clipboard."""

    @property
    def renderer(self) -> Renderer:
        """Renderer that draws type for all widgets."""

    @property
    def keys(self) -> Keys:
        """Keys of the actions, from the config."""

    def copy_to_clipboard(self, text: str) -> None:
        """Copy `text` to the terminal's clipboard."""

    async def browse(self, address: str) -> OpenResult:
        """Open `address` in the browser, and return the result."""

    def restart(self) -> None:
        """Leave, and start again with the config as it is then."""

    def release_keys(self) -> None:
        """Deliver the keys that were typed before the first list was on the screen, and all later keys."""
