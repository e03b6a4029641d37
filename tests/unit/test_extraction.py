"""Every format to text: what is kept, what is left out, and what is said of files that cannot be read."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader, PdfWriter

from digestbot.errors import DocumentError
from digestbot.extraction import FORMATS, extract
from digestbot.extraction.normalise import normalise, unwrap
from digestbot.extraction.pdf import in_reading_order
from digestbot.model import ExtractedText, FoundDocument

FRENCH = (
    "Les négociateurs français ont demandé à Borduria de libérer les prisonniers avant la fin de l'été, "
    "a déclaré le ministère des Affaires étrangères à Paris. Borduria a refusé cette exigence."
)
RUSSIAN = (
    "Министр заявил, что переговоры продолжатся только после вывода войск из этого региона. "
    "Это условие было выдвинуто ранее, и оно остается в силе до конца года."
)
POLISH = (
    "Prezydent oświadczył, że żądania sąsiadów są nie do przyjęcia, a rozmowy zostały przerwane. "
    "Łódź i Kraków czekają na dalsze wieści, które mają nadejść jeszcze w tym tygodniu."
)


def read(content: bytes | str, name: str = "a.txt", **about) -> ExtractedText:
    data = content.encode() if isinstance(content, str) else content
    return extract(FoundDocument(key=name, content=data, filename=name, **about))


def refused(content: bytes | str, name: str = "a.txt", **about) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read(content, name, **about)
    assert caught.value.message.startswith(f"{name}: ")
    return caught.value


# --- text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_a_text_in_any_usual_encoding_is_read(encoding):
    assert read(FRENCH.encode(encoding)).text == FRENCH


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (POLISH, "cp1250"), (POLISH, "iso8859-2")],
)
def test_eight_bit_encodings_of_the_east_are_told_apart(text, encoding):
    assert read(text.encode(encoding)).text == text


def test_a_declared_encoding_is_believed_where_it_fits():
    assert read("Çankırı ve Şırnak".encode("cp1254"), encoding="windows-1254").text == "Çankırı ve Şırnak"
    assert read(FRENCH.encode(), encoding="no-such-encoding").text == FRENCH


def test_text_is_normalised():
    assert normalise("a\r\nb\rc\u2028d  \x00e\u00a0f\n\n\n\ng \ufeff") == "a\nb\nc\nd e f\n\ng"
    assert normalise("Cafe\u0301") == "Café"


def test_lines_that_somebody_wrapped_are_joined():
    wrapped = (
        "Arland will not sign the agreement on the river unless Borduria\n"
        "first frees the prisoners it took last year, its foreign minister\n"
        "said on Monday after talks in the capital that had gone on for\n"
        "two days.\n\n"
        "Borduria did not answer at once. Its ambassador called the demand\n"
        "an insult, and left the hall before the speech had come to an end\n"
        "while others remained.\n- one thing\n- another thing"
    )
    joined = unwrap(wrapped).split("\n")
    assert joined[0].endswith("gone on for two days.")
    assert joined[2].startswith("Borduria did not")
    assert joined[2].endswith("while others remained.")
    assert joined[3:] == ["- one thing", "- another thing"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Arland will not sign unless Borduria frees the prisoners",
            "it took last year, its minister said on Monday.",
        ),
        (
            "The port stays closed to ships of every flag, said the",
            "Harbour Authority in a letter to the owners of all.",
        ),
        (
            "Borduria called the demand an insult on Monday evening,",
            "Tuesday morning brought an offer to free ten of them.",
        ),
    ],
)
def test_a_paragraph_of_two_lines_is_joined_though_the_text_is_too_short_to_be_evidently_wrapped(
    first, second
):
    assert unwrap(f"A headline stands here\n\n{first}\n{second}").split("\n")[2] == f"{first} {second}"


@pytest.mark.parametrize(
    "text",
    [
        "Headline\nFirst paragraph is a long line that says much of what happened in the town on that day.",
        "Roses\nViolets\nSugar\nAnd so are you\nA poem\nof short lines",
        "Minister A\nMinister B\nMinister C\nMinister D",
        "Arland and Borduria talk about the river again\nTheir envoys met on Monday for two hours.",
        "One sentence stands here on a line.\nAnother one stands on the next line.\nA third one too.\n"
        "And a fourth one ends it all, again.",
    ],
)
def test_lines_that_nobody_wrapped_stay(text):
    assert unwrap(text) == text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \n\x00\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (bytes(range(256)) * 40, "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "binary"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "binary"),
        (b"PK\x03\x04" + bytes(100), "unsupported-format"),
        (b"x" * 20_000_001, "too-large"),
        ("\u200b\u00ad".encode(), "no-text"),
    ],
)
def test_what_is_no_text_is_refused_and_said_why(content, code):
    assert refused(content).code == code


def test_null_bytes_in_a_text_are_dropped():
    assert read(b"Arland\x00 signed the treaty with Borduria on Monday. " * 3).text.startswith(
        "Arland signed"
    )


def test_what_the_bytes_are_counts_more_than_the_name():
    assert read("<!DOCTYPE html><p>One paragraph.</p>", "page").media_type == "text/html"
    assert read("Plain words", "page.html").text == "Plain words"
    assert refused(b"%PDF-1.4 nothing", "a.txt").code == "broken"


def test_no_two_formats_share_a_suffix():
    suffixes = [suffix for known in FORMATS for suffix in known.suffixes]
    assert len(suffixes) == len(set(suffixes))


# --- Markdown -----------------------------------------------------------------------------------------


def test_markdown_becomes_text_with_one_block_a_line():
    source = (
        "---\ntitle: 'The talks'\nauthor: A. Writer\ndate: 2026-03-04\nlang: en\n---\n"
        "## What *happened*\n\nArland [will not](https://x.example) sign\nthe `treaty`.  \nNew line.\n\n"
        "- one\n- two\n  more\n\n3. third\n4. fourth\n\n> Quoted.\n\n![a map](map.png)\n\n"
        "| a | b |\n|---|---|\n| c | d |\n\n<div>Inside</div>\n\n    code\n"
    )
    found = read(source, "a.md")
    assert found.text.split("\n") == [
        "What happened",
        "Arland will not sign the treaty.",
        "New line.",
        "• one",
        "• two more",
        "3. third",
        "4. fourth",
        "Quoted.",
        "a map",
        "a | b",
        "c | d",
        "Inside",
        "code",
    ]
    assert (found.title, found.author, found.language) == ("The talks", "A. Writer", "en")
    assert found.published == datetime(2026, 3, 4, tzinfo=UTC)


def test_a_first_heading_is_the_title_of_markdown():
    assert read("# The *talks*\n\nWords.", "a.md").title == "The talks"
    assert read("Words.\n\n# Later\n", "a.md").title is None


# --- web pages ----------------------------------------------------------------------------------------

ARTICLE = "".join(
    f"<p>Paragraph {number}: Arland told Borduria that it will not sign the treaty unless all prisoners "
    "are freed, and gave it until Friday to answer.</p>"
    for number in range(6)
)


def test_a_page_is_its_article_and_its_metadata():
    page = (
        '<html lang="en-GB"><head><title>Talks | The Courier</title>'
        '<meta property="og:title" content="Talks fail">'
        '<meta property="og:site_name" content="The Courier"><meta name="author" content="Ann Writer">'
        '<meta property="article:published_time" content="2026-03-04T08:00:00+02:00">'
        '<link rel="canonical" href="https://courier.example/talks"></head><body><nav><a href="/">Home</a>'
        '<a href="/w">World news section</a></nav><article><h1>Talks fail</h1>'
        f"{ARTICLE}</article><footer>Cookie settings and privacy</footer>"
        "<script>var x=1</script></body></html>"
    )
    found = read(page, "a.html")
    assert found.text.count("Paragraph") == 6
    assert "Cookie" not in found.text
    assert "World news" not in found.text
    assert (found.title, found.author, found.publisher) == ("Talks fail", "Ann Writer", "The Courier")
    assert (found.language, found.canonical_url) == ("en", "https://courier.example/talks")
    assert found.published == datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


def test_a_short_page_is_read_whole():
    page = "<body><h1>Notice</h1><p>The border is closed<br>until Friday.</p>"
    page += "<ul><li>one</li><li>two</li></ul></body>"
    assert read(page, "a.html").text.split("\n") == [
        "Notice",
        "The border is closed",
        "until Friday.",
        "• one",
        "• two",
    ]


def test_what_a_page_hides_is_not_read():
    page = "<body><p>Seen.</p><p style='display: none'>Hidden.</p>"
    page += "<p hidden>Too.</p><!-- No --><style>p{}</style></body>"
    assert read(page, "a.html").text == "Seen."


def test_a_pages_own_charset_is_believed():
    page = f'<html><head><meta charset="windows-1251"></head><body><p>{RUSSIAN}</p></body></html>'
    assert RUSSIAN in read(page.encode("cp1251"), "a.html").text


def test_a_page_nested_without_end_is_refused():
    assert refused("<div>" * 5000 + "x", "a.html").code == "broken"


# --- PDF ----------------------------------------------------------------------------------------------


def pdf(*pages: list[str], **information: str) -> bytes:
    """A PDF of lines of text, written by hand: a PDF library that writes text is no part of this project."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for lines in pages:
        shown = " T* ".join(
            "({}) Tj".format(line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)"))
            for line in lines
        )
        stream = f"BT /F1 10 Tf 12 TL 50 780 Td {shown} ET" if lines else ""
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        kids.append(len(objects) + 1)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] /Count {len(kids)} >>"
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1"))
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010} 00000 n \n" for place in places).encode())
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode())
    if not information:
        return out.getvalue()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(out.getvalue())))
    writer.add_metadata({f"/{name}": value for name, value in information.items()})
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


BODY = [
    "Arland will not sign the agreement on the river unless Borduria first",
    "frees the prisoners it took last year, its foreign minister said on Mon-",
    "day after talks in the capital, and added that the long-term plan of both",
    "sides depends on it. Borduria called that demand an insult and left the hall",
    "before the speech had ended.",
]


def test_a_pdf_is_read_without_running_heads_page_numbers_and_hyphens():
    pages = []
    for number, town in enumerate(("Ama", "Beli", "Cora", "Dun"), start=1):
        own = [line.replace("capital", town) for line in BODY]
        own[0], own[-1] = own[0].replace("the river", f"the {town}"), f"before {town} had ended."
        pages.append(
            [
                "THE COURIER Annual Report 2026",
                f"News of {town}",
                *own,
                f"So says {town}.",
                f"Page {number} of 4",
            ]
        )
    found = read(
        pdf(*pages, Title="The river", Author="A. Writer", CreationDate="D:20260304080000+02'00'"), "a.pdf"
    )
    assert "COURIER" not in found.text
    assert "Page" not in found.text
    assert "said on Monday after talks" in found.text
    assert "long-term" in found.text
    assert found.text.count("unless Borduria first frees the prisoners") == 4
    assert "News of Ama\n" in found.text
    assert (found.title, found.author) == ("The river", "A. Writer")
    assert found.published == datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


def test_a_name_a_program_filled_in_is_no_title():
    assert read(pdf(BODY, Title="Microsoft Word - river_final2.docx"), "a.pdf").title is None


def test_a_pdf_without_text_says_to_run_ocr():
    error = refused(pdf([], []), "scan.pdf")
    assert error.code == "no-text"
    assert "OCR" in error.message
    assert "2 pages" in error.message


def test_an_encrypted_pdf_says_so_and_one_without_password_is_read():
    for password, code in (("secret", "encrypted"), ("", None)):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(BODY))))
        writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
        written = io.BytesIO()
        writer.write(written)
        if code:
            assert refused(written.getvalue(), "a.pdf").code == code
        else:
            assert "unless Borduria first frees" in read(written.getvalue(), "a.pdf").text


def test_a_damaged_pdf_is_broken_or_read_as_far_as_it_goes():
    whole = pdf(BODY, BODY)
    assert refused(whole[:30], "a.pdf").code == "broken"
    assert "unless Borduria" in read(whole.replace(b"0000000", b"0000009"), "a.pdf").text


# --- Word ---------------------------------------------------------------------------------------------


def word() -> bytes:
    document = docx.Document()
    document.add_heading("The talks", 1)
    document.add_paragraph("Arland will not sign.")
    document.add_paragraph("one", style="List Bullet")
    table = document.add_table(2, 2)
    for place, text in enumerate(("a", "b", "c", "d")):
        table.cell(place // 2, place % 2).text = text
    document.add_paragraph("After the table.")
    document.core_properties.title = "Talks"
    document.core_properties.author = "Ann Writer"
    document.core_properties.created = datetime(2026, 3, 4, 6, 0)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def test_a_word_document_is_read_in_order():
    found = read(word(), "a.docx")
    assert found.text.split("\n") == [
        "The talks",
        "Arland will not sign.",
        "• one",
        "a | b",
        "c | d",
        "After the table.",
    ]
    assert (found.title, found.author) == ("Talks", "Ann Writer")
    assert found.published == datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


def test_a_word_document_that_is_a_bomb_is_refused():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(150_000_000))
    assert refused(written.getvalue(), "a.docx").code == "too-large"


def test_a_damaged_word_document_is_broken():
    assert refused(word()[:2000], "a.docx").code == "broken"
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("word/document.xml", "<not closed")
    assert refused(written.getvalue(), "a.docx").code == "broken"


# --- e-mail -------------------------------------------------------------------------------------------


def letter(plain: str | None, html: str | None = None, **headers: str) -> bytes:
    message = EmailMessage()
    given = {
        "Subject": "Re: Fwd: The talks",
        "From": "The Courier <news@courier.example>",
        "Date": "Wed, 4 Mar 2026 08:00:00 +0200",
    }
    for name, value in (given | headers).items():
        message[name] = value
    if plain is not None:
        message.set_content(plain)
    if html is not None:
        if plain is None:
            message.set_content(html, subtype="html")
        else:
            message.add_alternative(html, subtype="html")
    return message.as_bytes()


def test_a_letter_is_read_without_quoted_replies_and_signature():
    plain = (
        "Arland will not sign.\n\n> You asked?\n> Twice.\n\nThat is all.\n\n-- \nAnn\n+1 234\n\n"
        "On Tue, 3 Mar 2026, Bob <bob@x.example> wrote:\n> Old words\n"
    )
    found = read(letter(plain), "a.eml")
    assert found.text == "Arland will not sign.\n\nThat is all."
    assert (found.title, found.author, found.publisher) == ("The talks", "The Courier", "The Courier")
    assert found.published == datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


def test_a_newsletter_is_its_html_part_without_quotations():
    html = (
        "<html><body><p>Arland will not sign.</p><img src=x><p>Second.</p>"
        '<div class="gmail_quote"><p>Old words</p></div></body></html>'
    )
    assert read(letter("Your program shows no HTML", html), "a.eml").text == "Arland will not sign.\nSecond."
    assert read(letter(None, html), "a.eml").text == "Arland will not sign.\nSecond."


def test_attachments_are_left_out():
    message = EmailMessage()
    message["Subject"] = "S"
    message.set_content("Words.")
    message.add_attachment("attached words", filename="a.txt")
    assert read(message.as_bytes(), "a.eml").text == "Words."


def test_encoded_headers_are_read():
    found = read(letter("Слова.", Subject="Переговоры сорваны", From="Курьер <k@x.example>"), "a.eml")
    assert (found.title, found.author, found.text) == ("Переговоры сорваны", "Курьер", "Слова.")


def test_a_letter_without_any_header_is_its_words():
    assert read("just words without any header", "a.eml").text == "just words without any header"
    assert refused("Subject:\n\n", "a.eml").code == "broken"


def test_a_pdf_from_right_to_left_is_read_in_the_order_of_speech():
    content = (Path(__file__).parent / "right_to_left.pdf").read_bytes()
    read = extract(FoundDocument(key="a.pdf", content=content, filename="a.pdf"))
    assert read.text.startswith("الوزراء يجتمعون في جنيف\nاجتمع وزراء خارجية البلدين في جنيف")
    assert "وقال المتحدث إن 25 شخصا قتلوا." in read.text
    assert "وفقا لوكالة Reuters للأنباء." in read.text
    assert any("right-to-left" in warning for warning in read.warnings)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("בני אדם נהרגו.25-של הפגזות, ו", "של הפגזות, ו-25 בני אדם נהרגו."),
        ("שרי החוץ של שתי המדינות נפגשו", "שרי החוץ של שתי המדינות נפגשו"),
        ("The word שלום means peace.", "The word שלום means peace."),
        ("", ""),
    ],
)
def test_pieces_of_a_line_are_put_in_the_order_of_its_script(given, meant):
    assert in_reading_order(given) == meant
