"""Front ends of other origins: which of them a browser lets call, with what, and what it lets them read.

Tokens travel in a header that a page sets itself, never in cookies, so no credentials are allowed.
"""

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SENT = (
    "Authorization",
    "Idempotency-Key",
    "If-Match",
    "Traceparent",
    "Tracestate",
    "X-Query-Cost",
    "X-Request-Id",
)
READ = (
    "Allow",
    "ETag",
    "Idempotent-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Traceparent",
    "WWW-Authenticate",
    "X-Request-Id",
)
PREFLIGHT_SECONDS = 7200
"""The longest that Chromium keeps an answer; every JSON request of a page would ask again otherwise."""


def around(app: ASGIApp, origins: Collection[str]) -> ASGIApp:
    """The application as pages of these origins may call it; without any, the application itself."""
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=METHODS,
        allow_headers=SENT,
        expose_headers=READ,
        max_age=PREFLIGHT_SECONDS,
    )
