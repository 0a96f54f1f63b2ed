//! Command lines: what was started, and with which input and output.

use labscope::scenario::{Companion, Played, Scenario};
use labscope::tour::Words;

use super::Part;

/// The command line of the lab, or of the companion `who`.
pub fn started(lab: &str, scenario: &Scenario, who: Option<&str>, words: Words) -> Part {
    let (program, args, stdin, stdout, input) = match who.and_then(|who| companion(scenario, who)) {
        Some(one) => (program(one), &one.args, &one.stdin, &one.stdout, &one.input),
        None => {
            let program = format!("./{lab}");
            (
                program,
                &scenario.args,
                &scenario.stdin,
                &scenario.stdout,
                &scenario.input,
            )
        }
    };
    let line = [vec![program], args.clone()].concat().join(" ");
    let mut wiring = words.wiring(stdin, stdout);
    if let Some(input) = input {
        let label = words.pick("standard input holds", "표준 입력의 내용");
        wiring = format!("{wiring} {label} {}", shortened(input));
    }
    Part::Started {
        who: who.map(str::to_owned),
        line,
        wiring: wiring.trim().to_owned(),
    }
}

/// A companion that is started again has a number behind its name.
fn companion<'a>(scenario: &'a Scenario, name: &str) -> Option<&'a Companion> {
    let named = |one: &&Companion| match name.strip_prefix(one.name.as_str()) {
        Some("") => true,
        Some(rest) => rest
            .strip_prefix('-')
            .is_some_and(|number| number.parse::<usize>().is_ok()),
        None => false,
    };
    let mut companions = scenario.companions.iter();
    companions.find(named)
}

fn program(companion: &Companion) -> String {
    match &companion.played {
        Played::Lab(lab) => format!("./{lab}"),
        Played::Program(path) => path.clone(),
    }
}

/// A text quoted on one line.
fn shortened(text: &str) -> String {
    let quoted = format!("{text:?}");
    if quoted.chars().count() <= 48 {
        return quoted;
    }
    let start: String = quoted.chars().take(44).collect();
    format!("{start}…\" ({} bytes)", text.len())
}
