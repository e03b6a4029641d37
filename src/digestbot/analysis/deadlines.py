"""Deadlines of conditions: "by Friday", "within 30 days", "no later than 1 May", "until 15 March"."""

from __future__ import annotations

import re

from digestbot.analysis.words import lowered

#: In lower case, as sentences are before they are searched.
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?)"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_NUMBER = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty|thirty|sixty|"
    r"ninety)"
)
_WHEN = (
    rf"(?:(?:the )?(?:end of |middle of |start of )?(?:(?:next|this|the|coming) )?(?:{_DAY}|"
    rf"{_MONTH}(?: \d{{1,2}})?(?:,? \d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}(?: \d{{4}})?|(?:the )?(?:week|month|year)(?:[’']s end)?|"
    rf"year[’']s end|christmas|easter|ramadan|"
    rf"midnight|noon|tomorrow|tonight|\d{{4}}|spring|summer|autumn|winter))"
)
_DEADLINE = re.compile(
    rf"\b(?:(?:by|before|until|till|no later than|not later than|as of) {_WHEN}"
    rf"|(?:with)?in(?:side)? (?:the next )?{_NUMBER}(?:-| )(?:hours?|days?|weeks?|months?|years?)"
    rf"|{_NUMBER}[- ](?:hour|day|week|month)s? (?:deadline|ultimatum|to (?=\w+))|within the (?:hour|day|"
    rf"week|month|year)"
    rf"|deadline (?:of|on) {_WHEN}|(?:an )?immediate(?:ly)?\b(?= (?:release|withdrawal|end|halt|ceasefire))|"
    rf"at once|without (?:further )?delay)\b",
)


def find_deadline(sentence: str, start: int, end: int) -> str | None:
    """The deadline nearest to the condition at [start, end) of its sentence, as the text gives it."""
    found = list(_DEADLINE.finditer(lowered(sentence)))
    if not found:
        return None
    best = min(
        found,
        key=lambda m: 0 if start <= m.start() < end else min(abs(m.start() - end), abs(start - m.end())),
    )
    return sentence[best.start() : best.end()].strip()
