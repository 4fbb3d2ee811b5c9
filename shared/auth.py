"""Access tokens: verified by every service for itself, against keys from the configured JWKS only."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet
from joserfc.util import to_bytes, urlsafe_b64decode

from shared import clock
from shared.http import FetchError, fetch_json
from shared.problems import Unauthenticated

log = structlog.get_logger()

ALGORITHMS = ["RS256", "PS256", "ES256", "Ed25519"]
REFRESH_SECONDS = 300.0
COOL_DOWN_SECONDS = 10.0
LEEWAY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says: who, in which tenant, the scopes of a machine client, and until when."""

    tenant_id: UUID
    subject: str
    client_id: str | None
    scopes: frozenset[str]
    expires_at: datetime

    def seconds_left(self) -> float:
        """Until the token expires; 0 from then on, also while `LEEWAY_SECONDS` still accept it."""
        return max(0.0, (self.expires_at - clock.now()).total_seconds())


class KeySource:
    """The public keys of the identity provider, from an https address or a file.

    An unknown `kid` refetches at most once in `COOL_DOWN_SECONDS`; while the provider is away the known keys go on.
    `read` stands in for reading the location; raises `FetchError`.
    """

    def __init__(self, location: str, read: Callable[[], Awaitable[Any]] | None = None) -> None:
        self._location = location
        self._read = read or self._read_location
        self._keys: dict[str, Key] = {}
        self._read_at = float("-inf")
        self._lock = asyncio.Lock()

    @property
    def has_keys(self) -> bool:
        """Whether the provider has ever answered with keys."""
        return bool(self._keys)

    async def key(self, kid: str) -> Key:
        """Raises `Unauthenticated` for a key that the provider does not publish."""
        if self._wants_reading(kid):
            async with self._lock:
                if self._wants_reading(kid):
                    await self._refresh()
        try:
            return self._keys[kid]
        except KeyError:
            raise Unauthenticated("The token is signed by a key that is not known here.") from None

    def _wants_reading(self, kid: str) -> bool:
        age = monotonic() - self._read_at
        return age > REFRESH_SECONDS or (kid not in self._keys and age > COOL_DOWN_SECONDS)

    async def _refresh(self) -> None:
        try:
            keys = KeySet.import_key_set(await self._read()).keys
        except (FetchError, OSError, ValueError, JoseError):
            log.warning("keys_unreadable", location=self._location)
        else:
            self._keys = {key.kid: key for key in keys if key.kid and not key.is_private}
        self._read_at = monotonic()

    async def _read_location(self) -> Any:
        if self._location.startswith("http"):
            return await fetch_json(self._location, within=3.0)
        return json.loads(await asyncio.to_thread(Path(self._location).read_text))


class Verifier:
    """Turns a bearer token into claims; remembers verified tokens until they expire."""

    def __init__(
        self, keys: KeySource, *, issuer: str, audience: str, remember: int = 4096
    ) -> None:
        self._keys = keys
        self._registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
            tenant={"essential": True},
        )
        self._remember = remember
        self._verified: dict[str, tuple[float, Claims]] = {}

    async def verify(self, token: str) -> Claims:
        """Raises `Unauthenticated` for anything but a live `at+jwt` of our issuer for our audience."""
        known = self._verified.get(token)
        if known and known[0] > monotonic():
            return known[1]
        claims = await self._verify(token)
        if len(self._verified) >= self._remember:
            self._verified.clear()
        self._verified[token] = (monotonic() + min(claims.seconds_left(), 60.0), claims)
        return claims

    async def _verify(self, token: str) -> Claims:
        try:
            header = _header(token)
            if header.get("typ", "").lower() not in {"at+jwt", "application/at+jwt"}:
                raise Unauthenticated("The token is not an access token (typ must be at+jwt).")
            decoded = jwt.decode(
                token, await self._keys.key(str(header["kid"])), algorithms=ALGORITHMS
            )
            self._registry.validate(decoded.claims)
            return _claims(decoded.claims)
        except (JoseError, ValueError, OverflowError, KeyError, TypeError, AttributeError) as error:
            raise Unauthenticated(f"The token is not accepted: {type(error).__name__}.") from None


def _header(token: str) -> dict[str, Any]:
    header = json.loads(urlsafe_b64decode(to_bytes(token.split(".", maxsplit=1)[0])))
    if not isinstance(header, dict):
        raise ValueError("not a JOSE header")
    return header


def _claims(claims: dict[str, Any]) -> Claims:
    client_id = claims.get("client_id")
    return Claims(
        tenant_id=UUID(claims["tenant"]),
        subject=str(claims["sub"]),
        client_id=str(client_id) if client_id else None,
        scopes=frozenset(str(claims.get("scope", "")).split()),
        expires_at=datetime.fromtimestamp(float(claims["exp"]), UTC),
    )


def bearer(authorization: str | None) -> str:
    """The token of an Authorization header; raises `Unauthenticated` when there is none."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send the access token as 'Authorization: Bearer …'.")
    return token.strip()
