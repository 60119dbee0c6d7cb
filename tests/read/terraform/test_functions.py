"""Functions on what Terraform's console cannot show: unknowns, places, safety."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stockade.errors import BudgetExceeded
from stockade.read.budget import TEXT, Budget
from stockade.read.files import Tree
from stockade.read.terraform.cty import EvaluationError, List, Map, Set, make_set
from stockade.read.terraform.functions import FUNCTIONS, call
from stockade.source import Source, Span
from stockade.value import (
    Default,
    Derived,
    Hole,
    Known,
    Origin,
    Ref,
    Structured,
    Text,
    Unknown,
    Value,
    Written,
    places,
    structure,
    text_of,
)
from tests.patience import PATIENCE
from tests.read.terraform.oracle import TERRAFORM, needs_terraform

ARGUMENT = Default("an argument")
SITE = Default("the call")
TABLE = Ref("aws_dynamodb_table.t", "arn")
ROLE = Ref("aws_iam_role.r", "arn")
ARN = Unknown("`aws_dynamodb_table.t.arn` is known after deployment", Default("the table"), Text((TABLE,)))
FORMER = {"list", "map"}
"""Functions that the Terraform which is asked here has no longer."""
UNSET = Unknown("`var.stage` has no value", Default("the variable"))
LISTED = Unknown("`var.names` has no value", Default("the list"))


def partly(*parts: str | Ref | Hole) -> Unknown:
    return Unknown("it is known in part", SITE, text_of(*parts))


@dataclass
class Call:
    directory: str = "/"
    files: Tree = field(default_factory=lambda: Tree(Path("/nonexistent")))
    origin: Origin = SITE
    budget: Budget = field(default_factory=lambda: Budget(1_000_000))
    rendered: list[tuple[Source, Mapping[str, Value[Any]]]] = field(default_factory=list)

    def template(self, source: Source, variables: Mapping[str, Value[Any]]) -> Value[Any]:
        self.rendered.append((source, variables))
        return Known(source.data.decode(), self.origin)


def known(raw: Any) -> Value[Any]:
    match raw:
        case Known() | Unknown():
            return raw
        case Set():
            return Known(make_set(map(known, raw)), ARGUMENT)
        case List():
            return Known(List(map(known, raw)), ARGUMENT)
        case list():
            return Known(tuple(map(known, raw)), ARGUMENT)
        case Map():
            return Known(Map({name: known(item) for name, item in raw.items()}), ARGUMENT)
        case dict():
            return Known({name: known(item) for name, item in raw.items()}, ARGUMENT)
        case _:
            return Known(raw, ARGUMENT)


def run(name: str, *args: Any, context: Call | None = None) -> Value[Any]:
    return call(name, [known(arg) for arg in args], context or Call())


def plain(value: Value[Any]) -> Any:
    """A value without its origins, unknowns as they are."""
    if isinstance(value, Unknown):
        return value
    match value.value:
        case tuple():
            return [plain(item) for item in value.value]
        case dict():
            return {name: plain(item) for name, item in value.value.items()}
        case _:
            return value.value


# ---------------------------------------------------------------------------------------- registry


def test_all_of_terraforms_functions_are_there() -> None:
    assert len([name for name in FUNCTIONS if "::" not in name and name not in FORMER]) == 118
    assert {name for name, function in FUNCTIONS.items() if function.lazy} == {"try", "can"}


@needs_terraform
def test_signatures_are_terraforms_own() -> None:
    import json

    listed = subprocess.run(
        [TERRAFORM, "metadata", "functions", "-json"], capture_output=True, text=True, check=True, timeout=60
    )
    theirs = json.loads(listed.stdout)["function_signatures"]
    ours: dict[str, Any] = {}
    for name, function in FUNCTIONS.items():
        if "::" in name:
            continue
        fixed = [(each.name, str(each.kind), each.nullable) for each in function.parameters]
        last = function.rest
        ours[name] = fixed, last and (last.name, str(last.kind), last.nullable)

    def kind(type: Any) -> str:
        if isinstance(type, list):
            return f"{type[0]} of {kind(type[1])}"
        return "any" if type == "dynamic" else type

    def shown(parameter: Any) -> tuple[str, str, bool]:
        return parameter["name"], kind(parameter["type"]), parameter.get("is_nullable", False)

    expected = {}
    for name, signature in theirs.items():
        if name.startswith("core::"):
            continue
        rest = signature.get("variadic_parameter")
        expected[name] = list(map(shown, signature.get("parameters", []))), rest and shown(rest)
    assert {name: one for name, one in ours.items() if name not in FORMER} == expected


@pytest.mark.parametrize(
    ("name", "args", "message"),
    [
        ("nope", [], "there is no function named `nope`"),
        ("upper", [], "`upper` takes 1 argument, not 0"),
        ("upper", ["a", "b"], "`upper` takes 1 argument, not 2"),
        ("join", [], "`join` takes at least 1 argument, not 0"),
        ("upper", [None], "argument `str` must not be null"),
        ("upper", [["a"]], "argument `str`: a string is required, and this is tuple"),
        ("try", [1], "`try` takes expressions, not their values"),
        ("map", ["a"], "`map` takes keys and values by turns, and the last key has none"),
        ("map", [None, "a"], "a key of `map` must not be null"),
    ],
)
def test_refusals_name_function_and_argument(name: str, args: list[Any], message: str) -> None:
    with pytest.raises(EvaluationError, match=re.escape(message)):
        run(name, *args)


def test_what_older_versions_made_lists_and_maps_with() -> None:
    assert plain(run("list", "a", 1)) == ["a", "1"]
    assert plain(run("map", "a", "b", 1, True)) == {"a": "b", "1": "true"}
    assert isinstance(run("map", UNSET, "b"), Unknown)
    made = run("map", "a", ARN)
    assert isinstance(made, Known)
    assert made.value["a"] is ARN


def test_core_functions_go_by_their_long_name_too() -> None:
    assert plain(run("core::upper", "a")) == "A"


def test_importing_the_functions_loads_nothing_heavy() -> None:
    program = (
        "import sys, stockade.read.terraform.functions;"
        "print({'yaml', 're2', 'uuid', 'fractions'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "set()"


# --------------------------------------------------------------------------------- places survive


def test_what_selects_hands_on_the_very_values() -> None:
    source = Source("main.tf", b"abcd")
    a, b, c, d = (Known(letter, Written(Span(source, at, at + 1))) for at, letter in enumerate("abcd"))
    items, table = [a, b, c], {"x": a, "y": b}
    assert plain(run("merge", table, {"y": c})) == {"x": "a", "y": "c"}
    merged = run("merge", table, {"y": c})
    assert isinstance(merged, Known)
    assert merged.value["y"] is c
    picked = [
        run("lookup", table, "x"),
        run("lookup", {}, "x", a),
        run("element", items, 3),
        run("coalesce", None, "", a),
        run("one", [a]),
        run("element", items, 0),
    ]
    assert all(value is a for value in picked)
    for result, expected in (
        (run("concat", items, [d]), [a, b, c, d]),
        (run("flatten", [[a], [[b]], c]), [a, b, c]),
        (run("values", table), [a, b]),
        (run("slice", items, 1, 3), [b, c]),
        (run("distinct", [a, b, a]), [a, b]),
        (run("compact", [a, "", b]), [a, b]),
        (run("reverse", items), [c, b, a]),
        (run("sort", [b, a]), [a, b]),
        (run("tolist", items), items),
        (run("toset", [b, a]), [a, b]),
        (run("setunion", [b], [a]), [a, b]),
        (run("setsubtract", items, [b]), [a, c]),
        (run("setintersection", items, [b]), [b]),
        (run("matchkeys", items, [1, 2, 3], [2]), [b]),
        (run("coalescelist", [], items), items),
    ):
        assert isinstance(result, Known)
        assert all(one is other for one, other in zip(result.value, expected, strict=True)), result
    zipped = run("zipmap", ["k"], [a])
    product = run("setproduct", [a], [b])
    chunks = run("chunklist", items, 2)
    assert isinstance(zipped, Known)
    assert isinstance(product, Known)
    assert isinstance(chunks, Known)
    assert zipped.value["k"] is a
    assert product.value[0].value == (a, b)
    assert chunks.value[1].value == (c,)


def test_what_computes_stands_at_the_call() -> None:
    for value in (run("upper", "a"), run("length", [1]), run("jsonencode", {}), run("regexall", "a", "a")):
        assert value.origin is SITE
    keys = run("keys", {"a": 1})
    assert isinstance(keys, Known)
    assert keys.value[0].origin is SITE


# ---------------------------------------------------------------------------------------- unknowns


def test_an_unknown_argument_makes_an_unknown_result_for_the_same_reason() -> None:
    for name, args in (
        ("upper", [ARN]),
        ("replace", [ARN, ":", "/"]),
        ("length", [LISTED]),
        ("merge", [{"a": 1}, LISTED]),
        ("concat", [[1], LISTED]),
        ("keys", [LISTED]),
        ("contains", [LISTED, 1]),
        ("sha256", [ARN]),
        ("split", [":", ARN]),
        ("setproduct", [["a"], LISTED]),
        ("cidrsubnet", [UNSET, 8, 1]),
        ("sort", [["b", UNSET]]),
        ("flatten", [[["a"], LISTED]]),
        ("sum", [[1, UNSET]]),
        ("yamlencode", [{"a": UNSET}]),
    ):
        unknown = next(arg for arg in (ARN, UNSET, LISTED) if _mentions(args, arg))
        result = run(name, *args)
        assert isinstance(result, Unknown), name
        assert (result.reason, result.origin, result.text) == (unknown.reason, unknown.origin, None), name


def _mentions(args: Any, unknown: Unknown) -> bool:
    if isinstance(args, list):
        return any(_mentions(arg, unknown) for arg in args)
    if isinstance(args, dict):
        return any(_mentions(arg, unknown) for arg in args.values())
    return args is unknown


def test_an_argument_is_refused_even_beside_an_unknown_one() -> None:
    with pytest.raises(EvaluationError):
        run("merge", UNSET, "x")
    with pytest.raises(EvaluationError):
        run("cidrsubnet", UNSET, "x", 1)


@pytest.mark.parametrize(
    ("name", "args", "answer"),
    [
        ("length", [[UNSET, ARN]], 2),
        ("length", [Set([UNSET])], 1),
        ("keys", [{"a": UNSET}], ["a"]),
        ("lookup", [{"a": UNSET, "b": 1}, "b"], 1),
        ("lookup", [{"a": UNSET}, "a"], UNSET),
        ("element", [["a", UNSET], 0], "a"),
        ("contains", [["a", UNSET], "a"], True),
        ("contains", [[ARN], 1], False),
        ("contains", [[ARN], ARN], True),
        ("coalesce", [None, ARN, "x"], ARN),
        ("coalesce", ["a", UNSET], "a"),
        ("compact", [["", ARN]], [ARN]),
        ("flatten", [[[ARN], ["a"]]], [ARN, "a"]),
        ("distinct", [["a", ARN, "a", ARN]], ["a", ARN]),
        ("anytrue", [[UNSET, True]], True),
        ("alltrue", [[UNSET, False]], False),
        ("merge", [{"a": UNSET}, {"a": 1}], {"a": 1}),
        ("zipmap", [["a"], [UNSET]], {"a": UNSET}),
        ("setproduct", [["a"], [UNSET]], [["a", UNSET]]),
        ("reverse", [["a", UNSET]], [UNSET, "a"]),
        ("one", [[ARN]], ARN),
        ("tostring", [ARN], ARN),
        ("startswith", [partly("arn:", TABLE), "arn:"], True),
        ("startswith", [partly("arn:", TABLE), "x"], False),
        ("endswith", [partly(TABLE, "/*"), "*"], True),
        ("strcontains", [partly(TABLE, "/*"), "*"], True),
        (
            "trimprefix",
            [partly("x/", TABLE), "y/"],
            partly("x/", TABLE),
        ),
        ("index", [["a", UNSET], "a"], 0),
        ("matchkeys", [["a", "b"], ["x", "y"], ["y", UNSET]], None),
    ],
)
def test_what_does_not_depend_on_the_unknown_is_known(name: str, args: list[Any], answer: Any) -> None:
    result = run(name, *args)
    if answer is None:
        assert isinstance(result, Unknown)
    else:
        assert plain(result) == answer


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("contains", [["a", UNSET], "b"]),
        ("contains", [[ARN], "b"]),
        ("length", [Set([UNSET, "a"])]),
        ("coalesce", [UNSET, "a"]),
        ("coalesce", [partly(Hole("var.stage")), "a"]),
        ("compact", [[partly(Hole("var.stage"))]]),
        ("startswith", [ARN, "arn:"]),
        ("strcontains", [ARN, "x"]),
        ("index", [[UNSET, "a"], "a"]),
        ("element", [["a", "b"], UNSET]),
        ("compact", [["a", UNSET]]),
        ("distinct", [["a", UNSET]]),
        ("one", [Set([UNSET, "a"])]),
        ("setsubtract", [["a"], [UNSET]]),
    ],
)
def test_what_depends_on_the_unknown_is_unknown(name: str, args: list[Any]) -> None:
    assert isinstance(run(name, *args), Unknown)


def test_only_deployment_knows_these() -> None:
    for name in ("timestamp", "plantimestamp", "uuid"):
        assert run(name) == Unknown(f"`{name}()` is known only at deployment", SITE)
    assert isinstance(run("bcrypt", "secret"), Unknown)
    assert isinstance(run("pathexpand", "~/x"), Unknown)


class Whole:
    """What an evaluator may keep in a value for itself: a resource whose attributes come on demand."""

    address = "aws_sqs_queue.q"


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("join", [",", [Whole()]]),
        ("format", ["%s", Whole()]),
        ("format", ["%v", Whole()]),
        ("format", ["%d", [Whole()]]),
        ("upper", [Whole()]),
        ("sort", [[Whole()]]),
        ("sum", [[Whole()]]),
        ("length", [Whole()]),
        ("keys", [Whole()]),
        ("yamlencode", [[Whole()]]),
        ("yamlencode", [Whole()]),
        ("tonumber", [Whole()]),
        ("parseint", [Whole(), 10]),
    ],
)
def test_a_whole_resource_is_no_text_and_no_number(name: str, args: list[Any]) -> None:
    with pytest.raises(EvaluationError):
        run(name, *args)


def test_a_whole_resource_is_an_element_as_any_other() -> None:
    one, other = known(Whole()), known(Whole())
    for result in (
        run("tolist", [one]),
        run("distinct", [one, one]),
        run("flatten", [[one]]),
        run("toset", [one]),
    ):
        assert isinstance(result, Known)
        assert result.value == (one,)
    assert plain(run("contains", [one], other)) is False
    encoded = run("jsonencode", {"queue": one})
    assert isinstance(encoded, Unknown)
    assert structure(encoded) is not None


# ------------------------------------------------------------------------------ partly known text


@pytest.mark.parametrize(
    ("name", "args", "parts"),
    [
        ("format", ["%s/index/%s", ARN, "*"], (TABLE, "/index/*")),
        ("format", ["%v", ARN], (TABLE,)),
        ("format", ["%q", partly('a"', TABLE)], ('"a\\"', TABLE, '"')),
        ("format", ["%s-%03d", ARN, 7], (TABLE, "-007")),
        ("join", ["/", [ARN, "index", "*"]], (TABLE, "/index/*")),
        ("join", [",", ["a"], [ARN]], ("a,", TABLE)),
        ("trimprefix", [partly("x/", TABLE), "x/"], (TABLE,)),
        ("trimsuffix", [partly(TABLE, ":*"), ":*"], (TABLE,)),
        ("provider::aws::arn_build", ["aws", "s3", "", "", ARN], ("arn:aws:s3:::", TABLE)),
    ],
)
def test_references_stand_in_the_text_as_they_are(name: str, args: list[Any], parts: tuple[Any, ...]) -> None:
    result = run(name, *args)
    assert isinstance(result, Unknown)
    assert result.text == Text(parts)
    assert result.origin is SITE


def test_formatlist_keeps_what_is_known_of_every_string() -> None:
    made = run("formatlist", "%s/*", [ARN, "arn:x"])
    assert isinstance(made, Known)
    assert made.value[0].text == text_of(TABLE, "/*")
    assert made.value[1] == Known("arn:x/*", SITE)
    assert isinstance(run("formatlist", "%s", LISTED), Unknown)


def test_holes_of_different_unknowns_differ() -> None:
    source = Source("main.tf", b"var.a var.b")
    one = Unknown("it has no value", Written(Span(source, 0, 5)))
    other = Unknown("it has no value", Written(Span(source, 6, 11)))
    first, second = run("format", "x-%s", one), run("format", "x-%s", other)
    assert isinstance(first, Unknown)
    assert isinstance(second, Unknown)
    assert first.text is not None
    assert first.text.parts[0] == "x-"
    assert first.text != second.text
    assert first.text == run("format", "x-%s", one).text  # type: ignore[union-attr]


# --------------------------------------------------------------------------- documents in strings


def test_a_policy_keeps_its_structure_and_its_places() -> None:
    place = Written(Span(Source("main.tf", b'"*"'), 0, 3))
    policy = known({"Statement": [{"Resource": [ARN, Known("*", place)], "Action": "dynamodb:*"}]})
    encoded = run("jsonencode", policy)
    assert isinstance(encoded, Unknown)
    assert encoded.text is not None
    assert encoded.text.parts == (
        '{"Statement":[{"Action":"dynamodb:*","Resource":["',
        TABLE,
        '","*"]}]}',
    )
    assert encoded.reason == ARN.reason
    assert structure(encoded) is policy
    nested = run("jsonencode", {"policy": encoded})
    assert isinstance(nested, Unknown)
    assert nested.text is not None
    assert (
        nested.text.parts[0]
        == '{"policy":"{\\"Statement\\":[{\\"Action\\":\\"dynamodb:*\\",\\"Resource\\":[\\"'
    )
    decoded = run("jsondecode", encoded)
    assert isinstance(decoded, Known)
    found = decoded.value["Statement"].value[0].value["Resource"].value
    assert found[0] is ARN
    assert found[1].origin is place


def test_a_known_document_remembers_its_structure_too() -> None:
    tree = known({"a": List(["x"]), "b": Set(["y"]), "c": Map({"d": None})})
    encoded = run("jsonencode", tree)
    assert isinstance(encoded, Known)
    assert isinstance(encoded.value, Structured)
    assert encoded.value == '{"a":["x"],"b":["y"],"c":{"d":null}}'
    assert structure(encoded) is tree
    decoded = run("jsondecode", encoded)
    assert isinstance(decoded, Known)
    assert [type(item.value) for item in decoded.value.values()] == [tuple, tuple, dict]
    yaml = run("yamlencode", tree)
    assert structure(yaml) is tree
    assert plain(run("yamldecode", yaml)) == plain(tree)


def test_an_unknown_document_is_one_hole() -> None:
    encoded = run("jsonencode", UNSET)
    assert isinstance(encoded, Unknown)
    assert structure(encoded) is UNSET
    assert run("jsondecode", encoded) is UNSET
    assert isinstance(run("jsondecode", UNSET), Unknown)


def test_text_that_claims_to_be_json_is_checked() -> None:
    broken = Known(Structured.of("{", lambda: known({})), ARGUMENT)
    with pytest.raises(EvaluationError):
        run("jsondecode", broken)


def test_decoded_numbers_are_exact() -> None:
    assert plain(run("jsondecode", "[0.1, 12345678901234567890123, 1.0]")) == [
        Decimal("0.1"),
        12345678901234567890123,
        1,
    ]
    assert plain(run("yamldecode", "[0.1, 1e3]")) == [Decimal("0.1"), 1000]


# ------------------------------------------------------------------------------------------- marks


def test_sensitive_is_a_mark_on_the_origin() -> None:
    marked = run("sensitive", "x")
    assert marked == Known("x", Derived("sensitive", (ARGUMENT,)))
    assert plain(run("issensitive", marked)) is True
    assert plain(run("issensitive", "x")) is False
    assert run("nonsensitive", marked) == Known("x", ARGUMENT)
    assert run("sensitive", marked) is marked
    hidden = run("sensitive", ARN)
    assert isinstance(hidden, Unknown)
    assert hidden.text == ARN.text
    assert run("nonsensitive", hidden) == ARN
    assert list(places(marked.origin)) == []


# ------------------------------------------------------------------------------------------- files


@pytest.fixture
def site(tmp_path: Path) -> Call:
    root = tmp_path / "root"
    (root / "policies").mkdir(parents=True)
    (root / "policies" / "p.json").write_text('{"a": "ü"}', encoding="utf-8")
    (root / "binary").write_bytes(b"\xff\xfe")
    (root / "letters").write_text("e\u0301", encoding="utf-8")
    (tmp_path / "secret").write_text("secret")
    (root / "leak").symlink_to(tmp_path / "secret")
    (root / "leaks").symlink_to(tmp_path)
    call_site = Written(Span(Source("main.tf", b"file()"), 0, 6), via=(Span(Source("m.tf", b"x"), 0, 1),))
    return Call(str(root), Tree(root), origin=call_site)


def test_the_text_of_a_file_stands_in_that_file(site: Call) -> None:
    text = run("file", "policies/p.json", context=site)
    assert isinstance(text, Known)
    assert text.value == '{"a": "ü"}'
    assert not isinstance(text.value, Structured)
    assert isinstance(text.origin, Written)
    assert (text.origin.span.path, text.origin.span.start, text.origin.span.end) == ("policies/p.json", 0, 11)
    assert text.origin.via == site.origin.via  # type: ignore[union-attr]
    assert plain(run("file", "letters", context=site)) == "\u00e9"


@pytest.mark.parametrize(
    "path", ["../secret", "/etc/passwd", "leak", "leaks/secret", "~/.ssh/id_rsa", "/dev/zero"]
)
@pytest.mark.parametrize("name", ["file", "filebase64", "filesha256", "fileexists", "templatefile"])
def test_nothing_outside_the_tree_is_read(site: Call, name: str, path: str) -> None:
    result = run(name, path, *([{}] if name == "templatefile" else []), context=site)
    assert isinstance(result, Unknown)
    assert f"`{path}` was not read" in result.reason


def test_fileset_of_what_is_built_first_is_not_known(site: Call) -> None:
    found = run("fileset", "policies", "dist/*/index.js", context=site)
    assert isinstance(found, Unknown)
    assert found.reason == "`dist` is not there: something builds it before it is deployed"
    assert plain(run("fileset", ".", "missing/*", context=site)) == []


def test_fileset_lists_nothing_outside_the_tree(site: Call) -> None:
    assert plain(run("fileset", ".", "**", context=site)) == ["binary", "letters", "policies/p.json"]
    assert isinstance(run("fileset", ".", "leaks/*", context=site), Unknown)
    assert isinstance(run("fileset", "..", "*", context=site), Unknown)
    assert isinstance(run("fileset", "/etc", "*", context=site), Unknown)


def test_files_that_are_missing_or_no_text_are_refused(site: Call) -> None:
    for name, path in (
        ("file", "nope"),
        ("file", "binary"),
        ("file", "policies"),
        ("file", "a" * 5000),
        ("file", "\0"),
    ):
        with pytest.raises(EvaluationError):
            run(name, path, context=site)
    assert plain(run("fileexists", "nope", context=site)) is False
    assert plain(run("filebase64", "binary", context=site)) == "//4="


def test_templates_are_rendered_by_the_evaluator(site: Call) -> None:
    run("templatefile", "policies/p.json", {"x": ARN}, context=site)
    run("templatestring", "${x}", {"x": 1}, context=site)
    (first, variables), (second, _) = site.rendered
    assert first.path == "policies/p.json"
    assert variables["x"] is ARN
    assert second.data == b"${x}"
    assert isinstance(run("templatefile", "policies/p.json", UNSET, context=site), Unknown)
    with pytest.raises(EvaluationError):
        run("templatefile", "policies/p.json", {"a b": 1}, context=site)


# --------------------------------------------------------------------------------------------- aws


def test_the_providers_own_functions() -> None:
    arn = "arn:aws:iam::444455556666:role/deep/er/example"
    assert plain(run("provider::aws::arn_parse", arn)) == {
        "account_id": "444455556666",
        "partition": "aws",
        "region": "",
        "resource": "role/deep/er/example",
        "service": "iam",
    }
    assert plain(run("provider::aws::trim_iam_role_path", arn)) == "arn:aws:iam::444455556666:role/example"
    assert plain(run("provider::aws::arn_build", "aws", "sqs", "r", "1", "q")) == "arn:aws:sqs:r:1:q"
    for name in ("arn_parse", "trim_iam_role_path"):
        with pytest.raises(EvaluationError):
            run(f"provider::aws::{name}", "x")


# ------------------------------------------------------------------------------------------ safety


def laughs(levels: int = 40) -> Value[Any]:
    """A few shared lists that stand for a billion elements."""
    value = known("ha")
    for _ in range(levels):
        value = Known((value, value), ARGUMENT)
    return value


def deep(levels: int) -> Value[Any]:
    value = known("bottom")
    for _ in range(levels):
        value = Known((value,), ARGUMENT)
    return value


def bomb(levels: int = 12) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, levels)]
    return "\n".join(lines)


LONG = "a" * (TEXT // 4)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("range", [10**12]),
        ("range", [0, 1, Decimal("1e-300")]),
        ("format", ["%999999999d", 1]),
        ("format", ["%.999999999f", 1]),
        ("format", [f"%{'9' * 5000}d", 1]),
        ("format", [f"%[{'9' * 5000}]d", 1]),
        ("indent", [10**9, "a\nb"]),
        ("replace", [LONG, "", LONG]),
        ("replace", [LONG, "a", "bbbbbbbb"]),
        ("replace", [LONG, "/a/", "$0$0$0$0$0$0$0$0"]),
        ("replace", ["ab", "/b/", "$0" * (TEXT // 2)]),
        ("join", [LONG, ["a"] * 10]),
        ("jsonencode", [[LONG] * 10]),
        ("format", ["%s%s%s%s%s", LONG, LONG, LONG, LONG, LONG]),
        ("setproduct", [list(range(1000))] * 5),
        ("jsonencode", [laughs()]),
        ("jsonencode", [[laughs(), UNSET]]),
        ("yamlencode", [laughs()]),
        ("flatten", [laughs()]),
        ("tolist", [laughs()]),
        ("toset", [laughs()]),
        ("format", ["%v", laughs()]),
        ("contains", [[laughs()], laughs()]),
        ("distinct", [[laughs(), laughs()]]),
        ("setunion", [[laughs()], [1]]),
        ("jsonencode", [deep(100_000)]),
        ("flatten", [deep(100_000)]),
        ("tolist", [deep(100_000)]),
        ("jsondecode", ["[" * 100_000 + "]" * 100_000]),
        ("jsondecode", ["[" * 300 + "]" * 300]),
        ("yamldecode", ["[" * 300 + "]" * 300]),
        ("yamldecode", [bomb()]),
        ("jsondecode", ["9" * 100_000]),
        ("tonumber", ["1e99999999"]),
        ("parseint", ["9" * 1_000_000, 10]),
        ("pow", [10**300, 10**300]),
        ("regex", ["a{1000}{1000}", "a"]),
        ("cidrsubnet", ["10.0.0.0/8", 10**30, 1]),
        ("base64decode", ["\ud800"]),
    ],
)
def test_hostile_arguments_are_refused_soon(name: str, args: list[Any]) -> None:
    started = time.process_time()
    with pytest.raises((BudgetExceeded, EvaluationError)):
        run(name, *args, context=Call(budget=Budget(200_000)))
    assert time.process_time() - started < PATIENCE


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("regexall", ["(a*)*b", "a" * 5_000]),
        ("regexall", ["(x+x+)+y", "x" * 5_000]),
        ("regexall", ["a", "a" * 20_000]),
        ("replace", ["a" * 20_000, "/(a|a)*$/", "-"]),
        ("csvdecode", ["a\n" + "1\n" * 5_000]),
        ("csvdecode", ['a\n"' + '""' * 20_000 + '"']),
        ("split", ["", "é" * 20_000]),
        ("length", ["e\u0301" * 20_000]),
        ("strrev", ["\U0001f468\u200d" * 20_000]),
        ("join", ["", [ARN, *"abcd" * 20_000]]),
        ("jsonencode", [[ARN, *range(50_000)]]),
        ("format", ["%s" + "%%x" * 100_000, ARN]),
        ("timeadd", ["2018-01-02T00:00:00Z", "1s" * 5_000]),
        ("title", ["a b" * 20_000]),
        ("formatdate", ["YYYY-" * 5_000, "2018-01-02T00:00:00Z"]),
        ("urlencode", ["é" * 20_000]),
        ("yamldecode", ["\n".join(f"k{number}: v" for number in range(5_000))]),
    ],
)
def test_large_arguments_take_no_more_than_their_share(name: str, args: list[Any]) -> None:
    started = time.process_time()
    run(name, *args)
    assert time.process_time() - started < PATIENCE


def test_brackets_in_strings_are_no_depth() -> None:
    assert plain(run("jsondecode", '["' + "[" * 300 + '"]')) == ["[" * 300]
    assert len(plain(run("jsondecode", "[" + ", ".join(["[]"] * 300) + "]"))) == 300


def test_a_large_policy_keeps_its_structure_and_its_references() -> None:
    encoded = run("jsonencode", [ARN, *range(30_000)])
    assert isinstance(encoded, Unknown)
    assert encoded.text is not None
    assert encoded.text.parts[1] == TABLE
    assert len(encoded.text.parts) == 3
    assert structure(encoded) is not None


def test_text_of_very_many_references_is_plainly_unknown() -> None:
    joined = run("join", ",", [ARN] * 20_000)
    assert isinstance(joined, Unknown)
    assert joined.text is None


def test_lone_surrogates_never_leave_a_function() -> None:
    decoded = plain(run("jsondecode", '{"\\ud800": "\\udfff"}'))
    assert decoded == {"\ufffd": "\ufffd"}


def test_hole_names_are_text() -> None:
    width = run("format", "%-20s|", ARN)
    assert isinstance(width, Unknown)
    assert width.text is not None
    assert isinstance(width.text.parts[0], Hole)
    assert width.text.parts[1] == "|"
