"""The owner's configuration: what it may say, how it is refused, and where it is found."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stockade.accept import Ledger
from stockade.configuration import ACCEPT_KEYS, FIX_KEYS, KEYS, REQUIRED, Configuration, Exclusion, find, load
from stockade.controls import names
from stockade.errors import UsageError
from stockade.model.choices import Choices
from stockade.read.cloudformation.remarks import remarks as of_template
from stockade.read.cloudformation.template import Template
from stockade.read.terraform.comments import remarks
from stockade.read.terraform.json_syntax import parse_json
from stockade.read.terraform.syntax import parse
from stockade.report import NoticeKind, SuppressionKind
from stockade.source import Source

ROOT = Path(__file__).parents[1]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "schema" / "config-1.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
KNOWN = ("open-cors", "public-invoke", "untraced-function")

WHOLE = """\
noise = "strict"
fail-on = "high"
allow-gaps = true
checkov-skips = false
var-files = ["prod.tfvars"]
vars = { stage = "prod", count = 3, names = ["a", "b"], on = true, deep = { x = 1.5 } }
exclude = ["sandbox/**"]
baseline = "known.json"
accounts = ["123456789012"]
packages = { orders = "services/orders/src" }

[[accept]]
control = "untraced-function"
reason = '''
too much
traffic'''
function = "hot-*"

[[accept]]
control = ["open-cors", "public-invoke"]
reason = "public data"
address = "module.site.*"
path = "site/**"
until = 2027-03-31
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra" / "prod").mkdir(parents=True)
    (tmp_path / "services" / "orders" / "src").mkdir(parents=True)
    (tmp_path / "prod.tfvars").touch()
    (tmp_path / "known.json").touch()
    return tmp_path


@pytest.fixture
def read(project: Path) -> Callable[[str], Configuration]:
    def made(text: str) -> Configuration:
        (project / "stockade.toml").write_text(text, "utf-8")
        found = find([Path()], project, KNOWN)
        assert found is not None
        return found

    return made


def refusal(call: Callable[..., Any], *arguments: Any) -> tuple[str, str | None]:
    with pytest.raises(UsageError) as caught:
        call(*arguments)
    return caught.value.message, caught.value.help


# ---------------------------------------------------------------------------------------- what it says


def test_everything_it_may_say(read: Callable[[str], Configuration], project: Path) -> None:
    got = read(WHOLE)
    assert (got.path, got.directory) == ("stockade.toml", project)
    assert (got.noise, got.fail_on, got.allow_gaps) == ("strict", "high", True)
    assert not got.checkov_skips
    assert (got.var_files, got.baseline) == ((project / "prod.tfvars",), project / "known.json")
    assert got.packages == {"orders": project / "services" / "orders" / "src"}
    assert got.vars == {
        "stage": "prod",
        "count": "3",
        "names": '["a", "b"]',
        "on": "true",
        "deep": '{"x": 1.5}',
    }
    assert (got.exclude, got.accounts) == (("sandbox/**",), frozenset({"123456789012"}))
    first, second = got.accepts
    assert (first.controls, first.reason) == (("untraced-function",), "too much traffic")
    assert (first.function, first.address, first.path, first.until) == ("hot-*", "", "", None)
    assert second.controls == ("open-cors", "public-invoke")
    assert (second.address, second.path, second.until) == ("module.site.*", "site/**", date(2027, 3, 31))
    assert {one.kind for one in got.accepts} == {SuppressionKind.CONFIGURATION}
    assert [one.place.line for one in got.accepts] == [12, 19]


def test_an_empty_file_says_nothing(read: Callable[[str], Configuration], project: Path) -> None:
    assert read("") == Configuration("stockade.toml", project)


ACCEPT = '[[accept]]\ncontrol = "open-cors"\nreason = "why"\n'


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        ("nosie = 1", "1`: there is no key `nosie`", "did you mean `noise`?"),
        ("\nfail_on = 'low'", "2`: there is no key `fail_on`", "did you mean `fail-on`?"),
        ("zzz = 1", "1`: there is no key `zzz`", "there are `noise`"),
        ("noise = 'loud'", "1`: `noise` must be `regular`, `strict` or `audit`", None),
        ("noise = ['strict']", "1`: `noise` must be", None),
        ("fail-on = 'LOW'", "`fail-on` must be", None),
        ("allow-gaps = 1", "`allow-gaps` must be `true` or `false`", None),
        ("var-files = 'x'", "`var-files` must be a list of texts", None),
        ("var-files = [1]", "`var-files` must be a list of texts", None),
        ("[vars]\nday = 2027-01-01", "`vars` must be a table of", None),
        ("vars = {x = inf}", "`vars` must be a table of", None),
        ("vars = 'x'", "`vars` must be a table of", None),
        ("exclude = ['']", "`exclude` must be a list of texts", None),
        ("baseline = ''", "`baseline` must be a text that is not empty", None),
        ("accounts = [123456789012]", "`accounts` must be a list of account numbers", None),
        ("accounts = ['12345678901']", "`accounts` must be a list of account numbers", None),
        ("accounts = ['１２３４５６７８９０１２']", "`accounts` must be a list of account numbers", None),
        ("accept = 'x'", "`accept` must be tables: `[[accept]]`", None),
        ("[accept]\ncontrol = 'x'", "`accept` must be tables: `[[accept]]`", None),
        (ACCEPT + "adress = 'x'", "4`: there is no key `adress`", "did you mean `address`?"),
        (ACCEPT + "until = 'soon'", "4`: `until` must be a day, as in 2027-03-31", None),
        (ACCEPT + "until = '2027-02-30'", "`until` must be a day", None),
        (ACCEPT + "until = 2027-01-01T00:00:00", "`until` must be a day", None),
        (
            ACCEPT + ACCEPT.replace("cors", "cosr"),
            "5`: no control is called `open-cosr`",
            "did you mean `open-",
        ),
        (ACCEPT.replace("open-cors", "*"), "no control is called `*`", "name each control"),
        ("[[accept]]\nreason = 'x'", "1`: this `[[accept]]` has no `control`", "`stockade explain`"),
        ("[[accept]]\ncontrol = 'open-cors'", "this `[[accept]]` has no `reason`", "say why"),
        ("[[accept]]\ncontrol = []\nreason = 'x'", "`control` must be a control's name, or a list", None),
        ("[[accept]]\ncontrol = 'open-cors'\nreason = ' '", "`reason` must be a text", None),
        ("noise = \n", "1` is not TOML: ", None),
        ("var-files = ['gone.tfvars']", "1`: `gone.tfvars` does not exist", "relative to `stockade.toml`"),
        ("baseline = 'infra'", "1`: `infra` does not exist", None),
        ("baseline = '../known.json'", "`../known.json` lies outside of the repository", None),
        ("var-files = ['/etc/passwd']", "`/etc/passwd` lies outside of the repository", None),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    read: Callable[[str], Configuration], text: str, message: str, help: str | None
) -> None:
    said, advice = refusal(read, text)
    assert said.startswith("`stockade.toml")
    assert message in said
    assert help is None or help in (advice or "")


# -------------------------------------------------------------------------------------------- schema


def _as_json(value: Any) -> Any:
    """TOML as a validator for editors sees it: days are texts."""
    if isinstance(value, dict):
        return {key: _as_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_as_json(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def test_the_schema_is_one_and_names_the_same_keys() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    accept = SCHEMA["$defs"]["accept"]
    assert list(SCHEMA["properties"]) == list(KEYS)
    assert list(accept["properties"]) == list(ACCEPT_KEYS)
    assert accept["required"] == list(REQUIRED)
    assert list(SCHEMA["$defs"]["fix"]["properties"]) == list(FIX_KEYS)
    for key in ("noise", "fail-on"):
        for name in SCHEMA["properties"][key]["enum"]:
            assert KEYS[key].fits(name)


GOOD = [
    "",
    WHOLE,
    ACCEPT,
    ACCEPT + "until = '2027-03-31'",
    "vars = {}",
    "accept = [{control = 'open-cors', reason = 'x'}]",
    "exclude = []",
]
BAD = [
    "nosie = 1",
    "noise = 'loud'",
    "noise = 3",
    "fail-on = 'LOW'",
    "allow-gaps = 'yes'",
    "checkov-skips = 1",
    "var-files = 'x'",
    "var-files = ['']",
    "vars = 'x'",
    "exclude = [1]",
    "baseline = ' '",
    "baseline = ['known.json']",
    "accounts = '123456789012'",
    "accounts = ['123']",
    "accounts = [123456789012]",
    "fix = 'x'",
    "[fix]\nreserved-concurency = 5",
    "[fix]\nreserved-concurrency = 0",
    "[fix]\ncors-origins = ['*']",
    "[fix]\ncors-origins = []",
    "[fix]\nlog-retention-days = 31",
    "[fix]\nalarm-topic = 'alarms'",
    "accept = {control = 'open-cors', reason = 'x'}",
    "accept = ['open-cors']",
    "[[accept]]\nreason = 'x'",
    "[[accept]]\ncontrol = 'open-cors'",
    "[[accept]]\ncontrol = []\nreason = 'x'",
    "[[accept]]\ncontrol = 3\nreason = 'x'",
    "[[accept]]\ncontrol = 'open-cors'\nreason = ''",
    ACCEPT + "until = 3",
    ACCEPT + "until = '2027-02-30'",
    ACCEPT + "until = 2027-01-01T00:00:00",
    ACCEPT + "functoin = 'x'",
]


@pytest.mark.parametrize("text", GOOD)
def test_schema_and_reader_take_the_same(read: Callable[[str], Configuration], text: str) -> None:
    VALIDATOR.validate(_as_json(tomllib.loads(text)))
    read(text)


@pytest.mark.parametrize("text", BAD)
def test_schema_and_reader_refuse_the_same(read: Callable[[str], Configuration], text: str) -> None:
    assert not VALIDATOR.is_valid(_as_json(tomllib.loads(text)))
    with pytest.raises(UsageError):
        read(text)


VALUES: list[Any] = [
    *("", " ", "x", "strict", "never", "LOW", "123456789012", "2027-03-31", "2027-02-30", "2027-3-1"),
    *(0, 1, 30, 99, 100, 5_001, 1.5, True),
    *("arn:aws:sns:eu-west-1:123456789012:alarms", ["https://app.example.com"], ["https://app.example.com/x"]),
    *([], [""], ["x"], [1], [["x"]], ["123456789012"], ["x", "123456789012"], ["１２３４５６７８９０１２"]),
    *({}, {"a": "x"}, {"a": [1, {"b": True}]}),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_schema_and_table_agree_on_every_kind_of_value(value: Any) -> None:
    for key, kind in KEYS.items():
        if key not in ("accept", "fix"):
            assert VALIDATOR.is_valid({key: value}) is kind.fits(value), key
    for key, kind in FIX_KEYS.items():
        assert VALIDATOR.is_valid({"fix": {key: value}}) is kind.fits(value), key
    for key, kind in ACCEPT_KEYS.items():
        entry = {"control": "open-cors", "reason": "x", key: value}
        assert VALIDATOR.is_valid({"accept": [entry]}) is kind.fits(value), key


def test_what_fixes_are_to_say_is_taken_over(read: Callable[[str], Configuration]) -> None:
    said = "[fix]\nreserved-concurrency = 5\ncors-origins = ['https://app.example.com']\n"
    assert read(said).choices == Choices(reserved_concurrency=5, cors_origins=("https://app.example.com",))
    assert read("").choices == Choices()


# --------------------------------------------------------------------------------------- where it lies


def put(directory: Path, text: str, name: str = "stockade.toml") -> None:
    (directory / name).write_text(text, "utf-8")


def test_the_nearest_one_above_the_path_counts(project: Path) -> None:
    assert find([Path("infra/prod")], project, KNOWN) is None
    put(project, "noise = 'strict'")
    got = find([Path("infra/prod")], project, KNOWN)
    assert got is not None and (got.path, got.noise) == ("stockade.toml", "strict")
    put(project / "infra", "noise = 'audit'")
    got = find([Path("infra/prod")], project, KNOWN)
    assert got is not None and (got.path, got.noise) == ("infra/stockade.toml", "audit")
    put(project / "infra" / "prod", "")
    (project / "infra" / "prod" / "main.tf").touch()
    got = find([Path("main.tf")], project / "infra" / "prod", KNOWN)
    assert got is not None and (got.path, got.noise) == ("stockade.toml", None)


def test_pyproject_counts_if_it_speaks_of_us(project: Path) -> None:
    put(project, "[tool.stockade]\nnoise = 'strict'\n\n[[tool.stockade.accept]]\n", "pyproject.toml")
    message, _ = refusal(find, [Path()], project, KNOWN)
    assert message == "`pyproject.toml:4`: this `[[accept]]` has no `control`"
    put(project, "[tool.stockade]\nnoise = 'strict'\nx = 1\n", "pyproject.toml")
    assert refusal(find, [Path()], project, KNOWN)[0] == "`pyproject.toml:3`: there is no key `x`"
    put(project / "infra", "this is = not TOML, and none of our business", "pyproject.toml")
    put(project, "[tool.stockade]\nnoise = 'strict'\n", "pyproject.toml")
    got = find([Path("infra")], project, KNOWN)
    assert got is not None and (got.path, got.noise) == ("pyproject.toml", "strict")
    put(project, "", "stockade.toml")
    got = find([Path("infra")], project, KNOWN)
    assert got is not None and got.path == "stockade.toml"
    (project / "stockade.toml").unlink()
    put(project, "[tool]\nstockade = 1 # tool.stockade", "pyproject.toml")
    assert "must be a table" in refusal(find, [Path()], project, KNOWN)[0]


def test_the_search_ends_at_the_repository(project: Path) -> None:
    inner = project / "infra"
    (inner / ".git").mkdir()
    put(project, "noise = 'strict'")
    assert find([Path("prod")], inner, KNOWN) is None
    assert find([Path("infra/prod")], project, KNOWN) is None


def test_outside_of_a_repository_the_search_ends_where_one_is(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    put(tmp_path, "noise = 'strict'")
    assert find([Path("b")], tmp_path / "a", KNOWN) is None
    assert find([Path("a/b")], tmp_path, KNOWN) is not None
    put(tmp_path / "a" / "b", "")
    other = tmp_path / "other"
    other.mkdir()
    assert find([Path("../a/b")], other, KNOWN) is not None


def test_paths_that_are_configured_differently_are_refused(project: Path) -> None:
    (project / "infra" / "stage").mkdir()
    both = [Path("infra/prod"), Path("infra/stage")]
    put(project, "")
    assert find(both, project, KNOWN) is not None
    put(project / "infra" / "stage", "")
    message, help = refusal(find, both, project, KNOWN)
    assert message == (
        "`infra/prod` and `infra/stage` are configured differently,"
        " by `stockade.toml` and `infra/stage/stockade.toml`"
    )
    assert help is not None and "--config FILE" in help


def test_accepts_may_be_about_what_a_part_of_the_project_does_not_hold(project: Path) -> None:
    put(project, ACCEPT)
    whole, part = find([Path()], project, KNOWN), find([Path("infra/prod")], project, KNOWN)
    assert whole is not None and part is not None
    assert (whole.accepts[0].partial, part.accepts[0].partial) == (False, True)


def test_a_file_that_leads_out_of_the_repository_is_not_read(project: Path, tmp_path_factory: Any) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.toml"
    outside.write_text("noise = 'audit'")
    (project / "stockade.toml").symlink_to(outside)
    assert "outside" in refusal(find, [Path()], project, KNOWN)[0]
    (project / "stockade.toml").unlink()
    outside.write_text("[tool.stockade]\nnoise = 'audit'")
    (project / "pyproject.toml").symlink_to(outside)
    assert find([Path()], project, KNOWN) is None


def test_a_file_that_the_user_names_may_lie_and_lead_anywhere(project: Path, tmp_path_factory: Any) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "x.tfvars").touch()
    put(elsewhere, "var-files = ['x.tfvars']", "ours.toml")
    got = load(elsewhere / "ours.toml", project, KNOWN)
    assert got.var_files == (elsewhere / "x.tfvars",)
    put(project, f"var-files = ['{elsewhere / 'x.tfvars'}']", "ours.toml")
    assert load(Path("ours.toml"), project, KNOWN).path == "ours.toml"
    assert (
        "`gone.toml` was not read: there is no such file" in refusal(load, Path("gone.toml"), project, KNOWN)[0]
    )


def test_what_is_excluded_is_remembered(read: Callable[[str], Configuration], project: Path) -> None:
    exclusion = Exclusion(read("exclude = ['sandbox', '**/test']"))
    roots = ["sandbox", "sandbox/a", "infra", "infra/test", "sandboxes"]
    assert [exclusion(project / root) for root in roots] == [True, True, False, True, False]
    assert list(exclusion.met) == ["sandbox", "sandbox/a", "infra/test"]


# ----------------------------------------------------------------------------------------- its page

PAGE = (ROOT / "docs" / "configuration.md").read_text("utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", blocks("toml"))
def test_the_pages_settings_are_right(project: Path, text: str) -> None:
    VALIDATOR.validate(_as_json(tomllib.loads(text)))
    put(project, text)
    assert find([Path()], project, names()) is not None


@pytest.mark.parametrize(("kind", "name"), [("hcl", "main.tf"), ("json", "main.tf.json")])
def test_the_pages_comments_are_understood(kind: str, name: str) -> None:
    for text in blocks(kind):
        source = Source(name, text.encode())
        if '"Resources"' in text:
            said = of_template(Template(source))
        else:
            said = remarks(parse_json(source) if kind == "json" else parse(source))
        ledger = Ledger(names(), names(), date(2026, 11, 23))
        ledger.open(said)
        assert said
        assert {one.kind for one in ledger.notices()} == {NoticeKind.UNUSED}


def test_the_page_names_every_key() -> None:
    told = set(re.findall(r"`([a-z-]+)`", "".join(re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE))))
    assert told == {*KEYS, *ACCEPT_KEYS, *FIX_KEYS} - set(REQUIRED)
