"""How the operator's command speaks: for people, or with `--json` for programs."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import typer

from deploy.local.problems import Refused

Json = Annotated[bool, typer.Option("--json", help="Answer with JSON, for programs.")]


def write_json(answer: Any) -> None:
    print(json.dumps(answer, ensure_ascii=False, default=str), flush=True)


def write_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, none: str) -> None:
    """Columns as wide as their longest value; `none` is said when there is no row."""
    if not rows:
        print(none)
        return
    lines = [columns, *([_cell(row.get(column)) for column in columns] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    for line in lines:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        )


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else str(value)


def note(line: str) -> None:
    """What is going on, beside the answer itself."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def refusals(as_json: bool) -> Iterator[None]:
    """A refusal is one line and exit code 1, never a traceback."""
    try:
        yield
    except Refused as refusal:
        if as_json:
            write_json({"error": str(refusal)})
        else:
            note(f"waymark: {refusal}")
        raise typer.Exit(1) from None
