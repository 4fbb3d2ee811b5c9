"""Aspirations: where one wants to be, told to others only while one lets oneself be matched."""

from typing import Any

from shared.ids import new_id

WANTED: dict[str, Any] = {"fieldText": "Weaving", "horizon": "LONG", "desireStrength": 5}


async def told(profile):
    return [
        (row["type"].split(".")[-2], row["sequence"], row["payload"])
        for row in await profile.published()
        if ".aspiration." in row["type"]
    ]


async def test_an_aspiration_is_told_only_with_the_opt_in(profile, here, journal):
    entry = (await journal("dev", "POST", "aspirations", **WANTED)).json()["id"]
    assert await told(profile) == []

    await journal("dev", "PATCH", f"aspirations/{entry}", confidence=0.5)
    assert await told(profile) == []
    await journal("dev", "PATCH", f"aspirations/{entry}", version=2, optInToMatching=True)
    await journal("dev", "PATCH", f"aspirations/{entry}", version=3, desireStrength=3)
    await journal("dev", "PATCH", f"aspirations/{entry}", version=4, optInToMatching=False)

    ids = {"aspirationId": entry, "personId": here.people["dev"]}
    declared = ids | {
        "roleId": None,
        "fieldText": "Weaving",
        "horizon": "LONG",
        "desireStrength": 5,
        "confidence": 0.5,
    }
    assert await told(profile) == [
        ("declared", 3, declared),
        ("declared", 4, declared | {"desireStrength": 3}),
        ("withdrawn", 5, ids),
    ]
    assert (await journal("dev", "DELETE", f"aspirations/{entry}")).status_code == 200
    assert len(await told(profile)) == 3


async def test_taking_it_back_tells_those_who_were_told(profile, here, journal):
    role = str(new_id())
    body = {"roleId": role, "horizon": "SHORT", "desireStrength": 1, "optInToMatching": True}
    made = (await journal("dev", "POST", "aspirations", **body)).json()

    await journal("dev", "DELETE", f"aspirations/{made['id']}")

    assert [(kind, sequence) for kind, sequence, _ in await told(profile)] == [
        ("declared", 1),
        ("withdrawn", 2),
    ]
