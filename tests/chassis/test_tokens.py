"""Which tokens are accepted, by what is written in them and who signed it; everything else is nobody."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import time_machine
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from shared.auth import Claims, KeySource, Verifier
from shared.ids import new_id
from shared.problems import Unauthenticated

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
TENANT = new_id()
Sign = Callable[..., str]


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def _publish(path: Path, *keys: ECKey) -> None:
    path.write_text(json.dumps({"keys": [key.as_dict(private=False) for key in keys]}))


def _key() -> ECKey:
    return ECKey.generate_key("P-256", parameters={"use": "sig", "alg": "ES256"}, auto_kid=True)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return tmp_path / "jwks.json"


@pytest.fixture
def key(published: Path) -> ECKey:
    made = _key()
    _publish(published, made)
    return made


@pytest.fixture
def verifier(published: Path, key: ECKey) -> Verifier:
    return Verifier(KeySource(str(published)), issuer="https://idp.test", audience="waymark")


@pytest.fixture
def sign(key: ECKey) -> Sign:
    """A token that is right in all but what is changed; None leaves a claim or a header out."""

    def signed(signer: Any = key, header: dict[str, Any] | None = None, **claims: Any) -> str:
        now = int(NOON.timestamp())
        said = {
            "iss": "https://idp.test",
            "aud": "waymark",
            "sub": "ada",
            "tenant": str(TENANT),
            "exp": now + 300,
            "nbf": now,
            "iat": now,
        }
        heads = {"alg": "ES256", "typ": "at+jwt", "kid": key.kid} | (header or {})
        return jwt.encode(_present(heads), _present(said | claims), signer, [str(heads["alg"])])

    return signed


def _present(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


async def test_a_right_token_says_who_where_and_until_when(verifier: Verifier, sign: Sign) -> None:
    person = await verifier.verify(sign(aud=["other", "waymark"]))
    machine = await verifier.verify(sign(client_id="lms", scope="learning:write people:read"))

    until = NOON + timedelta(minutes=5)
    assert person == Claims(TENANT, "ada", None, frozenset(), expires_at=until)
    assert machine.client_id == "lms"
    assert machine.scopes == {"learning:write", "people:read"}
    assert machine.seconds_left() == 300.0


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.test"},
        {"iss": None},
        {"aud": "another-api"},
        {"aud": None},
        {"sub": None},
        {"tenant": None},
        {"tenant": "acme"},
        {"exp": None},
        {"exp": int(NOON.timestamp()) - 31},
        {"exp": "soon"},
        {"exp": 10**15},
        {"exp": 10**25},
        {"nbf": int(NOON.timestamp()) + 31},
        {"header": {"typ": "JWT"}},
        {"header": {"typ": None}},
        {"header": {"kid": None}},
        {"header": {"kid": "another"}},
    ],
    ids=str,
)
async def test_a_token_with_one_thing_wrong_is_nobodys(
    verifier: Verifier, sign: Sign, changed: dict[str, Any]
) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.verify(sign(**changed))


async def test_the_algorithm_is_ours_to_choose(
    verifier: Verifier, sign: Sign, key: ECKey, published: Path
) -> None:
    public = OctKey.import_key(published.read_text())
    header, claims, signature = sign().split(".")
    unsigned = json.dumps({"alg": "none", "typ": "at+jwt", "kid": key.kid}).encode()

    for token in (
        sign(public, {"alg": "HS256"}),
        f"{urlsafe_b64encode(unsigned).decode()}.{claims}.",
        f"{header}.{claims}.",
        f"{header}.{claims}.{signature[:-4]}AAAA",
        sign(_key()),
    ):
        with pytest.raises(Unauthenticated):
            await verifier.verify(token)


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b.c", "e30.e30.e30", "W10.e30.x", "\u00e9.x.y"]
)
async def test_what_is_no_token_at_all_is_refused_like_a_wrong_one(
    verifier: Verifier, token: str
) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)


async def test_a_token_that_was_accepted_ends_with_its_time(
    verifier: Verifier, sign: Sign, noon: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, started = sign(), monotonic()
    claims = await verifier.verify(token)

    noon.shift(timedelta(seconds=331))
    monkeypatch.setattr("shared.auth.monotonic", lambda: started + 331)

    assert claims.seconds_left() == 0.0
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)


async def test_a_new_key_is_found_by_its_name_and_strangers_make_no_more_reads_than_one_in_ten_seconds(
    sign: Sign, published: Path, key: ECKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, reads = [monotonic()], list[str]()
    monkeypatch.setattr("shared.auth.monotonic", lambda: now[0])

    async def counted() -> Any:
        reads.append("once")
        return json.loads(published.read_text())

    keys = KeySource(str(published), counted)
    verifier = Verifier(keys, issuer="https://idp.test", audience="waymark")
    await verifier.verify(sign())
    fresh = _key()
    _publish(published, key, fresh)
    rotated = sign(fresh, {"kid": fresh.kid})

    for token in (rotated, *(sign(_key(), {"kid": f"k{n}"}) for n in range(20))):
        with pytest.raises(Unauthenticated):
            await verifier.verify(token)
    before = len(reads)
    now[0] += 11
    claims = await verifier.verify(rotated)

    assert claims.subject == "ada"
    assert (before, len(reads)) == (1, 2)


async def test_while_the_provider_is_away_the_known_keys_go_on(
    verifier: Verifier, sign: Sign, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await verifier.verify(sign())
    started = monotonic()
    published.unlink()
    monkeypatch.setattr("shared.auth.monotonic", lambda: started + 301)

    claims = await verifier.verify(sign(scope="people:read"))

    assert claims.scopes == {"people:read"}
