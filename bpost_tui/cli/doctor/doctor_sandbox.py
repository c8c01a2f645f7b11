"""What `doctor` says about the parser process: what this system keeps it from, by asking one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bpost_tui import log
from bpost_tui.errors import ContentError
from bpost_tui.i18n import Language, Reason

if TYPE_CHECKING:
    from bpost_tui.portal.worker.sandbox import SandboxState


def probe_sandbox() -> SandboxState | ContentError:
    """Start a parser process, and return what it says holds for it, or why it doesn't answer."""
    from bpost_tui.portal.worker.parser_process import query_sandbox

    try:
        return log.run_loop(query_sandbox())
    except ContentError as error:
        return error


def as_json_fields(cage: SandboxState) -> dict[str, Any]:
    """Return it as `doctor --json` prints it."""
    return {"refused": cage.refused, **cage._asdict(), "limits": dict(cage.limits)}


def summary_line(cage: SandboxState, language: Language) -> str:
    """Return in words what the process can't do, and by what it is kept from that."""
    means = [*([f"Landlock {cage.landlock}"] if cage.landlock else []), *(["seccomp"] if cage.seccomp else [])]
    if "AS" in dict(cage.limits):
        megabytes = language.number(dict(cage.limits)["AS"] >> 20)
        means.append(language.text("{megabytes} MB of memory", megabytes=megabytes))
    refused = ", ".join(phrase for what, phrase in _phrases(language) if what in cage.refused)
    return (refused or language.text("not restricted on this system")) + (f" ({', '.join(means)})" if means else "")


def advice(cage: SandboxState, language: Language) -> Iterator[str]:
    """Yield what the process can't be kept from here, and what could keep it."""
    missing = ", ".join(phrase for what, phrase in _phrases(language) if what not in cage.refused)
    if missing:
        yield language.reason(
            Reason(
                "This system can't keep the parser from these: {missing}. Linux with Landlock (5.13) and seccomp can.",
                missing=missing,
            )
        )


def _phrases(language: Language) -> tuple[tuple[str, str], ...]:
    return (
        ("reading", language.text("read your files")),
        ("writing", language.text("write files")),
        ("sockets", language.text("use the network")),
        ("programs", language.text("start programs")),
    )
