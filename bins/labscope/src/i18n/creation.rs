//! The series of `fork_cost` in the benchmark: what a process or a thread costs, by memory.

use super::Language;

texts! {
    title:
        "Making a process or a thread, until its end is known, by memory written to before: µs, on one CPU",
        "프로세스나 스레드를 만들고 종료를 확인할 때까지, 미리 써 둔 메모리에 따라: µs, CPU 하나에서";
    page_tables: "page tables", "페이지 테이블";
    after_fork: "rewrite", "다시 쓰기";
    small_pages: "Small pages (4 KiB)", "작은 페이지(4 KiB)";
    huge_pages: "Huge pages (2 MiB)", "큰 페이지(2 MiB)";
    about:
        "clone: with CLONE_VM|CLONE_VFORK. exec: of a small static program.\n\
         rewrite: how much longer writing to every page takes after a fork.",
        "clone은 CLONE_VM|CLONE_VFORK로. exec는 작은 정적 프로그램을.\n\
         다시 쓰기: fork 뒤에 모든 페이지에 다시 쓰는 데 더 걸리는 시간.";
    axes:
        "right: MiB written to, and the kB of their page tables; up: µs, tenfold from line to line",
        "오른쪽으로: 써 둔 MiB와 그 페이지 테이블의 kB. 위로: µs, 한 줄마다 열 배";
}

/// So much memory, in pages of that size.
pub fn row(language: Language, mib: u64, huge: bool) -> String {
    match (mib, huge) {
        (0, _) => language.pick("none", "없음").to_owned(),
        (_, false) => format!("{mib} MiB{}", language.pick(", small", ", 작은")),
        (_, true) => format!("{mib} MiB{}", language.pick(", huge", ", 큰")),
    }
}

/// What a way is called; most are calls.
pub fn way(language: Language, name: &str) -> &str {
    match name {
        "fork_exec" => "fork+exec",
        "thread" => language.pick("thread", "스레드"),
        "after_fork" => after_fork(language),
        call => call,
    }
}
