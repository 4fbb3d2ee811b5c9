"""A job, a unit or a manager from a day on, as an HR system tells it; what is not known yet is laid in later."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import recording, references
from services.profile.people.models import RoleCode
from services.profile.people.problems import CircularReporting
from services.profile.people.rules import ChangeReason, EmploymentType, PersonStatus
from services.profile.people.told import EmploymentTold
from services.profile.rowsets import AnyRow
from services.profile.unresolved import commands as unresolved
from services.profile.unresolved.commands import Word, resolves, word_of
from services.profile.unresolved.models import Unresolved
from services.profile.unresolved.rules import Kind, Obstacle, Reason
from shared.tenancy import Principal

MANAGER, UNIT, ROLE = "manager", "orgUnitKey", "roleCode"
PARTS = (MANAGER, UNIT, ROLE)


@dataclass(slots=True)
class _Reading:
    """What the word says in our ids, and which of its parts wait for what."""

    patch: dict[str, Any] = field(default_factory=dict)
    missing: dict[str, Obstacle] = field(default_factory=dict)


async def apply(session: AsyncSession, principal: Principal, word: Word[EmploymentTold]) -> None:
    """Lays in what is known; the whole waits for its person, a part for its manager, unit or role."""
    await references.lock(session)
    word = await unresolved.joined(session, Kind.EMPLOYMENT, word, part=_day(word.told))
    told = word.told
    match = await references.find(session, told.system, told.person)
    person = match.person
    obstacle = match.obstacle if person is None else _not_employed(person, told.effective_from)
    if person is None or obstacle:
        if obstacle:
            await unresolved.keep(session, Kind.EMPLOYMENT, word, obstacle, part=_day(told))
        return
    if match.attach and told.person.external_id:
        await recording.attach(
            session, principal, person.id, (told.system, told.person.external_id)
        )
    reading = await _read(session, told)
    await _lay(session, principal, person, told, reading)
    await _keep_parts(session, word, reading.missing)


@resolves(Kind.EMPLOYMENT)
async def resolve(session: AsyncSession, principal: Principal, entry: Unresolved) -> None:
    await apply(session, principal, word_of(entry, EmploymentTold))


def _not_employed(person: AnyRow, day: date) -> Obstacle | None:
    """What lies before the last day is history; what begins later waits for the return."""
    if person.status is not PersonStatus.TERMINATED or day < person.termination_date:
        return None
    return Obstacle(Reason.NOT_EMPLOYED, blocked_by=person.id)


async def _read(session: AsyncSession, told: EmploymentTold) -> _Reading:
    reading = _Reading()
    if told.manager:
        match = await references.find(session, told.system, told.manager)
        _put(reading, MANAGER, "manager_id", match.person.id if match.person else match.obstacle)
    if told.org_unit_key:
        unit = await references.unit(session, told.system, told.org_unit_key)
        _put(reading, UNIT, "org_unit_id", unit)
    if told.role_code:
        role = await references.role(session, told.system, told.role_code)
        _put_role(reading, told, role)
    if told.role_title:
        reading.patch["role_title"] = told.role_title
    if told.level is not None:
        reading.patch["level"] = str(told.level)
    if told.employment_type:
        reading.patch["employment_type"] = _known(
            EmploymentType, told.employment_type, EmploymentType.OTHER
        )
    return reading


def _put(reading: _Reading, part: str, column: str, found: UUID | Obstacle | None) -> None:
    if isinstance(found, UUID):
        reading.patch[column] = found
    elif found:
        reading.missing[part] = found


def _put_role(reading: _Reading, told: EmploymentTold, role: RoleCode | Obstacle) -> None:
    """A job that nobody has published is no role of ours: its code stands in for a title until it is."""
    code = told.role_code
    if isinstance(role, Obstacle):
        reading.patch |= {"role_code": code, "role_id": None, "role_title": code}
        reading.missing[ROLE] = role
    else:
        reading.patch |= {"role_code": code, "role_id": role.id, "role_title": role.title}


def _known(words: Any, said: str, other: Any) -> Any:
    return words.__members__.get(said.upper(), other)


async def _lay(
    session: AsyncSession,
    principal: Principal,
    person: AnyRow,
    told: EmploymentTold,
    reading: _Reading,
) -> None:
    """A manager who would close a circle is refused alone; the rest of the word holds."""
    said = told.change_reason
    reason = _known(ChangeReason, said, ChangeReason.OTHER) if said else None
    day = told.effective_from
    try:
        await recording.lay(session, principal, person, day=day, patch=reading.patch, reason=reason)
    except CircularReporting:
        manager_id = reading.patch.pop("manager_id")
        circle = Obstacle(Reason.CIRCULAR_REPORTING, blocked_by=manager_id)
        reading.missing[MANAGER] = circle
        await recording.lay(session, principal, person, day=day, patch=reading.patch, reason=reason)


async def _keep_parts(
    session: AsyncSession, word: Word[EmploymentTold], missing: dict[str, Obstacle]
) -> None:
    """Each part waits by itself; one that this word names and that is known now waits no more, nor does the whole."""
    day, said = _day(word.told), unresolved.wire(word.told)
    common = {name: value for name, value in said.items() if name not in _PARTS_SAID}
    for part, obstacle in missing.items():
        titled = {"roleTitle": said["roleTitle"]} if part == ROLE and "roleTitle" in said else {}
        fact = common | titled | {part: said[part]}
        await unresolved.keep(
            session, Kind.EMPLOYMENT, word, obstacle, part=f"{day}/{part}", fact=fact
        )
    done = [f"{day}/{part}" for part in PARTS if part in said and part not in missing]
    await unresolved.let_go(session, Kind.EMPLOYMENT, word.subject, parts=[day, *done])


_PARTS_SAID = {*PARTS, "roleTitle", "level", "employmentType"}


def _day(told: EmploymentTold) -> str:
    return told.effective_from.isoformat()
