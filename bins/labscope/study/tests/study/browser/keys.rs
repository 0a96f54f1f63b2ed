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
    assert_eq!(tab.text(FOCUSED), "c1");
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
