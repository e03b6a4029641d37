"""What admins are told of a source, in every language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digestbot.protocols.ingest import SourceNews
from digestbot.rendering.notices import source_notice
from digestbot.rendering.texts import available, texts_for

SINCE = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize("language", available())
@pytest.mark.parametrize("state", ["failing", "ok", "silent", "gone"])
def test_a_notice_names_the_source_and_is_in_the_admins_own_language(language, state):
    told = source_notice(SourceNews("Courier", state, "answers 503", SINCE), texts_for(language))
    assert "Courier" in told
    assert "**" not in told
    assert ("answers 503" in told) == (state == "failing")
    if language != "en":
        assert told != source_notice(SourceNews("Courier", state, "answers 503", SINCE), texts_for("en"))
