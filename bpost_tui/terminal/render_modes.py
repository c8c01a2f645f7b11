"""The ways to draw type that a reader can choose among: each rung by the name it has in the config, on `--text` and under `T`."""

from __future__ import annotations

from collections.abc import Mapping

from bpost_tui.terminal.capabilities import Capabilities, Rung
from bpost_tui.terminal.tmux_width import spelling

_NAMES = {Rung.MOSAIC: "mosaic", Rung.CELLS: "cells"}


def way(rung: Rung) -> str:
    """Return what the reader calls a rung: "mosaic", "cells"; every other is "pixels"."""
    return _NAMES.get(rung, "pixels")


def terminal_name(can: Capabilities, env: Mapping[str, str]) -> str:
    """Return the name under which the reader's choice is kept: the terminal's own, else what the environment calls it."""
    return can.name or env.get("TERM_PROGRAM") or env.get("TERM", "")


def rungs_of(can: Capabilities) -> tuple[Rung, ...]:
    """Return the rungs that a terminal takes, the one it begins with first: `T` goes round them."""
    if can.rung is Rung.CELLS:
        return (Rung.CELLS, Rung.MOSAIC) if can.is_cramped else (Rung.CELLS,)
    return tuple(dict.fromkeys((can.rung, Rung.MOSAIC, Rung.CELLS)))


def rung_for(can: Capabilities, wanted: str) -> Rung:
    """Return the rung that is drawn for a way; for one that can't be had, or for "auto", the one the terminal begins with."""
    return next((rung for rung in rungs_of(can) if way(rung) == wanted), can.rung)


def keeps_cells(can: Capabilities) -> bool:
    """Say whether cells stay in their places: a multiplexer may think otherwise of a text's width than the terminal around it."""
    return spelling(can.name, can.multiplexer, can.samples) is not None
