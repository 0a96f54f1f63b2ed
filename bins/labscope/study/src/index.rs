//! The first page: all labs, what libc adds to them, and how to use the pages.

use anyhow::{Context, Result};
use labscope::i18n::Language;
use maud::{Markup, html};

use crate::edition::Edition;
use crate::frame::Frame;
use crate::guide::Guide;
use crate::ledger;
use crate::record::Recorded;
use crate::verdict;

/// What the index says of a lab.
struct Entry<'a> {
    recorded: &'a Recorded,
    guide: Guide,
    /// The size of the program, in bytes.
    size: u64,
}

/// The whole page.
pub fn page(recorded: &[Recorded], edition: &Edition) -> Result<Markup> {
    let words = edition.words;
    let mut entries = Vec::new();
    for one in recorded {
        let program = edition.root.join("build").join(&one.lab);
        let found = program.metadata();
        let found = found.with_context(|| format!("cannot find {}", program.display()))?;
        entries.push(Entry {
            recorded: one,
            guide: edition.guide(&one.lab)?,
            size: found.len(),
        });
    }
    let main = html! {
        h1 { "rawlabs" }
        p.lead { (words.pick(
            "The labs of a lecture on processes and sockets: each in C, and in Rust on raw system calls, with its guide and its recorded runs.",
            "프로세스와 소켓 강의의 실습이다. 실습마다 C 프로그램, 시스템 콜을 직접 부르는 Rust 프로그램, 안내, 기록한 실행이 있다.",
        )) }
        (labs(&entries, edition))
        (added(&entries, edition))
        (help(words))
    };
    let skip = words.pick("Skip to the labs", "실습 목록으로 건너뛰기");
    let frame = Frame {
        name: "index",
        class: "index",
        skip: ("#labs", skip),
    };
    Ok(frame.around(main, edition))
}

fn labs(entries: &[Entry], edition: &Edition) -> Markup {
    let words = edition.words;
    html! {
        section #labs {
            h2 { (words.pick("Labs, in the order of the lecture", "강의 순서대로 본 실습")) }
            ol.labs {
                @for entry in entries {
                    li {
                        h3 {
                            a href=(edition.page(&entry.recorded.lab)) { (entry.recorded.lab) }
                            " " small { (entry.guide.slide) }
                        }
                        p { (entry.guide.lead) }
                        p.facts { (entry.facts(words)) }
                    }
                }
            }
        }
    }
}

impl Entry<'_> {
    fn facts(&self, words: Language) -> Markup {
        let classes: Vec<&str> = self.recorded.outcomes.iter().map(verdict::class).collect();
        let count = |class: &str| classes.iter().filter(|one| **one == class).count();
        let (all, size) = (classes.len(), self.size);
        let text = match (words, all) {
            (Language::En, 1) => format!("Rust program: {size} bytes. 1 scenario: "),
            (Language::En, _) => format!("Rust program: {size} bytes. {all} scenarios: "),
            (Language::Ko, _) => format!("Rust 프로그램 {size}바이트. 시나리오 {all}개: "),
        };
        let kinds = match words {
            Language::En => [
                ("same", "the same in C and Rust"),
                ("declared", "with declared differences"),
                ("different", "DIFFERENT"),
            ],
            Language::Ko => [
                ("same", "C와 Rust가 같은 것"),
                ("declared", "밝혀 둔 차이가 있는 것"),
                ("different", "다른 것"),
            ],
        };
        let some = kinds.into_iter().filter(|(class, _)| count(class) > 0);
        let some = some.map(|(class, what)| match words {
            Language::En => (class, format!("{} {what}", count(class))),
            Language::Ko => (class, format!("{what} {}개", count(class))),
        });
        html! {
            (text)
            @for (place, (class, said)) in some.enumerate() {
                @if place > 0 { ", " }
                @if class == "different" { strong.different { (said) } } @else { (said) }
            }
        }
    }
}

fn added(entries: &[Entry], edition: &Edition) -> Markup {
    let words = edition.words;
    html! {
        section #ledger {
            h2 { (words.pick("What libc adds", "libc가 더하는 일")) }
            div.wide tabindex="0" {
                table.ledger {
                    caption { (words.pick(
                        "System calls that libc makes on its own, in each lab's first scenario",
                        "실습마다 첫 시나리오에서 libc가 스스로 하는 시스템 콜의 수",
                    )) }
                    thead { tr {
                        th scope="col" { (words.pick("Lab", "실습")) }
                        th.number scope="col" { (words.pick("C with libc", "libc를 쓴 C")) }
                        th.number scope="col" { "Rust" }
                    } }
                    tbody { @for entry in entries { (row(entry, edition)) "\n" } }
                }
            }
        }
    }
}

fn row(entry: &Entry, edition: &Edition) -> Markup {
    let (of_c, of_lab) = entry
        .recorded
        .outcomes
        .first()
        .map(ledger::totals)
        .unwrap_or_default();
    let lab = &entry.recorded.lab;
    html! {
        tr {
            th scope="row" { a href={ (edition.page(lab)) "#ledger" } { (lab) } }
            td.number { (of_c) }
            td.number { (of_lab) }
        }
    }
}

/// How the pages are used; what is said of keys is what the script does.
fn help(words: Language) -> Markup {
    let lines: [&str; 5] = match words {
        Language::En => [
            "On a lab's page the C stands on the left, the Rust beside it, then the guide. Lines that made system calls are marked. Point at one (mouse, finger or keyboard): its counterpart in the other program lights up, and with it its calls in the tables and on the timelines. A click or Enter holds it until Esc.",
            "Keyboard: Tab reaches a listing, the arrow keys up and down move by line, left and right jump to the counterpart.",
            "Which lines belong together is not written down anywhere: C and Rust were run through the same scenarios, and lines whose calls answer each other belong together.",
            "“The same” means: each process made the same calls in the same order, with the same arguments and results, and ended alike, whoever ran first after fork. What the lab does differently on purpose is declared, with the reason.",
            "What libc does besides (start-up, heap, threads) is kept apart: it is told by the stack of each call.",
        ],
        Language::Ko => [
            "실습 페이지에는 왼쪽에 C, 그 옆에 Rust, 다음에 안내가 있다. 시스템 콜을 부른 줄에는 표시가 있다. 그 줄을 마우스, 손가락, 키보드로 가리키면 다른 프로그램의 짝이 되는 줄이 밝아지고, 표와 타임라인에서 그 줄의 시스템 콜도 밝아진다. 누르거나 Enter를 치면 Esc를 칠 때까지 고정된다.",
            "키보드: Tab으로 소스에 들어가고, 위아래 화살표로 줄을 옮기고, 좌우 화살표로 짝이 되는 줄로 건너간다.",
            "어느 줄이 서로 짝인지는 어디에도 적어 두지 않았다. C와 Rust를 같은 시나리오로 실행해, 시스템 콜이 서로 대응하는 줄을 짝으로 삼았다.",
            "\u{201c}같음\u{201d}은 프로세스마다 같은 시스템 콜을 같은 순서, 같은 인자, 같은 결과로 부르고 같은 방식으로 끝났다는 뜻이다. fork 뒤에 누가 먼저 실행되든 그렇다. 실습이 일부러 달리하는 것은 까닭과 함께 밝혀 둔다.",
            "libc가 따로 하는 일(시작, 힙, 스레드)은 나누어 적는다. 시스템 콜마다 스택을 보고 가려낸다.",
        ],
    };
    html! {
        section #use {
            h2 { (words.pick("How to use these pages", "이 페이지를 쓰는 법")) }
            @for line in lines { p { (line) } }
        }
    }
}
