"""`doctor`: what this terminal is and can, how bpost draws type in it and why, and what would make it better here."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import cast

from .. import __version__
from ..errors import FontError
from ..i18n import Language
from ..store.place import danger
from ..store.version import sqlite_version
from ..terminal.capabilities import Capabilities, Rung, Wanted
from ..terminal.probe import Probe
from ..terminal.replies import SAMPLES
from .call import Call
from .console import Console
from .shapes import as_json

_PARSERS = ("feedparser", "selectolax", "httpx", "uharfbuzz", "textual", "rich")
_FLOORS: Mapping[str, tuple[int, ...]] = {"expat": (2, 6), "sqlite": (3, 53, 2)}
"""Versions below which the libraries that read foreign bytes have known faults (CVE-2023-52425; CVE-2026-11822)."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found."""

    bpost: str
    terminal: str
    terminal_version: str
    multiplexer: str
    drawn: str
    """How type is drawn: the rung."""
    why: str
    cell_px: tuple[int, int]
    truecolour: bool
    widths: Mapping[str, int]
    """Cells the terminal gave to each sample, where it could be measured."""
    font: str
    portal: str
    library: str
    config: str
    versions: Mapping[str, str]
    advice: tuple[str, ...]
    """What would make it better here, one sentence each."""


def doctor_(call: Call, console: Console) -> int:
    """Print the diagnosis."""
    with Probe.start(os.environ) as probe:
        can = probe.finish(cast(Wanted, call.settings.text))
    diagnosis = _diagnose(call, can)
    if call.options.json:
        console.result(as_json(asdict(diagnosis)))
    else:
        console.result("\n".join(_told(diagnosis, call.language)))
    return 0


def _diagnose(call: Call, can: Capabilities) -> Diagnosis:
    font, trouble = _font(call)
    return Diagnosis(
        bpost=__version__,
        terminal=can.name,
        terminal_version=".".join(map(str, can.version)),
        multiplexer=can.multiplexer,
        drawn=can.rung.value if can.rung is not Rung.MOSAIC else f"mosaic ({can.mosaic.value[0]})",
        why=call.language.reason(can.why),
        cell_px=(can.cell_w_px, can.cell_h_px),
        truecolour=can.truecolour,
        widths=dict(zip(SAMPLES, can.samples, strict=False)),
        font=font,
        portal=call.settings.portal,
        library=str(call.folder),
        config=str(call.folders.config / "config.toml"),
        versions=dict(_versions()),
        advice=tuple(_advice(call.language, can, trouble, call.folder)),
    )


def _font(call: Call) -> tuple[str, FontError | None]:
    from ..typeset.fonts import load_fonts  # 33 ms, uharfbuzz

    try:
        return call.language.reason(load_fonts(call.settings.font).why), None
    except FontError as error:
        return "", error


def _versions() -> Iterator[tuple[str, str]]:
    import pyexpat

    yield "python", platform.python_version()
    yield "sqlite", sqlite_version()
    yield "expat", pyexpat.EXPAT_VERSION.removeprefix("expat_")
    for name in _PARSERS:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, ""


def _advice(language: Language, can: Capabilities, trouble: FontError | None, folder: Path) -> Iterator[str]:
    text = language.text
    if (place := danger(folder)) is not None:
        yield f"{folder} ({place.what}): {text(place.line)}"
    if trouble is not None:
        yield trouble.hint
    if can.name == "konsole":
        yield text(
            "Konsole: for plain text too, turn on Profile → Appearance → Complex Text Layout, word mode with Brahmic scripts."
        )
    if can.name == "xterm" and can.rung is not Rung.SIXEL:
        yield text("xterm: started with `-ti vt340` it takes pictures, and shows real type.")
    if can.multiplexer == "tmux" and can.rung is not Rung.KITTY and not can.passthrough:
        yield text("tmux: `set -g allow-passthrough on` lets real type through to the terminal around it.")
    if can.multiplexer in ("screen", "zellij"):
        yield text("{name} lets no pictures through; real type needs a terminal of its own, or tmux.", name=can.multiplexer)
    if can.rung is Rung.MOSAIC:
        yield text("Real type needs a terminal that takes pictures: kitty, Ghostty, foot, Konsole, WezTerm, iTerm2 and others do.")
    for name, found in _versions():
        floor = _FLOORS.get(name)
        if floor and tuple(int(part) for part in found.split(".") if part.isdigit()) < floor:
            least = ".".join(map(str, floor))
            yield text("{name} {found} has known faults; {least} mends them.", name=name, found=found, least=least)


def _told(diagnosis: Diagnosis, language: Language) -> Iterator[str]:
    text = language.text
    name = " ".join(part for part in (diagnosis.terminal or text("unknown"), diagnosis.terminal_version) if part)
    around = f" ({diagnosis.multiplexer})" if diagnosis.multiplexer else ""
    widths = "  ".join(f"{sample} {language.number(cells)}" for sample, cells in diagnosis.widths.items())
    rows = (
        (text("Terminal"), name + around),
        (text("Type is drawn as"), f"{diagnosis.drawn}: {diagnosis.why}"),
        (text("Font"), diagnosis.font or text("none that sets Bengali")),
        (text("A cell"), f"{diagnosis.cell_px[0]} × {diagnosis.cell_px[1]} px"),
        (text("Cells given to"), widths or text("not measured")),
        (text("Portal"), diagnosis.portal),
        (text("Library"), diagnosis.library),
        (text("Config"), diagnosis.config),
        (text("Versions"), ", ".join(f"{name} {found}" for name, found in diagnosis.versions.items() if found)),
    )
    yield f"bpost {diagnosis.bpost}"
    yield from (f"{label}: {value}" for label, value in rows)
    if diagnosis.advice:
        yield ""
        yield text("What would make it better here:")
        yield from (f"  · {sentence}" for sentence in diagnosis.advice)
