"""Whose address a request has behind proxies."""

import pytest

from bihuan.kernel import env
from bihuan.kernel.addresses import client_of, networks

PROXIES = networks(["127.0.0.1", "10.2.0.0/16", "::1"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "1.1.1.1, 198.51.100.1, 10.2.3.4", "198.51.100.1"),
        ("::ffff:127.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.1"),
        ("127.0.0.1", "10.2.0.7", "10.2.0.7"),
        ("", "198.51.100.1", ""),
    ],
)
def test_only_a_declared_proxy_is_believed_and_only_its_own_word(peer: str, forwarded: str, client: str) -> None:
    assert client_of(peer, forwarded, PROXIES) == client


def test_without_declared_proxies_the_header_is_passed_over() -> None:
    assert client_of("127.0.0.1", "198.51.100.1", ()) == "127.0.0.1"


def test_a_setting_that_is_no_network_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_TRUSTED_PROXIES", "proxy.example.com")
    with pytest.raises(env.BadSetting, match="127.0.0.1"):
        env.networks("BIHUAN_TRUSTED_PROXIES")
