//! A recorded run, gone through step by step.

use std::collections::{BTreeMap, BTreeSet};

use labscope_study::ShownRun;
use serde_json::{Value, json};

use super::tab::{DESKTOP, PHONE, Tab, Window};
use crate::pages;

/// What all parts of the page show of the present step.
const SHOWN: &str = "(() => {
  const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent);
  const line = (side) => document.querySelector(`#${side} li.now`);
  const code = (side) => line(side)?.querySelector('code').textContent.trim() ?? null;
  const colour = (one) => [...(one?.classList ?? [])].find((name) => name.startsWith('process-')) ?? null;
  const row = document.querySelector('#step-processes tr.acting');
  const cursor = document.querySelector('.track .cursor');
  return {
    say: document.getElementById('step-say').textContent,
    count: document.getElementById('step-count').textContent,
    hash: location.hash,
    c: code('c'), rust: code('rust'), rustLine: Number(line('rust')?.getAttribute('value') ?? 0),
    who: row.cells[0].textContent, state: row.cells[3].textContent,
    states: [...document.querySelectorAll('#step-processes tbody tr')].filter((one) => !one.hidden).map((one) => [one.cells[0].textContent, one.cells[3].dataset.state]),
    colours: [row, cursor, document.querySelector('.track .lanes .acting'), document.getElementById('step-say'), line('c'), line('rust')].map(colour).filter(Boolean),
    lane: document.querySelector('.track .lanes .acting b').textContent,
    screens: texts('#step-screens samp'),
    buffers: [...document.querySelectorAll('#step-memory dt')].map((one) => [one.textContent, one.nextElementSibling.textContent]),
    descriptors: texts('#step-descriptors > div'),
    x: cursor.getBoundingClientRect().left - document.querySelector('.track svg').getBoundingClientRect().left,
  };
})()";

fn text<'a>(shown: &'a Value, part: &str) -> &'a str {
    shown[part]
        .as_str()
        .unwrap_or_else(|| panic!("{part} of {shown}"))
}

/// Every step of a run as the page shows it, by the right arrow key.
fn all_steps(tab: &mut Tab, page: &str, run: &str) -> Vec<Value> {
    tab.visit(&format!("{page}#step={run}.1"));
    let count = tab.value("Number(document.getElementById('step-slider').max)");
    let count = count.as_u64().expect("a number");
    let mut steps = vec![tab.value(SHOWN)];
    for _ in 1..count {
        tab.press("ArrowRight");
        steps.push(tab.value(SHOWN));
    }
    steps
}

/// The run of that name in what was recorded.
fn with_run(lab: &str, scenario: &str, order: &str, look: impl FnOnce(&ShownRun)) {
    let recorded = pages::recorded();
    let lab = recorded.iter().find(|one| one.lab == lab).expect("the lab");
    let named = |run: &&&ShownRun| format!("{:?}", run.order).contains(order);
    let runs = lab.runs_of(scenario);
    look(runs.iter().find(named).expect("the run"));
}

#[test]
fn all_parts_tell_what_the_trace_tells() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    for (order, name) in [("ChildFirst", "tty.child"), ("ParentFirst", "tty.parent")] {
        let steps = all_steps(&mut tab, "fork_test.html", name);
        with_run("fork_test", "tty", order, |run| {
            // By process: its calls with the lines of the Rust that made them.
            let mut shown: BTreeMap<&str, Vec<(String, u64)>> = BTreeMap::new();
            for step in &steps {
                let say = text(step, "say");
                if let Some(call) = say.split(" calls ").nth(1) {
                    let call = call.split(['(', ',']).next().unwrap_or_default();
                    let line = step["rustLine"].as_u64().unwrap_or(0);
                    shown
                        .entry(text(step, "who"))
                        .or_default()
                        .push((call.to_owned(), line));
                }
            }
            for process in &run.run.processes {
                let number = process.number();
                let traced = process.calls.iter().map(|call| {
                    let site = &run.run.sites[call.index];
                    (
                        call.name.clone(),
                        site.line().map_or(0, |line| u64::from(line.line)),
                    )
                });
                assert_eq!(
                    shown[number.as_str()],
                    traced.collect::<Vec<_>>(),
                    "process {number}, {order}"
                );
            }
            // Of two writes that were under way at once, either may have come first.
            let lines = |screen: &str| {
                let mut lines: Vec<String> = screen.lines().map(str::to_owned).collect();
                lines.sort();
                lines
            };
            let last = steps.last().expect("a step");
            let terminal = String::from_utf8_lossy(&run.run.transcript.terminal).replace('\r', "");
            let screen = last["screens"][0].as_str().expect("a screen");
            assert_eq!(lines(&screen.replace('⏎', "")), lines(&terminal));
        });
        for (step, next) in steps.iter().zip(&steps[1..]) {
            let screen = |step: &Value| step["screens"][0].as_str().expect("text").to_owned();
            assert!(
                screen(next).starts_with(&screen(step)),
                "the terminal goes back: {next}"
            );
            assert!(
                next["x"].as_f64() >= step["x"].as_f64(),
                "time goes back: {next}"
            );
        }
    }
}

#[test]
fn who_acts_is_one_in_all_parts() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    let steps = all_steps(&mut tab, "fork_test.html", "tty.child");
    let mut actors = BTreeSet::new();
    for step in &steps {
        let who = text(step, "who");
        actors.insert(who.to_owned());
        assert_eq!(text(step, "lane"), who, "{step}");
        assert!(
            text(step, "say").contains(&format!("process {who}")),
            "{step}"
        );
        let colours: BTreeSet<&str> = step["colours"]
            .as_array()
            .expect("colours")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(colours.len(), 1, "{step}");
    }
    assert_eq!(actors.len(), 2);
}

#[test]
fn the_line_of_the_c_makes_the_same_call() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    let steps = all_steps(&mut tab, "fork_test.html", "tty.parent");
    for (call, functions) in [
        ("fork", &["fork("][..]),
        ("getpid", &["getpid("]),
        ("read", &["getchar("]),
        ("clock_nanosleep", &["sleep("]),
        ("write", &["printf", "getchar("]),
    ] {
        let mut met = 0;
        for step in &steps {
            let says = text(step, "say").contains(&format!(" {call}("));
            for side in ["c", "rust"].iter().filter(|_| says) {
                let code = text(step, side);
                assert!(
                    functions.iter().any(|function| code.contains(function)),
                    "{step}"
                );
                met += 1;
            }
        }
        assert!(met >= 2, "nobody calls {call}");
    }
    // One statement printed what stands on the terminal now.
    let child = steps
        .iter()
        .find(|step| text(step, "say").contains("I'm Child"));
    let child = child.expect("the child says who it is");
    assert!(
        text(child, "c").contains("I'm Child") && text(child, "rust").contains("I'm Child"),
        "{child}"
    );
}

#[test]
fn states_and_descriptors_follow_fork_and_end() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    let steps = all_steps(&mut tab, "fork_test.html", "tty.child");
    let fork = steps
        .iter()
        .position(|step| text(step, "say").contains("fork()"));
    let fork = fork.expect("somebody forks");
    let there = |step: &Value| step["states"].as_array().map_or(0, Vec::len);
    assert!(steps[..fork].iter().all(|step| there(step) == 1));
    assert!(steps[fork..].iter().all(|step| there(step) == 2));
    for step in &steps {
        let say = text(step, "say");
        if say.contains("clock_nanosleep") && say.contains("waits in it") {
            let own = step["states"]
                .as_array()
                .and_then(|all| all.iter().find(|one| one[0] == step["who"]));
            assert_eq!(
                own.map(|one| one[1].as_str()),
                Some(Some("sleeping")),
                "{step}"
            );
        }
    }
    assert_eq!(steps[fork]["descriptors"].as_array().map(Vec::len), Some(2));
    let last = steps.last().expect("a step");
    assert!(
        last["states"]
            .as_array()
            .expect("states")
            .iter()
            .all(|one| one[1] == "gone"),
        "{last}"
    );
    assert_eq!(last["descriptors"].as_array().map(Vec::len), Some(0));
}

#[test]
fn what_waits_in_a_buffer_is_copied_by_fork() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html#step=pipe.child.1");
    let fork = "JSON.parse(document.getElementById('steps').textContent).runs.find((run) => run.id === 'pipe.child')";
    let step = tab.value(&format!("(({{ steps, texts }}) => steps.findIndex((step) => texts[step.t].startsWith('fork')) + 1)({fork})"));
    tab.visit(&format!("fork_test.html#step=pipe.child.{step}"));
    let shown = tab.value(SHOWN);
    let buffers = shown["buffers"].as_array().expect("a list");
    let waiting: Vec<&str> = buffers
        .iter()
        .filter(|one| one[0].as_str().is_some_and(|name| name.contains("stdout")))
        .filter_map(|one| one[1].as_str())
        .collect();
    assert_eq!(waiting.len(), 2, "{shown}");
    assert!(
        waiting.iter().all(|text| text.contains("Program Start!!")),
        "{shown}"
    );
    assert_eq!(waiting[0], waiting[1]);
    let written = shown["screens"]
        .as_array()
        .expect("screens")
        .iter()
        .all(|screen| !screen.as_str().unwrap_or_default().contains("Program"));
    assert!(written, "nothing has been written yet: {shown}");
}

#[test]
fn an_address_opens_its_step_and_the_way_back_leads_to_it() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html#step=tty.parent.12");
    assert!(text(&tab.value(SHOWN), "count").starts_with("12 / "));
    assert_eq!(
        tab.text("document.getElementById('step-order').value"),
        "tty.parent"
    );
    tab.press("ArrowRight");
    tab.press("ArrowRight");
    tab.until("location.hash === '#step=tty.parent.14'");
    let there = tab.value(SHOWN);
    assert!(tab.is("document.querySelector('a.language').hash === '#step=tty.parent.14'"));
    // Another scenario is a place of its own; a key is none.
    tab.value("(() => { const one = document.getElementById('step-scenario'); one.value = 'pipe'; one.dispatchEvent(new Event('change')); })()");
    let other = tab.value(SHOWN);
    assert!(text(&other, "hash").starts_with("#step=pipe."), "{other}");
    tab.value("history.back()");
    tab.until("location.hash === '#step=tty.parent.14'");
    tab.until("document.getElementById('step-count').textContent.startsWith('14 / ')");
    assert_eq!(tab.value(SHOWN), there);
    // A scenario alone is enough; what is not there opens nothing.
    tab.visit("fork_test.html#step=tty.3");
    assert!(text(&tab.value(SHOWN), "count").starts_with("3 / "));
    tab.visit("fork_test.html#step=nothing.3");
    assert!(tab.is("document.getElementById('state').getClientRects().length === 0"));
}

#[test]
fn by_keyboard_alone() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html");
    for _ in 0..40 {
        tab.press("Tab");
        if tab.is("document.activeElement.id === 'step-slider'") {
            break;
        }
    }
    assert!(
        tab.is("document.activeElement.matches('#step-slider:focus-visible')"),
        "Tab does not reach the slider"
    );
    let count = |tab: &mut Tab| {
        tab.text("document.getElementById('step-count').textContent")
            .split(' ')
            .next()
            .map(str::to_owned)
    };
    let last = tab.text("document.getElementById('step-slider').max");
    for (key, step) in [
        ("End", last.as_str()),
        ("Home", "1"),
        ("ArrowRight", "2"),
        ("PageDown", "12"),
        ("ArrowLeft", "11"),
        ("PageUp", "1"),
    ] {
        tab.press(key);
        assert_eq!(count(&mut tab).as_deref(), Some(step), "{key}");
    }
    tab.press("m");
    assert!(tab.is("document.querySelector('.mark').getAttribute('aria-pressed') === 'true'"));
    assert!(tab.is("document.getElementById('step-say').getAttribute('aria-live') === 'polite'"));
    // In a listing the same keys go from line to line.
    for _ in 0..20 {
        tab.press("Tab");
        if tab.is("document.activeElement.matches('#c ol.code > li')") {
            break;
        }
    }
    tab.press("ArrowDown");
    assert_eq!(count(&mut tab).as_deref(), Some("1"), "the step stays");
    assert!(tab.is("document.activeElement.matches('#c ol.code > li')"));
}

/// Whether these are seen whole, or the cursor and the lines of the step at least.
const SEEN: &str = "(() => {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  const within = (one, other) => one.top >= other.top - 1 && one.bottom <= other.bottom + 1;
  const screen = { top: 0, bottom: innerHeight };
  const missing = ['#stepper', '#c', '#rust', '#track', '#state'].filter((part) => !within(box(part), screen));
  for (const side of ['c', 'rust']) {
    const line = document.querySelector(`#${side} li.now`);
    if (line && !within(line.getBoundingClientRect(), box(`#${side} ol`))) missing.push(`line of ${side}`);
  }
  const [cursor, track, names] = [box('.track .cursor'), box('#track'), box('.track .lanes')];
  if (cursor.left < names.right - 2 || cursor.right > track.right) missing.push('cursor');
  return missing;
})()";

#[test]
fn everything_is_on_one_screen() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    for window in [DESKTOP, Window::of(1024, 768)] {
        tab.resize(window);
        for page in [
            "fork_test.html",
            "child_wait.ko.html",
            "echo_server_fork.html",
        ] {
            tab.visit(&format!("{page}#step=tty.1"));
            let last = tab
                .value("Number(document.getElementById('step-slider').max)")
                .as_u64()
                .expect("a number");
            for step in [0, last / 4, last / 2, last - 1] {
                tab.value(&format!("(() => {{ const one = document.getElementById('step-slider'); one.value = {step} + 1; one.dispatchEvent(new Event('input')); }})()"));
                assert_eq!(
                    tab.texts(SEEN),
                    [""; 0],
                    "{page} at {}, step {}",
                    window.width,
                    step + 1
                );
            }
            assert!(
                tab.is("document.documentElement.scrollWidth <= innerWidth"),
                "{page}"
            );
        }
    }
}

#[test]
fn on_a_phone_one_part_is_below_the_other_and_names_of_lanes_stay() {
    let Some(mut tab) = Tab::open(PHONE) else {
        return;
    };
    tab.visit("fork_test.html#step=tty.child.20");
    let tops = tab.value("['.tabs', '.move', '#c', '#rust', '#track', '#state'].map((part) => document.querySelector(part).getBoundingClientRect().top)");
    let tops: Vec<f64> = tops
        .as_array()
        .expect("places")
        .iter()
        .filter_map(Value::as_f64)
        .collect();
    assert!(tops.len() == 6 && tops.is_sorted(), "{tops:?}");
    assert!(tab.is("document.documentElement.scrollWidth <= innerWidth"));
    let names = "[...document.querySelectorAll('.track .lanes b')].every((name) => { const box = name.getBoundingClientRect(); const track = document.getElementById('track').getBoundingClientRect(); return box.left >= track.left && box.right <= track.left + 140; })";
    for place in [0, 300, 100_000] {
        tab.value(&format!(
            "document.getElementById('track').scrollLeft = {place}"
        ));
        assert!(tab.is(names), "at {place}");
    }
    // The buttons stay within reach, and are large enough for a finger.
    tab.value(
        "document.getElementById('state').scrollIntoView({ block: 'end', behavior: 'instant' })",
    );
    tab.tap("[data-go='next']");
    tab.until("document.getElementById('step-count').textContent.startsWith('21 / ')");
    let small = tab.texts("[...document.querySelectorAll('.move button')].filter((one) => { const box = one.getBoundingClientRect(); return box.height > 0 && (box.height < 44 || box.width < 44); }).map((one) => one.outerHTML)");
    assert_eq!(small, [""; 0]);
    tab.tap(".tabs [data-tab='guide']");
    tab.until("document.getElementById('track').getClientRects().length === 0");
}

#[test]
fn on_paper_the_marked_steps_are_a_strip() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html#step=tty.child.10");
    let tenth = text(&tab.value(SHOWN), "say").to_owned();
    let terminal = "document.querySelector('#step-screens samp').textContent.split('\\n').slice(-8).join('\\n').trimEnd()";
    let cards = "[...document.querySelectorAll('#strip article')].filter((one) => one.checkVisibility()).map((one) => one.querySelector('.say').textContent)";
    tab.media("print", &[]);
    tab.until("document.querySelector('#strip article') !== null");
    assert_eq!(tab.texts(cards), [tenth.as_str()], "the step that is shown");
    tab.media("", &[]);
    tab.press("ArrowRight");
    let eleventh = text(&tab.value(SHOWN), "say").to_owned();
    let first_screen = tab.text(terminal);
    assert!(first_screen.starts_with("Program Start"), "{first_screen}");
    tab.press("m");
    for _ in 0..4 {
        tab.press("ArrowRight");
    }
    let fifteenth = text(&tab.value(SHOWN), "say").to_owned();
    let second_screen = tab.text(terminal);
    tab.press("m");
    tab.press("ArrowRight");
    tab.media("print", &[]);
    tab.until("document.querySelectorAll('#strip article').length === 2");
    assert_eq!(
        tab.texts(cards),
        [eleventh, fifteenth],
        "those that are marked, in their order"
    );
    let wide = tab.texts("[...document.querySelectorAll('#strip article')].filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => `${one.getBoundingClientRect().right} of ${innerWidth}`)");
    assert_eq!(wide, [""; 0], "no card leaves the paper");
    let screens = tab.texts(
        "[...document.querySelectorAll('#strip article pre')].map((one) => one.textContent)",
    );
    assert_eq!(
        screens,
        [first_screen, second_screen],
        "with what the terminal shows"
    );
    let shown = tab.texts("['.stepper', '.track', '.state'].filter((part) => document.querySelector(part).getClientRects().length > 0)");
    assert_eq!(shown, [""; 0], "nothing to press");
}

#[test]
fn a_click_on_the_timeline_goes_to_the_step() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html#step=tty.child.1");
    tab.value("(() => { for (const one of document.querySelectorAll('#track svg text')) if (one.textContent.startsWith('fork')) one.id = 'label-of-fork'; })()");
    tab.click("#label-of-fork");
    let shown = tab.value(SHOWN);
    assert!(text(&shown, "say").contains("fork()"), "{shown}");
}

#[test]
fn the_stepper_and_the_runs_begin_with_the_scenario_of_the_picture() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("echo_server_fork.html");
    let scenario = tab.text("document.getElementById('step-scenario').value");
    assert!(scenario.starts_with("fork"), "one client: {scenario}");
    assert_eq!(
        tab.text("document.querySelector('#runs .run').id"),
        "run-fork"
    );
}

#[test]
fn a_variable_holds_what_the_process_prints_of_it() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html#step=tty.child.1");
    let told = tab.value("(() => {
        const slider = document.getElementById('step-slider');
        const told = [];
        for (slider.value = 1; ; slider.value = Number(slider.value) + 1) {
            slider.dispatchEvent(new Event('input'));
            const printed = document.getElementById('step-say').textContent.match(/ ([\\d.]+) .*write\\(1, \"[PC] : (\\d+)/);
            const of = [...document.querySelectorAll('#step-memory dt')].find((one) => one.textContent === `${printed?.[1]} i`);
            if (printed) told.push([printed[1], printed[2], of?.nextElementSibling.textContent ?? '']);
            if (slider.value === slider.max) return told;
        }
    })()");
    let told = told.as_array().expect("steps");
    assert!(told.len() > 3, "{told:?}");
    assert!(told.iter().all(|one| one[1] == one[2]), "{told:?}");
    let values = told.iter().map(|one| one[2].to_string());
    let values: std::collections::BTreeSet<String> = values.collect();
    assert!(values.len() > 2, "they change: {told:?}");
}

#[test]
fn the_panels_of_a_step_are_no_wider_than_their_room_and_name_every_value() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    for (page, _) in pages::pages_of_labs() {
        tab.visit(page);
        for part in [".3", ".6", "1"] {
            tab.value(&format!("(() => {{ const slider = document.getElementById('step-slider'); slider.value = Math.ceil(slider.max * {part}); slider.dispatchEvent(new Event('input')); }})()"));
            assert!(
                tab.is("(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.getElementById('state'))"),
                "{page} at {part}"
            );
            let nameless = tab.texts("[...document.querySelectorAll('#step-memory dd')].map((one) => one.textContent).filter((text) => ['', 'null', 'undefined'].includes(text))");
            assert_eq!(nameless, [""; 0], "{page} at {part}");
        }
    }
}

/// What a step touches and leaves as it was: a node replaced by one that is the same, an attribute or a text written once more.
const TOUCHED_IN_VAIN: &str = "(() => {
  const observer = new MutationObserver(() => {});
  const all = { subtree: true, childList: true, characterData: true, attributes: true, attributeOldValue: true, characterDataOldValue: true };
  const name = (node) => node.id || node.parentElement?.id || node.nodeName;
  const found = [];
  const count = Number(document.getElementById('step-slider').max);
  observer.observe(document, all);
  for (let step = 1; step < count; step++) {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    const before = new Map();
    const [added, removed] = [[], []];
    for (const it of observer.takeRecords()) {
      for (const node of it.addedNodes) added.push([it.target, node]);
      for (const node of it.removedNodes) removed.push([it.target, node]);
      const key = it.attributeName ?? '';
      if (!before.has(it.target)) before.set(it.target, new Map());
      if (it.type !== 'childList' && !before.get(it.target).has(key)) before.get(it.target).set(key, it.oldValue);
    }
    for (const [box, node] of removed) {
      const own = added.filter(([other]) => other === box);
      if (own.length !== removed.filter(([other]) => other === box).length) continue; // some came or went, and those behind them moved
      if (own.some(([, one]) => one.isEqualNode(node))) found.push(`step ${step + 1}: ${name(box)} has the same ${name(node)} again`);
    }
    for (const [node, values] of before) for (const [key, old] of values) {
      const now = key ? node.getAttribute(key) : node.data;
      if (now === old) found.push(`step ${step + 1}: ${key} of ${name(node)} is ${old} again`);
    }
  }
  return found;
})()";

#[test]
fn a_step_touches_only_what_differs() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    for page in [
        "fork_test.html#step=tty.child.1",
        "echo_server_fork.ko.html#step=tty.1",
        "echo_server_robust.html#step=tty.1",
    ] {
        tab.visit(page);
        assert_eq!(tab.texts(TOUCHED_IN_VAIN), [""; 0], "{page}");
    }
}

#[test]
fn while_a_client_acts_the_listings_show_where_the_server_is() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("echo_server_fork.html");
    let step = tab.value("(({ lanes, steps }) => steps.findLastIndex(({ p }) => lanes[p].of) + 1)(JSON.parse(document.getElementById('steps').textContent).runs.find(({ id }) => id === 'fork'))");
    tab.visit(&format!("echo_server_fork.html#step=fork.{step}"));
    for side in ["c", "rust"] {
        assert!(
            tab.is(&format!("(({{ top, bottom }}) => [...document.querySelectorAll('#{side} li[data-here]')].some((line) => line.getBoundingClientRect().top >= top && line.getBoundingClientRect().bottom <= bottom))(document.querySelector('#{side} ol').getBoundingClientRect())")),
            "{side} at step {step}"
        );
    }
}

#[test]
fn a_step_says_what_the_call_returned_in_this_run() {
    let steps = steps_of("fork_test.html");
    let told = |name: &str| {
        let all = steps.iter().filter(|text| text.starts_with(name));
        all.filter_map(|text| text.rsplit_once(") = ").map(|(_, result)| result))
            .collect::<Vec<&str>>()
    };
    let is_number = |text: &&str| text.parse::<i32>().is_ok();
    for name in ["write(", "fork(", "getpid("] {
        let told = told(name);
        assert!(
            !told.is_empty() && told.iter().all(is_number),
            "{name} {told:?}"
        );
    }
}

/// The texts of all steps of a page.
fn steps_of(page: &str) -> Vec<String> {
    let (_, rest) = pages::page(page)
        .split_once("<script id=\"steps\" type=\"application/json\">")
        .expect("steps");
    let (data, _) = rest.split_once("</script>").expect("their end");
    let data: Value = serde_json::from_str(data).expect("JSON");
    let runs = data["runs"].as_array().expect("runs").iter();
    let texts = runs.flat_map(|run| run["texts"].as_array().expect("texts").clone());
    texts
        .map(|text| text.as_str().expect("a text").to_owned())
        .collect()
}

/// At each step, where every line of the listings lies in its listing, and the lines whose text runs below a name.
const LINES: &str = "(() => {
  const lines = [...document.querySelectorAll('.code > li')];
  const slider = document.getElementById('step-slider');
  const at = () => JSON.stringify(lines.map((line) => [line.offsetTop, line.offsetHeight]));
  const flaws = [];
  const first = at();
  for (let step = 2; step <= Number(slider.max); step++) {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    if (at() !== first) flaws.push(`step ${step}: a line has moved`);
    for (const line of document.querySelectorAll('.code > li[data-here]')) {
      const text = document.createRange();
      text.selectNodeContents(line.querySelector('code'));
      const end = Math.max(...[...text.getClientRects()].map((box) => box.right));
      const name = getComputedStyle(line, '::after');
      const from = line.getBoundingClientRect().right - parseFloat(name.right) - parseFloat(name.width);
      if (!line.dataset.here.includes(' ') && end > from) flaws.push(`step ${step}: ${line.dataset.here} hides ${line.textContent}`);
    }
  }
  return flaws;
})()";

#[test]
fn at_a_step_no_line_moves_and_no_name_hides_one() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    for width in [1440, 1024] {
        tab.resize(Window::of(width, 900));
        for page in [
            "fork_test.html#step=tty.child.1",
            "echo_server_robust.html#step=tty.1",
        ] {
            tab.visit(page);
            assert_eq!(tab.texts(LINES), [""; 0], "{page} at {width}");
        }
    }
}

#[test]
fn of_many_keys_in_a_frame_one_address_is_kept_behind_it() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("echo_server_robust.html#step=tty.1");
    let kept = tab.value("(() => {
        window.kept = [];
        const write = history.replaceState.bind(history);
        history.replaceState = (...told) => { kept.push(told[2]); write(...told); };
        for (let times = 0; times < 20; times++) document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
        return kept;
    })()");
    assert_eq!(kept, json!([]), "a step is shown first");
    tab.until("location.hash === '#step=tty.21'");
    assert_eq!(tab.texts("kept"), ["#step=tty.21"]);
    // Who leaves for another scenario finds the step again.
    let kept = tab.text("(() => {
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
        const one = document.getElementById('step-scenario');
        one.selectedIndex = 1;
        one.dispatchEvent(new Event('change'));
        return kept.at(-1);
    })()");
    assert_eq!(kept, "#step=tty.22");
    tab.value("history.back()");
    tab.until("document.getElementById('step-count').textContent.startsWith('22 / ')");
}

/// All steps from the first by the key, without a frame between them; how many.
const THROUGH: &str = "(() => {
  const slider = document.getElementById('step-slider');
  const count = Number(slider.max) - 1;
  slider.value = 1;
  slider.dispatchEvent(new Event('input'));
  for (let step = 0; step < count; step++) document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
  return count;
})()";

/// How often the page was laid out so far, and how often styles were looked for.
fn work(tab: &mut Tab) -> [f64; 2] {
    let told = tab.call("Performance.getMetrics", json!({}));
    let metrics = told["metrics"].as_array().expect("metrics");
    ["LayoutCount", "RecalcStyleCount"].map(|name| {
        let metric = metrics.iter().find(|one| one["name"] == name);
        let value = metric.and_then(|one| one["value"].as_f64());
        value.expect("a count")
    })
}

#[test]
fn a_step_lays_the_page_out_once() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.call("Performance.enable", json!({}));
    for page in [
        "fork_test.html#step=tty.child.1",
        "echo_server_fork.ko.html#step=tty.1",
        "echo_server_robust.html#step=tty.1",
    ] {
        tab.visit(page);
        tab.value(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
        );
        let before = work(&mut tab);
        let steps = tab.value(THROUGH).as_f64().expect("a number");
        let after = work(&mut tab);
        // The first step, and frames before and after them, are a few more.
        for (name, times) in ["layouts", "styles"].iter().zip([0, 1]) {
            let made = after[times] - before[times];
            assert!(
                made >= steps / 2.0,
                "{page}: {made} {name} at {steps} steps"
            );
            assert!(
                made <= steps + 8.0,
                "{page}: {made} {name} at {steps} steps"
            );
        }
    }
}

#[test]
fn a_part_of_a_step_scrolls_where_somebody_reads() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    let state = |part: &str| {
        format!(
            "(({{ scrollTop, clientWidth }}, {{ overflowY }}) => ({{ overflowY, scrollTop, clientWidth }}))(document.querySelector('{part}'), getComputedStyle(document.querySelector('{part}')))"
        )
    };
    tab.visit("echo_server_robust.html#step=tty.1");
    for part in ["#c ol", "#rust ol", "#track"] {
        let rests = tab.value(&state(part));
        assert_eq!(rests["overflowY"], "hidden", "{part}");
        tab.hover(&format!("{part} > :not([hidden])"));
        tab.until(&format!(
            "getComputedStyle(document.querySelector('{part}')).overflowY === 'auto'"
        ));
        let pointed = tab.value(&state(part));
        assert_eq!(
            pointed["clientWidth"], rests["clientWidth"],
            "{part}: no line moves"
        );
        if part == "#track" {
            continue; // all of its lanes may be seen
        }
        tab.wheel(part, 200);
        tab.until(&format!(
            "document.querySelector('{part}').scrollTop > {} + 100",
            pointed["scrollTop"]
        ));
    }
    tab.hover("#step-say");
    tab.value("document.querySelector('#c li[tabindex=\"0\"]').focus()");
    assert_eq!(tab.value(&state("#c ol"))["overflowY"], "auto");
    assert_eq!(tab.value(&state("#rust ol"))["overflowY"], "hidden");
    // A finger has no place before it scrolls.
    tab.resize(PHONE);
    tab.visit("echo_server_robust.html#step=tty.1");
    for part in ["#c ol", "#rust ol", "#track"] {
        assert_eq!(tab.value(&state(part))["overflowY"], "auto", "{part}");
    }
}
