//! The questions of a scenario: those of all its recorded runs, each once.

use crate::i18n::Language;
use crate::quiz::questions::of_run;
use crate::quiz::{Answer, Question, RecordedRun};
use crate::run::transcript::Status;

/// The questions of a scenario, each with the place of the run that answers it.
///
/// What all runs answer alike is asked once. What they answer otherwise hangs on who goes on first after fork, and is
/// asked of each: but only if nobody has ended the runs from outside, for then it may hang on when that was.
pub fn questions(runs: &[RecordedRun<'_>], language: Language) -> Vec<(usize, Question)> {
    let of_runs: Vec<Vec<Question>> = runs.iter().map(|run| of_run(run, language)).collect();
    let ends = |run: &RecordedRun| matches!(run.transcript.status, Some(Status::Exited(_)));
    let hangs_on_order = runs.iter().all(|run| ends(run) && run.order.is_some());
    let mut asked: Vec<(usize, Question)> = Vec::new();
    for (place, question) in of_runs.iter().enumerate().flat_map(of_place) {
        if asked
            .iter()
            .any(|(_, known)| known.order.is_none() && known.asks_the_same(question))
        {
            continue;
        }
        let is_same =
            |others: &Vec<Question>| others.iter().any(|other| other.asks_the_same(question));
        let order = match of_runs.iter().all(is_same) {
            true => None,
            false if hangs_on_order && is_of_fork(&question.answer) => runs[place].order,
            false => continue,
        };
        let question = Question {
            order,
            ..question.clone()
        };
        asked.push((place, question));
    }
    asked
}

/// What becomes of a child is. Counts, and where lines come out, depend on more than on who goes on first.
fn is_of_fork(answer: &Answer) -> bool {
    matches!(answer, Answer::Choice { .. })
}

fn of_place(
    (place, questions): (usize, &Vec<Question>),
) -> impl Iterator<Item = (usize, &Question)> {
    questions.iter().map(move |question| (place, question))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::fork_order::Order;
    use crate::run::transcript::Transcript;
    use crate::trace::Trace;

    fn transcript(lines: &str, status: Option<Status>) -> Transcript {
        let mut trace = Trace::of("./lab");
        trace.feed(b"7 execve(\"./lab\", [\"./lab\"], 0x7ffe /* 1 var */) = 0\n");
        trace.feed(lines.as_bytes());
        trace.end();
        Transcript {
            pids: trace.pids.clone(),
            trace: Some(trace),
            status,
            ..Transcript::default()
        }
    }

    #[test]
    fn what_hangs_on_the_order_after_fork_names_it() {
        let child = "7 fork() = 8\n8 exit_group(3) = ?\n8 +++ exited with 3 +++\n\
             7 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 8\n7 exit_group(1) = ?\n";
        let parent = "7 fork() = 8\n7 wait4(-1, <unfinished ...>\n8 exit_group(3) = ?\n8 +++ exited with 3 +++\n\
             7 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 8\n7 exit_group(1) = ?\n";
        for (status, hung) in [(Some(Status::Exited(1)), 2), (None, 0)] {
            let runs = [(Order::ChildFirst, child), (Order::ParentFirst, parent)];
            let runs = runs.map(|(order, lines)| (order, transcript(lines, status)));
            let runs: Vec<RecordedRun> = runs
                .iter()
                .map(|(order, transcript)| RecordedRun {
                    order: Some(*order),
                    transcript,
                    sites: &[],
                })
                .collect();
            let asked = questions(&runs, Language::En);
            let of_kind = |kind: &str| {
                let those = asked.iter().filter(|(_, one)| one.kind == kind);
                those
                    .map(|(place, one)| (*place, one.order))
                    .collect::<Vec<_>>()
            };
            assert_eq!(of_kind("processes"), [(0, None)], "{asked:?}");
            let named = [(0, Some(Order::ChildFirst)), (1, Some(Order::ParentFirst))];
            assert_eq!(of_kind("child"), named[..hung], "{asked:?}");
        }
    }
}
