#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identities
short_description: Manage many machine identities with all their settings
version_added: 1.0.0
description:
  - Brings a list of identities with their auth methods, client secrets, tokens and project memberships to the desired state. It
    works on several identities at a time, with one login and a few persistent connections.
  - For each identity, everything is read, validated and planned before anything is written. An identity that fails does
    not stop the others.
  - Client secrets are created last. If a client secret has C(dest), the module writes it to that file. Client secrets
    without C(dest) are returned in the result only, and are revoked again if any identity fails.
  - Options of an identity that are not given keep their values on the server. You can pass what
    M(machineid.infisical.identities_info) returns as O(identities).
  - A result that contains a new client secret is never displayed, as if the task had C(no_log). Its warnings, its
    failure and its diff are displayed. With C(async), the task needs C(no_log).
options:
  identities:
    description:
      - The identities. Each needs O(identities[].name) or O(identities[].identity_id).
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
        description: V(present) creates the identity, or updates it to the desired state. V(absent) deletes it.
        type: str
        choices: [present, absent]
        default: present
      role:
        description: The slug of the role in the organisation. See O(machineid.infisical.identity#module:role).
        type: str
      metadata:
        description: Custom keys and values. See O(machineid.infisical.identity#module:metadata).
        type: dict
      delete_protection:
        description: Whether the identity is protected against deletion.
        type: bool
        aliases: [has_delete_protection]
      # The auth methods, written by `make generate`.
      alicloud_auth:
        description: Alibaba Cloud auth. It takes the options of M(machineid.infisical.identity_alicloud_auth).
        type: dict
        suboptions:
          state:
            description: C(present) attaches the method, or updates it to the desired state.
            type: str
            choices: [present, absent]
            default: present
          allowed_arns:
            description: ARNs of the RAM users and roles that may log in, at most 500 characters in all.
            type: list
            elements: str
          access_token_ttl:
            description: Lifetime of an access token in seconds, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Maximum lifetime of an access token with all renewals, in seconds, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: Number of uses that an access token allows, C(0) to C(9007199254740991).
            type: int
          access_token_trusted_ips:
            description: Addresses and CIDR ranges from which access tokens can be used, as strings or as dictionaries with C(ip_address).
            type: list
            elements: raw
      aws_auth:
        description: AWS auth. It takes the options of M(machineid.infisical.identity_aws_auth).
        type: dict
        suboptions:
          state:
            description: C(present) attaches the method, or updates it to the desired state.
            type: str
            choices: [present, absent]
            default: present
          sts_endpoint:
            description: The STS endpoint that the server calls, at most 255 characters.
            type: str
          allowed_principal_arns:
            description: ARNs of the IAM users and roles that may log in, such as C(arn:aws:iam::123456789012:role/app), with C(*) as a wildcard.
            type: list
            elements: str
          allowed_account_ids:
            description: Ids (12 digits) of the AWS accounts whose principals may log in.
            type: list
            elements: str
          access_token_ttl:
            description: Lifetime of an access token in seconds, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Maximum lifetime of an access token with all renewals, in seconds, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: Number of uses that an access token allows, C(0) to C(9007199254740991).
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
            description: C(present) attaches the method, or updates it to the desired state.
            type: str
            choices: [present, absent]
            default: present
          tenant_id:
            description: The id of the Entra ID (Azure AD) tenant, at most 255 characters.
            type: str
          resource:
            description: The audience of the tokens, at most 255 characters.
            type: str
            aliases: [resource_url]
          allowed_service_principal_ids:
            description: Object ids (not client ids) of the service principals and managed identities that may log in.
            type: list
            elements: str
          access_token_ttl:
            description: Lifetime of an access token in seconds, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Maximum lifetime of an access token with all renewals, in seconds, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: Number of uses that an access token allows, C(0) to C(9007199254740991).
            type: int
          access_token_trusted_ips:
            description: Addresses and CIDR ranges from which access tokens can be used, as strings or as dictionaries with C(ip_address).
            type: list
            elements: raw
      gcp_auth:
        description: GCP auth. It takes the options of M(machineid.infisical.identity_gcp_auth).
        type: dict
        suboptions:
          state:
            description: C(present) attaches the method, or updates it to the desired state.
            type: str
            choices: [present, absent]
            default: present
          type:
            description: C(gce) takes the identity tokens of virtual machines, C(iam) tokens that a service account signs.
            type: str
            choices: [gce, iam]
          allowed_service_accounts:
            description: Email addresses of the service accounts that may log in.
            type: list
            elements: str
          allowed_projects:
            description: Ids of the projects whose virtual machines may log in.
            type: list
            elements: str
          allowed_zones:
            description: Zones whose virtual machines may log in, such as C(us-west2-a).
            type: list
            elements: str
          access_token_ttl:
            description: Lifetime of an access token in seconds, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Maximum lifetime of an access token with all renewals, in seconds, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: Number of uses that an access token allows, C(0) to C(9007199254740991).
            type: int
          access_token_trusted_ips:
            description: Addresses and CIDR ranges from which access tokens can be used, as strings or as dictionaries with C(ip_address).
            type: list
            elements: raw
      jwt_auth:
        description: JWT auth. It takes the options of M(machineid.infisical.identity_jwt_auth).
        type: dict
        suboptions:
          state:
            description: C(present) attaches the method, or updates it to the desired state.
            type: str
            choices: [present, absent]
            default: present
          configuration_type:
            description: Where the keys come from.
            type: str
            choices: [jwks, static]
          jwks_url:
            description: The address of the JSON Web Key Set, at most 255 characters.
            type: str
          jwks_ca_cert:
            description: Certificate of the authority that the server uses to verify C(jwks_url), in PEM, at most 65536 characters.
            type: str
          public_keys:
            description: The keys that verify tokens, in PEM, at most 16384 characters each.
            type: list
            elements: str
          bound_issuer:
            description: The issuer that tokens must have, at most 255 characters.
            type: str
          bound_claims:
            description: Claims that tokens must have, each with its allowed values.
            type: dict
          bound_subject:
            description: The subject that tokens must have, at most 255 characters.
            type: str
          bound_audiences:
            description: Allowed audiences.
            type: list
            elements: str
          access_token_ttl:
            description: Lifetime of an access token in seconds, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Maximum lifetime of an access token with all renewals, in seconds, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: Number of uses that an access token allows, C(0) to C(9007199254740991).
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
            description: C(present) attaches the method, or updates it to the desired state.
            type: str
            choices: [present, absent]
            default: present
          kubernetes_host:
            description: The address of the cluster's API server, at most 255 characters, such as C(https://10.0.0.1:6443).
            type: str
          ca_certificate:
            description: Certificate of the authority that the server uses to verify the cluster's API server, in PEM, at most 65536 characters.
            type: str
          verify_tls_certificate:
            description: Whether the server verifies the certificate of the cluster's API server.
            type: bool
          token_reviewer_jwt:
            description: The token of a service account that may review other tokens, at most 16384 characters.
            type: str
          token_review_mode:
            description: Whether the server or a gateway in the cluster reviews tokens.
            type: str
            choices: [api, gateway]
          gateway_id:
            description: The id of the gateway to the cluster.
            type: str
          gateway_pool_id:
            description: The id of the pool of gateways to the cluster.
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
            description: The audience that tokens must have, at most 255 characters.
            type: str
          access_token_ttl:
            description: Lifetime of an access token in seconds, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Maximum lifetime of an access token with all renewals, in seconds, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: Number of uses that an access token allows, C(0) to C(9007199254740991).
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
            description: C(present) attaches the method, or updates it to the desired state.
            type: str
            choices: [present, absent]
            default: present
          ldap_url:
            description: The address of the directory, at most 255 characters.
            type: str
          bind_dn:
            description: The distinguished name that the server binds with to search, at most 1024 characters.
            type: str
          bind_pass:
            description: The password of C(bind_dn), at most 1024 characters.
            type: str
          search_base:
            description: The entry below which users are searched, at most 255 characters.
            type: str
          ldap_ca_certificate:
            description: Certificate of the authority that the server uses to verify the directory, in PEM, at most 65536 characters.
            type: str
          template_id:
            description: The id of the auth template that provides the connection to the directory.
            type: str
          search_filter:
            description: The filter that finds a user, with C(username) in double braces as a placeholder for the name, at most 255 characters.
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
                description: The attribute must have one of these values, given as a list or a comma-joined string.
                type: raw
                required: true
          lockout_enabled:
            description: Whether the method is locked after failed logins.
            type: bool
          lockout_threshold:
            description: Number of failed logins after which the method is locked, C(1) to C(30).
            type: int
          lockout_duration_seconds:
            description: Duration of a lockout in seconds, C(30) to C(86400).
            type: int
          lockout_counter_reset_seconds:
            description: Seconds after which the counter of failed logins is reset, C(5) to C(3600).
            type: int
          access_token_ttl:
            description: Lifetime of an access token in seconds, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Maximum lifetime of an access token with all renewals, in seconds, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: Number of uses that an access token allows, C(0) to C(9007199254740991).
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
            description: C(present) attaches the method, or updates it to the desired state.
            type: str
            choices: [present, absent]
            default: present
          tenancy_ocid:
            description: The OCID of the tenancy, which must be in the commercial realm C(oc1), at most 255 characters.
            type: str
          allowed_usernames:
            description: Names of the users that may log in, made of letters, digits, C(.), C(_), C(@) and C(-).
            type: list
            elements: str
          access_token_ttl:
            description: Lifetime of an access token in seconds, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Maximum lifetime of an access token with all renewals, in seconds, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: Number of uses that an access token allows, C(0) to C(9007199254740991).
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
            description: C(present) attaches the method, or updates it to the desired state.
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
            description: Claims that tokens must have, each with its allowed values.
            type: dict
          bound_subject:
            description: The subject that tokens must have, at most 255 characters.
            type: str
          bound_audiences:
            description: Allowed audiences.
            type: list
            elements: str
          claim_metadata_mapping:
            description: Claims that become metadata of the login, each with its names.
            type: dict
          ca_certificate:
            description: Certificate of the authority that the server uses to verify the issuer's address, in PEM, at most 65536 characters.
            type: str
          access_token_ttl:
            description: Lifetime of an access token in seconds, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Maximum lifetime of an access token with all renewals, in seconds, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: Number of uses that an access token allows, C(0) to C(9007199254740991).
            type: int
          access_token_trusted_ips:
            description: Addresses and CIDR ranges from which access tokens can be used, as strings or as dictionaries with C(ip_address).
            type: list
            elements: raw
      spiffe_auth:
        description: SPIFFE auth. It takes the options of M(machineid.infisical.identity_spiffe_auth).
        type: dict
        suboptions:
          state:
            description: C(present) attaches the method, or updates it to the desired state.
            type: str
            choices: [present, absent]
            default: present
          trust_domain:
            description: The trust domain of the workloads, such as C(example.org), at most 255 characters.
            type: str
          allowed_spiffe_ids:
            description: SPIFFE ids, or patterns of them, that may log in.
            type: list
            elements: str
          allowed_audiences:
            description: Allowed audiences.
            type: list
            elements: str
          trust_bundle_distribution:
            description: Where the keys of the trust domain come from.
            type: dict
            suboptions:
              profile:
                description: C(static) is a bundle that you give, C(https_web_bundle) one that the server fetches.
                type: str
                choices: [static, https_web_bundle]
              bundle:
                description: The bundle, a JSON Web Key Set, as a dictionary or as JSON, of at most 65536 characters.
                type: raw
              endpoint_url:
                description: The address of the bundle, which begins with C(https://), at most 255 characters.
                type: str
              ca_cert:
                description: Certificate of the authority that the server uses to verify the address, in PEM, at most 65536 characters.
                type: str
              refresh_hint_seconds:
                description: After how many seconds the server fetches the bundle again, at least C(1).
                type: int
          access_token_ttl:
            description: Lifetime of an access token in seconds, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Maximum lifetime of an access token with all renewals, in seconds, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: Number of uses that an access token allows, C(0) to C(9007199254740991).
            type: int
          access_token_trusted_ips:
            description: Addresses and CIDR ranges from which access tokens can be used, as strings or as dictionaries with C(ip_address).
            type: list
            elements: raw
      tls_cert_auth:
        description: TLS certificate auth. It takes the options of M(machineid.infisical.identity_tls_cert_auth).
        type: dict
        suboptions:
          state:
            description: C(present) attaches the method, or updates it to the desired state.
            type: str
            choices: [present, absent]
            default: present
          ca_certificate:
            description: Certificate of the authority that issues the certificates of clients, in PEM, at most 10240 characters.
            type: str
          allowed_common_names:
            description: Common names of the certificates that may log in.
            type: list
            elements: str
          access_token_ttl:
            description: Lifetime of an access token in seconds, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Maximum lifetime of an access token with all renewals, in seconds, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: Number of uses that an access token allows, C(0) to C(9007199254740991).
            type: int
          access_token_trusted_ips:
            description: Addresses and CIDR ranges from which access tokens can be used, as strings or as dictionaries with C(ip_address).
            type: list
            elements: raw
      token_auth:
        description: Token auth. It takes the options of M(machineid.infisical.identity_token_auth).
        type: dict
        suboptions:
          state:
            description: C(present) attaches the method, or updates it to the desired state.
            type: str
            choices: [present, absent]
            default: present
          access_token_ttl:
            description: Lifetime of an access token in seconds, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Maximum lifetime of an access token with all renewals, in seconds, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: Number of uses that an access token allows, C(0) to C(9007199254740991).
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
            description: C(present) attaches the method, or updates it to the desired state.
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
            description: Number of failed logins after which the method is locked, C(1) to C(30).
            type: int
          lockout_duration_seconds:
            description: Duration of a lockout in seconds, C(30) to C(86400).
            type: int
          lockout_counter_reset_seconds:
            description: Seconds after which the counter of failed logins is reset, C(5) to C(3600).
            type: int
          access_token_ttl:
            description: Lifetime of an access token in seconds, C(0) to C(315360000).
            type: int
          access_token_max_ttl:
            description: Maximum lifetime of an access token with all renewals, in seconds, C(0) to C(315360000).
            type: int
          access_token_num_uses_limit:
            description: Number of uses that an access token allows, C(0) to C(9007199254740991).
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
              - The absolute path of the file that a new secret is written to, on the host where the module runs.
                See O(machineid.infisical.identity_client_secret#module:dest).
            type: path
          ttl:
            description: Lifetime of a new secret, in seconds.
            type: int
            default: 0
          num_uses_limit:
            description: Number of logins that a new secret allows.
            type: int
            default: 0
            aliases: [number_of_uses_limit]
          renew:
            description: C(when_due) creates a new secret if there is no valid one, C(now) always creates one.
            type: str
            choices: [when_due, now]
            default: when_due
          renew_before:
            description: Remaining lifetime, in seconds, at which a new secret is created.
            type: int
            default: 0
          overlap:
            description: Seconds for which the old secret still works after a renewal.
            type: int
          state:
            description: V(present) maintains one valid secret. V(absent) revokes all secrets with this description, or
              the one with this id.
            type: str
            choices: [present, absent]
            default: present
      tokens:
        description: The tokens of token auth. Each takes the options of M(machineid.infisical.identity_token).
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the token. Required with C(state=present).
            type: str
          token_id:
            description: The id of a token to revoke with C(state=absent).
            type: str
          dest:
            description:
              - The absolute path of the file that a new token is written to, on the host where the module runs.
                See O(machineid.infisical.identity_token#module:dest).
            type: path
          renew:
            description: C(when_due) creates a new token if there is no valid one, C(now) always creates one.
            type: str
            choices: [when_due, now]
            default: when_due
          renew_before:
            description: Remaining lifetime, in seconds, at which a new token is created.
            type: int
            default: 0
          overlap:
            description: Seconds for which the old token still works after a renewal.
            type: int
          state:
            description: V(present) maintains one valid token. V(absent) revokes all tokens with this name, or the one
              with this id.
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
            description: The complete list of roles. See O(machineid.infisical.project_identity#module:roles).
            type: list
            elements: raw
          privileges:
            description: The additional privileges in the project. Each takes the options of
              M(machineid.infisical.project_identity_privilege). Others are left alone.
            type: list
            elements: dict
            suboptions:
              slug:
                description: Its slug. See O(machineid.infisical.project_identity_privilege#module:slug).
                type: str
                required: true
              permissions:
                description: The complete list of rules, in their order. See
                  O(machineid.infisical.project_identity_privilege#module:permissions).
                type: list
                elements: dict
                suboptions:
                  subject:
                    description: What it is about, such as V(secrets).
                    type: str
                    required: true
                  action:
                    description: The actions, such as V(read), in any order.
                    type: list
                    elements: str
                    required: true
                  conditions:
                    description: Where it applies. See
                      O(machineid.infisical.project_identity_privilege#module:permissions[].conditions).
                    type: dict
                  inverted:
                    description: Whether it takes away instead of giving.
                    type: bool
                    default: false
              temporary_range:
                description: How long it lasts. See O(machineid.infisical.project_identity_privilege#module:temporary_range).
                type: str
              temporary_access_start_time:
                description: When it starts. See
                  O(machineid.infisical.project_identity_privilege#module:temporary_access_start_time).
                type: str
              state:
                description: Whether the identity has the privilege.
                type: str
                choices: [present, absent]
                default: present
      groups:
        description: The memberships of groups. Each takes O(machineid.infisical.group_identity#module:group_id),
          O(machineid.infisical.group_identity#module:group_slug) or
          O(machineid.infisical.group_identity#module:group_name). Others are left alone.
        type: list
        elements: dict
        suboptions:
          group_id:
            description: The id of the group.
            type: str
          group_slug:
            description: The slug of the group.
            type: str
          group_name:
            description: The name of the group.
            type: str
          state:
            description: Whether the identity is a member.
            type: str
            choices: [present, absent]
            default: present
  organization_id:
    description:
      - The id (a UUID) of the organisation of the identities. Defaults to the organisation of the identity that logs
        in.
    type: str
  project_id:
    description:
      - The id of the project that all O(identities) belong to. They are then created in this project, looked up in it, and can
        be members of no other; they have no role in the organisation.
      - Mutually exclusive with O(organization_id) and O(project_slug). Servers without identities of projects fail with
        the kind V(unsupported_by_server).
    type: str
  project_slug:
    description:
      - The slug of that project, instead of O(project_id).
    type: str
  concurrency:
    description:
      - How many identities are processed at a time, V(1) to V(100). Values above V(4) usually do not make it faster.
    type: int
    default: 4
  prune_auth_methods:
    description:
      - Whether to revoke auth methods that an identity has but that are not declared for it.
    type: bool
    default: false
  allow_open_methods:
    description:
      - Whether an auth method may have empty allowlists, which leaves it open to everybody who can prove
        anything to it, such as every service account of Google Cloud. With V(false), such an identity fails
        before anything of it is written, even if the lists are already empty on the server.
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
- name: Manage two identities completely
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
  returned: success, or failure of some identities
  type: list
  elements: dict
  contains:
    name:
      description: The name of the identity, or its id when only that was given.
      type: str
      sample: billing-api
    identity_id:
      description: The id of the identity. Not returned if check mode would create the identity.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    changed:
      description: Whether anything about the identity was changed.
      type: bool
      sample: true
    changes:
      description: What was done to the identity and to each of its auth methods, client secrets, tokens and projects.
      type: dict
      sample: {identity: create, aws_auth: create}
    client_id:
      description: The client id of its universal auth, if universal auth or client secrets are declared.
      type: str
      sample: 4f3c2e12-68d3-4676-93cb-94863e4ddcaf
    client_secrets:
      description:
        - The declared client secrets, each with C(description), C(client_secret_id), C(created), C(dest) if it was
          given, and C(client_secret) if this run has created the secret and C(dest) was not given.
        - If the task fails, the secrets without C(dest) that it has created are revoked again, and C(msg) reports this.
      type: list
      elements: dict
      sample:
        - description: billing-api on host app1
          client_secret_id: 6f1f0d9a-3b0e-4d0f-9d35-6f8b6f1a2c3d
          created: true
          dest: /etc/billing-api/infisical.env
    tokens:
      description:
        - The declared tokens, each with C(name), C(token_id), C(created), C(dest) if it was given, and C(access_token)
          if this run has created the token and C(dest) was not given.
        - If the task fails, the tokens without C(dest) that it has created are revoked again, and C(msg) reports this.
      type: list
      elements: dict
      sample:
        - name: billing-api on host app1
          token_id: 6f1f0d9a-3b0e-4d0f-9d35-6f8b6f1a2c3d
          created: true
          dest: /etc/billing-api/infisical-token.env
    failed:
      description: Returned with C(msg) and C(failure) if this identity failed.
      type: bool
      sample: true
summary:
  description: The numbers of changed and unchanged identities, and the names of those that failed.
  returned: success, or failure of some identities
  type: dict
  sample: {total: 2, changed: 2, unchanged: 0, failed: []}
failure:
  description:
    - Describes the first failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication),
      V(permission), V(plan), V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server),
      V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
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
