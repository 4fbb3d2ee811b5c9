"""In whatever order an HR system's words about different things arrive, the same organisation comes out."""

from itertools import permutations
from random import Random
from typing import Any

from shared.ids import new_id
from tests.services.profile.hris import Hris

ROLE = new_id()

WORDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "person": ("person", "dev", {"workEmail": "dev@example.test", "hireDate": "2024-01-01"}),
    "first job": ("job", "dev", {"since": "2024-01-01", "roleCode": "developer", "level": 2}),
    "second job": (
        "job",
        "dev",
        {"since": "2025-01-01", "manager": {"externalId": "boss"}, "orgUnitKey": "eng"},
    ),
    "third job": ("job", "dev", {"since": "2026-01-01", "roleTitle": "Lead developer", "level": 3}),
    "boss": ("person", "boss", {"workEmail": "boss@example.test"}),
    "boss's job": ("job", "boss", {"since": "2023-01-01", "manager": {"externalId": "chief"}}),
    "chief": ("person", "chief", {}),
    "unit": (
        "unit",
        "eng",
        {"name": "Engineering", "parentKey": "co", "leader": {"externalId": "boss"}},
    ),
    "parent": ("unit", "co", {"name": "Company", "unitType": "COMPANY"}),
    "role": ("role", "developer", {}),
}


async def outcome(profile, order):
    """A tenant of its own hears the words in that order; those of one source object are in the order of their days."""
    profile.tenant_id = new_id()
    hris = Hris(profile)
    for name in order:
        kind, key, told = WORDS[name]
        hris.minutes = list(WORDS).index(name)
        if kind == "job":
            told = dict(told)
            await hris.job(key, told.pop("since"), **told)
        elif kind == "role":
            await hris.role(key, ROLE)
        else:
            await getattr(hris, kind)(key, **told)
    people = [
        {name: value for name, value in person.items() if name != "id"}
        for person in (await hris.people()).values()
    ]
    return people, await hris.units(), await hris.history(), await hris.tree(), await hris.waiting()


def orders():
    """Orders of the kinds of things and of the words themselves; the three jobs keep theirs, as they are told."""
    random = Random(20261122)
    jobs = ["first job", "second job", "third job"]
    blocks = [["person"], jobs, ["boss", "boss's job", "chief"], ["parent", "unit"], ["role"]]
    for each in random.sample(list(permutations(blocks)), 30):
        yield [word for block in each for word in block]
    for _ in range(40):
        mixed = random.sample(list(WORDS), len(WORDS))
        places = sorted(mixed.index(job) for job in jobs)
        for place, job in zip(places, jobs, strict=True):
            mixed[place] = job
        yield mixed


async def test_every_order_of_arrival_ends_the_same(profile):
    first, *others = orders()
    people, units, history, tree, waiting = expected = await outcome(profile, first)

    assert waiting == []
    dev = next(each for each in people if each["key"] == "dev")
    assert (dev["manager"], dev["unit"], dev["role_id"]) == ("boss", "eng", ROLE)
    assert (dev["role_title"], dev["level"], dev["assignment_since"].year) == (
        "Lead developer",
        "3",
        2026,
    )
    assert [
        (each["valid_from"].year, each["manager"]) for each in history if each["key"] == "dev"
    ] == [
        (2024, None),
        (2025, "boss"),
        (2026, "boss"),
    ]
    assert [(u["key"], u["parent"], u["leader"]) for u in units] == [
        ("co", None, None),
        ("eng", "co", "boss"),
    ]
    assert [each["above"] for each in tree if each["below"] == "dev"] == ["dev", "boss", "chief"]
    for order in others:
        assert await outcome(profile, order) == expected, order


LEAVING: dict[str, tuple[str, dict[str, Any]]] = {
    "person": ("person.upserted", {"displayName": "Dev", "workEmail": "dev@example.test"}),
    "job": (
        "employment.changed",
        {"effectiveFrom": "2025-01-01", "roleTitle": "Maker", "level": 2},
    ),
    "end": ("person.terminated", {"terminationDate": "2026-02-01"}),
}


async def left(profile, order):
    profile.tenant_id = new_id()
    hris = Hris(profile)
    for what in order:
        verb, told = LEAVING[what]
        minute = list(LEAVING).index(what)
        await hris.say(verb, what, minute=minute, person={"externalId": "dev"}, **told)
    people = [
        {name: value for name, value in person.items() if name != "id"}
        for person in (await hris.people()).values()
    ]
    return people, await hris.history(), await hris.waiting()


async def test_a_departure_may_come_before_the_person_and_the_job(profile):
    expected = people, history, waiting = await left(profile, ["person", "job", "end"])

    assert (people[0]["status"], people[0]["role_title"]) == ("TERMINATED", "Maker")
    assert [str(each["valid_to"]) for each in history] == ["2026-02-01"]
    assert waiting == []
    for order in permutations(LEAVING):
        assert await left(profile, order) == expected, order
