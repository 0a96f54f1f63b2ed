//! The parts of the page that show one step of a run. The script fills them in; without it they are not there.

use labscope::i18n::Language;
use maud::{Markup, html};

use crate::steps::words;

/// Which run, and which step of it.
pub fn controls(language: Language) -> Markup {
    let button = |name: &str, sign: &str, label: &str| {
        html! { button type="button" data-go=(name) aria-label=(label) title=(label) { (sign) } }
    };
    html! {
        div.stepper #stepper role="group" aria-label=(words::step_through(language)) hidden {
            div.choice {
                label.of-scenario { span { (words::scenario(language)) } select #step-scenario aria-label=(words::scenario(language)) {} }
                label.of-order { span { (words::order(language)) } select #step-order aria-label=(words::order(language)) {} }
            }
            div.move {
                div.buttons {
                    (button("first", "|◀", words::first(language)))
                    (button("previous", "◀", words::previous(language)))
                    (button("next", "▶", words::next(language)))
                    (button("last", "▶|", words::last(language)))
                }
                input #step-slider type="range" min="1" value="1" aria-label=(words::step(language));
                output #step-count {}
                button.mark type="button" aria-pressed="false" { (words::mark(language)) }
                button.leave type="button" { (words::leave(language)) }
                p.say #step-say aria-live="polite" {}
            }
        }
    }
}

/// What is shown of a step beside the listings.
pub fn panels(language: Language) -> Markup {
    html! {
        section.track #track tabindex="0" aria-label=(words::timeline(language)) hidden {
            div.lanes {}
            div.picture {}
        }
        section.state #state aria-label=(words::run(language)) hidden {
            div #step-screens {}
            h3 { (words::processes(language)) }
            table #step-processes {}
            h3 { (words::descriptors(language)) }
            div #step-descriptors {}
            h3 hidden { (words::memory(language)) }
            div #step-memory {}
            p.keys { @for part in parts(words::keys(language)) {
                @match part { Ok(key) => kbd { (key) }, Err(text) => (text) }
            } }
        }
    }
}

/// A sentence with its `[keys]` apart.
fn parts(text: &str) -> Vec<Result<&str, &str>> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once('[') {
        let (key, after) = after.split_once(']').unwrap_or((after, ""));
        parts.extend([Err(before), Ok(key)]);
        rest = after;
    }
    parts.push(Err(rest));
    parts
}
