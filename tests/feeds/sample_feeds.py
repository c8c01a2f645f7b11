"""Small feeds in the form of each publishing program, written for these tests: the texts are ours, the structure is theirs."""

from __future__ import annotations

from collections.abc import Mapping

_NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)
_HTML = (
    "<p>The river has <a href='https://a.example/river'>risen</a> again.</p><ul><li>One<br>line</li><li>Two</li></ul>"
    "<pre>first<br>second</pre>"
    "<figure><img src='/b.jpg' alt='A bridge'><figcaption>By <a href='/who'>Rina</a></figcaption></figure>"
)
_XHTML = _HTML.replace("<br>", "<br/>").replace("'A bridge'>", "'A bridge'/>")
_NOTES = "Show notes.\n\nFirst line\nSecond: https://a.example/x"


def _rss(item: str, *, encoding: str = "UTF-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0" {_NAMESPACES}><channel><title>Paper</title>'
        f"<link>https://paper.example/</link>{item}</channel></rss>"
    )


def _item(rest: str, title: str = "A title") -> str:
    return f"<item><title>{title}</title><link>https://paper.example/1</link><guid>https://paper.example/1</guid>{rest}</item>"


def _atom(entry: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://paper.example/"'
        ' xmlns:media="http://search.yahoo.com/mrss/"><title>Paper</title>'
        f'<entry><id>tag:1</id><title>A title</title><link href="/1"/>{entry}</entry></feed>'
    )


def _cdata(html: str) -> str:
    return f"<![CDATA[{html}]]>"


def _escaped(html: str) -> str:
    return html.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_TEXTS: Mapping[str, str] = {
    "description, as Squarespace, Hugo and Pelican send it": _rss(_item(f"<description>{_cdata(_HTML)}</description>")),
    "description, escaped, as Tumblr sends it": _rss(_item(f"<description>{_escaped(_HTML)}</description>")),
    "description, escaped twice": _rss(_item(f"<description>{_escaped(_escaped(_HTML))}</description>")),
    "CDATA in CDATA": _rss(_item(f"<description>&lt;![CDATA[{_escaped(_HTML)}]]&gt;</description>")),
    "a podcast": _rss(
        _item(
            f"<description>{_cdata('<p>Short.</p>')}</description><itunes:summary>{_NOTES}</itunes:summary>"
            "<itunes:author>A show</itunes:author><itunes:duration>44:05</itunes:duration>"
            '<enclosure url="https://cdn.example/e.mp3" type="audio/mpeg" length="41000000"/>'
        )
    ),
    "YouTube": _atom(
        f"<media:group><media:title>A title</media:title><media:description>{_NOTES}</media:description>"
        '<media:content url="https://www.youtube.com/v/abcdefghi?version=3" type="application/x-shockwave-flash"/>'
        '<media:thumbnail url="https://i.example/t.jpg"/></media:group>'
    ),
    "xhtml in Atom": _atom(f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{_XHTML}</div></content>'),
    "an address of its own for the text, as LineageOS has it": _atom(
        f'<content type="html" xml:base="/Changelog/">{_escaped(_HTML)}</content>'
    ).replace(' xml:base="https://paper.example/"', ""),
    "a summary in Atom, of two authors": _atom(
        f'<author><name>Sumit</name></author><author><name>Rina</name></author><summary type="html">{_escaped(_HTML)}</summary>'
    ),
    "Hacker News": _rss(
        _item(
            f"<description>{_cdata('<p>Points: 4</p><p><a href=https://news.example/i>Comments</a></p>')}</description>"
            "<comments>https://news.example/i</comments>"
        )
    ),
    "an author as RSS has it": _rss(_item(f"<description>{_cdata(_HTML)}</description><author>a@b.example (Rina Das)</author>")),
    "a sound that never ends, as micro.blog sends it, and frames closed as in XML": _rss(
        _item(
            f"<description>{_cdata('<audio src=https://cdn.example/a.mp3>' + _HTML + '<video src=https://cdn.example/v.mp4 />')}"
            f"{_cdata('<p>After</p><iframe src=https://f.example/ /><p>And then</p>')}</description>"
        )
    ),
    "a list in the description, dashes in the whole": _rss(
        _item(
            f"<description>{_cdata('<ul><li>One word</li><li>Two words</li></ul>')}</description>"
            f"<content:encoded>{_cdata('<p><span>—</span> One word</p><p><span>—</span> Two words</p>')}</content:encoded>"
        )
    ),
    "names and texts in namespaces of their own, as theweek.com and rbc.ru have them": _rss(
        _item(
            f'<dc:creator>Rina Das</dc:creator><n:category xmlns:n="urn:cap">Met</n:category><description>The river</description>'
            f'<n:full-text xmlns:n="https://www.rbc.example">{_escaped(_HTML)}</n:full-text>'
        )
    ).replace("http://purl.org/dc/", "https://purl.org/dc/"),
    "pictures in a namespace of Squarespace's, which a program sends": _rss(
        _item(
            f"<description>{_cdata(_HTML)}</description>"
            '<media:content url="https://cdn.example/p?of=1" type="image/jpeg"/>'
            '<media:content url="https://cdn.example/p?of=2" type="image/png"/>'
        )
    ).replace("http://search.yahoo.com/mrss/", "http://www.rssboard.org/media-rss"),
    "a beginning that says of which story it is, for who only hears it": _rss(
        _item(
            f"<description>{_cdata(_HTML)}"
            f"{_cdata('<p><a href=/1>Read more<span class=screen-reader-text> about “A title”</span></a></p>')}</description>"
        )
    ),
    "a heading with another's end tag, as imore.com sends it, and a text in a field": _rss(
        _item(f"<description>{_cdata('<h2>Notes</h3>' + _HTML + '<textarea>In<br>a field</textarea><textarea/>')}</description>")
    ),
    "a text behind plaintext": _rss(_item(f"<description>{_cdata('<plaintext>' + _HTML)}</description>")),
    "a list of quotations": _rss(
        _item(f"<description>{_cdata('<ul><li><blockquote><p>Practice</p></blockquote></li><li>Be kind</li></ul>')}</description>")
    ),
    "no title": _rss(f"<item><guid>1</guid><description>{_cdata(_HTML)}</description></item>"),
}


def feeds() -> dict[str, bytes]:
    """Return feature → feed, as it is sent."""
    made = {name: text.encode() for name, text in _TEXTS.items()}
    for encoding, codec, text in (
        ("windows-1251", "cp1251", "Река поднялась снова"),
        ("koi8-r", "koi8-r", "Река поднялась снова"),
        ("gb2312", "gb18030", "河水再次上涨"),
        ("Shift_JIS", "cp932", "川がまた増水①"),
        ("EUC-KR", "cp949", "강물이 다시 불었다 똠"),
        ("iso-8859-1", "cp1252", "la rivière — encore"),
    ):
        feed = _rss(_item(f"<description>{_cdata(f'<p>{text}</p>')}</description>", text), encoding=encoding)
        made[f"in {encoding}"] = feed.encode(codec)
    return made
