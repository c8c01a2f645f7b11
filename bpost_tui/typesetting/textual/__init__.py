"""Typeset text for apps made with Textual (docs/type.md)."""

from __future__ import annotations

from bpost_tui.typesetting.text.lazy_names import lazy_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bpost_tui.typesetting.terminal.display import Display as Display
    from bpost_tui.typesetting.textual.driver import Handover as Handover
    from bpost_tui.typesetting.textual.renderer import Renderer as Renderer
    from bpost_tui.typesetting.textual.type_app import TypeApp as TypeApp
    from bpost_tui.typesetting.textual.type_view import TypeView as TypeView

_MODULES = {
    "terminal.display": "Display",
    "textual.driver": "Handover",
    "textual.renderer": "Renderer",
    "textual.type_app": "TypeApp",
    "textual.type_view": "TypeView",
}
"""Public names that this package has, by module of `bpost_tui.typesetting`. A module is imported at the first use of its name."""


if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, _MODULES, root="bpost_tui.typesetting")
