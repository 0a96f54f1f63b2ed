//! Where a C program and the lab part without its being declared, in words.

use crate::compare::process_calls::ProcessEnd;
use crate::facts::fork_order::Order;
use crate::i18n::mismatch::{self as words};
pub use crate::i18n::mismatch::{LineOf, Name, Names, Side};
use crate::i18n::{self, Language, Text};
use crate::run::stop::Stop;
use crate::text::shorten;

/// A call as it is told: what it asked, and the source line that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallAtLine {
    pub call: Text,
    pub name: String,
    pub line: Option<LineOf>,
}

impl CallAtLine {
    /// Its line, if the reader has the program of that name.
    fn line_of(&self, name: Name) -> Option<&LineOf> {
        self.line.as_ref().filter(|_| name != Name::TheSolution)
    }
}

/// Where a process was when it hung or died.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    /// In a call that did not come back.
    In(CallAtLine),
    /// It went on without another call, in these functions: the innermost first, each with its line.
    After(CallAtLine, Vec<(String, LineOf)>),
    /// In these functions, the innermost first: each with its line.
    At(Vec<(String, LineOf)>),
    /// It was there no more: this signal had killed it, in these functions.
    Died(String, Vec<(String, LineOf)>),
}

/// Whether one that does not make a call where the other makes it, makes it elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    Nowhere,
    /// The C of the slide calls this in its place.
    Slide(String),
    Line(Option<LineOf>),
}

/// Who says what a C program says in other words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    ByLab(CallAtLine),
    /// The C program of the slide, where the lab does something else.
    BySlide(String),
}

/// What a process does that does not make a call of the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    Call(CallAtLine),
    End(ProcessEnd, Option<Halt>),
}

/// One way to part. Processes are told as `1`, and `1.2` for the second child of 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// Other calls, from the call of that number on.
    Calls {
        process: String,
        number: usize,
        c: Option<CallAtLine>,
        lab: Option<CallAtLine>,
        /// Where the one that does not make the call makes it.
        elsewhere: Elsewhere,
        /// What the C does where it does not make the lab's call.
        instead: Option<Next>,
    },
    /// The same call, before or behind others that the lab makes in another order; perhaps with another result.
    Moved {
        process: String,
        number: usize,
        c: CallAtLine,
        lab: CallAtLine,
        earlier: bool,
        same_result: bool,
    },
    /// The same is said in other words.
    Wording {
        process: String,
        number: usize,
        c: CallAtLine,
        meant: Said,
    },
    Ends {
        process: String,
        c: ProcessEnd,
        lab: ProcessEnd,
        /// Where the C hung or died.
        halt: Option<Halt>,
    },
    /// The C program was stopped, or did not get through the scenario; and what its processes were in.
    Stopped(Stop, Vec<(String, Halt)>),
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
}

/// A run that could not be recorded as it was asked for: nothing is said of the programs then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unrecorded {
    /// Another order after fork than the one that was given.
    Order(Side, Order),
    /// The machine had no time for it.
    NoTime(Side),
    /// Of the calls of this program nobody can say which line made them.
    Unread(Side),
}

impl Unrecorded {
    /// In one language.
    pub fn say(self, language: Language) -> String {
        self.say_of(language, Names::default())
    }

    /// The same, of programs that have these names.
    pub fn say_of(self, language: Language, names: Names) -> String {
        match self {
            Unrecorded::Order(side, order) => {
                words::other_order(language, names.of(side), order.say(language))
            }
            Unrecorded::NoTime(side) => words::no_time(language, names.of(side)),
            Unrecorded::Unread(side) => words::unread(language, names.of(side)),
        }
    }
}

impl Mismatch {
    /// Whether only words are other ones: what the program does is the same.
    pub fn is_wording(&self) -> bool {
        matches!(self, Mismatch::Wording { .. })
    }

    /// What to say first: the call that differs explains a cap that is met, and that a process waits for ever.
    pub fn rank(&self) -> u8 {
        match self {
            Mismatch::LabStopped(_) | Mismatch::Stopped(Stop::Shell, _) => 0,
            Mismatch::Stopped(Stop::Cap(_), _) => 2,
            Mismatch::Ends {
                c: ProcessEnd::Cut, ..
            } => 3,
            Mismatch::Calls { .. } | Mismatch::Moved { .. } | Mismatch::Ends { .. } => 1,
            Mismatch::Stopped(..) => 4,
            Mismatch::Wording { .. } => 6,
            _ => 5,
        }
    }

    /// In one language.
    pub fn say(&self, language: Language) -> String {
        self.say_of(language, Names::default())
    }

    /// The same, of programs that have these names.
    pub fn say_of(&self, language: Language, names: Names) -> String {
        match self {
            Mismatch::Calls {
                process,
                number,
                c,
                lab,
                elsewhere,
                instead,
            } => {
                let both = match (c, elsewhere) {
                    (Some(c), Elsewhere::Slide(call)) => beside_slide(c, call, language, names),
                    _ => calls(c, lab, elsewhere, language, names),
                };
                let instead = instead.as_ref().map(|next| next.say(language, names));
                let text = words::at_call(language, process, *number, &both);
                text + &instead.unwrap_or_default()
            }
            Mismatch::Moved {
                process,
                number,
                c,
                lab,
                earlier,
                same_result,
            } => {
                let what = match same_result {
                    true => moved((c, lab), *earlier, language, names),
                    false => moved_with_another_result((c, lab), *earlier, language, names),
                };
                words::at_call(language, process, *number, &what)
            }
            Mismatch::Wording {
                process,
                number,
                c,
                meant,
            } => {
                let both = reworded(c, meant, language, names);
                words::wording(language, &words::at_call(language, process, *number, &both))
            }
            Mismatch::Ends {
                process,
                c,
                lab,
                halt,
            } => {
                let c = ends(c, language) + &halts(halt.as_ref(), language);
                let both = words::both(language, names, &c, &ends(lab, language));
                format!("{}: {both}", i18n::process::process(language, process))
            }
            Mismatch::Stopped(stop, waiting) => {
                let why = match stop {
                    Stop::Cap(cap) => words::was_stopped(language, names.c, cap.say(language)),
                    _ => words::did_not_get_through(language, names.c, &stop.say(language)),
                };
                let waiting = waiting.iter().map(|(process, halt)| {
                    let process = i18n::process::process(language, process);
                    format!("; {process}{}", halts(Some(halt), language))
                });
                why + &waiting.collect::<String>()
            }
            Mismatch::LabStopped(stop) => {
                words::did_not_get_through(language, names.lab, &stop.say(language))
            }
            Mismatch::OnlyTheC { process } => words::only_one_has(language, names.c, process),
            Mismatch::OnlyTheLab { process } => words::only_one_has(language, names.lab, process),
            Mismatch::Terminal { c, lab } => {
                let (c, lab) = shorten::difference(c, lab);
                words::terminal(language, names, &c, &lab)
            }
            Mismatch::Stdout { c, lab } => {
                let (c, lab) = shorten::difference(c, lab);
                words::standard_output(language, names, &c, &lab)
            }
            Mismatch::Offset { c, lab } => words::offset(language, names, *c, *lab),
        }
    }
}

/// What both call in the same place.
fn calls(
    c: &Option<CallAtLine>,
    lab: &Option<CallAtLine>,
    elsewhere: &Elsewhere,
    language: Language,
    names: Names,
) -> String {
    let [of_c, of_lab] = [c, lab].map(|one| one.as_ref().map_or("", |it| it.call.get(language)));
    let (left, right) = shorten::difference(of_c, of_lab);
    let say = |name: Name, one: &Option<CallAtLine>, shown: &str| match one {
        Some(one) => words::calls(language, &words::call(language, shown, one.line_of(name))),
        None => match elsewhere {
            Elsewhere::Nowhere | Elsewhere::Slide(_) => {
                words::makes_no_such_call(language).to_owned()
            }
            Elsewhere::Line(line) => {
                let line = line.as_ref().filter(|_| name != Name::TheSolution);
                words::makes_it_elsewhere(language, line)
            }
        },
    };
    let (c, lab) = (say(names.c, c, &left), say(names.lab, lab, &right));
    words::both(language, names, &c, &lab)
}

/// A call that stands in another place.
fn moved(
    (c, lab): (&CallAtLine, &CallAtLine),
    earlier: bool,
    language: Language,
    names: Names,
) -> String {
    let call = shorten::around(c.call.get(language), 0);
    let lines = [c.line_of(names.c), lab.line_of(names.lab)];
    words::moved(language, names, &call, earlier, lines)
}

/// The same, and what came of it in either program.
fn moved_with_another_result(
    (c, lab): (&CallAtLine, &CallAtLine),
    earlier: bool,
    language: Language,
    names: Names,
) -> String {
    let both = [(c, names.c), (lab, names.lab)].map(|(one, name)| {
        let call = shorten::call(one.call.get(language));
        words::calls(language, &words::call(language, &call, one.line_of(name)))
    });
    words::moved_with_another_result(language, names, both, earlier)
}

/// What the C says, and what it was to say.
fn reworded(c: &CallAtLine, meant: &Said, language: Language, names: Names) -> String {
    match meant {
        Said::ByLab(lab) => {
            let none = Elsewhere::Nowhere;
            calls(&Some(c.clone()), &Some(lab.clone()), &none, language, names)
        }
        Said::BySlide(call) => beside_slide(c, call, language, names),
    }
}

/// What the C calls, and what the slide's C does.
fn beside_slide(c: &CallAtLine, slide: &str, language: Language, names: Names) -> String {
    let (left, right) = shorten::difference(c.call.get(language), slide);
    let own = words::call(language, &left, c.line_of(names.c));
    let [own, slide] = [&own, &right].map(|call| words::calls(language, call));
    words::beside_slide(language, names, &own, &slide)
}

impl Next {
    fn say(&self, language: Language, names: Names) -> String {
        match self {
            Next::Call(next) => {
                let call = shorten::around(next.call.get(language), 0);
                let call = words::call(language, &call, next.line_of(names.c));
                words::c_goes_on(language, names, &call)
            }
            Next::End(end, halt) => {
                let end = ends(end, language) + &halts(halt.as_ref(), language);
                words::c_ends(language, names, &end)
            }
        }
    }
}

/// Where a process hung or died, behind how it ended.
fn halts(halt: Option<&Halt>, language: Language) -> String {
    let told = |one: &CallAtLine| {
        let call = shorten::around(one.call.get(language), 0);
        words::call(language, &call, one.line.as_ref())
    };
    match halt {
        Some(Halt::In(call)) => words::hangs_in(language, &told(call)),
        Some(Halt::After(call, stack)) => {
            words::goes_on_after(language, &told(call)) + &words::at_lines(language, stack)
        }
        Some(Halt::At(stack)) => words::at_lines(language, stack),
        Some(Halt::Died(signal, stack)) => {
            words::died(language, signal) + &words::at_lines(language, stack)
        }
        None => String::new(),
    }
}

/// How one of two processes ends that end differently.
fn ends(end: &ProcessEnd, language: Language) -> String {
    match end {
        ProcessEnd::Exited(status) => words::exits(language, *status),
        ProcessEnd::Killed(signal) => words::dies(language, signal),
        ProcessEnd::Cut => words::has_to_be_ended(language).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::code;
    use crate::run::{Awaited, Cap};
    use crate::scenario::condition::Condition;

    #[test]
    fn a_call_that_is_missing_is_told_with_what_comes_instead() {
        let told = |name: &str, word: &str, number| CallAtLine {
            call: code(format!("{name}({word})")),
            name: name.to_owned(),
            line: Some(LineOf { file: None, number }),
        };
        let missing = |instead| Mismatch::Calls {
            process: "1".into(),
            number: 12,
            c: None,
            lab: Some(told("wait4", "-1", 32)),
            elsewhere: Elsewhere::Nowhere,
            instead: Some(instead),
        };
        let next = missing(Next::Call(told("exit", "0", 27)));
        assert_eq!(
            next.say(Language::En),
            "process 1, call 12: the C makes no such call; the lab calls wait4(-1) (line 32); \
             the C goes on with exit(0) (line 27)"
        );
        let died = missing(Next::End(ProcessEnd::Killed("SIGSEGV".into()), None));
        assert!(died.say(Language::En).ends_with("; the C dies of SIGSEGV"));
        assert!(
            died.say(Language::Ko)
                .ends_with("; C는 SIGSEGV 시그널로 종료됨")
        );
    }

    #[test]
    fn who_is_who_is_said_in_both_languages_and_no_line_of_a_program_that_is_not_seen() {
        let told = |number| CallAtLine {
            call: code("fork()".to_owned()),
            name: "fork".to_owned(),
            line: Some(LineOf { file: None, number }),
        };
        let moved = Mismatch::Moved {
            process: "1".into(),
            number: 2,
            c: told(3),
            lab: told(4),
            earlier: true,
            same_result: true,
        };
        let names = Names {
            c: Name::Yours,
            lab: Name::TheSolution,
        };
        let english = moved.say_of(Language::En, names);
        assert!(
            english.ends_with("comes earlier in your program (line 3) than in the solution"),
            "{english}"
        );
        let with_results = [(" = -1 EINVAL", 3), (" = 0", 4)];
        let [c, lab] = with_results.map(|(result, number)| CallAtLine {
            call: code(format!("bind(3){result}")),
            ..told(number)
        });
        let moved = Mismatch::Moved {
            process: "1".into(),
            number: 2,
            c,
            lab,
            earlier: false,
            same_result: false,
        };
        for (language, says) in [
            (
                Language::En,
                "the C calls bind(3) = -1 EINVAL (line 3), later than the lab, which calls bind(3) = 0 (line 4)",
            ),
            (
                Language::Ko,
                "C는 bind(3) = -1 EINVAL (3행); 실습은 그보다 먼저 bind(3) = 0 (4행)",
            ),
        ] {
            let text = moved.say(language);
            assert!(text.ends_with(says), "{text}");
        }
        let of_one = Mismatch::OnlyTheLab {
            process: "1.1".into(),
        };
        let rust = Names {
            c: Name::TheC,
            lab: Name::Yours,
        };
        for (language, says) in [
            (Language::En, "only your program has a process 1.1"),
            (Language::Ko, "작성한 프로그램에만 있는 프로세스: 1.1"),
        ] {
            assert_eq!(of_one.say_of(language, rust), says);
        }
        let stopped = Mismatch::LabStopped(Stop::Shell).say_of(Language::Ko, rust);
        assert!(
            stopped.starts_with("작성한 프로그램이 시나리오를"),
            "{stopped}"
        );
    }

    #[test]
    fn a_process_that_waits_for_ever_is_told_after_the_call_that_differs() {
        let ends = |c| Mismatch::Ends {
            process: "1".into(),
            c,
            lab: ProcessEnd::Exited(0),
            halt: None,
        };
        let calls = Mismatch::Calls {
            process: "1.1".into(),
            number: 1,
            c: None,
            lab: None,
            elsewhere: Elsewhere::Nowhere,
            instead: None,
        };
        assert!(calls.rank() < ends(ProcessEnd::Cut).rank());
        assert_eq!(calls.rank(), ends(ProcessEnd::Exited(1)).rank());
        assert!(Mismatch::Stopped(Stop::Shell, Vec::new()).rank() < calls.rank());
    }

    #[test]
    fn a_cap_is_told_in_korean_too() {
        for cap in [Cap::Processes, Cap::Calls, Cap::Output, Cap::Processor] {
            let korean = Mismatch::Stopped(Stop::Cap(cap), Vec::new()).say(Language::Ko);
            assert!(!korean.contains("the cap"), "{korean}");
        }
        let stop = Stop::Unreached {
            step: 2,
            awaited: Awaited::Condition(Condition::Exit { process: 1 }),
            standstill: true,
        };
        let korean = Mismatch::Stopped(stop, Vec::new()).say(Language::Ko);
        assert!(!korean.contains("waited in vain"), "{korean}");
        assert!(!korean.contains("every process"), "{korean}");
    }
}
