"""Where Waymark may send to on somebody else's word: public addresses only, in the URL and in what it resolves to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_URL = 2048
NOT_PUBLIC_4 = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8",  # this network, and the unspecified address
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host services, a public address by its look
        "169.254.0.0/16",  # link-local; the metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
GLOBAL_6 = IPv6Network("2000::/3")
"""The only space that IANA has given out for the public; mapped, NAT64, private and multicast ones lie outside."""
NOT_PUBLIC_6 = tuple(
    IPv6Network(each)
    for each in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4 holds an IPv4 address
        "3fff::/20",
    )
)
ISATAP = (0x0000_5EFE, 0x0200_5EFE)

_AUTHORITY = re.compile(r"https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?(?:[/?].*)?")
_DOTTED = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})")
_NAME = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z][a-z0-9-]{0,62}"
)


class AddressRefused(ValueError):
    """Waymark does not send to this address; the sentence says why and never what a name resolves to."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart once; `authority` is what the Host header says."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class AddressRules:
    """`private` also allows http, any port and every address: for development and tests. `refused` are further
    networks that are public by their look but the operator's own."""

    private: bool = False
    ports: Sequence[int] = (443,)
    refused: Sequence[str] = ()

    def target(self, url: str) -> Target:
        """Takes a URL apart and refuses what its text alone gives away. Raises `AddressRefused`."""
        if len(url) > LONGEST_URL or not url.isascii() or re.search(r"[\x00-\x20\x7f\\]", url):
            raise AddressRefused(
                f"use at most {LONGEST_URL} visible ASCII characters; a name in its xn-- form"
            )
        if "#" in url or not _AUTHORITY.fullmatch(url):
            raise AddressRefused("use https://host/path without user, password or fragment")
        try:
            parts = urlsplit(url)
            usual = {"https": 443, "http": 80}[parts.scheme]
            port = usual if parts.port is None else parts.port
        except ValueError:
            raise AddressRefused("use a host as usual, and a port from 1 to 65535") from None
        host = (parts.hostname or "").lower()
        if port == 0:
            raise AddressRefused("use a host as usual, and a port from 1 to 65535")
        if not self.private:
            self._refuse_form(parts.scheme, host, port)
        _refuse_spelling(host)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        target = Target(parts.scheme, host, port, path)
        if (literal := _literal(host)) is not None:
            self.refuse(literal)
        return target

    def refuse(self, address: Address) -> None:
        """Raises `AddressRefused` for an address that is not public, however a name came to it."""
        if self.private:
            return
        further = [ip_network(each) for each in self.refused]
        if not is_public(address) or any(address in network for network in further):
            raise AddressRefused("use an address that is public")

    def _refuse_form(self, scheme: str, host: str, port: int) -> None:
        if scheme != "https":
            raise AddressRefused("use https")
        if port not in self.ports:
            allowed = ", ".join(map(str, self.ports))
            raise AddressRefused(f"use one of the ports that are allowed here: {allowed}")
        if _literal(host) is None and ("." not in host or host.endswith(".localhost")):
            raise AddressRefused("use a full host name")


def is_public(address: Address) -> bool:
    """Whether anybody on the internet can be reached at it; addresses that hold another one are none."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_4)
    if address.scope_id or address not in GLOBAL_6:
        return False
    if (int(address) >> 32) & 0xFFFF_FFFF in ISATAP:
        return False
    return not any(address in network for network in NOT_PUBLIC_6)


def _refuse_spelling(host: str) -> None:
    """A name, or an address in its usual form: resolvers also read octal, hexadecimal and shortened ones."""
    if _literal(host) is None and not _NAME.fullmatch(host):
        raise AddressRefused("spell the host as a name, or as a plain IPv4 or IPv6 address")


def _literal(host: str) -> Address | None:
    if ":" not in host and not _DOTTED.fullmatch(host):
        return None
    try:
        return ip_address(host)
    except ValueError:
        raise AddressRefused(
            "spell the host as a name, or as a plain IPv4 or IPv6 address"
        ) from None
