"""Standing changes: a manager, a position to come, leaving and returning, grants."""

from datetime import UTC, datetime, timedelta

import time_machine

from services.profile.people import due
from shared import clock
from shared.tenancy import Principal
from tests.services.profile.test_people import get, move, types_of


async def test_a_manager_changed_a_moment_ago_has_lost_access(here, profile):
    dev, lead = here.people["dev"], here.as_("lead")
    before = await profile.client.get(f"/people/{dev}", headers=lead)

    moved = await move(profile, here, "dev", managerId=here.people["operator"])

    assert before.json()["workEmail"] is not None
    assert (moved.status_code, moved.json()["managerId"]) == (201, here.people["operator"])
    assert (await profile.client.get(f"/people/{dev}", headers=lead)).json()["workEmail"] is None
    history = await profile.client.get(f"/people/{dev}/assignments", headers=lead)
    unknown = await profile.client.get(f"/people/{here.units['co']}/assignments", headers=lead)
    assert (history.status_code, history.content) == (404, unknown.content)
    new = await profile.client.get(f"/people/{dev}", headers=here.as_("operator"))
    assert new.json()["workEmail"] is not None
    assert (await types_of(profile, dev))[-2:] == ["assignment.changed.v1", "manager.changed.v1"]


async def test_a_position_to_come_is_in_force_on_its_day(here, profile):
    day = clock.today() + timedelta(days=3)
    dev = here.people["dev"]

    response = await move(
        profile,
        here,
        "dev",
        managerId=here.people["operator"],
        roleTitle="Planner",
        effectiveFrom=day.isoformat(),
        changeReason="ROTATION",
    )
    still = (await get(profile, here, "dev")).json()
    system = Principal.system(here.tenant_id, "profile.people.due")
    with time_machine.travel(datetime.combine(day, datetime.min.time(), UTC)):
        async with profile.session() as session:
            done = await due.apply_due(session, system, today=clock.today())
        async with profile.session() as session:
            rest = await due.apply_due(session, system, today=clock.today())
    then = (await get(profile, here, "dev")).json()

    assert response.status_code == 201
    assert still["managerId"] == here.people["lead"]
    assert ([str(each) for each in done], rest) == ([dev], [])
    assert (then["managerId"], then["roleTitle"]) == (here.people["operator"], "Planner")
    assert then["assignmentSince"] == day.isoformat()
    assert (await types_of(profile, dev))[-2:] == ["assignment.changed.v1", "manager.changed.v1"]


async def test_who_leaves_has_no_access_and_may_return(here, profile):
    lead, url = here.people["lead"], f"/people/{here.people['lead']}"

    gone = await profile.client.post(f"{url}/terminate", json={}, headers=here.hris)
    refused = await profile.client.get(url, headers=here.as_("lead"))
    twice = await profile.client.post(f"{url}/terminate", json={}, headers=here.hris)
    card = await profile.client.get(url, headers=here.as_("dev"))
    placed = await move(profile, here, "lead", roleTitle="Lead")
    back = await profile.client.post(f"{url}/reactivate", headers=here.hris)
    again = await profile.client.post(f"{url}/reactivate", headers=here.hris)

    assert (gone.json()["status"], gone.json()["managerId"]) == ("TERMINATED", None)
    assert gone.json()["terminationDate"] == clock.today().isoformat()
    assert gone.json()["orgUnitId"] == here.units["eng"]
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:waymark:problem:no-access")
    assert (twice.status_code, twice.json()["type"]) == (
        409,
        "urn:waymark:problem:state-transition",
    )
    assert card.status_code == 404
    assert placed.json()["type"] == "urn:waymark:problem:not-employed"
    assert (back.json()["status"], back.json()["terminationDate"]) == ("ACTIVE", None)
    assert again.json()["type"] == "urn:waymark:problem:state-transition"
    assert (await types_of(profile, lead))[-4:] == [
        "person.terminated.v1",
        "assignment.ended.v1",
        "manager.changed.v1",
        "person.reactivated.v1",
    ]


async def test_a_termination_to_come_happens_on_its_day(here, profile):
    day = clock.today() + timedelta(days=1)
    url = f"/people/{here.people['dev']}"

    noted = await profile.client.post(
        f"{url}/terminate", json={"terminationDate": day.isoformat()}, headers=here.hris
    )
    system = Principal.system(here.tenant_id, "profile.people.due")
    async with profile.session() as session:
        await due.apply_due(session, system, today=day)

    assert (noted.json()["status"], noted.json()["terminationDate"]) == ("ACTIVE", day.isoformat())
    assert (await get(profile, here, "dev")).json()["status"] == "TERMINATED"


async def test_a_change_of_status_neither_ends_nor_returns(here, profile):
    url = f"/people/{here.people['dev']}"

    leave = await profile.client.patch(
        url, json={"status": "ON_LEAVE"}, headers={**here.hris, "If-Match": '"1"'}
    )
    end = await profile.client.patch(
        url, json={"status": "TERMINATED"}, headers={**here.hris, "If-Match": '"2"'}
    )

    assert leave.json()["status"] == "ON_LEAVE"
    assert end.json()["type"] == "urn:waymark:problem:state-transition"
    assert (await get(profile, here, "dev")).json()["version"] == 2


async def test_grants_are_given_and_taken_by_others(here, profile):
    url, admin = f"/people/{here.people['lead']}/grants", here.as_("admin")
    scoped = {"role": "HR_PARTNER", "orgUnitId": here.units["ops"]}

    given = await profile.client.post(url, json=scoped, headers=admin)
    twice = await profile.client.post(url, json=scoped, headers=admin)
    told = (await profile.published("waymark.profile.person.updated.v1"))[-1]
    reach = await get(profile, here, "operator", here.as_("lead"))
    own = await profile.client.post(
        f"/people/{here.people['admin']}/grants", json=scoped, headers=admin
    )
    employee = await profile.client.post(url, json=scoped, headers=here.as_("dev"))
    (grant,) = given.json()
    taken = await profile.client.delete(f"{url}/{grant['id']}", headers=admin)
    lost = await get(profile, here, "operator", here.as_("lead"))

    assert (given.status_code, twice.json()["type"]) == (201, "urn:waymark:problem:already-granted")
    assert told["payload"]["grants"] == [scoped]
    assert reach.json()["workEmail"] is not None
    assert own.json()["type"] == "urn:waymark:problem:grant-to-oneself"
    assert employee.status_code == 403
    assert (taken.status_code, lost.json()["workEmail"]) == (204, None)
