"""Tests of `bpost fetch`: the offline pack, and reading it when the portal is gone."""

from __future__ import annotations

import asyncio
import io
import json
import os
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from bpost_tui.model.blocks import Image as ImageBlock
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.model.story import ListFilter
from bpost_tui.picture_store import FOLDER, PictureStore
from bpost_tui.portal.portal import Portal
from bpost_tui.store.library import Library
from bpost_tui.typesetting.typeset.photo import Photo
from tests.cli.bpost_process import Bpost
from tests.cli.test_read import Session
from tests.sample_portal.server import SamplePortal
from tests.scripted_portal import PortalServer, item, rss

MB = 1 << 20


def png(number: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (number, 0, 0)).save(out, "PNG")
    return out.getvalue()


def serve_stories(server: PortalServer, count: int) -> None:
    """Serve a portal whose stories have one picture each."""
    stories = [
        item(f"খবর {n}", link=f"{server.address}/khobor-{n}/", text=f'<p>লেখা {n}।</p><img src="{server.address}/p{n}.png">')
        for n in range(count)
    ]
    server.serve("/feed", rss(*stories))


def kept(bpost: Bpost) -> PictureStore:
    return PictureStore(bpost.data / "library", max_bytes=200 * MB)


def test_fetched_stories_are_readable_without_the_portal(tmp_path: Path) -> None:
    with SamplePortal(datetime.now(UTC), summary=True) as portal:
        bpost = Bpost(tmp_path, portal.address)
        first = bpost.run("fetch", "--since", "60d", "--images", "--full")
        again = bpost.json("fetch", "--since", "60d", "--images", "--full")
    assert "4 pictures fetched" in first.stdout
    assert "16 stories · " in first.stderr and "4 pictures to fetch (about 782 kB)" in first.stderr
    assert (again["stories"], again["pictures"], again["texts"], again["complete"]) == (16, 0, 0, True)
    rows = bpost.json("--offline", "list", "-n", "99")
    assert len(rows) == 16 and all(row["full"] for row in rows)
    assert len(bpost.run("--offline", "show", str(rows[0]["id"]), "--plain").stdout) > 500
    photos = asyncio.run(_all_photos(bpost))
    assert len(photos) == 4 and all(photo.width_px == 80 for photo in photos)


async def _all_photos(bpost: Bpost) -> list[Photo]:
    """Print every picture of every saved story, read from the disk only."""
    folder = bpost.data / "library"
    photos = []
    with Library(folder) as library:
        stories = [library.story(row.id) for row in library.headlines(ListFilter(), limit=99)]
    async with Portal(bpost.portal, offline=True) as portal:
        for block in (block for story in stories for block in story.blocks if isinstance(block, ImageBlock)):
            picture = kept(bpost).find(block.src)
            assert isinstance(picture, StoredPicture)
            photos.append(await portal.render_picture(picture, 80, 45, 0))
    return photos


def test_fetch_takes_the_chosen_stories(bpost: Bpost) -> None:
    everything = bpost.json("fetch", "--since", "60d")
    assert (everything["stories"], everything["pictures"]) == (16, 0)
    river = bpost.json("fetch", "-c", "নদী-ও-প্রকৃতি", "--images")
    assert (river["stories"], river["pictures"]) == (3, 1)
    assert bpost.json("fetch", "-q", "কাঁসাই")["stories"] in range(1, 16)
    assert bpost.json("fetch")["stories"] in range(1, 17)
    assert "Nothing found" in bpost.run("fetch", "-q", "zzqqxx", code=1).stderr


def test_fetch_of_nothing_reports_why_no_news_came(tmp_path: Path, portal_server: PortalServer) -> None:
    bpost = Bpost(tmp_path, portal_server.address)
    portal_server.serve("/feed", b"", status=503)
    plain = bpost.run("fetch", code=3)
    assert plain.stdout == "" and "503" in plain.stderr and "Nothing found" not in plain.stderr
    result = json.loads(bpost.run("fetch", "--offline", "--json", code=3).stdout)
    assert (result["new"], result["stories"], result["complete"]) == (0, 0, False)
    portal_server.forget()
    portal_server.serve("/feed", rss())
    nothing = bpost.run("fetch", "--json", code=1)
    assert json.loads(nothing.stdout)["stories"] == 0 and "Nothing found" in nothing.stderr


def test_fetch_offline_reports_it_and_asks_no_server(bpost: Bpost) -> None:
    bpost.run("refresh")
    ended = bpost.run("fetch", "--images", "--offline", code=3)
    assert "offline" in ended.stderr
    assert kept(bpost).usage().pictures == 0


def test_interrupted_fetch_resumes_by_the_same_command(tmp_path: Path, portal_server: PortalServer) -> None:
    bpost = Bpost(tmp_path, portal_server.address)
    serve_stories(portal_server, 6)
    for number in range(2):
        portal_server.serve(f"/p{number}.png", png(number), content_type="image/png")
    for number in range(2, 6):
        portal_server.serve(f"/p{number}.png", b"", status=429, retry_after="1")
        portal_server.serve(f"/p{number}.png", png(number), content_type="image/png")
    broken = bpost.run("fetch", "--images", code=3)
    assert "run the same command again" in broken.stdout
    had = kept(bpost).usage().pictures
    assert had < 6
    until = time.monotonic() + 60
    while bpost.run("fetch", "--images", code=None).returncode != 0:  # the portal asks for waits of a second
        assert time.monotonic() < until
    assert kept(bpost).usage().pictures == 6
    assert portal_server.count("/p0.png") == portal_server.count("/p1.png") == 1


@pytest.mark.pty
def test_ctrl_c_during_fetch_ends_the_line(bpost: Bpost) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        session = Session(bpost, "fetch", "--portal", address)
        session.read_until(lambda output: address.encode() in output)
        os.write(session.terminal, b"\x03")
        assert session.ended() == 130
    assert b"\x1b[K^C\r\n" in session.output and session.output.endswith(b"\n")


def test_fetch_counts_missing_pictures_and_succeeds(tmp_path: Path, portal_server: PortalServer) -> None:
    bpost = Bpost(tmp_path, portal_server.address)
    serve_stories(portal_server, 3)
    portal_server.serve("/p0.png", png(0), content_type="image/png")
    portal_server.serve("/p1.png", b"<svg/>", content_type="image/png")
    result = bpost.json("fetch", "--images")
    assert (result["pictures"], result["missing"], result["complete"]) == (1, 2, True)
    assert portal_server.count("/p2.png") == 1
    assert bpost.json("fetch", "--images")["missing"] == 2
    assert portal_server.count("/p2.png") == 1


def test_fetch_reports_a_picture_that_cannot_be_saved(tmp_path: Path, portal_server: PortalServer) -> None:
    bpost = Bpost(tmp_path, portal_server.address)
    serve_stories(portal_server, 1)
    portal_server.serve("/p0.png", png(0), content_type="image/png")
    kept(bpost).save_missing(address := f"{portal_server.address}/p0.png")
    (file,) = (bpost.data / "library" / FOLDER).iterdir()
    file.unlink()
    file.mkdir()  # a file can't replace it
    refused = bpost.run("fetch", "--images", code=5)
    assert f"{address}: {file.parent}: Is a directory" in refused.stderr
    assert "that the disk has space" in refused.stderr and "is shown" not in refused.stderr
    assert "fetched" not in refused.stdout and "Incomplete" in refused.stdout


def test_fetch_stops_at_the_limit_for_pictures(tmp_path: Path, portal_server: PortalServer) -> None:
    bpost = Bpost(tmp_path, portal_server.address)
    bpost.config.write_text("pictures_mb = 1\n")
    serve_stories(portal_server, 8)
    out = io.BytesIO()
    Image.effect_noise((1200, 800), 90).convert("RGB").save(out, "JPEG", quality=95)
    for number in range(8):
        portal_server.serve(f"/p{number}.png", out.getvalue(), content_type="image/jpeg")
    result = bpost.json("fetch", "--images")
    assert result["left_out"] > 0 and result["pictures"] + result["left_out"] == 8
    assert kept(bpost).usage().stored_bytes <= 2 * MB


def test_doctor_lists_contacts_and_picture_decoders(bpost: Bpost) -> None:
    bpost.run("fetch", "-c", "নদী-ও-প্রকৃতি", "--images")
    result = bpost.json("doctor")
    (contact,) = result["contacts"]
    assert contact["host"] == "127.0.0.1" and contact["requests"] > 3 and contact["last"].endswith("Z")
    assert result["versions"]["pillow"] and result["versions"]["jpeg"] and result["versions"]["webp"]
    assert "127.0.0.1" in bpost.run("doctor").stdout


def test_doctor_reports_unknown_when_it_cannot_look(bpost: Bpost) -> None:
    bpost.run("refresh")
    folder = bpost.data / "library"
    failing = (
        "import sys\nfrom bpost_tui.errors import ContentError\nfrom bpost_tui.portal.worker.parser_process import ParserProcess\n"
        "async def parse(*_):\n    raise ContentError('no parser')\nParserProcess.parse = parse\n"
        "from bpost_tui.cli.main import run\nsys.exit(run(sys.argv[1:]))\n"
    )
    (folder / "stories.db").write_bytes(b"no database at all" * 500)
    ended = bpost.python(failing, "doctor", "--language", "en")
    assert ended.returncode == 0
    assert "parser process can't: unknown\n" in ended.stdout and "Hosts contacted so far: unknown\n" in ended.stdout
    assert "can't stop the parser" not in ended.stdout
    assert "no parser" in ended.stderr and str(folder) in ended.stderr
    result = json.loads(bpost.python(failing, "doctor", "--json").stdout)
    assert (result["contacts"], result["parser"]) == (None, None)
