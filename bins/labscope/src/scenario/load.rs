//! From the text of a scenario file to scenarios; every refusal names the file, the scenario and the key.

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;
use toml::Spanned;

use super::step::{RawStep, seconds};
use super::{Difference, End, Scenario, Scenarios, Step, Text, Wiring};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    needs: Vec<String>,
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
    tour: bool,
    #[serde(default)]
    steps: Vec<Spanned<RawStep>>,
    #[serde(default)]
    end: End,
}

/// Reads `<root>/bins/<lab>/scenarios.toml`.
pub fn load(root: &Path, lab: &str) -> Result<Scenarios> {
    let path = root.join("bins").join(lab).join("scenarios.toml");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read the scenarios of {lab}, {}", path.display()))?;
    parse(&text).with_context(|| path.display().to_string())
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
    Ok(Scenarios {
        scenarios,
        differences: raw.difference,
    })
}

fn build(raw: RawScenario, needs: &[String], text: &str) -> Result<Scenario> {
    if raw.name.is_empty() || raw.name.contains(char::is_whitespace) {
        bail!("`name` is one word");
    }
    if raw.input.is_some() && !matches!(raw.stdin, Wiring::File | Wiring::Pipe) {
        bail!("`input` is for stdin = \"file\" or \"pipe\"");
    }
    let mut steps = Vec::new();
    for step in raw.steps {
        let line = line_of(text, step.span());
        steps.push(
            Step::try_from(step.into_inner()).with_context(|| format!("line {line}: steps"))?,
        );
    }
    let piped = matches!(raw.stdin, Wiring::Pipe) && raw.input.is_none();
    if steps.contains(&Step::CloseStdin) && !piped {
        bail!("`close = \"stdin\"` is for stdin = \"pipe\" without `input`");
    }
    if steps.iter().any(awaits_stream) && !matches!(raw.stdout, Wiring::File | Wiring::Pipe) {
        bail!("`stream` is for stdout = \"pipe\" or \"file\"");
    }
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
        tour: raw.tour,
        steps,
        end: raw.end,
    })
}

fn awaits_stream(step: &Step) -> bool {
    matches!(
        step,
        Step::Await {
            event: crate::Event::Stream(_),
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
    let section = text[start..].split("\n[[").next()?;
    if start + section.len() < span.start {
        return None; // it lies in a later table of another kind
    }
    let name = section
        .lines()
        .find_map(|line| line.trim().strip_prefix("name")?.trim().strip_prefix('='))?;
    Some(name.trim().trim_matches(['"', '\'']).to_owned())
}
