//! The numbers by which declared differences know the descriptors of a C program.

use std::collections::{HashMap, HashSet};

use crate::compare::aliases::{AliasedText, Descriptor};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::ProcessCalls;

/// Gives the descriptors of the C program the numbers that declared differences know them by: those of the lab.
pub fn number_as_in(lab: &[ProcessCalls], c: &mut [ProcessCalls]) {
    let mut numbers: HashMap<String, String> = HashMap::new();
    let calls = lab.iter().flat_map(|process| &process.calls);
    for (number, descriptor) in calls.flat_map(descriptors) {
        let known = numbers.entry(descriptor.what().to_owned());
        known.or_insert_with(|| number.to_owned());
    }
    // Of those that have had one number in the lab, it is that of the last.
    let mut holders: HashMap<String, Vec<(usize, String)>> = HashMap::new();
    let calls = c.iter().flat_map(|process| &process.calls);
    for (_, descriptor) in calls.flat_map(descriptors) {
        if let Some(number) = numbers.get(descriptor.what()) {
            let holders = holders.entry(number.clone()).or_default();
            holders.push((descriptor.since(), descriptor.what().to_owned()));
        }
    }
    // What the lab has not keeps its own, if that is nothing else in the lab.
    let taken: HashSet<&String> = numbers.values().collect();
    let declared = |descriptor: &Descriptor, own: &str| {
        let what = descriptor.what();
        let is_past = |number: &String| {
            let mut others = holders.get(number).into_iter().flatten();
            others.any(|(since, other)| {
                other != what && descriptor.since() < *since && *since <= descriptor.at()
            })
        };
        match numbers.get(what) {
            Some(number) if !is_past(number) => number.clone(),
            None if !taken.contains(&own.to_owned()) => own.to_owned(),
            _ => format!("<{what}>"),
        }
    };
    let calls = c.iter_mut().flat_map(|process| &mut process.calls);
    for call in calls {
        let parts = call.words.iter_mut().chain(&mut call.result);
        parts.for_each(|part| part.number_descriptors(declared));
    }
}

fn descriptors(call: &NormalizedCall) -> impl Iterator<Item = (&str, &Descriptor)> {
    call.parts().flat_map(AliasedText::descriptors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::aliases::Aliases;
    use crate::compare::process_calls::processes;
    use crate::i18n::Language;
    use crate::source::{Place, Site};
    use crate::trace::Trace;

    fn run(text: &str) -> Vec<ProcessCalls> {
        let mut trace = Trace::of("./lab");
        trace.feed(b"10 1.0 execve(\"./lab\", [\"./lab\"], 0x1) = 0\n");
        trace.feed(text.as_bytes());
        trace.end();
        let site = |place| Site {
            place,
            frames: Vec::new(),
            callee: None,
            libc_frames: Vec::new(),
            program: None,
        };
        let own = trace.calls.iter().skip(1).map(|_| site(Place::Program));
        let sites: Vec<Site> = [site(Place::Setup)].into_iter().chain(own).collect();
        processes(&trace, &sites, Aliases::new()).0
    }

    /// Which calls of two programs are alike, one beside the other.
    fn alike(c: &str, lab: &str) -> Vec<bool> {
        let (c, lab) = (run(c), run(lab));
        let calls = c[0].calls.iter().zip(&lab[0].calls);
        calls.map(|(one, other)| one.alike(other)).collect()
    }

    const SERVER: &str = "10 1.1 socket(AF_INET, SOCK_STREAM, 0) = 3\n10 1.2 listen(3, 5) = 0\n\
        10 1.3 accept(3, NULL, NULL) = 4\n10 1.4 read(4, \"a\", 8) = 1\n10 1.5 close(4) = 0\n\
        10 1.6 accept(3, NULL, NULL) = 4\n10 1.7 read(4, \"b\", 8) = 1\n";

    #[test]
    fn a_descriptor_is_what_it_is_whatever_its_number() {
        let leaks = SERVER.replace("close(4)", "fsync(4)");
        let leaks = leaks.replace(
            "1.6 accept(3, NULL, NULL) = 4",
            "1.6 accept(3, NULL, NULL) = 5",
        );
        let other = leaks.replace("1.7 read(4", "1.7 read(5");
        let but_for_close = [true, true, true, true, false, true, true];
        assert_eq!(alike(&other, SERVER), but_for_close);
        let listens = SERVER.replace("1.4 read(4", "1.4 read(3");
        assert!(!alike(&listens, SERVER)[3]);
        let input = SERVER.replace("1.4 read(4", "1.4 read(0");
        assert!(!alike(&input, SERVER)[3]);
        // The first connection again, under the number that the second has in the lab.
        assert!(!alike(&leaks, SERVER)[6]);
    }

    #[test]
    fn the_ends_of_a_pipe_are_two_things() {
        let one =
            "10 1.1 pipe2([3, 4], 0) = 0\n10 1.2 close(3) = 0\n10 1.3 write(4, \"a\", 1) = 1\n";
        let shifted =
            "10 1.1 pipe2([4, 5], 0) = 0\n10 1.2 close(4) = 0\n10 1.3 write(5, \"a\", 1) = 1\n";
        assert_eq!(alike(shifted, one), [true; 3]);
        assert!(!alike(&shifted.replace("close(4)", "close(5)"), one)[1]);
    }

    #[test]
    fn what_tells_two_calls_apart_that_read_the_same_is_said_in_both_languages() {
        let turned = "10 1.1 pipe2([4, 3], 0) = 0\n10 1.2 close(3) = 0\n";
        let (c, lab) = (run(&turned.replace("[4, 3]", "[3, 4]")), run(turned));
        let told = c[0].calls[1].beside(&lab[0].calls[1]);
        assert_eq!(
            told.each_ref().map(|text| text.en.as_str()),
            [
                "close(3<reading end of pipe 1 of 1>) = 0",
                "close(3<writing end of pipe 1 of 1>) = 0"
            ]
        );
        assert_eq!(
            told.each_ref().map(|text| text.ko.as_str()),
            [
                "close(3<프로세스 1의 파이프 1의 읽는 끝>) = 0",
                "close(3<프로세스 1의 파이프 1의 쓰는 끝>) = 0"
            ]
        );
    }

    #[test]
    fn the_child_of_a_fork_that_never_returned_holds_what_its_parent_holds() {
        let cut = "10 1.1 socket(AF_INET, SOCK_STREAM, 0) = 3\n\
            10 1.2 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>\n11 1.3 listen(3, 5) = 0\n";
        let whole = cut.replace(" <unfinished ...>", ") = 11");
        let calls = |text: &str| run(text)[1].calls[0].text().explained(Language::En);
        assert_eq!(calls(cut), "listen(3<socket 1 of 1>, 5) = 0");
        assert_eq!(calls(cut), calls(&whole));
    }

    #[test]
    fn a_set_of_descriptors_and_what_is_above_them_follow() {
        let one = "10 1.1 socket(AF_INET, SOCK_STREAM, 0) = 3\n10 1.2 listen(3, 5) = 0\n\
            10 1.3 select(4, [3], NULL, NULL, NULL) = 1\n10 1.4 poll([{fd=3, events=POLLIN}], 1, -1) = 1\n\
            10 1.5 epoll_ctl(9, EPOLL_CTL_ADD, 3, {events=EPOLLIN, data={u32=3, u64=3}}) = 0\n";
        let shifted = one
            .replace("= 3\n", "= 7\n")
            .replace("(3", "(7")
            .replace("[3]", "[7]");
        let shifted = shifted
            .replace("(4, [7]", "(8, [7]")
            .replace("fd=3", "fd=7");
        let shifted = shifted.replace("ADD, 3", "ADD, 7").replace("=3", "=7");
        assert_eq!(alike(&shifted, one), [true; 5]);
        let wrong = shifted.replace("(8, [7]", "(7, [7]");
        assert!(!alike(&wrong, one)[2]);
    }

    #[test]
    fn declared_differences_know_them_by_the_numbers_of_the_lab() {
        let leaks = SERVER.replace("close(4)", "fsync(4)");
        let leaks = leaks.replace(
            "1.6 accept(3, NULL, NULL) = 4",
            "1.6 accept(3, NULL, NULL) = 5",
        );
        let mut c = run(&leaks.replace("1.7 read(4", "1.7 read(5"));
        number_as_in(&run(SERVER), &mut c);
        let declared = |c: &[ProcessCalls]| c[0].calls[6].text().as_declared()[0].clone();
        assert_eq!(declared(&c), "read(4, \"b\", 8) = 1");
        let mut c = run(&leaks);
        number_as_in(&run(SERVER), &mut c);
        assert_eq!(declared(&c), "read(<connection 1 of 1>, \"b\", 8) = 1");
    }
}
