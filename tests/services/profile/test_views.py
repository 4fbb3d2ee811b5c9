"""What the gateway reads: the same rules, whatever the shape of the question."""

import base64

import pytest
from sqlalchemy import text

from services.profile.views import VIEWS
from shared.views import Many, One, Scalar
from tests.services.profile.test_assertions import PROOF


def select(*names, **nested):
    return [{"as": name, "field": name} for name in names] + [
        {"as": name, "field": name, **more} for name, more in nested.items()
    ]


async def test_a_person_is_shown_whole_or_as_a_card(ask, here):
    fields = select(
        "id",
        "personId",
        "displayName",
        "roleTitle",
        "orgUnitId",
        "workEmail",
        "status",
        "hireDate",
        "level",
        "version",
        manager={"select": select("displayName")},
        orgUnit={"select": select("name")},
        externalIds={"shape": "list", "select": select("system", "type", "value")},
    )
    dev = here.people["dev"]

    whole = (await ask("people", "id", fields, "lead", keys=[dev]))[dev]
    card = (await ask("people", "id", fields, "operator", keys=[dev]))[dev]

    assert base64.b64decode(whole["id"]).decode() == f"Person:{dev}"
    assert whole["manager"] == {"displayName": "Lead"}
    assert (whole["status"], whole["hireDate"], whole["level"]) == ("ACTIVE", "2020-01-01", "3")
    assert whole["externalIds"] == [{"system": "hris", "type": "WORKER", "value": "dev"}]
    assert card == whole | {
        "workEmail": None,
        "status": None,
        "hireDate": None,
        "level": None,
        "version": None,
        "externalIds": card["externalIds"],
    }
    assert card["externalIds"] in (None, [])


async def test_the_viewer_is_the_callers_own_person(ask, here):
    found = await ask("people", "viewer", select("displayName", "workEmail"), "dev")

    assert [each["displayName"] for each in found.values()] == ["Dev"]


async def names(ask, viewer, **arguments):
    found = await ask("people", "all", select("displayName"), viewer, shape="list", **arguments)
    ((_, rows),) = found.items()
    return [row["displayName"] for row in rows]


async def test_people_are_listed_searched_and_ordered(ask, here):
    everybody = ["Admin", "Chief", "Dev", "Head", "Lead", "Operator", "Partner", "Peer"]

    assert await names(ask, "dev") == everybody
    assert await names(ask, "dev", search="develop") == ["Dev", "Peer"]
    assert await names(ask, "dev", orgUnitId=here.units["ops"]) == ["Operator", "Partner"]
    assert await names(ask, "dev", orgUnitId=here.units["co"]) == everybody
    assert await names(ask, "dev", status="ACTIVE") == ["Dev"]
    assert (await names(ask, "dev", orderBy="HIRE_DATE"))[0] == "Dev"
    assert await names(ask, "dev", first=2) == everybody[:2]


async def test_reports_and_members_hang_below(ask, here):
    fields = select(directReports={"shape": "list", "select": select("displayName")})
    unit = select(
        children={"shape": "list", "select": select("name")},
        members={"shape": "list", "select": select("displayName", "workEmail")},
        parent={"select": select("name")},
    )
    lead, eng = here.people["lead"], here.units["eng"]

    own = (await ask("people", "id", fields, "lead", keys=[lead]))[lead]
    strange = (await ask("people", "id", fields, "operator", keys=[lead]))[lead]
    shown = (await ask("org_units", "id", unit, "operator", keys=[eng]))[eng]

    assert [each["displayName"] for each in own["directReports"]] == ["Dev", "Peer"]
    assert strange == own
    assert (shown["parent"], shown["children"]) == ({"name": "Company"}, [])
    assert [each["displayName"] for each in shown["members"]] == ["Dev", "Head", "Lead", "Peer"]
    assert {each["workEmail"] for each in shown["members"]} == {None}


async def test_levels_come_with_their_trace_and_age_as_of_today(profile, ask, here, say):
    await say("dev", "SELF", 4)
    await say("lead", "MANAGER", 3, evidence=PROOF)
    async with profile.session() as session:
        await session.execute(text("UPDATE skills_estimate SET as_of = as_of - 1096"))
    fields = select(
        "level",
        "selfLevel",
        "mass",
        "confidence",
        skill={"select": select("code", framework={"select": select("key")})},
        contributions={"shape": "list", "select": select("source", "weight", "decay")},
    )
    said = select("source", evidence={"shape": "list", "select": select("kind", "title", "uri")})
    dev = here.people["dev"]

    (own,) = (await ask("skill_levels", "person", fields, "dev", shape="list", keys=[dev]))[dev]
    (above,) = (await ask("skill_levels", "person", fields, "head", shape="list", keys=[dev]))[dev]
    hidden = (await ask("skill_levels", "person", fields, "peer", shape="list", keys=[dev]))[dev]
    words = (await ask("skill_assertions", "person", said, "head", shape="list", keys=[dev]))[dev]

    assert (own["level"], own["selfLevel"], above["selfLevel"]) == (3.0, 4.0, None)
    assert own["mass"] == pytest.approx(0.35, rel=1e-3)
    assert own["confidence"] == pytest.approx(own["mass"] / (own["mass"] + 1))
    (contribution,) = own["contributions"]
    assert contribution["weight"] * contribution["decay"] == pytest.approx(own["mass"])
    assert own["skill"] == {"code": "coding", "framework": {"key": "house"}}
    assert hidden == []
    assert words == [{"source": "MANAGER", "evidence": PROOF}]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
async def test_every_field_of_every_view_can_be_read(ask, here, say, view):
    await say("dev", "SELF", 4)
    fields = []
    for name, field in view.fields.items():
        entry = {"as": name, "field": name}
        if isinstance(field, Many):
            entry |= {"shape": "list", "select": select("id")}
        elif isinstance(field, One):
            inner = field.target(view).fields
            entry |= {
                "select": select(next(key for key, of in inner.items() if type(of) is Scalar))
            }
        elif hasattr(field, "members"):
            entry |= {"shape": "list", "select": select(*field.members)}
        fields.append(entry)

    for viewer in ("dev", "admin", "partner"):
        found = await ask(view.name, "all", fields, viewer, shape="list")
        assert len(found) == 1
