//! Where the links of the guides lead on the pages.

use std::path::PathBuf;

use labscope::i18n::Language;

/// The labs whose pages are written.
#[derive(Clone, Copy, Debug)]
pub struct Links<'a> {
    pub labs: &'a [String],
    /// The folder of each of them.
    pub rooms: &'a [PathBuf],
}

/// What a link becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// A page, or a part of this one.
    Page(String),
    /// A file of the project that has no page: its path.
    File(String),
    /// Its page is not written.
    Nowhere,
}

/// The page that explains words; each page links it.
pub const GLOSSARY: &str = "glossary";

/// The file of a page in one language: `fork_test.html`, `fork_test.ko.html`.
pub fn page(name: &str, language: Language) -> String {
    match language {
        Language::En => format!("{name}.html"),
        Language::Ko => format!("{name}.ko.html"),
    }
}

impl Links<'_> {
    /// The page of a lab, if there is one.
    pub fn page(&self, lab: &str, language: Language) -> Option<String> {
        let written = self.labs.iter().any(|written| written == lab);
        written.then(|| page(lab, language))
    }

    /// What a link in the guide of `lab` becomes.
    pub fn target(&self, lab: &str, language: Language, address: &str) -> LinkTarget {
        if address.contains("://") || address.starts_with('#') {
            return LinkTarget::Nowhere; // the pages need no network, and a guide's own headings have other names here
        }
        if address.ends_with("GLOSSARY.md") || address.ends_with("GLOSSARY.ko.md") {
            return LinkTarget::Page(page(GLOSSARY, language));
        }
        for (extension, part) in [("c", "#c"), ("rs", "#rust")] {
            match address
                .strip_suffix(extension)
                .and_then(|name| name.strip_suffix('.'))
            {
                Some(own) if own == lab => return LinkTarget::Page(part.to_owned()),
                // Another program of the room.
                Some(other) if !other.contains('/') => match self.page(other, language) {
                    Some(page) => return LinkTarget::Page(page + part),
                    None => return LinkTarget::Nowhere,
                },
                _ => {}
            }
        }
        let rest = address
            .strip_prefix("../")
            .or_else(|| address.strip_prefix("bins/"));
        match rest.unwrap_or(address).split_once("/README") {
            Some((room, _)) if !room.contains('/') => self.guide(room, language),
            _ => LinkTarget::File(address.trim_start_matches("../").to_owned()),
        }
    }

    /// The page with the guide of a room: that of the first of its programs which has a page.
    fn guide(&self, room: &str, language: Language) -> LinkTarget {
        let mut labs = self.labs.iter().zip(self.rooms);
        match labs.find(|(_, folder)| folder.ends_with(room)) {
            Some((lab, _)) => LinkTarget::Page(page(lab, language)),
            None => LinkTarget::Nowhere,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_pages_that_are_written() {
        let labs = ["fork_test".to_owned(), "command".to_owned()];
        let rooms = labs
            .each_ref()
            .map(|lab| PathBuf::from("/nowhere/bins").join(lab));
        let links = Links {
            labs: &labs,
            rooms: &rooms,
        };
        let target = |address: &str, language| links.target("fork_test", language, address);
        let page = |text: &str| LinkTarget::Page(text.to_owned());
        assert_eq!(target("fork_test.c", Language::En), page("#c"));
        assert_eq!(target("fork_test.rs", Language::Ko), page("#rust"));
        assert_eq!(
            target("../command/README.md", Language::En),
            page("command.html")
        );
        assert_eq!(
            target("../command/README.ko.md", Language::Ko),
            page("command.ko.html")
        );
        assert_eq!(
            target("../daemon/README.md", Language::En),
            LinkTarget::Nowhere
        );
        assert_eq!(
            target("https://example.org/", Language::En),
            LinkTarget::Nowhere
        );
        let file = LinkTarget::File("src/sys/wait.rs".to_owned());
        assert_eq!(target("../../src/sys/wait.rs", Language::En), file);
    }
}
