//! A run under the reader's hand.

use super::{Language, Text};

texts! {
    ready: "ready", "진행 가능";
    asleep: "waits", "블록됨";
    sleeps_until(seconds: f64): "sleeps until {seconds} s", "{seconds}초까지 잠";
    in_vfork: "in vfork: waits for its child", "vfork 안에서 자식을 기다림";
    zombie: "zombie", "좀비";
    nobody: "no process is left", "남은 프로세스가 없음";
    /// The processes for which there is no column.
    also(processes: &str): "also: {processes}", "그 밖에: {processes}";

    terminal: "terminal", "터미널";
    socket: "socket", "소켓";
    /// The end of a pipe that is read; pipes have numbers.
    pipe_to_read(number: usize): "pipe {number}, to read", "파이프 {number} (읽기)";
    pipe_to_write(number: usize): "pipe {number}, to write", "파이프 {number} (쓰기)";
    more_descriptors(count: usize): "and {count} more", "외 {count}개";

    step(count: usize): "step {count}", "{count}단계";
    time(seconds: f64): "{seconds} s have passed for it", "프로그램 시간으로 {seconds}초";
    exited(status: i32): "process 1 has ended with status {status}", "프로세스 1이 종료 값 {status}(으)로 종료됨";
    killed(signal: &str): "process 1 was ended by {signal}", "프로세스 1이 {signal}(으)로 종료됨";
    output: "what was printed", "출력";
    /// What lies in the buffer of a process's stdout.
    unwritten(process: &str, text: &str): "in <{process}>'s stdout, not written: {text}", "<{process}>의 stdout 버퍼에 남음: {text}";
    last(number: usize, call: &str): "last: {number} {call}", "마지막: {number} {call}";

    keys: "number: its next call  b back  r run on  o order  t timeline  q quit", "번호: 다음 시스템 콜  b 뒤로  r 끝까지  o 순서  t 타임라인  q 종료";
    keys_of_many: "number and Enter: its next call  b back  r run on  o order  t timeline  q quit", "번호와 Enter: 다음 시스템 콜  b 뒤로  r 끝까지  o 순서  t 타임라인  q 종료";
    no_key: "that key means nothing here", "쓰지 않는 키다";
    waits(number: usize): "{number} waits in its call: somebody else must do something first", "{number}번은 시스템 콜 안에서 블록된다. 다른 프로세스가 먼저 움직여야 한다";
    after_others(seconds: f64, other: usize): "it sleeps until {seconds} s; time passes when nobody else can go on, and {other} can", "{seconds}초까지 잔다. 시간은 아무도 진행할 수 없을 때 흐르는데 {other}번이 진행할 수 있다";
    does_not_go(number: usize): "{number} cannot go on: it is stopped, waits for its child, or has ended", "{number}번은 진행할 수 없다. 중단되었거나, 자식을 기다리거나, 종료되었다";
    unknown(number: usize): "there is no process {number}", "{number}번 프로세스는 없다";
    at_the_beginning: "this is the beginning", "여기가 처음이다";
    is_over: "nobody can go on any more", "더 진행할 프로세스가 없다";
    goes_on(steps: usize): "no end after {steps} more steps; r goes on", "{steps}단계를 더 갔지만 끝나지 않았다. r로 계속한다";
    written(path: &str): "drawn: {path}", "그렸다: {path}";
}

/// The title of the picture that is drawn of it.
pub fn title() -> Text {
    Text {
        en: "Steps chosen by hand, a millisecond each".to_owned(),
        ko: "손으로 고른 순서, 한 단계에 1 ms".to_owned(),
    }
}
