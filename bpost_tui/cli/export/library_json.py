"""Format JSON, which the verb `import` reads: one JSON object, with each story on a line of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bpost_tui.cli.export.edition import Edition
from bpost_tui.core.json_api import exported_to_json, format_time, passage_to_json

FORMAT, VERSION = "bpost-library", 2
"""Name and version of the format.

The version is raised only if older versions of bpost can't read the file, not for added fields.
"""
_OF_ONE_PAPER = 1
"""Version of a file whose stories are all of one paper. Older versions of bpost can read it."""


def lines(edition: Edition) -> Iterator[str]:
    """Yield the lines of an edition (title and sections of stories) as a JSON file that can be imported."""
    version = VERSION if len(edition.papers) > 1 else _OF_ONE_PAPER
    head: dict[str, object] = {
        "format": FORMAT,
        "version": version,
        "portal": edition.portal,
        "papers": [paper._asdict() for paper in edition.papers],
        "exported": format_time(edition.made),
    }
    searches = [{"name": search.name, "query": search.query} for search in edition.searches]
    head |= {"searches": searches, "lists": [each._asdict() for each in edition.lists]}
    yield json.dumps(head, ensure_ascii=False)[:-1]
    yield f', "passages": {json.dumps([passage_to_json(each) for each in edition.passages], ensure_ascii=False)}, "stories": ['
    comma = ""
    for story in edition.stories:
        yield f"{comma}{json.dumps(exported_to_json(story, edition.names), ensure_ascii=False)}"
        comma = ","
    yield "]}"
