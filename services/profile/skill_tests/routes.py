"""The doors of results of skill tests."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from fastapi import Request, Response

from services.profile.accesses.commands import noted
from services.profile.people.unit_routes import BODY, NDJSON, DryRun
from services.profile.policy import POLICY
from services.profile.skill_tests import importing, queries
from services.profile.skill_tests.models import SkillTestResult
from services.profile.skill_tests.schemas import SkillTestRead, SkillTestRow
from shared import bulk
from shared.door import Acting, Transaction, router
from shared.problems import Forbidden

routes = router("/people", "skill_tests")
bulk_routes = router("/imports", "imports")


@routes.get("/{person_id}/skill-tests", response_model=list[SkillTestRead])
async def list_skill_tests(
    session: Transaction, principal: Acting, person_id: UUID
) -> Sequence[SkillTestResult]:
    """What tests said of the person's skills, the newest first."""
    found = await queries.of_person(session, principal, person_id=person_id)
    await noted(session, principal, what="SKILL_TESTS", people={each.person_id for each in found})
    return found


@bulk_routes.post("/skill-tests", responses={200: NDJSON}, openapi_extra=BODY)
async def import_skill_tests(
    request: Request, session: Transaction, principal: Acting, dry_run: DryRun = False
) -> Response:
    """Results by their publishers' ids; each becomes evidence of its skill, and again changes nothing."""
    if not await POLICY.may(session, principal, "TEST_RESULT", "IMPORT", None):
        raise Forbidden("Results of tests are told by clients with the scope skills:write.")
    return await bulk.run(
        request,
        session,
        row_model=SkillTestRow,
        key=lambda row: row.external_id,
        apply=partial(importing.apply, session, principal),
        dry_run=dry_run,
    )
