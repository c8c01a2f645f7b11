"""Recipes for other package managers are made from the built files, and those managers' own tools can read them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tools.distributions import SUMS, build, sums
from tools.lock_file import ROOT, pins, version
from tools.package_recipes import WHEELS, recipes

SHA256 = "0123456789abcdef" * 4
READERS: Mapping[str, list[str]] = {
    "PKGBUILD": ["bash", "-n"],
    "bpost-tui.rb": ["ruby", "-c"],
    "flake.nix": ["nix-instantiate", "--parse"],
}

NIXPKGS = (
    "babel feedparser hatchling httpx idna msgspec pillow platformdirs rich segno selectolax textual tomlkit uharfbuzz webencodings"
)
"""Packages that the flake may take from nixpkgs' Python packages: those found there in November 2026."""
EVALUATED = f"""
let
  attrs = f: names: builtins.listToAttrs (map (name: {{ inherit name; value = f name; }}) names);
  named = attrs (name: name) (builtins.filter builtins.isString (builtins.split " " "{NIXPKGS}"));
  made = {{ buildPythonPackage = asked: asked; buildPythonApplication = asked: asked; }};
  pkgs = {{ fetchurl = asked: asked; python3Packages = named // made; }};
  nixpkgs = {{ lib.genAttrs = names: f: attrs f names; legacyPackages.x86_64-linux = pkgs; }};
in ((import ./flake.nix).outputs {{ self = {{ }}; inherit nixpkgs; }}).packages.x86_64-linux.default
"""
"""Nix expression of the flake's package, for a nixpkgs whose functions return their arguments."""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Return a folder with the recipes for a distribution with the hash `SHA256`."""
    (tmp_path / SUMS).write_text(sums({f"bpost_tui-{version()}.tar.gz": SHA256}), encoding="utf-8")
    for name, text in recipes(tmp_path).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def _alone(folder: Path) -> dict[str, str]:
    """Return an environment that keeps all of Nix's files in `folder`."""
    return {**os.environ, "NIX_STATE_DIR": str(folder), "NIX_STORE_DIR": str(folder / "store"), "HOME": str(folder)}


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} isn't installed")


@pytest.mark.parametrize("name", [pytest.param(name, marks=needs(command[0])) for name, command in READERS.items()])
def test_recipe_is_complete_and_readable_by_its_package_manager(written: Path, name: str) -> None:
    text = (written / name).read_text(encoding="utf-8")
    assert "@" not in text.replace("python@3.13", "")
    assert SHA256 in text and version() in text
    read = subprocess.run([*READERS[name], name], cwd=written, env=_alone(written), capture_output=True, text=True)
    assert read.returncode == 0, read.stderr


@needs("nix-instantiate")
def test_nix_evaluates_the_flake_and_finds_all_dependencies(written: Path) -> None:
    command = ["nix-instantiate", "--eval", "--strict", "--json", "--expr", EVALUATED]
    read = subprocess.run(command, cwd=written, env=_alone(written), capture_output=True, text=True)
    assert read.returncode == 0, read.stderr
    package = json.loads(read.stdout)
    assert package["version"] == version() and package["src"]["sha256"] == SHA256
    wheels = {each["pname"]: each["src"]["sha256"] for each in package["dependencies"] if not isinstance(each, str)}
    assert wheels == {name: digest for name, digest in WHEELS.items() if name != "fontpkg"}  # needed only by a font's wheel


@needs("makepkg")
def test_makepkg_reads_the_package(written: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(written / "PKGBUILD", folder)
        Path(folder).chmod(0o777)
        user = "nobody" if os.geteuid() == 0 else None  # the tool refuses to run as root
        command = ["makepkg", "--printsrcinfo"]
        read = subprocess.run(command, cwd=folder, user=user, capture_output=True, text=True)
    assert read.returncode == 0, read.stderr
    assert f"\tpkgver = {version()}\n" in read.stdout and f"\tsha256sums = {SHA256}\n" in read.stdout


def test_hashes_of_wheels_are_in_the_lock_file() -> None:
    assert {name for name, digest in WHEELS.items() if digest not in pins()[name].sha256s} == set()


def test_source_distribution_has_all_files_of_the_recipes(tmp_path: Path) -> None:
    build(ROOT, tmp_path)
    shutil.unpack_archive(next(tmp_path.glob("*.tar.gz")), tmp_path)
    (unpacked,) = tmp_path.glob("bpost_tui-*/")
    for name in ("tools/private_venv.py", "requirements.lock", "packaging/bpost-tui.cdx.json", "pyproject.toml"):
        assert (unpacked / name).read_bytes() == (ROOT / name).read_bytes()
