"""The command line: parses, calls `app`, prints.

Results go to standard output, progress and logs to standard error. Exit codes: 0, 1 (something failed; it is
said which), 2 (usage). One module for each family of commands; `main` is the entry point. The
wiring and what only one command needs are imported by the commands: help and wrong usage shall not wait for a
database library.
"""

from digestbot.cli.main import main

__all__ = ["main"]
