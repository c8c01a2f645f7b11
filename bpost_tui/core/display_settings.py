"""Makes the `Display`, which draws on the terminal, from the config, the reader's choices made with keys, and the command line."""

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
    capabilities: Capabilities,
    surfaces: SurfaceTable,
    settings: Settings,
    preferences: Preferences,
    text: str | None,
    *,
    first_id: int | None = None,
) -> Display:
    """Return the `Display` for the terminal, with the reader's render mode (pixels, mosaic or cells) and text size.

    Args:
        capabilities: Capabilities of the terminal.
        surfaces: Table of the surfaces (areas of typeset text) that are drawn.
        settings: Reader's settings in the config.
        preferences: Choices that the reader made with keys.
        text: Render mode that the command line asks for; None if it doesn't ask for any.
        first_id: Id of the first picture sent to the terminal; None for a random id.
    """
    kept = preferences.values.zoom_px
    zoom_px = kept if kept is not None and kept in ZOOM_RANGE_PX else settings.zoom_px
    return Display(
        capabilities,
        surfaces,
        BENGALI,
        chosen_mode=lambda capabilities: preferences.values.render_mode(
            text, settings.text, terminal_name(capabilities, os.environ)
        ),
        fonts=settings.font,
        pitch=settings.line_pitch,
        zoom_px=zoom_px,
        first_id=first_id or random_image_id(),
    )
