"""A release is complete or not made at all, can be built by anybody to the same bytes, and lists its contents."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools.distributions import ReleaseError, check_tag, git
from tools.lock_file import NAME, ROOT, needed, pins, version
from tools.release import release
from tools.sbom import PATH, sbom

TODAY = date(2026, 11, 26)
NEXT = "99.0.0"
ENTRY = "### Fixed\n\n- A line of an entry.\n"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new repository with this source, and a change to release."""
    copy = tmp_path_factory.mktemp("source")
    for name in git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines():
        if (ROOT / name).exists() and not name.startswith(("tests/", "docs/pictures/")):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    shutil.copy2(ROOT / "tests/unit/test_changelog.py", copy)
    (copy / "docs/changes").mkdir(exist_ok=True)
    (copy / "docs/changes/entry.md").write_text(ENTRY, encoding="utf-8")
    git(copy, "init", "--quiet", "--initial-branch", "main")
    git(copy, "config", "user.name", "A developer")
    git(copy, "config", "user.email", "developer@example.org")
    committed(copy)
    return copy


@pytest.fixture
def checkout(source: Path, tmp_path: Path) -> Path:
    """Return a copy of the repository for a test."""
    return Path(shutil.copytree(source, tmp_path / "checkout", symlinks=True))


def committed(checkout: Path) -> None:
    git(checkout, "add", "--all")
    git(checkout, "commit", "--quiet", "--message", "What there is")


def state(checkout: Path) -> tuple[str, ...]:
    """Return the parts of the repository that a release changes."""
    commands = (["rev-parse", "HEAD"], ["tag", "--list"], ["status", "--porcelain", "--ignored"])
    return tuple(git(checkout, *words) for words in commands)


def test_release_dates_tags_and_builds_the_same_bytes_twice(checkout: Path) -> None:
    before = state(checkout)
    dry = release(checkout, NEXT, TODAY, is_dry=True)
    assert state(checkout) == before

    assert release(checkout, NEXT, TODAY, is_dry=False).keys() == dry.keys()
    assert version(checkout) == NEXT
    section = (checkout / "CHANGELOG.md").read_text(encoding="utf-8").partition(f"\n## {NEXT} - {TODAY}\n\n### Added\n")[2]
    assert "\n- A line of an entry.\n" in section.partition("\n## ")[0]
    assert list((checkout / "docs/changes").glob("*.md")) == []
    metainfo = (checkout / "packaging/desktop/org.pypi.bpost_tui.metainfo.xml").read_text(encoding="utf-8")
    assert f'<releases>\n    <release version="{NEXT}" date="{TODAY}"/>\n    <release version="0.1.0"' in metainfo
    check_tag(checkout, f"v{NEXT}")
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=checkout / "dist", check=True)
    (wheel,) = (checkout / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        carried = json.loads(archive.read(f"bpost_tui-{NEXT}.dist-info/sboms/bpost-tui.cdx.json"))
    assert carried["metadata"]["component"]["version"] == NEXT

    again = subprocess.run(
        [sys.executable, "-m", "tools.distributions"],
        cwd=checkout,
        env={**os.environ, "TAG": f"v{NEXT}"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert again.stdout == (checkout / "dist/SHA256SUMS").read_text()


@pytest.mark.parametrize(
    ("spoil", "wanted", "message"),
    [
        ("echo >> README.md", NEXT, "not committed"),
        ("true", "99", "isn't a version"),
        ("git tag v100.0.0", NEXT, "isn't newer than 100.0.0"),
        (
            "git rm -qr docs/changes; sed -i '/^## Unreleased/,/^## 0/{/^## 0/!d}' CHANGELOG.md; git commit -qam -",
            NEXT,
            "Nothing is in",
        ),
        ("sed -i '1i Loose.' docs/changes/entry.md; git add --all; git commit -qm loose", NEXT, "under no known heading: Loose"),
    ],
)
def test_release_reports_why_it_is_not_ready_and_changes_nothing(checkout: Path, spoil: str, wanted: str, message: str) -> None:
    subprocess.run(spoil, shell=True, cwd=checkout, check=True)
    before = state(checkout)
    with pytest.raises(ReleaseError, match=message):
        release(checkout, wanted, TODAY, is_dry=False)
    assert state(checkout) == before


def test_release_is_refused_when_the_floors_are_old(checkout: Path) -> None:
    with pytest.raises(ReleaseError, match="FLOORS"):
        release(checkout, NEXT, TODAY.replace(year=TODAY.year + 1), is_dry=True)


def test_tag_is_refused_when_the_source_differs(checkout: Path) -> None:
    with pytest.raises(ReleaseError, match="the source has version"):
        check_tag(checkout, "v98.0.0")
    tag = f"v{version(checkout)}"
    git(checkout, "tag", tag)
    check_tag(checkout, tag)
    (checkout / "README.md").write_text("Another.\n", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"README\.md"):
        check_tag(checkout, tag)
    committed(checkout)
    with pytest.raises(ReleaseError, match="another commit"):
        check_tag(checkout, tag)


def test_sbom_is_valid_and_matches_the_lock_file() -> None:
    text = (ROOT / PATH).read_text(encoding="utf-8")
    assert text == sbom(), "write it: python -m tools.sbom"
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    components = {each["name"]: each for each in json.loads(text)["components"]}
    assert components.keys() == needed().keys() - {NAME}
    for name, component in components.items():
        assert component["version"] == pins()[name].version
        hashes = component["externalReferences"][0]["hashes"]
        assert [each["content"] for each in hashes] == [*pins()[name].sha256s]


def test_workflows_pin_actions_by_commit_and_name_real_targets() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for path in (ROOT / ".github/workflows").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        used = re.findall(r"uses: (.*)$", text, re.MULTILINE)
        assert used and [each for each in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", each)] == []
        assert set(re.findall(r"run: make ([a-z-]+)", text)) <= set(targets)
        assert "pull_request_target" not in text  # would run a stranger's code with our rights


def test_workflow_runs_only_make_targets() -> None:
    text = (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    commands = re.findall(r"^ +- run: (.*)$", text, re.MULTILINE)
    made = [command.split()[1] for command in commands if command.startswith("make ")]
    assert made == ["test", "build"] and set(made) <= set(targets)
    assert "secrets." not in text
    assert commands[-1].startswith("cd dist && sha256sum --check SHA256SUMS")
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) for action in re.findall(r"uses: (\S+)", text))
    assert not [command for command in commands if "${{" in command or "GITHUB_REF" in command]


@pytest.mark.parametrize("tag", ["v1.0.0$(touch pwned)", 'v1.0.0";touch pwned;"', "v1.0.0`touch pwned`", "--help", "v1.0"])
def test_tag_name_is_never_run_by_a_shell(tag: str, tmp_path: Path) -> None:
    (tmp_path / "tools").symlink_to(ROOT / "tools")
    (tmp_path / "bpost_tui").symlink_to(ROOT / "bpost_tui")
    for name in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / name).touch()
    python = tmp_path / "venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    for made in (tmp_path / "venv/bin/bpost", tmp_path / "venv/.dev"):
        made.touch()
    built = subprocess.run(
        ["make", "-f", ROOT / "Makefile", "-o", "venv/.dev", "build", "VENV=venv"],
        cwd=tmp_path,
        env={**os.environ, "TAG": tag},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode and "isn't a tag like v1.2.3" in built.stderr
    assert not (tmp_path / "pwned").exists() and not (ROOT / "pwned").exists()
