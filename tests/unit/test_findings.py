"""What a document is called where it has no headline, and what of it is its own."""

from __future__ import annotations

import pytest

from digestbot.analysis import analyse
from digestbot.findings import title_of, told_hash
from digestbot.model import Analysis, ExtractedText, FoundDocument

TEXT = (
    "Elbonia has closed its border with Slovakia after a night of talks that brought the two sides no nearer."
)


@pytest.mark.parametrize(
    ("filename", "title"),
    [
        ("gaza-force-talks.txt", "Gaza Force Talks"),
        ("the_state-of_the-truce.md", "The State of the Truce"),
        ("Letter of the NATO Secretary-General.txt", "Letter of the NATO Secretary General"),
        (
            "article_20261123-17.html",
            "Elbonia has closed its border with Slovakia after a night of talks that brought the two …",
        ),
        (
            "iran.txt",
            "Elbonia has closed its border with Slovakia after a night of talks that brought the two …",
        ),
    ],
)
def test_a_telling_file_name_is_the_title_of_a_text_without_headline(filename: str, title: str) -> None:
    found = FoundDocument(key=filename, filename=filename, content=TEXT.encode(), media_type="text/plain")
    nothing = Analysis("test", "en", None, (), (), (), (), ())
    assert title_of(found, ExtractedText(TEXT, "text/plain"), nothing) == title


@pytest.mark.parametrize(
    ("around", "later"),
    [
        ("12 comments", "57 comments"),
        ("Updated 5 minutes ago", "Updated 2 hours ago"),
        ("1,204 views", "9,318 views"),
        ("Actualizado hace 5 minutos", "Actualizado hace 2 horas"),
        ("Last updated: 23 November 2026 14:05", "Last updated: 23 November 2026 16:40"),
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_what_stands_around_a_text_is_no_part_of_what_it_tells(around, later, above):
    body = (
        "Foreign ministers met in Geneva on Tuesday to discuss a ceasefire in the border region.\n"
        "The talks lasted four hours, officials said, and will go on next week in Vienna."
    )

    def told(note: str, text: str = body) -> str:
        whole = f"Ministers meet\n{note}\n{text}" if above else f"Ministers meet\n{text}\n{note}"
        return told_hash(whole, analyse(ExtractedText(whole, "text/html", title="Ministers meet")))

    assert told(around) == told(later)
    assert told(around) != told(around, body.replace("four", "five"))
