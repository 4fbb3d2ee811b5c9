"""Importing against a running system: the rows of a source go through the bulk doors, in order.

Frameworks, then skills, then roles and courses; org units, then people, then grants. The answers'
ids take the place of the codes by which later rows name skills and roles.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

from deploy.importers.journal import Journal, Refusal, journal_name, open_journal
from deploy.importers.rows import ReadOptions, Row, Rows, Skipped
from deploy.importers.sending import PAUSES, Answer, Door, ImportStopped
from deploy.importers.sources import source_of

__all__ = ["ImportStopped", "ImportSummary", "Progress", "run_import"]

BATCH_SIZES: Final = {"roles": 100}
DEFAULT_BATCH_SIZE: Final = 500
EXAMPLES_PER_REASON: Final = 5
NAMED_BY_CODE: Final = {"skills", "roles"}


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` rows of a kind are acknowledged; `note` says why it is waiting, if it is."""

    kind: str
    done: int
    total: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class SkippedLines:
    """Lines that the reader leaves out for one reason, with the first line numbers."""

    file: str
    reason: str
    count: int
    lines: list[int]


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did. `counts`: kind → CREATED, CHANGED, UNCHANGED, REFUSED, UNCHECKED.

    UNCHECKED stands in dry runs for rows that name skills or roles which do not exist yet.
    """

    kind: str
    gateway_url: str
    dry_run: bool
    continued_after: int
    counts: Mapping[str, Mapping[str, int]]
    refused: Sequence[Refusal]
    skipped: Sequence[SkippedLines]
    notes: Sequence[str]
    seconds: float

    @property
    def changed(self) -> int:
        """Rows that were, or in a dry run would be, created or changed."""
        return sum(of.get("CREATED", 0) + of.get("CHANGED", 0) for of in self.counts.values())

    @property
    def sentence(self) -> str:
        rows = sum(sum(of.values()) for of in self.counts.values())
        return f"{rows} rows: {self.changed} changed, {len(self.refused)} refused"

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"changed": self.changed}


@dataclass(slots=True)
class _Survey:
    """What the first reading finds: a source that cannot be read is refused before anything is sent."""

    totals: Counter[str] = field(default_factory=Counter)
    skipped: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Rows) -> "_Survey":
        survey = cls()
        for row in rows:
            if isinstance(row, Skipped):
                survey.skipped.setdefault((row.file, row.reason), []).append(row.line)
            else:
                survey.totals[row.kind] += 1
        return survey

    def skipped_lines(self) -> list[SkippedLines]:
        return [
            SkippedLines(file, reason, len(lines), lines[:EXAMPLES_PER_REASON])
            for (file, reason), lines in self.skipped.items()
        ]


async def run_import(
    kind: str,
    path: Path | None,
    *,
    gateway_url: str,
    token: str,
    dry_run: bool = False,
    home: Path,
    report: Callable[[Progress], None],
    options: ReadOptions | None = None,
    pauses: Sequence[float] = PAUSES,
) -> ImportSummary:
    """Sends one source; `path` is not needed for the kinds "catalogue" and "demo".

    Raises `UnreadableSource` before anything is sent, `ImportStopped` when the gateway stays away
    or refuses: the same call then continues. A finished import sends everything again.
    """
    source, options, path = source_of(kind), options or ReadOptions(), path or Path()
    begun = time.monotonic()
    survey = _Survey.of(source.read(path, options))
    files = source.files(path, options)
    name = journal_name(kind, files, options, gateway_url=gateway_url, token=token)
    journal = Journal(path=None) if dry_run else open_journal(home, name)
    run = _Run(journal, survey.totals, dry_run, report)
    async with Door(
        gateway_url, token, dry_run=dry_run, pauses=pauses, waiting=run.waiting
    ) as door:
        await run.send(door, lambda: _only_rows(source.read(path, options)))
    journal.forget()
    return ImportSummary(
        kind=kind,
        gateway_url=gateway_url,
        dry_run=dry_run,
        continued_after=run.continued_after,
        counts={of_kind: dict(of) for of_kind, of in journal.counts.items()},
        refused=journal.refused,
        skipped=survey.skipped_lines(),
        notes=run.notes(),
        seconds=round(time.monotonic() - begun, 3),
    )


def _only_rows(rows: Rows) -> Iterator[Row]:
    return (row for row in rows if isinstance(row, Row))


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Neighbours of one kind, at most as many as one request takes."""
    batch: list[Row] = []
    for row in rows:
        size = BATCH_SIZES.get(row.kind, DEFAULT_BATCH_SIZE)
        if batch and (batch[0].kind != row.kind or len(batch) >= size):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


@dataclass(slots=True)
class _Run:
    journal: Journal
    totals: Mapping[str, int]
    dry_run: bool
    report: Callable[[Progress], None]
    continued_after: int = 0
    sending: str = ""

    async def send(self, door: Door, rows: Callable[[], Iterator[Row]]) -> None:
        if self.journal.done and await self._target_is_another(door, rows()):
            self.journal.start_over()
        self.continued_after = self.journal.done
        for batch in _batches(islice(rows(), self.journal.done, None)):
            self.sending = batch[0].kind
            await self._send_batch(door, batch)
            self.journal.done += len(batch)
            self.journal.save()
            self.report(Progress(self.sending, self._done(self.sending), self.totals[self.sending]))

    def waiting(self, reason: str) -> None:
        self.report(
            Progress(
                self.sending, self._done(self.sending), self.totals.get(self.sending, 0), reason
            )
        )

    def notes(self) -> list[str]:
        unchecked = {kind: of["UNCHECKED"] for kind, of in self.journal.counts.items()}
        return [
            f"{count} of the {kind} could not be checked whole: they name skills or roles that do not "
            "exist yet and would be created by this import."
            for kind, count in unchecked.items()
            if count
        ]

    def _done(self, kind: str) -> int:
        return sum(self.journal.counts.get(kind, {}).values())

    async def _target_is_another(self, door: Door, rows: Iterator[Row]) -> bool:
        first = next(_batches(rows))
        self.sending = first[0].kind
        answers = await door.send(first[0].kind, [row.fields for row in first])
        return [answer.id for answer in answers] != self.journal.first_ids

    async def _send_batch(self, door: Door, batch: Sequence[Row]) -> None:
        named = [(row, *_with_ids(row, self.journal.ids)) for row in batch]
        whole = self.dry_run or not any(unknown for _, _, unknown in named)
        sent = named if whole else [line for line in named if not line[2]]
        answers = await door.send(batch[0].kind, [fields for _, fields, _ in sent])
        if self.journal.done == 0:
            self.journal.first_ids = [answer.id for answer in answers]
        for (row, _, unknown), answer in zip(sent, answers, strict=True):
            self._note(row, answer, unchecked=bool(unknown))
        if not whole:
            for row, _, unknown in named:
                self._refuse_unknown(row, unknown)

    def _note(self, row: Row, answer: Answer, *, unchecked: bool) -> None:
        made_up = self.dry_run and answer.status == "CREATED"
        if row.kind in NAMED_BY_CODE and answer.id is not None and not made_up:
            self.journal.ids.setdefault(row.kind, {})[row.key] = answer.id
        if answer.status == "REFUSED":
            self._refuse(row, answer.reason)
        else:
            self.journal.count(row.kind, "UNCHECKED" if unchecked else answer.status)

    def _refuse_unknown(self, row: Row, unknown: Sequence[str]) -> None:
        if unknown:
            codes = ", ".join(sorted(set(unknown)))
            self._refuse(row, f"it names {codes}, which was refused or is not in this import")

    def _refuse(self, row: Row, reason: str) -> None:
        self.journal.count(row.kind, "REFUSED")
        self.journal.refused.append(Refusal(row.kind, row.file, row.line, row.key, reason))


def _with_ids(row: Row, ids: Mapping[str, Mapping[str, str]]) -> tuple[dict[str, Any], list[str]]:
    """The row with ids in the place of codes, and the codes that have none (those are left out)."""
    fields, unknown = dict(row.fields), []
    for name in ("requirements", "skills"):
        if name in fields:
            fields[name], without = _items_with_ids(fields[name], ids.get("skills", {}))
            unknown += without
    if "roleCode" in fields:
        code = fields.pop("roleCode")
        if code in ids.get("roles", {}):
            fields["roleId"] = ids["roles"][code]
        else:
            unknown.append(f"role {code}")
    return fields, unknown


def _items_with_ids(
    items: Sequence[Mapping[str, Any]], id_of_skill: Mapping[str, str]
) -> tuple[list[dict[str, Any]], list[str]]:
    found, unknown = [], []
    for item in items:
        rest = dict(item)
        code = rest.pop("skillCode", None)
        if code is None:
            found.append(rest)
        elif code in id_of_skill:
            found.append({"skillId": id_of_skill[code], **rest})
        else:
            unknown.append(f"skill {code}")
    return found, unknown
