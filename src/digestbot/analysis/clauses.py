"""Light syntax: who says a sentence, where its clauses end, what the subject of a clause is.

No parser: verbs of speech, commas and the places of actors in the sentence suffice for the clauses of news
prose.
All offsets are within one sentence unless a name says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from digestbot.analysis.cues import CueHit
from digestbot.analysis.endings import Ending
from digestbot.analysis.mentions import ActorMention
from digestbot.analysis.wordings import by_letter
from digestbot.analysis.words import lowered

#: Several rules ask the same of a sentence one after another: so many answers are kept.
REMEMBERED = 64

#: In lower case, as sentences are before they are searched: a search that minds case is several times faster.
_SPEECH = by_letter(
    r"\b(?:said|says|say|warn|argue|believe|fears?|feared|foresees|foresaw|told|tells|added|adds|warned|"
    r"warns|argued|argues|announced|announces|declared|declares|"
    r"stressed|stresses|insisted|insists|noted|notes|wrote|writes|stated|states|repeated|repeats|replied|"
    r"answered(?! (?:with|to)\b)|answers(?! (?:with|to)\b)|"
    r"explained|explains|remarked|reckons|reckoned|considers|believes|calculates|estimates|vowed|promised|"
    r"maintained|"
    r"maintains|indicated|hinted|suggested|suggests|recalled|remembered|posted|tweeted|briefed|sighed|"
    r"conceded|admitted|"
    r"claimed|claims|asserted|affirmed|confirmed|reiterated|emphasi[sz]ed|underlined|underscored|quipped|"
    r"went on|shot back|"
    r"countered|reported|cautioned|pledged|threw out|was quoted as saying|were quoted as saying|concluded|"
    r"predicted|tells us|cautions|vows|predicts|pledges|asserts|affirms|confirms|reiterates|emphasi[sz]es|"
    r"underlines|concludes|indicates|hints|recalls|remarks|replies|admits|concedes|contends|contended|"
    r"warning that|"
    r"posts|texted|texts|messaged|swore|swears|retorted|retorts|counters|boasted|boasts|fumed|thundered|"
    r"joked|jokes|"
    r"complained|complains|observed|observes|proclaimed|proclaims|disclosed|discloses|revealed|reveals|"
    r"ruled(?! out| (?:by|over)\b)|thinks|promises(?! to\b)|opined|opines|"
    r"asked (?=what|why|how\b|whether|who\b|when\b|where)|testified|testifies|informed|informs|assured|"
    r"assures|(?:has|have|had|is|are|was|were) (?:been )?telling|"
    r"(?:sets?|laid|lays|spelled|spelt|spells) out (?:(?:his|her|its|their|the|two|three|four|five) )?"
    r"(?:own )?(?:terms|conditions|demands|position|price|red lines|ladder|case)|"
    r"(?:answer|reply|response|message) (?:came|(?:had|has) (?:two|three|four) parts|"
    r"(?:was|is) (?:simple|blunt|plain|clear|short))|"
    r"let(?:s)? it be known|(?:sent|sends|send|sending) word that|"
    r"(?:made|makes|making) (?:it )?(?:plain|clear|known)|"
    r"let (?=[\w.’' -]{3,30} know\b)|put it on record|laid it down|heard to say)\b",
)
_ACCORDING = re.compile(r"\b(?:according to|in the words of|in the view of)\s+")
_AUXILIARIES = re.compile(
    r"^(?:\W|\b(?:has|have|had|also|later|then|again|already|earlier|reportedly|himself|herself|itself|once|"
    r"now|again|"
    r"repeatedly|on|in|at|this|last|week|month|year|today|yesterday|tonight|\w+day|\w+ly|since|who|which|"
    r"s|office|government|spokes\w+|ministry|leader|party|adviser|advisers|aides?|team|side|army|military|people|camp|"
    r"officials?|general|president|premier|prime|minister|foreign|defen[cs]e|finance|interior|chancellor|envoy|"
    r"ambassador|junta|statement|joint|their|his|her|its|own|former|would|did|does|is|was|been|"
    r"having)\b)*$",
    re.IGNORECASE,
)
_ANALYST = re.compile(
    r"\b(?:analysts?|researchers?|professors?|scholars?|economists?|experts?|fellow|scientist|teaches|"
    r"lecturer|historian|"
    r"think[- ]tank|retired|former (?:ambassador|diplomat|official|minister|general|negotiator|envoy|"
    r"officer|colonel)|ex-\w+|"
    r"observers?|critics|who wrote|consultant|columnist|strategist|trader|traders|investors?|bankers?|"
    r"brokers?|hydrologists?|residents?|"
    r"shopkeeper|farmer|"
    r"watchers?|studies|who (?:runs the|studies|teaches|follows|covers|sells|heads research)|institute|"
    r"college|university|"
    r"analytics|foundation|crisis group|cent(?:re|er) for|chatham house|merchant|shopkeeper|driver|reckons|"
    r"numbers)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"\b(?:sources?|officials?|diplomats?|people (?:aware|familiar|close|with)|insiders?|aides?|envoys?|"
    r"source|"
    r"delegates?|lawmakers?|ministers?|members?|negotiators?|spokes\w+)\b",
    re.IGNORECASE,
)
#: A closing quotation mark that ends what is said, not one around a single word.
_END_OF_QUOTE = re.compile(r"(?<=[,.?!—])[”\"’]\s?")
_UNNAMED = re.compile(
    r"\b(?:negotiators?|diplomats?|delegates?|lawmakers?|sources?|advisers?)\b", re.IGNORECASE
)
_HARD = re.compile(r"[;:—–]|(?<=[a-z]{4})\.\s|[”\"]\s+(?=[A-Z])")
_CLAUSE_END = re.compile(r",\s|[;—–]|\s-\s|[”\"](?=[\s,.]|$)|\.$|,$|\.[”\"’]|(?<=\w),[”\"]")


@dataclass(slots=True)
class Speech:
    """One verb of speech. `kind`: actor, official (unnamed), analyst; `after`: the speaker comes last.

    `source`: the state or body that an unnamed official speaks for.
    """

    start: int
    end: int
    speaker: ActorMention | None
    kind: str
    after: bool
    source: ActorMention | None = None


def find_speech(sentence: str, mentions: Sequence[ActorMention], offset: int) -> list[Speech]:
    """The verbs of speech with their speakers; `offset`: where the sentence stands in the text."""
    found: list[Speech] = []
    low = lowered(sentence)
    for match in _SPEECH.finditer(low):
        if _no_speech(sentence, match, mentions, offset):
            continue
        speech = _speech(sentence, match.start(), match.end(), mentions, offset)
        if speech is not None and speech.kind == "official":
            speech.source = _source(sentence, speech, mentions, offset)
        if speech is not None:
            found.append(speech)
    for match in _ACCORDING.finditer(low) if "according" in low or "in the" in low else ():
        named = next((m for m in mentions if match.end() <= m.start - offset <= match.end() + 30), None)
        phrase = sentence[match.end() : match.end() + 70]
        kind = "analyst" if _ANALYST.search(phrase) else "actor" if named else "official"
        found.append(Speech(match.start(), match.end(), named if kind == "actor" else None, kind, True))
    return sorted(found, key=lambda speech: speech.start)


_OFFICIAL = (
    r"(?:officials?|diplomats?|sources?|negotiators?|envoys?|ministers?|aides?|advisers?|delegates?|"
    r"generals?|commanders?|spokes\w+)"
)
#: An unnamed official with a relative clause ahead of the verb: "an official who spoke to reporters said".
_UNNAMED_WHO = re.compile(
    r"(?:(?:But|And|Yet|Still,) )?(?:[Aa]n?|[Oo]ne|[Tt]he|[Tt]wo|[Ss]ome|[Aa]nother)\s(?:[\w.-]+\s){0,4}"
    rf"{_OFFICIAL}\s"
    r"(?:[\w’'-]+\s){0,5}?who(?:se)?\s[^,;:“”\"]{3,90}\s"
)
#: Behind the name or adjective of whom an unnamed official speaks for: "a US official", "the EU's envoys".
_ITS_OFFICIAL = re.compile(rf"(?:[’']s)?\s(?:[a-z][\w-]*\s){{0,3}}{_OFFICIAL}\b")
#: Ahead of it: "an official at the ministry of mines".
_OFFICIAL_OF = Ending(rf"\b{_OFFICIAL}\s(?:[a-z]+\s)?(?:at|in|from|of|with|for)\s(?:the\s)?$")
#: An unnamed official stands so near the verb, in characters: "who asked not to be named" fits in between.
_OFFICIAL_REACH = 90


def _source(
    sentence: str, speech: Speech, mentions: Sequence[ActorMention], offset: int
) -> ActorMention | None:
    """The state or body an unnamed official speaks for, who stands ahead of the verb or right behind it."""
    low = max((m.end() for m in _HARD.finditer(sentence, 0, speech.start)), default=0)
    low = max(low, speech.start - _OFFICIAL_REACH)
    for mention in reversed(mentions):
        place, end = mention.start - offset, mention.end - offset
        ahead = low <= place and end <= speech.start
        behind = speech.after and speech.end <= place <= speech.end + 30
        if (ahead or behind) and an_official_of(sentence, mention, offset):
            return mention
    return None


def an_official_of(sentence: str, mention: ActorMention, offset: int) -> bool:
    """Whether a mention tells whom an unnamed official speaks for: "a US official", "officials in Riga"."""
    if mention.form == "pronoun":
        return False
    return bool(
        _ITS_OFFICIAL.match(sentence, mention.end - offset)
        or _OFFICIAL_OF.stands(sentence[: mention.start - offset])
    )


_BY_WHOM = re.compile(r"\sby\s(?:the\s)?")
#: Verbs that take whom it is said to, so that their speaker never follows them.
_NEVER_FIRST = frozenset({"told", "tells", "informed", "informs", "assured", "assures", "briefed"})
_QUOTED_BEFORE = Ending(r"[,”\"’?!]\s*(?:has |have |had )?$")
_AND_BEFORE = Ending(r"\band\s+(?:also\s+|then\s+|has\s+|have\s+)?$")
_AFFILIATION = re.compile(r",?\s(?:of|at|from|with|who)\s")
_PASSIVE = Ending(r"\b(?:was|were|is|are|be|been|being|as)\s(?:\w+ly\s)?$", re.IGNORECASE)
_NOUN_BEFORE = Ending(
    r"\b(?:the|a|an|its|his|her|their|our|these|those|all|of|for|by|in|with|from|against|other|such|no|any|"
    r"\w+[’']s)\s(?:\w+\s)?$",
    re.IGNORECASE,
)
_ALSO_NOUN = frozenset(
    {
        "states",
        "fears",
        "claims",
        "notes",
        "estimates",
        "repeats",
        "answers",
        "vows",
        "pledges",
        "hints",
        "remarks",
    }
    | {"replies", "cautions"}
)


def _no_speech(sentence: str, match: re.Match[str], mentions: Sequence[ActorMention], offset: int) -> bool:
    """Whether a word that looks like a verb of speech is a noun, passive or part of a name."""
    start, word = match.start(), match[0].casefold()
    if any(m.start - offset <= start < m.end - offset for m in mentions if m.form != "pronoun"):
        return True
    if word in _ALSO_NOUN and _NOUN_BEFORE.stands(sentence[:start]):
        return True
    passive = word.endswith("ed") and " " not in word and _PASSIVE.stands(sentence[:start])
    return bool(passive) or sentence.startswith(" back", match.end())


def _speech(
    sentence: str, start: int, end: int, mentions: Sequence[ActorMention], offset: int
) -> Speech | None:
    before, after = sentence[:start], sentence[end:]
    if sentence[start:end].casefold() == "told" and _PASSIVE.stands(before):
        by = _BY_WHOM.match(sentence, end)
        teller = next((m for m in mentions if by is not None and m.start - offset == by.end()), None)
        return Speech(start, end, teller, "actor" if teller is not None else "official", False)
    inverted = _QUOTED_BEFORE.stands(before) and re.match(
        r"\s+(?:[A-Z]|(?:an?|the|one|two|some|their|its|his|her) )", after
    )
    if (
        inverted
        and sentence[start:end].casefold() not in _NEVER_FIRST
        and not _apposed(sentence, start, mentions, offset)
    ):
        return _inverted(sentence, start, end, mentions, offset)
    low = max((m.end() for m in _HARD.finditer(before)), default=0)
    quote = max((m.end() for m in _END_OF_QUOTE.finditer(before)), default=0)
    low = max(low, quote)
    content_before = _content_before(sentence, low, start, end, quoted=bool(quote) and quote == low)
    if _AND_BEFORE.stands(before):  # "X accused Y of … and said"
        first = next(
            (m for m in mentions if low <= m.start - offset and m.end - offset <= start
             and not governed(sentence, m.start - offset)),
            None,
        )  # fmt: skip
        if first is not None:
            return Speech(start, end, first, "actor", content_before)
    if _UNNAMED_WHO.fullmatch(sentence, low, start):
        return Speech(start, end, None, "official", content_before)
    noun = noun_phrase(sentence, low, start)
    subject = subject_before(mentions, offset, sentence, noun.start, start)
    text = sentence[noun.start : noun.end]
    if subject is not None:
        place = subject.start - offset
        lead = sentence[max(noun.start, place - 60) : place]
        gap = sentence[subject.end - offset : noun.end]
        loose = subject.form in {"adjective", "capital"} or governed(sentence, place)
        about = lead + gap if loose or _AFFILIATION.match(gap) else lead
        if _ANALYST.search(about) and not re.search(r"\bformer\b", lead):
            return Speech(start, end, None, "analyst", content_before)
        if re.match(r"(?:an?|one|two|some)\s", text) and loose and _UNNAMED.search(gap):
            return Speech(start, end, None, "official", content_before)
        if subject.form == "group" and _NOBODY.search(sentence[place : noun.end]):
            return Speech(start, end, None, "official", content_before)
        if governed(sentence, place) and _NOBODY.search(lead):
            return Speech(start, end, None, "official", content_before)
        if not subject.possessive or subject.form == "pronoun" or _AUXILIARIES.match(gap):
            kind = "analyst" if _ANALYST.search(noun.aside) else "actor"
            return Speech(start, end, subject if kind == "actor" else None, kind, content_before)
    if _ANALYST.search(text[-90:]) or _ANALYST.search(noun.aside):
        return Speech(start, end, None, "analyst", content_before)
    if _NOBODY.search(text[-90:]):
        return Speech(start, end, None, "official", content_before)
    if re.search(r"\b(?:an?|the|one|two) [\w\s-]{3,60}$", text):
        return Speech(start, end, None, "official", content_before)
    return None


def _content_before(sentence: str, low: int, start: int, end: int, *, quoted: bool) -> bool:
    """Whether what is said stands before the verb of speech at [start, end); `quoted`: a quotation does."""
    before, after = sentence[:start], sentence[end:]
    if not after.strip(_CLOSING) or _said_already(sentence, low, start, after):
        return True
    if quoted and _INSERTED.match(after):
        return True
    return bool(
        (low > 0 or start - low > 60)
        and not re.match(r"\s+(?:that|\w+ that)\b|:", after)
        and len(after) < max(45, len(before) // 2)
        and not _SUBORDINATE.match(before[before.rfind(",") + 1 :].lstrip())
    )


#: What may close a sentence.
_CLOSING = " .!”’\"'"
_INSERTED = re.compile(r"(?:\s(?!that\b)[\w’'@.-]+){0,4},(?!\d)")


_SUBORDINATE = re.compile(
    r"(?:unless|if|until|once|when|because|provided|as long as|while|after|before|should)\b"
)


def _said_already(sentence: str, low: int, start: int, after: str) -> bool:
    """Whether a clause is told before its speaker: "Poland will pay, a minister told reporters: …"."""
    speaker = noun_phrase(sentence, low, start)
    told = sentence[low : speaker.start].rstrip()
    if speaker.aside or not told.endswith(",") or after.startswith(" on behalf"):
        return False
    return bool(_INSERTED.match(after)) or (len(told) > 40 and not _ADVERBIAL.match(told))


_APPOSITION = re.compile(
    r"(?:an?|the|for|representing|speaking|who|whose|which|his|her|its|their|our|then|now|once|himself|herself|"
    r"itself|former|\d+|chair|"
    r"head|chief|president|leader|minister|secretary|spokes\w+|envoy|director|commander)\b"
)


def _apposed(sentence: str, start: int, mentions: Sequence[ActorMention], offset: int) -> bool:
    """Whether a verb after a comma has its subject before it: "Name, the office of X, said China …"."""
    noun = noun_phrase(sentence, 0, start)
    within = [m for m in mentions if noun.start <= m.start - offset and m.end - offset <= noun.end]
    if noun.aside and _named_aside(sentence, offset, noun, mentions) is not None:
        return True
    if noun.aside.startswith(("who ", "which ")) or (
        noun.aside and _UNNAMED_PERSON.match(sentence, noun.start, noun.end)
    ):
        return True
    if noun.aside and within and _is_all(sentence[noun.start : noun.end], sentence, offset, within[0]):
        return True
    return bool(
        _APPOSITION.match(noun.aside)
        and within
        and within[-1].end - offset == noun.end
        and not governed(sentence, within[-1].start - offset)
    )


_UNNAMED_PERSON = re.compile(rf"(?:An?|The|One|Two|Three|Some|Another)\s(?:[\w-]+\s){{0,3}}{_OFFICIAL}\b")
#: What a record of a meeting puts behind a speaker's name: "JANE DOE (Ireland)".
_BRACKET = re.compile(r"(?:\s\([^)]{1,40}\))?")
_TITLES_AHEAD = re.compile(r"(?:[A-Z][\w.-]*\s)*")


def _is_all(head: str, sentence: str, offset: int, mention: ActorMention) -> bool:
    """Whether a name, titles ahead and its country in brackets behind, is all before an insertion."""
    name = sentence[mention.start - offset : mention.end - offset]
    title, _, rest = head.partition(name)
    bare = _TITLES_AHEAD.fullmatch(title) and _BRACKET.fullmatch(rest)
    return mention.form == "name" and bare is not None


_TITLE_THEN_NAME = re.compile(r"\s(?:the|their|its|his|her)\s(?:[a-z-]+\s){0,4}[a-z-]+,\s")


def _inverted(sentence: str, start: int, end: int, mentions: Sequence[ActorMention], offset: int) -> Speech:
    """ "…", said Name, the office of X."""
    following = next((m for m in mentions if m.start - offset >= end), None)
    gap = sentence[end : following.start - offset] if following else sentence[end : end + 60]
    titled = _TITLE_THEN_NAME.fullmatch(gap)
    if (
        following is None
        or ("," in gap and not titled)
        or len(gap) > 45
        or re.match(r"\s+(?:an?|one|two|some) ", gap)
    ):
        kind = "analyst" if _ANALYST.search(sentence[end : end + 110]) else "official"
        return Speech(start, end, None, kind, True)
    tail = sentence[following.end - offset : following.end - offset + 80]
    kind = (
        "analyst"
        if _ANALYST.search(gap)
        or (re.match(r",? (?:an?|the|who|of) ", tail) and _ANALYST.search(_apposition(tail)))
        else "actor"
    )
    return Speech(start, end, following if kind == "actor" else None, kind, True)


@dataclass(slots=True)
class NounPhrase:
    """What stands before a verb as its subject, at [start, end); `aside`: the insertion after it."""

    start: int
    end: int
    aside: str = ""


_TRAILING_WORD = (
    r"[\s”\"]+(?:has|have|had|also|later|then|already|once|again|now|repeatedly|earlier|himself|herself|"
    r"itself|will|would|could|may|might|can|should|must|shall|did|does|do|is|are|was|were|be|been|not|never|"
    r"reportedly|only|on \w+day|last \w+|this \w+|yesterday|today|tonight|\w+ly)"
)
_TRAILING = re.compile(rf"(?:{_TRAILING_WORD})*\s*$", re.IGNORECASE)
_TRAILS = Ending(rf"{_TRAILING_WORD}\s*$", re.IGNORECASE)
_ASIDE_OPENS = re.compile(r",\s")


@lru_cache(maxsize=REMEMBERED)
def noun_phrase(sentence: str, low: int, position: int) -> NounPhrase:
    """The subject of the verb at `position`: what stands before it, insertions between commas left out."""
    ahead = sentence[low:position]
    end = low + len(_TRAILING.sub("", ahead) if _TRAILS.stands(ahead) else ahead.rstrip())
    aside = ""
    if sentence[low:end].endswith(")"):
        opening = sentence.rfind("(", low, end)
        if opening > low:
            end = opening
            end = low + len(sentence[low:end].rstrip())
    begin = low
    if sentence[low:end].endswith((",", "—", " –")):
        close = end - 1
        mark = sentence[close]
        if mark == ",":
            begin = _clause_begin(sentence, low, close, relative=False)
            subordinate = bool(_CONJUNCTION.stands(sentence[low:begin]))
            for match in _ASIDE_OPENS.finditer(sentence, begin, close):
                head = sentence[begin : match.start()]
                if not subordinate and not _ADVERBIAL.match(head.strip()):
                    return NounPhrase(begin, match.start(), sentence[match.end() : close])
                begin, subordinate = match.end(), False
        else:
            opening = sentence.rfind(mark, low, close)
            if opening > low:
                end, aside = opening, sentence[opening + 1 : close]
    begin = max(begin, _clause_begin(sentence, low, end, relative=True))
    comma = sentence.rfind(", ", begin, end)
    if comma > 0 and not re.match(r"(?:and|or)\s", sentence[comma + 2 : end]):
        begin = comma + 2
    return NounPhrase(begin, max(begin, end), aside)


_CONJUNCTION = Ending(r"\b(?:if|when|unless|until|after|because|while)\s$", re.IGNORECASE)
_ADVERBIAL = re.compile(
    r"(?:in|on|at|after|before|since|as|by|under|with|for|from|during|last|this|once|now|then|but|and|so|"
    r"yet|"
    r"still|however|meanwhile|earlier|later|yesterday|today|asked|speaking|writing|not|even|to|\w+ly|"
    r"if|should|unless|when|while|until|were|had|without)\b",
    re.IGNORECASE,
)


def _clause_begin(sentence: str, low: int, position: int, *, relative: bool) -> int:
    """Where the clause that holds `position` begins; `relative`: "who" and "which" begin one."""
    begin = low
    for match in _CLAUSE_START.finditer(lowered(sentence), low, position):
        introduces = match[0].strip()
        if introduces in {"who", "which"} and not relative:
            continue
        if _IN_BRACKET.stands(sentence[: match.start()]):
            continue
        begin = match.end()
    return begin


def _apposition(tail: str) -> str:
    end = tail.find(",", 2)
    return tail if end < 0 else tail[:end]


#: A list of adjectives or nouns that goes on after a comma: "political, military, and economic conditions".
_LIST_GOES_ON = re.compile(
    r"(?:[a-z][\w’-]*(?: [a-z][\w’-]*){0,2}, ){0,4}(?:[a-z][\w’-]*(?: [a-z][\w’-]*){0,2},? )?"
    r"(?:and|or|as well as) (?!(?:it|he|she|they|we|I|you|there|that|this|then|so|also|not|yet|even|would|"
    r"will|had|"
    r"has|was|is)\b)[a-z][\w’-]*(?: [\w’-]+){0,3}"
)
_NAME = r"(?:the )?[A-Z][\w’'.-]*(?: (?:of )?[A-Z][\w’'-]*){0,3}"
#: Names that go on after a comma: "Niger and Cameroon", "Niger, Chad, and the Central African Republic".
_NAMES_GO_ON = re.compile(rf"(?:{_NAME}, ){{0,5}}(?:{_NAME},? )?(?:and|or) {_NAME}")
#: A clause of which only its first word and the first name of its subject have been read: "unless Nigeria".
_SUBJECT_ONLY = re.compile(
    r"(?:only |but |not )?(?:if|unless|until|once|when|before|after|should|as long as|so long as|in case|"
    rf"(?:provided|on condition)(?: that)?) (?-i:{_NAME})",
    re.IGNORECASE,
)
_ENDS_THERE = re.compile(r"\s*(?:[.,;:”\"’!?—)]|$)")
_VERB = re.compile(r"\b(?:will|would|can|could|may|might|must|is|are|was|were|has|have|had)\b")


def clause_end(sentence: str, start: int) -> int:
    """Where the clause that begins at `start` ends: at its comma, semicolon, dash or closing mark."""
    position = start
    while match := _CLAUSE_END.search(sentence, position):
        rest = sentence[match.end() : match.end() + 40]
        if match[0].startswith(",") and re.match(
            r"(?:who|which|whose|whom|the \w+ of|on the other hand)\b", rest
        ):
            close = sentence.find(",", match.end())
            position = close + 1 if 0 <= close < match.end() + 90 else match.end()
            continue
        listed = _LIST_GOES_ON.match(sentence, match.end()) if match[0].startswith(",") else None
        if listed is not None and not _VERB.search(f"{listed[0]} {sentence[listed.end() :][:12]}"):
            position = listed.end()
            continue
        names = _NAMES_GO_ON.match(sentence, match.end()) if match[0].startswith(",") else None
        if names is not None and (
            _SUBJECT_ONLY.fullmatch(sentence, start, match.start())
            or _ENDS_THERE.match(sentence, names.end())
        ):
            position = names.end()
            continue
        if match.start() - start < 8:
            position = match.end()
            continue
        return match.start()
    return len(sentence.rstrip().rstrip('.”"’'))


def segment_of(sentence: str, position: int) -> tuple[int, int]:
    """The stretch between semicolons and ", while" or ", but" that holds `position`."""
    start, end = 0, len(sentence)
    for match in re.finditer(r";|, (?:while|whereas) |(?<=[a-z]), but (?=[A-Z])", sentence):
        if match.end() <= position:
            start = match.end()
        elif match.start() > position:
            end = match.start()
            break
    return start, end


def first_party(
    mentions: Sequence[ActorMention], offset: int, start: int, end: int, *, but: Sequence[str | None] = ()
) -> ActorMention | None:
    """The first actor in [start, end): subjects before others, adjectives last."""
    inside = [m for m in mentions if start <= m.start - offset < end and m.name not in but]
    named = [m for m in inside if m.form not in {"adjective"} or m.subject]
    return next(iter(named), None) or next(iter(inside), None)


_PREPOSITION = Ending(
    r"\b(?:of|in|near|at|from|with|by|for|against|to|on|over|under|behind|between|inside|outside|into|than|"
    r"about|"
    r"across|led by)\s(?:(?:the|a|an|its|his|her|their|President|Prime Minister|Minister|Mr\.?|Mrs\.?|Ms\.?|"
    r"former)\s)*$"
    r"|\b(?:of|for|from|with|by)\s(?:(?-i:[a-z’'-]+)\s){0,3}$",
    re.IGNORECASE,
)
#: Words right behind which a clause begins, so that no preposition further ahead governs what follows.
_CLAUSE_OPENS = Ending(r"\b(?:says|say|said|that|if|unless|whether|because)\s(?:the\s)?$", re.IGNORECASE)
#: What follows "until" where it is a preposition of time.
_TIME = (
    r"(?:\d|january|february|march|april|may|june|july|august|september|october|november|december|last|this|"
    r"now|then|recently|today|yesterday|\w+day\b|midnight|noon)"
)
_IN_BRACKET = Ending(r"\(\w*$")
#: In lower case, as sentences are before they are searched.
_CLAUSE_START = re.compile(
    r"[;:]\s|(?<=[,:—] )[“\"]|(?<=[,.?!—])[”\"]|, (?:and|but|while|or|so|yet) |\b(?:that(?! is\b)|whereas|"
    r"because|while|after|when|if|unless|"
    rf"until(?! {_TIME})|which|who|and that)\s",
)


def passive(sentence: str, hit: CueHit) -> bool:
    """Whether a verb of asking is passive: who is asked stands before it, who asks after "by"."""
    words = sentence[hit.start : hit.end].split()
    if words[0].casefold() == "under":
        return True
    if words[0].casefold().endswith("ing"):
        return False
    return bool(_PASSIVE.stands(sentence[: hit.start]) or _PASSIVE_ADVERB.stands(sentence[: hit.start]))


_PASSIVE_ADVERB = Ending(r"\b(?:was|were|been|is|are|be)\s(?:now|also|again|then|since)\s$", re.IGNORECASE)


@lru_cache(maxsize=REMEMBERED)
def governed(sentence: str, position: int) -> bool:
    """Whether a preposition stands before what begins at `position`: then it is no subject."""
    ahead = sentence[max(0, position - 60) : position]
    return ahead.endswith("(") or bool(_PREPOSITION.stands(ahead) and not _CLAUSE_OPENS.stands(ahead))


def _attributive(sentence: str, offset: int, mention: ActorMention, later: Sequence[ActorMention]) -> bool:
    """Whether an adjective only qualifies the actor named right after it ("Slovak premier Robert Fico")."""
    if not later:
        return False
    gap = sentence[mention.end - offset : later[0].start - offset]
    if mention.form != "adjective":
        return later[0].form == "name" and bool(_OFFICE_BETWEEN.fullmatch(gap))
    return bool(re.fullmatch(r"(?:\s[\w.-]+){0,5}\s", gap))


#: What makes a name an attribute of the next: "the United Nations Secretary-General, Name", "EU envoy Name".
_OFFICE_BETWEEN = re.compile(
    r"(?:\s[\w-]+){0,3}\s(?:secretary[- ]general|president|prime minister|minister|secretary|chief|envoy|"
    r"ambassador|"
    r"spokes\w+|representative|commissioner|coordinator|director|chancellor|premier|negotiator|leader),?\s",
    re.IGNORECASE,
)


def _named_aside(
    sentence: str, offset: int, noun: NounPhrase, left: Sequence[ActorMention]
) -> ActorMention | None:
    """The name that is put after an office: "the party's convener, Name, demanded"."""
    text = noun.aside.strip()
    for mention in left:
        begins = mention.start - offset - noun.end
        if mention.form == "name" and 0 <= begins <= 30 and not governed(sentence, mention.start - offset):
            ahead = text.find(sentence[mention.start - offset : mention.end - offset])
            if ahead >= 0 and (ahead == 0 or re.fullmatch(r"(?:[A-Z][\w.]*\s)+", text[:ahead])):
                return mention
    return None


def subject_before(
    mentions: Sequence[ActorMention],
    offset: int,
    sentence: str,
    start: int,
    position: int,
) -> ActorMention | None:
    """The subject of a verb at `position`: the nearest actor right before it, else the first free one.

    Free is what no preposition governs and no possessive ending makes an attribute.
    """
    noun = noun_phrase(sentence, start, position)
    left = [m for m in mentions if start <= m.start - offset and m.end - offset <= position]
    if noun.aside:
        within = [m for m in left if noun.start <= m.start - offset and m.end - offset <= noun.end]
        named = _named_aside(sentence, offset, noun, left)
        if named is not None and not any(
            m.form == "name" and not m.possessive and not governed(sentence, m.start - offset) for m in within
        ):
            return named
        ungoverned = any(not governed(sentence, m.start - offset) for m in within)
        # "a court of the League, an arm of …, ordered"
        if ungoverned or (within and _APPOSITION.match(noun.aside)):
            left = [m for m in left if m.end - offset <= noun.end]
            position = noun.end
    if not left:
        return None
    free = [m for m in left if not governed(sentence, m.start - offset)]
    free = [m for n, m in enumerate(free) if not _attributive(sentence, offset, m, free[n + 1 :])]
    if not free:
        return left[-1]
    nearest = free[-1]
    if nearest.form == "delegate" and nearest.end - offset == noun.end:
        return nearest
    apposed = (  # "the party's convener, Name, demanded"
        nearest.form == "name"
        and sentence[: nearest.start - offset].endswith(", ")
        and re.match(r",\s(?:\w+\s){0,3}$", sentence[nearest.end - offset : position])
    )
    if apposed:
        return nearest
    gap = sentence[nearest.end - offset : position]
    if _AUXILIARIES.match(gap) and not (gap.startswith(",") and len(free) > 1):
        inner = [
            m
            for m in free
            if m is not nearest
            and sentence[m.end - offset : nearest.start - offset].strip(" ,") in {"", "and"}
        ]
        return inner[0] if inner and "," in sentence[inner[0].end - offset : position] else nearest
    begin = start
    for match in _CLAUSE_START.finditer(lowered(sentence), start, position):
        introduces = match[0].strip()
        if introduces in {"who", "which"} or _IN_BRACKET.stands(sentence[: match.start()]):
            continue
        begin = match.end()
    inside = [m for m in free if m.start - offset >= begin]
    for group in (inside, free):
        own = [
            m
            for m in group
            if not m.possessive
            or m.form == "pronoun"
            or _AUXILIARIES.match(sentence[m.end - offset : position])
        ]
        if own:
            return own[0]
        if group:
            return group[0]
    return None
