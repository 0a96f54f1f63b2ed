//! How many arguments a program wants, by its source.

use std::fs;
use std::path::PathBuf;

use crate::text::code::code;

/// The number behind `argc !=` or `argc <`, less one for the name; else the highest place of `argv` that is used
/// without a look at `argc`.
pub fn wanted(sources: &[PathBuf]) -> usize {
    let texts = sources
        .iter()
        .map(|source| fs::read(source).unwrap_or_default());
    let codes = texts.map(|text| wanted_by(&code(&String::from_utf8_lossy(&text))));
    codes.max().unwrap_or(0)
}

fn wanted_by(code: &str) -> usize {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let number_behind = |word: &str| {
        let numbers = code.match_indices(word).filter_map(|(place, _)| {
            let behind = &code[place + word.len()..];
            let end = behind.find(|c: char| !c.is_ascii_digit());
            behind[..end.unwrap_or(behind.len())].parse::<usize>().ok()
        });
        numbers.max()
    };
    let checked = ["argc!=", "argc<"]
        .into_iter()
        .filter_map(number_behind)
        .max();
    let does_without = ["argc>", "argc=="].iter().any(|word| code.contains(word));
    let used = match does_without {
        true => 0,
        false => number_behind("argv[").unwrap_or(0),
    };
    let wanted = checked.map_or(used, |count| count.saturating_sub(1));
    if wanted > 9 { 0 } else { wanted }
}

#[cfg(test)]
mod tests {
    use super::wanted_by;

    #[test]
    fn the_source_says_how_many_arguments_it_wants() {
        for (code, count) in [
            ("int main(void) { return 0; }", 0),
            ("int main(int argc, char **argv) { puts(argv[0]); }", 0),
            ("if (argc != 3) exit(1); connect(argv[1], argv[2]);", 2),
            ("if(argc<2){usage();}", 1),
            ("port = atoi( argv[ 1 ] );", 1),
            ("port = argc > 1 ? atoi(argv[1]) : 3600;", 0),
        ] {
            assert_eq!(wanted_by(code), count, "{code}");
        }
    }
}
