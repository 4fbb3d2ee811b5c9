"""Profile's rules: who may do what with whom, as relations in the organisation of this moment."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people.models import Person, PersonGrant, org_tree, reporting_line
from services.profile.people.rules import WITH_ACCESS
from shared.auth import Claims
from shared.policy import Policy, everybody, granted, granted_over, own, reports, scoped
from shared.problems import Forbidden
from shared.tenancy import Actor, Grant, Principal

team = reports(reporting_line, deepest=1)
line = reports(reporting_line)
hr_scope = granted_over("HR_PARTNER", people=Person, units=org_tree)
hr = granted("HR_PARTNER")
admin = granted("ADMIN")
people_read = scoped("people:read")
people_write = scoped("people:write")
skills_read = scoped("skills:read")
skills_write = scoped("skills:write")

# READ_CARD is what every employee may know of a colleague: name, title and unit. All else of a person needs READ.
# CORRECT changes what the HR system does not own; UPDATE, ASSIGN and END change what it does.
POLICY = Policy(
    {
        ("PERSON", "READ_CARD"): (everybody, people_read, people_write),
        ("PERSON", "READ"): (own, line, hr_scope, admin, people_read, people_write),
        ("PERSON", "CREATE"): (admin, people_write),
        ("PERSON", "CORRECT"): (hr_scope, admin, people_write),
        ("PERSON", "UPDATE"): (admin, people_write),
        ("PERSON", "ASSIGN"): (admin, people_write),
        ("PERSON", "END"): (admin, people_write),
        ("ASSIGNMENT", "READ"): (own, line, hr_scope, admin, people_read, people_write),
        ("GRANT", "READ"): (own, admin, scoped("grants:write")),
        ("GRANT", "WRITE"): (admin, scoped("grants:write")),
        ("ORG_UNIT", "READ"): (everybody, people_read, people_write),
        ("ORG_UNIT", "WRITE"): (admin, people_write),
        ("FRAMEWORK", "READ"): (everybody, skills_read, skills_write),
        ("FRAMEWORK", "READ_DRAFT"): (hr, admin, skills_write),
        ("FRAMEWORK", "WRITE"): (hr, admin, skills_write),
        ("SKILL", "READ"): (everybody, skills_read, skills_write),
        ("ASSERTION", "READ"): (own, line, hr_scope),
        ("SELF_ASSERTION", "READ"): (own, team, hr_scope),
        ("ESTIMATE", "READ"): (own, line, hr_scope),
        ("ASSERTION", "RECORD_OWN"): (own,),
        ("ASSERTION", "RECORD_AS_MANAGER"): (team,),
        ("ASSERTION", "RECORD_AS_HR"): (hr_scope,),
        ("ASSERTION", "RECORD_VERIFIED"): (team, hr_scope),
        ("ASSERTION", "RECORD_FACT"): (hr_scope, skills_write),
        ("ASSERTION", "DECIDE"): (team, hr_scope),
    }
)


class NoAccess(Forbidden):
    """This account has no access to Waymark."""


async def find_principal(session: AsyncSession, claims: Claims) -> Principal:
    """Raises `NoAccess` for a subject that is nobody, or nobody who works here now."""
    if claims.client_id is not None:
        return Principal(claims.tenant_id, claims.subject, Actor.CLIENT, scopes=claims.scopes)
    granted_here = func.json_agg(
        func.json_build_array(PersonGrant.role, PersonGrant.org_unit_id)
    ).filter(PersonGrant.id.is_not(None))
    row = (
        await session.execute(
            select(Person.id, granted_here)
            .outerjoin(PersonGrant, PersonGrant.person_id == Person.id)
            .where(Person.subject == claims.subject, Person.status.in_(WITH_ACCESS))
            .group_by(Person.id)
        )
    ).one_or_none()
    if row is None:
        raise NoAccess("Nobody who works here has this account. Ask your administrator.")
    grants = tuple(_grant(role, unit) for role, unit in row[1] or ())
    return Principal(
        claims.tenant_id, claims.subject, Actor.PERSON, person_id=row[0], grants=grants
    )


def _grant(role: str, org_unit_id: str | None) -> Grant:
    return Grant(role, UUID(org_unit_id) if org_unit_id else None)
