"""Diagnosis of the parser's sandbox: starts a parser process, and reads the state of its sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bpost_tui import log
from bpost_tui.errors import ContentError
from bpost_tui.i18n import Language, Reason

if TYPE_CHECKING:
    from bpost_tui.portal.worker.sandbox import SandboxState


def probe_sandbox() -> SandboxState | ContentError:
    """Start a parser process, and return the state of its sandbox, or the error if it doesn't answer."""
    from bpost_tui.portal.worker.parser_process import query_sandbox

    try:
        return log.run_loop(query_sandbox())
    except ContentError as error:
        return error


def as_json_fields(state: SandboxState) -> dict[str, Any]:
    """Return the sandbox's state as the fields that `doctor --json` prints."""
    return {"refused": state.refused, **state._asdict(), "limits": dict(state.limits)}


def summary_line(state: SandboxState, language: Language) -> str:
    """Return a line with the operations that the sandbox refuses, and the means that it uses (Landlock, seccomp, memory limit)."""
    means = [*([f"Landlock {state.landlock}"] if state.landlock else []), *(["seccomp"] if state.seccomp else [])]
    if "AS" in dict(state.limits):
        megabytes = language.number(dict(state.limits)["AS"] >> 20)
        means.append(language.text("{megabytes} MB of memory", megabytes=megabytes))
    refused = ", ".join(phrase for what, phrase in _phrases(language) if what in state.refused)
    return (refused or language.text("not restricted on this system")) + (f" ({', '.join(means)})" if means else "")


def advice(state: SandboxState, language: Language) -> Iterator[str]:
    """Yield advice if this system can't refuse some operations to the sandboxed parser.

    The advice names these operations, and a system that can refuse them.
    """
    missing = ", ".join(phrase for what, phrase in _phrases(language) if what not in state.refused)
    if missing:
        yield language.reason(
            Reason(
                "This system can't stop the parser from {missing}. Linux with Landlock (5.13) and seccomp can.",
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
