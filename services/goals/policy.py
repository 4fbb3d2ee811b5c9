"""Who may do what here: design/domain.md §6, row by row.

Relations hold as of now, on this service's copy of the organisation. What has no rule is denied: an administrator
sees no personal content, a manager of managers no gaps and no learning.
"""

from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam, false, select, true
from sqlalchemy.orm import aliased

from services.goals.people.models import OrgUnit, Person, org_unit_tree, person_tree
from shared.policy import (
    Policy,
    Relation,
    everybody,
    granted,
    granted_over,
    me,
    own,
    reports,
    scoped,
)
from shared.tenancy import Principal

team: Relation = reports(person_tree, deepest=1)
line: Relation = reports(person_tree)
in_scope: Relation = granted_over("HR_PARTNER", people=Person, units=org_unit_tree)
hr: Relation = granted("HR_PARTNER")
admin: Relation = granted("ADMIN")


def colleagues(principal: Principal, person: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Those with the same manager."""
    if principal.person_id is None:
        return false()
    mine, other = aliased(Person), aliased(Person)
    return person.in_(
        select(other.id)
        .join(mine, mine.manager_id == other.manager_id)
        .where(mine.id == me(principal))
    )


def leads(principal: Principal, unit: ColumnElement[UUID]) -> ColumnElement[bool]:
    """A unit that one leads, or one below it."""
    if principal.person_id is None:
        return false()
    led = select(org_unit_tree.c.descendant_id).join(
        OrgUnit, OrgUnit.id == org_unit_tree.c.ancestor_id
    )
    return unit.in_(led.where(OrgUnit.leader_id == me(principal)))


def hr_of_unit(principal: Principal, unit: ColumnElement[UUID]) -> ColumnElement[bool]:
    """A unit in a subtree that the HR partner's grant covers."""
    grants = principal.granted("HR_PARTNER")
    if not grants or any(grant.org_unit_id is None for grant in grants):
        return true() if grants else false()
    roots = bindparam("roots_HR_PARTNER", [grant.org_unit_id for grant in grants], ARRAY(Uuid))
    covered = select(org_unit_tree.c.descendant_id)
    return unit.in_(covered.where(org_unit_tree.c.ancestor_id == any_(roots)))


POLICY = Policy(
    {
        ("ROLE", "READ"): (everybody, scoped("roles:read"), scoped("roles:write")),
        ("ROLE", "CHANGE"): (hr, admin, scoped("roles:write")),
        ("CROSSWALK", "READ"): (hr, admin, scoped("roles:write")),
        ("GAP", "READ"): (own, team, in_scope),
        ("TARGET_GAP", "READ"): (own, in_scope),
        ("HEAT_MAP", "READ"): (leads, hr_of_unit),
        ("GOAL", "READ"): (own,),
        ("SHARED_GOAL", "READ"): (line, in_scope),
        ("TEAM_GOAL", "READ"): (colleagues,),
        ("COMPANY_GOAL", "READ"): (everybody,),
        ("GOAL", "CREATE"): (own, team),
        ("GOAL", "UPDATE"): (own, team),
        ("GOAL", "APPROVE"): (own, team),
        ("GOAL", "PROGRESS"): (own, team, scoped("goals:progress:write")),
        ("GOAL_POLICY", "READ"): (everybody,),
        ("GOAL_POLICY", "CHANGE"): (admin, hr),
        ("LEARNING_RESOURCE", "READ"): (
            everybody,
            scoped("learning:read"),
            scoped("learning:write"),
        ),
        ("LEARNING_RESOURCE", "CHANGE"): (hr, admin, scoped("learning:write")),
        ("UNRESOLVED", "READ"): (admin,),
        ("LEARNING_RECORD", "READ"): (own, team, in_scope, scoped("learning:write")),
        ("LEARNING_RECORD", "CHANGE"): (own, scoped("learning:write")),
        ("ACCESS_LOG", "READ"): (own,),
        ("ACCESS_LOG", "OVERSEE"): (in_scope, admin),
    }
)
