"""Tests of the public names of the typesetting package, and of the example app in docs/type.md."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from textual.geometry import Offset
from textual.selection import Selection

from bpost_tui.typesetting import Capabilities, Para, RenderMode, Run
from bpost_tui.typesetting.textual import Display, TypeApp, TypeView
from tests.unit.typesetting.textual.test_driver import KITTY, assert_restored, session, wait_for
from tools.code_structure import ROOT

PUBLIC_PACKAGES = ("bpost_tui.typesetting", "bpost_tui.typesetting.textual", "bpost_tui.core.templates")
EXAMPLE, WIDGET = re.findall(
    r"^```python\n(.*?)^```", (ROOT / "docs/type.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize("package_name", PUBLIC_PACKAGES)
def test_public_names_match_the_type_checkers_view(package_name: str) -> None:
    source = Path(str(import_module(package_name).__file__)).read_text(encoding="utf-8")
    seen = {name.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) for name in node.names}
    seen -= {"annotations", "import_module", "TYPE_CHECKING", "lazy_names"}
    modules: dict[str, str] = import_module(package_name)._MODULES
    assert seen == {name for names in modules.values() for name in names.split()}
    assert all(hasattr(import_module(package_name), name) for name in seen)


def test_public_name_imports_its_module_at_first_use() -> None:
    loaded = "import sys, bpost_tui.typesetting; print(*sys.modules); from bpost_tui.typesetting import Para; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True, timeout=60)
    before, after = (
        {name for name in line.split() if name.startswith("bpost_tui.typesetting.")} for line in run.stdout.splitlines()
    )
    assert before == set()
    assert "bpost_tui.typesetting.typeset.items" in after and not any(
        name.startswith("bpost_tui.typesetting.terminal") for name in after
    )


BEFORE_OTHERS = """
import sys
from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting import Para, Run
from bpost_tui.typesetting.typeset import fonts
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
searched = []
found, fonts.covering = fonts.covering, lambda text: (searched.append(text), found(text))[1]
setter = PixelTypesetter(fonts.load_fonts(BENGALI), 10, 20)
for text in (TEXT, "सभी मनुष्य", "تمام"):
    _ = [setter.galley((Para((Run(text),)),), 40).band(0, {"text": (0, 0, 0)}).surface.layers]
    print(len(searched), "bpost_tui.typesetting.text.bidi" in sys.modules)
"""


def test_other_scripts_load_nothing_before_their_first_text() -> None:
    text = "১৭ এপ্রিল ২০২৬: “মেদিনীপুর” শহরের স্কুলে - COVID-19 (DM), ₹৫০০ · naïve"
    run = subprocess.run(
        [sys.executable, "-c", BEFORE_OTHERS.replace("TEXT", repr(text))], capture_output=True, text=True, check=True, timeout=60
    )
    bengali, hindi, urdu = run.stdout.splitlines()
    assert bengali == "0 False"
    assert hindi.startswith("1 ") and hindi.endswith("False")
    assert urdu.endswith("True")


def test_type_example_is_short() -> None:
    assert len(EXAMPLE.splitlines()) <= 40


@pytest.mark.pty
def test_type_example_in_kitty_shows_type_and_quits_by_its_key(tmp_path: Path) -> None:
    with session(tmp_path, EXAMPLE) as played:
        wait_for(played, "\x1b[c")
        played.type(KITTY)
        wait_for(played, "a=T,U=1")
        played.type("q")
        assert played.end() == 0
        assert_restored(played)


WIDGETS_APP = """
from collections.abc import Sequence
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from bpost_tui.typesetting import Para, Run, Size
from bpost_tui.typesetting.textual import Renderer, TypeApp

{widget}

class Chooser(TypeApp[None]):
    def compose(self):
        yield Titles(self.renderer, ["সহজ পাঠ", "दोहे", "دل ہی تو ہے"])
"""


async def test_example_widget_shows_the_choice_and_resets_on_zoom() -> None:
    names: dict[str, Any] = {"__name__": "example"}
    exec(WIDGETS_APP.replace("{widget}", WIDGET), names)
    app: TypeApp[None] = names["Chooser"](
        Display(Capabilities("kitty", (), RenderMode.KITTY, "a test", 10, 20)), {"text": (1, 2, 3)}
    )
    async with app.run_test(size=(80, 24)) as pilot:
        titles = app.query_one(names["Titles"])
        titles.focus()
        await pilot.press("down")
        assert titles.chosen == 1
        rows = titles.galley.rows
        assert "".join(map(titles.galley.text, range(rows))) == "".join(titles.titles)
        app.type_display.zoom_px = 12
        app.redraw_type()
        titles.refresh()
        await pilot.pause()
        assert titles.galley.rows > rows


async def test_only_a_part_of_an_implausibly_large_window_is_laid_out() -> None:
    app: TypeApp[None] = TypeApp(Display(Capabilities("", (), RenderMode.CELLS, "a test", 10, 20)), {"text": (1, 2, 3)})
    async with app.run_test(size=(5000, 5000)) as pilot:
        assert app.size == app.screen.size == (1600, 500)
        for size in ((100, 30), (5000, 30)):
            await pilot.resize_terminal(*size)
            assert app.size == app.screen.size == (min(size[0], 1600), 30)


async def test_type_view_shows_a_page_from_a_given_item() -> None:
    app: TypeApp[None] = TypeApp(Display(Capabilities("kitty", (), RenderMode.CELLS, "a test", 10, 20)), {"text": (1, 2, 3)})
    page = [Para((Run(f"{number}"),), before=1) for number in range(60)]
    async with app.run_test(size=(80, 24)) as pilot:
        view = TypeView(app.renderer)
        view.show(page, first=30)
        await app.mount(view)
        await pilot.pause()
        assert view.scroll_offset.y == 60
        view.show(page)
        assert view.scroll_offset.y == 0


@pytest.mark.parametrize("render_mode", [RenderMode.KITTY, RenderMode.MOSAIC, RenderMode.CELLS])
async def test_type_example_copies_its_source_when_all_is_selected(render_mode: RenderMode) -> None:
    names: dict[str, Any] = {"__name__": "example"}
    exec(EXAMPLE, names)
    app: TypeApp[None] = names["Page"](Display(Capabilities("kitty", (), render_mode, "a test", 10, 20)), names["INKS"])
    async with app.run_test(size=(80, 24)):
        view = app.query_one(TypeView)
        found = view.get_selection(Selection(Offset(0, 0), None))
        assert found is not None
        assert found[0].split("\n\n") == ["".join(run.text for run in item.runs) for item in names["PAGE"] if hasattr(item, "runs")]
