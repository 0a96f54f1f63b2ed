//! Command lines: what was started, and with which input and output.

use labscope::i18n::Language;
use labscope::scenario::Scenario;

use super::Part;

/// The command line of the lab, or of the companion `who`.
pub fn started(lab: &str, scenario: &Scenario, who: Option<&str>, words: Language) -> Part {
    let played = scenario.played(lab, who);
    let wiring = played.say_wiring(words);
    let input = played.say_input(words);
    let wiring = format!("{wiring} {}", input.unwrap_or_default());
    Part::Started {
        who: who.map(str::to_owned),
        line: played.command_line(),
        wiring: wiring.trim().to_owned(),
    }
}
