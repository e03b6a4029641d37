"""What only looks like a condition: clauses in doubt, idioms, what nobody asks, what is over."""

from __future__ import annotations

import re

from digestbot.analysis.cues import Cue
from digestbot.analysis.endings import Ending
from digestbot.analysis.words import lowered

#: "if" that means whether, and other words that only look like cues, by what stands right before them.
_WHETHER = Ending(
    r"(?:\b(?:unclear|not (?:\w+ )?clear[^,.;]{0,40}|(?:will|[’']ll|let[’']s|must|wait and) see|to see|"
    r"uncertain|"
    r"undecided|not (?:\w+ ){0,2}(?:known|told|specified|indicated|specify|indicate|clarify|disclose|"
    r"reveal|care)|"
    r"(?:be|been|without) (?:known|saying)|unknown|guess(?:es|ed|ing)?|hear|heard|"
    r"(?<!be )discuss\w*|debat(?:e|es|ed|ing)|asked by [\w ]+|asked|asks?|asking|"
    r"ask(?:s|ed|ing)?(?: (?!to )(?!for )(?!that )(?!not )(?!about )[\w’'.-]+){1,6}|"
    r"wonder\w*|knows?|knew|doubt(?:s|ed)?|question(?: (?:now )?(?:is|was|remains|of))?|"
    r"not sure|unsure|check|checking|to tell|not say|not said|decide|learn|determine|investigat\w+|"
    r"examin\w+|"
    r"consider(?:s|ed|ing)?|weigh(?:s|ed|ing)?|assess(?:es|ed|ing)?|ascertain(?:ed|ing)?|gauge|gauging|"
    r"predict|"
    r"verify|verified|establish|established|find out|found out|figure out|work out|confirm|"
    r"(?:would|to|not|could|will|can) (?:say|tell)|nor|"
    r"(?:would|to|not|could|will|can|cannot|can[’']t|say|"
    r"tell) (?:say|tell) (?:you|us|me)|decided|tell us|remains to be seen|matter\w*(?: little)?)|"
    r"n[’']t (?:\w+ ){0,2}(?:clear[^,.;]{0,40}|known|told|say|said|care|specified|indicated)|"
    r"(?:(?:\bnot|n[’']t|\bto|\byet) (?:be |been |immediately |yet )?(?:establish(?:ed)?|known?|"
    r"confirm(?:ed)?|"
    r"determined?|verif(?:y|ied)|clear|sa(?:id|y)|tell|decided?)|"
    r"\b(?:was|were|is|been) (?:discussed|asked|debated|questioned))"
    r"(?: (?:on|in|at|by|from|among|to)(?: [\w’'-]+){1,5}))"
    r"(?:,? (?:me|him|her|them|us|yet|aloud|reporters|to the end|publicly|here|now|today))*[\s,]*$",
    re.IGNORECASE,
)
_ANONYMITY = re.compile(
    r"\b(?:anonym\w+|not (?:to )?be (?:named|identified)|to remain unnamed|to comment)\b", re.IGNORECASE
)
_NARRATED_ASKING = Ending(
    r"\b(?:(?<!text )(?<!letter )(?<!resolution )(?<!statement )(?<!petition )(?<!motion )that|"
    r"(?<!, )who|(?<!, )which|those|whoever|because \w+ had|you[’']d have to|when)\s$",
    re.IGNORECASE,
)
_PAST_CONDITION = re.compile(
    r"\b(?:would|could|might)(?:n[’']t| not| never| still| also| already| \w+ly)? have "
    r"(?:\w+ly |never |also )?(?:been|had|\w+ed)\b",
    re.IGNORECASE,
)


_UNREAL = re.compile(
    r"\b(?:even if|as if|as though|would not be drawn|would not (?:say|comment|give|confirm)|will not say|"
    r"(?:you|I)(?:[’']d| would) (?:have to|let))\b",
    re.IGNORECASE,
)


def denied(quotation: str) -> bool:
    """Whether nothing is said to be so: in doubt, asked, unnamed, or over."""
    return bool(
        doubted(quotation)
        or _UNREAL.search(quotation)
        or _ANONYMITY.search(quotation)
        or _PAST_CONDITION.search(quotation)
        or quotation.rstrip().endswith("?")
    )


#: In lower case, as sentences are before they are searched.
_IF = re.compile(r"\b(?:if|whether)\b")
_CLAUSE_CLOSES = re.compile(r"[,;.?]|\b(?:depends?|hinges?) (?:up)?on\b")


def doubted(quotation: str) -> list[tuple[int, int]]:
    """The clauses that "whether", or "if" in its sense, begins: nothing in them is said to be so."""
    found: list[tuple[int, int]] = []
    low = lowered(quotation)
    if "if" not in low and "whether" not in low:
        return found
    for match in _IF.finditer(low):
        whether = match[0] == "whether"
        end = _CLAUSE_CLOSES.search(quotation, match.end())
        high = end.start() if end else len(quotation)
        clause = quotation[match.end() : high]
        if (whether and "whether or not" not in quotation[match.start() :][:16]) or (
            not whether and (_WHETHER.stands(quotation[: match.start()]) or clause.endswith(" or not"))
        ):
            found.append((match.start(), high))
    return found


#: A demand as a noun that nobody makes here: "called the demands irresponsible", "demand collapsed".
_DEMAND_NOUN = Ending(
    r"\b(?:the|its|their|his|her|a|new|these|those|such|any|no|all|more|popular|other|green|further|"
    r"latest|main)\s$"
    r"|\bin the face of\s$|^[“\"]?$",
    re.IGNORECASE,
)
_NOBODY_WANTS = Ending(
    r"\b(?:nobody|no one|none|who|if (?:it|he|she|they|you|one)|which (?:\w+ ){1,3})\s*$", re.IGNORECASE
)


_QUESTION = re.compile(
    r"[“\"]?(?:and |but |so )?(?:what|why|how|who|when|where|do|does|did|is|are|has|"
    r"have)\b[^.;:“”\"]*\?[”\"]?",
    re.IGNORECASE,
)
_DENIES = Ending(r"\bden(?:y|ies|ied|ying)\b(?: that)?(?: (?!that )[\w’'-]+){0,3}\s$", re.IGNORECASE)
#: What threatens without meaning to: "the storm threatened the coast".
_NATURE = Ending(
    r"\b(?:storms?|hurricane|typhoon|cyclone|tornado|floods?|flooding|waters?|fires?|wildfires?|flames|"
    r"drought|"
    r"heat|rains?|lava|ash|volcano|avalanche|landslides?|disease|virus|outbreak|epidemic|erosion|famine|"
    r"hunger|"
    r"inflation|weather|climate)\s(?:that |which |have |has |had |also |still |again )*$",
    re.IGNORECASE,
)
_NOT = Ending(r"(?:\b(?:not|never|without)|n[’']t) (?:\w+ )?$", re.IGNORECASE)
_HAD = Ending(r"\b(?:who|which) had (?:\w+ )?$", re.IGNORECASE)
#: "expects sales to grow": nobody is asked for it.
_FORECAST = re.compile(
    r"\s*(?:[\w.’'-]+ ){1,9}?to (?:grow|rise|fall|increase|decrease|decline|drop|shrink|expand|slow|"
    r"recover|improve|"
    r"worsen|get (?:worse|better)|become|remain|reach|last|continue|happen|win|lose|lead|climb|ease|"
    r"average|exceed|"
    r"arrive|follow|be (?:completed|announced|released|published|held|ready|over))\b",
    re.IGNORECASE,
)


#: Cues that begin with a noun or with the order itself: "that" before them begins what is said.
_NOUNS_OF_ASKING = frozenset(
    {
        "list-of-demands",
        "price-is",
        "position-is",
        "would-have",
        "imperative-told",
        "imperative-said",
        "time-to",
        "asked-to",
    }
)


def guarded(cue: Cue, match: re.Match[str], quotation: str) -> bool:
    """Whether the words only look like the cue."""
    before, after = quotation[: match.start()], quotation[match.end() :]
    if cue.family == "conditional":
        question = quotation.find("?", match.end())
        if (
            _PAST_CONDITION.search(quotation)
            or (question >= 0 and not re.search(r"[.;”\"]", quotation[match.end() : question]))
        ):  # fmt: skip
            return True
        if cue.id == "if":
            return bool(
                re.match(r"\s*(?:you (?:like|will|want|ask)|I may|we may|I (?:am|remember))\b", after)
            )
        return False
    if cue.id == "offer" and re.search(
        r"\b(?:the|an?|its|his|her|their|this|that|any|no|such|every)\s(?:\w+\s)?$", before
    ):
        return match[0].casefold() == "offer"
    if cue.id == "threaten" and (_NATURE.stands(before) or _HAD.stands(before)):
        return True
    if cue.id == "ask-to" and match[0].casefold().startswith("expect") and _FORECAST.match(after):
        return True
    if cue.id == "refuses" and match[0].casefold().startswith("rul") and _NOT.stands(before):
        return True
    if cue.id == "vow" and " not " in quotation[match.start() : match.end()]:
        return True
    if cue.family == "obligation":
        return bool(re.search(r"\bwho\s$|\byou[’']d\s$", before)) and not _WHOEVER.stands(before)
    if cue.family == "demand":
        word = match[0].casefold()
        if _ANONYMITY.search(after[:60]):
            return True
        if _DENIES.stands(before[-40:]) or _QUESTION.fullmatch(quotation.strip()):
            return True
        if cue.id not in _NOUNS_OF_ASKING and _NARRATED_ASKING.stands(before[-30:]):
            return True
        if cue.id == "demand" and _DEMAND_NOUN.stands(before[-24:]) and not re.match(r"\s+that\b", after):
            return True
        if "want" in word and (_NOBODY_WANTS.stands(before[-40:]) or re.match(r" nothing\b", after)):
            return True
        if word.startswith(("press", "ask", "request")) and re.search(
            r"\b(?:the|must(?: first| also)?|have to|has to|local|state|foreign)\s$", before[-12:]
        ):
            return True
        if (
            re.search(
                r"\b(?:because|after|when|since|although|as)\s+(?:\w+\s+){1,3}(?:had\s+)?$", before[-40:]
            )
            and "had " in before[-12:]
        ):
            return True
    return cue.family in {"demand", "offer", "threat"} and bool(
        re.search(
            r"\b(?:did|do|does|will|would|has|had|have|was|is|are|were)(?:n[’']t| not| never) (?:\w+ )?$",
            before[-24:],
        )
    )


_WHOEVER = Ending(r"\b(?:those|anyone|anybody|whoever|states|countries|companies) who\s$", re.IGNORECASE)
