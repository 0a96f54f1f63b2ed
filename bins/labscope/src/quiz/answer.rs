//! What answers a question, and whether it is what a reader has typed.

/// What answers a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Number(i64),
    /// One of several, by its place among them.
    Choice {
        options: Vec<String>,
        right: usize,
    },
    /// All of several, by their places, in the order in which they come.
    Order {
        options: Vec<String>,
        right: Vec<usize>,
    },
    /// A line of output.
    Line(String),
}

impl Answer {
    /// The options, numbered from 1.
    pub fn options(&self) -> &[String] {
        match self {
            Answer::Number(_) | Answer::Line(_) => &[],
            Answer::Choice { options, .. } | Answer::Order { options, .. } => options,
        }
    }

    /// As it is typed.
    pub fn typed(&self) -> String {
        match self {
            Answer::Number(right) => right.to_string(),
            Answer::Choice { right, .. } => (right + 1).to_string(),
            Answer::Order { right, .. } => {
                let places: Vec<String> =
                    right.iter().map(|place| (place + 1).to_string()).collect();
                places.join(" ")
            }
            Answer::Line(line) => line.clone(),
        }
    }

    /// Whether what a reader has typed is right; none if it is no answer.
    pub fn is_right(&self, typed: &str) -> Option<bool> {
        let is_one = |number: usize| (1..=self.options().len()).contains(&number);
        match self {
            Answer::Number(right) => {
                let number: i64 = typed.trim().parse().ok()?;
                Some(number == *right)
            }
            Answer::Choice { right, .. } => {
                let number: usize = typed.trim().parse().ok()?;
                is_one(number).then_some(number == right + 1)
            }
            Answer::Order { right, .. } => {
                let pieces = typed.split([' ', ',', '\t', '\n']);
                let numbers = pieces.filter(|piece| !piece.is_empty()).map(str::parse);
                let numbers: Vec<usize> = numbers.collect::<Result<_, _>>().ok()?;
                let is_whole = numbers.len() == right.len()
                    && numbers.iter().all(|&number| is_one(number))
                    && (1..=right.len()).all(|number| numbers.contains(&number));
                let places = right.iter().map(|place| place + 1);
                is_whole.then(|| numbers.iter().copied().eq(places))
            }
            Answer::Line(right) => {
                let typed = plain(typed);
                (!typed.is_empty()).then(|| typed == plain(right))
            }
        }
    }

    /// As it is told.
    pub fn told(&self) -> String {
        match self {
            Answer::Number(right) => right.to_string(),
            Answer::Choice { options, right } => options.get(*right).cloned().unwrap_or_default(),
            Answer::Order { options, right } => {
                let lines = right.iter().filter_map(|&place| options.get(place));
                let lines: Vec<&str> = lines.map(String::as_str).collect();
                lines.join(" · ")
            }
            Answer::Line(line) => line.clone(),
        }
    }
}

/// Without what nobody can tell by looking at a line: how many spaces there are.
fn plain(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Vec<String> {
        ["a", "b", "c"].map(str::to_owned).to_vec()
    }

    #[test]
    fn what_is_no_answer_is_neither_right_nor_wrong() {
        let number = Answer::Number(2);
        assert_eq!(number.is_right(" 2\n"), Some(true));
        assert_eq!(number.is_right("3"), Some(false));
        assert_eq!(number.is_right("two"), None);
        let choice = Answer::Choice {
            options: options(),
            right: 1,
        };
        assert_eq!(choice.is_right("2"), Some(true));
        assert_eq!(choice.is_right("1"), Some(false));
        assert_eq!(choice.is_right("0"), None);
        assert_eq!(choice.is_right("4"), None);
        let order = Answer::Order {
            options: options(),
            right: vec![2, 0, 1],
        };
        assert_eq!(order.is_right("3 1 2\n"), Some(true));
        assert_eq!(order.is_right("3,1,2"), Some(true));
        assert_eq!(order.is_right("1 2 3"), Some(false));
        for none in ["1 2", "1 2 2", "0 1 2", "1 2 3 4", "a b c", ""] {
            assert_eq!(order.is_right(none), None, "{none}");
        }
        let line = Answer::Line("P :  1".to_owned());
        assert_eq!(line.is_right(" P : 1\n"), Some(true));
        assert_eq!(line.is_right("P : 2"), Some(false));
        assert_eq!(line.is_right("\n"), None);
    }

    #[test]
    fn what_is_to_be_typed_is_right() {
        let (options, right) = (options(), vec![1, 2, 0]);
        let choice = Answer::Choice {
            options: options.clone(),
            right: 2,
        };
        let order = Answer::Order { options, right };
        for answer in [
            Answer::Number(-1),
            choice,
            order,
            Answer::Line("a b".into()),
        ] {
            assert_eq!(answer.is_right(&answer.typed()), Some(true), "{answer:?}");
        }
    }
}
