"""The signing key of a development installation, in the place of an identity provider."""

import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from deploy.local.home import write_private
from deploy.local.problems import Refused
from shared import clock
from shared.ids import new_id

if TYPE_CHECKING:
    from joserfc.jwk import ECKey

ISSUER = "urn:waymark:local"
AUDIENCE = "waymark"
LIFETIME = timedelta(hours=12)


class KeyRefused(Refused):
    """The local key signs for development and tests only."""


def ensure_keys(directory: Path, *, environment: str) -> Path:
    """The path of the public JWKS; the private key is made beside it at the first start. Raises `KeyRefused`."""
    _refuse_production(environment)
    private, public = directory / "signing.jwk", directory / "jwks.json"
    if not private.exists():
        from joserfc.jwk import ECKey

        key = ECKey.generate_key("P-256", parameters={"use": "sig", "alg": "ES256"}, auto_kid=True)
        write_private(private, json.dumps(key.as_dict(private=True)))
    if not public.exists():
        key = _signing_key(directory)
        public.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    return public


def mint(
    directory: Path,
    *,
    environment: str,
    subject: str,
    tenant_id: UUID,
    client_id: str | None = None,
    scopes: Iterable[str] = (),
    lifetime: timedelta = LIFETIME,
) -> str:
    """An access token of the local key, for a person or, with `client_id`, for a machine; raises `KeyRefused`."""
    from joserfc import jwt

    _refuse_production(environment)
    key = _signing_key(directory)
    issued = int(clock.now().timestamp())
    claims: dict[str, object] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "tenant": str(tenant_id),
        "scope": " ".join(scopes),
        "iat": issued,
        "nbf": issued,
        "exp": issued + int(lifetime.total_seconds()),
        "jti": str(new_id()),
    }
    if client_id:
        claims["client_id"] = client_id
    return jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": key.kid}, claims, key)


def _signing_key(directory: Path) -> "ECKey":
    from joserfc.jwk import ECKey

    try:
        return ECKey.import_key(json.loads((directory / "signing.jwk").read_text()))
    except FileNotFoundError:
        raise KeyRefused(
            f"There is no signing key in {directory}. `waymark up` makes one."
        ) from None


def _refuse_production(environment: str) -> None:
    if environment not in {"dev", "test"}:
        raise KeyRefused(
            f"The local key signs only where WAYMARK_ENV is dev or test, and it is {environment!r}. "
            "Point WAYMARK_AUTH_JWKS at your identity provider."
        )
