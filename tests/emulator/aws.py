# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS beside the emulator: moto's own STS and IAM, with signatures checked."""

from __future__ import annotations

import http.client
import json
import logging
import ssl
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

REGION = "us-east-1"
TIMEOUT = 10
# Hop by hop, or set by the client library itself.
NOT_FORWARDED = {"connection", "content-length", "host", "transfer-encoding"}
ADMIN_POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


class StsError(Exception):
    """STS could not be asked, or said no."""

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


@dataclass(frozen=True)
class Aws:
    """Where moto listens, and the keys of its administrator."""

    url: str
    access_key_id: str
    secret_access_key: str

    def client(self, service: str, key_id: str = "", secret: str = "", token: str | None = None) -> Any:
        """A boto3 client with a principal's keys, the administrator's if none are given."""
        return client(self.url, service, key_id or self.access_key_id, secret or self.secret_access_key, token)

    def keys(self) -> list[dict[str, str]]:
        """All access keys of all users, asked of moto itself, so that it costs no request."""
        from moto.core import DEFAULT_ACCOUNT_ID
        from moto.iam.models import iam_backends

        backend = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
        return [
            {
                "user": user.name,
                "access_key_id": key.access_key_id,
                "status": key.status,
                "created_at": key.create_date.isoformat(),
            }
            for user in list(backend.users.values())
            for key in list(user.access_keys)
        ]


@lru_cache(maxsize=64)
def client(url: str, service: str, key_id: str, secret: str, token: str | None) -> Any:
    """Returns a boto3 client. They are cached, because creating one takes longer than a request."""
    import boto3

    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        aws_session_token=token,
    )


class AwsServer:
    """Moto in a thread of this process; imported only here, because the import takes its time."""

    def __init__(self) -> None:
        from moto.server import ThreadedMotoServer

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)

    def start(self) -> Aws:
        """Start, make an administrator while nobody is checked, then let moto check every signature and policy."""
        from moto import settings
        from moto.core.responses import ActionAuthenticatorMixin

        self.server.start()
        host, port = self.server.get_host_and_port()
        settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")
        unchecked = Aws(f"http://{host}:{port}", "AKIAEMULATOR", "unchecked")
        http_post(unchecked.url, "/moto-api/reset")
        iam = unchecked.client("iam")
        iam.create_user(UserName="emulator-admin")
        iam.put_user_policy(UserName="emulator-admin", PolicyName="everything", PolicyDocument=json.dumps(ADMIN_POLICY))
        key = iam.create_access_key(UserName="emulator-admin")["AccessKey"]
        ActionAuthenticatorMixin.request_count = 0
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
        return Aws(unchecked.url, key["AccessKeyId"], key["SecretAccessKey"])

    def stop(self) -> None:
        from moto import settings

        self.server.stop()
        settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")


def http_post(url: str, path: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT)
    connection.request("POST", path)
    connection.getresponse().read()
    connection.close()


def caller_identity(aws: Aws | None, url: str, method: str, headers: dict[str, str], body: bytes) -> dict[str, str]:
    """Send the signed request as it is; amazonaws.com is moto, anything else is really called."""
    target = urlsplit(url)
    signed_host = next((value for name, value in headers.items() if name.lower() == "host"), target.netloc)
    real = target.hostname is not None and target.hostname.endswith(".amazonaws.com")
    if real and aws is None:
        raise StsError("the emulator was started without AWS")
    address = urlsplit(aws.url) if real and aws else target
    try:
        connection = open_connection(address.scheme, address.netloc)
        connection.putrequest(method, target.path or "/", skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", signed_host)
        for name, value in headers.items():
            if name.lower() not in NOT_FORWARDED:
                connection.putheader(name, str(value))
        connection.putheader("Accept", "application/json")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        text = response.read()
        connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise StsError(str(error)) from error
    if response.status != 200:
        raise StsError(text.decode(errors="replace"), refused=response.status in (400, 403))
    return parsed(text, allow_xml=real)


def open_connection(scheme: str, netloc: str) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(netloc, timeout=TIMEOUT, context=ssl.create_default_context())
    if scheme == "http":
        return http.client.HTTPConnection(netloc, timeout=TIMEOUT)
    raise StsError(f"no scheme in {netloc!r}")


def parsed(text: bytes, *, allow_xml: bool) -> dict[str, str]:
    """Read the answer; real STS answers JSON on request, moto XML, which a foreign endpoint may not
    (server-notes#failures-of-the-aws-login)."""
    try:
        found: dict[str, str] = json.loads(text)["GetCallerIdentityResponse"]["GetCallerIdentityResult"]
        return found
    except (ValueError, KeyError):
        pass
    if not allow_xml:
        raise StsError("STS did not answer JSON")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise StsError(str(error)) from error
    return {element.tag.rpartition("}")[2]: element.text or "" for element in root.iter()}
