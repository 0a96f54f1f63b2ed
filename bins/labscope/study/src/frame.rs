//! What stands around the text of every page.

use labscope::i18n::Language;
use maud::{DOCTYPE, Markup, html};

use crate::edition::Edition;
use crate::links;
use crate::words;

/// A page around its text.
pub struct Frame<'a> {
    /// The page's name: `index`, or its lab.
    pub name: &'a str,
    pub class: &'a str,
    /// Where the first link leads, and what it says.
    pub skip: (&'a str, &'a str),
}

/// A whole document.
pub fn document(
    title: &str,
    language: Language,
    styles: &[&str],
    scripts: &[&str],
    body: Markup,
) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.pick("en", "ko")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                @for style in styles { link rel="stylesheet" href=(style); }
                @for script in scripts { script src=(script) defer {} }
            }
            (body)
        }
    }
}

impl Frame<'_> {
    /// The whole page.
    pub fn around(&self, main: Markup, edition: &Edition) -> Markup {
        let language = edition.language;
        let title = match self.name {
            "index" => "rawlabs".to_owned(),
            links::GLOSSARY => format!("{} · rawlabs", words::glossary(language)),
            lab => format!("{lab} · rawlabs"),
        };
        let scripts: &[&str] = match self.class {
            "lab" => &["study.js", "stepper.js", "quiz.js"],
            _ => &["study.js"],
        };
        let body = html! {
            body class=(self.class) {
                a.skip href=(self.skip.0) { (self.skip.1) }
                header.top {
                    (self.pages(edition))
                    (self.other_language(language))
                }
                main { (main) }
                aside #dock aria-live="polite" hidden {}
                footer {
                    p { a href=(edition.page(links::GLOSSARY)) { (words::glossary(language)) } }
                    p { (words::written_by_make(language)) }
                }
            }
        };
        document(&title, language, &["study.css"], scripts, body)
    }

    fn pages(&self, edition: &Edition) -> Markup {
        let labs = edition.links.labs;
        let place = labs.iter().position(|lab| lab == self.name);
        let at = |place: Option<usize>| place.and_then(|place| labs.get(place));
        let previous = at(place.and_then(|place| place.checked_sub(1)));
        let next = at(place.map(|place| place + 1));
        html! {
            nav.pages aria-label=(words::labs(edition.language)) {
                a href=(edition.page("index")) { "rawlabs" } " "
                @if let Some(lab) = previous {
                    a rel="prev" href=(edition.page(lab)) { "← " (lab) } " "
                }
                @if let Some(lab) = next {
                    a rel="next" href=(edition.page(lab)) { (lab) " →" }
                }
            }
        }
    }

    fn other_language(&self, language: Language) -> Markup {
        let (other, code) = match language {
            Language::En => (Language::Ko, "ko"),
            Language::Ko => (Language::En, "en"),
        };
        let name = words::of_language(other);
        let page = links::page(self.name, other);
        html! { a.language lang=(code) hreflang=(code) href=(page) { (name) } }
    }
}
