"""`doctor`: what this terminal is and can do, how bpost draws type in it and why, and what would make it better."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from .. import __version__
from ..errors import BPostError, FontError, StoreError
from ..i18n import Language
from ..shapes import as_json, time
from ..store.place import danger
from ..store.values import Contact
from ..terminal.capabilities import Capabilities, Rung, Wanted
from ..terminal.probe import Probe
from ..terminal.replies import SAMPLES
from .call import Call, clock
from .console import Console
from .versions import below_floor, versions


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
    """Of what reads foreign bytes."""
    contacts: tuple[Contact, ...]
    """The hosts that were ever asked for this portal."""
    advice: tuple[str, ...]
    """What would make it better here, one sentence each."""


def doctor_(call: Call, console: Console) -> int:
    """Print the diagnosis."""
    with Probe.start(os.environ) as probe:
        can = probe.finish(cast(Wanted, call.settings.text))
    diagnosis = _diagnose(call, can)
    if call.options.json:
        contacts = [{**contact._asdict(), "last": time(contact.last)} for contact in diagnosis.contacts]
        console.result(as_json({**asdict(diagnosis), "contacts": contacts}))
    else:
        console.result("\n".join(_told(diagnosis, call.language)))
    return 0


def _diagnose(call: Call, can: Capabilities) -> Diagnosis:
    font, trouble = _font(call)
    contacts, damage = _contacts(call)
    found = dict(versions())
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
        versions=found,
        contacts=contacts,
        advice=(
            *(error.hint or error.message for error in (trouble, damage) if error is not None),
            *_advice(call.language, can, call.folder),
            *_outdated(found, call.language),
        ),
    )


def _font(call: Call) -> tuple[str, FontError | None]:
    from ..typeset.fonts import load_fonts  # 33 ms, uharfbuzz

    try:
        return call.language.reason(load_fonts(call.settings.font).why), None
    except FontError as error:
        return "", error


def _contacts(call: Call) -> tuple[tuple[Contact, ...], BPostError | None]:
    from ..store.library import Library

    if not (call.folder / "stories.db").exists():
        return (), None
    try:
        with Library(call.folder, read_only=True) as library:
            return library.contacts(), None
    except StoreError as error:
        return (), error


def _advice(language: Language, can: Capabilities, folder: Path) -> Iterator[str]:
    text = language.text
    if (place := danger(folder)) is not None:
        yield f"{folder} ({place.what}): {text(place.line)}"
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


def _outdated(found: Mapping[str, str], language: Language) -> Iterator[str]:
    for name, version, least in below_floor(found):
        yield language.text("{name} {found} has known faults; {least} mends them.", name=name, found=version, least=least)


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
        (text("Hosts ever asked"), _hosts(diagnosis.contacts, language) or text("none")),
    )
    yield f"bpost {diagnosis.bpost}"
    yield from (f"{label}: {value}" for label, value in rows)
    if diagnosis.advice:
        yield ""
        yield text("What would make it better here:")
        yield from (f"  · {sentence}" for sentence in diagnosis.advice)


def _hosts(contacts: tuple[Contact, ...], language: Language) -> str:
    return ", ".join(f"{each.host} ({language.number(each.requests)} × · {language.age(each.last, clock())})" for each in contacts)
