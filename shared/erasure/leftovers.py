"""What lies of a person in the chassis' own tables: facts on their way out, letters, answers of keyed writes."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.erasure.facts import Subject
from shared.events.relay import alone


async def remove(session: AsyncSession, subject: Subject, *, but: str | None) -> int:
    """Answers how many rows went; facts of the type `but` stay. No relay of the tenant runs until the commit."""
    tenant_id: UUID = session.info["tenant_id"]
    await alone(session, tenant_id)
    named = {"tenant": tenant_id, "needles": subject.needles(), "but": but or ""}
    removed = 0
    for find, drop in ((_OUTBOX, _DROP_OUTBOX), (_LETTERS, _DROP_LETTERS)):
        rows = (await session.execute(find, named)).all()
        ids = [row.id for row in rows if subject.is_in(row.payload, of=row.subject)]
        if ids:
            await session.execute(drop, {"tenant": tenant_id, "ids": ids})
        removed += len(ids)
    own = {"tenant": tenant_id, "needles": subject.own_needles()}
    answers: Any = await session.execute(_DROP_ANSWERS, own)
    return removed + len(answers.all())


_NAMED = """
    EXISTS (SELECT FROM unnest(CAST(:needles AS text[])) AS needle
            WHERE strpos(lower({where}), needle) > 0)
"""
_IN_FACT = _NAMED.format(where="subject || ' ' || payload::text")

_OUTBOX = text(
    f"""
    SELECT id, subject, payload FROM outbox_event
    WHERE tenant_id = :tenant AND type <> :but AND {_IN_FACT}
    """  # noqa: S608 - constants of this module
)
_DROP_OUTBOX = text("DELETE FROM outbox_event WHERE tenant_id = :tenant AND id = ANY(:ids)")

_LETTERS = text(
    f"""
    SELECT event_id AS id, subject, payload FROM inbox_dead_letter
    WHERE tenant_id = :tenant AND type <> :but AND {_IN_FACT}
    """  # noqa: S608 - constants of this module
)
_DROP_LETTERS = text(
    "DELETE FROM inbox_dead_letter WHERE tenant_id = :tenant AND event_id = ANY(:ids)"
)

_DROP_ANSWERS = text(
    f"""
    DELETE FROM idempotency_key
    WHERE tenant_id = :tenant AND {_NAMED.format(where="subject || encode(body, 'escape')")}
    RETURNING 1
    """  # noqa: S608 - constants of this module
)
