"""What the gateway reads of gaps: computed for the people that it asks for, in the statement that it asks with."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Double, FromClause, Integer, func, literal_column, null, select

from services.goals.accesses.rules import Kept
from services.goals.gaps import between, closing, custom, demands, engine, heat_map, records
from services.goals.gaps.dated import Moment
from services.goals.gaps.queries import INSTEAD_OF_RANKING, ranked, require_kept, visible
from services.goals.gaps.schemas import WantedCredentials, WantedExperience, WantedSkills
from services.goals.policy import POLICY
from services.goals.roles.queries import readable
from services.goals.roles.views import ROLES
from shared.tenancy import Principal
from shared.views import (
    Argument,
    Logged,
    One,
    Patience,
    Scalar,
    View,
    columns,
    computed,
    computed_for_caller,
    elements,
    formed,
    part,
)
from shared.views.compiler import MOST_FIRST
from shared.views.declare import Arguments

TODAY = literal_column("(now() AT TIME ZONE 'UTC')::date", Date())
A_KEPT_DAY = Argument(date, check=lambda day: require_kept(day, "asOf"))


def _gaps(_principal: Principal, arguments: Arguments) -> FromClause:
    """With a day or a moment of knowing from the levels of then."""
    as_of, moment = _when(arguments)
    return engine.summaries(demands.of_roles(arguments.get("roleId"), moment), as_of, moment)


def _custom_gaps(_principal: Principal, arguments: Arguments) -> FromClause:
    as_of, moment = _when(arguments)
    nothing: Any = custom.NOTHING
    wanted = (
        arguments.get(name, nothing) for name in ("requirements", "experience", "credentials")
    )
    return custom.summaries(custom.Wanted(*wanted), as_of, moment)


def _when(arguments: Arguments) -> tuple[Any, Moment | None]:
    day, known_at = arguments.get("asOf"), arguments.get("knownAt")
    as_of: Any = TODAY if day is None else day
    return as_of, None if day is None and known_at is None else Moment(as_of, known_at)


TRACE = part(
    "trace",
    part("estimate", "level", "mass", "variance", "asOf", "halfLifeMonths", "rule"),
    part("decay", "days", "factor", "mass"),
    "half",
    part(
        "contributions",
        "assertionId",
        "source",
        "level",
        "weight",
        "decay",
        "occurredOn",
        "shift",
        "levelWithout",
        "insteadId",
    ),
)

EXPERIENCE_TRACE = part(
    "trace",
    "matchedBy", "wholeMonths", "days", "verifiedWholeMonths", "verifiedDays",
    part(
        "records", "recordId", "type", "title", "organisation", "startedOn", "endedOn",
        "hoursPerWeek", "teamSizeLed", "verification",
    ),
)  # fmt: skip
CREDENTIALS = part(
    "records", "credentialId", "name", "issuer", "issuedOn", "expiresOn", "revokedOn",
    "verification", "stands",
)  # fmt: skip

GAPS = View(
    name="gaps",
    source=_gaps,
    visible=visible,
    fields={
        **columns("personId", "roleId", "roleVersion", "targetType", "asOf", "engineVersion"),
        **columns("readiness", "readinessLow", "readinessHigh", "unassessedShare"),
        **columns("knownAt", "gapCount", "unassessedCount"),
        "role": One(lambda: ROLES, on="role_id"),
        "items": elements(
            "items", "skillId", "status", "asIs", "intervalLow", "intervalHigh", "confidence",
            "required", "gap", "weight", "mandatory", "blocker", TRACE,
            dear="trace", without="untraced_items",
        ),
        "experienceGaps": computed(
            lambda row: records.experience_gaps(records.of_gap(row)),
            "type", "text", "minMonths", "minTeamSize", "mandatory", "status", "months",
            "verifiedMonths", "missingMonths", EXPERIENCE_TRACE,
        ),
        "credentialGaps": computed(
            lambda row: records.credential_gaps(records.of_gap(row)),
            "name", "issuer", "mandatory", "status", "expiresOn", part("trace", CREDENTIALS),
        ),
        "blockers": computed(closing.blockers, "kind", "skillId", "name"),
        "closers": computed_for_caller(
            closing.closers,
            "skillId", "gap",
            part("courses", "resourceId", "expectedDelta", "deltaPerHour", "state"),
            part("goals", "goalId"),
            part("mentors", "personId"),
        ),
    },
    key="person_id",
    lists={"person": "person_id"},
    order=("person_id",),
    arguments={
        "roleId": Argument(UUID), "asOf": A_KEPT_DAY, "knownAt": Argument(datetime),
    },
    logged=Logged(Kept.GAPS),
)  # fmt: skip


CUSTOM_GAPS = replace(
    GAPS,
    name="custom_gaps",
    source=_custom_gaps,
    arguments={
        "requirements": formed(WantedSkills),
        "experience": formed(WantedExperience),
        "credentials": formed(WantedCredentials),
        "asOf": A_KEPT_DAY,
        "knownAt": Argument(datetime),
    },
)


def _rankings(principal: Principal, arguments: Arguments) -> FromClause:
    """Those nearest to a role, each with a place to be ordered by: who has nothing assessed stands last."""
    as_of, moment = _when(arguments)
    gap = ranked(principal, arguments.get("roleId", null()), as_of, moment, limit=MOST_FIRST)
    place = func.coalesce(gap.c.readiness, literal_column("-1::float8"), type_=Double())
    return select(gap, place.label("place")).subquery()


RANKINGS = replace(
    GAPS,
    name="rankings",
    source=_rankings,
    lists={},
    order=("-place", "unassessed_share", "person_id"),
    patience=Patience(6.0, "roleId", INSTEAD_OF_RANKING),
)


def _role_gaps(_principal: Principal, arguments: Arguments) -> FromClause:
    """Without a first role there is nothing to compare."""
    origin: Any = arguments.get("fromRoleId", null())
    return between.summaries(between.pairs(origin))


ROLE_GAPS = View(
    name="role_gaps",
    source=_role_gaps,
    visible=lambda principal, _row: readable(principal),
    fields={
        **columns("fromRoleId", "toRoleId", "fit", "requiredCount", "gapCount", "newCount"),
        **columns("missing"),
        "fromRole": One(lambda: ROLES, on="from_role_id"),
        "toRole": One(lambda: ROLES, on="to_role_id"),
        "items": elements(
            "items", "skillId", "status", "asIs", "required", "gap", "weight", "mandatory"
        ),
    },
    key="to_role_id",
    order=("-fit", "to_role_id"),
    arguments={"fromRoleId": Argument(UUID)},
)


def _heat_maps(_principal: Principal, arguments: Arguments) -> FromClause:
    return heat_map.units(arguments.get("skillIds"))


def _nearest_roles(principal: Principal, arguments: Arguments) -> FromClause:
    """What asks for nothing says nothing."""
    gap = _role_gaps(principal, arguments)
    return select(gap).where(gap.c.required_count > 0).subquery()


NEAREST_ROLES = replace(ROLE_GAPS, name="nearest_roles", source=_nearest_roles)

HEAT_MAPS = View(
    name="heat_maps",
    source=_heat_maps,
    visible=lambda principal, row: POLICY.visible(principal, "HEAT_MAP", "READ", row.id),
    fields={
        "k": Scalar(lambda _row: literal_column(str(heat_map.K), Integer())),
        "skills": computed(
            heat_map.skills,
            "skillId",
            part(
                "cells", "orgUnitId", "isWhole", "suppressed", "people", "coverage", "meanGap",
                "unassessedShare",
            ),
        ),
    },
    arguments={"skillIds": Argument(UUID, many=True)},
    patience=Patience(6.0, "skillIds", heat_map.INSTEAD),
)  # fmt: skip

VIEWS = (GAPS, CUSTOM_GAPS, RANKINGS, ROLE_GAPS, NEAREST_ROLES, HEAT_MAPS)
