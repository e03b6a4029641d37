"""A real Chromium for browser tests, and what a person does on the chat page."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PATIENCE = 90_000
"""Milliseconds after which an answer that has not come will not come; far above what a slow machine needs."""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; the test is skipped where there is none, unless DIGESTBOT_REQUIRE_BROWSER=1 (in CI)."""
    if not CHROMIUM.exists() and os.environ.get("DIGESTBOT_REQUIRE_BROWSER") != "1":
        pytest.skip(f"no browser: {CHROMIUM} is not there (apt install chromium)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


class ChatPage:
    """The chat page as a person uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)

    def open_chat(self, name: str) -> None:
        """Go to a chat by its row in the list."""
        self.page.locator(".chat-row", has_text=name).click()
        expect(self.page.locator("#chat-title")).to_contain_text(name)

    def messages(self) -> Locator:
        """The others' messages in the open chat, oldest first."""
        return self.page.locator("#log .message:not(.own)")

    def ask(self, text: str, answers: int = 1) -> Locator:
        """Type it and press Enter; the newest message once that many more have come."""
        before = self.messages().count()
        self.page.get_by_role("combobox", name="Message").fill(text)
        self.page.keyboard.press("Enter")
        return self.answer(before + answers)

    def answer(self, count: int) -> Locator:
        """The newest message, once so many are there."""
        expect(self.messages().nth(count - 1)).to_be_visible()
        return self.messages().last

    def press(self, message: Locator, label: str) -> None:
        """Press the button of that label under a message."""
        message.get_by_role("button", name=label).click()

    def send_file(self, path: Path, mark: str) -> Locator:
        """Attach a file and send it; the first message after it that holds `mark`."""
        before = self.messages().count()
        self.page.locator("#file").set_input_files(path)
        self.page.get_by_role("button", name="Send", exact=True).click()
        answer = self.messages().nth(before)
        expect(answer).to_contain_text(mark)
        return answer
