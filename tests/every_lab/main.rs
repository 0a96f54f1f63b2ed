//! What is promised of every lab, and of every lab in each of its scenarios. The tests are made when the
//! program runs, from the list of labs in Cargo.toml and the scenario file of each: a new lab has them for nothing.
//! They are called `lab::promise` or `lab::scenario::promise`.
#![forbid(unsafe_code)]

mod arguments;
mod elf;
mod exercises;
mod faults;
mod gdb;
mod guides;
mod handouts;
mod interruptions;
mod libraries;
mod lines;
mod live;
mod mutants;
mod mutated_labs;
mod pictures;
mod programs;
mod rewritings;
mod robust;
mod sentences;
mod students;
mod table;
mod tasks;
mod times;
mod tour;
mod twins;
mod unoptimised;

#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;

fn main() -> ExitCode {
    // In a machine that a test has booted there is nothing but labs, C programs and the tool.
    if support::is_guest() {
        return support::trials::run(twins::trials());
    }
    // What takes longest comes first. Tests that share a run are not beside each other.
    let trials = [
        mutated_labs::trials(),
        handouts::trials(),
        tour::trials(),
        twins::trials(),
        unoptimised::trials(),
        live::trials(),
        pictures::trials(),
        times::trials(),
        mutants::trials(),
        rewritings::trials(),
        libraries::trials(),
        students::trials(),
        exercises::trials(),
        tasks::trials(),
        faults::trials(),
        gdb::trials(),
        interruptions::trials(),
        robust::trials(),
        arguments::trials(),
        elf::trials(),
        guides::trials(),
    ];
    support::trials::run(trials.into_iter().flatten().collect())
}
