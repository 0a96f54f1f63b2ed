//! A student's file: why it is no lab's, and why it gives no program.

use std::fmt::Display;

use super::Language;

texts! {
    is_no_c: "it is no C file", "C 파일이 아니다";
    folder_is_closed: "this folder cannot be read", "읽을 수 없는 폴더다";
    names_no_lab: "no lab occurs in its name", "이름에 실습 이름이 없다";
}

pub fn names_several_labs(language: Language, labs: &str) -> String {
    let text = language.pick(
        "its name fits several labs",
        "이름에 실습 이름이 여럿 들어 있다",
    );
    format!("{text}: {labs}")
}

texts! {
    is_missing: "there is no such file", "그런 파일이 없다";
    is_no_file: "it is no ordinary file", "일반 파일이 아니다";
    is_a_link: "it is a symbolic link, which leads to another file", "다른 파일을 가리키는 심볼릭 링크다";
    is_a_loop: "it is a symbolic link that leads to itself", "자기 자신을 가리키는 심볼릭 링크다";
}

pub fn cannot_be_read(language: Language, why: &str) -> String {
    format!(
        "{}: {why}",
        language.pick("it cannot be read", "읽을 수 없다")
    )
}

texts! {
    is_empty: "it is empty", "비어 있다";
    is_too_large(most: u64): "it is larger than {most} bytes", "{most}바이트보다 크다";
    has_no_main: "it has no function main", "main 함수가 없다";
    includes_cpp(header: &str):
        "it is no C file: it includes {header}, a header of C++",
        "C++의 헤더를 include한다({header}). C 파일이 아니다";
    header_is_missing(header: &str): "it includes {header}, which is not there", "include하는 파일이 없다: {header}";
    does_not_compile: "it does not compile", "컴파일되지 않는다";
    compiler_is_slow(seconds: u64):
        "the compiler was not ready within {seconds}s",
        "컴파일러가 {seconds}초 안에 끝나지 않았다";
    there_is_no_compiler(name: &str):
        "there is no compiler {name}: install one (Debian, Ubuntu: sudo apt install gcc libc6-dev), \
                     or name it in CC",
        "컴파일러({name})가 없다: 설치하거나(Debian, Ubuntu: sudo apt install gcc libc6-dev) \
                     CC에 이름을 적는다";
    is_32_bit:
        "programs of 32 bits are not supported: compile it without -m32",
        "32비트 프로그램은 지원하지 않는다. -m32 없이 컴파일한다";
}

errors! {
    no_file_of(folder: impl Display, lab: &str):
        "no file in {folder} is called like {lab}: name them fork_test.c, kim_fork_test.c, kim/fork_test.c …",
        "{folder}에 {lab}의 파일이 없다. fork_test.c, kim_fork_test.c, kim/fork_test.c처럼 이름 짓는다";
}

pub fn cannot_be_compared(language: Language, why: &str) -> String {
    let text = language.pick("it cannot be compared", "비교할 수 없다");
    format!("{text}: {why}")
}

/// The file is left out, for that reason.
pub fn passed_over(language: Language, why: &str) -> String {
    format!("{}: {why}", language.pick("passed over", "건너뜀"))
}

pub fn of_other_labs(language: Language, labs: &str) -> String {
    let text = language.pick("files of other labs", "다른 실습의 파일");
    passed_over(language, &format!("{text}: {labs}"))
}

texts! {
    /// A source of an older system.
    is_in_cp949(name: &str):
        "{name} is in CP949 (EUC-KR); its Korean is shown as such",
        "{name}은(는) CP949(EUC-KR)로 되어 있다. 한글로 바꾸어 보인다";
}

/// A name that the linker looked for in vain.
pub fn is_undefined(language: Language, name: &str, files: usize) -> String {
    match (language, files) {
        (Language::En, 1) => format!(
            "it does not link: {name} is not defined. One file was compiled; C=\"a.c b.c\" compiles several"
        ),
        (Language::En, _) => {
            format!("it does not link: {name} is not defined in any of the {files} files")
        }
        (Language::Ko, 1) => format!(
            "링크되지 않는다: {name}의 정의가 없다. 파일 하나만 컴파일했다. C=\"a.c b.c\"는 여러 파일을 함께 컴파일한다"
        ),
        (Language::Ko, _) => {
            format!("링크되지 않는다: 파일 {files}개 어디에도 {name}의 정의가 없다")
        }
    }
}

texts! {
    /// What a program was started with that wants arguments.
    was_given(arguments: &str):
        "it wants arguments, and was started with: {arguments}",
        "인자가 필요한 프로그램이라 다음 인자로 실행했다: {arguments}";
}

/// A program that wants arguments of which the lab knows nothing.
pub fn wants_arguments(language: Language, count: usize) -> String {
    match language {
        Language::En => {
            let s = if count == 1 { "" } else { "s" };
            format!(
                "it wants {count} argument{s}; this lab has none to give, so it was started without"
            )
        }
        Language::Ko => {
            format!("인자 {count}개가 필요하지만 이 실습에는 줄 인자가 없어 인자 없이 실행했다")
        }
    }
}
