"""What tests say of skills: evidence by ASSESSMENT's weight, told once, corrected in place, seen by few."""

import pytest
from sqlalchemy import event, text

from tests.services.profile.conftest import FRAMEWORK, imported, skill
from tests.services.profile.test_views import select

ROW = {
    "system": "hris",
    "key": "dev",
    "frameworkKey": "house",
    "skillCode": "coding",
    "publisher": "Sea School",
    "externalId": "R-1",
    "test": "Python II",
    "score": {"raw": 640, "min": 200, "max": 800},
    "success": True,
    "takenOn": "2026-03-01",
}


@pytest.fixture
def bring(profile, coding):
    async def bring(*rows, **how):
        sent = [ROW | row for row in rows] or [ROW]
        verdicts = await imported(profile, "skill-tests", sent, **how)
        return [verdict["status"] for verdict in verdicts]

    return bring


@pytest.fixture
def said(profile, here, coding):
    async def said(of="dev"):
        answer = await profile.client.get(
            "/skills/assertions", params={"personId": here.people[of]}, headers=here.as_(of)
        )
        return answer.json()

    return said


@pytest.fixture
def level(profile, here, coding):
    async def level(of="dev"):
        answer = await profile.client.get(
            "/skills/levels", params={"personId": here.people[of]}, headers=here.as_(of)
        )
        found = answer.json()
        return found[0] if found else None

    return level


@pytest.fixture
def results(profile, here):
    async def results(viewer="dev", of="dev"):
        url = f"/people/{here.people[of]}/skill-tests"
        return await profile.client.get(url, headers=here.as_(viewer))

    return results


def standing(assertions):
    return [
        (each["level"], each["occurredOn"]) for each in assertions if each["state"] == "CONFIRMED"
    ]


async def test_a_result_is_evidence_of_its_skill(bring, said, level):
    assert await bring() == ["CREATED"]

    (word,) = await said()
    assert (word["source"], word["state"], word["assessorGroup"]) == (
        "ASSESSMENT", "CONFIRMED", "Sea School: Python II",
    )  # fmt: skip
    assert word["level"] == pytest.approx(5 * 440 / 600, abs=1e-12)
    assert word["note"] == "Scored 640 on a scale from 200 to 800."
    (evidence,) = word["evidence"]
    assert (evidence["kind"], evidence["title"]) == ("ASSESSMENT_RESULT", "Python II")
    assert evidence["provenance"] == {
        "agent": "Sea School", "activity": "Python II",
        "sourceSystem": "hris", "sourceEventId": "R-1",
    }  # fmt: skip
    reached = await level()
    assert reached["level"] == word["level"]
    assert [each["weight"] for each in reached["contributions"]] == [0.8]


async def test_the_same_file_again_changes_nothing(profile, bring, said):
    rows = [{}, {"externalId": "R-2", "key": "peer"}]
    assert await bring(*rows) == ["CREATED", "CREATED"]
    facts = len(await profile.published())

    assert await bring(*rows) == ["UNCHANGED", "UNCHANGED"]

    assert len(await said()) == 1
    assert len(await profile.published()) == facts


async def test_a_corrected_result_takes_the_earlier_one_back(bring, said, level, results):
    await bring()
    (before,) = (await results()).json()

    assert await bring({"score": {"raw": 300, "min": 200, "max": 800}}) == ["CHANGED"]

    corrected = 5 * 100 / 600
    assert standing(await said()) == [(pytest.approx(corrected), "2026-03-01")]
    assert sorted(each["state"] for each in await said()) == ["CONFIRMED", "RETRACTED"]
    assert (await level())["level"] == pytest.approx(corrected)
    (after,) = (await results()).json()
    assert (after["id"], after["scoreRaw"]) == (before["id"], 300.0)
    assert after["assertionId"] != before["assertionId"]


async def test_of_one_test_the_newest_result_stands_whatever_comes_first(bring, said):
    later = {"externalId": "R-2", "takenOn": "2026-06-01", "score": {"raw": 500, "max": 800}}
    assert await bring(later, {}) == ["CREATED", "CREATED"]
    assert standing(await said()) == [(3.125, "2026-06-01")]

    earlier = later | {"takenOn": "2026-01-01"}
    assert await bring(earlier) == ["CHANGED"]

    assert standing(await said()) == [(pytest.approx(5 * 440 / 600), "2026-03-01")]


async def test_what_was_superseded_and_corrected_does_not_come_back_as_it_was(bring, said):
    await bring({}, {"externalId": "R-2", "takenOn": "2026-06-01"})
    corrected = {"score": {"raw": 0, "max": 800}, "takenOn": "2026-02-01"}
    assert await bring(corrected) == ["CHANGED"]

    assert await bring({"externalId": "R-2", "takenOn": "2026-01-01"}) == ["CHANGED"]

    assert standing(await said()) == [(0.0, "2026-02-01")]


async def test_tests_of_different_names_stand_beside_each_other(bring, said):
    await bring({}, {"externalId": "R-2", "test": "Python III"})

    assert len(standing(await said())) == 2


async def test_a_failed_test_is_negative_and_counts_with_its_level(profile, bring, said, level):
    await bring({"success": False, "score": {"raw": 1, "max": 5}})

    assert (await level())["level"] == 1.0
    async with profile.session() as session:
        assert await session.scalar(text("SELECT polarity FROM skills_assertion")) == "NEGATIVE"


async def test_a_result_that_has_ended_is_no_evidence(bring, said, level):
    assert await bring({"expiresOn": "2026-04-01"}) == ["CREATED"]

    assert [each["state"] for each in await said()] == ["EXPIRED"]
    assert await level() is None
    assert await bring({"expiresOn": "2099-04-01"}) == ["CHANGED"]
    assert len(standing(await said())) == 1


@pytest.mark.parametrize(
    ("row", "slug"),
    [
        ({"key": "nobody"}, "unknown-person"),
        ({"skillCode": "weaving"}, "unknown-skill"),
        ({"takenOn": "2099-01-01"}, "invalid"),
        ({"score": {"raw": 9, "max": 5}}, "invalid"),
        ({"score": {"raw": 1, "min": 5, "max": 5}}, "invalid"),
        ({"expiresOn": "2026-03-01"}, "invalid"),
        ({"level": 5}, "invalid"),
    ],
)
async def test_what_cannot_be_understood_is_refused_alone(profile, coding, said, row, slug):
    other = ROW | {"externalId": "R-2", "key": "peer"}
    verdicts = await imported(profile, "skill-tests", [ROW | row, other])

    assert [verdict["status"] for verdict in verdicts] == ["REFUSED", "CREATED"]
    assert verdicts[0]["problem"]["type"] == f"urn:waymark:problem:{slug}"
    assert await said() == []


async def test_a_result_stands_once_in_a_request_and_a_draft_takes_none(profile, here, coding):
    draft = FRAMEWORK | {"key": "draft", "publish": False}
    await imported(profile, "frameworks", [draft])
    await imported(profile, "skills", [skill("weaving") | {"frameworkKey": "draft"}])
    rows = [ROW, ROW, ROW | {"frameworkKey": "draft", "skillCode": "weaving"}]

    verdicts = await imported(profile, "skill-tests", rows)

    assert [verdict["status"] for verdict in verdicts] == ["CREATED", "REFUSED", "REFUSED"]
    slugs = [verdict["problem"]["type"].split(":")[-1] for verdict in verdicts[1:]]
    assert slugs == ["repeated-line", "framework-is-draft"]


async def test_a_dry_run_tries_and_takes_back(bring, said, results):
    assert await bring(dry_run=True) == ["CREATED"]

    assert await said() == []
    assert (await results()).json() == []


async def test_only_clients_with_the_scope_tell_results(profile, here, coding, said):
    for headers in (
        here.as_("dev"), here.as_("partner"), here.as_("admin"),
        profile.integration("people:write", "skills:read"),
    ):  # fmt: skip
        answer = await profile.client.post("/imports/skill-tests", content="{}", headers=headers)
        assert answer.status_code == 403
    assert await said() == []


async def test_scores_are_read_by_the_manager_and_hr_alone(bring, results, ask, here):
    await bring()
    codes = {}
    for viewer in ("dev", "lead", "partner", "head", "peer", "operator", "admin"):
        codes[viewer] = (await results(viewer)).status_code
        seen = await ask(
            "skill_tests", "person", select("test"), viewer, shape="list",
            keys=[here.people["dev"]],
        )  # fmt: skip
        assert bool(seen[here.people["dev"]]) == (codes[viewer] == 200), viewer

    assert codes == {
        "dev": 200, "lead": 200, "partner": 200,
        "head": 404, "peer": 404, "operator": 404, "admin": 404,
    }  # fmt: skip


async def test_many_results_cost_no_more_statements_than_few(profile, bring):
    async def statements(count, first):
        seen = []
        engine = profile.service.database.engine.sync_engine
        listener = lambda *_: seen.append(1)  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        rows = [{"externalId": f"R-{n}", "test": f"T{n}"} for n in range(first, first + count)]
        try:
            assert await bring(*rows) == ["CREATED"] * count
        finally:
            event.remove(engine, "before_cursor_execute", listener)
        return len(seen)

    await statements(1, 0)

    assert await statements(2, 10) == await statements(200, 100)
