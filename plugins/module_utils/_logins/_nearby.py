# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Requests to what vouches for a machine: metadata services beside it and the token endpoint of its CI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._client import BearerAuth, reason_of
from ansible_collections.machineid.infisical.plugins.module_utils._errors import InfisicalError

try:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.util.retry import Retry
except ImportError:
    # Nothing of the collection runs without it, which _run.py says.
    pass

METADATA_TIMEOUT = (1.0, 5.0)
"""Seconds to connect and to answer: where there is a metadata service, it is one hop away."""

TOKEN_ENDPOINT_TIMEOUT = (10.0, 20.0)
BUSY = (429, 500, 502, 503, 504)


def ask_metadata(service: str, method: str, url: str, headers: dict[str, str], query: dict[str, str]) -> Any:
    """The answer of a metadata service, asked without any proxy; a busy one is asked twice more."""
    with requests.Session() as session:
        session.trust_env = False
        retry = Retry(
            total=2,
            connect=0,
            read=0,
            status_forcelist=BUSY,
            backoff_factor=0.3,
            raise_on_status=False,
            respect_retry_after_header=False,
        )
        session.mount("http://", HTTPAdapter(max_retries=retry))
        return answer_of(session, service, method, url, headers=headers, params=query, timeout=METADATA_TIMEOUT)


def ask_token_endpoint(service: str, url: str, token: str, query: dict[str, str]) -> Any:
    """The answer of a CI's token endpoint, which is on the internet: the environment's proxy is used."""
    with requests.Session() as session:
        # As requests' own auth, so that no .netrc entry replaces it.
        return answer_of(
            session, service, "GET", url, auth=BearerAuth(token), params=query, timeout=TOKEN_ENDPOINT_TIMEOUT
        )


def answer_of(session: Any, service: str, method: str, url: str, **options: Any) -> Any:
    """The response, when it is a 200. What a failed one holds is not shown, but for the reason that it names."""
    address = url.partition("?")[0]
    try:
        response = session.request(method, url, allow_redirects=False, **options)
    except requests.exceptions.RequestException as error:
        raise unavailable(f"{service} at {address} did not answer: {reason_of(error)}.") from error
    if response.status_code != 200:
        reason = reason_given(response)
        raise unavailable(f"{service} at {address} answered {response.status_code}{reason and f': {reason}'}.")
    return response


def member_of(response: Any, service: str, key: str) -> str:
    """The text under ``key`` of a JSON answer."""
    try:
        return str(response.json()[key])
    except (ValueError, KeyError, TypeError) as error:
        raise unavailable(f"{service} at {response.url.partition('?')[0]} answered without `{key}`.") from error


def reason_given(response: Any) -> str:
    """Azure's services name the reason of a refusal so."""
    try:
        body = response.json()
    except ValueError:
        return ""
    reason = body.get("error_description") if isinstance(body, Mapping) else None
    return " ".join(str(reason or "").split()).rstrip(".")


def unavailable(sentence: str) -> InfisicalError:
    return InfisicalError("authentication", sentence, advice="Run this where that service is, or log in otherwise.")
