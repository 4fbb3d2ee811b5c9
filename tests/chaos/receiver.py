"""A receiver of what Waymark sends: checks signatures, remembers ids, and fails now and then itself."""

import asyncio
import base64
import hashlib
import hmac
import json
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any, Self

import httpx

from tests.chaos.company import machine
from tests.chaos.place import Place
from tests.chaos.proxy import HOST

PING = "waymark.webhook.test"
NARROW, WIDE = "waymark.goals.goal.*", "waymark.goals.*"
BUSY, SILENT = 0.01, 0.005


class Receiver:
    """`taken` counts the acknowledged requests of each webhook-id, of facts whose types the pattern covers."""

    def __init__(self, seed: int, pattern: str) -> None:
        self.pattern = pattern
        self.port = 0
        self.taken: Counter[str] = Counter()
        self.facts: dict[str, tuple[str, str, int]] = {}
        self.wrongly_signed = 0
        self.refused: Counter[str] = Counter()
        self.subscription = ""
        self._random = random.Random(seed)
        self._secret = b""
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()

    async def subscribe(self, place: Place) -> None:
        wanted = {
            "name": self.pattern,
            "url": f"http://{HOST}:{self.port}/facts",
            "eventTypes": [self.pattern],
            "mostAtOnce": 8,
        }
        url, caller = place.made.url, machine(place.made)
        async with httpx.AsyncClient(
            base_url=url, trust_env=False, timeout=30, headers=caller
        ) as client:
            made = (await client.post("/webhook-subscriptions", json=wanted)).raise_for_status()
            self.subscription = made.json()["id"]
            self._secret = base64.b64decode(made.json()["secret"].removeprefix("whsec_"))
            path = f"/webhook-subscriptions/{self.subscription}/test"
            tested = (await client.post(path)).raise_for_status().json()
        assert tested["state"] == "ACTIVE", tested

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(30):
                headers, body = await _request(reader)
                status = self._judge(headers, body)
                if status:
                    head = f"HTTP/1.1 {status} .\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    writer.write(head.encode())
                    await writer.drain()
        except (OSError, EOFError, TimeoutError, ValueError):
            self.refused["broken"] += 1
        finally:
            writer.close()

    def _judge(self, headers: dict[str, str], body: bytes) -> int:
        """The status to answer; 0 is no answer at all. A fact is failed on once, at its first attempt."""
        message_id = headers["webhook-id"]
        signed = f"{message_id}.{headers['webhook-timestamp']}.".encode() + body
        digest = base64.b64encode(hmac.digest(self._secret, signed, hashlib.sha256)).decode()
        if f"v1,{digest}" not in headers["webhook-signature"].split():
            self.wrongly_signed += 1
            return 401
        said: dict[str, Any] = json.loads(body)
        if said["type"] == PING:
            return 204
        if message_id not in self.facts:
            self.facts[message_id] = (said["type"], said["subject"], said["sequence"])
            chance = self._random.random()
            if chance < BUSY:
                self.refused["503"] += 1
                return 503
            if chance < BUSY + SILENT:
                self.refused["silent"] += 1
                return 0
        self.taken[message_id] += 1
        return 204


def settings(receivers: Sequence[Receiver]) -> dict[str, str]:
    """Outside production a gateway may be allowed to send to this machine."""
    ports = ",".join(str(each.port) for each in receivers)
    return {"GATEWAY_WEBHOOK_PRIVATE": "true", "GATEWAY_WEBHOOK_PORTS": ports}


async def _request(reader: asyncio.StreamReader) -> tuple[dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in fields}
    return headers, await reader.readexactly(int(headers.get("content-length", "0")))
