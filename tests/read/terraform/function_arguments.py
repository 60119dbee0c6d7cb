"""What the functions are tried on: pools of arguments by type, and by function where it has tastes of its own.

A string, number, bool or ``None`` stands for itself, a list for a tuple, a dict for an object;
``Made("toset", [...])`` is what that function makes of its argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal as D  # noqa: N817  it is written a hundred times
from typing import Any


@dataclass(frozen=True)
class Made:
    """An argument that is itself a call."""

    function: str
    argument: Any


NULL_TEXT = Made("tostring", None)

STRINGS: list[Any] = [
    "", "a", "abc", "b", "Hello World", " x ", "héé", "e\u0301a", "👨‍👩‍👧", "🇩🇪🇫🇷a", "a,b,,c", "1", "-2.5",
    "true", "a\nb\n", "x\r\ny", "a/b/c.txt", "/", "<&>'", '"q"\\', "日本", "xx axx", "they're a_b x-y",
    "\u0008\u000c\u0001\u007f\u2028", "각각", "ŉﬁßİΣ", "ǆx", "\u00a0\u2003z\u0085", "ab" * 30,
]  # fmt: skip
NUMBERS: list[Any] = [
    0, 1, 2, 3, 5, -1, -3, 10, 255, 1024, 100000, 12345678, 10**21, 2**64, D("0.5"), D("-2.5"), D("1.25"),
    D("2.675"), D("1e-7"), D("3.14159"), D("0.1"), D("99.995"), "3", "-1.50",
]  # fmt: skip
BOOLS: list[Any] = [True, False, "true", "false", "1", "0"]
SIMPLE: list[Any] = [*STRINGS[:12], *NUMBERS, True, False]
TUPLES: list[Any] = [
    [], ["a", "b", "a"], [1, 2, 1], [1, "a"], [True, "false"], [None, "a"], ["", "a", ""], [["a"], ["b", "c"]],
    [["a"], [1]], [{"a": 1}, {"a": "x"}], [{"a": 1}, {"b": 2}], [D("1.5"), "2"], [True, 1],
    [[1, [2, ["x"]]], 3], [None], [{}], [[], [1]], ["c", "B", "é", "a"], [10, 9, D("-1.5")], [[1], {"a": 1}],
    [{"a": None}, {"a": 1}], [{"a": {"x": 1}}, {"a": {"y": "s"}}],
]  # fmt: skip
LISTS: list[Any] = [
    *TUPLES, *(Made("tolist", each) for each in TUPLES), *(Made("toset", each) for each in TUPLES),
    [Made("toset", ["a"]), ["b"]], [Made("tolist", [1]), ["a"]], [Made("toset", [1]), Made("tolist", ["a"])],
    [Made("tomap", {"a": 1}), {"b": "x"}], [Made("toset", ["a"]), ["b"], [1]], [Made("toset", [1]), ["a"]],
]  # fmt: skip
OBJECTS: list[Any] = [
    {}, {"a": 1}, {"a": 1, "b": "x"}, {"b": [1, "y"], "a": None}, {"a": {"b": {"c": True}}},
    {"é": "<", "a b": "&"}, {"a": ["x", "y"], "b": ["x"]}, {"a": [1], "b": []}, {"a": {"x": 1}, "b": {"y": 2}},
    {"z": 1, "a": True}, {"a": ["b"]},
]  # fmt: skip
MAPS: list[Any] = [*OBJECTS, *(Made("tomap", each) for each in OBJECTS)]
ANYTHING: list[Any] = [*SIMPLE, *LISTS, *MAPS, None]

SETS: list[Any] = [each for each in LISTS if [None] not in (each, getattr(each, "argument", None))]
"""Without what holds only a null: Terraform gives that a type of its own, which sets refuse at times."""

POOLS: dict[str, list[Any]] = {
    "string": STRINGS,
    "number": NUMBERS,
    "bool": BOOLS,
    "any": ANYTHING,
    "list of any": LISTS,
    "list of bool": [
        [],
        [True],
        [True, "false"],
        [None, True],
        ["x"],
        [1],
        Made("toset", [True]),
        [False, None],
    ],
    "list of string": LISTS,
    "set of any": SETS,
    "map of list of string": [*MAPS, {"a": ["x", "y"], "b": ["x", 1]}, {"a": [None]}, {"a": None}],
}

FORMATS = """
    %s|%v|%q|%d|%t|%b|%o|%x|%X|%e|%E|%f|%g|%G|%#v|%5s|%-5s|%05s|%-05s|%.2s|%.0s|%.s|%6.1s|%.3q|%8q|%5v|%-8v
    %05v|%.5v|%+v|%#x|%#X|%#o|%#b|%+d|% d|%05d|%-5d|%5d|%+05d|%.3d|%8.3d|%08.3d|%.0d|%.d|%+x|% x|%08b|%#08x
    %5.2f|%08.3f|%-8.2f|%+f|% f|%.0f|%.f|%.2f|%.50f|%.3g|%.10g|%.0g|%+g|%08g|%-8g|%10.3e|%.0e|%#v|%# v|%#5v
    %6t|%z|%|% |%5|%é|%%|a|100%%|%[1]s|%[2]s|%[0]s|%[x]s|%5[1]d|%[1]5d|%-5[1]d|%[3]s|%*d|%s %s|%s%%%s
    %[2]s %[1]s|%[1]s %[1]s|%[2]d %[1]d %d|%s-%d|%v/%v|%[2]v %v|%i|%U|%5%|é%s|%[1]v %[2]v
"""
PATTERNS = [
    "a", "(a)(b)?", "(?P<x>a)", "(?P<x>a)|(?P<y>b)", "(a)(?P<n>b)", "[a-z]+", "x*", "", "(", "[", "(?=a)",
    "\\d+", "\\C", "(?i)A", "^.*$", "(?s).+", "(?m)^", "\\bB?", "[[:alpha:]]+", "\\p{L}", "a{2,1001}",
    "\\Qa.b\\E", "(?U)a+", "é|日", "(?<n>a)", "(a|b)+", "$",
]  # fmt: skip
TEXTS = ["", "a", "ab", "abab", "ABBA 12", "a\nb", "aé日b", "xx", "a.b", "/a/b/"]
TIMES = [
    "2018-01-02T23:12:01Z", "2020-02-29T00:05:59+05:30", "1999-12-31T23:59:59.123-08:00",
    "2018-01-02T12:00:00-00:00", "0001-01-01T00:00:00Z", "0000-03-01T01:02:03Z", "9999-12-31T23:59:59Z",
    "2018-02-30T23:12:01Z", "2018-01-02", "2018-1-2T23:12:01Z", "2018-01-02T24:00:00Z", "2018-01-02T3:12:01Z",
    "2018-01-02t23:12:01z", "", "x", "2018-01-02T03:12:01+24:00", "2018-01-02T03:12:01,5Z",
    "2016-12-31T23:59:60Z", "2018-01-02T03:12:01.Z",
]  # fmt: skip
DATE_FORMATS = [
    "YYYY-MM-DD'T'hh:mm:ssZ", "EEEE, DD-MMM-YY hh:mm:ss ZZZ", "EEE D MMMM M H HH h AA aa m s ZZZZ ZZZZZ",
    "YYYYY", "Q", "'it''s'", "'open", "", "é / .", "ZZ", "E", "DDD", "A", "''",
]  # fmt: skip
DURATIONS = [
    "1h", "-1.5h", "1h2m3s4ms5us6ns", "24h", "1d", "", "0", "+1h", ".5h", "1.h", "1µs", "9999999h", "1h-1m",
    "-", "h", "8760h", "999ms", "-1ns", "1", ".h", "1.5.5h",
]  # fmt: skip
PREFIXES = [
    "10.0.0.0/8", "10.12.112.5/20", "192.168.1.0/24", "10.0.0.0/32", "0.0.0.0/0", "10.0.0.0/33", "10.0.0.0",
    "", "010.0.0.0/8", "fd00:fd12:3456:7890::/56", "fd00::/8", "::/0", "2001:db8::1/128", "fe80::%eth0/64",
    "10.0.0/8", "x/8", "10.0.0.0/255.0.0.0", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/ 8",
]  # fmt: skip
SMALL = [0, 1, 2, 3, 4, 5, 8, 16, 25, 33, D("1.5"), "2", 255, 256]
JSON_TEXTS = [
    '{"a":1.0,"b":[1,"x",null,true]}', "", "nul", "{} x", "  1  ", '{"a":1,"a":2}', "[1,2,]", "NaN", "01",
    '"\\ud83d\\ude00"', '"\\ud83d"', "1e3", "-0", '"a\nb"', "\ufeff1", "[[[[1]]]]",
    "123456789012345678901234567890.5", "\u00a01", "true", '"\\u00e9\\/"', "-", "1.", ".5", "[1 2]", "{a:1}",
    "'a'", '{"b":{"é":[]},"a":{}}',
]  # fmt: skip
YAML_TEXTS = [
    "a: 1\nb: [x, yes, no, on, ~, null, 1.5, 0x1f, 0o17, 017, 1e3]", "[.inf]", "true", "- 1\n- a\n", "", "~",
    "a: &x {b: 1}\nc: *x", "a: &x {b: 1}\nc:\n  <<: *x\n  d: 2", "a: 1\na: 2", "--- 1\n--- 2", "1: a",
    "true: a", "~: a", "1.50: a", "[1]: a", "!!str 1", '!!int "1"', "!!binary aGk=", "!foo 1", "!Ref x", "'1'",
    "1_000", "0b11", "1:30", "+1", "-1.5e3", ".5", "5.", "123456789012345678901234567890", "tRUE", "Null", "y",
    "OFF", "a: b: c", "a:\n\tb: 1", "- a\nb", "a: |\n  x\n  y\n", "a: >\n  x\n  y\n", "%YAML 1.1\n---\na: 1",
    "&a [*a]", "0x", "0o8", "08", "-0", "-0x1f", "0xFFFFFFFFFFFFFFFFFF", "a: !!null ''", "!!float 1",
    "!!bool yes", "!!str", "a:", "# c", "---", "{a: 1, b}", "[a, [b, {c: d}]]", "!!map {a: 1}", "!!seq [1]",
    "!!map [1]", "=", "<<", "a: [1,2\n", '"\\x41\\u00e9"', "@a", "a: 'it''s'", "<<: {a: 1}\nb: 2",
    "<<: [{a: 1},{a: 2, c: 3}]\nb: 2", "a: 0\n<<: {a: 1}\nb: 2", "<<: 1", "12e03", "._1", "007", "-017",
    "+0x1", "+.5", "+.inf", "2020-01-01", "2020-01-01T00:00:00Z", "!!timestamp 2020-01-01", "!!set {a, b}",
    "*x", "! 1", "a: ! 'x'", "? a\n: b", "2020-01-01 10:00:00", "2020-1-1", "x: 2001-12-14t21:59:43.10-05:00",
    "!!int 1", "!!int x", "!!float x", "!!bool x", "!!null x", "!!null ~", "!!float '1'", "!!int 0x1f",
    "!!str [a]",
]  # fmt: skip
TABLES = [
    "a,b\n1,2\n3,4", "a,b\n1\n", "a,b\n", "", "a,a\n1,2", 'a\n"x\ny"\n', 'a\n"x""y"\n', 'a\nx"y\n', 'a\n"x\n',
    "a,b\r\n1,2\r\n", " a ,b\n 1 , 2 ", "a\n\n1\n", "a,\n1,2", 'a\n"x"y\n', "\ufeffa\n1", "a\n", "\n\na\n1",
    "a,b\n,\n", 'a\n""\n', "a\r\n\r\n1", "a,b\n1,2\n1", 'a\n"x"\n"y"', "z,a\n1,2", "a\n\r\n1", 'a\n"x\r\ny"',
    "a\rb\n1",
]  # fmt: skip
FILES: dict[str, bytes] = {
    "data/hello.txt": b"hello\n",
    "data/sub/é.json": b'{"a": [1, "x"]}',
    "data/sub/deep/a.tf": b"# a\n",
    "data/sub/deep/.hidden": b"",
    "data/sub/b.tf": b"# b\n",
    "data/binary.bin": b"\xff\xfe\x00",
    "data/bom.txt": b"\xef\xbb\xbfx",
}
PATHS = [
    *FILES, "missing.txt", "data/sub", "", "./data/hello.txt", "data/sub/../hello.txt", "data/sub/",
    "data/hello.txt/x",
]  # fmt: skip
GLOBS = [
    "*", "**", "**/*", "*.tf", "**/*.tf", "sub/*", "sub/**", "{hello,bom}.txt", "*.{txt,bin}", "[hb]*",
    "[^h]*.txt", "[!h]*.txt", "?ello.txt", "deep/*", "**/deep/*", "sub/**/a.tf", "nothing/*", "hello.txt",
    "sub", "", "./*.txt", "../sub/*", "**/.*", "*/b.tf", "h[e-f]llo.txt", "**.tf", "sub/**.tf", "[", "{",
    "a**/b", "**/b.tf", "h\\ello.txt", "*.TF", "{sub/*,hello}.tf", "sub/*.{tf}",
]  # fmt: skip
ENCODINGS = [
    "UTF-8", "utf-16le", "UTF-16BE", "UTF-16", "ISO-8859-1", "latin1", "US-ASCII", "windows-1252", "Shift_JIS",
    "EUC-JP", "GBK", "Big5", "EUC-KR", "koi8-r", "IBM437", "macintosh", "utf8", "UTF-32", "cp1252", "nope", "",
    "ISO-2022-JP", "iso-8859-15",
]  # fmt: skip
BASE64 = [
    "w6k=",
    "w6k",
    "/w==",
    "a",
    "",
    "YQ==\n",
    "Y Q==",
    "YR==",
    "6QCsIA==",
    "6Q==",
    "/v8A6Q==",
    "//7pAA==",
    "=",
    "YQ=",
    "k/qWew==",
]

SPECIAL: dict[str, list[list[Any]]] = {
    "regex": [PATTERNS, TEXTS],
    "regexall": [PATTERNS, TEXTS],
    "replace": [
        TEXTS,
        ["a", "", "b", "/", "//", "é", *(f"/{pattern}/" for pattern in PATTERNS)],
        ["", "-", "[$1]", "$x", "${x}y", "$1y", "$$", "$", "$-", "${}", "$9", "$0$0", "\\0", "é", "$é"],
    ],
    "formatdate": [DATE_FORMATS, TIMES],
    "timeadd": [TIMES, DURATIONS],
    "timecmp": [TIMES, TIMES],
    "cidrhost": [PREFIXES, [*SMALL, -1, -256, -257, 4096, 2**70]],
    "cidrnetmask": [PREFIXES],
    "cidrsubnet": [PREFIXES, SMALL, [*SMALL, 2**20]],
    "cidrsubnets": [PREFIXES, SMALL, SMALL, SMALL],
    "parseint": [
        [
            "ff",
            "FF",
            "-ff",
            "+ff",
            "0xff",
            "zz",
            "zZ",
            "a",
            "",
            "-",
            "10",
            10,
            " 1",
            "1_0",
            "1.0",
            "9" * 60,
            "é",
            True,
            None,
        ],
        [2, 8, 10, 16, 36, 37, 62, 1, 63, "16", D("2.5"), 0, -1],
    ],
    "base64decode": [BASE64],
    "textdecodebase64": [BASE64, ENCODINGS],
    "textencodebase64": [["é€", "a", "", "日本", "\U0001f600", "é"], ENCODINGS],
    "jsondecode": [JSON_TEXTS],
    "yamldecode": [YAML_TEXTS],
    "csvdecode": [TABLES],
    "uuidv5": [
        [
            "dns",
            "url",
            "oid",
            "x500",
            "DNS",
            "nope",
            "",
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}",
            "6ba7b8109dad11d180b400c04fd430c8",
            "urn:uuid:6BA7B810-9dad-11d1-80b4-00c04fd430c8",
            "6ba7b810-9dad-11d1-80b400c04fd430c8",
        ],
        STRINGS,
    ],
    "substr": [STRINGS, [0, 1, 2, -1, -2, -50, 50, D("0.5")], [0, 1, 2, 3, -1, -2, 50, D("1.5")]],
    "element": [LISTS, [0, 1, 2, 7, -1, D("0.5"), "1"]],
    "slice": [LISTS, [0, 1, 2, -1, D("0.5")], [0, 1, 2, 3, -1]],
    "chunklist": [LISTS, [0, 1, 2, 3, -1, D("1.5")]],
    "range": [[0, 1, 5, -3, D("0.5"), 1024, 1025, "3"], [0, 1, 10, -4, D("2.5")], [0, 1, 3, -2, D("0.25")]],
    "indent": [[0, 1, 2, -1, D("1.5"), "3"], STRINGS],
    "split": [["", ",", "b", " ", "\n", "é", "ab"], STRINGS],
    "join": [["", ",", ", ", "é"], LISTS, LISTS],
    "trim": [STRINGS, ["", "a", "x ", "é", "\u0301", "ba", "\n"]],
    "trimprefix": [STRINGS, ["", "a", "ab", "é", "x", "H"]],
    "trimsuffix": [STRINGS, ["", "a", "c", "é", "World", "\n"]],
    "startswith": [STRINGS, ["", "a", "ab", "é", "H"]],
    "endswith": [STRINGS, ["", "a", "c", "d", "\n"]],
    "strcontains": [STRINGS, ["", "a", "b/c", "é", "\n"]],
    "lookup": [MAPS, ["a", "b", "z", "é", 1, None], ANYTHING],
    "contains": [LISTS, ["a", 1, "1", True, ["a"], {"a": 1}, None, NULL_TEXT, D("1.5")]],
    "index": [LISTS, ["a", 1, "1", True, ["a"], {"a": 1}, D("1.5")]],
    "zipmap": [LISTS, LISTS],
    "matchkeys": [LISTS, LISTS, LISTS],
    "merge": [[*MAPS, None], [*MAPS, None], MAPS],
    "keys": [MAPS],
    "values": [MAPS],
    "concat": [LISTS, LISTS, LISTS],
    "flatten": [LISTS],
    "reverse": [LISTS],
    "sum": [LISTS],
    "one": [LISTS],
    "coalesce": [ANYTHING, ANYTHING, ANYTHING],
    "coalescelist": [LISTS, LISTS],
    "setproduct": [LISTS, LISTS, LISTS],
    "pow": [NUMBERS, [0, 1, 2, 3, -1, D("0.5"), D("-0.5"), D("1.5"), 10, 100, 400, D("0.1"), -3]],
    "log": [NUMBERS, [2, 10, D("2.5"), 1, 0, -1]],
    "file": [PATHS],
    "filebase64": [PATHS],
    "fileexists": [PATHS],
    **{f"file{name}": [PATHS] for name in ("md5", "sha1", "sha256", "sha512", "base64sha256", "base64sha512")},
    "fileset": [["data", "data/sub", "data/sub/deep", "missing", "data/sub/..", "./data/"], GLOBS],
    "templatefile": [
        ["data/hello.txt", "missing.txt", "data/binary.bin"],
        [{}, {"a": 1}, Made("tomap", {"b": "x"}), [1], "x"],
    ],
    "basename": [["", "/", "a", "a/b", "a/b/", "//a", "a//", "/a", ".", "..", "a/..", "é/ü"]],
    "dirname": [
        ["", "/", "a", "a/b", "a/b/", "//a/b", "a//b", "/a", ".", "..", "a/../b", "./a", "a/./b/c", "é/ü"]
    ],
    "pathexpand": [["a", "", "/a/b", "~x", "~x/y"]],
}
