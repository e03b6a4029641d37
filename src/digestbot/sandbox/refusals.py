"""What the sandbox's Bot API says when it refuses: one exception, in Telegram's words."""

from __future__ import annotations

from typing import Any

_KINDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


class ApiError(Exception):
    """A refused call. `status`: HTTP status and error_code; `text`: what follows "Bad Request: ".

    `parameters`: the ResponseParameters, with migrate_to_chat_id or retry_after (seconds).
    """

    def __init__(self, status: int, text: str = "", parameters: dict[str, Any] | None = None) -> None:
        kind = _KINDS.get(status, "Error")
        self.description = f"{kind}: {text}" if text else kind
        super().__init__(self.description)
        self.status = status
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON answer."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad(text: str) -> ApiError:
    """400 Bad Request."""
    return ApiError(400, text)


def too_many(retry_after: int) -> ApiError:
    """429: the call may be tried again after so many seconds."""
    return ApiError(429, f"retry after {retry_after}", {"retry_after": retry_after})
