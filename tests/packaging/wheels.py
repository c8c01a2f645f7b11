"""Wheels without a network: packed again from the packages installed in this virtual environment."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import zipfile
from importlib.metadata import Distribution
from pathlib import Path

_OF_AN_INSTALLATION = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})


def packed(installed: Distribution, folder: Path) -> Path:
    """Write the wheel of an installed distribution without its files outside of site-packages; return its path."""
    files = {
        path.as_posix(): Path(str(path.locate())).read_bytes()
        for path in installed.files or ()
        if ".." not in path.parts and "__pycache__" not in path.parts and not _is_of_the_installation(path.as_posix())
    }
    (metadata,) = {name.split("/")[0] for name in files if name.endswith(".dist-info/METADATA")}
    wheel = folder / f"{metadata.removesuffix('.dist-info')}-{_tag(installed)}.whl"
    record = io.StringIO()
    lines = csv.writer(record, lineterminator="\n")
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            lines.writerow((name, f"sha256={digest}", len(data)))
            archive.writestr(name, data)
        lines.writerow((f"{metadata}/RECORD", "", ""))
        archive.writestr(f"{metadata}/RECORD", record.getvalue())
    return wheel


def _is_of_the_installation(name: str) -> bool:
    folder, _, file = name.partition("/")
    return folder.endswith(".dist-info") and file in _OF_AN_INSTALLATION


def _tag(installed: Distribution) -> str:
    """Return the tags of a wheel's name (PEP 425), with dots between several tags of a kind."""
    lines = (installed.read_text("WHEEL") or "").splitlines()
    tags = [line.partition(": ")[2].split("-") for line in lines if line.startswith("Tag: ")]
    return "-".join(".".join(dict.fromkeys(kind)) for kind in zip(*tags, strict=True))
