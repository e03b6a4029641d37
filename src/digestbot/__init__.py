"""digestbot: a Telegram bot that delivers daily geopolitical digests in verbatim sentences."""

from importlib.metadata import version

__version__ = version("digestbot")
