//! What the pages say, in English and Korean.
//!
//! A function is a sentence. What the tool says too stands in `labscope::i18n`.

use labscope::i18n::Language::{self, En, Ko};
use labscope::texts;

texts! {
    of_language: "English", "한국어";
    written_by_make:
        "Written by make study from the files of the project and from recorded runs.",
        "make study가 프로젝트의 파일과 기록한 실행으로 만든 페이지이다.";
    deck: "Multi-process socket programming", "멀티 프로세스 소켓 프로그래밍";
    keys_of_deck:
        "→ or a click shows the answer, then the picture alone, then the next slide; ← goes back. Print it to have a PDF.",
        "→ 키를 누르거나 클릭하면 답, 그림만, 다음 슬라이드 순서로 나온다. ←는 뒤로 간다. 인쇄하면 PDF가 된다.";
    lab: "Lab", "실습";
    labs: "Labs", "실습";
    glossary: "Glossary", "용어집";
    skip_to_words: "Skip to the words", "용어로 건너뛰기";
    skip_to_labs: "Skip to the labs", "실습 목록으로 건너뛰기";
    skip_to_program: "Skip to the program", "프로그램으로 건너뛰기";
    on_this_page: "On this page", "이 페이지에서";
    program: "Program", "프로그램";
    runs: "Runs", "실행";
    scenarios: "Scenarios", "시나리오";
    differences: "Differences", "차이";
    guide: "Guide", "안내";
    predict_first:
        "Predict first",
        "먼저 예측하기";
    how_to_predict:
        "What will it do? Look at the programs, answer, and only then look at the run. In a line, <2> is the pid of process 2.",
        "무엇을 할까? 프로그램만 보고 답한 다음에 실행을 본다. 줄 안의 <2>는 프로세스 2의 pid이다.";
    nothing_is_done:
        "It is started on a terminal, and nothing else is done.",
        "터미널에서 시작하고, 그 밖에는 아무것도 하지 않는다.";
    number:
        "Number",
        "숫자";
    line:
        "Line",
        "줄";
    /// Before a line whose place is asked for.
    place_of:
        "Place of",
        "순서:";
    check:
        "Check",
        "확인";
    answer:
        "Answer",
        "답";
    a_number:
        "A number, please.",
        "숫자로 답한다.";
    a_choice:
        "Choose one.",
        "하나를 고른다.";
    an_order:
        "Give each line a place of its own.",
        "줄마다 서로 다른 순서를 고른다.";
    a_line:
        "The line as it comes out, please.",
        "나오는 줄을 그대로 쓴다.";
    kept_here:
        "Kept in this browser only.",
        "이 브라우저에만 남는다.";
    kept_nowhere:
        "This browser keeps nothing: the score goes with the page.",
        "이 브라우저는 점수를 저장하지 않아, 페이지를 닫으면 사라진다.";
    start_again:
        "Start again",
        "처음부터";
    /// Beside a listing's name, where its comments are in another language than the page.
    comments_are_english:
        "",
        " · 주석은 영어";
}

/// The link to a step of a run.
pub fn step(language: Language, number: usize) -> String {
    match language {
        En => format!("step {number}"),
        Ko => format!("{number}단계"),
    }
}

pub fn score(language: Language, right: &str, asked: &str, all: &str) -> String {
    match language {
        En => format!("{right} of {asked} right; {all} questions."),
        Ko => format!("{asked}문제 가운데 {right}개를 맞혔다. 모두 {all}문제."),
    }
}

pub fn timeline(language: Language, title: &str) -> String {
    format!("{}: {title}", language.pick("Timeline", "타임라인"))
}

texts! {
    through_standard_output: "through standard output:", "표준 출력으로:";
    /// Lines of an output that are counted only.
    lines_more(count: usize): "… {count} lines like these", "… 이와 같은 줄 {count}개";
    /// The first page: what all of it is.
    project:
        "The labs of a lecture on processes and sockets: each in C, and in Rust on raw system calls, with its guide and its recorded runs.",
        "프로세스와 소켓 강의의 실습이다. 실습마다 C 프로그램, 시스템 콜을 직접 호출하는 Rust 프로그램, 안내, 기록한 실행이 있다.";
    labs_in_order: "Labs, in the order of the lecture", "강의 순서대로 본 실습";
}

/// The size of a lab's program, and before its verdicts the number of its scenarios.
pub fn size_and_scenarios(language: Language, size: u64, scenarios: usize) -> String {
    match (language, scenarios) {
        (En, 1) => format!("Rust program: {size} bytes. 1 scenario: "),
        (En, _) => format!("Rust program: {size} bytes. {scenarios} scenarios: "),
        (Ko, _) => format!("Rust 프로그램 {size}바이트. 시나리오 {scenarios}개: "),
    }
}

texts! {
    same(count: usize): "{count} the same in C and Rust", "C와 Rust가 같은 것 {count}개";
    with_differences(count: usize): "{count} with declared differences", "밝혀 둔 차이가 있는 것 {count}개";
}

pub fn different(language: Language, count: usize) -> String {
    match language {
        En => format!("{count} {}", labscope::i18n::compare::different(En)),
        Ko => format!("다른 것 {count}개"),
    }
}

texts! {
    libc_adds: "What libc adds", "libc가 더하는 일";
    libc_calls_of_labs:
        "System calls that libc makes on its own, in each lab's first scenario",
        "실습마다 첫 시나리오에서 libc가 스스로 하는 시스템 콜의 수";
    libc_calls(scenario: &str):
        "System calls that no line of the program asks for, in the scenario {scenario}",
        "프로그램의 어느 줄도 요청하지 않은 시스템 콜(시나리오 {scenario})";
    c_with_libc: "C with libc", "libc를 쓴 C";
    what_for: "What for", "용도";
    calls: "Calls", "시스템 콜";
    total: "total", "합계";
    how_to_use: "How to use these pages", "이 페이지를 쓰는 법";
}

/// How the pages are used; what is said of keys is what the script does.
pub fn help(language: Language) -> [&'static str; 7] {
    [
        language.pick(
            "On a lab's page the C stands on the left, the Rust beside it, then the guide. Lines that made system calls are marked. Point at one (mouse, finger or keyboard): its counterpart in the other program lights up, and with it its calls in the tables and on the timelines. A click or Enter holds it until Esc.",
            "실습 페이지에는 왼쪽에 C, 그 옆에 Rust, 다음에 안내가 있다. 시스템 콜을 호출한 줄에는 표시가 있다. 그 줄을 마우스, 손가락, 키보드로 가리키면 다른 프로그램의 짝이 되는 줄이 밝아지고, 표와 타임라인에서 그 줄의 시스템 콜도 밝아진다. 클릭하거나 Enter를 누르면 Esc를 누를 때까지 고정된다.",
        ),
        language.pick(
            "The bar above the listings goes through a recorded run step by step: lines, terminal, processes, descriptors, buffers and timeline move together. Keys: left and right, Home, End, Page Up, Page Down; M marks a step for print. The address holds the step.",
            "소스 위의 막대로 기록한 실행을 한 단계씩 본다. 줄, 터미널, 프로세스, 지정번호, 버퍼, 타임라인이 함께 움직인다. 키: 좌우 화살표, Home, End, Page Up, Page Down. M은 인쇄할 단계로 표시한다. 주소에 단계가 들어 있다.",
        ),
        language.pick(
            "Above each guide stand questions: what will the lab do? Answer them from the programs alone. The answers are read off the recorded runs, and lead to the step that decides. The score stays in this browser.",
            "안내 위에는 문제가 있다. 이 실습은 무엇을 할까? 프로그램만 보고 답한다. 답은 기록한 실행에서 나오고, 답을 정하는 단계로 가는 링크가 있다. 점수는 이 브라우저에만 남는다.",
        ),
        language.pick(
            "Keyboard: Tab reaches a listing, the arrow keys up and down move by line, left and right jump to the counterpart.",
            "키보드: Tab으로 소스에 들어가고, 위아래 화살표로 줄을 옮기고, 좌우 화살표로 짝이 되는 줄로 건너간다.",
        ),
        language.pick(
            "Which lines belong together is not written down anywhere: C and Rust were run through the same scenarios, and lines whose calls answer each other belong together.",
            "어느 줄이 서로 짝인지는 어디에도 적어 두지 않았다. C와 Rust를 같은 시나리오로 실행해, 시스템 콜이 서로 대응하는 줄을 짝으로 삼았다.",
        ),
        language.pick(
            "“The same” means: each process made the same calls in the same order, with the same arguments and results, and ended alike, whoever ran first after fork. What the lab does differently on purpose is declared, with the reason.",
            "\u{201c}같음\u{201d}은 프로세스마다 같은 시스템 콜을 같은 순서, 같은 인자, 같은 결과로 호출하고 같은 방식으로 종료되었다는 뜻이다. fork 뒤에 누가 먼저 실행되든 그렇다. 실습이 일부러 달리하는 것은 이유와 함께 밝혀 둔다.",
        ),
        language.pick(
            "What libc does besides (start-up, heap, threads) is kept apart: it is told by the stack of each call.",
            "libc가 따로 하는 일(시작, 힙, 스레드)은 나누어 적는다. 시스템 콜마다 스택을 보고 가려낸다.",
        ),
    ]
}

texts! {
    recorded_runs: "Recorded runs", "기록한 실행";
    how_recorded:
        "Each run was traced when these pages were made, on a real terminal, pipe or file: once for the text and the timeline, and again, C and Rust, in each order after fork, for the calls beside each other. There a name stands for what differs from run to run: <1> is the first process, <1.1> its first child, <outside> a process outside the run, <port 1> the first port that the kernel chose, ptr an address. “= all” means that every byte was written, and = alone that the Rust makes the same call.",
        "이 페이지를 만들 때 실제 터미널, 파이프, 파일에서 추적하며 기록했다. 화면과 타임라인은 한 번의 실행이고, 나란히 놓은 시스템 콜은 C와 Rust를 fork 뒤의 두 순서로 다시 실행한 것이다. 그 표에서는 실행할 때마다 달라지는 것을 이름으로 적는다. <1>은 첫 프로세스, <1.1>은 그 첫째 자식 프로세스, <outside>는 이 실행 밖의 프로세스, <port 1>은 커널이 고른 첫째 포트, ptr은 주소이다. “= all”은 모든 바이트를 썼다는 뜻이고, = 하나만 있으면 Rust의 시스템 콜도 같다는 뜻이다.";
    all_scenarios: "All scenarios", "모든 시나리오";
    every_scenario_was_run: "Every scenario was run with the C program and with the lab", "모든 시나리오를 C 프로그램과 실습으로 실행했다";
    scenario: "Scenario", "시나리오";
    what_happens: "What happens", "내용";
    c_and_rust: "C and Rust", "C와 Rust";
}

/// The title of the calls of both programs, in one order after fork if there is any.
pub fn side_by_side(language: Language, processes: usize, order: Option<&str>) -> String {
    let order = order.map_or(String::new(), |order| format!(", {order}"));
    match (language, processes) {
        (En, 1) => format!("System calls, side by side (1 process{order})"),
        (En, _) => format!("System calls, side by side ({processes} processes{order})"),
        (Ko, _) => format!("나란히 본 시스템 콜 (프로세스 {processes}개{order})"),
    }
}

pub fn processes_more(language: Language, count: usize) -> String {
    match (language, count) {
        (En, 1) => "… and 1 more process like these".to_owned(),
        (En, _) => format!("… and {count} more processes like these"),
        (Ko, _) => format!("… 이와 같은 프로세스 {count}개 더"),
    }
}

/// Rows that another scenario has too.
pub fn as_in(language: Language, count: usize, scenario: &str) -> String {
    match language {
        En => format!("… {count} rows as in {scenario}"),
        Ko => format!("… {scenario}와 같은 행 {count}개"),
    }
}

/// The columns of the calls side by side.
pub fn columns(language: Language) -> [&'static str; 4] {
    match language {
        En => ["C line", "C call", "Rust call", "Rust line"],
        Ko => ["C 줄", "C의 시스템 콜", "Rust의 시스템 콜", "Rust 줄"],
    }
}

/// Before the names of calls that no line of the program asked for.
pub fn before_main(language: Language, count: usize) -> String {
    match (language, count) {
        (En, 1) => "libc before main, 1 call: ".to_owned(),
        (En, _) => format!("libc before main, {count} calls: "),
        (Ko, _) => format!("main 전에 libc가 호출한 시스템 콜 {count}개: "),
    }
}

texts! {
    declared_differences: "Declared differences", "밝혀 둔 차이";
    differs_otherwise:
        "C and Rust also differ otherwise than declared: see the scenarios.",
        "밝혀 둔 것과 다른 차이가 있다. 시나리오에서 볼 수 있다.";
    no_difference:
        "None: in every scenario the lab makes the calls of the C program, with the same arguments and results.",
        "없음. 모든 시나리오에서 실습은 C 프로그램과 같은 시스템 콜을 같은 인자로 호출하고 같은 결과를 얻는다.";
    on_purpose:
        "What the lab does otherwise on purpose, and why. In the calls <same> is what is the same in both, <any> what nobody can know, and behind ... stand calls that may follow as often as they come.",
        "실습이 일부러 달리하는 것과 그 이유이다. 시스템 콜의 <same>은 양쪽에서 같은 것, <any>는 아무도 알 수 없는 것이고, ... 뒤에는 몇 번이든 이어질 수 있는 시스템 콜이 온다.";
    goes_own_way:
        "These calls are the last of both processes: one of them does not get through the rest.",
        "두 프로세스의 마지막 시스템 콜들이다. 한쪽은 나머지를 끝까지 가지 못한다.";
    in_every_scenario: "in every scenario", "모든 시나리오에서";
    in_scenarios: "in:", "시나리오:";
    /// The pages are there, but these scenarios are not the same in C and Rust.
    differ_in(scenarios: &str):
        "the pages are written, but C and Rust differ in: {scenarios}",
        "페이지는 만들었지만 C와 Rust가 다르다: {scenarios}";
}
