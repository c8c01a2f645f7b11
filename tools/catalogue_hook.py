"""Compiles the Bengali catalogue where bpost is built or installed: the build hook that `pyproject.toml` names.

https://hatch.pypa.io/latest/plugins/build-hook/custom/
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGUE = Path("bpost_tui/locale/bn/LC_MESSAGES/bpost.po")


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    """Writes `bpost.mo` beside the catalogue before anything is packed."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        """Compile; wheel and source distribution both carry the result."""
        compile_catalogue(Path(self.root) / CATALOGUE)


def compile_catalogue(source: Path) -> None:
    """Compile a catalogue, `.po`, to `.mo` beside it.

    Raises:
        OSError: It can't be read or written.
    """
    with source.open("rb") as file:
        catalogue = read_po(file, locale="bn")
    with source.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
