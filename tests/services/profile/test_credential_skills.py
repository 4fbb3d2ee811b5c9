"""What a credential shows counts once another person stands for it, and until it runs out or is taken back."""

from typing import Any

import pytest

from tests.services.profile.hris import Hris

EARNED = {
    "type": "CERTIFICATION",
    "name": "Weaver",
    "issuedOn": "2024-05-01",
    "expiresOn": "2099-05-01",
}


@pytest.fixture
def earned(profile, here, coding):
    async def earned(who="dev", **further):
        body = EARNED | {"skills": [{"skillId": coding, "level": 3}]} | further
        url = f"/people/{here.people[who]}/credentials"
        answer = await profile.client.post(url, json=body, headers=here.as_(who))
        assert answer.status_code == 201, answer.text
        return answer.json()

    return earned


@pytest.fixture
def verify(profile, here):
    async def verify(who, credential_id, of="dev", **word):
        url = f"/people/{here.people[of]}/credentials/{credential_id}/verify"
        return await profile.client.post(url, json=word, headers=here.as_(who))

    return verify


@pytest.fixture
def said(profile, here):
    async def said():
        answer = await profile.client.get(
            "/skills/assertions", params={"personId": here.people["dev"]}, headers=here.as_("dev")
        )
        names = ("source", "state", "level", "occurredOn", "expiresOn")
        return [tuple(each[name] for name in names) for each in answer.json()]

    return said


async def test_a_verified_credential_is_evidence_until_its_day(profile, here, earned, verify, said):
    made = await earned()
    assert (made["verification"], await said()) == ("DECLARED", [])

    answer = await verify("lead", made["id"])

    assert answer.status_code == 200
    assert answer.json()["verification"] == "VERIFIED"
    assert answer.json()["verifiedById"] == here.people["lead"]
    assert await said() == [("CERTIFICATION", "CONFIRMED", 3.0, "2024-05-01", "2099-05-01")]
    facts = await profile.published("waymark.profile.credential.added.v1")
    assert [(f["sequence"], f["payload"]["verification"]) for f in facts] == [
        (1, "DECLARED"),
        (2, "VERIFIED"),
    ]


async def test_the_verifiers_level_stands_above_the_claim_and_counts_once(
    earned, verify, said, coding
):
    made = await earned()

    await verify("lead", made["id"])
    await verify("partner", made["id"], skills=[{"skillId": coding, "level": 2}])

    assert [(state, level) for _, state, level, *_ in await said()] == [
        ("RETRACTED", 3.0),
        ("CONFIRMED", 2.0),
    ]


@pytest.mark.parametrize(
    ("who", "status"), [("dev", 403), ("head", 403), ("peer", 404), ("admin", 404)]
)
async def test_who_does_not_verify_one(profile, earned, verify, said, who, status):
    made = await earned()

    answer = await verify(who, made["id"])

    assert answer.status_code == status
    assert await said() == []
    assert len(await profile.published("waymark.profile.credential.added.v1")) == 1


async def test_what_has_ended_is_not_verified(earned, verify, said):
    made = await earned(expiresOn="2024-06-01")

    answer = await verify("lead", made["id"])

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:waymark:problem:credential-has-ended"
    assert await said() == []


async def test_a_revocation_takes_the_evidence_with_it(profile, here, verify, said, coding):
    hris = Hris(profile)
    credential = {"externalId": "C-1", "type": "certification", "name": "Weaver"}
    told: dict[str, Any] = {"person": {"externalId": "dev"}, "credential": credential}
    await hris.say("credential.issued", "c", issuedOn="2025-01-01", **told)
    held = await profile.client.get(
        f"/people/{here.people['dev']}/credentials", headers=here.as_("dev")
    )
    shown = [{"skillId": coding, "level": 4}]
    await verify("lead", held.json()[0]["id"], skills=shown)
    before = await said()

    await hris.say("credential.revoked", "c", revokedOn="2025-02-01", **told)

    assert before == [("CERTIFICATION", "CONFIRMED", 4.0, "2025-01-01", None)]
    assert [state for _, state, *_ in await said()] == ["RETRACTED"]


async def test_a_credential_shows_skills_that_exist(profile, here):
    body = EARNED | {"skills": [{"skillId": "0193a000-0000-7000-8000-000000000000"}]}

    answer = await profile.client.post(
        f"/people/{here.people['dev']}/credentials", json=body, headers=here.as_("dev")
    )

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:waymark:problem:unknown-skills"
