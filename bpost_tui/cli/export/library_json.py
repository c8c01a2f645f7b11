"""The format that `import` reads: one JSON object, each story on a line of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bpost_tui.cli.export.edition import Edition
from bpost_tui.reading.json_output import exported, time

FORMAT, VERSION = "bpost-library", 1
"""The version is raised when older versions of bpost can't read the file any more, not for fields that are added."""


def lines(edition: Edition) -> Iterator[str]:
    """Yield the lines of the file."""
    head = {"format": FORMAT, "version": VERSION, "portal": edition.portal, "exported": time(edition.made)}
    searches = [{"name": search.name, "query": search.query} for search in edition.searches]
    yield json.dumps(head, ensure_ascii=False)[:-1] + f', "searches": {json.dumps(searches, ensure_ascii=False)}, "stories": ['
    comma = ""
    for story in edition.stories:
        yield f"{comma}{json.dumps(exported(story), ensure_ascii=False)}"
        comma = ","
    yield "]}"
