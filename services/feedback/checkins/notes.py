"""Private notes at rest: each is sealed with the key of the employee whom it is about, for its own row."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.checkins.models import CheckIn, PrivateNote
from services.feedback.tables import PERSON_KEYS
from shared import sealing
from shared.sealing import marked

_KEY = PERSON_KEYS.c
_NOTE = PrivateNote.metadata.tables[PrivateNote.__tablename__].c


def identity(check_in_id: UUID, author_id: UUID) -> bytes:
    """What a note is sealed for: it opens in no other row."""
    return check_in_id.bytes + author_id.bytes


async def opened(session: AsyncSession, *which: ColumnElement[bool]) -> dict[UUID, str]:
    """These notes by check-in; a note whose key is gone is none."""
    found = await session.execute(
        select(PrivateNote, CheckIn.employee_id, _KEY.wrapped)
        .join(CheckIn, CheckIn.id == PrivateNote.check_in_id)
        .outerjoin(PERSON_KEYS, _KEY.person_id == CheckIn.employee_id)
        .where(*which)
    )
    keys = sealing.keys_of(session)
    texts = {}
    for note, employee_id, wrapped in found:
        text = note.text
        if note.sealed is not None:
            text = keys.open(
                wrapped,
                note.sealed,
                tenant_id=note.tenant_id,
                person_id=employee_id,
                bound_to=identity(note.check_in_id, note.author_id),
            )
        if text is not None:
            texts[note.check_in_id] = text
    return texts


def shown(employee_id: ColumnElement[UUID]) -> Select[str]:
    """For views: the note marked, to be opened outside of the database."""
    key = select(_KEY.wrapped).where(_KEY.person_id == employee_id).correlate_except(PERSON_KEYS)
    sealed = marked.mark(
        tenant_id=_NOTE.tenant_id,
        person_id=employee_id,
        bound_to=(_NOTE.check_in_id, _NOTE.author_id),
        wrapped=key.scalar_subquery(),
        sealed=_NOTE.sealed,
    )
    return select(func.coalesce(_NOTE.text, sealed))
