"""How fast a text is analysed, against stock sumy: `python -m benchmarks [SENTENCES …]` (3000 takes minutes).

The same sentences of annotated news go to stock sumy (LexRank, TextRank, LSA) and to ours in one process, in
turn; the median of the runs is printed, in seconds of CPU. "Ranking" is LexRank alone: cold with no stems in
its cache, warm with those of the text. "Summary" chooses five bullets out of sentences that are split;
"analysis" does all: cleaning, sentences, actors, conditions, bullets. Memory is the peak above what a process
that does nothing holds, in megabytes.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from digestbot.analysis import analyse, domains, ranking, sentences
from digestbot.analysis.sentences import split_text
from digestbot.analysis.summary import choose_bullets
from digestbot.model import ExtractedText, Sentence

DOCUMENTS = Path(__file__).parents[1] / "tests" / "quality" / "documents"
HOSTILE = {
    "dots": ".",
    "straight quotes": '"',
    "opening quotes": "“",
    "brackets": "(",
    "no spaces": "a",
    "bracketed": "[A.",
}
FIRST = """
import time, sys
began = time.process_time()
import digestbot.analysis
from digestbot.analysis.lexicon import load_lexicon
load_lexicon()
loaded = time.process_time() - began
from digestbot.model import ExtractedText
digestbot.analysis.analyse(ExtractedText(sys.stdin.read(), "text/plain"))
print(f"{loaded:.2f} {time.process_time() - began:.2f}")
"""


def news(count: int) -> str:
    """`count` sentences of the annotated documents without their furniture, over again if need be."""
    lines: list[str] = []
    found = 0
    while found < count:
        for path in sorted(DOCUMENTS.glob("*.json")):
            document = json.loads(path.read_text(encoding="utf-8"))
            furniture = {*document["boilerplate"], *document["headings"]}
            for line in document["text"].split("\n"):
                if line in furniture or found >= count:
                    continue
                lines.append(line)
                found += len(split_text(line))
    return "\n".join(lines)


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def megabytes(work: Callable[[], object]) -> float:
    """The peak of memory `work` takes in a process of its own, above one that does nothing."""
    context = multiprocessing.get_context("fork")

    def measure(job: Callable[[], object], end: Connection) -> None:
        job()
        end.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)

    def peak(job: Callable[[], object]) -> float:
        here, there = context.Pipe(duplex=False)
        child = context.Process(target=measure, args=(job, there))
        child.start()
        found = float(here.recv())
        child.join()
        return found

    return peak(work) - peak(lambda: None)


def stock(name: str, quotations: list[str]) -> Callable[[], object]:
    """One of sumy's summarisers as it comes, over sentences that are split."""
    from sumy.nlp.stemmers import Stemmer
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.summarizers.lsa import LsaSummarizer
    from sumy.summarizers.text_rank import TextRankSummarizer

    kinds: dict[str, Any] = {
        "LexRank": LexRankSummarizer,
        "TextRank": TextRankSummarizer,
        "LSA": LsaSummarizer,
    }

    def work() -> object:
        summariser = kinds[name](Stemmer("english"))
        summariser.stop_words = ranking.stop_words("en")
        return summariser(ranking.document_model(quotations, "en"), 5)

    return work


def compare(count: int, runs: int) -> None:
    """Prints one line for each way to treat `count` sentences."""
    text = news(count)
    spans = [Sentence(a, b, i) for i, (a, b) in enumerate(split_text(text))]
    quotations = [text[span.start : span.end] for span in spans]

    def rank() -> object:
        return ranking.lex_rank([ranking.stems(quotation, "en") for quotation in quotations])

    def cold(work: Callable[[], object]) -> Callable[[], object]:
        def fresh() -> object:
            ranking.forget_stems()
            ranking.stemmer("en")
            sentences.forget_lines()
            return work()

        return fresh

    def whole() -> object:
        sentences.forget_lines()
        domains.weights.cache_clear()
        return analyse(ExtractedText(text, "text/plain"))

    ways: dict[str, Callable[[], object]] = {
        **{f"stock {name}": stock(name, quotations) for name in ("LexRank", "TextRank", "LSA")},
        "ranking, cold": cold(rank),
        "ranking, warm": rank,
        "summary": lambda: choose_bullets(text, spans, title=None, language="en"),
        "analysis": whole,
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    whole()
    gc.freeze()  # as the workers do once lexicon and cues are read
    for _ in range(runs):
        for name, work in ways.items():
            times[name].append(seconds(work))
    base = statistics.median(times["stock LexRank"])
    print(f"{len(spans)} sentences")
    for name, work in ways.items():
        took = statistics.median(times[name])
        print(f"  {name:15} {took:9.4f} s  {base / took:8.1f} times stock LexRank  {megabytes(work):7.1f} MB")


def main() -> None:
    for count in [int(a) for a in sys.argv[1:]] or [30, 300]:
        compare(count, runs=5 if count <= 1_000 else 1)
    fresh = subprocess.run(
        [sys.executable, "-c", FIRST], input=news(30), text=True, capture_output=True, check=True
    )
    loaded, first = fresh.stdout.split()
    print(f"a fresh process: import and lexicon {loaded} s, with the first document {first} s of CPU")
    for name, unit in HOSTILE.items():
        text = (unit * 100_000)[:100_000]
        print(f"100 kB of {name}: split in {seconds(lambda text=text: split_text(text)):.3f} s")
