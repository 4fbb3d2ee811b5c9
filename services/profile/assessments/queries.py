"""Everything that is read of sessions and results; who may not see it gets nothing."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    and_,
    case,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments.models import AssessmentResult, AssessmentSession
from services.profile.assessments.parts import PurposeLock
from services.profile.assessments.rules import HANDED_IN, Origin, SessionState
from services.profile.policy import POLICY
from services.profile.rowsets import AnyRow
from shared.paging import PageRequest, page_of
from shared.policy import me
from shared.problems import NotFound
from shared.tenancy import Principal
from shared.views import Columns

_SESSION = AssessmentSession.metadata.tables[AssessmentSession.__tablename__]
TODAY: ColumnElement[date] = literal_column("CAST(now() AT TIME ZONE 'UTC' AS date)", Date())
ALWAYS_SHOWN = ("id", "person_id", "instrument_id", "code", "name", "kind", "purpose_lock")
OWN_ALONE = (
    "attempt",
    "last_on",
    "started_at",
    "submitted_at",
    "scored_on",
    "interpreted_at",
    "closed_at",
    "sequence",
)


def sessions(principal: Principal) -> FromClause:
    """The sessions as the principal may know them; a row that they may not know of is not there.

    HR follows what somebody else than the person assigned. Of what serves guidance alone it learns that it is handed
    in, or that its day has passed: who declines looks like who had no time, and nothing tells when somebody began.
    """
    row = _SESSION.c
    own = POLICY.visible(principal, "ASSESSMENT", "READ", row.person_id)
    follows = POLICY.visible(principal, "ASSESSMENT", "FOLLOW", row.person_id)
    whole = or_(own, row.purpose_lock == PurposeLock.ASSESSMENT)
    return (
        select(
            *(row[name] for name in (*ALWAYS_SHOWN, "assigned_by", "assigned_at", "due_on")),
            case((whole, row.state), else_=_to_hr()).label("state"),
            *(case((whole, row[name]), else_=null()).label(name) for name in OWN_ALONE),
            case((own, row.skill_ids), else_=null()).label("skill_ids"),
        )
        .where(or_(own, and_(follows, row.assigned_by != row.person_id)))
        .subquery()
    )


def _to_hr() -> ColumnElement[Any]:
    row = _SESSION.c
    called_off = and_(row.state == SessionState.CANCELLED, row.closed_by != row.person_id)
    return case(
        (row.state.in_(HANDED_IN), SessionState.SUBMITTED.value),
        (called_off, SessionState.CANCELLED.value),
        (row.due_on < TODAY, SessionState.EXPIRED.value),
        else_=SessionState.ASSIGNED.value,
    )


async def of_person(
    session: AsyncSession, principal: Principal, *, person_id: UUID
) -> Sequence[AnyRow]:
    """The newest first; nothing, and no refusal, where the caller may know of none."""
    rows = sessions(principal)
    found = select(rows).where(rows.c.person_id == person_id)
    newest = found.order_by(rows.c.assigned_at.desc(), rows.c.id.desc())
    return (await session.execute(newest)).all()


async def one(session: AsyncSession, principal: Principal, assessment_id: UUID) -> AnyRow:
    """Raises `NotFound`."""
    rows = sessions(principal)
    found = (await session.execute(select(rows).where(rows.c.id == assessment_id))).one_or_none()
    if found is None:
        raise NotFound
    return found


async def own(
    session: AsyncSession, principal: Principal, assessment_id: UUID, *, locked: bool = False
) -> AssessmentSession:
    """The caller's own session. Raises `NotFound`."""
    wanted = select(AssessmentSession).where(
        AssessmentSession.id == assessment_id,
        POLICY.visible(principal, "ASSESSMENT", "READ", AssessmentSession.person_id),
    )
    found = await session.scalar(
        wanted.with_for_update() if locked else wanted,
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise NotFound
    return found


def results_visible(principal: Principal, row: Columns | type[AssessmentResult]) -> Any:
    """What is for guidance goes by consent alone; a row-level policy says the same whatever a query forgets."""
    guidance = POLICY.visible(principal, "GUIDANCE_RESULT", "READ", row.person_id, object_id=row.id)
    test = POLICY.visible(principal, "TEST_RESULT", "READ", row.person_id)
    return or_(
        and_(row.purpose_lock == PurposeLock.GUIDANCE_ONLY, guidance),
        and_(row.purpose_lock == PurposeLock.ASSESSMENT, test),
    )


async def results(
    session: AsyncSession, principal: Principal, *, person_id: UUID, page: PageRequest
) -> tuple[Sequence[AssessmentResult], UUID | None]:
    """Those of the person's results that the caller may see."""
    rows = _results(principal).where(AssessmentResult.person_id == person_id)
    return await page_of(session, rows, key=AssessmentResult.id, page=page)


async def result(session: AsyncSession, principal: Principal, result_id: UUID) -> AssessmentResult:
    """Raises `NotFound`."""
    found = await session.scalar(_results(principal).where(AssessmentResult.id == result_id))
    if found is None:
        raise NotFound
    return found


def _results(principal: Principal) -> Select[AssessmentResult]:
    return select(AssessmentResult).where(results_visible(principal, AssessmentResult))


async def newest_of(
    session: AsyncSession, principal: Principal, kind: str
) -> AssessmentResult | None:
    """The caller's own newest scored result of a kind."""
    own_rows = select(AssessmentResult).where(
        AssessmentResult.person_id == me(principal),
        AssessmentResult.kind == kind,
        AssessmentResult.origin == Origin.SCORED,
    )
    newest = own_rows.order_by(AssessmentResult.taken_on.desc(), AssessmentResult.id.desc())
    return await session.scalar(newest.limit(1))
