"""Google Reader API: requests, and possible answers. FreshRSS's answers are modelled after its documentation."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import count
from threading import Thread
from urllib.parse import parse_qs

import httpx
import pytest

from bpost_tui.errors import BPostError, PortalError, ProgramError, UsageError
from bpost_tui.limits import MAX_PAPERS
from bpost_tui.mark_changes.merge_rule import merge_action
from bpost_tui.mark_sync import greader_api
from bpost_tui.mark_sync.greader_account import GreaderAccount, account_from_config
from bpost_tui.mark_sync.greader_api import LATER, READ, READING_LIST, STARRED, GreaderApi
from bpost_tui.urls import service_address
from tests.service.model_server import AnsweringTransport, ModelServer

ACCOUNT = GreaderAccount("https://reader.example/api/greader.php", "me", inline_password="secret")


def api_that(answers: Callable[[httpx.Request], httpx.Response], token: str = "me/1") -> GreaderApi:
    return GreaderApi(ACCOUNT, token, AnsweringTransport(answers))


def test_server_with_labels_receives_and_sends_marks() -> None:
    server = ModelServer("https://one.example/feed", labels=True, dated=False)
    numbers = [server.add(f"https://one.example/{n}") for n in range(7)]
    with closing(GreaderApi(ACCOUNT, "", server.transport())) as api:
        api.edit_tag(numbers[:3], READ, on=True)
        api.edit_tag(numbers[2:4], LATER, on=True)
        api.edit_tag(numbers[3:4], LATER, on=False)
        assert api.all_item_ids(READING_LIST, exclude=READ) == frozenset(numbers[3:])  # served in pages
        assert set(api.item_ids(LATER)) == {numbers[2]}
        (item,) = api.items([numbers[2], 99])
        assert (item.link, item.link_key, sorted(item.tags)) == ("https://one.example/2", "one.example/2", ["later", "read"])
        assert [feed.address for feed in api.subscriptions()] == ["https://one.example/feed"]


def test_expired_token_is_renewed_once() -> None:
    server = ModelServer("https://one.example/feed", labels=True, dated=False)
    with closing(GreaderApi(ACCOUNT, "of/before", server.transport())) as api:
        assert api.item_ids(STARRED) == frozenset()
    with (
        pytest.raises(PortalError, match="password"),
        closing(GreaderApi(ACCOUNT._replace(inline_password="no"), "", server.transport())) as api,
    ):
        api.item_ids(STARRED)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (httpx.Response(302, headers={"Location": "https://other.example/"}), "it leads elsewhere, which isn't followed"),
        (httpx.Response(200, content=b"x" * (17 << 20)), "the answer is too big"),
        (httpx.Response(200, text="<html>"), "not JSON"),
        *((httpx.Response(200, headers={"Content-Encoding": each}), "compressed in a way") for each in ("gzip, gzip", "deflate")),
        (httpx.Response(503), "was refused (503)"),
        (httpx.Response(200, json={"subscriptions": [{}] * (MAX_PAPERS + 1)}), "more than"),
    ],
)
def test_invalid_server_answer_is_a_one_line_error(answer: httpx.Response, why: str) -> None:
    hosts: list[str] = []

    def answers(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return answer

    with pytest.raises(BPostError) as raised, closing(api_that(answers)) as api:
        api.subscriptions()
    assert why in raised.value.message.replace("{status}", "503")
    assert set(hosts) == {"reader.example"}


@pytest.mark.parametrize("items", [None, 5, [None, {"id": "x"}, {"id": -1}, {"id": "9" * 30}, {"id": []}], {"id": "1"}])
def test_invalid_items_of_the_server_are_skipped(items: object) -> None:
    with closing(api_that(lambda _: httpx.Response(200, json={"itemRefs": items, "items": items, "subscriptions": items}))) as api:
        assert api.item_ids(STARRED) == frozenset()
        assert [*api.items([1])] == []
        assert api.subscriptions() == ()


def test_endless_server_list_is_cut_and_sync_has_a_deadline() -> None:
    requests: list[httpx.Request] = []

    def answers(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"itemRefs": [], "continuation": f"{len(requests)}"})

    with closing(api_that(answers)) as api:
        assert api.item_ids(STARRED) == frozenset()
        assert len(requests) == 500
        api.set_time_limit(-1)
        with pytest.raises(PortalError, match="took longer"):
            api.item_ids(STARRED)
        assert len(requests) == 500


@pytest.mark.parametrize("repeats", [True, False])
def test_list_without_an_end_is_never_whole(*, repeats: bool) -> None:
    pages = count()

    def answers(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"itemRefs": [{"id": "7"}], "continuation": "7" if repeats else f"{next(pages)}"})

    with closing(api_that(answers)) as api:
        assert api.item_ids(STARRED) == {7}
        with pytest.raises(PortalError, match="its list of stories has no end"):
            api.all_item_ids(STARRED)


def test_items_of_an_endless_server_list_are_limited() -> None:
    pages = count()

    def answers(_: httpx.Request) -> httpx.Response:
        page = next(pages)
        items = [{"id": f"{number}"} for number in range(page * 10_000, (page + 1) * 10_000)]
        return httpx.Response(200, json={"itemRefs": items, "continuation": f"{page}"})

    with closing(api_that(answers)) as api:
        assert len(api.item_ids(STARRED)) == 50_000
        with pytest.raises(PortalError, match="more than 200000 unread or starred stories"):
            api.all_item_ids(STARRED)


@pytest.mark.parametrize(("last_page", "is_whole"), [((3, 4, 5, 6), False), ((3, 4, 5, 5), True)])
def test_list_whose_last_page_exceeds_the_limit_is_refused(
    last_page: tuple[int, ...], monkeypatch: pytest.MonkeyPatch, *, is_whole: bool
) -> None:
    monkeypatch.setattr(greader_api, "MAX_SERVICE_ITEMS_IN_ALL", 5)

    def answers(request: httpx.Request) -> httpx.Response:
        is_last = "c" in request.url.params
        items = [{"id": f"{number}"} for number in (last_page if is_last else (1, 2, 2))]
        return httpx.Response(200, json={"itemRefs": items} if is_last else {"itemRefs": items, "continuation": "2"})

    with closing(api_that(answers)) as api:
        assert api.item_ids(STARRED, most=5) == {1, 2, 3, 4, 5}
        if is_whole:
            assert api.all_item_ids(STARRED) == {1, 2, 3, 4, 5}
        else:
            with pytest.raises(PortalError, match="more than 5 unread or starred stories"):
                api.all_item_ids(STARRED)


@pytest.mark.parametrize("has_label", [False, True])
def test_too_many_items_of_a_label_that_does_not_exist_are_ignored(monkeypatch: pytest.MonkeyPatch, has_label: bool) -> None:
    monkeypatch.setattr(greader_api, "MAX_SERVICE_ITEMS_IN_ALL", 4)
    server = ModelServer("https://one.example/feed", labels=True, dated=False)
    numbers = [server.add(f"https://one.example/{number}") for number in range(6)]
    if has_label:
        for number in numbers:
            server.tag(number, LATER, True)
    with closing(GreaderApi(ACCOUNT, transport=server.transport())) as api:
        if has_label:
            with pytest.raises(PortalError, match="more than 4 unread or starred stories"):
                api.all_item_ids(LATER)
        else:  # the model lists all items, as FreshRSS does
            assert api.item_ids(LATER) == frozenset(numbers) and api.all_item_ids(LATER) == frozenset()


_HEAD = b"HTTP/1.1 200 OK\r\n"
_DRIPS = {
    "headers": (_HEAD, b"X: y\r\n"),
    "interim answers": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"),
    "body": (_HEAD + b"Content-Length: 999999\r\n\r\n", b"["),
    "name in gzip": (
        _HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\na\r\n\x1f\x8b\x08\x08" + bytes(6) + b"\r\n",
        b"4\r\nname\r\n",
    ),
}


@pytest.mark.parametrize("what", _DRIPS)
def test_answer_that_drips_ends_at_the_deadline(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(greader_api, "_ANSWER_S", 0.4)
    begin, more = _DRIPS[what]
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.sendall(begin)
                for _ in range(100):
                    connection.sendall(more)
                    time.sleep(0.05)

        thread = Thread(target=drip)
        thread.start()
        account = ACCOUNT._replace(address=f"http://127.0.0.1:{listening.getsockname()[1]}")
        with closing(GreaderApi(account, "me/1")) as api, pytest.raises(PortalError, match="took longer"):
            api.subscriptions()
        thread.join(2.0)
        assert not thread.is_alive()


def test_gzip_that_decodes_to_nothing_is_too_big() -> None:
    name = b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * (17 << 20)
    answer = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(name))
    with closing(api_that(lambda _: answer)) as api, pytest.raises(PortalError, match="too big"):
        api.subscriptions()


def test_item_that_is_too_big_is_left_out_and_the_others_are_read() -> None:
    def answers(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/token"):
            return httpx.Response(200, text="token")
        ids = [int(each.rpartition("/")[2], 16) for each in parse_qs(request.content.decode())["i"]]
        filler = "x" * (17 << 20) if 5 in ids else ""
        return httpx.Response(200, json={"items": [{"id": str(number)} for number in ids], "filler": filler})

    with closing(api_that(answers)) as api:
        assert sorted(item.id for item in api.items(range(1, 9))) == [1, 2, 3, 4, 6, 7, 8]


def test_password_is_a_commands_first_line_and_never_shown() -> None:
    account = GreaderAccount("https://reader.example", "me", ("printf", "secret\nmore"))
    assert account.password() == "secret"
    assert "secret" not in repr(ACCOUNT)
    for command in (("false",), ("true",), ("/no/such/program",)):
        with pytest.raises(ProgramError):
            account._replace(password_command=command).password()
    assert account_from_config({"address": "https://reader.example"}) is None


def test_service_address_is_https_or_local() -> None:
    assert service_address("http://127.0.0.1:8080/") == "http://127.0.0.1:8080"
    for address in ("http://reader.example", "ftp://reader.example", "http://192.168.1.2:8080"):
        with pytest.raises(UsageError):
            service_address(address)


def test_merge_action_takes_the_later_mark_without_an_agreed_state() -> None:
    assert merge_action(None, False, None, True) == "take"
    assert merge_action(None, True, 5_000_000, False, 9) == "send"
    assert (merge_action(None, False, 5_000_000, True, 9), merge_action(None, False, 5_000_000, True, 3)) == ("take", "send")
    assert merge_action(None, False, 5_000_000, True, 5) == merge_action(None, False, 5_000_000, True) == "send"
    assert [merge_action(agreed, True, 1, False) for agreed in (True, False)] == ["take", "send"]


def test_greader_modules_are_not_loaded_without_a_service() -> None:
    code = """
import sys
import bpost_tui.composition, bpost_tui.cli.refresh, bpost_tui.refresh.refresh_worker
print([name for name in sys.modules if "greader" in name])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
