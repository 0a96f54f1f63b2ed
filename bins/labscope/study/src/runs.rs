//! The recorded runs of a lab: what was to be seen, the timeline, the calls; and the list of all scenarios.

use labscope::compare::ScenarioResult;
use labscope::i18n::Language;
use labscope::timeline;
use maud::{Markup, PreEscaped, html};

use crate::edition::Edition;
use crate::record::{Recorded, ShownRun};
use crate::{sides, transcript, verdict};

/// The runs that are shown as they went.
pub fn section(recorded: &Recorded, edition: &Edition) -> Markup {
    let words = edition.words;
    let shown = |outcome: &ScenarioResult| recorded.run_of(&outcome.scenario.name);
    let outcomes = recorded.outcomes.iter();
    html! {
        section #runs {
            h2 { (words.pick("Recorded runs", "기록한 실행")) }
            p { (words.pick(
                "Each run was recorded under strace when these pages were made, on a real terminal, pipe or file: once for the text and the timeline, and again, C and Rust, in each order after fork, for the calls beside each other. There a name stands for what differs from run to run: <1> is the first process, <1.1> its first child, <outside> a process outside the run, <port 1> the first port that the kernel chose, ptr an address. “= all” means that every byte was written.",
                "이 페이지를 만들 때 실제 터미널, 파이프, 파일에서 strace로 추적하며 기록했다. 화면과 타임라인은 한 번의 실행이고, 나란히 놓은 시스템 콜은 C와 Rust를 fork 뒤의 두 순서로 다시 실행한 것이다. 그 표에서는 실행할 때마다 달라지는 것을 이름으로 적는다. <1>은 첫 프로세스, <1.1>은 그 첫째 자식 프로세스, <outside>는 이 실행 밖의 프로세스, <port 1>은 커널이 고른 첫째 포트, ptr은 주소이다. “= all”은 모든 바이트를 썼다는 뜻이다.",
            )) }
            @for outcome in outcomes {
                @if let Some(run) = shown(outcome) { (article(outcome, Some(run), edition)) "\n" }
            }
        }
    }
}

fn article(outcome: &ScenarioResult, run: Option<&ShownRun>, edition: &Edition) -> Markup {
    let (scenario, words) = (&outcome.scenario, edition.words);
    html! {
        article.run id={ "run-" (scenario.name) } {
            h3 { (scenario.name) " " small { (scenario.title.get(words)) } }
            (verdict::html(outcome, words))
            @if let Some(run) = run { (seen(&outcome.lab, run, words)) }
            (sides::html(outcome, edition))
        }
    }
}

fn seen(lab: &str, run: &ShownRun, words: Language) -> Markup {
    let parts = transcript::parts(lab, &run.scenario, &run.transcript, words);
    let picture = timeline::svg::draw(&run.timeline, words).inline();
    let title = run.scenario.title.get(words);
    let label = format!("{}: {title}", words.pick("Timeline", "타임라인"));
    html! {
        (transcript::html(&parts, lab, words))
        figure.timeline tabindex="0" role="region" aria-label=(label) { (PreEscaped(picture)) }
    }
}

/// Every scenario with its verdict; and the calls of those that are not shown as a run.
pub fn scenarios(recorded: &Recorded, edition: &Edition) -> Markup {
    let words = edition.words;
    let outcomes = &recorded.outcomes;
    html! {
        section #scenarios {
            h2 { (words.pick("All scenarios", "모든 시나리오")) }
            div.wide tabindex="0" {
                table.scenarios {
                    caption { (words.pick(
                        "Every scenario was run with the C program and with the lab",
                        "모든 시나리오를 C 프로그램과 실습으로 실행했다",
                    )) }
                    thead { tr {
                        th scope="col" { (words.pick("Scenario", "시나리오")) }
                        th scope="col" { (words.pick("What happens", "내용")) }
                        th scope="col" { (words.pick("C and Rust", "C와 Rust")) }
                    } }
                    tbody {
                        @for outcome in outcomes { (row(outcome, words)) "\n" }
                    }
                }
            }
            @for outcome in outcomes {
                @if recorded.run_of(&outcome.scenario.name).is_none() {
                    (article(outcome, None, edition)) "\n"
                }
            }
        }
    }
}

fn row(outcome: &ScenarioResult, words: Language) -> Markup {
    let name = &outcome.scenario.name;
    html! {
        tr.(verdict::class(outcome)) {
            th scope="row" { a href={ "#run-" (name) } { (name) } }
            td { (outcome.scenario.title.get(words)) }
            td {
                (verdict::line(outcome, words))
                @for name in verdict::declared(outcome) {
                    " " a.why href={ "#difference-" (name) } { (name) }
                }
            }
        }
    }
}
