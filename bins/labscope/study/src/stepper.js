// Goes through a recorded run step by step: listings, terminal, processes, descriptors, memory and timeline move together.
// The data stand in the page (script#steps): a step holds who acts, and what has changed since the one before.
(() => {
  "use strict";
  const columns = document.querySelector(".columns");
  const source = document.getElementById("steps");
  if (!columns || !source) return;
  const { words, runs } = JSON.parse(source.textContent);
  if (runs.length === 0) return;
  const byId = (id) => document.getElementById(id);
  const bar = byId("stepper");
  const track = byId("track");
  const slider = byId("step-slider");
  const scenario = byId("step-scenario");
  const order = byId("step-order");
  const markButton = bar.querySelector(".mark");
  const printed = matchMedia("print");
  const marked = new Set(); // addresses of the steps that are printed
  let run = runs[0];
  let at = 0;

  function make(name, className, ...children) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }
  const fill = (text, parts) => text.replace(/\{(\w+)\}/g, (_, name) => parts[name] ?? "");
  const isShown = () => columns.dataset.show === "run";
  const tab = (name) => columns.querySelector(`.tabs [data-tab=${name}]`);
  const address = (of = run, step = at) => `step=${of.id}.${step + 1}`;

  // --- What a run is at one of its steps --------------------------------------------------------
  /** Everything up to and with a step: by process its state, lines and descriptors; the screens; memory. */
  function stateAt(of, step) {
    const now = {
      lanes: of.lanes.map(() => ({ state: null, text: "", c: null, r: null, rows: null, isNew: false })),
      screens: of.screens.map(() => []), shared: null, variables: new Map(), buffers: new Map(),
    };
    for (let place = 0; place <= step; place++) {
      const { p, c, r, o = [], s = [], f = [], w = [], m } = of.steps[place];
      for (const [lane, state, text] of s) Object.assign(now.lanes[lane], { state, text: of.texts[text] });
      for (const [lane, rows] of f) Object.assign(now.lanes[lane], { rows: rows.map(([number, target]) => [number, of.texts[target]]), isNew: place === step });
      for (const [screen, lane, text] of o) now.screens[screen].push([lane, text]);
      if (c || r) Object.assign(now.lanes[p], { c, r });
      for (const [lane, ...buffer] of w) now.buffers.set(lane, buffer);
      if (m?.shared) now.shared = m.shared;
      // A name that is declared twice is two variables.
      for (const [lane, declared, name, value] of m?.variables ?? []) now.variables.set(`${lane} ${declared} ${name}`, [lane, name, value]);
    }
    return now;
  }

  /** A step in a sentence, for the eye and for a screen reader. */
  function sentence(of, { p, k, t, c, r, n }) {
    const { name, thread, of: companion } = of.lanes[p];
    const who = companion ? name : fill(thread ? words.thread : words.process, { n: name });
    const text = of.texts[t];
    const end = text.lastIndexOf(") = ");
    const [call, result] = end < 0 ? [text, ""] : [text.slice(0, end + 1), text.slice(end + 4)];
    const line = fill(c && r ? words.lines : c ? words.cLine : r ? words.rLine : "", { c, r });
    const form = n ? "more" : k === "call" && result ? "returns" : k === "return" && !result ? "back" : k;
    return fill(words[form], { who, call, line, result, count: n });
  }

  // --- Panels: of two steps only what differs is touched, for the rest of the page need not be laid out again then -----
  /** Puts these nodes into a box; one that is there already stays. */
  function fit(box, nodes) {
    nodes.forEach((node, place) => {
      const old = box.childNodes[place];
      if (!old) box.append(node);
      else if (!old.isEqualNode(node)) old.replaceWith(node);
    });
    while (box.childNodes.length > nodes.length) box.lastChild.remove();
  }

  function write(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function set(element, name, value) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }

  function hide(element, isHidden) {
    if (element.hidden !== isHidden) element.hidden = isHidden;
  }

  const lineOf = (side, number) => (number ? byId(`${side}${number}`) : null);
  let lit = new Map(); // by line who is there, the classes that say so

  /** The line of who acts, and where the others are. */
  function showLines({ p, c, r }, { lanes }) {
    const next = new Map();
    lanes.forEach(({ state, c, r }, place) => {
      if (state === null || state === "gone") return;
      const { name, class: colour } = run.lanes[place];
      for (const line of [lineOf("c", c), lineOf("r", r)]) {
        const others = next.get(line);
        if (line) next.set(line, others ? { ...others, here: `${others.here} ${name}` } : { here: name, classes: [colour] });
      }
    });
    for (const line of [lineOf("c", c), lineOf("r", r)]) {
      if (line) next.set(line, { here: next.get(line)?.here, classes: [run.lanes[p].class, "now"] });
    }
    for (const line of new Set([...lit.keys(), ...next.keys()])) {
      const [old, { here, classes = [] }] = [lit.get(line)?.classes ?? [], next.get(line) ?? {}];
      for (const name of new Set([...old, ...classes])) line.classList.toggle(name, classes.includes(name));
      if (!here) delete line.dataset.here;
      else set(line, "data-here", here);
    }
    lit = next;
  }

  /** Scrolls a box of its own, never the page. */
  function scrollWithin(box, top, height) {
    if (box.scrollHeight <= box.clientHeight) return;
    if (top < box.scrollTop || top + height > box.scrollTop + box.clientHeight) box.scrollTop = top - box.clientHeight / 2;
  }

  function piece(of, [lane, text]) {
    return lane === null ? make("kbd", "", text) : make("span", of.lanes[lane].class, text);
  }

  function showScreens({ screens }) {
    const boxes = [...byId("step-screens").children];
    screens.forEach((pieces, place) => {
      const box = boxes[place];
      const text = box.querySelector("samp");
      fit(text, pieces.map((one) => piece(run, one)));
      hide(box, pieces.length === 0 && screens.some((other) => other.length > 0));
    });
    return boxes.map((box) => box.querySelector("pre"));
  }

  function showProcesses({ p }, { lanes }) {
    const rows = byId("step-processes").tBodies[0].rows;
    lanes.forEach((lane, place) => {
      const row = rows[place];
      hide(row, lane.state === null || (lane.state === "gone" && lanes.length > 12 && place !== p));
      row.classList.toggle("acting", place === p);
      row.classList.toggle("gone", lane.state === "gone");
      write(row.cells[3], lane.text);
      set(row.cells[3], "data-state", lane.state ?? "");
      write(row.cells[4], [lane.c && `C ${lane.c}`, lane.r && `Rust ${lane.r}`].filter(Boolean).join(", "));
    });
  }

  /** Rows of one table; descriptors for one thing stand together. */
  function grouped(rows) {
    const groups = [];
    for (const [number, target] of rows) {
      const last = groups.at(-1);
      if (last?.[1] === target) last[0] += ` ${number}`;
      else groups.push([String(number), target]);
    }
    return groups;
  }

  function table(of, lane, place) {
    const rows = grouped(lane.rows).map(([numbers, target]) => make("li", "", make("b", "", numbers), ` ${target}`));
    const list = rows.length > 0 ? make("ul", "", ...rows) : make("p", "", words.none);
    return make("div", `${lane.isNew ? "new " : ""}${of.lanes[place].class}`, make("b", "who", of.lanes[place].name), list);
  }

  const tables = (of, { lanes }) =>
    lanes.flatMap((lane, place) => (lane.rows && lane.state && !["gone", "zombie"].includes(lane.state) && !of.lanes[place].thread ? [table(of, lane, place)] : []));

  /** The buffers of stdout: who has one, and what waits in it. */
  const buffers = (of, now) =>
    [...now.buffers].filter(([lane]) => now.lanes[lane].state !== "gone").map(([lane, [count, text]]) =>
      [make("dt", of.lanes[lane].class, make("b", "who", of.lanes[lane].name), ` ${words.buffer}`),
        count === 0 ? make("dd", "", words.empty) : make("dd", "", make("b", "", fill(words.bytes, { n: count })), " ", make("code", "", text))]);

  function showMemory(now) {
    const { shared, variables, lanes } = now;
    const box = byId("step-memory");
    const list = buffers(run, now).flat();
    for (const [name, who] of shared ?? []) list.push(make("dt", "", name), ...(who ? [make("dd", "", who)] : []));
    for (const [lane, name, value] of variables.values()) {
      if (["gone", "zombie"].includes(lanes[lane].state)) continue; // its memory is no more
      list.push(make("dt", run.lanes[lane].class, make("b", "who", run.lanes[lane].name), ` ${name}`), make("dd", "", value));
    }
    if (!box.firstChild) box.append(make("dl", ""));
    fit(box.firstChild, list);
    for (const one of [box.previousElementSibling, box]) hide(one, list.length === 0);
  }

  function showTrack({ p, x }) {
    const cursor = track.querySelector(".cursor");
    set(cursor, "class", `cursor ${run.lanes[p].class}`);
    cursor.style.transform = `translateX(${x}px)`;
    [...track.querySelector(".lanes").children].forEach((name, place) => name.classList.toggle("acting", place === p));
  }

  function scrollTrack({ p, x }) {
    const left = track.querySelector(".lanes").offsetWidth;
    const room = track.clientWidth - left;
    if (x < track.scrollLeft + left + 20 || x > track.scrollLeft + track.clientWidth - 60) track.scrollLeft = x - left - room * 0.4;
    scrollWithin(track, run.lanes[p].bar - top - 30, 90);
  }

  // --- A run is chosen --------------------------------------------------------------------------
  const top = 52; // above it stand title and explanation, which the page has elsewhere
  /** The picture of a run, cut to its lanes; its names stay when it is scrolled. */
  function drawTrack() {
    const drawn = document.querySelector(`figure.timeline[data-run="${run.id}"] svg`);
    track.classList.toggle("none", !drawn);
    const names = run.lanes.map((lane) => {
      const name = make("div", lane.class, make("b", "", lane.name), ` ${lane.program.replace(/^\S+ /, "")}`, make("small", "", `pid ${lane.pid}`));
      name.style.top = `${lane.bar - top - 15}px`;
      return name;
    });
    const lanes = track.querySelector(".lanes");
    const height = run.bottom - top;
    lanes.replaceChildren(...names);
    lanes.style.cssText = `width: min(${run.left - 22}px, 32vw); height: ${height}px; margin-bottom: ${-height}px`;
    const picture = track.querySelector(".picture");
    picture.replaceChildren(make("div", "cursor"));
    if (!drawn) return;
    const copy = drawn.cloneNode(true);
    copy.removeAttribute("id"); // the rows for paper are drawn from the whole picture, by its name
    const width = drawn.getAttribute("width");
    copy.setAttribute("viewBox", `0 ${top} ${width} ${height}`);
    copy.setAttribute("height", height);
    for (const name of copy.querySelectorAll('text[x="16"]')) name.remove();
    copy.setAttribute("aria-hidden", "true"); // the sentence of the step tells it
    picture.style.width = `${width}px`;
    picture.prepend(copy);
  }

  function choose(chosen) {
    run = chosen;
    scenario.value = run.scenario;
    const others = runs.filter((one) => one.scenario === run.scenario);
    order.replaceChildren(...others.map((one) => new Option(one.order ?? "–", one.id, false, one === run)));
    order.parentElement.hidden = others.length < 2;
    slider.max = run.steps.length;
    const screens = run.screens.map((name) => {
      const pre = make("pre", "terminal", make("samp", ""));
      pre.setAttribute("aria-label", name);
      pre.tabIndex = 0;
      return make("div", "", make("h3", "", name), pre);
    });
    byId("step-screens").replaceChildren(...screens);
    const head = make("thead", "", make("tr", "", ...["", words.pid, words.program, words.state, words.line].map((text) => make("th", "", text))));
    const rows = run.lanes.map((lane) => {
      const row = make("tr", lane.class, make("th", "who", lane.name), make("td", "", lane.pid), make("td", "", lane.program.replace(/^\S+ /, "")), make("td", ""), make("td", ""));
      row.cells[0].scope = "row";
      return row;
    });
    byId("step-processes").replaceChildren(head, make("tbody", "", ...rows));
    drawTrack();
  }

  // --- Going to a step ----------------------------------------------------------------------------
  /** Shows a step of the chosen run. */
  function show(step) {
    at = Math.max(0, Math.min(step, run.steps.length - 1));
    const it = run.steps[at];
    const now = stateAt(run, at);
    slider.value = at + 1;
    write(byId("step-count"), `${at + 1} / ${run.steps.length}`);
    set(byId("step-say"), "class", `say ${run.lanes[it.p].class}`);
    write(byId("step-say"), sentence(run, it));
    set(markButton, "aria-pressed", String(marked.has(address())));
    showLines(it, now);
    const bottoms = showScreens(now);
    showProcesses(it, now);
    fit(byId("step-descriptors"), tables(run, now));
    showMemory(now);
    showTrack(it);
    // What is measured comes last, so that the page is laid out once.
    // While a companion acts, the listings show who acted last.
    const { c, r } = it.c || it.r ? it : run.steps.slice(0, at).findLast((one) => one.c || one.r) ?? it;
    for (const line of [lineOf("c", c), lineOf("r", r)]) if (line) scrollWithin(line.closest("ol"), line.offsetTop, line.offsetHeight);
    for (const screen of bottoms) screen.scrollTop = screen.scrollHeight;
    scrollTrack(it);
    if (printed.matches) printStrip();
  }

  let late = null; // the address of the step that is shown, until it is kept
  /** Keeps it, once a frame and behind it: that takes as long as painting, and of a held key a browser would refuse it. */
  function keep() {
    if (late) history.replaceState(null, "", `#${late}`);
    late = null;
    const language = document.querySelector("a.language");
    if (language) language.hash = location.hash;
  }

  /** Goes there; a step of its own in the history is what is opened or chosen, not every key. */
  function go(step, isNew = false) {
    const isFirst = !isShown();
    if (isFirst || innerWidth >= 700) open();
    show(step);
    if (isFirst || isNew) {
      keep();
      history.pushState(null, "", `#${address()}`);
    }
    if (!late) requestAnimationFrame(() => setTimeout(keep));
    late = address();
  }

  function open() {
    if (!isShown()) tab("run").click();
    const { top, bottom } = columns.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) columns.scrollIntoView({ block: "start", behavior: "instant" });
  }

  /** The step that the address names, if it does. */
  function follow() {
    late = null;
    const [, id, step] = location.hash.match(/^#step=(.+)\.(\d+)$/) ?? [];
    const named = runs.find((one) => one.id === id) ?? runs.find((one) => one.scenario === id);
    if (!named) return;
    if (named !== run) choose(named);
    open();
    show(step - 1);
  }

  // --- Print: the marked steps, or the one that is shown ---------------------------------------------
  function card(of, step) {
    const it = of.steps[step];
    const now = stateAt(of, step);
    const title = [of.scenario, of.order, `${step + 1} / ${of.steps.length}`].filter(Boolean).join(" · ");
    const lines = [["C", lineOf("c", it.c)], ["Rust", lineOf("r", it.r)]].flatMap(([side, line]) =>
      line ? [make("p", "code-line", make("b", "", `${side} ${line.getAttribute("value")}`), make("code", "", line.textContent.trim()))] : []);
    const screens = now.screens.map((pieces) => pieces.map(([, text]) => text).join("").split("\n").slice(-8).join("\n").trimEnd());
    const processes = now.lanes.flatMap((lane, place) => (lane.state ? [make("li", of.lanes[place].class, make("b", "who", of.lanes[place].name), ` ${lane.text}`)] : []));
    return make("article", "", make("h3", "", title), make("p", "say", sentence(of, it)), ...lines,
      ...screens.filter(Boolean).map((text) => make("pre", "terminal", text)), make("ul", "", ...processes), make("dl", "", ...buffers(of, now).flat()), make("div", "tables", ...tables(of, now)));
  }

  function printStrip() {
    const chosen = marked.size > 0 ? [...marked] : isShown() ? [address()] : [];
    const places = runs.flatMap((of) => of.steps.map((_, step) => [of, step])).filter(([of, step]) => chosen.includes(address(of, step)));
    const strip = byId("strip");
    strip.replaceChildren(...places.map(([of, step]) => card(of, step)));
    strip.hidden = places.length === 0;
  }

  function mark() {
    const it = address();
    if (!marked.delete(it)) marked.add(it);
    markButton.setAttribute("aria-pressed", String(marked.has(it)));
    markButton.title = fill(words.marked, { n: marked.size });
  }

  // --- Controls -----------------------------------------------------------------------------------
  const moves = {
    first: () => 0, previous: () => at - 1, next: () => (isShown() ? at + 1 : at), last: () => run.steps.length - 1,
    back: () => at - 10, on: () => at + 10,
  };
  const keys = { ArrowLeft: "previous", ArrowRight: "next", Home: "first", End: "last", PageUp: "back", PageDown: "on" };

  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-go]");
    if (button) go(moves[button.dataset.go]());
  });
  slider.addEventListener("input", () => go(slider.value - 1));
  scenario.addEventListener("change", () => { choose(runs.find((one) => one.scenario === scenario.value)); go(0, true); });
  order.addEventListener("change", () => { choose(runs.find((one) => one.id === order.value)); go(0, true); });
  markButton.addEventListener("click", () => { if (!isShown()) go(at); mark(); });
  bar.querySelector(".leave").addEventListener("click", () => tab("guide").click());

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const within = event.target.closest("#stepper, #track");
    const isFree = event.target === document.body || event.target.closest("#state");
    if (event.target.matches("select") || !(within || (isFree && isShown()))) return;
    const isMark = event.key.toLowerCase() === "m";
    // Elsewhere these keys scroll the page.
    const move = within || ["ArrowLeft", "ArrowRight"].includes(event.key) ? keys[event.key] : null;
    if (!move && !(isMark && isShown())) return;
    event.preventDefault();
    if (isMark) mark();
    else go(moves[move]());
  });

  track.addEventListener("click", (event) => {
    event.stopPropagation(); // elsewhere a click keeps a line
    const box = track.querySelector(".picture").getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top + top];
    // A label stands to the right of its moment, and mostly below its lane.
    const from = event.target.closest("text") ? event.target.closest("text").getAttribute("x") - 3 : x;
    const lane = Math.max(0, run.lanes.findLastIndex(({ bar }) => bar - 30 <= y));
    const own = run.steps.map((step, place) => [Math.abs(step.x - from), place, step.p]).filter(([, , p]) => p === lane);
    if (own.length > 0) go(own.reduce((best, one) => (one[0] < best[0] ? one : best))[1]);
  });

  addEventListener("popstate", follow);
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", printStrip);
  printed.addEventListener("change", () => { if (printed.matches) printStrip(); });

  for (const one of runs) {
    if ([...scenario.options].every((option) => option.value !== one.scenario)) scenario.append(new Option(`${one.scenario}: ${one.title}`, one.scenario));
  }
  for (const part of [bar, track, byId("state")]) part.hidden = false;
  choose(run);
  show(0);
  follow();
})();
