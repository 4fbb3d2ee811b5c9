"""Profile's rules: who may do what with whom, as relations in the organisation of this moment."""

from typing import cast

from sqlalchemy import Table, Text, bindparam, func, literal_column, select

from services.profile.consents.models import ConsentGrant
from services.profile.consents.rules import PURPOSE_LOCKED, ConsentScope
from services.profile.people.models import Person, PersonGrant, org_tree, reporting_line
from services.profile.people.rules import WITH_ACCESS
from shared.callers import Callers
from shared.policy import Consented, Policy, everybody, granted, granted_over, own, reports, scoped

team = reports(reporting_line, deepest=1)
line = reports(reporting_line)
hr_scope = granted_over("HR_PARTNER", people=Person, units=org_tree)
hr = granted("HR_PARTNER")
admin = granted("ADMIN")
people_read = scoped("people:read")
people_write = scoped("people:write")
skills_read = scoped("skills:read")
skills_write = scoped("skills:write")
instruments_write = scoped("instruments:write")


def consented(scope: ConsentScope) -> Consented:
    """Whom the person lets in. What is under the purpose lock stays closed to who leads them, whatever they consent."""
    barred = (line, hr_scope) if scope in PURPOSE_LOCKED else ()
    return Consented(scope, grants=cast(Table, ConsentGrant.__table__), barred=barred)


# FOLLOW knows of what others assigned that it is done or not; of what is for guidance alone, nothing more than that.
# READ_CARD is what every employee may know of a colleague: names, title, role, unit, manager. The rest needs READ.
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
        ("CREDENTIAL", "READ"): (own, line, hr_scope),
        ("CREDENTIAL", "DECLARE"): (own,),
        ("CREDENTIAL", "VERIFY"): (team, hr_scope),
        ("EXPERIENCE", "READ"): (own, line, hr_scope, consented(ConsentScope.EXPERIENCE)),
        ("EXPERIENCE", "READ_PRIVATE"): (own,),
        ("EXPERIENCE", "WRITE"): (own,),
        ("EXPERIENCE", "VERIFY"): (team, hr_scope),
        ("BASELINE", "READ"): (own, team, hr_scope),
        ("BASELINE", "CAPTURE"): (own,),
        ("PROMPT", "READ"): (everybody,),
        ("JOURNAL", "READ"): (own,),
        ("JOURNAL", "WRITE"): (own,),
        ("CONSENT", "READ"): (own,),
        ("CONSENT", "GRANT"): (own,),
        ("PURPOSE_LOCKED", "LEAD"): (line, hr_scope),
        ("INSTRUMENT", "READ"): (everybody, instruments_write),
        ("INSTRUMENT", "READ_DRAFT"): (hr, admin, instruments_write),
        ("INSTRUMENT", "WRITE"): (hr, admin, instruments_write),
        ("OCCUPATION", "WRITE"): (admin, scoped("roles:write")),
        ("ASSESSMENT", "READ"): (own,),
        ("ASSESSMENT", "FOLLOW"): (hr_scope,),
        ("ASSESSMENT", "ASSIGN"): (own, hr_scope),
        ("GUIDANCE_RESULT", "READ"): (own, consented(ConsentScope.ASSESSMENT_RESULT)),
        ("TEST_RESULT", "READ"): (own, team, hr_scope),
        ("TEST_RESULT", "IMPORT"): (skills_write,),
        ("ACCESS_LOG", "READ"): (own,),
        ("ACCESS_LOG", "OVERSEE"): (hr_scope, admin),
        ("NETWORK", "READ"): (own,),
        ("EXPORT", "ORDER"): (own,),
        ("UNRESOLVED", "READ"): (admin,),
        ("ERASURE", "ORDER"): (admin, scoped("people:erase")),
        ("ERASURE", "READ"): (admin, scoped("people:erase")),
        ("FRAMEWORK", "READ"): (everybody, skills_read, skills_write),
        ("FRAMEWORK", "READ_DRAFT"): (hr, admin, skills_write),
        ("FRAMEWORK", "WRITE"): (hr, admin, skills_write),
        ("WEIGHTS", "READ"): (everybody, skills_read, skills_write),
        ("WEIGHTS", "WRITE"): (admin,),
        ("SKILL", "READ"): (everybody, skills_read, skills_write),
        ("ASSERTION", "READ"): (own, line, hr_scope),
        ("SELF_ASSERTION", "READ"): (own, team, hr_scope),
        ("ESTIMATE", "READ"): (own, line, hr_scope),
        ("ASSERTION", "RECORD_OWN"): (own,),
        ("ASSERTION", "RECORD_AS_MANAGER"): (team,),
        ("ASSERTION", "RECORD_AS_HR"): (hr_scope,),
        ("ASSERTION", "RECORD_VERIFIED"): (team, hr_scope),
        ("ASSERTION", "RECORD_FACT"): (hr_scope, skills_write),
        ("EXPERTISE", "FIND"): (consented(ConsentScope.EXPERTISE),),
        ("RATING", "READ"): (own, team, hr_scope),
        ("RATING", "ASK"): (own, team),
        ("ASSERTION", "DECIDE"): (team, hr_scope),
    }
)


_granted = (
    select(
        func.jsonb_agg(
            func.jsonb_build_object(
                literal_column("'role'"),
                PersonGrant.role,
                literal_column("'org_unit_id'"),
                PersonGrant.org_unit_id,
            )
        )
    )
    .where(PersonGrant.person_id == Person.id)
    .correlate(Person)
    .scalar_subquery()
)

CALLERS = Callers(
    select(Person.id, _granted.label("grants")).where(
        Person.subject == bindparam("subject", type_=Text, required=False),
        Person.status.in_(WITH_ACCESS),
    ),
    refuse_nobody=True,
)
"""Who calls: somebody who works here now."""
