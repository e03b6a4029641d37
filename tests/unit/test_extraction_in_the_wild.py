"""Pages, feeds and PDFs as sites really make them: the flaws that were met, each with what must be read."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from email.message import EmailMessage

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from digestbot.analysis import analyse
from digestbot.extraction import extract
from digestbot.extraction.dates import parse_time
from digestbot.extraction.feed import read_feed
from digestbot.extraction.normalise import unwrap
from digestbot.extraction.pdf import without_footnote_marks, without_running_heads
from digestbot.model import BlockLabel, ExtractedText, FoundDocument

SAID = (
    "The government of Arland said on Monday that it would not sign the border treaty unless Borduria "
    "releases the forty sailors it detained in March.",
    "Foreign Minister Lena Moravec told reporters in Port Sella that talks could resume within days if the "
    "sailors were freed, and that Arland would lift its ban on grain imports in return.",
    "Borduria's president, Karel Zubrin, rejected the demand, and said the sailors would be tried.",
)
BODY = "".join(f"<p>{sentence}</p>" for sentence in SAID)


def page(body: str, head: str = "", start: str = '<html lang="en">') -> ExtractedText:
    source = f"<!doctype html>{start}<head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    return extract(
        FoundDocument(
            key="p", content=source.encode(), media_type="text/html", url="https://www.courier.example/2026/a"
        )
    )


def ld(**about: object) -> str:
    described = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **about})
    return f'<script type="application/ld+json">{described}</script>'


# --- pages --------------------------------------------------------------------------------------------


def test_json_ld_gives_the_exact_time_all_authors_and_the_publisher():
    found = page(
        f"<article><h1>Treaty refused</h1>{BODY}</article>",
        "<title>Treaty refused - The Courier</title>"
        + ld(
            headline="Treaty refused",
            datePublished="2026-03-02T09:15:00+02:00",
            author=[{"@type": "Person", "name": "Ana Pollak"}, {"name": "Jon Reed"}],
            publisher={"@type": "Organization", "name": "The Courier"},
            inLanguage="en-GB",
        ),
    )
    assert (found.title, found.author, found.publisher) == (
        "Treaty refused",
        "Ana Pollak; Jon Reed",
        "The Courier",
    )
    assert found.published == datetime(2026, 3, 2, 7, 15, tzinfo=UTC)


def test_a_day_in_one_place_is_made_exact_by_the_time_in_another():
    found = page(
        f"<article>{BODY}</article>",
        '<meta name="date" content="2026-03-02">' + ld(headline="T", datePublished="2026-03-02T09:15:00Z"),
    )
    assert found.published == datetime(2026, 3, 2, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "script",
    [
        "{broken",
        "[" * 100_000,
        '{"@graph": [{"@type": ["WebPage"]}]}',
        "null",
        '{"@type": "NewsArticle"}',
        "3",
    ],
    ids=lambda text: text[:12],
)
def test_json_ld_that_says_nothing_costs_nothing(script):
    found = page(f"<article>{BODY}</article>", f'<script type="application/ld+json">{script}</script>')
    assert SAID[0] in found.text


def test_a_page_that_scripts_would_fill_is_read_from_its_description():
    body = "\n\n".join(SAID * 3)
    found = page('<div id="root">Loading …</div>', ld(headline="Treaty refused", articleBody=body))
    assert found.text.startswith(SAID[0])
    assert found.title == "Treaty refused"


def test_a_paywall_is_told_and_its_offer_is_no_sentence_of_the_article():
    found = page(
        f"<h1>Treaty refused</h1><p>{SAID[0]}</p><div><h2>Subscribe to unlock this article</h2>"
        "<p>Try unlimited access. Only $1 for 4 weeks.</p><p>Then $75 per month. Complete digital access to "
        "quality journalism. Cancel any time during your trial.</p></div>",
        ld(headline="Treaty refused", isAccessibleForFree="False"),
    )
    assert found.warnings == ("only its beginning can be read without a subscription",)
    assert [bullet.text for bullet in analyse(found).bullets] == [SAID[0]]


def test_a_page_laid_out_by_tables_is_read_by_paragraphs_and_data_by_rows():
    found = page(
        "<table><tr><td><a href=a>Home</a><br><a href=b>News</a></td><td><font size=5>Treaty refused</font>"
        f"<p>{'<p>'.join(SAID)}</td></tr></table>"
    )
    assert found.text.split("\n")[-3:] == list(SAID)
    rows = "<table><tr><th>Country</th><th>Troops</th></tr><tr><td>Arland</td><td>1,200</td></tr></table>"
    found = page(f"<article><h1>Troops</h1>{BODY}{rows}</article>")
    assert "Country | Troops\nArland | 1,200" in found.text


def test_marks_of_footnotes_do_not_grow_into_sentences():
    found = page(
        f'<article><p>They refused.<sup><a href="#1">1</a></sup> {SAID[1]}<sup>[12]</sup></p>'
        f"<p>An area of 30 km<sup>2</sup> is in dispute. {SAID[0]}</p></article>"
    )
    assert f"They refused. {SAID[1]}\n" in found.text
    assert "30 km2 is" in found.text


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("ar", "قالت حكومة أرلاند يوم الاثنين إنها لن توقع معاهدة الحدود ما لم تفرج بورديا عن البحارة."),
        (
            "ur",
            "وزیر خارجہ نے اسلام آباد میں کہا کہ جب تک پابندیاں نہیں اٹھائی جاتیں مذاکرات جاری نہیں رہیں گے۔",
        ),
        ("fa", "وزیر خارجه در تهران گفت که مذاکرات تا زمانی که تحریم‌ها برداشته نشود ادامه نخواهد یافت."),
        ("he", "שר החוץ אמר ביום שני בירושלים כי השיחות לא יימשכו אלא אם כן יוסרו הסנקציות."),
        ("zh", "外交部发言人周一在北京表示，除非制裁解除，否则谈判不会继续，他没有透露更多细节。"),
        ("hi", "विदेश मंत्री ने नई दिल्ली में कहा कि जब तक प्रतिबंध नहीं हटाए जाते, बातचीत जारी नहीं रहेगी।"),
    ],
)
def test_prose_in_scripts_without_capitals_is_prose(language, sentences):
    found = page(f"<article><p>{sentences}</p></article>", start=f'<html lang="{language}">')
    analysis = analyse(found)
    assert [block.label for block in analysis.blocks] == [BlockLabel.BODY]
    assert [bullet.text for bullet in analysis.bullets] == [sentences]
    assert (analysis.language, analysis.conditions) == (language, ())


# --- times --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Пн, 02 мар 2026 12:15:00 +0300", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("2 марта 2026, 09:15", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("2 de marzo de 2026", datetime(2026, 3, 2, tzinfo=UTC)),
        ("lun., 2 mars 2026 09:15:00 -0500", datetime(2026, 3, 2, 14, 15, tzinfo=UTC)),
        ("2. März 2026", datetime(2026, 3, 2, tzinfo=UTC)),
        ("March 2, 2026", datetime(2026, 3, 2, tzinfo=UTC)),
        ("2026-03-02T09:15:00Z", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("Пн, 23 ноя 2026 12:15:00 +0300", datetime(2026, 11, 23, 9, 15, tzinfo=UTC)),
        ("02.03.2026 09:15", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("2026/03/02 09:15:00 UTC", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("2026年3月2日 09:15", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("1772442900", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("1772442900000", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("Mar 2, 2026 9:15 PM ET", datetime(2026, 3, 3, 2, 15, tzinfo=UTC)),
        ("March 2, 2026 at 12:05 a.m. GMT+2", datetime(2026, 3, 1, 22, 5, tzinfo=UTC)),
        ("Mon, 2 Mar 2026 09:15:00 CET", datetime(2026, 3, 2, 8, 15, tzinfo=UTC)),
        ("Mon, 2 Mar 2026 09:15:00 IST", datetime(2026, 3, 2, 3, 45, tzinfo=UTC)),
        ("2026-03-02T09:15:00 Europe/Paris", datetime(2026, 3, 2, 8, 15, tzinfo=UTC)),
        ("22/11/2026", datetime(2026, 11, 22, tzinfo=UTC)),
        ("3/4/2026", None),
        ("32 March 2026", None),
        ("2 Marchtember 2026", None),
        ("soon", None),
    ],
)
def test_times_are_read_in_the_words_of_several_languages(written, meant):
    assert parse_time(written) == meant


# --- feeds --------------------------------------------------------------------------------------------


def test_a_feed_with_months_in_words_and_tracked_links_is_read():
    source = (
        '<?xml version="1.0" encoding="windows-1251"?><rss version="2.0"><channel><title>Новости</title>'
        "<item><title>Переговоры сорваны</title><link>https://x.example/1?a=1&amp;utm_source=rss&amp;utm_medium=x"
        "</link><pubDate>Пн, 02 мар 2026 12:15:00 +0300</pubDate></item></channel></rss>"
    ).encode("cp1251")
    feed = read_feed(source, "https://x.example/rss", "text/xml")
    (entry,) = feed.entries
    assert (feed.title, entry.title, entry.link) == (
        "Новости",
        "Переговоры сорваны",
        "https://x.example/1?a=1",
    )
    assert entry.published == datetime(2026, 3, 2, 9, 15, tzinfo=UTC)


# --- e-mail, Word, Markdown ---------------------------------------------------------------------------


def letter(subject: str, plain: str, html: str | None = None) -> str:
    message = EmailMessage()
    message["Subject"], message["From"] = subject, "Jon <j@x.example>"
    message.set_content(plain)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return extract(FoundDocument(key="a.eml", content=message.as_bytes(), filename="a.eml")).text


HEAD = "From: Ministry\nDate: Mon, 2 Mar 2026\nSubject: Statement\nTo: Jon\n\n"
MARK = "---------- Forwarded message ---------"


@pytest.mark.parametrize("subject", ["Fwd: Statement", "WG: Statement", "Statement"])
def test_what_somebody_forwards_is_the_document_without_its_copied_head(subject):
    assert letter(subject, f"Please read.\n\n{MARK}\n{HEAD}{SAID[0]}\n").split("\n") == [
        "Please read.",
        "",
        SAID[0],
    ]
    quoted = f"<div class=gmail_quote><div>{MARK}<br>From: A<br>Date: today<br></div><p>{SAID[0]}</p></div>"
    assert letter(subject, f"{MARK}\n{HEAD}x", f"<div>Please read.</div>{quoted}").endswith(SAID[0])


def test_an_answer_leaves_out_what_it_answers_even_a_forwarded_message():
    quoted = f"<div class=gmail_quote><div>{MARK}<br>From: A<br></div><p>{SAID[0]}</p></div>"
    assert letter("Re: Fwd: Statement", "Noted.", f"<p>Noted.</p>{quoted}") == "Noted."
    outlook = (
        "<div><p>Noted.</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> Ministry"
        f"<br><b>Sent:</b> Monday<br><b>To:</b> Jon</p></div><p>{SAID[0]}</p></div>"
    )
    assert letter("RE: Statement", "Noted.", outlook) == "Noted."


def test_flowed_lines_of_a_letter_are_joined():
    source = (
        "From: a@x.example\nSubject: S\nContent-Type: text/plain; charset=koi8-r; format=flowed\n"
        "Content-Transfer-Encoding: 8bit\n\nПравительство не подпишет \nдоговор о границе.\nТочка."
    ).encode("koi8-r")
    found = extract(FoundDocument(key="a.eml", content=source, filename="a.eml"))
    assert found.text == "Правительство не подпишет договор о границе.\nТочка."


def test_inserted_words_links_and_controls_of_a_word_file_are_read_and_deleted_ones_are_not():
    document = docx.Document()
    paragraph = document.add_paragraph("They ")
    for piece in (
        "<w:hyperlink {}><w:r><w:t>linked</w:t></w:r></w:hyperlink>",
        '<w:ins {} w:id="1" w:author="x"><w:r><w:t> inserted</w:t></w:r></w:ins>',
        '<w:del {} w:id="2" w:author="x"><w:r><w:delText> deleted</w:delText></w:r></w:del>',
        "<w:sdt {}><w:sdtContent><w:r><w:t> controlled</w:t></w:r></w:sdtContent></w:sdt>",
    ):
        paragraph._p.append(parse_xml(piece.format(nsdecls("w"))))
    inside = "<w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent>"
    contents = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    for properties in ("", contents):
        document.element.body.insert(1, parse_xml(f"<w:sdt {nsdecls('w')}>{properties}{inside}</w:sdt>"))
    document.core_properties.modified = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
    packed = io.BytesIO()
    document.save(packed)
    found = extract(FoundDocument(key="a.docx", content=packed.getvalue(), filename="a.docx"))
    assert found.text == "They linked inserted controlled\nIn a control."
    assert found.published == datetime(2026, 3, 2, 9, 15, tzinfo=UTC)


def test_footnote_marks_of_markdown_are_left_out():
    source = b"They refused.[^1] Then they met.\n\n[^1]: So the paper says."
    found = extract(FoundDocument(key="a.md", content=source, filename="a.md"))
    assert found.text == "They refused. Then they met.\nSo the paper says."


# --- PDF ----------------------------------------------------------------------------------------------


def test_what_browsers_print_around_a_page_is_left_out():
    one = ["11/23/26, 8:07 PM The Border Question", "Text of one.", "file:///tmp/report.html 1/2"]
    two = ["Text of two.", "https://x.example/report 2/2"]
    assert without_running_heads([one, two]) == [["Text of one."], ["Text of two."]]


def test_of_two_pages_only_what_counts_them_is_a_running_head():
    one = ["Institute, report 1", "They met.", "More.", "Still more.", "And so on.", "It ended.", "The end."]
    two = [
        "Institute, report 2",
        "They met.",
        "Other.",
        "Still other.",
        "It went on.",
        "It stopped.",
        "The end.",
    ]
    assert without_running_heads([one, two]) == [one[1:], two[1:]]


def test_a_short_page_is_joined_although_a_table_stands_in_it():
    text = (
        "Figures\nThe government of Arland said on Monday that it would not sign the border treaty unless\n"
        "Borduria releases the forty sailors it detained in March.\nCountry Troops Tanks\nArland 1,200 30\n"
        "Borduria 900 20\nForeign Minister Lena Moravec told reporters in Port Sella that talks go on if\n"
        "the sailors were freed, and that Arland would lift its ban.\n"
        "First demand: release of the sailors.\nSecond demand: compensation."
    )
    joined = unwrap(text, slack=0.75, widest=150).split("\n")
    assert SAID[0] in joined
    assert "Country Troops Tanks" in joined
    assert "First demand: release of the sailors." in joined


def test_raised_numbers_of_footnotes_are_left_out_where_they_count_up():
    text = "They refused.1 They met again.2\nNobody had hoped for peace,”3 she said. It was over in May.4"
    assert without_footnote_marks(text) == (
        "They refused. They met again.\nNobody had hoped for peace,” she said. It was over in May."
    )
    for other in ("See paragraph.7 It says so.", "Version.3 came before version.2 and version.9 of it"):
        assert without_footnote_marks(other) == other


def test_lines_beside_a_picture_are_joined_and_a_signature_is_not():
    text = (
        "The government of Arland said on Monday that it would not sign\n"
        "the border treaty unless Borduria releases the forty sailors\n"
        "it detained in March.\n"
        "Foreign Minister Lena Moravec told reporters in Port Sella that talks could resume in days, and\n"
        "that Arland would lift its ban on grain imports in return, if nothing else came in between and\n"
        "both agreed.\n"
        "Adopted by the Security Council at its meeting of 2 March in New York\n"
        "The Security Council,"
    )
    assert unwrap(text, slack=0.75, widest=150).split("\n") == [
        SAID[0],
        "Foreign Minister Lena Moravec told reporters in Port Sella that talks could resume in days, and "
        "that Arland would lift its ban on grain imports in return, if nothing else came in between and "
        "both agreed.",
        "Adopted by the Security Council at its meeting of 2 March in New York",
        "The Security Council,",
    ]
