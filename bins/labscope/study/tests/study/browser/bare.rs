//! Pages without their script, and pages on paper.

use serde_json::json;

use super::tab::{DESKTOP, PHONE, Tab, Window};

/// Which of these parts take no room.
const UNSEEN: &str = "['#c ol li', '#rust ol li', '#guide p', '#do', '#try-next', '#runs', '.run', '.transcript', 'figure svg.timeline', '#scenarios', '#ledger', '#differences'].filter((part) => !(document.querySelector(part)?.getBoundingClientRect().height > 0))";

#[test]
fn without_a_script_everything_can_be_read() {
    let Some(mut tab) = Tab::open(PHONE) else {
        return;
    };
    tab.call(
        "Emulation.setScriptExecutionDisabled",
        json!({ "value": true }),
    );
    for window in [PHONE, DESKTOP] {
        tab.resize(window);
        for page in ["fork_test.html", "echo_server_fork.ko.html"] {
            tab.visit(page);
            assert!(
                tab.is("!document.documentElement.classList.contains('js')"),
                "the script ran"
            );
            assert_eq!(tab.texts(UNSEEN), [""; 0], "{page}");
            assert!(
                tab.is("document.querySelector('.tabs').getBoundingClientRect().height === 0"),
                "tabs that do nothing"
            );
            let idle = tab.texts("['#stepper', '#track', '#state', '#strip', '.copy', '.head-lines'].filter((part) => document.querySelector(part)?.getClientRects().length > 0)");
            assert_eq!(idle, [""; 0], "parts that only the script fills");
            assert!(tab.is("document.documentElement.scrollWidth <= innerWidth"));
        }
    }
}

#[test]
fn on_paper_there_is_the_text_and_nothing_to_press() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    for window in [DESKTOP, PHONE] {
        tab.resize(window);
        tab.visit("fork_test.html");
        let line = tab.line("c", "pid = fork()");
        tab.click(&format!("#{line}"));
        tab.media("print", &[]);
        assert_eq!(tab.texts(UNSEEN), [""; 0]);
        let shown = tab.texts("['.stepper', '.track', '.state', '.copy', '.head-lines', '.top', '.contents', '.tabs', '#dock', '.hint', '.skip'].filter((part) => document.querySelector(part).getClientRects().length > 0)");
        assert_eq!(shown, [""; 0], "nothing to press");
        let opened = "[...document.querySelectorAll('details.sides td')].every((one) => one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }) && one.getBoundingClientRect().height > 0)";
        assert!(tab.is(opened), "the tables of calls are closed");
        let answers = tab.value("[...document.querySelectorAll('.guide details > :not(summary)')].filter((one) => one.checkVisibility()).length");
        assert_eq!(answers, 0, "answers are given away");
        let fits = "[...document.querySelectorAll('svg.timeline:not(.whole > svg)')].every((one) => one.getBoundingClientRect().right <= innerWidth)";
        assert!(tab.is(fits), "a timeline is wider than the page");
        let beside = "document.getElementById('c').getBoundingClientRect().right <= document.getElementById('rust').getBoundingClientRect().left";
        assert!(tab.is(beside), "C and Rust stand beside each other");
        tab.media("", &[]);
    }
}

#[test]
fn on_paper_a_long_timeline_is_rows_that_can_be_read() {
    let Some(mut tab) = Tab::open(Window::of(700, 1000)) else {
        return;
    };
    tab.visit("echo_server_fork.html");
    let seen = |part: &str| {
        format!(
            "[...document.querySelectorAll('figure.timeline > {part} > svg')].filter((one) => one.checkVisibility() && one.parentNode.clientHeight > 0)"
        )
    };
    let (whole, rows) = (seen(".whole"), seen(".rows"));
    assert!(
        tab.is(&format!("{whole}.length > 2 && {rows}.length === 0")),
        "on the screen"
    );
    tab.media("print", &[]);
    assert!(
        tab.is(&format!("{whole}.length === 0 && {rows}.length > 6")),
        "on paper"
    );
    // A letter of a lane keeps six tenths of its size, and each row has the names of the lanes.
    let small = format!(
        "{rows}.filter((one) => one.clientWidth < one.viewBox.baseVal.width * .55 || one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML)"
    );
    assert_eq!(tab.texts(&small), [""; 0]);
    let named = format!(
        "{rows}.filter((one) => one.querySelectorAll('svg').length === 2).every((one) => one.querySelector('svg').viewBox.baseVal.x === 0)"
    );
    assert!(tab.is(&named));
}
