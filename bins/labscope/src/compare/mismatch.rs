//! Where a C program and the lab part without its being declared, in words.

use serde::Serialize;

use crate::compare::order::Order;
use crate::compare::process_calls::End;
use crate::i18n::Language;
use crate::run::stop::Stop;

/// A call as it is told: what it asked, and the source line that made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    pub call: String,
    pub line: Option<u32>,
}

/// What a process does that does not make a call of the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instead {
    GoesOn(Told),
    Ends(End),
}

/// One way to part. Processes are told as `1`, and `1.2` for the second child of 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Departure {
    /// Other calls, from the call of that number on.
    Calls {
        process: String,
        number: usize,
        c: Option<Told>,
        lab: Option<Told>,
        /// What the C does where it does not make the lab's call.
        instead: Option<Instead>,
    },
    Ends {
        process: String,
        c: End,
        lab: End,
    },
    /// The C program was stopped, or did not get through the scenario.
    Stopped(Stop),
    OnlyTheC {
        process: String,
    },
    OnlyTheLab {
        process: String,
    },
    Terminal {
        c: String,
        lab: String,
    },
    Stdout {
        c: String,
        lab: String,
    },
    /// Where the next program would read on.
    Offset {
        c: u64,
        lab: u64,
    },
    LabStopped(Stop),
    /// An order after fork that did not come about, however often the program was run.
    CNever(Order),
    LabNever(Order),
}

/// How much of a call is told.
const EXCERPT: usize = 90;

impl Departure {
    /// What to say first: a cap explains all else, and that a process waits for ever is the last to.
    pub fn rank(&self) -> u8 {
        match self {
            Departure::LabStopped(_) => 0,
            Departure::Stopped(Stop::Cap(_) | Stop::Shell) => 1,
            Departure::Ends { c: End::Cut, .. } => 3,
            Departure::Calls { .. } | Departure::Ends { .. } => 2,
            Departure::Stopped(_) => 4,
            _ => 5,
        }
    }

    pub fn say(&self, language: Language) -> String {
        match language {
            Language::En => self.english(),
            Language::Ko => self.korean(),
        }
    }

    fn english(&self) -> String {
        match self {
            Departure::Calls {
                process,
                number,
                c,
                lab,
                instead,
            } => {
                let (c, lab) = both(c, lab, "makes no such call", |call, line| match line {
                    Some(line) => format!("calls {call} (line {line})"),
                    None => format!("calls {call}"),
                });
                let instead = match instead {
                    None => String::new(),
                    Some(Instead::Ends(end)) => format!("; the C {}", english_end(end)),
                    Some(Instead::GoesOn(told)) => {
                        let line = told.line.map(|line| format!(" (line {line})"));
                        let call = excerpt(&told.call, 0);
                        format!("; the C goes on with {call}{}", line.unwrap_or_default())
                    }
                };
                format!("process {process}, call {number}: the C {c}; the lab {lab}{instead}")
            }
            Departure::Ends { process, c, lab } => {
                let (c, lab) = (english_end(c), english_end(lab));
                format!("process {process}: the C {c}; the lab {lab}")
            }
            Departure::Stopped(Stop::Cap(cap)) => {
                format!(
                    "the C program was stopped: it met {}",
                    cap.say(Language::En)
                )
            }
            Departure::Stopped(stop) => {
                format!("the C program did not get through the scenario: {stop}")
            }
            Departure::LabStopped(stop) => {
                format!("the lab did not get through the scenario: {stop}")
            }
            Departure::CNever(order) => format!("the C program never ran {}", order.english()),
            Departure::LabNever(order) => format!("the lab never ran {}", order.english()),
            Departure::OnlyTheC { process } => {
                format!("only the C program has a process {process}")
            }
            Departure::OnlyTheLab { process } => format!("only the lab has a process {process}"),
            Departure::Terminal { c, lab } => {
                let (c, lab) = excerpts(c, lab);
                format!("the terminal shows {c:?} after the C, {lab:?} after the lab")
            }
            Departure::Stdout { c, lab } => {
                let (c, lab) = excerpts(c, lab);
                format!("standard output holds {c:?} after the C, {lab:?} after the lab")
            }
            Departure::Offset { c, lab } => {
                format!(
                    "the next program would read on at byte {c} after the C, at byte {lab} after the lab"
                )
            }
        }
    }

    fn korean(&self) -> String {
        match self {
            Departure::Calls {
                process,
                number,
                c,
                lab,
                instead,
            } => {
                let (c, lab) = both(c, lab, "이런 호출이 없다", |call, line| match line {
                    Some(line) => format!("{call} ({line}행)"),
                    None => call,
                });
                let instead = match instead {
                    None => String::new(),
                    Some(Instead::Ends(end)) => format!("; C는 {}", korean_end(end)),
                    Some(Instead::GoesOn(told)) => {
                        let line = told.line.map(|line| format!(" ({line}행)"));
                        let call = excerpt(&told.call, 0);
                        format!("; C의 다음 호출은 {call}{}", line.unwrap_or_default())
                    }
                };
                format!("프로세스 {process}, {number}번째 호출: C는 {c}; 실습은 {lab}{instead}")
            }
            Departure::Ends { process, c, lab } => {
                let (c, lab) = (korean_end(c), korean_end(lab));
                format!("프로세스 {process}: C는 {c}; 실습은 {lab}")
            }
            Departure::Stopped(Stop::Cap(cap)) => {
                format!(
                    "C 프로그램을 멈추었다. 한도에 닿음: {}",
                    cap.say(Language::Ko)
                )
            }
            Departure::Stopped(stop) => {
                format!(
                    "C 프로그램이 시나리오를 끝까지 가지 못했다: {}",
                    stop.say(Language::Ko)
                )
            }
            Departure::LabStopped(stop) => {
                format!(
                    "실습이 시나리오를 끝까지 가지 못했다: {}",
                    stop.say(Language::Ko)
                )
            }
            Departure::CNever(order) => format!("C 프로그램이 {} 돈 적이 없다", order.korean()),
            Departure::LabNever(order) => format!("실습이 {} 돈 적이 없다", order.korean()),
            Departure::OnlyTheC { process } => format!("프로세스 {process}는 C 프로그램에만 있다"),
            Departure::OnlyTheLab { process } => format!("프로세스 {process}는 실습에만 있다"),
            Departure::Terminal { c, lab } => {
                let (c, lab) = excerpts(c, lab);
                format!("터미널에 C는 {c:?}, 실습은 {lab:?}")
            }
            Departure::Stdout { c, lab } => {
                let (c, lab) = excerpts(c, lab);
                format!("표준 출력에 C는 {c:?}, 실습은 {lab:?}")
            }
            Departure::Offset { c, lab } => {
                format!(
                    "다음 프로그램이 이어 읽을 자리: C 뒤에는 {c}바이트, 실습 뒤에는 {lab}바이트"
                )
            }
        }
    }
}

fn english_end(end: &End) -> String {
    match end {
        End::Exited(status) => format!("exits with {status}"),
        End::Died(signal) => format!("dies of {signal}"),
        End::Cut => "has to be ended from outside".to_owned(),
    }
}

fn korean_end(end: &End) -> String {
    match end {
        End::Exited(status) => format!("종료 값 {status}"),
        End::Died(signal) => format!("{signal} 시그널로 죽음"),
        End::Cut => "밖에서 끝내야 함".to_owned(),
    }
}

impl Order {
    fn english(self) -> &'static str {
        match self {
            Order::NoFork => "without fork",
            Order::ChildFirst => "with the child first after fork",
            Order::ParentFirst => "with the parent first after fork",
        }
    }

    fn korean(self) -> &'static str {
        match self {
            Order::NoFork => "fork 없이",
            Order::ChildFirst => "fork 뒤에 자식이 먼저",
            Order::ParentFirst => "fork 뒤에 부모가 먼저",
        }
    }
}

fn both(
    c: &Option<Told>,
    lab: &Option<Told>,
    none: &str,
    say: impl Fn(String, Option<u32>) -> String,
) -> (String, String) {
    let text = |told: &Option<Told>| {
        told.as_ref()
            .map(|told| told.call.clone())
            .unwrap_or_default()
    };
    let (left, right) = excerpts(&text(c), &text(lab));
    let tell = |told: &Option<Told>, excerpt| {
        told.as_ref()
            .map_or(none.to_owned(), |told| say(excerpt, told.line))
    };
    (tell(c, left), tell(lab, right))
}

/// Of two long texts, the part around the place where they part.
pub fn excerpts(one: &str, other: &str) -> (String, String) {
    let common = one
        .chars()
        .zip(other.chars())
        .take_while(|(one, other)| one == other)
        .count();
    (excerpt(one, common), excerpt(other, common))
}

/// The beginning of a long text and what stands around a place in it.
fn excerpt(text: &str, place: usize) -> String {
    let length = text.chars().count();
    if length <= EXCERPT {
        return text.to_owned();
    }
    let head: String = text.chars().take(EXCERPT / 3).collect();
    let start = place.saturating_sub(EXCERPT / 4).max(EXCERPT / 3);
    let middle: String = text.chars().skip(start).take(EXCERPT * 2 / 3).collect();
    let before = if start > EXCERPT / 3 { " … " } else { "" };
    let after = if start + EXCERPT * 2 / 3 < length {
        " …"
    } else {
        ""
    };
    format!("{head}{before}{middle}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Awaited, Cap};
    use crate::scenario::condition::Condition;

    #[test]
    fn a_call_that_is_missing_is_told_with_what_comes_instead() {
        let told = |call: &str, line| Told {
            call: call.to_owned(),
            line: Some(line),
        };
        let missing = |instead| Departure::Calls {
            process: "1".into(),
            number: 12,
            c: None,
            lab: Some(told("wait4(-1)", 32)),
            instead: Some(instead),
        };
        let next = missing(Instead::GoesOn(told("exit(0)", 27)));
        assert_eq!(
            next.say(Language::En),
            "process 1, call 12: the C makes no such call; the lab calls wait4(-1) (line 32); \
             the C goes on with exit(0) (line 27)"
        );
        let died = missing(Instead::Ends(End::Died("SIGSEGV".into())));
        assert!(died.say(Language::En).ends_with("; the C dies of SIGSEGV"));
        assert!(
            died.say(Language::Ko)
                .ends_with("; C는 SIGSEGV 시그널로 죽음")
        );
    }

    #[test]
    fn a_process_that_waits_for_ever_is_told_after_the_call_that_differs() {
        let ends = |c| Departure::Ends {
            process: "1".into(),
            c,
            lab: End::Exited(0),
        };
        let calls = Departure::Calls {
            process: "1.1".into(),
            number: 1,
            c: None,
            lab: None,
            instead: None,
        };
        assert!(calls.rank() < ends(End::Cut).rank());
        assert_eq!(calls.rank(), ends(End::Exited(1)).rank());
        assert!(Departure::Stopped(Stop::Shell).rank() < calls.rank());
    }

    #[test]
    fn a_cap_is_told_in_korean_too() {
        for cap in [Cap::Processes, Cap::Calls, Cap::Output, Cap::Processor] {
            let korean = Departure::Stopped(Stop::Cap(cap)).say(Language::Ko);
            assert!(!korean.contains("the cap"), "{korean}");
        }
        let stop = Stop::Unreached {
            step: 2,
            awaited: Awaited::Condition(Condition::Exit { process: 1 }),
            standstill: true,
        };
        let korean = Departure::Stopped(stop).say(Language::Ko);
        assert!(!korean.contains("waited in vain"), "{korean}");
        assert!(!korean.contains("every process"), "{korean}");
    }

    #[test]
    fn long_texts_are_cut_around_the_difference() {
        let line = |number: u32| {
            format!(
                "write(1, \"{}{number} end of it\")",
                "P : 100\\n".repeat(400)
            )
        };
        let (one, other) = excerpts(&line(1), &line(2));
        assert!(
            one.chars().count() < 110 && one.starts_with("write(1, ") && one.contains("1 end"),
            "{one}"
        );
        assert!(other.contains("2 end"), "{other}");
        assert_eq!(excerpts("ab", "ac"), ("ab".to_owned(), "ac".to_owned()));
        assert!(excerpts(&"한".repeat(300), "").0.contains('…'));
    }
}
