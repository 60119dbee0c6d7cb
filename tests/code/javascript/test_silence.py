"""Nothing is dropped silently: whatever a client goes through, its call is found or something is told.

As of Python: a client is carried through constructs of the language, libraries and wrappers, and then called.
"""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.code.files import Files
from stockade.code.javascript import analyse

BEFORE: Final = """
const AWS = require("aws-sdk");
const { S3Client, S3, DeleteBucketCommand } = require("@aws-sdk/client-s3");
const middy = require("@middy/core");
const { z } = require("zod");
const lodash = require("lodash");
const events = require("events");
const util = require("util");
const unheard = require("unheard-of");

class Holder {
  #hidden;
  static made;
  constructor(c) { this.c = c; this.#hidden = c; Holder.made = c; }
  get same() { return this.c; }
  get hidden() { return this.#hidden; }
  give() { return this.c; }
  arrow = () => this.c;
  static of(c) { return new Holder(c).c; }
  [Symbol.iterator]() { return [this.c][Symbol.iterator](); }
}
class Derived extends Holder { constructor(c) { super(c); } again() { return super.give(); } }
function Old(c) { this.c = c; }
Old.prototype.give = function () { return this.c; };
const same = (c) => c;
const named = ({ c }) => c;
const rest = (...several) => several[0];
const byDefault = (_, c = new AWS.S3()) => c;
const curried = (a) => (b) => b;
const later = async (c) => c;
const after = (c) => new Promise((resolve) => resolve(c));
const timed = (c) => new Promise((resolve) => setTimeout(() => resolve(c), 1));
const called = (c, callback) => callback(null, c);
const promised = util.promisify(called);
const wrap = (f) => (...given) => f(...given);
const once = lodash.memoize(same);
function* generator(c) { yield c; }
async function* stream(c) { yield c; }
async function collected(c) { for await (const one of stream(c)) return one; }
function looped(c) { let found; for (const one of [c]) found = one; return found; }
function counted(c) { const all = [c]; for (let i = 0; i < all.length; i += 1) { if (all[i]) return all[i]; } }
function keyed(c) { const all = { c }; for (const key in all) return all[key]; }
function tried(c) { try { throw new Error("x"); } catch (e) { return c; } }
function thrown(c) { try { throw { c }; } catch (e) { return e.c; } }
function lastly(c) { let found; try { found = null; } finally { found = c; } return found; }
function chosen(c) { switch (process.env.KIND) { case "a": return c; default: return c; } }
function emitted(c) {
  const bus = new events.EventEmitter();
  let got;
  bus.on("x", (one) => { got = one; });
  bus.emit("x", c);
  return got;
}
const registry = new Map();
const weak = new WeakMap();
const store = {};
"""

CARRIERS: Final = (
    "same(E)",
    "named({ c: E })",
    "rest(E)",
    "rest(...[E])",
    "curried(1)(E)",
    "((c) => c)(E)",
    "(function () { return arguments[0]; })(E)",
    "({ c: E }).c",
    "({ c: E })['c']",
    "({ ...{ c: E } }).c",
    "({ get c() { return E; } }).c",
    "(({ c }) => c)({ c: E })",
    "(([c]) => c)([E])",
    "(({ a: { c } = {} }) => c)({ a: { c: E } })",
    "[E][0]",
    "[E].at(0)",
    "[...[E]][0]",
    "[E].slice(0)[0]",
    "[E].concat([])[0]",
    "[].concat(E)[0]",
    "[E].pop()",
    "[E].shift()",
    "[E].find(Boolean)",
    "[E].map((c) => c)[0]",
    "[E].map(same)[0]",
    "[E].filter(Boolean)[0]",
    "[[E]].flat()[0]",
    "[E].flatMap((c) => [c])[0]",
    "[E].reduce((a, c) => c, null)",
    "[E].reverse()[0]",
    "[E].sort()[0]",
    "[E].splice(0, 1)[0]",
    "[E].values().next().value",
    "[...[E].entries()][0][1]",
    "Array.from([E])[0]",
    "Array.from([1], () => E)[0]",
    "Array.of(E)[0]",
    "new Array(E, 1)[0]",
    "Array(1).fill(E)[0]",
    "Object.assign({}, { c: E }).c",
    "Object.values({ c: E })[0]",
    "Object.entries({ c: E })[0][1]",
    "Object.fromEntries([['c', E]]).c",
    "Object.fromEntries(['c'].map((k) => [k, E])).c",
    "Object.freeze({ c: E }).c",
    "Object.create({ c: E }).c",
    "Object.defineProperty({}, 'c', { value: E }).c",
    "Object.defineProperty({}, 'c', { get: () => E }).c",
    "Object.keys({ c: 1 }).map(() => E)[0]",
    "Reflect.get({ c: E }, 'c')",
    "Reflect.apply(same, null, [E])",
    "Reflect.construct(Holder, [E]).c",
    "new Proxy({ c: E }, {}).c",
    "new Proxy({ c: E }, { get: (target, name) => target[name] }).c",
    "new Proxy({}, { get: () => E }).anything",
    "new Proxy(same, { apply: (target, self, given) => target(...given) })(E)",
    "new (class { constructor() { return { c: E }; } })().c",
    "Object.create({}, { c: { value: E } }).c",
    "[...new Map([['c', E]])][0][1]",
    "Array.from(new Map([['c', E]]), ([, c]) => c)[0]",
    "new Map([[Holder, E]]).get(Holder)",
    "new Map([['c', E]]).get('c')",
    "registry.set('c', E).get('c')",
    "[...new Map([['c', E]]).values()][0]",
    "[...new Set([E])][0]",
    "(weak.set(store, E), weak.get(store))",
    "new WeakRef(E).deref()",
    "structuredClone({ c: E }).c",
    "new Holder(E).c",
    "new Holder(E).same",
    "new Holder(E).hidden",
    "new Holder(E).give()",
    "new Holder(E).arrow()",
    "Holder.of(E)",
    "(new Holder(E), Holder.made)",
    "[...new Holder(E)][0]",
    "new Derived(E).again()",
    "new Old(E).give()",
    "new (class { c = E; })().c",
    "new (class { static c = E; })().constructor.c",
    "(store.kept = E, store.kept)",
    "(globalThis.kept = E, globalThis.kept)",
    "(E || null)",
    "(null ?? E)",
    "(1 && E)",
    "(process.env.X ? E : E)",
    "(0, E)",
    "same.call(null, E)",
    "same.apply(null, [E])",
    "same.bind(null, E)()",
    "wrap(same)(E)",
    "once(E)",
    "lodash.identity(E)",
    "lodash.get({ c: E }, 'c')",
    "unheard.wrap(same)(E)",
    "await later(E)",
    "await after(E)",
    "await timed(E)",
    "await promised(E)",
    "await Promise.resolve(E)",
    "(await Promise.all([E]))[0]",
    "await Promise.race([E])",
    "await Promise.any([E])",
    "(await Promise.allSettled([E]))[0].value",
    "await Promise.resolve(1).then(() => E)",
    "await Promise.reject(1).catch(() => E)",
    "await new Promise((resolve) => called(E, (error, c) => resolve(c)))",
    "await collected(E)",
    "generator(E).next().value",
    "[...generator(E)][0]",
    "looped(E)",
    "counted(E)",
    "keyed(E)",
    "tried(E)",
    "thrown(E)",
    "lastly(E)",
    "chosen(E)",
    "emitted(E)",
    "byDefault(E)",
    "`${1}` && E",
)

CALLS: Final = (
    "E.deleteBucket({ Bucket: 'b' })",
    "E.deleteBucket({ Bucket: 'b' }).promise()",
    "E?.deleteBucket?.({ Bucket: 'b' })",
    "E['deleteBucket']({ Bucket: 'b' })",
    "E['delete' + 'Bucket']({ Bucket: 'b' })",
    "E[event.method]({ Bucket: 'b' })",
    "E.deleteBucket.call(E, { Bucket: 'b' })",
    "E.deleteBucket.apply(E, [{ Bucket: 'b' }])",
    "E.deleteBucket.bind(E)({ Bucket: 'b' })",
    "Reflect.apply(E.deleteBucket, E, [{ Bucket: 'b' }])",
    "(({ deleteBucket }) => deleteBucket({ Bucket: 'b' }))(E)",
    "((f) => f({ Bucket: 'b' }))(E.deleteBucket.bind(E))",
    "['b'].map((Bucket) => E.deleteBucket({ Bucket }))",
    "event.names.forEach((Bucket) => E.deleteBucket({ Bucket }))",
    "Promise.all(event.names.map(async (Bucket) => E.deleteBucket({ Bucket }).promise()))",
    "util.promisify(E.deleteBucket).call(E, { Bucket: 'b' })",
    "util.promisify(E.deleteBucket.bind(E))({ Bucket: 'b' })",
    "setTimeout(() => E.deleteBucket({ Bucket: 'b' }), 1)",
    "process.nextTick(() => E.deleteBucket({ Bucket: 'b' }))",
    "process.on('exit', () => E.deleteBucket({ Bucket: 'b' }))",
    "new Promise((resolve, reject) => E.deleteBucket({ Bucket: 'b' }, (e) => (e ? reject(e) : resolve())))",
    "E.makeRequest('deleteBucket', { Bucket: 'b' })",
    "AWS.S3.prototype.deleteBucket.call(E, { Bucket: 'b' })",
    "S3.prototype.deleteBucket.bind(E)({ Bucket: 'b' })",
    "E.brandNewOperation({ Bucket: 'b' })",
    "unheard.run(E.deleteBucket.bind(E))",
    "unheard.run(() => E.deleteBucket({ Bucket: 'b' }))",
    "eval('E.deleteBucket({})')",
    "new Function('c', 'c.deleteBucket({})')(E)",
    "lodash.invoke(E, 'deleteBucket', { Bucket: 'b' })",
    "lodash.partial(E.deleteBucket, { Bucket: 'b' })()",
    "new (class { async *go() { yield E.deleteBucket({ Bucket: 'b' }); } })().go().next()",
    "((x = E.deleteBucket({ Bucket: 'b' })) => x)()",
    "`${E.deleteBucket({ Bucket: 'b' })}`",
    "({ [E.deleteBucket({ Bucket: 'b' })]: 1 })",
    "z.object({}).transform(() => E.deleteBucket({ Bucket: 'b' })).parse(event)",
    "middy(async () => E.deleteBucket({ Bucket: 'b' }))(event)",
    "middy().handler(async () => E.deleteBucket({ Bucket: 'b' }))(event)",
)

SENT: Final = (
    "E.send(new DeleteBucketCommand({ Bucket: 'b' }))",
    "E.send(event.command)",
    "((command) => E.send(command))(new DeleteBucketCommand({ Bucket: 'b' }))",
    "[new DeleteBucketCommand({ Bucket: 'b' })].map((one) => E.send(one))",
    "E['send'](new DeleteBucketCommand({ Bucket: 'b' }))",
    "E.send.bind(E)(new DeleteBucketCommand({ Bucket: 'b' }))",
    "unheard.send(E, new DeleteBucketCommand({ Bucket: 'b' }))",
    "(({ send }) => send.call(E, new DeleteBucketCommand({ Bucket: 'b' })))(E)",
)
NOISE: Final = ("the package `unheard-of`",)
TWO, THREE = "new AWS.S3()", "new S3Client({})"


def silent(made: str, carriers: tuple[str, ...], call: str) -> str:
    """The program if nothing is found and nothing is told of it, else nothing."""
    expression = made
    for one in carriers:
        expression = one.replace("E", f"({expression})" if one.startswith("`") else expression)
    body = f"const client = {expression};\n  return {call.replace('E', 'client')};"
    text = f"{BEFORE}\nexports.handler = async (event) => {{\n  {body}\n}};\n"
    found = analyse(Files.of({"app.js": text.encode()}), "app.handler")
    calls = [one for one in found.calls if one.operation == "DeleteBucket" and one.reached]
    told = [one for one in found.unfollowed if one.reached and one.what not in NOISE]
    return "" if calls or told else body


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize(("made", "call"), [(TWO, CALLS[0]), (THREE, SENT[0])], ids=["2", "3"])
def test_a_client_is_not_lost(made: str, call: str, carrier: str) -> None:
    assert not silent(made, (carrier,), call)


@pytest.mark.parametrize("call", CALLS)
def test_a_call_is_not_lost(call: str) -> None:
    assert not silent(TWO, (), call)
    assert not silent("new S3({})", (), call)


@pytest.mark.parametrize("call", SENT)
def test_what_is_sent_is_not_lost(call: str) -> None:
    assert not silent(THREE, (), call)


NAMED: Final = tuple(
    one for one in CALLS if one.startswith(("E.deleteBucket({", "E?.", "E['delete", "`$", "event.n"))
)
"""Calls by the operation's own name, at once: of a client that got lost nothing else is told."""


@given(
    st.lists(st.sampled_from(CARRIERS), min_size=2, max_size=4).map(tuple),
    st.sampled_from([(TWO, one) for one in NAMED] + [(THREE, SENT[0]), (THREE, SENT[2])]),
)
def test_no_way_of_a_client_loses_it(carriers: tuple[str, ...], called: tuple[str, str]) -> None:
    assert not silent(called[0], carriers, called[1])


def test_a_command_that_gets_lost_on_its_way_to_the_one_client_is_sent_by_it() -> None:
    more = "".join(f"    wrapped(() => each.a{at});\n" for at in range(130))
    text = f"""
import {{ DynamoDBClient, PutItemCommand }} from "@aws-sdk/client-dynamodb";
const client = new DynamoDBClient({{}});
const wrapped = (value) => ({{ value }});
export const handler = async (event) => {{
  for (const each of event.Records) {{
{more}    await client.send(wrapped(new PutItemCommand({{ TableName: "t", Item: each }})).value);
  }}
}};
"""
    found = analyse(Files.of({"app.js": text.encode()}), "app.handler")
    assert [(one.operation, one.certain) for one in found.calls] == [("PutItem", False)]
    assert [one.what for one in found.unfollowed] == ["`send`"]
