"""Debian package with a virtual environment of its own: `python3 tools/deb.py`, or `make deb`, writes it into `build/`.

Debian has neither uharfbuzz nor selectolax, and an older Textual; so this package isn't for Debian's archive, but for
`apt install ./FILE`. It fits the Python and the machine that built it: build it with the system's own Python.
"""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # this file runs as a script, by a Python without our packages

from tools.private_venv import COMMANDS, SOURCE, make

VENV = Path("/usr/lib/bpost-tui")
_OTHER_PLACES = {"share/zsh/site-functions": "usr/share/zsh/vendor-completions"}
_CONTROL = """\
Package: bpost-tui
Version: {version}
Architecture: {architecture}
Maintainer: The bpost developers <bpost@invalid>
Installed-Size: {kilobytes}
Depends: python3 (>= {python}), python3 (<< {next_python}), libc6, libgcc-s1, libstdc++6
Recommends: fonts-noto-core
Section: news
Priority: optional
Description: The Bengal Post in a terminal, set in real Bengali type
 bpost reads a Bengali news portal, or any other WordPress portal: categories,
 recent posts, the article. It saves what it fetched, for reading without a
 network, and sets Bengali with HarfBuzz where terminals can't.
"""


def main() -> int:
    """Build the package, and print its path."""
    with tempfile.TemporaryDirectory() as folder:
        print(build(Path(folder), SOURCE / "build"))
    return 0


def build(root: Path, target: Path) -> Path:
    """Build the package from files put into the empty folder `root`, and return its path in the folder `target`."""
    root.chmod(0o755)
    here = make(VENV, root)
    _put_in_place(here, root)
    found = re.search(r'^__version__ = "(.+)"$', (SOURCE / "bpost_tui/__init__.py").read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError("bpost_tui/__init__.py names no version")
    major, minor, *_ = sys.version_info
    control = root / "DEBIAN/control"
    control.parent.mkdir()
    architecture = subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True).stdout.strip()
    size_bytes = sum(path.stat().st_size for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    control.write_text(
        _CONTROL.format(
            version=found[1],
            architecture=architecture,
            kilobytes=size_bytes // 1024,
            python=f"{major}.{minor}",
            next_python=f"{major}.{minor + 1}",
        )
    )
    target.mkdir(exist_ok=True)
    package = target / f"bpost-tui_{found[1]}_{architecture}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", "-Zxz", root, package], check=True, stdout=subprocess.DEVNULL)
    return package


def _put_in_place(venv: Path, root: Path) -> None:
    """Move manual page, completions, desktop files and so on from `venv` to the system's folders in `root`; link the commands."""
    for path in [each for each in (venv / "share").rglob("*") if each.is_file()]:
        inside = path.relative_to(venv).as_posix()
        folder = inside.rpartition("/")[0]
        place = root / _OTHER_PLACES.get(folder, f"usr/{folder}") / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        path.rename(place)
    shutil.rmtree(venv / "share")
    page = root / "usr/share/man/man1/bpost.1"
    page.with_suffix(".1.gz").write_bytes(gzip.compress(page.read_bytes(), mtime=0))
    page.unlink()
    (root / "usr/bin").mkdir(parents=True)
    for command in COMMANDS:
        (root / "usr/bin" / command).symlink_to(VENV / "bin" / command)
    licence = root / "usr/share/doc/bpost-tui/copyright"
    licence.parent.mkdir(parents=True)
    shutil.copy(SOURCE / "LICENSE", licence)


if __name__ == "__main__":
    sys.exit(main())
