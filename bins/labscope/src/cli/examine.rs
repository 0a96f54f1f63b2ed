//! One program compared with its lab: compiled, confined, and run through the scenarios.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use crate::compare::in_parallel;
use crate::compare::record::{ComparedProgram, Records};
use crate::compare::result::{ScenarioResult, SubmissionResult};
use crate::compare::twins::with_lab;
use crate::confinement::Means;
use crate::i18n::{Language, submission as words};
use crate::run::scratch::Scratch;
use crate::scenario::{Scenario, Scenarios};
use crate::submission::{self, CompileError, Compiled, Submission};

/// What is compared with what, and how it is told.
pub struct CompareOptions {
    pub lab: String,
    /// This scenario only.
    pub scenario: Option<String>,
    pub json: bool,
    /// A file that is handed in may do what the caller may.
    pub trust: bool,
    /// What the points of a class are given for, if not for what the lab says.
    pub rubric: Option<PathBuf>,
    /// Every call, however many agree.
    pub all: bool,
    pub language: Language,
}

/// How many scenarios run at once: they mostly sleep.
pub const AT_ONCE: usize = 6;

/// The scenarios of a lab, each compared; `variants`: also known forms of the textbook's program are recognised.
pub fn outcomes(
    root: &Path,
    compare: &CompareOptions,
    file: &Scenarios,
    c: &ComparedProgram,
    variants: bool,
    records: Option<&Arc<Records>>,
) -> Result<Vec<ScenarioResult>> {
    let chosen = all_chosen(file, compare)?;
    let compared = in_parallel(&chosen, AT_ONCE, |scenario| {
        with_lab(root, &compare.lab, file, scenario, c, variants, records)
    });
    compared.into_iter().collect()
}

/// The scenario that is asked for, or all.
pub(super) fn all_chosen<'a>(
    file: &'a Scenarios,
    compare: &CompareOptions,
) -> Result<Vec<&'a Scenario>> {
    match &compare.scenario {
        None => Ok(file.scenarios.iter().collect()),
        name => Ok(vec![file.chosen(&compare.lab, name.as_deref())?]),
    }
}

/// A student's program, and what the compiler said.
pub(super) struct Made {
    pub program: ComparedProgram,
    pub messages: String,
}

/// Compiles a file and runs it through the scenarios, in a scratch folder of its own.
pub(super) fn examine(
    root: &Path,
    compare: &CompareOptions,
    file: &Scenarios,
    sources: &[PathBuf],
    records: Option<&Arc<Records>>,
) -> Result<SubmissionResult> {
    let scratch = Scratch::new()?;
    let made = match make(root, compare, file, sources, &scratch)? {
        Ok(made) => made,
        Err(refused) => return Ok(SubmissionResult::Refused(refused)),
    };
    let outcomes = outcomes(root, compare, file, &made.program, true, records)?;
    Ok(SubmissionResult::Compared {
        messages: made.messages,
        outcomes,
    })
}

/// Compiles a file, and puts beside it what it needs.
pub(super) fn make(
    root: &Path,
    compare: &CompareOptions,
    file: &Scenarios,
    sources: &[PathBuf],
    scratch: &Scratch,
) -> Result<Result<Made, CompileError>> {
    let folder = scratch.path("programs");
    let head = file.lab.clone().unwrap_or_default();
    let confined = means(compare)?;
    let given = Submission {
        sources,
        lab: &compare.lab,
        flags: &head.c_flags,
        confined,
        language: compare.language,
    };
    let compiled = match compile(root, file, &given, &folder)? {
        Ok(compiled) => compiled,
        Err(refused) => return Ok(Err(refused)),
    };
    let (args, note) = arguments(sources, file, compare.language);
    let program = ComparedProgram::C {
        root: root.to_owned(),
        path: compiled.program,
        confined,
        args,
        in_tmp: head.c_in_tmp,
        has_libc: true,
    };
    let messages = note + &compiled.messages;
    Ok(Ok(Made { program, messages }))
}

/// What a file is started with that wants arguments, where a scenario gives none, and a line about that.
pub(super) fn arguments(
    sources: &[PathBuf],
    file: &Scenarios,
    language: Language,
) -> (Vec<String>, String) {
    let wanted = submission::wanted_arguments(sources);
    let head = file.lab.clone().unwrap_or_default();
    // Where the lab wants them too, a scenario without any shows what becomes of that.
    let lab_wants = head.arguments.as_ref();
    let lab_wants = lab_wants.is_some_and(|arguments| !arguments.starts_with('['));
    let gives_none = |one: &Scenario| one.args.is_empty();
    if wanted == 0 || lab_wants || !file.scenarios.iter().any(gives_none) {
        return (Vec::new(), String::new());
    }
    let given = head.c_arguments.iter().find(|list| list.len() == wanted);
    match given {
        Some(args) => (
            args.clone(),
            words::was_given(language, &args.join(" ")) + "\n",
        ),
        None if head.arguments.is_some() && file.scenarios.iter().all(gives_none) => {
            (Vec::new(), words::wants_arguments(language, wanted) + "\n")
        }
        // The scenarios give them, but for one that shows what becomes of it without; or it has a use that no lab has.
        None => (Vec::new(), String::new()),
    }
}

/// By what a file that is handed in is confined; none if it is trusted.
pub(super) fn means(compare: &CompareOptions) -> Result<Option<Means>> {
    match compare.trust {
        true => Ok(None),
        false => Means::found(compare.language).map(Some),
    }
}

/// The program of a submission, and beside it what that becomes.
pub(super) fn compile(
    root: &Path,
    file: &Scenarios,
    given: &Submission,
    folder: &Path,
) -> Result<Result<Compiled, CompileError>> {
    let compiled = match submission::compile(given, folder) {
        Ok(compiled) => compiled,
        Err(refused) => return Ok(Err(refused)),
    };
    for needed in needs(file) {
        let twins = root.join("build").join("c");
        if let Err(refused) = submission::add_needed(given, &needed, &twins, folder)? {
            return Ok(Err(refused));
        }
    }
    Ok(Ok(compiled))
}

/// The programs that must lie beside this one.
pub(super) fn needs(file: &Scenarios) -> Vec<String> {
    let scenarios = file.scenarios.iter();
    let mut needs: Vec<String> = scenarios.flat_map(|one| one.needs.clone()).collect();
    needs.sort();
    needs.dedup();
    needs
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::scenario;

    /// What a file is started with that wants one argument, and whether anything is said of it.
    fn given(lab: &str) -> (Vec<String>, bool) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let scratch = Scratch::new().expect("a folder");
        let source = scratch.path("one.c");
        let text = "int main(int argc, char **argv)\n{\n    if (argc != 2)\n        return 1;\n    return argv[1][0];\n}\n";
        fs::write(&source, text).expect("a file");
        let file = scenario::load(&root, lab).expect("scenarios");
        let (args, note) = arguments(&[source], &file, Language::En);
        (args, !note.is_empty())
    }

    #[test]
    fn that_there_is_no_argument_is_told_only_where_no_scenario_gives_one() {
        assert_eq!(given("shm_consumer_sem"), (vec![], true));
        assert_eq!(given("echo_server_udomain"), (vec![], false));
        assert_eq!(given("echo_client_udomain"), (vec![], false));
        assert_eq!(given("echo_client"), (vec!["127.0.0.1".to_owned()], true));
    }
}
