"""Edits of `portals` in the text of a config file: everything else, also comments, is kept. Pure: no file is read or written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableSequence, Sequence
from typing import TYPE_CHECKING, Any

from bpost_tui.config.edit_config import BY_HAND, WOULD_CHANGE_OTHERS, edit_text
from bpost_tui.config.settings import DEFAULT_PORTAL, PortalSetting
from bpost_tui.errors import UsageError
from bpost_tui.untrusted import read_toml
from bpost_tui.urls import portal_key

if TYPE_CHECKING:
    from tomlkit.items import InlineTable, Table

_PORTAL = re.compile(r"""(?m)^([ \t]*)portal([ \t]*=[ \t]*)("[^"\\\n]*"|'[^'\n]*')(?=[ \t]*(?:\#.*)?\r?$)""")
"""Pattern of a line that only sets `portal` to a string without escapes, and may end with a comment."""
_LONGEST_LINE = 100
"""Maximum length of `portals` on one line, in characters; a longer list gets a line for each paper."""


def with_papers(text: str, papers: Sequence[PortalSetting]) -> str:
    """Return the text of a config file with papers added at the end of `portals`.

    If the text has no such list, a new list begins with the address in `portal`, or with the default portal. Raises UsageError if
    the file can't be changed without changing something else.
    """

    def add(entries: MutableSequence[Any]) -> None:
        import tomlkit
        from tomlkit.items import AoT, Array

        for paper in papers:
            is_alone = paper == PortalSetting(paper.address) and not isinstance(entries, AoT)
            table: InlineTable | Table = tomlkit.table() if isinstance(entries, AoT) else tomlkit.inline_table()
            table.update(_paper_fields(paper))
            entries.append(paper.address if is_alone else table)
        if isinstance(entries, Array) and len(line := entries.as_string()) > _LONGEST_LINE and "\n" not in line:
            entries.multiline(True)

    return _changed(text, add, lambda entries: [*entries, *map(_toml_entry, papers)])


def without_paper(text: str, key: str) -> str:
    """Return the text of a config file without the paper with the key `key`.

    Raises UsageError if the file can't be changed without changing something else.
    """

    def remove(entries: MutableSequence[Any]) -> None:
        for at in reversed([at for at, entry in enumerate(entries) if _key(entry) == key]):
            del entries[at]

    return _changed(text, remove, lambda entries: [entry for entry in entries if _key(entry) != key])


def with_name(text: str, key: str, name: str) -> str:
    """Return the text of a config file with a new name for the paper with the key `key`.

    Raises UsageError if the file can't be changed without changing something else.
    """

    def rename(entries: MutableSequence[Any]) -> None:
        import tomlkit

        for at, entry in enumerate(entries):
            if _key(entry) != key:
                continue
            if isinstance(entry, str):
                table = tomlkit.inline_table()
                table.update({"address": str(entry), "name": name})
                entries[at] = table
            else:
                entry["name"] = name

    def renamed(entries: list[Any]) -> list[Any]:
        return [{**_table(entry), "name": name} if _key(entry) == key else entry for entry in entries]

    return _changed(text, rename, renamed)


def with_address(text: str, key: str, new: PortalSetting) -> str:
    """Return the text of a config file with the address and kind of `new` for the paper with the key `key`.

    The paper keeps its name, groups and other settings. An entry that the file has for `new` already is removed. Raises
    UsageError if the file can't be changed without changing something else.
    """
    fields = _paper_fields(PortalSetting(new.address, kind=new.kind))

    def move(entries: MutableSequence[Any]) -> None:
        import tomlkit

        for at in reversed(range(len(entries))):
            entry = entries[at]
            if _key(entry) == new.key != key:
                del entries[at]
            elif _key(entry) == key and isinstance(entry, str):
                table = tomlkit.inline_table()
                table.update(fields)
                entries[at] = new.address if fields.keys() == {"address"} else table
            elif _key(entry) == key:
                for name in ("kind", "feed"):
                    entry.pop(name, None)
                entry.update(fields)

    def moved(entries: list[Any]) -> list[Any]:
        others = [entry for entry in entries if _key(entry) != new.key or new.key == key]
        return [
            {**{name: value for name, value in _table(entry).items() if name not in ("kind", "feed")}, **fields}
            if _key(entry) == key
            else entry
            for entry in others
        ]

    return _changed(text, move, moved)


def _changed(text: str, change: Callable[[MutableSequence[Any]], None], expected: Callable[[list[Any]], list[Any]]) -> str:
    """Return the text of a config file with its list of papers (`portals`) changed by `change`.

    `expected` returns, for the old list as tomllib reads it, the list that the new text must have. Raises UsageError if the
    file can't be changed without changing something else.
    """

    def edit(document: Any) -> None:  # noqa: ANN401 (tomlkit's)
        if "portals" not in document:
            document["portals"] = [DEFAULT_PORTAL]
        change(document["portals"])

    wanted = read_toml(text)
    named = wanted.get("portals", [wanted.get("portal", DEFAULT_PORTAL)])
    if not isinstance(named, list):
        raise UsageError(WOULD_CHANGE_OTHERS, hint=BY_HAND)
    if "portals" not in wanted:
        wanted.pop("portal", None)
        text = _PORTAL.sub(r"\1portals\2[\3]", text, count=1)
    wanted["portals"] = expected(named)
    return edit_text(text, edit, wanted, _compared)


def _compared(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a config in a form that can be compared: a paper given only by its address becomes a table."""
    return {**config, "portals": [_table(entry) for entry in config["portals"]]}


def _paper_fields(paper: PortalSetting) -> Mapping[str, object]:
    """Return the fields of a paper, by name, whose values differ from the defaults."""
    fields = {name: value for name, value in paper._asdict().items() if value != PortalSetting._field_defaults.get(name)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}


def _toml_entry(paper: PortalSetting) -> object:
    fields = _paper_fields(paper)
    return paper.address if fields.keys() == {"address"} else fields


def _table(entry: object) -> Mapping[str, object]:
    return entry if isinstance(entry, Mapping) else {"address": entry}


def _key(entry: object) -> str:
    """Return the key of the paper in `entry`, an entry of `portals`; empty if the entry has no address."""
    address = _table(entry).get("address")
    text = str(address).strip() if isinstance(address, str) else ""
    return portal_key(text if "://" in text else f"https://{text}") if text else ""
