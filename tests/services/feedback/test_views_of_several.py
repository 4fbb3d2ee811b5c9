"""What a policy shows to one person alone is read for each of several callers."""

import json

from shared.views.endpoint import CALLER

NOTE = {"by": "id", "shape": "record", "select": [{"as": "note", "field": "privateManagerNote"}]}


async def noted(org, *, employee, manager):
    """A check-in with a private note of the manager's."""
    check_in = await org.schedule(by=employee)
    answer = await org.call(
        manager, "PUT", f"/checkins/{check_in['id']}/private-note", json={"text": f"By {manager}."}
    )
    assert answer.status_code == 200, answer.text
    return check_in["id"]


HEADS = f"check_ins\n{json.dumps(NOTE)}".encode()


def section(org, who, *ids):
    return "\n".join((org.token(who)["Authorization"], "[]", ",".join(ids))).encode()


def notes(told):
    """Of each check-in that is seen, by id."""
    lines = (line.split("\t") for line in told.decode().splitlines())
    return {key: record.removeprefix('{"note":').removesuffix("}") for key, record in lines}


async def test_in_company_everybody_sees_their_own_private_notes_and_no_others(org):
    of_ada = await noted(org, employee="ada", manager="maya")
    of_maya = await noted(org, employee="maya", manager="sam")
    sections = [section(org, who, of_ada, of_maya) for who in ("maya", "sam", "ada", "maya")]

    for _ in range(2):  # who asks is not known yet the first time, and so asks alone
        answer = await org.harness.client.post("/views", content=CALLER.join([HEADS, *sections]))
        maya, sam, ada, maya_again = map(notes, answer.content.split(CALLER))

        assert maya == maya_again == {of_ada: '"By maya."', of_maya: "null"}
        assert sam == {of_maya: '"By sam."'}
        assert ada == {of_ada: "null"}
