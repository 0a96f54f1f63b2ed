//! Whether the pages can be used by whoever reads them otherwise than by eye and mouse: axe-core finds nothing serious.

use std::fs;

use super::tab::{DESKTOP, PHONE, Tab};
use crate::pages;

/// A page of each kind, in both languages between them.
const PAGES: [&str; 4] = [
    "index.ko.html",
    "glossary.html",
    "fork_test.ko.html",
    "echo_server_fork.html",
];

/// What of a lab's page is shown only after something has been done: answers, the head of a listing, a line that is
/// pointed at; a step of a run.
const STATES: [&str; 3] = [
    "",
    "document.querySelectorAll('.guide details, .sides').forEach((one) => { one.open = true; }); document.querySelector('.head-lines').click(); \
     document.querySelector('#c li.calls').click(); document.querySelector('.tabs [data-tab=guide]').click();",
    "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })); \
     document.querySelector('[data-go=last]').click(); document.querySelector('[data-go=previous]').click();",
];

/// What is measured when something changes has been measured two frames later.
const SETTLED: &str =
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";

/// What axe-core finds serious or critical: rule, element, what is to be done.
const FOUND: &str = "axe.run(document, { resultTypes: ['violations'], preload: false }).then(({ violations }) => violations
  .filter(({ impact }) => ['serious', 'critical'].includes(impact))
  .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary}`)))";

/// axe-core as a script, where it is installed. Where it is not, CI fails, and others are told.
fn axe() -> Option<String> {
    let file = pages::root().join("build/tools/node_modules/axe-core/axe.min.js");
    let text = fs::read_to_string(&file);
    if text.is_err() {
        assert!(std::env::var_os("CI").is_none(), "no axe-core; make axe");
        eprintln!("skipped: no axe-core; make axe");
    }
    text.ok()
}

#[test]
fn nothing_serious_is_found_on_a_page_of_each_kind() {
    let (Some(axe), Some(mut tab)) = (axe(), Tab::open(DESKTOP)) else {
        return;
    };
    let mut found = Vec::new();
    for window in [DESKTOP, PHONE] {
        tab.resize(window);
        for scheme in ["light", "dark"] {
            tab.prefers(scheme);
            for page in PAGES {
                tab.visit(page);
                tab.value(&format!("{axe}; true"));
                let is_lab = tab.is("document.getElementById('steps') !== null");
                for (place, action) in STATES.iter().enumerate().take(if is_lab { 3 } else { 1 }) {
                    tab.value(&format!("{{ {action} }}; true"));
                    tab.value(SETTLED);
                    let these = tab.texts(FOUND);
                    let about = format!("{page} {} {scheme}, state {place}", window.width);
                    found.extend(these.into_iter().map(|one| format!("{about}: {one}")));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}
