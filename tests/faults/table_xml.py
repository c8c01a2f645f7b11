"""Faults of XML: entities, nesting, sizes, and documents made to be slow."""

from __future__ import annotations

from tests.faults.fault import BAD_FEED, XML, Fault, Serve, between, items, made, post, rss


def xml(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("xml", name, rule, serve, **{"heavy": True, **more})  # type: ignore[arg-type]


def _laughs(separator: str) -> str:
    lines = [f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 11)]
    return separator.join((f'{XML}<!DOCTYPE rss [<!ENTITY l0 "lol">', *lines, "]>"))


def _doctype(inner: str) -> str:
    return f"{XML}<!DOCTYPE rss {inner}>"


def _attributes(name: str, count: int) -> str:
    return "<a " + " ".join(name.format(at) + f'="urn:{at}"' for at in range(count)) + "/>"


_XML = (
    xml("xml-billion-laughs", "Entities are never expanded", items(post(11, "&l10;"), before=_laughs("")), hides=("lollol",)),
    xml("xml-billion-laughs-lines", "The same, a line for each", items(post(11, "&l10;"), before=_laughs("\n")), hides=("lollol",)),
    xml(
        "xml-quadratic",
        "A large entity used often is never expanded",
        made(lambda stage: stage.fill(between(post(11, "&a;" * 20_000), before=_doctype(f'[<!ENTITY a "{"x" * 100_000}">]')))),
    ),
    xml(
        "xml-recursive",
        "An entity of itself is never expanded",
        items(post(11, "&a;"), before=_doctype('[<!ENTITY a "&b;"><!ENTITY b "&a;">]')),
    ),
    xml(
        "xml-xxe-http",
        "No external entity is fetched",
        items(post(11, "&x;"), before=_doctype('[<!ENTITY x SYSTEM "@sentinel@/x">]')),
    ),
    xml(
        "xml-xxe-file",
        "No file is read",
        items(post(11, "&x;"), before=_doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]')),
        hides=("root:",),
    ),
    xml(
        "xml-xxe-param",
        "No external DTD is fetched",
        items(post(11, "&x;"), before=_doctype('[<!ENTITY % d SYSTEM "@sentinel@/d"> %d;]')),
    ),
    xml("xml-dtd-remote", "No DTD is fetched", items(post(11), before=_doctype('SYSTEM "@sentinel@/rss.dtd"'))),
    xml(
        "xml-xinclude",
        "Nothing is included",
        items(post(11, more='<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="@sentinel@/i"/>')),
    ),
    xml("xml-stylesheet", "No style sheet is fetched", items(post(11), before=f'{XML}<?xml-stylesheet href="@sentinel@/s.xsl"?>')),
    xml("xml-xmlbase", "xml:base leads nowhere", items(post(11, more='<x xml:base="@sentinel@/"/>'))),
    xml(
        "xml-deep",
        "100,000 nested elements are no trouble",
        made(lambda stage: stage.fill(between(post(11, more="<a>" * 100_000 + "</a>" * 100_000)))),
    ),
    xml(
        "xml-deep-open",
        "Nor 100,000 that are never closed",
        made(lambda stage: stage.fill(rss(post(9), post(10), post(11, more="<a>" * 100_000)))),
        codes=(BAD_FEED,),
    ),
    xml("xml-attrs", "Nor 50,000 attributes", made(lambda stage: stage.fill(between(post(11, more=_attributes("b{}", 50_000)))))),
    xml(
        "xml-namespaces",
        "Nor 20,000 namespaces",
        made(lambda stage: stage.fill(between(post(11, more=_attributes("xmlns:n{}", 20_000))))),
    ),
    xml(
        "xml-many-namespaces",
        "Nor 20,000 elements with one each",
        made(lambda stage: stage.fill(between(post(11, more="".join(f'<n{n}:a xmlns:n{n}="urn:{n}"/>' for n in range(20_000)))))),
    ),
    xml(
        "xml-comment",
        "Nor a comment of 5 MB, nor nests of CDATA",
        made(lambda stage: stage.fill(between(f"<!--{'-x' * 2_500_000}-->", post(11, more="<x><![CDATA[" * 5000 + "]]></x>")))),
    ),
    xml(
        "xml-comment-open",
        "A comment never closed hides what follows, and is said to",
        made(lambda stage: stage.fill(rss(post(9), post(10), f"<!-- {'<' * 100_000}"))),
        stderr="ends in the middle",
        codes=(BAD_FEED,),
    ),
    xml(
        "xml-cdata-open",
        "A CDATA section never closed ends the feed",
        made(lambda stage: stage.fill(rss(post(9), post(10), "<item><title><![CDATA[x" + "]" * 100_000))),
        stderr="ends in the middle",
        codes=(BAD_FEED,),
    ),
    xml("xml-pi-many", "50,000 processing instructions are ignored", made(lambda stage: stage.fill(between("<?x y?>" * 50_000)))),
    xml(
        "xml-entity-undefined",
        "Entities that HTML knows are their letters, unknown ones stay as written",
        items(post(11, "ক&nbsp;খ&mdash;গ &foo; &zwj;")),
        shows=("ক খ—গ &foo;",),
        heavy=False,
    ),
    xml("xml-tag-name-long", "A tag's name of 1 MB is no tag", made(lambda stage: stage.fill(between(f"<{'x' * 1_000_000}>")))),
    xml("xml-angles", "500,000 angle brackets are text", made(lambda stage: stage.fill(between(post(11, "<" * 500_000))))),
    xml("xml-ampersands", "500,000 ampersands are text", made(lambda stage: stage.fill(between(post(11, "&" * 500_000))))),
    xml(
        "xml-item-nested",
        "Items within items are read one by one",
        items("<item>" * 300 + "<title>ভিতরে</title>" + "</item>" * 300),
        heavy=False,
        codes=(BAD_FEED,),
    ),
)


def size(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("size", name, rule, serve, **{"heavy": True, **more})  # type: ignore[arg-type]


def _large(make: object) -> Serve:
    return made(lambda stage: stage.fill(between(make())))  # type: ignore[operator]


_SIZE = (
    size("title-10mb", "A headline of 10 MB is cut", _large(lambda: post(11, "দীর্ঘ খবর " * 380_000))),
    size(
        "title-10mb-oneword",
        "A headline of 10 MB without a space is cut",
        _large(lambda: post(11, "A" * 10_000_000)),
        hides=("A" * 400,),
    ),
    size(
        "description-10mb",
        "A summary of 10 MB is cut",
        _large(lambda: post(11, more=f"<description>{'দীর্ঘ ' * 600_000}</description>")),
    ),
    size("text-10mb", "A text of 10 MB is cut", _large(lambda: post(11, text="<p>দীর্ঘ খবর।</p>" * 250_000))),
    size(
        "author-64k",
        "Authors of 64 kB, which took a library minutes, are cut",
        _large(lambda: "".join(post(n, more=f"<author>{'a@b ' * 16_000}</author>") for n in range(11, 19))),
    ),
    size(
        "categories-50k",
        "50,000 categories of one story are cut",
        _large(lambda: post(11, more="".join(f"<category>শ্রেণি {n}</category>" for n in range(50_000)))),
    ),
    size(
        "enclosures-20k",
        "20,000 enclosures are cut",
        _large(lambda: post(11, more='<enclosure url="https://a.example/x.mp3" type="audio/mpeg" length="1"/>' * 20_000)),
    ),
    size("link-1mb", "A link of 1 MB is none", _large(lambda: post(11, link=f"@portal@/{'x' * 1_000_000}"))),
    size(
        "image-1mb",
        "A picture's address of 1 MB is none",
        _large(lambda: post(11, more=f'<media:content url="@portal@/{"x" * 1_000_000}" medium="image"/>')),
    ),
    size(
        "items-2k",
        "2,000 stories are all read",
        made(lambda stage: stage.fill(between(*(post(n, link="", guid=f"g{n}") for n in range(20, 2020))))),
        shows=("খবর ২০১৯",),
    ),
    size(
        "items-100k",
        "Of 100,000 stories the first 3,000 are read, and it is said",
        made(
            lambda stage: stage.fill(
                rss(post(9), post(10), *(f"<item><title>ক {n}</title><guid>g{n}</guid></item>" for n in range(100_000)))
            )
        ),
        stderr="3,000",
        codes=(BAD_FEED,),
    ),
    size(
        "items-45mb",
        "A feed of 45 MB is refused",
        made(lambda stage: stage.fill(rss(*(post(n) for n in range(40_000)))) + " " * (20 << 20)),
        codes=(3,),
        news=False,
        stderr="too big",
    ),
    size("body-15mb-tags", "15 MB of tags are read to the limit", _large(lambda: post(11, text="<b>x</b>" * 1_900_000))),
    size(
        "items-empty-1m",
        "A million empty items are no trouble",
        made(lambda stage: stage.fill(rss(post(9), post(10), "<item/>" * 1_000_000))),
        codes=(BAD_FEED,),
    ),
)


def dos(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("dos", name, rule, serve, **{"heavy": True, **more})  # type: ignore[arg-type]


_DOS = (
    dos(
        "date-redos",
        "Dates made to take long take none",
        _large(
            lambda: "".join(
                post(n, date=d * 3000) for n, d in enumerate(("1" * 10, "Mon, ", " : ", "2026-11-24T", "+05:30", "০১ "), 11)
            )
        ),
    ),
    dos("date-spaces", "Nor dates of white space", _large(lambda: post(11, date=" " * 900_000 + "x"))),
    dos("html-entities", "500,000 entities in a text are no trouble", _large(lambda: post(11, text="<p>" + "&#2453;" * 500_000))),
    dos("title-entities", "Nor in a headline", _large(lambda: post(11, "&amp;#2453;" * 500_000))),
    dos("shortcodes", "Nor brackets that may be shortcodes", _large(lambda: post(11, text="<p>" + "[caption " * 300_000))),
    dos("brackets", "Nor brackets in a headline", _large(lambda: post(11, "[" * 300_000))),
    dos(
        "ellipses",
        "Nor an excerpt that ends and ends",
        _large(lambda: post(11, more=f"<description>{' ' * 300_000}{'…' * 300_000}</description>")),
    ),
    dos(
        "hashes",
        "Nor guids that are alike",
        _large(
            lambda: "".join(f"<item><guid>g{n % 7}</guid><title>ক{n}</title><link>@portal@/{n}/</link></item>" for n in range(2500))
        ),
    ),
    dos("dateline-spaces", "Nor a text of blanks and colons", _large(lambda: post(11, text="<p>" + " :—" * 300_000 + "</p>"))),
    dos("bold-many", "Nor 100,000 changes of style", _large(lambda: post(11, text="<p>" + "<b>ক</b><i>খ</i>" * 50_000))),
)

FAULTS = (
    *_XML,
    *_SIZE,
    *_DOS,
)
