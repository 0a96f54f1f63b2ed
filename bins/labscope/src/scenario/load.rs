//! From the text of a scenario file to scenarios; every refusal names the file, the scenario and the key.

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;
use toml::Spanned;

use crate::i18n::Text;
use crate::project::Room;
use crate::scenario::companion;
use crate::scenario::companion::RawCompanion;
use crate::scenario::step::{RawStep, seconds};
use crate::scenario::{Difference, End, Head, Scenario, Scenarios, Step, Wiring};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    needs: Vec<String>,
    lab: Option<Head>,
    #[serde(default)]
    scenario: Vec<RawScenario>,
    #[serde(default)]
    difference: Vec<Difference>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScenario {
    name: String,
    title: Text,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    stdin: Wiring,
    #[serde(default)]
    stdout: Wiring,
    input: Option<String>,
    needs: Option<Vec<String>>,
    #[serde(default)]
    trace: bool,
    #[serde(default)]
    inject: Vec<String>,
    timeout: Option<f64>,
    #[serde(default)]
    network: bool,
    #[serde(default)]
    companion: Vec<RawCompanion>,
    #[serde(default)]
    tour: bool,
    #[serde(default)]
    steps: Vec<Spanned<RawStep>>,
    #[serde(default)]
    end: End,
}

/// Reads the scenario file in the room of a lab.
pub fn load(root: &Path, lab: &str) -> Result<Scenarios> {
    let path = Room::of(root, lab).scenarios(lab);
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read the scenarios of {lab}, {}", path.display()))?;
    parse(&text).with_context(|| path.display().to_string())
}

/// What a lab says of itself: the `[lab]` of its scenario file.
pub fn head(root: &Path, lab: &str) -> Result<Head> {
    let head = load(root, lab)?.lab;
    head.with_context(|| {
        format!(
            "{} has no [lab]",
            Room::of(root, lab).scenarios(lab).display()
        )
    })
}

/// Reads the text of a scenario file.
pub fn parse(text: &str) -> Result<Scenarios> {
    let raw: RawFile = toml::from_str(text).map_err(|error| {
        let place = error.span().and_then(|span| scenario_around(text, span));
        let error = anyhow!("{}", error.to_string().trim_end());
        match place {
            Some(name) => error.context(format!("scenario {name:?}")),
            None => error,
        }
    })?;
    let mut scenarios: Vec<Scenario> = Vec::new();
    let mut names = HashSet::new();
    for scenario in raw.scenario {
        let name = scenario.name.clone();
        if !names.insert(name.clone()) {
            bail!("scenario {name:?}: there is another one of that name");
        }
        let scenario =
            build(scenario, &raw.needs, text).with_context(|| format!("scenario {name:?}"))?;
        scenarios.push(scenario);
    }
    for difference in &raw.difference {
        if let Some(name) = difference
            .scenarios
            .iter()
            .find(|name| !names.contains(*name))
        {
            bail!(
                "difference {:?}: there is no scenario {name:?}",
                difference.name
            );
        }
    }
    if let Some(head) = &raw.lab {
        head.check(&scenarios).context("[lab]")?;
    }
    Ok(Scenarios {
        lab: raw.lab,
        scenarios,
        differences: raw.difference,
    })
}

fn build(raw: RawScenario, needs: &[String], text: &str) -> Result<Scenario> {
    check_name(&raw.name)?;
    check_input(&raw.stdin, raw.input.is_some())?;
    let companions = companion::build(raw.companion)?;
    let mut steps = Vec::new();
    for step in raw.steps {
        let line = line_of(text, step.span());
        steps.push(
            Step::try_from(step.into_inner()).with_context(|| format!("line {line}: steps"))?,
        );
    }
    for step in &steps {
        check_streams(step, &raw.stdin, &raw.stdout, raw.input.is_some())?;
    }
    companion::check(&steps, &companions)?;
    companion::check_args(&raw.args, &companions)?;
    Ok(Scenario {
        name: raw.name,
        title: raw.title,
        args: raw.args,
        stdin: raw.stdin,
        stdout: raw.stdout,
        input: raw.input,
        needs: raw.needs.unwrap_or_else(|| needs.to_vec()),
        trace: raw.trace,
        inject: raw.inject,
        timeout: raw.timeout.map(seconds).transpose()?,
        network: raw.network,
        companions,
        tour: raw.tour,
        steps,
        end: raw.end,
    })
}

/// A name is one word.
pub(super) fn check_name(name: &str) -> Result<()> {
    if name.is_empty() || name.contains(char::is_whitespace) {
        bail!("`name` is one word");
    }
    Ok(())
}

/// `input` needs somewhere to go.
pub(super) fn check_input(stdin: &Wiring, has_input: bool) -> Result<()> {
    if has_input && !matches!(stdin, Wiring::File | Wiring::Pipe) {
        bail!("`input` is for stdin = \"file\" or \"pipe\"");
    }
    Ok(())
}

/// Whether the streams that a step speaks of are there.
pub(super) fn check_streams(
    step: &Step,
    stdin: &Wiring,
    stdout: &Wiring,
    has_input: bool,
) -> Result<()> {
    if *step == Step::CloseStdin && (has_input || *stdin != Wiring::Pipe) {
        bail!("`close = \"stdin\"` is for stdin = \"pipe\" without `input`");
    }
    if awaits_stream(step) && !matches!(stdout, Wiring::File | Wiring::Pipe) {
        bail!("`stream` is for stdout = \"pipe\" or \"file\"");
    }
    Ok(())
}

fn awaits_stream(step: &Step) -> bool {
    matches!(
        step,
        Step::Await {
            event: crate::scenario::condition::Event::Stream(_),
            ..
        }
    )
}

fn line_of(text: &str, span: Range<usize>) -> usize {
    text.bytes()
        .take(span.start)
        .filter(|&byte| byte == b'\n')
        .count()
        + 1
}

/// The name of the scenario in whose table `span` lies.
fn scenario_around(text: &str, span: Range<usize>) -> Option<String> {
    let start = text.get(..span.start)?.rfind("[[scenario]]")?;
    let between = text.get(start..span.start)?;
    let strange =
        |line: &str| line == "[lab]" || line.starts_with("[[") && !line.starts_with("[[scenario");
    if between.lines().any(strange) {
        return None; // it lies in a later table of another kind
    }
    let section = text[start..].split("\n[[").next()?;
    let name = section
        .lines()
        .find_map(|line| line.trim().strip_prefix("name")?.trim().strip_prefix('='))?;
    Some(name.trim().trim_matches(['"', '\'']).to_owned())
}
