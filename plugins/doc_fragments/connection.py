# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The options of every module that say where the server is and how to log in."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - requests
  - botocore for O(auth_method=aws_auth)
  - oci for O(auth_method=oci_auth)
  - azure-identity for O(auth_method=azure_auth) where the machine has no managed identity
  - google-auth for O(auth_method=gcp_auth) with O(gcp_service_account_key_path)
notes:
  - What an option cannot mean is refused before the first request, such as V(true) or V(1.5) for a whole number, a bare V(no) for a text
    (put it in quotes), or control characters. V(null) is as good as left out, unless the option is required or has a default.
  - A list or dictionary has at most 1000 elements (C(identities) and C(names) at most 100000), a list of roles at most 100.
  - The environment variables are read where the module runs. One that is empty is as good as not set.
  - Blanks and line ends around a token, a client id, a client secret or a JWT are not part of it. One that holds others is refused.
  - Requests are repeated after connection errors and when the server says to wait, but never in a way that could make a thing twice.
options:
  url:
    description:
      - The address of the Infisical server, without a path. Use V(https://eu.infisical.com) for the EU region.
      - Read from E(INFISICAL_URL), E(INFISICAL_HOST), E(INFISICAL_DOMAIN) or E(INFISICAL_API_URL) when not given.
    type: str
    default: https://app.infisical.com
  validate_certs:
    description:
      - Whether the server's TLS certificate is checked.
      - Read from E(INFISICAL_VALIDATE_CERTS) when not given.
    type: bool
    default: true
  ca_path:
    description:
      - A file or directory of certificate authorities that the server's certificate is checked with.
      - Read from E(INFISICAL_CA_PATH) when not given.
    type: path
    aliases: [ca_cert]
  client_cert:
    description:
      - A TLS client certificate (PEM), with its key unless O(client_key) is given.
      - Read from E(INFISICAL_CLIENT_CERT) when not given.
    type: path
  client_key:
    description:
      - The key of O(client_cert).
      - Read from E(INFISICAL_CLIENT_KEY) when not given.
    type: path
  timeout:
    description:
      - Seconds that one whole answer may take, V(1) to V(3600), from the end of the request to the last byte, however
        steadily it comes in. Connecting may take as long again, and at most 30 seconds.
      - An answer of more than 32 MiB, also after decompression, fails with the kind C(server), whatever the time.
      - Read from E(INFISICAL_TIMEOUT) when not given.
    type: int
    default: 30
  retries:
    description:
      - How often a request is repeated after a failure of the network or the server, V(0) to V(100). V(0) also turns off waiting for a rate limit.
      - Read from E(INFISICAL_RETRIES) or E(INFISICAL_RETRY_MAX_RETRIES) when not given.
    type: int
    default: 5
  organization_slug:
    description:
      - The sub-organisation to log in to.
      - Read from E(INFISICAL_AUTH_ORGANIZATION_SLUG) when not given.
    type: str
  login_data:
    description:
      - What M(machineid.infisical.login) or P(infisical.vault.login#module) returned as RV(machineid.infisical.login#module:login_data).
        It takes the place of O(url) and of every login option.
      - O(login_data.connection) holds the options that count for every request, as they were at the login. Of these an option that the task
        or C(module_defaults) gives comes first, then O(login_data.connection), then the environment variable, then the default. So a task
        needs O(login_data) alone.
      - Only O(validate_certs=false) has no effect, except for a warning, where O(login_data.connection.validate_certs) is true.
      - Of O(client_cert) and O(client_key) either both or none come from O(login_data.connection), so a key is never used with the
        certificate of another.
    type: dict
    suboptions:
      url:
        description: The address of the server.
        type: str
      access_token:
        description: The access token.
        type: str
        required: true
      connection:
        description: How to talk to the server, as a dictionary or as the JSON text that M(machineid.infisical.login) returns.
        type: dict
        suboptions:
          validate_certs:
            description: As O(validate_certs).
            type: bool
          ca_path:
            description: As O(ca_path). The file has to be on the host where the module runs, as do the two that follow.
            type: path
          client_cert:
            description: As O(client_cert).
            type: path
          client_key:
            description: As O(client_key).
            type: path
          timeout:
            description: As O(timeout).
            type: int
          retries:
            description: As O(retries).
            type: int
  auth_method:
    description:
      - How to log in. V(universal_auth) by O(universal_auth_client_id) and O(universal_auth_client_secret), V(token_auth) by O(token).
      - The others log in as the identity O(auth_identity_id), and prove that they may with what the machine has or is given.
      - V(aws_auth) by the AWS credentials that botocore finds, in O(aws_region).
      - V(azure_auth) by the machine's managed identity, or by what azure-identity finds where there is none or the environment
        configures something else, such as E(AZURE_CLIENT_SECRET) or E(AZURE_FEDERATED_TOKEN_FILE).
      - V(gcp_auth) by the metadata server's token, or by O(gcp_service_account_key_path) when the method's type is C(iam).
      - V(kubernetes_auth) by the service account token in O(kubernetes_token_path).
      - V(oidc_auth) by O(jwt), or by the token that GitHub Actions gives to a job with C(id-token) permission.
      - V(jwt_auth) by O(jwt).
      - V(oci_auth) by a user's API signing key, from O(oci_config_file).
      - V(ldap_auth) by O(ldap_username) and O(ldap_password). A wrong password is never tried again.
      - Without it, V(token_auth) when O(token) is given and O(universal_auth_client_id) is not, else V(universal_auth).
      - The spellings of Terraform and of the Infisical CLI are understood, such as V(universal-auth), V(kubernetes), V(aws-iam),
        V(gcp-iam) and V(gcp-id-token).
      - Read from E(INFISICAL_AUTH_METHOD) when not given.
    type: str
  token:
    description:
      - A ready access token.
      - Read from E(INFISICAL_TOKEN) or E(INFISICAL_ACCESS_TOKEN) when not given.
    type: str
  universal_auth_client_id:
    description:
      - The client id of the identity that logs in.
      - Read from E(INFISICAL_UNIVERSAL_AUTH_CLIENT_ID) or E(UNIVERSAL_AUTH_MACHINE_IDENTITY_CLIENT_ID) when not given.
    type: str
  universal_auth_client_secret:
    description:
      - A client secret of the identity that logs in.
      - Read from E(INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET) or E(UNIVERSAL_AUTH_MACHINE_IDENTITY_CLIENT_SECRET) when not given.
    type: str
  auth_identity_id:
    description:
      - The id of the identity that logs in, for every O(auth_method) but V(universal_auth) and V(token_auth). P(infisical.vault.login#module)
        names it C(identity_id), which here is the identity that is managed.
      - When not given, read from the variable of the login method, which is E(INFISICAL_AWS_IAM_AUTH_IDENTITY_ID),
        E(INFISICAL_AZURE_AUTH_IDENTITY_ID), E(INFISICAL_GCP_AUTH_IDENTITY_ID), E(INFISICAL_KUBERNETES_IDENTITY_ID),
        E(INFISICAL_OIDC_AUTH_IDENTITY_ID), E(INFISICAL_OCI_AUTH_IDENTITY_ID) or E(INFISICAL_LDAP_AUTH_IDENTITY_ID),
        then from E(INFISICAL_MACHINE_IDENTITY_ID).
    type: str
  jwt:
    description:
      - The token that proves the caller for O(auth_method=oidc_auth) and O(auth_method=jwt_auth).
      - For V(azure_auth), V(gcp_auth) and V(kubernetes_auth) a token that was obtained otherwise and takes the place of the machine's own.
      - When not given, V(oidc_auth) and V(jwt_auth) read E(INFISICAL_JWT), E(INFISICAL_OIDC_AUTH_JWT) or E(INFISICAL_AUTH_JWT),
        and V(kubernetes_auth) reads E(INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN).
      - Without any of these V(oidc_auth) asks GitHub Actions, at E(ACTIONS_ID_TOKEN_REQUEST_URL) with E(ACTIONS_ID_TOKEN_REQUEST_TOKEN).
    type: str
  oidc_audience:
    description:
      - The audience of the token that GitHub Actions is asked for. Without it, GitHub's own, which is the address of the repository's owner.
      - Read from E(INFISICAL_OIDC_AUTH_AUDIENCE) when not given.
    type: str
  kubernetes_token_path:
    description:
      - The file of the service account token for O(auth_method=kubernetes_auth).
      - Read from E(INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH) when not given.
    type: path
    default: /var/run/secrets/kubernetes.io/serviceaccount/token
  aws_region:
    description:
      - The region whose STS vouches for the caller with O(auth_method=aws_auth). Without it, the region of the AWS configuration,
        then the one that the EC2 metadata service names.
      - Read from E(AWS_REGION) or E(AWS_DEFAULT_REGION) when not given.
    type: str
  azure_client_id:
    description:
      - The client id of the managed identity that logs in with O(auth_method=azure_auth), where the machine has several.
      - Read from E(AZURE_CLIENT_ID) when not given.
    type: str
  azure_resource:
    description:
      - The resource that the token of O(auth_method=azure_auth) is for, as in the identity's auth method.
      - Read from E(INFISICAL_AZURE_AUTH_RESOURCE) when not given.
    type: str
    default: https://management.azure.com/
  gcp_service_account_key_path:
    description:
      - The JSON key file of the service account that logs in with O(auth_method=gcp_auth), for an auth method of type C(iam).
      - Read from E(INFISICAL_GCP_IAM_SERVICE_ACCOUNT_KEY_FILE_PATH) when not given.
    type: path
  oci_config_file:
    description:
      - The OCI configuration file for O(auth_method=oci_auth). Without it, C(~/.oci/config).
      - Read from E(OCI_CONFIG_FILE) or E(OCI_CLI_CONFIG_FILE) when not given.
    type: path
  oci_profile:
    description:
      - The profile in O(oci_config_file). Without it, C(DEFAULT).
      - Read from E(OCI_CONFIG_PROFILE) or E(OCI_CLI_PROFILE) when not given.
    type: str
  ldap_username:
    description:
      - The user that logs in with O(auth_method=ldap_auth).
      - Read from E(INFISICAL_LDAP_USERNAME) when not given.
    type: str
  ldap_password:
    description:
      - The password of O(ldap_username).
      - Read from E(INFISICAL_LDAP_PASSWORD) when not given.
    type: str
"""
