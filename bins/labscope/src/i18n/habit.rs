//! What a C library does otherwise than glibc.

use super::Language;

texts! {
    musl_asks:
        "before its first write musl's stdio asks whether stdout is a terminal (TIOCGWINSZ), and asks nothing about a stream that is read (glibc: fstat)",
        "musl의 stdio는 처음 쓸 때 stdout이 터미널인지 묻고(TIOCGWINSZ), 읽는 스트림에 대해서는 묻지 않는다(glibc: fstat)";
    musl_room:
        "musl's stdio reads into a buffer of 1024 bytes, whatever it reads from",
        "musl의 stdio는 무엇에서 읽든 1024바이트 버퍼로 읽는다";
    musl_folder:
        "musl's opendir opens the folder without O_NONBLOCK, and its readdir takes 2048 bytes of entries at once (glibc: 32768)",
        "musl의 opendir은 O_NONBLOCK 없이 디렉터리를 열고, readdir은 항목을 한 번에 2048바이트씩 가져온다(glibc: 32768)";
    musl_words: "musl has other words for this error", "musl은 이 오류를 다른 말로 적는다";
    musl_mask:
        "musl's signal does not name the signal among those that wait while its handler runs (glibc: sa_mask=[INT]); the kernel has it wait all the same",
        "musl의 signal은 핸들러가 실행되는 동안 보류할 시그널에 그 시그널을 적지 않는다(glibc: sa_mask=[INT]). 적지 않아도 커널이 보류한다";
    musl_backlog:
        "SOMAXCONN is 128 in musl (glibc: 4096)",
        "musl의 SOMAXCONN은 128이다(glibc: 4096)";
    musl_prompt:
        "musl does not write out a line without an end when the program reads: it comes with its end, or at exit",
        "musl은 읽기 전에 끝나지 않은 줄을 내보내지 않는다. 그 줄은 줄이 끝나거나 프로그램이 종료될 때 나온다";
    musl_buffer:
        "into a pipe or a file musl writes the first line at once, so that fork copies it no more, and what follows in buffers of 1024 bytes",
        "파이프나 파일에 musl은 첫 줄을 바로 써서 fork가 그 줄을 더는 복사하지 않고, 그다음부터는 1024바이트 버퍼로 쓴다";
}

/// What the C library, not the program, does otherwise.
pub fn as_library_does(language: Language, name: &str, reason: &str) -> String {
    let said = language.pick("as musl does", "musl의 방식");
    format!("{said}: {name}: {reason}")
}
