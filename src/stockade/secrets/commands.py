"""Secrets in commands: options, arguments of clients, variables that are set for one process."""

from __future__ import annotations

from typing import Final

from stockade.secrets.ways import TELLING, Way

_SETTING: Final = rb"([^\s'\"`$(){}<>;|&,\\\[\]]{6,200})(?:[\s'\"&]|$)"
"""The value of ``name=value`` among the words of a command."""

COMMANDS: Final = (
    Way(
        (b" --",),
        rb"[ \t]--([\w-]{0,30}(?i:password|passwd|token|secret|api-?key))[= ]"
        rb"['\"]?([^\s'\"`$<>(){};|=,\[\]]{6,200})(?:[\s'\"]|$)",
        loose=False,
    ),
    Way(  # a shell's variables, quoted or not
        (b"export ",),
        rb"\bexport[ \t]{1,8}([A-Z0-9_]{0,60}(?i:"
        + TELLING
        + rb")[A-Z0-9_]{0,40})=([^\s'\"`$(){};|]{4,400})(?:[\s;]|$)",
    ),
    Way(
        (b"=",),
        rb"\b(PGPASSWORD|MYSQL_PWD|SSHPASS|REDISCLI_AUTH|AWS_SECRET_ACCESS_KEY)="
        rb"([^\s'\"`$(){};|]{4,400})(?:[ \t\n]|$)",
    ),
    Way(  # commands of the clients of stores
        (b"mysql",),
        rb"\bmysql(?:dump|admin)?[ \t][^\n|;'\"]{0,200}[ \t]-p([^\s'\"$;|]{4,100})(?:[\s'\"]|$)",
        "password",
    ),
    Way((b"redis-cli",), rb"\bredis-cli[ \t][^\n|;'\"]{0,200}-a[ \t]([^\s'\"$;|]{4,100})", "password"),
    Way((b"sshpass",), rb"\bsshpass[ \t]{1,3}-p[ \t]?['\"]?([^\s'\"$;|]{4,100})", "password"),
    Way(
        (b"configure set",),
        rb"\bconfigure set aws_secret_access_key[ \t]['\"]?([A-Za-z0-9/+]{40})\b",
        "secret_access_key",
    ),
    Way(
        (b"curl",),
        rb"curl[^\n]{0,200}[ \t](?:-u|--user)[ =]?['\"]?[\w.+@-]{1,80}:([^\s\"':$]{4,200})",
        "password",
    ),
    Way(
        (b"machine",),
        rb"machine\s{1,8}\S{1,200}\s{1,8}login\s{1,8}\S{1,200}\s{1,8}password\s{1,8}(\S{4,200})",
        "password",
    ),
    Way(  # variables that a container is given
        (b" -e ",),
        rb"[ \t]-e[ \t]{1,3}['\"]?"
        rb"([A-Z0-9_]{0,60}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_KEY|ACCESS_KEY)[A-Z0-9_]{0,20})="
        rb"['\"]?([^\s'\"`$(){}<>;|]{4,400})",
    ),
    Way(
        (b"openssl",),
        rb"\bopenssl[ \t][^\n|;'\"]{0,200}[ \t](?:-k[ \t]|-pass[ \t]pass:)([^\s'\"$;|]{4,100})",
        "password",
    ),
    Way(  # --set db.password=…, -var db_password=…, -d 'password=…', DB_PASS=… before a command
        (b"=",),
        rb"(?:^|[ \t'\"=&])([\w.-]{0,40}(?i:password|passwd|_pass|secret|token|api_?key))=" + _SETTING,
        loose=False,
    ),
    Way(
        (b"mysqladmin",),
        rb"\bmysqladmin[ \t][^\n|;'\"]{0,200}[ \t]password[ \t]['\"]?([^\s'\"$;|]{4,100})",
        "password",
    ),
    Way(
        (b"mongo",),
        rb"\bmongo(?:sh|dump|export|restore)?[ \t][^\n|;'\"]{0,200}[ \t]-p[ \t]?['\"]?"
        rb"([^\s'\"$;|-][^\s'\"$;|]{3,100})",
        "password",
        loose=False,
    ),
    Way(
        (b"pass ",),
        rb"[ \t]-(?:store|key|src|dest)(?:store)?pass[ \t]['\"]?([^\s'\"$;|-][^\s'\"$;|]{3,100})",
        "password",
    ),
    Way(
        (b"password-stdin",),
        rb"\becho[ \t](?:-n[ \t])?['\"]?([^\s'\"`$()|]{6,200})['\"]?[ \t]?\|[^\n|]{1,80}--password-stdin",
        "password",
        loose=False,
    ),
    Way(
        (b"SecureString",),
        rb"--type[ =]SecureString[^\n|]{0,200}--value[ =]['\"]?([^\s'\"`$()|;]{6,200})",
        "secret_value",
        loose=False,
    ),
)
