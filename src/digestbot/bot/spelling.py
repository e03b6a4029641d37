"""One name in several scripts: "Путин" and "بوتين" beside "Putin".

Texts name actors in their own language; a reader types them in theirs. What is made here is compared, never
shown: Cyrillic is written with Latin letters, of Arabic script (whose short vowels are not written) only the
consonants are kept, of the Latin name then too.
"""

from __future__ import annotations

import re

from digestbot.digest import fold

SHORTEST = 3
"""Consonants of a name at least by which it is found: fewer are those of too many names."""

_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяґєії",
        "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch | y | e yu ya g ye i yi".replace(
            "|", "-"
        ).split(),
        strict=True,
    )
)
_ARABIC = dict(
    zip(
        "بپتٹثجچخدڈذرڑزژسشصضطظغفقکكگلمنں",
        "bbttsjčxddzrrzzsssdtzgfkkkglmnn",
        strict=True,
    )
)
"""Consonants alone: a letter that is not here is a vowel, or as good as one."""
_SOUNDS = re.findall(
    r"(\w+)=(\w)", "shch=s sch=s sh=s ch=č kh=x zh=z ph=f gh=g dh=d th=t ck=k c=k q=k v=f p=b"
)
"""Latin spellings by the sound they are compared by; p and b, v and f are one letter in Arabic."""


def arabic(text: str) -> bool:
    """Whether there is a letter of Arabic script in it."""
    return re.search(r"[\u0620-\u06ff]", text) is not None


def latin(text: str) -> str:
    """Cyrillic in Latin letters, folded; other letters as they are."""
    return "".join(_CYRILLIC.get(letter, letter) for letter in text.casefold()).replace("-", "")


def consonants(text: str) -> str:
    """The consonants of a name in Latin, Cyrillic or Arabic letters, word by word, those that Arabic script
    writes alike as one."""
    words = []
    for word in re.sub(r"(?<!\w)ال(?=\w)", "", text).split():
        if arabic(word):
            bare = "".join(_ARABIC.get(letter, "") for letter in word)
        else:
            sounds = fold(latin(word))
            for spelt, sound in _SOUNDS:
                sounds = sounds.replace(spelt, sound)
            bare = re.sub(r"[^bdfgj-nr-tvxzč]", "", sounds)
        words.append(re.sub(r"(.)\1+", r"\1", bare))
    return " ".join(word for word in words if word)
