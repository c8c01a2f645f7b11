"""Compiler of the Bengali catalogue, and its editor: `make messages`, or `python -m tools.messages ["English message" "বাংলা"]…`.

To add a message, write it in the code and run this with the message and its Bengali; the same command changes a translation. A
plural is "one|many". Without arguments, it lists untranslated messages and compiles. Unused messages are deleted. Messages are
found as `language.text("…")` (`_text` in objects that keep this method), `plural("…", "…", n)`, `message("…")`, `Reason("…")`, in
the tables of actions, settings, verbs and options, as names in an Enum, as labels of themes, and as a literal message or
`hint="…"` of an error. Babel, a development dependency, reads and writes.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from bpost_tui.bengali.letters import composed

PACKAGE = Path(__file__).parents[1] / "bpost_tui"
CATALOGUE = PACKAGE / "locale" / "bn" / "LC_MESSAGES" / "bpost.po"

_MESSAGE_ARGUMENTS = {
    **dict.fromkeys(("text", "_text", "message", "Phrase", "Reason", "ValueType"), slice(0, 1)),
    **dict.fromkeys(("NotFoundError", "UsageError", "PortalError", "ContentError", "StoreError"), slice(0, 1)),
    **dict.fromkeys(("setting", "Option", "Argument", "Verb"), slice(1, 2)),
    "plural": slice(0, 2),
    "require_type": slice(2, 3),
    "Action": slice(2, 4),
}
"""Maps names of functions to the positions of the arguments that are messages."""


def used_messages(package: Path = PACKAGE) -> dict[str, str]:
    """Map every message id in `package` and in the themes' labels to its first place ("file:line")."""
    themes = sorted((package.parent / "themes").glob("*.toml"))
    found = {tomllib.loads(path.read_text(encoding="utf-8"))["label"]: f"{path}:1" for path in themes}
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            for text in _messages(node):
                found.setdefault(text, f"{path.relative_to(package)}:{getattr(node, 'lineno', 1)}")
    return found


def _messages(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Name) and base.id == "Enum" for base in node.bases):
        yield from (
            text for text in _literals([line.value for line in node.body if isinstance(line, ast.Assign)]) if text[:1].isupper()
        )
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        yield from _literals(node.args[_MESSAGE_ARGUMENTS.get(called, slice(0, 0))])
        yield from _literals([word.value for word in node.keywords if word.arg == "hint"])


def _literals(nodes: Sequence[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Dict):  # help texts by task
            yield from _literals(node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield node.value


def main(arguments: Sequence[str]) -> int:
    """Add the pairs of messages in `arguments`, delete unused messages, list untranslated ones, and compile."""
    from babel.messages.pofile import read_po, write_po

    from tools.catalogue_hook import compile_catalogue

    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="bn")
    if arguments:
        for english, bangla in zip(arguments[::2], map(composed, arguments[1::2]), strict=True):
            one, bar, many = english.partition("|")
            bangla_one, _, bangla_many = bangla.partition("|")
            catalogue.delete(one)  # `add` leaves the catalogue as it is
            catalogue.add((one, many), (bangla_one, bangla_many or bangla_one)) if bar else catalogue.add(one, bangla)
    used = used_messages()
    for each in list(catalogue):
        if each.id and (each.id[0] if each.pluralizable else each.id) not in used:
            catalogue.delete(each.id[0] if each.pluralizable else each.id)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=0, sort_output=True, omit_header=False)
    compile_catalogue(CATALOGUE)
    known = {part for entry in catalogue if entry.string for part in (entry.id if isinstance(entry.id, tuple) else (entry.id,))}
    missing = {text: place for text, place in used.items() if text not in known}
    for text, place in missing.items():
        print(f"{place}: no Bengali for {text!r}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
