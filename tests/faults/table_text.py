"""Faults of text: escapes, markup, letters."""

from __future__ import annotations

from tests.faults.fault import BAD_FEED, END, Fault, Serve, items, post


def escape(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("escape", name, rule, serve, **more)  # type: ignore[arg-type]


def _everywhere(evil: str) -> str:
    """Return an item with `evil` in every text field."""
    more = (
        f"<dc:creator>{evil}</dc:creator><category>{evil}</category><description>{evil}</description>"
        f'<enclosure url="@portal@/{evil}.jpg" type="image/jpeg"/><media:content url="@portal@/m{evil}.jpg" medium="image"/>'
    )
    text = f'<p>{evil}<a href="@portal@/{evil}">{evil}</a><img src="@portal@/{evil}.jpg" alt="{evil}"></p><pre>{evil}</pre>'
    return post(11, f"শিরোনাম {evil} শেষ", text, link=f"@portal@/a{evil}/", guid=f"g{evil}", more=more)


_SEQUENCES = {
    "csi": "[31m[2J[H",
    "osc": "]0;owned\x07]52;c;b3duZWQ=\x07",
    "osc8": "]8;;http://evil.example/\x1b\\here\x1b]8;;\x1b\\",
    "dcs": 'P$q"p\x1b\\',
    "apc": "_Gi=1,a=T;AAAA\x1b\\",
    "query": "[c\x1b[6n\x1b[>q\x1bZ",
    "charset": "(0\x0e",
    "open": "]0;unfinished",
}
_C1 = {"csi": "\x9b31m", "osc": "\x9d0;owned\x9c", "dcs": "\x90x\x9c", "apc": "\x9f\x9c", "nel": "\x85", "ss": "\x8e\x8f"}
_ESCAPE = (
    *(
        escape(
            f"ansi-raw-{name}",
            "Escapes in any field, which make the XML ill-formed, reach nobody",
            items(_everywhere(f"\x1b{text}")),
            codes=(0, BAD_FEED),
            shows=("শিরোনাম",),
        )
        for name, text in _SEQUENCES.items()
    ),
    *(
        escape(f"ansi-c1-{name}", "C1 controls, which XML allows, reach nobody", items(_everywhere(text)), shows=("শিরোনাম",))
        for name, text in _C1.items()
    ),
    escape(
        "ansi-hexent",
        "Nor do character references to them",
        items(_everywhere("&#x1b;[31m&#27;&#x9b;31m&#155;&#0;&#x7;")),
        shows=("শিরোনাম",),
    ),
    escape(
        "ansi-double",
        "Nor references that HTML decodes",
        items(_everywhere("&amp;#27;[31m&amp;#x9b;2J&amp;#x1b;]0;x&amp;#7;")),
        shows=("শিরোনাম",),
    ),
    escape("ansi-triple", "Nor those that are decoded twice", items(_everywhere("&amp;amp;#27;[31m")), shows=("শিরোনাম",)),
    escape("ansi-percent", "Nor escapes in percent signs", items(_everywhere("%1b[31m%9b%00%0d%0a")), shows=("শিরোনাম",)),
    escape("ansi-link", "Nor escapes in an address", items(post(11, "ঠিকানা", link="@portal@/\x1b]0;x\x07/")), shows=("ঠিকানা",)),
    escape(
        "ansi-channel",
        "Nor those of the channel",
        items(
            post(11),
            head="<title>\x1b[31m&#x9b;</title><description>\x1b]0;x\x07</description><generator>\x9b2J</generator><language>\x1b</language>",
        ),
    ),
    escape("ansi-element", "Nor those in an element's name", items(post(11, more="<x\x1b[31m>y</x\x1b[31m><\x9b/>"))),
    escape("ansi-encoding", "Nor those in a declaration", items(post(11), before='<?xml version="1.0" encoding="\x1b[31m"?>')),
    escape(
        "cr-overwrite",
        "A headline is one line and overwrites nothing",
        items(post(11, "আসল\rনকল\b\b\x7f\v\f&#13;&#8;\u2028\u2029শেষ")),
        shows=("আসল",),
        check=lambda seen: '"title": "আসল নকল' in seen.text,
    ),
    escape("newlines", "Newlines in a headline are blanks", items(post(11, "এক\nদুই\n\n\tতিন")), shows=("এক দুই তিন",)),
    escape("tags-plane", "Invisible tag characters go", items(post(11, "দেখা\U000e0041\U000e0042শেষ")), shows=("দেখাশেষ",)),
    escape("soft-hyphens", "Invisible characters go", items(post(11, "অ\xad\u200b\u2060\ufeffআ")), shows=("অআ",)),
)


def markup(name: str, text: str) -> Fault:
    shown = text.replace("&amp;", "&").replace("&lt;", "<")
    serve = items(post(11, text, f"<p>{text}</p><p>{END}</p>"))
    return Fault("markup", name, "Brackets, percent signs and colons are shown as they are written", serve, shows=(shown, END))


_MARKUP = (
    markup("markup-style", "[bold red]লাল[/bold red] [reverse]উল্টো[/]"),
    markup("markup-close", "[/] [/b] [/ [/nosuch] ]]"),
    markup("markup-action", "[@click=app.quit]টিপুন[/] [link=https://evil.example/]এখানে[/link]"),
    markup("markup-legit", "[ভিডিও] সরকার [TODO] [১০%]"),
    markup("markup-emoji", ":smile: :warning: ‘:+1:’"),
    markup("markup-format", "%s %d %(x)s {0} {x!r} ${HOME} $(id) `id`"),
    markup("markup-escape", r"\[b] \\ \n \x1b \u001b \033[31m"),
    markup("markup-markdown", "# **মোটা** _বাঁকা_ `সংকেত` [নাম](https://evil.example/)"),
    markup("markup-css", "$accent @media {color: red} /* */"),
    markup("markup-variables", "$PATH ~ * ? !! ^x^y"),
)


def text(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("text", name, rule, serve, **more)  # type: ignore[arg-type]


def _title(title: str, body: str = "") -> Serve:
    return items(post(11, title, f"<p>{body or title}</p>"))


_FORMS = "পড়া দৃঢ় হয় \u09ac\u09be\u09dc\u09bf \u0997\u09be\u09dd \u09b9\u09df মো ম\u09c7\u09be"
_TEXT = (
    text(
        "html-in-title",
        "A headline is plain text",
        items(post(11, "<![CDATA[<b>মোটা</b> &amp;amp; <script>alert(1)</script>শেষ &lt;i&gt;]]>")),
        shows=("মোটা",),
    ),
    text(
        "bidi",
        "Bidi overrides and isolates go",
        _title("আগে\u202eeliF\u202c\u2066x\u2069\u200f\u200e\u061cপরে"),
        shows=("আগেeliFxপরে",),
    ),
    text("bidi-open", "Those that are never closed too", _title("আগে\u2067\u202b\u202eপরে"), shows=("আগেপরে",)),
    text("bidi-legit", "Arabic and Urdu stay", _title("মক্কা (مكة المكرمة) اردو"), shows=("مكة المكرمة", "اردو")),
    text(
        "bn-joiners",
        "The joiners that Bengali needs stay",
        _title("র\u200d্যাব ক্\u200cষ উদ্\u200cঘাটন"),
        shows=("র\u200d্যাব", "ক্\u200cষ", "উদ্\u200cঘাটন"),
    ),
    text("bn-forms", "Both ways of writing ড় ঢ় য় and ো are shown", _title(_FORMS), shows=("পড়া",)),
    text("bn-broken", "Letters in an order that is none are no trouble", _title("া ি ্ ্্ ক্্ষ াক ৗ ঁ ং ়় র্‌"), shows=("খবর ৯",)),
    text("bn-virama", "A run of viramas is cut", _title("ক" + "্ক" * 5000), hides=("্ক" * 20,)),
    text(
        "zalgo",
        "Of sixty marks on a letter four stay",
        _title("".join(f"{c}{chr(0x300) * 60}" for c in "zalgo")),
        hides=(chr(0x300) * 5,),
    ),
    text("zalgo-huge", "Of 200,000 marks on a letter four stay", _title("z" + "\u0316" * 200_000), hides=("\u0316" * 5,)),
    text("zalgo-bengali", "Of sixty candrabindus four stay", _title("ক" + "ঁ" * 60), hides=("ঁ" * 5,)),
    text("emoji", "Emoji stay whole", _title("👨\u200d👩\u200d👧 🇧🇩 👍🏽 1️⃣ ❤️"), shows=("👨\u200d👩\u200d👧", "🇧🇩", "👍🏽")),
    text("emoji-chain", "A chain of emoji is cut", _title("👨" + "\u200d👩" * 5000), hides=("\u200d👩" * 20,)),
    text("flags-odd", "An odd row of flags is no trouble", _title("🇧" * 2001)),
    text("surrogate-entity", "References to surrogates go", _title("ক&#xD800;খ&#55357;&#56832;গ"), shows=("কখগ",)),
    text("reference-beyond", "References beyond Unicode go", _title("ক&#x110000;খ&#99999999999;&#xFFFFFFFFF;গ"), shows=("ক",)),
    text(
        "title-empty",
        "A story without a headline is shown by its first words",
        items(post(11, "", "<p>প্রথম কথা এই।</p>")),
        shows=("প্রথম কথা এই",),
    ),
    text(
        "title-and-text-empty",
        "A story of a link alone can be reached",
        items("<item><link>@portal@/khali/</link></item>"),
        shows=("/khali/",),
    ),
    text(
        "title-blank",
        "A headline of invisible blanks is none",
        items(post(11, "\u200b\u3164\u2800\xa0 ", "<p>প্রথম কথা এই।</p>")),
        shows=("প্রথম কথা এই",),
    ),
    text(
        "title-missing",
        "A story without a title element is shown",
        items("<item><link>@portal@/x/</link><description>শুধু কথা</description></item>"),
        shows=("শুধু কথা",),
    ),
    text("wide", "Letters two cells wide are no trouble", _title("日本語" * 200)),
    text("ligatures", "Letters of all sizes are no trouble", _title("﷽𒐫⸻" * 50)),
    text("nfkc", "Letters that look like brackets stay letters", _title("［ভিডিও］＜b＞ ‹›"), shows=("［ভিডিও］",)),
    text("interlinear", "Annotations go", _title("ক\ufff9খ\ufffaগ\ufffb"), shows=("কখগ",)),
    text(
        "variation", "Variation selectors in rows are cut", _title("ক" + "\ufe0f" * 500 + "\U000e0100" * 500), hides=("\ufe0f" * 6,)
    ),
    text(
        "author-long",
        "A name of 10,000 letters is cut",
        items(post(11, more=f"<dc:creator>{'নাম ' * 2500}</dc:creator>")),
        hides=("নাম " * 40,),
    ),
    text(
        "category-odd",
        "Odd names of categories are names",
        items(
            post(
                11, more="<category>../../x</category><category>%00</category><category>a/b?c#d</category><category>-rf</category>"
            )
        ),
        shows=("a/b?c#d",),
    ),
)

FAULTS = (
    *_ESCAPE,
    *_MARKUP,
    *_TEXT,
)
