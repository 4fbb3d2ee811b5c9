"""A vendor's API on a real server: authorised by its ways, and with every way to fail."""

import base64
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

SECRET = "the secret of the source"
CLIENT = "waymark"


@dataclass
class Asked:
    """A request as the vendor got it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    raw_query: str = ""

    @property
    def told(self) -> Any:
        if self.headers.get("content-type", "").startswith("application/json"):
            return json.loads(self.body)
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Fault:
    """What a request gets instead of its answer."""

    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    cut: bool = False
    seconds: float = 0.0


Answer = tuple[int, Any]


class Vendor:
    """`answers` says what is at a path; `faults` come first, `after` so many good answers."""

    token_path = ""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.faults: deque[Fault] = deque()
        self.after = 0
        self.tokens = 0
        self.token = ""
        self.headers: dict[str, str] = {}
        self.address = ""

    @property
    def paths(self) -> list[str]:
        return [each.path for each in self.asked if each.path != self.token_path]

    def fail(self, *faults: Fault, after: int = 0) -> None:
        self.faults.extend(faults)
        self.after = after

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError

    def allowed(self, asked: Asked) -> bool:
        if self.token_path:
            return asked.headers.get("authorization") == f"Bearer {self.token}"
        return asked.headers.get("authorization") == f"Basic {self.basic()}"

    def basic(self) -> str:
        return base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()

    def give_token(self, asked: Asked) -> Answer:
        told = asked.told
        good = (told.get("client_id"), told.get("client_secret")) == (CLIENT, SECRET)
        if not good or told.get("grant_type") != "client_credentials":
            return 401, {"error": "invalid_client"}
        self.tokens += 1
        self.token = f"token-{self.tokens}"
        return 200, {"token_type": "Bearer", "access_token": self.token, "expires_in": "3600"}

    def respond(self, asked: Asked) -> Answer | Fault:
        self.asked.append(asked)
        if self.token_path and asked.path == self.token_path:
            return self.give_token(asked)
        if not self.allowed(asked):
            return 401, {}
        if self.faults and self.after <= 0:
            return self.faults.popleft()
        self.after -= 1
        return self.answer(asked)


@contextmanager
def serving(vendor: Vendor) -> Iterator[str]:
    """The vendor's address on a real server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(vendor.respond, vendor))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    vendor.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield vendor.address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(respond: Callable[[Asked], Answer | Fault], vendor: Vendor) -> Any:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(parts.query))
            body = self.rfile.read(length)
            told = respond(Asked(self.command, parts.path, query, headers, body, parts.query))
            if not isinstance(told, Fault):
                told = Fault(told[0], vendor.headers, json.dumps(told[1]).encode())
            time.sleep(told.seconds)
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body[: len(told.body) // 2] if told.cut else told.body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            return

    return Handler
