//! The languages of the project.

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

    /// One of two texts.
    pub fn pick<'a>(self, en: &'a str, ko: &'a str) -> &'a str {
        match self {
            Language::En => en,
            Language::Ko => ko,
        }
    }
}
