"""Connections of every vendor and scheme, and senders that sign as each of them does."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from joserfc import jwk, jws
from sqlalchemy import text

from .conftest import Lms


async def connect(integrations: Any, **wanted: Any) -> Lms:
    """A connection; its secret is as the answer spells it, empty where the scheme has none."""
    answer = await integrations.client.post(
        "/connections",
        json={"name": "Acme", "kind": "HRIS", **wanted},
        headers=integrations.integration("connections:write"),
    )
    assert answer.status_code == 201, answer.text
    return Lms(integrations, answer.json()["id"], answer.json()["secret"] or "")


async def asked(lms: Lms, method: str, path: str, **further: Any) -> httpx.Response:
    headers = lms.harness.integration("connections:write")
    answer: httpx.Response = await lms.harness.client.request(
        method, path, headers=headers, **further
    )
    return answer


async def rows(lms: Lms, statement: str) -> list[dict[str, Any]]:
    async with lms.harness.session() as session:
        return [dict(row) for row in (await session.execute(text(statement))).mappings()]


async def states(lms: Lms) -> list[str]:
    return [each["state"] for each in await lms.deliveries()]


def bamboo(secret: str, body: bytes) -> dict[str, str]:
    timestamp = str(int(datetime.now(UTC).timestamp()))
    signed = hmac.new(secret.encode(), body + timestamp.encode(), hashlib.sha256)
    return {"x-bamboohr-signature": signed.hexdigest(), "x-bamboohr-timestamp": timestamp}


def bob(secret: str, body: bytes) -> dict[str, str]:
    signed = hmac.new(secret.encode(), body, hashlib.sha512).digest()
    return {"bob-signature": base64.b64encode(signed).decode()}


def said(event_type: str, at: str, /, **members: Any) -> dict[str, Any]:
    return {"type": event_type, "timestamp": at, "data": members}


async def tell(lms: Lms, *words: Any, name: str = "m") -> None:
    """Each as a delivery of its own, mapped in that order."""
    for number, word in enumerate(words):
        answer = await lms.send(word, message_id=f"{name}-{number}")
        assert answer.status_code == 202
        await lms.work()


def terminated(person: str, at: str = "2026-11-20T09:00:00Z") -> dict[str, Any]:
    leaver = {"system": "hris", "value": person}
    return said("person.terminated", at, person=leaver, terminationDate="2026-12-31")


def upserted(person: str) -> dict[str, Any]:
    known = {"system": "hris", "value": person}
    return said("person.upserted", "2026-11-19T09:00:00Z", person=known, displayName="A")


def strict(rules: Any, name: str) -> Any:
    """In the place of `AddressRules.__getattribute__`: as in production, whatever the tests have set up."""
    return False if name == "private" else object.__getattribute__(rules, name)


class Publisher:
    """A sender that signs whole bodies with keys that it publishes."""

    def __init__(self) -> None:
        self.keys = [jwk.ECKey.generate_key("P-256", {"kid": "key-1", "use": "sig"})]
        self.reads = 0
        self.away = False

    @property
    def document(self) -> bytes:
        public = [key.as_dict(private=False) for key in self.keys]
        return json.dumps({"keys": public}).encode()

    def signed(self, told: Any) -> bytes:
        header = {"alg": "ES256", "kid": self.keys[-1].kid}
        token = jws.serialize_compact(header, json.dumps(told).encode(), self.keys[-1], ["ES256"])
        return token.encode()

    @contextmanager
    def listening(self) -> Iterator[str]:
        """The address of its keys, on a real server."""
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.reads += 1
                self.send_response(503 if publisher.away else 200)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(publisher.document)

            def log_message(self, format: str, *args: object) -> None:
                return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/jwks"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
