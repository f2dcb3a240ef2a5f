#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identities
short_description: Keep many machine identities with everything that belongs to them
version_added: 1.0.0
description:
  - Keeps a list of identities with their auth methods, client secrets and project memberships as declared, several at a time, over one
    login and a few connections that stay open.
  - Of each identity everything is read, checked and planned before anything of it is written. An identity that fails does not stop the
    others.
  - Client secrets are created last. Give each a C(dest), and the module writes it to a file. Those without C(dest) are only in the result,
    and are revoked again if any identity fails.
  - What is left out of an identity is left as it is on the server. What M(machineid.infisical.identities_info) returns can be given as
    O(identities).
  - A result that holds a new client secret is never displayed, as if the task had C(no_log); its warnings, its failure and its diff are.
    With C(async) the task needs C(no_log).
options:
  identities:
    description:
      - The identities, each by its O(identities[].name) or its O(identities[].identity_id).
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name. See O(machineid.infisical.identity#module:name).
        type: str
        aliases: [identity_name]
      identity_id:
        description: The id of an existing identity. See O(machineid.infisical.identity#module:identity_id).
        type: str
      state:
        description: V(present) creates the identity or brings it to what is declared, V(absent) deletes it.
        type: str
        choices: [present, absent]
        default: present
      role:
        description: The slug of the role in the organisation. See O(machineid.infisical.identity#module:role).
        type: str
      metadata:
        description: Keys and values of your own. See O(machineid.infisical.identity#module:metadata).
        type: dict
      delete_protection:
        description: Whether the identity is protected from being deleted.
        type: bool
        aliases: [has_delete_protection]
      # The auth methods, written by `make generate`.
      aws_auth:
        description: AWS auth. It takes the options of M(machineid.infisical.identity_aws_auth).
        type: dict
        suboptions:
          state:
            description: C(present) attaches the method or brings it to what is declared.
            type: str
            choices: [present, absent]
            default: present
          sts_endpoint:
            description: The STS endpoint that the server asks, at most 255 characters.
            type: str
          allowed_principal_arns:
            description: ARNs of the IAM users and roles that may log in, such as C(arn:aws:iam::123456789012:role/app), with C(*) for anything.
            type: list
            elements: str
          allowed_account_ids:
            description: Ids, of 12 digits, of the AWS accounts whose principals may log in.
            type: list
            elements: str
          access_token_ttl:
            description: Seconds that an access token lives, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Seconds up to which an access token can be renewed, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: How many uses an access token is good for, C(0) to C(9007199254740991).
            type: int
          access_token_trusted_ips:
            description: Addresses and CIDR ranges from which access tokens can be used, as strings or as dictionaries with C(ip_address).
            type: list
            elements: raw
      azure_auth:
        description: Azure auth. It takes the options of M(machineid.infisical.identity_azure_auth).
        type: dict
        suboptions:
          state:
            description: C(present) attaches the method or brings it to what is declared.
            type: str
            choices: [present, absent]
            default: present
          tenant_id:
            description: The id of the Entra ID (Azure AD) tenant, at most 255 characters.
            type: str
          resource:
            description: The audience that the tokens are made for, at most 255 characters.
            type: str
            aliases: [resource_url]
          allowed_service_principal_ids:
            description: Object ids (not client ids) of the service principals and managed identities that may log in.
            type: list
            elements: str
          access_token_ttl:
            description: Seconds that an access token lives, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Seconds up to which an access token can be renewed, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: How many uses an access token is good for, C(0) to C(9007199254740991).
            type: int
          access_token_trusted_ips:
            description: Addresses and CIDR ranges from which access tokens can be used, as strings or as dictionaries with C(ip_address).
            type: list
            elements: raw
      kubernetes_auth:
        description: Kubernetes auth. It takes the options of M(machineid.infisical.identity_kubernetes_auth).
        type: dict
        suboptions:
          state:
            description: C(present) attaches the method or brings it to what is declared.
            type: str
            choices: [present, absent]
            default: present
          kubernetes_host:
            description: The address of the cluster's API server, at most 255 characters, such as C(https://10.0.0.1:6443).
            type: str
          ca_certificate:
            description: Certificate of the authority by which the server verifies the cluster's API server, in PEM, at most 65536 characters.
            type: str
          verify_tls_certificate:
            description: Whether the server verifies the certificate of the cluster's API server.
            type: bool
          token_reviewer_jwt:
            description: The token of a service account that may review the tokens of others, at most 16384 characters.
            type: str
          token_review_mode:
            description: Whether the server asks the cluster itself, or a gateway in the cluster does.
            type: str
            choices: [api, gateway]
          gateway_id:
            description: The id of the gateway that reaches the cluster.
            type: str
          gateway_pool_id:
            description: The id of the pool of gateways that reaches the cluster.
            type: str
          template_id:
            description: The id of the auth template that provides the connection to the cluster.
            type: str
          allowed_namespaces:
            description: Namespaces whose service accounts may log in, at most 255 characters in all.
            type: list
            elements: str
          allowed_names:
            description: Names of the service accounts that may log in, at most 255 characters in all.
            type: list
            elements: str
          allowed_audience:
            description: The audience that tokens must be made for, at most 255 characters.
            type: str
          access_token_ttl:
            description: Seconds that an access token lives, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Seconds up to which an access token can be renewed, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: How many uses an access token is good for, C(0) to C(9007199254740991).
            type: int
          access_token_trusted_ips:
            description: Addresses and CIDR ranges from which access tokens can be used, as strings or as dictionaries with C(ip_address).
            type: list
            elements: raw
      ldap_auth:
        description: LDAP auth. It takes the options of M(machineid.infisical.identity_ldap_auth).
        type: dict
        suboptions:
          state:
            description: C(present) attaches the method or brings it to what is declared.
            type: str
            choices: [present, absent]
            default: present
          ldap_url:
            description: The address of the directory, at most 255 characters.
            type: str
          bind_dn:
            description: The name that the server binds with to search, at most 1024 characters.
            type: str
          bind_pass:
            description: The password of C(bind_dn), at most 1024 characters.
            type: str
          search_base:
            description: The entry below which users are searched, at most 255 characters.
            type: str
          ldap_ca_certificate:
            description: Certificate of the authority by which the server verifies the directory, in PEM, at most 65536 characters.
            type: str
          template_id:
            description: The id of the auth template that provides the connection to the directory.
            type: str
          search_filter:
            description: The filter that finds a user, with C(username) in double braces where the name belongs, at most 255 characters.
            type: str
          allowed_fields:
            description: Attributes that a user must have to log in.
            type: list
            elements: dict
            suboptions:
              key:
                description: The name of the attribute.
                type: str
                required: true
              value:
                description: The values of which the attribute must have one, as a list or a comma-joined string.
                type: raw
                required: true
          lockout_enabled:
            description: Whether the method is locked after failed logins.
            type: bool
          lockout_threshold:
            description: Failed logins after which the method is locked, C(1) to C(30).
            type: int
          lockout_duration_seconds:
            description: Seconds that a lockout lasts, C(30) to C(86400).
            type: int
          lockout_counter_reset_seconds:
            description: Seconds after which failed logins are forgotten, C(5) to C(3600).
            type: int
          access_token_ttl:
            description: Seconds that an access token lives, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Seconds up to which an access token can be renewed, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: How many uses an access token is good for, C(0) to C(9007199254740991).
            type: int
          access_token_trusted_ips:
            description: Addresses and CIDR ranges from which access tokens can be used, as strings or as dictionaries with C(ip_address).
            type: list
            elements: raw
      oci_auth:
        description: OCI auth. It takes the options of M(machineid.infisical.identity_oci_auth).
        type: dict
        suboptions:
          state:
            description: C(present) attaches the method or brings it to what is declared.
            type: str
            choices: [present, absent]
            default: present
          tenancy_ocid:
            description: The OCID of the tenancy, of the commercial realm C(oc1), at most 255 characters.
            type: str
          allowed_usernames:
            description: Names of the users that may log in, of letters, digits, C(.), C(_), C(@) and C(-).
            type: list
            elements: str
          access_token_ttl:
            description: Seconds that an access token lives, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Seconds up to which an access token can be renewed, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: How many uses an access token is good for, C(0) to C(9007199254740991).
            type: int
          access_token_trusted_ips:
            description: Addresses and CIDR ranges from which access tokens can be used, as strings or as dictionaries with C(ip_address).
            type: list
            elements: raw
      oidc_auth:
        description: OIDC auth. It takes the options of M(machineid.infisical.identity_oidc_auth).
        type: dict
        suboptions:
          state:
            description: C(present) attaches the method or brings it to what is declared.
            type: str
            choices: [present, absent]
            default: present
          oidc_discovery_url:
            description: The address below which the issuer serves C(/.well-known/openid-configuration), at most 255 characters.
            type: str
          bound_issuer:
            description: The issuer that tokens must have, at most 255 characters.
            type: str
          bound_claims:
            description: Claims that tokens must have, each with the values of which it must have one.
            type: dict
          bound_subject:
            description: The subject that tokens must have, at most 255 characters.
            type: str
          bound_audiences:
            description: Audiences of which tokens must have one, at most 255 characters in all.
            type: list
            elements: str
          claim_metadata_mapping:
            description: Claims that become metadata of the login, each with its names.
            type: dict
          ca_certificate:
            description: Certificate of the authority by which the server verifies the issuer's address, in PEM, at most 65536 characters.
            type: str
          access_token_ttl:
            description: Seconds that an access token lives, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Seconds up to which an access token can be renewed, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: How many uses an access token is good for, C(0) to C(9007199254740991).
            type: int
          access_token_trusted_ips:
            description: Addresses and CIDR ranges from which access tokens can be used, as strings or as dictionaries with C(ip_address).
            type: list
            elements: raw
      universal_auth:
        description: Universal auth. It takes the options of M(machineid.infisical.identity_universal_auth).
        type: dict
        suboptions:
          state:
            description: C(present) attaches the method or brings it to what is declared.
            type: str
            choices: [present, absent]
            default: present
          client_secret_trusted_ips:
            description: Addresses and CIDR ranges from which client secrets can be used, as strings or as dictionaries with C(ip_address).
            type: list
            elements: raw
          access_token_period:
            description: Seconds by which a periodic access token is renewed, C(0) to C(315360000).
            type: int
          lockout_enabled:
            description: Whether the method is locked after failed logins.
            type: bool
          lockout_threshold:
            description: Failed logins after which the method is locked, C(1) to C(30).
            type: int
          lockout_duration_seconds:
            description: Seconds that a lockout lasts, C(30) to C(86400).
            type: int
          lockout_counter_reset_seconds:
            description: Seconds after which failed logins are forgotten, C(5) to C(3600).
            type: int
          access_token_ttl:
            description: Seconds that an access token lives, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Seconds up to which an access token can be renewed, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: How many uses an access token is good for, C(0) to C(9007199254740991).
            type: int
          access_token_trusted_ips:
            description: Addresses and CIDR ranges from which access tokens can be used, as strings or as dictionaries with C(ip_address).
            type: list
            elements: raw
      # The end of what `make generate` writes.
      client_secrets:
        description: The client secrets. Each takes the options of M(machineid.infisical.identity_client_secret).
        type: list
        elements: dict
        suboptions:
          description:
            description: The name of the secret. Required with C(state=present).
            type: str
          client_secret_id:
            description: The id of a secret to revoke with C(state=absent).
            type: str
          dest:
            description:
              - The absolute path of a file that a new secret is written to, on the host that the module runs on.
                See O(machineid.infisical.identity_client_secret#module:dest).
            type: path
          ttl:
            description: Seconds that a new secret lives.
            type: int
            default: 0
          num_uses_limit:
            description: How many logins a new secret is good for.
            type: int
            default: 0
            aliases: [number_of_uses_limit]
          renew:
            description: C(when_due) creates a new secret when there is no valid one, C(now) creates one in any case.
            type: str
            choices: [when_due, now]
            default: when_due
          renew_before:
            description: Seconds of life left at which a new secret is created.
            type: int
            default: 0
          overlap:
            description: Seconds after a renewal during which the old secret still works.
            type: int
          state:
            description: V(present) keeps one valid secret, V(absent) revokes those of this description, or the one of this id.
            type: str
            choices: [present, absent]
            default: present
      projects:
        description: The memberships. Each takes the options of M(machineid.infisical.project_identity).
        type: list
        elements: dict
        suboptions:
          project_id:
            description: The id of the project.
            type: str
          project_slug:
            description: The slug of the project.
            type: str
          state:
            description: Whether the identity is a member.
            type: str
            choices: [present, absent]
            default: present
          roles:
            description: The roles, as a whole. See O(machineid.infisical.project_identity#module:roles).
            type: list
            elements: raw
  organization_id:
    description:
      - The id (a UUID) of the organisation of the identities. The organisation of the identity that logs in when not given.
    type: str
  concurrency:
    description:
      - How many identities are worked on at a time, V(1) to V(100). A server answers no faster to more than V(4).
    type: int
    default: 4
  prune_auth_methods:
    description:
      - Whether auth methods that an identity has and that are not declared for it are revoked.
    type: bool
    default: false
  allow_open_methods:
    description:
      - Whether an AWS, Azure or OCI method may be left with empty allowlists, and so open to everybody. V(false) refuses such an identity
        before anything of it is written, also when the lists are empty on the server already.
    type: bool
    default: true
extends_documentation_fragment:
  - machineid.infisical.connection
  - machineid.infisical.attributes
seealso:
  - module: machineid.infisical.identities_info
  - module: machineid.infisical.identity
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Two identities, whole
  machineid.infisical.identities:
    identities:
      - name: billing-api
        role: member
        metadata:
          team: payments
        aws_auth:
          allowed_principal_arns:
            - arn:aws:iam::123456789012:role/billing-api
          allowed_account_ids:
            - "123456789012"
          access_token_ttl: 3600
          access_token_max_ttl: 86400
        projects:
          - project_slug: billing
            roles: [viewer]
      - name: reports
        universal_auth:
          access_token_ttl: 600
        client_secrets:
          - description: reports on host app2
            dest: "{{ credentials_directory }}/reports.env"
            ttl: 2592000
            renew_before: 604800
            overlap: 86400
    allow_open_methods: false
"""

RETURN = r"""
identities:
  description: One result per identity, in the order of O(identities).
  returned: success, or failure of some
  type: list
  elements: dict
  contains:
    name:
      description: The name of the identity, or its id when only that was given.
      type: str
      sample: billing-api
    identity_id:
      description: The id of the identity, except when check mode would create it.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    changed:
      description: Whether anything of it was changed.
      type: bool
      sample: true
    changes:
      description: What was done to each part.
      type: dict
      sample: {identity: create, aws_auth: create}
    client_id:
      description: The client id of its universal auth, when that or client secrets were declared.
      type: str
      sample: 4f3c2e12-68d3-4676-93cb-94863e4ddcaf
    client_secrets:
      description:
        - The declared client secrets, each with C(description), C(client_secret_id), C(created), C(dest) if that was given, and
          C(client_secret) if this run has created the secret and there is no C(dest).
        - When the task fails, the secrets without C(dest) that it has created are revoked again, and C(msg) says so.
      type: list
      elements: dict
      sample:
        - description: billing-api on host app1
          client_secret_id: 6f1f0d9a-3b0e-4d0f-9d35-6f8b6f1a2c3d
          created: true
          dest: /etc/billing-api/infisical.env
    failed:
      description: Present when this identity failed, with C(msg) and C(failure).
      type: bool
      sample: true
summary:
  description: How many identities were changed and unchanged, and the names of those that failed.
  returned: success, or failure of some
  type: dict
  sample: {total: 2, changed: 2, unchanged: 0, failed: []}
failure:
  description:
    - What went wrong with the first that failed. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) are the server's own, as far as it answered.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._fleet.task import IDENTITIES_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = IDENTITIES_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
