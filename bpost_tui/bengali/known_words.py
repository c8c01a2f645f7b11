"""Words of news and what is meant by them: names, loanwords, offices, parties. Data; `lexicon` reads it.

A line is a group of words or phrases of one meaning, of which the first in Bengali is shown:

    হাসপাতাল, হসপিটাল: hospital      each finds all
    ছাত্র, ছাত্রী < student           what stands right finds what stands left, and not the other way round
    ভাল, ভালো                        two spellings
    বই: ~boi                         Latin letters that may as well spell another word
"""

from __future__ import annotations

NAMES = """
মেদিনীপুর: midnapore, midnapur, midnapor
কলকাতা, কোলকাতা, কলিকাতা, ক্যালকাটা: calcutta, kolkata
খড়্গপুর, খড়গপুর: kharagpur, kgp
তমলুক: tamluk
কাঁথি, কন্টাই: contai
বর্ধমান: burdwan
হুগলি: hooghly
বহরমপুর: berhampore
চুঁচুড়া: chinsurah, chinsura
চন্দননগর: chandernagore
শ্রীরামপুর: serampore
হাওড়া: howrah
বাঁকুড়া: bankura
দিঘা: digha
বালেশ্বর: balasore
ঢাকা: dacca, dhaka
দিল্লি, দিল্লী: delhi
মুম্বই, মুম্বাই, বোম্বাই, বম্বে: mumbai, bombay
পশ্চিমবঙ্গ: bengal
বন্দ্যোপাধ্যায়, ব্যানার্জি, ব্যানার্জী: banerjee, banerji, bannerjee, bandopadhyay, bandyopadhyay
মুখোপাধ্যায়, মুখার্জি, মুখার্জী: mukherjee, mukherji, mukerjee, mookerjee
চট্টোপাধ্যায়, চ্যাটার্জি, চ্যাটার্জী, চাটুজ্জে: chatterjee, chatterji, chaterjee
গঙ্গোপাধ্যায়, গাঙ্গুলি, গাঙ্গুলী: ganguly, ganguli
"""
"""Names whose English form isn't how the Bengali one sounds; first those that the same news is recognised by."""

MORE_NAMES = """
পশ্চিমবঙ্গ, পশ্চিম বঙ্গ, পঃ বঙ্গ: west bengal, paschimbanga, paschim banga, poschimbongo, wb
উত্তরবঙ্গ, উত্তর বঙ্গ: north bengal, uttarbanga
দক্ষিণবঙ্গ, দক্ষিণ বঙ্গ: south bengal
ইস্টবেঙ্গল, ইস্ট বেঙ্গল: east bengal, eastbengal
মোহনবাগান, মোহন বাগান: mohun bagan, mohunbagan, mohan bagan
মহামেডান, মহমেডান: mohammedan sporting, mohammedan
আসানসোল: asansol
শিলিগুড়ি: siliguri
সুন্দরবন: sundarban, sundarbans, sunderbans, sunderban
পুরুলিয়া: purulia
বীরভূম: birbhum
মুর্শিদাবাদ: murshidabad
নদিয়া, নদীয়া: nadia, nadiya
মালদহ, মালদা: malda, maldah, maldaha
দার্জিলিং: darjeeling
কালিম্পং: kalimpong
কোচবিহার, কুচবিহার: cooch behar, coochbehar, koch bihar
জলপাইগুড়ি: jalpaiguri
ব্যারাকপুর, বারাকপুর: barrackpore, barrackpur
ডায়মন্ড হারবার, ডায়মন্ডহারবার: diamond harbour, diamond harbor
হলদিয়া: haldia
শিয়ালদহ, শিয়ালদা: sealdah, sealda
দাঁতন: dantan
সবং: sabang, sabong
পিংলা: pingla
বেলদা: belda
বনগাঁ, বনগাঁও: bangaon, bongaon
বারাসত, বারাসাত: barasat
নন্দীগ্রাম: nandigram
জঙ্গলমহল, জঙ্গল মহল: jangalmahal, junglemahal, jungle mahal, jangal mahal
পাঁশকুড়া: panskura
কোলাঘাট: kolaghat
ঝাড়গ্রাম: jhargram
চেন্নাই, মাদ্রাজ: chennai, madras
বেঙ্গালুরু, ব্যাঙ্গালোর: bengaluru, bangalore
ভুবনেশ্বর: bhubaneswar
পুরী: ~puri
পুণে, পুনে: pune
পাটনা, পটনা: patna
বারাণসী, বেনারস: varanasi, benaras, banaras
অযোধ্যা: ayodhya
ওড়িশা, উড়িষ্যা, ওড়িষা: odisha, orissa
ঝাড়খণ্ড: jharkhand
উত্তরপ্রদেশ: uttar pradesh
মধ্যপ্রদেশ: madhya pradesh
মহারাষ্ট্র: maharashtra
কেরল, কেরালা: kerala
পঞ্জাব, পাঞ্জাব: punjab
গুজরাত, গুজরাট: gujarat
রাজস্থান: rajasthan
তামিলনাড়ু: tamil nadu, tamilnadu
অসম, আসাম: assam
মণিপুর: manipur
ত্রিপুরা: tripura
কাশ্মীর: kashmir
ভারত, ইন্ডিয়া < india
বাংলাদেশ: bangladesh
পাকিস্তান: pakistan
চিন, চীন: china
আমেরিকা, যুক্তরাষ্ট্র, মার্কিন যুক্তরাষ্ট্র: america, usa
ইংল্যান্ড, ইংলন্ড: england
অস্ট্রেলিয়া: australia
রাশিয়া: russia
ইউক্রেন: ukraine
ইজরায়েল, ইসরায়েল: israel
ইরান: iran
প্যালেস্টাইন, ফিলিস্তিন: palestine
নেপাল: nepal
শ্রীলঙ্কা: sri lanka, srilanka
জাপান: japan
ফ্রান্স: france
জার্মানি: germany
কানাডা: canada
আর্জেন্টিনা: argentina
ব্রাজিল: brazil
ভট্টাচার্য, ভট্টাচার্জি: bhattacharya, bhattacharjee, bhattacharyya, bhattacharji, bhattacherjee
বসু, বোস: bose, basu, bosu
পাল: paul, ~pal
ঘোষ: ghosh, ghose
দত্ত: dutta, datta, dutt
রায়: ~roy, ~ray, rai
মিত্র: mitra, mitter
চক্রবর্তী: chakraborty, chakrabarti, chakravarty, chakrabarty, chakraborti, chakravarti, chakrabartty
মজুমদার: majumdar, mazumdar, majumder, mazumder
সরকার: ~sarkar, sircar, sarker
দে: ~dey
সাহা: ~saha
সাঁতরা: santra
কুণ্ডু, কুন্ডু: kundu, coondoo
নন্দী: nandi, nandy
লাহিড়ী: lahiri
ভাদুড়ী: bhaduri
বাগচী: bagchi
সান্যাল: sanyal
মাইতি: maity, maiti
জানা: ~jana
মাহাতো, মাহাত: mahato, mahata
হাঁসদা: hansda
সোরেন: soren
মুর্মু: murmu
টুডু: tudu
কিস্কু: kisku
সিংহ, সিং: singh, sinha, singha
ঠাকুর: tagore
রবীন্দ্রনাথ ঠাকুর: rabindranath tagore
মোদী, মোদি: modi
শাহ: shah
গান্ধী, গাঁধী: gandhi
বিশ্বাস: ~biswas
মহম্মদ, মোহাম্মদ, মুহাম্মদ, মোহম্মদ, মহঃ, মোঃ, মো, মহ: md, mohammad, mohammed, muhammad, mohd
শেখ, সেখ, সেক: sk, sheikh, shaikh, sekh
আলি, আলী: ~ali
খান: ~khan
সেন্ট: ~st, saint
শুভেন্দু: suvendu, shuvendu, subhendu, shubhendu, shubendu
অভিষেক: abhishek, avishek, abhisek
দিলীপ: dilip, dileep
মমতা: mamata, momota, mamta
নরেন্দ্র: narendra
অমিত শাহ: amit shah
সৌরভ: sourav, saurav, sourabh
বুদ্ধদেব: buddhadeb, buddhadev
অধীর: adhir
সুকান্ত: sukanta
ফিরহাদ: firhad
হুমায়ুন, হুমায়ূন: humayun
দ্রৌপদী: droupadi, draupadi
ট্রাম্প: trump
মেসি: messi
কোহলি: kohli
ধোনি: dhoni
"""

PARTIES = """
তৃণমূল, টিএমসি, তৃণমূল কংগ্রেস, এআইটিসি, তৃনমূল, ত্রিণমূল: tmc, aitc, trinamool, trinamul, trinomul, trinamool congress
বিজেপি, ভাজপা, ভারতীয় জনতা পার্টি, পদ্মশিবির, পদ্ম শিবির: bjp, bharatiya janata party
সিপিএম, সিপিআইএম, সিপিআই এম, সিপিআই(এম), মার্কসবাদী কমিউনিস্ট পার্টি: cpm, cpim, cpi m, cpi(m)
সিপিআই: cpi
কংগ্রেস, জাতীয় কংগ্রেস: congress, inc
বামফ্রন্ট, বাম ফ্রন্ট, লেফট ফ্রন্ট: left front, bamfront, baamfront
ফরওয়ার্ড ব্লক, ফরোয়ার্ড ব্লক: forward bloc, forward block
আরএসপি: rsp
এসইউসিআই, এসইউসি, এসইউসিআই(সি): suci, suc
আইএসএফ, ইন্ডিয়ান সেকুলার ফ্রন্ট, সেকুলার ফ্রন্ট: isf, indian secular front
মিম, এআইএমআইএম: aimim
আপ, আম আদমি পার্টি: aap, aam aadmi party
আরএসএস, রাষ্ট্রীয় স্বয়ংসেবক সঙ্ঘ, রাষ্ট্রীয় স্বয়ংসেবক সংঘ, সঙ্ঘ পরিবার: rss
বিশ্ব হিন্দু পরিষদ, ভিএইচপি: vhp, vishva hindu parishad
এবিভিপি, অখিল ভারতীয় বিদ্যার্থী পরিষদ: abvp
টিএমসিপি, তৃণমূল ছাত্র পরিষদ: tmcp
এসএফআই: sfi
ডিওয়াইএফআই, ডিওয়াইএফ: dyfi, dyf
এআইডিএসও, ডিএসও: aidso, dso
সিটু: citu
আইএনটিটিইউসি: inttuc
মতুয়া: matua, motua
মাওবাদী, মাওবাদি: maoist, maobadi
"""

OFFICES = """
মুখ্যমন্ত্রী, সিএম, চিফ মিনিস্টার: cm, chief minister
প্রধানমন্ত্রী, পিএম: pm, prime minister
রাষ্ট্রপতি < president
সভাপতি, প্রেসিডেন্ট < president
রাজ্যপাল, গভর্নর: governor
মন্ত্রী < minister
বিধায়ক, এমএলএ: mla
সাংসদ, এমপি: mp
কাউন্সিলর, কাউন্সিলার, পুরপিতা, পুরমাতা: councillor, councilor
মেয়র: mayor
পুরপ্রধান, চেয়ারম্যান: chairman
জেলাশাসক, ডিএম, ডিস্ট্রিক্ট ম্যাজিস্ট্রেট, জেলা শাসক: dm, district magistrate
অতিরিক্ত জেলাশাসক, এডিএম: adm, additional district magistrate
মহকুমাশাসক, মহকুমা শাসক, এসডিও: sdo, subdivisional officer
বিডিও, ব্লক উন্নয়ন আধিকারিক, ব্লক ডেভেলপমেন্ট অফিসার, সমষ্টি উন্নয়ন আধিকারিক: bdo, block development officer
পুলিশ সুপার, এসপি, পুলিশ সুপারিন্টেন্ডেন্ট: sp, superintendent of police
মহকুমা পুলিশ আধিকারিক, এসডিপিও: sdpo
পুলিশ কমিশনার: police commissioner
ওসি, অফিসার ইন চার্জ: ~oc, officer in charge
আইসি, ইনস্পেক্টর ইন চার্জ: ~ic, inspector in charge
ডিজি, ডিজিপি, পুলিশের মহানির্দেশক: dgp, ~dg
আইজি: ~ig
ডিআইজি: dig
এএসআই: asi
এসআই, সাব ইনস্পেক্টর, সাব-ইন্সপেক্টর: ~si, sub inspector
ডিআই, জেলা বিদ্যালয় পরিদর্শক, স্কুল পরিদর্শক: ~di
সিএমওএইচ, জেলা মুখ্য স্বাস্থ্য আধিকারিক, মুখ্য স্বাস্থ্য আধিকারিক: cmoh
বিএমওএইচ, ব্লক স্বাস্থ্য আধিকারিক: bmoh
ডিএফও, বিভাগীয় বনাধিকারিক: dfo
উপাচার্য, ভাইস চ্যান্সেলর, ভিসি: vc, vice chancellor
অধ্যক্ষ, প্রিন্সিপাল, প্রিন্সিপ্যাল: principal
প্রধান শিক্ষক, হেডমাস্টার: headmaster, head master
প্রধান শিক্ষিকা, হেডমিস্ট্রেস: headmistress
এসএসসি, স্কুল সার্ভিস কমিশন, স্কুল সার্ভিস কমিশান: ssc, wbssc, school service commission
পিএসসি, পাবলিক সার্ভিস কমিশন: psc, wbpsc, public service commission
টেট, প্রাথমিক টেট: tet
প্রাথমিক শিক্ষা পর্ষদ: wbbpe
মধ্যশিক্ষা পর্ষদ: wbbse
উচ্চ মাধ্যমিক, উচ্চমাধ্যমিক, হায়ার সেকেন্ডারি: hs, higher secondary, uchcha madhyamik, ucca madhyamik, uccha madhyamik, uchchamadhyamik
মাধ্যমিক: madhyamik
জয়েন্ট এন্ট্রান্স, জয়েন্ট: wbjee, jee, joint entrance
নিট: neet
সিবিআই, কেন্দ্রীয় তদন্ত ব্যুরো: cbi, central bureau of investigation
ইডি, এনফোর্সমেন্ট ডিরেক্টরেট: ~ed, enforcement directorate
এনআইএ, জাতীয় তদন্তকারী সংস্থা: nia
সিআইডি: cid
এসটিএফ, স্পেশাল টাস্ক ফোর্স: stf
সিট, বিশেষ তদন্তকারী দল: ~sit
এনডিআরএফ, জাতীয় বিপর্যয় মোকাবিলা বাহিনী: ndrf
বিএসএফ, সীমান্তরক্ষী বাহিনী, সীমান্ত রক্ষী বাহিনী: bsf, border security force
সিআরপিএফ: crpf
আরপিএফ, রেল সুরক্ষা বাহিনী: rpf
জিআরপি, রেল পুলিশ: grp
ইসিআই, নির্বাচন কমিশন: eci, election commission
রাজ্য নির্বাচন কমিশন: state election commission
সুপ্রিম কোর্ট, সুপ্রীম কোর্ট, শীর্ষ আদালত, সর্বোচ্চ আদালত: supreme court
হাইকোর্ট, হাই কোর্ট, উচ্চ আদালত: high court, highcourt
আরজি কর, আর জি কর, আরজিকর: rg kar, r g kar, rgkar
আবহাওয়া দফতর, আবহাওয়া দপ্তর, মৌসম ভবন < imd
রিজার্ভ ব্যাঙ্ক, আরবিআই: rbi, reserve bank
স্টেট ব্যাঙ্ক, এসবিআই: sbi, state bank
জিএসটি, পণ্য পরিষেবা কর: gst
আধার: aadhaar, aadhar, adhar
এসআইআর, বিশেষ নিবিড় সংশোধন, নিবিড় সংশোধনী: sir
বিএলও, বুথ লেভেল অফিসার: blo, booth level officer
এনআরসি, জাতীয় নাগরিকপঞ্জি: nrc
সিএএ, নাগরিকত্ব সংশোধনী আইন: caa
ডিএ, মহার্ঘ ভাতা, মহার্ঘভাতা: ~da, dearness allowance
একশো দিনের কাজ, ১০০ দিনের কাজ, মনরেগা, এমজিএনআরইজিএ: mgnrega, mnrega
লক্ষ্মীর ভাণ্ডার, লক্ষ্মীর ভান্ডার: lakshmir bhandar, laxmir bhandar, lokkhir bhandar, lakshmi bhandar
স্বাস্থ্যসাথী, স্বাস্থ্য সাথী: swasthya sathi, swasthyasathi, sasthya sathi
কন্যাশ্রী: kanyashree, kanyashri
রূপশ্রী: rupashree, rupashri
সবুজ সাথী, সবুজসাথী: sabuj sathi, sobuj sathi
দুয়ারে সরকার: duare sarkar
কৃষকবন্ধু, কৃষক বন্ধু: krishak bandhu, krishakbandhu
আবাস যোজনা: awas yojana, abas yojana, awas yojna
ভিন রাজ্য < other state
আইপিএল: ipl
আইএসএল: isl
আইএফএ: ifa
সিএবি: cab
বিসিসিআই: bcci
আইসিসি: icc
ফিফা: fifa
"""

SPELLINGS = """
ভাল, ভালো
বড়, বড়ো
ছোট, ছোটো
কোনও, কোনো
মতো, মত
হত, হতো
হল, হলো
গেল, গেলো
এল, এলো
এত, এতো
কত, কতো
যত, যতো
কেন, কেনো
যেন, যেনো
দেব, দেবো
নেব, নেবো
যাব, যাবো
পুরনো, পুরানো, পুরোনো
নীচে, নিচে
নীচু, নিচু
উপর, ওপর
ওঠা, উঠা
ইতিমধ্যে, ইতোমধ্যে
লক্ষ, লাখ
সঙ্ঘ, সংঘ
দিঘা, দীঘা
দিঘি, দীঘি
ব্যথা, ব্যাথা
ভুল, ভূল
শ্মশান, শশ্মান
ইগল, ঈগল
উনিশ, ঊনিশ
মফস্সল, মফস্বল
খ্রিস্টান, খ্রিষ্টান, খৃষ্টান
খ্রিস্টাব্দ, খ্রিষ্টাব্দ, খৃষ্টাব্দ
আগস্ট, অগস্ট
ব্যাহত, ব্যহত
ক্যানেল, ক্যানাল
রোববার, রবিবার
"""
"""What is written in several ways that no rule of `similarity` covers."""

WORDS = """
পশ্চিম < west
পূর্ব < east
উত্তর < north
দক্ষিণ < south
পরগনা, পরগণা: parganas, pargana, paragana, porgona
চব্বিশ পরগনা, ২৪ পরগনা, ২৪ পরগণা: 24 parganas, 24 pgs, chobbish porgona
জেলা < district, dist
ব্লক: block
মহকুমা < subdivision, sub division
গ্রাম < village
শহর < town, city
রাজ্য < state
দেশ < country
কেন্দ্র, কেন্দ্রীয় < centre, center, central
পঞ্চায়েত, গ্রাম পঞ্চায়েত: panchayat, panchayet, panchaet, ponchayet
পঞ্চায়েত সমিতি: panchayat samiti
জেলা পরিষদ: zilla parishad, zila parishad, jela parishad
পুরসভা, পৌরসভা, মিউনিসিপ্যালিটি, মিউনিসিপালিটি: municipality, purasabha, pourasabha, pourosobha, purosova
পুরনিগম, কর্পোরেশন, কর্পোরেশান, পৌর নিগম: corporation
ওয়ার্ড: ward
বুথ: booth
পুলিশ, পুলিস: police
থানা: thana
থানা < police station
ফাঁড়ি: ~phanri
কোর্ট: court
আদালত < court
জেল: jail
জেল, সংশোধনাগার < prison
বেল, জামিন < bail
জজ: judge
বিচারক, বিচারপতি < judge, justice
উকিল, আইনজীবী < lawyer, advocate
অ্যাডভোকেট: advocate
ম্যাজিস্ট্রেট: magistrate
ব্যারিস্টার: barrister
কেস: case
মামলা < case
এফআইআর: fir
রিপোর্ট: report
চার্জশিট, চার্জশীট: chargesheet, charge sheet
ওয়ারেন্ট: warrant
কমিশন, কমিশান: commission
কমিশনার: commissioner
কমিটি: committee, comittee
অফিস: office
অফিসার: officer
আধিকারিক < officer
ইনস্পেক্টর, ইন্সপেক্টর, ইনসপেক্টর: inspector
কনস্টেবল: constable
সিভিক ভলান্টিয়ার, সিভিক ভলেন্টিয়ার, সিভিক ভলানটিয়ার: civic volunteer
সিভিক: civic
ভলান্টিয়ার, ভলেন্টিয়ার: volunteer
গার্ড: guard
ম্যানেজার: manager
ডিরেক্টর: director
সেক্রেটারি, সেক্রেটারী: secretary
সম্পাদক < secretary, editor
ক্লার্ক: clerk
কন্ট্রোলার: controller
কন্ট্রাক্টর, কনট্রাক্টর: contractor
ঠিকাদার < contractor
ইঞ্জিনিয়ার, ইঞ্জিনিয়র, ইঞ্জিনীয়ার: engineer
ইঞ্জিনিয়ারিং, ইঞ্জিনিয়রিং: engineering
ইঞ্জিন: engine
ডাক্তার, চিকিৎসক < doctor, ~dr
ডাক্তার, ডক্টর: doctor
ড, ডঃ, ডা, ডাঃ: ~dr
নার্স: nurse
নার্সিংহোম, নার্সিং হোম: nursing home
নার্সিং: nursing
হাসপাতাল, হসপিটাল: hospital, haspatal, hashpatal
ক্লিনিক: clinic
মেডিক্যাল, মেডিকেল, মেডিকাল: medical
মেডিক্যাল কলেজ, মেডিকেল কলেজ: medical college
অ্যাম্বুল্যান্স, অ্যাম্বুলেন্স, এম্বুলেন্স, অ্যাম্বুলান্স: ambulance
অপারেশন: operation
অক্সিজেন: oxygen
ভ্যাকসিন, ভ্যাক্সিন: vaccine
টিকা < vaccine
ক্যানসার, ক্যান্সার: cancer
ডেঙ্গি, ডেঙ্গু: dengue, dengu, dengi
ম্যালেরিয়া: malaria
করোনা: corona
কোভিড: covid
ভাইরাস: virus
নিপা: nipah
এডস, এইডস: aids
এইচআইভি: hiv
ওষুধ, ঔষধ < medicine
প্যাথলজি: pathology
এক্সরে, এক্স রে: xray, x ray
স্ক্যান: scan
আইসিইউ: icu
ওপিডি: opd
ট্রমা: trauma
স্কুল, ইস্কুল: school
বিদ্যালয় < school
প্রাইমারি, প্রাইমারী: primary
প্রাথমিক < primary
কলেজ: college
ইউনিভার্সিটি: university
বিশ্ববিদ্যালয়, ইউনিভার্সিটি < university
ভার্সিটি: varsity
ইনস্টিটিউট, ইন্সটিটিউট: institute
আইআইটি: iit
আইটিআই: iti
টিচার: teacher
শিক্ষক, শিক্ষিকা < teacher
ছাত্র, ছাত্রী, পড়ুয়া, স্টুডেন্ট < student
শিক্ষা < education
প্রফেসর: professor
অধ্যাপক < professor
মাস্টার: master
হোস্টেল, হস্টেল: hostel
ছাত্রাবাস < hostel
লাইব্রেরি, লাইব্রেরী: library
গ্রন্থাগার < library
ল্যাব, ল্যাবরেটরি: lab, laboratory
ক্লাস: class
শ্রেণি < class
অ্যাডমিশন: admission
ভর্তি < admission
রেজাল্ট: result
ফল, ফলাফল < result
পরীক্ষা < exam, examination
পরীক্ষার্থী < examinee
সিলেবাস: syllabus
সার্টিফিকেট: certificate
শংসাপত্র < certificate
স্কলারশিপ: scholarship
বৃত্তি < scholarship
ডিগ্রি, ডিগ্রী: degree
মার্কশিট, মার্কশীট: marksheet, mark sheet
অনলাইন: online
অফলাইন: offline
মিড ডে মিল, মিড-ডে মিল, মিডডে মিল: mid day meal, midday meal
আইসিডিএস, অঙ্গনওয়াড়ি: icds, anganwadi
আশাকর্মী, আশা কর্মী: asha karmi, asha worker
ব্যাঙ্ক, ব্যাংক: bank
এটিএম: atm
লোন: loan
ঋণ < loan
চেক: cheque, check
ক্যাশ: cash
অ্যাকাউন্ট, একাউন্ট: account
ট্যাক্স: tax
বাজেট: budget
শেয়ার: share
মার্কেট: market
বাজার < market
কোম্পানি, কোম্পানী: company
ফ্যাক্টরি, ফ্যাক্টরী: factory
কারখানা < factory
মিল: ~mill
জুটমিল, জুট মিল, চটকল: jute mill
প্ল্যান্ট: plant
প্রজেক্ট: project
প্রকল্প < project, scheme
টেন্ডার: tender
লাইসেন্স, লাইসেন্স: licence, license
রেশন: ration
রেশন কার্ড: ration card
কার্ড: card
প্যান কার্ড, প্যান: pan card
ভোট: vote
ভোটার: voter
ভোটার কার্ড, এপিক: voter card, epic
নির্বাচন, ভোট < election
ইলেকশন: election
প্রার্থী < candidate
লোকসভা: lok sabha, loksabha
বিধানসভা: assembly, vidhan sabha, bidhansabha
রাজ্যসভা: rajya sabha, rajyasabha
পার্টি: party
দল < party
মিটিং: meeting
বৈঠক, সভা < meeting
মিছিল < procession, rally
র‍্যালি, র‌্যালি: rally
ক্যাম্প: camp
শিবির < camp
ট্রেন: train
রেল: rail
রেলওয়ে: railway
রেলওয়ে, রেল < railways
স্টেশন, ষ্টেশন, স্টেশান: station
প্ল্যাটফর্ম, প্লাটফর্ম: platform
লোকাল: local
লোকাল ট্রেন: local train
এক্সপ্রেস: express
প্যাসেঞ্জার: passenger
মেট্রো: metro
টিকিট, টিকেট: ticket
বাস: bus
বাসস্ট্যান্ড, বাস স্ট্যান্ড: bus stand, busstand
অটো: auto
টোটো: toto
ট্যাক্সি, ট্যাক্সী: taxi
লরি, লরী: lorry
ট্রাক: truck
ট্রাক্টর: tractor
ট্রলি: trolley
ভ্যান: van
পিকআপ ভ্যান, পিক আপ ভ্যান: pickup van, pick up van
ডাম্পার: dumper
বাইক: bike
মোটরবাইক, মোটর বাইক: motorbike, motor bike
মোটরসাইকেল, মোটর সাইকেল: motorcycle, motor cycle
সাইকেল: cycle, bicycle
স্কুটি: scooty
স্কুটার: scooter
গাড়ি, গাড়ী: car, gari
ড্রাইভার: driver
চালক < driver
কন্ডাক্টর, কন্ডাকটর: conductor
হেলমেট: helmet
ট্রাফিক, ট্র্যাফিক: traffic
সিগন্যাল, সিগনাল: signal
গেট: gate
লেভেল ক্রসিং: level crossing
ব্রিজ: bridge
সেতু < bridge
ফ্লাইওভার: flyover
উড়ালপুল < flyover
রোড: road
রাস্তা, সড়ক < road
হাইওয়ে: highway
জাতীয় সড়ক: national highway, nh
রাজ্য সড়ক: state highway
টোল প্লাজা: toll plaza
টোল: toll
লেন: lane
এয়ারপোর্ট: airport
বিমানবন্দর < airport
ফ্লাইট: flight
বিমান < plane, aircraft
হেলিকপ্টার: helicopter
লঞ্চ: launch
ফেরি, ফেরী: ferry
জেটি: jetty
পোর্ট: port
বন্দর < port
পেট্রোল, পেট্রল: petrol
পেট্রোল পাম্প, পেট্রল পাম্প: petrol pump
ডিজেল: diesel
গ্যাস: gas
সিলিন্ডার: cylinder
বিদ্যুৎ < electricity, power
ইলেকট্রিক: electric
লোডশেডিং, লোডশেডিঙ: load shedding, loadshedding
মিটার: meter, metre
কিলোমিটার: kilometre, kilometer
বিল: bill
পাম্প: pump
ট্যাঙ্ক, ট্যাংক: tank
পাইপ: pipe
পাইপলাইন: pipeline
লাইন: line
টাওয়ার: tower
সোলার: solar
ড্রেন: drain
বর্ষা < monsoon
বৃষ্টি < rain
বন্যা < flood
ঝড় < storm
ঘূর্ণিঝড় < cyclone
সাইক্লোন: cyclone
ভূমিকম্প < earthquake
আগুন < fire
ফায়ার: ~fire
দমকল < fire brigade
নদী < river
মন্দির < temple
মসজিদ < mosque
গির্জা < church
চার্চ: church
বাগান < garden
চা < tea
চা বাগান, চাবাগান, চা-বাগান: tea garden, tea estate, cha bagan
কয়লা < coal
সোনা < gold
বালি < sand
জঙ্গল, বন < forest
সমুদ্র, সাগর < sea
জল < water
পানীয় জল < drinking water
দাম < price, ~dam
শিশু < child, children
মহিলা < woman, women
শ্রমিক < labour, labourer
ক্ষতিপূরণ < compensation
মেলা < fair
স্বাস্থ্য < health
ইলিশ < hilsa
চিংড়ি < prawn, shrimp
লিক: leak
বিস্ফোরণ < blast, explosion
ব্লাস্ট: blast
ডিজিটাল, ডিজিট্যাল: digital
অ্যারেস্ট, এরেস্ট: arrest
সেমিস্টার, সেমেস্টার, সিমেস্টার: semester
শো-কজ, শোকজ, শো কজ: show cause, showcause
গয়না, গহনা: gahana
গয়না < jewellery, jewelry
সাসপেন্ড: suspend
সাসপেন্ড < suspended
প্রোমোটার, প্রমোটার: promoter
ট্রলার: trawler
ভেন্টিলেটর: ventilator
জুনিয়র, জুনিয়ার: junior
সিনিয়র, সিনিয়ার: senior
কাটমানি, কাট মানি: cut money, cutmoney
সিন্ডিকেট: syndicate
বাঁধ < dam, embankment
ড্যাম: dam
ব্যারেজ, ব্যারাজ: barrage
হাতি < elephant
বাঘ < tiger
মৃত্যু, মৃত < death, dead
দুর্ঘটনা < accident
অ্যাকসিডেন্ট, অ্যাক্সিডেন্ট: accident
জখম, আহত < injured
খুন < murder
গ্রেফতার, গ্রেপ্তার < arrest, arrested
গ্রেফতার, গ্রেপ্তার: greptar, greftar, grepthar
চুরি < theft
ডাকাতি < robbery, dacoity
ধর্ষণ < rape
নির্যাতন < torture
দুর্নীতি < corruption, scam
বোমা < bomb
বোম: ~bom
বন্দুক < gun
গুলি < bullet
পিস্তল: pistol
আত্মহত্যা < suicide
অ্যাসিড, এসিড: acid
ড্রাগ: drug
মাদক < drugs
ধর্মঘট < strike
বন্‌ধ, বনধ, বন্ধ: bandh, bondh
অবরোধ < blockade
বিক্ষোভ < protest, agitation
প্রতিবাদ < protest
আন্দোলন < movement
হাওয়া অফিস < met office
ফুটবল: football
ক্রিকেট: cricket
হকি: hockey
কাবাডি: kabaddi
ভলিবল: volleyball
ক্যারাটে: karate
অলিম্পিক, অলিম্পিক্স: olympic, olympics
ম্যাচ: match
টেস্ট: test
টিম: team
গোল: goal
কোচ: coach
ক্যাপ্টেন: captain
অধিনায়ক < captain
প্লেয়ার: player
খেলোয়াড় < player
রেফারি: referee
আম্পায়ার: umpire
স্টেডিয়াম: stadium
টুর্নামেন্ট: tournament
ট্রফি: trophy
কাপ: ~cup
বিশ্বকাপ, ওয়ার্ল্ড কাপ: world cup, worldcup
লিগ, লীগ: league
ফাইনাল: final
সেমিফাইনাল, সেমি ফাইনাল: semifinal, semi final
মেডেল: medal
পদক < medal
রেকর্ড: record
ক্লাব: club
ভিডিয়ো, ভিডিও: video
অডিয়ো, অডিও: audio
ফোন: phone
মোবাইল: mobile
মোবাইল ফোন: mobile phone
স্মার্টফোন, স্মার্ট ফোন: smartphone, smart phone
সিম: ~sim
নেটওয়ার্ক: network
ইন্টারনেট: internet
কম্পিউটার: computer
ল্যাপটপ: laptop
অ্যাপ: app
ওয়েবসাইট: website
সার্ভার: server
পোর্টাল: portal
ফেসবুক: facebook
হোয়াটসঅ্যাপ, হোয়াটস্অ্যাপ: whatsapp
ইউটিউব: youtube
ইনস্টাগ্রাম: instagram
টুইটার: twitter
গুগল, গুগ্‌ল: google
সোশ্যাল মিডিয়া, সোশাল মিডিয়া, সমাজমাধ্যম, সমাজ মাধ্যম: social media
মিডিয়া: media
সাইবার: cyber
সিসিটিভি, সিসি টিভি: cctv
ক্যামেরা: camera
ড্রোন: drone
টিভি: tv
টেলিভিশন: television
রেডিয়ো, রেডিও: radio
সিনেমা: cinema
ফিল্ম: film
ছবি < photo, picture
ফটো: photo
সিরিয়াল: serial
থিয়েটার: theatre, theater
কনসার্ট: concert
মিউজিক: music
গান < song
হোটেল: hotel
লজ: lodge
রিসর্ট, রিসোর্ট: resort
রেস্তরাঁ, রেস্তোরাঁ, রেস্টুরেন্ট: restaurant
টুরিস্ট, ট্যুরিস্ট: tourist
পর্যটক < tourist
পর্যটন < tourism
বিচ: beach
পার্ক: park
ফ্ল্যাট: flat
বিল্ডিং: building
অ্যাপার্টমেন্ট: apartment
হোম: ~home
ফার্ম: farm
পোলট্রি, পোল্ট্রি: poultry
কোল্ড স্টোরেজ, হিমঘর: cold storage
ডেয়ারি, ডেয়ারী: dairy
চাষি, চাষী, কৃষক < farmer
ধান < paddy
আলু < potato
পেঁয়াজ < onion
সবজি < vegetable, vegetables
মাছ < fish
চাল < rice
স্টাফ: staff
কর্মী < worker
ইউনিয়ন, ইউনিয়ান: union
লিডার: leader
নেতা < leader
বোর্ড: board
ট্রাস্ট: trust
এনজিও: ngo
ফান্ড: fund
তহবিল < fund
পেনশন: pension
স্যালারি: salary
বেতন < salary
বোনাস: bonus
পোস্ট অফিস, ডাকঘর: post office
পোস্ট: post
পোস্টার: poster
ব্যানার: banner
ফ্লেক্স: flex
মাইক: mike, mic
ডিজে: dj
প্যান্ডেল, প্যাণ্ডেল: pandal
থিম: theme
পুজো, পূজা, পূজো: puja, pujo, pooja, poojo
দুর্গাপুজো, দুর্গাপূজা, দুর্গোৎসব, দুর্গা পুজো: durgapuja, durgapujo, durga puja, durga pujo
কালীপুজো, কালীপূজা, কালী পুজো: kalipuja, kalipujo, kali puja, kali pujo
সরস্বতী পুজো, সরস্বতীপুজো: saraswati puja, saraswati pujo
ইদ, ঈদ: eid, ~id
রমজান: ramadan, ramzan, ramjan
বড়দিন, ক্রিসমাস: christmas
পয়লা, পহেলা: poila, pohela, pahela, pohila, poyla
পয়লা বৈশাখ, পহেলা বৈশাখ, নববর্ষ: poila boishakh, pohela boishakh
বৈশাখ: boishakh, baisakh, baishakh
রথযাত্রা, রথ যাত্রা: rathyatra, rathjatra, rath yatra, rath jatra
নিউজ: news
খবর < news
ডেস্ক: desk
প্রেস: press
জার্নালিস্ট: journalist
সাংবাদিক < journalist, reporter
রিপোর্টার: reporter
ফেস্টিভ্যাল, ফেস্টিভাল: festival
উৎসব < festival
প্রোগ্রাম: programme, program
সেমিনার: seminar
ট্রেনিং: training
প্রশিক্ষণ < training
ইন্টারভিউ: interview
চাকরি < job
নিয়োগ < recruitment
স্পিকার, স্পীকার: speaker
সিকিউরিটি: security
নিরাপত্তা < security
আর্মি: army
সেনা < army
প্লাস্টিক: plastic
ফ্রিজ: fridge
এসি: ac
ফ্যান: fan
টাইম: time
নম্বর: number
নোটিস, নোটিশ: notice
নোটিফিকেশন: notification
বিজ্ঞপ্তি < notification
অর্ডার: order
নির্দেশ < order
পারমিট: permit
পাসপোর্ট: passport
ভিসা: visa
বর্ডার: border
সীমান্ত < border
সেন্টার: centre, center
স্টল: stall
শপ: shop
দোকান < shop
শপিং মল, মল: shopping mall, mall
লটারি, লটারী: lottery
স্ট্যাম্প: stamp
সুপার: super
সুপারভাইজার: supervisor
টেকনিশিয়ান: technician
মেকানিক: mechanic
ওয়ার্কশপ: workshop
স্যার: ~sir
ম্যাডাম: madam
ডায়রিয়া, ডায়েরিয়া: diarrhoea, diarrhea
জন্ডিস: jaundice
নিউমোনিয়া: pneumonia
থ্যালাসেমিয়া: thalassemia, thalassaemia
স্যালাইন: saline
ব্লাড ব্যাঙ্ক, ব্লাড ব্যাংক: blood bank
রক্তদান শিবির, রক্তদান: blood donation, blood donation camp
"""
