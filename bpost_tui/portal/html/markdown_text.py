"""Parser from Markdown (CommonMark, with tables) to a story's text. Pure, runs in the parser process.

The text is converted to HTML, and parsed like a paper's story.
"""

from __future__ import annotations

from bpost_tui.model.story import Story
from bpost_tui.portal.html.block_parser import parse_blocks


def read_markdown(body: bytes) -> Story:
    """Return a story that has the text of `body`, and nothing else."""
    from markdown_it import MarkdownIt  # 40 ms, and no portal sends Markdown; Textual needs the package anyway

    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(body.decode("utf-8", "replace"))
    return Story(guid="markdown", title="", blocks=parse_blocks(html, None))
