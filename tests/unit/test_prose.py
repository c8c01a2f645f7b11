"""Docstrings, comments and documents in plain English: no construction that hides the noun of a sentence.

A docstring is read beside a name, by somebody who hasn't seen the code: it says the thing or the action, not "what is …" or
"that of which …". `CONTRIBUTING.md` has the rules; `CONSTRUCTIONS` holds them, each with plain words to use instead.
"""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path

import pytest

from bpost_tui.errors import BPostError

_ROOT = Path(__file__).parents[2]

CONSTRUCTIONS = {
    r"\bwhere (there|none|it|that|one|they|this|nothing|no|any|neither|what)\b": "if, when",
    r"\b(none|empty|zero|raises \w+|false|true) where\b": "or None if …",
    r"\bwhat (is|was|it|they|has|had|were|are)\b(?!\?)": "the noun",
    r"\b(of|in|by|to|for|from|with|on|at) (which|whom)\b": "two sentences",
    r"\b(is|are|was|were|be|been) told\b|\btold apart\b|\btelling\b": "reported, distinguished",
    r"\bone (is|was|has|can|may|had|does|reads|types|leaves|goes)\b": "the reader, or the passive",
    r"\bso (many|high|much|wide|large|few|often)\b(?! (that|as))": "n, this many",
    r"\b(stands?|stood)\b": "is",
    r"\b(anew|once more|in vain|whoever|brought over|gone by|taken? apart|as it must|hold good|doubted)\b": "the usual word",
    r"\b(passed over|keeps? alike|deeds?|so as (it|they)|counts? by itself|it (says|plays) nothing)\b": "the usual word",
    r"\b(shelf|shelves|shelved|the desk|the cage|the gate|behind the scenes)\b": "list, context, sandbox, sanitizer",
    r", too(?=[.;:,)]|$)": "also, before the verb",
}
"""Constructions that no docstring, comment or document has, as regular expressions → plain words."""

BEGINNINGS = r"(what|which|whose|some|those|that which|it)\b"
"""Words that no docstring or comment begins with: a noun or a verb does."""

_FOUND = re.compile("|".join(f"(?:{each})" for each in CONSTRUCTIONS), re.IGNORECASE)
_BEGINS = re.compile(BEGINNINGS, re.IGNORECASE)


_BARE_NONE = re.compile(r"\bor None(?=[.;\n]|$)")
"""Result None without its condition, as in “Return the row, or None.”"""

_ERRORS = {"MissingRuleError", *(each.__name__ for each in BPostError.__subclasses__())}
"""Errors that a docstring names if its function raises them itself."""


def _plain(text: str) -> str:
    """Return a text on one line without code and quotations."""
    text = re.sub(r"`[^`]*`|\[[^\]]*\]\([^)]*\)|^#+ .*", "`", text, flags=re.MULTILINE)
    text = " ".join(text.split())
    return re.sub(r"“[^”]*”|\"[^\"]*\"|\*[^*]+\*", "“”", text)


def _docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each docstring, those of attributes included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


def _comments(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each comment."""
    with path.open("rb") as file:
        yield from (
            (each.start[0], each.string.lstrip("# ")) for each in tokenize.tokenize(file.readline) if each.type == tokenize.COMMENT
        )


def _sources(*folders: str) -> Iterator[Path]:
    """Yield the Python files in `folders`, in their order."""
    for folder in folders:
        yield from (path for path in sorted((_ROOT / folder).rglob("*.py")) if "data" not in path.parts)


def _documents() -> Iterator[Path]:
    """Yield the documents that people wrote, except the changelog of released versions."""
    yield from (path for path in sorted((*_ROOT.glob("*.md"), *(_ROOT / "docs").rglob("*.md"))) if path.name != "CHANGELOG.md")


@pytest.mark.parametrize("path", tuple(_sources("bpost_tui", "tests", "tools")), ids=lambda path: str(path.relative_to(_ROOT)))
def test_docstrings_and_comments_have_no_construction_that_hides_the_noun(path: Path) -> None:
    found = {
        line: hit[0]
        for line, text in (*_docstrings(path), *_comments(path))
        if (hit := _FOUND.search(plain := _plain(text)) or _BEGINS.match(plain))
    }
    assert not found


def _gaps(path: Path) -> Iterator[str]:
    """Yield a sentence for each function of a file whose docstring leaves a None, a flag or an error to guess."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from (*_gaps_within(tree, ""), *_attribute_gaps(tree))


def _gaps_within(node: ast.AST, of_class: str) -> Iterator[str]:
    """Yield the gaps of the docstrings in a class or module; `of_class` is the docstring of the class around it."""
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.ClassDef):
            yield from _gaps_within(each, ast.get_docstring(each) or "")
        if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) or (text := ast.get_docstring(each)) is None:
            continue
        returned = ast.unparse(each.returns) if each.returns else ""
        if (returned.endswith("| None") and "None" not in text) or _BARE_NONE.search(text):
            yield f"{each.name}: when is the result None?"
        arguments = (*each.args.posonlyargs, *each.args.args, *each.args.kwonlyargs)
        named = f"{text}\n{of_class}"
        yield from (
            f"{each.name}: `{one.arg}` isn't explained"
            for one in arguments
            if one.annotation and re.search(r"^bool$|\| None$", ast.unparse(one.annotation)) and not one.arg.startswith("_")
            if not re.search(rf"`[^`]*\b{one.arg}\b|^ *{one.arg}:", named, re.MULTILINE)
        )
        yield from (f"{each.name}: raises {error}" for error in _raised(each) if error in _ERRORS and error not in named)


def _attribute_gaps(tree: ast.AST) -> Iterator[str]:
    """Yield a sentence for each public attribute that may be None although neither its docstring nor its class's says so."""
    for of_class in (each for each in ast.walk(tree) if isinstance(each, ast.ClassDef)):
        bodies = (each.body for each in ast.walk(of_class) if isinstance(each, ast.ClassDef | ast.FunctionDef))
        for one, text in chain.from_iterable(map(pairwise, bodies)):
            if not (isinstance(one, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)):
                continue
            name, known = ast.unparse(one.target).removeprefix("self."), ast.unparse(text) + (ast.get_docstring(of_class) or "")
            if ast.unparse(one.annotation).endswith("| None") and "None" not in known and not name.startswith("_"):
                yield f"{name}: when is it None?"


def _raised(function: ast.AST) -> Iterator[str]:
    """Yield the names of the errors that the statements of a function raise, not those of functions inside it."""
    for each in ast.iter_child_nodes(function):
        if isinstance(each, ast.Raise) and each.exc is not None:
            error = each.exc.func if isinstance(each.exc, ast.Call) else each.exc
            yield ast.unparse(error).rpartition(".")[2]
        elif not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _raised(each)


@pytest.mark.parametrize("path", tuple(_sources("bpost_tui")), ids=lambda path: str(path.relative_to(_ROOT)))
def test_docstrings_leave_no_none_flag_or_error_to_guess(path: Path) -> None:
    assert not list(_gaps(path))


@pytest.mark.parametrize(
    ("code", "gap"),
    [
        ("def row(key: str) -> Row | None: 'Return the row of `key`.'", "row: when is the result None?"),
        ("def row(key: str) -> Row | None: 'Return the row of `key`, or None.'", "row: when is the result None?"),
        ("def rows(most: int | None) -> Rows: 'Return most rows.'", "rows: `most` isn't explained"),
        ("def rows(all: bool) -> Rows: 'Return all rows.'", "rows: `all` isn't explained"),
        ("def row(key: str) -> Row:\n    'Return the row of `key`.'\n    raise NotFoundError(key)", "row: raises NotFoundError"),
    ],
)
def test_gap_is_found(code: str, gap: str) -> None:
    assert list(_gaps_within(ast.parse(code), "")) == [gap]


def test_gap_of_an_attribute_is_found() -> None:
    tree = ast.parse("class Row:\n    'Row of a list.'\n    story: Story | None\n    'Story of the row.'")
    assert list(_attribute_gaps(tree)) == ["story: when is it None?"]


@pytest.mark.parametrize("path", tuple(_documents()), ids=lambda path: str(path.relative_to(_ROOT)))
def test_documents_have_no_construction_that_hides_the_noun(path: Path) -> None:
    paragraphs = path.read_text(encoding="utf-8").split("\n\n")
    found = [hit[0] for each in paragraphs if not each.startswith("    ") and (hit := _FOUND.search(_plain(each)))]
    assert not found


@pytest.mark.parametrize(
    "text",
    [
        "What is compared of a story.",
        "Return the row, None where there is none.",
        "The list in which a story is.",
        "Whether one has read it.",
        "Wait so many seconds.",
        "The colour of a link, too.",
    ],
)
def test_construction_is_found(text: str) -> None:
    assert _FOUND.search(_plain(text)) or _BEGINS.match(_plain(text))
