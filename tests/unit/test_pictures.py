"""Pictures: nothing runs over an edge, letters are large enough for a phone, the same is drawn the same."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from matplotlib.image import imread

from digestbot.model import ConditionType
from digestbot.rendering import pictures
from digestbot.rendering.texts import available, texts_for

NAMES = (
    "Turkish Republic of Northern Cyprus",
    "International Court of Justice",
    "Nikos Christodoulides",
    "European Union",
    "Donaudampfschifffahrtsgesellschaft",
    "إيران",
    "Россия",
    "M" * 40,
    "US",
    "Abderaman Koulamallah",
    "Pakistan",
    "Mahamat Idriss Déby",
    "Houthis",
    "United States",
)
KEYS = [f"actor{number:02}" for number in range(len(NAMES))]
SHORT = [pictures.clipped(name) for name in NAMES]


def network():
    pairs = {(a, b): 1 + place % 5 for place, (a, b) in enumerate(zip(KEYS, KEYS[3:], strict=False))}
    arrows = dict.fromkeys(zip(KEYS, KEYS[5:], ConditionType, strict=False), 2)
    return pictures.Ties(dict(zip(KEYS, SHORT, strict=True)), dict.fromkeys(KEYS, 9), pairs, arrows)


def weeks():
    starts = tuple(datetime(2026, 3, 4, tzinfo=UTC) - timedelta(weeks=back) for back in range(8, 0, -1))
    return pictures.Weeks(
        starts, dict.fromkeys(SHORT[:4], (0, 30, 1, 2, 9, 9, 30, 5)), dict.fromkeys(SHORT[:4], (9,) * 8)
    )


def grid():
    return pictures.Grid(tuple(SHORT), tuple((100, 0, 3, 12, 1) for _ in SHORT))


DRAWN = {
    "network": (pictures.draw_network, network),
    "trend": (pictures.draw_trend, weeks),
    "map": (pictures.draw_map, grid),
}


@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize("language", available())
def test_nothing_runs_over_the_edge(kind, language):
    draw, counted = DRAWN[kind]
    picture = imread(io.BytesIO(draw(counted(), texts_for(language))))
    height, width = picture.shape[:2]
    assert width == round(pictures.WIDTH * pictures.DPI)
    assert height < 2 * width
    edges = (picture[0], picture[-1], picture[:, 0], picture[:, -1])
    assert all((edge == picture[0, 0]).all() for edge in edges)


@pytest.mark.parametrize("kind", DRAWN)
def test_the_same_is_always_drawn_the_same(kind):
    draw, counted = DRAWN[kind]
    assert draw(counted(), texts_for("en")) == draw(counted(), texts_for("en"))


def test_no_letter_is_too_small_for_a_phone(monkeypatch):
    sizes = []
    draw = pictures._text
    monkeypatch.setattr(
        pictures, "_text", lambda *given, **how: (sizes.append(how.get("size", 10)), draw(*given, **how))
    )
    for drawing, counted in DRAWN.values():
        drawing(counted(), texts_for("en"))
    shown = 370 / pictures.WIDTH / 72  # a phone's points for one of the picture's
    assert min(sizes) * shown > 8.5


def test_a_long_name_is_parted_at_the_blank_nearest_to_its_middle():
    assert pictures.two_lines("Nikos Christodoulides") == "Nikos\nChristodoulides"
    assert pictures.two_lines("Pakistan") == "Pakistan"
