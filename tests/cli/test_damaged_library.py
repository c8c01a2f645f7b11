"""Tests of the command line on a library whose files are damaged."""

from __future__ import annotations

import pytest

from tests.cli.bpost_process import Bpost


def damage(bpost: Bpost, name: str) -> None:
    (path,) = bpost.data.glob(f"*/{name}")
    path.write_bytes(b"not a database " * 500)


@pytest.mark.parametrize(("verb", "status"), [(("show", "1000000"), 1), (("list", "-c", "nothing"), 1), (("list",), 0)])
def test_renamed_damaged_file_is_reported_by_any_verb(saved: Bpost, verb: tuple[str, ...], status: int) -> None:
    damage(saved, "stories.db")
    result = saved.run(*verb, code=status).stderr
    assert "stories.db was damaged; it was renamed to stories.db.damaged-" in result
    assert "damaged" not in saved.run(*verb, code=status).stderr
