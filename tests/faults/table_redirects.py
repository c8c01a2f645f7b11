"""Faults of redirects."""

from __future__ import annotations

from tests.faults.fault import BAD_FEED, BAD_NET, Fault, Outcome, Serve, Stage, body, feed_answer, request_limit
from tests.faults.fault_portal import HTML, Line, answer, head

NET = (BAD_NET,)


def _sends_no(header: str) -> object:
    return lambda seen: not any(request.header(header) for request in seen.stage.portal.requests)


def hop(name: str, rule: str, location: str, *, status: str = "302 Found", **more: object) -> Fault:
    serve = body("", status, HTML, f"Location: {location}")
    return Fault("redirect", name, rule, serve, **{"codes": NET, "news": False, "check": request_limit(2), **more})  # type: ignore[arg-type]


def _chain(length: int) -> Serve:
    def serve(stage: Stage) -> None:
        stage.portal.set_reply("/feed", answer("", "302 Found", HTML, "Location: /hop1"))
        for at in range(1, length):
            stage.portal.set_reply(f"/hop{at}", answer("", "301 Moved", HTML, f"Location: hop{at + 1}"))
        stage.portal.set_reply(f"/hop{length}", feed_answer(stage))

    return serve


def _to(path: str, reply: bytes | None, location: str, status: str = "302 Found") -> Serve:
    def serve(stage: Stage) -> None:
        stage.portal.set_reply("/feed", answer("", status, HTML, stage.fill(f"Location: {location}")))
        stage.portal.set_reply(path, reply or feed_answer(stage))

    return serve


def _endless(stage: Stage) -> None:
    """Serve a redirect with an endless body, and news at its target."""

    def redirect(line: Line) -> None:
        line.send(head("302 Found", HTML, "Location: /other"))
        line.endless(bytes(65536))

    stage.portal.set_reply("/feed", redirect)
    stage.portal.set_reply("/other", feed_answer(stage))


def _redirect(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("redirect", name, rule, serve, **more)  # type: ignore[arg-type]


def _unmoved(seen: Outcome) -> bool:
    return seen.stage.portal.count("/feed") == 2


_REFUSED = "Only http and https are followed"
_INTERNAL = "Nothing else in a private network is asked"
_REDIRECT = (
    hop("redirect-selfloop", "A redirect to itself ends after five hops", "/feed", check=request_limit(12)),
    _redirect("redirect-chain-3", "Three honest hops are followed", _chain(3)),
    _redirect("redirect-chain-5", "Five honest hops are followed", _chain(5)),
    _redirect("redirect-chain-6", "Six hops are too many", _chain(6), codes=NET, news=False, unrequested="/hop6"),
    _redirect("redirect-chain-30", "Thirty hops are too many", _chain(30), codes=NET, news=False, unrequested=r"/hop([6-9]|\d\d)"),
    hop("redirect-metadata", "Never to a link-local address", "http://169.254.169.254/latest/meta-data/", stderr="another site"),
    hop("redirect-private", "Never to a private address", "http://10.0.0.1/", stderr="another site"),
    hop("redirect-internal", _INTERNAL, "@sentinel@/feed", stderr="another site"),
    hop("redirect-internal-localhost", _INTERNAL, "http://localhost:@port@/"),
    hop("redirect-internal-zero", _INTERNAL, "http://0:@port@/"),
    hop("redirect-internal-zeros", _INTERNAL, "http://0.0.0.0:@port@/"),
    hop("redirect-internal-mapped", _INTERNAL, "http://[::ffff:127.0.0.1]:@port@/"),
    hop("redirect-internal-six", _INTERNAL, "http://[::1]:@port@/"),
    hop("redirect-internal-decimal", _INTERNAL, "http://2130706433:@port@/"),
    hop("redirect-internal-hex", _INTERNAL, "http://0x7f000001:@port@/"),
    hop("redirect-internal-octal", _INTERNAL, "http://0177.0.0.1:@port@/"),
    hop("redirect-no-ip", "An IP address that is none is a failure", "http://999.1.1.1/"),
    hop("redirect-internal-short", _INTERNAL, "http://127.1:@port@/"),
    hop("redirect-internal-dot", _INTERNAL, "http://127.0.0.1.:@port@/"),
    hop("redirect-internal-relative", _INTERNAL, "//127.0.0.1:@port@/"),
    hop("redirect-internal-fullwidth", _INTERNAL, "http://%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1:@port@/"),
    hop("redirect-internal-userinfo", _INTERNAL, "http://127.0.0.1@127.0.0.1:@port@/"),
    hop("redirect-backslash", "A backslash is no slash", "http:\\\\127.0.0.1:@port@\\"),
    hop("redirect-ftp", _REFUSED, "ftp://127.0.0.1:@port@/"),
    hop("redirect-file", _REFUSED, "file:///etc/passwd"),
    hop("redirect-gopher", _REFUSED, "gopher://127.0.0.1:@port@/_x"),
    hop("redirect-data", _REFUSED, "data:application/rss+xml,<rss/>"),
    hop("redirect-js", _REFUSED, "javascript:alert(1)"),
    _redirect("redirect-none", "A redirect to nowhere is a failure", body("", "302 Found", HTML), codes=NET, news=False),
    hop("redirect-bad", "An address that is none is a failure", "http://[::1"),
    hop("redirect-port", "A port that is none is a failure", "http://127.0.0.1:99999/"),
    hop("redirect-long", "An address of 100 kB is a failure", "/" + "x" * 60_000),
    hop(
        "redirect-crlf",
        "CR and LF in an address inject nothing",
        "/x%0d%0aX-Injected:%201",
        check=lambda seen: all(b"Injected" not in r.head for r in seen.stage.portal.requests),
    ),
    _redirect(
        "redirect-userinfo",
        "A name and password in an address are not used",
        _to("/other", None, "http://user:pass@@ownhost@/other"),
        check=_sends_no("authorization"),
    ),
    _redirect(
        "redirect-permanent",
        "A permanent redirect changes no address of ours",
        _to("/moved", None, "/moved", "301 Moved Permanently"),
        steady=True,
        check=_unmoved,
    ),
    _redirect("redirect-308", "308 is followed as 301 is", _to("/moved", None, "/moved", "308 Permanent Redirect")),
    _redirect(
        "redirect-fragment",
        "A fragment is not sent",
        _to("/moved", None, "/moved#top"),
        check=lambda seen: seen.stage.portal.count("/moved") == 1,
    ),
    _redirect(
        "redirect-endless",
        "The body of a redirect is not waited for",
        _endless,
    ),
    _redirect(
        "captive-redirect",
        "A login page behind a redirect is no feed",
        _to("/login", answer("<html><body>Sign in", "200 OK", HTML), "/login"),
        codes=(BAD_FEED,),
        news=False,
    ),
)

FAULTS = (*_REDIRECT,)
