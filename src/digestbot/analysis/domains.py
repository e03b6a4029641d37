"""The domain of a condition: weighted classes of words in the condition and the sentence around it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from digestbot.analysis.prefilter import Openings
from digestbot.model import Domain

#: Word stems of each domain, as patterns on the beginning of a word; strong ones count twice. In lower case,
#: as texts are before they are compared: a search that minds case rules out a stem by its first letter.
_STEMS: Mapping[Domain, tuple[str, str]] = {
    Domain.MILITARY: (
        r"troops?\b|soldiers?|militar|militi|armed|army|armies|arms\b|armou?red|weapon|missiles?|nuclear|"
        r"nukes?|"
        r"warheads?|ballistic|disarm|ceasefire|cease-fire|truce|armistice|deploy|drones?|air ?strikes?|"
        r"raids?|"
        r"denuclear|enrich|uranium|centrifuge|fighters?\b|gunmen|rebels|invasion|invad|attack|offensive|"
        r"warships?|warplanes?|helicopters?|submarines?|frigates?|naval|navy|air force|air defen[cs]e|"
        r"peacekeep|peace force|front ?lines?|buffer zone|drills?\b|demilitari|shell(?:ing|ed|s)|bombs?\b|"
        r"bomb(?:ing|ers?|ed)|bombard|coast ?guard|rockets?|incursion|occupied|occupation|hostilit|"
        r"guns?\b|gunfire|deterr|"
        r"no-fly|jets?\b|(?<!think )tanks?\b|ammunition|munitions|mercenar|battlefield|battalions?|brigades?|"
        r"backstop|interceptor|f-\d\d|s-\d00|radar|artillery|combat|declaration of war|act of war|"
        r"going to war|go to war|casus belli|retaliat|strike back|hit back|demobili|mobili[sz]ation|"
        r"conscript|"
        r"use of force|by force|armed forces|command of|garrison|barracks|military bas|escalat|de-escalat|"
        r"outpost|wreck\b|rules of engagement|concept of operations|security forces|special forces|"
        r"paramilitar|insurgen|terroris|aircraft carriers?|airbases?|air bases?|snipers?|ambush|mutiny|"
        r"joint command|operations room|hypersonic|arsenal|stockpiles?|line of control|foreign fighters|"
        r"servicem[ae]n|servicewom[ae]n|aircraft\b|zone of peace|riot|"
        r"trench|sorties|minesweep|militant|guerrilla|landmines?|minefields?|demining|aggression|"
        r"(?<!and )security guarantees?|defen[cs]e pact|disengage",
        r"security|defen[cs]e\b|officers?\b|escorts?\b|surveillance|commanders?|forces?\b|war\b|fight\w*|"
        r"defend|strikes?\b|kill\w*|violence|"
        r"pull(?:s|ed|ing)? (?:back|out)|pullout|pullback|pulled back|withdraw\w*|bases?\b|gangs?|surrender|"
        r"stand down|battle|guards?\b|shooting|police|step up pressure|provocat\w*|intercept\w*|airspace|"
        r"halt to the fighting|lines?\b|fly over|column|roads were open|hill\w*|posts?\b|patrol\w*|"
        r"checkpoints?|blockade|siege",
    ),
    Domain.ECONOMIC: (
        r"sanctions?|tariffs?|trade\b|trading|loans?\b|imf\b|tranche|debts?\b|billions?|trillions?|"
        r"millions? (?:of )?(?:dollars|euros|pounds|pesos|yen)|\$ ?\d|€ ?\d|£ ?\d|us\$|dollars?\b|euros?\b|"
        r"yuan|yen\b|rupees?\b|pesos?\b|ro?ubles?\b|invest|bailout|dut(?:y|ies) (?:on|off)|import dut|"
        r"these duties|levy|levies|tax(?:es|ation)?\b|budget|deficit|financ|oil\b|crude|gas\b|lng\b|pipeline|"
        r"energy|electricity|exports?\b|exporters?|imports?\b|importers?|creditors?|bondholders?|bonds?\b|"
        r"donors?\b|lenders?\b|subsid|price cap|currency|banks?\b|banking|accounts?\b|cheques?\b|wages?|"
        r"salar|pay rise|labour|trade unions?|(?<!the )(?<!a )(?<!heavy )prices?\b|fuel|diesel|petrol\b|"
        r"grain|econom|transit fees?|minerals?|mining|fisher|"
        r"farm|dairy|assets|grants?\b|quotas?|toll|freight|containers?\b|shipping|tankers?|ports?\b|"
        r"canal|market|pay(?:s|ment|ments|ing)?\b(?! (?:dearly|a |the (?:\w+ )?price|a price))|paid\b|"
        r"payers?\b|money|cost\w*|revenue|rebate|discounts?|"
        r"duty-free|bill in full|arrears|fund(?:s|ing)?\b|profit|moratorium|seafood|beef|wheat|factor(?:y|"
        r"ies)|"
        r"refiner|devaluation|licen[cs]e|barrels?|customs|purchas|compensat|reparations|jobs?\b|"
        r"aid package|general strike|"
        r"visitors\b|bookings?\b|hotels?\b|resorts?\b|wholesale|retail|merchants?\b|monopol|"
        r"commerc|semiconductor|air links?|flights?\b|airlines?|railways?|trucks?\b|lorries|harbou?rs?|"
        r"copper|cobalt|lithium|diamonds|timber|cotton|coffee|cocoa|sugar|maize|soya?|crops?\b|"
        r"fertili[sz]er|harvest|livestock|cattle|steel|alumini?um|car ?makers?|shareholders?|stake\b|"
        r"bankrupt|insolven|austerity|pensions?|royalt|foreign exchange|remittance|touris|supply chains?|"
        r"embargo on (?:oil|trade)",
        r"compan(?:y|ies)|firms?|contracts?|buy\w*|sell\w*|sold\b|business|growth|inflation|goods|supply|"
        r"supplies|per cent|percent|%|workers?|valves|deal\b|standards?\b|development|product\w*|pays?\b",
    ),
    Domain.HUMANITARIAN: (
        r"hostages?|prisoners?|detainees?|refugees?|humanitarian|aid (?:to|into|for|trucks?|convoys?|"
        r"workers?|"
        r"groups?|corridor)|relief (?:convoy|goods|work|agenc)|civilians?|displaced|famine|starv|food\b|"
        r"medic|"
        r"migrants?|migration|deport|asylum|abduct|kidnap|ransom|captives?|captured|corridors?|evacuat|"
        r"jailed|"
        r"imprison|behind bars|political prisoners|hunger|shelters?|human rights|missing (?:persons?|people)|"
        r"bodies|remains of|expelled from|in chains|wounded|hospitals?|spare their lives|crowds?|cholera|"
        r"vaccin|drinking water|treated humanely|torture|massacre|atrocit|survivors?|orphan|drought|flood|"
        r"earthquake|quake|cyclone|epidemic|clinics?|ambulance|nurses?|mass graves?|exhum|disappeared\b|"
        r"oxygen|patients?\b|blood\b|"
        r"trafficking|resettle|tents?\b|rations|blankets|red cross|hunger strike|death penalty|"
        r"executions?\b|release of|"
        r"releas\w+ (?:the|all|of|him|her|them|every|his|two|three)|freed\b|frees\b|free (?:him|her|"
        r"them)\b|released\b|house arrest|freeing|set free|"
        r"repatriat|"
        r"return of (?:the )?(?:bodies|children|refugees)|help us find|living on the land|lose their living",
        r"women|children|citizens\b|journalists?|activists?|camps?\b|exiles?\b|famil(?:y|ies)|victims?|"
        r"sick|releases?\b|detain\w*|people expelled|treatment|"
        r"lives\b|"
        r"protect\w* (?:all|the|civ)",
    ),
    Domain.LEGAL: (
        r"courts?\b|tribunals?|treat(?:y|ies)\b|ratif|conventions?\b|legal|lawsuit|lawyers?|laws?\b|"
        r"legislation|constitution|verif|inspect|iaea|recogni[sz]|recognition|sovereign|extradit|prosecut|"
        r"investigat|inquiry|probe\b|warrants?\b|trial\b|judges?|verdict|charter|veto\b|vetoes|amend|"
        r"snapback|"
        r"jurisdiction|indict|accountab|war crimes|impunity|arbitrat|territorial integrity|justice\b|annex|"
        r"safe-conduct|null and void|international law|resolution \d|binding|convict|pardon|immunity|"
        r"handed over|hand over (?:the )?suspects|demarcat|borders of|icj\b|icc\b|by a referendum|statute|"
        r"unconstitutional|lawful|"
        r"the rule of law|memorandum",
        r"resolution|agreement|accord\b|case\b|ruling\b|disclose|appeal court|protocol|obligat\w*|"
        r"compl(?:y|iance)|decree|arrest\w*|status|article|"
        r"respect\w*|clause\w*|legitima\w*|monitors?\b|observers?\b",
    ),
    Domain.POLITICAL: (
        r"elections?|electoral|vote\b|votes\b|voting|polls?\b|ballot|referendum|resign|step down|"
        r"stand down as|talks\b|negotiat|dialogue|coalition|membership|accession|politic|summit|democra|"
        r"reforms?\b|two-state|statehood|power-sharing|candidates?|seats?\b|transition|interim government|"
        r"protest|autonom|independen|normali[sz]|embassy|embassies|diplomatic|relations\b|consult|reinstat|"
        r"back in office|hand over power|mediat|boycott|interfer|affairs|apolog|decentrali|unity|dissol|"
        r"state of emergency|mayors?\b|minorit(?:y|ies)|recall (?:its|the|his|her) |"
        r"snap poll|no-confidence|persona non grata|"
        r"expel|cabinet|council must|invit|oust",
        r"meet(?:s|ing)?\b|agenda|timetable|roadmap|explain|answer questions|press freedom|visit\b|"
        r"table\b|sit down|peace\b|settlement|ties\b|"
        r"polic(?:y|ies)|speech|statement|consent|bloc|cooperat\w*|join\w*|attend\w*|opposition|part(?:y|"
        r"ies)\b|"
        r"parliament|government|mandate|message|role|walk out",
    ),
}
_FOUND = Openings([re.compile(rf"\b(?:{stems})") for both in _STEMS.values() for stems in both])
#: How much what stands before the sentence counts.
BEFORE = 0.3
#: Characters of a document that tell its domains.
SAMPLE = 20_000
#: How much the condition's own words, its sentence's and the document's count.
OWN, AROUND, DOCUMENT = 0.7, 1.5, 2.0


@lru_cache(maxsize=4096)
def weights(text: str) -> Mapping[Domain, float]:
    """How strongly the words of a text speak for each domain: 1 for a strong word, 0.5 for a weak one."""
    counts = _FOUND.counts(text.lower())
    return {domain: counts[2 * i] + 0.5 * counts[2 * i + 1] for i, domain in enumerate(_STEMS)}


def choose_domain(own: str, around: str, before: str, document: Mapping[Domain, float]) -> Domain:
    """The main domain of a condition.

    `own`: its words; `around`: its sentence; `before`: what stands before that; `document`: share of each
    domain among all words of the document that
    speak for one, which decides where the sentence is silent.
    """
    near, wide, ahead = weights(own), weights(around), weights(before)
    score = {
        domain: OWN * min(near[domain], 3.0)
        + AROUND * min(wide[domain], 3.0)
        + BEFORE * min(ahead[domain], 3.0)
        + DOCUMENT * document.get(domain, 0.0)
        for domain in Domain
    }
    return max(Domain, key=lambda domain: score[domain])


def shares(text: str) -> dict[Domain, float]:
    """The share of each domain in a whole document."""
    found = weights(text[:SAMPLE])
    total = sum(found.values()) or 1.0
    return {domain: weight / total for domain, weight in found.items()}
