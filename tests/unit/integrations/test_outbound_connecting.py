"""The connection goes where the check went: names whose answer changes, certificates, proxies, silence."""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shared import clock
from shared.addresses import AddressRules
from shared.outward import Outward, Unreached, system_resolver
from tests.services.integrations.receiving import receiving

STRICT = AddressRules()


def resolving(*answers: Sequence[str]):
    """A name server that gives each of these in turn, and counts."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return resolve, asked


class Loopback(AddressRules):
    """Treats 127.0.0.1 as if it were public, so that a real socket can stand behind a checked name."""

    def refuse(self, address):
        if address != ip_address("127.0.0.1"):
            super().refuse(address)


async def test_the_connection_goes_to_the_address_that_was_checked_and_nothing_is_asked_twice(
    tmp_path,
):
    tls, trust = certificate(tmp_path, "hooks.example.org")
    async with receiving(tls=tls) as receiver:
        resolve, asked = resolving(["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"])
        outward = Outward(Loopback(ports=(receiver.port,)), resolve=resolve, tls=trust)
        url = f"https://hooks.example.org:{receiver.port}/in?x=1"

        first = await outward.send("POST", url, headers={"a": "b"}, body=b"{}", within=5)
        with pytest.raises(Unreached) as second:
            await outward.send("POST", url, headers={}, body=b"{}", within=5)

    assert first.status == 200
    assert asked == ["hooks.example.org"] * 2
    (got,) = receiver.got
    assert (got.path, got.headers["host"]) == ("/in?x=1", f"hooks.example.org:{receiver.port}")
    assert second.value.reason == "ADDRESS_REFUSED"
    assert "10.0.0.1" not in str(second.value)


async def test_one_address_that_is_not_public_spoils_the_others():
    resolve, _ = resolving(["93.184.215.14", "127.0.0.1"])

    with pytest.raises(Unreached, match="ADDRESS_REFUSED"):
        await Outward(STRICT, resolve=resolve).send(
            "POST", "https://hooks.example.org/", headers={}, within=5
        )


async def test_a_certificate_of_another_name_is_not_accepted(tmp_path):
    tls, trust = certificate(tmp_path, "other.example.org")
    async with receiving(tls=tls) as receiver:
        resolve, _ = resolving(["127.0.0.1"])
        outward = Outward(Loopback(ports=(receiver.port,)), resolve=resolve, tls=trust)
        url = f"https://hooks.example.org:{receiver.port}/"

        with pytest.raises(Unreached, match="TLS_FAILED"):
            await outward.send("POST", url, headers={}, body=b"{}", within=5)

    assert receiver.got == []


async def test_the_next_address_is_tried_when_one_cannot_be_connected_to():
    async with receiving() as receiver:
        resolve, _ = resolving(["::1", "127.0.0.1"])
        outward = Outward(AddressRules(private=True), resolve=resolve)

        reply = await outward.send(
            "POST", f"http://somewhere.example:{receiver.port}/", headers={}, within=5
        )

    assert reply.status == 200


@pytest.mark.parametrize(
    ("host", "reason"),
    [("localhost", "ADDRESS_REFUSED"), ("127.0.0.1", "ADDRESS_REFUSED")],
)
async def test_what_the_system_resolves_is_checked_too(host, reason):
    found = await system_resolver(host, 443)
    resolve, _ = resolving(found)

    with pytest.raises(Unreached, match=reason):
        await Outward(STRICT, resolve=resolve).send(
            "POST", "https://innocent.example.org/", headers={}, within=5
        )


async def test_a_silent_receiver_costs_no_more_than_the_time_given():
    async with receiving() as receiver:
        receiver.wait = 30
        outward = Outward(AddressRules(private=True))
        started = asyncio.get_running_loop().time()

        with pytest.raises(Unreached, match="TIMEOUT"):
            await outward.send("POST", receiver.url, headers={}, body=b"{}", within=0.3)

        assert asyncio.get_running_loop().time() - started < 2


async def test_nobody_listening_and_an_unknown_name_have_their_words():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    resolve, _ = resolving([])
    outward = Outward(AddressRules(private=True))

    with pytest.raises(Unreached, match="NOT_CONNECTED"):
        await outward.send("POST", f"http://127.0.0.1:{port}/", headers={}, within=5)
    with pytest.raises(Unreached, match="NAME_UNKNOWN"):
        await Outward(STRICT, resolve=resolve).send(
            "POST", "https://nobody.example.org/", headers={}, within=5
        )


async def test_proxies_of_the_environment_are_not_used(monkeypatch):
    async with receiving() as proxy, receiving() as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        await Outward(AddressRules(private=True)).send(
            "POST", receiver.url, headers={}, body=b"{}", within=5
        )

    assert (len(proxy.got), len(receiver.got)) == (0, 1)


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context for a name, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now, day = clock.now(), timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "cert.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return server, ssl.create_default_context(cadata=pem.decode())
