"""Start and help, one's own data, and a word to those who run the bot."""

from __future__ import annotations

import json
import logging

from telegram import InputFile
from telegram.error import TelegramError

from digestbot.bot.call import Call
from digestbot.bot.finding import NotFound, rows
from digestbot.model import Button
from digestbot.rendering.actions import encode, refs
from digestbot.rendering.rich import Rich, join, plain
from digestbot.rendering.views import lines, say, say_rich

log = logging.getLogger(__name__)


async def start(call: Call) -> None:
    """/start: what this is, and the first two things to do."""
    keyboard = (
        (
            Button(call.texts("button.digest_now"), encode("dg")),
            Button(call.texts("button.subscribe"), encode("sb")),
        ),
    )
    await call.say("start.text", keyboard)


async def help_(call: Call) -> None:
    """/help [command]: all commands, or one with examples."""
    wanted = call.arguments.lower().lstrip("/")
    if wanted:
        for command in call.table:
            if wanted in (command.name, *command.also):
                told = [call.texts.rich("help.usage", text=call.texts(command.help), usage=command.usage)]
                if command.example:
                    told.append(call.texts.rich("help.example", example=command.example))
                await call.answer(say_rich(join("\n", told)))
                return
        raise NotFound("help.unknown", command=wanted)
    place = "private" if call.private else "channel" if call.chat.type == "channel" else "group"
    items: list[Rich] = [
        (*plain(f"/{command.name}"), *plain(f" — {call.texts(command.help)}"))
        for command in call.table
        if place in command.where and (not command.bot_admin or call.bot_admin)
    ]
    await call.answer(lines(call.texts, "help.title", items))


async def mydata(call: Call) -> None:
    """/mydata: a file with everything kept about this chat."""
    async with call.services.store.read() as tx:
        kept = await tx.chats.everything(call.chat_id)
    content = json.dumps(kept, ensure_ascii=False, indent=1, default=str).encode()
    await call.bot.send_document(
        call.chat_id,
        InputFile(content, filename="digestbot-data.json"),
        caption=call.texts("mydata.caption"),
        message_thread_id=call.thread_id,
    )


async def forget(call: Call) -> None:
    """/forget: asks once more, then deletes everything about this chat."""
    keyboard = (
        (
            Button(call.texts("button.forget"), encode("fg", "yes")),
            Button(call.texts("button.keep"), encode("fg", "no")),
        ),
    )
    await call.say("forget.ask", keyboard)


async def press_forget(call: Call, answer: str) -> None:
    """A button: really, or not."""
    await call.tell()
    if answer == "yes":
        async with call.services.store.begin() as tx:
            await tx.chats.forget(call.chat_id)
    part = say(call.texts, "forget.done" if answer == "yes" else "forget.kept")[0]
    await call.edit(part)


async def feedback(call: Call) -> None:
    """/feedback words: to those who run the bot."""
    if not call.arguments:
        raise NotFound("feedback.usage")
    async with call.services.store.begin() as tx:
        await tx.follows.say(call.chat_id, call.user_id, call.arguments, now=call.now)
    for admin in sorted(call.services.admins):
        part = say(
            call.texts, "feedback.to_admin", name=call.chat.title or call.chat_id, words=call.arguments
        )[0]
        try:
            await call.bot.send_message(admin, part.plain)
        except TelegramError as error:  # it is kept all the same
            log.warning("admin %d cannot be told of feedback: %s", admin, error.message)
    await call.say("feedback.thanks")


async def press_vote(call: Call, named: str, vote: int) -> None:
    """A button: thumb up or down on a story."""
    found = await rows(call, refs(named))
    story_id = found[0].documents[0].story_id
    if story_id:
        async with call.services.store.begin() as tx:
            await tx.follows.vote(call.chat_id, call.user_id, story_id, vote, now=call.now)
    await call.tell("feedback.voted")
