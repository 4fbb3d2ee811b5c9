"""Moving evidence from one framework to another: a job in batches that any worker goes on with where it stopped.

Each standing assertion is continued in every skill that takes its evidence: same person, level, source, assessor, days
and author, so that it weighs and decays as before. `supersedes_id` and `origin_event_id` name the one that it
continues, which stays as it is. That origin makes a second run change nothing. Where several skills become one, the
newest word of an assessor stands there, as everywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Uuid, column, exists, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.profile.crosswalks import queries
from services.profile.crosswalks.events import finished
from services.profile.crosswalks.models import FrameworkMigration
from services.profile.crosswalks.problems import EvidenceWouldStay, MigrationRunning
from services.profile.crosswalks.rules import MigrationState, Relation
from services.profile.crosswalks.schemas import MigrationReport, MigrationStart
from services.profile.reactions import jobs as profile_jobs
from services.profile.rowsets import AnySelect, insert_rows, rowset
from services.profile.skills import asserting, estimates, expiry
from services.profile.skills import commands as frameworks
from services.profile.skills.events import of_new
from services.profile.skills.models import Skill, SkillAssertion, SkillFramework
from services.profile.skills.rules import STANDING, EvidenceKind, FrameworkStatus
from shared import clock, events, jobs
from shared.db import Database
from shared.ids import new_id
from shared.jobs import Job, days
from shared.tenancy import Actor, Principal

MIGRATE = "crosswalks.migrate"
MOST_AT_ONCE = 200
ANEW = frozenset({"id", "skill_id", "recorded_at", "supersedes_id", "origin_event_id", "sequence"})

Place: TypeAlias = tuple[UUID, UUID]
"""An assertion and the skill that takes it."""


async def start(
    session: AsyncSession, principal: Principal, *, framework_id: UUID, wanted: MigrationStart
) -> UUID:
    """Deprecates the old framework at once. Raises what `preview` does, `EvidenceWouldStay`, `MigrationRunning`."""
    await frameworks.lock(session)
    report = await queries.preview(session, principal, framework_id=framework_id, wanted=wanted)
    if report.lost_assertions and not wanted.accept_loss:
        raise EvidenceWouldStay(
            f"acceptLoss: {report.lost_assertions} assertions have no place; relate their skills, "
            "or accept that they stay in the old framework."
        )
    running = select(FrameworkMigration.id).where(
        FrameworkMigration.from_id == framework_id,
        FrameworkMigration.state == MigrationState.RUNNING,
    )
    if await session.scalar(running) is not None:
        raise MigrationRunning("Wait until it is done.")
    old = select(SkillFramework.status).where(SkillFramework.id == framework_id)
    if await session.scalar(old) is FrameworkStatus.PUBLISHED:
        await frameworks.deprecate(session, principal, framework_id=framework_id)
    origins = [each.skill_id for each in report.skills]
    related = await queries.relations_to(session, origins, report.to_id)
    migration = _planned(principal, report, related)
    session.add(migration)
    await session.flush()
    arguments = {"migration": str(migration.id)}
    await jobs.enqueue(session, principal, name=MIGRATE, arguments=arguments)
    return migration.id


def _planned(
    principal: Principal, report: MigrationReport, related: Mapping[UUID, Sequence[Relation]]
) -> FrameworkMigration:
    return FrameworkMigration(
        id=new_id(),
        from_id=report.from_id,
        to_id=report.to_id,
        state=MigrationState.RUNNING,
        carried_by=[each.value for each in report.using],
        mapping=[
            {
                "originId": str(each.skill_id),
                "targetIds": [str(id_) for id_ in each.target_ids],
                "relations": [
                    {"skillId": str(skill_id), "type": kind.value, "turned": turned}
                    for skill_id, kind, turned in related[each.skill_id]
                ],
            }
            for each in report.skills
        ],
        report=report.model_dump(mode="json", by_alias=True),
        copied=0,
        started_by_id=principal.person_id,
        started_by_client=principal.subject if principal.actor is Actor.CLIENT else None,
        started_at=clock.now(),
    )


@profile_jobs.job(MIGRATE, at_once=2, most_attempts=None)
async def migrate(database: Database, principal: Principal, job: Job) -> None:
    """Continues what has no continuation yet, some hundred a transaction, until there is none."""
    migration_id = UUID(job.arguments["migration"])

    async def portion(session: AsyncSession, after: Place | None) -> Place | None:
        return await migrate_some(session, principal, migration_id, after=after)

    await jobs.sweep(database, principal.tenant_id, portion)


async def migrate_some(
    session: AsyncSession, principal: Principal, migration_id: UUID, *, after: Place | None
) -> Place | None:
    """The next assertions; closes the migration when from the first on there was nothing to do."""
    locked = select(FrameworkMigration).where(FrameworkMigration.id == migration_id)
    migration = await session.scalar(locked.with_for_update())
    if migration is None or migration.state is MigrationState.DONE:
        return None
    waiting = _waiting(migration, after)
    found = await _rows(session, waiting)
    people = {row["person_id"] for row in found}
    await estimates.lock(session, people)
    rows = [row for row in await _rows(session, waiting) if row["person_id"] in people]
    if rows:
        await _continue(session, principal, migration, rows)
    elif not found and after is None:
        await _finish(session, principal, migration)
    migration.copied += len(rows)
    return (found[-1]["id"], found[-1]["target_id"]) if found else None


async def _finish(
    session: AsyncSession, principal: Principal, migration: FrameworkMigration
) -> None:
    migration.state, migration.finished_at = MigrationState.DONE, clock.now()
    ends = (migration.from_id, migration.to_id)
    rows = await session.execute(
        select(SkillFramework.id, SkillFramework.key).where(SkillFramework.id.in_(ends))
    )
    keys = {row.id: row.key for row in rows}
    await events.publish_many(session, principal, facts=list(finished(migration, keys)))


def _waiting(migration: FrameworkMigration, after: Place | None) -> AnySelect:
    """Standing assertions beside the skills that take them, where their continuation is missing."""
    pairs = [
        {"origin_id": each["originId"], "target_id": target}
        for each in migration.mapping
        for target in each["targetIds"]
    ]
    given = rowset([column("origin_id", Uuid), column("target_id", Uuid)], pairs)
    copy = aliased(SkillAssertion)
    made = exists().where(
        copy.origin_event_id == SkillAssertion.id, copy.skill_id == given.c.target_id
    )
    place = (SkillAssertion.id, given.c.target_id)
    waiting = (
        select(SkillAssertion.__table__, given.c.target_id)
        .join(given, given.c.origin_id == SkillAssertion.skill_id)
        .where(SkillAssertion.state.in_(STANDING), ~made)
        .order_by(*place)
        .limit(MOST_AT_ONCE)
    )
    return waiting if after is None else waiting.where(tuple_(*place) > after)


async def _rows(session: AsyncSession, waiting: AnySelect) -> list[dict[str, Any]]:
    return [dict(row) for row in (await session.execute(waiting)).mappings()]


async def _continue(
    session: AsyncSession,
    principal: Principal,
    migration: FrameworkMigration,
    rows: Sequence[dict[str, Any]],
) -> None:
    names = await _names(session, {row["skill_id"] for row in rows})
    made = [_continued(migration, row, names[row["skill_id"]]) for row in rows]
    await asserting.take_places(session, principal, made)
    await insert_rows(session, SkillAssertion, made)
    await events.publish_many(session, principal, facts=of_new(made))
    await days.plan(session, principal, expiry.EXPIRE, [row["expires_on"] for row in made])
    pairs = [(row["person_id"], row["skill_id"]) for row in made]
    await estimates.refresh(session, principal, pairs, today=clock.today())


def _continued(
    migration: FrameworkMigration, row: Mapping[str, Any], name: tuple[str, str]
) -> dict[str, Any]:
    kept = {
        key: value for key, value in row.items() if key not in {*ANEW, "target_id", "tenant_id"}
    }
    source = {
        "kind": EvidenceKind.TESTIMONY,
        "title": f"Continues what was said of {name[1]}",
        "provenance": {
            "activity": str(migration.id),
            "sourceSystem": name[0],
            "sourceEventId": str(row["id"]),
        },
    }
    return kept | {
        "id": new_id(),
        "skill_id": row["target_id"],
        "evidence": [*row["evidence"], source],
        "supersedes_id": row["id"],
        "origin_event_id": row["id"],
        "recorded_at": clock.now(),
        "sequence": 1,
    }


async def _names(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """The framework's key and the skill's words."""
    rows = await session.execute(
        select(Skill.id, SkillFramework.key, Skill.statement)
        .join(SkillFramework, SkillFramework.id == Skill.framework_id)
        .where(Skill.id.in_(list(ids)))
    )
    return {row.id: (row.key, row.statement) for row in rows}
