"""Places and families whose English names differ in sound from the Bengali ones. Names are written as normalise.py writes words."""

from __future__ import annotations

NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("মেদিনীপুর", ("midnapore", "midnapur")),
    ("কলকাতা", ("calcutta", "kolkata")),
    ("খড়\u09cdগপুর", ("kharagpur", "kgp")),
    ("তমলুক", ("tamluk",)),
    ("কাঁথি", ("contai",)),
    ("বর্ধমান", ("burdwan",)),
    ("হুগলি", ("hooghly",)),
    ("বহরমপুর", ("berhampore",)),
    ("চুঁচুড়া", ("chinsurah", "chinsura")),
    ("চন্দননগর", ("chandernagore",)),
    ("শ্রীরামপুর", ("serampore",)),
    ("হাওড়া", ("howrah",)),
    ("বাঁকুড়া", ("bankura",)),
    ("দিঘা", ("digha",)),
    ("বালেশ্বর", ("balasore",)),
    ("ঢাকা", ("dacca",)),
    ("দিল্লি", ("delhi",)),
    ("মুম্বই", ("mumbai", "bombay")),
    ("পশ্চিমবঙ্গ", ("bengal",)),
    *(
        (name + "োপাধ্যায়", english)
        for name, english in (
            ("বন্দ্য", ("banerjee", "banerji")),
            ("মুখ", ("mukherjee", "mukherji")),
            ("চট্ট", ("chatterjee", "chatterji")),
            ("গঙ্গ", ("ganguly", "ganguli")),
        )
    ),
)
"""(Bengali name, English names)."""
