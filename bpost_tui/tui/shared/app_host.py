"""What the reader's features take from the screen they belong to, and what the screen takes from the app."""

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
    """Starts a coroutine from its function; an error is shown in one line, a bug ends the app."""

    def __call__(self, work: Callable[[], Coroutine[Any, Any, object]], *, group: str, exclusive: bool = False) -> Worker[object]:
        """Start it; with `exclusive`, what runs in the same group is cancelled first."""


class ShowAnswer(Protocol):
    """Answers a key, beside the paper's name; an empty sentence takes the answer back."""

    def __call__(self, message: str, *, action: str = "", is_sticky: bool = False) -> None:
        """Say it; a click on it does the action, and with `is_sticky` it stays until it is taken back."""


class TypeWidget(Protocol):
    """A widget that sets type."""

    def reset(self) -> None:
        """Set the same again: type, size or colours have changed."""


class AppHost(Protocol):
    """The app around the reader's screen."""

    def action_handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what the app does itself, by the ids of actions."""

    @property
    def theme_switcher(self) -> ThemeSwitcher:
        """The themes, and the one in use."""

    @property
    def type_switcher(self) -> TypeSwitcher:
        """How type is drawn."""

    @property
    def desktop(self) -> DesktopBridge:
        """What the reader sees of bpost outside of its screen."""

    @property
    def renderer(self) -> Renderer:
        """What draws type, for all widgets."""

    @property
    def keys(self) -> Keys:
        """What keys do."""

    def copy_to_clipboard(self, text: str) -> None:
        """Give a text to the terminal's clipboard."""

    async def browse(self, address: str) -> OpenResult:
        """Open an address in the browser, and return what came of it."""

    def restart(self) -> None:
        """Leave, and begin again with what the config says then."""

    def release_keys(self) -> None:
        """The first list is on the screen: keys may come."""
