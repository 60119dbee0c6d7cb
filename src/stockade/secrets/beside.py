"""Secrets in files that no name stands before: arguments by place, options, attributes, settings in pairs.

Each way to write one is a word that has to be in the file for it to be tried, and an expression; what it finds
is a name (its own, or the one that is meant) and the place of the value. The caller judges them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from stockade.records import dataclass
from stockade.secrets.commands import COMMANDS
from stockade.secrets.ways import NAME, OPEN, TELLING, TEXT, USER, UUID, VALUE, Way, any_of

IN_QUERY: Final = "?"
"""Said in place of a name of a key in an address."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A value and what it is called; ``loose`` says that a plain word is one as well, as in configuration.

    ``sure`` says that nothing but a secret stands at such a place, whatever it looks like.
    """

    name: str
    start: int
    end: int
    loose: bool = True
    sure: bool = False


_WAYS: Final = (
    Way(  # <add key="SmtpPassword" value="…"/>, <property name="password" value="…"/>
        (b"value",),
        rb"(?:key|name)[ \t]?=[ \t]?\""
        + NAME
        + rb"\"[^<>\n]{0,80}?[ \t\n]value[ \t]?=[ \t]?\"([^\"\n<>]{4,400})\"",
    ),
    Way(  # <property name="password">…</property>
        (b"=",), rb"<\w{1,30}[ \t](?:name|key)=\"" + NAME + rb"\">([^<>\s]{4,400})</"
    ),
    Way(  # <password>…</password>
        (b"</",),
        rb"<" + NAME + rb"(?:[ \t][^<>\n]{0,80})?>([^<>\s]{4,400})</",
    ),
    Way(  # - name: API_SECRET, and its value on the next line; the same in JSON
        (b"name", b"value"),
        rb"(?i:name|key)['\"]?[ \t]{0,3}[:=][ \t]{0,3}['\"]?"
        + NAME
        + rb"['\"]?,?[ \t]{0,3}\r?\n?[ \t]{0,30}['\"]?(?i:value)['\"]?"
        + rb"[ \t]{0,3}[:=][ \t]{0,3}['\"]?"
        + VALUE,
    ),
    Way(  # a stack's parameter
        (b"ParameterValue",),
        rb"ParameterKey['\"]?[ \t]{0,3}[:=][ \t]{0,3}['\"]?"
        + NAME
        + rb"['\"]?,?\s{0,30}['\"]?ParameterValue['\"]?[ \t]{0,3}[:=][ \t]{0,3}['\"]?"
        + VALUE,
    ),
    Way(  # requests' and others' pair of a user and a password
        (b"uth",),
        rb"(?i)(?:\b(?:\w{1,20}_)?auth[ \t]{0,3}=[ \t]{0,3}\(|basic_?auth(?:\(| ))\s{0,20}"
        + USER
        + VALUE
        + rb"['\"]",
        "password",
        loose=False,
    ),
    Way(  # a user and a password, as arguments
        (b".login(",),
        rb"\.login\(\s{0,20}" + USER + VALUE + rb"['\"]",
        "password",
        loose=False,
    ),
    Way(  # what Google calls an application's password: sixteen letters
        (b".login(", b"@"),
        rb"\.login\(\s{0,20}['\"][\w.+-]{1,60}@[\w.-]{3,60}['\"],\s{0,20}['\"]"
        rb"([a-z]{16}|[a-z]{4}(?: [a-z]{4}){3})['\"]",
        "smtp_password",
        sure=True,
    ),
    Way(
        (b"ass",),
        rb"(?i:\bpass(?:word)?)['\"]?[ \t]{0,3}[:=][ \t]{0,3}['\"]([a-z]{4} [a-z]{4} [a-z]{4} [a-z]{4})['\"]",
        "smtp_password",
        sure=True,
    ),
    Way(  # the same in .NET and Java
        (b"redential",),
        rb"\b(?:NetworkCredential|UsernamePasswordCredentials|PlainCredentials)\(\s{0,20}"
        + USER
        + VALUE
        + rb"['\"]",
        "password",
        loose=False,
    ),
    Way(  # a directory's, and the same with a host before it or an empty identity
        (b"bind_s(",), rb"\bsimple_bind_s\(\s{0,20}" + USER + VALUE + rb"['\"]", "password"
    ),
    Way((b"Auth(",), rb"\bPlainAuth\(\s{0,20}\"\",\s{0,20}" + USER + VALUE + rb"\"", "password"),
    Way(
        (b"FTP",),
        rb"\bFTP(?:_TLS)?\(\s{0,20}['\"][^'\"\n]{1,80}['\"],\s{0,20}" + USER + VALUE + rb"['\"]",
        "password",
    ),
    Way(
        (b"mysqli",),
        rb"\bmysqli(?:_connect)?\(\s{0,20}['\"][^'\"\n]{1,80}['\"],\s{0,20}" + USER + VALUE + rb"['\"]",
        "password",
    ),
    Way(  # a password as the characters that Java wants it in, as a second argument
        (b"toCharArray()",),
        rb"(?:, ?|KeySpec\()\"([^\"\n\\]{4,100})\"\.toCharArray\(\)",
        "password",
        loose=False,
    ),
    Way(  # a store's, and what signs for somebody: one argument
        (b".auth(",),
        rb"(?i)\b(?:redis|jedis|cache|rdb|r)\w{0,20}\.auth\(\s{0,20}" + OPEN + TEXT + rb"\)",
        "password",
        loose=False,
    ),
    Way(
        (b"0x",),
        rb"\b(?:ethers\.)?(?:Wallet|from_key|privateKeyToAccount)\(\s{0,20}['\"](0x[0-9a-fA-F]{64})['\"]",
        "private_key",
        loose=False,
    ),
    Way(  # Twitter's pairs, of which the second is secret
        (b"OAuthHandler(",),
        rb"\bOAuthHandler\(\s{0,20}" + USER + rb"([A-Za-z0-9]{35,60})['\"]",
        "consumer_secret",
        loose=False,
    ),
    Way(
        (b"set_access_token(",),
        rb"\bset_access_token\(\s{0,20}" + USER + rb"([A-Za-z0-9]{35,60})['\"]",
        "access_token_secret",
        loose=False,
    ),
    Way(  # Algolia's application, and the key for it
        (b"algoliasearch(",),
        rb"\balgoliasearch\(\s{0,20}" + USER + rb"([0-9a-f]{32})['\"]",
        "api_key",
        loose=False,
    ),
    Way(  # user/password@host, as Oracle's driver takes it
        (b"onnect(",),
        rb"onnect\(\s{0,20}['\"]\w{1,40}/([^\s'\"@/{}<>]{4,60})@[\w.-]{2,}",
        "password",
        loose=False,
    ),
    Way(  # several keys in a list
        (b"[",),
        rb"(?i)\b(\w{0,40}(?:api_?keys|tokens|secrets|passwords))\b['\"]?[ \t]{0,3}[:=][ \t]{0,3}"
        rb"[\[({][ \t]{0,3}['\"]([A-Za-z0-9_-]{20,200})['\"]",
        loose=False,
    ),
    Way(  # what a request has to carry
        (b".equals(",),
        rb"['\"]([\w.~+/-]{16,200})['\"]\.equals\([^()\n]{0,80}(?:\([^()\n]{0,80}(?i:token|key|secret|authorization))",
        "auth_token",
        loose=False,
    ),
    Way(  # a command's words in a list
        (b"mysql", b"-p"),
        rb"['\"]mysql(?:dump|admin)?['\"],[^\n]{0,200}['\"]-p([^'\"\s$]{4,100})['\"]",
        "password",
    ),
    Way((b"Authentication(",), rb"\bPasswordAuthentication\(\s{0,20}" + USER + VALUE + rb"['\"]", "password"),
    Way(  # JDBC's address, user and password
        (b"getConnection(",),
        rb"\bgetConnection\(\s{0,20}(?:\w{1,60}|\"[^\"\n]{1,300}\"),\s{0,20}" + USER + VALUE + rb"['\"]\)",
        "password",
    ),
    Way(  # the host, a user and a password, as drivers of databases and an object mapper take them
        (b"onnect(",),
        rb"\.connect\(\s{0,20}['\"][^'\"\n]{1,80}['\"],\s{0,20}" + USER + VALUE + rb"['\"]",
        "password",
        loose=False,
    ),
    Way(
        (b"Sequelize(",),
        rb"\bSequelize\(\s{0,20}['\"][^'\"\n]{1,80}['\"],\s{0,20}" + USER + VALUE + rb"['\"]",
        "password",
    ),
    Way(  # GOV.UK Notify's and its kin's: a name, the service and the secret
        (b"-",),
        rb"['\"]((?:[A-Za-z][\w-]{0,60}-)?" + UUID + rb"-" + UUID + rb")['\"]",
        "api_key",
        loose=False,
    ),
    Way(  # Telegram's address, in which the token is a part of the path
        (b"api.telegram.org/bot",), rb"api\.telegram\.org/bot(\d{8,10}:[\w-]{35})", "bot_token", loose=False
    ),
    Way(  # user:password, made into a header where it is used
        (b"base64",),
        rb"(?:Buffer\.from\(|b64encode\(b)['\"`][\w.@+-]{1,80}:([^'\"`\n${}]{4,200})['\"`]\)",
        "password",
    ),
    Way((b"btoa(",), rb"\bbtoa\(['\"`][\w.@+-]{1,80}:([^'\"`\n${}]{4,200})['\"`]\)", "password"),
    Way(  # MySQL's data source name in Go
        (b"@tcp(",), rb"['\"`][\w.+-]{1,80}:([^\s'\"`/@%{}]{3,200})@tcp\(", "password"
    ),
    Way(  # an access key of AWS, and what belongs to it
        (b"AKIA",), rb"AKIA[A-Z2-7]{16}['\"],\s{0,20}['\"]([A-Za-z0-9/+]{40})['\"]", "secret_access_key"
    ),
    Way(  # what signs tokens, in the libraries of four languages
        (b"jwt",),
        rb"\bjwt\.(?:sign|verify|encode|decode)\([^'\"`()\n{}]*(?:\{[^{}\n]*\})?,\s{0,20}" + OPEN + TEXT,
        "jwt_secret",
        sure=True,
    ),
    Way(
        (b"JWT",),
        rb"\bJWT\.(?:encode|decode)[( ][^'\"`()\n{}]*(?:\{[^{}\n]*\})?,\s{0,20}" + OPEN + TEXT,
        "jwt_secret",
        sure=True,
    ),
    Way((b"HMAC",), rb"\bHMAC(?:256|384|512)\(" + OPEN + TEXT, "hmac_secret", sure=True),
    Way((b".signWith(",), rb"\.signWith\([\w.]{1,60},\s{0,20}" + OPEN + TEXT, "jwt_secret", sure=True),
    Way(  # what signs messages
        (b"mac",),
        rb"(?:\bcreateHmac\(\s{0,20}['\"][\w-]{1,20}['\"],\s{0,20}|\bhmac\.new\(\s{0,20}"
        rb"|\bhmac\.New\([\w.]{1,30}, ?)" + OPEN + TEXT,
        "hmac_secret",
        sure=True,
    ),
    Way(  # what encrypts
        (b"ipher",),
        rb"\bcreate(?:Dec|C)ipher(?:iv)?\(\s{0,20}['\"][\w-]{1,20}['\"],\s{0,20}" + OPEN + TEXT,
        "encryption_key",
        sure=True,
    ),
    Way(
        (b"CryptoJS",),
        rb"\bCryptoJS\.\w{2,12}\.(?:en|de)crypt\([^'\"`\n]{1,200},\s{0,20}" + OPEN + TEXT,
        "encryption_key",
        sure=True,
    ),
    Way((b"KeySpec(",), rb"\bSecretKeySpec\(\s{0,20}" + OPEN + TEXT, "encryption_key", sure=True),
    Way((b"Fernet(",), rb"\bFernet\(\s{0,20}" + OPEN + TEXT, "encryption_key", sure=True),
    Way((b"AES.new(",), rb"\bAES\.new\(\s{0,20}" + OPEN + TEXT, "encryption_key", sure=True),
    Way(
        (b"SecurityKey(",),
        rb"\bSymmetricSecurityKey\([\w.]{0,30}GetBytes\(" + OPEN + TEXT,
        "jwt_secret",
        sure=True,
    ),
    Way(  # Flask's and Django's
        (b"secret_key",), rb"\bapp\.secret_key[ \t]?=[ \t]?" + OPEN + TEXT, "session_secret", sure=True
    ),
    Way(
        (b"SECRET_KEY",),
        rb"(?:\bconfig\[['\"]SECRET_KEY['\"]\]|(?m:^)SECRET_KEY)[ \t]?=[ \t]?" + OPEN + TEXT,
        "session_secret",
        sure=True,
    ),
    Way(  # what signs cookies
        (b"ecret",),
        rb"\b(?:session|expressJwt|expressjwt|JwtModule\.register|JwtStrategy)\(\{[^{}'\"]{0,200}?\b(?:secret|secretOrKey):\s{0,20}"
        + OPEN
        + TEXT,
        "session_secret",
        sure=True,
    ),
    Way((b"SignedString(",), rb"\.SignedString\(\s{0,20}" + OPEN + TEXT, "jwt_secret", sure=True),
    Way(
        (b"jwt.Parse",),
        rb"\bjwt\.Parse[^\n]{0,200}\n?[^\n]{0,200}\breturn \[\]byte\([\"`]" + TEXT,
        "jwt_secret",
        sure=True,
    ),
    Way(  # an option, with its default, and on a command line
        (b"default",),
        rb"['\"]--?" + NAME + rb"['\"][^\n()]{0,100}\bdefault[ \t]?=[ \t]?['\"]" + TEXT,
        loose=False,
    ),
    Way(  # a header with its scheme
        (b"uthorization",),
        rb"(?i)\bauthorization['\"]?[\])]?[ \t]{0,3}(?:[:=,]|[=!]==?)[ \t]{0,3}[frbu]{0,2}['\"`]?"
        rb"(?:bearer|basic|token|apikey|ssws)[ +]"
        rb"([\w+/=.~-]{12,400})",
        "authorization_token",
        loose=False,
    ),
    Way(
        (b"HeaderValue(",),
        rb"\bAuthenticationHeaderValue\(\s{0,20}\"\w{1,20}\",\s{0,20}\"([\w+/=.~-]{12,400})\"",
        "authorization_token",
        loose=False,
    ),
    Way(  # any header within one text, as curl takes it
        (b":",),
        rb"['\"]((?i:[\w-]{0,40}(?:api-?key|token|secret|access-key))): ?([\w+/=.~-]{12,400})['\"]",
        loose=False,
    ),
    Way(  # Spring's and a shell's defaults of a variable
        (b"${",),
        rb"\$\{([\w.-]{0,60}(?i:" + TELLING + rb")[\w.-]{0,40}):-?([^\s'\"<>{}$:?/+-][^\s'\"<>{}$]{3,200})\}",
    ),
    Way(  # a setter
        (b".set",),
        rb"\.set_?((?:[A-Z]\w{0,30})?(?:[Pp]assw(?:or)?d|Secret|Token|ApiKey|AccessKey|SecretKey))\(\s{0,20}"
        + OPEN
        + TEXT
        + rb"\)",
        loose=False,
    ),
    Way(  # connection strings that drivers take
        (b"assw", b"="),
        rb"(?i)\b(?:host|server|data source|user|user id|uid|dbname|database)[ \t]?=[^'\"\n,()]{1,200}[; ]"
        rb"(?:password|pwd)[ \t]?=[ \t]?([^\s'\";%{}$<>()]{4,200})",
        "password",
    ),
    Way(  # the same with semicolons, as no code has them, and with parts that have commas
        (b"=", b";"),
        rb"(?i)\b(?:host|server|data source|user|user id|uid|dbname|database|initial catalog)"
        rb"[ \t]?=[^'\"\n]{1,200};[ \t]?"
        rb"(?:password|pwd)[ \t]?=[ \t]?([^\s'\";%{}$<>()]{4,200})(?:[;'\"]|$)",
        "password",
        sure=True,
    ),
    Way(  # addresses that have it among their parameters
        (b"://", b"assw"),
        rb"(?i)://[^\s'\"<>]{3,300}[?&;](?:password|pwd)=([^\s'\";&%{}$<>]{4,200})",
        "password",
    ),
    Way(  # Twilio's client: the account, and the token that opens it
        (b"AC",), rb"\bAC[0-9a-f]{32}['\"],\s{0,20}['\"]([0-9a-f]{32})['\"]", "auth_token", loose=False
    ),
    Way(  # keys in a query
        (b"://",),
        rb"://[^\s'\"<>?]{3,200}\?(?:[^\s'\"<>#]{0,200}&)?(?i:api[_-]?key|key|access_token|auth|(?:[\w-]{0,20}-)?token|appid)="
        rb"([A-Za-z0-9_-]{20,200})",
        IN_QUERY,
        loose=False,
    ),
    Way(  # what Spring keeps as it is
        (b"{noop}",), rb"\{noop\}([^'\"\s{}]{4,100})", "password", loose=False
    ),
    Way(  # a literal that a password is held against
        (b".equals(",),
        rb"\"([^\"\n\\]{6,100})\"\.equals\(\w{0,30}(?i:passw(?:or)?d|secret|token|api_?key)\)",
        "password",
        loose=False,
    ),
    Way(
        (b'.equals("',),
        rb"(?i:passw(?:or)?d|secret|token|api_?key)\.equals\(\"([^\"\n\\]{6,100})\"\)",
        "password",
        loose=False,
    ),
    Way(  # compared in constant time, as one does with secrets
        (b"ompare",),
        rb"\bcompare_digest\([^'\"\n]{1,80},\s{0,20}[bf]?['\"]([\w.~+/-]{16,200})['\"]",
        "auth_token",
        loose=False,
    ),
    Way(
        (b"imingSafeEqual",),
        rb"\btimingSafeEqual\([^'\"\n]{1,80},\s{0,20}Buffer\.from\(['\"]([\w.~+/-]{16,200})['\"]",
        "auth_token",
        loose=False,
    ),
    *(  # what signs, seals and derives, in more libraries
        Way((name + b"(",), rb"\b" + name + rb"\(\s{0,20}\[?" + OPEN + TEXT, "signing_secret", sure=True)
        for name in (
            *(b"hmacShaKeyFor", b"setSigningKey", b"NewCookieStore", b"NewCipher", b"Keygrip", b"Signer"),
            *(b"scryptSync", b"pbkdf2Sync", b"cookieParser", b"URLSafeSerializer", b"URLSafeTimedSerializer"),
        )
    ),
    Way((b"iron.seal(",), rb"\biron\.seal\(\w{1,40},\s{0,20}" + OPEN + TEXT, "session_secret", sure=True),
    Way(
        (b"jsonwebtoken.",),
        rb"\bjsonwebtoken\.(?:sign|verify)\([^'\"`()\n]{1,80},\s{0,20}" + OPEN + TEXT,
        "jwt_secret",
        sure=True,
    ),
    Way(
        (b"jwt.",),
        rb"\bjwt\.(?:encode|decode)\([^()\n]{1,200},\s{0,20}key=" + OPEN + TEXT,
        "jwt_secret",
        sure=True,
    ),
    Way(
        (b"cookieSession(",),
        rb"\bcookieSession\(\{[^{}]{0,200}?\bkeys:\s{0,20}\[\s{0,20}" + OPEN + TEXT,
        "session_secret",
        sure=True,
    ),
    Way((b"secretOrKey",), rb"\bsecretOrKey:\s{0,20}" + OPEN + TEXT, "jwt_secret", sure=True),
    Way(  # what the CDK makes a secret of, and writes into the template
        (b"SecretValue",),
        rb"\bSecretValue(?:\.(?:unsafePlainText|unsafe_plain_text|plainText|plain_text))?\(\s{0,20}"
        + OPEN
        + TEXT,
        "secret_value",
        sure=True,
    ),
    Way(  # a setter for a header's token
        (b"etBearerAuth(",), rb"\bsetBearerAuth\(\"([\w.~+/-]{16,400})\"\)", "auth_token", loose=False
    ),
    Way((b"SECURITY_CREDENTIALS",), rb"SECURITY_CREDENTIALS,\s{0,20}" + OPEN + TEXT, "password", loose=False),
    Way(  # AWS's, where the identifier is no literal
        (b"StaticCredentials",),
        rb"\bNewStaticCredentials(?:Provider)?\([\w.]{1,60},\s{0,20}\"([A-Za-z0-9/+]{40})\"",
        "secret_access_key",
        loose=False,
    ),
    *(  # the words that a wallet is made again from
        Way(
            (gate,),
            rb"(?i:mnemonic|HDWalletProvider\()['\"]?\W{1,6}((?:[a-z]{3,8} ){11,23}[a-z]{3,8})['\"`]",
            "mnemonic",
            sure=True,
        )
        for gate in (b"nemonic", b"MNEMONIC", b"HDWalletProvider(")
    ),
)


_ALL: Final = (*_WAYS, *COMMANDS)
_GATE_WORDS: Final = sorted({word for way in _ALL for word in way.words})
_GATES: Final = tuple(tuple(map(_GATE_WORDS.index, way.words)) for way in _ALL)


def beside(data: bytes, text: str) -> Iterator[Beside]:
    """Every value of a file that is written in one of these ways, whether it is a secret or not."""
    present = set(_gates().Match(data) or ())
    for way, gates in zip(_ALL, _GATES, strict=True):
        if not present.issuperset(gates):
            continue
        for found in _compiled(way.expression).finditer(data):
            start, end = found.span(1 if way.name else 2)
            name = way.name or text[slice(*found.span(1))]
            yield Beside(name, start, end, way.loose, way.sure)


@cache
def _gates() -> Any:
    """All words that ways ask for, looked for at once: one by one they cost more than what follows."""
    return any_of(_GATE_WORDS)


@cache
def _compiled(expression: bytes) -> Any:
    import re2

    return re2.compile(expression)
