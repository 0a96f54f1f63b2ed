//! The timeline of a recorded run.

use std::path::Path;

use anyhow::Result;

use crate::run::record::programs;
use crate::run::transcript::Transcript;
use crate::scenario::Scenario;
use crate::source::{Attribution, Site};
use crate::timeline::model::Timeline;
use crate::timeline::{
    arrows, clock, descriptors, fold, fork_memory, lanes, lines, senders, sessions, shared, steps,
    transfers,
};

/// The model of a traced run of a lab of the project at `root`.
pub fn of(
    root: &Path,
    lab: &str,
    scenario: &Scenario,
    transcript: &Transcript,
) -> Result<Timeline> {
    let programs = Attribution::new(&programs(root, lab)).ok();
    let sites = programs.zip(transcript.trace.as_ref());
    let sites = sites.map_or_else(Vec::new, |(programs, trace)| programs.sites(trace));
    of_lab(root, lab, scenario, transcript, &sites)
}

/// The same where the places of its calls are known already.
pub fn of_lab(
    root: &Path,
    lab: &str,
    scenario: &Scenario,
    transcript: &Transcript,
    sites: &[Site],
) -> Result<Timeline> {
    let mut timeline = of_program(lab, scenario, transcript, sites)?;
    // Without stacks nobody knows the line, but where there is one fork.
    let nameless = timeline
        .forks
        .iter_mut()
        .filter(|fork| fork.code.is_empty());
    nameless.for_each(|fork| fork.code = fork_memory::only_fork(root, lab));
    Ok(timeline)
}

/// The model of a traced run of another program that is called like the lab, a student's; `sites` are those of its calls.
pub fn of_program(
    lab: &str,
    scenario: &Scenario,
    transcript: &Transcript,
    sites: &[Site],
) -> Result<Timeline> {
    let mut timeline = without_source(lab, scenario, transcript)?;
    let history = clock::History::of(transcript)?;
    timeline.forks = fork_memory::forks(&history, sites, &timeline.lanes);
    lines::give(lab, sites, &mut timeline.lanes);
    timeline.lanes.iter_mut().for_each(fold::shorten);
    Ok(timeline)
}

/// What the trace alone tells.
fn without_source(lab: &str, scenario: &Scenario, transcript: &Transcript) -> Result<Timeline> {
    let history = clock::History::of(transcript)?;
    let mut lanes = lanes::lanes(&history);
    let followed = descriptors::follow(&history, scenario, &lanes);
    let mut arrows = arrows::links(&history, &mut lanes);
    senders::tell(&history, &mut lanes);
    sessions::tell(&history, &mut lanes);
    arrows.extend(transfers::connections(&followed));
    arrows.extend(transfers::arrows(&followed));
    let shared = shared::follow(&history, &lanes);
    arrows.extend(shared.arrows);
    arrows.sort_by(|one, other| one.to.at.total_cmp(&other.to.at));
    lanes::beside_servers(&mut lanes, &arrows);
    let steps = steps::steps(&history, &lanes, &followed);
    Ok(Timeline {
        lab: lab.to_owned(),
        scenario: scenario.name.clone(),
        title: scenario.title.clone(),
        length: history.end,
        lanes,
        arrows,
        moments: followed.moments,
        forks: Vec::new(),
        shared: shared.moments,
        steps,
    })
}
