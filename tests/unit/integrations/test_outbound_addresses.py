"""Where webhooks may go, told by the text of a URL and by an address; and what the settings make of it."""

from ipaddress import ip_address
from typing import Any

import pytest
from pydantic import ValidationError

from deploy.cli.schema import NOWHERE
from services.gateway.settings import GatewaySettings
from shared.addresses import (
    NOT_PUBLIC_4,
    NOT_PUBLIC_6,
    AddressRefused,
    AddressRules,
    is_public,
)

STRICT = AddressRules()

PUBLIC = ["93.184.215.14", "8.8.8.8", "192.0.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255"]
PUBLIC += ["100.128.0.1", "11.0.0.1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450::1"]

NOT_PUBLIC = {
    "unspecified": ["0.0.0.0", "0.1.2.3", "::"],
    "loopback": ["127.0.0.1", "127.255.255.254", "::1"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12::1"],
    "link-local": ["169.254.1.1", "fe80::1", "fe80::1%eth0", "fec0::1"],
    "carrier-grade": ["100.64.0.1", "100.127.255.255"],
    "metadata": [
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
    ],
    "multicast": ["224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"],
    "reserved": [
        "192.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "240.0.0.1",
    ],
    "broadcast": ["255.255.255.255"],
    "documentation": ["2001:db8::1", "3fff::1"],
    "mapped": ["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8", "::127.0.0.1"],
    "6to4": ["2002:7f00:1::", "2002:0808:0808::1", "192.88.99.1"],
    "nat64": ["64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1"],
    "teredo": ["2001:0:53aa:64c:0:0:80ff:fffe"],
    "isatap": ["2a00:1450::5efe:7f00:1", "2a00:1450::200:5efe:a00:1"],
    "discard": ["100::1", "5f00::1", "4000::1"],
}

REFUSED_URLS = [
    "http://hooks.example.org/",
    "ftp://hooks.example.org/",
    "//hooks.example.org/",
    "hooks.example.org",
    "https:///path",
    "https://",
    "https://user@hooks.example.org/",
    "https://user:password@hooks.example.org/",
    "https://hooks.example.org@127.0.0.1/",
    "https://hooks.example.org\\@127.0.0.1/",
    "https://127.0.0.1\\.example.org/",
    "https://hooks.example.org:8443/",
    "https://hooks.example.org:80/",
    "https://hooks.example.org:0/",
    "https://hooks.example.org:65536/",
    "https://hooks.example.org:99999/",
    "https://hooks.example.org/#fragment",
    "https://hooks.example.org/with space",
    "https://hooks.example.org/\r\nHost: other",
    "https://hooks.example.org/\t",
    "https://hooks.example.org./",
    "https://.example.org/",
    "https://hooks..example.org/",
    "https://localhost/",
    "https://anything.localhost/",
    "https://goals/",
    "https://hööks.example.org/",
    "https://１２７.0.0.1/",
    "https://hooks。example.org/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://017700000001/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://127.0.0.01/",
    "https://010.8.8.8/",
    "https://134744072/",
    "https://example.0x7f/",
    "https://example.127/",
    "https://256.1.1.1/",
    "https://1.2.3.4.5/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::127.0.0.1]/",
    "https://[fe80::1%25eth0]/",
    "https://[1::2::3]/",
    "https://[127.0.0.1]/",
    "https://[::1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://hooks.example.org/" + "a" * 2048,
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", [each for kind in NOT_PUBLIC.values() for each in kind], ids=str
)
def test_no_other_address_is(address):
    assert not is_public(ip_address(address))
    with pytest.raises(AddressRefused):
        STRICT.refuse(ip_address(address))


@pytest.mark.parametrize("url", REFUSED_URLS, ids=lambda url: ascii(url)[:50])
def test_a_url_that_may_lead_astray_is_refused_by_its_text(url):
    with pytest.raises(AddressRefused):
        STRICT.target(url)


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "authority"),
    [
        ("https://hooks.example.org", "hooks.example.org", 443, "/", "hooks.example.org"),
        ("https://Hooks.Example.org/a?b=c", "hooks.example.org", 443, "/a?b=c", "hooks.example.org"),
        ("https://xn--hks-5qa.example.org:443/", "xn--hks-5qa.example.org", 443, "/", "xn--hks-5qa.example.org"),
        ("https://8.8.8.8/?u=a@b", "8.8.8.8", 443, "/?u=a@b", "8.8.8.8"),
        ("https://[2606:4700::1111]/x", "2606:4700::1111", 443, "/x", "[2606:4700::1111]"),
    ],
)  # fmt: skip
def test_a_usual_url_is_taken_apart(url, host, port, path, authority):
    target = STRICT.target(url)

    assert (target.host, target.port, target.path) == (host, port, path)
    assert target.authority == authority


def test_an_operator_opens_ports_and_closes_networks():
    rules = AddressRules(ports=(443, 8443), refused=("198.60.0.0/16", "2a00:1450::/32"))

    assert rules.target("https://hooks.example.org:8443/").authority == "hooks.example.org:8443"
    for address in ("198.60.1.1", "2a00:1450::1"):
        with pytest.raises(AddressRefused):
            rules.refuse(ip_address(address))
    rules.refuse(ip_address("198.61.1.1"))


def test_every_network_of_the_tables_is_refused_at_both_ends():
    ends = [
        *(ip_address(each) for one in NOT_PUBLIC_4 for each in (one[0], one[-1])),
        *(ip_address(each) for one in NOT_PUBLIC_6 for each in (one[0], one[-1])),
    ]

    assert not any(is_public(each) for each in ends)


def test_nothing_goes_to_private_addresses_in_production():
    settings: dict[str, Any] = NOWHERE | {"env": "production"}

    with pytest.raises(ValidationError, match="development and tests only"):
        GatewaySettings(**settings, webhook_private=True)
    strict = GatewaySettings(
        **settings, webhook_ports="443, 8443", webhook_refused="198.60.0.0/16"
    ).webhook_addresses

    assert strict == AddressRules(False, (443, 8443), ("198.60.0.0/16",))
    with pytest.raises(ValidationError, match="webhook_refused"):
        GatewaySettings(**settings, webhook_refused="not a network")
