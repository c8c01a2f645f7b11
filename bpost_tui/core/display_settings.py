"""The display that a reader has chosen, by the config, by keys and on the command line."""

from __future__ import annotations

import os

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.config import Settings
from bpost_tui.core.state.preferences import Preferences
from bpost_tui.typesetting.terminal.capabilities import Capabilities, terminal_name
from bpost_tui.typesetting.terminal.display import ZOOM_RANGE_PX, Display
from bpost_tui.typesetting.terminal.encoders.encoder_factory import random_image_id
from bpost_tui.typesetting.typeset.surface import SurfaceTable


def configured_display(
    can: Capabilities,
    surfaces: SurfaceTable,
    settings: Settings,
    preferences: Preferences,
    text: str | None,
    *,
    first_id: int | None = None,
) -> Display:
    """Return the display in the render mode that the reader has chosen, with type as large as they made it.

    Args:
        can: The terminal.
        surfaces: What is drawn.
        settings: The reader's choices in the config.
        preferences: Their choices by key.
        text: How type is drawn, where the command line asks for a way.
        first_id: The number of the first picture that the terminal gets; any by default.
    """
    kept = preferences.values.zoom_px
    zoom_px = kept if kept is not None and kept in ZOOM_RANGE_PX else settings.zoom_px
    return Display(
        can,
        surfaces,
        BENGALI,
        how=lambda can: preferences.values.way(text, settings.text, terminal_name(can, os.environ)),
        fonts=settings.font,
        pitch=settings.line_pitch,
        zoom_px=zoom_px,
        first_id=first_id or random_image_id(),
    )
