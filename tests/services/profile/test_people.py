"""People at their door: come, change, move, leave and return."""

from typing import Any


async def get(profile, here, key, viewer=None):
    return await profile.client.get(f"/people/{here.people[key]}", headers=viewer or here.hris)


async def move(profile, here, key, **new):
    return await profile.client.post(
        f"/people/{here.people[key]}/assignments", json=new, headers=here.hris
    )


async def types_of(profile, person_id):
    facts = [fact for fact in await profile.published() if fact["subject"] == person_id]
    return [fact["type"].removeprefix("waymark.profile.") for fact in facts]


async def test_a_person_is_registered_with_a_first_position(here, profile):
    body = {
        "displayName": "Nova Quist",
        "workEmail": "Nova@Example.test",
        "hireDate": "2024-02-01",
        "externalIds": [{"system": "badge", "type": "CARD", "value": "77"}],
        "assignment": {
            "managerId": here.people["lead"],
            "orgUnitId": here.units["eng"],
            "level": "2",
        },
    }

    response = await profile.client.post("/people", json=body, headers=here.as_("admin"))

    person = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/people/{person['id']}"
    assert response.headers["etag"] == '"1"'
    assert (person["workEmail"], person["subject"]) == ("nova@example.test", "nova@example.test")
    assert (person["managerId"], person["assignmentSince"]) == (here.people["lead"], "2024-02-01")
    (fact, started) = [f for f in await profile.published() if f["subject"] == person["id"]]
    assert (fact["type"], started["type"]) == (
        "waymark.profile.person.registered.v1",
        "waymark.profile.assignment.started.v1",
    )
    assert fact["payload"] == {
        "personId": person["id"],
        "subject": "nova@example.test",
        "displayName": "Nova Quist",
        "preferredName": None,
        "workEmail": "nova@example.test",
        "status": "ACTIVE",
        "managerId": here.people["lead"],
        "orgUnitId": here.units["eng"],
        "roleId": None,
        "roleTitle": None,
        "level": "2",
        "assignmentSince": "2024-02-01",
        "grants": [],
        "externalIds": [{"system": "badge", "type": "CARD", "value": "77"}],
    }
    assert fact["sequence"] == started["sequence"] == 1


async def test_what_is_taken_is_a_named_conflict_and_nothing_is_made(here, profile):
    told = len(await profile.published())
    email = {"displayName": "X", "workEmail": f"dev@{here.tenant_id}.test"}
    subject = {"displayName": "X", "subject": f"dev@{here.tenant_id}.test"}
    name = {
        "displayName": "X",
        "externalIds": [{"system": "hris", "type": "WORKER", "value": "dev"}],
    }

    answers = [
        await profile.client.post("/people", json=body, headers=here.hris)
        for body in (email, subject, name)
    ]

    assert [(each.status_code, each.json()["type"].rpartition(":")[2]) for each in answers] == [
        (409, "work-email-taken"),
        (409, "subject-taken"),
        (409, "external-id-taken"),
    ]
    assert len(await profile.published()) == told


async def test_a_change_needs_the_version_that_was_read(here, profile):
    url, body = f"/people/{here.people['dev']}", {"displayName": "Devi"}
    version = (await get(profile, here, "dev")).headers["etag"]

    missing = await profile.client.patch(url, json=body, headers=here.hris)
    stale = await profile.client.patch(url, json=body, headers={**here.hris, "If-Match": '"99"'})
    done = await profile.client.patch(url, json=body, headers={**here.hris, "If-Match": version})
    again = await profile.client.patch(url, json=body, headers={**here.hris, "If-Match": version})

    assert [r.status_code for r in (missing, stale, done, again)] == [428, 412, 200, 412]
    assert (done.json()["displayName"], done.headers["etag"]) == ("Devi", '"2"')
    assert (await types_of(profile, here.people["dev"]))[-1] == "person.updated.v1"


async def test_who_signs_in_with_the_work_email_goes_on_doing_so(here, profile):
    url = f"/people/{here.people['dev']}"

    await profile.client.patch(
        url, json={"workEmail": "new@example.test"}, headers={**here.hris, "If-Match": '"1"'}
    )

    assert (await profile.client.get(url, headers=here.as_("dev"))).status_code == 403
    own = await profile.client.get(url, headers=profile.token("new@example.test"))
    assert own.json()["workEmail"] == "new@example.test"


async def test_an_unknown_member_is_refused(here, profile):
    for name in ("managerId", "sequence", "tenantId", "isLeadership", "version"):
        response = await profile.client.patch(
            f"/people/{here.people['dev']}",
            json={name: None},
            headers={**here.hris, "If-Match": '"1"'},
        )
        assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, f"/{name}")


async def test_nobody_reports_to_somebody_below(here, profile):
    version = (await get(profile, here, "head")).json()["version"]

    response = await move(profile, here, "head", managerId=here.people["dev"])

    assert (response.status_code, response.json()["type"]) == (
        409,
        "urn:waymark:problem:circular-reporting",
    )
    assert (await get(profile, here, "head")).json()["version"] == version


async def test_an_assignment_names_people_and_units_that_exist(here, profile):
    manager = await move(profile, here, "dev", managerId=here.units["co"])
    unit = await move(profile, here, "dev", orgUnitId=here.people["dev"])

    assert manager.json()["type"] == "urn:waymark:problem:unknown-person"
    assert unit.json()["type"] == "urn:waymark:problem:unknown-org-unit"


async def test_a_correction_of_the_same_day_holds_and_the_history_keeps_both(here, profile):
    await move(profile, here, "dev", roleTitle="Wrong", effectiveFrom="2025-05-05")
    await move(profile, here, "dev", roleTitle="Right", effectiveFrom="2025-05-05")

    history = await profile.client.get(
        f"/people/{here.people['dev']}/assignments", headers=here.as_("dev")
    )

    assert (await get(profile, here, "dev")).json()["roleTitle"] == "Right"
    titles = [(each["effectiveFrom"], each["roleTitle"]) for each in history.json()]
    assert titles == [
        ("2025-05-05", "Right"),
        ("2025-05-05", "Wrong"),
        ("2020-01-01", "Developer"),
    ]


async def test_a_backdated_position_does_not_replace_a_later_one(here, profile):
    await move(profile, here, "dev", roleTitle="Now", effectiveFrom="2025-05-05")
    await move(profile, here, "dev", roleTitle="Then", effectiveFrom="2024-01-01")

    assert (await get(profile, here, "dev")).json()["roleTitle"] == "Now"


async def test_a_unit_moves_but_not_below_itself(here, profile):
    eng, ops, co = (here.units[key] for key in ("eng", "ops", "co"))
    admin = {**here.as_("admin"), "If-Match": '"1"'}

    moved = await profile.client.patch(f"/org-units/{eng}", json={"parentId": ops}, headers=admin)
    circle = await profile.client.patch(f"/org-units/{co}", json={"parentId": eng}, headers=admin)
    below = await profile.client.get("/people", params={"orgUnitId": ops}, headers=here.hris)

    assert (moved.status_code, moved.json()["parentId"], moved.json()["version"]) == (200, ops, 2)
    assert circle.json()["type"] == "urn:waymark:problem:circular-organisation"
    assert {person["displayName"] for person in below.json()} == {
        "Head",
        "Lead",
        "Dev",
        "Peer",
        "Operator",
        "Partner",
    }
    fact = (await profile.published("waymark.profile.org_unit.changed.v1"))[-1]
    assert fact["payload"] == {
        "orgUnitId": eng,
        "name": "Engineering",
        "type": "DEPARTMENT",
        "parentId": ops,
        "leaderId": None,
    }


async def test_lists_are_paged_searched_and_batched(here, profile):
    everyone = {
        person["id"] for person in (await profile.client.get("/people", headers=here.hris)).json()
    }
    seen: list[str] = []
    url: Any = "/people?limit=3"
    while url:
        page = await profile.client.get(url, headers=here.hris)
        seen += [person["id"] for person in page.json()]
        url = page.links["next"]["url"] if "next" in page.links else None
    found = await profile.client.get("/people", params={"search": "OPE"}, headers=here.as_("dev"))
    batch = await profile.client.get(
        "/people",
        params={"ids": [here.people["dev"], here.units["co"], here.people["peer"]]},
        headers=here.hris,
    )

    assert (len(seen), set(seen)) == (8, everyone)
    assert {person["displayName"] for person in found.json()} == {"Dev", "Peer", "Operator"}
    assert [person["displayName"] for person in batch.json()] == ["Dev", "Peer"]
