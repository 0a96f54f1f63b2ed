//! What libc does for a program on its own.

use super::Language;

texts! {
    libraries:
        "the dynamic loader looks for libc.so.6, opens it and reads its headers",
        "동적 로더가 libc.so.6을 찾아 열고 헤더를 읽는다";
    mapping:
        "the loader asks where the heap begins, maps the library into memory and protects it",
        "로더가 힙이 시작되는 곳을 묻고, 라이브러리를 메모리에 올리고 보호 속성을 정한다";
    threads:
        "libc prepares for threads: their local memory, their locks, a signal of its own, and signals held back meanwhile; after fork again",
        "libc가 스레드를 준비한다: 스레드 지역 메모리, 락, libc가 쓸 시그널, 그동안의 시그널 보류. fork 뒤에도 다시 한다";
    stacks:
        "a thread needs a stack: 8 MiB of addresses with a guard page, and what was used of it is given up at its end",
        "스레드에는 스택이 필요하다: 보호 페이지가 딸린 주소 공간 8 MiB. 쓴 부분은 스레드가 종료될 때 내놓는다";
    locks:
        "a thread waits until another one has left stdio or malloc, or wakes the next",
        "다른 스레드가 stdio나 malloc을 떠날 때까지 기다리거나, 다음 스레드를 깨운다";
    heap: "malloc gets memory for the buffers of stdio", "malloc이 stdio 버퍼에 쓸 메모리를 얻는다";
    limits: "start-up asks for limits and for random bytes", "시작 코드가 한도와 난수를 묻는다";
    perror:
        "perror opens a stream of its own on a copy of descriptor 2",
        "perror가 파일 지정번호(파일 디스크립터) 2의 복사본으로 자기 스트림을 연다";
    spawn:
        "system and popen hold signals back, give the new process a stack and arrange its descriptors",
        "system과 popen이 시그널을 보류하고, 새 프로세스에 스택을 주고, 파일 지정번호를 정리한다";
    files: "opendir, dprintf and exit ask about a file or a folder that is open", "opendir, dprintf, exit가 열려 있는 파일이나 디렉터리에 대해 묻는다";
    zone: "localtime reads which time zone it is", "localtime이 시간대를 읽는다";
    /// The heading of the list: how many calls libc made in a scenario.
    calls(scenario: &str, count: usize):
        "What libc did for the C program ({scenario}): {count} calls. For the lab: 0.",
        "C 프로그램을 위해 libc가 한 일({scenario}): 시스템 콜 {count}개. 실습: 0개.";
}

/// `brk`, `brk × 2`
pub fn times(name: &str, count: usize) -> String {
    match count {
        1 => name.to_owned(),
        _ => format!("{name} × {count}"),
    }
}
