"""The doors of baselines."""

import base64
from collections.abc import Sequence
from uuid import UUID

from fastapi import Response, status

from services.profile.accesses.commands import noted
from services.profile.baselines import commands, queries
from services.profile.baselines.models import BaselineSnapshot
from services.profile.baselines.schemas import BaselineCreate, BaselineDetail, BaselineRead
from shared.door import Acting, Transaction, router

routes = router("/people", "baselines")
ALL = "/{person_id}/baselines"
ONE = f"{ALL}/{{baseline_id}}"


@routes.get(ALL, response_model=list[BaselineRead])
async def list_baselines(
    session: Transaction, principal: Acting, person_id: UUID
) -> Sequence[BaselineSnapshot]:
    """The baselines of a person, the newest first."""
    found = await queries.of_person(session, principal, person_id=person_id)
    await noted(session, principal, what="BASELINES", people=[person_id] if found else [])
    return found


@routes.post(ALL, response_model=BaselineRead, status_code=status.HTTP_201_CREATED)
async def capture_baseline(
    response: Response,
    session: Transaction,
    principal: Acting,
    person_id: UUID,
    wanted: BaselineCreate,
) -> BaselineSnapshot:
    """Keeps what is known of your skills today, for good."""
    snapshot = await commands.capture(session, principal, person_id=person_id, wanted=wanted)
    response.headers["Location"] = f"/people/{person_id}/baselines/{snapshot.id}"
    return snapshot


@routes.get(ONE, response_model=BaselineDetail)
async def read_baseline(
    session: Transaction, principal: Acting, person_id: UUID, baseline_id: UUID
) -> BaselineDetail:
    """A baseline with its levels, and whether its content still has the hash that it was taken with."""
    found = await queries.read(session, principal, person_id=person_id, baseline_id=baseline_id)
    await noted(session, principal, what="BASELINES", people=[person_id])
    return found


@routes.get(f"{ONE}/content", response_class=Response)
async def read_content(
    session: Transaction, principal: Acting, person_id: UUID, baseline_id: UUID
) -> Response:
    """The canonical JSON (RFC 8785) that the hash is of, with its digest of the day of capture (RFC 9530)."""
    content, expected = await queries.content(
        session, principal, person_id=person_id, baseline_id=baseline_id
    )
    await noted(session, principal, what="BASELINES", people=[person_id])
    digest = base64.b64encode(bytes.fromhex(expected)).decode()
    headers = {"Repr-Digest": f"sha-256=:{digest}:"}
    return Response(content, media_type="application/json", headers=headers)
