"""Sounds of Bengali words in Roman letters, and a key shared by words that sound alike. Pure.

The obvious way is to transliterate a query by fixed rules, as input methods do, and to look up the result. But people don't write
by rules: the same word is khorogpur or kharagpur, mamata or momota, while Avro's strict spelling is khoRgopur. Readers would have
to learn Avro to search. Comparing a query with every word of the library by edit distance would find all spellings, but a library
has tens of thousands of different words.

So both scripts are brought to one loose spelling (`sounds`). Its consonants, by class and without repetitions, are the key
(`keys`); the index keeps each word under its keys. Vowels and aspirates, the part that people spell in every way, aren't in the
key: they only rank the words that share it (`similarity`). A spelling that may be read in several ways, such as `c` or `ng`, has
several loose spellings and keys. The whole vocabulary needs keys, so `key_pairs` makes them from many words at once, by replacing
in a joined text and translating bytes.

This module has no dictionary: of the words that sound alike, a search finds the words that occur in the library. Words are in the
form of `normalise`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

INHERENT = "ô"
"""Roman letter that the function `sounds` writes for the inherent vowel: the vowel of a consonant without a vowel sign.

Writers type a, o or nothing for it.
"""

OPEN = "ä"
"""Roman letter that the function `sounds` writes for the first part of the diphthongs ৈ and ৌ: writers type a or o (Kailash,
boishakh)."""

HASANT = "\u09cd"
_LETTERS = {
    **dict(
        zip(
            "কখগঘঙচছজঝঞটঠডঢণতথদধন",
            ["k", "kh", "g", "gh", "Ng", "c", "ch", "j", "jh", "NG", "T", "Th", "D", "Dh", "N", "t", "th", "d", "dh", "n"],
            strict=True,
        )
    ),
    **dict(zip("পফবভমযরলশষসহৰৱ", ["p", "f", "b", "bh", "m", "z", "r", "l", "sh", "Sh", "s", "h", "r", "w"], strict=True)),
    "ড\u09bc": "R",
    "ঢ\u09bc": "Rh",
    "য\u09bc": "y",
}
_VOWELS = dict(zip("অআইঈউঊঋএঐওঔ", ["o", "a", "i", "I", "u", "U", "rri", "e", "OI", "O", "OU"], strict=True))
_SIGNS = dict(zip("ািীুূৃেৈোৌ", ["a", "i", "I", "u", "U", "rri", "e", "OI", "O", "OU"], strict=True))
_OTHERS = {"ং": "ng", "ঃ": "", "ঁ": ""}
_LOOSE = {**_LETTERS, "চ": "ch", "ছ": "ch", "ঞ": "n", "ণ": "n", "য": "j"}
_BENGALI = re.compile("[কখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহৰৱ]\u09bc?|.", re.DOTALL)

# respellings of both scripts: pattern, sound, examples
_SHARED = (
    ("ksh|kkh", "kh", "shikkha শিক্ষা"),
    ("(?:c?ch)+h?", "ch", "ichha ইচ্ছা"),
    (r"(.)\1+", r"\1", "congress কংগ্রেস"),
    (f"(?<=[aou{OPEN}{INHERENT}])iy", "y", "saiyid সৈয়দ"),
    (f"(?<=[aeou{INHERENT}])y$", "i", "bombay বোম্বাই"),
)
# respellings of Roman letters alone, many for English words: pattern, sound, examples; applied in this order
_ROMAN = (
    ("^wh", "h", "whatsapp হোয়াটসঅ্যাপ"),
    ("^sch", "sk", "school স্কুল"),
    ("ction", "kôshôn", "election ইলেকশন"),
    ("(?:ss|t|s)ion", "shôn", "station স্টেশন"),
    ("igh(?![aeiou])", "ai", "flight ফ্লাইট"),
    ("ough(?=t)", "o", "thought থট"),
    ("dge|(?<=lle)ge$|(?<=n)ge$", "j", "bridge ব্রিজ, college কলেজ, challenge চ্যালেঞ্জ"),
    ("jng?(?=[aeiouy])", "gy", "bijnan বিজ্ঞান"),
    ("tch", "ch", "match ম্যাচ"),
    ("que$", "q", "cheque চেক"),
    ("ck|q(?!$)", "k", "iqbal ইকবাল"),
    ("ph", "f", "photo ফটো"),
    ("z", "j", "ramzan রমজান"),
    ("^ye(?=a)", "y", "yeasin ইয়াসিন"),
    ("^eu", "iu", "europe ইউরোপ"),
    ("^sy(?=ed)", "saiy", "syeda সৈয়দা"),
    ("(?<=[aeou])y(?=[^aeiouy])", "i", "joypur জয়পুর"),
    ("(?<=[^aeiouy])y$", "i", "city সিটি"),
    ("(?<=[sthd])v", "w", "ishvar ঈশ্বর"),
    ("ee|ii", "i", "neet নিট"),
    ("oo|uu", "u", "trinamool তৃণমূল"),
    ("(?<=[aeo])h$", "", "howrah হাওড়া"),
    ("pore$", "pur", "cossipore কাশীপুর"),
)
# spellings with several readings: pattern, readings, example
_DOUBTFUL = (
    ("ou", ("ou", "o", "u"), "court কোর্ট"),
    ("c(?=[eiy])", ("s", "ch"), "office অফিস"),
    ("c(?!h)", ("k", "ch"), "tractor ট্রাক্টর"),
    ("(?:x|xsh|ksh|kkh)m", ("khm", "kh"), "laxmi লক্ষী"),
    ("x", ("ks", "kh"), "taxi ট্যাক্সি"),
    ("ksh", ("kh", "kôsh"), "workshop ওয়ার্কশপ"),
    ("ng(?=[aeiouôrlh])", ("ng", "nôg"), "narayangarh নারায়ণগড়"),
    ("rj(?=[aoô])", ("ry", "rj"), "surjo সূর্য"),
    ("m(?=[bp])", ("m", "ng"), "sambad সংবাদ"),
    ("(?<=[aeiou])w(?=[aeiou])", ("w", "b"), "bhowanipore ভবানীপুর"),
    ("(?<=[^aeiouw])w(?=a)", ("w", "oy"), "katwa কাটোয়া"),
    ("^y", ("j", "iy"), "yusuf ইউসুফ"),
    ("^u(?=[^aeiou])", ("u", "iu"), "union ইউনিয়ন"),
    ("(?<=..)er$", ("er", "ar"), "voter ভোটার"),
    ("ain(?=e?$)", ("ain", "en"), "train ট্রেন"),
    ("aon$", ("aon", "an"), "bongaon বনগাঁ"),
    ("i(?=[bdfgklmnprstv]e$)", ("i", "ai"), "time টাইম"),
    ("a(?=[dgkmnprst]e$)", ("a", "e"), "saltlake সল্টলেক"),
    ("ea", ("ea", "ia", "i"), "teacher টিচার"),
    ("iq$", ("ik", "ek"), "tariq তারেক"),
    ("uq$", ("uk", "ôk"), "huq হক"),
    ("q$", ("k",), "haque হক"),
)
# letters inside a word that some people write as in Hindi or Sanskrit: narayangad, bhagwanpur, yogayog
_BORROWED = (("(?<=.)d(?![dh])", "r"), ("(?<=.)dh", "rh"), ("(?<=.)w", "b"), ("(?<=.)y", "j"))

# English respellings, for `as_english`: pattern, spelling as in Roman Bengali, examples; applied in this order. They aren't in
# `_ROMAN`, because they would spoil Bengali words: kale (কালে) would be kel. They were derived from one half of a list of names in
# both scripts, and tried with the other half (docs/what-was-tried.md).
_ENGLISH = (
    ("^v[ao]n$", "fon", "von ফন"),
    ("(?<=i)ch(?=el)", "sh", "michel মিশেল"),
    ("^ch(?=[lr])|(?<=i)ch(?=ol)", "k", "chris ক্রিস, nicholas নিকোলাস"),
    ("^charl(?=[io])", "sharl", "charlotte শার্লট"),
    ("sch(?!ool)", "sh", "fischer ফিশার"),
    ("ph(?=en)", "v", "stephen স্টিভেন"),
    ("c?ques?$", "k", "jacques জাক"),
    ("eau", "o", "beau বো"),
    ("^new", "niu", "newton নিউটন"),
    ("ew", "u", "andrew অ্যান্ড্রু"),
    ("ugh$", "iu", "hugh হিউ"),
    ("^dj", "j", "djibouti জিবুতি"),
    ("(?<!g)g(?=[eiy])", "j", "gerald জেরাল্ড"),
    ("(?<=[aeiou])s(?=[aeiouy])", "z", "rosy রোজী"),
    ("(?<=e)x(?=a)", "kz", "alexander আলেকজান্ডার"),
    ("e(?=[^aeiouwxy]es?$)|^e(?=va)", "i", "steve স্টিভ, eva ইভা"),
    ("a(?=[^aeiouwxy](?:e|ie|y)s?$)", "e", "james জেমস, amy এমি"),
    ("a[iy](?!$)", "ei", "daisy ডেইজি"),
    ("oy(?=[^aeiouy]e)", "oye", "boyce বয়েস"),
    ("(?<=[^aeiou])y(?=[^aeiouy]?e$)", "ai", "kyle কাইল"),
    ("c(?=es?$)", "s", "lance ল্যান্স"),
    ("(?<=[^aeiou])e(?=s?$)", "", "bates বেট্স"),
    ("(?<=[^aeiou])(?:ey|ie)(?=s?$)", "i", "shirley শার্লি, christie ক্রিস্টি"),
    ("ay$", "e", "murray মারে"),
    ("al(?=[km])", "a", "walker ওয়াকার"),
    ("a[uw]", "o", "paul পল"),
    ("ow(?=[dn])", "au", "downing ডাউনিং"),
    ("ear(?=[lnt])|[ei]r(?=[^aeiouyr]|$)|ur(?=[^aeiouyr])", "ar", "burgess বার্জেস"),
    ("^wh(?=i)", "hu", "whitaker হুইটেকার"),
    ("ou(?=n[gt])", "a", "young ইয়াং"),
    ("(?<=[^aeiou])u(?=([^aeiouhnrwy])\\1|[^aeiouhrwy](?:[^aeiouhrwy]|$)|rr|th|sh$)", "a", "sunny সানি, gus গাস"),
    ("th(?=ar)", "d", "sutherland সাদারল্যান্ড"),
    ("ichael", "aikel", "michael মাইকেল"),
)

# a ছ at the end of a verb is never an s: করছে, বলেছিলেন
_IS_VERB = re.compile("ছ(?:ে|েন|ি|িস|িল|িলে|িলেন|িলাম|ো)?[ইও]?$")

# a ba or ma below another letter is often silent, but not in mb and rb
_SILENT = re.compile("(?<![মরব])\u09cd[বম](?!\u09cd)")

_DIPHTHONG = re.compile("o([iu])")
# haider is হায়দার
_GLIDE = re.compile(f"(?<=[aeo{INHERENT}{OPEN}])y{INHERENT}(?=[^aeiou])")
# khurram is খুররম
_SLURRED = re.compile(rf"([^aeiou]){INHERENT}\1(?=.)")

_SOUNDS = re.compile("kh|gh|ng|ch|jh|th|dh|bh|sh|.")
_CLASSES = {
    **dict(zip("kgjtdnpbsmrl", "kgjtdnpbsmrl", strict=True)),
    "kh": "k",
    "gh": "g",
    "ch": "c",
    "jh": "j",
    "th": "t",
    "dh": "d",
    "ng": "n",
    "bh": "b",
    "sh": "s",
    "f": "p",
    "v": "b",
}
_REPEATED = re.compile(r"(\S)(?=\1)")
_FOREIGN = re.compile("[^\x00-\x7f\u0980-\u09ff]")
# from Bengali letters directly to the classes, since this is done for the whole vocabulary; conjuncts first
_CONJUNCTS = (
    *((letter + "\u09bc", sound) for letter, sound in (("ড", "র"), ("ঢ", "র"), ("য", ""))),
    *((first + HASANT + second, sound) for first, second, sound in ("কষক", "কশক", "জঞগ", "ঙগঙ")),
    ("ংগ", "ঙ"),
    (HASANT + "য", ""),
)
_CLASS_OF = {
    **dict.fromkeys(range(2432, 2560)),
    **{ord(letter): _CLASSES.get(_LOOSE[letter].lower(), "") for letter in _LOOSE if len(letter) == 1},
    **dict.fromkeys(map(ord, "ঋৃ"), "r"),
    **dict.fromkeys(range(ord("0"), ord("9") + 1)),
    ord("ং"): "n",
    ord("হ"): None,
}
_CLASS_OF_BYTE = bytes(ord(_CLASS_OF.get(0x900 + byte) or "\0") if byte >= 0x80 else byte for byte in range(256))
_WITHOUT_CLASS = bytes(code & 0xFF for code, sound in _CLASS_OF.items() if not sound)
"""Bengali letters that phonetic keys leave out, such as vowels: for each, the low byte of its code point."""


def avro(word: str) -> str:
    """Return the Roman letters that type a Bengali word in Avro, a phonetic input method. The o of inherent vowels is left out."""
    return _spelt(word, _LETTERS, "")


def is_avro(word: str, roman: str) -> bool:
    """Whether Roman letters, with their capitals, are the Avro spelling of a Bengali word.

    An inherent vowel may be typed as o or left out.
    """
    if avro(word) != roman.replace("o", "").replace("Z", "y"):
        return False
    spelt = "".join("o?" if letter == INHERENT else re.escape(letter) for letter in _spelt(word, _LETTERS, INHERENT))
    return re.fullmatch(f"{spelt}o?", roman.replace("Z", "y")) is not None


@lru_cache(maxsize=1 << 14)
def sounds(word: str) -> tuple[str, ...]:
    """Return a Roman spelling for each possible pronunciation of a word in Bengali or Roman letters: usually one.

    Words that sound alike have similar spellings.
    """
    if word.isascii():
        return tuple(dict.fromkeys(_read_roman(word)))
    return tuple(dict.fromkeys(_read_bengali(word)))


def as_english(roman: str) -> str:
    """Respell the English word `roman` in Roman letters as a Bengali writer hears it: james becomes jems.

    The result is the word itself if the two spellings are the same.
    """
    return _respelt(roman.lower(), _ENGLISH)


@lru_cache(maxsize=1 << 16)
def starts_like(word: str, roman: str) -> bool:
    """Whether a Bengali word begins with the sounds that Roman letters spell. Each o is ignored, so that horof matches হরফের."""
    starts = tuple(short for sound in sounds(roman) if (short := sound.replace("o", "")))
    return bool(starts) and any(sound.replace(INHERENT, "").replace("o", "").startswith(starts) for sound in sounds(word))


def keys(word: str) -> tuple[str, ...]:
    """Return the keys of a word of either script: its consonants without repetitions, each as its class of similar sounds.

    A word without consonants has no key.

    >>> keys("khorogpur") == keys("kharagpur") == keys("খড\u09bc\u09cdগপুর")
    True
    """
    if word.isascii():
        return tuple(key for key in dict.fromkeys(map(_key, _read_roman(word))) if key)
    return tuple(key for key in dict.fromkeys(_keys_of(" ".join(_readings(word))).split()) if key.isascii())


def likely_keys(words: Iterable[str]) -> set[str]:
    """Return a key (the consonants by class of sound) for each word of either script, by the word's likeliest reading.

    A word without consonants has no key.
    """
    words = tuple(words)
    found = {_key(next(_read_roman(word))) for word in words if word.isascii()}
    found |= {*_keys_of(" ".join(_readings(word)[-1] for word in words if not word.isascii())).split(" ")}
    return {key for key in found if key and key.isascii()}


def key_pairs(words: Iterable[str]) -> list[tuple[str, str]]:
    """Return (key, word) for each key (consonants by class of sound) of each word in `words`, which are Bengali and all different.

    This is much faster than calling `keys`.
    """
    read: list[str] = []
    meant: list[str] = []
    for word in words:
        if "\u09cdব" in word or "\u09cdম" in word or "ঁ" in word or "ছ" in word:
            readings = _readings(word)
            read += readings
            meant += [word] * len(readings)
        else:
            read.append(word)
            meant.append(word)
    found = zip(_keys_of(" ".join(read)).split(" "), meant, strict=False)
    return list(dict.fromkeys(pair for pair in found if pair[0] and pair[0].isascii()))


def _keys_of(words: str) -> str:
    """Return the keys (consonants by class of sound) of Bengali words; a word without consonants has an empty key.

    Words and keys are separated by spaces.
    """
    for conjunct, sound in _CONJUNCTS:
        words = words.replace(conjunct, sound)
    words = words.replace(" হ", " h")
    if words[:1] == "হ":
        words = f"h{words[1:]}"
    if _FOREIGN.search(words):
        return _without_repeats(words.translate(_CLASS_OF))
    # of ASCII and Bengali, the low bytes differ; translating bytes takes a twentieth of the time
    classes = words.encode("utf-16-le")[::2].translate(_CLASS_OF_BYTE, _WITHOUT_CLASS)
    return _without_repeats(classes.decode("ascii"))


def respellings(roman: str) -> tuple[str, ...]:
    """Return other Roman spellings of a word, to try if a search finds nothing: r for d, b for w, j for y."""
    found = (re.sub(pattern, spelling, roman.lower()) for pattern, spelling in _BORROWED)
    return tuple(spelling for spelling in dict.fromkeys(found) if spelling != roman)


def _key(sound: str) -> str:
    classes = [_CLASSES.get(part, "") for part in _SOUNDS.findall(sound)]
    if sound.startswith("h"):
        classes[0] = "h"
    return _without_repeats("".join(classes))


def _without_repeats(classes: str) -> str:
    return _REPEATED.sub("", classes)  # no group in the pattern: filling a group takes longer than finding the match


def _read_roman(word: str) -> Iterator[str]:
    word = _respelt(word.lower(), _ROMAN)
    doubtful = [(pattern, readings) for pattern, readings, _ in _DOUBTFUL if re.search(pattern, word)]
    for choice in product(*(readings for _, readings in doubtful)):
        reading = word
        for (pattern, _), chosen in zip(doubtful, choice, strict=True):
            reading = re.sub(pattern, chosen, reading)
        yield _shared(reading)


def _read_bengali(word: str) -> Iterator[str]:
    word = word.replace("জ\u09cdঞ", "গ\u09cdয").replace("অ\u09cdযা", "আ")
    for reading in _readings(word):
        sound = _shared(_DIPHTHONG.sub(f"{OPEN}\\1", _spelt(reading, _LOOSE, INHERENT).lower()))
        sound = INHERENT + sound[1:] if reading[:1] == "অ" else sound  # as in Abhishek
        yield sound
        if (slurred := _SLURRED.sub(r"\1", _GLIDE.sub("i", sound))) != sound:
            yield slurred


def _readings(word: str) -> tuple[str, ...]:
    """Return a Bengali word respelt for each of its possible pronunciations, the likeliest last.

    In a conjunct, ব or ম may be silent. A candrabindu may be silent, or be spoken as n. In names from Dhaka, ছ is often an s (নাছির
    is Nasir).
    """
    found: tuple[str, ...] = (word, _SILENT.sub("", word)) if "\u09cdব" in word or "\u09cdম" in word else (word,)
    if "ঁ" in word:
        found = tuple(reading.replace("ঁ", nose) for reading in found for nose in ("", "ন" + HASANT))
    if "ছ" in word and not _IS_VERB.search(word):
        found = (*(reading.replace("ছ", "স") for reading in found), *found)
    return found


def _shared(sound: str) -> str:
    return _respelt(sound, _SHARED)


def _respelt(word: str, table: Iterable[tuple[str, str, str]]) -> str:
    for pattern, spelling, _ in table:
        word = re.sub(pattern, spelling, word)
    return word


def _spelt(word: str, letters: dict[str, str], inherent: str) -> str:
    """Return a Bengali word in Roman letters.

    `letters` maps Bengali letters to Roman ones; letters that it lacks stay as they are. `inherent` is the Roman letter for an
    inherent vowel, which Bengali doesn't write; it is added after each consonant that has one, except at the word's end.
    """
    spelt: list[str] = []
    parts = _BENGALI.findall(word)
    for place, part in enumerate(parts):
        before = parts[place - 1] if place else ""
        if before in letters and part != HASANT and part not in _SIGNS:
            spelt.append(inherent)
        if part in letters:
            joined = before == HASANT and place > 1
            spelt.append(
                {"য": "y", "ব": "b" if parts[place - 2] in "মরব" else "w"}.get(part, letters[part]) if joined else letters[part]
            )
        else:
            spelt.append(_SIGNS.get(part) or _VOWELS.get(part) or _OTHERS.get(part, part))
    return "".join(spelt).replace(HASANT, "")
