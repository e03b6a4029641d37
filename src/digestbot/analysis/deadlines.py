"""Deadlines of conditions: "by Friday", "within 30 days", "no later than 1 May", "until 15 March"."""

from __future__ import annotations

import re

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_NUMBER = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty|thirty|sixty|"
    r"ninety)"
)
_WHEN = (
    rf"(?:(?:the )?(?:end of |middle of |start of )?(?:(?:next|this|the|coming) )?(?:{_DAY}|"
    rf"{_MONTH}(?: \d{{1,2}})?(?:,? \d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}(?: \d{{4}})?|(?:the )?(?:week|month|year)(?:[’']s end)?|"
    rf"year[’']s end|Christmas|Easter|Ramadan|"
    rf"midnight|noon|tomorrow|tonight|\d{{4}}|spring|summer|autumn|winter))"
)
_DEADLINE = re.compile(
    rf"\b(?:(?:by|before|until|till|no later than|not later than|as of) {_WHEN}"
    rf"|(?:with)?in(?:side)? (?:the next )?{_NUMBER}(?:-| )(?:hours?|days?|weeks?|months?|years?)"
    rf"|{_NUMBER}[- ](?:hour|day|week|month)s? (?:deadline|ultimatum|to (?=\w+))|within the (?:hour|day|"
    rf"week|month|year)"
    rf"|deadline (?:of|on) {_WHEN}|(?:an )?immediate(?:ly)?\b(?= (?:release|withdrawal|end|halt|ceasefire))|"
    rf"at once|without (?:further )?delay)\b",
    re.IGNORECASE,
)


def find_deadline(sentence: str, start: int, end: int) -> str | None:
    """The deadline nearest to the condition at [start, end) of its sentence, as the text gives it."""
    found = list(_DEADLINE.finditer(sentence))
    if not found:
        return None
    best = min(
        found,
        key=lambda m: 0 if start <= m.start() < end else min(abs(m.start() - end), abs(start - m.end())),
    )
    return best[0].strip()
