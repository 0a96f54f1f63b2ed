//! The deck: what a lecturer shows, and prints.

use std::fs;

use labscope_study::write_slides;

use super::tab::{Tab, Window};
use crate::pages::{self, labs, root};

/// A projector's window.
const HALL: Window = Window::of(1920, 1080);

/// How many steps a slide has: the question, the answer, the picture.
const FORMS: usize = 3;

/// How many labs are printed: Chromium takes its time over each.
const FEW: usize = 4;

const NOW: &str = "document.querySelector('.slide.now')";

#[test]
fn a_slide_a_lab_asks_then_answers_then_shows_the_picture() {
    let Some(mut tab) = Tab::open(HALL) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    write_slides(root(), &pages::recorded(), folder.path()).expect("a deck");
    for page in ["index.html", "index.ko.html"] {
        tab.visit_in(folder.path(), page);
        assert_eq!(tab.text(&format!("{NOW}.id")), "title");
        for lab in labs() {
            for form in 0..FORMS {
                tab.press("ArrowRight");
                assert_eq!(tab.text("location.hash"), format!("#{lab}"));
                looks_right(&mut tab, lab, form);
            }
        }
        tab.press("ArrowRight"); // there is no further one
        assert!(tab.is(&format!("{NOW}.classList.contains('pictured')")));
        for _ in 0..FORMS {
            tab.press("ArrowLeft");
        }
        let former = &labs()[labs().len() - 2];
        assert_eq!(&tab.text(&format!("{NOW}.id")), former);
        looks_right(&mut tab, former, FORMS - 1);
    }
}

/// What is to be seen of a slide, and that it has room for that.
fn looks_right(tab: &mut Tab, lab: &str, form: usize) {
    let seen = tab.value(&format!(
        "(() => {{ const slide = {NOW}, sees = (it) => it.checkVisibility();
         const over = [...slide.querySelectorAll('pre, .beside')].filter((it) => sees(it) && (it.scrollHeight > it.clientHeight + 1 || it.scrollWidth > it.clientWidth + 1));
         return [[...document.querySelectorAll('.slide')].filter(sees).length,
                 sees(slide.querySelector('pre')), sees(slide.querySelector('ol')),
                 [...slide.querySelectorAll('.answer')].some(sees),
                 slide.querySelector('svg').getBoundingClientRect().width > 1500,
                 over.map((it) => it.tagName + it.scrollHeight + '>' + it.clientHeight).join()]; }})()"
    ));
    let wanted = match form {
        0 => serde_json::json!([1, true, true, false, false, ""]),
        1 => serde_json::json!([1, true, true, true, false, ""]),
        _ => serde_json::json!([1, false, false, true, true, ""]),
    };
    assert_eq!(seen, wanted, "{lab}, step {form}");
}

#[test]
fn the_deck_is_printed_a_page_a_slide() {
    let Some(mut tab) = Tab::open(HALL) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    write_slides(root(), &pages::recorded()[..FEW], folder.path()).expect("a deck");
    tab.visit_in(folder.path(), "index.html");
    let file = folder.path().join("deck.pdf");
    tab.print(&file);
    let printed = fs::read(&file).expect("a file");
    let pages = b"/Type /Page\n";
    let count = printed.windows(pages.len()).filter(|bytes| bytes == pages);
    assert_eq!(count.count(), FEW + 1);
    // Letters are a font's, not drawings: those of all labs are 27 MB.
    let drawings = b"/Subtype /Type3";
    assert!(!printed.windows(drawings.len()).any(|it| it == drawings));
}
