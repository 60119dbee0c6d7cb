"""Secrets in files that no name stands before: arguments by place, options, attributes, settings in pairs.

Each way to write one is a word that has to be in the file for it to be tried, and an expression; what it finds
is a name (its own, or the one that is meant) and the place of the value. The caller judges them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from stockade.records import dataclass

TELLING: Final = (
    rb"passw(?:or)?d|passwd|pwd|passphrase|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key"
    rb"|signing[_-]?key|encryption[_-]?key|auth[_-]?key|credential|dsn|connection[_-]?string|webhook"
    rb"|(?:subscription|account|licen[cs]e|master|server|admin)[_-]?key|conn[_-]?str"
    rb"|database[_-]?url|redis[_-]?url|mongo[_-]?ur[il]|[_-]key|salt|authorization|pass"
)
"""What is in the name of a literal that may be a secret."""

IN_QUERY: Final = "?"
"""Said in place of a name of a key in an address."""

_NAME: Final = rb"([\w.:-]{0,60}(?i:" + TELLING + rb")[\w.-]{0,40})"
_VALUE: Final = rb"([^\s'\"<>]{4,400})"


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


@dataclass(frozen=True)
class _Way:
    """``name`` is what is meant where the expression's first group is the value, empty where it is the name."""

    words: tuple[bytes, ...]
    expression: bytes
    name: str = ""
    loose: bool = True
    sure: bool = False


_OPEN: Final = rb"(?:[bruBRU@]{0,2}|\[\]byte\(|Buffer\.from\()['\"`]"
"""The quote that opens a literal, perhaps of bytes."""
_TEXT: Final = rb"([^'\"`\n]{4,400})['\"`]"
_UUID: Final = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_USER: Final = rb"['\"][^'\"\n]{1,80}['\"],\s{0,20}['\"]"
"""A user's name as a literal, and the quote of what follows."""

_WAYS: Final = (
    _Way(  # <add key="SmtpPassword" value="…"/>, <property name="password" value="…"/>
        (b"value",),
        rb"(?:key|name)[ \t]?=[ \t]?\""
        + _NAME
        + rb"\"[^<>\n]{0,80}?[ \t\n]value[ \t]?=[ \t]?\"([^\"\n<>]{4,400})\"",
    ),
    _Way(  # <password>…</password>
        (b"</",),
        rb"<" + _NAME + rb"(?:[ \t][^<>\n]{0,80})?>([^<>\s]{4,400})</",
    ),
    _Way(  # - name: API_SECRET, and its value on the next line; the same in JSON
        (b"name", b"value"),
        rb"(?i:name|key)['\"]?[ \t]{0,3}[:=][ \t]{0,3}['\"]?"
        + _NAME
        + rb"['\"]?,?[ \t]{0,3}\r?\n?[ \t]{0,30}['\"]?(?i:value)['\"]?[ \t]{0,3}[:=][ \t]{0,3}['\"]?"
        + _VALUE,
    ),
    _Way(  # requests' and others' pair of a user and a password
        (b"uth",),
        rb"(?i)(?:\bauth[ \t]{0,3}=[ \t]{0,3}\(|basic_?auth(?:\(| ))\s{0,20}" + _USER + _VALUE + rb"['\"]",
        "password",
        loose=False,
    ),
    _Way(  # a user and a password, as arguments
        (b".login(",),
        rb"\.login\(\s{0,20}" + _USER + _VALUE + rb"['\"]",
        "password",
        loose=False,
    ),
    _Way(  # the same in .NET and Java
        (b"redential(",), rb"\bNetworkCredential\(\s{0,20}" + _USER + _VALUE + rb"['\"]", "password"
    ),
    _Way(
        (b"Authentication(",), rb"\bPasswordAuthentication\(\s{0,20}" + _USER + _VALUE + rb"['\"]", "password"
    ),
    _Way(  # JDBC's address, user and password
        (b"getConnection(",),
        rb"\bgetConnection\(\s{0,20}(?:\w{1,60}|\"[^\"\n]{1,300}\"),\s{0,20}" + _USER + _VALUE + rb"['\"]\)",
        "password",
    ),
    _Way(  # the host, a user and a password, as drivers of databases and an object mapper take them
        (b"onnect(",),
        rb"\.connect\(\s{0,20}['\"][^'\"\n]{1,80}['\"],\s{0,20}" + _USER + _VALUE + rb"['\"]",
        "password",
        loose=False,
    ),
    _Way(
        (b"Sequelize(",),
        rb"\bSequelize\(\s{0,20}['\"][^'\"\n]{1,80}['\"],\s{0,20}" + _USER + _VALUE + rb"['\"]",
        "password",
    ),
    _Way(  # GOV.UK Notify's and its kin's: a name, the service and the secret
        (b"-",),
        rb"['\"]((?:[A-Za-z][\w-]{0,60}-)?" + _UUID + rb"-" + _UUID + rb")['\"]",
        "api_key",
        loose=False,
    ),
    _Way(  # Telegram's address, in which the token is a part of the path
        (b"api.telegram.org/bot",), rb"api\.telegram\.org/bot(\d{8,10}:[\w-]{35})", "bot_token", loose=False
    ),
    _Way(  # user:password, made into a header where it is used
        (b"base64",),
        rb"(?:Buffer\.from\(|\bbtoa\(|b64encode\(b)['\"`][\w.@+-]{1,80}:([^'\"`\n${}]{4,200})['\"`]\)",
        "password",
    ),
    _Way(  # MySQL's data source name in Go
        (b"@tcp(",), rb"['\"`][\w.+-]{1,80}:([^\s'\"`/@%{}]{3,200})@tcp\(", "password"
    ),
    _Way(  # an access key of AWS, and what belongs to it
        (b"AKIA",), rb"AKIA[A-Z2-7]{16}['\"],\s{0,20}['\"]([A-Za-z0-9/+]{40})['\"]", "secret_access_key"
    ),
    _Way(  # what signs tokens, in the libraries of four languages
        (b"jwt",),
        rb"\bjwt\.(?:sign|verify|encode|decode)\([^'\"`()\n{}]*(?:\{[^{}\n]*\})?,\s{0,20}" + _OPEN + _TEXT,
        "jwt_secret",
        sure=True,
    ),
    _Way(
        (b"JWT",),
        rb"\bJWT\.(?:encode|decode)[( ][^'\"`()\n{}]*(?:\{[^{}\n]*\})?,\s{0,20}" + _OPEN + _TEXT,
        "jwt_secret",
        sure=True,
    ),
    _Way((b"HMAC",), rb"\bHMAC(?:256|384|512)\(" + _OPEN + _TEXT, "hmac_secret", sure=True),
    _Way((b".signWith(",), rb"\.signWith\([\w.]{1,60},\s{0,20}" + _OPEN + _TEXT, "jwt_secret", sure=True),
    _Way(  # what signs messages
        (b"mac",),
        rb"(?:\bcreateHmac\(\s{0,20}['\"][\w-]{1,20}['\"],\s{0,20}|\bhmac\.new\(\s{0,20}"
        rb"|\bhmac\.New\([\w.]{1,30}, ?)" + _OPEN + _TEXT,
        "hmac_secret",
        sure=True,
    ),
    _Way(  # what encrypts
        (b"ipher",),
        rb"\bcreate(?:Dec|C)ipher(?:iv)?\(\s{0,20}['\"][\w-]{1,20}['\"],\s{0,20}" + _OPEN + _TEXT,
        "encryption_key",
        sure=True,
    ),
    _Way(
        (b"CryptoJS",),
        rb"\bCryptoJS\.\w{2,12}\.(?:en|de)crypt\([^'\"`\n]{1,200},\s{0,20}" + _OPEN + _TEXT,
        "encryption_key",
        sure=True,
    ),
    _Way((b"KeySpec(",), rb"\bSecretKeySpec\(\s{0,20}" + _OPEN + _TEXT, "encryption_key", sure=True),
    _Way((b"Fernet(",), rb"\bFernet\(\s{0,20}" + _OPEN + _TEXT, "encryption_key", sure=True),
    _Way((b"AES.new(",), rb"\bAES\.new\(\s{0,20}" + _OPEN + _TEXT, "encryption_key", sure=True),
    _Way(
        (b"SecurityKey(",),
        rb"\bSymmetricSecurityKey\([\w.]{0,30}GetBytes\(" + _OPEN + _TEXT,
        "jwt_secret",
        sure=True,
    ),
    _Way(  # Flask's and Django's
        (b"secret_key",), rb"\bapp\.secret_key[ \t]?=[ \t]?" + _OPEN + _TEXT, "session_secret", sure=True
    ),
    _Way(
        (b"SECRET_KEY",),
        rb"(?:\bconfig\[['\"]SECRET_KEY['\"]\]|(?m:^)SECRET_KEY)[ \t]?=[ \t]?" + _OPEN + _TEXT,
        "session_secret",
        sure=True,
    ),
    _Way(  # what signs cookies
        (b"ecret",),
        rb"\b(?:session|expressJwt|expressjwt|JwtModule\.register|JwtStrategy)\(\{[^{}'\"]{0,200}?\b(?:secret|secretOrKey):\s{0,20}"
        + _OPEN
        + _TEXT,
        "session_secret",
        sure=True,
    ),
    _Way(
        (b"(",),
        rb"\b(?:cookieParser|URLSafe(?:Timed)?Serializer)\(\s{0,20}" + _OPEN + _TEXT,
        "session_secret",
        sure=True,
    ),
    _Way((b"SignedString(",), rb"\.SignedString\(\s{0,20}" + _OPEN + _TEXT, "jwt_secret", sure=True),
    _Way(
        (b"jwt.Parse",),
        rb"\bjwt\.Parse[^\n]{0,200}\n?[^\n]{0,200}\breturn \[\]byte\([\"`]" + _TEXT,
        "jwt_secret",
        sure=True,
    ),
    _Way(  # an option, with its default, and on a command line
        (b"default",),
        rb"['\"]--?" + _NAME + rb"['\"][^\n()]{0,100}\bdefault[ \t]?=[ \t]?['\"]" + _TEXT,
        loose=False,
    ),
    _Way(
        (b" --",),
        rb"[ \t]--([\w-]{0,30}(?i:password|passwd|token|secret|api-?key))[= ]"
        rb"['\"]?([^\s'\"`$<>(){};|=,\[\]]{6,200})(?:[\s'\"]|$)",
        loose=False,
    ),
    _Way(  # a header with its scheme
        (b"uthorization",),
        rb"(?i)\bauthorization['\"]?\]?[ \t]{0,3}[:=,][ \t]{0,3}[frbu]{0,2}['\"`]?"
        rb"(?:bearer|basic|token|apikey|ssws)[ +]"
        rb"([\w+/=.~-]{12,400})",
        "authorization_token",
        loose=False,
    ),
    _Way(
        (b"HeaderValue(",),
        rb"\bAuthenticationHeaderValue\(\s{0,20}\"\w{1,20}\",\s{0,20}\"([\w+/=.~-]{12,400})\"",
        "authorization_token",
        loose=False,
    ),
    _Way(  # any header within one text, as curl takes it
        (b": ",),
        rb"['\"]((?i:[\w-]{0,40}(?:api-?key|token|secret|access-key))): ?([\w+/=.~-]{12,400})['\"]",
        loose=False,
    ),
    _Way(  # Spring's and a shell's defaults of a variable
        (b"${",),
        rb"\$\{([\w.-]{0,60}(?i:" + TELLING + rb")[\w.-]{0,40}):-?([^\s'\"<>{}$:?/+-][^\s'\"<>{}$]{3,200})\}",
    ),
    _Way(  # a setter
        (b".set",),
        rb"\.set_?((?:[A-Z]\w{0,30})?(?:[Pp]assw(?:or)?d|Secret|Token|ApiKey|AccessKey|SecretKey))\(\s{0,20}"
        + _OPEN
        + _TEXT
        + rb"\)",
        loose=False,
    ),
    _Way(  # a shell's variables, quoted or not
        (b"export ",),
        rb"\bexport[ \t]{1,8}([A-Z0-9_]{0,60}(?i:"
        + TELLING
        + rb")[A-Z0-9_]{0,40})=([^\s'\"`$(){};|]{4,400})(?:[\s;]|$)",
    ),
    _Way(
        (b"=",),
        rb"\b(PGPASSWORD|MYSQL_PWD|SSHPASS|REDISCLI_AUTH|AWS_SECRET_ACCESS_KEY)="
        rb"([^\s'\"`$(){};|]{4,400})(?:[ \t\n]|$)",
    ),
    _Way(  # commands of the clients of stores
        (b"mysql",),
        rb"\bmysql(?:dump|admin)?[ \t][^\n|;'\"]{0,200}[ \t]-p([^\s'\"$;|]{4,100})(?:[\s'\"]|$)",
        "password",
    ),
    _Way((b"redis-cli",), rb"\bredis-cli[ \t][^\n|;'\"]{0,200}-a[ \t]([^\s'\"$;|]{4,100})", "password"),
    _Way((b"sshpass",), rb"\bsshpass[ \t]{1,3}-p[ \t]?['\"]?([^\s'\"$;|]{4,100})", "password"),
    _Way(
        (b"configure set",),
        rb"\bconfigure set aws_secret_access_key[ \t]['\"]?([A-Za-z0-9/+]{40})\b",
        "secret_access_key",
    ),
    _Way(
        (b"curl",),
        rb"curl[^\n]{0,200}[ \t](?:-u|--user)[ =]?['\"]?[\w.+@-]{1,80}:([^\s\"':$]{4,200})",
        "password",
    ),
    _Way(
        (b"machine",),
        rb"machine\s{1,8}\S{1,200}\s{1,8}login\s{1,8}\S{1,200}\s{1,8}password\s{1,8}(\S{4,200})",
        "password",
    ),
    _Way(  # connection strings that drivers take
        (b"assw", b"="),
        rb"(?i)\b(?:host|server|data source|user|user id|uid|dbname|database)[ \t]?=[^'\"\n,()]{1,200}[; ]"
        rb"(?:password|pwd)[ \t]?=[ \t]?([^\s'\";%{}$<>()]{4,200})",
        "password",
    ),
    _Way(  # the same with semicolons, as no code has them, and with parts that have commas
        (b"=", b";"),
        rb"(?i)\b(?:host|server|data source|user|user id|uid|dbname|database|initial catalog)"
        rb"[ \t]?=[^'\"\n]{1,200};[ \t]?"
        rb"(?:password|pwd)[ \t]?=[ \t]?([^\s'\";%{}$<>()]{4,200})(?:[;'\"]|$)",
        "password",
        sure=True,
    ),
    _Way(  # addresses that have it among their parameters
        (b"://", b"assw"),
        rb"(?i)://[^\s'\"<>]{3,300}[?&;](?:password|pwd)=([^\s'\";&%{}$<>]{4,200})",
        "password",
    ),
    _Way(  # Twilio's client: the account, and the token that opens it
        (b"AC",), rb"\bAC[0-9a-f]{32}['\"],\s{0,20}['\"]([0-9a-f]{32})['\"]", "auth_token", loose=False
    ),
    _Way(  # keys in a query
        (b"://",),
        rb"://[^\s'\"<>?]{3,200}\?(?:[^\s'\"<>#]{0,200}&)?(?i:api[_-]?key|key|access_token|auth|(?:[\w-]{0,20}-)?token|appid)="
        rb"([A-Za-z0-9_-]{20,200})",
        IN_QUERY,
        loose=False,
    ),
)


def beside(data: bytes, text: str) -> Iterator[Beside]:
    """Every value of a file that is written in one of these ways, whether it is a secret or not."""
    for way in _WAYS:
        if not all(word in data for word in way.words):
            continue
        for found in _compiled(way.expression).finditer(data):
            start, end = found.span(1 if way.name else 2)
            name = way.name or text[slice(*found.span(1))]
            yield Beside(name, start, end, way.loose, way.sure)


@cache
def _compiled(expression: bytes) -> Any:
    import re2

    return re2.compile(expression)
