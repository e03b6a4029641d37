"""The language of a text: English by its function words where plenty, else by py3langid's own model."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

#: Fewer letters than this do not tell a language reliably; what the document declares is believed then.
ENOUGH_LETTERS = 60
#: In another script than the Latin one so few tell at least that it is not English.
FEWEST_LETTERS = 15
#: Characters read: more changes no answer and costs time.
SAMPLE = 6_000

#: Share of English function words, and different ones, that make a text evidently English.
EVIDENT_SHARE = 0.15
EVIDENT_KINDS = 5
_ENGLISH = frozenset(
    {
        "the",
        "of",
        "and",
        "that",
        "with",
        "from",
        "which",
        "has",
        "been",
        "were",
        "would",
        "their",
        "this",
        "have",
        "by",
        "its",
        "they",
        "will",
        "who",
        "not",
    }
)

DEFAULT = "en"
#: A single sentence of English news with foreign names is now and then taken for Nigerian Pidgin ("pcm").
_LIKE_ENGLISH = frozenset({"pcm"})
LIKE_ENGLISH_BELOW = 200


def detect_language(text: str, declared: str | None = None) -> str:
    """ISO 639-1 code of the language `text` is written in.

    `declared` is what the document says of itself ("en", "en-GB", "pt_BR"); it decides where the text is too
    short to tell, and is asked for no opinion where it is long enough. Without either: English.
    """
    fallback = _normalise(declared) or DEFAULT
    sample = text[:SAMPLE]
    letters = sum(c.isalpha() for c in sample)
    if letters < ENOUGH_LETTERS and not _tells_by_script(sample):
        latin = sum(c.isalpha() and c < "\u0250" for c in sample)
        if _normalise(declared) or 2 * latin >= letters or letters < FEWEST_LETTERS:
            return fallback
    if _evidently_english(sample):
        return "en"
    code, _ = _identifier().classify(sample)
    return "en" if code in _LIKE_ENGLISH and letters < LIKE_ENGLISH_BELOW else str(code)


def _evidently_english(sample: str) -> bool:
    """Whether function words alone tell: many of them, of several kinds, that no other language shares.

    Spares most texts the loading of py3langid's model, about half a second. English newswire has a quarter of
    its words in this list; a text in another language with English quotations stays far below the threshold.
    """
    words = re.findall(r"[^\W\d_]+", sample.lower())
    found = [word for word in words if word in _ENGLISH]
    return len(words) >= 20 and len(found) >= EVIDENT_SHARE * len(words) and len(set(found)) >= EVIDENT_KINDS


def _normalise(declared: str | None) -> str | None:
    match = re.match(r"\s*([A-Za-z]{2})(?:[-_].*)?\s*$", declared or "")
    return match[1].lower() if match else None


def _tells_by_script(sample: str) -> bool:
    """Whether a few characters suffice: scripts that one language or a few of them use."""
    return (
        sum(
            "\u0e00" <= c <= "\u0e7f" or "\u3040" <= c <= "\u30ff" or "\uac00" <= c <= "\ud7a3"
            for c in sample
        )
        >= 10
    )


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=False)
