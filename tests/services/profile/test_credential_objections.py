"""Who may verify a credential may also say no to it; who declared it takes it back."""

from typing import Any

import pytest

from tests.services.profile.hris import Hris
from tests.services.profile.test_credential_skills import earned, said, verify

__all__ = ["earned", "said", "verify"]


@pytest.fixture
def decide(profile, here):
    async def decide(who, credential_id, of="dev", reason="I have not seen it."):
        url = f"/people/{here.people[of]}/credentials/{credential_id}/object"
        return await profile.client.post(url, json={"reason": reason}, headers=here.as_(who))

    return decide


@pytest.fixture
def withdraw(profile, here):
    async def withdraw(who, credential_id, of="dev"):
        url = f"/people/{here.people[of]}/credentials/{credential_id}"
        return await profile.client.delete(url, headers=here.as_(who))

    return withdraw


@pytest.fixture
def held(profile, here):
    async def held():
        url = f"/people/{here.people['dev']}/credentials"
        return (await profile.client.get(url, headers=here.as_("dev"))).json()

    return held


async def test_an_objection_takes_the_evidence_and_says_why(
    profile, earned, verify, decide, held, said
):
    made = await earned()
    await verify("lead", made["id"])

    answer = await decide("partner", made["id"])

    assert (answer.status_code, answer.json()["verification"]) == (200, "NONE")
    (seen,) = await held()
    assert (seen["objection"], seen["verifiedById"]) == ("I have not seen it.", None)
    assert [state for _, state, *_ in await said()] == ["RETRACTED"]
    facts = await profile.published("waymark.profile.credential.added.v1")
    assert [fact["payload"]["verification"] for fact in facts] == ["DECLARED", "VERIFIED", "NONE"]
    assert "objection" not in facts[-1]["payload"]
    assert (await verify("lead", made["id"])).json()["objection"] is None


@pytest.mark.parametrize(
    ("who", "status"), [("dev", 403), ("head", 403), ("peer", 404), ("admin", 404)]
)
async def test_who_may_not_verify_may_not_object(earned, decide, held, who, status):
    made = await earned()

    answer = await decide(who, made["id"])

    assert answer.status_code == status
    assert [each["verification"] for each in await held()] == ["DECLARED"]


async def test_what_is_withdrawn_is_gone_with_what_it_showed(
    profile, earned, verify, withdraw, held, said
):
    made = await earned()
    await verify("lead", made["id"])

    answer = await withdraw("dev", made["id"])

    assert (answer.status_code, await held()) == (200, [])
    assert [state for _, state, *_ in await said()] == ["RETRACTED"]
    (fact,) = await profile.published("waymark.profile.credential.withdrawn.v1")
    assert (fact["payload"]["withdrawn"], fact["sequence"]) == (True, 3)
    assert (await withdraw("dev", made["id"])).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("lead", 403), ("partner", 403), ("peer", 404), ("admin", 404)]
)
async def test_only_its_person_withdraws_it(earned, withdraw, held, who, status):
    made = await earned()

    assert (await withdraw(who, made["id"])).status_code == status
    assert [each["id"] for each in await held()] == [made["id"]]


async def test_what_a_system_told_is_neither_withdrawn_nor_objected_to(
    profile, withdraw, decide, held
):
    told: dict[str, Any] = {
        "person": {"externalId": "dev"},
        "credential": {"type": "DEGREE", "name": "Physics"},
    }
    await Hris(profile).say("credential.issued", "c", issuedOn="2025-01-01", **told)
    (credential,) = await held()

    answers = [await withdraw("dev", credential["id"]), await decide("lead", credential["id"])]

    assert [answer.status_code for answer in answers] == [409, 409]
    slugs = {answer.json()["type"] for answer in answers}
    assert slugs == {"urn:waymark:problem:issued-elsewhere"}
    assert await held() == [credential]
