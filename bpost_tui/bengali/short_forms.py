"""What newspapers shorten, and what it stands for. Standard library only."""

from __future__ import annotations

_LATIN_NAMES = "এ বি সি ডি ই এফ জি এইচ আই জে কে এল এম এন ও পি কিউ আর এস টি ইউ ভি ডব্লিউ এক্স ওয়াই জেড"
LATIN_LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", _LATIN_NAMES.split(), strict=True))
"""What the Latin letters are called; Bengali writes initials so: এ.আর. রহমান."""
SHORT_FORMS = {
    "ড.": "ডক্টর",
    "ডঃ": "ডক্টর",
    "ডা.": "ডাক্তার",
    "ডাঃ": "ডাক্তার",
    "মো.": "মহম্মদ",
    "মোঃ": "মহম্মদ",
    "লি.": "লিমিটেড",
    "প্রা.": "প্রাইভেট",
    "খ্রি.": "খ্রিস্টাব্দ",
    "নং": "নম্বর",
    "কিমি": "কিলোমিটার",
    "মিমি": "মিলিমিটার",
    "সেমি": "সেন্টিমিটার",
}
WITH_FULL_STOP = frozenset(form for form in SHORT_FORMS if form.endswith(".")) | {f"{name}." for name in LATIN_LETTERS.values()}
"""Words whose full stop ends no sentence."""
