// Lights what belongs together: a line of the C, its line of the Rust, the calls of both in the recorded runs.
// Everything comes from the page itself: ids of lines (c14, r15), data-with on lines, data-of on rows and marks.
(() => {
  "use strict";
  const root = document.documentElement;
  const words = root.lang === "ko"
    ? {
        empty: "빈 줄", none: "기록한 실행에서 이 줄은 시스템 콜을 호출하지 않았다.",
        unpaired: "기록한 실행에서 짝이 되는 줄이 없다.",
        head: (count) => `${count}번 줄까지: 설명과 포함하는 파일`, copy: "복사", copied: "복사함", copyIt: (text) => `복사: ${text}`,
        process: "프로세스", libc: "libc가 스스로:", more: (count) => `… 외 ${count}개`, close: "닫기", dock: "가리킨 줄",
        hint: "줄을 가리키면 짝이 되는 줄과 시스템 콜이 보인다. 클릭하면 고정된다. 키보드: [↑] [↓] 줄, [←] [→] 짝으로, [Enter] 고정, [Esc] 풀기.",
      }
    : {
        empty: "empty line", none: "This line made no system call in the recorded runs.",
        unpaired: "No line answers to it in the recorded runs.",
        head: (count) => `Lines 1 to ${count}: comment and includes`, copy: "Copy", copied: "Copied", copyIt: (text) => `Copy: ${text}`,
        process: "process", libc: "libc on its own:", more: (count) => `… ${count} more`, close: "Close", dock: "The line that is pointed at",
        hint: "Point at a line to see its counterpart and its system calls; a click keeps it. Keys: [↑] [↓] lines, [←] [→] to the counterpart, [Enter] keeps, [Esc] lets go.",
      };

  root.classList.add("js");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const language = document.querySelector("a.language");
  const keepFragment = () => { if (language) language.hash = location.hash; };
  keepFragment();
  addEventListener("hashchange", keepFragment);

  const columns = document.querySelector(".columns");
  const dock = document.getElementById("dock");
  if (!columns || !dock) return;
  const lists = all("ol.code", columns);
  const lines = lists.flatMap((list) => [...list.children]);
  const tabs = columns.querySelector(".tabs");
  const subject = "ol.code > li, [data-of]";
  let pinned = null;
  dock.setAttribute("aria-label", words.dock);

  // The lines of which a row or a mark tells; of a line, itself.
  const linesOf = (of) =>
    of.dataset.of === undefined ? [of] : of.dataset.of.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
  const lineOf = (of) => linesOf(of)[0];
  const counterparts = (line) =>
    (line.dataset.with || "").split(" ").filter(Boolean).map((id) => document.getElementById(id)).filter(Boolean);
  const telling = (line) => all(`[data-of~="${line.id}"]`);
  const sideOf = (line) => line.parentElement.dataset.side;

  // --- Lighting -------------------------------------------------------------------------------
  function clear() {
    for (const lit of all(".at, .lit")) lit.classList.remove("at", "lit");
    dock.hidden = true;
  }

  function show(at) {
    clear();
    const own = linesOf(at);
    const lit = new Set([...own, ...own.flatMap(counterparts)]);
    for (const line of lit) line.classList.add("lit");
    for (const mark of new Set(own.flatMap(telling))) mark.classList.add("lit");
    // The timelines are of the Rust: a line of the C has its marks by its counterpart.
    for (const mark of [...lit].flatMap(telling)) if (mark.closest("svg")) mark.classList.add("lit");
    at.classList.remove("lit");
    at.classList.add("at");
    fill(at, own, [...lit]);
    for (const line of lit) if (line !== at) bringIntoView(line);
  }

  /** Scrolls the line's own listing, never the page: what is pointed at stays where it is. */
  function bringIntoView(line) {
    const list = line.parentElement;
    const box = list.getBoundingClientRect();
    const from = Math.max(0, -box.top); // the part of the list that is on the screen, above the dock
    const to = Math.min(box.height, innerHeight - dock.offsetHeight - box.top);
    const top = line.offsetTop - list.scrollTop;
    if (to <= from || (top >= from && top + line.offsetHeight <= to)) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    list.scrollTo({ top: line.offsetTop - (from + to) / 2, behavior: calm ? "instant" : "smooth" });
  }

  function pin(at) {
    pinned = at;
    for (const line of lines) line.setAttribute("aria-selected", String(line === at));
    show(at);
    history.replaceState(null, "", `#${lineOf(at)?.id || ""}`);
    keepFragment();
  }

  function release() {
    if (pinned && location.hash === `#${lineOf(pinned)?.id}`) history.replaceState(null, "", location.href.split("#")[0]);
    keepFragment();
    pinned = null;
    for (const line of lines) line.setAttribute("aria-selected", "false");
    clear();
  }

  const point = (at) => { if (!pinned) show(at); };

  // --- The dock -------------------------------------------------------------------------------
  function make(name, className, ...children) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  function fill(at, own, lit) {
    dock.replaceChildren();
    const close = make("button", "close", "×");
    close.type = "button";
    close.setAttribute("aria-label", words.close);
    close.addEventListener("click", release);
    const run = runOf(at, lit);
    for (const side of ["c", "rust"]) {
      const here = lit.filter((line) => sideOf(line) === side);
      const pane = make("section", side, ...here.map((line) => head(line, line === at)));
      if (here.length === 0) pane.append(make("p", "", words.unpaired));
      pane.append(...calls(here, side, run));
      dock.append(pane);
    }
    const makesCalls = own.some((line) => line.classList.contains("calls"));
    if (!makesCalls) dock.replaceChildren(head(own[0], true), make("p", "none", words.none));
    dock.append(close);
    dock.hidden = false;
  }

  /** The line itself, as a link to its place. */
  function head(line, isAt) {
    const code = line.querySelector("code").cloneNode(true);
    if (code.firstChild) code.firstChild.textContent = code.firstChild.textContent.trimStart();
    const link = make("a", isAt ? "line at" : "line", make("b", "", line.getAttribute("value")), code);
    link.href = `#${line.id}`;
    return link;
  }

  /** The run whose calls are told: that in which one points, else the first with calls of these lines. */
  function runOf(at, lit) {
    const runs = new Set([at, ...lit.flatMap(telling)].map((one) => one.closest(".run")));
    return [...runs].find((run) => run && lit.some((line) => run.querySelector(`tr[data-of~="${line.id}"]`)));
  }

  /** The distinct calls of these lines in a run, with the processes that made them; libc's own after them. */
  function calls(of, side, run) {
    if (!run) return [];
    const column = side === "c" ? 1 : 2;
    const made = new Map();
    const libc = new Map();
    for (const row of new Set(of.flatMap((line) => all(`tr[data-of~="${line.id}"]`, run)))) {
      const cell = row.cells[column];
      const call = (cell.textContent === "=" ? row.cells[1] : cell).querySelector("code")?.textContent;
      if (!call) continue;
      if (row.classList.contains("libc")) {
        const name = call.split("(")[0];
        libc.set(name, (libc.get(name) || 0) + 1);
        continue;
      }
      const process = row.closest("table").caption.textContent.match(/\d+(\.\d+)*/)?.[0] || "";
      made.set(call, (made.get(call) || new Set()).add(process));
    }
    const shown = [...made].slice(0, 8).map(([call, processes]) => {
      const who = `${run.id.replace("run-", "")}, ${words.process} ${[...processes].sort().join(", ")}`;
      return make("li", "", make("code", "", call), make("span", "who", who));
    });
    if (made.size > 8) shown.push(make("li", "who", words.more(made.size - 8)));
    if (libc.size > 0) {
      const names = [...libc].map(([name, count]) => (count > 1 ? `${name} × ${count}` : name));
      shown.push(make("li", "libc", make("span", "who", words.libc), make("code", "", names.join(", "))));
    }
    return shown.length > 0 ? [make("ul", "", ...shown)] : [];
  }

  // --- Pointer --------------------------------------------------------------------------------
  // Scrolling moves lines under a pointer that rests; only a pointer that moves points.
  let place = "";
  document.addEventListener("pointerover", (event) => {
    const now = `${event.clientX} ${event.clientY}`;
    if (event.pointerType === "touch" || now === place) return;
    place = now;
    const at = event.target.closest(subject);
    if (at) point(at);
    else if (!pinned && !dock.contains(event.target)) clear();
  });
  root.addEventListener("pointerleave", () => { if (!pinned) clear(); });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) {
      const target = document.getElementById(link.hash.slice(1));
      if (target && lines.includes(target)) {
        event.preventDefault();
        visit(target);
      }
      return;
    }
    const at = event.target.closest(subject);
    if (!at || String(getSelection()) !== "") return; // text that is being copied is no click
    if (at === pinned) release();
    else pin(at);
  });

  /** Whether a line lies below the dock, or above the screen. */
  function isCovered(line) {
    const { top, bottom } = line.getBoundingClientRect();
    return top < (tabs?.offsetHeight || 0) || bottom > innerHeight - dock.offsetHeight;
  }

  /** Goes to a line wherever it is, and keeps it. */
  function visit(line) {
    reveal(line);
    pin(line);
    line.focus({ preventScroll: true });
    if (isCovered(line)) line.scrollIntoView({ block: "center" });
    for (const other of counterparts(line)) bringIntoView(other);
  }

  // --- Keyboard: each listing is one stop of the Tab key ------------------------------------------
  for (const list of lists) {
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-labelledby", `${list.closest(".listing").id}-title`);
    for (const line of list.children) {
      line.setAttribute("role", "option");
      if (line.textContent.trim() === "") line.setAttribute("aria-label", words.empty);
      line.setAttribute("aria-selected", "false");
      line.tabIndex = -1;
    }
    const first = list.querySelector(".calls") || list.firstElementChild;
    if (first) first.tabIndex = 0;
  }

  columns.addEventListener("focusin", (event) => {
    const line = event.target.closest("ol.code > li");
    if (!line) return;
    for (const other of line.parentElement.children) other.tabIndex = other === line ? 0 : -1;
    point(line);
    if (!line.matches(":focus-visible")) return;
    bringIntoView(line);
    if (isCovered(line)) line.scrollIntoView({ block: "center" });
  });

  columns.addEventListener("focusout", (event) => {
    if (!pinned && !event.relatedTarget?.closest("ol.code, #dock")) clear();
  });

  columns.addEventListener("keydown", (event) => {
    const line = event.target.closest("ol.code > li");
    if (!line || event.altKey || event.ctrlKey || event.metaKey) return;
    const across = (side) => (sideOf(line) === side ? counterparts(line)[0] : null);
    const next = {
      ArrowDown: () => line.nextElementSibling,
      ArrowUp: () => (line.previousElementSibling?.hidden ? null : line.previousElementSibling),
      Home: () => line.parentElement.querySelector("li:not([hidden])"),
      End: () => line.parentElement.lastElementChild,
      ArrowRight: () => across("c"),
      ArrowLeft: () => across("rust"),
    }[event.key];
    if (next) {
      event.preventDefault();
      const to = next();
      if (to) {
        reveal(to);
        to.focus();
      }
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (line === pinned) release();
      else pin(line);
    }
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") release(); });

  // --- Tabs of a narrow screen ---------------------------------------------------------------------
  function choose(tab) {
    columns.dataset.show = tab;
    for (const button of all("button", tabs)) button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
  }
  function reveal(element) {
    if (element.hidden) openHead(element.parentElement, true);
    const part = element.closest("#c, #rust, #guide");
    // Beside a run both listings are shown anyway.
    if (tabs && part && (part.id === "guide" || columns.dataset.show !== "run")) choose(part.id);
  }
  if (tabs) {
    tabs.hidden = false;
    choose(columns.dataset.show || "c");
    tabs.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) choose(button.dataset.tab);
    });
  }

  // --- The address ---------------------------------------------------------------------------------
  function follow() {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (lines.includes(target)) return visit(target);
    if (target.closest("#c, #rust, #guide")) {
      reveal(target);
      target.scrollIntoView();
    }
  }
  addEventListener("hashchange", follow);

  // Boxes that can be scrolled are stops of the Tab key; those in which everything fits need none.
  const boxes = new ResizeObserver((entries) => {
    for (const { target } of entries) target.tabIndex = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight ? 0 : -1;
  });
  for (const box of all("pre[tabindex], .wide[tabindex]")) boxes.observe(box);

  // --- The head of a listing is closed at first: a comment, and what is included ----------------------
  function openHead(list, isOpen) {
    const button = list.previousElementSibling;
    if (!button?.matches(".head-lines")) return;
    button.setAttribute("aria-expanded", String(isOpen));
    for (const line of [...list.children].slice(0, list.dataset.head)) line.hidden = !isOpen;
  }
  for (const list of lists) {
    const head = [...list.children].slice(0, list.dataset.head ?? 0);
    if (head.length < 4 || head.some((line) => line.matches(".calls"))) continue;
    const button = make("button", "head-lines", words.head(head.length));
    button.type = "button";
    button.addEventListener("click", () => openHead(list, head[0].hidden));
    list.before(button);
    openHead(list, false);
  }

  // --- Commands of the guide can be copied ------------------------------------------------------------
  const command = /^(make|ps|kill|ls|cat|sort|grep|head|tail|nc|ss|lsof|pgrep|pstree|strace|python3?|perl|echo|printf|for|while|watch|gdb|ipcs|ipcrm|mkfifo|rm|setsid|stty|LC_ALL=\S+|build\/\S+|\.\/\S+)\s\S/;
  for (const code of all(".guide :is(li, p, td) > code, .guide pre > code")) {
    const text = code.textContent.trim();
    if (!command.test(text)) continue;
    const button = make("button", "copy", words.copy);
    button.type = "button";
    button.setAttribute("aria-label", words.copyIt(text));
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(text).then(() => {
        button.textContent = words.copied;
        setTimeout(() => { button.textContent = words.copy; }, 1500);
      });
    });
    code.after(button);
  }

  const hint = make("p", "hint");
  for (const part of words.hint.split(/(\[[^\]]+\])/)) hint.append(part.startsWith("[") ? make("kbd", "", part.slice(1, -1)) : part);
  lists[0]?.closest(".listing").before(hint);
  follow();
})();
