"""The words of people and organisation, and what follows from dates and managers; no database, no clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

NOBODY = "Erased person"
"""How a person is called who has been erased."""


class PersonStatus(StrEnum):
    """PENDING: announced but not here yet, or only known as somebody's manager."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    ON_LEAVE = "ON_LEAVE"
    TERMINATED = "TERMINATED"


class EmploymentType(StrEnum):
    """How someone is employed."""

    FULL_TIME = "FULL_TIME"
    PART_TIME = "PART_TIME"
    CONTRACTOR = "CONTRACTOR"
    INTERN = "INTERN"
    CONSULTANT = "CONSULTANT"
    OTHER = "OTHER"


class ChangeReason(StrEnum):
    """Why an assignment began."""

    HIRE = "HIRE"
    PROMOTION = "PROMOTION"
    LATERAL = "LATERAL"
    DEMOTION = "DEMOTION"
    ROTATION = "ROTATION"
    TRANSFER = "TRANSFER"
    OTHER = "OTHER"


class OrgUnitType(StrEnum):
    """What kind of unit it is."""

    COMPANY = "COMPANY"
    DIVISION = "DIVISION"
    DEPARTMENT = "DEPARTMENT"
    TEAM = "TEAM"
    COST_CENTRE = "COST_CENTRE"
    PROJECT = "PROJECT"


class GrantRole(StrEnum):
    """What a person may be granted: ADMIN configures, HR_PARTNER looks after a subtree of the organisation."""

    ADMIN = "ADMIN"
    HR_PARTNER = "HR_PARTNER"


WORKER, UNIT = "WORKER", "ORG_UNIT"
"""The types of external identifiers that the bulk doors write."""

WITH_ACCESS = frozenset({PersonStatus.ACTIVE, PersonStatus.ON_LEAVE})

STATUS_STEPS: Mapping[PersonStatus, tuple[PersonStatus, ...]] = {
    PersonStatus.PENDING: (PersonStatus.ACTIVE, PersonStatus.TERMINATED),
    PersonStatus.ACTIVE: (PersonStatus.ON_LEAVE, PersonStatus.TERMINATED),
    PersonStatus.ON_LEAVE: (PersonStatus.ACTIVE, PersonStatus.TERMINATED),
    PersonStatus.TERMINATED: (PersonStatus.ACTIVE,),
}


@dataclass(frozen=True, slots=True)
class Position:
    """Where an assignment puts a person: two assignments with equal positions differ only in their dates."""

    manager_id: UUID | None = None
    org_unit_id: UUID | None = None
    role_id: UUID | None = None
    role_code: str | None = None
    role_title: str | None = None
    level: str | None = None
    employment_type: EmploymentType | None = None


def status_on(
    today: date,
    *,
    told: PersonStatus | None,
    before: PersonStatus | None,
    hire_date: date | None,
    termination_date: date | None,
) -> PersonStatus:
    """The status that dates and a file's own word add up to; `termination_date` is the first day without employment."""
    if termination_date is not None and termination_date <= today:
        return PersonStatus.TERMINATED
    if told is not None:
        return told
    if before is None or before is PersonStatus.PENDING:
        hired = hire_date is None or hire_date <= today
        return PersonStatus.ACTIVE if hired else PersonStatus.PENDING
    return before


def first_day(
    today: date, *, told: date | None, hire_date: date | None, has_assignment: bool
) -> date:
    """From when an assignment without its own date is valid: the first one since the hire, others from today."""
    if told is not None:
        return told
    return today if has_assignment or hire_date is None else hire_date


def circular(
    parents: Mapping[UUID, UUID | None],
    wanted: Mapping[UUID, UUID | None],
    *,
    new: Collection[UUID] = (),
) -> set[UUID]:
    """The moves that must be refused so that the rest closes no circle.

    `parents` are the present parents of all who stand above the moved nodes and above their new parents. A refused move
    leaves the node where it was, which may close another circle: the search goes on until there is none. A refused move
    of a `new` node means that there is no such node, so that nothing can move below it either.
    """
    refused: set[UUID] = set()
    while True:
        tree = dict(parents) | {node: to for node, to in wanted.items() if node not in refused}
        missing = refused.intersection(new)
        found = {
            node
            for node in wanted.keys() - refused
            if wanted[node] in missing or _above_itself(tree, node)
        }
        if not found:
            return refused
        refused |= found


def _above_itself(tree: Mapping[UUID, UUID | None], node: UUID) -> bool:
    seen: set[UUID] = set()
    above = tree.get(node)
    while above is not None and above not in seen:
        if above == node:
            return True
        seen.add(above)
        above = tree.get(above)
    return False
