"""What a row-level policy shows to one person alone is read for each of several callers."""

import json

from shared.views.endpoint import CALLER

WORDS = {"by": "person", "shape": "list", "select": [{"as": "text", "field": "text"}]}


HEADS = f"reflections\n{json.dumps(WORDS)}".encode()


def section(here, who):
    """Somebody asks for the reflections of two people."""
    keys = ",".join(str(here.people[each]) for each in ("dev", "peer"))
    return "\n".join((here.as_(who)["Authorization"], "[]", keys)).encode()


async def test_in_company_everybody_sees_their_own_reflections_and_no_others(
    profile, here, journal
):
    for who in ("dev", "peer"):
        written = await journal(who, "POST", "reflections", text=f"Words of {who}.")
        assert written.status_code == 201, written.text
    sections = [section(here, who) for who in ("dev", "peer", "lead", "dev")]

    for _ in range(2):  # who asks is not known yet the first time, and so asks alone
        answer = await profile.client.post("/views", content=CALLER.join([HEADS, *sections]))
        dev, peer, lead, dev_again = answer.content.split(CALLER)

        assert dev.count(b"Words of") == peer.count(b"Words of") == 1
        assert b"Words of dev." in dev
        assert b"Words of peer." in peer
        assert b"Words of" not in lead
        assert sorted(dev_again.splitlines()) == sorted(dev.splitlines())
