"""Patterns that stand at the end of a text, read backwards.

`re` looks for `…$` from every place of a text on. Turned round, the same pattern is tried at one place only:
at the end. Both find the same texts; where a match begins, only the pattern as it is written tells.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

_TURNED = {
    "AT_BEGINNING": "AT_END_STRING",
    "AT_BEGINNING_STRING": "AT_END_STRING",
    "AT_END": "AT_BEGINNING_STRING",
    "AT_END_STRING": "AT_BEGINNING_STRING",
    "AT_BOUNDARY": "AT_BOUNDARY",
    "AT_NON_BOUNDARY": "AT_NON_BOUNDARY",
}


class Ending:
    """A pattern all of whose matches reach the end of a text (of one line).

    Raises ValueError for a pattern that may match elsewhere, or that cannot be read backwards (references to
    groups, lookaheads of no fixed width).
    """

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source, self._flags = source, flags
        #: As `re` itself reads it; what is compiled of it is compiled when first asked for.
        self._tree: Any = re._parser.parse(source, flags)  # type: ignore[attr-defined]
        if not _ends(self._tree):
            raise ValueError(f"not every match reaches the end of the text: {source}")

    def stands(self, text: str) -> bool:
        """Whether the text ends so."""
        return self._backwards.match(text[::-1]) is not None

    @cached_property
    def forwards(self) -> re.Pattern[str]:
        """The pattern as it is written."""
        return re.compile(self._source, self._flags)

    @cached_property
    def _backwards(self) -> re.Pattern[str]:
        try:
            turned: re.Pattern[str] = re._compiler.compile(  # type: ignore[attr-defined]
                _turned(self._tree), self._flags
            )
        except (KeyError, re.error) as error:
            raise ValueError(f"cannot be read backwards: {self._source}") from error
        return turned


def _ends(tree: Any) -> bool:
    """Whether every match of a part reaches the end of the text."""
    if not tree.data:
        return False
    code, argument = tree.data[-1]
    name = str(code)
    if name == "AT":
        return str(argument) in {"AT_END", "AT_END_STRING"}
    if name == "BRANCH":
        return all(map(_ends, argument[1]))
    return name == "SUBPATTERN" and _ends(argument[-1])


def _turned(tree: Any) -> Any:
    """The same part from its end to its beginning."""
    turned = type(tree)(tree.state)
    turned.data = [_turned_item(code, argument) for code, argument in reversed(tree.data)]
    return turned


def _turned_item(code: Any, argument: Any) -> tuple[Any, Any]:
    name = str(code)
    if name == "AT":
        return code, getattr(re._constants, _TURNED[str(argument)])  # type: ignore[attr-defined]
    if name == "BRANCH":
        return code, (argument[0], [_turned(branch) for branch in argument[1]])
    if name in {"SUBPATTERN", "MAX_REPEAT", "MIN_REPEAT"}:
        return code, (*argument[:-1], _turned(argument[-1]))
    if name in {"ASSERT", "ASSERT_NOT"}:
        return code, (-argument[0], _turned(argument[1]))
    if name in {"LITERAL", "NOT_LITERAL", "ANY", "IN"}:
        return code, argument
    raise KeyError(name)
