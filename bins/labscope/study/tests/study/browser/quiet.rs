//! Pages that say nothing on the console and ask nobody for anything.

use super::tab::{DESKTOP, Tab};
use crate::pages;

#[test]
fn every_page_loads_without_a_message_and_from_its_own_folder() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    for (page, _) in pages::pages() {
        tab.visit(page);
        tab.until("document.readyState === 'complete'");
    }
    let thrown = tab.told("Runtime.exceptionThrown");
    assert!(thrown.is_empty(), "{thrown:#?}");
    let logged = tab.told("Log.entryAdded");
    assert!(logged.is_empty(), "{logged:#?}");
    let said = tab.told("Runtime.consoleAPICalled");
    assert!(said.is_empty(), "{said:#?}");

    let folder = format!("file://{}/", pages::folder().display());
    let asked: Vec<&str> = tab
        .told("Network.requestWillBeSent")
        .into_iter()
        .filter_map(|event| event["request"]["url"].as_str())
        .filter(|url| *url != "about:blank")
        .collect();
    for file in [
        "fork_test.html",
        "index.ko.html",
        "study.css",
        "study.js",
        "stepper.js",
        "quiz.js",
    ] {
        assert!(
            asked.contains(&format!("{folder}{file}").as_str()),
            "{file} is not among {asked:?}"
        );
    }
    for url in asked {
        assert!(
            url.starts_with(&folder) || url.starts_with("data:"),
            "{url}"
        );
    }
}

#[test]
fn the_other_language_has_the_same_place() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    for fragment in ["run-tty", "r27", "why"] {
        tab.visit(&format!("fork_test.html#{fragment}"));
        assert_eq!(tab.text("document.documentElement.lang"), "en");
        tab.click("a.language");
        tab.loaded();
        assert_eq!(tab.text("document.documentElement.lang"), "ko");
        assert_eq!(
            tab.text("document.querySelector('h1').textContent"),
            "fork_test"
        );
        let place = tab.text("location.href.split('/').pop()");
        assert_eq!(place, format!("fork_test.ko.html#{fragment}"));
        tab.click("a.language");
        tab.loaded();
        let place = tab.text("location.href.split('/').pop()");
        assert_eq!(place, format!("fork_test.html#{fragment}"));
    }
}
