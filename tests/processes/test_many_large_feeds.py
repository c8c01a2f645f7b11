"""Six papers whose feeds are as large as may be: all processes of a refresh together stay within what P6 promises."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.environment import AS_INSTALLED
from tests.started_processes import tree

PAPERS, FEED_BYTES, MOST_BYTES = 6, 13 << 20, 350 << 20
_ITEM = """<item><title>খবর {number}</title><guid>guid {number}</guid><link>http://127.0.0.1/{number}</link>
<pubDate>Mon, 23 Nov 2026 06:{minute:02}:00 +0000</pubDate><description>{text}</description></item>"""


@pytest.fixture(scope="module")
def feed() -> bytes:
    text = "মেদিনীপুর শহরের খবর, " * 600
    numbers = range(FEED_BYTES // len(text.encode()))
    items = [_ITEM.format(number=number, minute=number % 60, text=text).encode() for number in numbers]
    return b'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>' + b"".join(items) + b"</channel></rss>"


@pytest.fixture
def papers(feed: bytes) -> Iterator[list[str]]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_feed = self.path.startswith("/feed")
            self.send_response(200 if is_feed else 404)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(feed) if is_feed else 0))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(feed if is_feed else b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(PAPERS)]
    for server in servers:
        Thread(target=server.serve_forever, daemon=True).start()
    yield [f"http://127.0.0.1:{server.server_port}/feed" for server in servers]
    for server in servers:
        server.shutdown()
        server.server_close()


def _bytes_of(pid: int) -> int:
    """Return what a process holds, of what it shares its share (proc(5), smaps_rollup)."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    return 0


def test_six_feeds_of_13_mb_take_no_more_memory_than_is_promised(tmp_path: Path, papers: list[str]) -> None:
    config = tmp_path / "config.toml"
    config.write_text("portals = [\n" + "".join(f'  {{ address = "{each}", kind = "feed" }},\n' for each in papers) + "]\n")
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8", **AS_INSTALLED}
    command = [sys.executable, "-m", "bpost_tui", "--config", str(config), "refresh"]
    most = 0
    with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        while process.poll() is None:
            most = max(most, sum(map(_bytes_of, tree(process.pid))))
            time.sleep(0.05)
        assert process.stdout is not None
        said = process.stdout.read().decode()
    failures = [line for line in said.splitlines() if line.startswith("http")]
    # 3 and 4: there was no time for all of it, as on a busy machine
    assert process.returncode in (0, 4) or (process.returncode == 3 and all("was read within" in line for line in failures)), said
    assert most < MOST_BYTES, f"{most >> 20} MB"
    sys.stdout.write(f"{most >> 20} MB\n{said}")
