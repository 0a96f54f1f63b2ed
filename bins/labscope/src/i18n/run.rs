//! Why a run did not come about, or did not go on.

use std::fmt::{Debug, Display};
use std::time::Duration;

use super::Language;

errors! {
    /// Which step of how many.
    at_step(scenario: &str, step: usize, of: usize): "scenario {scenario:?}, step {step} of {of}", "시나리오 {scenario:?}, {of}단계 중 {step}단계";
    after_the_last_step(scenario: &str): "scenario {scenario:?}, after the last step", "시나리오 {scenario:?}, 마지막 단계 뒤";
    of_lab(lab: &str): "lab {lab}", "실습 {lab}";
    with(companion: &str): "with {companion:?}", "동반 프로그램 {companion:?}";
    is_running: "it runs already", "이미 실행 중이다";
    did_not_start(shown: &str): "the program did not start; on the terminal: {shown}", "프로그램이 시작되지 않았다. 터미널에 나온 것: {shown}";
    did_not_run(name: &str, program: &str): "{name} did not run {program}", "{name}이(가) {program}을(를) 실행하지 않았다";
    did_not_exit(name: &str): "{name} did not exit", "{name}이(가) 종료되지 않았다";
    floods(bytes: usize): "the program floods its output: more than {bytes} bytes", "출력이 너무 많다. {bytes}바이트를 넘었다";
    machine_is_taken(patience: Duration): "other runs did not leave the machine within {patience:?}", "다른 실행이 {patience:?} 안에 끝나지 않았다";
    cannot_listen(socket: impl Display): "cannot listen on {socket} (is TMPDIR a very long path?)", "{socket}에서 listen할 수 없다(TMPDIR이 너무 긴 경로인가?)";
    no_process(argument: &str): "{argument:?}: there is no such process", "{argument:?}: 그런 프로세스가 없다";
    cannot_signal(signal: impl Display, process: usize, pid: i32):
        "cannot send {signal} to process {process} (pid {pid})", "프로세스 {process}(pid {pid})에 {signal} 시그널을 보낼 수 없다";
    is_not_traced: "the run was not traced", "추적하지 않은 실행이다";
    has_no_times: "the run was not traced with times (strace -ttt)", "시각 없이 추적한 실행이다(strace -ttt)";
    calls_need_a_trace: "a system call can be awaited in a traced run only", "시스템 콜은 추적하는 실행에서만 기다릴 수 있다";
    is_not_cleared_away(seen: &str): "something of the run cannot be cleared away\n{seen}", "실행이 남긴 것을 치울 수 없다\n{seen}";
    /// `/proc` or seccomp say who may trace.
    cannot_trace(pid: i32): "cannot trace process {pid} (`make doctor` says what to allow)", "프로세스 {pid}을(를) 추적할 수 없다(`make doctor`가 무엇을 허용할지 알려 준다)";
    strace_may_not_trace(said: &str): "strace may not trace here: `make doctor` says how to allow it\n{said}", "여기서는 strace로 추적할 수 없다. 허용하는 방법은 `make doctor`가 알려 준다\n{said}";
    strace_could_not_start(lab: &str): "strace could not start ./{lab}", "strace가 ./{lab}을(를) 시작하지 못했다";
    no_strace:
        "strace is not installed: install it (Debian, Ubuntu: sudo apt install strace; Fedora: sudo dnf install strace)",
        "strace가 없다. 설치한다(Debian, Ubuntu: sudo apt install strace, Fedora: sudo dnf install strace)";
    no_gdb: "gdb cannot be run (make doctor tells how to get it)", "gdb를 실행할 수 없다(설치 방법은 make doctor가 알려 준다)";
    unread(count: usize, first: &str):
        "{count} lines of strace could not be read, the first: {first}", "strace의 {count}행을 읽을 수 없었다. 첫째: {first}";
    c_cannot_run: "the C program cannot be run", "C 프로그램을 실행할 수 없다";
    lab_cannot_run: "the lab cannot be run", "실습을 실행할 수 없다";
    make(lab: &str, said: &str): "make {lab}: {said}", "make {lab}: {said}";
    /// A part of the tool that ended before its time.
    has_gone(what: &str): "{what} has gone", "{what}이(가) 먼저 종료되었다";
    launcher: "the process that starts the program", "프로그램을 시작하는 프로세스";
    program: "the program", "프로그램";
    shell: "the shell", "셸";
    cannot_go_on(number: usize): "process {number} cannot go on", "프로세스 {number}은(는) 진행할 수 없다";
    ended_on_request: "ended on request", "요청에 따라 종료됨";
}

errors! {
    waited(seconds: f64, condition: impl Display, seen: &str):
        "waited {seconds:.1} s in vain for {condition}\n{seen}", "{condition} {seconds:.1}초 동안 기다렸으나 일어나지 않았다\n{seen}";
    waited_and_all_ended(seconds: f64, condition: impl Display, seen: &str):
        "waited {seconds:.1} s in vain for {condition}: every process has ended\n{seen}",
        "{condition} {seconds:.1}초 동안 기다렸으나 일어나지 않았다. 모든 프로세스가 종료되었다\n{seen}";
    waited_for(what: impl Display): "waited in vain for {what}", "{what} 기다렸으나 일어나지 않았다";
    on_the_terminal: "seen so far on the terminal", "지금까지 터미널에 나온 것";
    on_the_terminal_of(name: &str): "seen so far on the terminal of {name}", "지금까지 {name}의 터미널에 나온 것";
    in_standard_output: "in standard output", "표준 출력";
    processes: "processes", "프로세스";
    last_calls: "last calls", "마지막 시스템 콜";
}

errors! {
    /// At the point of a lab, with a program that people use.
    no_orphans(count: usize): "there are no {count} orphans", "고아가 {count}개가 되지 않았다";
    nobody_reads: "nobody reads the FIFO", "FIFO를 읽는 프로세스가 없다";
    no_init: "no init", "init이 없다";
    no_umask: "/proc tells no umask", "/proc에 umask가 없다";
    no_user: "there is no name for this user", "이 사용자의 이름이 없다";
    no_count: "the client told no number", "클라이언트가 수를 알려 주지 않았다";
    nothing_typed: "nothing was typed", "입력된 것이 없다";
    no_job(job: impl Debug): "the client has no job {job:?}", "클라이언트에 {job:?}이라는 일은 없다";
    failed(name: &str, lab: &str, said: &str): "{name} of {lab}: {said}", "{lab}의 {name}: {said}";
}

errors! {
    unknown_role(name: &str): "labscope has no hidden command {name}", "labscope에 {name}이라는 숨은 명령은 없다";
    order_panicked: "following the order has panicked", "순서를 따라가다 panic이 일어났다";
    search_panicked: "the search has panicked", "탐색하다 panic이 일어났다";
    no_marks(begin: impl Debug, end: impl Debug): "there is no {begin:?} with {end:?} after it", "{begin:?} 뒤에 {end:?}이(가) 없다";
}
