"""Rating oneself on skills. What a role asks of them is goals' to know: it is neither stored nor shown here, and the
order is the skills' own, so that nothing tells the wanted level before the rating."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import FromClause, Row, Select, cast, func, select, true
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments.models import AssessmentSession
from services.profile.assessments.schemas import SkillItem, SkillLevelOption
from services.profile.people.queries import among
from services.profile.skills import recording
from services.profile.skills.models import ProficiencyScale, Skill, SkillFramework
from services.profile.skills.problems import UnknownSkill
from services.profile.skills.rules import AssertionSource, FrameworkStatus
from services.profile.skills.schemas import AssertionCreate
from shared.problems import Invalid
from shared.tenancy import Principal

_SESSION = AssessmentSession.metadata.tables[AssessmentSession.__tablename__]
IN_ORDER = ("statement", "code", "id")


async def checked(session: AsyncSession, skill_ids: Sequence[UUID]) -> list[str]:
    """Each once, in the order of their ids whatever the order sent. Raises `UnknownSkill`."""
    wanted = sorted(set(skill_ids))
    if not wanted:
        return []
    open_ones = (
        select(Skill.id)
        .join(SkillFramework, SkillFramework.id == Skill.framework_id)
        .where(among(Skill.id, wanted), SkillFramework.status == FrameworkStatus.PUBLISHED)
    )
    known = set(await session.scalars(open_ones))
    for place, skill_id in enumerate(skill_ids):
        if skill_id not in known:
            raise UnknownSkill(f"/skillIds/{place}: there is no such skill in use")
    return [str(each) for each in wanted]


def asked(sessions: FromClause) -> Select[Any]:
    """The skills of these sessions, a row each, with the words for their levels."""
    each = func.jsonb_array_elements_text(sessions.c.skill_ids)
    listed = each.table_valued("skill_id").render_derived("listed")
    skill_id = cast(listed.c.skill_id, PG_UUID())
    return (
        select(
            sessions.c.id.label("session_id"),
            sessions.c.person_id,
            Skill.id.label("id"),
            Skill.id.label("key"),
            Skill.code,
            Skill.statement,
            Skill.description,
            ProficiencyScale.levels,
        )
        .select_from(sessions)
        .join(listed, true())
        .join(Skill, Skill.id == skill_id)
        .join(SkillFramework, SkillFramework.id == Skill.framework_id)
        .join(ProficiencyScale, ProficiencyScale.id == SkillFramework.scale_id)
    )


async def items(session: AsyncSession, assessment: AssessmentSession) -> list[SkillItem]:
    """By statement and code."""
    return [_item(row) for row in await _rows(session, assessment)]


async def faults(
    session: AsyncSession, assessment: AssessmentSession, answers: Mapping[str, Any]
) -> dict[str, str]:
    """What cannot be stored: item key → what would be right."""
    options = {
        str(row.id): [level["ordinal"] for level in row.levels]
        for row in await _rows(session, assessment)
    }
    found = {}
    for key, answer in answers.items():
        if key not in options:
            found[key] = "This session has no such skill: send only its items' keys."
        elif answer not in options[key] or isinstance(answer, bool):
            found[key] = f"Answer with one of {', '.join(map(str, options[key]))}."
    return found


async def record(
    session: AsyncSession,
    principal: Principal,
    assessment: AssessmentSession,
    answers: Mapping[str, Any],
) -> None:
    """What one says of oneself, one SELF assertion a skill; sent twice it is recorded once."""
    for row in await _rows(session, assessment):
        ordinal = answers.get(str(row.id))
        level = next((each for each in row.levels if each["ordinal"] == ordinal), None)
        if level is None:
            raise Invalid.field(f"/answers/{row.id}", "choose a level")
        said = AssertionCreate(
            person_id=assessment.person_id,
            skill_id=row.id,
            source=AssertionSource.SELF,
            level=level["value"],
            origin_event_id=assessment.id,
        )
        await recording.record(session, principal, new=said)


async def _rows(session: AsyncSession, assessment: AssessmentSession) -> Sequence[Row[Any]]:
    rows = asked(_SESSION).where(_SESSION.c.id == assessment.id)
    ordered = rows.order_by(Skill.statement, Skill.code, Skill.id)
    found: Sequence[Row[Any]] = (await session.execute(ordered)).all()
    return found


def _item(row: Row[Any]) -> SkillItem:
    return SkillItem(
        key=row.id,
        skill_id=row.id,
        text=row.statement,
        description=row.description,
        options=[SkillLevelOption(**_shown(each)) for each in row.levels],
    )


def _shown(level: Mapping[str, Any]) -> dict[str, Any]:
    return {name: level.get(name) for name in ("ordinal", "label", "description")}
