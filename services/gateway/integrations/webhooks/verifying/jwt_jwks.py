"""As Canvas Live Events signs: the body is a JWT, verified against the public keys that the sender publishes."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError

from services.gateway.integrations.webhooks.verifying.terms import (
    Asked,
    DeliveryStale,
    Presented,
    SignatureWrong,
    Verified,
    id_of_content,
    is_message_id,
)
from shared.auth import ALGORITHMS, KeySource
from shared.http import FetchError
from shared.outward import Outward, Unreached
from shared.problems import Unauthenticated, Unavailable

LEEWAY = timedelta(seconds=30)
MOST_SOURCES = 256
READ_SECONDS = 3.0


class _Registry(jws.JWSRegistry):
    """Takes what the door takes."""

    max_payload_length = 512 * 1024


class JwtJwks:
    """The payload is the message: who signs the same one anew sends it again, under its `jti` or its content."""

    def __init__(self) -> None:
        self._sources: dict[str, KeySource] = {}
        self._registry = _Registry(algorithms=ALGORITHMS)

    async def verify(self, presented: Presented, asked: Asked) -> Verified:
        """Raises `Unavailable` while the sender's keys have never been read."""
        token = presented.body.strip()
        source = self._source(asked.settings.jwks_url or "", asked.outward)
        try:
            key = await source.key(_kid(token, self._registry))
            payload = jws.deserialize_compact(token, key, registry=self._registry).payload
        except (JoseError, ValueError, KeyError, TypeError, AttributeError):
            raise SignatureWrong from None
        except Unauthenticated:
            if source.has_keys:
                raise SignatureWrong from None
            raise Unavailable("The keys of the sender could not be read. Try again.") from None
        claims = _claims(payload)
        if any(_at(claims, path) != wanted for path, wanted in asked.settings.claims.items()):
            raise SignatureWrong
        _refuse_outdated(claims, asked.now)
        told = claims.get("jti")
        named = isinstance(told, str) and is_message_id(told)
        return Verified(str(told) if named else id_of_content(payload), asked.now, content=payload)

    def _source(self, url: str, outward: Outward) -> KeySource:
        """Whoever has set the address up is a stranger: it is read by the rules for such ones."""
        if not url.startswith(("https://", "http://")):
            raise SignatureWrong
        if url not in self._sources and len(self._sources) >= MOST_SOURCES:
            self._sources.clear()
        read = partial(_published, outward, url)
        return self._sources.setdefault(url, KeySource(url, read))


async def _published(outward: Outward, url: str) -> Any:
    try:
        reply = await outward.fetch(
            "GET", url, headers={"accept": "application/json"}, within=READ_SECONDS
        )
        if reply.status != HTTPStatus.OK:
            raise FetchError(f"{url} answered {reply.status}")
        return json.loads(reply.body)
    except (Unreached, ValueError, RecursionError) as error:
        raise FetchError(f"{url} did not answer with JSON: {error}") from error


def _kid(token: bytes, registry: jws.JWSRegistry) -> str:
    header = jws.extract_compact(token, registry=registry).headers()
    if header.get("alg") not in ALGORITHMS:
        raise ValueError("not an algorithm of public keys")
    return str(header["kid"])


def _claims(payload: bytes) -> dict[str, Any]:
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _at(claims: Any, path: str) -> Any:
    for name in path.split("."):
        claims = claims.get(name) if isinstance(claims, dict) else None
    return claims


def _refuse_outdated(claims: dict[str, Any], now: datetime) -> None:
    ends, begins = _moment(claims.get("exp")), _moment(claims.get("nbf"))
    if ends is not None and ends + LEEWAY < now:
        raise DeliveryStale("exp: the token has ended. Sign each attempt anew.")
    if begins is not None and begins - LEEWAY > now:
        raise DeliveryStale("nbf: the token has not begun. Set the sender's clock.")


def _moment(seconds: object) -> datetime | None:
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise DeliveryStale("exp, nbf: send seconds since 1970.") from None
