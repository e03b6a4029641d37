"""The parties of a condition: who sets it and whom it is put to.

The holder is the subject of the cue's verb, else whoever says it; the addressee stands in the condition's own
words, else it is the other side of the bargain: the most salient actor near by that is not of the holder's
side.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from digestbot.analysis.clauses import first_party, governed, passive, subject_before
from digestbot.analysis.cues import CueHit
from digestbot.analysis.mentions import ActorMention
from digestbot.analysis.scene import PARTIES, BargainingText, Claim, Scene, Who
from digestbot.model import Actor, ActorKind, Condition, ConditionType

_SPOKESPERSON = re.compile(r"\bspokes\w+|\bpress secretary\b", re.IGNORECASE)


_FOR = re.compile(r"in (?:exchange|return)\s+for\b|.* in return for\b", re.IGNORECASE)
#: "X said on behalf of Y": Y sets it.
_ON_BEHALF = re.compile(r"\b(?:on behalf of|in the name of|speaking for)\s(?:the\s|all\s)?$")


def find_holder(scene: Scene, claim: Claim) -> tuple[str | None, str]:
    """Who sets the condition, and the rule that found it: the cue verb's subject, the speaker, who acts.

    What officials without a name set ("Egyptian officials want") is their state's.
    """
    name, how = _holder(scene, claim)
    actor = scene.document.by_name.get(name) if name else None
    if actor is not None and actor.kind is not ActorKind.PERSON and _OFFICIALS.search(actor.name):
        return scene.document.state_of(actor) or name, "officials"
    return name, how


_OFFICIALS = re.compile(r"\s(?:officials?|diplomats?|negotiators?|envoys|emissaries|delegates|aides?)\b")


def _holder(scene: Scene, claim: Claim) -> tuple[str | None, str]:
    """What find_holder finds where somebody named sets it."""
    document, hit, who, subject = scene.document, claim.hit, claim.who, claim.subject
    if who.kind == "analyst":
        return None, "nobody"
    if hit.cue.id == "exchange" and not _FOR.match(scene.words, hit.start):
        giver = first_party(scene.mentions, scene.offset, hit.end, hit.end + 60)
        if giver is not None and (giver.subject or giver.start - scene.offset - hit.end < 6):
            return giver.name, "actor"
    if _failing_which(scene, claim) and (first := _first_free(scene)) is not None:
        subject = first
    if (
        who.source in document.by_name
        and claim.kind is not ConditionType.CONSEQUENCE
        and (subject is None or document.side_of(who.source) != document.side_of(subject.name))
    ):
        return who.source, "official"
    threatened = _must_or_else(scene, claim)
    if threatened is not None:
        told = who.speaker if who.here and who.speaker != threatened.name else None
        return told, "speaker" if told else "nobody"
    name = subject.name if subject is not None else None
    speaker = who.speaker if who.speaker in document.by_name else None
    pronoun = subject is not None and subject.form == "pronoun"
    if pronoun and speaker is None and subject is not None and _is_own_voice(scene, subject):
        return None, "nobody"  # "we" of somebody who is not named
    if who.here and (principal := _principal(scene, claim)) is not None:
        return principal, "principal"
    if subject is not None and not (who.here or pronoun) and (group := _for_whom(scene, subject)) is not None:
        return group, "principal"
    if pronoun and speaker is not None and subject is not None and _is_own_voice(scene, subject):
        return _spoken_for(document, speaker, who), "speaker"
    if pronoun and who.after and subject is not None and _has_said_for(scene, claim, subject, speaker):
        return subject.name, "actor"
    if pronoun and who.here and not who.after and speaker is not None:
        return _spoken_for(document, speaker, who), "speaker"
    if hit.cue.argument == "object" and hit.cue.holder == "subject" and name is not None:
        return _spoken_for(document, name, who), "subject"
    if claim.kind is ConditionType.CONSEQUENCE:
        return speaker, "speaker" if speaker else "nobody"
    if speaker is not None:
        bound = hit.cue.family == "obligation" or hit.cue.id == _PASSIVE_CUE  # who must do it does not set it
        if not (who.here or who.own or bound or pronoun) and name is not None:
            return name, "actor"
        if subject is not None and who.here and _speaks_about(scene, claim, subject, speaker):
            return subject.name, "actor"
        return _spoken_for(document, speaker, who), "speaker"
    if hit.cue.id == _PASSIVE_CUE and (agent := _agent(scene, hit)) is not None:
        return agent, "agent"
    if hit.cue.family == "conditional" and (agent := _imposed_by(scene, claim)) is not None:
        return agent, "agent"
    if name is None or hit.cue.family == "obligation" or hit.cue.id == _PASSIVE_CUE:
        return None, "nobody"
    return _spoken_for(document, name, who), "actor"


_BY = re.compile(r"\bby\s(?:the\s)?$")


def _agent(scene: Scene, hit: CueHit) -> str | None:
    """Who stands after "by" in or right behind a passive: "was asked by Washington to"."""
    for mention in scene.mentions:
        place = mention.start - scene.offset
        if hit.start < place <= hit.end + 8 and _BY.search(scene.words[hit.start : place]):
            return mention.name
    return None


#: By whom something is kept up that a condition would end: "sanctions imposed by the bloc end once".
_IMPOSED_BY = re.compile(
    r"\b(?:imposed|ordered|decreed|promised|offered|pledged|frozen|withheld|suspended|blocked|granted|"
    r"put in place|drawn up|demanded)(?: \w+)? by (?:the )?$"
)


def _imposed_by(scene: Scene, claim: Claim) -> str | None:
    """Who imposed or promised what the main clause speaks of."""
    low, high = claim.hit.segment
    for mention in scene.mentions:
        place = mention.start - scene.offset
        within = claim.start <= place < claim.end
        if low <= place < high and not within and _IMPOSED_BY.search(scene.words[low:place]):
            return mention.name
    return None


_BOUND = re.compile(
    r"\s(?:\w+ )?(?:must|should|has to|have to|had to|needs? to|"
    r"(?:was|were|is|are) (?:told|given|ordered|warned))\b"
)


def _must_or_else(scene: Scene, claim: Claim) -> ActorMention | None:
    """Who must do something "or face …": he is threatened, and somebody else threatens."""
    if claim.hit.cue.id != "failing-which" or _failing_which(scene, claim):
        return None
    first = _first_free(scene)
    if first is None or first.end - scene.offset > claim.hit.start:
        return None
    return first if _BOUND.match(scene.words, first.end - scene.offset) else None


_ASKS = re.compile(
    r"\s(?:\w+ )?(?:has |have |had )?(?:tells?|told|gives?|gave|given|orders|ordered|urges|urged|warns|"
    r"warned|asks|"
    r"asked|demands|demanded|wants|calls on|called on)\b"
)


def _failing_which(scene: Scene, claim: Claim) -> bool:
    """Whether it follows "X asks Y to …, failing which" or "or face": X sets it, whoever stands nearest."""
    if claim.hit.cue.id != "failing-which":
        return False
    first = _first_free(scene)
    asks = first is not None and _ASKS.match(scene.words, first.end - scene.offset)
    return bool(asks) or scene.words[claim.hit.start : claim.hit.end].casefold() == "failing which"


def _first_free(scene: Scene) -> ActorMention | None:
    """The first actor of the sentence that can be its subject."""
    return next(
        (
            m
            for m in scene.mentions
            if not m.possessive
            and m.form != "adjective"
            and not governed(scene.words, m.start - scene.offset)
        ),
        None,
    )


_FIRST = re.compile(r"(?:I|[Ww]e)\b")


def _is_own_voice(scene: Scene, subject: ActorMention) -> bool:
    """Whether the subject is "I" or "we": then it is whoever speaks."""
    return _FIRST.fullmatch(scene.document.text[subject.start : subject.end]) is not None


_ITS_LEADER = re.compile(
    r"\b(?:its|their) (?:[\w-]+ ){0,2}(?:leader|chief|chair\w*|president|head|secretary[- ]general|"
    r"spokes\w+|negotiator|minister|commander)\b"
)


def _has_said_for(scene: Scene, claim: Claim, subject: ActorMention, speaker: str | None) -> bool:
    """Whether "he will …, his ministry says" tells what he does: the speaker is his office, not himself.

    So is its leader where a body acts: "They will return …, its leader Ana Kos said".
    """
    document = scene.document
    said = document.text[subject.start : subject.end]
    if not subject.start - scene.offset < min(claim.hit.start, 12):
        return False
    if said in {"He", "She"}:
        return document.is_person(subject.name) and not document.is_person(speaker or "")
    return (
        said in {"It", "They"}
        and not document.is_person(subject.name)
        and _ITS_LEADER.search(scene.words, subject.end - scene.offset) is not None
    )


#: Who leads a state, company or movement: what it will do is the leader's own word. Whoever else speaks, a
#: minister or a manager, tells what it will do.
_LEADS = re.compile(
    r"(?<!vice )(?<!vice-)(?<!deputy )(?<!deputy-)\b(?:presidents?|prime ministers?|premiers?|chancellor|"
    r"king|queen|"
    r"emir|sultan|crown prince|head of (?:state|government)|supreme leader|chief adviser|taoiseach|rais|"
    r"monarch|pope|leader|secretary[- ]general)\b(?! of the (?:council|parliament|assembly|chamber|"
    r"commission))",
    re.IGNORECASE,
)
_WOULD_ACT = re.compile(
    r"[’']?(?:\s(?:[Gg]overnment|administration|side|"
    r"authorities))?(?:\s\([^)]{1,30}\))?(?:,[^,]{3,80},)?\s(?:\w+ )?(?:will|would|shall|won[’']t|"
    r"wouldn[’']t|can(?:not)?|"
    r"could|may|might|is|was|are|were|stands?|stood|keeps?|backs?|accepts?|sees?|has|had|expects?|wants?|"
    r"rejects?|refuses?)\b(?! (?:be|been|have|lose|face|fall|suffer|pay|regret|answer for)\b)"
)


def _speaks_about(scene: Scene, claim: Claim, subject: ActorMention, speaker: str) -> bool:
    """Whether the main clause tells what the speaker's state or company will do: then that sets it.

    "Mexico will go to court, its foreign minister said": Mexico; of a president the word is his own, and so
    is that of whoever is named first ("The minister said Mexico would go to court").
    """
    if not claim.who.after:
        return False
    document, words = scene.document, scene.words
    told, acts = document.by_name.get(speaker), document.by_name.get(subject.name)
    if told is None or acts is None or claim.kind is ConditionType.DEMAND or subject.possessive:
        return False
    place = subject.start - scene.offset
    if governed(words, place) or not _WOULD_ACT.match(words, subject.end - scene.offset):
        return False
    if told.kind is not ActorKind.PERSON or acts.kind is ActorKind.PERSON or subject.form in _LOOSE:
        return False
    if acts.kind is ActorKind.STATE:
        its = _ITS_OFFICE if told.country else _ANY_OFFICE
        if its.search(words, subject.end - scene.offset):
            return True
        return document.side_of(subject.name) == document.side_of(speaker) and not _leads(document, told)
    return claim.kind is not ConditionType.CONSEQUENCE


_OFFICES = r"(?:minister|spokes\w+|envoy|ambassador|ministry|negotiator)\b"
#: The speaker's office is said to be the subject's: "Mexico will …, its foreign minister Luis Mora said".
_ITS_OFFICE = re.compile(rf"\bits (?:[\w-]+ ){{0,2}}{_OFFICES}")
#: So is an office without a name or country: "Estonia will not …, the foreign minister said".
_ANY_OFFICE = re.compile(rf"\b(?:its|the) (?:[a-z-]+ ){{0,2}}{_OFFICES}")


def _leads(document: BargainingText, person: Actor) -> bool:
    """Whether somebody leads a state: by office, or as its leading person where the text tells none."""
    if person.role:
        return bool(_LEADS.search(person.role))
    own = (a for a in document.findings.actors if a.kind is ActorKind.PERSON and a.country == person.country)
    return max(own, key=lambda actor: actor.salience, default=person) is person


_LOOSE = frozenset({"adjective", "pronoun", "office", "group", "people"})


def _principal(scene: Scene, claim: Claim) -> str | None:
    """On whose behalf the speaker speaks: "said on behalf of the Arab Group", "speaking for Cambodia"."""
    for mention in scene.mentions:
        place = mention.start - scene.offset
        if place < claim.hit.start and _ON_BEHALF.search(scene.words[:place]):
            actor = scene.document.by_name.get(mention.name)
            if actor is not None and actor.sector in {"GOV", "MIL"}:
                return scene.document.state_of(actor) or mention.name
            return mention.name
    return None


#: "Kuwait, for the Arab Group, insisted": as bulletins and records of meetings put it.
_FOR_GROUP = re.compile(
    r", (?:also )?(?:(?:speaking|acting) )?(?:also )?(?:for|on behalf of|in the name of) (?:the )?"
)


def _for_whom(scene: Scene, subject: ActorMention) -> str | None:
    """The body that a verb's subject is said to speak for, right behind it."""
    for mention in scene.mentions:
        actor = scene.document.by_name.get(mention.name)
        if (
            mention.start >= subject.end
            and actor is not None
            and actor.kind is not ActorKind.PERSON
            and _FOR_GROUP.fullmatch(scene.words, subject.end - scene.offset, mention.start - scene.offset)
        ):
            return mention.name
    return None


def _spoken_for(document: BargainingText, name: str, who: Who) -> str | None:
    """The state a spokesperson speaks for, else the actor itself."""
    actor = document.by_name.get(name)
    if actor is None:
        return None
    if (
        who.labelled
        and name == who.speaker
        and actor.kind is ActorKind.PERSON
        and _speaks_for_state(document, actor)
    ):
        return (document.state_of(actor) if actor.country else document.host) or name
    return name


def _speaks_for_state(document: BargainingText, actor: Actor) -> bool:
    if document.briefing:
        return True
    if actor.role and _SPOKESPERSON.search(actor.role):
        return actor.sector in {None, "GOV", "MIL"}
    if name_after_title := document.spokespersons.get(actor.name):
        return name_after_title
    surname = re.escape(actor.name.split()[-1])
    full = re.escape(actor.name)
    found = bool(re.search(rf"[Ss]pokes\w+ (?:{full}|(?:\w+ )?{surname})\b", document.text))
    document.spokespersons[actor.name] = found
    return found


def find_addressee(scene: Scene, claim: Claim) -> tuple[str | None, str]:
    """The party the condition is put to, and the rule that found it.

    What is put to an army or a ministry is put to its state, where the text names that too.
    """
    document = scene.document
    name, how = _addressee(scene, claim)
    actor = document.by_name.get(name) if name else None
    if actor is not None and actor.kind is ActorKind.ORGANISATION and actor.sector in {"GOV", "MIL", "COP"}:
        state = document.state_of(actor)
        return (state if state is not None and state != claim.holder else name), how
    return name, how


def _addressee(scene: Scene, claim: Claim) -> tuple[str | None, str]:
    """What find_addressee finds, before armies and ministries are taken for their state."""
    document, hit, who, holder = scene.document, claim.hit, claim.who, claim.holder
    mentions, offset = scene.mentions, scene.offset
    told = who.speaker if who.here or who.quoted else None
    aside = [holder, told, *_side(document, holder), *_own_titles(scene, claim)]
    if holder is not None and claim.subject is not None and _for_whom(scene, claim.subject) == holder:
        aside.append(claim.subject.name)  # who speaks for the holder
    holding = document.by_name.get(holder) if holder else None
    if holding is not None and holding.kind is ActorKind.PERSON and (group := document.group_of(holding)):
        aside.append(group.name)
    if claim.kind in _ACTS:
        struck = _struck(scene, claim, aside)
        if struck is not None:
            return struck, "main clause"
    if (threatened := _must_or_else(scene, claim)) is not None:
        return threatened.name, "subject"
    if hit.cue.family == "obligation":
        left = subject_before(mentions, offset, scene.words, hit.segment[0], hit.start)
        if left is not None and left.name not in (aside if left.form == "pronoun" else (holder, told)):
            return left.name, "subject"
    warned, bound = _spoken_to(scene, claim)
    if warned is not None and bound:
        return warned, "spoken to"
    if hit.cue.family == "demand":
        asked, how = _asked(scene, claim)
        if how != "counterpart":
            return asked, how
    elif hit.cue.argument == "object":
        found = first_party(mentions, offset, hit.end, claim.end, but=aside)
        if _failing_which(scene, claim):
            found = first_party(mentions, offset, hit.segment[0], hit.start, but=aside) or found
        if found is not None:
            own = _own_government(document, holder, found)
            return own or found.name, "object"
    else:
        opens = hit.start + len(_BEFORE) if scene.words.startswith(_BEFORE, hit.start) else hit.end
        found_name = _clause_party(scene, opens, claim.end, aside, whole=hit.cue.argument == "sentence")
        if found_name is not None:
            return found_name, "clause"
    if warned is not None:
        return warned, "spoken to"
    if claim.kind is ConditionType.CONSEQUENCE and who.kind != "actor":
        concerned = _concerned(scene, claim, aside)
        return concerned, "clause" if concerned else "none"
    if claim.kind is ConditionType.CONSEQUENCE and (
        hit.cue.id not in _TOLD_TO_SOMEBODY or holding is None or _domestic(holding)
    ):  # what nobody does is put to nobody
        return None, "none"
    if hit.cue.id == "whoever-will":  # "any ship which …": nobody by name
        return None, "nobody in particular"
    if (giver := _giver(scene, claim, aside)) is not None:
        return giver, "gives"
    if "addressee-context" in document.without:
        other = first_party(mentions, offset, 0, len(scene.words), but=aside)
        return (other.name, "sentence") if other is not None else (None, "none")
    return _counterpart(scene, holder, aside), "counterpart"


#: "One more rocket and …", "let them try, and …": consequences that are held out to the other side.
_TOLD_TO_SOMEBODY = frozenset({"one-more", "imperative-if"})
#: Verbs of speech with whom it is said to right behind them, and what may stand between.
_SAID_TO = re.compile(
    r"(?:(tell|told|tells|assured|assures|promised|promises)|warn|warned|warns)$", re.IGNORECASE
)
_TO_WHOM = re.compile(r"\s(?:the\s)?")
#: What binds who is told: "told Serbia it must align".
_IT_MUST = re.compile(
    r"(?:[^,.;:“\"]{0,40}?\s)?(?:that )?(?:it|they|he|she) "
    r"(?:must|should|need|has to|have to|had to|needed|cannot)\b",
    re.IGNORECASE,
)

#: What somebody gives and others wait for, with who gives it before it.
_ITS_WORD = re.compile(
    r"[’']?s? (?:own |full |formal |prior |written |public )?(?:promises?|pledges?|word|consent|assent|"
    r"approval|agreement|signature|permission|commitments?|acceptance|guarantees?|assurances?|apology|"
    r"apologies|blessing|recognition|withdrawal|go-ahead|invitation)\b"
)


def _giver(scene: Scene, claim: Claim, aside: Sequence[str | None]) -> str | None:
    """Whose word or act a condition without a clause of its own waits for: "Kyiv's promise comes first"."""
    for mention in scene.mentions:
        place = mention.start - scene.offset
        if (
            claim.start <= place < claim.end
            and mention.possessive
            and mention.form != "pronoun"
            and mention.name not in aside
            and _ITS_WORD.match(scene.words, mention.end - scene.offset)
        ):
            return mention.name
    return None


#: Whoever is told is meant: "told the Japanese: we sign once you have paid".
_YOU = re.compile(r"\byour?\b", re.IGNORECASE)


def _spoken_to(scene: Scene, claim: Claim) -> tuple[str | None, bool]:
    """Who is told or warned, and whether it is bound to do something: "told Serbia it must …"."""
    words, offset = scene.words, scene.offset
    if claim.hit.cue.family == "demand":
        return None, False
    for speech in scene.speeches:
        said = _SAID_TO.match(words[speech.start : speech.end])
        if said is None or speech.after or speech.start > claim.hit.start:
            continue
        behind = _TO_WHOM.match(words, speech.end)
        for mention in scene.mentions:
            if behind is None or mention.start - offset != behind.end() or mention.form == "adjective":
                continue
            actor = scene.document.by_name.get(mention.name)
            if actor is not None and actor.kind in PARTIES and mention.name != claim.holder:
                bound = said[1] is None or _IT_MUST.match(words, mention.end - offset) is not None
                return mention.name, bound or _YOU.search(words, claim.start, claim.end) is not None
    return None, False


_ACTS = frozenset({ConditionType.THREAT, ConditionType.OFFER})
#: Whom a threat or an offer is made to in its main clause: what would be left, who would be given something.
_STRUCK = re.compile(
    r"\b(?:walk out of|leave|quit|pull out of|withdraw from|break with|(?:impose|slap|"
    r"put) [^,;.]{2,50} on|tariff|"
    r"(?:exports?|supplies|aid|help|money|troops|weapons|gas|power|relief|loans?) to|give|grant|offer(?:s|"
    r"ed)?|"
    r"(?:attack|strike|bomb|invade|punish|sanction))\s(?:the\s|all\s)?$"
)


def _struck(scene: Scene, claim: Claim, aside: Sequence[str | None]) -> str | None:
    low, high = claim.hit.segment
    for mention in scene.mentions:
        place = mention.start - scene.offset
        within = claim.hit.cue.argument == "clause" and claim.start <= place < claim.end
        if low <= place < high and not within and mention.name not in aside:
            actor = scene.document.by_name.get(mention.name)
            if (
                actor is not None
                and actor.kind in PARTIES | {ActorKind.ORGANISATION}
                and _STRUCK.search(scene.words[low:place])
            ):
                return _own_government(scene.document, claim.holder, mention) or mention.name
    return None


_TITLES_FOLLOW = re.compile(r"\s?[,(]|\s(?:of|from|for|at)\s")


def _own_titles(scene: Scene, claim: Claim) -> list[str]:
    """Who stands in the holder's own titles: "Cedric Schuster of Samoa, the chair of AOSIS, said"."""
    for speech in scene.speeches:
        if speech.speaker is None or speech.speaker.name != claim.holder:
            continue
        first = speech.speaker.end - scene.offset
        last = speech.start if _TITLES_FOLLOW.match(scene.words, first, speech.start) else first
        return [m.name for m in scene.mentions if first <= m.start - scene.offset < last]
    return []


#: Whoever hears it: what is asked of them is put to nobody in particular.
_ANYBODY = re.compile(
    r"both (?:to|of (?:them|the two))\b|(?:(?:all|both|the|other|two|regional|foreign|international|western|"
    r"many|every|any|most|armed)\s)*"
    r"(?:partners?|parties|sides|others|donors|actors|armed groups?|states|countries|nations|members?|"
    r"governments|"
    r"neighbours|neighbors|allies|capitals|leaders|world|"
    r"international community|everyone|everybody|anyone|factions|"
    r"stakeholders|"
    r"creditors|people|groups|restraint|calm|dialogue|unity|de-escalation|peace|moderation|patience)\b"
    r"(?!\s(?:of|in)\s(?-i:[A-Z]))",
    re.IGNORECASE,
)
#: A cue that may hold the first word of its clause: "before Israel stops".
_BEFORE = "before "
_ITS_OWN = re.compile(r"(?:its|their|his|her) (?!government|president|leader|hosts?\b)\w", re.IGNORECASE)
_AT_HOME = re.compile(
    r"(?:the |its |their |our )?(?:(?:national|central|federal|interim|transitional|present|new|union) )?"
    r"(?:government|centre|center|state|authorities|treasury|cabinet|finance ministry)\b",
    re.IGNORECASE,
)
_LEADS_IN = re.compile(
    r"\s*(?:(?:on|upon|for|to|that|from|of|with|again|once more|also|publicly|\w+ly)\s+)*", re.IGNORECASE
)
#: Cues that reach over the object of their verb ("asked the government for"), and that verb.
_HOLDS_OBJECT = frozenset({"ask-for", "keep-off", "ultimatum", "warn-against"})
#: Cues that hold whom they are put to, so that who is no actor is nobody ("gave the banks three days to").
_NAMES_WHOM = frozenset({"ultimatum", "time-to", "told-to"})
#: "The EU is told to …": whoever is told stands before it.
_PASSIVE_CUE = "asked-to"
_FIRST_WORD = re.compile(r"(?:ha(?:s|ve|d) |is |are )?\w+")
_TITLES = re.compile(
    r"(?:(?:the|a|an|no|all|any|two|three|four|five|six|other|its|his|her|their|new|former|then|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Gen\.?|"
    r"[A-Z][\w.’'-]+|president|prime|"
    r"minister|foreign|premier|leader|leaders|king|army|troops|government)\s)*",
)


def _asked(scene: Scene, claim: Claim) -> tuple[str | None, str]:
    """Whom a verb of asking has as its object: "urged Iran to …", "wants an apology from Kyiv"."""
    document, hit, offset, words = scene.document, claim.hit, scene.offset, scene.words
    apart = (claim.holder, claim.who.speaker if claim.who.here or claim.who.quoted else None)
    if passive(words, hit) or hit.cue.id == _PASSIVE_CUE:
        asked = subject_before(scene.mentions, offset, words, hit.segment[0], hit.start)
        if asked is not None and asked.name not in apart:
            return asked.name, "object"
    inside = [
        m for m in scene.mentions
        if hit.start < m.start - offset and m.start - offset < claim.end and m.name not in apart
    ]  # fmt: skip
    for mention in inside:
        if mention.start - offset < hit.end:  # "told Iran to"
            return mention.name, "object"
    verb = _FIRST_WORD.match(words, hit.start)
    lead = _LEADS_IN.match(words, verb.end() if verb and hit.cue.id in _HOLDS_OBJECT else hit.end)
    begin = lead.end() if lead else hit.end
    first = inside[0] if inside else None
    if first is not None and first.form == "group" and _ANYBODY.match(words, begin):
        return None, "nobody in particular"
    if first is not None and _TITLES.fullmatch(words, begin, first.start - offset):
        own = _own_government(document, claim.holder, first)
        if own is None and _of_own_state(document, claim.holder, first.name):
            return None, "nobody but its own"
        return own or first.name, "object"
    if pronoun := _PRONOUN_OBJECT.match(words, begin):
        meant = _last_named(scene, claim, pronoun[1].casefold(), apart)
        if meant is not None:
            return meant, "object"
    if _ANYBODY.match(words, begin) or _ITS_OWN.match(words, begin):
        return None, "nobody in particular"
    holding = document.by_name.get(claim.holder) if claim.holder else None
    if _AT_HOME.match(words, begin) and holding is not None and holding.kind is not ActorKind.STATE:
        state = document.state_of(holding)
        if state is not None and holding.country:
            return state, "own government"
    for mention in inside:
        if re.search(r"\b(?:from|by)\s(?:the\s)?$", words[begin : mention.start - offset]):
            return mention.name, "object"
    if hit.cue.id in _NAMES_WHOM:
        return None, "nobody in particular"
    return None, "counterpart"


def _of_own_state(document: BargainingText, holder: str | None, asked: str) -> bool:
    """Whether a state or its government asks what is its own: "wants its military to lead".

    Then no other party is asked. Persons out of office, who do ask their government, are none of these.
    """
    holding = document.by_name.get(holder) if holder else None
    governs = holding is not None and (holding.kind is ActorKind.STATE or holding.sector in {"GOV", "MIL"})
    return governs and not document.is_person(asked) and asked in _side(document, holder)


#: "Wants it to pay", "urged him to", "wants them out": whom the sentences before named.
_PRONOUN_OBJECT = re.compile(
    r"(him|her|it(?= (?:not |to |against|for))|them(?= (?:not |to |out|gone|off|away|"
    r"against)))\b",
    re.IGNORECASE,
)
_AT = re.compile(r"\b(?:in|at|near|inside|around|across)\s(?:the\s)?$", re.IGNORECASE)


def _last_named(scene: Scene, claim: Claim, pronoun: str, apart: Sequence[str | None]) -> str | None:
    """The party of the other side that was named last and that a pronoun can stand for."""
    document = scene.document
    side = document.side_of(claim.holder)
    person = pronoun in {"him", "her"}
    here = [
        m.name for m in scene.mentions
        if m.start - scene.offset < claim.hit.start and m.form != "pronoun"
        and not _AT.search(scene.words[: m.start - scene.offset])
    ]  # fmt: skip
    for name in reversed([*document.recent[-_REACH:], *here]):
        actor = document.by_name.get(name)
        if actor is None or name in apart or (actor.kind is ActorKind.PERSON) is not person:
            continue
        if person or (document.side_of(name) != side and actor.kind in PARTIES):
            return name
    return None


def _own_government(document: BargainingText, holder: str | None, found: ActorMention) -> str | None:
    """The state of a party that speaks of "the government": its own."""
    holding = document.by_name.get(holder) if holder else None
    said = document.text[found.start : found.end].casefold()
    if holding is None or not _domestic(holding) or said.removeprefix("the ") not in {"government", "state"}:
        return None
    return document.state_of(holding)


def _clause_party(
    scene: Scene, start: int, end: int, aside: Sequence[str | None], *, whole: bool
) -> str | None:
    """Whose conduct the clause speaks of: its subject where that is an actor, else its most salient party.

    `whole`: what is read is a whole sentence, in which a pronoun need not come first.
    Persons and organisations are mostly what the conduct is about, not who is asked for it.
    """
    document, offset = scene.document, scene.offset
    inside = [
        m for m in scene.mentions
        if start <= m.start - offset < end and m.name not in aside and m.name in document.by_name
        and (m.form != "pronoun" or whole or _opens(scene, m, start))
    ]  # fmt: skip
    if inside and _acts_in(scene, inside[0], start):
        return inside[0].name
    inside = [m for m in inside if document.by_name[m.name].kind in PARTIES]
    if not inside:
        return None
    first = inside[0]
    if first.start - offset - start < 12 or first.subject:
        return first.name
    known = {m.name: document.by_name[m.name] for m in inside}
    return max(known, key=lambda name: known[name].salience, default=None)


_CLAUSE_OPENS = re.compile(r"\s*(?:and |that |also |ever |first )?")


def _opens(scene: Scene, pronoun: ActorMention, start: int) -> bool:
    """Whether a pronoun is the subject of the clause that begins at `start`: "if they rearm".

    "If nobody stops it" and "once its envoy is out" say nothing of who is to act.
    """
    place = pronoun.start - scene.offset
    return not pronoun.possessive and _CLAUSE_OPENS.fullmatch(scene.words, start, place) is not None


_DECIDING = frozenset({"JUD", "COP", "LEG"})
_COURT = re.compile(r"\b(?:Court|Tribunal)\b")
_IS = re.compile(r"\s(?:is|are|was|were|be|been|has|have|had)\b")
_BARE_TITLES = re.compile(
    r"\s*(?:(?:the|all|any|an?|President|Prime|Minister|Mr|Mrs|Ms|Dr|Gen|King)\.?\s+)*", re.IGNORECASE
)


def _acts_in(scene: Scene, mention: ActorMention, start: int) -> bool:
    """Whether an actor of any kind does something in the clause that begins at `start`.

    Not courts, police and parliaments, on which things wait; nor persons something is the case with.
    """
    place, actor = mention.start - scene.offset, scene.document.by_name[mention.name]
    if (
        actor.sector in _DECIDING
        or _COURT.search(actor.name)
        or (actor.kind is ActorKind.PERSON and _IS.match(scene.words, mention.end - scene.offset))
    ):
        return False
    return (
        _BARE_TITLES.fullmatch(scene.words, start, place) is not None
        and not mention.possessive
        and mention.form != "adjective"
        and mention.form != "pronoun"
    )


def _concerned(scene: Scene, claim: Claim, aside: Sequence[str | None]) -> str | None:
    """Whose act a mere consequence follows from: the subject of its clause, whatever it is."""
    for mention in scene.mentions:
        place = mention.start - scene.offset
        if claim.hit.end <= place < min(claim.end, claim.hit.end + 12) and mention.name not in aside:
            return mention.name
    return None


#: How likely an actor of a kind is the party that conditions are put to, where the sentence names none.
_PARTY_WEIGHT = {
    ActorKind.STATE: 1.0,
    ActorKind.BLOC: 1.0,
    ActorKind.ARMED_GROUP: 1.0,
    ActorKind.ORGANISATION: 0.5,
    ActorKind.POPULATION: 0.4,
    ActorKind.PERSON: 0.35,
}
#: Sectors whose demands mostly go to the government of their own country.
_DOMESTIC = frozenset({"OPP", "PTY", "BUS", "CVL", "LAB", "NGO", "MED", "EDU", "ELI", "REL", "AGR", "HLH"})
#: What speaks for an actor as the other side where a sentence names none, each times the weight of its kind:
#: its own salience and that of its whole side, to stand in the sentence or just before it. Chosen on the
#: annotated documents, where halving or doubling any of them changes little.
_SALIENCE, _SIDE, _IN_SENTENCE, _JUST_BEFORE = 0.5, 1.0, 0.35, 0.3
_OWN_STATE = 0.3
#: Rebels of one's own country are somewhat less likely than another state.
_OWN_REBELS = 0.8
#: Below this nobody is taken for the other side.
_LEAST = 0.9
#: So many of the most salient actors are looked at.
_CANDIDATES = 60
#: How many names back "just before" reaches.
_REACH = 8


def _counterpart(scene: Scene, holder: str | None, aside: Sequence[str | None]) -> str | None:
    """The other side of the bargain: the most salient actor near by that is not of the holder's side."""
    document = scene.document
    holding = document.by_name.get(holder) if holder else None
    if holding is not None and holding.kind is ActorKind.PERSON:
        holding = document.group_of(holding) or holding
    within = {m.name for m in scene.mentions}
    recent = set(document.recent[-_REACH:])
    best, best_score = None, _LEAST
    for actor in document.findings.actors[:_CANDIDATES]:
        if actor.name in aside or (document.many_sided and actor.name not in within):
            continue
        own = holding is not None and holding.country is not None and actor.country == holding.country
        if own and holding is not None and not _at_odds(holding, actor):
            continue
        score = _SALIENCE * actor.salience + _SIDE * document.sides[actor.country or actor.name]
        score += _IN_SENTENCE * (actor.name in within) + _JUST_BEFORE * (actor.name in recent)
        score *= _PARTY_WEIGHT[actor.kind]
        score += _OWN_STATE * (own and actor.kind is ActorKind.STATE)
        if own and actor.kind is ActorKind.ARMED_GROUP:
            score *= _OWN_REBELS
        if score > best_score:
            best, best_score = actor.name, score
    return best


_AND = re.compile(r"(?:[’']s)?(?: \([^)]{1,30}\))? and (?:the )?")
_BOTH = re.compile(
    r"\bboth (?:of (?:them|the two) |the )?(?=(?:governments?|neighbou?rs|countries|capitals|states|"
    r"nations|armies)\b)",
    re.IGNORECASE,
)


def for_each_party(scene: Scene, claim: Claim, condition: Condition) -> list[Condition]:
    """One condition for each of two states that set it or are to meet it together.

    "Mali and Niger would leave", "called on both governments"; lists of three are taken for one party.
    """
    for side in ("holder", "addressee"):
        pair = _pair(scene, claim, condition, side)
        if pair is not None:
            return [replace(condition, **{side: name}) for name in pair]  # type: ignore[arg-type]
    return [condition]


def _pair(scene: Scene, claim: Claim, condition: Condition, side: str) -> tuple[str, str] | None:
    document, words, offset = scene.document, scene.words, scene.offset
    low, high = (0, claim.hit.end) if side == "holder" else (claim.start, min(claim.end, claim.hit.end + 80))
    name = getattr(condition, side)
    if (
        "both" in words.lower()
        and (both := _BOTH.search(words, low, high))
        and (side == "addressee" or both.start() < 5)
    ):
        states = [actor.name for actor in document.findings.actors if actor.kind is ActorKind.STATE]
        if side == "holder":
            states = list(dict.fromkeys(name for name in reversed(document.recent) if name in states))
        elif condition.holder in states[:2]:
            return None
        return (states[0], states[1]) if len(states) > 1 else None
    states_here = [
        m for m in scene.mentions
        if low <= m.start - offset < high and m.name in document.by_name
        and document.by_name[m.name].kind is ActorKind.STATE and m.form != "adjective"
    ]  # fmt: skip
    for one, other in itertools.pairwise(states_here):
        joined = _AND.fullmatch(words[one.end - offset : other.start - offset])
        listed = re.search(r", (?:the )?$|\band (?:the )?$", words[: one.start - offset])
        if joined and not listed and name in (one.name, other.name) and not other.possessive:
            free = side == "addressee" or not governed(words, one.start - offset)
            return (one.name, other.name) if free and one.name != other.name else None
    return None


_OUT_OF_OFFICE = re.compile(
    r"\b(?:opposition|mayor|governor of|convener|union|party|senator|lawmaker|bishop|archbishop|student)\b",
    re.IGNORECASE,
)


def _domestic(actor: Actor) -> bool:
    """Whether an actor's demands mostly go to the government of its own country."""
    return actor.sector in _DOMESTIC or bool(actor.role and _OUT_OF_OFFICE.search(actor.role))


def _at_odds(one: Actor, other: Actor) -> bool:
    """Whether two actors of one country bargain with each other: rebels or parties with their government."""
    if other.kind is ActorKind.ARMED_GROUP or other.sector == "REB":
        return one.kind is not ActorKind.ARMED_GROUP and one.sector != "REB"
    home = other.kind is ActorKind.STATE or other.sector == "GOV"
    return home and (_domestic(one) or one.kind is ActorKind.ARMED_GROUP or one.sector == "REB")


def _side(document: BargainingText, holder: str | None) -> list[str]:
    """Actors of the holder's own country: a state asks another before its own."""
    actor = document.by_name.get(holder) if holder else None
    if actor is None or actor.country is None or actor.sector == "REB" or _domestic(actor):
        return []
    if actor.kind is ActorKind.PERSON and document.group_of(actor) is not None:
        return []
    if actor.kind in {ActorKind.STATE, ActorKind.PERSON} or actor.sector in {"GOV", "MIL"}:
        return document.governments.get(actor.country, [])
    return []
