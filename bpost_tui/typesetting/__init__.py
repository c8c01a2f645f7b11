"""Typesetting package: draws text of any script as legibly as the terminal allows (docs/type.md). Imports nothing else of bpost."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing takes 4 ms, and this module is loaded before the first frame
if TYPE_CHECKING:
    from bpost_tui.typesetting.terminal.capabilities import Capabilities as Capabilities
    from bpost_tui.typesetting.terminal.capabilities import RenderMode as RenderMode
    from bpost_tui.typesetting.terminal.encoders.encoder import Encoder as Encoder
    from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary as OutputBoundary
    from bpost_tui.typesetting.terminal.probe import Probe as Probe
    from bpost_tui.typesetting.text.phrase import Phrase as Phrase
    from bpost_tui.typesetting.typeset.fonts import FontError as FontError
    from bpost_tui.typesetting.typeset.items import Figure as Figure
    from bpost_tui.typesetting.typeset.items import Item as Item
    from bpost_tui.typesetting.typeset.items import Pair as Pair
    from bpost_tui.typesetting.typeset.items import Palette as Palette
    from bpost_tui.typesetting.typeset.items import Para as Para
    from bpost_tui.typesetting.typeset.items import Rule as Rule
    from bpost_tui.typesetting.typeset.items import Run as Run
    from bpost_tui.typesetting.typeset.items import Runs as Runs
    from bpost_tui.typesetting.typeset.items import Size as Size
    from bpost_tui.typesetting.typeset.photo import Photo as Photo
    from bpost_tui.typesetting.typeset.protocols import Galley as Galley
    from bpost_tui.typesetting.typeset.protocols import Typesetter as Typesetter
    from bpost_tui.typesetting.typeset.script import LATIN as LATIN
    from bpost_tui.typesetting.typeset.script import LanguageRules as LanguageRules
    from bpost_tui.typesetting.typeset.script import Script as Script
    from bpost_tui.typesetting.typeset.surface import Colour as Colour
    from bpost_tui.typesetting.typeset.surface import SurfaceTable as SurfaceTable

_MODULES = {
    "terminal.capabilities": "Capabilities RenderMode",
    "terminal.encoders.encoder": "Encoder",
    "terminal.output_boundary": "OutputBoundary",
    "terminal.probe": "Probe",
    "text.phrase": "Phrase",
    "typeset.fonts": "FontError",
    "typeset.items": "Figure Item Pair Palette Para Rule Run Runs Size",
    "typeset.photo": "Photo",
    "typeset.protocols": "Galley Typesetter",
    "typeset.script": "LATIN LanguageRules Script",
    "typeset.surface": "Colour SurfaceTable",
}
"""Public names of each module of this package, separated by spaces. A module is imported at the first use of a name."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import the module that defines the name `name`, and return the value of that name."""
        from importlib import import_module

        module = next((module for module, names in _MODULES.items() if name in names.split()), None)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{module}"), name)
