"""Virtual environment of bpost for a system's packages: `python3 tools/private_venv.py VENV [--root ROOT]`.

Run it with the Python that will run bpost, in a checkout or an unpacked source distribution; it also needs a package index. It
installs the packages of the lock file, by hash, and removes build-only packages afterwards. The environment may be built below
another root than `/`, and contains compiled bytecode, so nothing is written into it later.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[1]
COMMANDS = ("bpost", "bpost-tui")


def main() -> int:
    """Make the virtual environment that the command line names, and return the exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("venv", type=Path, help="where it will be, an absolute path")
    parser.add_argument("--root", type=Path, default=Path("/"), help="under which it is made (default: /)")
    options = parser.parse_args()
    make(options.venv, options.root)
    return 0


def make(venv: Path, root: Path) -> Path:
    """Make a virtual environment below `root` that will be used at the path `venv`, and return its present path."""
    here = root / venv.relative_to("/")
    subprocess.run([sys.executable, "-m", "venv", here], check=True)
    pip = [str(here / "bin/python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
    install = [*pip, "install", "--no-compile"]
    subprocess.run([*install, "--require-hashes", "--only-binary", ":all:", "-r", str(SOURCE / "requirements.lock")], check=True)
    subprocess.run([*install, "--no-build-isolation", "--no-deps", str(SOURCE)], check=True)
    subprocess.run([*pip, "uninstall", "--yes", *_only_for_building(), "pip"], check=True)
    for script in (here / "bin").iterdir():
        if script.name in COMMANDS:
            _, _, body = script.read_text(encoding="utf-8").partition("\n")
            script.write_text(f"#!{venv}/bin/python\n{body}", encoding="utf-8")
        elif not script.name.startswith("python"):
            script.unlink()
    config = here / "pyvenv.cfg"
    config.write_text("".join(line for line in config.read_text().splitlines(keepends=True) if not line.startswith("command")))
    for cache in here.rglob("__pycache__"):
        shutil.rmtree(cache)
    places = ["-s", str(here), "-p", str(venv)]
    compiler = [pip[0], "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", *places, str(here / "lib")]
    subprocess.run(compiler, check=True)
    return here


def _only_for_building() -> list[str]:
    """Return the pinned packages that only build bpost: they aren't in the SBOM (list of its parts)."""
    listed = json.loads((SOURCE / "packaging/bpost-tui.cdx.json").read_text(encoding="utf-8"))
    run = {component["name"] for component in listed["components"]}
    pinned = re.findall(r"^([\w.-]+)==", (SOURCE / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    return [name for name in pinned if name not in run]


if __name__ == "__main__":
    sys.exit(main())
