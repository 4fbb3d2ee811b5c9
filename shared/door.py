"""The door of a service: verifies the caller, opens the one transaction of a request, commits before it answers."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncSession

from shared import auth, idempotency
from shared.auth import Claims
from shared.problems import PreconditionFailed, PreconditionRequired, documented
from shared.service import Service
from shared.tenancy import Principal


async def _claims(request: Request) -> Claims:
    service: Service = request.app.state.service
    return await service.verifier.verify(auth.bearer(request.headers.get("authorization")))


VerifiedClaims = Annotated[Claims, Depends(_claims)]


async def _transaction(request: Request, claims: VerifiedClaims) -> AsyncIterator[AsyncSession]:
    service: Service = request.app.state.service
    async with service.database.transaction(claims.tenant_id) as session:
        request.state.session = session
        await idempotency.claim(
            session,
            service.idempotency_table,
            request,
            tenant_id=claims.tenant_id,
            subject=claims.subject,
        )
        yield session


Transaction = Annotated[AsyncSession, Depends(_transaction, scope="function")]


async def _acting(request: Request, session: Transaction, claims: VerifiedClaims) -> Principal:
    service: Service = request.app.state.service
    return await service.callers.find(session, claims)


Acting = Annotated[Principal, Depends(_acting)]


def _expected_version(if_match: Annotated[str | None, Header()] = None) -> int:
    if if_match is None:
        raise PreconditionRequired("Send If-Match with the ETag that you read last.")
    try:
        return int(if_match.strip().removeprefix("W/").strip('"'))
    except ValueError:
        raise PreconditionFailed("If-Match: send back the ETag as you got it.") from None


ExpectedVersion = Annotated[int, Depends(_expected_version)]


def etag(response: Response, version: int) -> None:
    response.headers["ETag"] = f'"{version}"'


class _KeyedRoute(APIRoute):
    """Stores the answer of a write that bears an Idempotency-Key in the write's own transaction."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def keyed(request: Request) -> Response:
            try:
                response = await handle(request)
            except idempotency.Replayed as replayed:
                return replayed.response
            if getattr(request.state, "idempotency", None) is not None:
                table = request.app.state.service.idempotency_table
                await idempotency.remember(request.state.session, table, request, response)
            return response

        return keyed


def router(prefix: str, tag: str) -> APIRouter:
    """A slice's router: its URL segment, the idempotent door, the problems that every route may answer."""
    return APIRouter(
        prefix=prefix,
        tags=[tag],
        route_class=_KeyedRoute,
        responses=documented(400, 401, 403, 404, 405, 409, 412, 415, 422, 428, 503),
    )
