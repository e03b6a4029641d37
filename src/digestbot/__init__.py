"""digestbot: a Telegram bot that delivers daily geopolitical digests in verbatim sentences."""

__version__: str


def __getattr__(name: str) -> str:
    if name == "__version__":  # looked up when somebody asks: the import takes longer than all else here
        from importlib.metadata import version

        return version("digestbot")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
