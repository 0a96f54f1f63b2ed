//! Where the C program and the lab differ without its being declared.

use std::fmt::{self, Debug};

use super::Language::{self, En, Ko};

/// Whose run a sentence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    C,
    Lab,
}

/// What one of two programs is to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    TheC,
    TheLab,
    /// The reader's own.
    Yours,
    /// That of a task, which the reader does not see.
    TheSolution,
}

/// Who stands on either side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names {
    pub c: Name,
    pub lab: Name,
}

impl Default for Names {
    fn default() -> Names {
        Names {
            c: Name::TheC,
            lab: Name::TheLab,
        }
    }
}

impl Names {
    pub fn of(self, side: Side) -> Name {
        match side {
            Side::C => self.c,
            Side::Lab => self.lab,
        }
    }
}

impl Name {
    fn say(self, language: Language) -> &'static str {
        match self {
            Name::TheC => language.pick("the C", "C"),
            Name::TheLab => language.pick("the lab", "실습"),
            Name::Yours => language.pick("your program", "작성한 프로그램"),
            Name::TheSolution => language.pick("the solution", "해답"),
        }
    }

    /// As the topic of a sentence.
    fn topic(self, language: Language) -> String {
        let particle = match (language, self) {
            (En, _) => "",
            (Ko, Name::TheC) => "는",
            (Ko, _) => "은",
        };
        format!("{}{particle}", self.say(language))
    }

    /// As the subject of a sentence.
    fn subject(self, language: Language) -> String {
        match (language, self) {
            (En, Name::TheC) => "the C program".to_owned(),
            (Ko, Name::TheC) => "C 프로그램이".to_owned(),
            (En, _) => self.say(En).to_owned(),
            (Ko, _) => format!("{}이", self.say(Ko)),
        }
    }
}

/// Behind "the C" and "C는": it exits.
pub fn exits(language: Language, status: i32) -> String {
    match language {
        En => format!("exits with {status}"),
        Ko => super::process::exit(Ko, status),
    }
}

pub fn dies(language: Language, signal: &str) -> String {
    match language {
        En => format!("dies of {signal}"),
        Ko => super::process::kill(Ko, signal),
    }
}

/// Behind the process.
pub fn died(language: Language, signal: &str) -> String {
    match language {
        En => format!(" died of {signal}"),
        Ko => format!(": {}", super::process::kill(Ko, signal)),
    }
}

texts! {
    has_to_be_ended: "has to be ended from outside", "밖에서 종료해야 함";
}

/// A source line: of the program's own file, or of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineOf {
    pub file: Option<String>,
    pub number: u32,
}

/// `27`, or `exec_test.c:27`.
impl fmt::Display for LineOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{file}:{}", self.number),
            None => write!(f, "{}", self.number),
        }
    }
}

/// A call with the source line that made it.
pub fn call(language: Language, call: &str, line: Option<&LineOf>) -> String {
    match line {
        None => call.to_owned(),
        Some(line) => format!("{call} ({})", self::line(language, line)),
    }
}

/// `line 27`, or `exec_test.c:27`.
fn line(language: Language, line: &LineOf) -> String {
    match (language, &line.file) {
        (_, Some(_)) => line.to_string(),
        (En, None) => format!("line {line}"),
        (Ko, None) => format!("{line}행"),
    }
}

/// The same call stands in another place.
pub fn moved(
    language: Language,
    names: Names,
    call: &str,
    earlier: bool,
    lines: [Option<&LineOf>; 2],
) -> String {
    let [c, lab] = lines.map(|it| {
        let line = it.map(|it| line(language, it));
        line.map_or(String::new(), |it| format!(" ({it})"))
    });
    let (in_c, in_lab) = (names.c.say(language), names.lab.say(language));
    match (language, earlier) {
        (En, true) => format!("{call} comes earlier in {in_c}{c} than in {in_lab}{lab}"),
        (En, false) => format!("{call} comes later in {in_c}{c} than in {in_lab}{lab}"),
        (Ko, true) => format!("{call} 호출이 {in_c}에서는{c} {in_lab}에서보다{lab} 먼저 나온다"),
        (Ko, false) => format!("{call} 호출이 {in_c}에서는{c} {in_lab}에서보다{lab} 나중에 나온다"),
    }
}

/// The same call stands in another place, and something else comes of it.
pub fn moved_with_another_result(
    language: Language,
    names: Names,
    [c, lab]: [String; 2],
    earlier: bool,
) -> String {
    let (of_c, of_lab) = (names.c.topic(language), names.lab.topic(language));
    match (language, earlier) {
        (En, true) => format!("{of_c} {c}, earlier than {of_lab}, which {lab}"),
        (En, false) => format!("{of_c} {c}, later than {of_lab}, which {lab}"),
        (Ko, true) => format!("{of_c} {c}; {of_lab} 그보다 나중에 {lab}"),
        (Ko, false) => format!("{of_c} {c}; {of_lab} 그보다 먼저 {lab}"),
    }
}

/// Behind "the C" and "C는": it makes this call, but not in this place.
pub fn makes_it_elsewhere(language: Language, at: Option<&LineOf>) -> String {
    let at = at.map(|it| line(language, it));
    match (language, at) {
        (En, Some(line)) => format!("makes this call elsewhere only ({line})"),
        (En, None) => "makes this call elsewhere only".to_owned(),
        (Ko, Some(line)) => format!("이 시스템 콜을 다른 곳에서만 한다({line})"),
        (Ko, None) => "이 시스템 콜을 다른 곳에서만 한다".to_owned(),
    }
}

texts! {
    /// Behind how a process ended: the call that did not come back.
    hangs_in(call: &str): " in {call}", " (멈춰 있는 곳: {call})";
    /// Behind how a process ended: the last thing that it was seen to do.
    goes_on_after(call: &str): " without another call after {call}", " (마지막 시스템 콜: {call})";
}

/// Behind how a process ended: the functions that it was in, the innermost first, each with its line.
pub fn at_lines(language: Language, stack: &[(String, LineOf)]) -> String {
    let told = stack
        .iter()
        .map(|(function, at)| format!("{function}, {}", line(language, at)));
    let told: Vec<String> = told.collect();
    match language {
        _ if told.is_empty() => String::new(),
        En => format!(" at {}", told.join(", called by ")),
        Ko => format!(" (위치: {})", told.join(" ← ")),
    }
}

pub fn calls(language: Language, call: &str) -> String {
    format!("{}{call}", language.pick("calls ", ""))
}

texts! {
    makes_no_such_call: "makes no such call", "이런 시스템 콜이 없다";
}

/// What both do.
pub fn both(language: Language, names: Names, c: &str, lab: &str) -> String {
    let (of_c, of_lab) = (names.c.topic(language), names.lab.topic(language));
    format!("{of_c} {c}; {of_lab} {lab}")
}

/// What a file does, and what the slide's program does where the lab does something else.
pub fn beside_slide(language: Language, names: Names, c: &str, slide: &str) -> String {
    let of_c = names.c.topic(language);
    match language {
        En => format!("{of_c} {c}; the slide's C {slide}"),
        Ko => format!("{of_c} {c}; 슬라이드의 C는 {slide}"),
    }
}

/// What the C does where the lab makes a call that the C does not make.
pub fn c_goes_on(language: Language, names: Names, call: &str) -> String {
    let c = names.c.say(language);
    match language {
        En => format!("; {c} goes on with {call}"),
        Ko => format!("; {c}의 다음 시스템 콜은 {call}"),
    }
}

pub fn c_ends(language: Language, names: Names, end: &str) -> String {
    format!("; {} {end}", names.c.topic(language))
}

texts! {
    /// The call of that number differs.
    at_call(process: &str, number: usize, both: &str):
        "process {process}, call {number}: {both}",
        "프로세스 {process}, {number}번째 시스템 콜: {both}";
    /// Before what is only said in other words.
    wording(what: &str): "wording: {what}", "표현: {what}";
}

pub fn only_one_has(language: Language, name: Name, process: &str) -> String {
    match (language, name) {
        (En, _) => format!("only {} has a process {process}", name.subject(En)),
        (Ko, Name::TheC) => format!("C 프로그램에만 있는 프로세스: {process}"),
        (Ko, _) => format!("{}에만 있는 프로세스: {process}", name.say(Ko)),
    }
}

/// The C program met a limit.
pub fn was_stopped(language: Language, name: Name, cap: &str) -> String {
    match (language, name) {
        (En, _) => format!("{} was stopped: it met {cap}", name.subject(En)),
        (Ko, Name::TheC) => format!("C 프로그램을 종료시켰다. 한도에 닿음: {cap}"),
        (Ko, _) => format!("{}을 종료시켰다. 한도에 닿음: {cap}", name.say(Ko)),
    }
}

pub fn did_not_get_through(language: Language, name: Name, why: &str) -> String {
    let who = name.subject(language);
    match language {
        En => format!("{who} did not get through the scenario: {why}"),
        Ko => format!("{who} 시나리오를 끝까지 가지 못했다: {why}"),
    }
}

/// A run that came out in another order after fork than was given.
pub fn other_order(language: Language, name: Name, order: Option<&str>) -> String {
    let who = name.subject(language);
    match (language, order) {
        (En, None) => format!("{who} forked; run it again"),
        (En, Some(order)) => format!("{who} did not run with the {order} after fork; run it again"),
        (Ko, None) => format!("{who} fork했다. 다시 실행한다"),
        (Ko, Some(order)) => format!("{who} fork 뒤에 {order} 실행되지 않았다. 다시 실행한다"),
    }
}

/// A run for which the machine had no time.
pub fn no_time(language: Language, name: Name) -> String {
    let who = name.subject(language);
    match language {
        En => format!("the machine had no time for {who}; run it again when it is less busy"),
        Ko => format!("{who} 실행될 시간을 얻지 못했다. 컴퓨터가 덜 바쁠 때 다시 실행한다"),
    }
}

/// A program whose stacks cannot be read.
pub fn unread(language: Language, name: Name) -> String {
    let who = name.subject(language);
    match language {
        En => format!(
            "{who} cannot be compared: its stacks cannot be read, so nobody knows which calls are its own; compile it with -g and without optimisation, and do not strip it"
        ),
        Ko => format!(
            "{who} 비교되지 않는다. 스택을 읽을 수 없어 어느 시스템 콜이 프로그램의 것인지 알 수 없다. -g를 주고 최적화 없이 컴파일하고, 심볼을 지우지 않는다(strip)"
        ),
    }
}

pub fn terminal(language: Language, names: Names, c: &str, lab: &str) -> String {
    match language {
        En => format!("the terminal shows {}", after_each(En, names, c, lab)),
        Ko => format!("터미널에 {}", after_each(Ko, names, c, lab)),
    }
}

pub fn standard_output(language: Language, names: Names, c: &str, lab: &str) -> String {
    match language {
        En => format!("standard output holds {}", after_each(En, names, c, lab)),
        Ko => format!("표준 출력에 {}", after_each(Ko, names, c, lab)),
    }
}

fn after_each(language: Language, names: Names, c: impl Debug, lab: impl Debug) -> String {
    match language {
        En => {
            let (of_c, of_lab) = (names.c.say(En), names.lab.say(En));
            format!("{c:?} after {of_c}, {lab:?} after {of_lab}")
        }
        Ko => {
            let (of_c, of_lab) = (names.c.topic(Ko), names.lab.topic(Ko));
            format!("{of_c} {c:?}, {of_lab} {lab:?}")
        }
    }
}

/// Where standard input would be read on.
pub fn offset(language: Language, names: Names, c: u64, lab: u64) -> String {
    let (of_c, of_lab) = (names.c.say(language), names.lab.say(language));
    match language {
        En => format!(
            "the next program would read on at byte {c} after {of_c}, at byte {lab} after {of_lab}"
        ),
        Ko => format!(
            "다음 프로그램이 이어 읽을 자리: {of_c} 뒤에는 {c}바이트, {of_lab} 뒤에는 {lab}바이트"
        ),
    }
}

texts! {
    /// A call of the lab that a program does not make.
    missing(call: &str): "the lab's {call} is missing", "실습의 {call} 호출이 없음";
    /// A call of the lab in whose place a program makes another.
    another(call: &str): "another call in the place of the lab's {call}", "실습의 {call} 자리에 다른 호출";
    /// A call that the lab makes earlier or later.
    elsewhere(call: &str): "the lab's {call} comes earlier or later", "실습의 {call} 호출이 먼저 오거나 나중에 옴";
    /// A call that the lab does not make.
    too_much(name: &str): "a {name} that the lab does not make", "실습에 없는 {name} 호출";
}
