# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The user guide explains every kind of failure, and its quotations are real messages."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import (
    LONGEST_RATE_LIMIT_WAIT,
    LONGEST_SINGLE_WAIT,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import ADVICE
from tests.conftest import Result, Site

from .documents import GUIDE, section

Sites = Callable[..., Site]
AZURE = {"tenant_id": "7c4f3b0e-2b1a-4e65-9f5d-0a1b2c3d4e5f", "resource": "https://management.azure.com/"}


def aws_auth(site: Site, **options: Any) -> Result:
    names = {} if "identity_id" in options else {"identity_name": "billing-api"}
    return site.failure("identity_aws_auth", **{**names, **options})


def validation(sites: Sites) -> Result:
    lifetimes = {"access_token_ttl": 7200, "access_token_max_ttl": 3600}
    return aws_auth(sites(), allowed_account_ids=["12345678901"], **lifetimes)


def authentication(sites: Sites) -> Result:
    site = sites()
    wrong = {"universal_auth_client_id": site.client_id, "universal_auth_client_secret": "wrong"}
    return site.failure("caller_info", **wrong)


def permission(sites: Sites) -> Result:
    site = sites()
    return site.failure("identity", name="reports", token=site.caller("no-access"))


def plan(sites: Sites) -> Result:
    site = sites(plan="free")
    return aws_auth(site, identity_id=site.identity(), access_token_trusted_ips=["10.0.0.0/8"])


def not_found(sites: Sites) -> Result:
    site = sites()
    site.identity("billing-api")
    return aws_auth(site, identity_name="biling-api")


def conflict(sites: Sites) -> Result:
    site = sites()
    site.identity("duplicate")
    site.identity("duplicate")
    return site.failure("identity", name="duplicate")


def changed_meanwhile(sites: Sites) -> Result:
    site = sites()
    identity_id = site.identity("billing-api")
    site.attach("aws-auth", identity_id)
    methods = site.service.world.identities[identity_id].methods
    site.inject(method="PATCH", path="aws-auth", before=lambda: methods.pop("aws-auth"))
    return site.failure("identity_aws_auth", identity_id=identity_id, access_token_ttl=60)


def rate_limited(sites: Sites) -> Result:
    site = sites(write_limit=1, limit_window=1000)
    site.ok("identity", name="reports")
    return site.failure("identity", name="billing-api")


def unsupported_by_server(sites: Sites) -> Result:
    site = sites(profile="2024-10")
    site.attach("aws-auth", site.identity("billing-api"))
    return site.failure("identity_azure_auth", identity_name="billing-api", **AZURE)


def server(sites: Sites) -> Result:
    client = {"universal_auth_client_id": "a-client-id", "universal_auth_client_secret": "a-client-secret"}
    with web_page() as url:
        return sites().failure("identity", url=url, name="billing-api", **client)


def network(sites: Sites) -> Result:
    return sites().failure("identity", url="http://127.0.0.1:9", retries=0, name="billing-api")


def tls(sites: Sites) -> Result:
    return sites(tls=True).failure("caller_info", token="a-user-s")


class web_page:
    """Returns the failure with a server that is not Infisical."""

    def __enter__(self) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.end_headers()
                self.wfile.write(b"<html>")

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()


FAILURES: dict[str, Callable[[Sites], Result]] = {
    "validation": validation,
    "authentication": authentication,
    "permission": permission,
    "plan": plan,
    "not_found": not_found,
    "conflict": conflict,
    "rate_limited": rate_limited,
    "unsupported_by_server": unsupported_by_server,
    "server": server,
    "network": network,
    "tls": tls,
}


def quotations(kind: str) -> Iterator[str]:
    """Returns the messages that the guide quotes for a kind; … is a placeholder for text that differs between runs."""
    for block in re.findall(r"^```text\n(.*?)^```", section(GUIDE, f"`{kind}`"), re.DOTALL | re.MULTILINE):
        yield " ".join(block.split())


def test_every_kind_is_gone_through() -> None:
    assert list(FAILURES) == list(ADVICE)


@pytest.mark.parametrize("kind", ADVICE)
def test_what_the_guide_quotes_is_said(kind: str, sites: Sites) -> None:
    makers = [FAILURES[kind], *([changed_meanwhile] if kind == "conflict" else [])]
    for make, quoted in zip(makers, quotations(kind), strict=True):
        failure = make(sites)
        pattern = ".+".join(re.escape(part) for part in quoted.split("…"))
        assert failure["kind"] == kind and re.fullmatch(pattern, failure["msg"]), failure["msg"]


def test_waits_are_as_long_as_documented() -> None:
    limits = section(GUIDE, "Rate limits")
    minutes = [int(number) for number in re.findall(r"(\d+) minutes", limits)]
    assert minutes == [LONGEST_SINGLE_WAIT / 60, LONGEST_RATE_LIMIT_WAIT / 60]
