"""`evaluate`: precision, recall and F1 against annotated documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from digestbot.analysis import analyse
from digestbot.cli.shared import settings_of, stderr
from digestbot.evaluation import evaluate as evaluate_analyses
from digestbot.evaluation import load_gold
from digestbot.model import ExtractedText


def evaluate(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of annotated documents (JSON).")],
    errors: Annotated[bool, typer.Option("--errors", help="Print every miss and every false find.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
) -> None:
    """Precision, recall and F1 of actors, conditions and bullets on annotated documents."""
    settings_of(context)
    documents = load_gold(folder)
    analyses = {
        document.id: analyse(ExtractedText(text=document.text, media_type="text/plain"))
        for document in track(documents, "analysing", console=stderr, transient=True)
    }
    figures = evaluate_analyses(documents, analyses)
    if errors:
        for line in figures.errors:
            print(line)
    print(figures.as_json() if as_json else figures.as_text())
