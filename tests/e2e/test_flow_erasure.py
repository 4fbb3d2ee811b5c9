"""Flow 5: a person is erased: everywhere, with receipts, across processes; then what lies there is looked at raw."""

from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import httpx
import nats
import pytest

from deploy.local.postgres import EmbeddedPostgres
from tests.e2e.conftest import Waymark, until
from tests.e2e.test_flow_hris import Hris, _who

pytestmark = pytest.mark.slow

SERVICES = ["feedback", "goals", "integrations", "profile"]
SMART = {
    "specific": "Read twelve of the harbour's logbooks, on my own.",
    "measure": {"metric": "Logbooks read", "amountType": "NUMBER", "target": 12},
    "achievable": {"effortHours": 20},
    "relevant": {"why": "They hold what nobody remembers."},
    "timeBound": {"startDate": "2026-01-05", "dueDate": "2099-12-31"},
}
NOTE = "query($id: ID!) { checkIn(id: $id) { privateManagerNote } }"


async def _call(
    waymark: Waymark, service: str, method: str, path: str, who: dict[str, str], **sent: Any
) -> Any:
    """A service's own REST door, which stands behind the gateway."""
    address = waymark.made.doors[f"{service}-api"]
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        answer = await client.request(method, address + path, headers=who, **sent)
    assert answer.is_success, answer.text
    return answer.json()


async def _viewer(waymark: Waymark, who: str) -> Any:
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        answer = await client.post(
            f"{waymark.url}/graphql",
            json={"query": "{ viewer { id } }"},
            headers=waymark.bearer(who),
        )
    return (answer.json().get("data") or {}).get("viewer")


async def _known(waymark: Waymark, who: str) -> str:
    """The person's id, once they are let in."""
    viewer = await until(lambda: _viewer(waymark, who), holds=bool)
    return b64decode(viewer["id"]).decode().partition(":")[2]


async def _noted(waymark: Waymark, boss: str, employee_id: str, note: str) -> dict[str, Any]:
    """A check-in with the boss, who keeps a private note about it."""

    async def schedule() -> Any:
        address = waymark.made.doors["feedback-api"]
        wanted = {"employeeId": employee_id, "scheduledFor": "2031-03-04T10:00:00Z"}
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            return await client.post(
                f"{address}/checkins", json=wanted, headers=waymark.bearer(boss)
            )

    made = (await until(schedule, holds=lambda answer: answer.is_success)).json()
    path = f"/checkins/{made['id']}/private-note"
    kept = await _call(waymark, "feedback", "PUT", path, waymark.bearer(boss), json={"text": note})
    assert kept["privateManagerNote"] == note
    found: dict[str, Any] = kept
    return found


async def _tables(waymark: Waymark) -> dict[str, str]:
    """Every row of every table of the four databases, as the superuser reads them."""
    cluster = EmbeddedPostgres(waymark.home)
    address = waymark.made.environment["PROFILE_DATABASE_URL"]
    cluster.port = urlsplit(address).port or 0
    found = {}
    for database in ("profile", "goals", "feedback", "integrations"):
        connection = await asyncpg.connect(cluster.url(database))
        tables = await connection.fetch(
            "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        for (table,) in tables:
            rows = await connection.fetch(f"SELECT t.*::text AS row FROM {table} t")
            found[f"{database}.{table}"] = "\n".join(str(tuple(row)) for row in rows)
        await connection.close()
    return found


async def _streams(waymark: Waymark) -> dict[str, str]:
    """Every message that JetStream still gives, with its headers."""
    client = await nats.connect(waymark.made.environment["NATS_URL"])
    stream = client.jetstream()
    found = {}
    for each in await stream.streams_info():
        name = each.config.name or ""
        kept = []
        for place in range(max(each.state.first_seq, 1), each.state.last_seq + 1):
            try:
                message = await stream.get_msg(name, place)
            except nats.js.errors.NotFoundError:
                continue
            kept.append(f"{message.subject} {message.headers} {message.data!r}")
        found[name] = "\n".join(kept)
    await client.close()
    return found


def _holding(places: dict[str, str], marks: list[str]) -> set[tuple[str, str]]:
    """Where something is found; also as the hexadecimal digits in which bytes are shown."""
    return {
        (place, mark)
        for place, content in places.items()
        for mark in marks
        if mark.lower() in content.lower() or mark.encode().hex() in content
    }


async def test_an_erased_person_is_nowhere_and_the_others_are_where_they_were(
    waymark: Waymark, record_property: Any
) -> None:
    suffix = uuid4().hex[:8]
    gone, stays, boss = (f"{key}-{suffix}@example.org" for key in ("gone", "stays", "boss"))
    name, note = f"Zebulon Quux {suffix}", f"Ready for the lead role in spring {suffix}"
    title, kept_note = f"Lead the {suffix} guild", f"Needs more time {suffix}"
    hris = Hris.connect(waymark)
    for key, shown in (("boss", "Newa Boss"), ("gone", name), ("stays", "Stay Er")):
        await hris.says(
            "person.upserted",
            person=_who(f"{key}-{suffix}"),
            displayName=shown,
            workEmail=f"{key}-{suffix}@example.org",
            hireDate="2020-01-01",
        )
    for key in ("gone", "stays"):
        await hris.says(
            "employment.changed",
            person=_who(f"{key}-{suffix}"),
            effectiveFrom="2025-01-01",
            manager=_who(f"boss-{suffix}"),
        )
    people = {who: await _known(waymark, who) for who in (gone, stays)}
    await _noted(waymark, boss, people[gone], note)
    kept = await _noted(waymark, boss, people[stays], kept_note)
    me = waymark.bearer(gone)
    wanted = {"title": title, "smart": SMART}
    goal = await _call(waymark, "goals", "POST", "/goals", me, json=wanted)
    await _call(waymark, "goals", "POST", f"/goals/{goal['id']}/activate", me)

    marks = [name, gone, note, title, f"gone-{suffix}"]

    async def found() -> set[tuple[str, str]]:
        return _holding(await _tables(waymark) | await _streams(waymark), marks)

    before = await until(found, holds=lambda places: ("WAYMARK_GOALS", title) in places)
    assert {mark for _, mark in before} == {name, gone, title, f"gone-{suffix}"}
    assert ("WAYMARK_PROFILE", name) in before
    assert ("WAYMARK_INTEGRATIONS", gone) in before

    eraser = waymark.bearer("dpo", client="dpo", scopes=("people:erase",))
    path = f"/people/{people[gone]}/erasure"
    ordered = await _call(
        waymark, "profile", "POST", path, eraser, json={"reason": "Asked for it."}
    )
    done = await until(
        lambda: _call(waymark, "profile", "GET", f"/erasures/{ordered['id']}", eraser),
        holds=lambda read: bool(read["state"] == "COMPLETED"),
    )
    receipts = {each["service"]: each for each in done["receipts"]}
    record_property("receipts", receipts)
    assert sorted(receipts) == SERVICES
    assert receipts["feedback"]["keyDestroyedAt"] is not None
    assert all(receipts[each]["events"] for each in ("profile", "goals", "integrations"))

    assert await found() == set()
    tables = await _tables(waymark)
    keys = tables["feedback.public.person_key"].splitlines()
    assert ["\\x" in key for key in keys if people[gone] in key] == [False]
    assert ["\\x" in key for key in keys if people[stays] in key] == [True]
    again = await _call(waymark, "profile", "POST", path, eraser, json={"reason": "Again."})
    assert again["id"] == ordered["id"]
    assert await _viewer(waymark, gone) is None
    read = await _call(waymark, "feedback", "GET", f"/checkins/{kept['id']}", waymark.bearer(boss))
    assert read["privateManagerNote"] == kept_note
    asked = await waymark.ask(waymark.bearer(boss), NOTE, id=_global("CheckIn", kept["id"]))
    assert asked["checkIn"]["privateManagerNote"] == kept_note


def _global(typename: str, row_id: str) -> str:
    return b64encode(f"{typename}:{row_id}".encode()).decode()
