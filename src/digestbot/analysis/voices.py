"""Who speaks: the voice carried from sentence to sentence, and whom pronouns and offices stand for.

A quotation goes on over its sentences, a speaker's label in a transcript holds until the next, and "would"
after a reported sentence is free indirect speech. "He" and "it" stand for the topic of the sentence before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace

from digestbot.analysis.clauses import an_official_of, clause_end, find_speech, governed
from digestbot.analysis.cues import CueHit
from digestbot.analysis.endings import Ending
from digestbot.analysis.evidence import EVIDENCE
from digestbot.analysis.mentions import ActorMention, MentionForm
from digestbot.analysis.scene import BargainingText, Scene, Who
from digestbot.model import Actor, ActorKind, Sentence

#: The speaker a transcript names before a colon.
_LABEL = re.compile(r"(?:[A-Z][\w.’' -]{1,40}?(?: \([^()\n]{1,40}\))?|Q|A):\s")
#: What makes it a sentence: "Speaker Mike Johnson chimes in: …", "Trump on Gaza: …".
_VERB_IN_LABEL = re.compile(r"[A-Z][\w.’'-]* [a-z]{2,}(?! [\w.’'-]+ (?:[A-Z][\w.’'-]+ )?:)[\w ]*:\s$")
_ANSWER = re.compile(r"(?:Answer|ANSWER|A):\s")
_FIRST_PERSON = re.compile(r"\b(?:we|our|us|I|my|me)\b")
_OPEN = "“"
_CLOSE = "”"


#: The tense of free indirect speech, and what is told outright.
_INDIRECT = re.compile(r"\b(?:would|could|might|had|was|were)\b")
_OUTRIGHT = re.compile(r"\b(?:will|shall)\b")


@dataclass(slots=True)
class Voice:
    """Who speaks at a place in the document: carried from sentence to sentence."""

    speaker: str | None = None
    kind: str = ""  # actor, official, analyst or nobody
    label: str | None = None  # speaker of a transcript, until the next label
    quoted: bool = False
    block: int = -1
    age: int = 99  # sentences since somebody was last said to say something
    person: str | None = None  # whom "he" and "she" stand for in the next sentence
    body: str | None = None  # what "it" and "they" stand for there
    end: int = 0  # where the last sentence ended
    official: str | None = None  # whom the last unnamed official spoke for
    headed: str | None = None  # the person that the heading of this paragraph names

    def copy(self) -> Voice:
        """The voice as it is now."""
        return copy(self)


#: What makes a capital a place: "in Tehran", "the Tehran airport".
_LOCATIVE = Ending(
    r"\b(?:in|at|near|from|outside|around|across|through|over|for|to|of|into)\s(?:[a-z]+\s)?$", re.IGNORECASE
)
_OFFICE_OF_STATE = re.compile(
    r"\s(?:(?:president|prime minister|premier|foreign minister|leader|chancellor|defen[cs]e minister|king|"
    r"government|side|authorities|officials?|administration|delegation)\b)(?!\s(?-i:[A-Z]))",
    re.IGNORECASE,
)


def _with_offices(
    document: BargainingText, sentence: Sentence, quotation: str, mentions: Sequence[ActorMention]
) -> list[ActorMention]:
    """Resolves "the Ukrainian president" to its holder, "his government" to the state."""
    resolved: list[ActorMention] = []
    for mention in mentions:
        behind = mention.end - sentence.start
        if quotation.startswith(("’s", "'s"), behind):
            behind += 2
        following = _OFFICE_OF_STATE.match(quotation, behind)
        actor = document.by_name.get(mention.name)
        if following is not None and actor is not None and actor.country:
            word = following[0].strip().casefold()
            if word in {"government", "administration", "authorities"} and actor.kind is ActorKind.PERSON:
                state = document.state_of(actor)
                if state is not None:
                    mention = replace(mention, name=state, possessive=False, form="name")
            elif mention.form == "adjective" and actor.kind is ActorKind.STATE:
                bearer = _bearer(document, actor.country, word)
                mention = replace(mention, name=bearer or mention.name, form="office" if bearer else "name")
            elif mention.possessive and actor.kind is ActorKind.STATE:
                bearer = _bearer(document, actor.country, word)
                if bearer is not None:
                    mention = replace(mention, name=bearer, form="office", possessive=False)
        if mention.form == "adjective" and actor is not None and actor.kind is ActorKind.STATE:
            body = _BODY_OF_STATE.match(quotation, mention.end - sentence.start)
            named = _last_body(document, actor.country) if body is not None else None
            if named is not None:
                mention = replace(mention, name=named, form="office")
        resolved.append(mention)
    return resolved


#: Who speaks for a state without being named: in records of meetings the state is who speaks.
_DELEGATE = Ending(
    r"\b[Tt]he (?:\w+ )?(?:representative|delegate|observer|permanent representative) "
    r"(?:of|for|from) (?:the )?$"
)


def _with_delegates(sentence: Sentence, quotation: str, mentions: list[ActorMention]) -> list[ActorMention]:
    """Makes "the representative of Somalia" Somalia, who says it, not an attribute of somebody."""
    if "representative" not in quotation and "delegate" not in quotation and "observer" not in quotation:
        return mentions
    found: list[ActorMention] = []
    for mention in mentions:
        ahead = quotation[: mention.start - sentence.start]
        if mention.form == "name" and _DELEGATE.stands(ahead) and (place := _DELEGATE.forwards.search(ahead)):
            mention = replace(mention, start=sentence.start + place.start(), form="delegate", subject=True)
        found.append(mention)
    return found


#: "The Russian company", "the Danish line": a body of that country that was named before.
_BODY_OF_STATE = re.compile(
    r"\s(?:state[- ]owned |private |giant )?(?:company|firm|lender|bank|carrier|airline|line|operator|giant|"
    r"major|group|"
    r"union|party|movement|militia|refiner|producer|manufacturer|chipmaker|utility)\b(?!\s(?-i:[A-Z]))",
    re.IGNORECASE,
)


def _last_body(document: BargainingText, country: str | None) -> str | None:
    """The organisation, company or group of a country that was named last."""
    for name in reversed(document.recent):
        actor = document.by_name.get(name)
        if (
            actor is not None
            and actor.country == country
            and actor.kind in {ActorKind.ORGANISATION, ActorKind.ARMED_GROUP}
            and actor.sector not in {"GOV", "MIL", "LEG", "JUD", "COP"}
        ):
            return name
    return None


def _bearer(document: BargainingText, country: str, office: str) -> str | None:
    """Who holds an office of a country: whose role says so, else its leading person without any role."""
    own = [a for a in document.findings.actors if a.kind is ActorKind.PERSON and a.country == country]
    wanted = office.replace("premier", "prime minister")
    for actor in own:
        if actor.role and re.search(rf"\b{wanted}\b", actor.role.casefold()):
            return actor.name
    if wanted in {"president", "prime minister", "leader", "king", "chancellor"} and own:
        leading = max(own, key=lambda actor: actor.salience)
        return leading.name if leading.role is None else None
    return None


#: Those who act for a bloc or an international body.
_ITS_PEOPLE = re.compile(
    r"(?<!\bof )(?<!\bby )(?<!\bto )(?<!\bwith )(?<!\bfor )(?<!\bfrom )(?<!\btold )"
    r"(\b[Tt]he (?:\w+ )?(?:leaders|members|ministers|member states|heads of state(?: and government)?|"
    r"presidents and prime ministers|seven|twelve|twenty|twenty-seven|27)|(?<!\w )[Mm]embers|"
    r"(?<!\w )[Ll]eaders)"
    r"(?= (?:\w+ly |also |then |again |have |had )?(?:said|say|says|demand|call|urge|want|ask|appeal|insist|"
    r"agree|warn|expect|seek|sought|welcome|condemn|reaffirm|reiterate|stress|request|threaten|promise|pledge|"
    r"offer|will|would)\w*\b)",
)
#: What each of them holds: without one of these no search is needed.
_PEOPLE = (
    "eaders",
    "embers",
    "ministers",
    "member states",
    "heads of state",
    "seven",
    "twelve",
    "twenty",
    "27",
)
#: "He" and "she" that nobody near by was found for: they stand for the person the text went on about.
_UNRESOLVED = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is)\b(?![’'](?!s\b|d\b|ll\b))")


#: Who are many: "they" stands for them, not for a state or a company.
_MANY = frozenset({ActorKind.ARMED_GROUP, ActorKind.POPULATION})
#: "It" and "they" that open a sentence and that nobody near by was found for; not "it is clear that".
_OPENS_WITH_IT = re.compile(
    r"(?:But |And |Now |Yet |Still, )?(It(?! (?:is|was|remains?|seems?|appears?|takes|took|depends|follows|"
    r"will be|would be|has been|had been|may|might|could|can|looks)\b|[’']s\b)|They|Its|Their)\b"
)
#: An unnamed official that was told of before: "the official said".
_OFFICIALS = ("official", "diplomat", "source", "aide", "envoy", "negotiator")
_THE_OFFICIAL = re.compile(
    r"\b[Tt]he (?:official|diplomat|source|aide)\b(?= (?:said|says|added|told|warned)\b)"
)
#: A singular office without name or country: the person the text went on about, where his role allows it.
_HIS_OFFICE = re.compile(
    r"\b[Tt]he (?:[a-z]+ ){0,2}?([Pp]resident|[Pp]rime [Mm]inister|[Pp]remier|[Cc]hancellor|[Mm]inister|"
    r"[Ss]ecretary(?:[- ][Gg]eneral| of [Ss]tate)?|[Ss]pokes(?:man|woman|person)|[Cc]hair(?:man|woman)|Chair|"
    r"[Cc]ommissioner|[Gg]overnor|[Mm]ayor|[Cc]ommander|[Aa]mbassador|[Ee]nvoy|[Nn]egotiator)\b"
    r"(?![’'-])(?! (?:of|for|in|at|from|to)\b)(?!,? [A-Z])"
)
#: An office in apposition to a name: "Name, the envoy, said".
_APPOSED = re.compile(r"[A-Z][\w’'-]*, $")


def _can_bear(person: Actor, office: str) -> bool:
    """Whether an office can be a person's: the text tells no role of his, or one with the office's word."""
    role = (person.role or "").casefold()
    return not role or office.split()[-1].casefold() in role


def _with_references(
    document: BargainingText,
    sentence: Sentence,
    quotation: str,
    mentions: list[ActorMention],
    voice: Voice,
) -> list[ActorMention]:
    """Adds "he" and "she" far from their name, and titles that stand for who bears them."""
    taken = [(m.start - sentence.start, m.end - sentence.start) for m in mentions]
    added: list[ActorMention] = []

    def add(start: int, end: int, name: str, form: MentionForm, owner: bool = False) -> None:
        if not any(low < end and start < high for low, high in taken):
            taken.append((start, end))
            place = (sentence.start + start, sentence.start + end)
            index = document.places[name]
            added.append(
                ActorMention(index, name, *place, form, printed=False, subject=not owner, possessive=owner)
            )

    if document.titled(quotation.lower()) and document.titles is not None:
        for match in document.titles.finditer(quotation):
            bearers = document.bearers[match[1].casefold()]
            known = [name for name in reversed(document.recent) if name in bearers]
            add(match.start(), match.end(), known[0] if known else bearers[0], "office")
    if document.bloc is not None and "the bloc" in quotation:
        start = quotation.index("the bloc")
        add(start, start + len("the bloc"), document.bloc, "office")
    if (
        document.body is not None
        and any(word in quotation for word in _PEOPLE)
        and (people := _ITS_PEOPLE.search(quotation))
    ):
        add(people.start(1), people.end(1), document.body, "office")
    if voice.official is not None and (told := _THE_OFFICIAL.search(quotation)):
        add(told.start(), told.end(), voice.official, "office")
    if voice.person is not None and voice.person in document.by_name:
        for match in _HIS_OFFICE.finditer(quotation):
            apposed = _APPOSED.search(quotation[: match.start()]) and quotation.startswith(",", match.end())
            if not apposed and _can_bear(document.by_name[voice.person], match[1]):
                add(match.start(), match.end(), voice.person, "office")
        for match in _UNRESOLVED.finditer(quotation):
            add(match.start(), match.end(), voice.person, "pronoun", match[0] in {"His", "his"})
    it = _OPENS_WITH_IT.match(quotation) if voice.body in document.by_name else None
    if it and voice.body and (it[1].startswith("It") or document.by_name[voice.body].kind in _MANY):
        add(it.start(1), it.end(1), voice.body, "pronoun", it[1] in {"Its", "Their"})
    return sorted([*mentions, *added], key=lambda m: (m.start, m.end)) if added else mentions


#: "His country", "her delegation": the state somebody speaks for.
_STATE_OF = re.compile(
    r"\s(?:own\s)?(?:country|nation|government|delegation|administration|capital)\b(?![’'])", re.IGNORECASE
)


#: "His party", "her movement": the organisation the text says somebody leads.
_GROUP_OF = re.compile(
    r"\s(?:own\s)?(?:party|movement|group|front|faction|organi[sz]ation|union|alliance|militia|company)\b(?![’'])",
    re.IGNORECASE,
)


def _own_state(document: BargainingText, mention: ActorMention, quotation: str, end: int) -> ActorMention:
    """A possessive pronoun with "country" or "delegation" after it is the state of whom it stands for."""
    actor = document.by_name.get(mention.name)
    if actor is None or actor.country is None or not mention.possessive or actor.kind is not ActorKind.PERSON:
        return mention
    if _STATE_OF.match(quotation, end):
        owner = document.state_of(actor)
    elif _GROUP_OF.match(quotation, end) and (group := document.party_of(actor)) is not None:
        owner = group.name
    else:
        owner = None
    return replace(mention, name=owner, possessive=False, form="name") if owner else mention


_HE = frozenset({"he", "him", "his", "she", "her", "hers"})
_IT = frozenset({"it", "its", "they", "them", "their"})


def read_scene(document: BargainingText, sentence: Sentence, voice: Voice) -> Scene:
    """A sentence with its actors, references resolved, and its verbs of speech."""
    quotation = document.text[sentence.start : sentence.end]
    _read_heading(document, sentence, voice)
    mentions = resolve_mentions(document, sentence, quotation, voice)
    return Scene(document, sentence, quotation, mentions, find_speech(quotation, mentions, sentence.start))


_HEADING = re.compile(r"\n[^\n]{3,90}[^\s.,;\n]\s*\n\s*$")
#: Offices that a heading's person is likely to hold where the text tells none.
_HIGH_OFFICE = re.compile(
    r"president|prime minister|premier|chancellor|minister|secretary|king|emir", re.IGNORECASE
)
_NAME_IN_HEADING = re.compile(r"\b[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,2}")


def _read_heading(document: BargainingText, sentence: Sentence, voice: Voice) -> None:
    """Makes whom the heading before a sentence names the topic: "Rojas strikes back", then "He has …"."""
    gap, voice.end = document.text[voice.end : sentence.start], sentence.end
    if "\n" not in gap or "attribution" in document.without:
        return
    voice.headed = None
    heading = _HEADING.search(f"\n{gap}")
    if heading is None:
        return
    person = body = None
    for match in _NAME_IN_HEADING.finditer(heading[0]):
        name = document.forms.get(match[0]) or document.forms.get(re.sub(r"[’']s$", "", match[0]))
        if name is None:
            continue
        if document.is_person(name):
            person = person or name
        else:
            body = body or name
    voice.person, voice.body, voice.headed = person or voice.person, body or voice.body, person


def _of_heading(document: BargainingText, mention: ActorMention, headed: str) -> ActorMention:
    """An office under a heading is that of the person it names: "Rojas strikes back", "The president"."""
    said = document.text[mention.start : mention.end].casefold().removeprefix("the ")
    if mention.form != "office" or not _HIGH_OFFICE.fullmatch(said):
        return mention
    role = document.by_name[headed].role
    fits = role is None or said in role.casefold()
    return replace(mention, name=headed) if fits else mention


def resolve_mentions(
    document: BargainingText, sentence: Sentence, quotation: str, voice: Voice
) -> list[ActorMention]:
    """The mentions of a sentence; pronouns before other candidates stand for the topic before."""
    mentions = [
        m
        for m in document.findings.mentions_in(sentence.start, sentence.end, places=True)
        if not m.compound
        and not document.text.startswith("$", m.end)
        and (document.text[m.end - 1] not in "fsFS" or not _reflexive(document.text[m.start : m.end]))
        and (
            not m.place
            or (m.name in document.by_name and not _LOCATIVE.stands(quotation[: m.start - sentence.start]))
        )
    ]
    mentions = _with_offices(document, sentence, quotation, mentions)
    if "attribution" in document.without:
        return mentions
    mentions = _with_delegates(sentence, quotation, mentions)
    mentions = _with_references(document, sentence, quotation, mentions, voice)
    if voice.headed is not None:
        mentions = [_of_heading(document, mention, voice.headed) for mention in mentions]
    resolved: list[ActorMention] = []
    person, body = voice.person, voice.body
    seen_person = seen_body = False
    for mention in mentions:
        word = document.text[mention.start : mention.end].casefold()
        if mention.form == "pronoun":
            topic = person if word in _HE else body if word in _IT else None
            if topic is not None and topic != mention.name and topic in document.by_name:
                mention = mention.of(topic)
            resolved.append(_own_state(document, mention, quotation, mention.end - sentence.start))
            continue
        resolved.append(mention)
        if governed(quotation, mention.start - sentence.start) or mention.possessive:
            continue
        if document.is_person(mention.name) or mention.form == "delegate":
            if not seen_person:
                person, seen_person = mention.name, True
        elif not seen_body and mention.form != "adjective":
            body, seen_body = mention.name, True
    return resolved


def _reflexive(word: str) -> bool:
    return word.casefold().endswith(("self", "selves"))


def _is_he(document: BargainingText, mention: ActorMention) -> bool:
    """Whether the next "he" or "she" may stand for it: a person, or a state that a delegate speaks for."""
    if document.is_person(mention.name) or mention.form == "delegate":
        return True
    return mention.form == "pronoun" and document.text[mention.start : mention.end].casefold() in _HE


#: Those who act for a body, ahead of its name: "they" is the body ("the signatories of the accord").
_MEMBERS_OF = Ending(
    r"(?:^|\bthe )(?:[a-z-]+ )?(?:members|authorities|signatories|leaders|magistrates|judges|representatives|"
    r"supporters|officials|deputies|delegates|fighters|commanders|followers|ministers|moderates|insurers) "
    r"of (?:the )?$",
    re.IGNORECASE,
)


def _can_be_topic(words: str, position: int) -> bool:
    """Whether no preposition governs what begins at `position`, or only that of those who act for it."""
    return not governed(words, position) or _MEMBERS_OF.stands(words[:position])


def move_topic(scene: Scene, voice: Voice) -> None:
    """The speaker, else the first free person, is whom the next "he" stands for; bodies likewise."""
    document, mentions = scene.document, scene.mentions
    said = [s.speaker for s in scene.speeches if s.speaker is not None]
    free = [
        *said,
        *(m for m in mentions if not m.possessive and _can_be_topic(scene.words, m.start - scene.offset)),
    ]
    persons = [m.name for m in free if _is_he(document, m)] or [
        m.name for m in mentions if m.possessive and document.is_person(m.name) and m.form == "name"
    ]
    bodies = [m.name for m in free if not document.is_person(m.name) and m.form != "adjective"]
    unnamed = [s.source.name for s in scene.speeches if s.source is not None and s.speaker is None]
    told = (
        [m.name for m in mentions if an_official_of(scene.words, m, scene.offset)]
        if any(word in scene.words for word in _OFFICIALS)
        else []
    )
    voice.official = told[-1] if told else voice.official
    persons += unnamed
    if persons:
        voice.person = persons[0]
    if bodies:
        voice.body = bodies[0]


def _labelled(scene: Scene, label: re.Match[str]) -> str | None:
    """Whom a label names; "Answer" in a briefing is the state that holds it."""
    named = next((m for m in scene.mentions if m.end - scene.offset <= label.end()), None)
    if named is None and scene.document.briefing and _ANSWER.match(label[0]):
        return scene.document.host
    return named.name if named else None


def carry_voice(scene: Scene, voice: Voice) -> Voice:
    """The voice at the beginning of this sentence; `voice` is moved on to its end."""
    quotation, sentence, speeches = scene.words, scene.sentence, scene.speeches
    if "attribution" in scene.document.without:
        return Voice()
    new_block = sentence.block != voice.block
    label = _LABEL.match(quotation) if new_block and ":" in quotation else None
    if label is not None and not _VERB_IN_LABEL.search(label[0]):
        voice.label = _labelled(scene, label)
        voice.speaker, voice.kind = voice.label, "actor" if voice.label else "nobody"
    elif new_block and not voice.quoted and voice.label is None and voice.age > 1:
        voice.speaker, voice.kind = None, ""
    voice.block = sentence.block
    if voice.label is not None and not speeches:
        voice.speaker, voice.kind = voice.label, "actor"
    at_start = voice.copy()
    voice.age += 1
    if speeches:
        last = speeches[-1]
        named = last.speaker or last.source
        voice.speaker = named.name if named else None
        voice.kind = last.kind
        voice.age = 0
    opened, closed = quotation.rfind(_OPEN), quotation.rfind(_CLOSE)
    if opened != closed:
        voice.quoted = opened > closed
    return at_start


_COLON = re.compile(r":\s")
#: What is no speaker ahead of a colon: a part of a list, a heading.
_LEAST_AHEAD = 12


#: "For Trump, the price must fall": whose view it is.
_ITS_VIEW = re.compile(r",? (?:there|it|nothing|no|talks|everything|any)\b")
_FOR_WHOM = re.compile(r"For (?:the )?(?:[A-Z][\w.]* ){0,3}")
_ITS_OFFICE = re.compile(r"\s(?:office|ministry|spokes\w+|government|party|team|lawyers?)\b")


#: What somebody says, as a noun ahead of a colon: "Name's answer: no", "Their price is modest: let …".
_ITS_WORD = re.compile(
    r"(?:[’']s?)?\s(?:[\w-]+\s){0,2}(?:answers?|repl(?:y|ies)|contribution|message|terms?|price|conditions?|offer|"
    r"proposal|position|line|demands?|warning|request|verdict|view|threat|promise|formula|advice|response|"
    r"retort|word|asks?|wish|stance|pitch|argument|point|bill|list|red lines?)\b"
)


def _spelt_out(scene: Scene, hit: CueHit) -> Who | None:
    """Whose word it is where no verb of speech tells: "The minister was blunt: no deal …", "For her, …"."""
    words, offset = scene.words, scene.offset
    if not scene.mentions:
        return None
    first = scene.mentions[0]
    if _FOR_WHOM.fullmatch(words, 0, first.start - offset) and (
        (hit.cue.family == "obligation" and scene.document.is_person(first.name))
        or (hit.cue.family == "conditional" and _ITS_VIEW.match(words, first.end - offset))
    ):
        return Who(first.name, "actor", here=True)
    colon = next(_COLON.finditer(words, 0, hit.end), None)
    if colon is None or colon.start() < _LEAST_AHEAD:
        return None
    for mention in scene.mentions:
        if mention.end - offset <= colon.start() and _sets_forth(words, offset, mention):
            return Who(mention.name, "actor", pronoun=mention.form == "pronoun", here=True)
    return None


def _sets_forth(words: str, offset: int, mention: ActorMention) -> bool:
    """Whether a mention ahead of a colon can be who says what follows it."""
    behind = mention.end - offset
    if governed(words, mention.start - offset):
        return False
    if mention.form == "adjective":
        return an_official_of(words, mention, offset)
    if mention.possessive or words.startswith(("’s", "'s"), behind):
        if mention.start == offset and _ITS_WORD.match(words, behind):
            return True
        return mention.form == "pronoun" and bool(_ITS_OFFICE.match(words, behind))
    return mention.form != "pronoun" or mention.start == offset


def voice_of(scene: Scene, hit: CueHit, carried: Voice) -> Who:
    """Who says the words at a cue: in this sentence, else who spoke when it began."""
    quotation, speeches = scene.words, scene.speeches
    within = clause_end(quotation, hit.start) if hit.cue.argument == "clause" else 0
    usable = [
        s
        for s in speeches
        if not (s.start < min(hit.end, hit.start + 15) and hit.start < s.end)
        and not (hit.start < s.start < within and not s.after)  # "unless the court tells it to"
    ]
    ahead = [s for s in usable if s.start < hit.start and not s.after]
    behind = [s for s in usable if s.start > hit.start and s.after]
    whole = hit.cue.id == EVIDENCE
    opening = [s for s in usable if s.start < hit.start or (whole and s.speaker is not None)]
    around = ahead[-1] if ahead else behind[0] if behind else next(iter(opening), None)
    if around is not None:
        mention = around.speaker
        return Who(
            mention.name if mention else None,
            around.kind,
            around.after or (around.start > hit.start and not whole),
            mention is not None and mention.form == "pronoun",
            True,
            source=around.source.name if around.source is not None else None,
        )
    if (spelt := _spelt_out(scene, hit)) is not None:
        return spelt
    starts_quoted = quotation.lstrip()[:1] in {"“", '"', "‘"}
    if carried.speaker and (carried.quoted or carried.label or starts_quoted):
        labelled = carried.label is not None
        own = not labelled or bool(_FIRST_PERSON.search(quotation))
        return Who(carried.speaker, carried.kind or "actor", quoted=True, labelled=labelled, own=own)
    if carried.kind in {"analyst", "official"} and carried.quoted:
        return Who(None, carried.kind)
    if starts_quoted and not carried.kind and carried.person and _FIRST_PERSON.search(quotation):
        return Who(carried.person, "actor", quoted=True, own=True)
    if (
        carried.speaker
        and carried.age < 4
        and (quotation[hit.start : hit.end] == "must" or _INDIRECT.search(quotation))  # "must" stays "must"
        and not _OUTRIGHT.search(quotation)
        and not _FIRST_PERSON.search(quotation)
    ):
        return Who(carried.speaker, "actor")  # free indirect speech
    if scene.document.issuer is not None and not starts_quoted:
        return Who(scene.document.issuer, "actor", own=True)
    return Who(None, "nobody")
