"""Reader of a config file: an invalid setting is reported with its line, and ignored."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from io import TextIOWrapper
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bpost_tui.atomic import open_regular
from bpost_tui.config.key_names import NAMED, RENAMED, is_key, key_name
from bpost_tui.config.settings import NO_KEYS, PORTAL_VALUES, SETTINGS, KeyBindings, PortalSetting, portal_setting
from bpost_tui.config.value_types import ValueType
from bpost_tui.errors import ContentError, UsageError
from bpost_tui.i18n import Language, message
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.untrusted import BYTE_ORDER_MARK, read_toml
from bpost_tui.urls import service_address


class ConfigProblem(NamedTuple):
    """Problem of a setting in a config file; bpost ignores the setting unless `is_warning` is true."""

    file: Path
    line: int
    """Line number from 1; 0 if the problem concerns the whole file."""
    message: str
    """Message id of the problem, with names from `fields` in braces. The value of the field `wanted` is a message id itself."""
    fields: Mapping[str, str] = MappingProxyType({})
    is_fatal: bool = False
    """Whether the whole file is unusable. bpost must then end: without the file's settings, it would fetch the default paper."""
    is_warning: bool = False
    """Whether bpost uses the setting all the same."""

    def format(self, language: Language) -> str:
        """Return the problem as one line of text, such as `config.toml:3: …`."""
        where = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        wanted = {"wanted": language.text(self.fields["wanted"])} if "wanted" in self.fields else {}
        return f"{where}: {language.text(self.message, **{**self.fields, **wanted})}"


def read(path: Path, *, actions: KeyBindings = NO_KEYS) -> tuple[Mapping[str, Any], tuple[ConfigProblem, ...]]:
    """Return the valid settings of a config file by name, and the problems of the file.

    Args:
        path: Path of the file; if the file is missing, there are no settings.
        actions: Ids that `[keys]` may name, with their default keys; if empty, any ids are valid.
    """
    try:
        with open_regular(path) as file, TextIOWrapper(file, encoding="utf-8") as lines:
            text = lines.read().removeprefix(BYTE_ORDER_MARK)
    except FileNotFoundError:
        return {}, ()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return {}, (ConfigProblem(path, line, message("can't be read: {reason}"), {"reason": str(error)}, is_fatal=True),)
    except OSError as error:
        reason = error.strerror or str(error)
        return {}, (ConfigProblem(path, 0, message("can't be read: {reason}"), {"reason": reason}, is_fatal=True),)
    return read_text(path, text, actions=actions)


def read_text(path: Path, text: str, *, actions: KeyBindings = NO_KEYS) -> tuple[Mapping[str, Any], tuple[ConfigProblem, ...]]:
    """Return the valid settings, by name, and the problems of the text of the config file at `path`.

    `actions` are the ids that `[keys]` may name, with their default keys; if empty, any ids are valid.
    """
    file = _ConfigReader(path, text, actions)
    values = file.values()
    if file.unreported_count:
        file.problems.append(ConfigProblem(path, 0, message("more mistakes: {n}"), {"n": str(file.unreported_count)}))
    return values, tuple(file.problems)


_BARE = lazy_pattern(r"\s*([\w-]+)\s*=\s*(?!\".*\")\"?([A-Za-z~/][\w./~-]*)\"?\s*(?:#.*)?")
"""Pattern of a setting whose text lacks one or both of its quotation marks."""
_HIDDEN_TABLE = "service"
"""Name of the table whose text is never part of a message: a password may be anywhere in it, if quotes or names are wrong."""
_HIDDEN = "…"
PORTAL_UNUSED = message("portal isn't used, since portals says what to read")
_TABLE = lazy_pattern(r"\s*\[+\s*[\"']?(\w*).*")
Line = int | Callable[[], int]
"""Line number of a problem, or a function that finds the line. The function is called only if the problem is reported."""
_MOST_PROBLEMS = 20
"""Maximum number of problems that are reported one by one."""


class _ConfigReader:
    """Reader of a config file's text. It collects the problems of the file in `problems`."""

    def __init__(self, path: Path, text: str, actions: KeyBindings) -> None:
        self.path = path
        self.text = text
        self.actions = actions
        self.problems: list[ConfigProblem] = []
        self.unreported_count = 0
        """Number of problems found after the first 20: they are counted, but not reported one by one."""

    def values(self) -> Mapping[str, Any]:
        try:
            table = read_toml(self.text)
        except ContentError as error:
            line = re.search(r"line (\d+)", error.message)
            at, why = int(line[1]) if line else self.text.count("\n") + 1, message("not valid TOML: {reason}")
            lines = self.text.splitlines()
            bare = _BARE.fullmatch("".join(lines[at - 1 : at]))
            is_secret = _is_secret(lines, at, bare[1] if bare else "")
            fields = {"reason": _HIDDEN if is_secret else error.message}
            if bare:
                why = message('put it in quotes: {name} = "{word}"')
                fields = {"name": bare[1], "word": _HIDDEN if is_secret else bare[2]}
            self.problems.append(ConfigProblem(self.path, at, why, fields, is_fatal=True))
            return {}
        values = dict(self._values(table))
        if values.get("portals") and values.pop("portal", None):
            self._report(find_line(self.text, "portal"), PORTAL_UNUSED)
        if values.get("service"):
            values["service"] = MappingProxyType(dict(self._safe_service(values["service"])))
        return values

    def _safe_service(self, service: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield (name, value) of the settings in the table `[service]`.

        An http address that the setting `insecure_http` doesn't allow is left out.
        """
        table = find_line(self.text, "service")
        for name, value in service.items():
            at = partial(find_line, self.text, name, after=table)
            if name == "password" and value:
                self._report(
                    at, message("a password is safer outside this file: name a program with password_command"), is_warning=True
                )
            if name == "address" and value and not _is_encrypted(value):
                if not service.get("insecure_http"):
                    self._wrong(
                        at, name, message("an https address, or one of this machine (insecure_http allows your own network)")
                    )
                    continue
                self._report(
                    at, message("insecure_http: your password and your marks cross the network unencrypted"), is_warning=True
                )
            yield name, value

    def _values(self, table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for name, value in table.items():
            if name not in SETTINGS:
                self._unknown(partial(find_line, self.text, name), name, SETTINGS)
                continue
            line = find_line(self.text, name)
            if expected := SETTINGS[name].value:
                yield from self._checked({name: expected}, {name: value}, name, line - 1)
            elif SETTINGS[name].each:
                yield name, tuple(self._portals(line, value))
            elif SETTINGS[name].table:
                yield name, MappingProxyType(dict(self._checked(SETTINGS[name].table, value, name, line)))
            elif expected := SETTINGS[name].named:
                named = dict.fromkeys(value, expected) if isinstance(value, dict) else {}
                yield name, MappingProxyType(dict(self._checked(named, value, name, line)))
            else:
                yield name, MappingProxyType(dict(self._keys(line, value)))

    def _checked(self, values: Mapping[str, ValueType], table: object, name: str, line: Line) -> Iterator[tuple[str, Any]]:
        """Yield the valid settings of the TOML table `name`, each as name and value, and report the others as problems.

        `values` has the types of the settings by name. `line` is the table's line; lines of its settings are searched from there.
        """
        if not isinstance(table, dict):
            self._report(line, message("{name} must be a table: [{name}]"), name=name)
            return
        for setting, value in table.items():
            at = partial(self._line_below, line, setting)
            if setting not in values:
                self._unknown(at, setting, values, shown=f"{name}.{_HIDDEN}" if name == _HIDDEN_TABLE else setting)
                continue
            try:
                yield setting, values[setting].convert_toml(value)
            except (ValueError, UsageError, RuntimeError):  # RuntimeError: ~nobody has no home
                self._wrong(at, setting, values[setting].expected)

    def _portals(self, line: int, entries: object) -> Iterator[PortalSetting]:
        """Yield the valid papers among `entries`, the value of `portals`, whose first line in the file is `line` (from 1)."""
        if not isinstance(entries, list):
            self._report(line, message("{name} must be a list of addresses, or of tables with an address"), name="portals")
            return
        taken = set[str]()
        for entry in entries:
            at = partial(self._line_of_entry, entry, line)
            if isinstance(entry, dict):
                values = dict(self._checked(PORTAL_VALUES, entry, "portals", at))
                if "address" not in entry:
                    self._report(at, message("a paper in portals has no address"))
            else:
                values = {}
                try:
                    values["address"] = PORTAL_VALUES["address"].convert_toml(entry)
                except (ValueError, UsageError):
                    self._wrong(at, "portals", PORTAL_VALUES["address"].expected)
            if "address" not in values:
                continue
            paper = portal_setting(values)
            if paper.key in taken:
                self._report(at, message("{address} is in portals twice"), address=paper.address)
                continue
            taken.add(paper.key)
            yield paper

    def _line_of_entry(self, entry: object, first: int) -> int:
        """Return the number of the line that has the address of the paper `entry`, an element of the list `portals`.

        Lines before line `first` aren't searched. If no line has the address, return the number of the first line that has another
        string from `entry`, such as the paper's name. If no line has any of these strings, return `first`.
        """
        values = [entry.get("address"), *entry.values()] if isinstance(entry, dict) else [entry]
        texts = [rf"""(["']){re.escape(text)}\1""" for text in values if isinstance(text, str)]
        lines = self.text.splitlines()
        return next(
            (at for quoted in texts for at in range(max(first, 1), len(lines) + 1) if re.search(quoted, lines[at - 1])), first
        )

    def _keys(self, line: int, table: object) -> Iterator[tuple[str, tuple[str, ...]]]:
        if not isinstance(table, dict):
            self._report(line, message("{name} must be a table: [{name}]"), name="keys")
            return
        taken: dict[str, tuple[str, Line]] = {}
        for written, keys in table.items():
            at: Line = partial(find_line, self.text, written, after=line)
            action = str(RENAMED.get(written, written))
            chosen = [keys] if isinstance(keys, str) else keys
            if self.actions and action not in self.actions:
                self._unknown(at, action, self.actions)
            elif not isinstance(chosen, list) or not chosen or not all(isinstance(key, str) and key for key in chosen):
                self._wrong(at, action, message("a key or a list of keys"))
            elif usable := tuple(self._usable(action, chosen, at, taken)):
                yield action, usable
        named = {RENAMED.get(written, written) for written in table}
        for action, usual in self.actions.items():
            names = [key_name(key) for key in usual]
            if action not in named and all(name in taken for name in names):
                taker, at = taken[names[0]]
                if (action, taker) == ("leave", "quit"):
                    continue  # a file of an earlier version: `q` had only this action
                self._report(at, message("{key} was the only key of {other}"), key=usual[0], other=action)

    def _usable(self, action: str, keys: Sequence[str], line: Line, taken: dict[str, tuple[str, Line]]) -> Iterator[str]:
        """Yield the valid `keys` of `action` that no other action has; report invalid keys and keys of other actions as problems.

        `taken` maps each key in use to its action and line; the keys that are yielded are added to it. `line` is the line of the
        problems.
        """
        for key in keys:
            name = key_name(key)
            if not is_key(name):
                self._unknown(line, key, NAMED)
            elif (other := taken.setdefault(name, (action, line))[0]) != action:
                self._report(line, message("{key} is already a key of {other}"), key=key, other=other)
            else:
                yield key

    def _line_below(self, line: Line, setting: str) -> int:
        return find_line(self.text, setting, after=line if isinstance(line, int) else line())

    def _wrong(self, line: Line, name: str, wanted: str) -> None:
        self._report(line, message("{name} must be {wanted}"), name=name, wanted=wanted)

    def _unknown(self, line: Line, name: str, known: Collection[str], *, shown: str = "") -> None:
        """Report a problem of `line`: `name` is none of the `known` names.

        The message has `shown` instead of `name`, if it is given.
        """
        from bpost_tui.nearest import closest_match  # 2 ms, for a mistake only

        if len(self.problems) < _MOST_PROBLEMS and (near := closest_match(name, known)):
            self._report(line, message("{name} is unknown; did you mean {near}?"), name=shown or name, near=near)
        else:
            self._report(line, message("{name} is unknown"), name=shown or name)

    def _report(self, line: Line, message: str, *, is_warning: bool = False, **fields: str) -> None:
        if len(self.problems) >= _MOST_PROBLEMS:
            self.unreported_count += 1
            return
        at = line if isinstance(line, int) else line()
        self.problems.append(ConfigProblem(self.path, at, message, MappingProxyType(fields), is_warning=is_warning))


def _is_encrypted(address: str) -> bool:
    """Whether data sent to the server at `address` is encrypted (https), or stays on this machine."""
    try:
        return bool(service_address(address))
    except UsageError:
        return False


def _is_secret(lines: Sequence[str], at: int, name: str) -> bool:
    """Return whether the setting `name` on line `at` (from 1) may be a password, or belong to the hidden table.

    A setting without a table and with an unknown name counts as secret, and so does each setting of an unknown table: `[servise]`
    may be the hidden table, misspelt. An empty `name` means that the line has no setting.
    """
    tables = [found[1] for line in lines[:at] if (found := _TABLE.fullmatch(line))]
    top_name = tables[-1].lower() if tables else name
    return "pass" in name.lower() or top_name == _HIDDEN_TABLE or (bool(top_name) and top_name not in SETTINGS)


_NO_KEYS = r"""(?x) \#.* | ("(?:\\.|[^"\\])*" | '[^']*') (?! \s* [=.])"""
"""Pattern of comments, and of strings that aren't names of TOML keys: text that is skipped in the search for a key."""


def find_line(text: str, key: str, *, after: int = 0) -> int:
    """Return the number (from 1) of the first line, from line `after` on, that has the TOML key or table `key`.

    If there is no such line, return `after`.
    """
    name = rf"""["']?{re.escape(key)}["']?"""
    pattern = re.compile(rf"\s*(?:{name}\s*[.=]|\[+\s*{name}\s*[\].]|[\w.]+\.{name}\s*=|.*[{{,]\s*{name}\s*=)")
    lines = _lines_of_keys(text)
    return next((number for number in range(max(1, after), len(lines) + 1) if pattern.match(lines[number - 1])), after)


@lru_cache(maxsize=1)
def _lines_of_keys(text: str) -> Sequence[str]:
    """Return the lines of a text without comments, and without strings that aren't keys; headers of tables stay whole."""
    # a quoted table's name, ["keys"], looks like a list of one string
    return [line if re.match(r"\s*\[", line) else re.sub(_NO_KEYS, "", line) for line in text.splitlines()]
