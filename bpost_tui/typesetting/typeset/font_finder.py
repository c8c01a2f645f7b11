"""Finder of font files: files named by the reader, fonts installed on the system, and fonts bundled with the app.

It only finds files; `fonts` opens them and judges whether they can show a script. Nothing is downloaded.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bpost_tui.typesetting.text.phrase import Phrase
from bpost_tui.typesetting.typeset.script import Script

_FOR_SCREENS = ("Noto Naskh", "Noto Sans")
_NOT_FOR_TEXT = ("Kufi", "Looped", "Display", "Mono", "Nastaliq")  # too high for a terminal's lines, or for heads
_MACOS_FIXED = ("/System/Library/Fonts/Menlo.ttc",)
_FC_LIST_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class FontFile:
    """Font file, or one face in a file that holds several."""

    path: Path
    index: int | None = None
    """Index of the face in a font collection file, or None for all faces of the file."""


@dataclass(frozen=True, slots=True)
class FontCandidate:
    """Font family to try, with all its weights."""

    origin: Phrase
    """Origin of the font, in words for the reader, such as `named in the config`."""
    files: tuple[FontFile, ...]


def candidates(script: Script, configured: Sequence[Path] = ()) -> Iterator[FontCandidate]:
    """Yield font families that may suit a script, best first. If font files are `configured`, yield only these."""
    if configured:
        yield FontCandidate(Phrase("named in the config"), tuple(FontFile(path.expanduser()) for path in configured))
        return
    families = _by_family(fontconfig(f":lang={script.language}:slant=0:width=100"))
    for family in script.families:
        if family in families:
            yield FontCandidate(Phrase("{name}, installed here (fontconfig)", name=family), families.pop(family))
    for path in map(Path, script.system_files):
        if path.is_file():
            yield FontCandidate(Phrase("{name}, which comes with this system", name=path.name), (FontFile(path),))
    if script.bundle is not None:
        yield FontCandidate(script.bundle.origin, bundled_font_files(script))
    for family, files in families.items():
        yield FontCandidate(Phrase("{name}, installed here (fontconfig)", name=family), files)


def bundled_font_files(script: Script) -> tuple[FontFile, ...]:
    """Return the font faces bundled with the app for a script; none if the app has no font for it."""
    return tuple(map(FontFile, script.bundle.files())) if script.bundle is not None else ()


def covering(text: str) -> list[tuple[FontFile, ...]]:
    """Return the installed font families that have every character of a text. Families made for reading on screens come first."""
    codes = " ".join(f"{ord(char):x}" for char in sorted(set(text)))
    families = _by_family(fontconfig(f":charset={codes}:slant=0:width=100"))
    return [families[family] for family in sorted(families, key=_oddness)]


def fixed_pitch(style: str) -> tuple[FontFile, ...]:
    """Return installed monospaced faces in `style` ("regular" or "bold"), in order of preference.

    fontconfig's choice comes first, then faces that come with macOS.
    """
    found = fontconfig(f"monospace:{style}", "fc-match")
    return (*(file for _, file in found), *(FontFile(path) for path in map(Path, _MACOS_FIXED) if path.is_file()))


def _oddness(family: str) -> tuple[bool, bool, str]:
    return any(word in family for word in _NOT_FOR_TEXT), not family.startswith(_FOR_SCREENS), family


def fontconfig(pattern: str, program: str = "fc-list") -> list[tuple[str, FontFile]]:
    """Return (family, file) for each installed font that matches a fontconfig pattern; empty if fontconfig isn't installed.

    With the program `fc-match`, only the best match is returned.
    """
    command = [program, pattern, "-f", "%{family[0]}\t%{file}\t%{index}\n"]
    try:
        answer = subprocess.run(command, capture_output=True, check=True, timeout=_FC_LIST_TIMEOUT_S)
    except (OSError, subprocess.SubprocessError):
        return []
    found: dict[FontFile, str] = {}
    for line in answer.stdout.decode("utf-8", "replace").splitlines():
        fields = line.split("\t")
        if len(fields) == 3 and fields[2].isdecimal():
            family, path, index = fields
            found[FontFile(Path(path), int(index) & 0xFFFF)] = family  # the upper 16 bits number a variable font's instances
    return sorted(((family, file) for file, family in found.items()), key=lambda each: (each[0], each[1].path))


def _by_family(listed: Sequence[tuple[str, FontFile]]) -> dict[str, tuple[FontFile, ...]]:
    families: dict[str, tuple[FontFile, ...]] = {}
    for family, file in listed:
        families[family] = (*families.get(family, ()), file)
    return families
