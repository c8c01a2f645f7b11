"""Contents of the wheel: package, catalogue, themes and manual page, without developers' files."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True, capture_output=True
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_has_every_module_of_the_package(files: set[str]) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "bpost_tui").rglob("*.py")}
    assert {name for name in files if name.endswith(".py")} == modules


def test_wheel_has_catalogue_themes_and_manual(files: set[str]) -> None:
    assert {"bpost_tui/locale/bn/LC_MESSAGES/bpost.mo", "bpost_tui/_themes/newsprint.toml", "bpost_tui/py.typed"} <= files
    shared = {name.partition(".data/data/")[2] for name in files}
    assert {"share/man/man1/bpost.1", "share/zsh/site-functions/_bpost"} <= shared


def test_wheel_has_no_developers_files(files: set[str]) -> None:
    assert [name for name in files if name.split("/")[0] in ("tools", "tests", "docs", "themes")] == []
