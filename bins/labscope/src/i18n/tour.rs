//! What the tour and the study pages say of a run.

use super::Language::{self, En, Ko};
use super::process::{ended_from_outside, of, process};

texts! {
    into_pipe: "into the pipe:", "파이프로:";
    pipe_is_closed: "the pipe is closed: end of input", "파이프를 닫음: 입력 끝";
    machine_is_shared:
        "no namespaces can be had here: runs with a network or System V objects take turns",
        "네임스페이스를 쓸 수 없어, 네트워크나 System V 객체를 쓰는 실행은 차례로 한다";
    run_is_over:
        "the run is over: what still runs is ended from outside",
        "실행을 마침: 아직 실행 중인 것은 밖에서 종료함";
}

/// A process that was still there: at the end of the run, or although process 1 had ended.
pub fn left(
    language: Language,
    who: Option<&str>,
    number: usize,
    pid: i32,
    command: &str,
    all_ended: bool,
) -> String {
    let what = match all_ended {
        true => language.pick("left behind, now cleared away", "남아 있어 정리함"),
        false => ended_from_outside(language),
    };
    let process = of(who, &process(language, number));
    format!("{process} (pid {pid}, {command}): {what}")
}

/// Keys, where no colour marks them as typed.
pub fn typed(language: Language, keys: &str) -> String {
    format!("[{} {keys}]", language.pick("typed:", "입력:"))
}

texts! {
    building(lab: &str): "building {lab}", "{lab} 빌드 중";
    /// The first line of the introduction where each run is told after it.
    runs_made_first(runs: usize):
        "Runs: {runs}, traced, on a terminal each, and each made just before it is shown.",
        "실행 {runs}개를 하나씩 실제 터미널에서 추적한 다음 보여 준다.";
    running(lab: &str): "running {lab}", "{lab} 실행 중";
    keys: "space: go on   b: back   q: leave", "스페이스: 계속   b: 뒤로   q: 나가기";
    /// What stands on the right of what a lab prints.
    calls_beside:
        "Right of it: the call that was made, after the number of its process and its source line; what was shown before is left out.",
        "그 오른쪽은 그때의 시스템 콜. 앞에는 프로세스 번호와 소스 줄이 있다. 이미 보인 것은 생략한다.";
    seen_before(count: usize): "… {count} as shown before", "… 이미 보인 것 {count}개";
}

/// What the signs mean.
pub fn introduction(language: Language, runs: usize, typed: &str) -> [String; 3] {
    match language {
        En => [
            format!(
                "{runs} run{}, live and traced, each on a terminal of its own:",
                if runs == 1 { "" } else { "s" }
            ),
            "  $ what is started        │ what it prints on its terminal".into(),
            format!("  {typed} what is typed    ▸ what to look at"),
        ],
        Ko => [
            format!("실행 {runs}개를 실제 터미널에서 추적하며 보여 준다."),
            "  $ 시작하는 프로그램      │ 터미널에 출력되는 것".into(),
            format!("  {typed} 입력하는 것      ▸ 눈여겨볼 것"),
        ],
    }
}

texts! {
    second_terminal:
        "  name $, name │  the same in a second terminal, which has that name",
        "  이름 $, 이름 │  두 번째 터미널(그 이름)에서 일어나는 같은 것";
    farewell: "The tour ends here; nothing is left behind.", "둘러보기를 여기서 마친다. 남은 프로세스는 없다.";
}

errors! {
    big_is_of_one_lab:
        "BIG=1 shows one lab: name it, as in LAB=fork_test",
        "BIG=1은 실습 하나를 보인다. LAB=fork_test처럼 이름을 준다";
}

pub fn not_shown(language: Language, runs: &str) -> String {
    let text = language.pick("Not shown to the end:", "끝까지 보이지 못한 것:");
    format!("{text} {runs}")
}

texts! {
    /// The mark `*` in the list of scenarios.
    part_of_the_tour: "(* part of the tour)", "(* 둘러보기에 포함)";
    calls_title: "System calls, process by process", "프로세스별 시스템 콜";
    unread_lines(count: usize): "{count} lines of the trace could not be read:", "추적의 {count}줄을 읽지 못함:";
    /// The calls of another program after exec.
    calls_of_no_lab(count: usize):
        "… {count} calls of that program, which is no lab",
        "… 실습이 아닌 그 프로그램의 시스템 콜 {count}개";
}

/// The last `length` calls, so many times more.
pub fn repeated(language: Language, length: usize, more: usize) -> String {
    match (language, length) {
        (En, 1) => format!("… and {more} more like it"),
        (En, _) => format!("… and these {length} calls {more} times more"),
        (Ko, 1) => format!("… 같은 시스템 콜 {more}번 더"),
        (Ko, _) => format!("… 위의 시스템 콜 {length}개를 {more}번 더"),
    }
}

texts! {
    /// Many processes that made the same calls as the one shown before them.
    same_calls(first: usize, last: usize): "processes {first} to {last}: the same calls", "프로세스 {first}~{last}: 위와 같은 시스템 콜";
    not_returned: "(not returned)", "(리턴하지 않음)";
    made_short: "made short by the scenario", "시나리오가 줄임";
}

pub fn held_back(language: Language) -> &'static str {
    super::timeline::sign(language, super::timeline::Sign::Held)
}

texts! {
    restarted: "restarted: an effect of tracing only", "인터럽트되었다가 다시 시작: 추적할 때만 생기는 일";
    broken_off: "broken off by the signal", "시그널로 인터럽트됨";
}

pub fn signal_arrives(language: Language, signal: &str, sender: Option<usize>) -> String {
    let sender = sender.map(|number| format!(" ({})", process(language, number)));
    let arrives = language.pick("arrives", "도착");
    format!("{signal} {arrives}{}", sender.unwrap_or_default())
}

pub fn stopped(language: Language, signal: &str) -> String {
    format!("{} {signal}", language.pick("stopped by", "중단:"))
}
