"""A gateway's bulk doors on a loopback port, small: rows are kept in memory and compared by their fields."""

import asyncio
import json
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import uvicorn

KEYS = {"frameworks": "key", "org-units": "key", "people": "key", "grants": "key"}
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass
class BulkDoor:
    """`failures` are the statuses of the next requests; `hold_at` stops answering at that request."""

    url: str = ""
    rows: dict[tuple[str, str], tuple[str, dict[str, Any]]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    failures: list[int] = field(default_factory=list)
    hold_at: int | None = None
    held: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    requests: list[tuple[str, int]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.tokens.add(dict(scope["headers"])[b"authorization"].decode())
        kind = scope["path"].removeprefix("/imports/")
        lines = [json.loads(line) for line in body.splitlines()]
        self.requests.append((kind, len(lines)))
        if self.hold_at == len(self.requests):
            self.held.set()
            await self.let_go.wait()
        if self.failures:
            await self._answer(send, self.failures.pop(0), b'{"detail": "Not now."}')
            return
        dry_run = b"dryRun=true" in scope["query_string"]
        verdicts = [self._take(kind, line, dry_run=dry_run) for line in lines]
        await self._answer(send, 200, "\n".join(map(json.dumps, verdicts)).encode())

    def counts(self) -> dict[str, int]:
        return dict(Counter(kind for kind, _ in self.rows))

    def _take(self, kind: str, line: dict[str, Any], *, dry_run: bool) -> dict[str, Any]:
        key = line[KEYS.get(kind, "code")]
        if key in self.refused:
            return {"key": key, "status": "REFUSED", "problem": {"detail": self.refused[key]}}
        row_id, stored = self.rows.get((kind, key), (str(uuid4()), None))
        status = "CREATED" if stored is None else "UNCHANGED" if stored == line else "CHANGED"
        if not dry_run:
            self.rows[kind, key] = (row_id, line)
        return {"key": key, "status": status, "id": row_id}

    async def _answer(self, send: Send, status: int, body: bytes) -> None:
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def open_door() -> AsyncIterator[BulkDoor]:
    door = BulkDoor()
    listening = socket.create_server(("127.0.0.1", 0))
    door.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(door, lifespan="off", log_level="error", ws="none")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield door
    finally:
        door.let_go.set()
        server.should_exit = True
        await serving
        listening.close()
