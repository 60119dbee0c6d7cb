"""Native syntax: what every form of the language becomes, and where it stands."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stockade.read.terraform.syntax import parse_expression, parse_template
from stockade.read.terraform.tree import Expression, Literal, Object, Problem, Template, Tuple
from stockade.source import Source
from tests.read.terraform.trees import brief, check_places, expression, file, outline

EXPRESSIONS = {
    # numbers, words, names
    "1": "1",
    "01": "1",
    "1.5": "1.5",
    "1e5": "100000",
    "1E+2": "100",
    "1.50": "1.50",
    "1.5e-3": "0.0015",
    "2.0": "2",
    "123456789012345678901234567890": "123456789012345678901234567890",
    "true": "true",
    "null": "null",
    "truth": "truth",
    "true.x": "true.x",
    "a-1": "a-1",
    "é.ü": "é.ü",
    "for": "for",
    # operators
    "1 + 2 * 3": "(1 + (2 * 3))",
    "1 * 2 + 3": "((1 * 2) + 3)",
    "1 - 2 - 3": "((1 - 2) - 3)",
    "8 / 4 % 3": "((8 / 4) % 3)",
    "1 -1": "(1 - 1)",
    "a - b": "(a - b)",
    "1 < 2 == true": "((1 < 2) == true)",
    "1 + 1 >= 2 && 2 != 1 || x": "((((1 + 1) >= 2) && (2 != 1)) || x)",
    "a || b && c": "(a || (b && c))",
    "a == b == c": "((a == b) == c)",
    "!a && b": "((!a) && b)",
    "-a.b[0]": "(-a.b[0])",
    "- - a": "(-(-a))",
    "!-a": "(!(-a))",
    "1 - -1": "(1 - (-1))",
    "a ? b : c ? d : e": "(a ? b : (c ? d : e))",
    "a ? b ? c : d : e": "(a ? (b ? c : d) : e)",
    "a == b ? c + 1 : d": "((a == b) ? (c + 1) : d)",
    "(1 + 2) * 3": "(paren((1 + 2)) * 3)",
    # white space and comments
    "1 + /* one */ 2 # two": "(1 + 2)",
    "/* a\nb */ 1": "1",
    "(\n# c\n1\n// d\n+ 2\n)": "paren((1 + 2))",
    "(b ?\nc\n: d)": "paren((b ? c : d))",
    "[1 # c\n, 2 // d\n,\n]": "[1, 2]",
    "f(\n1\n, 2,\n)": "f(1, 2)",
    "(b\n.c\n[0])": "paren(b.c[0])",
    # steps
    "a . b": "a.b",
    "a.b.c": "a.b.c",
    "a.if": "a.if",
    "a.0": "a[0]",
    "a.0.b": "a[0].b",
    'a["x"].y[b.c]': "a['x'].y[b.c]",
    "a [0]": "a[0]",
    "a[\n0\n]": "a[0]",
    "[1][0]": "[1][0]",
    "{a = 1}.a": "{'a'=1}.a",
    '"x".y': "'x'.y",
    "f(1).x[0]": "f(1).x[0]",
    # splats: `[*]` takes all that follows, `.*` attributes only
    "a[*]": "a*<@>",
    "a[ * ]": "a*<@>",
    "a[*].b.c": "a*<@.b.c>",
    "a[*].b[0].c": "a*<@.b[0].c>",
    "a[*][*].b": "a*<@*<@.b>>",
    "a[*].b.*.c": "a*<@.b*<@.c>>",
    "a.*.b": "a*<@.b>",
    "a.*.b[0]": "a*<@.b>[0]",
    "a.*.b.0": "a*<@.b[0]>",
    "a.*.b[0].c": "a*<@.b>[0].c",
    "a.*.b[*].c": "a*<@.b>*<@.c>",
    "a.*": "a*<@>",
    "a.*[0]": "a*<@>[0]",
    # calls
    "f()": "f()",
    "f ( 1 )": "f(1)",
    "f(a, b...)": "f(a, b...)",
    "f(\na\n...\n)": "f(a...)",
    "provider::aws::arn_parse(a)": "provider::aws::arn_parse(a)",
    "provider :: aws :: f (1)": "provider::aws::f(1)",
    # collections
    "[]": "[]",
    '["a", "b",]': "['a', 'b']",
    '[\n  "a",\n  "b"\n]': "['a', 'b']",
    '["a", # "x"\n"b"]': "['a', 'b']",
    '[a, "${b}", [1]]': "[a, template(b), [1]]",
    "{}": "{}",
    "{\n}": "{}",
    '{a = 1, "b" : 2, (c) = 3, d.e = 4, 1 = 2, true = 3, null = 4, for = 5}': (
        "{'a'=1, 'b'=2, c=3, d.e=4, 1=2, 'true'=3, 'null'=4, 'for'=5}"
    ),
    '{\n# c\na = 1 # c\n# d\nb = "x", # e\n/* f */ c = d.e\n}': "{'a'=1, 'b'='x', 'c'=d.e}",
    "{a = 1,\nb = 2\n}": "{'a'=1, 'b'=2}",
    '{"x${a}" = 1, "${b}" = 2}': "{template('x' a)=1, template(b)=2}",
    "{(\nb) = 1}": "{b=1}",
    "{f(x) = 1, a[0] = 2, b ? c : d = 3}": "{f(x)=1, a[0]=2, (b ? c : d)=3}",
    "{é = 1}": "{'é'=1}",
    "({\na = [{\nb = 1\n}\n]\n})": "paren({'a'=[{'b'=1}]})",
    # for
    "[for x in y : x]": "for(_, x in y: x)",
    "[for k, v in y : v if k]": "for(k, v in y: v if k)",
    "{for k, v in y : k => v}": "for(k, v in y: k => v)",
    "{for x in y : x.a => x...}": "for(_, x in y: x.a => x...)",
    "{\nfor x\nin y\n:\nx\n=>\nx\nif\nx\n}": "for(_, x in y: x => x if x)",
    "[for for in for : for]": "for(_, for in for: for)",
    # quoted strings
    '""': "''",
    '"a b"': "'a b'",
    r'"\n\r\t\"\\"': repr('\n\r\t"\\'),
    r'"\u00e9\U0001F600"': "'é😀'",
    '"é"': "'é'",
    '"e\u0301"': "'é'",
    '"$ % $$ %% $x"': "'$ % $$ %% $x'",
    '"$${a} %%{b} $$${c}"': "'${a} %{b} $${c}'",
    '"${a}"': "template(a)",
    '"a${b}c${d.e}"': "template('a' b 'c' d.e)",
    '"${"${"x"}"}"': "template(template('x'))",
    '"${"}"}"': "template('}')",
    '"${{a = "}"}}"': "template({'a'='}'})",
    '"${\nb\n}"': "template(b)",
    '"${{\na = 1\n}}"': "template({'a'=1})",
    '"$${a}${b}"': "template('${a}' b)",
    '"$%{if a}b%{endif}"': "template('$' if(a: 'b' | ))",
    # strip markers
    '"a ${~ b ~} c"': "template('a' b 'c')",
    '"a ${~b} c"': "template('a' b ' c')",
    '" ${~ b ~} "': "template(b '')",
    r'"a\n\t ${~ b ~} \u00a0c"': "template('a' b 'c')",
    '"a\u3000${~ b ~}\u00a0"': "template('a' b)",
    # directives
    '"%{ if a }b%{ else }c%{ endif }"': "template(if(a: 'b' | 'c'))",
    '"%{if a}%{if b}c%{endif}%{else}d%{endif}e"': "template(if(a: if(b: 'c' | ) | 'd') 'e')",
    '"%{ for k, v in a }${k}=${v},%{ endfor }"': "template(for(k, v in a: k '=' v ','))",
    '"%{~ if a ~} b %{~ else ~} c %{~ endif ~}"': "template(if(a: 'b' | 'c'))",
    '"%{ if\na\n}b%{ endif\n}"': "template(if(a: 'b' | ))",
    # heredocs
    "<<EOT\na\n  b\nEOT": r"heredoc('a\n  b\n')",
    "<<EOT\nEOT": "heredoc()",
    "<<EOT\na\n  EOT  ": r"heredoc('a\n')",
    "<<E-T\na\nE-T": r"heredoc('a\n')",
    '<<EOT\na\\nb "q" $${x} %%{y} $$\nEOT': r"""heredoc('a\\nb "q" ${x} %{y} $$\n')""",
    "<<EOT\na EOT\nEOT b\nEOT": r"heredoc('a EOT\nEOT b\n')",
    "<<EOT\n${<<E2\nx\nE2\n}\nEOT": r"heredoc(heredoc('x\n') '\n')",
    "<<EOT\n${\nEOT\n}\nEOT": r"heredoc(EOT '\n')",
    "<<-EOT\n    a\n      b\n    c\n    EOT": r"heredoc('a\n' '  b\n' 'c\n')",
    "<<-EOT\n  a\n\n  b\nEOT": r"heredoc('a\n\n' 'b\n')",
    "<<-EOT\n    a\n  \n    b\nEOT": r"heredoc('a\n  \n' 'b\n')",
    "<<-EOT\n\ta\n\t  b\nEOT": r"heredoc('a\n' '  b\n')",
    "<<-EOT\n   a\n ${b}\nEOT": r"heredoc('  a\n' b '\n')",
    "<<-EOT\n   a\n${b}\nEOT": r"heredoc('   a\n' b '\n')",
    "<<-EOT\n \u00a0a\n \u00a0b\nEOT": r"heredoc('a\n' 'b\n')",
    "<<-EOT\n  $${a}\n   %%{b}\nEOT": r"heredoc('${a}\n' ' %{b}\n')",
    "<<-EOT\n    x ${a ~}\n     b\n    c\nEOT": r"heredoc('x ' a '     b\n' 'c\n')",
    "<<-EOT\n    %{ if a ~}\n    b\n    %{ endif ~}\nEOT": r"heredoc(if(a: '    b\n' | ))",
    "<<EOT\na \n  ${~ b ~}  \n\n c\nEOT": r"heredoc('a \n' b '\n c\n')",
    "<<EOT\n%{ for x in y ~}\n- ${x}\n%{ endfor ~}\nEOT": r"heredoc(for(_, x in y: '- ' x '\n'))",
    "[<<EOT\na\nEOT\n, <<EOT\nb\nEOT\n]": r"[heredoc('a\n'), heredoc('b\n')]",
    "{a = <<EOT\nb\nEOT\nc = 1}": r"{'a'=heredoc('b\n'), 'c'=1}",
    "(<<EOT\na\nEOT\n == b)": r"paren((heredoc('a\n') == b))",
}


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression_becomes(text: str) -> None:
    assert brief(expression(text)) == EXPRESSIONS[text]


@pytest.mark.parametrize("text", [t for t in EXPRESSIONS if "\n" in t and "#" not in t and "//" not in t])
def test_windows_line_ends_change_only_the_text_of_heredocs(text: str) -> None:
    found = brief(expression(text.replace("\n", "\r\n")))
    assert found.replace(r"\r\n", r"\n") == EXPRESSIONS[text]
    assert (r"\r" in found) == (r"\n" in EXPRESSIONS[text])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e5", 100000),
        ("2.0", 2),
        ("1.5e-3", Decimal("0.0015")),
        ("0.1", Decimal("0.1")),
        ("1e400", 10**400),
        ("9" * 5000, Decimal("9" * 5000)),
        ("1e99999", Decimal("1e99999")),
    ],
)
def test_numbers_are_exact_and_integral_ones_are_integers(text: str, value: int | Decimal) -> None:
    found = expression(text)
    assert isinstance(found, Literal)
    assert found.value == value
    assert type(found.value) is type(value)


FILES: dict[str, list[str]] = {
    "": [],
    "\n\r\n# a\n// b\n/* c\n*/": [],
    "a = 1": ["a = 1"],
    "\ufeffa = 1\n": ["a = 1"],
    "a = 1\r\nb = 2\r\n": ["a = 1", "b = 2"],
    "a- = 1\n_b = 2\né = 3\n": ["a- = 1", "_b = 2", "é = 3"],
    'a = "x" # c\nb = c.d // e\nc = 1 /* d */\n': ["a = 'x'", "b = c.d", "c = 1"],
    "a /* b */ = /* c */ 1\n": ["a = 1"],
    "a {}": ["a"],
    "a {\n}\n": ["a"],
    "a { b = 1 }\n": ["a", "  b = 1"],
    "a { /* c */ b = [\n1] /* d */ }\n": ["a", "  b = [1]"],
    "a { # c\nb = 1\n}\n": ["a", "  b = 1"],
    'a "x" y "z" {\n}\n': ["a 'x' 'y' 'z'"],
    r'a "x$${1}\n" {' + "\n}\n": [r"a 'x${1}\n'"],
    'a "é" {}\n': ["a 'é'"],
    "a {\n  b {\n    c = 1\n  }\n  d = 2\n\n  b {}\n}\n": ["a", "  b", "    c = 1", "  d = 2", "  b"],
    "a = <<EOT\nx\nEOT\nb = 1\n": [r"a = heredoc('x\n')", "b = 1"],
    "a {\n  b = <<-EOT\n    x\n  EOT\n}\n": ["a", r"  b = heredoc('x\n')"],
    "a = 1\na {}\n": ["a = 1", "a"],
}


@pytest.mark.parametrize("text", FILES)
def test_a_file_becomes(text: str) -> None:
    found = file(text)
    assert found.problems == []
    assert outline(found.body) == FILES[text]
    check_places(found)


BROKEN: dict[str | bytes, tuple[str, list[str] | None]] = {
    # what is wrong, the message, what is kept
    "a = }\n": ("expected an expression, found `}`", []),
    "a = 1 +\nb = 2\n": ("expected an expression, found end of line", ["b = 2"]),
    "a = 1 2\nb = 2\n": ("expected a new line after the argument, found `2`", ["b = 2"]),
    "a = 1, b = 2\n": ("arguments are separated by new lines, not commas", ["a = 1", "b = 2"]),
    "a = [1 2]\n": ("expected `,` or `]`, found `2`", []),
    "a = f(1 2)\n": ("expected `,` or `)`, found `2`", []),
    "a = f(b..., c)\n": ("expected `,` or `)`, found `...`", []),
    "a = {b = 1 c = 2}\n": ("expected `,`, a new line or `}`, found `c`", []),
    "a = {b\n= 1}\n": ("expected `=`, found end of line", []),
    "a = {b => 1}\n": ("expected `=`, found `=>`", []),
    "a = {for x in y : x}\n": ("expected `=>`, found `}`", []),
    "a = [for x in y : x => x]\n": ("expected `]`, found `=>`", []),
    "a = {for = 1}\n": ("expected a name and `in` after `for`, found `=`", []),
    "a = (1\n": ("expected `)`, found end of file", []),
    "a = b.\nc = 1\n": ("expected an attribute name after `.`, found end of line", ["c = 1"]),
    "a = b.*.*\n": ("`.*` cannot stand inside another `.*`", []),
    "a = b.0.1\n": ("two legacy indexes in a row; write them in brackets", ["a = b[0][1]"]),
    "a = 1.5.5\n": ("this is not a number", []),
    "a = b ? c\n": ("expected `:`, found end of line", []),
    "a = b & c\n": ("expected a new line after the argument, found `&`", []),
    "a = 'x'\n": ("expected an expression, found `'`", []),
    'a = "x\nb = 1\n': ('expected `"`, found end of line', ["b = 1"]),
    'a = "x': ('expected `"`, found end of file', []),
    'a = "${b c}"\n': ("expected `}`, found `c`", []),
    'a = "\\q"\n': (r"`\q` is not an escape sequence", [r"a = '\\q'"]),
    'a = "\\ud800"\n': (r"`\ud800` is not a character", ["a = '\ufffd'"]),
    'a = "\\u12"\n': (r"`\u` is not an escape sequence", [r"a = '\\u12'"]),
    'a = "%{ foo }"\n': ("expected `if`, `else`, `endif`, `for` or `endfor`, found `foo`", []),
    'a = "%{ if b }"\n': ("expected `endif`, found end of template", []),
    'a = "%{ if b }%{ endfor }"\n': ("`endfor` ends no directive", []),
    'a = "%{ else }"\n': ("`else` belongs to no `if` directive", []),
    'a = "%{ for b in c }%{ else }%{ endfor }"\n': ("`else` belongs to no `if` directive", []),
    "a = <<EOT\n- x\nb = 1\n": ("expected `EOT` on a line of its own, found end of file", ["b = 1"]),
    "a = <<EOT\nx\nEOT": ("expected a new line after `EOT`, found end of file", [r"a = heredoc('x\n')"]),
    "a = <<EOT x\nEOT\n": ("expected a name and a new line after `<<`, found `EOT`", None),
    "a = <<EOT\nx\ry\nEOT\n": ("a carriage return without a line feed", [r"a = heredoc('x\ry\n')"]),
    "a = 1\na = 2\n": ("`a` is set twice; the first one counts", ["a = 1"]),
    'a = b.c\na = "${d}"\n': ("`a` is set twice; the first one counts", ["a = b.c"]),
    "a = 1\nb\nc = 2\n": ("expected `=`, a label or `{`, found end of line", ["a = 1", "c = 2"]),
    "a\n{}\n": ("expected `=`, a label or `{`, found end of line", None),
    '"a" = 1\n': ('expected an argument or block, found `"`', []),
    'a "${b}" {}\n': ("a label cannot hold `${` or `%{`", []),
    "}\na = 1\n": ("this `}` closes nothing", ["a = 1"]),
    "a {\n": ("this block is never closed: expected `}`, found end of file", ["a"]),
    "a {\n  b = 1 }\nc = 1\n": ("expected a new line before `}`", ["a", "  b = 1", "c = 1"]),
    "a { b = 1\n}\n": ("expected `}` on the line of `{`, or a new line after `{`", ["a", "  b = 1"]),
    "a { b {} }\nc = 1\n": ("expected a new line, `}` or one argument after `{`, found `b`", ["c = 1"]),
    "a {} b {}\n": ("expected a new line after the block", ["a", "b"]),
    "a = 1 /* c\n": ("this comment is never closed", []),
    "/* c\na = 1\n": ("this comment is never closed", ["a = 1"]),
    "a = \0\nb = 1\n": (r"expected an expression, found `\x00`", ["b = 1"]),
    b'a = "\xff"\n': ("these bytes are not UTF-8", ["a = '\ufffd'"]),
    b"\xff = 1\nb = 1\n": ("these bytes are not UTF-8", ["b = 1"]),
    "a = \u00a01\n": ("`\u00a01` is not a name", []),
    "a = 1\x0c\n": (r"expected a new line after the argument, found `\x0c`", []),
}


@pytest.mark.parametrize("text", list(BROKEN))
def test_what_is_broken_is_said_and_the_rest_is_kept(text: str | bytes) -> None:
    message, kept = BROKEN[text]
    found = file(text)
    assert message in [problem.message for problem in found.problems]
    check_places(found)
    if kept is not None:
        assert outline(found.body) == kept
        assert len(found.problems) == 1


@pytest.mark.parametrize("text", [b"# \xff\na = 1\n", b"/* \xff \0 */\na = 1\n", b'a = "\0\x01\x7f"\n'])
def test_comments_and_strings_may_hold_what_terraform_lets_them(text: bytes) -> None:
    assert file(text).problems == []


def test_a_problem_says_its_line() -> None:
    found = file("a = 1\n\nb = [\n  1,\n  @,\n]\nc = 2\n")
    assert [found.source.position(problem.start) for problem in found.problems] == [(5, 3)]
    assert list(found.body.attributes) == ["a", "c"]


# ------------------------------------------------------------------------------------------ places


def slices(node: Expression, data: bytes) -> list[str]:
    parts = node.parts if isinstance(node, Template) else [node]
    return [data[part.start : part.end].decode() for part in parts]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('"abc"', ['"abc"']),
        (r'"a\n${b}\tc"', [r"a\n", "b", r"\tc"]),
        ('"a $${x} ${b ~} c"', ["a $${x} ", "b", "c"]),
        ('"é${ b . c }é"', ["é", "b . c", "é"]),
        ("<<EOT\na\n ${b}\nEOT", ["a\n ", "b", "\n"]),
        ("<<-EOT\n  a\n   b\n\n  ${c} d\nEOT", ["a\n", " b\n\n", "c", " d\n"]),
        ("<<-EOT\n  a ${~ b ~}  \n   c\nEOT", ["a", "b", "   c\n"]),
        ('"%{ if a }b%{ endif }c"', ["%{ if a }b%{ endif }", "c"]),
    ],
)
def test_the_parts_of_a_string_stand_where_they_are_written(text: str, wanted: list[str]) -> None:
    assert slices(expression(text), b"a = " + text.encode()) == wanted


def test_indentation_taken_off_leaves_every_piece_equal_to_its_bytes() -> None:
    text = '<<-EOT\n    {\n      "a": "${b}",\n\n      "c": [\n        "é"\n      ]\n    }\n    EOT'
    found = expression(text)
    assert isinstance(found, Template)
    data = b"a = " + text.encode()
    literals = [part for part in found.parts if isinstance(part, Literal)]
    assert len(literals) == 7
    for part in literals:
        assert data[part.start : part.end].decode() == part.value


def test_items_stand_where_they_are_written() -> None:
    text = 'a = {\n  "k" = ["x", "y"]\n  b   = c.d\n}\n'
    found = file(text)
    value = found.body.attributes["a"].value
    assert isinstance(value, Object)
    (key, items), (name, traversal) = value.items
    assert isinstance(items, Tuple)
    wanted = ['"k"', '["x", "y"]', '"x"', '"y"', "b", "c.d"]
    nodes = [key, items, *items.items, name, traversal]
    assert [text[node.start : node.end] for node in nodes] == wanted


def test_blocks_and_attributes_stand_where_they_are_written() -> None:
    text = '# c\nresource "a" "b" { # d\n  c = 1 # e\n}\n'
    found = file(text)
    (block,) = found.body.blocks
    assert text[block.start : block.end] == 'resource "a" "b" { # d\n  c = 1 # e\n}'
    assert text[block.start : block.header_end] == 'resource "a" "b" {'
    assert text[block.body.start : block.body.end] == " # d\n  c = 1 # e\n"
    attribute = block.body.attributes["c"]
    assert text[attribute.start : attribute.end] == "c = 1"


# ---------------------------------------------------------------------------------------- recovery

PROJECT = "".join(
    f"""\
resource "aws_iam_role" "r{i}" {{
  name = "role-{i}"
  assume_role_policy = jsonencode({{
    Statement = [
      {{
        Action    = "sts:AssumeRole"
        Principal = {{ Service = "lambda.amazonaws.com" }}
      }},
    ]
  }})
}}

resource "aws_lambda_function" "f{i}" {{
  function_name = "f-${{var.stage}}"
  environment {{
    variables = {{
      TABLE = aws_dynamodb_table.t.name
    }}
  }}

  tracing_config {{
    mode = "Active"
  }}
}}

"""
    for i in range(4)
)


@pytest.mark.parametrize("broken", '{}[]()"')
@pytest.mark.parametrize("insert", [False, True])
def test_one_broken_character_loses_one_block_at_most(broken: str, insert: bool) -> None:
    whole = outline(file(PROJECT).body)
    names = [line for line in whole if line.startswith("resource")]
    for at in range(len(PROJECT)):
        if insert:
            text = PROJECT[:at] + broken + PROJECT[at:]
        elif PROJECT[at] == broken and PROJECT[at - 1] != "$":
            text = PROJECT[:at] + PROJECT[at + 1 :]
        else:
            continue
        found = file(text)
        kept = [line for line in outline(found.body) if line in names]
        assert len(kept) >= len(names) - 1, (at, text[at - 20 : at + 20])
        if not insert:
            assert found.problems, at


SIBLINGS = """\
a {
  b = [
    1,
    @
  ]
  c = {
    d = @
  }
  e = 1
  f {
    g = @
    h = 1
  }
  i = 2
}
"""


def test_a_broken_argument_loses_itself_only() -> None:
    found = file(SIBLINGS)
    assert outline(found.body) == ["a", "  e = 1", "  f", "    h = 1", "  i = 2"]
    assert len(found.problems) == 3


def test_without_indentation_a_brace_closes_the_block() -> None:
    found = file("a {\nb = 1\nc = @\n}\ng = @\n}\nh = 3\n")
    assert outline(found.body) == ["a", "  b = 1", "h = 3"]
    assert len(found.problems) == 2


def test_many_broken_blocks_do_not_pile_up() -> None:
    broken = 'resource "a" "b{0}" {{\n  x = [\n    @\n\nresource "c" "d{0}" {{\n  y = 1\n}}\n\n'
    found = file("".join(broken.format(i) for i in range(150)))
    names = [block.labels[1] for block in found.body.blocks]
    assert names == [name for i in range(150) for name in (f"b{i}", f"d{i}")]


def test_blocks_after_one_that_never_closes_belong_to_the_file() -> None:
    found = file('resource "a" "b" {\n  x = 1\n\nresource "c" "d" {\n  y = 2\n}\n')
    assert outline(found.body) == ["resource 'a' 'b'", "  x = 1", "resource 'c' 'd'", "  y = 2"]
    check_places(found)


def test_a_file_of_nonsense_lists_a_bounded_number_of_problems() -> None:
    found = file("a\n" * 5000)
    assert len(found.problems) == 101
    assert found.problems[-1].message == "more problems follow; they are not listed"


# ------------------------------------------------------------------------------------------ bounds


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000,
        "a = " + "(" * 5000 + "1" + ")" * 5000,
        "a = " + "{a = " * 5000,
        "a = " + "f(" * 5000,
        "a = " + '"${' * 5000,
        "a = " + "!" * 5000 + "b",
        "a = b" + ".c" * 5000,
        "a = b" + "[0]" * 5000,
        "a = b" + "[*]" * 5000,
        "a = b" + ".*.c[0]" * 5000,
        "a = 1" + " + 1" * 5000,
        "a = " + "b ? c : " * 5000 + "d",
        "a = " + '"' + "%{ if a }" * 5000 + "%{ endif }" * 5000 + '"',
        "a {\n" * 5000 + "}\n" * 5000,
        "a = " + "[for x in y : " * 5000,
    ],
)
def test_what_nests_too_deeply_is_a_problem_and_no_crash(text: str) -> None:
    found = file(text + "\nb = 1\n")
    assert "nested too deeply" in [problem.message for problem in found.problems]
    check_places(found)


def test_what_people_write_is_not_too_deep() -> None:
    expression("[" * 60 + "]" * 60)
    expression(" || ".join(["a == b"] * 150))
    expression("b ? c : " * 60 + "d")


# ----------------------------------------------------------------------------------- other entries


def test_an_expression_inside_a_source_keeps_its_places() -> None:
    source = Source("x", 'junk é [a, "b${c}"] junk'.encode())
    start, end = source.data.index(b"["), source.data.index(b"]") + 1
    found = parse_expression(source, start, end)
    assert isinstance(found, Tuple)
    assert brief(found) == "[a, template('b' c)]"
    assert [source.data[item.start : item.end] for item in found.items] == [b"a", b'"b${c}"']
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize(("text", "at"), [("", 0), ("a b", 2), ("[", 1), ('"\\q"', 1), ("a = 1", 2)])
def test_what_is_no_expression_is_a_problem(text: str, at: int) -> None:
    found = parse_expression(Source("x", b"--" + text.encode() + b"--"), 2, 2 + len(text))
    assert isinstance(found, Problem)
    assert found.start == 2 + at


TEMPLATES = {
    "": "template()",
    "plain\n": r"template('plain\n')",
    "${a}": "template(a)",
    "${a ~}\n": "template(a '')",
    "\ufeffa": "template('a')",
    'a "b" \\n $${c} ${d}': r"""template('a "b" \\n ${c} ' d)""",
    "%{ for x in y ~}\n- ${x}\n%{ endfor ~}\nend": r"template(for(_, x in y: '- ' x '\n') 'end')",
    "a\r\n${~ b ~}\r\n c": "template('a' b ' c')",
    "a\rb": r"template('a\rb')",
    "%{ if a }b%{ else }c%{ endif }": "template(if(a: 'b' | 'c'))",
}


@pytest.mark.parametrize("text", TEMPLATES)
def test_a_file_as_a_template(text: str) -> None:
    template, problems = parse_template(Source("t.tpl", text.encode()))
    assert problems == []
    assert brief(template) == TEMPLATES[text]


@pytest.mark.parametrize("text", ["${", "${a", "%{ if a }", "%{ x }", "${a b}", "${}"])
def test_a_template_that_does_not_parse_has_no_parts(text: str) -> None:
    template, problems = parse_template(Source("t.tpl", text.encode()))
    assert template.parts == []
    assert len(problems) == 1
