"""Faults of a story: date, identity, link, headline."""

from __future__ import annotations

from tests.faults.fault import BAD_FEED, END, Fault, Serve, Stage, between, good, items, post, replies
from tests.faults.fault_portal import answer


def date(name: str, rule: str, *given: str, **more: object) -> Fault:
    serve = items(*(post(11 + at, f"তারিখ {at}", date=each or None) for at, each in enumerate(given)))
    return Fault("date", name, rule, serve, shows=tuple(f"তারিখ {at}" for at in range(len(given))), steady=True, **more)  # type: ignore[arg-type]


_DATE = (
    date(
        "date-invalid",
        "A story without a date that can be read has the time it was fetched",
        "yesterday",
        "Foo, 99 Bar 2026 99:99:99",
        "0",
        "-1",
        "x" * 500,
    ),
    date("date-future", "A date to come is none", "Fri, 31 Dec 2099 23:59:59 GMT", check=lambda seen: "2099-" not in seen.text),
    date(
        "date-overflow",
        "Years and offsets beyond all bounds are none",
        "Fri, 31 Dec 99999 23:59:59 GMT",
        "Mon, 01 Jan 0001 00:00:00 +9999",
        "Tue, 24 Nov 2026 06:30:00 +999999",
        "9" * 400,
    ),
    date(
        "date-past",
        "A date before the web is none",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Mon, 01 Jan 1900 00:00:00 GMT",
        check=lambda seen: "1970-" not in seen.text,
    ),
    date("date-bengali", "A date in Bengali is read or ignored", "২৪ নভেম্বর ২০২৬", "মঙ্গলবার, ২৪ নভেম্বর ২০২৬ ০৬:৩০"),
    date("date-missing", "Without dates the feed's order stands", "", "", ""),
    date("date-escape", "Escapes in dates reach nobody", "\x1b[31m", "&#x9b;31m Tue"),
    date(
        "date-leap",
        "The second and the day that don't exist are no trouble",
        "Sat, 30 Jun 2012 23:59:60 GMT",
        "Mon, 29 Feb 2027 00:00:00 GMT",
    ),
    date("date-zone", "Zones nobody knows are no trouble", "Tue, 24 Nov 2026 06:30:00 XYZ", "Tue, 24 Nov 2026 06:30:00 IST"),
)


def ident(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("ident", name, rule, serve, steady=True, **more)  # type: ignore[arg-type]


def _guids_change(stage: Stage, number: int) -> bytes:
    return answer(stage.fill(between(post(11, "একই", guid=f"new-{number}"))))


_SAME_LINK = (
    "@portal@/khobor-11/",
    "@portal@/khobor-11",
    "@portal@/khobor-11/?utm_source=x&amp;utm_medium=y",
    "@portal@/khobor-11/#top",
)
_IDENT = (
    ident(
        "guid-same",
        "One guid and different links: none is lost",
        items(*(post(n, f"ভিন্ন {n}", guid="same") for n in range(11, 15))),
        shows=("ভিন্ন 11", "ভিন্ন 14"),
    ),
    ident(
        "guid-same-no-link",
        "One guid, no links, different headlines: no trouble",
        items(*(post(n, f"ভিন্ন {n}", guid="same", link=None) for n in range(11, 15))),
    ),
    ident(
        "link-same",
        "One link and different guids: none is lost",
        items(*(post(n, f"ভিন্ন {n}", guid=f"g{n}", link="@portal@/sobar/") for n in range(11, 15))),
        shows=tuple(f"ভিন্ন {n}" for n in range(11, 15)),
    ),
    ident("guid-missing", "Without a guid the link is who it is", items(post(11, "নামহীন", guid=None)), shows=("নামহীন",)),
    ident(
        "guid-and-link-missing", "Without either the headline is", items(post(11, "নামহীন", guid=None, link=None)), shows=("নামহীন",)
    ),
    ident(
        "guid-changing",
        "A new guid each time on one link: one story",
        replies(lambda stage, r: _guids_change(stage, r.number)),
        shows=("একই",),
    ),
    ident(
        "guid-case",
        "Variants of one link are one story",
        items(*(post(11, "একই", guid=None, link=link) for link in _SAME_LINK)),
        check=lambda seen: seen.text.count('"title": "একই"') <= 2 * 1 + 1,
    ),
    ident(
        "guid-huge", "A guid of 1 MB is bounded", items(post(11, "বিরাট", guid="g" * 1_000_000)), shows=("বিরাট",), hides=("g" * 600,)
    ),
    ident(
        "guid-sql",
        "SQL in any field is data",
        items(post(11, "x'); DROP TABLE stories;--", guid="' OR 1=1 --", more='<category>"; DELETE FROM marks; --</category>')),
        shows=("DROP TABLE",),
    ),
    ident("guid-escape", "Escapes in a guid reach nobody", items(post(11, "গাইড", guid="a\x1b]0;x\x07&#x9b;31m")), shows=("গাইড",)),
    ident("guid-bidi", "Bidi overrides in a guid reach nobody", items(post(11, "গাইড", guid="a\u202eb\u2066c")), shows=("গাইড",)),
    ident("guid-newline", "Newlines in a guid are blanks", items(post(11, "গাইড", guid="a\nb\tc")), shows=("গাইড",)),
    ident("guid-of-neighbour", "A story sent twice is one", items(post(9), post(9), post(10))),
    ident(
        "title-dup",
        "One headline on all: all are there",
        items(*(post(n, "একই শিরোনাম") for n in range(11, 15))),
        check=lambda seen: seen.text.count('"title": "একই শিরোনাম"') >= 4,
    ),
)


def link(name: str, rule: str, *links: str, kept: str = "", **more: object) -> Fault:
    serve = items(
        *(
            post(11 + at, f"সূত্র {at}", f'<p><a href="{each}">{END}</a></p>', link=each, guid=f"g{at}")
            for at, each in enumerate(links)
        )
    )
    shows = (*(f"সূত্র {at}" for at in range(len(links))), *((kept,) if kept else ()))
    return Fault("link", name, rule, serve, shows=shows, **more)  # type: ignore[arg-type]


_NONE = "is no link; the story can be read"
_LINK = (
    Fault("link", "link-missing", "A story without a link can be read", items(post(11, "সূত্রহীন", link=None)), shows=("সূত্রহীন",)),
    link("link-relative", "A relative link is resolved", "/ek/dui/?x=1", "tin", kept="/ek/dui/?x=1"),
    link(
        "link-js",
        f"javascript: {_NONE}",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        hides=("alert(1)",),
    ),
    link("link-vbs", f"vbscript: {_NONE}", "vbscript:msgbox", hides=("msgbox",)),
    link("link-data", f"data: {_NONE}", "data:text/html,hello-data", hides=("hello-data",)),
    link("link-file", f"file: {_NONE}", "file:///etc/passwd", "file://evil.example/x", hides=("passwd",)),
    link("link-dash", f"A leading dash {_NONE}", "--remote-debugging-port=1", "-h", hides=("--remote",)),
    link("link-shell", "Shell letters are an address's letters", "@portal@/$(touch%20x);`id`|x&amp;&amp;y'", kept="/$(touch%20x);"),
    link("link-quote", "Quotes and brackets are encoded", "@portal@/a&quot;b&lt;c&gt;d e", kept="/a%22b%3Cc%3Ed%20e"),
    link("link-newline", f"A line break {_NONE}", "@portal@/x%0d%0aSet-Cookie: a", hides=("Set-Cookie",)),
    link(
        "link-userinfo",
        "The host that is meant is shown, without a name",
        "https://thebengalpost.net@evil.example/x",
        kept="https://evil.example/x",
        hides=("net@evil",),
    ),
    link("link-idn", "A look-alike host is shown as it is asked for", "https://thebengаlpost.net/", kept="xn--"),
    link(
        "link-idn-bad",
        f"A host name that is none {_NONE}",
        "https://xn--\u200d/",
        f"https://{'a' * 70}.example/",
        "https://..../",
        "https://a b/",
    ),
    link("link-port", f"A port that is none {_NONE}", "http://a.example:99999/", "http://a.example:x/", "http://[::1/"),
    link("link-unc", f"A backslash {_NONE}", "\\\\evil\\share", "https:\\\\evil\\x", hides=("evil",)),
    link(
        "link-other",
        f"Another scheme {_NONE}",
        "ssh://a/",
        "mailto:a@b",
        "tel:1",
        "steam://x",
        "vscode://x",
        "intent:x",
        "about:blank",
        "view-source:http://a/",
    ),
    link("link-template", "Percent signs of a browser's template are letters", "@portal@/%s/%u/%action", kept="/%s/%u/%action"),
    link("link-empty", f"Nothing {_NONE}", " ", "#", "?"),
    Fault(
        "link",
        "link-internal",
        "An article's page on another host is never asked",
        items(post(11, "ভিতরে", "", link="@sentinel@/x/", more="<description>সারাংশ</description>")),
        options=("--full",),
        shows=("ভিতরে",),
        codes=(BAD_FEED,),
    ),
    Fault(
        "link",
        "link-internal-named",
        "Nor by another of its names",
        items(post(11, "ভিতরে", "", link="http://localhost:@port@/x/", more="<description>সারাংশ</description>")),
        options=("--full",),
        shows=("ভিতরে",),
        codes=(BAD_FEED,),
    ),
    Fault(
        "link",
        "image-internal",
        "No picture is asked for by itself",
        items(
            post(
                11,
                "ছবি",
                '<img src="@sentinel@/a.png"><p>লেখা</p>',
                more='<media:content url="@sentinel@/b.png" medium="image"/><enclosure url="@sentinel@/c.jpg" type="image/jpeg"/>',
            )
        ),
        options=("--full",),
        shows=("ছবি",),
    ),
)

_TRAVERSALS = ("../../../../tmp/x", "/etc/cron.d/x", "..%2f..%2fx", "....//x", "CON", "x" * 300, "~/.bashrc", "-rf", ".", "%00")
_PATH = (
    Fault(
        "path",
        "path-guid",
        "Names from outside name no file",
        items(*(post(11 + at, f"পথ {at}", guid=name) for at, name in enumerate(_TRAVERSALS))),
        shows=("পথ 0", "পথ 9"),
    ),
    Fault(
        "path",
        "path-category",
        "Categories neither",
        items(post(11, "পথ", more="".join(f"<category>{name}</category>" for name in _TRAVERSALS))),
        shows=("পথ",),
    ),
    Fault(
        "path",
        "path-link",
        "Links neither",
        items(*(post(11 + at, f"পথ {at}", link=f"@portal@/{name}") for at, name in enumerate(_TRAVERSALS))),
        shows=("পথ 0",),
    ),
    Fault(
        "path",
        "path-disposition",
        "Content-Disposition names no file",
        good("application/rss+xml", 'Content-Disposition: attachment; filename="../../../x"'),
    ),
)

FAULTS = (
    *_DATE,
    *_IDENT,
    *_LINK,
    *_PATH,
)
