"""Recipes for other package managers, made from `dist/`: `make recipes` writes them to `build/recipes/`.

Templates are in `packaging/templates/`. Each recipe has the hash of the source distribution. All other packages are installed by
the hashes in the source distribution's lock file; Nix uses its own packages and hashes.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from packaging.requirements import Requirement

from tools.distributions import SUMS
from tools.lock_file import ROOT, pins, version

TEMPLATES = ROOT / "packaging/templates"
_FILES = "https://files.pythonhosted.org/packages"
WHEELS: Mapping[str, str] = {
    "avro-py": "5ede12a3fbc39f30e26be3a12853cf0fb08e89e15bea8cde7e682971a993dd88",
    "fontpkg": "18891ee877139922f5be6ea421df630376fab2440b7dba2754652f7daf809dea",
    "fontpkg-hind-siliguri": "ad82531a7001cc565888dcbb58fa0e8053c12610c695ed0db0f0206adc0b99ed",
}
"""Maps each package that nixpkgs lacks to the SHA-256 of its wheel, as in the lock file."""


def main() -> int:
    """Write the recipes."""
    folder = ROOT / "build/recipes"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in recipes(ROOT / "dist").items():
        (folder / name).write_text(text, encoding="utf-8")
    return 0


def recipes(distributions: Path) -> Mapping[str, str]:
    """Return the text of each recipe by file name, for the distributions in the folder `distributions`.

    Raises:
        ValueError: A wheel's hash isn't in the lock file, or the folder has no source distribution of this version.
    """
    values = _values(distributions)
    return {path.name: re.sub(r"@([A-Z0-9_]+)@", lambda found: values[found[1]], path.read_text()) for path in TEMPLATES.iterdir()}


def _values(distributions: Path) -> Mapping[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    sdist = f"bpost_tui-{version()}.tar.gz"
    hashes = {name: digest for digest, name in map(str.split, (distributions / SUMS).read_text(encoding="utf-8").splitlines())}
    if sdist not in hashes:
        raise ValueError(f"{distributions} has no {sdist}")
    names = [Requirement(each).name for each in project["dependencies"]]
    return {
        "VERSION": version(),
        "DESCRIPTION": project["description"],
        "HOME": "https://pypi.org/project/bpost-tui/",
        "URL": f"{_FILES}/source/b/bpost-tui/{sdist}",
        "SHA256": hashes[sdist],
        "DEPENDENCIES": " ".join(name if name in WHEELS else f"py.{name}" for name in names),
        **_wheel("AVRO", "avro-py"),
        **_wheel("FONTPKG", "fontpkg"),
        **_wheel("FONT", "fontpkg-hind-siliguri"),
    }


def _wheel(prefix: str, name: str) -> Mapping[str, str]:
    pin = pins()[name]
    if WHEELS[name] not in pin.sha256s:
        raise ValueError(f"The lock file has another {name} than the wheel with hash {WHEELS[name]}")
    url = f"{_FILES}/py3/{name[0]}/{name}/{name.replace('-', '_')}-{pin.version}-py3-none-any.whl"
    return {f"{prefix}_VERSION": pin.version, f"{prefix}_URL": url, f"{prefix}_SHA256": WHEELS[name]}


if __name__ == "__main__":
    sys.exit(main())
