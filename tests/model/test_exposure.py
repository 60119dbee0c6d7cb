"""What environment variables give away, value by value."""

from __future__ import annotations

import pytest

from stockade.model.attributes import is_host, leaf_of, secret_in, type_of
from stockade.model.environment import EnvironmentVariable, environment_variables
from stockade.model.exposure import Exposure, Way, exposure
from stockade.model.function import Function
from stockade.source import Source, Span
from stockade.value import Hole, Known, Ref, Unknown, Value, Written, sensitive, text_of

SOURCE = Source("main.tf", b'variables = {\n  A = 1\n  "B-C" = 2\n  # D = 3\n  D_E: 4\n}')
HERE = Written(Span(SOURCE, 0, len(SOURCE.data)))


def _function(environment: Value[dict[str, Value[str]]]) -> Function:
    name = Known("f", HERE)
    return Function(address="aws_lambda_function.f", origin=HERE, name=name, role=name, environment=environment)


def _variable(name: str, value: Value[str]) -> EnvironmentVariable:
    (made,) = environment_variables([_function(Known({name: value}, HERE))])
    return made


def _open(*parts: str | Ref | Hole) -> Unknown:
    return Unknown("nobody knows", HERE, text_of(*parts))


def test_a_variable_stands_where_its_name_does() -> None:
    value: Value[str] = Known("x", HERE)
    made = environment_variables([_function(Known({"A": value, "D_E": value, "ELSEWHERE": value}, HERE))])
    places = [one.origin.span.line for one in made if isinstance(one.origin, Written)]
    assert places == [2, 5, 1]
    assert [one.key for one in made] == ["A", "D_E", "ELSEWHERE"]


def test_an_environment_nobody_knows_is_one_subject() -> None:
    (made,) = environment_variables([_function(Unknown("a cycle", HERE))])
    assert made.key
    found = exposure(made)
    assert isinstance(found, Unknown)
    assert found.reason == "a cycle"


@pytest.mark.parametrize(
    ("name", "value", "way", "source"),
    [
        ("DB_PASSWORD", Known("hunter2", HERE), Way.WRITTEN, ""),
        ("SETTING", sensitive(Known("hunter2", HERE)), Way.WRITTEN, ""),
        ("SETTING", Known("hunter2", HERE, Ref("aws_db_instance.d", "password")), Way.WRITTEN, ""),
        ("URL", _open("postgres://a:hunter2@", Ref("aws_db_instance.d", "address")), Way.WRITTEN, ""),
        ("URL", _open("postgres://a:", Hole("var.pw"), "@db/x"), Way.VARIABLE, "var.pw"),
        ("URL", _open("postgres://a:", Ref("random_password.p", "result"), "@db/x"), Way.ATTRIBUTE,
         "random_password.p.result"),
        ("DB_PASSWORD", _open(Hole("var.pw")), Way.VARIABLE, "var.pw"),
        ("DB_PASSWORD", _open(Hole("module.m.var.pw")), Way.VARIABLE, "module.m.var.pw"),
        ("SETTING", sensitive(_open(Hole("var.setting"))), Way.VARIABLE, "var.setting"),
        ("SETTING", _open(Ref("random_password.p", "result")), Way.ATTRIBUTE, "random_password.p.result"),
        ("API_KEY", _open(Ref("data.aws_ssm_parameter.p", "value")), Way.ATTRIBUTE,
         "data.aws_ssm_parameter.p.value"),
        ("TOKEN", _open(Ref("data.terraform_remote_state.s", "outputs.token")), Way.ATTRIBUTE,
         "data.terraform_remote_state.s.outputs.token"),
        ("API_TOKEN", _open(Ref("module.issuer", "token")), Way.ATTRIBUTE, "module.issuer.token"),
    ],
)  # fmt: skip
def test_a_secret_is_given_away(name: str, value: Value[str], way: Way, source: str) -> None:
    found = exposure(_variable(name, value))
    assert isinstance(found, Exposure)
    assert (found.way, found.source) == (way, source)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STAGE", Known("prod", HERE)),
        ("STAGE", _open(Hole("var.stage"))),
        ("TABLE", _open(Ref("data.aws_ssm_parameter.p", "value"))),
        ("DB_SECRET", _open(Ref("aws_secretsmanager_secret.s", "arn"))),
        ("DB_PASSWORD", _open(Ref("aws_db_instance.d", "master_user_secret[0].secret_arn"))),
        ("DB_SECRET", _open(Hole("var.db_secret_name"))),
        ("DB_PASSWORD_ARN", _open(Hole("var.x"))),
        ("DB_PASSWORD", _open("/", Hole("var.stage"), "/db/password")),
        (
            "DB_USER",
            _open(Ref("data.aws_secretsmanager_secret_version.s", "jsondecode(secret_string).username")),
        ),
        (
            "DB_HOSTNAME",
            _open(Ref("data.aws_secretsmanager_secret_version.s", "jsondecode(secret_string).db_host")),
        ),
        ("SECRET_ARN", sensitive(_open(Hole("var.secret_arn")))),
        ("SETTING", sensitive(Known("true", HERE))),
    ],
)
def test_nothing_is_given_away(name: str, value: Value[str]) -> None:
    assert exposure(_variable(name, value)) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", _open(Hole("var.url"))),
        ("STRIPE_KEY", _open(Hole("var.stripe"))),
        ("DB_PASSWORD", Unknown("a cycle", HERE)),
        ("DB_PASSWORD", _open(Ref("module.db", "value"))),
        ("DB_PASSWORD", _open("pre9x!", Hole("var.rest"))),
    ],
)
def test_nobody_can_say(name: str, value: Value[str]) -> None:
    assert isinstance(exposure(_variable(name, value)), Unknown)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("aws_db_instance.d", "aws_db_instance"),
        ('module.a["x.y"].module.b[0].data.aws_ssm_parameter.p[0]', "aws_ssm_parameter"),
        ("module.m", "module"),
    ],
)
def test_types_are_read_from_addresses(address: str, kind: str) -> None:
    assert type_of(Ref(address, "x")) == kind


def test_attributes_are_told_by_their_type() -> None:
    secret = Ref("data.aws_secretsmanager_secret_version.s", "jsondecode(secret_string).password")
    assert secret_in(secret) == "a secret"
    assert leaf_of(secret) == "password"
    assert secret_in(Ref("aws_sqs_queue.q", "password")) is None
    assert is_host(Ref("aws_elasticache_cluster.c", "cache_nodes[0].address"))
    assert not is_host(Ref("aws_dynamodb_table.t", "name"))
