"""Mutation testing: `python -m tools.mutation_testing [MODULE…] [--share 0.2]`; the figures go into build/reports/mutants.md.

It makes one small change to a function (a comparison, a condition, a number, a text, a missing statement), and runs the tests that
reach the line until a test fails; then it tries the next change. Tests are collected once; each mutant (changed module) is tried in
a forked process whose functions have the changed code. Annotations, decorators, docstrings, messages for the reader and code
outside functions aren't changed.
"""

from __future__ import annotations

import argparse
import ast
import copy
import gc
import json
import os
import random
import select
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, NamedTuple

import pytest

from tools.reports import write_report


def _of_store(*names: str) -> tuple[str, ...]:
    return tuple(f"tests/unit/store/test_{name}.py" for name in names)


_MARK_SYNC = ("tests/unit/mark_changes", "tests/unit/mark_sync")
TESTS: dict[str, tuple[str, ...]] = {
    "store.story_saver": _of_store("story_saver", "marks", "lists", "own_lists", "opening", "group_builder", "library", "search"),
    "store.import_export": _of_store("import_export", "row_mapping", "story_saver", "marks"),
    "store.lists.mark_store": _of_store("marks", "lists", "library", "own_lists", "opening"),
    "store.moved_papers": _of_store("moved_papers", "papers", "import_export"),
    "store.paper_move": _of_store("moved_papers", "papers", "marks"),
    "store.change_store": (
        *_of_store("change_store", "marks", "own_lists", "moved_papers"),
        "tests/unit/mark_sync/test_folder_sync.py",
    ),
    "store.greader_items": _of_store("greader_items", "moved_papers"),
    "store.grouping.group_builder": _of_store("group_builder", "story_groups", "similar_stories"),
    "portal.http.transport": ("tests/unit/portal/test_transport.py", "tests/unit/portal/test_client.py"),
    "store.opening": _of_store(
        "opening", "schema_check", "backups", "old_files", "database", "search", "group_builder", "unsafe_location"
    ),
    "store.repair.rescue": _of_store("rescue", "opening", "plain_names"),
    "mark_changes.field_changes": _MARK_SYNC,
    "mark_changes.merge_rule": _MARK_SYNC,
    "mark_changes.entry_parser": _MARK_SYNC,
    "mark_sync.sync_folder": _MARK_SYNC,
    "mark_changes.marks_file": _MARK_SYNC,
    "mark_sync.machine_identity": _MARK_SYNC,
    "mark_changes.passage_value": _MARK_SYNC,
    "model.sanitize": ("tests/unit/model/test_sanitize.py", "tests/unit/model/test_story_links.py"),
    "model.story_identity": ("tests/unit/model/test_story_identity.py", *_of_store("moved_papers", "story_saver")),
    "model.story_merge": ("tests/unit/model/test_story_merge.py",),
}
"""Maps each module to the tests that must fail for its mutants (changed versions)."""
_TEXT_CALLS = {"message", "Reason", "prefix_reason", "log_event", "log_error"}
"""Names of functions whose texts, for the reader or the log, aren't changed."""
_LEAST_S, _TIMES_LONGER = 20.0, 8.0
_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}


class Mutant(NamedTuple):
    """Module with one small change: its line, a description of it, and the compiled code."""

    line: int
    what: str
    code: CodeType


class _Change(ast.NodeTransformer):
    """Transformer of a syntax tree that makes the possible change with the number `wanted`, from 1, within functions."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.seen = wanted, 0
        self.line, self.what = 0, ""
        self._depth = 0

    def _is_it(self, node: ast.AST, what: str) -> bool:
        self.seen += 1
        if not self._depth or self.seen != self.wanted:
            self.seen -= not self._depth
            return False
        self.line, self.what = getattr(node, "lineno", 0), what
        return True

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self._depth += 1
        has_doc = ast.get_docstring(node) is not None
        node.body = [*node.body[:has_doc], *(self._visited(each) for each in node.body[has_doc:])]
        self._depth -= 1
        return node

    def _visited(self, node: ast.stmt) -> ast.stmt:
        changed: ast.stmt = self.visit(node)
        return changed

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return node if _called(node) in _TEXT_CALLS else self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        return node if node.arg == "strict" else self.generic_visit(node)  # of zip: it asserts

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if isinstance(node.value, ast.Constant):  # the description of an attribute
            return node
        is_said = isinstance(node.value, ast.Call) and _called(node.value) in _TEXT_CALLS
        if isinstance(node.value, ast.Call) and not is_said and self._is_it(node, f"without {ast.unparse(node)[:60]}"):
            return ast.copy_location(ast.Pass(), node)
        return self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        for at, op in enumerate(node.ops):
            if type(op) in _COMPARED and self._is_it(node, f"{type(op).__name__} → {_COMPARED[type(op)].__name__}"):
                node.ops[at] = _COMPARED[type(op)]()
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        if self._is_it(node, "and ↔ or"):
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if type(node.op) in _COUNTED and self._is_it(node, f"{type(node.op).__name__} → {_COUNTED[type(node.op)].__name__}"):
            node.op = _COUNTED[type(node.op)]()
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and self._is_it(node, "without not"):
            return node.operand
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if self._is_it(node, "if → if not"):
            node.test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        if self._is_it(node, "the other of … if … else …"):
            node.body, node.orelse = node.orelse, node.body
        return node

    def visit_Break(self, node: ast.Break) -> ast.AST:
        return ast.copy_location(ast.Continue(), node) if self._is_it(node, "break → continue") else node

    def visit_Continue(self, node: ast.Continue) -> ast.AST:
        return ast.copy_location(ast.Break(), node) if self._is_it(node, "continue → break") else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                part.value = self.visit(part.value)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        value = node.value
        if isinstance(value, bool):
            other: bool | int | str | bytes = not value
        elif isinstance(value, int):
            other = value + 1
        elif isinstance(value, str):
            other = f"XX{value}"
        elif isinstance(value, bytes):
            other = b"XX" + value
        else:
            return node
        return ast.copy_location(ast.Constant(other), node) if self._is_it(node, f"{value!r:.40} → {other!r:.40}") else node


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else str(getattr(node.func, "attr", ""))


def mutants(module: ModuleType) -> Iterator[Mutant]:
    """Yield all mutants (versions with one change) of a module."""
    path = Path(str(module.__file__))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    number = 1
    while True:
        change = _Change(number)
        changed = change.visit(copy.deepcopy(tree))
        if not change.what:
            return
        number += 1
        yield Mutant(change.line, change.what, compile(ast.fix_missing_locations(changed), str(path), "exec"))


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def put_in_place(mutant: Mutant) -> None:
    """Replace the code of the functions of the mutant's module, in this process, by the changed code."""
    codes = {(each.co_qualname, each.co_firstlineno): each for each in _codes(mutant.code)}
    gc.unfreeze()  # tests/conftest.py freezes the objects made before the tests: then they aren't among the objects
    for function in [each for each in gc.get_objects() if isinstance(each, FunctionType)]:
        code = function.__code__
        if code.co_filename == mutant.code.co_filename:
            changed = codes.get((code.co_qualname, code.co_firstlineno))
            if changed is not None and changed.co_freevars == code.co_freevars:
                function.__code__ = changed


class Trials:
    """Plugin of pytest that tries mutants (modules with one change) instead of running the tests once."""

    def __init__(self, name: str, share: float, workers: int) -> None:
        self.name, self.share, self.workers = name, share, workers
        self.survived: list[Mutant] = []
        self.tried = self.all = self.ended = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Limit Hypothesis to a few examples per test, which are the same in each run."""
        from hypothesis import settings  # pytest looks at it first

        settings.register_profile("mutants", deadline=None, max_examples=30, database=None, derandomize=True)
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try all mutants of the module, or the share of them that was requested."""
        module = import_module(f"bpost_tui.{self.name}")
        items = {item.nodeid: item for item in session.items}
        covered = self._covered(session.items, str(module.__file__))
        made = list(mutants(module))
        self.all = len(made)
        if self.share < 1:
            made = random.Random(self.name).sample(made, max(1, round(self.share * len(made))))  # noqa: S311
        running: dict[int, tuple[int, Mutant]] = {}
        for mutant in made:
            chosen = sorted((seconds, name) for name, (seconds, lines) in covered.items() if mutant.line in lines)
            if len(running) >= self.workers:
                self._wait(running)
            longest_s = _LEAST_S + _TIMES_LONGER * sum(seconds for seconds, _ in chosen)
            child, pipe = self._fork([items[name] for _, name in chosen], mutant, longest_s)
            running[pipe] = child, mutant
        while running:
            self._wait(running)
        return True

    def _covered(self, items: Sequence[pytest.Item], file: str) -> dict[str, tuple[float, set[int]]]:
        """Map each test that passes and reaches the module `file` to its duration in seconds, and to the lines that it reaches."""
        read, write = os.pipe()
        if not os.fork():
            for item, after in zip(items, [*items[1:], None], strict=True):
                lines, began = set[int](), time.process_time()
                sys.settrace(lambda frame, *_, lines=lines: _tracer(frame, file, lines))
                good = _passes(item, after)
                sys.settrace(None)
                if lines and good:
                    os.write(write, (json.dumps([item.nodeid, time.process_time() - began, sorted(lines)]) + "\n").encode())
            os._exit(0)
        os.close(write)
        with os.fdopen(read, encoding="utf-8") as pipe:
            rows = [json.loads(line) for line in pipe]
        return {name: (seconds, set(lines)) for name, seconds, lines in rows}

    def _fork(self, items: Sequence[pytest.Item], mutant: Mutant, longest_s: float) -> tuple[int, int]:
        read, write = os.pipe()
        child = os.fork()
        if not child:
            signal.setitimer(signal.ITIMER_PROF, longest_s)  # one that never ends is noticed, on a busy machine no other
            signal.alarm(int(10 * longest_s))
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 1)
            os.dup2(nothing, 2)
            try:
                put_in_place(mutant)
                is_noticed = not all(_passes(item, after) for item, after in zip(items, [*items[1:], None], strict=False))
                os.write(write, b"%d" % is_noticed)
            finally:
                os._exit(0)  # whatever happened: there is one pytest alone
        os.close(write)
        return child, read

    def _wait(self, running: dict[int, tuple[int, Mutant]]) -> None:
        ready, _, _ = select.select(list(running), [], [])
        for pipe in ready:
            child, mutant = running.pop(pipe)
            result = os.read(pipe, 1)
            os.close(pipe)
            os.waitpid(child, 0)
            self.tried += 1
            self.ended += not result  # by the time limit, or crashed: noticed
            if result == b"0":
                self.survived.append(mutant)
                sys.stderr.write(f"{self.name}:{mutant.line}: {mutant.what}\n")


def _passes(item: pytest.Item, after: pytest.Item | None) -> bool:
    from _pytest.runner import runtestprotocol

    reports = runtestprotocol(item, log=False, nextitem=after)
    return not any(report.failed for report in reports)


def _tracer(frame: FrameType, file: str, lines: set[int]) -> Any:  # noqa: ANN401 (as sys.settrace has it)
    if frame.f_code.co_filename != file:
        return None
    lines.add(frame.f_lineno)

    def each(frame: FrameType, _event: str, _argument: object) -> Any:  # noqa: ANN401
        lines.add(frame.f_lineno)
        return each

    return each


_TEXT = """# Mutants

Written by `make mutants` (`tools/mutation_testing.py`). It makes a small change to a function; the tests that reach the line
must notice. It doesn't change messages for the reader, annotations and code outside functions. Required: 85 %.

| module | changes tried | noticed | share |
| --- | ---: | ---: | ---: |
{rows}

Changes that no test noticed: {survivors}
"""


def main() -> int:
    """Try the mutants, write the report, and return the exit status: 1 if a module's tests notice less than 85 % of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    rows, survivors, least = [], [], 1.0
    for name in arguments.modules or TESTS:
        trials = Trials(name, arguments.share, arguments.workers)
        options = ["-q", "-p", "no:xdist", "-p", "no:cacheprovider"]
        pytest.main([*options, *TESTS[name]], plugins=[trials])
        share = 1 - len(trials.survived) / max(1, trials.tried)
        least = min(least, share)
        rows.append(f"| `{name}` | {trials.tried} of {trials.all} | {trials.tried - len(trials.survived)} | {share:.0%} |")
        survivors += [f"`{name}`, line {each.line}: {each.what}" for each in sorted(trials.survived, key=lambda each: each.line)]
        sys.stdout.write(f"{rows[-1]} {trials.ended} of the noticed ended by time or a crash\n")
        sys.stdout.flush()
    if not arguments.modules:
        write_report("mutants", _TEXT.format(rows="\n".join(rows), survivors="; ".join(survivors) or "none"))
    return 1 if least < 0.85 else 0


if __name__ == "__main__":
    sys.exit(main())
