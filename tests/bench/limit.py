"""The limit: a bare asyncio server that makes the recorded calls of a request and answers with what they bring.

No parsing beyond framing, no authorization, no limits, no metrics: what is left is the calls themselves. Reads its plan
from stdin, one JSON line: the port, and for each request its levels of calls, [port, request] each.
"""

import asyncio
import json
import sys
from collections import defaultdict, deque
from typing import TypeAlias

import uvloop

Streams: TypeAlias = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Levels: TypeAlias = list[list[tuple[int, bytes]]]

idle: dict[int, deque[Streams]] = defaultdict(deque)


async def _read(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    place = head.lower().index(b"content-length:") + 15
    return head, await reader.readexactly(int(head[place : head.index(b"\r", place)]))


async def _call(port: int, request: bytes) -> bytes:
    reader, writer = _living(port) or await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    writer.write(request)
    _, body = await _read(reader)
    idle[port].append((reader, writer))
    return body


def _living(port: int) -> Streams | None:
    """An idle connection that the service has not closed meanwhile."""
    while idle[port]:
        reader, writer = idle[port].pop()
        if not reader.at_eof():
            return reader, writer
        writer.close()
    return None


async def _bodies(levels: Levels) -> list[bytes]:
    found: list[bytes] = []
    for calls in levels:
        if len(calls) == 1:
            found.append(await _call(*calls[0]))
        else:
            found += await asyncio.gather(*(_call(*call) for call in calls))
    return found


async def _serve(plans: dict[bytes, Levels], port: int) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head, body = await _read(reader)
                answer = b"".join(await _bodies(plans[head + body]))
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(answer), answer)
                )
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", port)
    print("ready", flush=True)
    await server.serve_forever()


def main() -> None:
    plan = json.loads(sys.stdin.readline())
    plans = {
        request.encode("latin-1"): [
            [(port, text.encode("latin-1")) for port, text in level] for level in levels
        ]
        for request, levels in plan["requests"]
    }
    uvloop.run(_serve(plans, plan["port"]))


if __name__ == "__main__":
    main()
