//! The runs behind the pages: every scenario beside the C, and those that are shown once more with stacks.

use std::path::Path;
use std::sync::Mutex;

use anyhow::{Context, Result, bail};
use labscope::Language;
use labscope::Transcript;
use labscope::compare::{ScenarioResult, in_parallel, twin};
use labscope::scenario;
use labscope::scenario::Scenario;
use labscope::timeline;
use labscope::timeline::Timeline;

/// How many runs go on at once: they mostly sleep.
const AT_ONCE: usize = 16;

/// Scenarios that are shown although the tour leaves them out.
const ALSO_SHOWN: [&str; 2] = ["tty", "pipe"];

/// Everything that was recorded of one lab.
pub struct Recorded {
    pub lab: String,
    /// Every scenario compared with the C, in the order of the file.
    pub outcomes: Vec<ScenarioResult>,
    /// The scenarios that are shown as a run.
    pub shown: Vec<ShownRun>,
}

/// One run, to be read and looked at.
pub struct ShownRun {
    pub scenario: Scenario,
    pub transcript: Transcript,
    pub timeline: Timeline,
}

impl Recorded {
    /// The scenarios in which the lab is not its C program.
    pub fn different(&self) -> impl Iterator<Item = &ScenarioResult> {
        self.outcomes.iter().filter(|one| !one.is_faithful())
    }

    /// The run that is shown of a scenario.
    pub fn run_of(&self, scenario: &str) -> Option<&ShownRun> {
        self.shown.iter().find(|one| one.scenario.name == scenario)
    }
}

/// Runs all scenarios of these labs; `progress` is told each lab that is done.
pub fn record(
    root: &Path,
    labs: &[String],
    progress: impl Fn(&str) + Sync,
) -> Result<Vec<Recorded>> {
    let mut jobs = Vec::new();
    for lab in labs {
        jobs.extend(RecordingJob::all(root, lab)?);
    }
    let count = |lab: &String| jobs.iter().filter(|job| job.lab == *lab).count();
    let left: Mutex<Vec<usize>> = Mutex::new(labs.iter().map(count).collect());
    let done = in_parallel(&jobs, AT_ONCE, |job| {
        let done = job.run(root);
        let place = labs.iter().position(|lab| *lab == job.lab);
        if let (Ok(mut left), Some(place)) = (left.lock(), place) {
            left[place] -= 1;
            if left[place] == 0 {
                progress(&job.lab);
            }
        }
        done
    });
    let recorded = labs.iter().map(|lab| Recorded {
        lab: lab.clone(),
        outcomes: Vec::new(),
        shown: Vec::new(),
    });
    let mut recorded: Vec<Recorded> = recorded.collect();
    for (job, done) in jobs.iter().zip(done) {
        let lab = recorded.iter_mut().find(|one| one.lab == job.lab);
        match (lab, done?) {
            (Some(lab), JobResult::Compared(outcome)) => lab.outcomes.push(*outcome),
            (Some(lab), JobResult::Shown(shown)) => lab.shown.push(*shown),
            (None, _) => {}
        }
    }
    Ok(recorded)
}

/// One comparison, or one run that is shown.
struct RecordingJob {
    lab: String,
    scenario: Scenario,
    is_shown: bool,
}

enum JobResult {
    Compared(Box<ScenarioResult>),
    Shown(Box<ShownRun>),
}

impl RecordingJob {
    /// What is to be done for a lab.
    fn all(root: &Path, lab: &str) -> Result<Vec<RecordingJob>> {
        let twin = root.join("build").join("c").join(lab);
        if !twin.is_file() {
            bail!("{} is not there: `make c` builds it", twin.display());
        }
        let scenarios = scenario::load(root, lab)?.scenarios;
        let mut jobs = Vec::new();
        for scenario in scenarios {
            let also = ALSO_SHOWN.contains(&scenario.name.as_str());
            let ways = [Some(false), (scenario.tour || also).then_some(true)];
            jobs.extend(ways.into_iter().flatten().map(|is_shown| RecordingJob {
                lab: lab.to_owned(),
                scenario: scenario.clone(),
                is_shown,
            }));
        }
        Ok(jobs)
    }

    fn run(&self, root: &Path) -> Result<JobResult> {
        let (lab, scenario) = (self.lab.as_str(), &self.scenario);
        if !self.is_shown {
            let outcome = twin(root, lab, &scenario.name)?;
            if let Some(why) = outcome.unrecorded.first() {
                bail!("{lab} {}: {}", scenario.name, why.say(Language::En));
            }
            return Ok(JobResult::Compared(Box::new(outcome)));
        }
        let transcript = labscope::run::record::record(root, lab, scenario)
            .with_context(|| format!("{lab} {}", scenario.name))?;
        let timeline = timeline::of(root, lab, scenario, &transcript)?;
        Ok(JobResult::Shown(Box::new(ShownRun {
            scenario: scenario.clone(),
            transcript,
            timeline,
        })))
    }
}
