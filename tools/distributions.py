"""Wheel and source distribution into `dist/`, with their hashes: `make build`, or `TAG=v1.2.3 python -m tools.distributions`.

They are built twice: from the source, and again from the source distribution, in another folder, time zone and language, with
another umask and another hash seed. Both results must be equal to the byte, so that everybody who builds a tag gets the uploaded
files.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.lock_file import ROOT, version

SUMS = "SHA256SUMS"
_OTHER = {"TZ": "Asia/Kolkata", "LC_ALL": "C", "PYTHONHASHSEED": "1947"}
_TAG = re.compile(r"v\d+\.\d+\.\d+")
_OTHER_UMASK = 0o077


class ReleaseError(Exception):
    """Reason why a release can't be made, as a sentence."""


def main(arguments: Sequence[str]) -> int:
    """Build the distributions and print their hashes. If the variable TAG is set, refuse a source that differs from the tag."""
    if arguments:
        print("usage: [TAG=v1.2.3] python -m tools.distributions", file=sys.stderr)
        return 2
    try:
        if tag := os.environ.get("TAG"):
            check_tag(ROOT, tag)
        print(sums(distributions(ROOT, ROOT / "dist")), end="")
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def check_tag(root: Path, tag: str) -> None:
    """Check that the source in `root` is the same as `tag`.

    Raises:
        ReleaseError: The version differs, the tag is on another commit, or files have changed since.
    """
    if not _TAG.fullmatch(tag):
        raise ReleaseError(f"{tag!r} isn't a tag like v1.2.3.")
    if tag != f"v{version(root)}":
        raise ReleaseError(f"The tag is {tag}, the source has version {version(root)}.")
    if git(root, "rev-parse", f"{tag}^{{commit}}") != git(root, "rev-parse", "HEAD"):
        raise ReleaseError(f"{tag} is on another commit than the one that is checked out.")
    check_clean(root)


def check_clean(root: Path) -> None:
    """Check that the source in `root` has no changes that aren't committed.

    Raises:
        ReleaseError: A file has changes.
    """
    if changed := git(root, "status", "--porcelain"):
        raise ReleaseError(f"Changed, and not committed:\n{changed}")


def distributions(root: Path, folder: Path) -> Mapping[str, str]:
    """Build wheel and source distribution twice, put them into the emptied `folder`, and return the SHA-256 of each by file name.

    Raises:
        ReleaseError: The two builds differ.
    """
    epoch = {"SOURCE_DATE_EPOCH": git(root, "log", "-1", "--format=%ct")}
    with tempfile.TemporaryDirectory() as name:
        first, second, unpacked = (Path(name, part) for part in ("first", "second", "unpacked"))
        build(root, first, epoch)
        with tarfile.open(next(first.glob("*.tar.gz"))) as archive:
            archive.extractall(unpacked, filter="data")
        build(next(unpacked.iterdir()), second, {**epoch, **_OTHER}, umask=_OTHER_UMASK)
        hashes = _hashes(first)
        if hashes != (others := _hashes(second)):
            raise ReleaseError(f"Built twice, and not the same:\n{sums(hashes)}{sums(others)}")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(first, folder)
    (folder / SUMS).write_text(sums(hashes), encoding="utf-8")
    return hashes


def build(source: Path, folder: Path, env: Mapping[str, str] | None = None, *, umask: int = -1) -> None:
    """Build wheel and source distribution of `source` once into `folder`, with the additional variables `env`, and with `umask`.

    -1 keeps the umask of this process.
    """
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    done = subprocess.run(command, cwd=source, env={**os.environ, **(env or {})}, umask=umask, capture_output=True, text=True)
    if done.returncode:
        raise ReleaseError(done.stderr)


def sums(hashes: Mapping[str, str]) -> str:
    """Return hashes in the format of `sha256sum --check`."""
    return "".join(f"{digest}  {name}\n" for name, digest in hashes.items())


def git(root: Path, *arguments: str) -> str:
    """Run git in `root`, and return its output.

    Raises:
        ReleaseError: git failed.
    """
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise ReleaseError(done.stderr.strip() or f"git {' '.join(arguments)} failed.")
    return done.stdout.strip()


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
