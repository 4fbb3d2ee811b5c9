"""What counsellors and mentors say of results: for two pairs of eyes, as long as the person lets them in."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.services.profile.assessing import TEST, result_of, share

MEANT = "Perhaps you find it easy to wait."


async def test_a_mentor_says_what_a_result_may_mean_and_two_people_read_it(taking, mood, profile):
    result = await result_of(taking, mood)
    path = f"/assessments/results/{result['id']}"
    before = await taking.call("operator", "PUT", f"{path}/interpretation", {"text": MEANT})
    await share(taking, result["id"])
    await share(taking, result["id"], who="admin", role="COUNSELLOR")

    wrote = await taking.call("operator", "PUT", f"{path}/interpretation", {"text": MEANT})
    again = await taking.call("operator", "PUT", f"{path}/interpretation", {"text": f"{MEANT}!"})

    assert (before.status_code, wrote.status_code, again.status_code) == (404, 201, 200)
    assert "text" not in wrote.json()
    assert wrote.json()["id"] == again.json()["id"]
    found = {
        who: await taking.call(who, "GET", f"{path}/interpretations")
        for who in ("dev", "operator", "admin", "lead", "peer", "partner")
    }
    told = {
        who: [e["text"] for e in answer.json()]
        for who, answer in found.items()
        if answer.is_success
    }
    assert told == {"dev": [f"{MEANT}!"], "operator": [f"{MEANT}!"], "admin": []}
    (own,) = found["dev"].json()
    assert (own["role"], own["authorId"]) == ("MENTOR", taking.here.people["operator"])
    (session,) = await taking.done("dev", "GET", "/assessments")
    assert session["state"] == "INTERPRETED"
    async with profile.session() as session:
        for who in ("dev", "operator"):
            me = {"me": taking.here.people[who]}
            await session.execute(text("SELECT set_config('app.person', :me, true)"), me)
            rows = await session.execute(text("SELECT sealed FROM interpretations_confidant"))
            (sealed,) = rows.scalars()
            assert b"easy" not in sealed


async def test_one_interprets_neither_ones_own_result_nor_a_test(taking, mood, coding):
    result = await result_of(taking, mood)
    test = await taking.bring(TEST)
    await taking.take("dev", test, {"q1": 1, "q2": 1, "q3": 0})
    (tested,) = [e for e in await taking.results("dev") if e["code"] == "true-or-false"]

    async def put(who, result_id):
        path = f"/assessments/results/{result_id}/interpretation"
        return await taking.call(who, "PUT", path, {"text": MEANT})

    own, of_test = await put("dev", result["id"]), await put("lead", tested["id"])

    assert (own.status_code, of_test.status_code) == (403, 409)
    assert own.json()["type"] == "urn:waymark:problem:own-result"
    assert of_test.json()["type"] == "urn:waymark:problem:not-for-words-of-others"


async def test_who_is_let_in_no_longer_reads_and_writes_nothing_and_their_words_stay(taking, mood):
    result = await result_of(taking, mood)
    path = f"/assessments/results/{result['id']}"
    consent = await share(taking, result["id"])
    await taking.done("operator", "PUT", f"{path}/interpretation", {"text": MEANT})
    await taking.done("dev", "POST", f"/consents/{consent['id']}/revoke")

    read = await taking.call("operator", "GET", f"{path}/interpretations")
    written = await taking.call("operator", "PUT", f"{path}/interpretation", {"text": "More."})

    assert (read.status_code, written.status_code) == (404, 404)
    (kept,) = await taking.done("dev", "GET", f"{path}/interpretations")
    gone = await taking.call("operator", "DELETE", f"/assessments/interpretations/{kept['id']}")
    assert (kept["text"], gone.status_code) == (MEANT, 404)


@pytest.mark.parametrize("who", ["dev", "operator"])
async def test_the_person_and_the_author_take_it_away(taking, mood, who):
    result = await result_of(taking, mood)
    path = f"/assessments/results/{result['id']}"
    await share(taking, result["id"])
    wrote = await taking.done("operator", "PUT", f"{path}/interpretation", {"text": MEANT})
    place = f"/assessments/interpretations/{wrote['id']}"

    by_others = [await taking.call(each, "DELETE", place) for each in ("lead", "admin", "partner")]
    gone = await taking.done(who, "DELETE", place)

    assert [each.status_code for each in by_others] == [404] * 3
    assert gone == {"id": wrote["id"], "resultId": result["id"]}
    assert await taking.done("dev", "GET", f"{path}/interpretations") == []


async def test_a_result_that_is_removed_takes_the_words_along(taking, mood, profile):
    result = await result_of(taking, mood)
    await share(taking, result["id"])
    path = f"/assessments/results/{result['id']}"
    await taking.done("operator", "PUT", f"{path}/interpretation", {"text": MEANT})

    await taking.done("dev", "DELETE", path)

    async with profile.session() as session:
        me = {"me": taking.here.people["dev"]}
        await session.execute(text("SELECT set_config('app.person', :me, true)"), me)
        left = await session.scalar(text("SELECT count(*) FROM interpretations_confidant"))
    assert left == 0


async def test_another_publishers_report_is_interpreted_too(taking):
    report = {
        "name": "Type finder",
        "publisher": "Somebody",
        "kind": "PERSONALITY_TYPE",
        "takenOn": "2026-01-02",
    }
    kept = await taking.done("dev", "POST", "/assessments/results", report)
    await share(taking, kept["id"], role="COUNSELLOR")
    path = f"/assessments/results/{kept['id']}/interpretation"

    wrote = await taking.done("operator", "PUT", path, {"text": MEANT})

    assert wrote["role"] == "COUNSELLOR"


async def test_reading_anothers_words_is_noted(taking, mood):
    result = await result_of(taking, mood)
    await share(taking, result["id"])
    path = f"/assessments/results/{result['id']}/interpretations"

    await taking.done("operator", "GET", path)

    dev = taking.here.people["dev"]
    log = await taking.done("dev", "GET", f"/people/{dev}/access-log")
    assert (log[0]["what"], log[0]["via"]) == ("ASSESSMENT_RESULTS", "CONSENT")


WRITE = text(
    "INSERT INTO interpretations_confidant VALUES"
    " (:tenant, gen_random_uuid(), :result, :person, :author, 'MENTOR', '', now(), now())"
)


@pytest.mark.parametrize(
    ("who", "author", "may"),
    [
        ("operator", "operator", True),
        ("operator", "admin", False),
        ("admin", "admin", False),
        ("admin", "operator", False),
        ("lead", "lead", False),
        ("dev", "operator", False),
    ],
)
async def test_the_rows_themselves_let_nobody_write_but_whom_the_person_let_in(
    taking, mood, profile, who, author, may
):
    """By hand, with no rule of the application in between."""
    result = await result_of(taking, mood)
    await share(taking, result["id"])
    people = taking.here.people
    row = {"result": result["id"], "person": people["dev"], "author": people[author]}

    async with profile.session() as session:
        me = {"me": people[who]}
        await session.execute(text("SELECT set_config('app.person', :me, true)"), me)
        wrote = await written(session, row | {"tenant": profile.tenant_id})

    assert wrote is may


async def written(session, row) -> bool:
    try:
        async with session.begin_nested():
            await session.execute(WRITE, row)
    except ProgrammingError as refused:
        if "row-level security" in str(refused):
            return False
        raise
    return True


async def test_nobody_changes_what_another_wrote(taking, mood, profile):
    result = await result_of(taking, mood)
    await share(taking, result["id"])
    path = f"/assessments/results/{result['id']}/interpretation"
    await taking.done("operator", "PUT", path, {"text": MEANT})
    counts = {}
    for who in ("dev", "operator", "admin", "lead", "peer"):
        async with profile.session() as session:
            me = {"me": taking.here.people[who]}
            await session.execute(text("SELECT set_config('app.person', :me, true)"), me)
            changed = await session.execute(
                text("UPDATE interpretations_confidant SET updated_at = now()")
            )
            seen = await session.execute(text("SELECT 1 FROM interpretations_confidant"))
            counts[who] = (changed.rowcount, len(seen.all()))

    assert counts == {
        "dev": (0, 1),
        "operator": (1, 1),
        "admin": (0, 0),
        "lead": (0, 0),
        "peer": (0, 0),
    }
