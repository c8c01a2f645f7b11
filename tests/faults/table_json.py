"""Faults of wp-json and of articles' pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

from tests.faults.fault import BAD_FEED, BAD_NET, END, Fault, Outcome, Stage, good, items, post
from tests.faults.fault_portal import HTML, JSON, answer


def rest(
    name: str,
    rule: str,
    body: str | bytes | Callable[[Stage], str | bytes],
    *lines: str,
    status: str = "200 OK",
    content_type: str = JSON,
    **more: object,
) -> Fault:
    """Return a fault of a wp-json, which answers with `body`, next to a good feed.

    `rule` is the behaviour of a correct reader, `lines` are further lines of the header, and `more` has further fields of the
    fault.
    """

    def serve(stage: Stage) -> None:
        good()(stage)
        made_body = body(stage) if callable(body) else body
        stage.portal.set_reply(
            "/wp-json*", answer(stage.fill(made_body) if isinstance(made_body, str) else made_body, status, content_type, *lines)
        )

    return Fault("json", name, rule, serve, **more)  # type: ignore[arg-type]


def _json_post(**changes: object) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": 9,
        "guid": {"rendered": "@portal@/?p=9"},
        "date_gmt": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "modified_gmt": "2026-11-24T00:00:00",
        "slug": "khobor-9",
        "link": "@portal@/khobor-9/",
        "title": {"rendered": "অন্য শিরোনাম"},
        "content": {"rendered": f"<p>{END}</p>", "protected": False},
        "excerpt": {"rendered": "<p>সারাংশ</p>"},
        "_embedded": {
            "author": [{"name": "লেখক"}],
            "wp:term": [[{"id": 1, "slug": "politics", "name": "রাজনীতি", "taxonomy": "category"}]],
        },
    }
    return {**fields, **changes}


def _posts(*posts: object) -> str:
    return json.dumps(list(posts), ensure_ascii=False)


def _categories(*names: str) -> str:
    return json.dumps([{"id": at, "name": name, "slug": name, "parent": 0, "count": 1} for at, name in enumerate(names)])


def _bounded(most: int) -> Callable[[Outcome], bool]:
    return lambda seen: len(seen.stage.portal.requests) <= most


_JSON = (
    rest("json-good", "What wp-json knows is added", _posts(_json_post()), shows=("লেখক", "রাজনীতি")),
    rest(
        "json-surrogate",
        "Lone surrogates go",
        json.dumps([_json_post(title={"rendered": "\ud800শিরো\udfff"}, content={"rendered": "<p>ক\ud83d" + END + "</p>"})]),
    ),
    rest(
        "json-escape",
        "Escapes go",
        json.dumps(
            [
                _json_post(
                    content={"rendered": "<p>\x1b[31m\x9b\x07\x00\u202e" + END}, _embedded={"author": [{"name": "\x1b]0;x\x07নাম"}]}
                )
            ]
        ),
        shows=("নাম",),
    ),
    rest("json-deep", "100,000 nested arrays are no trouble", "[" * 100_000 + "]" * 100_000, heavy=True),
    rest("json-deep-objects", "Nor objects", '{"a":' * 100_000 + "1" + "}" * 100_000, heavy=True),
    rest(
        "json-nan",
        "NaN, infinities and numbers beyond all bounds",
        '[{"id": NaN, "link": "@portal@/khobor-9/", "guid": Infinity, "date_gmt": 1e999, '
        '"x": 1e-999, "count": -0, "parent": -Infinity, "slug": "x", "name": "y"}]',
    ),
    rest("json-digits", "Numbers of 100,000 digits", '[{"id": ' + "9" * 100_000 + "}]"),
    rest(
        "json-nulls",
        "A post of nulls costs no other",
        _posts(dict.fromkeys(_json_post()), None, 7, "x", [], {}, _json_post()),
        shows=("লেখক",),
    ),
    rest(
        "json-types",
        "Nor one of wrong types",
        _posts(_json_post(title=7, content=[], excerpt=None, _embedded=[], link={}, date_gmt=5, guid=[1]), _json_post()),
        shows=("লেখক",),
    ),
    rest(
        "json-embedded-types",
        "Nor odd things embedded",
        _posts(
            _json_post(
                _embedded={
                    "author": "x",
                    "wp:term": [None, [7, {"slug": 1, "name": None}], "x"],
                    "wp:featuredmedia": [{"source_url": 7}, None],
                }
            )
        ),
    ),
    rest(
        "json-error",
        "An error object with status 200",
        '{"code":"rest_forbidden","message":"\\u001b[31mSorry, \\u202eyou are not allowed","data":{"status":401}}',
    ),
    rest("json-empty", "Nothing at all", ""),
    rest("json-scalar", "A number where a list should be", "7"),
    rest("json-truncated", "JSON that breaks off", _posts(_json_post())[:-40]),
    rest(
        "json-bom",
        "A byte order mark before it",
        lambda stage: b"\xef\xbb\xbf" + stage.fill(_posts(_json_post())).encode(),
        shows=("লেখক",),
    ),
    rest(
        "json-badutf8",
        "Stray bytes in it",
        lambda stage: stage.fill(_posts(_json_post(excerpt={"rendered": "@0@"}))).encode().replace(b"@0@", b"\xff\xfe"),
    ),
    rest("json-utf16", "UTF-16", lambda stage: stage.fill(_posts(_json_post())).encode("utf-16")),
    rest(
        "json-controls",
        "Raw controls in strings",
        lambda stage: stage.fill(_posts(_json_post(excerpt={"rendered": "@0@"}))).encode().replace(b"@0@", b"a\x1b[31m\x00\n\tb"),
        shows=("লেখক",),
    ),
    rest("json-duplicate-keys", "Keys that come twice", '[{"id":1,"id":2,"link":"x","link":"@portal@/khobor-9/"}]'),
    rest(
        "json-pages-lie",
        "A promise of 999,999,999 pages is not believed",
        _categories("ক", "খ"),
        "X-WP-TotalPages: 999999999",
        check=_bounded(20),
    ),
    rest("json-pages-bad", "A number of pages that is none", _categories("ক"), "X-WP-TotalPages: -1e9\u00e9", check=_bounded(6)),
    rest(
        "json-100k-rows",
        "100,000 rows where 100 were asked for",
        lambda _: "[" + ",".join(['{"id":1,"slug":"a","name":"b"}'] * 100_000) + "]",
        heavy=True,
    ),
    rest("json-15mb", "A string of 15 MB", lambda _: json.dumps([{"id": 1, "slug": "a", "name": "ক" * 2_500_000}]), heavy=True),
    rest("json-html", "A page that says it is JSON", "<html><body>Login"),
    rest("json-type-lie", "JSON that says it is a page is none", _posts(_json_post()), content_type=HTML),
    rest("json-500", "wp-json that fails leaves the feed's news standing", "", status="500 X", content_type=HTML),
    rest("json-401", "wp-json that is closed too", '{"code":"rest_not_logged_in"}', status="401 X"),
    rest(
        "json-redirect-internal",
        "wp-json that leads elsewhere is not followed",
        "",
        "Location: http://127.0.0.1:9/",
        status="302 X",
    ),
    rest(
        "json-categories-cycle",
        "Categories that are each other's parents",
        '[{"id":1,"name":"ক","slug":"k","parent":2,"count":1},{"id":2,"name":"খ","slug":"kh","parent":1,"count":1},{"id":3,"name":"গ","slug":"g","parent":3,"count":-5}]',
    ),
    rest(
        "json-categories-odd",
        "Odd names and slugs of categories",
        json.dumps(
            [
                {"id": at, "name": name, "slug": name, "parent": 0, "count": 1}
                for at, name in enumerate(("../x", "\x1b[31m", "[b]", "%1b%5b31m", "a" * 5000, "\u202eক", "%zz", ""))
            ]
        ),
    ),
    rest(
        "json-protected",
        "A post behind a password keeps its summary",
        _posts(_json_post(content={"rendered": "<form>", "protected": True})),
    ),
    rest(
        "json-other-post",
        "An answer about other posts changes none",
        _posts(_json_post(guid={"rendered": "x"}, link="@portal@/anno/", title={"rendered": "ভিন্ন"})),
        hides=("লেখক",),
    ),
    rest(
        "json-hijack",
        "An answer of the same address keeps guid and headline",
        _posts(_json_post(guid={"rendered": "@portal@/?p=1"}, title={"rendered": "চুরি"})),
        hides=("চুরি",),
    ),
)


def page(name: str, rule: str, source: str | bytes, *, content_type: str = HTML, **more: object) -> Fault:
    """Return a fault of an article's page, `source`, which is requested because the feed has only summaries.

    `rule` is the behaviour of a correct reader, and `more` has further fields of the fault.
    """

    def serve(stage: Stage) -> None:
        items(post(11, "সারাংশ মাত্র", "", more="<description>সংক্ষেপে।</description>"))(stage)
        body = stage.fill(source.replace("<article>", "<article><h1>সারাংশ মাত্র</h1>")) if isinstance(source, str) else source
        stage.portal.set_reply("/khobor*", answer(body, "200 OK", content_type))

    return Fault("page", name, rule, serve, **{"options": ("--full",), "shows": ("সারাংশ মাত্র",), **more})  # type: ignore[arg-type]


_PAGE = (
    page("page-good", "A page's text is kept", f"<html><body><h1>শিরোনাম</h1><article><p>{END}।</p></article>", shows=(END,)),
    page(
        "page-empty",
        "An empty page leaves the summary",
        "",
        shows=("সংক্ষেপে",),
        codes=(BAD_FEED,),
    ),
    page(
        "page-login",
        "A login page is no story",
        "<html><body><form><input name=user></form>",
        shows=("সংক্ষেপে",),
        codes=(BAD_FEED,),
    ),
    page("page-binary", "A picture is no story", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, codes=(BAD_FEED,)),
    page(
        "page-of-a-network",
        "The login page of a network is no story",
        "<body><h1>Welcome to our hotel</h1><p>Please enter the number of your room to use the internet, day and night.</p>",
        stderr="another page",
        codes=(BAD_FEED,),
    ),
    page(
        "page-escape",
        "Escapes in a page reach nobody",
        f"<article><p>\x1b[31m&#x9b;2J&#27;]0;x&#7;\u202e{END}।</p></article>",
        shows=(END,),
    ),
    page("page-deep", "100,000 nested tags", "<article>" + "<div>" * 100_000 + f"<p>{END}।</p>", heavy=True),
    page(
        "page-huge",
        "A page of 9 MB is refused",
        "<article><p>ক</p>" + "x" * (9 << 20),
        heavy=True,
        codes=(BAD_NET,),
    ),
    page(
        "page-charset-lie",
        "A page that lies about its charset",
        f"<meta charset=windows-1252><article><p>{END}।</p></article>",
        content_type="text/html; charset=iso-8859-1",
        shows=(END,),
    ),
    page(
        "page-meta-refresh",
        "refresh leads nowhere",
        f'<meta http-equiv=refresh content="0;url=@sentinel@/"><article><p>{END}।</p></article>',
        shows=(END,),
    ),
    page(
        "page-regex", "Lines made to take long take none", "<article><p>" + "recent posts " * 50_000 + "</p></article>", heavy=True
    ),
    page(
        "page-ago",
        "Nor does a page of ages",
        "<body>" + "<p>1 hour ago</p>" * 30_000,
        heavy=True,
        codes=(BAD_FEED,),
    ),
)

FAULTS = (
    *_JSON,
    *_PAGE,
)
