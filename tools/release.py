"""Maker of a release: `make release VERSION=1.2.3`, or `python -m tools.release 1.2.3 [--dry-run]`.

All work is done in a clone: version, changelog and the generated files are written and committed there, the commit is tagged, and
wheel and source distribution are built twice. Only after all steps have succeeded, the commit and the tag are copied into the
repository, and the files into `dist/`; with `--dry-run`, they aren't. Nothing is uploaded: pushing the tag does that, as the last
printed line explains (`.github/workflows/release.yml`).
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bpost_tui.cli.doctor.doctor_hints import are_floors_old
from tools.distributions import ReleaseError, check_clean, distributions, git, sums
from tools.lock_file import ROOT

_VERSION = re.compile(r"\d+\.\d+\.\d+")
_UNRELEASED = re.compile(r"^## Unreleased\n(.*?)(?=^## )", re.MULTILINE | re.DOTALL)
_KIND = re.compile(r"^### (Added|Changed|Removed|Fixed|Security)\n+(.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)
"""Pattern of a part of a changelog: its kind of change, and its lines (https://keepachangelog.com)."""
CHANGES = "docs/changes"
"""Folder of changelog entries since the last release. Each is a file, so that two branches never change the same lines."""
METAINFO = "packaging/desktop/org.pypi.bpost_tui.metainfo.xml"
_RELEASE = '<release version="{}" date="{}"/>'
"""Template of the element for a release in AppStream's format, filled with version and date."""
_MADE = ("tools.sbom", "tools.manual_page")
"""Modules that write files which contain the version or depend on it."""


def main(arguments: Sequence[str]) -> int:
    """Make the release, and print the next step."""
    parser = argparse.ArgumentParser(prog="python -m tools.release")
    parser.add_argument("version")
    parser.add_argument("--dry-run", action="store_true", help="do it in a clone, and throw that away")
    options = parser.parse_args(arguments)
    try:
        print(sums(release(ROOT, options.version, datetime.now(UTC).date(), is_dry=options.dry_run)), end="")
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    print("Nothing was changed." if options.dry_run else f"Next: git push origin HEAD v{options.version}")
    return 0


def release(root: Path, version: str, today: date, *, is_dry: bool) -> dict[str, str]:
    """Make a release of the committed state, and return the SHA-256 of each built file by file name.

    Raises:
        ReleaseError: A condition isn't met; nothing was changed.
    """
    check_clean(root)
    if not _VERSION.fullmatch(version):
        raise ReleaseError(f"{version} isn't a version like 1.2.3.")
    if are_floors_old(datetime(today.year, today.month, today.day, tzinfo=UTC)):
        raise ReleaseError(
            "FLOORS in bpost_tui/cli/doctor/doctor_hints.py is over half a year old: go through advisories, and date it."
        )
    newest = max(map(_numbers, git(root, "tag", "--list", "v*.*.*").split()), default=(0,))
    if _numbers(version) <= newest:
        raise ReleaseError(f"{version} isn't newer than {'.'.join(map(str, newest))}.")
    with tempfile.TemporaryDirectory() as name:
        clone = Path(name, "bpost")
        git(root, "clone", "--quiet", "--no-hardlinks", str(root), str(clone))
        for key in ("user.name", "user.email"):
            git(clone, "config", key, git(root, "config", key))
        write_version(clone, version, today)
        for module in _MADE:
            _run(clone, sys.executable, "-m", module)
        git(clone, "commit", "--quiet", "--all", "--message", f"bpost {version}")
        git(clone, "tag", "--annotate", f"v{version}", "--message", f"bpost {version}")
        hashes = dict(distributions(clone, clone / "dist"))
        if not is_dry:
            git(root, "fetch", "--quiet", str(clone), f"refs/tags/v{version}:refs/tags/v{version}")
            git(root, "merge", "--quiet", "--ff-only", f"v{version}")
            shutil.rmtree(root / "dist", ignore_errors=True)
            shutil.copytree(clone / "dist", root / "dist")
    return hashes


def write_version(root: Path, version: str, today: date) -> None:
    """Write `version` into the changelog, the list of mended faults, the package and its AppStream file.

    Raises:
        ReleaseError: The changelog has nothing to release.
    """
    changelog = root / "CHANGELOG.md"
    entries = sorted((root / CHANGES).glob("*.md"))
    section = joined(changelog.read_text(encoding="utf-8"), (entry.read_text(encoding="utf-8") for entry in entries))
    if not section:
        raise ReleaseError(f"Nothing is in {CHANGES}, nor under Unreleased in CHANGELOG.md.")
    text = _UNRELEASED.sub("", changelog.read_text(encoding="utf-8"), count=1)
    head, mark, released = text.partition("\n## ")
    changelog.write_text(f"{head}\n## {version} - {today}\n\n{section}{mark}{released}", encoding="utf-8")
    for entry in entries:
        entry.unlink()
    _replace(root / "docs/what-was-tried.md", r"mended in Unreleased$", f"mended in {version}")
    _replace(root / "bpost_tui/__init__.py", r'^__version__ = ".*"$', f'__version__ = "{version}"')
    _replace(root / METAINFO, r"(?<=<releases>)$", f"\n    {_RELEASE.format(version, today)}")


def joined(changelog: str, entries: Iterable[str]) -> str:
    """Return the new version's section: "Unreleased" of `changelog` and all `entries`, by kind of change; "" if both are empty.

    Raises:
        ReleaseError: An entry has lines under no known kind.
    """
    unreleased = _UNRELEASED.search(changelog)
    kinds: dict[str, list[str]] = {kind: [] for kind in ("Added", "Changed", "Removed", "Fixed", "Security")}
    for text in (unreleased[1] if unreleased else "", *entries):
        if lost := _KIND.sub("", text).strip():
            raise ReleaseError(f"A changelog entry has lines under no known heading: {lost.splitlines()[0]}")
        for kind, lines in _KIND.findall(text):
            kinds[kind].append(lines.strip())
    return "\n".join(f"### {kind}\n\n{chr(10).join(lines)}\n" for kind, lines in kinds.items() if lines)


def _replace(path: Path, pattern: str, by: str) -> None:
    path.write_text(re.sub(pattern, by, path.read_text(encoding="utf-8"), flags=re.MULTILINE), encoding="utf-8")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise ReleaseError(done.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
