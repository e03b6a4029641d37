"""Conditions of a document: who ties what to whose conduct, in which words.

    sentence ──► who says it ──► cues ──► guards (what only looks like a condition) ──► one finding a clause
             ──► type (by what the main clause threatens, grants or refuses) ──► holder, addressee ──►
             domain, deadline

docs/analysis-conditions.md tells the rule families, their sources and what each contributes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from digestbot.analysis.clauses import (
    an_official_of,
    clause_end,
    first_party,
    governed,
    passive,
    segment_of,
    subject_before,
)
from digestbot.analysis.cues import CueHit, load_cues
from digestbot.analysis.deadlines import find_deadline
from digestbot.analysis.domains import choose_domain, shares
from digestbot.analysis.endings import Ending
from digestbot.analysis.evidence import EVIDENCE, FEW, FIRST, load_weights
from digestbot.analysis.guards import denied, doubted, guarded
from digestbot.analysis.mentions import ActorFindings, ActorMention
from digestbot.analysis.outcomes import choose_type
from digestbot.analysis.parties import find_addressee, find_holder, for_each_party
from digestbot.analysis.scene import BargainingText, Claim, Scene
from digestbot.analysis.voices import Voice, carry_voice, move_topic, read_scene, voice_of
from digestbot.analysis.words import lowered
from digestbot.model import ActorKind, Condition, ConditionType, Domain, Sentence

#: In lower case, as sentences are before they are searched.
_HEDGE = re.compile(
    r"\b(?:reportedly|is said to|are said to|was said to|were said to|allegedly|apparently|is understood to|"
    r"rumou?red|unconfirmed|is thought to|are believed to|sources? (?:said|say|told))\b",
)
_REFUSAL = re.compile(
    r"\b(?:reject\w*|refus\w+|rul\w+ out|dismiss\w*|turn\w* down|rebuff\w*|spurn\w*|will not|would not|"
    r"won[’']t|"
    r"withdr[ae]w\w* (?:its|the|his|her|their) (?:demand|threat|offer)|drop\w* (?:its|the|his|her|"
    r"their) demand)\b",
    re.IGNORECASE,
)
#: Their domain is that of what would follow, not of the condition.
_BY_OUTCOME = frozenset({ConditionType.THREAT, ConditionType.CONSEQUENCE, ConditionType.OFFER})


#: Characters beyond which a stretch without a full stop is a table or an attack on patterns, not a sentence.
_LONGEST = 2_000


def find_conditions(
    text: str,
    sentences: Sequence[Sentence],
    findings: ActorFindings,
    *,
    without: frozenset[str] = frozenset(),
) -> tuple[Condition, ...]:
    """The conditions of an English document, in order of the text.

    `without`: names of rule families to leave out, for measuring what each contributes: the families of
    cues, and
    "attribution", "guards", "addressee-context", "domain-context".
    """
    document = BargainingText(
        text,
        findings,
        shares("\n".join(text[s.start : s.end] for s in sentences))
        if "domain-context" not in without
        else {},
        without,
        {actor.name: actor for actor in findings.actors},
    )
    voice = Voice()
    conditions: list[Condition] = []
    likely: list[tuple[float, list[Condition]]] = []
    told = 0
    for position, sentence in enumerate(sentences, start=FIRST if len(sentences) <= FEW else 0):
        if sentence.end - sentence.start <= _LONGEST:
            found, weight = _in_sentence(document, sentence, voice, position)
            if weight:
                likely.append((weight, found))
            elif found:
                conditions.extend(found)
                told += 1
    weights = load_weights()
    if weights.bargains(told, len(sentences)):
        for weight, found in likely:
            if weights.enough(weight, told, len(sentences)):
                conditions.extend(found)
    return tuple(sorted(conditions, key=lambda c: (c.start, c.end)))


def _in_sentence(
    document: BargainingText, sentence: Sentence, voice: Voice, position: int
) -> tuple[list[Condition], float]:
    """The conditions of a sentence; with a weight where only its evidence speaks for them."""
    scene = read_scene(document, sentence, voice)
    carried = carry_voice(scene, voice)
    found: list[Condition] = []
    for hit in _choose(_hits(document, scene.words), scene.words):
        claim = _claim(scene, hit, carried)
        if _stands(scene, claim):
            for condition in _listed(document, _condition(scene, claim), hit):
                found.extend(for_each_party(scene, claim, condition))
    found.extend(_enumerated(scene, found))
    weight = 0.0
    if not found and EVIDENCE not in document.without:
        weight = load_weights().weigh(scene.words, position)
        if load_weights().hopeless(weight) or ("guards" not in document.without and denied(scene.words)):
            weight = 0.0
        else:
            found = [_condition(scene, _claim(scene, _whole(scene.words), carried))]
    move_topic(scene, voice)
    document.recent.extend(mention.name for mention in scene.mentions if mention.form != "pronoun")
    return found, weight


def _whole(quotation: str) -> CueHit:
    """A sentence as the place of the cue it does without."""
    start = len(quotation) - len(quotation.lstrip())
    return CueHit(load_cues().by_id[EVIDENCE], start, start + 1, (0, len(quotation)))


#: What announces that the next sentences say one condition each: "in return for three things."
_ANNOUNCED = Ending(
    r"\b(two|three|four|five|six) (?:\w+ )?(?:things|conditions|demands|steps|points|terms|requirements|"
    r"requests|"
    r"assurances|guarantees)(?: for (?:the|a|its|any) \w+)?[.:]?[”\"]?$",
    re.IGNORECASE,
)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_LONGEST_ITEM = 240


def _enumerated(scene: Scene, found: Sequence[Condition]) -> list[Condition]:
    """What a sentence states that an earlier one has announced, with the parties of that one."""
    document, words = scene.document, scene.words.rstrip()
    if found:
        announced = _ANNOUNCED.forwards.search(words) if _ANNOUNCED.stands(words) else None
        document.listing = (_COUNTS[announced[1].casefold()], found[-1]) if announced else None
        return []
    if document.listing is None:
        return []
    left, first = document.listing
    if scene.speeches or len(words) > _LONGEST_ITEM or left == 0:
        document.listing = None
        return []
    document.listing = (left - 1, first)
    text = words.rstrip(".")
    before = document.text[max(0, scene.offset - 250) : scene.offset]
    return [
        replace(
            first,
            sentence=scene.words,
            sentence_start=scene.sentence.start,
            sentence_end=scene.sentence.end,
            text=text,
            start=scene.offset,
            end=scene.offset + len(text),
            type=ConditionType.DEMAND if first.type is ConditionType.DEMAND else ConditionType.PRECONDITION,
            domain=choose_domain(text, text, before, document.domains),
            deadline=find_deadline(words, 0, len(words)),
            rule=f"announced by the condition at {first.start}",
        )
    ]


_LISTING = frozenset({"contingent", "depends"})
_LIST_COMMA = re.compile(
    r",?\s+(?:and|as well as|along with|plus)\s+"
    r"(?=(?:[\w-]+\s){0,4}(?:guarantees?|assurances?|backing|support|\w+s\b))|;\s+"
)


def _listed(document: BargainingText, condition: Condition, hit: CueHit) -> list[Condition]:
    """One condition each for what a list after "contingent on" names, where the domains differ."""
    if hit.cue.id not in _LISTING:
        return [condition]
    tail = document.text[condition.start : condition.sentence_end].rstrip('.”"’ ')
    commas = [
        m
        for m in _LIST_COMMA.finditer(tail)
        if m.start() > 40 and tail[m.start()] in ",;" and len(tail[m.end() :].split()) >= 4
    ]
    if not commas:
        return [condition]
    comma = commas[-1]
    first = replace(condition, text=tail[: comma.start()], end=condition.start + comma.start())
    second = replace(
        condition,
        text=tail[comma.end() :],
        start=condition.start + comma.end(),
        end=condition.start + len(tail),
    )
    parts = [replace(part, domain=choose_domain(part.text, part.text, "", {})) for part in (first, second)]
    return parts if parts[0].domain is not parts[1].domain else [condition]


def _hits(document: BargainingText, quotation: str) -> list[CueHit]:
    found: list[CueHit] = []
    guarding = "guards" not in document.without
    in_doubt = doubted(quotation) if guarding else ()
    low = lowered(quotation)
    for cue, places in load_cues().possible(low):
        if cue.family in document.without:
            continue
        for match in cue.matches(quotation, low, places):
            start = match.start()
            if guarding and (
                any(begin <= start < end for begin, end in in_doubt) or guarded(cue, match, quotation)
            ):
                continue
            found.append(CueHit(cue, start, match.end(), segment_of(quotation, start)))
    return found


#: Cues that tell how long or from when a thing demanded is to last, where they follow a demand.
_OF_TIME = frozenset({"before-negative", "until", "as-long-as", "once", "the-moment", "pending"})


def _qualifies(hit: CueHit, asked: Sequence[CueHit], quotation: str) -> bool:
    """Whether a clause only tells when or for how long a thing demanded before it is to be."""
    before = [a for a in asked if a.start < hit.start]
    if not before:
        return False
    if hit.cue.id in _OF_TIME:
        return True
    return hit.cue.id == "if" and not _MODAL.search(quotation)


_MODAL = re.compile(r"\b(?:will|would|shall|could|might)\b", re.IGNORECASE)


_STRONG = frozenset({"demand", "refusal", "offer"})
_THREATS_TOLD = frozenset({"threaten", "retain-right", "vow"})
_ASKING = frozenset({"demand", "obligation"})
#: What is threatened in case a demand is not met.
_OR_ELSE = frozenset({"failing-which", "or-will"})
_JOINED = Ending(r"\b(?:and|but|while|or)\s+(?:[\w’']+\s+){0,3}$|, (?:and|but|while)\s+(?:[\w’']+\s+){0,5}$")


#: A clause of its own behind a demand: "asks for proof, but will let them pass as long as …".
_GOES_ON = re.compile(
    r", (?:and|but) (?:[\w’'-]+ ){0,6}?(?:will|would|could|cannot|can|won[’']t|only then)\b", re.IGNORECASE
)


def _choose(hits: list[CueHit], quotation: str) -> list[CueHit]:
    """One hit a clause: conditional clauses before demands, confident cues before doubtful ones."""
    chosen: list[CueHit] = []
    segments = sorted({hit.segment for hit in hits})
    for segment in segments:
        inside = sorted((h for h in hits if h.segment == segment), key=lambda h: (h.start, -h.cue.confidence))
        asked = [h for h in inside if h.cue.family == "demand" and h.cue.confidence >= 0.7]
        conditional = [
            h for h in inside if h.cue.family == "conditional" and not _qualifies(h, asked, quotation)
        ]
        if conditional:
            best = max(conditional, key=lambda h: (h.cue.confidence, -h.start))
            kept = [best]
            kept += [
                h
                for h in conditional
                if h is not best
                and h.cue.id == best.cue.id == "only-if"
                and re.search(r"\band\s+$", quotation[max(0, h.start - 5) : h.start])
            ]
            kept += [h for h in inside if h.cue.id == "failing-which" and h.start > best.end]
            kept += [a for a in asked if a.end < best.start and _GOES_ON.search(quotation, a.end, best.end)][
                :1
            ]
            chosen.extend(kept)
            continue
        taken_until = -1
        last: CueHit | None = None
        for hit in sorted(inside, key=lambda h: (-_priority(h), h.start)):
            if last is None:
                last = hit
                chosen.append(hit)
                taken_until = hit.end
                continue
            joined = _JOINED.stands(quotation[max(0, hit.start - 40) : hit.start])
            strong = (hit.cue.family in _STRONG or hit.cue.id in _THREATS_TOLD) and last.cue.family in _STRONG
            apart = all(abs(hit.start - other.start) > 12 for other in chosen)
            backed = last.cue.id in _OR_ELSE and hit.cue.family in _ASKING and hit.start <= last.start + 4
            if (
                (joined and strong and apart and hit.start > taken_until)
                or (hit.cue.id in _OR_ELSE and apart)
                or (backed and not any(other.cue.family in _ASKING for other in chosen))
            ):
                chosen.append(hit)
    return sorted(chosen, key=lambda h: h.start)


def _priority(hit: CueHit) -> float:
    order = {
        "demand": 0.3,
        "refusal": 0.25,
        "threat": 0.28,
        "offer": 0.1,
        "obligation": 0.05,
        "consequence": 0.0,
    }
    return hit.cue.confidence + order.get(hit.cue.family, 0.0)


_AGENT = re.compile(r"\b(?:by|pressure from)\s+(?:the\s+)?")


def _claim(scene: Scene, hit: CueHit, carried: Voice) -> Claim:
    """What a cue says, of whom, by whom: everything but who the parties are."""
    cue, quotation, offset = hit.cue, scene.words, scene.offset
    start, end = _span(quotation, hit)
    main, main_start, main_end = _parts(quotation, hit, start, end)
    if cue.argument in {"clause", "words"}:
        subject = _main_subject(scene, (main_start, main_end), (start, end))
    elif cue.argument == "sentence":
        subject = _main_subject(scene, (main_start, main_end), (end, end))
    elif cue.family == "demand" and passive(quotation, hit):
        by = _AGENT.search(quotation, hit.start)
        subject = first_party(scene.mentions, offset, by.end() - 1, by.end() + 4) if by else None
    else:
        subject = _verb_subject(scene, hit)
    claim = Claim(hit, voice_of(scene, hit, carried), start, end, main, subject)
    claim.kind = choose_type(scene, claim)
    return claim


def _condition(scene: Scene, claim: Claim) -> Condition:
    document, sentence, hit, who = scene.document, scene.sentence, claim.hit, claim.who
    cue, quotation, start, end = hit.cue, scene.words, claim.start, claim.end
    holder, why = find_holder(scene, claim)
    claim = claim.of(holder)
    addressee, how = find_addressee(scene, claim)
    own = quotation[start:end]
    domain = _domain(scene, claim)
    speaker = who.speaker if who.speaker in document.by_name and who.speaker != holder else None
    return Condition(
        sentence=quotation,
        sentence_start=sentence.start,
        sentence_end=sentence.end,
        text=own,
        start=sentence.start + start,
        end=sentence.start + end,
        type=claim.kind,
        domain=domain,
        holder=holder,
        addressee=addressee,
        speaker=speaker,
        cue=cue.id,
        deadline=find_deadline(quotation, start, end),
        hedged=bool(_HEDGE.search(lowered(quotation))) or who.kind == "official",
        negated=bool(cue.family == "demand" and _REFUSAL.search(quotation[: hit.start][-40:])),
        rule=f"{cue.family}:{cue.argument}, holder by {why}, addressee by {how}",
    )


#: In lower case, as sentences are before they are searched.
_TITLE = re.compile(
    r"\b(?:(?:prime|foreign|finance|defen[cs]e|interior|trade|justice|deputy|former|acting|vice|"
    r"opposition|state|"
    r"security|economy|energy|farm|army|military|navy|police)[ -])*"
    r"(?:minister|president|premier|president-elect|secretary(?:-general| of state)?|chancellor|spokes\w+|"
    r"ambassador|envoy|chief|leader|adviser|commander|general|governor|mayor|senators?|lawmakers?|"
    r"diplomats?|"
    r"officials?|negotiator|representative|commissioner|speaker|source)\b",
)


def _domain(scene: Scene, claim: Claim) -> Domain:
    """The domain by what is said, not by who says it: names of states and persons, titles are left out."""
    document, words = scene.document, scene.words
    bare = list(words)
    for mention in scene.mentions:
        actor = document.by_name.get(mention.name)
        if (
            actor is not None
            and actor.kind in {ActorKind.STATE, ActorKind.PERSON}
            and mention.form != "group"
        ):
            bare[mention.start - scene.offset : mention.end - scene.offset] = " " * (
                mention.end - mention.start
            )
    text = lowered("".join(bare))
    text = _TITLE.sub(lambda m: " " * len(m[0]), text)
    low, high = claim.hit.segment
    own = text[low:high] if claim.kind in _BY_OUTCOME else text[claim.start : claim.end]
    before = document.text[max(0, scene.sentence.start - 250) : scene.sentence.start]
    return choose_domain(own, text, before, document.domains)


#: Where the main clause begins without a comma: "Without a truce there can be no vote".
_MAIN_FOLLOWS = re.compile(
    r" (?:there|it|they|he|she|we|nobody|no one|nothing) (?:will|would|can|could|cannot|won[’']t|can[’']t)\b"
)


def _span(quotation: str, hit: CueHit) -> tuple[int, int]:
    low, high = hit.segment
    if hit.cue.argument == "clause":
        end = max(hit.end, min(clause_end(quotation, hit.start), high))
        main = _MAIN_FOLLOWS.search(quotation, hit.end, end) if hit.cue.id == "without" else None
        return hit.start, main.start() if main else end
    if hit.cue.argument == "words":
        return hit.start + len(quotation[hit.start : hit.end]) - len(
            quotation[hit.start : hit.end].lstrip(' :;,—–“"‘')
        ), hit.end
    if hit.cue.argument == "object":
        return hit.start, max(hit.end, min(len(quotation.rstrip().rstrip('.”"’')), high))
    start = low + len(quotation[low:high]) - len(quotation[low:high].lstrip())
    end = low + len(quotation[low:high].rstrip().rstrip('.”"’'))
    return (start, end) if end > start else (hit.start, hit.end)


def _parts(quotation: str, hit: CueHit, start: int, end: int) -> tuple[str, int, int]:
    """The main clause, its condition left out, with its place."""
    low, high = hit.segment
    if hit.cue.argument not in {"clause", "words"}:
        return quotation[low:high], low, high
    return f"{quotation[low:start]} … {quotation[end:high]}", low, high


#: What a state gives or holds back, after its adjective: "Ghanaian aid is conditional on".
_ITS_MEANS = re.compile(
    r"\s(?:[a-z]+\s){0,2}(?:aid|help|support|assistance|loans?|money|funds|funding|backing|recognition|"
    r"sanctions|troops|forces|approval|assent|consent|participation|ratification|weapons|arms|deliveries|supplies|"
    r"gas|tariffs|visas|investment|guarantees|pledges?|offers?|membership)\b"
)
_MODAL_AHEAD = Ending(r"\b(?:will|would|can|could|may|might|does|did)\s(?:the\s)?$")


def _subject_behind(scene: Scene, start: int, end: int) -> ActorMention | None:
    """The subject that stands behind its modal after a condition that opens: "Only then will Chad sign"."""
    words, offset = scene.words, scene.offset
    if not words[:start].strip(' “"‘'):
        for mention in scene.mentions:
            if mention.start - offset > start and _MODAL_AHEAD.stands(words[: mention.start - offset]):
                return mention
    return None


def _main_subject(scene: Scene, main_part: tuple[int, int], hidden: tuple[int, int]) -> ActorMention | None:
    """The subject of the main clause, the speaker of a verb of speech aside; `hidden`: the condition."""
    main_start, main_end = main_part
    start, end = hidden
    quotation, offset, speeches = scene.words, scene.offset, scene.speeches
    said_by = {id(s.speaker) for s in speeches if s.speaker is not None}
    ahead = [
        s.end for s in speeches if not s.after and main_start < s.end < main_end and not start < s.start < end
    ]
    main_start = ahead[-1] if ahead else main_start
    behind = [s.start for s in speeches if s.after and s.start > main_start + 20]
    main_end = min(main_end, *behind) if behind else main_end
    inside = [
        m
        for m in scene.mentions
        if main_start <= m.start - offset < main_end and not start < m.start - offset < end
    ]
    free = [m for m in inside if id(m) not in said_by and not governed(quotation, m.start - offset)]
    ahead_of_clause = [m for m in free if m.end - offset <= start]
    for group in (ahead_of_clause, free):
        own = next(
            (
                m
                for m in group
                if not m.possessive
                and (m.form != "adjective" or m.subject or an_official_of(quotation, m, offset))
            ),
            None,
        )
        if own is not None:
            return own
        if group and group[0].possessive:
            return group[0]
    return _subject_behind(scene, start, end) or next(
        (m for m in free if m.form == "adjective" and _ITS_MEANS.match(quotation, m.end - offset)), None
    )


_TO = re.compile(r"\bto $")
_GOVERNING = re.compile(
    r"\b(?:ask(?:s|ed|ing)?|want(?:s|ed)?|urg(?:es|ed)|call(?:s|ed) (?:up)?on|request(?:s|ed)|appeal(?:s|"
    r"ed)|invit(?:es|ed)|"
    r"expect(?:s|ed)|(?:has|have|had) (?:asked|urged|requested))\b(?=[^,;.]*to $)",
    re.IGNORECASE,
)
_AND_VERB = Ending(r",? (?:and|but) (?:(?:also|then|has|have|had|again|\w+ly) )*$")


#: Verbs of asking in their bare form, and the modal that a bare form needs ahead of it.
_BARE = re.compile(
    r"(?:ask|demand|urge|call|seek|want|insist|appeal|request|offer|refuse|require|order|press|invite|"
    r"propose|plead|beg)\b"
)
_MODAL_VERB = re.compile(r"\b(?:would|will|shall|should|must|could|can|might|may)\b")


def _shares_modal(quotation: str, coordinated: int, verb: int) -> bool:
    """Whether a coordinated verb goes on a reported clause: "X said Y would sue and ask the court to"."""
    return bool(_BARE.match(quotation, verb) and _MODAL_VERB.search(quotation, 0, coordinated))


def _verb_subject(scene: Scene, hit: CueHit) -> ActorMention | None:
    """The subject of the cue verb, not a speaker ahead of it ("X said Y wants") unless alone."""
    mentions, offset, quotation = scene.mentions, scene.offset, scene.words
    if _TO.search(quotation, 0, hit.start):  # "asked mediators to press Eritrea": who asks them sets it
        asking = _GOVERNING.search(quotation, hit.segment[0], hit.start)
        if asking is not None and (
            first := subject_before(mentions, offset, quotation, hit.segment[0], asking.start())
        ):
            return first
    if _AND_VERB.stands(quotation[: hit.start]) and (
        coordinated := _AND_VERB.forwards.search(quotation, 0, hit.start)
    ):  # "X told parliament …, and asked Y"
        speakers = [s.speaker for s in scene.speeches if not s.after and s.end < coordinated.start()]
        if (
            speakers
            and speakers[-1] is not None
            and not _shares_modal(quotation, coordinated.start(), hit.start)
            and "," not in quotation[coordinated.start() + 1 : hit.start]
        ):
            return speakers[-1]
    ahead = [s.end for s in scene.speeches if not s.after and s.end <= hit.start and s.start < hit.start]
    low = max([hit.segment[0], *ahead[-1:]])
    return subject_before(mentions, offset, quotation, low, hit.start) or (
        subject_before(mentions, offset, quotation, hit.segment[0], hit.start)
        if low > hit.segment[0]
        else None
    )


def _stands(scene: Scene, claim: Claim) -> bool:
    """Whether cue and parties together make a condition."""
    hit, who, subject = claim.hit, claim.who, claim.subject
    quotation, mentions, cue = scene.words, scene.mentions, hit.cue
    if cue.family == "obligation":
        if quotation[hit.start : hit.end].casefold() == "had to" and not who.here:
            return False  # told, not asked for
        if cue.id == "must" and quotation[hit.start : hit.end].casefold() == "must":
            return who.kind != "nobody" or bool(mentions)
        return who.kind == "actor" or (who.kind == "official" and who.here)
    if cue.id in {"hypothetical-act", "such-a-thing"}:
        return True
    if cue.family == "consequence":
        return who.kind in {"actor", "analyst"}
    if cue.family == "demand":
        word = quotation[hit.start : hit.end].casefold()
        if word.startswith(("need", "expect", "want")) and passive(quotation, hit):
            return False
        if cue.id == "obliges":
            return True  # a paper does
        if word.startswith(("need", "order", "told", "direct", "require", "expect")) and subject is None:
            return False
    if cue.family == "offer":
        return subject is not None
    return True
