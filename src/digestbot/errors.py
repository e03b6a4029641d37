"""The one tree of errors. Adapters translate foreign errors into these once, at the edge.

Every message says what is wrong, where, and how to mend it; `code` is stable and machine-readable
(it is printed by `digestbot analyze --json`).
"""

from __future__ import annotations


class DigestbotError(Exception):
    """Anything digestbot itself reports. `code`: stable identifier, lower-case with dashes."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class ConfigurationError(DigestbotError):
    """A setting is missing, malformed or contradicts another one."""

    code = "bad-configuration"


class DocumentError(DigestbotError):
    """One document cannot be read: it alone is given up.

    Codes in use: `missing`, `unreadable`, `empty`, `too-large`, `binary`, `bad-encoding`,
    `unsupported-format`, `encrypted`, `no-text`, `broken`, `too-slow`, `too-much-memory`.
    """

    code = "unreadable"


class FetchError(DigestbotError):
    """A web address could not be fetched.

    `permanent`: trying again will not help (404, 410, refused address); `retry_after`: seconds the
    server asked us to wait, if it did; `status`: HTTP status, if there was an answer.
    """

    code = "fetch-failed"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        permanent: bool = False,
        retry_after: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message, code=code)
        self.permanent = permanent
        self.retry_after = retry_after
        self.status = status


class SourceError(DigestbotError):
    """A source (folder, feed, page) could not be looked at."""

    code = "source-failed"


class StorageError(DigestbotError):
    """The database cannot be used: locked, full, unreachable, of another schema version."""

    code = "storage-failed"


class TryLaterError(DigestbotError):
    """Something else was away while work was done that is fine in itself: the same again, later, may succeed.

    `retry_after`: seconds that we were asked to wait, where we were.
    """

    code = "try-later"

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class DeliveryError(DigestbotError):
    """Telegram did not take a message, or nobody knows whether it did.

    Exactly one of the following describes what is known:
    `unsent` (Telegram surely has not sent it: connect error, 429), `uncertain` (no answer came: it may
    have), or neither (Telegram refused it). `permanent`: sending the same again cannot succeed.
    `retry_after`: seconds to wait, from a 429. `new_chat_id`: the group became this supergroup.
    `chat_gone`: the chat blocked the bot, removed it, or does not exist.
    `bad_markup`: the entities were refused; the same text without markup may pass.
    """

    code = "delivery-failed"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        permanent: bool = False,
        unsent: bool = False,
        uncertain: bool = False,
        retry_after: float | None = None,
        new_chat_id: int | None = None,
        chat_gone: bool = False,
        bad_markup: bool = False,
    ) -> None:
        super().__init__(message, code=code)
        self.permanent = permanent
        self.unsent = unsent
        self.uncertain = uncertain
        self.retry_after = retry_after
        self.new_chat_id = new_chat_id
        self.chat_gone = chat_gone
        self.bad_markup = bad_markup
