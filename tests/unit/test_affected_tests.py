"""Selection of tests that `make quick` runs for a change."""

from __future__ import annotations

import pytest

from tools.affected_tests import ROWS, TESTS_BY_PREFIX, Imports, affected_tests, has_module
from tools.code_structure import PACKAGE, ROOT


@pytest.fixture(scope="module")
def imports() -> Imports:
    return Imports()


def test_every_screen_and_command_line_test_has_a_row() -> None:
    there = {str(path.relative_to(ROOT)) for folder in ("tui", "cli") for path in (ROOT / "tests" / folder).glob("test_*.py")}
    assert there == ROWS.keys(), "write the row in tools/affected_tests.py"


def test_affected_test_rows_name_existing_modules(imports: Imports) -> None:
    ours = [module for module in imports.paths if module.startswith(PACKAGE)]
    assert [(path, word) for path, words in ROWS.items() for word in words.split() if not has_module(ours, word)] == []
    assert all((ROOT / path).exists() for paths in TESTS_BY_PREFIX.values() for path in paths)


def test_every_module_has_an_affected_test(imports: Imports) -> None:
    ours = {path for module, path in imports.paths.items() if module.startswith(PACKAGE) and not path.endswith("__init__.py")}
    assert sorted(path for path in ours if not affected_tests([path], imports)) == []


@pytest.mark.parametrize(
    ("changed", "runs"),
    [
        (
            "bpost_tui/store/lists/mark_store.py",
            {"tests/unit/store/test_marks.py", "tests/tui/test_marks.py", "tests/cli/test_mark.py"},
        ),
        (
            "bpost_tui/typesetting/typeset/shaping.py",
            {"tests/unit/typesetting/typeset/test_shaping.py", "tests/unit/typesetting/typeset/test_paragraph_setter.py"},
        ),
        ("bpost_tui/tui/story/tour.py", {"tests/tui/test_tour.py"}),
        ("tests/tui/test_find.py", {"tests/tui/test_find.py"}),
        ("tests/tui/reader_facade.py", {"tests/tui/test_find.py", "tests/tui/test_tour.py"}),
        ("docs/keys.md", {"tests/unit/test_documents.py"}),
        ("bpost_tui/bengali/tables/nouns.txt", {"tests/unit/bengali", "tests/unit/grouping"}),
        ("themes/newsprint.toml", {"tests/tui/test_themes.py"}),
    ],
)
def test_change_runs_the_tests_importing_it(changed: str, runs: set[str], imports: Imports) -> None:
    assert runs <= set(affected_tests([changed], imports))


def test_no_test_runs_without_a_change(imports: Imports) -> None:
    assert affected_tests([], imports) == []


def test_late_imports_count_and_type_imports_do_not(imports: Imports) -> None:
    assert "bpost_tui.cli.read" in imports.reaching(["bpost_tui.composition"])  # imported late to save 200 ms
    for_a_type = imports.reaching(["bpost_tui.mark_sync.folder_peer"])
    assert "bpost_tui.tui.shared.reader_services" not in for_a_type
