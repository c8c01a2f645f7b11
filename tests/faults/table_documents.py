"""Faults of the document: encodings, and documents that are no feed."""

from __future__ import annotations

import codecs
import gzip
import random

from tests.faults.fault import BAD_FEED, NAMESPACES, XML, Fault, Serve, Stage, between, body, good, items, made, post, rss
from tests.faults.fault_portal import HTML, JSON, RSS

FEED = (BAD_FEED,)
STRAY = "aren't text"


def charset(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("charset", name, rule, serve, **more)  # type: ignore[arg-type]


def _encoded(codec: str, bom: bytes = b"", content_type: str = RSS, before: str = XML) -> Serve:
    return made(lambda stage: bom + stage.fill(between(before=before)).encode(codec), "200 OK", content_type)


def _declares(name: str) -> str:
    return f'<?xml version="1.0" encoding="{name}"?>\n'


def _swapped(*pairs: tuple[bytes, bytes]) -> Serve:
    """Return a function that serves a story with bytes that are invalid in any text.

    In the feed, the first bytes of each of `pairs` are replaced by the second.
    """

    def make(stage: Stage) -> bytes:
        data = stage.fill(between(post(11, "আগে@0@পরে", "<p>আগে@0@পরে</p>"))).encode()
        for old, new in pairs:
            data = data.replace(old, new)
        return data

    return made(make)


def _stray(data: bytes) -> Serve:
    return _swapped((b"@0@", data))


_CODECS = tuple("zlib_codec hex base64_codec rot13 idna punycode undefined unicode_escape mbcs utf-7 cp037".split())
_CHARSET = (
    charset("charset-xml-lie", "The declaration lies: UTF-8 is read as UTF-8", body(between(before=_declares("windows-1252")))),
    charset("charset-header-lie", "The header lies: UTF-8 is read as UTF-8", good("application/rss+xml; charset=iso-8859-1")),
    charset("charset-text-xml", "text/xml without a charset is not us-ascii", good("text/xml")),
    charset("charset-html-type", "A feed sent as text/html is a feed", good(HTML)),
    charset("charset-no-type", "A feed sent as nothing is a feed", good("")),
    charset("charset-octets", "A feed sent as bytes is a feed", good("application/octet-stream")),
    charset("charset-unknown", "An unknown charset is ignored", good("text/xml; charset=x-bijoy-foo")),
    charset("charset-long", "A charset of 10 kB is ignored", good(f"text/xml; charset={'x' * 10_000}")),
    *(
        charset(
            f"charset-evil-{name.partition('_')[0]}",
            f"{name}, which is Python's and no charset, is never run",
            good(f"text/xml; charset={name}"),
        )
        for name in _CODECS
    ),
    *(
        charset(
            f"charset-evil-xml-{name.partition('_')[0]}",
            f"The same in the declaration ({name})",
            body(between(before=_declares(name))),
        )
        for name in _CODECS[:4]
    ),
    charset("bom-utf8", "A byte order mark is no text", _encoded("utf-8", codecs.BOM_UTF8)),
    charset("bom-double", "Two are none either", _encoded("utf-8", codecs.BOM_UTF8 * 2)),
    charset(
        "utf16be-bom", "UTF-16 with its mark is read", _encoded("utf-16-be", codecs.BOM_UTF16_BE, "text/xml", _declares("utf-16"))
    ),
    charset(
        "utf16-nobom", "UTF-16 without a mark is read", _encoded("utf-16-le", content_type="text/xml", before=_declares("utf-16"))
    ),
    charset("utf16-header-utf8", "UTF-16 that is said to be UTF-8 is read", _encoded("utf-16-le", codecs.BOM_UTF16_LE)),
    charset("utf32-bom", "UTF-32 is read", _encoded("utf-32-le", codecs.BOM_UTF32_LE)),
    charset(
        "utf16-odd",
        "UTF-16 cut within a character is read to there",
        made(lambda stage: codecs.BOM_UTF16_LE + stage.fill(between()).encode("utf-16-le") + b"\n"),
        codes=(BAD_FEED,),
    ),
    charset(
        "utf7",
        "UTF-7 is never decoded into markup",
        items(post(11, "+ADw-script+AD4-x+ADw-/script+AD4-"), before=_declares("utf-7")),
        shows=("+ADw-script",),
    ),
    charset(
        "utf8-invalid",
        "Stray bytes are U+FFFD in one item, the others are whole",
        _stray(b"\xff\xfe\x80"),
        shows=("আগে\ufffd",),
        stderr=STRAY,
        codes=(BAD_FEED,),
    ),
    charset(
        "utf8-cut",
        "A body cut within a letter is damaged to there",
        made(lambda stage: stage.fill(between(post(11, "শেষ"))).encode().rpartition("ষ".encode())[0] + b"\xe0\xa6"),
        news=False,
        shows=("খবর ৯",),
        stderr="ends in the middle",
        codes=(BAD_FEED,),
    ),
    charset(
        "utf8-overlong",
        "Overlong ESC and < are not decoded",
        _stray(b"\xc0\x9b\xe0\x80\xbc\xc0\xbcb>"),
        stderr=STRAY,
        codes=(BAD_FEED,),
    ),
    charset(
        "utf8-surrogates",
        "Surrogates in UTF-8 are no text",
        _stray(b"\xed\xa0\x80\xed\xb0\x80"),
        stderr=STRAY,
        codes=(BAD_FEED,),
    ),
    charset(
        "utf8-beyond",
        "Code points beyond Unicode are no text",
        _stray(b"\xf4\x90\x80\x80\xf8\x88\x80\x80\x80"),
        stderr=STRAY,
        codes=(BAD_FEED,),
    ),
    charset("utf8-noncharacters", "Noncharacters go", _stray("\ufffe\uffff\ufdd0\U0001ffff".encode()), shows=("আগেপরে",)),
    charset(
        "private-use", "The planes of our own cell tokens go", _stray("\U000f0041\U0010fffd\U000e0041".encode()), shows=("আগেপরে",)
    ),
    charset(
        "latin-1",
        "One letter in Latin-1 costs one letter",
        _stray("é".encode("latin-1")),
        stderr=STRAY,
        codes=(BAD_FEED,),
    ),
    charset("leading-space", "Blank lines before the declaration are ignored", body("\n\n \t" + between())),
    charset(
        "php-warning",
        "PHP's warnings before the declaration are ignored",
        body("<br />\n<b>Warning</b>: Undefined $x in /www/a.php\n" + between()),
    ),
    charset(
        "php-notice-after",
        "PHP's warnings after the feed are ignored",
        body(between() + "<br />\n<b>Fatal error</b>: x"),
        codes=(0,),
    ),
    charset("nul-bytes", "NUL bytes go, the text stays", _stray(b"\0\0"), shows=("আগেপরে",)),
    charset(
        "nul-everywhere",
        "NULs between all letters are not UTF-16",
        made(lambda stage: b"\n\n\n\n\n" + stage.fill(between()).encode().replace(b">", b">\0")),
    ),
    charset(
        "mojibake",
        "Bengali encoded twice has controls in it: none gets out",
        items(post(11, "খবর".encode().decode("latin-1"))),
        shows=("à",),
    ),
)


def doc(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("doc", name, rule, serve, **{"codes": FEED, "news": False, **more})  # type: ignore[arg-type]


_ATOM = (
    f'{XML}<feed xmlns="http://www.w3.org/2005/Atom"><title>ক</title>'
    + "".join(
        f'<entry><title>খবর {n}</title><id>@portal@/?p={p}</id><link href="@portal@/khobor-{p}/"/></entry>'
        for n, p in (("৯", 9), ("১০", 10))
    )
    + "</feed>"
)
_RDF = (
    f'{XML}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>ক</title></channel>'
    + "".join(
        f'<item rdf:about="@portal@/?p={p}"><title>খবর {n}</title><link>@portal@/khobor-{p}/</link></item>'
        for n, p in (("৯", 9), ("১০", 10))
    )
    + "</rdf:RDF>"
)
_DOC = (
    doc(
        "captive-html",
        "A login page with status 200 is no feed",
        body("<!DOCTYPE html><html><body>Sign in to Wi-Fi", content_type=HTML),
        stderr="web page",
    ),
    doc(
        "captive-rss-type",
        "A login page that says it is RSS is no feed",
        body("<html><head><title>Login</title>"),
        stderr="web page",
    ),
    doc("blank-body", "White space is no feed", body(" \n\t\n "), stderr="empty"),
    doc("empty-body", "Nothing is no feed", body(""), stderr="empty"),
    doc("no-items", "A feed without stories takes none away", body(rss()), stderr="empty"),
    doc(
        "xml-truncated",
        "What came whole is kept, and it is said that the rest is missing",
        made(lambda stage: stage.fill(between(post(11)))[:-250]),
        codes=(BAD_FEED,),
        news=False,
        shows=("খবর ৯", "খবর ১১"),
        hides=("খবর ১০",),
        stderr="ends in the middle",
    ),
    doc(
        "xml-truncated-tag",
        "The same when cut within a tag",
        made(lambda stage: stage.fill(between(post(11))).rpartition("<link>")[0] + "<li"),
        codes=(BAD_FEED,),
        news=False,
        shows=("খবর ৯", "খবর ১১"),
        hides=("খবর ১০",),
        stderr="ends in the middle",
    ),
    doc("xml-truncated-head", "A feed cut before its first story is damaged", body(f'{XML}<rss version="2.0"><channel><title>ক')),
    doc(
        "xml-unclosed",
        "Tags left open cost no neighbour",
        items("<item><title>খোলা<b><i></title><link></item>", "<item><title>খোলা ২"),
        codes=(BAD_FEED,),
        news=True,
        stderr="not well-formed",
    ),
    doc(
        "xml-not-feed",
        "A sitemap is no feed",
        body(f'{XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>x</loc></url></urlset>'),
    ),
    doc("json-instead", "JSON is no feed", body('{"code":"rest_no_route","message":"No route"}', content_type=JSON), stderr="JSON"),
    doc("binary", "A picture is no feed", body(b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(5000))),
    doc("noise", "Noise is no feed", body(random.Random(2).randbytes(300_000))),
    doc("gzip-file", "A gzip file is no feed", body(gzip.compress(b"x" * 5000))),
    doc("text-rss", "The word <rss in a text is no feed", body("see <rss> in the manual")),
    doc(
        "feed-in-page",
        "A feed quoted in a web page is no feed",
        made(lambda stage: "<html><body><pre>" + stage.fill(between())),
        stderr="web page",
    ),
    doc("atom", "Atom is read", body(_ATOM), codes=(0,), news=True),
    doc("rdf", "RSS 1.0 is read", body(_RDF), codes=(0,), news=True),
    doc(
        "two-feeds",
        "Two feeds in one body: at least the first is read",
        made(lambda stage: stage.fill(rss(post(9), post(10))) * 2),
        codes=(0,),
        news=True,
    ),
    doc(
        "no-channel",
        "Stories without a channel are read or refused",
        body(f"{XML}<rss version='2.0' {NAMESPACES}>{post(9)}{post(10)}</rss>"),
        codes=(0, BAD_FEED),
    ),
    doc(
        "upper-case",
        "An RSS in capitals is read",
        body(rss(post(9), post(10)).replace("<rss", "<RSS").replace("</rss", "</RSS")),
        codes=(0,),
        news=True,
    ),
    doc(
        "no-version",
        "An RSS without version is read",
        body(rss(post(9), post(10)).replace(' version="2.0"', "")),
        codes=(0,),
        news=True,
    ),
    doc(
        "empty-items",
        "Empty items are nothing, their neighbours stay",
        items("<item/>", "<item></item>", "<item> </item>"),
        codes=(0,),
        news=True,
    ),
)

FAULTS = (
    *_CHARSET,
    *_DOC,
)
