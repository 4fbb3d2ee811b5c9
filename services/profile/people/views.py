"""What the gateway reads of people and units."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    FromClause,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
)

from services.profile.assessments.views import compatible_occupations, occupations_by_values
from services.profile.assessments.views import results as assessment_results
from services.profile.assessments.views import sessions as assessment_sessions
from services.profile.baselines.views import baselines
from services.profile.consents.views import consents
from services.profile.credentials.views import credentials
from services.profile.experience.views import experience, timeline_entries
from services.profile.exports.views import exports
from services.profile.journal.views import (
    aspirations,
    insights,
    notes,
    reflections,
    strengths,
)
from services.profile.network.views import contacts, interactions, introductions
from services.profile.people.models import ExternalIdentifier, OrgUnit, Person
from services.profile.people.queries import contains, listed, readable, units_below
from services.profile.people.schemas import CARD
from services.profile.policy import POLICY
from services.profile.ratings.views import ratings
from services.profile.skill_tests.views import skill_tests
from services.profile.skills.level_views import skill_groups, skill_levels
from services.profile.skills.views import skill_assertions
from shared.tenancy import Principal
from shared.views import Argument, Many, One, View, column, columns, elements, global_id
from shared.views.declare import Arguments, Columns

LAST = "9999-12-31"
"""Whose hire date is not known, or not the caller's to know, stands at the end."""

PERSONAL = (
    "subject",
    "work_email",
    "locale",
    "time_zone",
    "status",
    "hire_date",
    "termination_date",
    "level",
    "employment_type",
    "assignment_since",
    "sequence",
)


def _directory(principal: Principal, _: Arguments) -> FromClause:
    """Everybody whom the caller may see; of colleagues the card alone, with NULL in place of the rest."""
    whole = readable(principal)

    def shown(expression: ColumnElement[Any], name: str) -> ColumnElement[Any]:
        return case((whole, expression), else_=null()).label(name)

    hired = cast(func.coalesce(case((whole, Person.hire_date)), literal_column(f"'{LAST}'")), Date)
    name = func.jsonb_build_object(
        literal_column("'system'"),
        ExternalIdentifier.system,
        literal_column("'type'"),
        ExternalIdentifier.type,
        literal_column("'value'"),
        ExternalIdentifier.value,
    )
    names = (
        select(func.jsonb_agg(name))
        .where(ExternalIdentifier.person_id == Person.id)
        .correlate(Person)
        .scalar_subquery()
    )
    table = Person.__table__.c
    return (
        select(
            *(table[each] for each in CARD),
            *(shown(table[each], each) for each in PERSONAL),
            shown(names, "external_ids"),
            hired.label("hired"),
        )
        .where(listed(principal))
        .subquery()
    )


def _everybody(principal: Principal, row: Columns) -> ColumnElement[bool]:
    """The source has left out whom the caller may not see; who has no access at all sees nobody."""
    return POLICY.visible(principal, "PERSON", "READ_CARD", row.id)


def _search(row: Columns, text: BindParameter[Any]) -> ColumnElement[bool]:
    return contains([row.display_name, row.preferred_name, row.role_title], text)


def _in_unit(row: Columns, unit_id: BindParameter[Any]) -> ColumnElement[bool]:
    unit: ColumnElement[Any] = row.org_unit_id
    return unit.in_(units_below(unit_id))


people: View = View(
    name="people",
    source=_directory,
    visible=_everybody,
    fields={
        "id": global_id("Person"),
        "personId": column("id"),
        **columns(
            "displayName",
            "preferredName",
            "workEmail",
            "subject",
            "status",
            "locale",
            "timeZone",
            "hireDate",
            "terminationDate",
            "managerId",
            "orgUnitId",
            "roleId",
            "roleTitle",
            "level",
            "employmentType",
            "assignmentSince",
        ),
        "version": column("sequence"),
        "externalIds": elements("external_ids", "system", "type", "value"),
        "manager": One(lambda: people, on="manager_id"),
        "directReports": Many(lambda: people, by="manager"),
        "orgUnit": One(lambda: org_units, on="org_unit_id"),
        "skills": Many(lambda: skill_levels, by="person"),
        "skillGroups": Many(lambda: skill_groups, by="person"),
        "ratings": Many(lambda: ratings, by="person"),
        "ratingsToGive": Many(lambda: ratings, by="rater"),
        "skillAssertions": Many(lambda: skill_assertions, by="person"),
        "skillTests": Many(lambda: skill_tests, by="person"),
        "credentials": Many(lambda: credentials, by="person"),
        "experience": Many(lambda: experience, by="person"),
        "timeline": Many(lambda: timeline_entries, by="person"),
        "baselines": Many(lambda: baselines, by="person"),
        "reflections": Many(lambda: reflections, by="person"),
        "journalNotes": Many(lambda: notes, by="person"),
        "aspirations": Many(lambda: aspirations, by="person"),
        "strengths": Many(lambda: strengths, by="person"),
        "insights": Many(lambda: insights, by="person"),
        "assessments": Many(lambda: assessment_sessions, by="person"),
        "assessmentResults": Many(lambda: assessment_results, by="person"),
        "compatibleOccupations": compatible_occupations,
        "occupationsByValues": occupations_by_values,
        "consents": Many(lambda: consents, by="person"),
        "contacts": Many(lambda: contacts, by="person"),
        "interactions": Many(lambda: interactions, by="person"),
        "introductions": Many(lambda: introductions, by="person"),
        "exports": Many(lambda: exports, by="person"),
        "receivedConsents": Many(lambda: consents, by="grantee"),
    },
    lists={"manager": "manager_id", "orgUnit": "org_unit_id"},
    order=("display_name", "id"),
    orders={"NAME": ("display_name", "id"), "HIRE_DATE": ("hired", "id")},
    arguments={
        "search": Argument(str, _search),
        "orgUnitId": Argument(UUID, _in_unit),
        "status": Argument(str, lambda row, status: row.status == status),
    },
)

org_units: View = View(
    name="org_units",
    source=OrgUnit.__table__,
    visible=lambda principal, row: POLICY.visible(principal, "ORG_UNIT", "READ", row.id),
    fields={
        "id": global_id("OrgUnit"),
        "orgUnitId": column("id"),
        **columns("name", "type", "parentId", "leaderId"),
        "version": column("sequence"),
        "parent": One(lambda: org_units, on="parent_id"),
        "leader": One(lambda: people, on="leader_id"),
        "children": Many(lambda: org_units, by="parent"),
        "members": Many(lambda: people, by="orgUnit"),
    },
    lists={"parent": "parent_id"},
    order=("name", "id"),
    arguments={"type": Argument(str, lambda row, kind: row.type == kind)},
)
