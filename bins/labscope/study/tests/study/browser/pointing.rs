//! What lights up when something is pointed at.

use crate::pages;

use super::tab::{DESKTOP, PHONE, Tab};

/// The line of the C that forks, and the line of the Rust that does.
fn forks(tab: &mut Tab) -> (String, String) {
    (
        tab.line("c", "pid = fork()"),
        tab.line("rust", "let pid = fork()"),
    )
}

fn dock(tab: &mut Tab) -> String {
    tab.text("document.getElementById('dock').innerText")
}

/// Nothing but these lines, and what tells of one of them, is lit.
fn only(tab: &mut Tab, ids: &[&str]) {
    let mut lit = tab.ids("ol.code > li:is(.at, .lit)");
    lit.sort();
    let mut expected = ids.to_vec();
    expected.sort_unstable();
    assert_eq!(lit, expected, "the lines that are lit");
    let told = tab.texts(
        "[...document.querySelectorAll('[data-of]:is(.at, .lit)')].map((one) => one.dataset.of)",
    );
    assert!(!told.is_empty(), "no row is lit for {ids:?}");
    for of in told {
        assert!(
            of.split(' ').any(|id| ids.contains(&id)),
            "{of} is lit for {ids:?}"
        );
    }
}

#[test]
fn pointing_at_fork_lights_its_counterpart_and_its_calls() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html");
    let (c, rust) = forks(&mut tab);
    assert!(tab.is("document.getElementById('dock').hidden"));
    tab.hover(&format!("#{c}"));
    assert_eq!(tab.ids("li.at"), [c.as_str()]);
    assert_eq!(tab.ids("li.lit"), [rust.as_str()]);
    only(&mut tab, &[&c, &rust]);
    let sees = "(() => { const line = document.querySelector('li.lit').getBoundingClientRect();
        const list = document.querySelector('#rust ol').getBoundingClientRect();
        const dock = document.getElementById('dock').getBoundingClientRect();
        return line.top >= list.top && line.bottom <= Math.min(list.bottom, dock.top); })()";
    assert!(tab.is(sees), "the counterpart is not in sight");

    let dock = dock(&mut tab);
    for part in [
        "pid = fork();",
        "let pid = fork();",
        "fork() = <1.1>",
        "tty, process 1",
    ] {
        assert!(dock.contains(part), "no {part:?} in the dock: {dock}");
    }
    let marks = "[...document.querySelectorAll('figure svg .lit')].map((mark) => mark.textContent)";
    let marks = tab.texts(marks);
    assert!(
        !marks.is_empty() && marks.iter().all(|mark| mark.starts_with("fork")),
        "the timelines' marks of the counterpart: {marks:?}"
    );
    // Not by colour alone: both have a bar at the edge, of another kind each.
    let bar = |selector| {
        format!(
            "getComputedStyle(document.querySelector('{selector}'), '::before').borderLeftStyle"
        )
    };
    assert_eq!(tab.text(&bar("li.at")), "solid");
    assert_eq!(tab.text(&bar("li.lit")), "double");

    tab.hover("h1");
    assert_eq!(tab.ids(".at, .lit"), [""; 0]);
    assert!(tab.is("document.getElementById('dock').hidden"));
}

/// Points at each line with calls, and tells what is lit then and should not be, or should be and is not.
const POINTED: &str = "(() => {
  const flaws = [];
  const lines = [...document.querySelectorAll('li.calls')];
  if (lines.length < 4) flaws.push(`only ${lines.length} lines make calls`);
  const ids = (selector, of) => [...document.querySelectorAll(selector)].map(of).sort().join(' ');
  lines.forEach((line, place) => {
    const others = line.dataset.with.split(' ').filter(Boolean);
    for (const other of others) {
      if (other[0] === line.id[0]) flaws.push(`${line.id} and ${other} are on one side`);
      if (!document.getElementById(other).dataset.with.split(' ').includes(line.id)) flaws.push(`${other} does not name ${line.id}`);
    }
    line.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, pointerType: 'mouse', clientX: place + 1 }));
    const expected = [line.id, ...others];
    const lit = ids('ol.code > li:is(.at, .lit)', (one) => one.id);
    if (lit !== expected.toSorted().join(' ')) flaws.push(`${line.id} lights ${lit}`);
    const told = [...document.querySelectorAll('[data-of]:is(.at, .lit)')];
    if (told.length === 0) flaws.push(`no row is lit for ${line.id}`);
    for (const one of told) if (!one.dataset.of.split(' ').some((id) => expected.includes(id))) flaws.push(`${one.dataset.of} is lit for ${line.id}`);
    if (document.querySelectorAll('#dock li').length === 0) flaws.push(`${line.id}: ${document.getElementById('dock').innerText}`);
  });
  return flaws;
})()";

#[test]
fn every_line_lights_the_lines_that_it_names_and_they_name_it() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    for (page, _) in pages::pages_of_labs() {
        tab.visit(page);
        assert_eq!(tab.texts(POINTED), [""; 0], "{page}");
    }
}

#[test]
fn a_line_without_calls_says_so() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    for (page, says) in [
        ("fork_test.html", "no system call"),
        ("fork_test.ko.html", "호출하지 않았다"),
    ] {
        tab.visit(page);
        let line = tab.line("c", "int i = 100");
        tab.hover(&format!("#{line}"));
        assert_eq!(tab.ids("li:is(.at, .lit)"), [line.as_str()]);
        let dock = dock(&mut tab);
        assert!(
            dock.contains(says) && dock.contains("int i = 100"),
            "{dock}"
        );
    }
}

#[test]
fn a_row_and_a_mark_light_their_lines() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html");
    let (c, rust) = forks(&mut tab);
    tab.click("#run-tty details.sides > summary");
    tab.hover(&format!(
        "#run-tty tr[data-of='{c} {rust}'] td:nth-child(2)"
    ));
    only(&mut tab, &[&c, &rust]);
    assert_eq!(tab.text("document.querySelector('.at').localName"), "tr");
    tab.hover(&format!("#run-tty svg [data-of~='{rust}']"));
    only(&mut tab, &[&c, &rust]);
    assert!(tab.is("document.querySelector('.at').closest('svg') !== null"));
    assert!(dock(&mut tab).contains("let pid = fork();"));
}

#[test]
fn a_click_holds_until_escape_or_another_click() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html");
    let (c, rust) = forks(&mut tab);
    let other = tab.line("c", "printf(\"fork !!!");
    tab.click(&format!("#{c}"));
    assert_eq!(tab.text("location.hash"), format!("#{c}"));
    tab.hover(&format!("#{other}"));
    assert_eq!(tab.ids("li.at"), [c.as_str()]);
    tab.click(&format!("#{other}"));
    assert_eq!(tab.ids("li.at"), [other.as_str()]);
    tab.press("Escape");
    assert_eq!(tab.ids(".at, .lit"), [""; 0]);
    assert_eq!(tab.text("location.hash"), "");
    tab.hover(&format!("#{rust}"));
    assert_eq!(tab.ids("li.at"), [rust.as_str()]);
    tab.click(&format!("#{rust}"));
    tab.click("#dock .close");
    assert_eq!(tab.ids("li.at"), [""; 0]);
}

#[test]
fn the_address_holds_a_line() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html");
    let (c, rust) = forks(&mut tab);
    tab.visit(&format!("fork_test.html#{rust}"));
    assert_eq!(tab.ids("li.at"), [rust.as_str()]);
    assert_eq!(tab.ids("li.lit"), [c.as_str()]);
    tab.hover("h1");
    assert_eq!(tab.ids("li.at"), [rust.as_str()]);
    // The number in a row leads there too.
    tab.press("Escape");
    tab.click("#run-tty details.sides > summary");
    tab.click(&format!("#run-tty a[href='#{c}']"));
    tab.until(&format!("document.activeElement.id === '{c}'"));
    assert_eq!(tab.ids("li.at"), [c.as_str()]);
    let sees = format!(
        "(() => {{ const box = document.getElementById('{c}').getBoundingClientRect(); return box.top >= 0 && box.bottom <= document.getElementById('dock').getBoundingClientRect().top; }})()"
    );
    assert!(tab.is(&sees), "the line is out of sight");
}

#[test]
fn a_finger_points_too_and_the_dock_leads_to_the_counterpart() {
    let Some(mut tab) = Tab::open(PHONE) else {
        return;
    };
    tab.visit("fork_test.html");
    let (c, rust) = forks(&mut tab);
    tab.tap(&format!("#{c}"));
    tab.until("!document.getElementById('dock').hidden");
    assert_eq!(tab.ids("li.at"), [c.as_str()]);
    assert_eq!(
        tab.text("document.querySelector('.columns').dataset.show"),
        "c"
    );
    assert!(dock(&mut tab).contains("let pid = fork();"));
    tab.tap(&format!("#dock a[href='#{rust}']"));
    tab.until("document.querySelector('.columns').dataset.show === 'rust'");
    assert_eq!(tab.ids("li.at"), [rust.as_str()]);
    let sees = format!(
        "(() => {{ const box = document.getElementById('{rust}').getBoundingClientRect(); return box.height > 0 && box.top >= 0 && box.bottom <= document.getElementById('dock').getBoundingClientRect().top; }})()"
    );
    assert!(tab.is(&sees), "the counterpart is out of sight");
    tab.tap("#dock .close");
    tab.until("document.getElementById('dock').hidden");
}
