"""What the gateway reads of check-ins, through the generic endpoint."""

import base64
import json

from shared.ids import new_id

ASK = [
    {"as": "id", "field": "id"},
    {"as": "state", "field": "state"},
    {"as": "employeeId", "field": "employeeId"},
    {"as": "priorities", "field": "priorities"},
    {"as": "note", "field": "privateManagerNote"},
    {
        "as": "agenda",
        "field": "agenda",
        "shape": "list",
        "select": [{"as": "text", "field": "text"}, {"as": "by", "field": "authorId"}],
    },
    {
        "as": "changes",
        "field": "changes",
        "shape": "list",
        "select": [
            {"as": "kind", "field": "kind"},
            {"as": "skillId", "field": "skillId"},
            {"as": "from", "field": "fromValue"},
            {"as": "to", "field": "toValue"},
        ],
    },
    {
        "as": "actions",
        "field": "actionItems",
        "shape": "list",
        "select": [{"as": "text", "field": "text"}, {"as": "dueOn", "field": "dueOn"}],
    },
]


async def read(org, who, *, view="check_ins", by="id", shape="record", keys, values=(), **further):
    ask = {"by": by, "shape": shape, "select": ASK, **further}
    body = "\n".join((view, json.dumps(ask), json.dumps(list(values)), ",".join(map(str, keys))))
    answer = await org.call(who, "POST", "/views", content=body)
    assert answer.status_code == 200, answer.text
    lines = [line.split("\t", 1) for line in answer.text.splitlines()]
    return {key: json.loads(value) for key, value in lines}


async def full(org):
    check_in = await org.schedule(priorities=["Growth"])
    path = f"/checkins/{check_in['id']}"
    await org.call("ada", "POST", f"{path}/agenda", json={"text": "Holidays"})
    await org.call("maya", "PUT", f"{path}/private-note", json={"text": "Quiet."})
    skill_id = new_id()
    await org.harness.deliver(
        "waymark.profile.skill_estimate.changed.v1", subject=new_id(), sequence=1,
        payload={"personId": org.ids["ada"], "skillId": skill_id, "from": 1, "level": 2},
    )  # fmt: skip
    return check_in["id"], skill_id


async def test_a_check_in_by_id_with_everything_on_it(org):
    check_in_id, skill_id = await full(org)

    found = await read(org, "maya", keys=[check_in_id, new_id()])

    assert list(found) == [check_in_id]
    record = found[check_in_id]
    assert base64.b64decode(record.pop("id")).decode() == f"CheckIn:{check_in_id}"
    assert record == {
        "state": "SCHEDULED",
        "employeeId": str(org.ids["ada"]),
        "priorities": ["Growth"],
        "note": "Quiet.",
        "agenda": [{"text": "Holidays", "by": str(org.ids["ada"])}],
        "changes": [{"kind": "SKILL_CHANGED", "skillId": str(skill_id), "from": 1, "to": 2}],
        "actions": [],
    }


async def test_the_note_is_null_for_the_employee_and_the_row_absent_for_others(org):
    check_in_id, _ = await full(org)

    employee = await read(org, "ada", keys=[check_in_id])

    assert employee[check_in_id]["note"] is None
    for who in ("sam", "cole", "hana", "root"):
        assert await read(org, who, keys=[check_in_id]) == {}


async def test_lists_by_employee_by_manager_and_by_either(org):
    check_in_id, _ = await full(org)
    ada, maya = org.ids["ada"], org.ids["maya"]

    found = [
        await read(org, "ada", by="employee", shape="list", keys=[ada, maya]),
        await read(org, "maya", by="manager", shape="list", keys=[ada, maya]),
        await read(
            org, "maya", view="check_ins_of_person", by="person", shape="list", keys=[ada, maya]
        ),
        await read(
            org, "sam", view="check_ins_of_person", by="person", shape="list", keys=[ada, maya]
        ),
    ]

    counts = [{key: len(rows) for key, rows in each.items()} for each in found]
    assert counts == [
        {str(ada): 1, str(maya): 0},
        {str(ada): 0, str(maya): 1},
        {str(ada): 1, str(maya): 1},
        {str(ada): 0, str(maya): 0},
    ]
    assert check_in_id in base64.b64decode(found[0][str(ada)][0]["id"]).decode()


async def test_a_list_takes_states_and_times(org):
    await full(org)
    ada = org.ids["ada"]
    arguments = {"states": 0, "scheduledAfter": 1, "scheduledBefore": 2}
    window = ("2031-03-01T00:00:00+00:00", "2031-04-01T00:00:00+00:00")

    async def count(*values):
        found = await read(
            org,
            "ada",
            by="employee",
            shape="list",
            keys=[ada],
            values=values,
            **{"with": arguments},
        )
        return len(found[str(ada)])

    assert await count(["SCHEDULED"], *window) == 1
    assert await count(["HELD", "MISSED"], *window) == 0
    assert await count(["SCHEDULED"], window[1], None) == 0
