"""Consents: only the person gives them, they open what they say, and no longer than they say."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import literal, select

from services.profile.consents.rules import ConsentScope
from services.profile.people.models import Person, PersonGrant
from services.profile.policy import consented
from shared import clock
from shared.ids import new_id
from shared.policy import Policy
from shared.tenancy import Actor, Grant, Principal

PURPOSE = "To prepare for the next step"
EVERYBODY = ("dev", "lead", "head", "chief", "peer", "operator", "partner", "admin")


@pytest.fixture
def grant(profile, here):
    async def grant(by="dev", of="dev", to=None, scope="EXPERTISE", **further):
        body = {"scope": scope, "purpose": PURPOSE, "granteeId": here.people.get(to), **further}
        url = f"/people/{here.people[of]}/consents"
        return await profile.client.post(url, json=body, headers=here.as_(by))

    return grant


@pytest.fixture
def revoke(profile, here):
    async def revoke(consent, by="dev"):
        url = f"/consents/{consent['id']}/revoke"
        return await profile.client.post(url, headers=here.as_(by))

    return revoke


@pytest.fixture
def given(profile, here):
    async def given(by="dev", of="dev", kind="consents"):
        return await profile.client.get(f"/people/{here.people[of]}/{kind}", headers=here.as_(by))

    return given


async def principal_of(session, here, key):
    held = await session.scalars(
        select(PersonGrant).where(PersonGrant.person_id == UUID(here.people[key]))
    )
    grants = tuple(Grant(each.role, each.org_unit_id) for each in held)
    person_id = UUID(here.people[key])
    return Principal(here.tenant_id, key, Actor.PERSON, person_id=person_id, grants=grants)


@pytest.fixture
def let_in(profile, here):
    """Who is let in by the relation, as one row is asked and as a list is; the two agree."""

    async def let_in(scope, of="dev", object_id=None):
        policy = Policy({("THING", "READ"): (consented(ConsentScope(scope)),)})
        found = set()
        async with profile.session() as session:
            for key in EVERYBODY:
                who = await principal_of(session, here, key)
                one = UUID(here.people[of])
                may = await policy.may(session, who, "THING", "READ", one, object_id=object_id)
                of_row = None if object_id is None else literal(object_id)
                visible = policy.visible(who, "THING", "READ", Person.id, object_id=of_row)
                listed = set(await session.scalars(select(Person.id).where(visible)))
                assert (one in listed) == may, key
                if may:
                    found.add(key)
        return found

    return let_in


async def verbs(profile):
    prefix = "waymark.profile.consent."
    facts = [fact for fact in await profile.published() if fact["type"].startswith(prefix)]
    return [fact["type"].removeprefix(prefix) for fact in facts]


@pytest.mark.parametrize("actor", EVERYBODY)
async def test_only_the_person_gives_consent_and_sees_what_they_gave(
    grant, given, profile, here, actor
):
    answer = await grant(by=actor, to="operator")
    seen = await given(by=actor)

    if actor == "dev":
        assert (answer.status_code, [each["purpose"] for each in seen.json()]) == (201, [PURPOSE])
        return
    assert (answer.status_code, seen.status_code) == (404, 404)
    assert await verbs(profile) == []


async def test_a_named_consent_opens_one_scope_to_one_person(grant, let_in):
    assert await let_in("EXPERTISE") == set()

    await grant(to="operator")

    assert await let_in("EXPERTISE") == {"operator"}
    assert await let_in("MATCHING") == set()
    assert await let_in("EXPERTISE", of="peer") == set()


async def test_a_consent_without_a_name_opens_to_everybody_who_works_here(grant, let_in):
    await grant()

    assert await let_in("EXPERTISE") == set(EVERYBODY)


async def test_a_consent_for_one_object_opens_no_other_and_not_those_of_somebody_else(
    grant, let_in
):
    mine, another = new_id(), new_id()
    await grant(to="operator", scope="EXPERIENCE", objectId=str(mine))
    await grant(by="peer", of="peer", to="operator", scope="EXPERIENCE", objectId=str(another))

    assert await let_in("EXPERIENCE", object_id=mine) == {"operator"}
    assert await let_in("EXPERIENCE", object_id=another) == set()
    assert await let_in("EXPERIENCE") == set()


async def test_a_revoked_consent_opens_nothing_from_that_moment(grant, revoke, let_in, profile):
    consent = (await grant(to="operator")).json()

    revoked = (await revoke(consent)).json()
    again = (await revoke(consent)).json()

    assert await let_in("EXPERTISE") == set()
    assert revoked["revokedAt"] is not None
    assert again == revoked
    assert await verbs(profile) == ["granted.v1", "revoked.v1"]


@pytest.mark.parametrize(("hours", "opened"), [(-1, set()), (1, {"operator"})])
async def test_a_consent_ends_by_itself(grant, let_in, time_machine, hours, opened):
    now = clock.now()
    time_machine.move_to(now - timedelta(days=1))
    await grant(to="operator", until=(now + timedelta(hours=hours)).isoformat())
    time_machine.move_to(now)

    assert await let_in("EXPERTISE") == opened


async def test_the_same_again_is_the_same_and_other_terms_replace_it(grant, given, profile):
    first = await grant(to="operator")
    second = await grant(to="operator")
    third = await grant(to="operator", purpose="Another one")

    assert (first.status_code, second.status_code, third.status_code) == (201, 200, 201)
    assert first.json() == second.json()
    assert [each["revokedAt"] is None for each in (await given()).json()] == [True, False]
    assert await verbs(profile) == ["granted.v1", "revoked.v1", "granted.v1"]


async def test_who_is_let_in_by_name_sees_the_consent_but_cannot_take_it_back(
    grant, revoke, given, profile, here
):
    consent = (await grant(to="operator")).json()
    url = f"/consents/{consent['id']}"

    assert [
        each["id"] for each in (await given("operator", "operator", "received-consents")).json()
    ] == [consent["id"]]
    assert (await given("lead", "operator", "received-consents")).status_code == 404
    assert (await profile.client.get(url, headers=here.as_("operator"))).json() == consent
    assert (await profile.client.get(url, headers=here.as_("lead"))).status_code == 404
    assert (await revoke(consent, by="operator")).status_code == 403
    assert (await revoke(consent, by="lead")).status_code == 404
    assert await verbs(profile) == ["granted.v1"]

    await revoke(consent)
    assert (await given("operator", "operator", "received-consents")).json() == []
    assert (await profile.client.get(url, headers=here.as_("operator"))).status_code == 404


RESULT = {"scope": "ASSESSMENT_RESULT", "role": "MENTOR", "to": "operator"}
REFUSED = [
    ({"until": "2020-01-01T00:00:00Z"}, "/until"),
    ({"to": "dev"}, "/granteeId"),
    ({"granteeId": str(new_id())}, "/granteeId"),
    ({"role": "MENTOR"}, "role"),
    ({"to": "operator", "objectId": str(new_id())}, "objectId"),
    (RESULT | {"to": None}, "granteeId"),
    (RESULT | {"role": "COLLEAGUE"}, "role"),
    (RESULT | {"role": None}, "role"),
    *((RESULT | {"to": above}, "/granteeId") for above in ("lead", "head", "chief", "partner")),
]


@pytest.mark.parametrize(("terms", "field"), REFUSED)
async def test_what_cannot_be_given_is_refused_by_its_field(grant, given, profile, terms, field):
    answer = await grant(**terms)

    assert answer.status_code == 422
    assert field in answer.text
    assert (await given()).json() == []
    assert await verbs(profile) == []


async def test_a_confidant_who_comes_to_lead_the_person_is_let_in_no_longer(
    grant, let_in, profile, here
):
    await grant(**RESULT)
    before = await let_in("ASSESSMENT_RESULT")

    move = {"managerId": here.people["operator"], "changeReason": "TRANSFER"}
    url = f"/people/{here.people['dev']}/assignments"
    moved = await profile.client.post(url, json=move, headers=here.as_("admin"))

    assert (before, moved.status_code) == ({"operator"}, 201)
    assert await let_in("ASSESSMENT_RESULT") == set()


async def test_the_facts_name_who_and_what_but_never_the_purpose(grant, profile, here):
    consent = (await grant(to="operator")).json()

    (fact,) = await profile.published("waymark.profile.consent.granted.v1")
    assert (fact["subject"], fact["sequence"]) == (consent["id"], 1)
    assert fact["payload"] == {
        "consentId": consent["id"],
        "personId": here.people["dev"],
        "granteeId": here.people["operator"],
        "scope": "EXPERTISE",
        "objectId": None,
        "role": None,
        "grantedAt": consent["grantedAt"],
        "until": None,
        "revokedAt": None,
    }


@pytest.mark.parametrize("erased", ["dev", "operator"])
async def test_an_erased_person_leaves_no_consent_on_either_side(
    grant, given, let_in, profile, here, erased
):
    await grant(to="operator")
    url = f"/people/{here.people[erased]}/erasure"
    await profile.client.post(
        url, json={"reason": "Asked for it."}, headers=profile.integration("people:erase")
    )

    assert await let_in("EXPERTISE") == set()


async def test_the_gateway_reads_ones_own_consents(ask, grant, here):
    await grant(to="operator", scope="EXPERIENCE", objectId=str(new_id()))
    fields = [{"as": name, "field": name} for name in ("scope", "objectId", "purpose")]
    dev = here.people["dev"]

    seen = {
        viewer: (await ask("consents", "person", fields, viewer, shape="list", keys=[dev]))[dev]
        for viewer in EVERYBODY
    }

    assert {viewer for viewer, found in seen.items() if found} == {"dev", "operator"}
    assert seen["dev"][0]["objectId"].startswith("RXhwZXJpZW5jZVJlY29yZ")
