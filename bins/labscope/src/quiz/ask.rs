//! The questions on a terminal: one line each is read, and then it is told what the run did.

use std::io::BufRead;

use anyhow::{Context, Result};

use crate::i18n::quiz as words;
use crate::i18n::{Language, failure};
use crate::quiz::{Answer, Question};
use crate::text::screen::{Screen, Style};

/// How many answers were right, of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    pub right: usize,
    pub asked: usize,
}

/// Asks until all is asked, or nobody answers any more (the end of the input, or `q`): then none is returned.
pub fn ask(
    questions: &[Question],
    input: &mut impl BufRead,
    score: &mut Score,
    language: Language,
) -> Result<Option<()>> {
    let mut screen = Screen::stdout();
    for question in questions {
        screen.line(Style::Plain, "")?;
        if let Some(order) = question.order.and_then(|order| order.say(language)) {
            screen.line(Style::Said, &words::after_fork(language, order))?;
        }
        screen.paragraph(Style::Heading, "? ", "  ", &question.text)?;
        for (place, option) in question.answer.options().iter().enumerate() {
            screen.paragraph(Style::Plain, &format!("  {}  ", place + 1), "     ", option)?;
        }
        let is_right = loop {
            screen.output("", Style::Plain, b"> ")?;
            let mut line = String::new();
            let read = input
                .read_line(&mut line)
                .with_context(failure::cannot_read_keys)?;
            if read == 0 || line.trim() == "q" {
                screen.fresh()?;
                return Ok(None);
            }
            screen.echoed_newline("")?;
            match question.answer.is_right(&line) {
                Some(is_right) => break is_right,
                None => screen.line(Style::Dim, &wanted(&question.answer, language))?,
            }
        };
        score.asked += 1;
        score.right += usize::from(is_right);
        let verdict = match is_right {
            true => words::right(language).to_owned(),
            false => words::wrong(language, &question.answer.told()),
        };
        screen.line(Style::Marked, &verdict)?;
        for why in &question.why {
            screen.paragraph(Style::Plain, "    ", "      ", &why.text)?;
        }
    }
    Ok(Some(()))
}

/// What can be typed.
fn wanted(answer: &Answer, language: Language) -> String {
    match answer {
        Answer::Number(_) | Answer::Choice { .. } => words::a_number(language).to_owned(),
        Answer::Order { right, .. } => words::numbers(language, right.len()),
        Answer::Line(_) => words::a_line(language).to_owned(),
    }
}
