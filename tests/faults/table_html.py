"""Faults of HTML."""

from __future__ import annotations

from collections.abc import Callable

from tests.faults.fault import END, Fault, Stage, story


def html(name: str, rule: str, source: str | Callable[[], str], **more: object) -> Fault:
    def serve(stage: Stage) -> None:
        story((source if isinstance(source, str) else source()) + f"<p>{END}</p>")(stage)

    return Fault("html", name, rule, serve, **{"shows": ("কঠিন লেখা", END), **more})  # type: ignore[arg-type]


_ATTRIBUTES = " ".join(f'data-{at}="{at}"' for at in range(45_000))
_HTML = (
    html("html-deep", "10,000 nested divs: the text is shown", "<div>" * 10_000 + "গভীর" + "</div>" * 10_000),
    html("html-deep-100k", "100,000 nested tags that are never closed", "<b>" * 100_000, heavy=True),
    html("html-deep-lists", "5,000 nested lists", "<ul><li>ক" * 5000 + "</li></ul>" * 5000),
    html("html-deep-tables", "3,000 nested tables", "<table><tr><td>ক" * 3000 + "</td></tr></table>" * 3000),
    html("html-deep-quotes", "5,000 nested quotations", "<blockquote>ক" * 5000 + "</blockquote>" * 5000),
    html(
        "html-table",
        "A table of 1,000 by 200",
        lambda: "<table>" + ("<tr>" + "<td>ক</td>" * 200 + "</tr>") * 1000 + "</table>",
        shows=("কঠিন লেখা",),
        heavy=True,
    ),
    html(
        "html-colspan",
        "Spans of 99,999,999 cells",
        "<table><tr><td colspan=99999999 rowspan=99999999>ক</td><td>খ</td></tr></table>",
    ),
    html(
        "html-script",
        "Scripts, styles and frames are neither shown nor run nor fetched",
        '<script src="@sentinel@/a.js">alert(1)</script><style>@import "@sentinel@/x"</style>'
        '<iframe src="@sentinel@/f"></iframe><object data="@sentinel@/o"></object>'
        '<svg onload="alert(1)"><script>alert(1)</script></svg>'
        '<link rel=stylesheet href="@sentinel@/l"><p onclick="alert(1)">',
        hides=("alert(1)", "@import"),
    ),
    html(
        "html-script-open",
        "A script that is never closed hides what follows",
        "<p>আগে</p><script>alert(1)",
        shows=("কঠিন লেখা", "আগে"),
        hides=("alert(1)",),
    ),
    html("html-tag-quad", "60 kB of <a", "<a " * 20_000 + ">", heavy=True),
    html("html-decl-assert", "Declarations that are none", "<![<![x<!<!x><?x><?"),
    html("html-comment-quad", "160 kB of <!--", "<!--" * 40_000 + "-->", heavy=True),
    html("html-comment-open", "A comment that is never closed hides what follows", "<p>আগে</p><!-- ", shows=("কঠিন লেখা", "আগে")),
    html("html-attr-quad", "1 MB of attributes", f"<p {_ATTRIBUTES}>ক</p>", heavy=True),
    html(
        "html-quotes", "Quotes that are never closed", '<p>আগে</p><p title="' + "'" * 300_000, shows=("কঠিন লেখা", "আগে"), heavy=True
    ),
    html(
        "html-longline",
        "3 MB without a space in <pre>",
        lambda: "<pre>" + "x" * 3_000_000 + "</pre>",
        shows=("কঠিন লেখা",),
        heavy=True,
    ),
    html(
        "html-blank-lines",
        "200,000 blank lines in <pre>",
        lambda: "<pre>x" + "\n" * 200_000 + "x</pre>",
        shows=("কঠিন লেখা",),
        heavy=True,
    ),
    html(
        "html-imgs-10k",
        "10,000 pictures: none is fetched, 200 are kept",
        '<img src="@sentinel@/x.png">' * 10_000,
        check=lambda seen: seen.text.count("/x.png") <= 3 * 210,
    ),
    html(
        "html-img-ssrf",
        "Pictures at odd addresses are not fetched",
        '<img src="file:///etc/passwd"><img src="http://169.254.169.254/"><img src="@sentinel@/x">'
        '<img src="data:image/png;base64,AAAA">',
        hides=("passwd",),
        options=("--full",),
    ),
    html(
        "html-srcset",
        "Nor those of srcset, background and poster",
        '<img srcset="@sentinel@/x 2x"><body background="@sentinel@/b"><video poster="@sentinel@/p"></video>',
    ),
    html(
        "html-base",
        "base and refresh change nothing",
        '<base href="http://evil.example/"><meta http-equiv=refresh content="0;url=@sentinel@/"><a href="/nijer">সূত্র</a>',
        hides=("evil.example/nijer",),
    ),
    html(
        "html-links-evil",
        "Links that aren't http are text",
        '<a href="javascript:alert(1)">এক</a><a href="file:///etc/passwd">দুই</a><a href="--opt">তিন</a><a href="http://a/\x1b[31m">চার</a>',
        shows=("এক", "চার", END),
        hides=("alert(1)", "passwd", "--opt"),
    ),
    html(
        "html-entities",
        "Entities of controls, of surrogates, of nothing",
        "<p>&#0;&#27;[31m&#x9b;&#xD800;&#xFFFE;&#x110000;&#x;&;&nosuch;&#99999999999999;</p>",
    ),
    html(
        "html-forms",
        "Forms are not shown",
        "<form action='@sentinel@/'><input value=secret-value><button>পাঠান</button></form>",
        hides=("secret-value",),
    ),
    html(
        "html-marquee",
        "Tags nobody knows are their text",
        "<marquee><blink><x-y>ভিতরে</x-y></blink></marquee>",
        shows=("ভিতরে", END),
    ),
    html("html-cdata", "CDATA ends nothing", "<p>আগে</p>]]&gt;<p>পরে</p>"),
    html("html-nul", "NUL and ESC between letters go", "<p>আ\0গে\x1b[31m</p><scr\0ipt>x</scr\0ipt>"),
    html("html-misnested", "Tags in no order", "<b><i>ক</b></i><p><table><p></td></table></b></li></ul></p>"),
    html("html-headings", "10,000 headings", "<h2>ক</h2>" * 10_000, shows=("কঠিন লেখা",), heavy=True),
    html("html-list-huge", "A list of 100,000", "<ul>" + "<li>ক" * 100_000 + "</ul>", shows=("কঠিন লেখা",), heavy=True),
    html("html-blanks", "1 MB of blanks", " &nbsp;" * 150_000),
    html("html-plaintext", "plaintext and xmp hide what follows", "<p>আগে</p><plaintext><b>", shows=("কঠিন লেখা", "আগে")),
    html("html-bidi", "Bidi overrides go in texts too", "<p>আগে\u202eপরে&#x202e;&rlm;&#8238;</p>", shows=("আগেপরে", END)),
    html("html-zalgo", "Piles of marks too", f"<p>ক{'&#x316;' * 1000}</p>", hides=("\u0316" * 5,)),
    html("html-dir", "dir=rtl and <bdo> turn nothing round", "<p dir=rtl><bdo dir=rtl>উল্টো</bdo></p>", shows=("উল্টো", END)),
)

FAULTS = (*_HTML,)
