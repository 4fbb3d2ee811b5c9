"""`waymark import`: a progress bar, every refused line with its reason, and one sentence at the end."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from deploy.cli import tokens
from deploy.cli.importing import ImportStopped, ImportSummary, Progress, run_import
from deploy.cli.output import note, write_json
from deploy.importers.rows import ReadOptions, UnreadableSource
from deploy.local.installation import running_installation
from deploy.local.problems import Refused

SHOWN_REFUSALS = 50
SCOPES = (
    "people:write",
    "grants:write",
    "skills:write",
    "roles:write",
    "learning:write",
    "instruments:write",
    "people:read",
    "skills:read",
    "roles:read",
    "learning:read",
)


class ImportRefused(Refused):
    """The import did not begin, or stopped."""


def import_source(
    kind: str, path: Path, options: ReadOptions, *, person: str | None, dry_run: bool, as_json: bool
) -> None:
    """As the person named, else as a client with every scope that an import needs; exit code 1 on refused lines."""
    made = running_installation()
    minted = (
        tokens.mint(made, tokens.Bearer(person)) if person else tokens.client_token(made, SCOPES)
    )
    with _Bars() as bars:
        sending = run_import(
            kind,
            path,
            gateway_url=made.url,
            token=minted,
            dry_run=dry_run,
            home=Path(made.home),
            report=bars.show,
            options=options,
        )
        try:
            summary = asyncio.run(sending)
        except (UnreadableSource, ImportStopped) as problem:
            raise ImportRefused(str(problem)) from None
    if as_json:
        write_json(summary.as_json())
    else:
        _print(summary)
    if summary.refused:
        raise typer.Exit(1)


class _Bars:
    """A bar per kind of row, on the terminal's error stream so that the answer stays clean."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        console = Console(file=sys.stderr)
        self._bars = Bars(
            *columns, TimeRemainingColumn(), TextColumn("{task.fields[note]}"), console=console
        )
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> "_Bars":
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def show(self, progress: Progress) -> None:
        if progress.kind not in self._tasks:
            self._tasks[progress.kind] = self._bars.add_task(progress.kind, note="")
        self._bars.update(
            self._tasks[progress.kind],
            completed=progress.done,
            total=progress.total,
            note=progress.note,
        )


def _print(summary: ImportSummary) -> None:
    for refusal in summary.refused[:SHOWN_REFUSALS]:
        note(f"{refusal.file}:{refusal.line} {refusal.kind} {refusal.key}: {refusal.reason}")
    if len(summary.refused) > SHOWN_REFUSALS:
        note(f"… and {len(summary.refused) - SHOWN_REFUSALS} more; --json lists all.")
    for skipped in summary.skipped:
        note(f"{skipped.file}: {skipped.count} lines left out, {skipped.reason}")
    for line in summary.notes:
        note(line)
    tried = " (dry run, nothing was changed)" if summary.dry_run else ""
    print(f"{summary.sentence}, {summary.seconds:.1f} s{tried}")
