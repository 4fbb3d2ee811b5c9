"""What a connection is told beside its secret; the handshake of CloudEvents; noise at every kind of connection."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import COMPLETED
from .inbound import asked, connect, rows

BODY = json.dumps(COMPLETED).encode()
JWKS = {"verifier": "JWT_JWKS"}
WRONG_SETTINGS: list[tuple[dict[str, Any], str]] = [
    (JWKS, "/settings/jwksUrl"),
    (JWKS | {"settings": {"jwksUrl": "file:///etc/passwd"}}, "/settings/jwksUrl"),
    (JWKS | {"settings": {"jwksUrl": "https://["}}, "/settings/jwksUrl"),
    ({"verifier": "OAUTH2_BEARER"}, "/settings/clientId"),
    (
        {"verifier": "URL_SECRET", "settings": {"publicKeys": ["whpk_" + "A" * 43 + "="]}},
        "/settings/publicKeys",
    ),
    ({"settings": {"publicKeys": ["whpk_AAAA"]}}, "/settings/publicKeys/0"),
    ({"settings": {"another": 1}}, "/settings/another"),
    ({"settings": {"terminations": {"share": 2}}}, "/settings/terminations/share"),
    ({"secret": "whsec_no base64 at all"}, "/secret"),
    ({"secret": "whsec_AAAAAAAAAAAA"}, "/secret"),
    (
        JWKS | {"secret": "a secret of mine", "settings": {"jwksUrl": "https://a.example"}},
        "/secret",
    ),
]


@pytest.mark.parametrize(("wanted", "pointer"), WRONG_SETTINGS)
async def test_settings_that_a_scheme_cannot_use_are_refused_by_their_field(
    integrations, wanted, pointer
):
    answer = await integrations.client.post(
        "/connections",
        json={"name": "A", "kind": "LMS", **wanted},
        headers=integrations.integration("connections:write"),
    )

    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


async def test_settings_are_replaced_whole_and_hold_from_the_next_delivery_on(integrations):
    lms = await connect(integrations, verifier="OAUTH2_BEARER", settings={"clientId": "sf"})
    token = integrations.token("sf", client="sf", scopes=("webhooks:write",))
    path = f"/connections/{lms.id}/settings"

    changed = await asked(lms, "PUT", path, json={"settings": {"clientId": "other"}})
    refused = await asked(lms, "PUT", path, json={"settings": {}})
    nobody = await integrations.client.put(
        path, json={"settings": {"clientId": "x"}}, headers=integrations.integration("people:write")
    )

    assert changed.json()["settings"]["clientId"] == "other"
    assert (refused.status_code, nobody.status_code) == (422, 404)
    assert (await lms.post(BODY, token)).status_code == 401


async def test_a_scheme_without_a_secret_has_none_to_rotate(integrations):
    lms = await connect(integrations, verifier="OAUTH2_BEARER", settings={"clientId": "sf"})

    answer = await asked(lms, "POST", f"/connections/{lms.id}/rotate-secret")

    assert answer.json()["type"] == "urn:waymark:problem:secret-not-used"


async def test_the_handshake_of_cloud_events(lms):
    client = lms.harness.client
    path = f"/webhooks/{lms.id}"

    async def shaken(**headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await client.options(path, headers=named)

    plain = await shaken()
    agreed = await shaken(WebHook_Request_Origin="emitter.example.com")
    slow = await shaken(WebHook_Request_Origin="emitter.example.com", WebHook_Request_Rate="120")
    refused = await shaken(WebHook_Request_Origin="<script>")

    assert (plain.status_code, plain.headers["allow"]) == (204, "POST, OPTIONS")
    assert "webhook-allowed-origin" not in plain.headers
    assert agreed.headers["webhook-allowed-origin"] == "emitter.example.com"
    assert agreed.headers["webhook-allowed-rate"] == "6000"
    assert slow.headers["webhook-allowed-rate"] == "120"
    assert refused.status_code == 400


KINDS: dict[str, dict[str, Any]] = {
    "HMAC_SHA256_HEX_TIMESTAMP": {},
    "HMAC_SHA512_BASE64": {},
    "URL_SECRET": {},
    "OAUTH2_BEARER": {"settings": {"clientId": "sf"}},
    "JWT_JWKS": {"settings": {"jwksUrl": "http://127.0.0.1:1/jwks"}},
}
HEADER = st.text(st.characters(min_codepoint=0, max_codepoint=255), max_size=60)
NAMES = st.sampled_from(
    ["authorization", "x-bamboohr-signature", "x-bamboohr-timestamp", "bob-signature",
     "webhook-id", "ce-specversion", "ce-id", "content-type", "content-length-x"]
)  # fmt: skip


@pytest.fixture(params=KINDS)
async def noisy(integrations, request):
    return await connect(integrations, verifier=request.param, **KINDS[request.param])


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.dictionaries(NAMES, HEADER), st.binary(max_size=120), HEADER)
async def test_noise_is_refused_by_every_kind_of_connection(noisy, headers, body, query):
    raw = {name: value.encode("latin-1") for name, value in headers.items()}

    answer = await noisy.harness.client.post(
        f"/webhooks/{noisy.id}", content=body, headers=raw, params={"secret": query}
    )

    assert answer.status_code == 401
    assert await rows(noisy, "SELECT id FROM webhooks_delivery") == []
