"""Tests of muting and hooks from the config on the command line."""

from __future__ import annotations

import json
import os
import shutil
import sys
from email.utils import formatdate
from pathlib import Path

import pytest

from bpost_tui.mark_sync.greader_api import READ
from tests.cli.bpost_process import Bpost
from tests.cli.test_plain import printed
from tests.scripted_portal import PortalServer, item, rss
from tests.service.model_server import ModelServer


def test_list_and_unread_omit_muted_stories_by_default(saved: Bpost) -> None:
    every = saved.json("list", "-n", "100")
    saved.config.write_text('[mute]\ncategories = "festival"\n', encoding="utf-8")
    kept = [row for row in every if all(place["slug"] != "festival" for place in row["categories"])]
    assert 0 < len(kept) < len(every)
    assert [row["id"] for row in saved.json("list", "-n", "100")] == [row["id"] for row in kept]
    assert len(saved.json("list", "-n", "2")) == 2
    assert len(saved.json("list", "-n", "100", "--muted")) == len(every)
    assert saved.run("unread", "--count").stdout == f"{len(kept)}\n"
    assert saved.run("unread", "--count", "--muted").stdout == f"{len(every)}\n"


def test_line_reader_omits_muted_stories(saved: Bpost) -> None:
    titles = [row["title"] for row in saved.json("list", "-n", "100", "-c", "festival")]
    assert titles and all(any(title in line for line in printed(saved, "", "q")) for title in titles)
    saved.config.write_text('[mute]\ncategories = "festival"\n', encoding="utf-8")
    assert not any(title in line for line in printed(saved, "", "q") for title in titles)


def config_with_hook(bpost: Bpost, settings: str = "") -> Path:
    """Write a config with a hook, and return the file for the hook's input."""
    hook_input = bpost.home / "told.json"
    command = [sys.executable, "-c", "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())", str(hook_input)]
    bpost.config.write_text(f"{settings}\n[hooks]\nnew_stories = {json.dumps(command)}\n", encoding="utf-8")
    return hook_input


def stories_in(hook_input: Path) -> set[int]:
    return {row["id"] for row in json.loads(hook_input.read_text(encoding="utf-8"))}


def test_line_reader_passes_new_stories_to_the_hook(bpost: Bpost) -> None:
    hook_input = config_with_hook(bpost)
    bpost.run("--plain", typed="q\n")  # no story is saved yet
    assert stories_in(hook_input) == {row["id"] for row in bpost.json("list")}


def test_refresh_passes_new_stories_to_the_hook_as_json(bpost: Bpost) -> None:
    hook_input = config_with_hook(bpost)
    bpost.run("refresh")
    assert stories_in(hook_input) == {row["id"] for row in bpost.json("list")}
    hook_input.unlink()
    bpost.run("refresh")
    assert not hook_input.exists(), "nothing is new"


def test_fetch_passes_new_stories_to_the_hook(bpost: Bpost) -> None:
    hook_input = config_with_hook(bpost)
    bpost.run("fetch")
    assert stories_in(hook_input) == {row["id"] for row in bpost.json("list")}


@pytest.mark.parametrize("command", [("refresh",), ("fetch",), ("--plain",)])
def test_hook_skips_stories_read_on_the_service(bpost: Bpost, portal_server: PortalServer, command: tuple[str, ...]) -> None:
    """Each reader syncs with the service first, then runs the hook."""
    here = portal_server.address
    more = f"<pubDate>{formatdate()}</pubDate>"
    items = (item(name, guid=f"{here}/{name}", link=f"{here}/{name}", more=more) for name in ("one", "two"))
    portal_server.serve("/feed.xml", rss(*items))
    server = ModelServer(f"{here}/feed.xml", labels=False, dated=True)
    read, _ = (server.add(f"{here}/{name}") for name in ("one", "two"))
    server.tag(read, READ, True)
    home = Bpost(bpost.home, "")
    with server.on_this_machine() as address:
        account = f'[service]\naddress = "{address}"\nuser = "me"\npassword_command = ["printf", "secret"]\n'
        hook_input = config_with_hook(home, f'portals = [{{ address = "{here}/feed.xml", feed = true }}]\n{account}')
        home.run(*command, typed="q\n")
    (row,) = [row for row in home.json("list") if not row["read"]]
    assert row["title"] == "two" and stories_in(hook_input) == {row["id"]}


def test_hook_gets_only_stories_kept_after_pruning(bpost: Bpost) -> None:
    hook_input = config_with_hook(bpost, 'keep = "1d"')
    summary = bpost.json("refresh")
    rows = {row["id"] for row in bpost.json("list")}
    assert stories_in(hook_input) == rows
    assert 0 < len(rows) == summary["new"] < summary["fetched"]


def test_refresh_reports_a_failing_hook_and_succeeds(bpost: Bpost) -> None:
    bpost.config.write_text('[hooks]\nnew_stories = "echo no printer; exit 3"\n', encoding="utf-8")
    ended = bpost.run("refresh")
    assert "no printer" in ended.stderr


def test_refresh_notifies_the_desktop_of_new_stories(bpost: Bpost) -> None:
    programs = bpost.home / "bin"
    programs.mkdir()
    program = programs / "notify-send"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$HOME/notified"\n', encoding="utf-8")
    program.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    hook_input = bpost.home / "notified"
    assert "No desktop notifications here" in bpost.run("refresh", "--notify", DISPLAY=None, WAYLAND_DISPLAY=None).stderr
    bpost.run("refresh", "--notify", PATH=path, DISPLAY=":0")
    assert not hook_input.exists()  # no story is new
    first, *more = (row["title"] for row in bpost.json("list", "-n", "99"))
    shutil.rmtree(bpost.data)
    bpost.run("refresh", "--notify", PATH=path, DISPLAY=":0")
    *_, title, body = hook_input.read_text(encoding="utf-8").splitlines()
    assert (
        title == "The Bengal Post: sample edition"
        and body.endswith(f" · and {len(more)} more")
        and body.split(" · ")[0] in {first, *more}
    )
    hook_input.unlink()
    bpost.config.write_text('notify = ["festival"]\n', encoding="utf-8")
    shutil.rmtree(bpost.data)
    bpost.run("refresh", "--notify", PATH=path, DISPLAY=":0")
    body = hook_input.read_text(encoding="utf-8").splitlines()[-1]
    assert body.split(" · ")[0] in {row["title"] for row in bpost.json("list", "-c", "festival")}
