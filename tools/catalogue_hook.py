"""Build hook (named in `pyproject.toml`) that compiles the Bengali catalogue when bpost is built or installed.

https://hatch.pypa.io/latest/plugins/build-hook/custom/
"""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGUE = Path("bpost_tui/locale/bn/LC_MESSAGES/bpost.po")


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hook that writes `bpost.mo` beside the catalogue before packing."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        """Compile the Bengali catalogue, which then goes into the wheel and the source distribution."""
        compile_catalogue(Path(self.root) / CATALOGUE)


def compile_catalogue(source: Path) -> None:
    """Compile the catalogue `source` (`.po`) to a `.mo` file beside it.

    The file is replaced at once: a bpost that starts meanwhile from the same folder would fail at a half-written one.

    Raises:
        OSError: A file can't be read or written.
    """
    with source.open("rb") as file:
        catalogue = read_po(file, locale="bn")
    compiled = source.with_suffix(".mo")
    fresh = compiled.with_name(f"{compiled.name}.{os.getpid()}")
    with fresh.open("wb") as file:
        write_mo(file, catalogue)
    fresh.replace(compiled)
