"""Abbreviations in newspapers, and their full forms. Standard library only."""

from __future__ import annotations

_LATIN_NAMES = "এ বি সি ডি ই এফ জি এইচ আই জে কে এল এম এন ও পি কিউ আর এস টি ইউ ভি ডব্লিউ এক্স ওয়াই জেড"
LATIN_LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", _LATIN_NAMES.split(), strict=True))
"""Maps Latin letters to their Bengali names. Bengali writes initials with these names: এ.আর. রহমান."""
SHORT_FORMS = {
    **dict.fromkeys(("ড.", "ডঃ", "ড:"), "ডক্টর"),
    **dict.fromkeys(("ডা.", "ডাঃ", "ডা:"), "ডাক্তার"),
    **dict.fromkeys(("মো.", "মোঃ", "মো:", "মহঃ", "মহ:", "মহ.", "মুঃ"), "মহম্মদ"),
    **dict.fromkeys(("প্রো.", "প্রফেঃ", "অধ্যা.", "অধ্যাঃ"), "অধ্যাপক"),
    **dict.fromkeys(("প্রা.", "প্রাঃ"), "প্রাইভেট"),
    **dict.fromkeys(("লি.", "লিঃ"), "লিমিটেড"),
    **dict.fromkeys(("খ্রি.পূ.", "খ্রিঃপূঃ", "খ্রি. পূ."), "খ্রিস্টপূর্ব"),
    **dict.fromkeys(("খ্রি.", "খ্রিঃ", "খ্রী."), "খ্রিস্টাব্দ"),
    **dict.fromkeys(("নং", "নং.", "নঃ"), "নম্বর"),
    **dict.fromkeys(("তাং", "তাং."), "তারিখ"),
    **dict.fromkeys(("উ.প্র.", "উঃপ্রঃ"), "উত্তরপ্রদেশ"),
    **dict.fromkeys(("ম.প্র.", "মঃপ্রঃ"), "মধ্যপ্রদেশ"),
    **dict.fromkeys(("প.ব.", "পঃবঃ", "পঃবঙ্গ"), "পশ্চিমবঙ্গ"),
    **dict.fromkeys(("মি.", "মিঃ"), "মিস্টার"),
    "মিসেস.": "মিসেস",
    "শ্রী.": "শ্রী",
    "শ্রীমতী.": "শ্রীমতী",
    "কু.": "কুমারী",
    "রু.": "টাকা",
    "পৃ.": "পৃষ্ঠা",
    "বি.দ্র.": "বিশেষ দ্রষ্টব্য",
    "কিমি/ঘণ্টা": "কিলোমিটার প্রতি ঘণ্টা",
    "কিমি": "কিলোমিটার",
    "মিমি": "মিলিমিটার",
    "সেমি": "সেন্টিমিটার",
    "বর্গকিমি": "বর্গকিলোমিটার",
    "বর্গমি": "বর্গমিটার",
    "কিগ্রা": "কিলোগ্রাম",
    "মিগ্রা": "মিলিগ্রাম",
    "মিলি": "মিলিলিটার",
}
"""Maps abbreviations to their spoken forms; several abbreviations may have the same spoken form."""
UNITS = {
    "কি.মি.": "কিলোমিটার",
    "মি.মি.": "মিলিমিটার",
    "সে.মি.": "সেন্টিমিটার",
    "ব.কি.মি.": "বর্গকিলোমিটার",
    "বর্গ কি.মি.": "বর্গ কিলোমিটার",
    "বর্গকি.মি.": "বর্গকিলোমিটার",
    "কি.গ্রা.": "কিলোগ্রাম",
    "মি.গ্রা.": "মিলিগ্রাম",
    "কে.জি.": "কেজি",
    "মি.লি.": "মিলিলিটার",
    "কি.লি.": "কিলোলিটার",
    "গ্রা.": "গ্রাম",
    "মি.": "মিটার",
    "লি.": "লিটার",
    "ঘ.": "ঘণ্টা",
    "সে.": "সেকেন্ড",
    "ফু.": "ফুট",
    "ই.": "ইঞ্চি",
    "টা.": "টাকা",
}
"""Maps abbreviated units, which follow a number, to their full names. A text may omit the last of several full stops."""
DIRECTIONS = {"উ": "উত্তর", "দ": "দক্ষিণ", "প": "পশ্চিম", "পূ": "পূর্ব"}
"""Maps abbreviated directions in names of places to the full words. In a text, a full stop or visarga follows the abbreviation.

Examples are প. মেদিনীপুর and উঃ ২৪ পরগনা.
"""
_ENGLISH = (
    "Mr. Mrs. Ms. Dr. Prof. St. Sr. Jr. Md. Sk. No. Nos. Rs. Ltd. Pvt. Co. Inc. Govt. Dept. vs. "
    "etc. approx. e.g. i.e. Fig. Vol. Lt. Col. Gen. Capt. Sgt. Hon. Rev."
)
WITH_FULL_STOP = frozenset(
    form
    for forms in (SHORT_FORMS, UNITS, (f"{name}." for name in (*LATIN_LETTERS.values(), *DIRECTIONS)), _ENGLISH.split())
    for form in forms
    if form.endswith(".")
)
"""Abbreviations with a full stop that doesn't end a sentence."""
