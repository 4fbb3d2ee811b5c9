"""GraphiQL for a browser, from this server alone."""

from pathlib import Path

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


class Explorer:
    """The page; what it loads lies beside it under /graphql/static."""

    def __init__(self, directory: Path) -> None:
        self._page = (directory / "index.html").read_bytes()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "Vary": "Accept",
        }
        response = Response(self._page, media_type="text/html", headers=headers)
        await response(scope, receive, send)
