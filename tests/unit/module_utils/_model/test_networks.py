# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Networks by value: which texts are rejected, and which are one and the same network."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.machineid.infisical.plugins.module_utils._model.networks import (
    canonical_network,
    network_error,
)
from tests.unit.generators import network_text, networks


@pytest.mark.parametrize(
    "text",
    ["10.0.0.1", "10.0.0.0/8", "10.1.2.3/8", "0.0.0.0/0", "255.255.255.255/32", "::", "::/0", "2001:DB8::/32",
     "2001:0db8:0000:0000:0000:0000:0000:0001", "::ffff:10.0.0.1", "fe80::1/64", "10.0.0.1/08"],
)  # fmt: skip
def test_networks_that_are_taken(text: str) -> None:
    assert network_error(text) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("10.0.0.0/33", "CIDR"),
        ("::/129", "CIDR"),
        ("10.0.0.0/", "prefix length"),
        ("10.0.0.0/-1", "prefix length"),
        ("10.0.0.0/8abc", "prefix length"),
        ("10.0.0.0/8/9", "prefix length"),
        ("10.0.0.0/ 8", "prefix length"),
        ("10.0.0.0/255.0.0.0", "prefix length"),
        ("010.0.0.1", "leading zeros"),
        ("10.0.0.01", "leading zeros"),
        ("10.0.0", "host names"),
        ("10.0.0.256", "CIDR"),
        ("1.2.3.4.5", "host names"),
        ("db.example.com", "host names"),
        ("1a.2.3.4", "host names"),
        ("fe80::1%eth0/64", "zone id"),
        ("2001:db8:::1", "CIDR"),
        ("12345::", "CIDR"),
        ("*", "host names"),
        ("None", "host names"),
        ("167772161", "host names"),
    ],
)
def test_networks_that_are_rejected_before_any_request(text: str, word: str) -> None:
    """The server would take some of them for something else (server-notes#networks-are-stored-as-typed)."""
    error = network_error(text)
    assert error is not None and error.startswith("must be an IPv4 or IPv6 address or CIDR range")
    assert word in error


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("10.0.0.1/32", "10.0.0.1"),
        ("10.1.2.3/8", "10.0.0.0/8"),
        (" 10.0.0.1 ", "10.0.0.1"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("2001:0db8:0:0::1/128", "2001:db8::1"),
        ("0.0.0.0", "0.0.0.0"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("::/0", "::/0"),
        # Stored by another client in a form that is no network here: it must come back as it is, not be lost.
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("gibberish", "gibberish"),
    ],
)
def test_the_one_spelling(text: str, canonical: str) -> None:
    assert canonical_network(text) == canonical


@given(data=st.data(), network=networks())
def test_every_spelling_of_a_network_is_the_same_network(data: st.DataObject, network: str) -> None:
    text = data.draw(network_text(network))
    assert network_error(text) is None
    assert canonical_network(text) == canonical_network(network) == network


@given(one=networks(), other=networks())
def test_different_networks_stay_different(one: str, other: str) -> None:
    same = ipaddress.ip_network(one) == ipaddress.ip_network(other)
    assert (canonical_network(one) == canonical_network(other)) is same
