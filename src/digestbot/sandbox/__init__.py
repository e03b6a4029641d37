"""A Bot API server on this machine and a chat page, to try and to test the bot without Telegram."""
