"""Buttons: from our own to Telegram's, and in rows."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from digestbot.model import Button, Keyboard


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """Telegram's form of a keyboard; None for an empty one."""
    rows = [
        [InlineKeyboardButton(button.text, callback_data=button.callback, url=button.url) for button in row]
        for row in keyboard
        if row
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def rows_of(buttons: Sequence[Button], width: int) -> Keyboard:
    """Buttons in rows of at most `width` (Telegram: at most eight)."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
