"""A tiny real process in the place of a service: answers every GET with 200 on the port it is given."""

import asyncio
import contextlib
import os
import signal
import sys


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        await reader.readuntil(b"\r\n\r\n")
        instance = os.environ["WAYMARK_INSTANCE"]
        head = f"HTTP/1.1 200 OK\r\nX-Waymark-Instance: {instance}\r\nContent-Length: 0\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n".encode())
        await writer.drain()
    writer.close()


async def _main(port: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    server = await asyncio.start_server(_answer, "127.0.0.1", port)
    print(f"listening on {port}", flush=True)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
