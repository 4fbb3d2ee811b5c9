"""From one framework to another: related, previewed, moved; nothing is lost and nothing is moved twice."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.profile.crosswalks import events as crosswalk_events
from services.profile.crosswalks import migrating
from shared import clock
from shared.ids import new_id
from shared.jobs import Job
from shared.tenancy import Principal
from tests.services.profile.conftest import FRAMEWORK, imported, skill
from tests.services.profile.test_assertions import slug

OLD = ("python", "split", "java", "kotlin", "gone")
NEW = ("py", "split-a", "split-b", "jvm")
RELATED = (
    ("python", "EXACT_MATCH_OF", "py"),
    ("split", "REPLACED_BY", "split-a"),
    ("split", "REPLACED_BY", "split-b"),
    ("java", "REPLACED_BY", "jvm"),
    ("kotlin", "REPLACED_BY", "jvm"),
    ("gone", "IS_RELATED_TO", "py"),
)

FINISHED = "waymark.profile.framework_migration.finished.v1"
EXPECTED = {
    "python": {("py", "EXACT_MATCH_OF", False)},
    "split": {("split-a", "REPLACED_BY", False), ("split-b", "REPLACED_BY", False)},
    "java": {("jvm", "REPLACED_BY", False)},
    "kotlin": {("jvm", "REPLACED_BY", False)},
    "gone": {("py", "IS_RELATED_TO", False)},
}


def relation(origin, type, destination):
    return {
        "originFramework": "house",
        "originCode": origin,
        "type": type,
        "destinationFramework": "next",
        "destinationCode": destination,
    }


@pytest.fixture
async def both(profile, here):
    first, second = await imported(
        profile, "frameworks", [FRAMEWORK, FRAMEWORK | {"key": "next", "title": "Next"}]
    )
    rows = [skill(code) for code in OLD] + [skill(code, frameworkKey="next") for code in NEW]
    verdicts = await imported(profile, "skills", rows)
    ids = {each["key"]: each["id"] for each in verdicts}
    return ids | {"from": first["id"], "to": second["id"]}


@pytest.fixture
async def related(profile, both):
    rows = [relation(*each) for each in RELATED]
    return await imported(profile, "skill-associations", rows)


@pytest.fixture
async def said(profile, here, both):
    """Seven words of two people that stand, and one that does not."""
    ago = str(clock.today() - timedelta(days=365))
    for by, source, code, level, of, further in (
        ("lead", "MANAGER", "python", 4, "dev", {"occurredOn": ago}),
        ("dev", "SELF", "python", 5, "dev", {}),
        ("lead", "MANAGER", "split", 3, "dev", {}),
        ("lead", "MANAGER", "java", 2, "dev", {"occurredOn": ago}),
        ("lead", "MANAGER", "kotlin", 4, "dev", {}),
        ("partner", "ASSESSMENT", "gone", 1, "dev", {}),
        ("lead", "MANAGER", "python", 1, "peer", {"occurredOn": ago}),
        ("lead", "MANAGER", "python", 3, "peer", {}),
    ):
        body = {
            "personId": here.people[of],
            "skillId": both[code],
            "source": source,
            "level": level,
        }
        answer = await profile.client.post(
            "/skills/assertions", json=body | further, headers=here.as_(by)
        )
        assert answer.status_code == 201, answer.text


@pytest.fixture
def migrate(profile, here, both):
    async def migrate(by="admin", path="", **further):
        return await profile.client.post(
            f"/frameworks/{both['from']}/migrations{path}",
            json={"toFrameworkId": both["to"], **further},
            headers=here.as_(by),
        )

    return migrate


async def run(profile, here, started):
    system = Principal.system(here.tenant_id, migrating.MIGRATE)
    arguments = {"migration": started.json()["id"]}
    job = Job(new_id(), migrating.MIGRATE, here.tenant_id, arguments, 1)
    await migrating.migrate(profile.service.database, system, job)


@pytest.fixture
def levels(profile, here, both):
    names = {skill_id: code for code, skill_id in both.items()}

    async def levels(of="dev"):
        answer = await profile.client.get(
            "/skills/levels", params={"personId": here.people[of]}, headers=here.as_(of)
        )
        return {names[each["skillId"]]: each for each in answer.json()}

    return levels


async def test_associations_are_imported_again_without_a_change(profile, here, both, related):
    again = await imported(profile, "skill-associations", [relation(*each) for each in RELATED])
    refused = await imported(
        profile,
        "skill-associations",
        [
            relation("python", "REPLACED_BY", "nothing"),
            relation(*RELATED[0]),
            relation(*RELATED[0]),
        ],
    )
    listed = await profile.client.get(
        "/associations", params={"skillId": both["py"]}, headers=here.as_("dev")
    )

    assert {each["status"] for each in related} == {"CREATED"}
    assert {each["status"] for each in again} == {"UNCHANGED"}
    assert [each["status"] for each in refused] == ["REFUSED", "UNCHANGED", "REFUSED"]
    assert sorted(each["type"] for each in listed.json()) == ["EXACT_MATCH_OF", "IS_RELATED_TO"]


async def test_skills_are_related_one_by_one(profile, here, both):
    body = {"originId": both["gone"], "destinationId": both["py"], "type": "REPLACED_BY"}

    async def post(by, **further):
        return await profile.client.post("/associations", json=body | further, headers=here.as_(by))

    made = await post("admin", confidence=0.8)
    url = f"/associations/{made.json()['id']}"

    assert (made.status_code, made.json()["confidence"]) == (201, 0.8)
    assert slug(await post("dev")) == (403, "forbidden")
    assert slug(await post("admin")) == (409, "association-exists")
    assert slug(await post("admin", destinationId=both["gone"])) == (422, "unrelated-skills")
    assert (await profile.client.delete(url, headers=here.as_("dev"))).status_code == 403
    assert (await profile.client.delete(url, headers=here.as_("admin"))).status_code == 204
    assert (await profile.client.delete(url, headers=here.as_("admin"))).status_code == 404


async def test_a_preview_says_what_becomes_of_every_skill_and_writes_nothing(
    profile, related, said, migrate, both
):
    told = len(await profile.published())

    report = (await migrate(path="/preview")).json()

    assert {each["code"]: each["fate"] for each in report["skills"]} == {
        "python": "ONE_TO_ONE",
        "split": "ONE_TO_MANY",
        "java": "MANY_TO_ONE",
        "kotlin": "MANY_TO_ONE",
        "gone": "LOST",
    }
    counts = {each["code"]: (each["assertions"], each["people"]) for each in report["skills"]}
    assert counts == {
        "python": (3, 2),
        "split": (1, 1),
        "java": (1, 1),
        "kotlin": (1, 1),
        "gone": (1, 1),
    }
    assert (report["assertions"], report["people"], report["superseded"]) == (7, 2, 1)
    assert (report["lostAssertions"], report["lostPeople"]) == (1, 1)
    assert {each["fate"]: (each["skills"], each["assertions"]) for each in report["sums"]} == {
        "ONE_TO_ONE": (1, 3),
        "ONE_TO_MANY": (1, 1),
        "MANY_TO_ONE": (2, 2),
        "MANY_TO_MANY": (0, 0),
        "LOST": (1, 1),
    }
    assert len(await profile.published()) == told


async def test_evidence_moves_once_weighs_as_before_and_stays_where_it_was(
    profile, here, related, said, migrate, both, levels, monkeypatch
):
    monkeypatch.setattr(migrating, "MOST_AT_ONCE", 2)
    before = await levels()
    refused = await migrate()
    started = await migrate(acceptLoss=True)
    twice = await migrate(acceptLoss=True)
    await run(profile, here, started)
    after = await levels()
    peer = await levels("peer")
    told = len(await profile.published())
    await run(profile, here, started)
    third = await migrate(acceptLoss=True)
    await run(profile, here, third)
    url = started.headers["location"]
    done = (await profile.client.get(url, headers=here.as_("admin"))).json()
    framework = await profile.client.get(f"/frameworks/{both['from']}", headers=here.as_("admin"))

    assert slug(refused) == (409, "evidence-would-stay")
    assert (started.status_code, started.json()["state"]) == (202, "RUNNING")
    assert slug(twice) == (409, "migration-running")
    assert (done["state"], done["copied"]) == ("DONE", 7)
    assert framework.json()["status"] == "DEPRECATED"
    assert {code: after[code] for code in before} == before
    same = ("level", "mass", "variance", "selfLevel", "intervalLow", "intervalHigh")
    for old, new in (("python", "py"), ("split", "split-a"), ("split", "split-b")):
        assert [after[new][name] for name in same] == [before[old][name] for name in same]
    assert (after["jvm"]["level"], len(after["jvm"]["contributions"])) == (4.0, 1)
    assert peer["py"]["level"] == 3.0
    assert "gone" in after
    assert len(await profile.published()) == told + 1
    assert [each["subject"] for each in await profile.published(FINISHED)] == [
        started.json()["id"],
        third.json()["id"],
    ]
    words = await profile.client.get(
        "/skills/assertions",
        params={"personId": here.people["dev"], "skillId": both["jvm"]},
        headers=here.as_("dev"),
    )
    states = {each["level"]: each["state"] for each in words.json()}
    assert states == {2.0: "SUPERSEDED", 4.0: "CONFIRMED"}
    proof = words.json()[0]["evidence"][-1]["provenance"]
    assert (proof["activity"], proof["sourceSystem"]) == (done["id"], "house")
    assert UUID(proof["sourceEventId"]) == UUID(words.json()[0]["supersedesId"])


async def test_only_who_works_on_frameworks_moves_evidence(
    profile, here, related, said, migrate, both
):
    told = len(await profile.published())

    for by in ("dev", "lead"):
        assert slug(await migrate(by, "/preview")) == (403, "forbidden")
        assert slug(await migrate(by, acceptLoss=True)) == (403, "forbidden")
    itself = await migrate(toFrameworkId=both["from"])

    assert slug(itself) == (409, "framework-not-in-use")
    assert len(await profile.published()) == told


async def test_who_listens_hears_of_all_relations_once_the_evidence_has_its_place(
    profile, here, related, said, migrate, both, monkeypatch
):
    monkeypatch.setattr(crosswalk_events, "MOST_SKILLS", 2)
    started = await migrate(acceptLoss=True)
    early = await profile.published(FINISHED)
    await run(profile, here, started)
    told = await profile.published(FINISHED)

    names = {skill_id: code for code, skill_id in both.items()}
    relations = {
        names[each["skillId"]]: {
            (names[one["skillId"]], one["type"], one["turned"]) for one in each["relations"]
        }
        for fact in told
        for each in fact["payload"]["skills"]
    }
    assert early == []
    assert [
        (each["sequence"], each["payload"]["part"], each["payload"]["parts"]) for each in told
    ] == [(part, part, 3) for part in (1, 2, 3)]
    assert {each["subject"] for each in told} == {started.json()["id"]}
    assert {(each["payload"]["fromKey"], each["payload"]["fromId"]) for each in told} == {
        ("house", both["from"])
    }
    assert relations == EXPECTED
