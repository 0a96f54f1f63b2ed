//! The pages by keyboard alone.

use super::tab::{DESKTOP, PHONE, Tab};

const FOCUSED: &str = "document.activeElement.id";

/// Presses Tab until a line of that listing has the focus.
fn reach(tab: &mut Tab, listing: &str) {
    for _ in 0..40 {
        tab.press("Tab");
        if tab.is(&format!(
            "document.activeElement.matches('#{listing} ol.code > li')"
        )) {
            return;
        }
    }
    panic!("Tab does not reach the listing {listing}");
}

#[test]
fn the_listings_by_keyboard() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html");
    let c = tab.line("c", "pid = fork()");
    let rust = tab.line("rust", "let pid = fork()");
    let first = tab.line("c", "printf(\"Program Start!!");

    reach(&mut tab, "c");
    assert_eq!(tab.text(FOCUSED), first, "the first line with calls");
    assert!(tab.is("document.activeElement.matches(':focus-visible') && getComputedStyle(document.activeElement).outlineStyle === 'solid'"));
    assert_eq!(tab.ids("li.at"), [first.as_str()]);
    for _ in 0..60 {
        if tab.text(FOCUSED) == c {
            break;
        }
        tab.press("ArrowDown");
    }
    assert_eq!(tab.text(FOCUSED), c, "by arrows");
    assert_eq!(tab.ids("li.lit"), [rust.as_str()]);

    tab.press("ArrowRight");
    assert_eq!(tab.text(FOCUSED), rust, "its counterpart");
    assert_eq!(tab.ids("li.at"), [rust.as_str()]);
    tab.press("ArrowLeft");
    assert_eq!(tab.text(FOCUSED), c, "and back");

    tab.press("Enter");
    assert!(tab.is(&format!(
        "document.getElementById('{c}').getAttribute('aria-selected') === 'true'"
    )));
    tab.press("ArrowUp");
    assert_ne!(tab.text(FOCUSED), c);
    assert_eq!(tab.ids("li.at"), [c.as_str()], "it is held");
    tab.press("Escape");
    assert_eq!(tab.ids(".at, .lit"), [""; 0]);
    assert!(tab.is("document.getElementById('dock').hidden"));

    tab.press("End");
    assert!(tab.is("document.activeElement === document.querySelector('#c ol').lastElementChild"));
    tab.press("Home");
    assert!(tab.is("document.activeElement === document.querySelector('#c ol li:not([hidden])')"));
    tab.press("ArrowUp");
    assert!(tab.is("document.activeElement === document.querySelector('#c ol li:not([hidden])')"));
}

#[test]
fn the_selected_line_is_never_below_the_dock() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    let seen = "(() => { const box = document.activeElement.getBoundingClientRect(); const dock = document.getElementById('dock');
        const list = document.activeElement.parentElement.getBoundingClientRect();
        return box.top >= Math.max(0, list.top - 1) && box.bottom <= innerHeight - dock.offsetHeight + 1; })()";
    for page in ["fork_test.html", "echo_server_fork.html"] {
        tab.visit(page);
        reach(&mut tab, "c");
        for _ in 0..45 {
            tab.press("ArrowDown");
            assert!(tab.is(seen), "{page}: {}", tab.text(FOCUSED));
        }
        let apart = "(() => { const hint = document.querySelector('.hint').getBoundingClientRect();
            return [...document.querySelectorAll('ol.code')].every((list) => hint.bottom <= list.getBoundingClientRect().top); })()";
        for place in [0, 200, 600] {
            tab.value(&format!(
                "scrollTo({{ top: {place}, behavior: 'instant' }})"
            ));
            assert!(
                tab.is(&format!(
                    "document.querySelector('.hint').getBoundingClientRect().bottom < 0 || {apart}"
                )),
                "the hint lies on a listing"
            );
        }
    }
}

#[test]
fn the_head_of_a_listing_is_closed_until_somebody_wants_it() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html");
    let first = "document.getElementById('c1').getBoundingClientRect().height > 0";
    assert!(!tab.is(first));
    tab.click("#c .head-lines");
    assert!(tab.is(first));
    assert!(
        tab.is("document.querySelector('#c .head-lines').getAttribute('aria-expanded') === 'true'")
    );
    tab.click("#c .head-lines");
    assert!(!tab.is(first));
    // An address that names one of these lines opens them.
    tab.visit("fork_test.html#c6");
    assert!(tab.is(first));
}

#[test]
fn a_command_of_the_guide_can_be_copied() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html");
    tab.value("navigator.clipboard.writeText = (text) => { document.body.dataset.copied = text; return Promise.resolve(); }");
    let command =
        tab.text("document.querySelector('.guide .copy').previousElementSibling.textContent");
    assert!(command.starts_with("make "), "{command}");
    tab.click(".guide .copy");
    tab.until("document.body.dataset.copied !== undefined");
    assert_eq!(tab.text("document.body.dataset.copied"), command);
    assert!(tab.is("[...document.querySelectorAll('.guide .copy')].every((one) => one.getAttribute('aria-label').length > 6)"));
}

#[test]
fn each_listing_is_one_stop() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html");
    assert_eq!(
        tab.value("document.querySelectorAll('ol.code > li[tabindex=\"0\"]').length"),
        2
    );
    reach(&mut tab, "c");
    tab.press("ArrowDown");
    let left = tab.text(FOCUSED);
    tab.press("Tab"); // the head of the Rust, which is closed
    assert!(tab.is("document.activeElement.matches('#rust .head-lines')"));
    tab.press("Tab");
    assert!(
        tab.is("document.activeElement.matches('#rust ol.code > li')"),
        "Tab leads on to the Rust"
    );
    assert_eq!(
        tab.value("document.querySelectorAll('ol.code > li[tabindex=\"0\"]').length"),
        2
    );
    tab.press("Tab");
    assert!(tab.is("document.activeElement.closest('ol.code') === null"));
    assert_eq!(
        tab.ids("#c li[tabindex=\"0\"]"),
        [left.as_str()],
        "where it was left"
    );
}

#[test]
fn the_first_stop_skips_to_the_program() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html");
    tab.press("Tab");
    assert!(tab.is("document.activeElement.matches('a.skip') && document.activeElement.getBoundingClientRect().top >= 0"));
    tab.press("Enter");
    tab.until("location.hash === '#program'");
}

#[test]
fn a_box_is_a_stop_only_where_it_can_be_scrolled() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html");
    let stops = "[...document.querySelectorAll('pre, .wide')].filter((one) => one.getClientRects().length > 0 && one.checkVisibility())
        .every((one) => (one.tabIndex === 0) === (one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight))";
    tab.until(stops);
    tab.resize(PHONE);
    tab.until(stops);
    assert!(tab.is("document.querySelector('pre[tabindex=\"0\"]') !== null"));
}
