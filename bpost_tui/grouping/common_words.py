"""List of common words, each with the rough number of stories in 1,000 that have the word. All other words count as rare.

Each word has one of three numbers: 500, 90 or 25. The list was compiled by hand from everyday words of Bengali papers, because a
new library has no stories to count words in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from bpost_tui.bengali.normalise import words
from bpost_tui.grouping.word_keys import word_key

SAMPLE_STORIES = 1000
"""Number of stories that the list's numbers refer to: a word with the number 500 occurs in 500 of 1,000 stories."""
_RARE = 2
"""Number of stories, of 1,000, for each word that isn't in the list. It is a rough estimate."""
RARE_SHARE = _RARE / SAMPLE_STORIES

_EVERYWHERE = 500
_WORDS_EVERYWHERE = """
ও এবং আর বা কিন্তু তবে যে যা যদিও যদি তাই তাও সে তিনি তাঁর তার তাঁরা তাদের তাঁদের এই ওই সেই এ এর এরা এদের ইনি কে কী কি কেন কোথায় কখন
কোন কোনও কোনো কিছু কয়েক অনেক সব সকল সবাই সমস্ত প্রতি প্রতিটি প্রত্যেক আরও আরো একটি একটা এক একজন একাধিক অন্য অন্যান্য অন্যদিকে নিজের নিজে
নিজস্ব হয় হয়ে হয়েছে হয়েছেন হয়েছিল হচ্ছে হল হলো হলেন হতে হবে হওয়া হওয়ার হওয়ায় হলে ছিল ছিলেন ছিলো আছে আছেন রয়েছে রয়েছেন থাকা থেকে থাকে
থাকবে থাকবেন থাকছে নেই নয় না নি নিয়ে নিয়েছে নেওয়া নেন দিয়ে দিয়েছে দিয়েছেন দেওয়া দেন দেয় দিল দিলেন দিতে দেবে দেবেন দিচ্ছে করা করে করেন
করেছে করেছেন করছে করছেন করতে করবে করবেন করল করলেন করলো করার করায় করলে করেই করেছিল করেছিলেন যায় যান যাচ্ছে যাবে গেল গেলেন গেছে গিয়েছে গিয়ে
গেলে যাওয়া যাওয়ার আসে এসে এসেছে এসেছেন আসা আসার আসেন আসছে আসছেন বলে বলেন বলেছেন বলছেন বলা বলল বললেন বলতে জানা জানান জানিয়েছে জানিয়েছেন
জানিয়ে জানাল জানালেন জানায় জানানো জানাচ্ছে জানতে পারে পারেন পারা পারেনি পেয়ে পেয়েছে পেয়েছেন পান পাওয়া পায় পেল পেলেন দেখা দেখে দেখতে দেখেন
পড়ে পড়েছে পড়েন পড়ল পড়া ওঠে উঠেছে উঠল ওঠা চলে চলছে চলেছে চলা চলবে চলল শুরু শেষ মধ্যে মাঝে জন্য জন্যে সঙ্গে সাথে কাছে কাছেই পরে পর আগে আগেই
উপর উপরে ওপর ওপরে নিচে নীচে ভিতরে ভেতরে বাইরে দিকে পাশে পাশেই সামনে পিছনে মতো মত মাধ্যমে দ্বারা কর্তৃক হিসেবে হিসাবে অনুযায়ী বিরুদ্ধে পক্ষ
তরফে তরফ পক্ষে বিষয়ে বিষয় বিষয়টি কারণে কারণ ফলে জেরে কথা কথায় কাজ কাজে সময় সময়ে সময়ই দিন দিনে দিনের দিনই রাত রাতে সকাল সকালে দুপুর দুপুরে বিকেল
বিকেলে সন্ধ্যা সন্ধ্যায় সন্ধে ভোর ভোরে গভীর আজ আজকে কাল গতকাল গত এদিন সেদিন আগামী এখন এখনও এবার তখন যখন আবার ফের অবশেষে প্রায় নাগাদ
সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার রবিবার জন জনের টি টা মাত্র মোট বেশি কম বড় ছোট নতুন নতুনভাবে পুরনো প্রথম দ্বিতীয় তৃতীয় দুই দু
তিন চার পাঁচ ছয় সাত আট নয় দশ হাজার লক্ষ কোটি টাকা টাকার বছর বছরের মাস ঘণ্টা মিনিট সালে সাল স্থানীয় সূত্রে সূত্রের খবর খবরে ঘটনা ঘটনায় ঘটনার
ঘটনাটি ঘটনাটা ঘটে ঘটেছে এলাকা এলাকায় এলাকার এলাকাবাসী জেলা জেলার জেলায় রাজ্য রাজ্যের রাজ্যে মানুষ মানুষের মানুষজন বাসিন্দা বাসিন্দারা পুলিশ
তথা তো তেমন এমন এমনকি এছাড়া পাশাপাশি ইতিমধ্যে ইতিমধ্যেই প্রসঙ্গত উল্লেখ্য শুধু কেবল পর্যন্ত নাম নামে নামের বলেই হয়নি মূলত একই সহ ঘিরে দীর্ঘ
দীর্ঘদিন দীর্ঘদিনের একাংশ অবশ্য নিজস্ব সংবাদদাতা প্রতিবেদন প্রতিনিধি প্রতিবেদক বিশেষ দ্য বেঙ্গল পোস্ট সংবাদ
the of in a an to and on at for by from with is was are were be been as it its that this which who has have had will would not but
or he his she her they their them said says also after over into about more than one two new first year years day
"""
_COMMON = 90
_WORDS_COMMON = """
থানা থানার গ্রাম গ্রামে গ্রামের শহর শহরের শহরে ব্লক ব্লকের পুরসভা পঞ্চায়েত পশ্চিম পূর্ব উত্তর দক্ষিণ পশ্চিমবঙ্গ বাংলা কলকাতা মেদিনীপুর ভারত
ভারতীয় দেশ দেশের কেন্দ্র কেন্দ্রীয় সরকার সরকারি সরকারের মুখ্যমন্ত্রী মন্ত্রী নেতা নেত্রী সভাপতি সম্পাদক কর্মী কর্মীরা সদস্য সদস্যরা প্রশাসন
প্রশাসনের আধিকারিক আধিকারিকরা কর্তৃপক্ষ দফতর দপ্তর বিভাগ তৃণমূল বিজেপি সিপিএম কংগ্রেস দল দলের দলীয় রাজনৈতিক বাড়ি বাড়িতে পরিবার পরিবারের
ছেলে মেয়ে বাবা মা স্ত্রী স্বামী ভাই যুবক যুবতী তরুণ তরুণী ব্যক্তি মহিলা শিশু বৃদ্ধ ছাত্র ছাত্রী পড়ুয়া পড়ুয়ারা শিক্ষক শিক্ষিকা স্কুল স্কুলের
কলেজ বিদ্যালয় হাসপাতাল হাসপাতালে চিকিৎসক চিকিৎসা রাস্তা রাস্তায় সড়ক জাতীয় অভিযোগ অভিযুক্ত দাবি তদন্ত তদন্তে উদ্ধার মৃত্যু মৃত্যুর মৃত দেহ
আহত জখম গুরুতর ভর্তি প্রাথমিক গ্রেপ্তার গ্রেফতার ধৃত আটক দুর্ঘটনা ব্যাপক চাঞ্চল্য ছড়িয়েছে ছড়াল ছড়ায় খুশি ক্ষোভ সমস্যা ব্যবস্থা উদ্যোগ
উদ্যোগে অনুষ্ঠান অনুষ্ঠিত উপস্থিত আয়োজন আয়োজিত প্রকল্প পরিষেবা কর্মসূচি সম্পাদক সাধারণ বিভিন্ন ইত্যাদি হাতে হাত চোখ মাথা জল গাড়ি বাজার রেল
ট্রেন স্টেশন বাস পুজো উৎসব ভোট নির্বাচন পরীক্ষা ফল ক্লাব মাঠ খেলা খেলার ম্যাচ দলের জয় জয়ী হার প্রতিযোগিতা এলাকাজুড়ে যাত্রী যাত্রীরা
west bengal midnapore medinipur paschim police kolkata
i we you your our all no so if when what how why where there out up down off before during between under against since until while
other some many most such only even still now then last next many three four five six seven eight nine ten million billion
government minister prime president people country state national news report reported according told official officials today
yesterday monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december time week month party court world city public company man men woman women family home old can could may
should must being made make makes take takes took get gets got set show shows shown former top leader chief killed dead death
"""
_FREQUENT = 25
_WORDS_FREQUENT = """
দেহ মৃতদেহ ময়নাতদন্ত আদালত আদালতে হেফাজত জামিন ধাক্কা ধাক্কায় লরি লরির ট্রাক বাইক মোটরবাইক সাইকেল চালক আরোহী নিহত প্রাণ হারালেন হারাল সংঘর্ষ
মুখোমুখি পথ মর্মান্তিক আত্মহত্যা ঝুলন্ত রহস্যমৃত্যু খুন ছুরি আগ্নেয়াস্ত্র পিস্তল কার্তুজ চুরি ডাকাতি ছিনতাই প্রতারণা সাইবার গাঁজা পাচার মাদক অস্ত্র
আগুন অগ্নিকাণ্ড দমকল ইঞ্জিন ক্ষয়ক্ষতি ক্ষতি ভস্মীভূত দোকান বৃষ্টি ঝড় বজ্রপাত বাজ নিম্নচাপ পূর্বাভাস আবহাওয়া তাপমাত্রা ডিগ্রি সেলসিয়াস
সর্বনিম্ন সর্বোচ্চ শীত গরম কুয়াশা বন্যা প্লাবিত নদী বাঁধ জলস্তর হাতি দাঁতাল বনদফতর বন দপ্তর রেঞ্জ জঙ্গল ফসল ধান আলু চাষি কৃষক চাষ হিমঘর কেজি দাম
বিক্ষোভ অবরোধ মিছিল সভা জনসভা ধর্মঘট বনধ প্রতিবাদ স্মারকলিপি ডেপুটেশন আন্দোলন উদ্বোধন উদ্বোধনে শিলান্যাস সূচনা সংবর্ধনা শিবির রক্তদান স্বাস্থ্য
সচেতনতা মেলা বইমেলা প্রদর্শনী সেমিনার কর্মশালা মাধ্যমিক উচ্চমাধ্যমিক নম্বর মেধাতালিকা রেজাল্ট ভর্তি নিয়োগ টেট বিধায়ক সাংসদ জেলাশাসক মহকুমাশাসক
বিডিও কাউন্সিলর প্রধান উপপ্রধান পুরপ্রধান প্রার্থী বুথ আসন ব্যবধান ভোটে ভোটার তালিকা লোকসভা বিধানসভা কমিটি বৈঠক ঘোষণা নির্দেশ রায় বিচারপতি
হাইকোর্ট সুপ্রিম কোর্ট মামলা ফুটবল ক্রিকেট গোল গোলে গোলে রান উইকেট ফাইনাল সেমিফাইনাল লিগ কাপ চ্যাম্পিয়ন অধিনায়ক টেস্ট একদিনের সিরিজ কোচ স্টেডিয়াম
প্রয়াত প্রয়াণ প্রয়াণে শোক শোকস্তব্ধ শ্রদ্ধা শেষকৃত্য বয়স বয়সে বার্ধক্যজনিত অসুস্থতা অসুস্থ ভুগছিলেন সাহিত্যিক শিল্পী অভিনেতা প্রাক্তন বিশিষ্ট
টিকিট এক্সপ্রেস লোকাল প্ল্যাটফর্ম লাইন পরিষেবা বাতিল স্থগিত চালু বন্ধ সেতু সংস্কার বরাদ্দ কাজের নির্মাণ বিশ্ববিদ্যালয় উপাচার্য গবেষণা অধ্যাপক
সোনা রুপো গ্রাম ভরি পেট্রোল ডিজেল লিটার গ্যাস সিলিন্ডার সেনসেক্স নিফটি শেয়ার সূচক পয়েন্ট সবজি পেঁয়াজ টম্যাটো ডিম মাছ মুরগি মাংস
accident fire arrest arrested injured injuries attack case charges accused victim hospital road bus truck train rain flood weather
election vote votes voters candidate candidates parliament assembly seat seats campaign opposition congress bjp trinamool policy law
bill budget tax market markets stock stocks price prices bank crore lakh rupees dollar economy growth trade oil gas gold deal talks
war military army forces security border peace ceasefire protest protests workers students student school university teacher health
doctor disease water food technology data ai app phone service services online social media video film match team cup final win
wins won lost beat beats goal goals run runs wicket wickets cricket football player players coach league series title season
call calls called plan plans help need needs high low big major key early late long end start
begin begins continue held hold meeting
"""


def per_thousand(key: str) -> int:
    """Return the number of stories, out of 1,000, that have the word with this `key`; for an unlisted word, a low number."""
    return _counts().get(key, _RARE)


def word_shares(hashes: Callable[[str], Iterable[int]]) -> dict[int, float]:
    """Map each number that `hashes` returns for a listed word to the share of stories (0 to 1) that have the word."""
    return {number: count / SAMPLE_STORIES for word, count in _words().items() for number in hashes(word)}


@cache
def _counts() -> dict[str, int]:
    return {word_key(word): count for word, count in _words().items()}


@cache
def _words() -> dict[str, int]:
    """Return the listed words with the number of stories, out of 1,000, that have each word; the most common words come last."""
    bands = ((_FREQUENT, _WORDS_FREQUENT), (_COMMON, _WORDS_COMMON), (_EVERYWHERE, _WORDS_EVERYWHERE))
    return {word: count for count, text in bands for word in words(text)}
