"""The doors of the registry."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from services.profile.assessments import importing, occupations, registering
from services.profile.assessments.instrument_schemas import (
    InstrumentRead,
    InstrumentRow,
    InstrumentWhole,
)
from services.profile.assessments.models import OccupationInterests, OccupationValues
from services.profile.assessments.occupation_values import OccupationValuesRow
from services.profile.assessments.occupations import OccupationRow
from services.profile.assessments.parts import Code, Kind
from services.profile.assessments.rules import InstrumentStatus
from services.profile.people.unit_routes import BODY, NDJSON, DryRun
from shared import bulk
from shared.door import Acting, Transaction, router

routes = router("/instruments", "instruments")
bulk_routes = router("/imports", "imports")


@routes.get("", response_model=list[InstrumentRead])
async def list_instruments(
    session: Transaction,
    principal: Acting,
    kind: Kind | None = None,
    code: Annotated[Code | None, Query(description="Only versions of this one.")] = None,
) -> list[InstrumentRead]:
    """All instruments, those that are built in and those that were brought."""
    return await registering.instruments(session, principal, kind=kind, code=code)


@routes.get("/{instrument_id}", response_model=InstrumentWhole)
async def read_instrument(
    session: Transaction, principal: Acting, instrument_id: UUID
) -> InstrumentWhole:
    """One instrument with its items in order, its notices, and how reliable it is."""
    return await registering.instrument(session, principal, instrument_id)


@routes.post("/{instrument_id}/publish", response_model=InstrumentWhole)
async def publish_instrument(
    session: Transaction, principal: Acting, instrument_id: UUID
) -> InstrumentWhole:
    """It can be taken, and never changes any more."""
    to = InstrumentStatus.PUBLISHED
    await registering.move(session, principal, instrument_id=instrument_id, to=to)
    return await registering.instrument(session, principal, instrument_id)


@routes.post("/{instrument_id}/deprecate", response_model=InstrumentWhole)
async def deprecate_instrument(
    session: Transaction, principal: Acting, instrument_id: UUID
) -> InstrumentWhole:
    """Nobody begins it any more; results stay."""
    to = InstrumentStatus.DEPRECATED
    await registering.move(session, principal, instrument_id=instrument_id, to=to)
    return await registering.instrument(session, principal, instrument_id)


@bulk_routes.post("/instruments", responses={200: NDJSON}, openapi_extra=BODY)
async def import_instruments(
    request: Request, session: Transaction, principal: Acting, dry_run: DryRun = False
) -> Response:
    """Instruments by code, version and language, published at once if the line says so."""
    await registering.allow(session, principal)
    return await bulk.run(
        request,
        session,
        row_model=InstrumentRow,
        key=importing.key_of,
        apply=partial(importing.apply_instruments, session, principal),
        dry_run=dry_run,
    )


@bulk_routes.post("/occupation-interests", responses={200: NDJSON}, openapi_extra=BODY)
async def import_occupation_interests(
    request: Request, session: Transaction, principal: Acting, dry_run: DryRun = False
) -> Response:
    """How strongly occupations go with the six areas of interest, by their O*NET-SOC codes."""
    await occupations.allow(session, principal)
    return await bulk.run(
        request,
        session,
        row_model=OccupationRow,
        key=lambda row: row.onet_soc_code,
        apply=partial(occupations.apply, session, OccupationInterests),
        dry_run=dry_run,
    )


@bulk_routes.post("/occupation-values", responses={200: NDJSON}, openapi_extra=BODY)
async def import_occupation_values(
    request: Request, session: Transaction, principal: Acting, dry_run: DryRun = False
) -> Response:
    """How much of the six work values occupations offer, by their O*NET-SOC codes."""
    await occupations.allow(session, principal)
    return await bulk.run(
        request,
        session,
        row_model=OccupationValuesRow,
        key=lambda row: row.onet_soc_code,
        apply=partial(occupations.apply, session, OccupationValues),
        dry_run=dry_run,
    )
