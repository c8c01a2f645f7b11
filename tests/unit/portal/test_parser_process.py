"""The parser process, as a real process: it survives bad input, and is replaced if it doesn't."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Language, Reason
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.portal.feed.feed_parser import parse_feed
from bpost_tui.portal.http.client import HttpClient
from bpost_tui.portal.parse_results import ParsedFeed, ParserTask
from bpost_tui.portal.portal import Portal
from bpost_tui.portal.wordpress.wp_json_parser import read_posts
from bpost_tui.portal.worker import parser_process, validation, wire
from bpost_tui.portal.worker.parser_process import ParserPool, ParserProcess
from tests.scripted_portal import RSS, item, recording, rss

pytestmark = pytest.mark.waits

NOW = datetime(2026, 11, 25, tzinfo=UTC)
URL = "https://thebengalpost.net/feed"
IN_TIME_S = 10
"""Maximum time in seconds until a killed process has ended, on a busy machine."""


@pytest.fixture
async def reader() -> AsyncIterator[ParserProcess]:
    reader = ParserProcess()
    yield reader
    await reader.aclose()


async def read(reader: ParserProcess, body: bytes, task: str = "feed") -> object:
    return await reader.parse(ParserTask(task, RSS, URL, NOW, "feed"), body)


def pid_of(reader: ParserProcess) -> int:
    assert reader._process is not None
    return reader._process.pid


async def test_parser_process_gives_the_result_of_parsing_in_process(reader: ParserProcess) -> None:
    body = recording("feed-full-p1")[2]
    assert await read(reader, body) == parse_feed(body, RSS, URL, now=NOW)


async def test_parser_process_is_killed_when_its_closing_is_cancelled() -> None:
    pool = ParserPool()
    await pool.start()
    (parser,) = pool._all
    process = parser._process
    assert process is not None
    async with parser._lock:  # as while a document is parsed
        closing = asyncio.create_task(pool.aclose())
        await asyncio.sleep(0)
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        async with asyncio.timeout(IN_TIME_S):
            await process.wait()
    assert parser._process is None


async def test_portal_ends_its_parser_when_its_client_fails_to_close(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(client: HttpClient) -> None:
        raise OSError("closing failed")

    monkeypatch.setattr(HttpClient, "aclose", fail)
    with pytest.raises(OSError, match="closing failed"):
        async with Portal(URL) as portal:
            await portal._parsers.start()
    assert [parser._process for parser in portal._parsers._all] == [None]


async def test_parser_process_reads_several_documents(reader: ParserProcess) -> None:
    await reader.start()
    pid = pid_of(reader)
    feeds = await asyncio.gather(*(read(reader, rss(item(f"খ{n}"))) for n in range(5)))
    assert [feed.stories[0].title for feed in feeds if isinstance(feed, ParsedFeed)] == [f"খ{n}" for n in range(5)]
    assert pid_of(reader) == pid


async def test_parser_process_read_ends_when_cancelled_during_the_answer(reader: ParserProcess) -> None:
    await reader.start()
    reading = asyncio.create_task(read(reader, rss(*(item(f"খ{n}", text="<p>" + "খবর " * 500 + "</p>") for n in range(1500)))))
    stdout = reader._process.stdout if reader._process is not None else None
    assert stdout is not None
    # more than asyncio's buffer limit
    while len(stdout._buffer) < 1 << 18:  # type: ignore[attr-defined]  # typeshed leaves out private names
        await asyncio.sleep(0)
    reading.cancel()
    async with asyncio.timeout(90):
        await asyncio.gather(reading, return_exceptions=True)
    assert reading.cancelled()


async def test_parser_process_start_does_not_wait_for_a_document(reader: ParserProcess) -> None:
    await reader.start()
    os.kill(pid_of(reader), signal.SIGSTOP)
    reading = asyncio.create_task(read(reader, rss(item("ক"))))
    await asyncio.sleep(0)
    await reader.start()
    assert not reading.done()
    os.kill(pid_of(reader), signal.SIGCONT)
    assert isinstance(await reading, ParsedFeed)


async def test_parser_process_reports_other_documents_with_the_address(reader: ParserProcess) -> None:
    with pytest.raises(ContentError, match=f"{URL}: not a feed but JSON"):
        await read(reader, b"{}")
    assert isinstance(await read(reader, rss(item("ক"))), ParsedFeed)


async def test_parser_process_is_killed_at_its_time_limit() -> None:
    reader = ParserProcess(limit_s=0.5)
    try:
        await read(reader, rss(item("ক")))
        pid = pid_of(reader)
        os.kill(pid, signal.SIGSTOP)  # like a parser that never ends
        with pytest.raises(ContentError, match=r"couldn't be read within 0\.5 s"):
            await read(reader, rss(item("ক")))
        assert not Path(f"/proc/{pid}").exists()
        assert isinstance(await read(reader, rss(item("ক"))), ParsedFeed)
        assert pid_of(reader) != pid
    finally:
        await reader.aclose()


async def test_parser_process_is_replaced_when_killed(reader: ParserProcess) -> None:
    await reader.start()
    os.kill(pid_of(reader), signal.SIGKILL)
    with pytest.raises(ContentError, match="crashed the parser"):
        await read(reader, rss(item("ক")))
    assert isinstance(await read(reader, rss(item("ক"))), ParsedFeed)


async def test_parser_process_survives_a_cancelled_read(reader: ParserProcess) -> None:
    await read(reader, rss(item("ক")))
    task = asyncio.create_task(read(reader, rss(*(item("খ", guid=str(n)) for n in range(2000)))))
    await asyncio.sleep(0)
    while not reader._lock.locked():
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    feed = await read(reader, rss(item("গ")))
    assert isinstance(feed, ParsedFeed) and feed.stories[0].title == "গ"


async def test_parser_process_reads_16_mb_within_its_memory_limit() -> None:
    body = rss(*(item("খবর " * 20, guid=str(n), text="<p>" + "লেখা " * 700 + "</p>") for n in range(1700)))
    assert 15 << 20 < len(body) <= 17 << 20
    reader = ParserProcess(limit_s=120)  # the test is about memory; a busy machine needs more than the usual time
    try:
        with_limits = await read(reader, body)
    finally:
        await reader.aclose()
    assert isinstance(with_limits, ParsedFeed) and len(with_limits.stories) == 1700


async def test_parser_process_ends_on_aclose() -> None:
    reader = ParserProcess()
    await reader.start()
    pid = pid_of(reader)
    await reader.aclose()
    assert not Path(f"/proc/{pid}").exists()
    await reader.aclose()


def test_wire_survives_a_round_trip() -> None:
    for value in (
        parse_feed(recording("feed-full-p1")[2], RSS, URL, now=NOW),
        read_posts(recording("json-posts-10-embed")[2], URL, NOW),
        ("ok", None, 1, "ক", True, NOW, ()),
    ):
        assert wire.load(wire.dump(value)) == value


def test_wire_keeps_messages_translatable() -> None:
    why = Reason("{what} ({n})", what=Reason("the feed is not well-formed"), n=3)
    loaded = wire.load(wire.dump(why))
    assert isinstance(loaded, Reason) and loaded == why == "the feed is not well-formed (3)"
    assert Language("bn").reason(loaded) == "ফিডটি ঠিকঠাক লেখা নয় (৩)"


FORMATS = ("{a:>99999999}", "{a.real}", "{a[0]}", "{a!r}", "{a:{b}}", "{}", "{0}", "{b}", "{a", "a}", "", "x" * 301)
"""Messages that would do more than fill in a field, or whose fields can't be filled in."""
FIELDS: tuple[object, ...] = (
    [],
    None,
    {"a": None},
    {"a": 1.5},
    {"a": True},
    {"a": "x" * 1001},
    {"a": ["bytes", "QQ=="]},
    {"self": "x"},
)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{", b'["Popen",1]', b"[]", b'["Span"]', b"[" * 10_000, b'["Reason"]', b'["Reason",1,{}]'),
        *(json.dumps(["Reason", message, {"a": 1}]).encode() for message in FORMATS),
        *(json.dumps(["Reason", "{a}", fields]).encode() for fields in FIELDS),
    ],
)
def test_wire_refuses_foreign_data(data: bytes) -> None:
    with pytest.raises(ValueError):
        wire.load(data)


async def test_answer_is_validated_in_a_thread_story_by_story(reader: ParserProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []
    read_answer = validation.validate_answer

    def noted(task: ParserTask, data: bytes) -> object:
        threads.append(threading.current_thread())
        return read_answer(task, data)

    monkeypatch.setattr(validation, "validate_answer", noted)
    feed = await read(reader, rss(item("ক")))
    assert isinstance(feed, ParsedFeed) and threads != [threading.main_thread()]

    def longest_piece(count: int) -> int:
        stories = (feed.stories[0]._replace(blocks=(Paragraph((Span("x", bold=True), Span("y")) * 1000),)),) * count
        return max(map(len, wire.dump_answer(("ok", ParsedFeed(stories))).split(b"\n")))

    assert longest_piece(5) == longest_piece(50)  # other tasks of the thread wait for one story only


# ── pool shared by several papers ───────────────────────────────────────────


async def test_pool_uses_two_processes_and_survives_their_crash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pids: set[int] = set()
    begin = parser_process._start_worker

    async def noting() -> asyncio.subprocess.Process:
        process = await begin()
        pids.add(process.pid)
        return process

    monkeypatch.setattr(parser_process, "_start_worker", noting)
    pool = ParserPool()
    try:
        assert pids == set()
        addresses = [f"https://portal{number}.example/feed" for number in range(20)]
        read = await asyncio.gather(
            *(pool.parse(ParserTask("feed", "", each, NOW, "feed"), b"<rss><channel/></rss>") for each in addresses)
        )
        assert len(read) == 20 and len(pids) == 2
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        broken = await asyncio.gather(
            *(pool.parse(ParserTask("feed", "", each, NOW, "feed"), b"<rss><channel/></rss>") for each in addresses),
            return_exceptions=True,
        )
        assert sum(isinstance(each, ContentError) for each in broken) <= 2
        assert all(isinstance(each, ParsedFeed | ContentError) for each in broken)
    finally:
        await pool.aclose()


async def test_pool_reads_large_documents_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once: list[int] = []
    reading = 0

    async def read(process: ParserProcess, task: ParserTask, body: bytes) -> object:
        nonlocal reading
        reading += 1
        at_once.append(reading)
        await asyncio.sleep(0)
        reading -= 1
        return None

    monkeypatch.setattr(ParserProcess, "parse", read)
    pool = ParserPool()
    await asyncio.gather(*(pool.parse(ParserTask("feed", "", "", NOW, "feed"), bytes(3 << 20)) for _ in range(4)))
    assert max(at_once) == 1
    await asyncio.gather(*(pool.parse(ParserTask("feed", "", "", NOW, "feed"), b"") for _ in range(4)))
    assert max(at_once) == 1  # few documents don't start a second process
    await asyncio.gather(*(pool.parse(ParserTask("feed", "", "", NOW, "feed"), b"") for _ in range(20)))
    assert max(at_once) == 2


async def test_slow_document_delays_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    others = asyncio.Event()

    async def read(process: ParserProcess, task: ParserTask, body: bytes) -> object:
        await others.wait() if body else others.set()
        return None

    monkeypatch.setattr(ParserProcess, "parse", read)
    pool = ParserPool()
    await asyncio.gather(*(pool.parse(ParserTask("feed", "", "", NOW, "feed"), body) for body in (b"slow", b"")))
