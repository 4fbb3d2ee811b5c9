"""Bulk doors: many rows in, one verdict a line out, nothing half-done."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.problems import Invalid, Problem, TooLarge

MEDIA_TYPE = "application/x-ndjson"
MOST_LINES = 1000
PLAN_AFRESH = text("SET LOCAL plan_cache_mode = 'force_custom_plan'")
"""A session keeps the plans that check foreign keys; one made while a table was nearly empty would read the whole
tenant for each row, until the table is analyzed."""

Row = TypeVar("Row", bound=BaseModel)


class Verdict(StrEnum):
    """What became of one line."""

    CREATED = "CREATED"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    REFUSED = "REFUSED"


@dataclass(slots=True)
class Line(Generic[Row]):
    """One line of a bulk request and what became of it; whoever applies the rows fills in the verdict."""

    number: int
    row: Row
    key: str
    verdict: Verdict = Verdict.UNCHANGED
    id: UUID | None = None
    problem: Problem | None = None

    def settle(self, verdict: Verdict, row_id: UUID) -> None:
        self.verdict, self.id = verdict, row_id

    def refuse(self, problem: Problem) -> None:
        self.verdict, self.id, self.problem = Verdict.REFUSED, None, problem


Apply = Callable[[Sequence[Line[Row]]], Awaitable[None]]


class _DryRun(Exception):
    """Rolls back what a dry run has tried."""


async def run(
    request: Request,
    session: AsyncSession,
    *,
    row_model: type[Row],
    key: Callable[[Row], str],
    apply: Apply[Row],
    dry_run: bool,
) -> Response:
    """Reads the lines, applies the readable ones together and answers one verdict a line, in order.

    `apply` settles or refuses each line that it is given. With `dry_run` everything is tried and taken back.
    """
    lines, refused = _read(await request.body(), row_model, key)
    await session.execute(PLAN_AFRESH)
    try:
        async with session.begin_nested():
            await apply(lines)
            if dry_run:
                raise _DryRun
    except _DryRun:
        session.expunge_all()
    answers = refused | {line.number: _answer(line) for line in lines}
    body = "".join(json.dumps(answers[number]) + "\n" for number in sorted(answers))
    return Response(body, media_type=MEDIA_TYPE)


def _read(
    body: bytes, row_model: type[Row], key: Callable[[Row], str]
) -> tuple[list[Line[Row]], dict[int, dict[str, Any]]]:
    raw = body.splitlines()
    if len(raw) > MOST_LINES:
        raise TooLarge(f"Send at most {MOST_LINES} lines a request.")
    lines: list[Line[Row]] = []
    refused: dict[int, dict[str, Any]] = {}
    for number, line in enumerate(raw, start=1):
        if not line.strip():
            continue
        try:
            row = row_model.model_validate_json(line)
        except ValidationError as error:
            refused[number] = _refusal(number, error)
        else:
            lines.append(Line(number, row, key(row)))
    return lines, refused


def _refusal(number: int, error: ValidationError) -> dict[str, Any]:
    problem = Invalid.found(error.errors(include_input=False, include_url=False), "body")
    return {
        "line": number,
        "key": None,
        "status": Verdict.REFUSED,
        "id": None,
        "problem": problem.document(),
    }


def _answer(line: Line[Row]) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "line": line.number,
        "key": line.key,
        "status": line.verdict,
        "id": str(line.id) if line.id else None,
    }
    if line.problem is not None:
        answer["problem"] = line.problem.document()
    return answer
