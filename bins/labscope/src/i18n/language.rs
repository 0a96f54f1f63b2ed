//! The languages of the project.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether errors are told in Korean.
static KOREAN: AtomicBool = AtomicBool::new(false);

/// A text in both languages of the project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub en: String,
    pub ko: String,
}

impl Text {
    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        language.pick(&self.en, &self.ko)
    }
}

/// What is the same in all languages.
pub fn code(text: String) -> Text {
    Text {
        en: text.clone(),
        ko: text,
    }
}

/// The languages of the project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    En,
    Ko,
}

impl Language {
    /// That of the locale: Korean, or English for all others.
    pub fn of_locale() -> Language {
        let names = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
        let mut values = names.filter_map(|name| std::env::var(name).ok());
        match values.find(|value| !value.is_empty()) {
            Some(locale) if locale.starts_with("ko") => Language::Ko,
            _ => Language::En,
        }
    }

    /// That in which this program tells errors, as perror(3) does in that of its locale: a command sets it when it
    /// begins. English for whoever uses the library.
    pub fn of_errors() -> Language {
        match KOREAN.load(Ordering::Relaxed) {
            true => Language::Ko,
            false => Language::En,
        }
    }

    /// From now on errors are told in it.
    pub fn tell_errors(self) {
        KOREAN.store(self == Language::Ko, Ordering::Relaxed);
    }

    /// One of two texts.
    pub fn pick<'a>(self, en: &'a str, ko: &'a str) -> &'a str {
        match self {
            Language::En => en,
            Language::Ko => ko,
        }
    }
}
