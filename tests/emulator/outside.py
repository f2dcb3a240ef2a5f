# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What exists outside Infisical: the accounts and tokens of clouds and directories, as tests register them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import issuer
from .project_rows import new_id

if TYPE_CHECKING:
    from .app import Service

OCI_USER = ("user_ocid", "user_name", "tenancy_ocid", "public_key_pem", "fingerprint")
Body = dict[str, Any]


def outside(service: Service) -> list[tuple[str, str, Callable[[Any], Any]]]:
    """The part of the control plane that plays the world around the server."""

    def add_oci_user(body: Body) -> None:
        service.world.oci_users[body["user_ocid"]] = {name: body[name] for name in OCI_USER}

    def add_ldap_user(body: Body) -> None:
        service.world.ldap_users[body["username"]] = {"attributes": {}, **body, "password": body["password"]}

    def add_alicloud_key(body: Body) -> None:
        key = {name: body[name] for name in ("access_key_id", "access_key_secret", "arn")}
        service.world.alicloud_keys[key["access_key_id"]] = key

    def add_gcp_account(body: Body) -> None:
        keys = service.world.outgoing.internet.accounts.setdefault(body["email"], {})
        keys[body["key_id"]] = load_pem_public_key(body["public_key_pem"].encode())

    def gateway(body: Body) -> Body:
        """Connect a gateway, or with `pool` a pool of them, under `id` if one is given; `any`: every id there is."""
        service.world.any_gateway = service.world.any_gateway or bool(body.get("any"))
        row = {"id": str(body.get("id", new_id())).lower(), "name": body.get("name", "gateway")}
        table = service.world.gateway_pools if body.get("pool") else service.world.gateways
        table[row["id"]] = row
        return row

    def unreachable(body: Body) -> None:
        service.world.unreachable.add(body["address"])

    def azure_token(body: Body) -> Body:
        world = service.world
        tenant = body.get("tenant_id", world.azure_tenant_id)
        object_id = body.get("object_id", world.azure_object_id)
        token = issuer.azure_token(service.clock, tenant, body["resource"], object_id)
        return {"access_token": token, "tenant_id": tenant, "object_id": object_id}

    def managed_identity(body: Body) -> Body:
        world = service.world
        world.azure_tenant_id = body.get("tenant_id", world.azure_tenant_id)
        world.azure_object_id = body.get("object_id", world.azure_object_id)
        return {"tenant_id": world.azure_tenant_id, "object_id": world.azure_object_id}

    def signed(body: Body) -> Body:
        return {"jwt": issuer.sign(service.clock, body["claims"], body.get("expires_in", issuer.HOUR))}

    return [
        ("POST", "oci-users", add_oci_user),
        ("POST", "ldap-users", add_ldap_user),
        ("POST", "alicloud-keys", add_alicloud_key),
        ("POST", "gcp-accounts", add_gcp_account),
        ("POST", "gateways", gateway),
        ("POST", "unreachable", unreachable),
        ("POST", "azure-token", azure_token),
        ("POST", "managed-identity", managed_identity),
        ("POST", "jwt", signed),
        ("GET", "jwks", lambda body: issuer.key_set()),
    ]


def metadata_route(service: Service) -> Route:
    """Azure's instance metadata service, for clients that are pointed at the emulator (server-notes#azure-tokens)."""

    async def token(request: Request) -> Response:
        query = dict(parse_qsl(request.url.query))
        if request.headers.get("metadata") != "true" or "resource" not in query:
            message = "Required metadata header or resource not specified"
            return JSONResponse({"error": "invalid_request", "error_description": message}, 400)
        world = service.world
        resource = query["resource"]
        access = issuer.azure_token(service.clock, world.azure_tenant_id, resource, world.azure_object_id)
        now = int(service.clock.now())
        answer = {
            "access_token": access,
            "client_id": query.get("client_id", world.azure_object_id),
            "expires_in": str(issuer.HOUR),
            "ext_expires_in": str(issuer.HOUR),
            "expires_on": str(now + issuer.HOUR),
            "not_before": str(now),
            "resource": resource,
            "token_type": "Bearer",
        }
        return JSONResponse(answer)

    return Route("/metadata/identity/oauth2/token", token, methods=["GET"])
