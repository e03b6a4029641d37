"""Sound files of every format, and ways to damage them."""

from __future__ import annotations

import io
import random
import zipfile
from email.message import EmailMessage
from functools import cache

import docx


def damaged(name: str, rng: random.Random) -> bytes:
    """The sound file, damaged; of a Word document the text inside, else only its sum is wrong."""
    content = corpus()[name]
    if name != "a.docx" or rng.random() < 0.2:
        return mutated(content, rng)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(packed, "w") as made:
        for part in whole.namelist():
            inside = whole.read(part)
            made.writestr(part, mutated(inside, rng) if part == "word/document.xml" else inside)
    return packed.getvalue()


def mutated(content: bytes, rng: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(rng.randint(1, 12)):
        place = rng.randrange(len(data))
        match rng.randrange(5):
            case 0:
                data[place] = rng.randrange(256)
            case 1:
                del data[place : place + rng.randint(1, 40)]
            case 2:
                data[place:place] = bytes(rng.randrange(256) for _ in range(rng.randint(1, 8)))
            case 3:
                data[place:place] = data[place : place + rng.randint(1, 200)] * rng.randint(1, 20)
            case 4:
                data = data[: max(1, place)]
        if not data:
            return b"x"
    return bytes(data)


@cache
def corpus() -> dict[str, bytes]:
    """One sound file of each format, for mutation."""
    words = "Arland will not sign unless Borduria frees the prisoners, its minister said on Monday. " * 4
    document = docx.Document()
    document.add_heading("The talks", 1)
    document.add_paragraph(words)
    document.add_table(2, 2).cell(0, 0).text = "cell"
    packed = io.BytesIO()
    document.save(packed)
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["Date"] = (
        "Переговоры",
        "A <a@x.example>",
        "Wed, 4 Mar 2026 08:00:00 +0200",
    )
    letter.set_content(words)
    letter.add_alternative(f"<p>{words}</p><blockquote type='cite'>old</blockquote>", subtype="html")
    stream = f"BT /F1 10 Tf 50 700 Td ({words}) Tj ET"
    page = "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body = "".join(f"{number} 0 obj\n{one}\nendobj\n" for number, one in enumerate(objects, start=1))
    return {
        "a.txt": ("Überschrift\n\n" + words.replace(", ", ",\n")).encode(),
        "a.md": f"---\ntitle: T\n---\n- {words}\n\n| a | b |\n|-|-|\n| c | d |\n\n[x](y) ![z](w)".encode(),
        "a.html": f"<html><head><title>T</title></head><body><article><h1>H</h1><p>{words}</p>"
        f"<table><tr><td>{words}</td></tr></table></article></body></html>".encode(),
        "a.pdf": f"%PDF-1.4\n{body}trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF".encode(),
        "a.docx": packed.getvalue(),
        "a.eml": letter.as_bytes(),
    }
