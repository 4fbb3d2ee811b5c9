import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from joserfc import jwt
from joserfc.jwk import KeySet

from deploy.local import keys
from deploy.local.home import open_home

TENANT = UUID("01890000-0000-7000-8000-000000000001")
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)


def test_a_token_verifies_with_the_published_keys(home: Path) -> None:
    directory = open_home(home) / "keys"
    public = keys.ensure_keys(directory, environment="dev")

    with time_machine.travel(NOON, tick=False):
        token = keys.mint(directory, environment="dev", subject="ada@example.com", tenant_id=TENANT)

    decoded = jwt.decode(token, KeySet.import_key_set(json.loads(public.read_text())))
    assert decoded.header["typ"] == "at+jwt"
    assert decoded.header["alg"] == "ES256"
    del decoded.claims["jti"]
    assert decoded.claims == {
        "iss": "urn:waymark:local",
        "aud": "waymark",
        "sub": "ada@example.com",
        "tenant": str(TENANT),
        "scope": "",
        "iat": int(NOON.timestamp()),
        "nbf": int(NOON.timestamp()),
        "exp": int(NOON.timestamp()) + 12 * 3600,
    }


def test_a_client_has_its_scopes(home: Path) -> None:
    directory = open_home(home) / "keys"
    public = keys.ensure_keys(directory, environment="test")

    token = keys.mint(
        directory,
        environment="test",
        subject="lms",
        tenant_id=TENANT,
        client_id="lms",
        scopes=["people:read", "skills:write"],
    )

    claims = jwt.decode(token, KeySet.import_key_set(json.loads(public.read_text()))).claims
    assert (claims["client_id"], claims["scope"]) == ("lms", "people:read skills:write")


def test_the_private_key_is_private_and_stays(home: Path) -> None:
    directory = open_home(home) / "keys"
    first = keys.ensure_keys(directory, environment="dev").read_text()

    second = keys.ensure_keys(directory, environment="dev").read_text()

    assert first == second
    assert "d" not in json.loads(first)["keys"][0]
    assert (directory / "signing.jwk").stat().st_mode & 0o777 == 0o600


def test_production_has_no_local_key(home: Path) -> None:
    directory = open_home(home) / "keys"

    with pytest.raises(keys.KeyRefused, match="WAYMARK_AUTH_JWKS"):
        keys.ensure_keys(directory, environment="production")

    assert list(directory.iterdir()) == []
