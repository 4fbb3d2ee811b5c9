"""Feedback's part when a person is erased: their check-ins and their key go, and what they noted for themselves."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.checkins.models import Change, CheckIn, PrivateNote
from services.feedback.people.models import NOBODY, TERMINATED, Person
from services.feedback.registry import handlers
from services.feedback.tables import ACCESS_LOG, PERSON_KEYS
from services.feedback.tasks import commands as tasks
from shared import sealing
from shared.accesses import keeping
from shared.erasure import Erasing, Receipt, Subject
from shared.tenancy import Principal

_AS_AUTHOR = text("SELECT set_config('app.person', :person, true)")


class ErasureReceipted(Receipt, type="waymark.feedback.erasure.receipted.v1"):
    """Feedback has removed the person and destroyed their key."""


async def erase(session: AsyncSession, _principal: Principal, person: Subject) -> int:
    """A check-in is about its employee: with it goes whatever hangs on it. As a manager the person becomes nobody."""
    await session.execute(_AS_AUTHOR, {"person": str(person.person_id)})
    removed = await tasks.forget(session, person.person_id)
    removed += await _removed(session, PrivateNote, PrivateNote.author_id == person.person_id)
    removed += await _removed(session, Change, Change.person_id == person.person_id)
    removed += await _removed(session, CheckIn, CheckIn.employee_id == person.person_id)
    removed += await keeping.forget(session, ACCESS_LOG, person.person_id)
    emptied = await session.execute(
        update(Person)
        .where(Person.id == person.person_id, Person.display_name != NOBODY)
        .values(subject=None, display_name=NOBODY, status=TERMINATED, org_unit_id=None, grants=[])
        .returning(Person.id)
    )
    return removed + len(emptied.all())


async def destroy_key(session: AsyncSession, person_id: UUID) -> datetime:
    return await sealing.destroy(session, PERSON_KEYS, person_id)


async def _removed(session: AsyncSession, model: Any, which: ColumnElement[bool]) -> int:
    removed = await session.execute(delete(model).where(which).returning(model.id))
    return len(removed.all())


Erasing("feedback", ErasureReceipted, erase, destroy_key).listen(handlers, group="people")
