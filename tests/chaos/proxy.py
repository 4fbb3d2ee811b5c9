"""A TCP proxy of our own that can be told to fail: it cuts, resets, delays, or swallows what passes."""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Self

HOST = "127.0.0.1"
RESET_AT_CLOSE = struct.pack("ii", 1, 0)

Target = Callable[[], int]
"""The port to connect to now: a server that was started again may have another one."""


class Proxy:
    """One listening port that outlives the server behind it."""

    def __init__(self, name: str, target: Target) -> None:
        self.name = name
        self.port = 0
        self.delay = 0.0
        self.swallows = False
        self._target = target
        self._ends: set[_End] = set()
        self._connecting: set[asyncio.Future[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _End(self), HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        self.reset()

    def cut(self) -> None:
        """Ends every connection in the ordinary way, in the middle of whatever is said."""
        for end in tuple(self._ends):
            end.close()

    def reset(self) -> None:
        """Ends every connection with RST; what is still on its way is lost."""
        for end in tuple(self._ends):
            end.reset()

    async def delaying(self, delay: float, seconds: float) -> None:
        """Everything takes so much longer for a while."""
        self.delay = delay
        await asyncio.sleep(seconds)
        self.delay = 0.0

    async def swallowing(self, seconds: float) -> None:
        """Takes everything and passes nothing on; then all connections are reset, for bytes are missing in them."""
        self.swallows = True
        await asyncio.sleep(seconds)
        self.swallows = False
        self.reset()

    def begin(self, end: "_End") -> None:
        task = asyncio.ensure_future(self._connect(end))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)

    async def _connect(self, end: "_End") -> None:
        """The other side of a connection that has come; without a server behind it is ended."""
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: _End(self, end), HOST, self._target())
        except OSError:
            end.reset()


class _End(asyncio.Protocol):
    """One side of a connection; its peer is the other one."""

    def __init__(self, proxy: Proxy, peer: "_End | None" = None) -> None:
        self._proxy = proxy
        self._peer = peer
        self._early: list[bytes] = []
        self._free_at = 0.0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._proxy._ends.add(self)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._peer is None:
            self._proxy.begin(self)
        elif self._peer.transport is None or self._peer.transport.is_closing():
            transport.abort()
        else:
            self._peer.join(self)

    def join(self, peer: "_End") -> None:
        self._peer = peer
        for said in self._early:
            self._pass(said)
        self._early.clear()

    def data_received(self, said: bytes) -> None:
        if self._peer is None:
            self._early.append(said)
        else:
            self._pass(said)

    def connection_lost(self, error: Exception | None) -> None:
        self._proxy._ends.discard(self)
        if self._peer is not None:
            self._later(self._peer.close)

    def pause_writing(self) -> None:
        if self._peer and self._peer.transport and not self._peer.transport.is_closing():
            self._peer.transport.pause_reading()

    def resume_writing(self) -> None:
        if self._peer and self._peer.transport and not self._peer.transport.is_closing():
            self._peer.transport.resume_reading()

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()

    def reset(self) -> None:
        if self.transport is None:
            return
        sock = self.transport.get_extra_info("socket")
        if sock is not None and sock.fileno() >= 0:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
        self.transport.abort()

    def _pass(self, said: bytes) -> None:
        if not self._proxy.swallows:
            self._later(lambda: self._write(said))

    def _write(self, said: bytes) -> None:
        assert self._peer
        if self._peer.transport is not None and not self._peer.transport.is_closing():
            self._peer.transport.write(said)

    def _later(self, act: Callable[[], None]) -> None:
        """After the delay, and never before what was said earlier."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        due = max(self._free_at, now + self._proxy.delay)
        if due <= now:
            act()
            return
        self._free_at = due + 1e-6
        loop.call_at(self._free_at, act)
