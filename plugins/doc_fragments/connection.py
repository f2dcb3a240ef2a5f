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
  - alibabacloud-credentials for O(auth_method=alicloud_auth) without O(alicloud_access_key_id)
  - spiffe for O(auth_method=spiffe_auth) with O(spiffe_endpoint_socket)
notes:
  - Values that are not valid for an option fail before the first request, for example V(true) or V(1.5) for an integer,
    an unquoted V(no) for a string, or control characters. V(null) counts as not given, unless the option is required or
    has a default.
  - A list or dictionary can have at most 1000 elements (C(identities) and C(names) at most 100000), a list of roles at
    most 100.
  - Environment variables are read on the host where the module runs. An empty variable counts as not set.
  - Spaces and line breaks around a token, a client id, a client secret or a JWT are ignored. Inside the value, they are
    invalid.
  - Requests are repeated after connection errors and when the server asks to wait, but never in a way that could create
    an object twice.
options:
  url:
    description:
      - The address of the Infisical server, without a path. Use V(https://eu.infisical.com) for the EU region.
      - Read from E(INFISICAL_URL), E(INFISICAL_HOST), E(INFISICAL_DOMAIN) or E(INFISICAL_API_URL) when not given.
    type: str
    default: https://app.infisical.com
  validate_certs:
    description:
      - Whether to verify the server's TLS certificate.
      - Read from E(INFISICAL_VALIDATE_CERTS) when not given.
    type: bool
    default: true
  ca_path:
    description:
      - A file or directory with the certificate authorities to verify the server's certificate with.
      - Read from E(INFISICAL_CA_PATH) when not given.
    type: path
    aliases: [ca_cert]
  client_cert:
    description:
      - A TLS client certificate (PEM). The file must also contain the key unless O(client_key) is given.
      - Read from E(INFISICAL_CLIENT_CERT) when not given.
    type: path
  client_key:
    description:
      - The key of O(client_cert).
      - Read from E(INFISICAL_CLIENT_KEY) when not given.
    type: path
  timeout:
    description:
      - Seconds that a complete response may take, V(1) to V(3600), from the end of the request to the last byte.
        Connecting may additionally take the same time, but at most 30 seconds.
      - A response of more than 32 MiB, also after decompression, fails with the kind C(server).
      - Read from E(INFISICAL_TIMEOUT) when not given.
    type: int
    default: 30
  retries:
    description:
      - How many times a request is repeated after a failure of the network or the server, V(0) to V(100). V(0) also
        turns off waiting for rate limits.
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
        It replaces O(url) and every login option.
      - O(login_data.connection) contains the options that apply to every request, with their values at the login. An option of the task
        or of C(module_defaults) takes precedence over O(login_data.connection), then follow the environment variable and the default.
        With O(login_data), a task therefore needs no other option.
      - As an exception, O(validate_certs=false) has no effect, except for a warning, if O(login_data.connection.validate_certs) is true.
      - O(client_cert) and O(client_key) come from O(login_data.connection) either both or not at all, so that a key is never used with
        another certificate.
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
        description: The connection options, as a dictionary or as the JSON text that M(machineid.infisical.login)
          returns.
        type: dict
        suboptions:
          validate_certs:
            description: As O(validate_certs).
            type: bool
          ca_path:
            description: As O(ca_path). This file and the following two must be on the host where the module runs.
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
      - How to log in. V(universal_auth) uses O(universal_auth_client_id) and O(universal_auth_client_secret),
        V(token_auth) uses O(token).
      - The other methods log in as the identity O(auth_identity_id), with a proof that comes from the machine or from
        options.
      - V(aws_auth) uses the AWS credentials that botocore finds, in O(aws_region).
      - V(azure_auth) uses the machine's managed identity. If there is none, or the environment configures something
        else, such as E(AZURE_CLIENT_SECRET) or E(AZURE_FEDERATED_TOKEN_FILE), it uses what azure-identity finds.
      - V(gcp_auth) uses the token of the metadata server, or O(gcp_service_account_key_path) if the type of the auth
        method is C(iam).
      - V(kubernetes_auth) uses the service account token in O(kubernetes_token_path).
      - V(oidc_auth) uses O(jwt), or the token that GitHub Actions issues to a job with C(id-token) permission.
      - V(jwt_auth) uses O(jwt).
      - V(oci_auth) uses the API signing key of a user, from O(oci_config_file).
      - V(ldap_auth) uses O(ldap_username) and O(ldap_password). A wrong password is never sent twice.
      - V(tls_cert_auth) uses the TLS client certificate O(tls_cert_path), which a proxy in front of the server has to
        pass on.
      - V(alicloud_auth) uses the access key of a RAM user, from O(alicloud_access_key_id) and
        O(alicloud_access_key_secret) or from Alibaba Cloud's configuration files.
      - V(spiffe_auth) uses a JWT-SVID, from O(jwt), from O(spiffe_jwt_path), or from the Workload API at
        O(spiffe_endpoint_socket).
      - Defaults to V(token_auth) if O(token) is given and O(universal_auth_client_id) is not, otherwise to
        V(universal_auth).
      - The spellings of Terraform and of the Infisical CLI are accepted, such as V(universal-auth), V(kubernetes),
        V(aws-iam), V(gcp-iam) and V(gcp-id-token).
      - Read from E(INFISICAL_AUTH_METHOD) when not given.
    type: str
  token:
    description:
      - An existing access token.
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
      - The id of the identity that logs in, for every O(auth_method) except V(universal_auth) and V(token_auth).
        P(infisical.vault.login#module) calls this option C(identity_id), which in this collection is the identity to
        manage.
      - When not given, read from the variable of the login method, which is E(INFISICAL_AWS_IAM_AUTH_IDENTITY_ID),
        E(INFISICAL_AZURE_AUTH_IDENTITY_ID), E(INFISICAL_GCP_AUTH_IDENTITY_ID), E(INFISICAL_KUBERNETES_IDENTITY_ID),
        E(INFISICAL_OIDC_AUTH_IDENTITY_ID), E(INFISICAL_OCI_AUTH_IDENTITY_ID), E(INFISICAL_LDAP_AUTH_IDENTITY_ID),
        E(INFISICAL_TLS_CERT_AUTH_IDENTITY_ID), E(INFISICAL_ALICLOUD_AUTH_IDENTITY_ID) or
        E(INFISICAL_SPIFFE_AUTH_IDENTITY_ID), then from E(INFISICAL_MACHINE_IDENTITY_ID).
    type: str
  jwt:
    description:
      - The token that authenticates the caller for O(auth_method=oidc_auth) and O(auth_method=jwt_auth).
      - For V(azure_auth), V(gcp_auth), V(kubernetes_auth) and V(spiffe_auth), a token that you obtained separately and
        that replaces the machine's own.
      - When not given, V(oidc_auth) and V(jwt_auth) read E(INFISICAL_JWT), E(INFISICAL_OIDC_AUTH_JWT) or E(INFISICAL_AUTH_JWT),
        V(kubernetes_auth) reads E(INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN), and V(spiffe_auth) reads
        E(INFISICAL_SPIFFE_AUTH_JWT).
      - Without any of these, V(oidc_auth) requests a token from GitHub Actions, at E(ACTIONS_ID_TOKEN_REQUEST_URL) with
        E(ACTIONS_ID_TOKEN_REQUEST_TOKEN).
    type: str
  oidc_audience:
    description:
      - The audience of the token that is requested from GitHub Actions. Defaults to GitHub's default, which is the URL
        of the repository's owner.
      - Read from E(INFISICAL_OIDC_AUTH_AUDIENCE) when not given.
    type: str
  kubernetes_token_path:
    description:
      - The file with the service account token for O(auth_method=kubernetes_auth).
      - Read from E(INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH) when not given.
    type: path
    default: /var/run/secrets/kubernetes.io/serviceaccount/token
  aws_region:
    description:
      - The region of the STS endpoint that authenticates the caller with O(auth_method=aws_auth). Defaults to the
        region of the AWS configuration, then to the one that the EC2 metadata service returns.
      - Read from E(AWS_REGION) or E(AWS_DEFAULT_REGION) when not given.
    type: str
  azure_client_id:
    description:
      - The client id of the managed identity that logs in with O(auth_method=azure_auth), if the machine has several.
      - Read from E(AZURE_CLIENT_ID) when not given.
    type: str
  azure_resource:
    description:
      - The resource of the token for O(auth_method=azure_auth), as configured in the identity's auth method.
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
      - The OCI configuration file for O(auth_method=oci_auth). Defaults to C(~/.oci/config).
      - Read from E(OCI_CONFIG_FILE) or E(OCI_CLI_CONFIG_FILE) when not given.
    type: path
  oci_profile:
    description:
      - The profile in O(oci_config_file). Defaults to C(DEFAULT).
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
  tls_cert_path:
    description:
      - The TLS client certificate (PEM) that logs in with O(auth_method=tls_cert_auth), which needs an O(url) with
        V(https). The file must also contain the key unless O(tls_key_path) is given, and may contain the certificates of
        intermediate authorities after the certificate.
      - Only the login request is sent over a connection with this certificate. Defaults to O(client_cert) with
        O(client_key), which are for all requests.
      - Read from E(INFISICAL_TLS_CERT_AUTH_CERT_PATH) when not given.
    type: path
  tls_key_path:
    description:
      - The key of O(tls_cert_path), without a password.
      - Read from E(INFISICAL_TLS_CERT_AUTH_KEY_PATH) when not given.
    type: path
  alicloud_access_key_id:
    description:
      - The id of the access key of a RAM user that logs in with O(auth_method=alicloud_auth). Temporary STS credentials
        are rejected, because the server does not accept them.
      - When neither it nor O(alicloud_access_key_secret) is given, alibabacloud-credentials reads the configuration files
        of Alibaba Cloud's CLI and SDKs.
      - Read from E(ALIBABA_CLOUD_ACCESS_KEY_ID) or E(ALICLOUD_ACCESS_KEY) when not given.
    type: str
  alicloud_access_key_secret:
    description:
      - The secret of O(alicloud_access_key_id). It signs the login request and is never sent.
      - Read from E(ALIBABA_CLOUD_ACCESS_KEY_SECRET) or E(ALICLOUD_SECRET_KEY) when not given.
    type: str
  alicloud_profile:
    description:
      - The profile in the configuration files of Alibaba Cloud. Defaults to the current profile of the CLI, then to
        C(default).
      - Read from E(ALIBABA_CLOUD_PROFILE) or E(ALICLOUD_PROFILE) when not given.
    type: str
  spiffe_jwt_path:
    description:
      - A file with the JWT-SVID for O(auth_method=spiffe_auth), as C(spiffe-helper) writes it.
      - Read from E(INFISICAL_SPIFFE_AUTH_JWT_PATH) when not given.
    type: path
  spiffe_endpoint_socket:
    description:
      - The address of the SPIFFE Workload API that issues a JWT-SVID for O(auth_method=spiffe_auth), such as
        V(unix:///run/spire/sockets/agent.sock) or V(tcp://127.0.0.1:8081). It is used if neither O(jwt) nor
        O(spiffe_jwt_path) is given.
      - Read from E(SPIFFE_ENDPOINT_SOCKET) when not given.
    type: str
  spiffe_audience:
    description:
      - The audience of the JWT-SVID that is requested from the Workload API, as configured in the identity's auth
        method.
      - Read from E(INFISICAL_SPIFFE_AUTH_AUDIENCE) when not given.
    type: str
"""
