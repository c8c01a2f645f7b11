"""Verb `doctor`: prints the terminal's capabilities, the render mode with its reason, and advice."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from bpost_tui import __version__
from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.cli.doctor import doctor_sandbox, doctor_story, doctor_voice
from bpost_tui.cli.doctor.doctor_hints import FLOORS_AS_OF, OF_SYSTEM, are_floors_old, below_floor, hints, unused_proxies, versions
from bpost_tui.cli.shared.command_context import CommandContext, clock, config_path
from bpost_tui.cli.show import wrapped
from bpost_tui.console import Console
from bpost_tui.core.json_api import format_time, to_json_text
from bpost_tui.errors import BPostError, ContentError, StoreError
from bpost_tui.i18n import Language, Reason, message
from bpost_tui.model.library_results import HostContact
from bpost_tui.store.unsafe_location import unsafe_location
from bpost_tui.typesetting.terminal.capabilities import (
    Capabilities,
    RenderMode,
    config_name,
    render_mode_for,
    render_modes_of,
    terminal_name,
)
from bpost_tui.typesetting.terminal.probe import Probe
from bpost_tui.typesetting.terminal.queries import SAMPLES
from bpost_tui.typesetting.typeset.fonts import FontError, load_fonts

if TYPE_CHECKING:
    from bpost_tui.portal.worker.sandbox import SandboxState
    from bpost_tui.typesetting.text.phrase import Phrase


_INDENT = "    "
_MIN_CELLS = 20


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Findings of `doctor`. Its JSON output has the same fields."""

    bpost: str
    terminal: str
    terminal_version: str
    multiplexer: str
    drawn: str
    """Render mode: how text is drawn in this terminal."""
    why: str
    ways: tuple[str, ...]
    """Render modes that the key `T` cycles through, the best for this terminal first."""
    cell_px: tuple[int, int]
    cell_is_known: bool
    """Whether the terminal reported the size of a cell in pixels (`cell_px`). If not, `cell_px` is a guess."""
    truecolour: bool
    widths: Mapping[str, int]
    """Maps samples of Bengali text to their widths in cells in this terminal; empty if the widths couldn't be measured."""
    font: str
    portal: str
    library: str
    service: str
    """Address of the server of feeds (such as Miniflux) that the config names; empty if it names none."""
    config: str
    versions: Mapping[str, str]
    """Maps the names of libraries (software) that parse foreign data to their versions."""
    contacts: tuple[HostContact, ...] | None
    """Hosts that bpost has ever sent requests to, the latest contact first; None if the library can't be read."""
    unindexed: int
    """Number of saved stories that aren't in the search index yet; the next search or refresh indexes them."""
    parser: SandboxState | None
    """State of the parser process's sandbox; None if the process doesn't answer."""
    voices: doctor_voice.VoiceReport
    advice: tuple[str, ...]
    """Advice, each entry a sentence."""


def doctor_(context: CommandContext, console: Console) -> int:
    """Print the diagnosis of the machine, or of a story if the arguments name one; return the exit status, 0."""
    if context.options.story is not None:
        return doctor_story.print_story_report(context, console)
    with Probe.start(os.environ, leaves_keys=True) as probe:
        capabilities = probe.finish()
    if probe.has_lost_keys:
        console.write_note(
            context.language.text(
                "Keys typed while bpost queried the terminal are lost; this system doesn't let programs put them back."
            )
        )
    diagnosis = _diagnose(context, console, capabilities)
    if context.options.json:
        seen, sandbox = diagnosis.contacts, diagnosis.parser
        contacts = None if seen is None else [{**contact._asdict(), "last": format_time(contact.last)} for contact in seen]
        parser, voices = None if sandbox is None else doctor_sandbox.as_json_fields(sandbox), diagnosis.voices._asdict()
        console.write_result(to_json_text({**asdict(diagnosis), "contacts": contacts, "parser": parser, "voices": voices}))
    else:
        cells = console.cells
        lines = (_wrapped(line, cells) if cells else [line] for line in _lines(diagnosis, context.language))
        console.write_result("\n".join(chain.from_iterable(lines)))
    return 0


def _diagnose(context: CommandContext, console: Console, capabilities: Capabilities) -> Diagnosis:
    font, is_spare, advice = _font(context)
    render_mode, why = _render_mode(
        capabilities,
        context.preferences().values.render_mode(context.text, context.settings.text, terminal_name(capabilities, os.environ)),
    )
    parser = doctor_sandbox.probe_sandbox()
    contacts: tuple[HostContact, ...] | None
    contacts, unindexed, damage = None, 0, None
    try:
        contacts, unindexed = _library_state(context)
    except StoreError as error:
        damage = None if error.is_older_format else error
    for each in (damage, parser):
        if isinstance(each, BPostError):
            console.write_note(context.language.reason(each.message))
    voices = doctor_voice.find_voices(context.settings.listen, Path.home())
    found = dict(versions())
    return Diagnosis(
        bpost=__version__,
        terminal=capabilities.name,
        terminal_version=".".join(map(str, capabilities.version)),
        multiplexer=capabilities.multiplexer,
        drawn=_mode_name(capabilities, render_mode),
        why=context.language.reason(why),
        ways=tuple(_mode_name(capabilities, each) for each in render_modes_of(capabilities)),
        cell_px=(capabilities.cell_w_px, capabilities.cell_h_px),
        cell_is_known=capabilities.is_cell_size_known,
        truecolour=capabilities.truecolour,
        widths=dict(zip(SAMPLES, capabilities.samples, strict=False)),
        font=font,
        portal=context.settings.portal,
        library=str(context.folder),
        service=context.settings.service.get("address", ""),
        config=str(config_path(context.options.config)),
        versions=found,
        contacts=contacts,
        unindexed=unindexed,
        parser=None if isinstance(parser, ContentError) else parser,
        voices=voices,
        advice=(
            *map(context.language.reason, (advice,) if advice else ()),
            *map(context.language.reason, (damage.hint or damage.message,) if damage is not None else ()),
            *_location_hint(context.language, context.folder),
            *map(context.language.reason, hints(capabilities, is_spare_font=is_spare)),
            *map(context.language.reason, unused_proxies(os.environ)),
            *_outdated(found, context.language),
            *_old_floors(clock(), context.language),
            *(() if isinstance(parser, ContentError) else doctor_sandbox.advice(parser, context.language)),
            *doctor_voice.advice(voices, context.language),
        ),
    )


def _render_mode(capabilities: Capabilities, chosen: str) -> tuple[RenderMode, str]:
    """Return the render mode for the setting `chosen`, and the reason for this mode."""
    render_mode = render_mode_for(capabilities, chosen)
    if chosen == "auto" or (render_mode is capabilities.render_mode and config_name(render_mode) == chosen):
        return render_mode, capabilities.why
    if config_name(render_mode) != chosen:
        return render_mode, Reason("{way} was chosen, but {why}", way=chosen, why=capabilities.why)
    return render_mode, Reason(
        "your choice (`T`, the config or --text); otherwise {rung}: {why}",
        rung=_mode_name(capabilities, capabilities.render_mode),
        why=capabilities.why,
    )


def _mode_name(capabilities: Capabilities, render_mode: RenderMode) -> str:
    return f"mosaic ({capabilities.mosaic.value[0]})" if render_mode is RenderMode.MOSAIC else render_mode.value


def _font(context: CommandContext) -> tuple[str, bool, Phrase | None]:
    """Return the origin of the font in words, whether the font comes with bpost, and advice.

    The advice is None if a font is found. If none is found, the origin is empty.
    """
    try:
        why = load_fonts(BENGALI, context.settings.font).origin
        return context.language.reason(why), BENGALI.bundle is not None and why == BENGALI.bundle.origin, None
    except FontError as error:
        return "", False, error.hint


def _library_state(context: CommandContext) -> tuple[tuple[HostContact, ...], int]:
    """Return the hosts that bpost has sent requests to, and the number of saved stories that aren't in the search index yet.

    Raises StoreError if the library can't be read.
    """
    from bpost_tui.store.library import Library

    if not (context.folder / "stories.db").exists():
        return (), 0
    with Library(context.folder, read_only=True) as library:
        return library.fetch_log.contacts(), library.count_unindexed()


def _unindexed(count: int, language: Language) -> str:
    return f" ({language.plural('{n} story not indexed yet', '{n} stories not indexed yet', count)})" if count else ""


def _location_hint(language: Language, folder: Path) -> Iterator[str]:
    if (place := unsafe_location(folder)) is not None:
        yield f"{folder} ({place.cause}): {language.text(place.line)}"


def _outdated(found: Mapping[str, str], language: Language) -> Iterator[str]:
    for name, version, least in below_floor(found):
        usual = message("{name} {found} has known bugs, fixed in {least}.")
        of_system = message(
            "{name} {found} comes with your system; keep the system up to date. Known bugs are fixed in {least}, and often in an "
            "update that keeps the older number."
        )
        yield language.text(of_system if name in OF_SYSTEM else usual, name=name, found=version, least=least)


def _old_floors(now: datetime, language: Language) -> Iterator[str]:
    if are_floors_old(now):
        yield language.text("This list of known bugs dates from {date}. Install a newer bpost.", date=language.date(FLOORS_AS_OF))


def _lines(diagnosis: Diagnosis, language: Language) -> Iterator[str]:
    text = language.text
    name = " ".join(part for part in (diagnosis.terminal or text("unknown"), diagnosis.terminal_version) if part)
    around = f" ({diagnosis.multiplexer})" if diagnosis.multiplexer else ""
    widths = "  ".join(f"{sample} {language.number(cells)}" for sample, cells in diagnosis.widths.items())
    width, height = map(language.number, diagnosis.cell_px)
    rows = (
        (text("Terminal"), name + around),
        (text("Type is drawn as"), f"{diagnosis.drawn}: {diagnosis.why}"),
        (text("`T` cycles through"), ", ".join(diagnosis.ways)),
        (text("Colours"), text("24-bit") if diagnosis.truecolour else text("from a 256-colour palette")),
        (text("Font"), diagnosis.font or text("none that sets Bengali")),
        (text("Cell size"), f"{width} × {height} px" + ("" if diagnosis.cell_is_known else f" ({text('a guess')})")),
        (text("Widths in cells"), widths or text("not measured")),
        (text("Portal"), diagnosis.portal),
        (text("Library"), diagnosis.library + _unindexed(diagnosis.unindexed, language)),
        *(((text("Service"), diagnosis.service),) if diagnosis.service else ()),
        (text("Config"), diagnosis.config),
        (
            text("The parser process can't"),
            text("unknown") if diagnosis.parser is None else doctor_sandbox.summary_line(diagnosis.parser, language),
        ),
        (text("Reading aloud"), doctor_voice.summary_line(diagnosis.voices, language)),
        (text("Versions"), ", ".join(f"{name} {found}" for name, found in diagnosis.versions.items() if found)),
        (
            text("Hosts contacted so far"),
            text("unknown") if diagnosis.contacts is None else _hosts(diagnosis.contacts, language) or text("none"),
        ),
    )
    yield f"bpost {diagnosis.bpost}"
    yield from (f"{label}: {value}" for label, value in rows)
    if diagnosis.advice:
        yield ""
        yield text("To improve this:")
        yield from (f"  · {sentence}" for sentence in diagnosis.advice)


def _wrapped(line: str, cells: int) -> list[str]:
    """Return a line wrapped between words to a width of `cells`. All lines but the first are indented."""
    first, *others = wrapped(line, max(cells - len(_INDENT), _MIN_CELLS))
    return [first, *(_INDENT + other for other in others)]


def _hosts(contacts: tuple[HostContact, ...], language: Language) -> str:
    return ", ".join(f"{each.host} ({language.number(each.requests)} × · {language.age(each.last, clock())})" for each in contacts)
