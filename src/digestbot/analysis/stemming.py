"""The English Snowball stemmer ("Porter 2", snowballstem.org), word for word as nltk has it.

nltk itself takes more than a second to import; the tests hold this one against it. R1 and R2 are what follows
the first consonant after a vowel, in the word and in R1: endings are only taken off inside them.
"""

from __future__ import annotations

from collections.abc import Iterable

_VOWELS = frozenset("aeiouy")
_DOUBLE = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
_BEFORE_LI = frozenset("cdeghkmnrt")
_PAST = ("eedly", "ingly", "edly", "eed", "ing", "ed")
#: Ending → how many letters go, and what comes in their place.
_DERIVED = {
    "ization": (7, "ize"), "ational": (7, "ate"), "fulness": (4, ""), "ousness": (7, "ous"),
    "iveness": (7, "ive"), "tional": (2, ""), "biliti": (6, "ble"), "lessli": (2, ""), "entli": (2, ""),
    "ation": (5, "ate"), "alism": (5, "al"), "aliti": (5, "al"), "ousli": (5, "ous"), "iviti": (5, "ive"),
    "fulli": (2, ""), "enci": (1, "e"), "anci": (1, "e"), "abli": (1, "e"), "izer": (4, "ize"),
    "ator": (4, "ate"), "alli": (4, "al"), "bli": (3, "ble"), "ogi": (1, ""), "li": (2, ""),
}  # fmt: skip
_FURTHER = {
    "ational": (7, "ate"), "tional": (2, ""), "alize": (3, ""), "icate": (5, "ic"), "iciti": (5, "ic"),
    "ative": (5, ""), "ical": (4, "ic"), "ness": (4, ""), "ful": (3, ""),
}  # fmt: skip
_LAST = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize",
    "ion", "al", "er", "ic",
)  # fmt: skip
#: What comes in place of too short an R2; nothing where it is not told.
_SHORT_R2 = {"ational": "e", "ation": "e", "ator": "e", "iveness": "e", "iviti": "e"}
_SPECIAL = {
    "skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "idly": "idl",
    "gently": "gentl", "ugly": "ugli", "early": "earli", "only": "onli", "singly": "singl",
    **{word: word for word in ("sky", "news", "howe", "atlas", "cosmos", "bias", "andes")},
    **{w + end: w for w in ("inning", "outing", "canning", "herring", "earring") for end in ("", "s")},
    **{w + end: w for w in ("proceed", "exceed", "succeed") for end in ("", "s", "ed", "ing")},
}  # fmt: skip


def stem_english(word: str) -> str:
    """The stem of an English word in lower case ("negotiations": "negoti")."""
    word = word.lower()
    if len(word) <= 2:
        return word
    if word in _SPECIAL:
        return _SPECIAL[word]
    word = word.replace("’", "'").replace("‘", "'").replace("‛", "'").removeprefix("'")
    word = _mark_consonant_y(word) if "y" in word else word
    r1, r2 = _regions(word)
    for suffix in ("'s'", "'s", "'"):
        if word.endswith(suffix):
            word, r1, r2 = _cut(word, r1, r2, len(suffix))
            break
    word, r1, r2 = _without_plural(word, r1, r2)
    word, r1, r2 = _without_past(word, r1, r2)
    if len(word) > 2 and word[-1] in "yY" and word[-2] not in _VOWELS:
        word, r1, r2 = _cut(word, r1, r2, 1, "i")
    word, r1, r2 = _derived(word, r1, r2)
    word, r1, r2 = _further(word, r1, r2)
    word, r1, r2 = _without_last(word, r1, r2)
    return _without_e_or_l(word, r1, r2).replace("Y", "y")


def _mark_consonant_y(word: str) -> str:
    """Writes "Y" where it is a consonant: at the beginning and behind vowels."""
    letters = list("Y" + word[1:] if word[0] == "y" else word)
    for i in range(1, len(letters)):
        if letters[i] == "y" and letters[i - 1] in _VOWELS:
            letters[i] = "Y"
    return "".join(letters)


def _regions(word: str) -> tuple[str, str]:
    if word.startswith(("gener", "arsen")):
        r1 = word[5:]
    elif word.startswith("commun"):
        r1 = word[6:]
    else:
        r1 = _behind_first_consonant(word)
    return r1, _behind_first_consonant(r1)


def _behind_first_consonant(text: str) -> str:
    """What follows the first consonant behind a vowel."""
    for i in range(1, len(text)):
        if text[i] not in _VOWELS and text[i - 1] in _VOWELS:
            return text[i + 1 :]
    return ""


def _cut(word: str, r1: str, r2: str, cut: int, add: str = "", short: str = "") -> tuple[str, str, str]:
    """Word and regions without their last letters, `add` in their place; `short`: for too short an R2."""
    if not add:
        return word[:-cut], r1[:-cut], r2[:-cut]
    return (
        word[:-cut] + add,
        r1[:-cut] + add if len(r1) >= cut else "",
        r2[:-cut] + add if len(r2) >= cut else short,
    )


def _without_plural(word: str, r1: str, r2: str) -> tuple[str, str, str]:
    if word.endswith("sses"):
        return _cut(word, r1, r2, 2)
    if word.endswith(("ied", "ies")):
        return _cut(word, r1, r2, 2 if len(word) > 4 else 1)
    if word.endswith("s") and not word.endswith(("us", "ss")) and not _VOWELS.isdisjoint(word[:-2]):
        return _cut(word, r1, r2, 1)
    return word, r1, r2


def _without_past(word: str, r1: str, r2: str) -> tuple[str, str, str]:
    suffix = _suffix(word, _PAST)
    if suffix in {"eed", "eedly"}:
        return _cut(word, r1, r2, len(suffix), "ee") if r1.endswith(suffix) else (word, r1, r2)
    if not suffix or _VOWELS.isdisjoint(word[: -len(suffix)]):
        return word, r1, r2
    word, r1, r2 = _cut(word, r1, r2, len(suffix))
    if word.endswith(("at", "bl", "iz")):
        word, r1 = word + "e", r1 + "e"
        return word, r1, r2 + "e" if len(word) > 5 or len(r1) >= 3 else r2
    if word.endswith(_DOUBLE):
        return _cut(word, r1, r2, 1)
    if r1 == "" and _is_short(word):
        return word + "e", r1, r2 + "e" if r2 else r2
    return word, r1, r2


def _is_short(word: str) -> bool:
    """Whether a word ends in a short syllable and has no more: "hop", "at"."""
    if len(word) == 2:
        return word[0] in _VOWELS and word[1] not in _VOWELS
    return (
        len(word) >= 3
        and word[-1] not in _VOWELS
        and word[-1] not in "wxY"
        and word[-2] in _VOWELS
        and word[-3] not in _VOWELS
    )


def _derived(word: str, r1: str, r2: str) -> tuple[str, str, str]:
    suffix = _suffix(word, _DERIVED)
    if (
        not suffix
        or not r1.endswith(suffix)
        or (suffix == "ogi" and word[-4] != "l")
        or (suffix == "li" and word[-3] not in _BEFORE_LI)
    ):
        return word, r1, r2
    return _cut(word, r1, r2, *_DERIVED[suffix], _SHORT_R2.get(suffix, ""))


def _further(word: str, r1: str, r2: str) -> tuple[str, str, str]:
    suffix = _suffix(word, _FURTHER)
    if not suffix or not r1.endswith(suffix) or (suffix == "ative" and not r2.endswith(suffix)):
        return word, r1, r2
    return _cut(word, r1, r2, *_FURTHER[suffix])


def _without_last(word: str, r1: str, r2: str) -> tuple[str, str, str]:
    suffix = _suffix(word, _LAST)
    if not suffix or not r2.endswith(suffix) or (suffix == "ion" and word[-4] not in "st"):
        return word, r1, r2
    return _cut(word, r1, r2, len(suffix))


def _without_e_or_l(word: str, r1: str, r2: str) -> str:
    if (r2.endswith("l") and word[-2] == "l") or r2.endswith("e"):
        return word[:-1]
    if r1.endswith("e") and len(word) >= 4 and (
        word[-2] in _VOWELS or word[-2] in "wxY" or word[-3] not in _VOWELS or word[-4] in _VOWELS
    ):  # fmt: skip
        return word[:-1]
    return word


def _suffix(word: str, suffixes: Iterable[str]) -> str:
    """The first of the suffixes, the longer ones first, a word ends with; empty if none."""
    for suffix in suffixes:
        if word.endswith(suffix):
            return suffix
    return ""
