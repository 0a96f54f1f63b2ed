//! Questions about a run: what will it do? The answers are read off the recorded run, and name the call that decides.

mod ask;
mod questions;

pub use ask::{Score, ask};
pub use questions::questions;

/// A question, what answers it, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub text: String,
    pub answer: Answer,
    /// The calls that decide, with their lines.
    pub why: Vec<String>,
}

impl Question {
    /// Whether another one has the same answer to the same.
    pub fn asks_the_same(&self, other: &Question) -> bool {
        self.text == other.text && self.answer == other.answer
    }
}

/// What answers a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Number(i64),
    /// One of several, by its place among them.
    Choice {
        options: Vec<String>,
        right: usize,
    },
}

impl Answer {
    /// The options, numbered from 1.
    pub fn options(&self) -> &[String] {
        match self {
            Answer::Number(_) => &[],
            Answer::Choice { options, .. } => options,
        }
    }

    /// Whether what a reader has typed is right; none if it is no answer.
    pub fn is_right(&self, typed: &str) -> Option<bool> {
        let number: i64 = typed.trim().parse().ok()?;
        match self {
            Answer::Number(right) => Some(number == *right),
            Answer::Choice { options, right } => {
                let place = usize::try_from(number).ok()?;
                (1..=options.len())
                    .contains(&place)
                    .then_some(place == right + 1)
            }
        }
    }

    /// As it is told.
    pub fn told(&self) -> String {
        match self {
            Answer::Number(right) => right.to_string(),
            Answer::Choice { options, right } => options.get(*right).cloned().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_answer_is_neither_right_nor_wrong() {
        let number = Answer::Number(2);
        assert_eq!(number.is_right(" 2\n"), Some(true));
        assert_eq!(number.is_right("3"), Some(false));
        assert_eq!(number.is_right("two"), None);
        let choice = Answer::Choice {
            options: vec!["a".into(), "b".into()],
            right: 1,
        };
        assert_eq!(choice.is_right("2"), Some(true));
        assert_eq!(choice.is_right("1"), Some(false));
        assert_eq!(choice.is_right("0"), None);
        assert_eq!(choice.is_right("3"), None);
    }
}
