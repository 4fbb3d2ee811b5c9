"""Asking the processes whether they are ready."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

SECONDS = 3.0


async def status(url: str) -> int | None:
    """The HTTP status of a GET; None when nobody answers. A client library's import would slow the start."""
    try:
        async with asyncio.timeout(SECONDS):
            return await _status(url)
    except (OSError, ValueError, IndexError):
        return None


async def _status(url: str) -> int:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port or 80)
    try:
        request = f"GET {address.path or '/'} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        line = await reader.readline()
        return int(line.split()[1])
    finally:
        writer.close()


async def unready(doors: Mapping[str, str]) -> list[str]:
    """The processes that do not answer /readyz with 200."""
    answers = await asyncio.gather(*(status(f"{url}/readyz") for url in doors.values()))
    return [name for name, answer in zip(doors, answers, strict=True) if answer != 200]
