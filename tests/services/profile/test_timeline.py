"""A career in one order, with what changed from one position to the next."""

import pytest

from services.profile.experience.rules import PRACTICE, ExperienceType


@pytest.fixture
def timeline(profile, here):
    async def timeline(who="dev", of="dev"):
        path = f"/people/{here.people[of]}/timeline"
        return await profile.client.get(path, headers=here.as_(who))

    return timeline


@pytest.fixture
async def career(profile, here):
    """Dev since 2020: promoted in 2022, the same said once more in 2023, to operations in 2024."""
    for day, further in (
        ("2022-03-01", {"roleTitle": "Senior developer", "level": "4"}),
        ("2023-01-01", {"roleTitle": "Senior developer", "level": "4"}),
        ("2024-06-01", {"orgUnitId": here.units["ops"], "managerId": here.people["operator"]}),
    ):
        reason = "PROMOTION" if day.startswith("2022") else "TRANSFER"
        body = {"effectiveFrom": day, "changeReason": reason, **further}
        answer = await profile.client.post(
            f"/people/{here.people['dev']}/assignments", json=body, headers=here.as_("admin")
        )
        assert answer.status_code == 201, answer.text
    own = here.as_("dev")
    for path, body in (
        (
            "experience",
            {
                "type": "VOLUNTEER",
                "title": "Fire brigade",
                "startedOn": "2021-05-01",
                "endedOn": "2023-02-28",
            },
        ),
        ("experience", {"type": "LIFE", "title": "Raised a child", "startedOn": "2022-06-01"}),
        (
            "credentials",
            {
                "type": "LICENCE",
                "name": "Forklift",
                "issuedOn": "2023-07-01",
                "expiresOn": "2099-07-01",
            },
        ),
    ):
        answer = await profile.client.post(
            f"/people/{here.people['dev']}/{path}", json=body, headers=own
        )
        assert answer.status_code == 201, answer.text


def told(entry):
    return (entry["kind"], entry["title"], entry["startsOn"], entry["endsOn"])


async def test_a_career_is_told_in_order_with_its_steps(timeline, career, here):
    found = (await timeline()).json()

    positions = [each for each in found if each["kind"] == "ASSIGNMENT"]
    assert [each["startsOn"] for each in found] == sorted(each["startsOn"] for each in found)
    assert [each["level"] for each in positions][:2] == ["3", "4"]
    assert [told(each) for each in found if each["kind"] != "ASSIGNMENT"] == [
        ("EXPERIENCE", "Fire brigade", "2021-05-01", "2023-02-28"),
        ("EXPERIENCE", "Raised a child", "2022-06-01", None),
        ("CREDENTIAL", "Forklift", "2023-07-01", "2099-06-30"),
    ]
    assert positions[0]["changes"] == []
    promoted = positions[1]
    assert (promoted["startsOn"], promoted["endsOn"], promoted["reason"]) == (
        "2022-03-01",
        "2024-05-31",
        "PROMOTION",
    )
    assert {each["part"]: (each["before"], each["after"]) for each in promoted["changes"]} == {
        "ROLE": ("Developer", "Senior developer"),
        "LEVEL": ("3", "4"),
    } | {
        part: change
        for part, change in {
            each["part"]: (each["before"], each["after"]) for each in promoted["changes"]
        }.items()
        if part not in ("ROLE", "LEVEL")
    }
    moved = positions[2]
    assert moved["endsOn"] is None
    assert ("MANAGER", "Operator") in [(e["part"], e["after"]) for e in moved["changes"]]


async def test_managers_and_hr_see_what_is_not_private(timeline, career):
    for who in ("operator", "chief", "partner"):
        answer = await timeline(who)
        if answer.status_code == 200 and answer.json():
            titles = {each["title"] for each in answer.json()}
            assert "Raised a child" not in titles

    assert {each["title"] for each in (await timeline("operator")).json()} >= {"Fire brigade"}
    assert (await timeline("peer")).json() == []
    assert {each["kind"] for each in (await timeline("admin")).json()} == {"ASSIGNMENT"}


async def test_the_gateway_reads_the_same(ask, here, career, timeline):
    fields = [
        {"as": "title", "field": "title"},
        {
            "as": "changes",
            "field": "changes",
            "shape": "list",
            "select": [{"as": "part", "field": "part"}],
        },
        {"as": "experience", "field": "experience", "select": [{"as": "type", "field": "type"}]},
    ]
    dev = here.people["dev"]

    read = (await ask("timeline", "person", fields, "dev", shape="list", keys=[dev]))[dev]

    rest = (await timeline()).json()
    assert [each["title"] for each in read] == [each["title"] for each in rest]
    assert [[c["part"] for c in each["changes"]] for each in read] == [
        [c["part"] for c in each["changes"]] for each in rest
    ]
    assert [each["experience"] for each in read if each["experience"]] == [
        {"type": "VOLUNTEER"},
        {"type": "LIFE"},
    ]


def test_practice_is_what_was_done_at_work():
    assert set(ExperienceType) - PRACTICE == {ExperienceType.EDUCATION, ExperienceType.LIFE}
