"""Questions about a run, in SQL over the store's tables: the shipped views, and what is told at the end.

A row of the store names an input by its root, ``111122223333/eu-west-1`` of an account and ``payments/infra``
of a repository: the first part is its *account* here. A view looks at what the run's noise level shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stockade.baseline import Baseline
from stockade.control import Severity
from stockade.errors import UsageError
from stockade.posture import Failing, Posture, Unread
from stockade.records import dataclass
from stockade.report import BaselineReport
from stockade.store.history import chosen_run
from stockade.store.parts import Store
from stockade.store.tables import Row


@dataclass(frozen=True, slots=True)
class View:
    """A question: what its answer tells, the query, and the controls that it is about.

    An answer of a row for each function says in which table ``of`` its query has them and in what ``order``:
    only those that are ``{shown}`` are finished, and ``{total}`` is where their number may stand.
    """

    tells: str
    sql: str
    controls: tuple[str, ...] = ()
    of: str = ""
    order: str = ""


_OUTSIDE: Final = (
    *("public-invoke", "public-function-url", "cross-account-invoke", "unauthenticated-api"),
    "unscoped-invoker",
)

PRELUDE: Final = """WITH
level AS (SELECT list_position(['regular', 'strict', 'audit'], any_value(noise)) AS most FROM runs),
found AS (
  SELECT split_part(root, '/', 1) AS account,
         CASE WHEN regexp_full_match(account, '[0-9]{12}') THEN split_part(root, '/', 2) END AS region, *
  FROM findings WHERE list_position(['regular', 'strict', 'audit'], noise) <= (SELECT most FROM level)
),
failing AS (SELECT * FROM found WHERE verdict = 'fails' AND NOT accepted),
concerned AS (
  SELECT root, account, region, control, verdict, severity, accepted, fix, safety,
         unnest(functions) AS function_address FROM found
),
named AS (SELECT split_part(root, '/', 1) AS account, root, address, name, role, runtime FROM functions)
"""
"""What every view may build on; ``noise`` is the level of the run."""

_LIST: Final = ", ".join(f"'{one}'" for one in _OUTSIDE)
_REGION: Final = "CASE WHEN regexp_full_match(account, '[0-9]{12}') THEN split_part(root, '/', 2) END AS region"


def _flags(bits: str) -> str:
    """The controls whose bit is set, as a list: bits are faster to put together than lists."""
    each = (
        f"CASE WHEN {bits} & {1 << place} > 0 THEN '{one}' END"
        for place, one in sorted(enumerate(_OUTSIDE, 1), key=lambda pair: pair[1])
    )
    return f"list_filter([{', '.join(each)}], lambda one: one IS NOT NULL)"


VIEWS: Final[Mapping[str, View]] = {
    "outside": View(
        "functions that somebody outside of their account can invoke, and those of which that is not known",
        f""", bits AS (
  SELECT root, function_address, verdict = 'fails' AS fails, accepted,
         1 << list_position([{_LIST}], control) AS bit
  FROM concerned WHERE control IN ({_LIST})
), ways AS (
  SELECT split_part(root, '/', 1) AS account, root, function_address,
         bit_or(CASE WHEN fails THEN bit ELSE 0 END) AS through,
         bit_or(CASE WHEN fails THEN 0 ELSE bit END) AS unknown,
         bool_and(accepted) FILTER (fails) AS accepted
  FROM bits GROUP BY root, function_address
) {{shown}}
SELECT account, {_REGION}, coalesce(n.name, function_address) AS function,
       {_flags("through")} AS invoked_through, {_flags("unknown")} AS not_known, accepted{{total}}
FROM shown LEFT JOIN (SELECT root, address AS function_address, name FROM functions) n
USING (root, function_address)""",
        _OUTSIDE,
        "ways",
        "bit_count(through) DESC, account, root, function_address",
    ),
    "roles": View(
        "roles that several functions share, in one region or over all of them, and what fails of the role",
        """, whose AS (
  SELECT account, name, root, CASE WHEN role LIKE 'arn:%' THEN role
         ELSE regexp_extract(role, '^(\\$\\{)?(.*?)(\\.arn\\})?$', 2) END AS role,
         CASE WHEN role LIKE 'arn:%' THEN account ELSE root END AS within
  FROM named WHERE role IS NOT NULL
), shared AS (
  SELECT account, within, role, count(*) AS functions, count(DISTINCT root) AS inputs,
         list_sort(list(name))[:5] AS some_functions
  FROM whose GROUP BY account, within, role HAVING count(*) > 1
), wrong AS (
  SELECT address AS role, account, root, list(DISTINCT control) AS controls FROM failing
  WHERE address IN (SELECT role FROM shared) GROUP BY ALL
), of_role AS (
  SELECT s.within, s.role, list_sort(list_distinct(flatten(list(w.controls)))) AS failing
  FROM shared s JOIN wrong w ON w.role = s.role AND s.within IN (w.account, w.root) GROUP BY ALL
)
SELECT account, role, functions, inputs, coalesce(failing, []) AS failing, some_functions
FROM shared LEFT JOIN of_role USING (within, role)
ORDER BY len(failing) DESC, functions DESC, account, role""",
    ),
    "fixes": View(
        "what to fix first: by control and kind of fix, how many functions it hardens",
        """, hardened AS (
SELECT f.control, coalesce(f.safety, 'none proposed') AS fix, mode(f.fix) AS for_example,
       count(DISTINCT hash(f.root, f.function_address)) AS functions, count(DISTINCT f.account) AS accounts,
       max(list_position(['low', 'medium', 'high', 'critical'], f.severity)) AS rank
FROM concerned f WHERE f.verdict = 'fails' AND NOT f.accepted GROUP BY ALL
)
SELECT control, ['low', 'medium', 'high', 'critical'][rank] AS severity, functions, accounts, fix, for_example
FROM hardened ORDER BY functions DESC, rank DESC, control, fix""",
    ),
    "accounts": View(
        "every account: its functions, what fails by severity, is accepted or undecided, and was not read",
        """, of_functions AS (
  SELECT account, count(*) AS functions, count(DISTINCT root) AS regions FROM named GROUP BY account
),
of_findings AS (
  SELECT account, count(*) FILTER (verdict = 'fails' AND NOT accepted AND severity = 'critical') AS critical,
         count(*) FILTER (verdict = 'fails' AND NOT accepted AND severity = 'high') AS high,
         count(*) FILTER (verdict = 'fails' AND NOT accepted AND severity = 'medium') AS medium,
         count(*) FILTER (verdict = 'fails' AND NOT accepted AND severity = 'low') AS low,
         count(*) FILTER (verdict = 'fails' AND accepted) AS accepted,
         count(*) FILTER (verdict <> 'fails') AS undecided
  FROM found GROUP BY account
), of_gaps AS (SELECT split_part(root, '/', 1) AS account, count(*) AS gaps FROM gaps GROUP BY 1),
everybody AS (SELECT DISTINCT split_part(unnest(roots), '/', 1) AS account FROM runs)
SELECT account, coalesce(functions, 0) AS functions, coalesce(regions, 0) AS regions_with_functions,
       coalesce(critical, 0) AS critical, coalesce(high, 0) AS high, coalesce(medium, 0) AS medium,
       coalesce(low, 0) AS low,
       coalesce(accepted, 0) AS accepted, coalesce(undecided, 0) AS undecided, coalesce(gaps, 0) AS gaps
FROM everybody LEFT JOIN of_functions USING (account) LEFT JOIN of_findings USING (account)
LEFT JOIN of_gaps USING (account)
ORDER BY critical DESC, high DESC, medium DESC, low DESC, gaps DESC, account""",
    ),
    "controls": View(
        "every control: how often it holds, fails, is accepted and undecided, and where it fails",
        """, counted AS (
  SELECT control, sum(holds)::BIGINT AS holds, sum(undecided)::BIGINT AS undecided,
         sum(crashed)::BIGINT AS crashed
  FROM coverage GROUP BY control
), of_findings AS (
  SELECT control, count(*) FILTER (NOT accepted) AS fails, count(*) FILTER (accepted) AS accepted,
         count(DISTINCT account) FILTER (NOT accepted) AS accounts
  FROM found WHERE verdict = 'fails' GROUP BY control
)
SELECT control, holds, coalesce(fails, 0) AS fails, coalesce(accepted, 0) AS accepted, undecided, crashed,
       coalesce(accounts, 0) AS accounts_where_it_fails
FROM counted LEFT JOIN of_findings USING (control) ORDER BY fails DESC, undecided DESC, control""",
    ),
    "functions": View(
        "every function that fails something, the worst first",
        f""", worst AS (
  SELECT split_part(root, '/', 1) AS account, root, function_address,
         count(*) FILTER (severity = 'critical') AS critical, count(*) FILTER (severity = 'high') AS high,
         count(*) AS findings
  FROM concerned WHERE verdict = 'fails' AND NOT accepted GROUP BY root, function_address
) {{shown}}, why AS (
  SELECT root, function_address, list_sort(list(DISTINCT control)) AS failing
  FROM concerned SEMI JOIN shown USING (root, function_address)
  WHERE verdict = 'fails' AND NOT accepted GROUP BY root, function_address
)
SELECT account, {_REGION}, coalesce(n.name, function_address) AS function, critical, high, findings,
       failing{{total}}
FROM shown JOIN why USING (root, function_address)
LEFT JOIN (SELECT root, address AS function_address, name FROM functions) n USING (root, function_address)""",
        (),
        "worst",
        "critical DESC, high DESC, findings DESC, account, root, function_address",
    ),
    "runtimes": View(
        "runtimes: how many functions have each, in how many accounts, and how many fail `deprecated-runtime`",
        """, old AS (
  SELECT DISTINCT root, function_address FROM concerned
  WHERE control = 'deprecated-runtime' AND verdict = 'fails'
)
SELECT coalesce(n.runtime, 'an image, or not known') AS runtime, count(*) AS functions,
       count(DISTINCT n.account) AS accounts, count(o.root) AS deprecated
FROM named n LEFT JOIN old o ON o.root = n.root AND o.function_address = n.address
GROUP BY 1 ORDER BY functions DESC, runtime""",
        ("deprecated-runtime",),
    ),
    "undecided": View(
        "what nobody could say, by control and reason",
        """SELECT control, message, count(*) AS findings, count(DISTINCT account) AS accounts,
       min(root) AS for_example
FROM found WHERE verdict <> 'fails' GROUP BY control, message ORDER BY findings DESC, control, message""",
    ),
    "unread": View(
        "what was not read, and why: nothing is said of it, so nothing of it holds",
        """, told AS (
  SELECT root, split_part(root, '/', 1) AS account, regexp_replace(reason, '[0-9]{12}', '…', 'g') AS reason,
         regexp_replace(regexp_replace(what, '`?[0-9]{12}/[a-z0-9-]+`?', '…'), ' of `.* in …', ' in …') AS what
  FROM gaps
)
SELECT what, reason, count(*) AS times, count(DISTINCT account) AS accounts, min(root) AS for_example
FROM told GROUP BY what, reason ORDER BY times DESC, what, reason""",
    ),
}
"""Name -> question. Each is one SELECT that follows ``PRELUDE``."""


def query(name: str) -> str:
    """The whole statement of a view. Raises ``UsageError`` where there is none of the name."""
    view = _view(name)
    sql = _from_prelude(view).replace("{total}", "")
    if not view.of:
        return sql
    everything = f", shown AS (SELECT * FROM {view.of})"
    return f"{sql.replace('{shown}', everything)}\nORDER BY {view.order}"


def _some(view: View, where: str, cut: str) -> str:
    """The statement of some rows, with one column more that says how many there are without the cut."""
    sql = _from_prelude(view)
    if not view.of:
        return f"SELECT *, count(*) OVER () FROM ({sql}) {where} {cut}"
    total = f"(SELECT count(*) FROM {view.of} {where}) AS total"
    first = f"SELECT *, {total} FROM {view.of} {where}"
    ordered = f"ORDER BY {view.order} {cut}" if cut else ""
    sql = sql.replace("{shown}", f", shown AS ({first} {ordered})").replace("{total}", ", total")
    return f"{sql} ORDER BY {view.order}"


def _from_prelude(view: View) -> str:
    return f"{PRELUDE.rstrip()}{'' if view.sql.startswith(',') else chr(10)}{view.sql}"


def _view(name: str) -> View:
    view = VIEWS.get(name)
    if view is not None:
        return view
    from difflib import get_close_matches

    near = get_close_matches(name, VIEWS, 1, 0.5)
    help = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(f'`{one}`' for one in VIEWS)}"
    raise UsageError(f"there is no view `{name}`", help=help)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view says of a run. ``rows`` are those that were asked for, of ``total``.

    ``unasked`` are controls that the view is about and the run did not ask; ``partly`` counts the inputs that
    were not read whole, of ``inputs``.
    """

    run: str
    view: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    unasked: tuple[str, ...]
    partly: int
    inputs: int


def ask(store: Store, run: str, view: str, account: str | None = None, limit: int | None = None) -> Answer:
    """Ask a view of a run (its name, the beginning of it, or ``latest``), and of one account if that is said.

    Raises ``UsageError`` where there is no such view or run, or the view has no accounts.
    """
    question = _view(view)
    which = chosen_run(store, run)
    of = [which.run]
    values: list[Any] = []
    columns = store.table(f"SELECT * FROM ({query(view)}) LIMIT 0", (), of)[0]
    where = ""
    if account is not None:
        if "account" not in columns:
            raise UsageError(f"`{view}` is about all accounts together", help="leave out `--account`")
        where, values = "WHERE account = $1", [account]
    cut = f"LIMIT {int(limit)}" if limit else ""
    told = store.select(_some(question, where, cut), values, of)
    partly = store.select("SELECT count(DISTINCT root) FROM gaps", (), of)[0][0]
    return Answer(
        run=which.run,
        view=view,
        columns=columns,
        rows=tuple(row[:-1] for row in told),
        total=told[0][-1] if told else 0,
        unasked=tuple(one for one in question.controls if one not in which.asked),
        partly=partly,
        inputs=len(which.roots),
    )


# ------------------------------------------------------------------------------------- what is told

_SEVERITIES: Final = ("low", "medium", "high", "critical")
_SHOWN: Final = 12


_KNOWN: Final = """WITH known AS (
  SELECT unnest($1::VARCHAR[]) AS fingerprint, unnest($2::INTEGER[]) AS most, unnest($3::BOOLEAN[]) AS failed
),"""
_FOUND: Final = f"""* EXCLUDE (most, failed) REPLACE (accepted OR (
           most IS NOT NULL AND verdict <> 'crashed' AND (failed OR verdict = 'undecided')
           AND list_position({list(_SEVERITIES)}, severity) <= most
         ) AS accepted)
  FROM findings LEFT JOIN known USING (fingerprint) WHERE"""
"""What a baseline knows, as ``Baseline.known`` has it: as if it was accepted."""


_BY_CONTROL: Final = """, heads AS (
  SELECT control, max(list_position(['low', 'medium', 'high', 'critical'], severity)) AS rank,
         count(*) AS findings,
         count(DISTINCT account) AS owners FROM failing GROUP BY control
), bodies AS (
  SELECT control, count(DISTINCT hash(root, function_address)) AS functions FROM concerned
  WHERE verdict = 'fails' AND NOT accepted GROUP BY control
)
SELECT control, rank, findings, coalesce(functions, 0), owners FROM heads LEFT JOIN bodies USING (control)
ORDER BY rank DESC, findings DESC, control"""
_NOT_DECIDED: Final = """SELECT count(*) FILTER (verdict = 'undecided' AND NOT accepted),
count(*) FILTER (verdict = 'crashed') FROM found"""


def posture(store: Store, run: str, baseline: Baseline | None = None) -> Posture:
    """What is told of a run as a whole; what ``baseline`` knows does not count."""
    which = chosen_run(store, run)
    of = [which.run]
    by_owner = f"{PRELUDE}SELECT count(*) FROM found WHERE verdict = 'fails' AND accepted"
    accepted = store.select(by_owner, (), of)
    prelude, known, number = PRELUDE, list[Any](), 0
    if baseline is not None:
        entries = baseline.entries.values()
        known.append(list(baseline.entries))
        known.append([_SEVERITIES.index(one.severity.name.lower()) + 1 for one in entries])
        known.append([one.verdict == "fails" for one in entries])
        prelude = PRELUDE.replace("WITH", _KNOWN, 1).replace("*\n  FROM findings WHERE", _FOUND, 1)
        number = store.select(f"{prelude}SELECT count(*) FROM found WHERE accepted", known, of)[0][0]
        number -= accepted[0][0]

    def rows(sql: str) -> list[Row]:
        return store.select(f"{prelude}{sql}", known, of)

    failing: dict[str, int] = dict(rows("SELECT severity, count(*) FROM failing GROUP BY severity"))
    controls = rows(_BY_CONTROL)
    unread = rows(VIEWS["unread"].sql)
    counts = rows(_NOT_DECIDED)[0]
    owners = {one.partition("/")[0] for one in which.roots}
    return Posture(
        run=which.run,
        series=which.series,
        at=which.at,
        noise=which.noise,
        inputs=len(which.roots),
        owners=len(owners),
        kind="account" if all(len(one) == 12 and one.isdecimal() for one in owners) else "repository",
        functions=which.functions,
        failing={one: failing.get(one.name.lower(), 0) for one in sorted(Severity, reverse=True)},
        accepted=accepted[0][0],
        undecided=counts[0],
        crashed=counts[1],
        partly=store.select("SELECT count(DISTINCT root) FROM gaps", (), of)[0][0],
        gaps=which.gaps,
        controls=tuple(
            Failing(control, Severity[_SEVERITIES[rank - 1].upper()], findings, functions, owners)
            for control, rank, findings, functions, owners in controls
        ),
        unread=tuple(
            Unread(what, reason, times, example) for what, reason, times, _, example in unread[:_SHOWN]
        ),
        baseline=against(store, which.run, baseline) if baseline is not None else None,
        known=number,
    )


def against(store: Store, run: str, baseline: Baseline) -> BaselineReport:
    """How a run stands against a baseline: of what was read and asked, what is gone."""
    which = chosen_run(store, run)
    there = {one[0] for one in store.select("SELECT fingerprint FROM findings", (), [run])}
    asked, roots = set(which.asked), set(which.roots)
    gone = sum(
        key not in there and entry.control in asked and entry.root in roots
        for key, entry in baseline.entries.items()
    )
    return BaselineReport(baseline.path, baseline.at, len(baseline.entries), gone)
