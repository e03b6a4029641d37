"""The sandbox's chat page in a real browser, on a small world of the test's own with a scripted bot in it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import PATIENCE, chromium
from digestbot.sandbox.chats import Json
from digestbot.sandbox.page_api import page_routes
from digestbot.sandbox.people import Person
from digestbot.sandbox.server import SandboxServer, create_app, listening_socket
from digestbot.sandbox.world import World

pytestmark = pytest.mark.browser

COMMANDS = [
    {"command": "start", "description": "What I do"},
    {"command": "digest", "description": "What is new"},
    {"command": "settings", "description": "Times and zone"},
    {"command": "subscribe", "description": "A digest every day"},
]
PRIVATE, NEWSROOM, CHANNEL, OTHERS = 42, -100200, -100300, 43
QUOTATION = "However, participation would be contingent on broad international backing. " * 8
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060f80f0001040100"
    "5fe5c34b0000000049454e44ae426082"
)
URDU = "پاکستان نے غزہ کے لیے فورس میں شمولیت پر آمادگی ظاہر کی"


def entity(kind: str, text: str, part: str, **more: Any) -> Json:
    """An entity over `part` of `text`, counted as Telegram counts: in UTF-16 code units."""
    offset = len(text[: text.index(part)].encode("utf-16-le")) // 2
    return {"type": kind, "offset": offset, "length": len(part.encode("utf-16-le")) // 2, **more}


class ScriptedBot:
    """A bot that lives in the world itself, without the Bot API, and answers by a script."""

    def __init__(self) -> None:
        self.world = World(bot_username="scripted_bot", bot_name="Scripted bot")
        self.world.add_user(PRIVATE, "Samira")
        self.world.add_user(OTHERS, "Somebody else")
        self.world.add_chat(NEWSROOM, "supergroup", "Newsroom", owner_id=PRIVATE, is_forum=True)
        self.world.add_chat(CHANNEL, "channel", "World digest", bot_status="administrator")
        self.world.set_member(CHANNEL, PRIVATE, "member")
        self.world.add_message(self.world.chats[NEWSROOM], None, {"supergroup_chat_created": True})
        self.world.commands[("all_private_chats", "")] = COMMANDS
        self.person = Person(self.world, PRIVATE)
        self.photo = self.world.add_file(PIXEL, "photo.png", "image/png", width=1, height=1)
        self.locations: list[Json] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answers updates while the server runs."""
        self._loop = asyncio.get_running_loop()
        task = asyncio.create_task(self._answer_all())
        yield
        task.cancel()

    async def _answer_all(self) -> None:
        news = self.world.listen_for_updates()
        while True:
            await news.wait()
            news.clear()
            while self.world.updates:
                update = self.world.updates.popleft()
                if "message" in update:
                    self._answer(update["message"])
                elif "callback_query" in update:
                    self._pressed(update["callback_query"])
                elif "inline_query" in update:
                    self._asked(update["inline_query"])

    def _answer(self, message: Json) -> None:
        chat_id, text = message["chat"]["id"], message.get("text", "")
        if text == "/start":
            keys = [
                [{"text": "Next", "callback_data": "next"}, {"text": "Explain", "callback_data": "explain"}],
                [{"text": "Elsewhere", "url": "https://example.org/"}],
            ]
            self.put(chat_id, text="Page 1", reply_markup={"inline_keyboard": keys})
        elif text == "/digest":
            self.put(chat_id, **digest())
        elif text == "/picture":
            self.put(chat_id, photo=[self.photo.photo_size()], caption="A picture of it")
        elif text == "/subscribe":
            keyboard = [[{"text": "Share my place", "request_location": True}], [{"text": "Later"}]]
            self.put(chat_id, text="Where are you?", reply_markup={"keyboard": keyboard})
        elif "reply_to_message" in message:
            self.put(chat_id, text=f"You replied to: {message['reply_to_message']['text']}")
        elif "document" in message:
            document = message["document"]
            self.put(chat_id, text=f"{document['file_name']}: {document['file_size']} bytes")
        elif "photo" in message:
            self.put(chat_id, text=f"A photo of {message['photo'][0]['file_size']} bytes")
        elif "location" in message:
            self.locations.append(message["location"])
            self.put(chat_id, text="Thank you for your place")

    def _pressed(self, query: Json) -> None:
        answer = {"text": "This explains it.", "show_alert": True}
        if query["data"] == "next":
            edited = {**query["message"], "text": "Page 2", "edit_date": int(self.world.now())}
            self.world.change_message(self.world.chats[query["message"]["chat"]["id"]], edited)
            answer = {"text": "Turned the page"}
        waiting = self.world.callbacks[query["id"]].answer
        assert waiting is not None
        waiting.set_result(answer)

    def _asked(self, query: Json) -> None:
        waiting = self.world.inline_queries[query["id"]].results
        assert waiting is not None
        result = {"id": "1", "title": f"On {query['query']}", "message": {"text": f"All on {query['query']}"}}
        waiting.set_result({"results": [result]})

    def put(self, chat_id: int, **content: Any) -> None:
        """A message of the bot."""
        self.world.add_message(self.world.chats[chat_id], self.world.bot, content)

    def from_outside(self, act: Callable[[], Any]) -> None:
        """Do it in the server's loop, and wait until it is done; for the test's thread."""
        assert self._loop is not None
        done = threading.Event()

        def run() -> None:
            act()
            done.set()

        self._loop.call_soon_threadsafe(run)
        assert done.wait(10)


def digest() -> Json:
    """A message with the formatting that digests use."""
    text = f"🌍 World digest <b>not bold</b>\nPakistan sets terms\n{QUOTATION}\nhidden | {URDU} | /settings"
    return {
        "text": text,
        "entities": [
            entity("bold", text, "World digest"),
            entity("text_link", text, "Pakistan sets terms", url="https://example.org/story"),
            entity("italic", text, "sets"),
            entity("expandable_blockquote", text, QUOTATION),
            entity("spoiler", text, "hidden"),
            entity("bot_command", text, "/settings"),
        ],
    }


class Server:
    """The sandbox's server with the page, on a port of this machine, in a thread of its own."""

    def __init__(self, bot: ScriptedBot, port: int = 0) -> None:
        app = create_app(bot.world, control=False, routes=page_routes(bot.world, bot.person))
        self._socket = listening_socket(port)
        self.port: int = self._socket.getsockname()[1]
        self._server = SandboxServer(app, self.port)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run(bot)), daemon=True)
        self._thread.start()

    async def _run(self, bot: ScriptedBot) -> None:
        async with bot.running():
            await self._server.serve(sockets=[self._socket])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def bot() -> ScriptedBot:
    return ScriptedBot()


@pytest.fixture
def server(bot: ScriptedBot) -> Iterator[Server]:
    running = Server(bot)
    yield running
    running.stop()


def opened(browser: Browser, server: Server, **context: Any) -> Page:
    """A fresh browser window on the page, once its first events are in; script errors fail the test."""
    page = browser.new_context(**{"viewport": {"width": 1100, "height": 760}, **context}).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(server.address)
    expect(page.locator(".chat-row")).to_have_count(3)
    return page


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    page = opened(browser, server)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
    yield page
    page.context.close()
    assert problems == []


def say(page: Page, text: str) -> None:
    page.get_by_role("combobox", name="Message").fill(text)
    page.keyboard.press("Enter")


def newest(page: Page) -> Any:
    return page.locator("#log .message").last


def test_a_text_goes_out_and_the_answer_comes_in_live(page: Page) -> None:
    say(page, "/start")
    expect(page.locator(".message.own").last).to_contain_text("/start")
    expect(newest(page)).to_contain_text("Page 1")
    expect(page.get_by_role("combobox", name="Message")).to_have_value("")


def test_formatting_becomes_elements_and_markup_in_text_stays_text(page: Page) -> None:
    say(page, "/digest")
    message = newest(page)
    expect(message.locator("strong")).to_have_text("World digest")
    expect(message.locator("b")).to_have_count(0)
    expect(message).to_contain_text("<b>not bold</b>")
    link = message.get_by_role("link")
    expect(link).to_have_attribute("href", "https://example.org/story")
    expect(link.locator("em")).to_have_text("sets")
    spoiler = message.locator(".spoiler")
    spoiler.press("Enter")
    expect(spoiler).to_have_class("spoiler shown")
    expect(message.locator(".text")).to_have_attribute("dir", "auto")


def test_an_expandable_quotation_expands_and_folds_again(page: Page) -> None:
    say(page, "/digest")
    quotation = newest(page).locator("blockquote")
    folded = quotation.bounding_box()
    quotation.get_by_role("button", name="Show the whole quotation").click()
    expect(quotation.get_by_role("button")).to_have_attribute("aria-expanded", "true")
    whole = quotation.bounding_box()
    assert folded is not None
    assert whole is not None
    assert whole["height"] > 1.5 * folded["height"]
    quotation.get_by_role("button", name="Shorten the quotation").press("Enter")
    expect(quotation.get_by_role("button")).to_have_attribute("aria-expanded", "false")


def test_a_button_edits_its_message_and_shows_the_answer(page: Page) -> None:
    say(page, "/start")
    page.get_by_role("button", name="Next").click()
    expect(newest(page)).to_contain_text("Page 2")
    expect(newest(page).locator(".edited")).to_be_visible()
    expect(page.get_by_text("Turned the page")).to_be_visible()
    expect(page.get_by_role("button", name="Next")).to_be_focused()


def test_an_alert_waits_to_be_read(page: Page) -> None:
    say(page, "/start")
    page.get_by_role("button", name="Explain").click()
    alert = page.get_by_role("dialog")
    expect(alert).to_contain_text("This explains it.")
    page.keyboard.press("Enter")
    expect(alert).to_be_hidden()


def test_commands_are_offered_while_typing_and_taken_by_key(page: Page) -> None:
    field = page.get_by_role("combobox", name="Message")
    field.press_sequentially("/")
    options = page.get_by_role("option")
    expect(options).to_have_count(4)
    field.press_sequentially("s")
    expect(options).to_have_count(3)
    field.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    field.press("Tab")
    expect(field).to_have_value("/settings ")
    field.fill("")
    field.press_sequentially("/di")
    field.press("Enter")
    expect(page.locator(".message.own").last).to_contain_text("/digest")
    expect(options).to_have_count(0)


def test_escape_closes_the_commands_and_keeps_the_text(page: Page) -> None:
    field = page.get_by_role("combobox", name="Message")
    field.press_sequentially("/se")
    field.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(field).to_have_value("/se")


def test_a_reply_by_keyboard_alone_reaches_the_bot(page: Page) -> None:
    say(page, "/start")
    expect(newest(page)).to_contain_text("Page 1")
    page.keyboard.press("ArrowUp")
    expect(newest(page)).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator("#replying")).to_contain_text("Page 1")
    page.keyboard.type("why?")
    page.keyboard.press("Enter")
    expect(newest(page)).to_contain_text("You replied to: Page 1")
    expect(page.locator("#replying")).to_be_hidden()


def test_a_file_is_sent_with_its_caption_and_can_be_downloaded(page: Page, tmp_path: Path) -> None:
    report = tmp_path / "communiqué – final.txt"
    report.write_text("Islamabad agrees.", encoding="utf-8")
    page.locator("#file").set_input_files(report)
    expect(page.get_by_label("Files to send")).to_contain_text(report.name)
    say(page, "please read")
    expect(newest(page)).to_contain_text(f"{report.name}: 17 bytes")
    expect(page.locator(".message.own").last).to_contain_text("please read")
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Download {report.name}").click()
    assert download.value.suggested_filename == report.name
    assert Path(download.value.path()).read_text(encoding="utf-8") == "Islamabad agrees."


def test_a_file_can_be_dropped_or_pasted(page: Page) -> None:
    transfer = page.evaluate_handle(
        """() => { const t = new DataTransfer(); t.items.add(new File(["abc"], "dropped.md")); return t; }"""
    )
    page.dispatch_event("main.chat", "drop", {"dataTransfer": transfer})
    expect(page.get_by_label("Files to send")).to_contain_text("dropped.md")
    page.get_by_role("button", name="Do not send dropped.md").click()
    expect(page.locator("#attachments")).to_be_hidden()


def test_photos_are_shown_and_open_large(page: Page) -> None:
    say(page, "/picture")
    image = newest(page).locator("img")
    expect(image).to_have_js_property("naturalWidth", 1)
    newest(page).get_by_role("button", name="Open the photo").click()
    expect(page.get_by_role("dialog", name="Photo")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Photo")).to_be_hidden()


def test_a_picture_goes_as_a_photo_unless_asked_otherwise(page: Page, tmp_path: Path) -> None:
    picture = tmp_path / "map.png"
    picture.write_bytes(PIXEL)
    page.locator("#file").set_input_files(picture)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(newest(page)).to_contain_text(f"A photo of {len(PIXEL)} bytes")
    page.locator("#file").set_input_files(picture)
    page.get_by_role("button", name="map.png is sent as photo").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(newest(page)).to_contain_text(f"map.png: {len(PIXEL)} bytes")


def test_inline_results_are_offered_while_typing_and_sent_in_any_chat(page: Page) -> None:
    page.get_by_role("button", name="Newsroom").click()
    field = page.get_by_role("combobox", name="Message")
    field.press_sequentially("@scripted_bot munir")
    expect(page.get_by_role("option")).to_contain_text("On munir")
    field.press("Enter")
    expect(newest(page)).to_contain_text("All on munir")
    expect(newest(page)).to_contain_text("via @scripted_bot")
    expect(field).to_have_value("")


def test_a_message_is_forwarded_by_key_to_another_chat(page: Page) -> None:
    say(page, "/start")
    expect(newest(page)).to_contain_text("Page 1")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("f")
    page.get_by_role("dialog", name="Forward to").get_by_role("button", name="Newsroom").click()
    expect(page.locator("#chat-title")).to_have_text("Newsroom")
    expect(newest(page)).to_contain_text("Forwarded from Scripted bot")


def test_what_is_written_in_a_topic_stays_in_it(page: Page, bot: ScriptedBot) -> None:
    bot.from_outside(lambda: bot.world.add_topic(NEWSROOM, "South Asia"))
    page.get_by_role("button", name="Newsroom").click()
    page.get_by_label("Topic to write in").select_option("South Asia")
    say(page, "/start")
    expect(page.locator(".message.own")).to_contain_text("/start")
    expect(page.locator(".message.own")).to_contain_text("# South Asia")
    (topic,) = bot.world.chats[NEWSROOM].topics.values()
    written = [each for each in bot.world.chats[NEWSROOM].messages.values() if each.get("text") == "/start"]
    assert [each["message_thread_id"] for each in written] == [topic.thread]


def test_chats_come_and_go_with_the_persons_membership(page: Page, bot: ScriptedBot) -> None:
    bot.from_outside(lambda: bot.world.add_chat(-9, "group", "Evening desk", owner_id=PRIVATE))
    expect(page.get_by_role("button", name="Evening desk")).to_be_visible()
    bot.from_outside(lambda: bot.person.leave(-9))
    expect(page.get_by_role("button", name="Evening desk")).to_have_count(0)


def test_other_peoples_chats_are_not_shown(page: Page, bot: ScriptedBot) -> None:
    bot.from_outside(lambda: bot.put(OTHERS, text="A secret"))
    say(page, "/start")
    expect(newest(page)).to_contain_text("Page 1")
    expect(page.get_by_text("A secret")).to_have_count(0)


def test_suggested_answers_send_a_text_or_a_place(page: Page, bot: ScriptedBot) -> None:
    say(page, "/subscribe")
    page.get_by_role("button", name="Share my place").click()
    page.get_by_role("button", name="Karachi").click()
    expect(newest(page)).to_contain_text("Thank you for your place")
    assert bot.locations == [{"latitude": 24.861, "longitude": 67.01}]


def test_news_in_another_chat_is_counted_until_it_is_read(page: Page, bot: ScriptedBot) -> None:
    bot.from_outside(lambda: bot.put(CHANNEL, text="The digest of the day"))
    bot.from_outside(lambda: bot.put(CHANNEL, text="Its second part"))
    row = page.get_by_role("button", name="World digest")
    expect(row.get_by_label("2 unread")).to_be_visible()
    expect(page).to_have_title("(2) digestbot sandbox")
    row.click()
    expect(newest(page)).to_contain_text("Its second part")
    expect(row.get_by_label("2 unread")).to_have_count(0)
    expect(page.get_by_text("Only admins post in this channel.")).to_be_visible()
    expect(page.get_by_role("combobox", name="Message")).to_be_hidden()


def test_a_broken_line_is_told_and_what_was_missed_comes_after(browser: Browser, bot: ScriptedBot) -> None:
    first = Server(bot)
    page = opened(browser, first)
    first.stop()
    expect(page.locator("#connection")).to_be_visible()
    bot.put(PRIVATE, text="Said while you were away")
    second = Server(bot, port=first.port)
    expect(page.locator("#connection")).to_be_hidden(timeout=20_000)
    expect(newest(page)).to_contain_text("Said while you were away")
    page.context.close()
    second.stop()


def test_a_text_that_was_refused_is_given_back_with_the_reason(page: Page) -> None:
    say(page, "long " * 900)
    expect(page.get_by_text("A message has at most 4,096 characters.")).to_be_visible()
    expect(page.get_by_role("combobox", name="Message")).to_have_value(("long " * 900).strip())


def test_long_histories_are_loaded_in_pieces(page: Page, bot: ScriptedBot) -> None:
    bot.from_outside(lambda: [bot.put(PRIVATE, text=f"line {number}") for number in range(75)])
    expect(newest(page)).to_contain_text("line 74")
    page.reload()
    expect(page.locator("#log .message")).to_have_count(60)
    page.get_by_role("button", name="Show earlier messages").click()
    expect(page.locator("#log .message")).to_have_count(75)
    expect(page.get_by_role("button", name="Show earlier messages")).to_have_count(0)


def test_on_a_phone_the_list_and_the_chat_take_turns(browser: Browser, server: Server) -> None:
    page = opened(browser, server, viewport={"width": 390, "height": 844}, color_scheme="dark")
    expect(page.locator("#log")).to_be_hidden()
    page.get_by_role("button", name="Scripted bot").click()
    say(page, "/digest")
    expect(newest(page)).to_contain_text("World digest")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Back to the chats").click()
    expect(page.locator("#chat-list")).to_be_visible()
    page.context.close()


def test_other_sites_can_neither_read_nor_send(page: Page, server: Server) -> None:
    forged = page.request.post(f"{server.address}page/chats/42/text", data={"text": "/start"})
    assert forged.status == 403
    rebound = page.request.get(
        f"{server.address}page/chats/42/messages?before=9", headers={"Host": "evil.test"}
    )
    assert rebound.status == 421
    policy = page.request.get(server.address).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
