"""Tests of the picture card of a story: OCR reads its text."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from PIL import Image

from bpost_tui.core.sharing.card_picture import WIDTH_PX
from bpost_tui.core.themes import bundled_folder, load_themes
from bpost_tui.model.datelines import without_tag
from tests.cli.bpost_process import Bpost
from tests.terminals.story_picture import by_chromium, lines_of, normal, recall, recognised
from tests.terminals.story_picture import read as read_lines

BAR_PX = 110
"""Height in pixels of the bars of a card, at its top and left, margins included."""


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract isn't installed")
@pytest.mark.parametrize("theme", ["newsprint", "night"])
def test_card_is_read_as_its_headline_and_its_text(saved: Bpost, tmp_path: Path, theme: str) -> None:
    (row, *_) = saved.json("list", "-n", "20", "-q", "Vidyasagar")
    file = tmp_path / "card.png"
    saved.run("card", str(row["id"]), "--theme", theme, "-o", str(file), "--language", "bn")
    seen = normal(recognised(file, "6"))
    assert recall([seen], [normal(without_tag(row["title"]))]) > 0.85
    assert recall([seen], ["দ্য বেঙ্গল পোস্ট: নভেম্বর"]) == 1


def read(picture: Image.Image, ground: tuple[int, int, int]) -> list[str]:
    """Return the texts that Tesseract reads in the lines of a picture with the background colour `ground`."""
    return read_lines(lines_of(picture, ground), scale=1)


@pytest.mark.skipif(not all(map(shutil.which, ("tesseract", "chromium"))), reason="Tesseract or Chromium isn't installed")
@pytest.mark.parametrize("theme", ["newsprint", "night"])
def test_card_of_a_passage_is_as_readable_as_a_browsers(saved: Bpost, tmp_path: Path, theme: str) -> None:
    (row, *_) = saved.json("list", "-n", "20", "-q", "Vidyasagar")
    text = saved.json("show", str(row["id"]))["text"]
    passage = " ".join(max(text.split("\n"), key=len).split())[:600].rpartition(" ")[0]
    file = tmp_path / "card.png"
    saved.run("card", str(row["id"]), "--passage", passage, "--theme", theme, "-o", str(file), "--language", "bn")
    lines, wanted = textwrap.wrap(passage, 46), [normal(passage)]
    colours = load_themes(bundled_folder())[0][theme]
    ground = colours.colours["background"]
    browser = by_chromium(lines, px=43, pitch=1.5, width_px=WIDTH_PX, ink=colours.inks["text"], ground=ground)
    with Image.open(file) as card:
        without_bars = card.convert("RGB").crop((BAR_PX, BAR_PX, card.width, card.height))
        ours, theirs = (recall(read(picture, ground), wanted) for picture in (without_bars, browser))
    assert ours > 0.8 and ours >= theirs - 0.03, (ours, theirs)


def test_card_of_a_passage_not_in_the_story_is_refused(saved: Bpost) -> None:
    refused = saved.run("card", "1", "--passage", "এমন কথা কেউ লেখেনি", code=1).stderr
    assert "isn't in the story's text" in refused


def test_card_has_its_width_and_theme_colours(saved: Bpost) -> None:
    themes, _ = load_themes(bundled_folder())
    for name in ("newsprint", "night"):
        command = [sys.executable, "-m", "bpost_tui", "card", "1", "--theme", name]
        made = subprocess.run(command, env=saved.environment(), capture_output=True, check=True).stdout
        card = Image.open(io.BytesIO(made)).convert("RGB")
        assert card.width == WIDTH_PX and card.height > 500
        assert card.getpixel((5, card.height - 5)) == themes[name].colours["background"]
        assert card.getpixel((5, 5)) == themes[name].inks["accent"]


def test_card_with_unknown_theme_or_to_a_terminal_is_refused(saved: Bpost) -> None:
    assert "newsprint" in saved.run("card", "1", "--theme", "newsprnt", code=2).stderr
    assert saved.run("card", "999", code=1).stderr.startswith("bpost: ")
