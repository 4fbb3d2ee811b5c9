"""How the operator's command speaks: for people, or with `--json` for programs."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from deploy.local.problems import Refused

Json = Annotated[bool, typer.Option("--json", help="Answer with JSON, for programs.")]


def write_json(answer: Any) -> None:
    print(json.dumps(answer, ensure_ascii=False, default=str), flush=True)


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
