"""Recipes for other package managers are made of what was built, and read by those managers' own tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tools.distributions import SUMS, build, sums
from tools.locked import ROOT, pins, version
from tools.recipes import WHEELS, recipes

SHA256 = "0123456789abcdef" * 4
READERS: Mapping[str, list[str]] = {
    "PKGBUILD": ["bash", "-n"],
    "bpost-tui.rb": ["ruby", "-c"],
    "flake.nix": ["nix-instantiate", "--parse"],
}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A folder with the recipes for a distribution of that hash."""
    (tmp_path / SUMS).write_text(sums({f"bpost_tui-{version()}.tar.gz": SHA256}), encoding="utf-8")
    for name, text in recipes(tmp_path).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} isn't installed")


@pytest.mark.parametrize("name", [pytest.param(name, marks=needs(command[0])) for name, command in READERS.items()])
def test_recipe_is_whole_and_its_managers_tool_reads_it(written: Path, name: str) -> None:
    text = (written / name).read_text(encoding="utf-8")
    assert "@" not in text.replace("python@3.13", "")
    assert SHA256 in text and version() in text
    env = {**os.environ, "NIX_STATE_DIR": str(written), "NIX_STORE_DIR": str(written / "store"), "HOME": str(written)}
    read = subprocess.run([*READERS[name], name], cwd=written, env=env, capture_output=True, text=True)
    assert read.returncode == 0, read.stderr


@needs("makepkg")
def test_makepkg_reads_the_package_as_it_is_meant(written: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(written / "PKGBUILD", folder)
        Path(folder).chmod(0o777)
        user = "nobody" if os.geteuid() == 0 else None  # it refuses to run as root
        command = ["makepkg", "--printsrcinfo"]
        read = subprocess.run(command, cwd=folder, user=user, capture_output=True, text=True)
    assert read.returncode == 0, read.stderr
    assert f"\tpkgver = {version()}\n" in read.stdout and f"\tsha256sums = {SHA256}\n" in read.stdout


def test_hashes_of_wheels_are_of_what_the_lock_file_pins() -> None:
    assert {name for name, digest in WHEELS.items() if digest not in pins()[name].sha256s} == set()


def test_source_distribution_has_all_that_recipes_build_with(tmp_path: Path) -> None:
    build(ROOT, tmp_path)
    shutil.unpack_archive(next(tmp_path.glob("*.tar.gz")), tmp_path)
    (unpacked,) = tmp_path.glob("bpost_tui-*/")
    for name in ("tools/private_venv.py", "requirements.lock", "packaging/bpost-tui.cdx.json", "pyproject.toml"):
        assert (unpacked / name).read_bytes() == (ROOT / name).read_bytes()
