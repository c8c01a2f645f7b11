from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Category, Story
from bpost_tui.store.library import Library
from bpost_tui.tui.screen import ReaderScreen

# modules that take 10 ms or more to load, or belong to work that wasn't requested
PARSING = (
    "bpost_tui.portal.feed",
    "bpost_tui.portal.html",
    "bpost_tui.portal.worker.wire",
    "bpost_tui.portal.worker.sandbox",
    "bpost_tui.portal.worker.parser_worker",
    "bpost_tui.refresh.backfill_pass",
)
NETWORK = {"httpx", "httpcore", "anyio", "ssl", "asyncio", "feedparser", "selectolax", "bpost_tui.portal", "bpost_tui.refresh"}
SCREEN = {"textual", "rich", "bpost_tui.composition", "bpost_tui.typesetting.terminal"}
TYPE = {
    "uharfbuzz",
    "fontpkg_hind_siliguri",
    "bpost_tui.typesetting.typeset.pixel_typesetter",
    "bpost_tui.typesetting.typeset.fonts",
}
UNASKED = {"bpost_tui.mark_sync.sync_folder", "bpost_tui.mark_sync.folder_peer", "html"}
BY_KEY = {
    "bpost_tui.tui.commands",
    "bpost_tui.tui.features",
    "bpost_tui.tui.keyed_features",
    "bpost_tui.tui.help_and_palette",
    "bpost_tui.tui.dialogs",
    "bpost_tui.core.speech",
}
NEVER = {"PIL", "numpy", "pyte", "hypothesis", "pytest", "markdown_it", "pygments", "unittest", "importlib.metadata"}
DEFINING = {"dataclasses", "inspect"}
"""Modules for dataclasses: 5 ms to load, and 0.4 ms for each dataclass."""
SEARCHING = {
    "bpost_tui.store.search.story_search",
    "bpost_tui.store.search.query_parser",
    "bpost_tui.bengali.phonetic",
    "hashlib",
    "subprocess",
}

RUN = """
import sys
from bpost_tui.cli.main import run
status = run(sys.argv[1:])
print(status, *sys.modules, file=sys.stderr)
"""
READER = """
import sys
import bpost_tui.cli.main, bpost_tui.cli.read, bpost_tui.typesetting.terminal.probe, bpost_tui.composition
print(0, *sys.modules, file=sys.stderr)
"""

FRONT_PAGE = """
import sys
before = set(sys.modules)
import os
from bpost_tui.startup_snapshot import StartupSnapshot
import bpost_tui.signals, bpost_tui.typesetting.terminal.cbreak, select, struct, fcntl, zlib
with StartupSnapshot(sys.argv[1:], os.environ):
    print(0, *set(sys.modules) - before, file=sys.stderr)
"""

ASKING = """
import sys
import bpost_tui.refresh, bpost_tui.portal.portal
print(0, *sys.modules, file=sys.stderr)
"""

DATACLASSES = """
import sys
import bpost_tui.cli.main, bpost_tui.cli.read, bpost_tui.typesetting.terminal.probe, bpost_tui.composition
ours = [module for name, module in sys.modules.items() if name.startswith("bpost_tui.")]
every = {each for module in ours for each in vars(module).values() if isinstance(each, type)}
made = [each for each in every if hasattr(each, "__dataclass_fields__")]
print(0, *(each.__name__ for each in made if each.__module__.startswith("bpost_tui.")), file=sys.stderr)
"""


def modules(program: str, *arguments: str, home: Path) -> set[str]:
    """Return the modules loaded by `program` in a new interpreter; it must succeed."""
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=True, env={"HOME": str(home), "LANG": "C.UTF-8"}
    )
    status, *names = done.stderr.split()
    assert status == "0", done.stderr
    return set(names)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    story = Story(
        guid="1",
        title="খবর",
        link=None,
        author="",
        published=datetime(2026, 11, 23, tzinfo=UTC),
        categories=(Category("health", "Health"),),
        tags=(),
        excerpt="",
        blocks=(Paragraph((Span("খবর"),)),),
        full=True,
    )
    folder = tmp_path / "data"
    (folder / "library").mkdir(parents=True)
    with Library(folder / "library") as library:
        library.save([story], now=datetime(2026, 11, 24, tzinfo=UTC))
    return folder


def test_few_modules_are_loaded_before_the_front_page(tmp_path: Path) -> None:
    signals = {"signal", "enum", "types", "functools", "collections", "operator", "reprlib", "keyword", "itertools"}  # 4 ms
    small = {"termios", "select", "struct", "fcntl", "zlib", "time"}
    small.add("collections.abc")  # alias of a module that Python loads at startup; 3.13 itself has it
    loaded = {name for name in modules(FRONT_PAGE, home=tmp_path) if not name.startswith("_")}
    ours = {name for name in loaded if name.startswith("bpost_tui")}
    of_ours = {
        "startup_snapshot",
        "startup_snapshot.snapshot_file",
        "signals",
        "typesetting",
        "typesetting.terminal",
        "typesetting.terminal.cbreak",
    }
    assert ours <= {"bpost_tui", *(f"bpost_tui.{name}" for name in of_ours)}
    assert loaded - ours <= signals | small


@pytest.mark.parametrize(
    ("verb", "more"),
    [
        (("list",), DEFINING | SEARCHING),
        (("list", "--json"), DEFINING),
        (("unread", "--count"), DEFINING | SEARCHING),
        (("categories",), DEFINING),
        (("show", "1"), set()),
        (("show", "1", "--plain"), set()),
        (("--help",), set()),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_library_verbs_load_no_network_screen_or_type(verb: tuple[str, ...], more: set[str], data: Path, tmp_path: Path) -> None:
    loaded = modules(RUN, *verb, "--data-dir", str(data), home=tmp_path)
    assert loaded & (NETWORK | SCREEN | TYPE | NEVER | more) == set()


def test_opening_a_portal_loads_no_parser(tmp_path: Path) -> None:
    loaded = modules(ASKING, home=tmp_path)
    assert "httpx" in loaded
    assert not [name for name in loaded if name.startswith(PARSING)]


def test_reader_start_loads_neither_network_nor_fonts(tmp_path: Path) -> None:
    loaded = modules(READER, home=tmp_path)
    assert loaded & ((NETWORK | TYPE | NEVER | UNASKED | BY_KEY) - {"asyncio", "ssl", "bpost_tui.refresh"}) == set()


def test_reader_start_defines_few_dataclasses(tmp_path: Path) -> None:
    assert len(modules(DATACLASSES, home=tmp_path)) <= 15  # 0.5 ms each; a named tuple takes 0.1 ms


def test_screens_base_classes_define_no_bindings() -> None:
    below = ReaderScreen.__mro__[1:]
    assert not [each for each in below if each.__module__.startswith("bpost_tui.") and "BINDINGS" in vars(each)]
