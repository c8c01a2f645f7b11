"""Code in strings (programs of processes, patches in tests), and names of modules in strings, name what exists.

mypy doesn't read strings. An assignment to a renamed attribute would silently replace nothing; a renamed module is never loaded, so
a test that it isn't loaded would always pass.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from textwrap import dedent

from tools.code_structure import PACKAGE, ROOT, Structure

_OURS = re.compile(rf"\b(?:from|import) (?:{PACKAGE}|tests|textual)\b")
_INVENTED = ROOT / "tests/unit/test_code_structure.py"
"""File whose strings are modules that it makes itself."""


def _strings(path: Path) -> Iterator[str]:
    """Yield the strings of a file; a value in an f-string counts as 0."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "0" for part in parts)


def _programs(path: Path) -> Iterator[ast.Module]:
    """Yield the programs among the strings of a file."""
    for text in _strings(path):
        if _OURS.search(text):
            try:
                yield ast.parse(dedent(text))
            except SyntaxError:  # prose, or a part of a program
                continue


def _imported(module: str, name: str) -> object:
    found = import_module(module)
    return getattr(found, name) if hasattr(found, name) else import_module(f"{module}.{name}")


def _missing(program: ast.Module) -> Iterator[str]:
    """Yield the attributes that a program uses or sets and that its imported modules and classes lack."""
    values: dict[str, object] = {}
    for statement in program.body:  # in their order: a program may import twice by the same name
        for node in ast.walk(statement):
            match node:
                case ast.ImportFrom(module=str(module), names=aliases) if _OURS.match(f"from {module}"):
                    values |= {alias.asname or alias.name: _imported(module, alias.name) for alias in aliases}
                case ast.Import(names=[alias]) if _OURS.match(f"import {alias.name}"):
                    found = import_module(alias.name)
                    values[alias.asname or PACKAGE] = found if alias.asname else import_module(PACKAGE)
                case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in values:
                    if not hasattr(values[name], attribute):
                        yield f"{name}.{attribute}"


FILES = [path for folder in (PACKAGE, "tests", "tools") for path in (ROOT / folder).rglob("*.py") if path != _INVENTED]


def test_code_in_strings_names_existing_attributes() -> None:
    programs = [(path, program) for path in FILES for program in _programs(path)]
    assert len(programs) > 50, "the programs aren't found"
    assert [(str(path), name) for path, program in programs for name in _missing(program)] == []


def test_full_names_in_strings_exist() -> None:
    structure = Structure()
    names = [(path, text) for path in FILES for text in _strings(path) if re.fullmatch(rf"{PACKAGE}(\.[A-Za-z_]\w*)+", text)]
    assert len(names) > 20, "the names aren't found"
    assert [(str(path), name) for path, name in names if not structure.exists(name)] == []
