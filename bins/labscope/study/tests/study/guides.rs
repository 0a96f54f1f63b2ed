//! Every guide of the project, as it stands on its page.

use std::path::PathBuf;

use labscope::Room;
use labscope::i18n::Language;
use labscope_study::LANGUAGES;
use labscope_study::edition::Edition;
use labscope_study::guide::{Guide, PARTS, parts};
use labscope_study::highlight::Highlighter;
use labscope_study::links::{GLOSSARY, Links};

use crate::pages::{labs, root};
use crate::tags::tags;

#[test]
fn every_guide_has_its_parts_answers_and_links() {
    let highlighter = Highlighter::new().expect("grammars");
    let rooms = labs().iter().map(|lab| Room::of(root(), lab).folder);
    let rooms: Vec<PathBuf> = rooms.collect();
    for lab in labs() {
        let body = |language: Language| {
            let edition = Edition {
                root: root(),
                language,
                links: Links {
                    labs: labs(),
                    rooms: &rooms,
                },
                highlighter: &highlighter,
            };
            let guide = Guide::of(lab, &edition).expect("a guide");
            assert!(!guide.slide.is_empty() && !guide.lead.0.is_empty());
            guide.body.0
        };
        let [en, ko] = LANGUAGES.map(body);
        for (language, text) in [("en", &en), ("ko", &ko)] {
            let tags = tags(text);
            let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
            let headings = tags.iter().filter(|tag| tag.name == "h3");
            let ids: Vec<&str> = headings.filter_map(|tag| tag.get("id")).collect();
            let is_beside = !labscope::scenario::beside(root(), lab)
                .expect("a file")
                .is_empty();
            let expected: Vec<&str> = parts(PARTS.len() - usize::from(!is_beside)).collect();
            assert_eq!(ids, expected, "{lab} {language}");
            assert!(!text.contains("make tables"), "marks: {lab} {language}");
            assert_eq!(
                (count("details"), count("/details")),
                (3, 3),
                "{lab} {language}"
            );
            assert_eq!((count("summary"), count("h2")), (3, 0), "{lab} {language}");
            let ending = if language == "ko" {
                ".ko.html"
            } else {
                ".html"
            };
            for href in tags.iter().filter_map(|tag| tag.get("href")) {
                let (page, part) = href.split_once('#').unwrap_or((href, ""));
                let name = page.strip_suffix(ending);
                let is_page = name
                    .is_some_and(|name| name == GLOSSARY || labs().iter().any(|lab| lab == name));
                let is_listing = part == "c" || part == "rust";
                let leads =
                    (is_page && part.is_empty()) || (page.is_empty() || is_page) && is_listing;
                assert!(leads, "{lab} {language}: {href}");
            }
        }
    }
}
