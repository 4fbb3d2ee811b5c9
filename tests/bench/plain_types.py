"""The types of the plain gateway: what a record says as plain fields, and a resolver for every edge."""

import base64
from datetime import date, datetime
from typing import Any, Generic, Self, TypeVar
from uuid import UUID

import strawberry

from tests.bench.records import (
    CheckInRecord,
    GapItemRecord,
    GapRecord,
    GoalRecord,
    MilestoneRecord,
    PersonRecord,
    RoleRecord,
    SkillLevelRecord,
    SkillRecord,
    UnitRecord,
)

N = TypeVar("N")
Info = strawberry.Info[Any, None]


def uuid_of(global_id: str) -> UUID:
    """The key inside a global id."""
    return UUID(base64.b64decode(global_id).decode().partition(":")[2])


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Page(Generic[N]):
    nodes: list[N]
    page_info: PageInfo


@strawberry.type
class Nodes(Generic[N]):
    nodes: list[N]


@strawberry.type
class OrgUnit:
    id: strawberry.ID
    name: str


@strawberry.type
class Skill:
    id: strawberry.ID
    code: str
    statement: str


async def _skill(info: Info, skill_id: UUID) -> Skill | None:
    found: SkillRecord | None = await info.context.loader(SkillRecord).load(skill_id)
    return (
        Skill(id=strawberry.ID(found.id), code=found.code, statement=found.statement)
        if found
        else None
    )


@strawberry.type
class SkillLevel:
    level: float | None
    confidence: float | None
    skill_id: strawberry.Private[UUID]

    @strawberry.field
    async def skill(self, info: Info) -> Skill | None:
        return await _skill(info, self.skill_id)

    @classmethod
    def of(cls, record: SkillLevelRecord) -> Self:
        return cls(level=record.level, confidence=record.confidence, skill_id=record.skill_id)


@strawberry.type
class Role:
    id: strawberry.ID
    title: str
    level: int | None


@strawberry.type
class GapItem:
    status: str
    as_is: float | None
    required: float
    gap: float | None
    mandatory: bool
    skill_id: strawberry.Private[UUID]

    @strawberry.field
    async def skill(self, info: Info) -> Skill | None:
        return await _skill(info, self.skill_id)

    @classmethod
    def of(cls, record: GapItemRecord) -> Self:
        return cls(
            status=record.status,
            as_is=record.as_is,
            required=record.required,
            gap=record.gap,
            mandatory=record.mandatory,
            skill_id=record.skill_id,
        )


@strawberry.type
class Gap:
    readiness: float | None
    gap_count: int
    items: list[GapItem]


@strawberry.type
class Milestone:
    id: strawberry.ID
    title: str
    state: str
    due_date: date | None

    @classmethod
    def of(cls, record: MilestoneRecord) -> Self:
        return cls(
            id=strawberry.ID(record.id),
            title=record.title,
            state=record.state,
            due_date=record.due_date,
        )


@strawberry.type
class Goal:
    id: strawberry.ID
    title: str
    state: str
    health: str
    progress: float
    due_date: date | None

    @strawberry.field
    async def milestones(self, info: Info, first: int = 25) -> list[Milestone]:
        loader = info.context.loader(MilestoneRecord, "goal", first)
        return [Milestone.of(record) for record in await loader.load(uuid_of(self.id))]

    @classmethod
    def of(cls, record: GoalRecord) -> Self:
        return cls(
            id=strawberry.ID(record.id),
            title=record.title,
            state=record.state,
            health=record.health,
            progress=record.progress,
            due_date=record.due_date,
        )


@strawberry.type
class CheckIn:
    id: strawberry.ID
    state: str
    scheduled_for: datetime
    employee_id: strawberry.Private[UUID]
    manager_id: strawberry.Private[UUID]

    @strawberry.field
    async def employee(self, info: Info) -> "Person | None":
        return await _person(info, self.employee_id)

    @strawberry.field
    async def manager(self, info: Info) -> "Person | None":
        return await _person(info, self.manager_id)

    @classmethod
    def of(cls, record: CheckInRecord) -> Self:
        return cls(
            id=strawberry.ID(record.id),
            state=record.state,
            scheduled_for=record.scheduled_for,
            employee_id=record.employee_id,
            manager_id=record.manager_id,
        )


@strawberry.type
class Person:
    id: strawberry.ID
    display_name: str
    work_email: str | None
    hire_date: date | None
    role_title: str | None
    record: strawberry.Private[PersonRecord]

    @strawberry.field
    async def manager(self, info: Info) -> "Person | None":
        return await _person(info, self.record.manager_id)

    @strawberry.field
    async def org_unit(self, info: Info) -> OrgUnit | None:
        if self.record.org_unit_id is None:
            return None
        found: UnitRecord | None = await info.context.loader(UnitRecord).load(
            self.record.org_unit_id
        )
        return OrgUnit(id=strawberry.ID(found.id), name=found.name) if found else None

    @strawberry.field
    async def skills(self, info: Info, first: int = 50) -> list[SkillLevel]:
        loader = info.context.loader(SkillLevelRecord, "person", first)
        return [SkillLevel.of(record) for record in await loader.load(self.record.person_id)]

    @strawberry.field
    async def role(self, info: Info) -> Role | None:
        if self.record.role_id is None:
            return None
        found: RoleRecord | None = await info.context.loader(RoleRecord).load(self.record.role_id)
        return (
            Role(id=strawberry.ID(found.id), title=found.title, level=found.level)
            if found
            else None
        )

    @strawberry.field
    async def gap(self, info: Info) -> Gap | None:
        found: GapRecord | None = await info.context.loader(GapRecord, "person").load(
            self.record.person_id
        )
        return (
            Gap(
                readiness=found.readiness,
                gap_count=found.gap_count,
                items=[GapItem.of(item) for item in found.items],
            )
            if found
            else None
        )

    @strawberry.field
    async def goals(self, info: Info, first: int = 25) -> Nodes[Goal]:
        loader = info.context.loader(GoalRecord, "person", first)
        return Nodes(nodes=[Goal.of(each) for each in await loader.load(self.record.person_id)])

    @strawberry.field
    async def check_ins(self, info: Info, first: int = 25) -> Nodes[CheckIn]:
        loader = info.context.loader(CheckInRecord, "person", first)
        return Nodes(nodes=[CheckIn.of(each) for each in await loader.load(self.record.person_id)])

    @classmethod
    def of(cls, record: PersonRecord) -> Self:
        return cls(
            id=strawberry.ID(record.id),
            display_name=record.display_name,
            work_email=record.work_email,
            hire_date=record.hire_date,
            role_title=record.role_title,
            record=record,
        )


async def _person(info: Info, person_id: UUID | None) -> Person | None:
    if person_id is None:
        return None
    found: PersonRecord | None = await info.context.loader(PersonRecord).load(person_id)
    return Person.of(found) if found else None
