//! The timeline of a recorded run.

use std::path::Path;

use anyhow::Result;

use crate::run::transcript::Transcript;
use crate::scenario::Scenario;
use crate::timeline::model::Timeline;
use crate::timeline::{
    arrows, clock, descriptors, fold, fork_memory, lanes, lines, shared, transfers,
};

/// The model of a traced run of a lab of the project at `root`.
pub fn of(
    root: &Path,
    lab: &str,
    scenario: &Scenario,
    transcript: &Transcript,
) -> Result<Timeline> {
    let history = clock::History::of(transcript)?;
    let mut lanes = lanes::lanes(&history);
    let followed = descriptors::follow(&history, scenario, &lanes);
    let mut arrows = arrows::links(&history, &mut lanes);
    arrows.extend(transfers::arrows(&followed));
    let shared = shared::follow(&history, &lanes);
    arrows.extend(shared.arrows);
    arrows.sort_by(|one, other| one.to.at.total_cmp(&other.to.at));
    let forks = fork_memory::forks(root, lab, &history, &lanes);
    lines::find(root, lab, transcript, &mut lanes);
    lanes.iter_mut().for_each(fold::shorten);
    Ok(Timeline {
        lab: lab.to_owned(),
        scenario: scenario.name.clone(),
        title: scenario.title.clone(),
        length: history.end,
        lanes,
        arrows,
        moments: followed.moments,
        forks,
        shared: shared.moments,
    })
}
