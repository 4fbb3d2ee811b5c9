"""Ordering an erasure, and closing it once every service has given its receipt."""

from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.erasure import events, tables
from services.profile.erasure.models import Erasure, ErasureReceipt
from services.profile.erasure.rules import is_settled
from services.profile.people import commands as employment
from services.profile.people import standing
from services.profile.people.events import PersonUpdated, tell
from services.profile.people.models import ExternalIdentifier, Person
from services.profile.people.rules import PersonStatus
from services.profile.policy import POLICY
from shared import clock
from shared.erasure import Receipted, Subject
from shared.erasure.facts import Identifier
from shared.events import publish
from shared.ids import new_id
from shared.problems import Forbidden, NotFound
from shared.tenancy import Principal


async def order(
    session: AsyncSession, principal: Principal, *, person_id: UUID, reason: str
) -> UUID:
    """Erases the person here at once and orders it elsewhere; again answers the first order. Raises `NotFound`."""
    if not await POLICY.may(session, principal, "ERASURE", "ORDER", None):
        raise Forbidden("Erasing a person needs an administrator or the scope people:erase.")
    await standing.lock(session)
    earlier = await session.scalar(select(Erasure.id).where(Erasure.person_id == person_id))
    if earlier is not None:
        return earlier
    subject = await _subject(session, person_id)
    await _let_go(session, principal, person_id)
    erasure_id = new_id()
    session.add(
        Erasure(
            id=erasure_id,
            person_id=person_id,
            reason=reason,
            ordered_by=principal.subject
            if principal.person_id is None
            else str(principal.person_id),
            received_at=clock.now(),
            named=subject.model_dump(mode="json", by_alias=True),
        )
    )
    await tables.destroy_key(session, person_id)
    await tables.erase(session, principal, subject)
    sequence = await session.scalar(_NEXT_SEQUENCE, {"person": person_id})
    fact = events.ErasureOrdered(erasure_id=erasure_id, person=subject)
    await publish(session, principal, fact, subject=person_id, sequence=sequence)
    return erasure_id


async def _subject(session: AsyncSession, person_id: UUID) -> Subject:
    person = await session.get(Person, (session.info["tenant_id"], person_id))
    if person is None:
        raise NotFound
    names = await session.scalars(
        select(ExternalIdentifier).where(ExternalIdentifier.person_id == person_id)
    )
    texts = {each.lower() for each in (person.work_email, person.subject) if each}
    return Subject(
        person_id=person_id,
        texts=frozenset(texts),
        identifiers=frozenset(Identifier(system=each.system, value=each.value) for each in names),
    )


async def _let_go(session: AsyncSession, principal: Principal, person_id: UUID) -> None:
    """Who still works here leaves today: reporting lines close behind them as behind anybody."""
    works = select(Person.id).where(
        Person.id == person_id, Person.status != PersonStatus.TERMINATED
    )
    if await session.scalar(works) is not None:
        leaving = {person_id: clock.today()}
        await employment.end_employment(session, principal, people=leaving)


async def take(session: AsyncSession, principal: Principal, receipt: Receipted) -> bool:
    """Keeps a service's receipt, the first one; True when all are there and the erasure is open."""
    locked = select(Erasure).where(Erasure.id == receipt.erasure_id).with_for_update()
    erasure = await session.scalar(locked)
    if erasure is None or erasure.completed_at is not None:
        return False
    row = {
        "tenant_id": principal.tenant_id,
        "id": new_id(),
        "given_at": clock.now(),
        **receipt.model_dump(),
    }
    await session.execute(insert(ErasureReceipt).values(row).on_conflict_do_nothing())
    given = select(ErasureReceipt.service).where(ErasureReceipt.erasure_id == erasure.id)
    return is_settled((await session.scalars(given)).all())


async def named(session: AsyncSession, erasure_id: UUID) -> Subject | None:
    """Whom an open erasure is of."""
    found = await session.scalar(select(Erasure.named).where(Erasure.id == erasure_id))
    return Subject.model_validate(found) if found else None


async def complete(session: AsyncSession, principal: Principal, erasure_id: UUID) -> None:
    """Forgets the names and tells that it is done, once; the copies of the empty row come from a last fact of it."""
    person_id = await session.scalar(
        update(Erasure)
        .where(Erasure.id == erasure_id, Erasure.completed_at.is_(None))
        .values(completed_at=func.now(), named=None)
        .returning(Erasure.person_id)
    )
    if person_id is None:
        return
    await session.execute(_NEXT_SEQUENCE, {"person": person_id})
    await tell(session, principal, {person_id: [PersonUpdated]})
    fact = events.SubjectErased(erasure_id=erasure_id, person_id=person_id)
    await publish(session, principal, fact, subject=erasure_id, sequence=None)


_NEXT_SEQUENCE = (
    update(Person)
    .where(Person.id == bindparam("person"))
    .values(sequence=Person.sequence + 1)
    .returning(Person.sequence)
    .execution_options(synchronize_session=False)
)
