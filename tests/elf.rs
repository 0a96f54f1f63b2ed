//! What kind of file a lab is: static, small, no hidden code, and the shipped
//! copy the same program as the one that is traced.

mod support;

use support::elf::*;
use support::strace::Strace;
use support::{head, lab, labs, traced, usual_arguments};

/// Each lab with its shipped and its traced copy.
fn copies() -> impl Iterator<Item = (String, Elf, Elf)> {
    labs().into_iter().map(|name| {
        let (shipped, whole) = (Elf::read(&lab(&name)), Elf::read(&traced(&name)));
        (name, shipped, whole)
    })
}

#[test]
fn labs_are_static() {
    for (name, shipped, whole) in copies() {
        for kind in [PT_INTERP, PT_DYNAMIC, PT_TLS] {
            let found: Vec<_> = shipped.segments(kind).chain(whole.segments(kind)).collect();
            assert!(found.is_empty(), "{found:?}: make readelf-{name}");
        }
    }
}

#[test]
fn labs_have_one_segment_of_code_and_at_most_one_of_variables() {
    for (name, shipped, whole) in copies() {
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
}

#[test]
fn nothing_is_left_for_a_linker_to_do() {
    for (name, shipped, whole) in copies() {
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
}

#[test]
fn shipped_and_traced_copy_are_the_same_program() {
    const FOR_TRACING: [&str; 3] = [".eh_frame", ".eh_frame_hdr", ".debug_line"];
    for (name, shipped, whole) in copies() {
        for part in [".text", ".rodata"] {
            let [one, other] =
                [&shipped, &whole].map(|elf| elf.section(part).map(|part| &part.bytes));
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
}

#[test]
fn labs_are_small() {
    for (name, shipped, _) in copies() {
        let (size, limit) = (shipped.size as u64, head(&name).max_size);
        assert!(
            size <= limit,
            "build/{name}: {size} bytes, more than {limit}: make size"
        );
    }
}

#[test]
fn no_call_comes_before_the_labs_first() {
    for name in labs() {
        let expected = head(&name).first_call;
        // Whatever comes after execve is the last thing the lab does.
        let strace = Strace::new(&["-e", "inject=!execve:signal=KILL"]);
        let (_, processes) = strace.program(lab(&name), usual_arguments(&name)).run();
        let seen = processes[0].text();
        let calls: Vec<_> = seen.lines().map(str::trim).collect();
        assert_eq!(
            calls.len(),
            3,
            "execve, a call, the end: make strace-{name}\n{seen}"
        );
        assert!(
            calls[1].starts_with(&expected),
            "expected {expected}: make strace-{name}\n{seen}"
        );
    }
}
