"""Set type in apps made with Textual (docs/type.md)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bpost_tui.typesetting.textual.display import Display as Display
    from bpost_tui.typesetting.textual.driver import Handover as Handover
    from bpost_tui.typesetting.textual.renderer import Renderer as Renderer
    from bpost_tui.typesetting.textual.type_app import TypeApp as TypeApp
    from bpost_tui.typesetting.textual.type_view import TypeView as TypeView

_MODULES = {
    "app": "TypeApp",
    "display": "Display",
    "driver": "Handover",
    "renderer": "Renderer",
    "view": "TypeView",
}
"""Where each name lives; its module is loaded once it is asked for."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load what a name stands for."""
        from importlib import import_module

        room = next((room for room, names in _MODULES.items() if name in names.split()), None)
        if room is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{room}"), name)
