"""Places that news of West Bengal comes from, by their names in either script. Data, and looking it up. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from bpost_tui.bengali.letters import composed, decomposed

_PLACES = """
মেদিনীপুর midnapore midnapur medinipur | খড়্গপুর kharagpur | খড়গপুর kharagpur kgp | ঘাটাল ghatal | ডেবরা debra
সবং sabang sabong | পিংলা pingla | দাঁতন dantan | কেশিয়াড়ি keshiary keshiari | নারায়ণগড় narayangarh | বেলদা belda
মোহনপুর mohanpur | কেশপুর keshpur | শালবনি salboni shalboni | শালবনী salboni | গড়বেতা garbeta garhbeta
গোয়ালতোড় goaltore | চন্দ্রকোনা chandrakona | চন্দ্রকোণা chandrakona | ক্ষীরপাই kshirpai | দাসপুর daspur
রামজীবনপুর ramjibanpur | বালিচক balichak | আনন্দপুর anandapur | জকপুর jakpur | কলাইকুণ্ডা kalaikunda | হুমগড় humgarh
সোনাখালি sonakhali | পশ্চিম মেদিনীপুর paschim-medinipur west-midnapore west-medinipur
পূর্ব মেদিনীপুর purba-medinipur east-midnapore east-medinipur | ঝাড়গ্রাম jhargram | গোপীবল্লভপুর gopiballavpur
সাঁকরাইল sankrail | জামবনি jamboni | বিনপুর binpur | লালগড় lalgarh | বেলপাহাড়ি belpahari | নয়াগ্রাম nayagram
শিলদা silda | লোধাশুলি lodhasuli | মানিকপাড়া manikpara | তমলুক tamluk | হলদিয়া haldia | কাঁথি contai kanthi
এগরা egra | পাঁশকুড়া panskura panshkura | কোলাঘাট kolaghat | মহিষাদল mahishadal | নন্দীগ্রাম nandigram
নন্দকুমার nandakumar | চণ্ডীপুর chandipur | ভগবানপুর bhagabanpur bhagwanpur | পটাশপুর patashpur | দিঘা digha
দীঘা digha | মন্দারমণি mandarmani | তাজপুর tajpur | খেজুরি khejuri | মেচেদা mecheda | সুতাহাটা sutahata
রামনগর ramnagar | বাজকুল bajkul | বাঁকুড়া bankura | বিষ্ণুপুর bishnupur | খাতড়া khatra | সোনামুখী sonamukhi
রাইপুর raipur | সিমলাপাল simlapal | সারেঙ্গা sarenga | তালড্যাংরা taldangra | ওন্দা onda | বড়জোড়া barjora
জয়পুর joypur | কোতুলপুর kotulpur | ছাতনা chhatna | পুরুলিয়া purulia | রঘুনাথপুর raghunathpur | আদ্রা adra
ঝালদা jhalda | বলরামপুর balarampur | মানবাজার manbazar | বান্দোয়ান bandwan | বর্ধমান burdwan bardhaman
পূর্ব বর্ধমান purba-bardhaman east-burdwan | পশ্চিম বর্ধমান paschim-bardhaman west-burdwan | আসানসোল asansol
দুর্গাপুর durgapur | কালনা kalna | কাটোয়া katwa | রানিগঞ্জ raniganj | জামুড়িয়া jamuria | মেমারি memari
গুসকরা guskara | অণ্ডাল andal | বীরভূম birbhum | সিউড়ি suri siuri | বোলপুর bolpur
শান্তিনিকেতন santiniketan shantiniketan | রামপুরহাট rampurhat | নলহাটি nalhati | সাঁইথিয়া sainthia
দুবরাজপুর dubrajpur | তারাপীঠ tarapith | লাভপুর labhpur | নানুর nanoor nanur | মুর্শিদাবাদ murshidabad
বহরমপুর berhampore baharampur | জঙ্গিপুর jangipur | লালবাগ lalbagh | ডোমকল domkal | ফরাক্কা farakka | ধুলিয়ান dhulian
সামশেরগঞ্জ samserganj | রঘুনাথগঞ্জ raghunathganj | বেলডাঙা beldanga | কান্দি kandi | নদিয়া nadia
কৃষ্ণনগর krishnanagar | রানাঘাট ranaghat | কল্যাণী kalyani | শান্তিপুর santipur shantipur | নবদ্বীপ nabadwip
চাকদহ chakdaha | তেহট্ট tehatta | করিমপুর karimpur | হাঁসখালি hanskhali | হুগলি hooghly hugli
চুঁচুড়া chinsurah chuchura | চন্দননগর chandannagar chandernagore | শ্রীরামপুর serampore | আরামবাগ arambagh
তারকেশ্বর tarakeswar | সিঙ্গুর singur | ডানকুনি dankuni | রিষড়া rishra | উত্তরপাড়া uttarpara | পান্ডুয়া pandua
ধনেখালি dhaniakhali | খানাকুল khanakul | গোঘাট goghat | হাওড়া howrah | উলুবেড়িয়া uluberia | বাগনান bagnan
শ্যামপুর shyampur | ডোমজুড় domjur | বেলুড় belur | সাঁতরাগাছি santragachi | শিবপুর shibpur
উত্তর ২৪ পরগনা north-24-parganas | উত্তর ২৪ পরগণা north-24-parganas | দক্ষিণ ২৪ পরগনা south-24-parganas
দক্ষিণ ২৪ পরগণা south-24-parganas | বারাসত barasat | বারাসাত barasat | ব্যারাকপুর barrackpore | বারাকপুর barrackpore
বনগাঁ bongaon bangaon | বসিরহাট basirhat | হাবড়া habra | অশোকনগর ashoknagar | নৈহাটি naihati | ভাটপাড়া bhatpara
কাঁচরাপাড়া kanchrapara | সন্দেশখালি sandeshkhali | হাসনাবাদ hasnabad | মধ্যমগ্রাম madhyamgram | বিধাননগর bidhannagar
সল্টলেক saltlake salt-lake | নিউটাউন newtown new-town | দমদম dumdum dum-dum | ডায়মন্ড হারবার diamond-harbour
কাকদ্বীপ kakdwip | ক্যানিং canning | বারুইপুর baruipur | জয়নগর jaynagar joynagar | সোনারপুর sonarpur
ভাঙড় bhangar bhangor | বাসন্তী basanti | গোসাবা gosaba | কুলতলি kultali | মথুরাপুর mathurapur | ফলতা falta
বজবজ budge-budge | মহেশতলা maheshtala | সাগর sagar | গঙ্গাসাগর gangasagar | সুন্দরবন sundarbans | শিলিগুড়ি siliguri
জলপাইগুড়ি jalpaiguri | ধূপগুড়ি dhupguri | মালবাজার malbazar | দার্জিলিং darjeeling | কালিম্পং kalimpong
কার্শিয়াং kurseong | কোচবিহার cooch-behar coochbehar | দিনহাটা dinhata | তুফানগঞ্জ tufanganj | মাথাভাঙা mathabhanga
আলিপুরদুয়ার alipurduar | ফালাকাটা falakata | রায়গঞ্জ raiganj | ইসলামপুর islampur | কালিয়াগঞ্জ kaliaganj
উত্তর দিনাজপুর north-dinajpur uttar-dinajpur | দক্ষিণ দিনাজপুর south-dinajpur dakshin-dinajpur | বালুরঘাট balurghat
গঙ্গারামপুর gangarampur | ইংরেজবাজার englishbazar english-bazar | মালদহ malda | মালদা malda | চাঁচল chanchal
মানিকচক manikchak | গাজোল gazole | কলকাতা kolkata calcutta | বেহালা behala | যাদবপুর jadavpur | গড়িয়া garia
টালিগঞ্জ tollygunge | শিয়ালদহ sealdah | ধর্মতলা dharmatala esplanade | ভবানীপুর bhabanipur bhowanipore
কালীঘাট kalighat | আলিপুর alipore | কসবা kasba | শ্যামবাজার shyambazar | বেলেঘাটা beliaghata | গড়িয়াহাট gariahat
জঙ্গলমহল jangalmahal junglemahal | বালেশ্বর balasore | জলেশ্বর jaleswar | রাঁচি ranchi | রাঁচী ranchi
জামশেদপুর jamshedpur | ভুবনেশ্বর bhubaneswar | কটক cuttack | পুরী puri | পটনা patna | পাটনা patna | দিল্লি delhi
দিল্লী delhi | নয়াদিল্লি new-delhi newdelhi | নয়া দিল্লি new-delhi | নয়াদিল্লী new-delhi | মুম্বই mumbai
মুম্বাই mumbai | চেন্নাই chennai | বেঙ্গালুরু bengaluru bangalore | হায়দরাবাদ hyderabad | হায়দ্রাবাদ hyderabad
লখনউ lucknow | লখনৌ lucknow | বারাণসী varanasi | অযোধ্যা ayodhya | আমদাবাদ ahmedabad | আহমেদাবাদ ahmedabad | পুণে pune
পুনে pune | জয়পুর jaipur | ভোপাল bhopal | চণ্ডীগড় chandigarh | শ্রীনগর srinagar | গুয়াহাটি guwahati
আগরতলা agartala | শিলচর silchar | শিলং shillong | ইম্ফল imphal | দেহরাদূন dehradun | দেরাদুন dehradun
তিরুবনন্তপুরম thiruvananthapuram | কোচি kochi | বিশাখাপত্তনম visakhapatnam | ঢাকা dhaka
চট্টগ্রাম chattogram chittagong | খুলনা khulna | রাজশাহী rajshahi | সিলেট sylhet | যশোর jessore | বরিশাল barishal
কাঠমান্ডু kathmandu | ইসলামাবাদ islamabad | করাচি karachi | লাহোর lahore | কাবুল kabul | বেজিং beijing | টোকিয়ো tokyo
টোকিও tokyo | লন্ডন london | প্যারিস paris | ওয়াশিংটন washington | নিউ ইয়র্ক new-york | নিউইয়র্ক new-york
মস্কো moscow | কিয়েভ kyiv | জেরুজালেম jerusalem | দুবাই dubai | সিডনি sydney | মেলবোর্ন melbourne | কলম্বো colombo
পশ্চিমবঙ্গ west-bengal | রাজারহাট rajarhat | হরিপাল haripal | জামতাড়া jamtara | ধানবাদ dhanbad | টাটানগর tatanagar
চাকুলিয়া chakulia
"""
"""A place and its names in Latin letters, a hyphen for a space."""


@cache
def _bengali_names() -> Mapping[str, str]:
    """Return Latin name → the first Bengali one."""
    found: dict[str, str] = {}
    for name, latin in _entries():
        for each in latin:
            found.setdefault(each, name)
    return found


@cache
def _known() -> frozenset[str]:
    return frozenset(decomposed(name) for name, _ in _entries()) | _bengali_names().keys()


def _entries() -> Iterator[tuple[str, list[str]]]:
    for entry in _PLACES.replace("\n", "|").split("|"):
        parts = entry.split()
        if parts:
            latin = [part.replace("-", " ") for part in parts if part[0].islower()]
            yield composed(" ".join(part for part in parts if not part[0].islower())), latin


def is_place(name: str) -> bool:
    """Whether a name, in either script, is a known place's."""
    return decomposed(" ".join(name.split())).casefold() in _known()


def bengali_name(latin: str) -> str:
    """Return the Bengali name of a place in Latin letters; empty where none is known."""
    return _bengali_names().get(" ".join(latin.split()).casefold(), "")
