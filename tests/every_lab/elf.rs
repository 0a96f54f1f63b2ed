//! What kind of file a lab is: static, small, no hidden code, and the shipped
//! copy the same program as the one that is traced.

use libtest_mimic::Trial;

use crate::support::elf::*;
use crate::support::tracer::Traced;
use crate::support::trials::each_lab;
use crate::support::{head, lab, traced, usual_arguments};

pub fn trials() -> Vec<Trial> {
    let readelf = "make readelf-{lab}";
    let trials = [
        each_lab("is_static", readelf, is_static),
        each_lab(
            "has_two_segments_at_most",
            readelf,
            has_two_segments_at_most,
        ),
        each_lab(
            "leaves_nothing_to_a_linker",
            readelf,
            leaves_nothing_to_a_linker,
        ),
        each_lab(
            "copies_are_the_same_program",
            readelf,
            copies_are_the_same_program,
        ),
        each_lab("is_small", "make size", is_small),
        each_lab(
            "no_call_comes_before_its_first",
            "make strace-{lab}",
            no_call_comes_before_its_first,
        ),
    ];
    trials.into_iter().flatten().collect()
}

/// The shipped and the traced copy of a lab.
fn copies(name: &str) -> (Elf, Elf) {
    (Elf::read(&lab(name)), Elf::read(&traced(name)))
}

fn is_static(name: &str) {
    let (shipped, whole) = copies(name);
    for kind in [PT_INTERP, PT_DYNAMIC, PT_TLS] {
        let found: Vec<_> = shipped.segments(kind).chain(whole.segments(kind)).collect();
        assert!(found.is_empty(), "{found:?}: make readelf-{name}");
    }
}

fn has_two_segments_at_most(name: &str) {
    let (shipped, whole) = copies(name);
    for elf in [shipped, whole] {
        let loads: Vec<u32> = elf.segments(PT_LOAD).map(|load| load.flags).collect();
        let expected = [vec![PF_R | PF_X], vec![PF_R | PF_X, PF_R | PF_W]];
        assert!(
            expected.contains(&loads),
            "flags {loads:?}: make readelf-{name}"
        );
        let stacks: Vec<u32> = elf
            .segments(PT_GNU_STACK)
            .map(|stack| stack.flags)
            .collect();
        assert_eq!(stacks, [PF_R | PF_W], "stack: make readelf-{name}");
    }
}

fn leaves_nothing_to_a_linker(name: &str) {
    let (shipped, whole) = copies(name);
    for section in shipped.sections.iter().chain(&whole.sections) {
        let relocations = [SHT_REL, SHT_RELA].contains(&section.kind);
        assert!(!relocations, "{}: make readelf-{name}", section.name);
    }
    assert!(
        !whole.symbols.is_empty(),
        "no symbols: nm build/traced/{name}"
    );
    let undefined: Vec<_> = whole
        .symbols
        .iter()
        .filter(|symbol| symbol.undefined)
        .collect();
    assert!(
        undefined.is_empty(),
        "{undefined:?}: nm -u build/traced/{name}"
    );
}

fn copies_are_the_same_program(name: &str) {
    const FOR_TRACING: [&str; 3] = [".eh_frame", ".eh_frame_hdr", ".debug_line"];
    let (shipped, whole) = copies(name);
    for part in [".text", ".rodata"] {
        let [one, other] = [&shipped, &whole].map(|elf| elf.section(part).map(|part| &part.bytes));
        assert!(
            one == other,
            "{part} differs: objdump -s -j {part} build/{name} build/traced/{name}"
        );
    }
    assert!(
        shipped.section(".text").is_some(),
        "no .text: make readelf-{name}"
    );
    for part in FOR_TRACING {
        assert!(
            whole.section(part).is_some(),
            "no {part}: readelf -SW build/traced/{name}"
        );
        assert!(
            shipped.section(part).is_none(),
            "{part}: make readelf-{name}"
        );
    }
    let frames =
        |elf: &Elf| -> usize { elf.segments(PT_GNU_EH_FRAME).map(|frame| frame.size).sum() };
    assert!(
        frames(&whole) > 0,
        "no GNU_EH_FRAME: readelf -lW build/traced/{name}"
    );
    assert_eq!(frames(&shipped), 0, "GNU_EH_FRAME: make readelf-{name}");
    assert!(
        shipped.symbols.is_empty(),
        "not stripped: make readelf-{name}"
    );
}

fn is_small(name: &str) {
    let (shipped, _) = copies(name);
    let (size, limit) = (shipped.size as u64, head(name).max_size);
    assert!(
        size <= limit,
        "build/{name}: {size} bytes, more than {limit}: make size"
    );
}

fn no_call_comes_before_its_first(name: &str) {
    let expected = &head(name).first_call;
    // It is the last thing the lab does.
    let call = expected.split('(').next().expect("a name");
    let last = format!("{call}:signal=KILL");
    let (_, processes) = Traced::new(&[&last], lab(name), usual_arguments(name)).run();
    let seen = processes[0].text();
    let calls: Vec<_> = seen.lines().map(str::trim).collect();
    assert_eq!(
        calls.len(),
        3,
        "execve, a call, the end: make strace-{name}\n{seen}"
    );
    assert!(
        calls[1].starts_with(expected.as_str()),
        "expected {expected}: make strace-{name}\n{seen}"
    );
}
