"""Faults of stories' pages, for items whose feed has only a beginning. A fault shows at most one line, and the beginning stays."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.faults.fault import BAD_FEED, BAD_NET, END, Fault, Outcome, Serve, Stage, between, post
from tests.faults.fault_portal import HTML, answer

_BEGINNING = "শুরুর কথা"
_ITEM = post(11, "কঠিন পাতা", f"<p>{_BEGINNING} […]</p>")
_TEXT = "<p>শহরের পুরনো ঘাটের কাছে নতুন পাঠাগার খুলল, জানাল পুরসভা। খুশি পাড়ার সকলে।</p>"
_CLOSING = "পাঠাগার খোলা থাকবে সকাল থেকে সন্ধ্যা, ছুটির দিনেও।"
_MAX_HEAVY_BYTES = 10 << 20


def page(name: str, rule: str, make: Callable[[], str | bytes], **more: object) -> Fault:
    """Return a fault whose page, made by `make`, is read: its text arrives, or the beginning from the feed stays.

    `rule` is the behaviour of a correct reader, and `more` has further fields of the fault.
    """
    return Fault("page", f"page-{name}", rule, _serve(make), options=("--full",), **more)  # type: ignore[arg-type]


def refused(name: str, rule: str, make: Callable[[], str | bytes], stderr: str, *, code: int = BAD_FEED, **more: object) -> Fault:
    """Return a fault whose page, made by `make`, is refused with a line that has `stderr`; the exit status is `code`.

    `rule` is the behaviour of a correct reader, and `more` has further fields of the fault.
    """
    status, content_type = str(more.pop("status", "200 OK")), str(more.pop("content_type", HTML))
    serve = _serve(make, status, content_type)
    fixed: dict[str, object] = {"codes": (code,), "shows": (_BEGINNING,), "check": _is_one_line, **more}
    return Fault("page", f"page-{name}", rule, serve, options=("--full",), stderr=stderr, **fixed)  # type: ignore[arg-type]


def _serve(make: Callable[[], str | bytes], status: str = "200 OK", content_type: str = HTML) -> Serve:
    def serve(stage: Stage) -> None:
        body = make()
        stage.portal.set_reply("/feed", answer(stage.fill(between(_ITEM))))
        stage.portal.set_reply("/khobor-11/", answer(stage.fill(body) if isinstance(body, str) else body, status, content_type))

    return serve


def _is_one_line(seen: Outcome) -> bool:
    return len(seen.errors.strip().splitlines()) == 1


def _article(text: str, head: str = "") -> str:
    return (
        f"<!doctype html><head>{head}</head><body><article><h1>কঠিন পাতা</h1>{_TEXT}{text}<p>{END}। {_CLOSING}</p></article></body>"
    )


def _json_ld(written: str) -> str:
    return f'<script type="application/ld+json">{written}</script>'


_MANY = '{"@type":"NewsArticle","headline":"x","author":[' + "7," * 1_000_000 + '{"name":"ক"}]}'

_FIELDS = ("@type", "headline", "author", "datePublished", "image", "keywords", "articleSection")

FAULTS = (
    page("whole", "A page in good health is read whole", lambda: _article(""), shows=(END,)),
    refused(
        "10-mb",
        "A page of 10 MB is refused",
        lambda: _article(f"<p>{'x' * _MAX_HEAVY_BYTES}</p>"),
        "too big",
        code=BAD_NET,
        heavy=True,
    ),
    page("200000-elements", "Of 200,000 elements the first are read", lambda: _article("<b>x</b>" * 200_000), heavy=True),
    page("200000-paragraphs", "Of 200,000 paragraphs the first are read", lambda: _article("<p>x" * 200_000), heavy=True),
    page(
        "nested-10000",
        "Elements nested 10,000 deep are read",
        lambda: _article("<div>" * 10_000 + "ক" + "</div>" * 10_000),
        heavy=True,
    ),
    page("json-ld-1000000", "JSON-LD of a million elements counts as missing", lambda: _article("", _json_ld(_MANY)), heavy=True),
    page(
        "json-ld-deep",
        "JSON-LD nested 100,000 deep counts as missing",
        lambda: _article("", _json_ld('{"@graph":[' * 100_000)),
        heavy=True,
    ),
    page(
        "json-ld-types",
        "Wrong types in JSON-LD count as missing",
        lambda: _article("", _json_ld(json.dumps(dict.fromkeys(_FIELDS, 7)))),
    ),
    page(
        "json-ld-addresses",
        "Pictures of other hosts in JSON-LD aren't asked for",
        lambda: _article("", _json_ld('{"@type":"NewsArticle","image":{"url":"@sentinel@/x.png","caption":"\\u001b[31mছবি"}}')),
    ),
    page("wrong-charset", "A declared encoding that is wrong does no harm", lambda: _article("").encode("utf-16-le")),
    page("cut", "A page that ends in the middle is read to there", lambda: _article("")[:-60], shows=("পাঠাগার",)),
    refused("empty", "An empty page is one line", lambda: "", "no story"),
    refused("no-text", "A page without text is one line", lambda: "<body><div id=app></div><script>load()</script>", "no story"),
    refused("pdf", "A document that isn't a page is one line", lambda: b"%PDF-1.7", "no story", content_type="application/pdf"),
    *(
        refused(
            f"status-{status[:3]}",
            f"{status} is one line",
            lambda: _article(""),
            status[:3],
            code=BAD_NET,
            status=status,
            hides=(END,),
        )
        for status in (
            "401 Unauthorized",
            "402 Payment Required",
            "403 Forbidden",
            "404 Not Found",
            "410 Gone",
            "451 Unavailable For Legal Reasons",
        )
    ),
)
