//! What the stepper says, in English and Korean.

use labscope::Status;
use labscope::i18n::Language::{self, En, Ko};
use labscope::i18n::process;
use labscope::texts;
use serde_json::{Value, json};

texts! {
    terminal: "terminal", "터미널";
    standard_output: "standard output (no terminal)", "표준 출력(터미널 아님)";
    /// A process that is blocked in a call.
    asleep_in(call: &str): "asleep in {call}", "{call}에서 블록됨";
    /// A process that has ended and been waited for.
    gone: "ended, no more there", "종료되고 사라짐";
}

/// How a process ended.
pub fn ended(language: Language, status: Status) -> String {
    match status {
        Status::Exited(value) => process::exit(language, value),
        Status::Killed(number) => {
            let signal = labscope::Signal::try_from(number).map(labscope::Signal::as_str);
            let name = signal.map_or_else(|_| number.to_string(), str::to_owned);
            process::kill(language, &name)
        }
    }
}

// The words of the controls and panels.

texts! {
    step_through: "Step through a recorded run", "기록한 실행을 한 단계씩 보기";
    scenario: "Scenario", "시나리오";
    order: "Order", "순서";
    step: "Step", "단계";
    first: "First step", "첫 단계";
    previous: "Previous step", "이전 단계";
    next: "Next step", "다음 단계";
    last: "Last step", "마지막 단계";
    mark: "For print", "인쇄할 단계";
    leave: "Back to the guide", "안내로 돌아가기";
    run: "Run", "실행";
    processes: "Processes", "프로세스";
    descriptors: "Descriptors", "파일 지정번호(파일 디스크립터, fd)";
    memory: "Memory and stdio buffers", "메모리와 stdio 버퍼";
    timeline: "Timeline", "타임라인";
    /// What the keys do.
    keys:
        "Keys: [←] [→] step, [Home] [End] first and last, [Page Up] [Page Down] ten steps, [M] marks the step for print. A click on the timeline goes there.",
        "키: [←] [→] 한 단계, [Home] [End] 처음과 끝, [Page Up] [Page Down] 열 단계, [M] 인쇄할 단계로 표시. 타임라인을 클릭하면 그 단계로 간다.";
}

/// Sentences that the script fills in: {who} is a process, {call} its call, {line} its lines, {result} what it returned.
pub fn of_script(language: Language) -> Value {
    match language {
        En => json!({
            "process": "process {n}", "thread": "thread {n}",
            "call": "{who} calls {call}{line}", "returns": "{who} calls {call}{line}: returns {result}",
            "enter": "{who} calls {call}{line}, and waits in it", "return": "{who} comes back from {call}{line}: returns {result}",
            "back": "{who} comes back from {call}{line}", "signal": "{call} reaches {who}", "stop": "{who} is stopped by {call}",
            "end": "{who}: {call}", "more": "{who} calls {call}{line}, {count} times",
            "lines": ", line {c} of the C, line {r} of the Rust", "cLine": ", line {c} of the C", "rLine": ", line {r} of the Rust",
            "buffer": "buffer of stdout", "bytes": "{n} bytes", "empty": "empty", "line": "line", "state": "state", "pid": "pid", "program": "program",
            "none": "none is open", "marked": "Steps marked for print: {n}",
        }),
        Ko => json!({
            "process": "프로세스 {n}", "thread": "스레드 {n}",
            "call": "{who}: {call} 호출{line}", "returns": "{who}: {call} 호출{line}, 리턴 값 {result}",
            "enter": "{who}: {call} 호출{line}, 블록됨", "return": "{who}: {call}에서 돌아옴{line}, 리턴 값 {result}",
            "back": "{who}: {call}에서 돌아옴{line}", "signal": "{who}에 {call} 도착", "stop": "{who}: {call} 시그널로 중단됨",
            "end": "{who}: {call}", "more": "{who}: {call} {count}번 호출{line}",
            "lines": ", C {c}번 줄, Rust {r}번 줄", "cLine": ", C {c}번 줄", "rLine": ", Rust {r}번 줄",
            "buffer": "stdout의 버퍼", "bytes": "{n}바이트", "empty": "비어 있음", "line": "줄", "state": "상태", "pid": "pid", "program": "프로그램",
            "none": "열린 것 없음", "marked": "인쇄할 단계: {n}개",
        }),
    }
}
