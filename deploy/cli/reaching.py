"""The services of an installation as an operator reaches them: by their databases, or through the gateway."""

import os
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any
from uuid import UUID

import httpx
import structlog

from deploy.cli import tokens
from deploy.cli.migrating import effective_environment
from deploy.local.in_process import settings_of
from deploy.local.installation import SERVICES, running_installation
from deploy.local.problems import Refused
from shared import events
from shared.service import Service

HTTP_SECONDS = 30.0


class NoSuchService(Refused):
    """A service is named wrongly."""


class DoorRefused(Refused):
    """A door of the gateway did not do it."""


def services(only: str | None) -> tuple[str, ...]:
    """One of them, or all. Raises `NoSuchService`."""
    if only is None:
        return SERVICES
    if only not in SERVICES:
        raise NoSuchService(f"{only!r} is not one of {', '.join(SERVICES)}.")
    return (only,)


@asynccontextmanager
async def service(name: str) -> AsyncIterator[Service]:
    """With the settings of this environment, or else of the installation here; as the service's own role."""
    (name,) = services(name)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    os.environ.update(effective_environment())
    found: Service = (
        import_module(f"services.{name}.app").create_app(settings_of(name)).state.service
    )
    try:
        yield found
    finally:
        await found.database.close()


def handlers_of(found: Service) -> events.Handlers:
    return found.blueprint.handlers or events.Handlers(found.blueprint.name)


async def tenants(found: Service, only: UUID | None) -> list[UUID]:
    """The one that is named, or those that the streams know which the service reads."""
    if only is not None:
        return [only]
    return await events.tenants(handlers_of(found), nats_url=found.settings.nats_url)


def ask(
    method: str,
    path: str,
    *,
    scopes: Iterable[str],
    query: dict[str, str | None] | None = None,
    body: dict[str, Any] | None = None,
) -> Any:
    """A door of the gateway, as a machine client; every page of a list. Raises `DoorRefused` with its own words."""
    made = running_installation()
    headers = {"Authorization": f"Bearer {tokens.client_token(made, scopes)}"}
    asked = {name: value for name, value in (query or {}).items() if value is not None}
    found: list[Any] = []
    following: str | None = str(httpx.URL(path, params=asked)) if asked else path
    try:
        with httpx.Client(base_url=made.url, trust_env=False, timeout=HTTP_SECONDS) as client:
            while following:
                answer = client.request(method, following, json=body, headers=headers)
                if not answer.is_success:
                    raise DoorRefused(
                        f"The gateway answered {answer.status_code}: {reason_in(answer)}"
                    )
                content = answer.json() if answer.content else None
                if not isinstance(content, list):
                    return content
                found += content
                following = answer.links.get("next", {}).get("url")
    except httpx.HTTPError as error:
        raise DoorRefused(f"The gateway at {made.url} does not answer: {error}") from None
    return found


def reason_in(answer: httpx.Response) -> str:
    """What a problem document says, with the fields that it names."""
    try:
        problem = answer.json()
    except ValueError:
        return answer.text[:300]
    reason = problem.get("detail") or problem.get("title") or "no reason given"
    errors = [each for each in problem.get("errors", []) if each["detail"] not in reason]
    return "; ".join([reason, *(f"{each['pointer']} {each['detail']}" for each in errors)])
