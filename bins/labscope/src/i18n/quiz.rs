//! Questions about a run, and what answers them.

use super::Language;

texts! {
    introduction(lab: &str, files: &str):
        "{lab}: what will it do? Look at {files}, not at a run. A number answers a question, several an order; a line of output is typed as it comes out. q leaves. In a line, <2> is the pid of process 2.",
        "{lab}: 무엇을 할까? 실행하지 말고 {files} 파일만 본다. 답은 숫자이고, 순서를 물으면 숫자 여러 개, 출력을 물으면 그 줄이다. q를 입력하면 끝난다. 줄 안의 <2>는 프로세스 2의 pid이다.";
    done_to_it: "What is done:", "이렇게 한다.";
    with_arguments(args: &str): "arguments: {args}", "인자: {args}";
    in_a_pipe: "standard output is a pipe", "표준 출력은 파이프이다";
    in_a_file: "standard output is a file", "표준 출력은 파일이다";
    input(text: &str): "standard input holds {text}", "표준 입력의 내용: {text}";
    typed(text: &str): "type {text}", "입력: {text}";
    awaited(what: &str): "wait for {what}", "{what} 기다린다";
    signalled(signal: &str, process: usize): "send {signal} to process {process}", "프로세스 {process}에 {signal} 시그널을 보낸다";
    runs_already(program: &str): "{program} runs already", "이미 실행 중인 것: {program}";
    started(name: &str, program: &str): "start {name} ({program})", "{name} 시작 ({program})";
    end_of_input: "close standard input", "표준 입력을 닫는다";
    injected(what: &str): "what is made to fail: {what}", "일부러 실패시키는 것: {what}";
    how_many_processes:
        "How many processes are there in the whole run, the first one counted?",
        "처음 것을 포함해 이 실행에 나타나는 프로세스는 모두 몇 개인가?";
    no_fork: "no call makes a process", "프로세스를 만드는 시스템 콜이 없다";
    how_often(line: &str): "How often does the line \"{line}\" come out?", "\"{line}\" 줄은 몇 번 나오는가?";
    in_which_order: "In which order do these lines come out?", "이 줄들은 어떤 순서로 나오는가?";
    last_line: "Which line comes out last?", "마지막으로 나오는 줄은 무엇인가?";
    how_many_writes:
        "How many times does process 1 call write on its standard output?",
        "프로세스 1은 표준 출력에 write를 몇 번 호출하는가?";
    after_fork(order: &str): "after fork: {order}", "fork 뒤: {order}";
    what_becomes(process: usize): "Process {process} ends. What becomes of it?", "{process}번 프로세스는 종료된 뒤 어떻게 되는가?";
    nobody_waited(process: usize): "no wait takes the status of process {process}", "프로세스 {process}의 상태 값을 가져가는 wait가 없다";
    which_status: "With which exit status does process 1 end?", "프로세스 1의 종료 값은 얼마인가?";
    call(process: usize, call: &str): "process {process}: {call}", "프로세스 {process}: {call}";
    more(count: usize): "and {count} more", "그 밖에 {count}번";
    a_number: "a number, please; q leaves", "숫자로 답한다. q를 입력하면 끝난다";
    numbers(count: usize): "{count} numbers, each once, as in 2 1 3; q leaves", "숫자 {count}개를 2 1 3처럼 한 번씩 입력한다. q를 입력하면 끝난다";
    a_line: "the line, please; q leaves", "줄을 그대로 입력한다. q를 입력하면 끝난다";
    right: "Right.", "맞다.";
    wrong(right: &str): "No: {right}.", "아니다. 답은 {right}.";
    score(right: usize, asked: usize): "{right} of {asked} right.", "{asked}문제 가운데 {right}개를 맞혔다.";
}

/// What may become of a child that ends.
pub fn ends_of_a_child(language: Language) -> Vec<String> {
    let all = match language {
        Language::En => [
            "its parent waits already and takes its status: it is gone at once",
            "it is a zombie until its parent takes its status",
            "it stays a zombie as long as its parent lives: nobody takes its status",
            "its parent has ended before it: whoever adopted it takes its status",
        ],
        Language::Ko => [
            "부모가 이미 기다리고 있어 상태 값을 바로 가져간다. 곧바로 사라진다",
            "부모가 상태 값을 가져갈 때까지 좀비로 남는다",
            "아무도 상태 값을 가져가지 않아 부모가 살아 있는 동안 좀비로 남는다",
            "부모가 먼저 종료되었다. 입양한 프로세스가 상태 값을 가져간다",
        ],
    };
    all.map(str::to_owned).to_vec()
}
