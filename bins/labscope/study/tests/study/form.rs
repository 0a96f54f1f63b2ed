//! Every page is well formed, and the same in both languages.

use std::collections::BTreeSet;

use crate::pages::{files, labs, page, pages, recorded, written};
use crate::tags::{Tag, tags, without_pictures};

/// Elements that have no end.
const VOID: [&str; 8] = [
    "!DOCTYPE", "meta", "link", "br", "hr", "img", "input", "wbr",
];

#[test]
fn tags_are_closed_in_order() {
    for (name, text) in pages() {
        let mut open: Vec<&str> = Vec::new();
        for tag in tags(text) {
            let is_svg = open.contains(&"svg") && text.contains("/>");
            match tag.name.strip_prefix('/') {
                Some(end) => assert_eq!(open.pop(), Some(end), "{name}"),
                None if VOID.contains(&tag.name) => {}
                None if is_svg && ends_itself(text, &tag) => {}
                None => open.push(tag.name),
            }
        }
        assert!(open.is_empty(), "{name}: {open:?} have no end");
    }
}

/// `<rect …/>`; the tag is a part of `page`.
fn ends_itself(page: &str, tag: &Tag) -> bool {
    let end = tag.text.as_ptr() as usize - page.as_ptr() as usize;
    page[..end].ends_with("/>")
}

#[test]
fn ids_are_unique() {
    for (name, text) in pages() {
        let mut seen = BTreeSet::new();
        for id in tags(text).iter().filter_map(|tag| tag.get("id")) {
            assert!(seen.insert(id), "{name}: two elements are called {id}");
        }
    }
}

#[test]
fn headings_do_not_skip_a_level() {
    for (name, text) in pages() {
        let mut last = 0;
        for tag in tags(text) {
            let level = tag
                .name
                .strip_prefix('h')
                .and_then(|level| level.parse::<usize>().ok());
            let Some(level) = level else { continue };
            assert!(
                level <= last + 1,
                "{name}: h{level} after h{last}: {}",
                tag.text
            );
            assert!(level > 1 || last == 0, "{name}: a second h1");
            last = level;
        }
    }
}

#[test]
fn tables_have_captions_and_their_heads_a_scope() {
    for (name, text) in pages() {
        let tags = tags(text);
        for (place, tag) in tags.iter().enumerate() {
            // A guide's tables are Markdown's, which has no captions.
            if tag.name == "table" && tag.get("class").is_some() {
                assert_eq!(tags[place + 1].name, "caption", "{name}");
            }
            if tag.name == "th" {
                assert!(tag.get("scope").is_some(), "{name}: {}", tag.text);
            }
        }
    }
}

#[test]
fn both_languages_have_the_same_structure() {
    for lab in labs()
        .iter()
        .map(String::as_str)
        .chain(["index", "glossary"])
    {
        let skeleton = |name: &str| -> Vec<String> {
            let tags = tags(page(name));
            let kept = without_pictures(&tags).into_iter();
            let kept = kept.filter(|tag| !is_inline(tag));
            kept.map(|tag| {
                let ids = ["id", "class", "data-of", "data-with", "value"];
                let ids: Vec<&str> = ids.iter().filter_map(|id| tag.get(id)).collect();
                format!("{} {}", tag.name, ids.join(" "))
            })
            .collect()
        };
        let (en, ko) = (
            skeleton(&format!("{lab}.html")),
            skeleton(&format!("{lab}.ko.html")),
        );
        let parts = en.iter().zip(&ko).position(|(en, ko)| en != ko);
        if let Some(place) = parts {
            let around = |tags: &[String]| tags[place.saturating_sub(5)..place + 1].join(" | ");
            panic!("{lab}: {}\nand: {}", around(&en), around(&ko));
        }
        assert_eq!(en.len(), ko.len(), "{lab}");
    }
}

/// Elements within a sentence: their order is the language's.
fn is_inline(tag: &Tag) -> bool {
    let name = tag.name.trim_start_matches('/');
    ["a", "code", "em", "strong", "small", "kbd"].contains(&name)
}

#[test]
fn the_same_recording_gives_the_same_files() {
    let files = files(); // before the recording is in our hands: they are written from it
    assert!(written(&recorded()) == *files);
}

#[test]
fn a_page_is_not_too_large() {
    for (name, text) in pages() {
        assert!(text.len() <= 400_000, "{name}: {} bytes", text.len());
    }
}

#[test]
fn every_page_links_the_glossary() {
    for (name, text) in pages() {
        let page = if name.ends_with(".ko.html") {
            "glossary.ko.html"
        } else {
            "glossary.html"
        };
        let is_linked = tags(text).iter().any(|tag| tag.get("href") == Some(page));
        assert!(is_linked, "{name}");
    }
}
