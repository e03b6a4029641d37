"""A Digest to Telegram HTML parts, Markdown, plain text, JSON."""
