"""Proxies and certificates of a network that is not as open as ours."""

import asyncio
import gc
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shared import config
from shared.clients.http import HttpClient, HttpResponse, NoResponse
from shared.clients.network import SERVICES, Network, network_of
from shared.errors import ConfigError
from tests.helpers.serving import free_port
from tests.shared.clients import proxy
from tests.shared.clients.proxy import PASSWORD, USER

KNOWN, UNKNOWN = f"{USER}:{PASSWORD}@", "nobody:wrong@"
NOT_CONNECTED = NoResponse("connect")


@asynccontextmanager
async def service(tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Something that answers; its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 Here\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls) as server:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def call(url: str, network: Network) -> HttpResponse | NoResponse:
    client = HttpClient(10, network)
    try:
        return await client.call("GET", url)
    finally:
        await client.close()


def through(url: str, host: str = "127.0.0.1", ca_file: str = "") -> Network:
    return Network({host: url}, ca_file)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_call_goes_through_the_proxy_of_its_host(scheme: str) -> None:
    async with service() as url, proxy.running() as leading:
        answer = await call(url, through(leading.url(scheme, KNOWN)))

        assert isinstance(answer, HttpResponse)
        assert answer.body == b"ok"
        assert leading.led_to == [url.partition("//")[2]]


async def test_a_name_that_only_the_proxy_knows_is_looked_up_there() -> None:
    async with service() as url, proxy.running() as leading:
        port = url.rpartition(":")[2]
        answer = await call(
            f"http://telegram.invalid:{port}", through(leading.url("socks5", KNOWN), "telegram.invalid")
        )

        assert isinstance(answer, HttpResponse)
        assert leading.led_to == [f"telegram.invalid:{port}"]


async def test_other_hosts_are_called_directly() -> None:
    async with service() as url, proxy.running() as leading:
        answer = await call(url, through(leading.url("http", KNOWN), "telegram.invalid"))

        assert isinstance(answer, HttpResponse)
        assert leading.led_to == []


@pytest.mark.filterwarnings("ignore:unclosed", "ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_proxy_that_refuses_us_has_sent_nothing() -> None:
    """So that the message may be sent again. httpcore leaves the socket of a proxy that refused to the collector."""
    async with service() as url, proxy.running() as leading:
        assert await call(url, through(leading.url("socks5", UNKNOWN))) == NOT_CONNECTED
        assert await call(url, through(f"http://127.0.0.1:{free_port()}")) == NOT_CONNECTED
        assert leading.led_to == []
        gc.collect()


def certificate(folder: Path) -> tuple[ssl.SSLContext, str]:
    """A server's TLS, and the file of who vouches for it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a company's own")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / "ca.pem", folder / "key.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file, secret)
    return tls, str(file)


async def test_a_certificate_of_ones_own_counts_once_its_file_is_named(tmp_path: Path) -> None:
    tls, ca_file = certificate(tmp_path)
    async with service(tls) as url, proxy.running() as leading:
        assert await call(url, Network()) == NOT_CONNECTED
        assert isinstance(await call(url, Network(ca_file=ca_file)), HttpResponse)
        assert isinstance(await call(url, through(leading.url("http", KNOWN), ca_file=ca_file)), HttpResponse)
        assert leading.led_to == [url.partition("//")[2]]


def test_each_service_has_a_proxy_of_its_own_and_metas_files_go_the_way_of_its_api() -> None:
    settings = {f"{service.upper()}_PROXY": f"socks5://{service}.example.com:1080" for service in SERVICES}
    addresses = {"EVOLUTION_API_URL": "https://evolution.example.com", "LLM_API_URL": "https://llm.example.com/v1"}
    network = network_of(config.load({"DATABASE_URL": "postgresql://u@h/d", "LLM_MODEL": "m", **settings, **addresses}))

    assert network.proxy_of("api.telegram.org") == "socks5://telegram.example.com:1080"
    assert network.proxy_of("llm.example.com") == "socks5://llm.example.com:1080"
    assert network.proxy_of("lookaside.fbsbx.com") == network.proxy_of("graph.facebook.com")
    assert network.proxy_of("telegram.org") == ""
    assert "1080" not in repr(network), "a proxy's address may hold its password"


@pytest.mark.parametrize("value", ["proxy.example.com:1080", "ftp://proxy.example.com", "socks5://", "http://[::1"])
def test_what_is_no_proxy_is_named_without_its_value(value: str) -> None:
    with pytest.raises(ConfigError, match="TELEGRAM_PROXY is no proxy") as raised:
        config.load({"TELEGRAM_PROXY": value}, ("telegram_proxy",))
    assert "proxy.example.com:1080" not in str(raised.value).partition(":")[0]


def test_a_file_of_certificates_that_is_not_there_is_said_at_the_start() -> None:
    with pytest.raises(ConfigError, match="CA_FILE leads to no file"):
        config.load({"CA_FILE": "/nowhere/ca.pem"}, ("ca_file",))
