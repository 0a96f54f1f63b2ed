//! From the text of a scenario file to scenarios; every refusal names the file, the scenario and the key.

use std::path::Path;

use anyhow::{Context, Result, bail};
use toml_span::de_helpers::TableHelper;
use toml_span::value::ValueInner;
use toml_span::{DeserError, Value};

use crate::i18n::{failure, scenario_file};
use crate::project::{Room, labs};
use crate::scenario::check::{check_input, check_name, check_streams};
use crate::scenario::companion;
use crate::scenario::toml::{Seconds, told};
use crate::scenario::{Change, Difference, Gap, Head, Scenario, Scenarios, Task, Time};
use crate::text::nearest::nearest;

/// Reads the scenario file in the room of a lab.
pub fn load(root: &Path, lab: &str) -> Result<Scenarios> {
    let path = Room::of(root, lab).scenarios(lab);
    if !path.exists() {
        let labs = labs(root).unwrap_or_default();
        if !labs.is_empty() {
            check_lab(lab, &labs)?;
        }
    }
    let text = std::fs::read_to_string(&path);
    let text = text.with_context(|| scenario_file::cannot_read(lab, path.display()))?;
    parse(&text).with_context(|| path.display().to_string())
}

/// Whether a lab is among those that there are.
pub fn check_lab(lab: &str, labs: &[String]) -> Result<()> {
    if labs.iter().any(|known| known == lab) {
        return Ok(());
    }
    let near = nearest(lab, labs.iter().map(String::as_str)).unwrap_or_default();
    bail!(failure::no_lab(lab, near, &labs.join(", ")))
}

/// What a lab says of itself: the `[lab]` of its scenario file.
pub fn head(root: &Path, lab: &str) -> Result<Head> {
    let head = load(root, lab)?.lab;
    head.with_context(|| scenario_file::has_no_head(Room::of(root, lab).scenarios(lab).display()))
}

/// Reads the text of a scenario file.
pub fn parse(text: &str) -> Result<Scenarios> {
    let refused = |error: DeserError| told(text, &error);
    let mut file = toml_span::parse(text).map_err(|error| refused(error.into()))?;
    let mut file = TableHelper::new(&mut file).map_err(refused)?;
    let tables = file.take("scenario").map(|(_, value)| value);
    let needs: Vec<String> = file.optional("needs").unwrap_or_default();
    let lab: Option<Head> = file.optional("lab");
    let differences: Vec<Difference> = file.optional("difference").unwrap_or_default();
    let gaps: Vec<Gap> = file.optional("gap").unwrap_or_default();
    let tasks = file.take("task").map(|(_, value)| value);
    file.finalize(None).map_err(refused)?;
    let scenarios = tables.map_or(Ok(Vec::new()), |tables| scenarios(text, tables, &needs))?;
    let tasks = tasks.map_or(Ok(Vec::new()), |tables| {
        self::tasks(text, tables, &needs, &scenarios)
    })?;
    check_differences(&differences, &scenarios)?;
    for gap in &gaps {
        check_name(&gap.name).with_context(|| scenario_file::gap(&gap.name))?;
    }
    if let Some(head) = &lab {
        let has_others = |one: &Scenario| one.network || !one.companions.is_empty();
        let works_with_others = scenarios.iter().any(has_others);
        head.check(works_with_others).context("[lab]")?;
    }
    Ok(Scenarios {
        lab,
        scenarios,
        differences,
        gaps,
        tasks,
    })
}

fn array(mut tables: Value) -> Result<Vec<Value>> {
    match tables.take() {
        ValueInner::Array(tables) => Ok(tables),
        _ => bail!(scenario_file::scenarios_are_tables()),
    }
}

/// Tables that have names, each read, and none of them twice; `called` tells of one by its name.
fn named<T>(
    tables: Value,
    called: fn(&str) -> String,
    read: impl Fn(&mut Value) -> Result<(String, T)>,
) -> Result<Vec<T>> {
    let mut names: Vec<String> = Vec::new();
    let mut all: Vec<T> = Vec::new();
    for mut table in array(tables)? {
        let name = table.pointer("/name").and_then(Value::as_str);
        let told = called(name.unwrap_or_default());
        let (name, one) = read(&mut table).context(told.clone())?;
        if names.contains(&name) {
            bail!("{told}: {}", scenario_file::is_there_twice());
        }
        names.push(name);
        all.push(one);
    }
    Ok(all)
}

/// Tasks, with the scenarios that they name and their own.
fn tasks(text: &str, tables: Value, needs: &[String], of_lab: &[Scenario]) -> Result<Vec<Task>> {
    named(tables, scenario_file::task, |table| {
        let task = task(text, table, needs, of_lab)?;
        Ok((task.name.clone(), task))
    })
}

fn task(text: &str, value: &mut Value, needs: &[String], of_lab: &[Scenario]) -> Result<Task> {
    let refused = |error: DeserError| told(text, &error);
    let mut table = TableHelper::new(value).map_err(refused)?;
    let name: String = table.required("name").unwrap_or_default();
    let named: Vec<String> = table.optional("scenarios").unwrap_or_default();
    let changes: Vec<Change> = table.optional("change").unwrap_or_default();
    let own = table.take("scenario").map(|(_, value)| value);
    table.finalize(None).map_err(refused)?;
    check_name(&name)?;
    let mut scenarios: Vec<Scenario> = Vec::new();
    for name in named {
        let found = of_lab.iter().find(|one| one.name == name);
        scenarios.extend(found.cloned());
        found.with_context(|| scenario_file::no_scenario(&name))?;
    }
    scenarios.extend(own.map_or(Ok(Vec::new()), |own| self::scenarios(text, own, needs))?);
    if scenarios.is_empty() || changes.iter().all(|change| change.what.is_none()) {
        bail!(scenario_file::task_is_empty());
    }
    for change in &changes {
        change.check()?;
    }
    let task = Task {
        name,
        scenarios,
        changes,
    };
    let mut told = task.changes.iter().filter(|change| change.what.is_some());
    if task.is_in_rust() && told.any(|change| change.rust.is_none()) {
        bail!(scenario_file::change_in_rust());
    }
    Ok(task)
}

fn scenarios(text: &str, tables: Value, needs: &[String]) -> Result<Vec<Scenario>> {
    named(tables, scenario_file::scenario, |table| {
        let scenario = read(text, table, needs)?;
        Ok((scenario.name.clone(), scenario))
    })
}

fn read(text: &str, value: &mut Value, needs: &[String]) -> Result<Scenario> {
    let refused = |error: DeserError| told(text, &error);
    let mut table = TableHelper::new(value).map_err(refused)?;
    let timeout: Option<Seconds> = table.optional("timeout");
    let scenario = Scenario {
        name: table.required("name").unwrap_or_default(),
        title: table.required("title").unwrap_or_default(),
        args: table.optional("args").unwrap_or_default(),
        stdin: table.optional("stdin").unwrap_or_default(),
        stdout: table.optional("stdout").unwrap_or_default(),
        input: table.optional("input"),
        needs: table.optional("needs").unwrap_or_else(|| needs.to_vec()),
        trace: table.optional("trace").unwrap_or_default(),
        inject: table.optional("inject").unwrap_or_default(),
        timeout: timeout.map(|Seconds(timeout)| timeout),
        time: table.optional("time").unwrap_or_default(),
        network: table.optional("network").unwrap_or_default(),
        ipc: table.optional("ipc").unwrap_or_default(),
        companions: table.optional("companion").unwrap_or_default(),
        tour: table.optional("tour").unwrap_or_default(),
        shown: table.optional("shown"),
        fault: table.optional("fault"),
        steps: table.optional("steps").unwrap_or_default(),
        end: table.optional("end").unwrap_or_default(),
    };
    table.finalize(None).map_err(refused)?;
    check(&scenario)?;
    Ok(scenario)
}

/// Whether what a scenario says goes together.
fn check(scenario: &Scenario) -> Result<()> {
    let has_input = scenario.input.is_some();
    check_name(&scenario.name)?;
    check_input(&scenario.stdin, has_input)?;
    companion::check_names(&scenario.companions)?;
    for step in &scenario.steps {
        check_streams(step, &scenario.stdin, &scenario.stdout, has_input)?;
    }
    if scenario.time == Time::Virtual && !scenario.companions.is_empty() {
        // One program's time would stand while the other one goes on.
        bail!(scenario_file::time_and_companions());
    }
    companion::check(&scenario.steps, &scenario.companions)?;
    companion::check_args(&scenario.args, &scenario.companions)
}

/// Whether each is about scenarios that there are.
fn check_differences(differences: &[Difference], scenarios: &[Scenario]) -> Result<()> {
    for Difference {
        name,
        scenarios: about,
        c,
        lab,
        ..
    } in differences
    {
        let ties = |patterns: &[String]| {
            let counts = patterns.iter().map(|one| one.matches("<same>").count());
            counts.sum::<usize>()
        };
        if ties(c) != ties(lab) {
            bail!(
                "{}: {}",
                scenario_file::difference(name),
                scenario_file::ties()
            );
        }
        if c.is_empty() && lab.is_empty() {
            bail!(
                "{}: {}",
                scenario_file::difference(name),
                scenario_file::names_no_call()
            );
        }
        let is_there = |name: &&String| scenarios.iter().any(|one| one.name == **name);
        if let Some(missing) = about.iter().find(|name| !is_there(name)) {
            bail!(
                "{}: {}",
                scenario_file::difference(name),
                scenario_file::no_scenario(missing)
            );
        }
    }
    Ok(())
}
