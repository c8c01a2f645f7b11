"""Desktop entry and AppStream file: valid by their own tools, in both languages."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tools.lock_file import ROOT

DESKTOP = ROOT / "packaging/desktop"
ENTRY, METAINFO, ICON = (DESKTOP / name for name in ("org.pypi.bpost_tui.desktop", "org.pypi.bpost_tui.metainfo.xml", "bpost.svg"))
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.mark.parametrize(
    "command",
    [["desktop-file-validate", str(ENTRY)], ["appstreamcli", "validate", "--no-net", "--strict", str(METAINFO)]],
    ids=lambda command: command[0],
)
def test_file_is_valid(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} isn't installed")
    checked = subprocess.run(command, capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout


def test_menu_entry_starts_bpost_in_a_terminal_and_has_bengali() -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(ENTRY, encoding="utf-8")
    entry = parser["Desktop Entry"]
    assert (entry["Exec"], entry["Terminal"], entry["Icon"]) == ("bpost", "true", ICON.stem)
    assert [name for name in ("GenericName", "Comment", "Keywords") if not re.search("[\u0980-\u09ff]", entry[f"{name}[bn]"])] == []


def test_catalogue_entry_is_bilingual_and_names_the_menu_entry() -> None:
    root = ElementTree.parse(METAINFO).getroot()
    for path in ("summary", "developer/name", "description/p"):
        languages = [each.get(LANGUAGE) for each in root.iterfind(path)]
        assert languages.count(None) == languages.count("bn") > 0, path
    assert root.findtext("launchable") == ENTRY.name and root.findtext("icon") == ICON.stem
    assert root.findtext("id") == ENTRY.stem == Path(METAINFO.stem).stem


def test_icon_is_square_and_refers_to_no_other_file() -> None:
    root = ElementTree.parse(ICON).getroot()
    assert root.get("width") == root.get("height") == "128"
    assert "href" not in ICON.read_text(encoding="utf-8") and root.find(".//{*}text") is None
