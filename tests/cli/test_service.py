"""Tests of `service` without a server; tests/service has a real one."""

from __future__ import annotations

from tests.cli.bpost_process import NOBODY, Bpost
from tests.scripted_portal import PortalServer

ACCOUNT = f'[service]\naddress = "{NOBODY}"\nuser = "me"\npassword_command = ["printf", "secret"]\n'


def test_without_a_service_it_says_what_is_missing(bpost: Bpost) -> None:
    said = bpost.run("service", code=2).stderr
    assert said == "bpost: the config names no service\nName its `address` and `user` under `[service]` in the config.\n"


def test_server_that_does_not_answer_is_one_line(bpost: Bpost) -> None:
    bpost.config.write_text(ACCOUNT)
    assert bpost.run("service").stdout == f"Service: {NOBODY} (me)\nLast exchange: never\nStories whose marks wait: 0\n"
    assert bpost.json("service") == {"service": f"{NOBODY} (me)", "exchanged": None, "waiting": 0}
    assert bpost.run("service", "check", code=3).stderr == "bpost: 127.0.0.1: it can't be reached\n"
    assert f"Service: {NOBODY}\n" in bpost.run("doctor").stdout


def test_certificate_that_nobody_vouches_for_is_one_line_and_nothing_is_sent(bpost: Bpost) -> None:
    with PortalServer(tls=True) as server:  # its certificate is self-signed
        bpost.config.write_text(ACCOUNT.replace(NOBODY, server.address))
        assert bpost.run("service", "check", code=3).stderr == "bpost: 127.0.0.1: its certificate isn't valid\n"
        assert server.requests == []


def test_refresh_goes_on_and_says_it_once(bpost: Bpost) -> None:
    bpost.config.write_text(ACCOUNT)
    assert bpost.run("refresh").stderr.splitlines()[-1] == "service: 127.0.0.1: it can't be reached"
