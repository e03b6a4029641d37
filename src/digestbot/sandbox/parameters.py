"""Parameters of a call, checked against the table of signatures.

The table is compiled once, at import, into one function for each field, so that a call costs a few
dictionary look-ups. Over forms and query strings all values come as text; in a JSON body they may have their
own types. Below the top level (a keyboard, an entity) types must be exact.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from digestbot.sandbox.refusals import ApiError, bad
from digestbot.sandbox.signatures import METHODS, TYPES

Check = Callable[[Any, str], Any]
"""Takes a value and its place (for the error); returns it converted. Raises ApiError."""

_FIELD = re.compile(r"(?P<name>\w+)(?P<required>!?): (?P<types>.+)")
_WHOLE = re.compile(r"[+-]?\d{1,19}\Z")
_YES_NO = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}
_LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart body."""

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a signature. `types`: as in the specification; `only`: the one value allowed."""

    name: str
    required: bool
    types: tuple[str, ...]
    only: str | None = None


def read_table(table: str) -> dict[str, tuple[Field, ...] | tuple[str, ...]]:
    """Signatures by name; a tuple of strings is the list of subtypes."""
    entries: dict[str, tuple[Field, ...] | tuple[str, ...]] = {}
    for entry in re.split(r"\n(?=\w)", table.strip()):
        name, _, rest = " ".join(entry.split()).partition(":")
        rest = rest.strip()
        if rest.startswith("one of "):
            entries[name] = tuple(rest.removeprefix("one of ").split("; "))
        else:
            entries[name] = tuple(_field(part) for part in rest.split("; ") if part)
    return entries


def _field(text: str) -> Field:
    match = _FIELD.fullmatch(text)
    if match is None:
        raise ValueError(f"Not a field of a signature: {text}")
    types, _, only = match["types"].partition("=")
    return Field(match["name"], bool(match["required"]), tuple(types.split("|")), only or None)


class Signatures:
    """All methods and types, compiled."""

    def __init__(self) -> None:
        self.methods = read_table(METHODS)
        self.types = read_table(TYPES)
        self._objects: dict[str, Check] = {}
        self._checks = {
            name: {field.name: self._top(field) for field in fields if isinstance(field, Field)}
            for name, fields in self.methods.items()
        }
        self._required = {
            name: tuple(field.name for field in fields if isinstance(field, Field) and field.required)
            for name, fields in self.methods.items()
        }
        self._spelling = {name.lower(): name for name in self.methods}

    def method_name(self, name: str) -> str | None:
        """The method as it is spelt in the table; names are told without regard to case."""
        return name if name in self.methods else self._spelling.get(name.lower())

    def check(self, method: str, given: Mapping[str, Any], uploads: Mapping[str, Upload]) -> dict[str, Any]:
        """The parameters converted; absent ones (null among them) left out. Raises ApiError."""
        checks = self._checks[method]
        found: dict[str, Any] = {}
        for name, value in given.items():
            check = checks.get(name)
            if check is None:
                raise bad(f'unknown parameter "{name}" of the method {method}')
            if value is not None:
                found[name] = check(value, name)
        for name in uploads:
            if name in checks:
                if name in found:
                    raise bad(f'parameter "{name}" is given twice')
                found[name] = uploads[name]
        for name in self._required[method]:
            if name not in found:
                raise bad(_MISSING.get(name, f'parameter "{name}" is required'))
        return found

    # --- compilation ---------------------------------------------------------------------------------

    def _top(self, field: Field) -> Check:
        """A parameter of a method: text is converted, JSON is read."""
        types = field.types
        if types == ("Integer", "String"):
            return _chat_reference
        if len(types) == 1 and types[0] in _TOP_CHECKS:
            return _TOP_CHECKS[types[0]]
        if "InputFile" in types:
            return _text
        nested = self._union(types)

        def from_json(value: Any, place: str) -> Any:
            if isinstance(value, str):
                try:
                    value = json.loads(value)
                except ValueError as error:
                    raise bad(_NOT_JSON.get(place, f"can't parse {place}: not a JSON value")) from error
            return nested(value, place)

        return from_json

    def _nested(self, kind: str) -> Check:
        """A type inside JSON."""
        if kind in _EXACT:
            return _EXACT[kind]
        if kind.startswith("Array of "):
            return self._array(kind.removeprefix("Array of "))
        if kind not in self._objects:
            self._objects[kind] = lambda value, place: self._objects[kind](
                value, place
            )  # for types in circles
            self._objects[kind] = self._object(kind)
        return self._objects[kind]

    def _array(self, kind: str) -> Check:
        check = self._nested(kind)

        def each(value: Any, place: str) -> Any:
            if not isinstance(value, list):
                raise bad(f"can't parse {place}: expected an Array")
            return [check(element, place) for element in value]

        return each

    def _object(self, kind: str) -> Check:
        fields = self.types[kind]
        if fields and isinstance(fields[0], str):
            return self._union(tuple(str(subtype) for subtype in fields))
        known = {field.name: field for field in fields if isinstance(field, Field)}
        checks = {name: self._union(field.types) for name, field in known.items()}
        required = tuple(name for name, field in known.items() if field.required)
        fixed = {name: field.only for name, field in known.items() if field.only}

        def check(value: Any, place: str) -> Any:
            if not isinstance(value, dict):
                raise bad(_NOT_OBJECT.get(place, f"can't parse {place}: expected an Object"))
            for name, only in fixed.items():
                if value.get(name) != only:
                    raise _Other(f'can\'t parse {place}: field "{name}" must be "{only}"')
            found = {}
            for name, element in value.items():
                if name not in checks:
                    raise bad(f'can\'t parse {place}: unknown field "{name}" of {kind}')
                found[name] = checks[name](element, name)
            for name in required:
                if name not in found:
                    raise bad(f"can't parse {place}: can't find field \"{name}\"")
            return found

        return check

    def _union(self, kinds: tuple[str, ...]) -> Check:
        if len(kinds) == 1:
            return self._nested(kinds[0])
        checks = [self._nested(kind) for kind in kinds]

        def first_that_fits(value: Any, place: str) -> Any:
            refusal: ApiError | None = None
            for check in checks:
                try:
                    return check(value, place)
                except ApiError as error:
                    if refusal is None or (isinstance(refusal, _Other) and not isinstance(error, _Other)):
                        refusal = error
            assert refusal is not None  # there is at least one kind
            raise refusal

        markups = {kind: self._nested(kind) for kind in kinds if kind in _MARKUP_KEYS.values()}
        if len(markups) != len(kinds):
            return first_that_fits

        def markup(value: Any, place: str) -> Any:
            if not isinstance(value, dict):
                raise bad("object expected as reply markup")
            for key, kind in _MARKUP_KEYS.items():
                if key in value and kind in markups:
                    return markups[kind](value, place)
            if not value:
                return None
            raise bad("can't parse reply keyboard markup JSON object: no keyboard in it")

        return markup


class _Other(ApiError):
    """The object is of another subtype than the one tried."""

    def __init__(self, text: str) -> None:
        super().__init__(400, text)


_MARKUP_KEYS = {
    "inline_keyboard": "InlineKeyboardMarkup",
    "keyboard": "ReplyKeyboardMarkup",
    "remove_keyboard": "ReplyKeyboardRemove",
    "force_reply": "ForceReply",
}
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "from_chat_id": "from_chat_id is empty",
    "message_id": "message identifier is not specified",
    "user_id": "invalid user_id specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "file_id": "invalid file_id",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "action": "wrong parameter action in request",
}
_NOT_JSON = {
    "reply_markup": "can't parse reply keyboard markup JSON object",
    "entities": "can't parse entities JSON object",
    "caption_entities": "can't parse entities JSON object",
    "reply_parameters": "can't parse reply parameters JSON object",
    "link_preview_options": "can't parse link preview options JSON object",
    "commands": "can't parse commands JSON object",
    "media": "can't parse media JSON object",
    "scope": "can't parse BotCommandScope JSON object",
}
_NOT_OBJECT = {"reply_markup": "object expected as reply markup"}


# --- values of parameters: text, or their own type in a JSON body ------------------------------------


def _integer(value: Any, place: str) -> int:
    if isinstance(value, str) and _WHOLE.match(value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= _LARGEST:
        raise bad(f'parameter "{place}" must be of type Integer')
    return value


def _number(value: Any, place: str) -> float:
    try:
        if isinstance(value, bool):
            raise ValueError(value)
        number = float(value)
    except (TypeError, ValueError) as error:
        raise bad(f'parameter "{place}" must be of type Float') from error
    if number != number or number in (float("inf"), float("-inf")):
        raise bad(f'parameter "{place}" must be of type Float')
    return number


def _boolean(value: Any, place: str) -> bool:
    found = _YES_NO.get(value) if isinstance(value, str) else value
    if not isinstance(found, bool):
        raise bad(f'parameter "{place}" must be of type Boolean')
    return found


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise bad(f'parameter "{place}" must be of type String')
    return _utf8(value)


def _utf8(value: str) -> str:
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise bad("strings must be encoded in UTF-8") from error
    return value


def _chat_reference(value: Any, place: str) -> int | str:
    if isinstance(value, str) and not _WHOLE.match(value):
        if not value:
            raise bad(_MISSING.get(place, f"{place} is empty"))
        return _utf8(value)
    return _integer(value, place)


def _file_only(value: Any, place: str) -> Any:
    raise bad(f'parameter "{place}" must be uploaded as a file')


_TOP_CHECKS: dict[str, Check] = {
    "Integer": _integer,
    "Float": _number,
    "Boolean": _boolean,
    "String": _text,
    "InputFile": _file_only,
}


# --- values inside JSON ------------------------------------------------------------------------------


def _exact_integer(value: Any, place: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= _LARGEST:
        raise bad(f'can\'t parse field "{place}": expected an Integer')
    return value


def _exact_number(value: Any, place: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise bad(f'can\'t parse field "{place}": expected a Float')
    return value


def _exact_boolean(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise bad(f'can\'t parse field "{place}": expected a Boolean')
    return value


def _exact_true(value: Any, place: str) -> bool:
    if value is not True:
        raise bad(f'can\'t parse field "{place}": expected True')
    return True


def _exact_text(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise bad(f'can\'t parse field "{place}": expected a String')
    return _utf8(value)


_EXACT: dict[str, Check] = {
    "Integer": _exact_integer,
    "Float": _exact_number,
    "Boolean": _exact_boolean,
    "True": _exact_true,
    "String": _exact_text,
    "InputFile": _exact_text,
}
SIGNATURES = Signatures()
