"""Asking the processes whether they are ready."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

SECONDS = 3.0
INSTANCE = "WAYMARK_INSTANCE"
"""Set for the processes of one start, which name it in their answers to /readyz: nobody else answers for them."""
HEADER = b"x-waymark-instance"


async def status(url: str) -> int | None:
    """The HTTP status of a GET; None when nobody answers. A client library's import would slow the start."""
    answer = await _asked(url)
    return answer[0] if answer else None


async def unready(doors: Mapping[str, str], *, instance: str | None = None) -> list[str]:
    """The processes that do not answer /readyz with 200; with `instance`, as processes of that start."""
    answers = await asyncio.gather(*(_asked(f"{url}/readyz") for url in doors.values()))
    return [
        name
        for name, answer in zip(doors, answers, strict=True)
        if answer is None or answer[0] != 200 or instance not in (None, answer[1])
    ]


async def _asked(url: str) -> tuple[int, str | None] | None:
    try:
        async with asyncio.timeout(SECONDS):
            return await _answer(url)
    except (OSError, ValueError, IndexError):
        return None


async def _answer(url: str) -> tuple[int, str | None]:
    """Status and instance."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port or 80)
    try:
        request = f"GET {address.path or '/'} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        number = int((await reader.readline()).split()[1])
        while (line := await reader.readline()).strip():
            name, _, told = line.partition(b":")
            if name.lower() == HEADER:
                return number, told.strip().decode("latin-1")
        return number, None
    finally:
        writer.close()
