"""The vocabulary of names and values: what is a secret's noun, what points at one, what a setting may be."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# ------------------------------------------------------------------------------------- words of names

PASSWORDS: Final = _words(
    """
    password passwd passwort pwd pw psw pass passphrase passcode passwrd pswd pswrd psswd pword mnemonic psk
    contrasena clave senha chave mdp motdepasse passe kennwort wachtwoord haslo heslo lozinka parola salasana
    losenord adgangskode passord sifre jelszo katasandi
    """
)
SECRETS: Final = _words(
    """
    secret salt pepper geheimnis segredo secreto
    """
)
RANDOM: Final = _words(
    """
    seed cookie sk api private license licence hmac access otp kek dek cek cle llave chiave sleutel klucz
    schluessel jeton
    """
)
"""What may be a secret if it is random: a name, a number and a switch are called so as well."""
TOKENS: Final = _words(
    """
    token pat bearer authtoken jwt
    """
)
CREDENTIALS: Final = _words(
    """
    credential credentials creds cred auth authorization htpasswd userpass
    """
)
ISSUED_KEYS: Final = _words(
    """
    api access license licence subscription ingest ingestion integration account admin service deploy write
    read rest sdk developer
    """
)
"""Said before ``key`` of one that a provider makes up."""
CHOSEN_KEYS: Final = _words(
    """
    secret private signing sign signature encryption decryption encrypt decrypt master hmac jwt aes fernet
    auth shared session cookie webhook ssh cipher crypto symmetric rsa ecdsa ed25519 pgp gpg wireguard
    hashing pre preshared psk
    """
)
"""Said before ``key`` of one that its owner makes."""
OTHER_KEYS: Final = _words(
    """
    i public partition sort primary foreign hash range idempotency cache s3 object group dedup
    deduplication message kms cmk shard index lookup search tag config feature flag translation i18n lock
    redis state tfstate bucket file site publishable anon measurement country composite unique natural
    surrogate row column hot short map json dict context metric dimension label property attribute pub
    record document item queue event topic registry localstorage header gsi lsi pk sk tenant
    user order sns sqs dynamodb dynamo table path folder prefix ssm param parameter
    field id name project
    """
)
"""Said before ``key`` of one that finds, rather than opens."""
POINTERS: Final = _words(
    """
    arn arns name names id ids identifier path paths parameter param params alias aliases file filename
    files dir directory folder ttl expiry expires expire expiration expiring lifetime lifespan validity
    length len size header headers field fields table bucket prefix suffix type types endpoint endpoints url
    urls uri uris host hostname domain policy policies mode modes limit limits count days hours minutes mins
    seconds secs sec ms millis interval timeout rotation rotate enabled enable disabled required require
    algorithm alg algo format version versions stage stages issuer audience aud scope scopes method methods
    strategy provider providers service store manager backend source location region ref reference column
    columns attempts retries retry max min threshold window period age cache caching regex pattern charset
    complexity reset recovery change changed updated rotated hash hashes digest checksum fingerprint
    thumbprint kid index usage uses budget price cost schema queue topic lambda function handler class
    module plugin label description title tag tags template status state flag feature email subject sender
    user username users login realm callback redirect exchange introspection revocation validator validation
    verifier generator storage filter extension namespace group role delimiter separator placeholder hint
    strength prompt form page screen model encoding counter rate quota lookup mapping map list property
    properties attribute attributes env variable var num number loader client server proxy cookie
    mount volume vault engine context claims claim public pub spec position offset
    chars characters alphabet symbols symbol address contract decimals supply identity
    """
)
"""Nouns that make of a secret something about it."""
WHICH: Final = _words(
    """
    prod production prd live dev develop development stg staging stage test testing qa uat sandbox sbx int
    demo local preprod preview primary secondary main default old new current previous next backup fallback
    base base64 b64 encoded plain plaintext cleartext raw literal unencrypted value val string
    str text json pem hex readonly ro rw readwrite reader writer write read master slave replica eu us ap
    emea apac na global internal external root admin app application db database rds aurora postgres
    postgresql pg mysql mariadb mssql oracle sqlserver mongo mongodb redis elasticache redshift snowflake
    kafka rabbitmq amqp smtp ses imap ftp sftp ldap github gitlab bitbucket slack stripe twilio sendgrid
    datadog newrelic sentry openai anthropic google azure aws gcp jira okta auth0 salesforce hubspot shopify
    paypal discord telegram pagerduty opsgenie jenkins npm docker api web mobile ios android backend
    frontend worker cron a b c v1 v2 v3 one two
    """
)
"""Words after a secret that only say which one."""
VERBS: Final = _words(
    """
    max min num number count total use uses enable enabled disable allow allowed deny has is skip validate
    verify require requires required reset forgot change changed check show hide rotate generate expire
    expired next page pagination continuation stop eos pad bos start end cancellation design nft per input
    output prompt completion no missing invalid bad wrong supports support include exclude with without
    """
)
"""First words of names that tell or count something."""
COUNTED_TOKENS: Final = _words(
    """
    next page pagination continuation stop eos pad bos start end cancellation design nft input output prompt
    completion max min per continue resume cursor sync max_new sep unk mask
    creation request idempotency confirmation conversation task device
    """
)
"""Said before ``token`` of one that is text or a place in a list."""
CRYPTO: Final = _words(
    """
    jwt session client signing app application webhook cookie hmac consumer oauth oauth2 auth shared
    encryption api otp totp nextauth csrf hash signature login token refresh access user admin express flask
    django rails crypto cipher secret hub verification hook internal service
    github gitlab master super bot
    """
)
"""Said before ``secret`` of one that is text, rather than of a place that keeps one."""

STORED: Final = _words(
    """
    db database rds aurora postgres postgresql mysql redshift mongo mongodb docdb redis cache sm asm aws ssm
    config connection existing param parameter credential credentials creds password key token secrets manager
    """
)
"""What is said before ``secret`` of one that is kept somewhere, so that its name is meant."""
CARRIERS: Final = _words(
    """
    database db postgres postgresql pg mysql mariadb mongo mongodb redis amqp rabbitmq celery broker jdbc
    sqlalchemy datasource connection conn webhook hook slack discord teams smtp cloudinary elasticsearch
    """
)
"""Said of an address that is often written with a password in it."""

# ------------------------------------------------------------------------------------- words of values

NAMING: Final = _words(
    """
    secret secrets credential credentials creds password passwords key keys token db database prod
    production dev development staging stage stg qa uat preprod
    """
)
"""Words in the names of secrets, and less so in secrets."""
ABBREVIATIONS: Final = _words("""k8s i18n l10n a11y b2b b2c p2p e2e s2s m2m o365 m365""")
"""Words with a digit inside."""
TEXTS: Final = _words("""translations translation labels messages texts strings i18n locales captions""")
"""Names of documents that hold what people read."""
MEMBERS: Final = _words("""username password user host port dbname database engine apikey value""")
"""Names of members in the documents that secrets are kept as."""

NO_PASSWORDS: Final = _words(
    """
    true false yes no on off none null nil undefined n/a na enabled disabled enable disable required
    optional auto automatic manual iam aws_iam
    """
)
"""What settings choose between, and nobody for a password."""
CHOICES: Final = NO_PASSWORDS | _words(
    """
    seconds minutes hours days weeks default basic bearer jwt opaque oauth oauth2 oidc saml iam aws_iam aws
    cognito custom apikey api_key header query cookie body json text string plain plaintext plain_text
    access id refresh id_token access_token code implicit client_credentials password_grant
    authorization_code hs256 hs384 hs512 rs256 rs384 rs512 es256 es384 es512 ps256 eddsa aes128 aes256
    aes-128 aes-256 aes-256-gcm aes-256-cbc aes128-gcm sha1 sha256 sha512 md5 bcrypt scrypt argon2 argon2id
    hmac hmac-sha256 rsa ecdsa ed25519 kms aws:kms ssm secretsmanager secrets-manager secrets_manager
    parameterstore parameter_store env environment vault file local remote read write admin readonly strict
    lax session cookie-session never always daily weekly monthly info debug warn error managed
    instance-profile instance_profile profile role service-account token basic_auth mtls tls ssl x-api-key
    authorization development production staging ntlm kerberos ldap digest scram-sha-256 scram-sha-512
    awscurrent awsprevious awspending symmetric asymmetric sign_verify encrypt_decrypt hex base64 base64url
    """
)
"""What settings choose between."""
PLACEHOLDERS: Final = _words(
    """
    your yours example examples sample placeholder dummy todo tbd fixme replace replaceme insert enter fill
    fillme redacted hidden masked removed omitted notset unset tobedefined tobeset changethis replacethis
    setme mock fake lorem ipsum yoursecret yourtoken yourpassword yourkey yourapikey overridden overwritten
    override overwrite
    """
)
"""Words that are in a text which stands for a secret."""
WHOLE_PLACEHOLDERS: Final = PLACEHOLDERS | _words(
    """
    foo bar baz foobar changeme change unknown empty missing invalid unused ignored ignore nothing blank tbc
    secrethere tokenhere keyhere passwordhere secretvalue setinconsole setmanually managedbyssm
    managedexternally setlater providedatruntime fromvault fromssm fromenv dummyvalue notneeded notused na
    temp tmp placeholdervalue dontcommit notarealkey notarealtoken notasecret notreal injected
    """
)
"""Texts, letters only, that stand for a secret."""
SPOKEN: Final = _words(
    """
    pass password passwd pwd word secret secrets token key keys auth user login username name id db database
    credential credentials input field label text type form value new old current confirm reset forgot hash
    hidden error invalid header param parameter cookie session signature signing webhook client app prod
    """
)
"""Words of texts in source that name a secret, a field or a message rather than being one."""
