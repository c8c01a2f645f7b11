"""Tests of `service` without a server; tests/service has a real one."""

from __future__ import annotations

from tests.cli.bpost_process import NOBODY, Bpost
from tests.scripted_portal import PortalServer
from tests.service.model_server import ModelServer

ACCOUNT = f'[service]\naddress = "{NOBODY}"\nuser = "me"\npassword_command = ["printf", "secret"]\n'


def test_service_without_a_config_names_the_settings(bpost: Bpost) -> None:
    stderr = bpost.run("service", code=2).stderr
    assert stderr == "bpost: the config names no service\nName its `address` and `user` under `[service]` in the config.\n"


def test_unreachable_service_is_reported_in_one_line(bpost: Bpost) -> None:
    bpost.config.write_text(ACCOUNT)
    none = "Stories with marks not yet synced: 0\nStories with marks that the server lacks: 0\n"
    assert bpost.run("service").stdout == f"Service: {NOBODY} (me)\nLast sync: never\n{none}"
    counts = {"waiting": 0, "missing": 0, "starred_elsewhere": 0}
    never = {"service": f"{NOBODY} (me)", "exchanged": None, "tried": None, "failure": None, **counts}
    assert bpost.json("service") == never
    assert bpost.run("service", "sync", code=4).stderr == "service: 127.0.0.1: it can't be reached\n"
    assert f"Last try: just now: 127.0.0.1: it can't be reached\n{none}" in bpost.run("service").stdout
    assert bpost.run("service", "--language", "bn").stdout.splitlines()[2].endswith(": 127.0.0.1: তার নাগাল পাওয়া যায় না")
    tried = bpost.json("service")
    assert tried == {**never, "tried": tried["tried"], "failure": "127.0.0.1: it can't be reached"}
    assert bpost.run("service", "check", code=3).stderr == "bpost: 127.0.0.1: it can't be reached\n"
    assert f"Service: {NOBODY}\n" in bpost.run("doctor").stdout


def test_untrusted_certificate_is_reported_and_nothing_is_sent(bpost: Bpost) -> None:
    with PortalServer(tls=True) as server:  # its certificate is self-signed
        bpost.config.write_text(ACCOUNT.replace(NOBODY, server.address))
        assert bpost.run("service", "check", code=3).stderr == "bpost: 127.0.0.1: its certificate isn't valid\n"
        assert server.requests == []


def test_refresh_reports_an_unreachable_service_once(bpost: Bpost) -> None:
    bpost.config.write_text(ACCOUNT)
    assert bpost.run("refresh", code=4).stderr.splitlines()[-1] == "service: 127.0.0.1: it can't be reached"


def test_export_leaves_out_a_paper_without_a_feed(bpost: Bpost) -> None:
    server = ModelServer("https://a.example/rss", labels=True, dated=True)
    with server.on_this_machine() as address:
        alone = Bpost(bpost.home, "")
        papers = 'portals = [{ address = "https://kagoj.example/news.xml", name = "কাগজ", kind = "sitemap" }]\n'
        alone.config.write_text(papers + ACCOUNT.replace(NOBODY, address))
        ended = alone.run("service", "export", "--dry-run", code=4)
    assert (ended.stdout, ended.stderr) == ("", "কাগজ: has no feed for another program to read\n")
