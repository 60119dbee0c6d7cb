"use strict";
(() => {
  // ------------------------------------------------------------------------------------------- data
  const D = JSON.parse(document.getElementById("data").textContent);
  const T = (number) => D.texts[number];
  const SEVERITY = ["", "low", "medium", "high", "critical"];
  const WORDS = { h: "holds", f: "fails", u: "undecided", c: "crashed", a: "accepted", "-": "does not apply", n: "not asked for" };
  const PROOF = { w: "witnessed", d: "declared", u: "undecided" };
  const ROW = 30;
  const controlOf = new Map(D.controls.map((one, number) => [one[0], number]));
  const functions = D.functions.map(([input, address, name, place, doubt, checks, rows], number) =>
    ({ number, input, address, name, place, doubt, checks, rows, findings: [], worst: 0, severity: new Uint8Array(D.items.length) }));
  for (const one of D.findings) {
    one.counts = one.S === undefined;
    for (const number of one.F) {
      const each = functions[number];
      each.findings.push(one);
      if (one.v === "f" && one.counts) {
        each.worst = Math.max(each.worst, one.s);
        const item = one.c < 0 ? -1 : D.controls[one.c][1];
        if (item >= 0) each.severity[item] = Math.max(each.severity[item], one.s);
      }
    }
  }
  const pictures = new Map(D.pictures);
  const counting = D.findings.filter((one) => one.counts);
  const failing = counting.filter((one) => one.v === "f");
  const undecided = counting.filter((one) => one.v === "u");
  const crashed = counting.filter((one) => one.v === "c");
  for (const each of functions) each.low = `${each.name} ${each.address} ${D.inputs[each.input][1]}`.toLowerCase();

  // -------------------------------------------------------------------------------------------- DOM
  function h(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === undefined || value === false || value === null) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : value);
    }
    append(element, children);
    return element;
  }
  function append(element, children) {
    for (const child of children.flat(4)) {
      if (child === null || child === undefined || child === false) continue;
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
  /** Sentences quote what people wrote in backticks. */
  function said(text) {
    const parts = text.split("`");
    if (parts.length % 2 === 0) return [text];
    return parts.map((part, number) => (number % 2 ? h("code", {}, part) : part));
  }
  const count = (number, what) => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
  const link = (each) => `#/f/${each.input}/${encodeURIComponent(each.address)}`;
  const tag = (severity, verdict) => verdict === "u" ? h("span", { class: "tag tu" }, "undecided")
    : verdict === "c" ? h("span", { class: "tag tu" }, "crashed") : h("span", { class: `tag t${severity}` }, SEVERITY[severity]);

  // ------------------------------------------------------------------------------------------ views
  const main = document.getElementById("main");
  function where() {
    const [path, query] = (location.hash.slice(1) || "/").split("?");
    return [path, new URLSearchParams(query || "")];
  }
  function draw() {
    const [path, query] = where();
    const parts = path.split("/").filter(Boolean);
    let view, title, current = path;
    if (parts[0] === "f") { [view, title] = functionView(Number(parts[1]), safely(parts.slice(2).join("/"))); current = "/"; }
    else if (parts[0] === "findings") [view, title] = [findingsView(query), "Findings"];
    else if (parts[0] === "paths") [view, title] = [pathsView(), "Paths"];
    else if (parts[0] === "unread") [view, title] = [unreadView(), "Not read"];
    else if (parts[0] === "control") { [view, title] = [controlView(safely(parts[1] || "")), parts[1] || ""]; current = "/findings"; }
    else [view, title] = [postureView(query), "Posture"];
    document.title = `${title} · Stockade`;
    main.replaceChildren(...view.flat(4).filter((one) => one !== null && one !== undefined && one !== false));
    for (const one of document.querySelectorAll(".top nav a")) {
      if (one.getAttribute("href") === `#${current}`) one.setAttribute("aria-current", "page");
      else one.removeAttribute("aria-current");
    }
    return path;
  }
  function safely(text) { try { return decodeURIComponent(text); } catch { return text; } }
  let shown = null;
  function go() {
    const before = shown;
    shown = draw();
    if (before !== null && before !== shown) { scrollTo(0, 0); main.focus({ preventScroll: true }); }
  }
  /** Keep a filter in the address without drawing everything anew. */
  function keep(path, values) {
    const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value));
    const text = query.toString();
    history.replaceState(null, "", `#${path}${text ? `?${text}` : ""}`);
  }

  // ---------------------------------------------------------------------------------------- posture
  function postureView(query) {
    const bad = functions.filter((each) => each.worst > 0).length;
    const by = [4, 3, 2, 1].map((level) => [level, failing.filter((one) => one.s === level).length]);
    const lost = D.gaps.filter((one) => !one[3]).length;
    const headline = bad ? `${bad.toLocaleString("en")} of ${count(functions.length, "function")} ${bad === 1 ? "fails" : "fail"}`
      : `Nothing fails in ${count(functions.length, "function")}`;
    const tile = (number, label, style, href) => h("a", { class: "tile", href }, h("b", { class: style }, number.toLocaleString("en")), h("span", {}, label));
    const accepted = D.findings.length - counting.length;
    return [
      h("h1", {}, headline),
      h("p", { class: "sub" }, D.inputs.slice(0, 4).map((one) => one[1]).join(", ") + (D.inputs.length > 4 ? ` and ${count(D.inputs.length - 4, "more input")}` : ""),
        ` · ${D.at.replace("T", " ").replace("Z", " UTC")} · noise ${D.noise}`),
      h("div", { class: "tiles" },
        by.filter(([, number]) => number).map(([level, number]) => tile(number, SEVERITY[level], `s${level}`, `#/findings?s=${level}`)),
        tile(undecided.length, "undecided", "su", "#/findings?v=u"),
        crashed.length ? tile(crashed.length, "crashed", "su", "#/findings?v=c") : null,
        accepted ? tile(accepted, "accepted or known", "s1", "#/findings?v=a") : null,
        tile(D.gaps.length, "not read", lost ? "s3" : "sh", "#/unread")),
      functions.length ? gridOf(query) : h("p", { class: "note" }, "No function was found in what was read."),
      trendOf(),
      h("div", { class: "two" }, h("section", {}, topControls()), h("section", {}, topPaths())),
    ];
  }
  function gridOf(query) {
    const state = { q: query.get("q") || "", s: query.get("s") || "" };
    const search = h("input", { type: "search", placeholder: "Filter functions", "aria-label": "Filter functions by name, address or input", value: state.q });
    const total = h("span", { class: "count", role: "status" });
    const chips = [["", "all"], ["4", "critical"], ["3", "high"], ["2", "medium"], ["u", "undecided"], ["0", "clean"]].map(([key, label]) =>
      h("button", { type: "button", "data-key": key, "aria-pressed": String(state.s === key), onclick: () => { state.s = key; press(); apply(); } }, label));
    const press = () => chips.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.key === state.s)));
    let section = "";
    const starts = D.items.map(([name]) => { const first = name !== section; section = name; return first; });
    const head = h("thead", {}, h("tr", {}, h("th", { class: "name", scope: "col" }, "function"),
      D.items.map(([name, title, short], number) => h("th", { scope: "col", class: starts[number] ? "start" : "", title: `${name}: ${title}` }, h("div", {}, short)))));
    const body = h("tbody");
    const table = h("table", { "aria-label": "The checklist, function by function" }, h("colgroup", {}, h("col", { class: "n" }), D.items.map(() => h("col", { class: "c" }))), head, body);
    const box = h("div", { class: "grid", tabindex: "0", role: "region", "aria-label": "Checklist grid, scrollable" }, table);
    table.style.setProperty("--columns", D.items.length);
    let rows = functions, drawn = "";
    function line(each, at) {
      return h("tr", { "aria-rowindex": at + 2 }, h("th", { class: "name", scope: "row" }, h("a", { href: link(each), title: each.address }, each.name)),
        D.items.map((item, number) => {
          const letter = each.rows[number];
          const level = letter === "f" ? each.severity[number] : 0;
          const label = `${item[1]}: ${WORDS[letter]}${level ? `, ${SEVERITY[level]}` : ""}`;
          return h("td", { class: starts[number] ? "start" : "" }, h("span", { class: `cell ${letter === "-" ? "x" : letter}${level > 1 ? ` f${level}` : ""}`, role: "img", "aria-label": label, title: label }));
        }));
    }
    function slice() {
      const first = Math.max(0, Math.floor((box.scrollTop - head.offsetHeight) / ROW) - 3);
      const last = Math.min(rows.length, first + Math.ceil((box.clientHeight || 700) / ROW) + 6);
      const key = `${first}:${last}:${rows.length}:${state.q}:${state.s}`;
      if (key === drawn) return;
      drawn = key;
      const gap = (height) => { const cell = h("td", { colspan: D.items.length + 1 }); cell.style.height = `${height}px`; return h("tr", { "aria-hidden": "true" }, cell); };
      body.replaceChildren(...(first ? [gap(first * ROW)] : []), ...rows.slice(first, last).map((each, number) => line(each, first + number)), ...(last < rows.length ? [gap((rows.length - last) * ROW)] : []));
    }
    function apply() {
      const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
      rows = functions.filter((each) => words.every((word) => each.low.includes(word))
        && (state.s === "" || (state.s === "u" ? each.rows.includes("u") : state.s === "0" ? each.worst === 0 && !each.rows.includes("u") : each.worst === Number(state.s))));
      total.textContent = rows.length === functions.length ? count(rows.length, "function") : `${rows.length.toLocaleString("en")} of ${count(functions.length, "function")}`;
      table.setAttribute("aria-rowcount", String(rows.length + 1));
      box.scrollTop = 0;
      slice();
      keep("/", state);
    }
    search.addEventListener("input", () => { state.q = search.value; apply(); });
    box.addEventListener("scroll", slice, { passive: true });
    const [before, q, s] = [location.hash, state.q, state.s];
    apply();
    if (!q && !s) history.replaceState(null, "", before || "#/");
    requestAnimationFrame(() => { drawn = ""; slice(); });
    const legend = [["h", "holds"], ["f f4", "fails, critical"], ["f f3", "high"], ["f f2", "medium"], ["f", "low"], ["u", "undecided"], ["a", "accepted"], ["x", "does not apply, or not asked for"]];
    return h("section", { "aria-label": "Posture" }, h("div", { class: "tools" }, search, chips, total), box,
      h("ul", { class: "legend" }, legend.map(([style, label]) => h("li", {}, h("span", { class: `cell ${style}`, "aria-hidden": "true" }), label))));
  }
  function trendOf() {
    if (D.trend.length < 2) return null;
    const width = 1000, height = 60, values = D.trend.map((one) => one.failing), most = Math.max(...values, 1);
    const points = values.map((value, number) => [10 + (number * (width - 20)) / (values.length - 1), height - 8 - (value / most) * (height - 16)]);
    const last = points[points.length - 1];
    return h("section", {}, h("h2", {}, "Failing findings, run by run"),
      svg("svg", { class: "spark", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `from ${values[0]} on ${D.trend[0].at.slice(0, 10)} to ${values[values.length - 1]} now`, preserveAspectRatio: "none" },
        svg("path", { d: points.map(([x, y], number) => `${number ? "L" : "M"}${x} ${y}`).join("") }), svg("circle", { cx: last[0], cy: last[1], r: 4 })),
      h("p", { class: "note" }, `${values[0]} on ${D.trend[0].at.slice(0, 10)}, ${values[values.length - 1]} now`));
  }
  function topControls() {
    const found = new Map();
    for (const one of failing) {
      const entry = found.get(one.n) || { name: one.n, number: 0, severity: 0 };
      entry.number += 1; entry.severity = Math.max(entry.severity, one.s);
      found.set(one.n, entry);
    }
    const sorted = [...found.values()].sort((a, b) => b.severity - a.severity || b.number - a.number);
    if (!sorted.length) return null;
    const most = Math.max(...sorted.map((one) => one.number));
    return [h("h2", {}, "What fails"), h("ul", { class: "bars" }, sorted.slice(0, 12).map((one) => h("li", {}, h("a", { href: `#/control/${one.name}` }, one.name),
      bar(one.number / most, one.severity), h("b", {}, one.number.toLocaleString("en"))))),
      sorted.length > 12 ? h("p", { class: "more" }, h("a", { href: "#/findings" }, `${sorted.length - 12} more`)) : null];
  }
  function bar(share, severity) {
    const element = h("span", { class: `bar b${severity}`, "aria-hidden": "true" });
    element.style.width = `${Math.max(1, share * 100)}%`;
    return element;
  }
  function topPaths() {
    if (!D.paths.length) return null;
    return [h("h2", {}, "Riskiest paths"), h("ul", { class: "list" }, D.paths.slice(0, 6).map(pathRow)), D.paths.length > 6 ? h("p", { class: "more" }, h("a", { href: "#/paths" }, `all ${D.paths.length}`)) : null];
  }
  function pathRow([risk, from, steps, to, proved]) {
    const middle = steps.flatMap((number) => [h("span", { class: "to" }, "→"), number < 0 ? "?" : h("a", { href: link(functions[number]) }, functions[number].name)]);
    return h("li", { class: "row" }, h("span", {}, h("span", { class: `tag t${risk >= 60 ? 4 : risk >= 30 ? 3 : risk >= 10 ? 2 : 1}` }, `risk ${risk}`)),
      h("span", { class: "path" }, from, middle, h("span", { class: "to" }, "→"), to, proved ? null : h("span", { class: "tag tu" }, "not all decided")), h("span"));
  }
  function pathsView() {
    return [h("h1", {}, "Paths from those one does not trust to what matters"),
      h("p", { class: "note" }, "Each begins with somebody who can invoke a function and ends at something that a function's role can reach. The risk orders them: how little the first is trusted, times how much the last matters."),
      D.paths.length ? h("ul", { class: "list" }, D.paths.map(pathRow)) : h("p", { class: "note" }, pictures.size ? "There is no path." : "Access was not asked about in this report.")];
  }

  // --------------------------------------------------------------------------------------- findings
  function findingsView(query) {
    const state = { q: query.get("q") || "", s: query.get("s") || "", v: query.get("v") || "" };
    const list = h("ul", { class: "list" }), total = h("span", { class: "count", role: "status" });
    const search = h("input", { type: "search", placeholder: "Filter findings", "aria-label": "Filter findings by words", value: state.q });
    const kinds = [["", "all that fail"], ["s4", "critical"], ["s3", "high"], ["s2", "medium"], ["s1", "low"], ["vu", "undecided"], ["va", "accepted"]];
    const chosen = () => (state.v ? `v${state.v}` : state.s ? `s${state.s}` : "");
    const chips = kinds.map(([key, label]) => h("button", { type: "button", "data-key": key, "aria-pressed": String(key === chosen()),
      onclick: () => { state.s = key[0] === "s" ? key[1] : ""; state.v = key[0] === "v" ? key[1] : ""; chips.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.key === key))); apply(); } }, label));
    for (const one of D.findings) one.low ||= `${one.n} ${one.a} ${T(one.m)} ${one.p[0] || ""}`.toLowerCase();
    let rows = [], upTo = 0;
    const more = h("button", { type: "button", class: "more", onclick: () => extend() }, "show more");
    function extend() {
      append(list, rows.slice(upTo, upTo + 60).map((one) => h("li", {}, findingRow(one))));
      upTo += 60;
      more.hidden = upTo >= rows.length;
    }
    function apply() {
      const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
      const base = state.v === "a" ? D.findings.filter((one) => !one.counts) : state.v === "u" ? undecided : state.v === "c" ? crashed : failing;
      rows = base.filter((one) => (!state.s || one.s === Number(state.s)) && words.every((word) => one.low.includes(word)));
      total.textContent = count(rows.length, "finding");
      list.replaceChildren(); upTo = 0; extend(); keep("/findings", state);
    }
    search.addEventListener("input", () => { state.q = search.value; apply(); });
    apply();
    return [h("h1", {}, "Findings"), h("div", { class: "tools" }, search, chips, total), list, more];
  }
  function findingRow(one) {
    const target = one.F.length ? `${link(functions[one.F[0]])}` : `#/control/${one.n}`;
    return h("a", { class: "row", href: target }, h("span", {}, tag(one.s, one.v)),
      h("span", {}, h("strong", {}, one.n), " ", said(T(one.m))), h("span", { class: "where mono" }, one.p[0] || one.a));
  }
  function controlView(name) {
    const number = controlOf.get(name);
    if (number === undefined) return [h("h1", {}, "No such control"), h("p", { class: "note" }, `Nothing called ${name} was asked.`)];
    const [, item, severity, summary, page] = D.controls[number];
    const mine = D.findings.filter((one) => one.n === name);
    return [h("h1", {}, name), h("p", { class: "sub" }, `${T(summary)} · ${SEVERITY[severity]} · ${D.items[item][0]}: ${D.items[item][1]}`),
      h("details", { class: "card" }, h("summary", {}, "Why it matters, and its cure"), h("pre", {}, T(page))),
      mine.length ? mine.slice(0, 200).map((one) => card(one, true)) : h("p", { class: "note" }, "It has no findings."),
      mine.length > 200 ? h("p", { class: "note" }, `and ${mine.length - 200} more`) : null];
  }

  // --------------------------------------------------------------------------------------- function
  function functionView(input, address) {
    const each = functions.find((one) => one.input === input && one.address === address);
    if (!each) return [[h("h1", {}, "No such function"), h("p", { class: "note" }, `This report has no ${address}.`)], "Not there"];
    const picture = pictures.get(each.number);
    const order = { f: 0, c: 1, u: 2 };
    const mine = [...each.findings].sort((a, b) => Number(b.counts) - Number(a.counts) || order[a.v] - order[b.v] || b.s - a.s);
    const open = mine.filter((one) => one.counts && one.v !== "u"), unsure = mine.filter((one) => one.counts && one.v === "u"), rest = mine.filter((one) => !one.counts);
    const facts = [["address", each.address], ["input", D.inputs[each.input][1]], ["declared at", each.place]].concat(picture ? picture[0] : []);
    return [[
      h("h1", {}, each.name),
      h("dl", { class: "facts" }, facts.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
      each.doubt >= 0 ? h("p", { class: "note" }, `It may not exist: ${T(each.doubt)}`) : null,
      picture ? accessOf(each, picture) : null,
      h("h2", {}, "Checklist"), checklistOf(each),
      h("h2", {}, open.length ? `Fails (${open.length})` : "Nothing fails"), open.map((one) => card(one)),
      unsure.length ? [h("h2", {}, `Undecided (${unsure.length})`), causes(unsure)] : null,
      rest.length ? [h("h2", {}, `Accepted or known (${rest.length})`), rest.map((one) => card(one))] : null,
    ], each.name];
  }
  function checklistOf(each) {
    let section = "";
    return h("ul", { class: "rows" }, D.items.map(([name, title], number) => {
      const letter = each.rows[number], level = letter === "f" ? each.severity[number] : 0;
      const head = name !== section ? h("li", { class: "sec" }, name) : null;
      section = name;
      const label = `${WORDS[letter]}${level ? `, ${SEVERITY[level]}` : ""}`;
      return [head, h("li", {}, h("span", { class: `cell ${letter === "-" ? "x" : letter}${level > 1 ? ` f${level}` : ""}`, role: "img", "aria-label": label, title: label }), title)];
    }));
  }
  function causes(found) {
    const groups = new Map();
    for (const one of found) { const key = one.k === undefined ? one.m : one.k; groups.set(key, [...(groups.get(key) || []), one]); }
    return [...groups].map(([key, some]) => h("article", { class: "card" }, h("header", {}, h("span", { class: "tag tu" }, "undecided"), h("h3", {}, said(T(key)))),
      h("p", { class: "aside" }, "leaves open: ", some.map((one, number) => [number ? ", " : "", h("a", { href: `#/control/${one.n}` }, one.n)])),
      some[0].h !== undefined ? h("p", {}, said(T(some[0].h))) : null, some[0].p.length ? h("p", { class: "aside mono" }, some[0].p[0]) : null));
  }
  function card(one, named) {
    const parts = [h("header", {}, tag(one.s, one.v), h("h3", {}, h("a", { href: `#/control/${one.n}` }, one.n)),
      named && one.F.length ? h("a", { href: link(functions[one.F[0]]) }, functions[one.F[0]].name, one.F.length > 1 ? ` and ${one.F.length - 1} more` : "") : null),
      h("p", {}, said(T(one.m)))];
    if (one.S !== undefined) parts.push(h("p", { class: "aside" }, "does not count: ", said(T(one.S))));
    if (one.d !== undefined) parts.push(h("p", { class: "aside" }, said(T(one.d))));
    if (one.w !== undefined) parts.push(h("p", { class: "aside" }, said(T(one.w))));
    if (one.x) parts.push(source(one));
    else if (one.p.length) parts.push(h("p", { class: "aside mono" }, one.p[0]));
    if (one.r) parts.push(remedy(one.r));
    else if (one.h !== undefined) parts.push(h("p", {}, said(T(one.h))));
    if (one.p.length > 1) parts.push(h("details", {}, h("summary", {}, `${one.p.length - 1} more ${one.p.length === 2 ? "place" : "places"}`), h("pre", {}, one.p.slice(1).join("\n"))));
    return h("article", { class: "card" }, parts);
  }
  function source(one) {
    const [found, more, note] = one.x;
    return h("figure", { class: "code" }, h("figcaption", { class: "aside mono" }, one.p[0] || ""),
      h("pre", { tabindex: "0" }, found.map(([number, before, marked, after], at) => [at ? "\n" : "", h("span", { class: "no" }, `${number} `.padStart(5)), T(before), h("mark", {}, T(marked)), T(after)]),
        more ? `\n      ${more} more` : "", note >= 0 ? ["\n      ", T(note)] : ""));
  }
  function remedy(fix) {
    const out = [h("summary", {}, h("span", { class: "tag th" }, fix.d ? "proved fix" : "remedy"), " ", said(T(fix.t)))];
    if (fix.n !== undefined) out.push(h("p", { class: "aside" }, said(T(fix.n))));
    for (const [place, before, after] of fix.d || []) {
      const old = T(before), fresh = T(after);
      out.push(h("pre", { tabindex: "0" }, h("span", { class: "no" }, place), "\n", diff(old, fresh)));
    }
    if (fix.w !== undefined) out.push(h("p", { class: "aside" }, said(T(fix.w))));
    for (const [, text] of fix.c || []) out.push(h("pre", { tabindex: "0" }, T(text)));
    return out.length > 1 ? h("details", {}, out) : h("p", {}, [...out[0].childNodes]);
  }
  /** Lines that both sides begin or end with are context. */
  function diff(old, fresh) {
    const a = old.split("\n"), b = fresh.split("\n");
    let start = 0, end = 0;
    while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
    while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
    const gone = a.slice(start, a.length - end), came = b.slice(start, b.length - end);
    return [a.slice(0, start).map((one) => `  ${one}\n`), gone.map((one) => h("del", {}, `- ${one}`)), came.map((one) => h("ins", {}, `+ ${one}`)), a.slice(a.length - end).map((one) => `  ${one}\n`)];
  }

  // ----------------------------------------------------------------------------------------- access
  function svg(name, attributes, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === undefined || value === false) continue;
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value);
    }
    append(element, children);
    return element;
  }
  /** Ways with one far end are one node, heaviest first. */
  function ends(ways) {
    const found = new Map();
    ways.forEach((way, number) => {
      const key = `${way[0]}\0${way[1]}`;
      const entry = found.get(key) || { kind: T(way[0]), name: T(way[1]), ways: [], numbers: [], weight: 0, proof: "u" };
      entry.ways.push(way); entry.numbers.push(number);
      entry.weight = Math.max(entry.weight, way[5]);
      if (way[3] !== "u") entry.proof = way[3];
      found.set(key, entry);
    });
    return [...found.values()].sort((a, b) => b.weight - a.weight);
  }
  function accessOf(each, picture) {
    const [, into, out, open, barred] = picture;
    const left = ends(into), right = ends(out);
    const holder = h("div", { class: "picture", role: "group", tabindex: "0", "aria-label": `Access picture of ${each.name}: ${count(left.length, "caller")} on the left, ${count(right.length, "thing")} that it reaches on the right; the tables below say the same` });
    const tables = [waysTable("Who can invoke it", into, "in"), waysTable("What it can reach", out, "out")];
    let all = false;
    const render = () => holder.replaceChildren(layout(each, left, right, holder.clientWidth || Math.min(innerWidth - 30, 1190), all, () => { all = true; render(); }));
    render();
    requestAnimationFrame(render);
    if (window.ResizeObserver) { let width = 0; new ResizeObserver(() => { if (Math.abs(holder.clientWidth - width) > 4) { width = holder.clientWidth; render(); } }).observe(holder); }
    return [h("h2", {}, "Access"), holder,
      h("ul", { class: "legend" }, h("li", {}, "line: witnessed by the policy engine, or declared"), h("li", {}, "dashed: undecided"), h("li", {}, h("span", { class: "s4" }, "red"), ": matters most")),
      barred ? h("p", { class: "note" }, `${count(barred, "grant")} of its role ${barred === 1 ? "is" : "are"} taken back by what denies it.`) : null,
      open.map((reason) => h("p", { class: "note" }, "There may be more: ", said(T(reason)))), tables];
  }
  function layout(each, left, right, width, all, showAll) {
    const most = all ? Infinity : 24;
    const cut = (list) => list.length > most ? [...list.slice(0, most - 1), { more: list.length - most + 1, ways: [], numbers: [], weight: 0, proof: "d", name: `${list.length - most + 1} more`, kind: "show all" }] : list;
    const [a, b] = [cut(left), cut(right)];
    const narrow = width < 620, tall = 44, gap = 10, pad = 16;
    const middle = { w: narrow ? width - 2 * pad - 24 : Math.min(230, width * 0.24), h: 64 };
    const side = narrow ? width - 2 * pad - 24 : Math.min(360, (width - middle.w - 2 * pad) / 2 - 70);
    const stack = (list) => Math.max(0, list.length * (tall + gap) - gap);
    let height, me;
    if (narrow) { height = pad * 2 + stack(a) + stack(b) + middle.h + 56; me = { x: pad + 24, y: pad + stack(a) + 28 }; }
    else { height = Math.max(stack(a), stack(b), middle.h) + 2 * pad; me = { x: (width - middle.w) / 2, y: Math.min(height / 2, 300) - middle.h / 2 }; }
    const edges = [], nodes = [];
    const column = (list, x, first, incoming) => {
      const top = narrow ? first : Math.min(Math.max(pad, me.y + middle.h / 2 - stack(list) / 2), height - pad - stack(list));
      list.forEach((end, number) => {
        const y = top + number * (tall + gap);
        const spread = list.length > 1 ? number / (list.length - 1) : 0.5;
        const port = me.y + 10 + spread * (middle.h - 20), cy = y + tall / 2;
        let d;
        if (narrow) { const rail = pad + 8; d = incoming ? `M${x} ${cy}H${rail}V${me.y + middle.h / 2}H${me.x}` : `M${me.x} ${me.y + middle.h / 2}H${rail}V${cy}H${x}`; }
        else if (incoming) { const from = x + side, to = me.x, mid = (from + to) / 2; d = `M${from} ${cy}C${mid} ${cy} ${mid} ${port} ${to} ${port}`; }
        else { const from = me.x + middle.w, to = x, mid = (from + to) / 2; d = `M${from} ${port}C${mid} ${port} ${mid} ${cy} ${to} ${cy}`; }
        const edge = svg("path", { d, class: `${end.weight >= 60 ? "w3" : end.weight >= 30 ? "w2" : "w1"}${end.proof === "u" ? " u" : ""}` });
        edges.push(edge);
        const label = end.more ? end.kind : [...new Set(end.ways.map((way) => T(way[2])))].join("; ");
        const hit = () => end.more ? showAll() : reveal(incoming ? "in" : "out", end.numbers);
        nodes.push(svg("g", { class: "node", tabindex: "0", role: "button", onclick: hit,
          onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); hit(); } },
          onmouseenter: () => edges.forEach((one) => one.classList.toggle("dim", one !== edge)), onmouseleave: () => edges.forEach((one) => one.classList.remove("dim")) },
          svg("title", {}, `${end.name}\n${label}`), svg("rect", { class: "box", x, y, width: side, height: tall, rx: 7 }),
          svg("text", { x: x + 12, y: y + 18 }, fit(end.name, side - 24, 7.3)), svg("text", { class: "minor", x: x + 12, y: y + 34 }, fit(label, side - 24, 6.1))));
      });
    };
    column(a, narrow ? pad + 24 : pad, pad, true);
    column(b, narrow ? pad + 24 : width - pad - side, me.y + middle.h + 28, false);
    const facts = pictures.get(each.number)[0].map(([name, value]) => `${name} ${value}`).join(" · ");
    const center = svg("g", {}, svg("title", {}, `${each.name}\n${facts}`), svg("rect", { class: "box me", x: me.x, y: me.y, width: middle.w, height: middle.h, rx: 9 }),
      svg("text", { x: me.x + middle.w / 2, y: me.y + 27, "text-anchor": "middle", "font-weight": "650" }, fit(each.name, middle.w - 20, 7.6)),
      svg("text", { class: "minor", x: me.x + middle.w / 2, y: me.y + 46, "text-anchor": "middle" }, fit(facts, middle.w - 16, 6.1)));
    const none = (list, x, y, text) => list.length ? null : svg("text", { class: "minor", x, y, "text-anchor": "middle" }, text);
    return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}` }, edges, nodes, center,
      narrow ? null : none(a, pad + side / 2, me.y + middle.h / 2, "nobody invokes it, as far as was read"), narrow ? null : none(b, width - pad - side / 2, me.y + middle.h / 2, "it reaches nothing, as far as was read"));
  }
  /** A text in so many pixels, by the usual width of a letter. */
  function fit(text, room, letter) {
    const most = Math.max(3, Math.floor(room / letter));
    const letters = [...text];
    return letters.length <= most ? text : `${letters.slice(0, most - 1).join("")}…`;
  }
  function waysTable(title, ways, side) {
    if (!ways.length) return h("p", { class: "note" }, `${title}: ${side === "in" ? "nobody" : "nothing"}, as far as was read.`);
    return h("details", { open: ways.length <= 8, id: `ways-${side}` }, h("summary", {}, h("strong", {}, title), ` (${ways.length})`),
      h("table", { class: "ways" }, h("thead", {}, h("tr", {}, ["who or what", "how", "shown by"].map((one) => h("th", { scope: "col" }, one)))),
        h("tbody", {}, ways.map((way, number) => h("tr", { id: `${side}-${number}` }, h("td", { class: "k" }, T(way[1]), way[7] >= 0 ? h("div", { class: "aside" }, T(way[7])) : null), h("td", { class: "h mono" }, T(way[2])),
          h("td", {}, h("span", { class: `tag ${way[3] === "u" ? "tu" : way[3] === "w" ? "t3" : "t1"}` }, PROOF[way[3]]), " ", way[4] >= 0 ? said(T(way[4])) : null, way[6] ? h("div", { class: "aside mono" }, way[6]) : null))))));
  }
  function reveal(side, numbers) {
    const details = document.getElementById(`ways-${side}`);
    if (!details) return;
    details.open = true;
    for (const one of document.querySelectorAll(".ways tr.hit")) one.classList.remove("hit");
    for (const number of numbers) document.getElementById(`${side}-${number}`).classList.add("hit");
    document.getElementById(`${side}-${numbers[0]}`).scrollIntoView({ block: "center" });
  }

  // ----------------------------------------------------------------------------------------- unread
  function unreadView() {
    return [h("h1", {}, D.gaps.length ? `${count(D.gaps.length, "thing")} not read` : "Everything was read"),
      h("p", { class: "note" }, "What was not read leaves questions open; none of them counts as held."),
      h("ul", { class: "list" }, D.gaps.map(([input, text, places, spare]) => h("li", { class: "row" }, h("span", { class: `tag ${spare ? "t1" : "tu"}` }, spare ? "left out" : "gap"), h("span", {}, said(T(text))), h("span", { class: "where mono" }, places[0] || D.inputs[input][1])))),
      D.notices.length ? [h("h2", {}, "To look at again"), D.notices.map((one) => h("p", {}, said(T(one))))] : null];
  }

  // ------------------------------------------------------------------------------------------- frame
  const root = document.documentElement;
  const stored = () => { try { return localStorage.getItem("stockade-theme"); } catch { return null; } };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = (name) => { root.dataset.theme = name; };
  paint(stored() || (dark.matches ? "dark" : "light"));
  dark.addEventListener("change", () => { if (!stored()) paint(dark.matches ? "dark" : "light"); });
  document.getElementById("theme").addEventListener("click", () => {
    const next = root.dataset.theme === "dark" ? "light" : "dark";
    paint(next);
    try { localStorage.setItem("stockade-theme", next); } catch { /* a file may have no storage */ }
  });
  const foot = [`Stockade ${D.version}`, D.at];
  for (const [name, day] of Object.entries(D.data)) foot.push(`${name} of ${day}`);
  for (const [level, number] of Object.entries(D.withheld)) if (number) foot.push(`${count(number, "finding")} only at noise ${level}`);
  if (D.leftOut.length) foot.push(`left out for size: ${D.leftOut.join(" and ")}`);
  document.querySelector(".foot").textContent = foot.join(" · ");
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) {
      const search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    }
  });
  document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); main.focus(); });
  addEventListener("hashchange", go);
  go();
})();
