//! The questions before the guide: answered by keyboard and finger, told by what was recorded, kept by the browser.

use labscope::i18n::Language;
use labscope::quiz::{RecordedRun, questions};
use serde_json::json;

use super::tab::{DESKTOP, PHONE, Tab};
use crate::pages;
use crate::tags::{Tag, tags};

/// A question by the key that it has on its page.
fn question(key: &str) -> String {
    format!(".question[data-key='{key}']")
}

fn told(tab: &mut Tab, key: &str) -> String {
    let told = format!(
        "document.querySelector(`{} .told`).textContent",
        question(key)
    );
    tab.text(&told)
}

fn is_open(tab: &mut Tab, key: &str) -> bool {
    tab.is(&format!(
        "document.querySelector(`{} details`).open",
        question(key)
    ))
}

#[test]
fn every_lab_is_asked_about_before_its_guide_tells() {
    for (name, page) in pages::pages_of_labs() {
        let tags = tags(page);
        let place = |id: &str| tags.iter().position(|tag| tag.get("id") == Some(id));
        let (quiz, guide) = (place("quiz"), place("do"));
        let (quiz, guide) = quiz.zip(guide).expect("questions and a guide");
        let is_question = |tag: &&Tag| tag.has_class("question");
        let asked = tags[quiz..guide.max(quiz)]
            .iter()
            .filter(is_question)
            .count();
        let all = tags.iter().filter(is_question).count();
        assert!(asked > 0 && asked == all, "{name}: {asked} of {all}");
        // What answers is in a part that is closed.
        let mut parts = tags[quiz..guide].iter();
        let open = parts.find(|tag| tag.name == "details" && tag.get("open").is_some());
        assert_eq!(open, None, "{name}");
    }
}

#[test]
fn the_page_asks_what_the_recorded_runs_answer() {
    let recorded = pages::recorded();
    for lab in recorded.iter() {
        for (language, ending) in [(Language::En, "html"), (Language::Ko, "ko.html")] {
            let tags = tags(pages::page(&format!("{}.{ending}", lab.lab)));
            let mut shown = tags.iter().filter(|tag| tag.has_class("question"));
            let mut known = Vec::new();
            for outcome in &lab.outcomes {
                let runs = lab.runs_of(&outcome.scenario.name);
                let runs: Vec<RecordedRun> = runs
                    .iter()
                    .map(|run| RecordedRun {
                        order: run.order,
                        transcript: &run.run.transcript,
                        sites: &run.run.sites,
                    })
                    .collect();
                for (_, one) in questions(&runs, language) {
                    if known.iter().any(|other| one.asks_the_same(other)) {
                        continue;
                    }
                    let tag = shown
                        .next()
                        .unwrap_or_else(|| panic!("{}: {}", lab.lab, one.text));
                    let right = one.answer.typed().replace('"', "&quot;");
                    let right = right.replace('<', "&lt;").replace('>', "&gt;");
                    assert_eq!(
                        tag.get("data-right"),
                        Some(right.as_str()),
                        "{}: {}",
                        lab.lab,
                        one.text
                    );
                    known.push(one);
                }
            }
            assert_eq!(shown.next(), None, "{}", lab.lab);
        }
    }
}

#[test]
fn a_question_is_answered_by_keyboard_and_leads_to_the_step_that_decides() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html");
    tab.value(&format!(
        "document.querySelector(`{} input`).focus()",
        question("tty.processes")
    ));
    tab.call("Input.insertText", json!({ "text": "3" }));
    tab.press("Enter");
    assert_eq!(told(&mut tab, "tty.processes"), "No: 2.");
    assert!(is_open(&mut tab, "tty.processes"));
    let link = format!("{} details a", question("tty.processes"));
    let said = tab.text(&format!(
        "document.querySelector(`{link}`).closest('li').textContent"
    ));
    assert!(
        said.contains("process 1: fork()") && said.contains("fork_test.rs:"),
        "{said}"
    );
    tab.click(&link);
    tab.until("document.querySelector('.columns').dataset.show === 'run'");
    let step = tab.text("document.getElementById('step-say').textContent");
    assert!(step.contains("process 1 calls fork()"), "{step}");
}

#[test]
fn each_kind_of_answer_is_read() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    // A choice, by the keys of its buttons.
    tab.visit("child_wait.html");
    let key = "early.child";
    tab.value(&format!(
        "document.querySelector(`{} input[value='1']`).focus()",
        question(key)
    ));
    tab.press("ArrowDown");
    tab.press("Enter");
    assert!(
        told(&mut tab, key).starts_with("No: its parent waits already"),
        "{}",
        told(&mut tab, key)
    );
    // An order.
    let key = "early.order";
    let check = format!("{} button", question(key));
    tab.click(&check);
    assert_eq!(told(&mut tab, key), "Give each line a place of its own.");
    assert!(!is_open(&mut tab, key), "no answer was given yet");
    let right = tab.text(&format!(
        "document.querySelector(`{}`).dataset.right",
        question(key)
    ));
    let lines: Vec<usize> = right
        .split(' ')
        .map(|one| one.parse().expect("a number"))
        .collect();
    for (place, line) in (1..).zip(&lines) {
        tab.value(&format!(
            "document.querySelectorAll(`{} select`)[{line} - 1].value = '{place}'",
            question(key)
        ));
    }
    tab.click(&check);
    assert_eq!(told(&mut tab, key), "Right.");
    // A line of output.
    tab.visit("echo_client.html");
    let key = "alone.last";
    tab.click(&format!("{} input", question(key)));
    tab.call(
        "Input.insertText",
        json!({ "text": " connect error ::  Connection refused" }),
    );
    tab.press("Enter");
    assert_eq!(told(&mut tab, key), "Right.");
}

#[test]
fn the_first_answer_counts_and_the_browser_keeps_it() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html");
    let score = "document.querySelector('.score p').textContent";
    let all = tab.value("document.querySelectorAll('.question').length");
    assert!(tab.is("document.querySelector('.score').hidden"));
    for number in ["3", "2"] {
        tab.value(&format!(
            "document.querySelector(`{} input`).value = '{number}'",
            question("tty.processes")
        ));
        tab.click(&format!("{} button", question("tty.processes")));
    }
    assert_eq!(told(&mut tab, "tty.processes"), "Right.");
    // Who looks has not predicted.
    tab.click(&format!("{} summary", question("tty.repeated")));
    let expected = format!("0 of 2 right; {all} questions. Kept in this browser only.");
    tab.until(&format!("{score} === '{expected}'"));
    // It is kept for the page in the other language too.
    tab.visit("fork_test.ko.html");
    assert!(
        tab.text(score).starts_with("2문제 가운데 0개"),
        "{}",
        tab.text(score)
    );
    assert!(
        !is_open(&mut tab, "tty.processes"),
        "an answer that was not asked for"
    );
    tab.click(".score button");
    tab.until("document.querySelector('.score').hidden");
    tab.visit("fork_test.html");
    assert!(
        tab.is("document.querySelector('.score').hidden"),
        "{}",
        tab.text(score)
    );
}

#[test]
fn a_browser_that_keeps_nothing_says_so() {
    let Some(mut tab) = Tab::open(PHONE) else {
        return;
    };
    let refuse =
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })";
    tab.call(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": refuse }),
    );
    tab.visit("fork_test.html");
    tab.tap(".contents a[href='#quiz']");
    tab.until("document.querySelector('.columns').dataset.show === 'guide'");
    tab.value(&format!(
        "document.querySelector(`{} input`).value = '2'",
        question("tty.processes")
    ));
    tab.tap(&format!("{} button", question("tty.processes")));
    tab.until(&format!(
        "document.querySelector(`{} .told`).textContent === 'Right.'",
        question("tty.processes")
    ));
    let score = tab.text("document.querySelector('.score p').textContent");
    assert!(
        score.starts_with("1 of 1 right") && score.contains("keeps nothing"),
        "{score}"
    );
    let small = tab.texts("[...document.querySelectorAll('.question :is(button, summary, select, input:not([type=radio]), .option)')].filter((one) => { const box = one.getBoundingClientRect(); return box.height > 0 && box.height < 44; }).map((one) => one.outerHTML)");
    assert_eq!(small, [""; 0], "too small for a finger");
}

#[test]
fn every_input_has_a_name_and_every_verdict_is_told_aloud() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    for page in ["child_wait.html", "echo_client.ko.html"] {
        tab.visit(page);
        let nameless = tab.texts("[...document.querySelectorAll('.question :is(input, select)')].filter((one) => one.labels.length === 0 || !one.closest('fieldset').querySelector('legend')).map((one) => one.outerHTML)");
        assert_eq!(nameless, [""; 0], "{page}");
        assert!(tab.is("[...document.querySelectorAll('.question')].every((one) => one.querySelector('[role=status]'))"));
    }
}

/// An answer can be read by whoever opens it, and by nobody else.
#[test]
fn without_a_script_and_on_paper_answers_are_closed() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    let seen = "[...document.querySelectorAll('.question details > :not(summary)')].filter((one) => one.checkVisibility()).length";
    let questions =
        "[...document.querySelectorAll('.question')].every((one) => one.checkVisibility())";
    let buttons = "[...document.querySelectorAll('.question button')].filter((one) => one.checkVisibility()).length";
    tab.visit("child_wait.html");
    assert_eq!(tab.value(seen), 0);
    tab.media("print", &[]);
    assert!(tab.is(questions));
    assert_eq!((tab.value(seen), tab.value(buttons)), (json!(0), json!(0)));
    tab.media("", &[]);
    tab.call(
        "Emulation.setScriptExecutionDisabled",
        json!({ "value": true }),
    );
    tab.visit("child_wait.html");
    assert!(tab.is(questions));
    assert_eq!((tab.value(seen), tab.value(buttons)), (json!(0), json!(0)));
    tab.click(".question summary");
    tab.until("document.querySelector('.question details').open");
    assert!(tab.value(seen).as_u64() > Some(0));
}
