//! Source code in tokens, each with a short class for the style sheet.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

/// A piece of a line of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// `k` keyword, `t` type, `s` string, `e` escape in a string, `n` number, `c` comment,
    /// `f` name of a function, `m` macro or preprocessor.
    pub class: Option<&'static str>,
    pub text: String,
}

/// The tokens of one line, without its end.
pub type Line = Vec<Token>;

/// What a scope of the grammar means here. Of those that fit, the innermost counts; of two for the same, the first.
const CLASSES: [(&str, Option<&str>); 26] = [
    ("comment", Some("c")),
    ("constant.character.escape", Some("e")),
    ("constant.other.placeholder", Some("e")),
    ("string", Some("s")),
    ("constant.character", Some("s")),
    ("constant.numeric", Some("n")),
    ("constant.language", Some("n")),
    ("keyword.control.import", Some("m")),
    ("keyword.operator.word", Some("k")),
    ("keyword.operator", None),
    ("keyword.other", Some("k")),
    ("keyword", Some("k")),
    ("storage.type.c", Some("t")),
    ("storage.type.rust", Some("t")),
    ("storage.type.numeric", Some("t")),
    ("storage.type.primitive", Some("t")),
    ("storage", Some("k")),
    ("support.macro", Some("m")),
    ("entity.name.macro", Some("m")),
    ("support.type", Some("t")),
    ("entity.name.type", Some("t")),
    ("entity.name.function", Some("f")),
    ("support.function", Some("f")),
    ("variable.function", Some("f")),
    ("variable.annotation", Some("m")),
    ("punctuation.definition.annotation", Some("m")),
];

/// Words that the grammar of Rust takes for types.
const WORDS: [&str; 3] = ["let", "const", "static"];

/// Reads C and Rust.
pub struct Highlighter {
    syntaxes: SyntaxSet,
    classes: Vec<(Scope, Option<&'static str>)>,
    /// By language and text: the pages of both languages show the same programs.
    known: Mutex<BTreeMap<(String, String), Vec<Line>>>,
}

impl Highlighter {
    /// With the grammars that are built in.
    pub fn new() -> Result<Highlighter> {
        let mut classes = Vec::new();
        for (name, class) in CLASSES {
            let scope = Scope::new(name).with_context(|| format!("{name} is no scope"))?;
            classes.push((scope, class));
        }
        Ok(Highlighter {
            syntaxes: SyntaxSet::load_defaults_newlines(),
            classes,
            known: Mutex::default(),
        })
    }

    /// The lines of a text; `language` is `c`, `rs`, `rust`. A language that is not known has no classes.
    pub fn lines(&self, text: &str, language: &str) -> Result<Vec<Line>> {
        let key = (language.to_owned(), text.to_owned());
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lines) = known().get(&key) {
            return Ok(lines.clone());
        }
        let plain = || self.syntaxes.find_syntax_plain_text();
        let syntax = self.syntaxes.find_syntax_by_token(language);
        let lines = self.parse(text, syntax.unwrap_or_else(plain))?;
        known().insert(key, lines.clone());
        Ok(lines)
    }

    fn parse(&self, text: &str, syntax: &SyntaxReference) -> Result<Vec<Line>> {
        let mut state = ParseState::new(syntax);
        let mut stack = ScopeStack::new();
        let mut lines = Vec::new();
        for line in text.split_inclusive('\n') {
            let changes = state
                .parse_line(line, &self.syntaxes)
                .with_context(|| format!("cannot read {line:?}"))?;
            let (mut tokens, mut from) = (Line::new(), 0);
            for (place, change) in changes {
                push(&mut tokens, self.class(&stack), &line[from..place]);
                stack.apply(&change).context("the grammar is broken")?;
                from = place;
            }
            push(&mut tokens, self.class(&stack), &line[from..]);
            lines.push(tokens);
        }
        Ok(lines)
    }

    fn class(&self, stack: &ScopeStack) -> Option<&'static str> {
        stack.as_slice().iter().rev().find_map(|scope| {
            let mut fitting = self.classes.iter();
            let fits = fitting.find(|(known, _)| known.is_prefix_of(*scope));
            fits.map(|&(_, class)| class)
        })?
    }
}

/// Adds a piece, to the token before it if that is of the same class.
fn push(line: &mut Line, class: Option<&'static str>, text: &str) {
    let text = text.trim_end_matches(['\n', '\r']);
    let class = class.map(|class| if WORDS.contains(&text) { "k" } else { class });
    match line.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.class == class => last.text.push_str(text),
        _ => line.push(Token {
            class,
            text: text.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, language: &str) -> String {
        let lines = Highlighter::new().and_then(|one| one.lines(text, language));
        let tokens = lines.expect("lines").concat();
        let mark = |token: Token| match token.class {
            Some(class) => format!("[{class} {}]", token.text),
            None => token.text,
        };
        tokens.into_iter().map(mark).collect()
    }

    #[test]
    fn c_is_told_apart() {
        assert_eq!(
            marked("    pid_t pid = fork(); /* clone */\n", "c"),
            "    [t pid_t] pid = [f fork](); [c /* clone */]"
        );
        assert_eq!(
            marked("    return printf(\"P : %d\\n\", 100);\n", "c"),
            "    [k return] [f printf]([s \"P : ][e %d\\n][s \"], [n 100]);"
        );
        assert_eq!(
            marked("#include <stdio.h>\n", "c"),
            "[m #include] [s <stdio.h>]"
        );
    }

    #[test]
    fn rust_is_told_apart() {
        assert_eq!(
            marked("    let pid: i32 = fork(); // clone\n", "rs"),
            "    [k let] pid: [t i32] = [f fork](); [c // clone]"
        );
        assert_eq!(
            marked("    printf!(\"P : {}\\n\", 100);\n", "rust"),
            "    [m printf!]([s \"P : {}][e \\n][s \"], [n 100]);"
        );
    }

    #[test]
    fn nothing_is_lost() {
        let text = "a <b> \"c\\\"\n\tüd /* e\nf */\n";
        for language in ["c", "rs", "no-such-language"] {
            let lines = Highlighter::new().and_then(|one| one.lines(text, language));
            let whole = lines.expect("lines").into_iter().map(|line| {
                let texts = line.into_iter().map(|token| token.text);
                texts.collect::<String>() + "\n"
            });
            assert_eq!(whole.collect::<String>(), text);
        }
    }
}
