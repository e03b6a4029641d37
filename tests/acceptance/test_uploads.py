"""Files sent to the real bot process: read at once in one message, nobody else's until they are published."""

from __future__ import annotations

import base64
import email.message
import io
from collections.abc import Iterator
from typing import Any

import docx
import pytest
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot_run import PATIENCE, SAMPLE, BotRun, buttons, running_bot
from digestbot.sandbox.world import PERSON_ID

pytestmark = pytest.mark.slow

SENDER = 2001
TITLE = "Serbia sets a price for the gas line"
SENTENCES = (
    "Serbian President Aleksandar Vucic said Serbia would sign the gas contract only if the sanctions on its "
    "banks are lifted.",
    "Hungary offered to carry the gas through its own network.",
    "The European Commission demanded that the route stay open to every supplier.",
)
TERMS = "the sanctions on its banks are lifted"


def a_docx() -> bytes:
    document, sink = docx.Document(), io.BytesIO()
    for text in (TITLE, *SENTENCES):
        document.add_paragraph(text)
    document.save(sink)
    return sink.getvalue()


def an_email() -> bytes:
    message = email.message.EmailMessage()
    message["Subject"], message["From"] = TITLE, "desk@example.org"
    message["Date"] = "Wed, 04 Mar 2026 07:00:00 +0000"
    message.set_content("\n\n".join(SENTENCES))
    return bytes(message)


def a_page() -> bytes:
    body = "".join(f"<p>{text}</p>" for text in SENTENCES)
    head = f"<html><head><title>{TITLE}</title></head>"
    return f"{head}<body><article><h1>{TITLE}</h1>{body}</article></body></html>".encode()


def a_pdf() -> bytes:
    sink, figure = io.BytesIO(), Figure(figsize=(8.3, 11.7))
    FigureCanvasAgg(figure)
    for line, text in enumerate((TITLE, *SENTENCES)):
        figure.text(0.05, 0.9 - 0.05 * line, text, fontsize=8)
    with rc_context({"pdf.fonttype": 42}):
        figure.savefig(sink, format="pdf")
    return sink.getvalue()


READABLE = {"a.docx": a_docx, "a.eml": an_email, "a.html": a_page, "a.pdf": a_pdf}
UNREADABLE = {"bad.pdf": b"%PDF-1.4 nonsense", "x.zip": b"PK\x03\x04zzzz", "noise.bin": bytes(range(256)) * 9}


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotRun]:
    with running_bot(tmp_path_factory.mktemp("uploads"), documents=[SAMPLE]) as running:
        running.sandbox.world("add_user", user_id=SENDER, first_name="Basim")
        running.wait_for(lambda: "Pakistan" in running.ask("/search Pakistan")["text"])
        yield running
        assert running.sandbox.refused() == []


def sent(bot: BotRun, name: str, content: bytes) -> list[dict[str, Any]]:
    """What the bot does in the sender's chat until the file is answered."""
    before = len(bot.sandbox.ledger(SENDER))
    bot.sandbox.person(
        SENDER, "send_document", chat_id=SENDER, content=base64.b64encode(content).decode(), name=name
    )
    bot.wait_for(lambda: [one for one in bot.sandbox.ledger(SENDER)[before:] if one["what"] == "edited"])
    return bot.sandbox.ledger(SENDER)[before:]


@pytest.mark.parametrize("name", READABLE)
def test_a_file_is_read_in_the_place_of_the_message_that_says_so(bot: BotRun, name: str) -> None:
    first, last = sent(bot, name, READABLE[name]())
    assert (first["what"], first["text"]) == ("sent", "Reading …")
    assert (last["what"], last["message_id"]) == ("edited", first["message_id"])
    assert TERMS in last["text"]
    assert "Aleksandar Vucic" in last["text"]


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_told_so(bot: BotRun, name: str) -> None:
    *_, last = sent(bot, name, UNREADABLE[name])
    assert last["text"].startswith("That could not be read: ")
    assert name in last["text"]


def found(bot: BotRun) -> str:
    """All that somebody else finds of it: by search, story, trend and inline."""
    asked = [
        bot.ask(line)["text"] for line in ("/search Vucic", "/story Vucic", "/trend Vucic", "/digest 24h")
    ]
    inline = bot.sandbox.person(PERSON_ID, "ask_inline", query="gas contract", seconds=PATIENCE)
    return "\n".join([*asked, *(result["description"] for result in inline["results"])])


def test_nobody_else_finds_it_until_its_sender_agreed_and_an_admin_published_it(bot: BotRun) -> None:
    sent(bot, "own.html", a_page())
    assert TERMS not in found(bot)
    mine = bot.sandbox.messages(SENDER)[-1]
    offer = buttons(mine)["Publish to all …"]
    bot.sandbox.person(
        SENDER, "press", chat_id=SENDER, message_id=mine["message_id"], data=offer, seconds=PATIENCE
    )
    asked = bot.wait_for(
        lambda: [one for one in bot.sandbox.messages(PERSON_ID) if "Publish" in buttons(one)]
    )[-1]
    assert TERMS in asked["text"]
    assert TERMS not in bot.ask("/search gas contract")["text"]
    bot.press(asked, "Publish")
    bot.wait_for(lambda: "is published" in (bot.sandbox.messages(SENDER)[-1].get("text") or ""))
    assert TITLE in bot.ask("/search Vucic")["text"]
    inline = bot.sandbox.person(PERSON_ID, "ask_inline", query="gas contract", seconds=PATIENCE)
    assert any(TERMS in result["message"]["text"] for result in inline["results"])
