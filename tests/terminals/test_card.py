"""The card of a story: a picture that is read as its text is."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from bpost_tui.demo.server import SamplePortal
from bpost_tui.model.datelines import without_tag
from bpost_tui.reading.card_picture import WIDTH_PX
from bpost_tui.reading.theme_files import bundled_folder, load_themes
from tests.cli.bpost_process import Bpost
from tests.conftest import NOW
from tests.terminals.story import normal, recall


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Bpost:
    with SamplePortal(NOW) as portal:
        bpost = Bpost(tmp_path_factory.mktemp("cards"), portal.address)
        bpost.run("refresh", "--pages", "all")
        return bpost


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract isn't installed")
@pytest.mark.parametrize("theme", ["newsprint", "night"])
def test_card_is_read_as_its_headline_and_its_text(saved: Bpost, tmp_path: Path, theme: str) -> None:
    (row, *_) = saved.json("list", "-n", "20", "-q", "Vidyasagar")
    file = tmp_path / "card.png"
    saved.run("card", str(row["id"]), "--theme", theme, "-o", str(file), "--language", "bn")
    command = ["tesseract", str(file), "-", "-l", "ben", "--psm", "6"]
    seen = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"}).stdout
    assert recall([normal(seen)], [normal(without_tag(row["title"]))]) > 0.85
    assert recall([normal(seen)], ["দ্য বেঙ্গল পোস্ট: নভেম্বর"]) == 1


def test_card_is_as_wide_as_it_says_in_the_colours_of_its_theme(saved: Bpost) -> None:
    themes, _ = load_themes(bundled_folder())
    for name in ("newsprint", "night"):
        command = [sys.executable, "-m", "bpost_tui", "card", "1", "--theme", name]
        made = subprocess.run(command, env=saved.environment(), capture_output=True, check=True).stdout
        card = Image.open(io.BytesIO(made)).convert("RGB")
        assert card.width == WIDTH_PX and card.height > 500
        assert card.getpixel((5, card.height - 5)) == themes[name].colours["background"]
        assert card.getpixel((5, 5)) == themes[name].inks["accent"]


def test_card_of_no_theme_and_to_a_terminal_are_refused_in_a_line(saved: Bpost) -> None:
    assert "newsprint" in saved.run("card", "1", "--theme", "newsprnt", code=2).stderr
    assert saved.run("card", "999", code=1).stderr.startswith("bpost: ")
