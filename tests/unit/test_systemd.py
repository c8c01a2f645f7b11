"""The systemd unit, analysed by systemd without running it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[2] / "docs" / "systemd"
SERVICE = UNITS / "bpost-refresh.service"
MOST_EXPOSED = 20
"""Limit of systemd's exposure score in tenths. systemd 257 gives 17 and calls up to 20 "OK"; before hardening, it was 54."""

pytestmark = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd isn't installed")


def analysed(*arguments: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": "/usr/bin:/bin", "HOME": "/home", "XDG_RUNTIME_DIR": "/run"}
    command = ["systemd-analyze", "--no-pager", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=env)


def test_systemd_unit_is_well_hardened() -> None:
    done = analysed("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", str(SERVICE))
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr


def test_systemd_units_have_only_known_settings(tmp_path: Path) -> None:
    for path in UNITS.iterdir():
        text = path.read_text(encoding="utf-8").replace("ExecStart=%h/.local/bin/bpost", "ExecStart=/bin/true")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    done = analysed("verify", "--user", "--man=no", *map(str, tmp_path.iterdir()))
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_unit_can_write_its_library_and_its_reports() -> None:
    lines = SERVICE.read_text(encoding="utf-8").splitlines()
    assert "StateDirectory=bpost" in lines
    assert "ReadWritePaths=%h/.local/share/bpost -%h/.local/state/bpost" in lines
