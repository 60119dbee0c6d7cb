"""Reports to look at: one of a small project with a bit of everything, one of many functions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from hashlib import sha256

from stockade.checklist import Item
from stockade.control import Crashed, Fails, Fix, Noise, Outcome, Safety, Severity, State, Undecided
from stockade.report import (
    BaselineReport,
    Evidence,
    Finding,
    FunctionReport,
    GapReport,
    InputReport,
    Notice,
    NoticeKind,
    Report,
    Suppression,
    SuppressionKind,
    Tally,
)
from stockade.source import Source, Span
from stockade.value import Default, Unknown, Written

MAIN = Source(
    "infra/main.tf",
    b"""terraform {
  required_version = ">= 1.5"
}

variable "stage" {
  type = string
}

# stockade: accept[unreserved-concurrency] the API in front is throttled to 50 requests a second
resource "aws_lambda_function" "orders" {
  function_name = "orders-api"
  role          = aws_iam_role.orders.arn
  runtime       = "nodejs16.x"
  handler       = "index.handler"
  filename      = "build/orders.zip"

  environment {
    variables = {
      TABLE       = aws_dynamodb_table.orders.name
      STRIPE_KEY  = "live-4eC39HqLyjWDarjtT1z"
      DB_PASSWORD = "correct horse battery"
      STAGE       = var.stage
    }
  }
}

resource "aws_lambda_function_url" "orders" {
  function_name      = aws_lambda_function.orders.function_name
  invoke_mode        = "BUFFERED"
  authorization_type = "NONE"
}

module "worker" {
  source = "./modules/worker"
  stage  = var.stage
}
""",
)
WORKER = Source(
    "infra/modules/worker/main.tf",
    b"""resource "aws_lambda_function" "this" {
  function_name = "worker-${var.stage}"
  role          = aws_iam_role.this.arn
  runtime       = "python3.12"
  handler       = "app.handler"
}

resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:*", "sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:Purge*"]
        Resource = "*"
      },
    ]
  })
}

resource "aws_lambda_permission" "events" {
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  function_name = aws_lambda_function.this.function_name
}
""",
)
CONTROLS = {
    "admin-role": Item.CUSTOM_ROLE,
    "shared-role": Item.CUSTOM_ROLE,
    "wildcard-action": Item.EXACT_PERMISSIONS,
    "wildcard-resource": Item.EXACT_PERMISSIONS,
    "unscoped-logs": Item.SCOPED_LOGS,
    "unscoped-secrets": Item.SCOPED_SECRETS,
    "invalid-policy": Item.VALID_POLICIES,
    "public-invoke": Item.RESTRICTED_INVOKERS,
    "unscoped-invoker": Item.RESTRICTED_INVOKERS,
    "unscoped-api-invoker": Item.SCOPED_API,
    "unreserved-concurrency": Item.RESERVED_CONCURRENCY,
    "public-function-url": Item.PUBLIC_ENDPOINTS,
    "plaintext-secret": Item.NO_PLAINTEXT_SECRETS,
    "leaked-hostname": Item.NO_HOSTNAMES,
    "untraced-function": Item.TRACING,
    "unalarmed-errors": Item.ERROR_ALARM,
    "deprecated-runtime": Item.CURRENT_RUNTIME,
    "silent-async-failure": Item.OPERATIONS,
}
SETTINGS = Source(
    "stockade.toml",
    b"""[[accept]]
control = "silent-async-failure"
function = "worker-*"
reason = "the queue behind it keeps what fails"
until = 2027-03-31

[[accept]]
control = "open-cors"
reason = "public data"
""",
)
ITEMS = {item: tuple(name for name, of in CONTROLS.items() if of is item) for item in Item}
LATER = Default("a default")


def at(source: Source, text: str, nth: int = 0) -> Span:
    """The place of a piece of text in a source."""
    start = -1
    for _ in range(nth + 1):
        start = source.data.index(text.encode(), start + 1)
    return Span(source, start, start + len(text.encode()))


def finding(
    control: str,
    address: str,
    functions: tuple[str, ...],
    severity: Severity,
    message: str,
    *evidence: Evidence,
    outcome: Outcome | None = None,
    cause: str = "",
    help: str | None = None,
    fix: Fix | None = None,
    doubt: str = "",
    input: int = 0,
    suppressed: Suppression | None = None,
) -> Finding:
    """A finding with what matters here."""
    because = Written(evidence[0].span) if evidence else LATER
    return Finding(
        control=control,
        item=CONTROLS[control],
        input=input,
        address=address,
        functions=functions,
        outcome=outcome or (Undecided(Unknown(cause, because)) if cause else Fails(message, because, fix)),
        severity=severity,
        noise=Noise.REGULAR,
        message=message,
        cause=cause,
        help=help,
        evidence=evidence,
        fix=fix,
        doubt=doubt,
        suppressed=suppressed,
        fingerprint=sha256(f"{control} {address} {cause}".encode()).hexdigest()[:16],
    )


def states(**unusual: State) -> dict[str, State]:
    """A function's answers: all hold but those named (with ``_`` for ``-``)."""
    return {name: unusual.get(name.replace("-", "_"), State.HOLDS) for name in CONTROLS}


def function(address: str, name: str, span: Span | None, checklist: dict[str, State]) -> FunctionReport:
    """A function whose rows take the worst of their controls, in a simple order."""
    order = [
        State.NOT_DECIDED,
        State.NOT_APPLICABLE,
        State.HOLDS,
        State.ACCEPTED,
        State.UNDECIDED,
        State.FAILS,
        State.CRASHED,
    ]
    rows = {
        item: max((checklist[one] for one in names), key=order.index, default=State.NOT_DECIDED)
        for item, names in ITEMS.items()
    }
    return FunctionReport(0, address, name, span, "", checklist, rows)


F, U, N = State.FAILS, State.UNDECIDED, State.NOT_APPLICABLE
ORDERS, THIS = "aws_lambda_function.orders", "module.worker.aws_lambda_function.this"
STAGE = "variable `stage` has no default and was not given"
GIVE = "give it: `--var stage=…` or `--var-file FILE`"
CALL = Evidence(at(MAIN, 'module "worker"'), "called here")


def small() -> Report:
    """A project with two functions and a bit of everything."""
    orders_header = Evidence(at(MAIN, 'resource "aws_lambda_function" "orders"'), ORDERS)
    url = "aws_lambda_function_url.orders"
    policy = "module.worker.aws_iam_role_policy.this"
    permission = "module.worker.aws_lambda_permission.events"
    statement = WORKER.data.index(b"      {\n        Effect") + 6
    whole = Span(WORKER, statement, WORKER.data.index(b"},\n    ]") + 1)
    tracing = "X-Ray does not trace this function"
    untraced = Fix("set the tracing mode to Active", Safety.SAFE, ())
    no_alarm = "no alarm watches this function's errors"
    findings = (
        finding(
            "public-function-url",
            url,
            (ORDERS,),
            Severity.CRITICAL,
            "anyone on the internet may call this function URL",
            Evidence(at(MAIN, '"NONE"'), ""),
            Evidence(at(MAIN, 'resource "aws_lambda_function_url" "orders"'), url),
            fix=Fix("require IAM authentication", Safety.REVIEW, ()),
        ),
        finding(
            "plaintext-secret",
            ORDERS,
            (ORDERS,),
            Severity.HIGH,
            "`STRIPE_KEY` holds a secret in plain text: all who may call GetFunctionConfiguration see it",
            Evidence(at(MAIN, '"live-4eC39HqLyjWDarjtT1z"'), ""),
            orders_header,
        ),
        finding(
            "wildcard-action",
            policy,
            (THIS,),
            Severity.HIGH,
            "`s3:*` allows every action of S3, deleting buckets and opening them to the world among them",
            Evidence(at(WORKER, '"s3:*"'), ""),
            CALL,
            Evidence(at(WORKER, 'resource "aws_iam_role_policy" "this"'), policy),
        ),
        finding(
            "wildcard-resource",
            policy,
            (THIS,),
            Severity.MEDIUM,
            "this statement reaches every queue and bucket of the account",
            Evidence(whole, ""),
            CALL,
            Evidence(at(WORKER, 'resource "aws_iam_role_policy" "this"'), policy),
        ),
        finding(
            "unscoped-invoker",
            permission,
            (THIS,),
            Severity.MEDIUM,
            "any EventBridge rule of any account may invoke this function",
            Evidence(
                at(WORKER, 'resource "aws_lambda_permission" "events"'),
                "no source ARN restricts the permission",
            ),
            CALL,
            fix=Fix("set the source ARN to the rule's", Safety.SHOW, ()),
            doubt="`count` depends on variable `stage`",
        ),
        finding(
            "deprecated-runtime",
            ORDERS,
            (ORDERS,),
            Severity.MEDIUM,
            "nodejs16.x gets no security patches since 2024-06-12",
            Evidence(at(MAIN, '"nodejs16.x"'), ""),
            orders_header,
            fix=Fix("move to nodejs22.x", Safety.REVIEW, ()),
        ),
        finding(
            "untraced-function",
            ORDERS,
            (ORDERS,),
            Severity.LOW,
            tracing,
            Evidence(orders_header.span, "Lambda's default tracing mode is PassThrough"),
            fix=untraced,
        ),
        finding(
            "unalarmed-errors",
            ORDERS,
            (ORDERS,),
            Severity.LOW,
            no_alarm,
            Evidence(orders_header.span, "the input has no alarm on it"),
        ),
        finding(
            "untraced-function",
            THIS,
            (THIS,),
            Severity.LOW,
            tracing,
            Evidence(
                at(WORKER, 'resource "aws_lambda_function" "this"'),
                "Lambda's default tracing mode is PassThrough",
            ),
            CALL,
            fix=untraced,
        ),
        finding(
            "unalarmed-errors",
            THIS,
            (THIS,),
            Severity.LOW,
            no_alarm,
            Evidence(at(WORKER, 'resource "aws_lambda_function" "this"'), "the input has no alarm on it"),
            CALL,
        ),
        *(
            finding(
                control,
                THIS,
                (THIS,),
                Severity.MEDIUM,
                f"not known: {STAGE}",
                Evidence(at(WORKER, '"worker-${var.stage}"'), ""),
                CALL,
                cause=STAGE,
                help=GIVE,
            )
            for control in ("unscoped-logs", "public-invoke", "leaked-hostname")
        ),
        finding(
            "leaked-hostname",
            ORDERS,
            (ORDERS,),
            Severity.LOW,
            f"not known: {STAGE}",
            Evidence(at(MAIN, "var.stage"), ""),
            cause=STAGE,
            help=GIVE,
        ),
        finding(
            "invalid-policy",
            policy,
            (THIS,),
            Severity.MEDIUM,
            "the control itself failed: KeyError: 'Sid'",
            Evidence(at(WORKER, 'resource "aws_iam_role_policy" "this"'), ""),
            outcome=Crashed("KeyError: 'Sid'"),
            help="this is a defect of Stockade: please report it",
        ),
        finding(
            "unreserved-concurrency",
            ORDERS,
            (ORDERS,),
            Severity.LOW,
            "nothing bounds how much of the account's concurrency this function takes",
            orders_header,
            suppressed=Suppression(
                SuppressionKind.COMMENT,
                "the API in front is throttled to 50 requests a second",
                at(MAIN, "# stockade: accept[unreserved-concurrency]"),
            ),
        ),
        finding(
            "silent-async-failure",
            ORDERS,
            (ORDERS,),
            Severity.LOW,
            "events that fail are lost",
            orders_header,
            suppressed=Suppression(SuppressionKind.BASELINE, "in the baseline of 2026-11-01"),
        ),
        finding(
            "silent-async-failure",
            THIS,
            (THIS,),
            Severity.LOW,
            "events that fail are lost",
            Evidence(at(WORKER, 'resource "aws_lambda_function" "this"'), ""),
            suppressed=Suppression(
                SuppressionKind.CONFIGURATION,
                "the queue behind it keeps what fails",
                at(SETTINGS, "[[accept]]"),
                date(2027, 3, 31),
            ),
        ),
    )
    functions = (
        function(
            ORDERS,
            "orders-api",
            orders_header.span,
            states(
                public_function_url=F,
                plaintext_secret=F,
                deprecated_runtime=F,
                untraced_function=F,
                unalarmed_errors=F,
                unreserved_concurrency=State.ACCEPTED,
                silent_async_failure=F,
                leaked_hostname=U,
                unscoped_api_invoker=N,
                unscoped_secrets=N,
            ),
        ),
        function(
            THIS,
            "worker-${var.stage}",
            at(WORKER, 'resource "aws_lambda_function" "this"'),
            states(
                wildcard_action=F,
                wildcard_resource=F,
                unscoped_invoker=F,
                untraced_function=F,
                unalarmed_errors=F,
                unscoped_logs=U,
                silent_async_failure=State.ACCEPTED,
                public_invoke=U,
                leaked_hostname=U,
                unscoped_api_invoker=N,
                public_function_url=N,
                invalid_policy=State.CRASHED,
            ),
        ),
    )
    registry = Span(MAIN, MAIN.data.index(b'module "worker"'), MAIN.data.index(b'module "worker"') + 15)
    gaps = (
        GapReport(
            0,
            "module `vpc`",
            "its source is in a registry, and `.terraform/modules` has no copy of it",
            "run `terraform init -backend=false` first",
            (Evidence(registry, ""),),
        ),
    )
    tallies: Counter[tuple[str, str]] = Counter()
    for one in findings:
        tallies[one.control, type(one.outcome).__name__.lower()] += 1
    return Report(
        version="0.1.0",
        data={"runtimes": "2026-11-01"},
        at="2026-11-23T10:00:00Z",
        noise=Noise.REGULAR,
        inputs=(InputReport("terraform", "infra", 41, "infra"),),
        functions=functions,
        findings=findings,
        withheld={Noise.STRICT: 4, Noise.AUDIT: 2},
        gaps=gaps,
        items=ITEMS,
        asked=tuple(sorted(CONTROLS)),
        coverage={
            name: Tally(2, tallies[name, "fails"], tallies[name, "undecided"], tallies[name, "crashed"])
            for name in sorted(CONTROLS)
        },
        concealed=(at(MAIN, '"live-4eC39HqLyjWDarjtT1z"'),),
        notices=(
            Notice(
                NoticeKind.REFUSED,
                "no control is called `untraced-functoin`",
                "did you mean `untraced-function`?",
                (Evidence(at(MAIN, "terraform"), ""),),
            ),
            Notice(
                NoticeKind.UNUSED,
                "`[[accept]]` of `open-cors` accepts nothing",
                "remove it, or correct where it applies",
                (Evidence(at(SETTINGS, "[[accept]]", 1), ""),),
            ),
        ),
        baseline=BaselineReport("known.json", "2026-11-01T10:00:00Z", 4, 3),
        configuration="stockade.toml",
        excluded=("sandbox/a", "sandbox/b"),
    )


def many(number: int = 60) -> Report:
    """A project in which one module is called for every function, and some write their own."""
    text = "".join(
        f'module "fn_{n:03}" {{\n  source = "./modules/worker"\n  name   = "service-{n:03}"\n}}\n\n'
        f'resource "aws_lambda_function_url" "u{n:03}" {{\n  authorization_type = "NONE"\n}}\n\n'
        for n in range(number)
    )
    source = Source("infra/services.tf", text.encode())
    functions, findings = [], []
    for n in range(number):
        address = f"module.fn_{n:03}.aws_lambda_function.this"
        call = Evidence(at(source, f'module "fn_{n:03}"'), "called here")
        functions.append(
            function(
                address,
                f"service-{n:03}",
                call.span,
                states(
                    wildcard_action=F,
                    public_function_url=F if n % 3 == 0 else N,
                    unscoped_logs=U if n % 5 == 0 else State.HOLDS,
                    unscoped_api_invoker=N,
                    untraced_function=F if n % 2 else State.HOLDS,
                ),
            )
        )
        if n % 3 == 0:
            findings.append(
                finding(
                    "public-function-url",
                    f"aws_lambda_function_url.u{n:03}",
                    (address,),
                    Severity.CRITICAL,
                    "anyone on the internet may call this function URL",
                    Evidence(at(source, '"NONE"', n), ""),
                    Evidence(
                        at(source, f'resource "aws_lambda_function_url" "u{n:03}"'),
                        f"aws_lambda_function_url.u{n:03}",
                    ),
                    fix=Fix("require IAM authentication", Safety.REVIEW, ()),
                )
            )
        findings.append(
            finding(
                "wildcard-action",
                f"module.fn_{n:03}.aws_iam_role_policy.this",
                (address,),
                Severity.HIGH,
                "`s3:*` allows every action of S3",
                Evidence(at(WORKER, '"s3:*"'), ""),
                call,
            )
        )
    findings.sort(key=lambda one: -one.severity)
    base = small()
    return replace(
        base,
        functions=tuple(functions),
        findings=tuple(findings),
        gaps=(),
        withheld={},
        concealed=(),
        notices=(),
        baseline=None,
        excluded=(),
    )
