"""The way out of this network: which proxy leads to which host, and whose certificates count beside the world's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from shared.config import Settings

SERVICES = ("telegram", "chatflow", "evolution", "whatsapp_cloud", "yclients", "llm")  # each has …_api_url and …_proxy
SETTINGS = (*(f"{service}_proxy" for service in SERVICES), "ca_file")

_FILES_OF = {"whatsapp_cloud": ("fbsbx.com", "fbcdn.net")}  # hosts from which a service gives files out


@dataclass(frozen=True)
class Network:
    """`proxies` by the host, or by a domain that it belongs to; a `ca_file` in PEM."""

    proxies: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca_file: str = ""

    def proxy_of(self, host: str) -> str:
        """The proxy on the way to `host`; empty: there is none."""
        if not self.proxies:
            return ""
        parts = host.split(".")
        domains = (".".join(parts[start:]) for start in range(len(parts)))
        return next((self.proxies[domain] for domain in domains if domain in self.proxies), "")


def network_of(settings: Settings) -> Network:
    """The network that `settings` describe, as far as they were asked for."""
    given = vars(settings)
    proxies = {
        host: proxy
        for service in SERVICES
        if (proxy := given.get(f"{service}_proxy")) and (url := given.get(f"{service}_api_url"))
        for host in (urlsplit(url).hostname or "", *_FILES_OF.get(service, ()))
    }
    return Network(proxies, given.get("ca_file", ""))
