"""The examples of the README, as somebody copies them: run against the door on a real socket, and on what it sends."""

import asyncio
import json
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from standardwebhooks import Webhook

import services.gateway.integrations as package
from services.gateway.integrations.connections.rules import Vendor, VerifierKind
from services.gateway.integrations.fetching.vendors import APIS
from services.gateway.integrations.webhooks.mapping.canonical import READERS
from services.gateway.integrations.webhooks.rules import DeliveryState

README = (Path(package.__path__[0]) / "README.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
EVENTS = next(code for language, code in BLOCKS if language == "jsonl").splitlines()
LANGUAGES = ["python", "js", "sh"]
NEEDED = {"python": [], "js": ["node"], "sh": ["openssl", "curl", "base64"]}
FILES = {"python": "example.py", "js": "example.mjs", "sh": "example.sh"}
CALLS = {
    "python": """
import os, sys
names = {"webhook-id": "ID", "webhook-timestamp": "TIMESTAMP", "webhook-signature": "SIGNATURE"}
headers = {name: os.environ[key] for name, key in names.items()}
body = open("received.json", "rb").read()
sys.exit(not is_from_waymark(os.environ["SECRET"], headers, body))
""",
    "js": """
import { readFileSync } from "node:fs";
const { SECRET, ID, TIMESTAMP, SIGNATURE } = process.env;
const headers = { "webhook-id": ID, "webhook-timestamp": TIMESTAMP, "webhook-signature": SIGNATURE };
process.exit(isFromWaymark(SECRET, headers, readFileSync("received.json")) ? 0 : 1);
""",
    "sh": "",
}


def example(language, place):
    """The first block of a language sends, the second one verifies."""
    missing = [name for name in NEEDED[language] if shutil.which(name) is None]
    if missing:
        pytest.skip(f"the example needs {', '.join(missing)}, which this machine does not have")
    return [code for each, code in BLOCKS if each == language][place]


async def run(language, code, folder, **environment):
    """Exit code and output; nothing of our own environment but the path."""
    (folder / FILES[language]).write_text(code)
    command = {"python": [sys.executable], "js": ["node"], "sh": ["sh", "-eu"]}[language]
    child = await asyncio.create_subprocess_exec(
        *command,
        FILES[language],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "NO_PROXY": "*", **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, complaint = await asyncio.wait_for(child.communicate(), 120)
    return child.returncode, told.decode().strip(), complaint.decode()


def signed(subscription, got, *, seconds):
    """The same message as we would have sent it then, signed by the reference library."""
    sent_at = datetime.now(UTC) - timedelta(seconds=seconds)
    signer = Webhook(subscription["secret"])
    return {
        "TIMESTAMP": str(int(sent_at.timestamp())),
        "SIGNATURE": signer.sign(got.headers["webhook-id"], sent_at, got.body.decode()),
    }


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app) -> AsyncIterator[str]:
    server = _Server(
        uvicorn.Config(app, port=0, lifespan="off", log_config=None, access_log=False, ws="none")
    )
    task = asyncio.create_task(server.serve())
    while not server.started and not task.done():
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await asyncio.wait_for(task, 120)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_event_that_an_example_sends_is_accepted_and_becomes_a_fact(
    lms, tmp_path, language
):
    code = example(language, 0)
    (tmp_path / "event.json").write_text(EVENTS[0])

    async with serving(lms.harness.app) as door:
        url = f"{door}/webhooks/{lms.id}"
        ended = await run(language, code, tmp_path, URL=url, SECRET=lms.secret, ID="evt-1")
    await lms.work()

    assert ended == (0, "202", "")
    assert [(each["messageId"], each["state"]) for each in await lms.deliveries()] == [
        ("evt-1", "PUBLISHED")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_we_send_verifies_by_an_example_and_what_others_send_does_not(
    outbound, receiver, tmp_path, language
):
    code = example(language, 1) + CALLS[language]
    made = await outbound.subscribe(receiver.url)
    await outbound.say(payload={"goalId": "g", "title": "Puhua suomea – hyvää"})
    await outbound.tick()
    got = receiver.posts[-1]
    told = {
        "SECRET": made["secret"],
        "ID": got.headers["webhook-id"],
        "TIMESTAMP": got.headers["webhook-timestamp"],
        "SIGNATURE": "v1,b3RoZXI= " + got.headers["webhook-signature"],
    }
    received = tmp_path / "received.json"

    received.write_bytes(got.body)
    right = await run(language, code, tmp_path, **told)
    forged = await run(language, code, tmp_path, **{**told, "SIGNATURE": "v1,b3RoZXI="})
    old = await run(language, code, tmp_path, **told | signed(made, got, seconds=310))
    fresh = await run(language, code, tmp_path, **told | signed(made, got, seconds=200))
    received.write_bytes(got.body + b" ")
    changed = await run(language, code, tmp_path, **told)

    assert right == fresh == (0, "", "")
    assert [each[0] for each in (forged, old, changed)] == [1, 1, 1]


async def test_every_type_has_an_example_and_each_becomes_a_fact(lms):
    for number, line in enumerate(EVENTS):
        answer = await lms.send(line.encode(), message_id=f"line-{number}")
        assert answer.status_code == 202
        await lms.work()

    assert sorted(json.loads(line)["type"] for line in EVENTS) == sorted(READERS)
    assert [(each["state"], each["reason"]) for each in await lms.deliveries()] == [
        ("PUBLISHED", None)
    ] * len(READERS)


def test_the_tables_name_every_scheme_vendor_and_state():
    rows = re.findall(r"^\| `?(\w+)`? \|", README, re.MULTILINE)

    assert {*VerifierKind, *Vendor, *DeliveryState, *APIS} - set(rows) == set()
