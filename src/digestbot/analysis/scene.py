"""What is known while conditions are read: of the document so far, of one sentence, of one claim in it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter

from digestbot.analysis.clauses import Speech
from digestbot.analysis.cues import CueHit
from digestbot.analysis.endings import Ending
from digestbot.analysis.mentions import ActorFindings, ActorMention
from digestbot.model import Actor, ActorKind, Condition, ConditionType, Domain, Sentence

#: A reporter's question in a transcript, and how many make it one.
_ASKED = re.compile(r"^(?:QUESTION|Question|Q|REPORTER|Reporter)\b[^:\n]{0,30}:\s", re.MULTILINE)
_QUESTIONS = 3
#: What a ministry's page begins with, in so many characters; who speaks there of itself; quotations.
_HEAD = 400
#: As many characters of a briefing's page, with its menu, tell whose it is.
_HEAD_OF_BRIEFING = 600
_STATEMENT = re.compile(
    r"\b(?:ministry of (?:foreign|external) affairs|foreign ministry|ministry of defen[cs]e|embassy|"
    r"permanent mission|"
    r"statement (?:by|of|from) the (?:government|ministry|presidency|president|state department|kremlin)|"
    r"(?:government|ministry|presidency) (?:statement|press release))\b",
    re.IGNORECASE,
)
_WE = re.compile(r"\b(?:[Ww]e|[Oo]ur|OUR|WE)\b")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"")
_LEADERS = (
    r"(?:leaders?|chief|commander|head|chairman|president|secretary[- ]general|spokes\w+|negotiator|official)"
)
#: What stands between a person and the group he speaks for: "Name, the leader of", "Name, for", "Name of".
_OF_GROUP = re.compile(
    rf"(?:,? (?:(?:the|a|its|who is) )?(?:[\w-]+ ){{0,3}}{_LEADERS} (?:of|for|at) (?:the )?|"
    r",? (?:of|for|from) (?:the )?|"
    r", (?:who (?:leads|heads|commands|speaks for|runs) )?(?:the )?)"
)
#: The same with the group first: "the group's leader, Name", "group commander Name".
_GROUPS_OWN = re.compile(rf"(?:[’']s?)? (?:[\w-]+ ){{0,3}}{_LEADERS},? (?:General |Gen\. |Sheikh |Mr\.? )?")
#: "The commander of the group (its acronym), Name".
_CLOSES = re.compile(r"\)?,? ")
_LEADER_OF = re.compile(rf"{_LEADERS} of [^,.;]*$", re.IGNORECASE)
_LEADER_REACH = 60
#: Sectors of what belongs to a state.
_OF_STATE = frozenset({"GOV", "MIL", "LEG", "JUD", "COP"})
#: Kinds of actors that bargain with each other.
PARTIES = frozenset({ActorKind.STATE, ActorKind.BLOC, ActorKind.ARMED_GROUP})
#: With so many parties of more than this salience a text has no other side to guess: of the guesses one in
#: ten was right, and in four nobody was meant (texts with nine had one in two right).
_MANY_PARTIES, _MATTERS = 11, 0.3
#: Among so many of the most salient actors is the body a document is about.
_FIRST_ACTORS = 4
#: A title that can stand for its bearer ("the Chief Adviser"), and one that no longer does.
_TITLE = re.compile(r"[\w’'-]+(?: [\w’'-]+){0,4}")
#: A title right before its bearer's name, within so many characters: "Chief Adviser Professor", "President of
#: the Kyrgyz Republic".
_TITLED = Ending(
    r"(?<!Vice )(?<!Vice-)(?<!Deputy )(?<!ormer )(?<!hen )\b"
    r"(Chief Adviser|Secretary-General|President|Prime Minister|"
    r"Chair|Chairman|Chairwoman|Director[- ]General|High Representative|Chancellor|Foreign Minister|"
    r"Foreign Secretary|Secretary of State|Special Envoy|High Commissioner)"
    r"(?: of (?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+){0,3})?,? (?:Professor |Prof\. |Dr\.? |Mr\.? |Ms\.? )?$"
)
_TITLE_REACH = 80
_PAST = re.compile(r"former|ex-|then\b|late\b", re.IGNORECASE)
_QUESTION = re.compile(rf"{_ASKED.pattern}[^\n]*", re.MULTILINE)


@dataclass
class BargainingText:
    """A document with what has been learnt of it so far: who was named last, who speaks for whom."""

    text: str
    findings: ActorFindings
    domains: dict[Domain, float]
    without: frozenset[str]
    by_name: dict[str, Actor] = field(default_factory=dict)
    recent: list[str] = field(default_factory=list)
    listing: tuple[int, Condition] | None = None  # how many conditions one has announced, and that one
    spokespersons: dict[str, bool] = field(default_factory=dict)
    memberships: dict[str, Actor | None] = field(default_factory=dict)

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each actor stands among the findings' actors."""
        return {actor.name: index for index, actor in enumerate(self.findings.actors)}

    @cached_property
    def sides(self) -> dict[str, float]:
        """How much the document is about each side: the salience of all its actors; 1 for the first."""
        weights: Counter[str] = Counter()
        for actor in self.findings.actors:
            weights[actor.country or actor.name] += actor.salience  # type: ignore[assignment]
        most = max(weights.values(), default=1.0) or 1.0
        return {side: weight / most for side, weight in weights.items()}

    def group_of(self, person: Actor) -> Actor | None:
        """The armed group of his country that the text says somebody leads or speaks for."""
        group = self.party_of(person)
        return group if group is not None and group.kind is ActorKind.ARMED_GROUP else None

    def party_of(self, person: Actor) -> Actor | None:
        """The group or organisation of his country, no office of state, that somebody leads or speaks for."""
        if person.name not in self.memberships:
            own = self._groups.get(person.country, ()) if person.country is not None else ()
            self.memberships[person.name] = next((a for a in own if self._speaks_for(person, a)), None)
        return self.memberships[person.name]

    @cached_property
    def _groups(self) -> dict[str | None, list[Actor]]:
        """For each country its armed groups, then its organisations that are no offices of state."""
        found: dict[str | None, list[Actor]] = {}
        for kind in (ActorKind.ARMED_GROUP, ActorKind.ORGANISATION):
            for actor in self.findings.actors:
                if actor.kind is kind and (kind is ActorKind.ARMED_GROUP or actor.sector not in _OF_STATE):
                    found.setdefault(actor.country, []).append(actor)
        return found

    @cached_property
    def _told(self) -> dict[str, list[tuple[int, ActorMention]]]:
        """Each actor's mentions with their place among all; of the pronouns only those that possess."""
        found: dict[str, list[tuple[int, ActorMention]]] = {}
        for place, mention in enumerate(self.findings.mentions):
            if mention.form != "pronoun" or mention.possessive:
                found.setdefault(mention.name, []).append((place, mention))
        return found

    def _speaks_for(self, person: Actor, group: Actor) -> bool:
        held = [found for name in {person.name, group.name} for found in self._told.get(name, ())]
        both = [mention for _, mention in sorted(held, key=itemgetter(0))]
        return any(
            one.name != other.name and self._belongs(one, other, other.name == person.name)
            for one, other in itertools.pairwise(both)
        )

    def _belongs(self, one: ActorMention, other: ActorMention, group_first: bool) -> bool:
        if not group_first:
            return bool(_OF_GROUP.fullmatch(self.text, one.end, other.start))
        if _GROUPS_OWN.fullmatch(self.text, one.end, other.start):
            return True
        ahead = self.text[max(0, one.start - _LEADER_REACH) : one.start]
        return bool(_CLOSES.fullmatch(self.text, one.end, other.start) and _LEADER_OF.search(ahead))

    @cached_property
    def many_sided(self) -> bool:
        """Whether too many parties matter for a bargain of two sides: a conference, a debate, a round-up."""
        parties = (actor for actor in self.findings.actors if actor.kind in PARTIES)
        return sum(actor.salience > _MATTERS for actor in parties) >= _MANY_PARTIES

    @cached_property
    def governments(self) -> dict[str, list[str]]:
        """For each country the names of its state and of what belongs to its government or army."""
        found: dict[str, list[str]] = {}
        for actor in self.findings.actors:
            if actor.country and (actor.kind is ActorKind.STATE or actor.sector in {"GOV", "MIL"}):
                found.setdefault(actor.country, []).append(actor.name)
        return found

    @cached_property
    def host(self) -> str | None:
        """The state whose briefing it is: the first that the page's head names, else who acts most in it."""
        for mention in self.findings.mentions_in(0, _HEAD_OF_BRIEFING):
            actor = self.by_name.get(mention.name)
            if actor is not None and (actor.kind is ActorKind.STATE or actor.sector == "GOV"):
                state = self.state_of(actor) if actor.country else None
                if state is not None:
                    return state
        asked = [match.span() for match in _QUESTION.finditer(self.text)]
        acting = Counter(
            mention.name
            for mention in self.findings.mentions
            if mention.subject
            and mention.name in self.by_name
            and self.by_name[mention.name].kind is ActorKind.STATE
            and not any(low <= mention.start < high for low, high in asked)
        )
        return acting.most_common(1)[0][0] if acting else None

    @cached_property
    def bearers(self) -> dict[str, list[str]]:
        """Who bears each title the text tells, by the title in lower case, most salient first."""
        found: dict[str, list[str]] = {}
        for actor in self.findings.actors:
            if actor.kind is ActorKind.PERSON and actor.role:
                for title in re.split(r"[;,]\s*", actor.role):
                    if _TITLE.fullmatch(title) and not _PAST.match(title):
                        found.setdefault(title.casefold(), []).append(actor.name)
        for mention in self.findings.mentions:
            if self.is_person(mention.name) and mention.form == "name":
                before = self.text[max(0, mention.start - _TITLE_REACH) : mention.start]
                ahead = _TITLED.forwards.search(before) if _TITLED.stands(before) else None
                if ahead is not None and mention.name not in found.get(ahead[1].casefold(), ()):
                    found.setdefault(ahead[1].casefold(), []).append(mention.name)
        if presidents := found.get("president"):
            found.setdefault("head of state", presidents)
        return found

    @cached_property
    def titles(self) -> re.Pattern[str] | None:
        """Finds "the" with a title somebody bears in this text."""
        if not self.bearers:
            return None
        longest = sorted(self.bearers, key=len, reverse=True)
        return re.compile(
            rf"\b[Tt]he ({'|'.join(map(re.escape, longest))})\b(?!-)(?! (?:of|for|in|at)\b)(?! (?-i:[A-Z]))",
            re.IGNORECASE,
        )

    def titled(self, low: str) -> bool:
        """Whether "the" may stand before such a title in a sentence in lower case."""
        place = low.find("the ")
        while place >= 0:
            if low.startswith(self._titles, place + len("the ")):
                return True
            place = low.find("the ", place + 1)
        return False

    @cached_property
    def _titles(self) -> tuple[str, ...]:
        return tuple(self.bearers)

    @cached_property
    def forms(self) -> dict[str, str]:
        """Which actor each form that begins with a capital stands for; persons' surnames too."""
        found: dict[str, str] = {}
        for actor in reversed(self.findings.actors):
            if actor.kind is ActorKind.PERSON:
                found[actor.name.split()[-1]] = actor.name
            found.update((m.text, actor.name) for m in actor.mentions if m.text[:1].isupper())
        return found

    @cached_property
    def issuer(self) -> str | None:
        """The state whose ministry or embassy puts out the page in its own name: "we" is that state."""
        head = self.text[:_HEAD]
        if not _STATEMENT.search(head) or self.briefing:
            return None
        spoken = [match.span() for match in _QUOTED.finditer(self.text)]
        if not any(
            not any(low <= match.start() < high for low, high in spoken) for match in _WE.finditer(self.text)
        ):
            return None
        forms = {
            form: actor.name
            for actor in self.findings.actors
            if actor.kind is ActorKind.STATE
            for form in (actor.name, *(mention.text for mention in actor.mentions))
        }
        places = {name: place for form, name in reversed(forms.items()) if (place := head.find(form)) >= 0}
        return min(places, key=lambda name: places[name], default=None)

    @cached_property
    def body(self) -> str | None:
        """The bloc or body that the document is about: its "leaders" and "members" act for it."""
        for actor in self.findings.actors[:_FIRST_ACTORS]:
            if actor.kind is ActorKind.BLOC or (
                actor.kind is ActorKind.ORGANISATION and actor.sector == "IGO"
            ):
                return actor.name
        return None

    @cached_property
    def bloc(self) -> str | None:
        """The bloc that "the bloc" is: the most salient."""
        return next((a.name for a in self.findings.actors if a.kind is ActorKind.BLOC), None)

    @cached_property
    def briefing(self) -> bool:
        """Whether it is the transcript of a briefing: reporters ask, somebody answers for a government."""
        return len(_ASKED.findall(self.text)) >= _QUESTIONS

    def state_of(self, actor: Actor) -> str | None:
        """The state of the actor's country, where the document has it."""
        for other in self.findings.actors:
            if other.kind is ActorKind.STATE and other.country == actor.country:
                return other.name
        return None

    def is_person(self, name: str) -> bool:
        """Whether the actor of this name is a person."""
        actor = self.by_name.get(name)
        return actor is not None and actor.kind is ActorKind.PERSON

    def side_of(self, name: str | None) -> str:
        """What stands for an actor and its allies of one country: the country's code, else the name."""
        actor = self.by_name.get(name) if name else None
        return (actor.country or actor.name) if actor is not None else ""


@dataclass(slots=True)
class Who:
    """Who says a condition. `kind`: actor, official (unnamed), analyst or nobody; `after`: named last."""

    speaker: str | None
    kind: str  # actor, official, analyst or nobody
    after: bool = False
    pronoun: bool = False
    here: bool = False  # said in this sentence
    quoted: bool = False  # inside a quotation, or under a speaker's label
    labelled: bool = False
    own: bool = False  # speaks of itself: what is said without naming anybody else is its own
    source: str | None = None  # the state or body an unnamed official speaks for


@dataclass(slots=True)
class Scene:
    """One sentence with its words, actors and verbs of speech, all offsets but the mentions' within it."""

    document: BargainingText
    sentence: Sentence
    words: str
    mentions: Sequence[ActorMention]
    speeches: Sequence[Speech]

    @property
    def offset(self) -> int:
        """Where the sentence stands in the text."""
        return self.sentence.start


@dataclass(slots=True)
class Claim:
    """One cue with what has been made of it: its span, who says it, who acts in its main clause."""

    hit: CueHit
    who: Who
    start: int
    end: int
    main: str
    subject: ActorMention | None
    kind: ConditionType = ConditionType.DEMAND
    holder: str | None = None

    def of(self, holder: str | None) -> Claim:
        """The same as somebody's."""
        return Claim(self.hit, self.who, self.start, self.end, self.main, self.subject, self.kind, holder)
