//! Where the lab and its C original part, and why.

use crate::i18n::Text;
use crate::scenario::toml::keys;

/// One place at which the lab deliberately calls something else than its C original.
///
/// The calls are patterns of what a comparison shows, `listen(*, 5) = 0`: a `*` stands for anything, and `<same>` in
/// the C's calls for what it stands for in the lab's, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub name: String,
    /// The scenarios in which it occurs, in each of them; all scenarios when empty.
    pub scenarios: Vec<String>,
    /// The calls that the C makes there, one after the other; none when empty.
    pub c: Vec<String>,
    /// The calls that the lab makes in their place; none when empty.
    pub lab: Vec<String>,
    /// From there on the two go their own ways, and the process is not compared any further.
    pub rest: bool,
    /// Not the lab's: another form of the textbook's program, which a student may hold.
    pub variant: bool,
    pub reason: Text,
}

keys!(Difference: name! scenarios* c* lab* rest* variant* reason!);

impl Difference {
    /// Whether it concerns a scenario.
    pub fn concerns(&self, scenario: &str) -> bool {
        self.scenarios.is_empty() || self.scenarios.iter().any(|name| name == scenario)
    }
}

/// What stands in a pattern for something that both programs do alike.
const SAME: &str = "<same>";

/// What each `<same>` of the pattern stands for, if it describes `text`; it and `*` stand for as little as they can,
/// also for nothing.
pub fn captures<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut captures = Vec::new();
    let (first, mut pattern, mut captured) = cut(pattern);
    let mut rest = text.strip_prefix(first)?;
    while let Some(captures_it) = captured {
        let (part, behind, next) = cut(pattern);
        // The last part stands at the end.
        let place = match next {
            Some(_) => rest.find(part),
            None => rest.strip_suffix(part).map(str::len),
        }?;
        if captures_it {
            captures.push(&rest[..place]);
        }
        rest = &rest[place + part.len()..];
        (pattern, captured) = (behind, next);
    }
    rest.is_empty().then_some(captures)
}

/// The text before the first `*` or `<same>`, the pattern behind it, and whether it is `<same>`, if there is one.
fn cut(pattern: &str) -> (&str, &str, Option<bool>) {
    let star = pattern
        .split_once('*')
        .map(|(before, behind)| (before, behind, Some(false)));
    let same = pattern
        .split_once(SAME)
        .map(|(before, behind)| (before, behind, Some(true)));
    let holes = star.into_iter().chain(same);
    let first = holes.min_by_key(|(before, _, _)| before.len());
    first.unwrap_or((pattern, "", None))
}

#[cfg(test)]
mod tests {
    use super::captures;

    #[test]
    fn a_star_stands_for_anything() {
        let matches = |pattern, text| captures(pattern, text).is_some();
        assert!(matches("listen(*, 5) = 0", "listen(3, 5) = 0"));
        assert!(matches("exit(*", "exit(1) = ?"));
        assert!(matches("*", "") && matches("a*", "a") && matches("a*b*c", "axbbyc"));
        assert!(matches("fork()", "fork()"));
        assert!(!matches("fork()", "fork() = 2"));
        assert!(!matches("listen(*, 5) = 0", "listen(3, 50) = 0"));
        assert!(!matches("a*a", "a"));
    }

    #[test]
    fn what_is_the_same_is_captured() {
        let line = captures(
            "write(*, \"<same>\\n*\") = <same>",
            r#"write(3, "a b\n\0\0") = 5"#,
        );
        assert_eq!(line, Some(vec!["a b", "5"]));
        assert_eq!(captures("<same>", ""), Some(vec![""]));
        assert_eq!(captures("exit(*)", "exit(1)"), Some(vec![]));
        assert_eq!(captures("exit(<same>)", "exit(1) "), None);
    }
}
