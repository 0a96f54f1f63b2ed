//! The words of a timeline: states, arrows, marks, and what stands around them in its picture.

use super::Language::{self, En, Ko};

/// A length of time, short.
pub fn duration(seconds: f64) -> String {
    match seconds {
        s if s >= 10.0 => format!("{s:.0} s"),
        s if s >= 0.95 => format!("{s:.1} s"),
        s if s >= 0.095 => format!("{s:.2} s"),
        s if s >= 0.001 => format!("{:.0} ms", s * 1000.0),
        s => format!("{:.0} µs", s * 1_000_000.0),
    }
}

texts! {
    /// What stands below the title.
    about_time:
        "Time runs to the right, but not to scale: every event has room, and ≈ cuts long waits short. Times are in seconds, as the tracer saw them.",
        "시간은 오른쪽으로 흐르지만 축척은 일정하지 않다. 이벤트마다 자리를 두고, 긴 기다림은 ≈에서 줄였다. 단위는 초, 추적기가 본 시각이다.";
    /// The number of a lane that is a thread.
    tid(number: i32): "tid {number}", "tid {number}";
    new_thread: "new thread", "새 스레드";
    thread_ended: "thread ends", "스레드 종료";
    child_of(parent: i32): "child of {parent}", "{parent}의 자식";
    sleep: "sleep", "잠";
    zombie: "zombie", "좀비";
}

pub fn held_back(language: Language, call: &str) -> String {
    format!("{call}: {}", language.pick("held back", "붙잡힘"))
}

pub fn stopped(language: Language, signal: &str) -> String {
    format!("{} {signal}", language.pick("stopped", "중단"))
}

/// Calls that are not drawn: `… 240 calls`.
pub fn left_out(language: Language, calls: usize) -> String {
    match language {
        En if calls == 1 => "… 1 call".to_owned(),
        En => format!("… {calls} calls"),
        Ko => format!("… 시스템 콜 {calls}개"),
    }
}

/// What a picture's legend explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Running,
    Sleeping,
    Blocked,
    Held,
    Stopped,
    Zombie,
    LeftOut,
    Fork,
    Thread,
    Wait,
    Semaphore,
    Signal,
    Connection,
    Bytes,
    Failed,
    Ready,
    Exec,
    End,
    Session,
    Reaper,
    DescriptorsChange,
    NewDescriptor,
    ClosedDescriptor,
}

/// What a sign means.
pub fn sign(language: Language, sign: Sign) -> &'static str {
    let (en, ko) = match sign {
        Sign::Running => ("running", "실행"),
        Sign::Sleeping => ("sleeping (clock_nanosleep)", "잠 (clock_nanosleep)"),
        Sign::Blocked => ("blocked in that call", "그 시스템 콜에서 블록됨"),
        Sign::Held => ("held back by the scenario", "시나리오가 붙잡아 둠"),
        Sign::Stopped => ("stopped by a signal", "시그널로 중단됨"),
        Sign::Zombie => (
            "zombie: ended, not yet waited for",
            "좀비: 종료되었지만 아직 wait되지 않음",
        ),
        Sign::LeftOut => ("calls left out", "생략한 시스템 콜"),
        Sign::Fork => ("fork", "fork"),
        Sign::Thread => ("new thread", "새 스레드"),
        Sign::Wait => ("end and wait", "종료와 wait"),
        Sign::Semaphore => (
            "semaphore, from who gives it back to who waited",
            "세마포어: 돌려준 쪽에서 기다리던 쪽으로",
        ),
        Sign::Signal => ("signal", "시그널"),
        Sign::Connection => (
            "a connection, from connect to accept",
            "연결: connect에서 accept로",
        ),
        Sign::Bytes => ("bytes, from write to read", "바이트: write에서 read로"),
        Sign::Failed => ("the call failed: its error", "실패한 시스템 콜과 그 오류"),
        Sign::Ready => (
            "descriptors that the call found ready",
            "시스템 콜이 준비됨으로 알린 지정번호",
        ),
        Sign::Exec => (
            "exec: another program from here on",
            "exec: 여기부터 다른 프로그램",
        ),
        Sign::End => ("the process ends", "프로세스가 종료됨"),
        Sign::Session => (
            "a session without a terminal: no ^C reaches it",
            "터미널 없는 세션: ^C를 받지 않음",
        ),
        Sign::Reaper => (
            "takes orphans here, as init does elsewhere",
            "여기서는 init 대신 고아를 맡음",
        ),
        Sign::DescriptorsChange => (
            "descriptors change: see below",
            "파일 지정번호(파일 디스크립터, fd)가 바뀜: 아래 그림",
        ),
        Sign::NewDescriptor => ("new descriptor", "새 지정번호"),
        Sign::ClosedDescriptor => ("closed", "닫힘"),
    };
    language.pick(en, ko)
}

texts! {
    /// Where an arrow begins that comes from no process of the run.
    outside: "outside", "바깥";
    connection: "connection", "연결";
    end_told_by_wait: "its end, told by wait", "종료를 wait가 알림";
}

/// Bytes that went through something: `5 bytes, TCP: "hello"`.
pub fn bytes(language: Language, count: usize, through: &str, text: &str) -> String {
    format!(
        "{count} {}, {through}: {text}",
        language.pick("bytes", "바이트")
    )
}

/// A process was killed by that signal.
pub fn killed(language: Language, signal: &str) -> String {
    format!("{} {signal}", language.pick("killed:", "시그널로 종료됨:"))
}

texts! {
    /// Why a process that has ended is no zombie.
    no_zombie: "no zombie: SIGCHLD ignored", "SIGCHLD 무시: 좀비 없음";
}

texts! {
    /// A process has lost its parent.
    orphan: "orphan: adopted", "고아: 새 부모가 생김";
    /// The same, and its new parent.
    adopted_by(who: &str, pid: i32): "orphan: adopted by {who} ({pid})", "고아: 새 부모는 {who}({pid})";
    /// Who sent a signal.
    sent_by(who: &str): "from {who}", "보낸 프로세스: {who}";
    sent_from_outside: "from outside", "바깥에서 보냄";
    /// Who is left then is killed.
    run_is_over: "the run is over", "실행이 끝남";
}

texts! {
    /// Behind a call whose result the scenario made up.
    injected: "(injected)", "(주입됨)";
    /// Behind a sleep that the scenario made short.
    made_short: "(made short)", "(줄임)";
}

/// What the cards of a panel are of.
#[derive(Clone, Copy, Debug)]
pub enum Card {
    Fork,
    Change,
}

/// The title of a panel of which so many more cards are not drawn.
pub fn and_more(language: Language, title: &str, more: usize, of: Card) -> String {
    let what = match (of, more) {
        (Card::Fork, 1) => "fork",
        (Card::Fork, _) => language.pick("forks", "fork"),
        (Card::Change, 1) => language.pick("change", "변화"),
        (Card::Change, _) => language.pick("changes", "변화"),
    };
    match language {
        _ if more == 0 => title.to_owned(),
        En => format!("{title} (and {more} more {what})"),
        Ko => format!("{title} (그 밖에 {what} {more}개)"),
    }
}

/// How many variables are not shown.
pub fn more_variables(language: Language, more: usize) -> String {
    match language {
        En if more == 1 => "and 1 more variable".to_owned(),
        En => format!("and {more} more variables"),
        Ko => format!("그 밖에 변수 {more}개"),
    }
}

/// The title above the memories of parents and children, which may show values of variables.
pub fn memory_at_fork(language: Language, shows_values: bool) -> &'static str {
    match shows_values {
        true => language.pick(
            "Memory at fork: everything twice, then each process with values of its own",
            "fork 때의 메모리: 전체가 복사되고, 그 뒤 값은 프로세스마다 다르다",
        ),
        false => language.pick(
            "Memory at fork: everything twice; what fork returned tells the two apart",
            "fork 때의 메모리: 전체가 복사되고, 부모와 자식은 fork의 리턴 값으로만 구별된다",
        ),
    }
}

texts! {
    /// How many bytes there are, behind the first of them.
    of_bytes(bytes: usize): "({bytes} bytes)", "({bytes}바이트)";
    parent: "parent", "부모 프로세스";
    child: "child", "자식 프로세스";
    code: "code", "코드";
    /// Before what fork returned.
    fork_returned: "fork returned ", "fork의 리턴 값 ";
    /// Above values: when the process made its first call behind the fork, and its last one in that function.
    variables: "variables: after fork … at the last call", "변수: fork 뒤 … 마지막 호출 때";
    variables_of_copy: "variables (unoptimised copy): after fork … at the last call", "변수(최적화하지 않은 사본): fork 뒤 … 마지막 호출 때";
    /// In the place of a value that the compiler has done without.
    optimised_out: "optimised out", "최적화로 없어짐";
    /// Above what had been printed and not been written.
    buffer_at_fork: "stdout's buffer at fork", "fork 때 stdout 버퍼";
    nothing: "empty", "비어 있음";
    /// The title above the descriptor tables.
    open_descriptors: "Open descriptors", "열린 지정번호";
    /// The title above segments and semaphores.
    shared_objects: "Shared memory and semaphores", "공유 메모리와 세마포어";
    nothing_is_left: "nothing is left", "남은 것 없음";
    /// A process has ended, which had a segment attached.
    ends: "ends, and what it had attached is detached", "종료되면서 붙였던 것이 떨어짐";
    /// Of what is shared, with the names of processes.
    waited_for_by(who: &str): "waiting: {who}", "기다리는 프로세스: {who}";
    attaches(what: &str): "attaches {what}", "{what} 붙임";
    detaches(what: &str): "detaches {what}", "{what} 떼어 냄";
    sets(what: &str, value: i32): "sets {what} to {value}", "{what}의 값을 {value}(으)로 정함";
    waits_for(what: &str): "waits for {what}", "{what} 기다림";
    takes(what: &str): "takes {what}", "{what} 얻음";
    gives_back(what: &str): "gives {what} back", "{what} 돌려줌";
    removes(key: i32): "removes what has key {key}", "키 {key}의 것을 제거함";
    is_undone(what: &str): "ends; the kernel gives {what} back (SEM_UNDO)", "종료됨. 커널이 {what} 되돌림(SEM_UNDO)";
}

/// A segment of that key; 0 is none.
pub fn segment(language: Language, key: i32) -> String {
    named(language.pick("segment", "세그먼트"), key)
}

/// One whose key is gone.
pub fn removed_segment(language: Language, key: i32) -> String {
    let segment = segment(language, key);
    format!("{segment} ({})", language.pick("removed", "제거됨"))
}

/// A semaphore of that key; 0 is none.
pub fn semaphore(language: Language, key: i32) -> String {
    named(language.pick("semaphore", "세마포어"), key)
}

fn named(what: &str, key: i32) -> String {
    match key {
        0 => what.to_owned(),
        _ => format!("{what} {key}"),
    }
}

/// Who has a segment attached; nobody, if no name is given.
pub fn attached_by(language: Language, who: &str) -> String {
    match (language, who) {
        (_, "") => language
            .pick("attached by nobody", "붙인 프로세스 없음")
            .to_owned(),
        (En, _) => format!("attached by {who}"),
        (Ko, _) => format!("붙인 프로세스: {who}"),
    }
}

/// Who holds a semaphore; nobody if that is empty.
pub fn held_by(language: Language, who: &str) -> String {
    match (language, who) {
        (_, "") => language.pick("free", "비어 있음").to_owned(),
        (En, _) => format!("held by {who}"),
        (Ko, _) => format!("쥔 프로세스: {who}"),
    }
}
