"""Pictures of what was read: network, trend, heat map; each a PNG with its text alternative.

    documents ──► Ties | Weeks | Grid (counted, sorted) ──► PNG bytes, the same for the same input
                                                      └──► lines of the caption

A picture is drawn on a light card of its own, so it reads the same in dark and light chats. Words inside a
picture are English where the interface runs from right to left: matplotlib does not shape Arabic script.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from digestbot.model import ConditionType, Domain, Findings
from digestbot.rendering.texts import FALLBACK, Texts, texts_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

_Key = TypeVar("_Key", bound=tuple[str, ...])

CAPTION_LIMIT = 1024
"""UTF-16 units of a caption (Bot API, sendPhoto)."""
MOST_ACTORS = 14
LISTED = 6
"""Rows of a caption's list."""
NAME_LENGTH = 24
LINE_LENGTH = 13
"""Characters of a name on one line of the network: two such names and the ring share its width."""
WIDTH, DPI = 5.4, 200
"""Inches and dots an inch: 1,080 dots, shown about 370 points wide on a phone, where a size of 10 is read as
one of about 9.5 there."""
MARGIN = 6
"""Dots at each side that stay free."""
PAPER, INK, FAINT = "#fbfcfd", "#1b2733", "#a9b4bf"
COLOURS = {
    ConditionType.PRECONDITION: "#1d5fa8",
    ConditionType.DEMAND: "#b35c00",
    ConditionType.OFFER: "#1b7f4b",
    ConditionType.THREAT: "#b3261e",
    ConditionType.CONSEQUENCE: "#6b4fa0",
}
FONTS = ("DejaVu Sans", "Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari")
"""In the order they are tried for each character; those not installed are left out."""


@dataclass(frozen=True, slots=True)
class Ties:
    """`documents`: in how many each actor (by key) appears. `pairs`: documents two actors share, keys sorted.
    `arrows`: conditions by holder, addressee and type."""

    names: dict[str, str]
    documents: dict[str, int]
    pairs: dict[tuple[str, str], int]
    arrows: dict[tuple[str, str, ConditionType], int]


@dataclass(frozen=True, slots=True)
class Weeks:
    """For each actor's name, week by week, oldest first: documents with it, and conditions it holds."""

    starts: tuple[datetime, ...]
    mentions: dict[str, tuple[int, ...]]
    conditions: dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Grid:
    """Conditions by holder (rows) and domain (columns)."""

    actors: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


# --- counting -----------------------------------------------------------------------------------------


def ties(documents: Sequence[Findings]) -> Ties:
    """Who appears with whom among the actors that appear most, and who ties whom to conduct."""
    names = names_of(documents)
    appear = Counter(key for one in documents for key in one.actors)
    seen = appear.copy()
    for one in documents:  # an actor with conditions is worth more than one only mentioned
        seen.update(key for tie in one.ties for key in (tie.holder, tie.addressee) if key in names)
    chosen = {key for key, _ in sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:MOST_ACTORS]}
    shared: Counter[tuple[str, str]] = Counter()
    arrows: Counter[tuple[str, str, ConditionType]] = Counter()
    for one in documents:
        here = sorted(chosen.intersection(one.actors))
        shared.update((a, b) for place, a in enumerate(here) for b in here[place + 1 :])
        for tie in one.ties:
            if tie.holder in chosen and tie.addressee in chosen and tie.holder != tie.addressee:
                arrows[tie.holder, tie.addressee, tie.type] += 1
    return Ties(
        {key: names[key] for key in sorted(chosen)},
        {key: number for key, number in appear.items() if key in chosen},
        dict(shared),
        dict(arrows),
    )


def weeks(documents: Sequence[Findings], keys: Sequence[str], until: datetime, count: int) -> Weeks:
    """Mentions and conditions of these actors in the last `count` weeks before `until`."""
    names = names_of(documents)
    starts = tuple(until - timedelta(weeks=number) for number in range(count, 0, -1))
    mentions = {key: [0] * count for key in keys}
    held = {key: [0] * count for key in keys}
    for one in documents:
        place = count - 1 - (until - one.published) // timedelta(weeks=1)
        if not 0 <= place < count:
            continue
        for key in keys:
            mentions[key][place] += key in one.actors
            held[key][place] += sum(tie.holder == key for tie in one.ties)
    return Weeks(
        starts,
        {names[key]: tuple(mentions[key]) for key in keys},
        {names[key]: tuple(held[key]) for key in keys},
    )


def grid(documents: Sequence[Findings]) -> Grid:
    """The actors that hold most conditions, by domain."""
    names = names_of(documents)
    counts: Counter[tuple[str, Domain]] = Counter(
        (tie.holder, tie.domain)
        for one in documents
        for tie in one.ties
        if tie.holder is not None and tie.holder in names
    )
    totals = Counter[str]()
    for (holder, _), number in counts.items():
        totals[holder] += number
    rows = [key for key, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:MOST_ACTORS]]
    return Grid(
        tuple(names[key] for key in rows),
        tuple(tuple(counts[key, domain] for domain in Domain) for key in rows),
    )


def names_of(documents: Iterable[Findings]) -> dict[str, str]:
    """Every actor's name, short enough for a label, by key."""
    return {key: clipped(name) for one in documents for key, name in one.actors.items()}


def clipped(name: str) -> str:
    """A name short enough for a label."""
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1].rstrip()}…"


# --- captions -------------------------------------------------------------------------------------------


def network_caption(found: Ties, texts: Texts) -> str:
    """The picture in words: the pairs that appear together most, and the most frequent arrows."""
    lines = [texts("picture.network")]
    names = {key: texts.isolated(name) for key, name in found.names.items()}
    lines += [f"{names[a]} – {names[b]}: {texts.number(number)}" for (a, b), number in _most(found.pairs)]
    lines += [
        f"{names[a]} → {names[b]}: {texts(f'type.{kind.value}')}, {texts.number(number)}"
        for (a, b, kind), number in _most(found.arrows)
    ]
    return caption(lines)


def trend_caption(found: Weeks, texts: Texts) -> str:
    """For each actor the numbers of the weeks, oldest first."""
    lines = [texts("picture.trend", n=texts.number(len(found.starts)))]
    for name, mentions in found.mentions.items():
        numbers = " ".join(texts.number(number) for number in mentions)
        held = " ".join(texts.number(number) for number in found.conditions[name])
        lines.append(texts("picture.trend_line", name=name, mentions=numbers, conditions=held))
    return caption(lines)


def map_caption(found: Grid, texts: Texts) -> str:
    """For each actor its domains with a count."""
    lines = [texts("picture.map")]
    for name, counts in list(zip(found.actors, found.counts, strict=True))[:LISTED]:
        held = ", ".join(
            f"{texts(f'domain.{domain.value}')} {texts.number(number)}"
            for domain, number in zip(Domain, counts, strict=True)
            if number
        )
        lines.append(f"{texts.isolated(name)}: {held}")
    return caption(lines)


def caption(lines: Sequence[str]) -> str:
    """As many of the lines as a caption holds; the first one is cut where it alone is too long."""
    text = lines[0][: CAPTION_LIMIT // 2]
    for line in lines[1:]:
        if len(f"{text}\n{line}".encode("utf-16-le")) // 2 > CAPTION_LIMIT:
            break
        text = f"{text}\n{line}"
    return text


def _most(counts: Mapping[_Key, int]) -> list[tuple[_Key, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:LISTED]


# --- drawing --------------------------------------------------------------------------------------------


def draw_network(found: Ties, texts: Texts) -> bytes:
    """Actors as dots, shared documents as grey lines, conditions as arrows from holder to addressee."""
    import networkx

    figure, axes = _paper(WIDTH, 6.4)
    axes.set_xlim(-2.1, 2.1)
    axes.set_ylim(-1.75, 1.3)
    graph = networkx.Graph()
    graph.add_nodes_from(found.names)
    graph.add_weighted_edges_from((a, b, number) for (a, b), number in sorted(found.pairs.items()))
    places = networkx.circular_layout(graph)  # of names in order: nothing depends on chance
    for (a, b), number in sorted(found.pairs.items()):
        (x, y), (u, v) = places[a], places[b]
        axes.plot([x, u], [y, v], color=FAINT, linewidth=min(0.1 + 0.7 * number, 6.0), alpha=0.5, zorder=1)
    for (a, b, kind), number in sorted(found.arrows.items()):
        style = {
            "arrowstyle": "-|>",
            "color": COLOURS[kind],
            "linewidth": min(1.2 + 0.5 * number, 4.0),
            "connectionstyle": f"arc3,rad={0.10 + 0.06 * list(ConditionType).index(kind)}",
            "shrinkA": 9,
            "shrinkB": 9,
            "mutation_scale": 14,
        }
        axes.annotate("", xy=places[b], xytext=places[a], arrowprops=style, zorder=2)
    for key, name in found.names.items():
        x, y = places[key]
        axes.scatter([x], [y], s=min(60 + 40 * found.documents.get(key, 0), 400), color=INK, zorder=3)
        aside = "left" if x > 0.05 else "right" if x < -0.05 else "center"
        lies = "bottom" if y > 0.9 else "top" if y < -0.9 else "center"
        _text(axes, 1.18 * x, 1.1 * y, two_lines(name), ha=aside, va=lies, size=10, weight="bold")
    words = _words(texts)
    for place, kind in enumerate(ConditionType):
        _text(
            axes, (-1.25, 0.0, 1.25)[place % 3], -1.5 - 0.16 * (place // 3),
            f"→ {words(f'type.{kind.value}')}", ha="center", size=10, color=COLOURS[kind],
        )  # fmt: skip
    return _png(figure)


def two_lines(name: str) -> str:
    """A long name over two lines, parted at the blank nearest to its middle."""
    blanks = [place for place, character in enumerate(name) if character == " "]
    if len(name) <= LINE_LENGTH or not blanks:
        return name
    middle = min(blanks, key=lambda place: abs(place - len(name) / 2))
    return f"{name[:middle]}\n{name[middle + 1 :]}"


def draw_trend(found: Weeks, texts: Texts) -> bytes:
    """A row for each actor: bars for documents that mention it, a line for conditions it holds."""
    rows = max(1, len(found.mentions))
    figure, axes = _paper(WIDTH, 0.9 + 1.4 * rows)
    axes.set_xlim(-0.8, len(found.starts) - 0.4)
    axes.set_ylim(-0.9, 1.7 * rows)
    words = _words(texts)
    highest = max(
        [1, *(n for numbers in (*found.mentions.values(), *found.conditions.values()) for n in numbers)]
    )
    weeks_shown = range(len(found.starts))
    for row, (name, mentions) in enumerate(found.mentions.items()):
        base = float(rows - 1 - row) * 1.7
        _text(axes, -0.6, base + 1.22, name, ha="left", size=12, weight="bold")
        heights = [number / highest for number in mentions]
        axes.bar(list(weeks_shown), heights, bottom=base, width=0.6, color=FAINT)
        held = [base + number / highest for number in found.conditions[name]]
        axes.plot(list(weeks_shown), held, color=COLOURS[ConditionType.DEMAND], marker="o", linewidth=2)
        for week, number in enumerate(mentions):
            _text(axes, week, base - 0.13, str(number) if number else "", size=9, color="#6b7884")
        for week, number in enumerate(found.conditions[name]):
            words_of = str(number) if number else ""
            _text(axes, week, held[week] + 0.14, words_of, size=10, color=COLOURS[ConditionType.DEMAND])
    for week, start in enumerate(found.starts):
        _text(axes, week, -0.4, f"{start:%m-%d}", size=9)
    last = len(found.starts) - 0.6
    _text(axes, -0.6, -0.72, f"■ {words('picture.documents')}", ha="left", size=10, color="#6b7884")
    _text(
        axes, last, -0.72, f"● {words('digest.conditions')}",
        ha="right", size=10, color=COLOURS[ConditionType.DEMAND],
    )  # fmt: skip
    return _png(figure)


def draw_map(found: Grid, texts: Texts) -> bytes:
    """A heat map: actors down, domains across, each cell with its count."""
    rows = len(found.actors)
    figure, axes = _paper(WIDTH, 1.3 + 0.42 * rows)
    axes.set_xlim(-3.6, len(Domain) + 0.3)
    axes.set_ylim(rows - 0.3, -2.4)
    words = _words(texts)
    highest = max([1, *(number for counts in found.counts for number in counts)])
    for row, (name, counts) in enumerate(zip(found.actors, found.counts, strict=True)):
        _text(axes, -0.6, row, name, ha="right", size=9, weight="bold")
        for column, number in enumerate(counts):
            strength = number / highest
            colour = (0.93 - 0.82 * strength, 0.95 - 0.58 * strength, 0.97 - 0.31 * strength)
            axes.add_patch(_cell(column, row, colour))
            ink = PAPER if strength > 0.55 else INK
            _text(axes, column, row, str(number) if number else "·", size=11, color=ink)
    for column, domain in enumerate(Domain):
        _text(
            axes, column - 0.3, -0.6, words(f"domain.{domain.value}"), ha="left", va="bottom", size=9, turn=30
        )
    return _png(figure)


def _cell(column: int, row: int, colour: tuple[float, float, float]) -> Rectangle:
    from matplotlib.patches import Rectangle

    return Rectangle((column - 0.47, row - 0.45), 0.94, 0.9, facecolor=colour, edgecolor=PAPER)


def _words(texts: Texts) -> Texts:
    return texts_for(FALLBACK) if texts.right_to_left else texts


def _paper(width: float, height: float) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DPI, facecolor=PAPER)
    axes = figure.add_axes((0.02, 0.02, 0.96, 0.96))
    axes.set_axis_off()
    return figure, axes


def _text(
    axes: Axes,
    x: float,
    y: float,
    words: str,
    *,
    ha: str = "center",
    va: str = "center",
    size: int = 10,
    color: str = INK,
    weight: str = "normal",
    turn: int = 0,
) -> None:
    """Write it; what would run over the picture's side loses its last letters."""
    from matplotlib.font_manager import fontManager

    installed = {font.name for font in fontManager.ttflist}
    families = [name for name in FONTS if name in installed]
    written = axes.text(
        x, y, words, ha=ha, va=va, fontsize=size, color=color, fontweight=weight, rotation=turn,
        rotation_mode="anchor", fontfamily=families, parse_math=False, zorder=5,
    )  # fmt: skip
    inner = WIDTH * DPI - 2 * MARGIN
    box = written.get_window_extent()
    while (box.x0 < MARGIN or box.x1 > MARGIN + inner) and len(words) > 2:
        words = words[:-1].rstrip()
        written.set_text(f"{words}…")
        box = written.get_window_extent()


def _png(figure: Figure) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    sink = io.BytesIO()
    figure.set_canvas(FigureCanvasAgg(figure))
    figure.savefig(sink, format="png", metadata={"Software": None})
    return sink.getvalue()
