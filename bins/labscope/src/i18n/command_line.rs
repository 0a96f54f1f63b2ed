//! What is wrong with a command line.

use std::fmt::{Debug, Display};

use super::Language;

errors! {
    /// `words`: those that may stand there.
    is_none_of(option: &str, words: &str, value: impl Debug):
        "--{option} is one of {words}, not {value:?}", "--{option} 뒤에는 {words} 가운데 하나가 온다. {value:?}은(는) 안 된다";
    /// `usage`: the line that says how it is used.
    is_missing(operand: &str, usage: &str): "{operand} is missing\n{usage}", "{operand}이(가) 빠졌다\n{usage}";
    is_too_much(word: impl Debug, usage: &str): "{word:?} is too much\n{usage}", "{word:?}은(는) 필요 없다\n{usage}";
    stands_twice(option: &str): "--{option} stands there twice", "--{option}이(가) 두 번 나온다";
    no_command(help: &str): "a command is missing\n\n{help}", "명령이 빠졌다\n\n{help}";
    unknown_command(name: &str, known: &str): "there is no command {name:?}; there are: {known}", "{name:?} 명령은 없다. 있는 명령: {known}";
    /// `of`: of which command.
    unknown_option(name: &str, of: &str, known: &str):
        "there is no option {name} ({of}); there are: {known}", "{name} 옵션은 없다({of}). 있는 옵션: {known}";
    before_the_command: "before the command", "명령 앞";
    /// Of a variable of make.
    is_no_out(word: impl Display): "OUT={word}: it is one of tty, pipe, file", "OUT={word}: tty, pipe, file 가운데 하나다";
    is_no_sleep(word: impl Display): "SLEEP={word}: there is only any", "SLEEP={word}: any밖에 없다";
}
