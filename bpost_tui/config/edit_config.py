"""Changes a config file: settings in its text, all else in which stays as it is, and the file itself, whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bpost_tui.atomic import locked, replace_file, resolve_links
from bpost_tui.config.settings import SETTINGS
from bpost_tui.errors import ContentError, StoreError, UsageError
from bpost_tui.i18n import Reason, did_you_mean, message
from bpost_tui.untrusted import BYTE_ORDER_MARK, read_toml

WOULD_CHANGE_OTHERS = message("the config can't be changed without touching something else in it")
BY_HAND = message("Change it by hand: `bpost config edit` opens the file.")
_CRLF, _LF = "\r\n", re.compile(r"(?<!\r)\n")


def toml_value(name: str, typed: str) -> object:
    """Return what was typed for a setting as TOML has it: `night` and `"night"` are the same text.

    Raises:
        UsageError: There is no such setting, it is no single value, or it can't be that.
    """
    if name not in SETTINGS:
        raise UsageError(Reason("{name} is unknown", name=name), hint=did_you_mean(name, SETTINGS) or "")
    expected = SETTINGS[name].value
    if expected is None:
        raise UsageError(Reason("{name} is more than one value", name=name), hint=BY_HAND)
    try:
        value = read_toml(f"value = {typed}")["value"]
    except ContentError:
        value = typed
    for each in (value, typed):  # a theme may be called 2026
        try:
            expected.convert_toml(each)
        except (ValueError, UsageError, RuntimeError):  # as `load` has it
            continue
        return each
    raise UsageError(Reason("{name} must be {wanted}", name=name, wanted=Reason(expected.expected)))


def with_values(text: str, values: Mapping[str, object]) -> str:
    """Return the text of a config file that says these settings, all else as before; raises UsageError where that can't be."""
    try:
        wanted = {**read_toml(text), **values}
    except ContentError as error:
        raise UsageError(WOULD_CHANGE_OTHERS, hint=BY_HAND) from error
    return edit_text(text, lambda document: document.update(values), wanted)


def edit_text(
    text: str, edit: Callable[[Any], object], wanted: Mapping[str, Any], compared: Callable[[Mapping[str, Any]], object] = dict
) -> str:
    """Return the text of a config file after an edit of tomlkit's document; all else in it, comments too, stays as it is.

    Args:
        text: What the file says.
        edit: What is done to the document.
        wanted: What the file is to say then, as tomllib reads it.
        compared: Returns the form in which both are compared.

    Raises:
        UsageError: It can't be edited without touching something else.
    """
    import tomlkit  # 80 ms, when something is changed only
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        edit(document)
        written = tomlkit.dumps(document)
        if compared(read_toml(written)) == compared(wanted):
            return written
    except (TOMLKitError, ContentError, ValueError, AttributeError, TypeError, KeyError) as error:
        raise UsageError(WOULD_CHANGE_OTHERS, hint=BY_HAND) from error
    raise UsageError(WOULD_CHANGE_OTHERS, hint=BY_HAND)


def edit_file(path: Path, edited: Callable[[str], str]) -> None:
    """Change a config file whole or not at all, alone of all processes; where there is none, it is made.

    Raises:
        StoreError: It can't be written.
        UsageError: What `edit_text` raises.
    """
    try:
        target = resolve_links(path)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(target.parent):
            text = target.read_bytes().decode("utf-8") if target.exists() else ""
            mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
            written = mark + edited(text.removeprefix(mark))
            if _CRLF in text and not _LF.search(text):
                written = _LF.sub(_CRLF, written)
            if written != text:
                with replace_file(target, private=not path.is_symlink()) as part:
                    part.write_bytes(written.encode("utf-8"))
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from error
