"""Edits of a config file: changes settings in its text, keeps everything else, and writes the file atomically."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bpost_tui.atomic import locked, open_regular, replace_file, resolve_links
from bpost_tui.config.settings import SETTINGS, Setting
from bpost_tui.errors import ContentError, StoreError, UsageError
from bpost_tui.i18n import Reason, did_you_mean, message
from bpost_tui.untrusted import BYTE_ORDER_MARK, read_toml

WOULD_CHANGE_OTHERS = message("can't change this without altering other parts of the config")
BY_HAND = message("Change it by hand: `bpost config edit` opens the file.")
_HAS_AN_ERROR = message("the config has an error, so that it can't be changed")
_CORRECT_IT = message("Correct it first: `bpost config check` shows the error, `bpost config edit` opens the file.")
_CRLF, _LF = "\r\n", re.compile(r"(?<!\r)\n")


def setting_named(name: str) -> Setting:
    """Return the setting `name`; raises UsageError if there is none."""
    if name not in SETTINGS:
        raise UsageError(Reason("{name} is unknown", name=name), hint=did_you_mean(name, SETTINGS) or "")
    return SETTINGS[name]


def toml_value(name: str, typed: str) -> object:
    """Return `typed`, the text that the reader typed as the value of the setting `name`, as a TOML value.

    Quotes may be missing: `night` is the same as `"night"`.

    Raises:
        UsageError: The setting doesn't exist, has more than one value, or can't have this value.
    """
    expected = setting_named(name).value
    if expected is None:
        raise UsageError(Reason("{name} is more than one value", name=name), hint=BY_HAND)
    try:
        value = read_toml(f"value = {typed}")["value"]
    except ContentError:
        value = typed
    for each in (value, typed):  # a theme may be called 2026
        try:
            expected.convert_toml(each)
        except (ValueError, UsageError, RuntimeError):  # as when a config is read
            continue
        return each
    raise UsageError(Reason("{name} must be {wanted}", name=name, wanted=Reason(expected.expected)))


def with_values(text: str, values: Mapping[str, object]) -> str:
    """Return the text of a config file with the settings `values` changed and everything else kept.

    Raises UsageError if the text isn't TOML, or can't be edited without changing something else.
    """
    try:
        wanted = {**read_toml(text), **values}
    except ContentError as error:  # its message may quote a line with a password
        raise UsageError(_HAS_AN_ERROR, hint=_CORRECT_IT) from error
    return edit_text(text, lambda document: document.update(values), wanted)


def edit_text(
    text: str, edit: Callable[[Any], object], wanted: Mapping[str, Any], compared: Callable[[Mapping[str, Any]], object] = dict
) -> str:
    """Return the text of a config file after an edit; everything else, also comments, is kept.

    Args:
        text: Text of the file.
        edit: Function that makes the edit in tomlkit's document of the file.
        wanted: Content that the file must have afterwards, as tomllib reads it.
        compared: Function that returns a content in a normal form, so that it can be compared with `wanted`.

    Raises:
        UsageError: The text can't be edited without changing something else.
    """
    import tomlkit  # 80 ms, only for a change
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


def _read(path: Path) -> str:
    with open_regular(path) as file:
        try:
            return file.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageError(_HAS_AN_ERROR, hint=_CORRECT_IT) from error


def edit_file(path: Path, edited: Callable[[str], str]) -> None:
    """Change a config file atomically, under a lock against other processes; create it if it is missing.

    `edited` is called with the text of the file, which is empty for a missing file, and returns the new text.

    Raises:
        StoreError: The file can't be written.
        UsageError: The file has an error, or can't be edited without changing something else.
    """
    with edited_afterwards(path, edited):
        pass


@contextmanager
def edited_afterwards(path: Path, edited: Callable[[str], str]) -> Iterator[None]:
    """Change a config file atomically at the end of the `with` block, under a lock; if the block fails, the old file stays.

    The new file is written beside the old one before the block begins; if that fails, the block isn't executed. So the block can
    make a change elsewhere, such as in the library, that is to be made together with the config's.

    `edited` is called with the text of the file, which is empty for a missing file, and returns the new text. Raises StoreError if
    the file can't be written, and UsageError if it has an error or can't be edited without changing something else.
    """
    try:
        target = resolve_links(path)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(target.parent):
            text = _read(target) if target.exists() else ""
            mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
            written = mark + edited(text.removeprefix(mark))
            if _CRLF in text and not _LF.search(text):
                written = _LF.sub(_CRLF, written)
            if written == text:
                yield
            else:
                with replace_file(target, private=not path.is_symlink()) as part:
                    part.write_bytes(written.encode("utf-8"))
                    yield
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from error
