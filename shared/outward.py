"""Requests to addresses that a user has named: resolved once, checked, and connected to exactly what was checked."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from socket import SOCK_STREAM, gaierror
from time import monotonic

import httpx

from shared.addresses import Address, AddressRefused, AddressRules, Target

CONNECT_SECONDS = 5.0
MOST_BYTES = 1024 * 1024

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host, in the order to try."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and lower-case headers; the body only of what was fetched."""

    status: int
    headers: Mapping[str, str]
    millis: int
    body: bytes = b""


class TooLong(Exception):
    """There are more bytes than are asked for."""


class Unreached(Exception):
    """There was no answer; `reason` is one of a few words, and tells nothing of what is in our own network."""

    def __init__(self, reason: str, *, millis: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.millis = millis


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """What the operating system says; each address once."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class Outward:
    """Sends without following redirects, without proxies or cookies of the environment, on a connection a request."""

    def __init__(
        self,
        rules: AddressRules,
        *,
        resolve: Resolve = system_resolver,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.rules = rules
        self._resolve = resolve
        self._tls = tls

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """The public authorities, or those of SSL_CERT_FILE."""
        return self._tls or httpx.create_ssl_context()

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes = b"",
        within: float,
    ) -> Reply:
        """`within` seconds in all, from the name to the reply's headers. Raises `Unreached`."""
        return await self._asked(method, url, headers, body, within, most_bytes=0)

    async def fetch(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes = b"",
        within: float,
        most_bytes: int = MOST_BYTES,
    ) -> Reply:
        """Like `send`, with the body: whole and, unpacked, of at most `most_bytes`. Raises `Unreached`."""
        return await self._asked(method, url, headers, body, within, most_bytes=most_bytes)

    async def _asked(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        within: float,
        *,
        most_bytes: int,
    ) -> Reply:
        started = monotonic()
        try:
            async with asyncio.timeout(within):
                target = self.rules.target(url)
                response, read = await self._send(method, target, headers, body, most_bytes)
        except (AddressRefused, gaierror, TimeoutError, httpx.HTTPError, OSError, TooLong) as error:
            raise Unreached(_reason(error), millis=_millis(started)) from error
        return Reply(response.status_code, response.headers, _millis(started), read)

    async def _send(
        self,
        method: str,
        target: Target,
        headers: Mapping[str, str],
        body: bytes,
        most_bytes: int,
    ) -> tuple[httpx.Response, bytes]:
        """Tries the next address only when this one could not be connected to: nothing has been sent then."""
        addresses = await self._addresses(target)
        timeout = httpx.Timeout(None, connect=CONNECT_SECONDS)
        async with httpx.AsyncClient(
            verify=self._context, trust_env=False, follow_redirects=False, timeout=timeout
        ) as client:
            for address in addresses[:-1]:
                try:
                    return await _exchange(
                        client, method, target, address, headers, body, most_bytes
                    )
                except (httpx.ConnectError, httpx.ConnectTimeout):
                    continue
            last = addresses[-1]
            return await _exchange(client, method, target, last, headers, body, most_bytes)

    async def _addresses(self, target: Target) -> list[Address]:
        """Raises `AddressRefused` when one of them is not allowed: an answer of both kinds is a trick."""
        found = [ip_address(each) for each in await self._resolve(target.host, target.port)]
        if not found:
            raise gaierror
        for address in found:
            self.rules.refuse(address)
        return found


async def _exchange(
    client: httpx.AsyncClient,
    method: str,
    target: Target,
    address: Address,
    headers: Mapping[str, str],
    body: bytes,
    most_bytes: int,
) -> tuple[httpx.Response, bytes]:
    """The connection goes to the address; certificate, SNI and Host are the name's."""
    host = f"[{address}]" if address.version == 6 else str(address)
    request = client.build_request(
        method,
        f"{target.scheme}://{host}:{target.port}{target.path}",
        headers={**headers, "host": target.authority},
        content=body,
        extensions={"sni_hostname": target.host},
    )
    response = await client.send(request, stream=True)
    try:
        return response, await _read(response, most_bytes) if most_bytes else b""
    finally:
        await response.aclose()


async def _read(response: httpx.Response, most_bytes: int) -> bytes:
    """Raises `TooLong` as soon as more has come, however small it was packed."""
    read = bytearray()
    async for chunk in response.aiter_bytes():
        read += chunk
        if len(read) > most_bytes:
            raise TooLong
    return bytes(read)


def _reason(error: BaseException) -> str:
    match error:
        case AddressRefused():
            return "ADDRESS_REFUSED"
        case gaierror():
            return "NAME_UNKNOWN"
        case TimeoutError() | httpx.TimeoutException():
            return "TIMEOUT"
        case TooLong():
            return "TOO_LONG"
    chain: BaseException | None = error
    while chain is not None:
        if isinstance(chain, ssl.SSLError):
            return "TLS_FAILED"
        chain = chain.__cause__ or chain.__context__
    if isinstance(error, httpx.ConnectError):
        return "NOT_CONNECTED"
    return "CONNECTION_BROKEN"


def _millis(started: float) -> int:
    return round((monotonic() - started) * 1000)
