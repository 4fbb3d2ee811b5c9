"""Answers and results at rest: each sealed with its person's key, for its own row."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments.models import AssessmentResult, SessionAnswers
from services.profile.tables import PERSON_KEYS
from shared import clock, sealing

Given = dict[str, dict[str, Any]]
"""Item key → {"item", "value" | "choice" | "ranking" | "text", "seconds"}, as a caller sends it."""


async def answers(session: AsyncSession, session_id: UUID, person_id: UUID) -> Given:
    """What is saved so far, in the order in which it first was."""
    row = await session.scalar(
        select(SessionAnswers).where(SessionAnswers.session_id == session_id),
        execution_options={"populate_existing": True},
    )
    if row is None:
        return {}
    document = await _open(session, row.tenant_id, person_id, row.session_id, row.sealed)
    return {each["item"]: each for each in document.get("answers", [])}


async def keep_answers(
    session: AsyncSession, session_id: UUID, person_id: UUID, given: Given
) -> None:
    sealed = await _seal(session, person_id, session_id, {"answers": list(given.values())})
    row = {
        "tenant_id": session.info["tenant_id"],
        "id": session_id,
        "session_id": session_id,
        "person_id": person_id,
        "sealed": sealed,
        "saved_at": clock.now(),
    }
    stored = insert(SessionAnswers).values(row)
    await session.execute(
        stored.on_conflict_do_update(
            index_elements=["tenant_id", "id"],
            set_={"sealed": stored.excluded.sealed, "saved_at": stored.excluded.saved_at},
        )
    )


async def seal_result(
    session: AsyncSession, person_id: UUID, result_id: UUID, document: Mapping[str, Any]
) -> bytes:
    return await _seal(session, person_id, result_id, document)


async def opened(session: AsyncSession, result: AssessmentResult) -> dict[str, Any]:
    """The result's document, whether it is sealed or not; empty once the key is gone."""
    if result.sealed is None:
        return dict(result.scores or {})
    return await _open(session, result.tenant_id, result.person_id, result.id, result.sealed)


async def _seal(
    session: AsyncSession, person_id: UUID, row_id: UUID, document: Mapping[str, Any]
) -> bytes:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    keys = sealing.keys_of(session)
    return await keys.seal(session, person_id, text, bound_to=row_id.bytes)


async def _open(
    session: AsyncSession, tenant_id: UUID, person_id: UUID, row_id: UUID, sealed: bytes
) -> dict[str, Any]:
    wrapped = await session.scalar(
        select(PERSON_KEYS.c.wrapped).where(PERSON_KEYS.c.person_id == person_id)
    )
    text = sealing.keys_of(session).open(
        wrapped, sealed, tenant_id=tenant_id, person_id=person_id, bound_to=row_id.bytes
    )
    document: dict[str, Any] = json.loads(text) if text is not None else {}
    return document
