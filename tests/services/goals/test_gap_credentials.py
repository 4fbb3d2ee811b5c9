"""Credentials that a role asks for: which count, and until when."""

from typing import Any

import pytest

from tests.services.goals.test_gap_records import PATH, asks, earned


@pytest.mark.parametrize(
    ("facts", "status", "stands"),
    [
        ({}, "MET", "VALID"),
        ({"name": " pmp "}, "MET", "VALID"),
        ({"verification": "DECLARED"}, "UNVERIFIED", "VALID"),
        ({"expiresOn": "2025-01-01"}, "MISSING", "EXPIRED"),
        ({"verification": "REVOKED", "revokedOn": "2025-01-01"}, "MISSING", "REVOKED"),
    ],
)
async def test_how_a_credential_stands(world: Any, facts: dict[str, Any], status: str, stands: str):
    await asks(world, credentials=[{"name": "PMP", "issuer": "PMI", "mandatory": True}])
    await earned(world, "employee", **facts)

    gap = (await world.call("employee", "GET", PATH)).json()

    (found,) = gap["credentialGaps"]
    assert (found["status"], found["trace"]["records"][0]["stands"]) == (status, stands)


@pytest.mark.parametrize("facts", [{"name": "PMI-ACP"}, {"issuer": "Somebody else"}])
async def test_another_credential_does_not_count(world: Any, facts: dict[str, Any]):
    await asks(world, credentials=[{"name": "PMP", "issuer": "PMI"}])
    await earned(world, "employee", **facts)

    gap = (await world.call("employee", "GET", PATH)).json()

    (found,) = gap["credentialGaps"]
    assert (found["status"], found["mandatory"], found["trace"]["records"]) == (
        "MISSING",
        False,
        [],
    )


async def test_a_renewed_credential_is_met_until_its_new_end(world: Any):
    await asks(world, credentials=[{"name": "PMP"}])
    credential = await earned(world, "employee", expiresOn="2025-01-01")
    await earned(world, "employee", credential=credential, expiresOn="2099-01-01")

    gap = (await world.call("employee", "GET", PATH)).json()

    (found,) = gap["credentialGaps"]
    assert (found["status"], found["expiresOn"]) == ("MET", "2099-01-01")


async def test_what_is_withdrawn_or_objected_to_does_not_count(world: Any):
    await asks(world, credentials=[{"name": "PMP"}])
    withdrawn = await earned(world, "employee")
    await earned(world, "employee", verification="NONE")
    fact = {"type": "CERTIFICATION", "name": "PMP", "verification": "VERIFIED", "withdrawn": True}
    told = {"credentialId": withdrawn, "personId": world.ids["employee"], **fact}

    await world.tell("waymark.profile.credential.withdrawn.v1", withdrawn, told)

    (found,) = (await world.call("employee", "GET", PATH)).json()["credentialGaps"]
    assert (found["status"], found["trace"]["records"]) == ("MISSING", [])
