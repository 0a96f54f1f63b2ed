//! Where the lab and its C original part, and why.

use serde::Deserialize;

use super::Text;

/// One place at which the lab deliberately calls something else than its C original.
///
/// The calls are patterns of what a comparison shows, `listen(*, 5) = 0`: a `*` stands for anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    pub name: String,
    /// The scenarios in which it occurs, in each of them; all scenarios when empty.
    #[serde(default)]
    pub scenarios: Vec<String>,
    /// The calls that the C makes there, one after the other; none when empty.
    #[serde(default)]
    pub c: Vec<String>,
    /// The calls that the lab makes in their place; none when empty.
    #[serde(default)]
    pub lab: Vec<String>,
    /// From there on the two go their own ways, and the process is not compared any further.
    #[serde(default)]
    pub rest: bool,
    /// Not the lab's: another form of the textbook's program, which a student may hold.
    #[serde(default)]
    pub variant: bool,
    pub reason: Text,
}

impl Difference {
    /// Whether it concerns a scenario.
    pub fn concerns(&self, scenario: &str) -> bool {
        self.scenarios.is_empty() || self.scenarios.iter().any(|name| name == scenario)
    }
}

/// Whether `text` is what the pattern describes; `*` stands for anything, also for nothing.
pub fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        if let Some(part) = last.replace(part) {
            match rest.find(part) {
                Some(place) => rest = &rest[place + part.len()..],
                None => return false,
            }
        }
    }
    match last {
        Some(part) => rest.len() >= part.len() && rest.ends_with(part),
        None => rest.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(matches("listen(*, 5) = 0", "listen(3, 5) = 0"));
        assert!(matches("exit(*", "exit(1) = ?"));
        assert!(matches("*", "") && matches("a*", "a") && matches("a*b*c", "axbbyc"));
        assert!(matches("fork()", "fork()"));
        assert!(!matches("fork()", "fork() = 2"));
        assert!(!matches("listen(*, 5) = 0", "listen(3, 50) = 0"));
        assert!(!matches("a*a", "a"));
    }
}
