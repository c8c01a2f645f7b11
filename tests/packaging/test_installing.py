"""Every way to install bpost, each in a fresh home, from an index on this machine, without the checkout."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import bpost_tui
from tests.packaging.pty_run import reads_the_sample

BIN = Path(sys.executable).parent
VERSION = f"bpost {bpost_tui.__version__}"
BESIDE = {
    "share/man/man1/bpost.1": "docs/bpost.1",
    "share/bash-completion/completions/bpost": "docs/completions/bash",
    "share/zsh/site-functions/_bpost": "docs/completions/zsh",
    "share/fish/vendor_completions.d/bpost.fish": "docs/completions/fish",
}
"""Installed path under the prefix → the same file in the checkout."""
IN_A_MENU = {
    "share/applications/org.pypi.bpost_tui.desktop": "packaging/desktop/org.pypi.bpost_tui.desktop",
    "share/metainfo/org.pypi.bpost_tui.metainfo.xml": "packaging/desktop/org.pypi.bpost_tui.metainfo.xml",
    "share/icons/hicolor/scalable/apps/bpost.svg": "packaging/desktop/bpost.svg",
}
"""Files that pipx doesn't link."""
ROOT = Path(__file__).parents[2]


def run(env: Mapping[str, str], *command: str | Path) -> str:
    """Run a command in the reader's home, and return its output."""
    done = subprocess.run(command, env=env, cwd=env["HOME"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def assert_beside(prefix: Path, files: Mapping[str, str] = BESIDE) -> None:
    assert {name for name, source in files.items() if (prefix / name).read_bytes() != (ROOT / source).read_bytes()} == set()


def test_pip_installs_commands_with_their_files_and_uninstalls_all(env: dict[str, str], tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    run(env, sys.executable, "-m", "venv", venv)
    run(env, venv / "bin/python", "-m", "pip", "install", "--quiet", "--no-compile", "bpost-tui")
    assert run(env, venv / "bin/bpost", "--version") == run(env, venv / "bin/bpost-tui", "--version") == VERSION
    assert run(env, venv / "bin/python", "-c", "import bpost_tui; print(bpost_tui.__file__)").startswith(str(venv))
    assert_beside(venv, {**BESIDE, **IN_A_MENU})
    sample = [str(venv / "bin/bpost"), "demo", "--language", "en", "--text", "cells"]
    assert any("The Bengal Post" in line for line in reads_the_sample(sample, Path(env["HOME"])))
    run(env, venv / "bin/python", "-m", "pip", "uninstall", "--quiet", "--yes", "bpost-tui")
    assert [path for path in venv.rglob("*") if "bpost" in path.name] == []


def test_uvx_runs_the_package_by_its_own_name(env: dict[str, str]) -> None:
    assert run(env, BIN / "uvx", "bpost-tui", "--version") == VERSION


def test_uv_tool_installs_and_uninstalls_the_commands(env: dict[str, str]) -> None:
    run(env, BIN / "uv", "tool", "install", "bpost-tui")
    assert run(env, "bpost", "--version") == run(env, "bpost-tui", "--version") == VERSION
    run(env, BIN / "uv", "tool", "uninstall", "bpost-tui")
    assert [*Path(env["HOME"], ".local/bin").iterdir()] == []


def test_pipx_links_commands_manual_page_and_completions(env: dict[str, str]) -> None:
    run(env, BIN / "pipx", "install", "bpost-tui")
    assert run(env, "bpost", "--version") == VERSION
    assert_beside(Path(env["HOME"], ".local"))
    run(env, BIN / "pipx", "uninstall", "bpost-tui")
    assert [name for name in ("bin/bpost", "bin/bpost-tui", *BESIDE) if Path(env["HOME"], ".local", name).is_symlink()] == []


def test_install_commands_of_the_readme_are_all_tested() -> None:
    block = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Install")[2].partition("\n## ")[0]
    named = re.findall(r"`((?:uvx|pipx|uv|pip|sudo|make) [^`]+)`", block)
    assert {*named} == {
        "uvx bpost-tui",
        "pipx install bpost-tui",
        "uv tool install bpost-tui",
        "pip install bpost-tui",
        *("pipx install .", "uv tool install ."),
        "uv tool install --compile-bytecode",
        *("make run", "make demo"),  # `make test` runs in the same checkout
        *("make deb", "sudo apt install ./build/bpost-tui_*.deb", "sudo apt purge bpost-tui"),  # in_chroot.sh
        *("pipx uninstall bpost-tui", "uv tool uninstall bpost-tui", "pip uninstall bpost-tui"),
        *("uv cache clean bpost-tui", "uv cache prune"),  # ways_in_chroot.sh
    }


@pytest.mark.parametrize("command", [["pipx", "install", "."], ["uv", "tool", "install", "--compile-bytecode", "."]], ids=" ".join)
def test_checkout_can_be_installed(env: dict[str, str], command: list[str]) -> None:
    done = subprocess.run([BIN / command[0], *command[1:]], env=env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert run(env, "bpost", "--version") == VERSION
