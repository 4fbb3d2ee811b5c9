"""What every answer says of itself to browsers and caches."""

from starlette.datastructures import MutableHeaders

NO_SNIFFING = (b"x-content-type-options", b"nosniff")
NO_CACHE = (b"cache-control", b"no-store")
SAFELY = (NO_CACHE, NO_SNIFFING)
"""For answers that are put together by hand, about persons as nearly all are."""


def protect(headers: MutableHeaders) -> None:
    """An answer that says itself how it may be cached is left to that; what is not JSON holds nothing of persons."""
    headers["X-Content-Type-Options"] = "nosniff"
    if "cache-control" not in headers and "json" in headers.get("content-type", ""):
        headers["Cache-Control"] = "no-store"
