"""Who knows something: among those who let themselves be found, and without a figure for who may not read it."""

import pytest
from sqlalchemy import event

from tests.services.profile.test_views import select

FIGURES = ("estimate", "intervalLow", "intervalHigh")


@pytest.fixture
def consent(profile, here):
    async def consent(who, **further):
        answer = await profile.client.post(
            f"/people/{here.people[who]}/consents",
            json={"scope": "EXPERTISE", "purpose": "To be asked.", **further},
            headers=here.as_(who),
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    return consent


@pytest.fixture
async def known(say):
    """Four know it: how well stands in the order dev, head, lead, peer."""
    for who, level in (("dev", 5), ("head", 4.5), ("lead", 4), ("peer", 3)):
        for source in ("ASSESSMENT", "PROJECT", "PEER"):
            answer = await say("partner", source, level, of=who)
            assert answer.status_code == 201, answer.text


@pytest.fixture
def find(profile, here, coding):
    async def find(viewer, **narrowed):
        answer = await profile.client.get(
            "/expertise", params={"skillId": coding, **narrowed}, headers=here.as_(viewer)
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    return find


def names(found):
    return [each["displayName"] for each in found]


async def test_only_who_let_themselves_be_found_are_and_best_first(
    profile, here, known, consent, find
):
    nobody = await find("operator")
    for who in ("peer", "dev", "head"):
        given = await consent(who)
    found = await find("operator")
    await consent("lead", granteeId=here.people["peer"])
    await profile.client.post(f"/consents/{given}/revoke", headers=here.as_("head"))
    later = {viewer: names(await find(viewer)) for viewer in ("operator", "peer", "head")}

    assert nobody == []
    assert names(found) == ["Dev", "Head", "Peer"]
    assert [each["band"] for each in found] == [
        "Practitioner",
        "Practitioner",
        "Awareness",
    ]
    assert later == {
        "operator": ["Dev", "Peer"],
        "peer": ["Dev", "Lead", "Peer"],
        "head": ["Dev", "Peer"],
    }


async def test_a_colleague_sees_the_card_and_the_word_and_never_a_figure(
    here, known, consent, find, ask, coding
):
    await consent("dev")

    (seen,) = await find("operator")
    (own,) = await find("dev")
    (led,) = await find("lead")
    fields = select("band", "ordinal", *FIGURES, person={"select": select("displayName", "level")})
    shown = await ask("experts", "all", fields, "operator", shape="list", skillId=coding)

    assert [seen[name] for name in FIGURES] == [None, None, None]
    assert (own["estimate"], led["estimate"]) == (5.0, 5.0)
    assert own["intervalLow"] == led["intervalLow"] > 0
    assert (seen["band"], seen["ordinal"]) == (own["band"], own["ordinal"])
    ((_, (view,)),) = shown.items()
    assert view == {
        "band": seen["band"],
        "ordinal": seen["ordinal"],
        **dict.fromkeys(FIGURES),
        "person": {"displayName": "Dev", "level": None},
    }


async def test_units_and_steps_narrow_the_search(here, known, consent, find):
    for who in ("dev", "peer"):
        await consent(who)
    found = await find("operator")
    highest = max(each["ordinal"] for each in found)

    above = await find("operator", atLeast=highest)
    beyond = await find("operator", atLeast=highest + 1)
    inside = await find("operator", orgUnitId=here.units["co"])
    outside = await find("operator", orgUnitId=here.units["ops"])

    assert names(found) == ["Dev", "Peer"]
    assert names(above) == [each["displayName"] for each in found if each["ordinal"] == highest]
    assert (beyond, names(inside), outside) == ([], ["Dev", "Peer"], [])


async def test_the_search_is_one_statement(profile, here, known, consent, find):
    for who in ("dev", "peer", "lead"):
        await consent(who)
    statements = []
    engine = profile.service.database.engine.sync_engine

    def count(connection, cursor, statement, parameters, context, executemany):
        if "skills_estimate" in statement:
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        found = await find("operator")
    finally:
        event.remove(engine, "before_cursor_execute", count)

    assert (len(found), len(statements)) == (3, 1)
