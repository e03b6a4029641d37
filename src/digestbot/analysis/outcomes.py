"""The type of a condition, by what its main clause says would follow: harm, a favour, or a mere result."""

from __future__ import annotations

import re

from digestbot.analysis import outcome_words as words
from digestbot.analysis.evidence import EVIDENCE
from digestbot.analysis.scene import Claim, Scene
from digestbot.model import ConditionType

#: What comes of a deed, by whoever foretells it.
_WHOEVER_CUES = frozenset({"whoever", "whoever-will", "or-will"})
#: Cues that set a price: where something is handed out for it, it is an offer.
_BOUGHT = frozenset({"provided", "on-condition", "as-long-as"})


#: Characters behind "will not" in which the favour stands that is refused.
_REFUSED_REACH = 24
#: Cues of a thing supposed: what then will not be is a mere result (18 of 32 annotated; terms in one).
_SUPPOSED = frozenset({"if", "inverted-should", "inverted-were", "imperative-if", "in-the-event"})

#: Cues that mostly do not threaten, and the words by which they do.
_HARM = {
    "when-we-see": words.OWN_HARM,
    "as-long-as": words.HARM_GOES_ON,
    "while-refused": words.NOT_IDLE,
    "hypothetical-act": words.PUNISHED,
}


def choose_type(scene: Scene, claim: Claim) -> ConditionType:
    """The type of a claim, by its cue and by what its main clause says would follow."""
    cue, main = claim.hit.cue, claim.main
    if cue.id == "warn-would":
        return _warned(scene, claim)
    kind = _of_duties(scene, claim) or _of_deeds(scene, claim)
    if kind is not None:
        return kind
    if cue.id == EVIDENCE:
        return _by_evidence(scene, claim)
    if cue.type == "by-main":
        return _by_main(scene, claim)
    if claim.who.kind == "analyst" and (cue.family == "conditional" or cue.id in _WHOEVER_CUES):
        return ConditionType.CONSEQUENCE
    if cue.id in _BOUGHT and words.HANDS_OUT.search(main) and not words.NEGATIVE.search(main):
        return ConditionType.OFFER
    return ConditionType(cue.type)


def _of_duties(scene: Scene, claim: Claim) -> ConditionType | None:
    """What is asked for or in return: terms, where it is what another step waits for."""
    hit, quotation = claim.hit, scene.words
    cue = hit.cue
    if cue.id == "exchange":
        return _in_return(quotation, hit.start, hit.end)
    if (cue.family == "obligation" or cue.id == "insist") and words.ANY_MUST.search(
        quotation, hit.segment[0]
    ):
        return ConditionType.PRECONDITION
    if cue.family == "obligation" and words.TERMS_MUST.search(quotation, hit.segment[0]):
        return ConditionType.PRECONDITION
    if cue.family == "obligation" and (
        words.WOULD_HAVE_TO.search(quotation[max(0, hit.start - 24) : hit.end + 8])
        or words.WHOEVER.search(quotation[: hit.start])
    ):
        return ConditionType.PRECONDITION
    if cue.family == "demand" and words.BEFORE_OWN.search(quotation, hit.end):
        return ConditionType.PRECONDITION
    return None


def _of_deeds(scene: Scene, claim: Claim) -> ConditionType | None:
    """What awaits a deed by the speaker's own hand, where the cue alone would tell it wrong."""
    cue, main = claim.hit.cue, claim.main
    if claim.who.kind == "analyst":
        return None
    if cue.id in _WHOEVER_CUES or cue.id == EVIDENCE:
        return _of_whoever(main)
    harm = _HARM.get(cue.id)
    return ConditionType.THREAT if harm is not None and harm.search(main) else None


def _of_whoever(main: str) -> ConditionType | None:
    """What awaits whoever does a thing, where it is no harm: terms or a reward."""
    if words.REWARDED.search(main):
        return ConditionType.OFFER
    if words.NO_SUCH_THING.search(main) or (
        words.WHOEVER_DOES.search(main) and words.HAS_TO_SHOW.search(main)
    ):
        return ConditionType.PRECONDITION
    return None


def _by_evidence(scene: Scene, claim: Claim) -> ConditionType:
    """The type of what is said without any cue: mostly terms; harm for whoever does it, a threat."""
    who, main = claim.who, claim.main
    if who.kind == "analyst" or (
        who.kind == "nobody" and not scene.speeches and not words.LIMIT.search(main)
    ):
        return ConditionType.CONSEQUENCE
    if words.WOULD_BE.search(main) and not words.LIMIT.search(main):
        return ConditionType.CONSEQUENCE
    hostile = len(words.HOSTILE.findall(words.RELIEF.sub(" ", main)))
    if words.WHOEVER_DOES.search(main) or (
        hostile and not words.NEGATIVE.search(main) and not words.LIMIT.search(main)
    ):
        return ConditionType.THREAT
    if words.ORDERS.search(main) and not re.search(r"\band\b", main):
        return ConditionType.DEMAND
    return ConditionType.PRECONDITION


def _warned(scene: Scene, claim: Claim) -> ConditionType:
    """A warning is a threat where the speaker's own side would do it, else it foretells."""
    rest = scene.words[claim.hit.end :]
    if claim.who.kind == "analyst":
        return ConditionType.CONSEQUENCE
    if (
        words.OWN_WARNING.match(rest)
        or words.ANSWERED.search(rest)
        or (not words.FORETOLD.match(rest) and words.HOSTILE.search(rest))
    ):
        return ConditionType.THREAT
    return ConditionType.CONSEQUENCE


def _in_return(quotation: str, start: int, end: int) -> ConditionType | None:
    """A demand where what comes "in return" is asked for, not given."""
    giving = re.match(r"in (?:return|exchange) for\b", quotation[start:], re.IGNORECASE)
    if giving is None and (
        words.WANTS_IN_RETURN.search(quotation[:start]) or words.IN_RETURN_WE.match(quotation, end)
    ):
        return ConditionType.DEMAND
    if giving is None and re.search(r"\bgets?\b[^,;.]{3,60}\s$", quotation[:start]):
        return ConditionType.PRECONDITION
    return None


def _by_main(scene: Scene, claim: Claim) -> ConditionType:
    """The type of an "if" and its like, by what its main clause says would follow and whose doing it is."""
    if claim.who.kind == "analyst":
        return ConditionType.CONSEQUENCE
    return (
        _told(scene, claim)
        or _terms(scene, claim)
        or _own_doing(scene, claim)
        or _harm_or_favour(scene, claim)
    )


def _told(scene: Scene, claim: Claim) -> ConditionType | None:
    """Harm that is called a threat, what is called a warning of others' deeds, and what is foretold."""
    who, main, quotation = claim.who, claim.main, scene.words
    warned = words.WARNED.search(quotation)
    if warned and words.FORETOLD.match(quotation, warned.end()):
        return ConditionType.CONSEQUENCE
    if words.THREAT_VERB.search(quotation) or (who.kind == "official" and re.search(r"\bwarn", quotation)):
        return ConditionType.THREAT
    if words.HARDLY.search(main) and not words.WE_WILL.search(main):
        return ConditionType.CONSEQUENCE
    if words.ELLIPTIC.search(quotation) or (words.RAISED.search(main) and not words.KIND.search(main)):
        return ConditionType.THREAT
    if claim.hit.cue.id == "without" and quotation[claim.start :].lower().startswith("nothing"):
        return ConditionType.PRECONDITION
    return ConditionType.CONSEQUENCE if words.FORETELLS.search(main) else None


def _terms(scene: Scene, claim: Claim) -> ConditionType | None:
    """What is not done until then, what has to be done for it, and what is asked for."""
    cue, who, main = claim.hit.cue, claim.who, claim.main
    own = scene.words[claim.start : claim.end]
    if cue.id == "unless" and words.MISDEED.search(own):
        return ConditionType.THREAT
    if cue.id in {"unless", "without"} and words.NEGATIVE.search(main):
        return ConditionType.PRECONDITION
    if cue.id == "the-moment":
        rest = words.RELIEF.sub(" ", main)
        if words.VOID.search(rest) or words.ACT.search(rest) or words.IN_HAND.search(rest):
            return ConditionType.THREAT
        return ConditionType.OFFER if words.STOPS_HARM.search(main) else ConditionType.PRECONDITION
    if who.kind != "nobody" and cue.id in {"if", "unless"} and words.ONLY.search(main):
        return ConditionType.PRECONDITION
    if cue.id == "if" and words.HAS_TO.search(main) and words.FOR_WHAT_IS_WANTED.match(own):
        return ConditionType.PRECONDITION
    if who.kind == "actor" and words.DUTY.search(main):
        return ConditionType.DEMAND
    return None


def _own_doing(scene: Scene, claim: Claim) -> ConditionType | None:
    """What the main clause says of itself: that it takes part, gives, stops its harm, or acts."""
    main, own = claim.main, scene.words[claim.start : claim.end]
    negative = words.NEGATIVE.search(main)
    if words.FUTURE_PERFECT.search(main):
        return ConditionType.CONSEQUENCE
    if words.REQUESTED.search(own):
        return ConditionType.OFFER
    if words.TAKES_PART.search(main):
        return ConditionType.PRECONDITION
    if words.GIVES.search(main) or (words.HARM_STOPS.search(main) and not negative):
        return ConditionType.OFFER
    if words.IN_HAND.search(main) or words.NOT_IDLE.search(main) or words.ANSWERED.search(main):
        return ConditionType.THREAT
    if words.WE_WILL.search(main) and not negative and not words.KIND.search(main):
        return ConditionType.THREAT
    return None


def _harm_or_favour(scene: Scene, claim: Claim) -> ConditionType:
    """By how many words of harm and of favour the main clause holds, and who would do it."""
    who, main = claim.who, claim.main
    if who.kind == "nobody" and (
        claim.subject is None or not (words.ACT.search(main) or words.KIND.search(main))
    ):
        return ConditionType.CONSEQUENCE
    negative = words.NEGATIVE.search(main)
    rest, relieved = words.RELIEF.subn(" ", main)
    hostile, kindly = len(words.HOSTILE.findall(rest)), len(words.KIND.findall(rest)) + relieved
    if kindly > hostile and negative and _refused(main):
        return _withheld(claim, scene.words[claim.start : claim.end])
    if kindly > hostile:
        return ConditionType.OFFER
    if hostile and _of_a_thing(scene, claim):
        return ConditionType.CONSEQUENCE
    if hostile:
        return ConditionType.THREAT
    if who.kind == "actor" and _own_act(scene, claim) and not negative:
        own = scene.words[claim.start : claim.end]
        wanted = words.COOPERATES.search(own) and not words.NEGATIVE.search(own)
        return ConditionType.OFFER if wanted and claim.hit.cue.id != "unless" else ConditionType.THREAT
    if negative:
        return _withheld(claim, scene.words[claim.start : claim.end])
    return ConditionType.CONSEQUENCE


def _refused(main: str) -> bool:
    """Whether a favour is what will not be: "the process will not resume"."""
    refusal = words.WILL_NOT.search(main)
    return (
        refusal is not None
        and words.KIND.search(main, refusal.end(), refusal.end() + _REFUSED_REACH) is not None
    )


def _withheld(claim: Claim, own: str) -> ConditionType:
    """What will not be: terms; of a thing supposed a mere result, unless that is negative too."""
    cue = claim.hit.cue.id
    if cue == "imperative-if" and claim.who.kind == "actor":
        return ConditionType.OFFER  # "bring them home and he will sit down, so that nobody can …"
    if cue in _SUPPOSED and not words.NEGATIVE.search(own):
        return ConditionType.CONSEQUENCE
    return ConditionType.PRECONDITION  # "will not be unfrozen if the law is not recalled"


def _of_a_thing(scene: Scene, claim: Claim) -> bool:
    """Whether something an actor owns is the subject: "Serbia's only refinery will stop"."""
    subject = claim.subject
    if subject is None or not subject.possessive or subject.form == "pronoun":
        return False
    return not words.MEN.match(scene.words[subject.end - scene.offset :])


def _own_act(scene: Scene, claim: Claim) -> bool:
    """Whether the speaker's own side would do what the main clause says."""
    who, subject, document = claim.who, claim.subject, scene.document
    if subject is None or who.speaker is None or not who.here or not words.WILL.search(claim.main):
        return False
    return document.side_of(subject.name) == document.side_of(who.speaker)
