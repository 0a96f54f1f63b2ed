//! The runs behind the pages: every scenario beside the C, and those that are shown once more, in each order after fork.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, bail};
use labscope::Language;
use labscope::compare::{Order, ProgramRun, ScenarioResult, in_parallel, twin};
use labscope::i18n::failure;
use labscope::run::record::orders;
use labscope::scenario;
use labscope::scenario::Scenario;
use labscope::source::Attribution;
use labscope::source::unwritten;
use labscope::timeline;
use labscope::timeline::Timeline;
use labscope::trace::tracer::{AfterFork, Look};

/// How many runs go on at once: they mostly sleep.
const AT_ONCE: usize = 16;

/// Everything that was recorded of one lab.
pub struct Recorded {
    pub lab: String,
    /// Every scenario compared with the C, in the order of the file.
    pub outcomes: Vec<ScenarioResult>,
    /// The scenarios that are shown as a run, first that of the picture.
    pub shown: Vec<ShownRun>,
}

/// One run, to be read and looked at.
pub struct ShownRun {
    pub scenario: Scenario,
    /// Who went on first after fork, where the run was asked for that.
    pub order: Option<Order>,
    pub run: ProgramRun,
    pub timeline: Timeline,
    /// What waited in stdout's buffer before each call, by its place in the trace.
    pub unwritten: BTreeMap<usize, Vec<u8>>,
}

impl Recorded {
    /// The scenarios in which the lab is not its C program.
    pub fn different(&self) -> impl Iterator<Item = &ScenarioResult> {
        self.outcomes.iter().filter(|one| !one.is_faithful())
    }

    /// What came out of each scenario, first of that of the picture.
    pub fn outcomes_in_order(&self) -> Vec<&ScenarioResult> {
        let first = self.shown.first().map(|run| &run.scenario.name);
        let mut outcomes: Vec<&ScenarioResult> = self.outcomes.iter().collect();
        outcomes.sort_by_key(|outcome| Some(&outcome.scenario.name) != first);
        outcomes
    }

    /// The runs that are shown of a scenario: first that in the order whose calls stand beside each other.
    pub fn runs_of(&self, scenario: &str) -> Vec<&ShownRun> {
        let outcome = self
            .outcomes
            .iter()
            .find(|one| one.scenario.name == scenario);
        let order = outcome.and_then(|one| Some(one.shown()?.order));
        let runs = self
            .shown
            .iter()
            .filter(|one| one.scenario.name == scenario);
        let mut runs: Vec<&ShownRun> = runs.collect();
        runs.sort_by_key(|one| one.order.is_some() && one.order != order);
        runs
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
    jobs.reverse(); // the last labs take longest
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
    for (job, done) in jobs.iter().zip(done).rev() {
        let lab = recorded.iter_mut().find(|one| one.lab == job.lab);
        match (lab, done?) {
            (Some(lab), JobResult::Compared(outcome)) => lab.outcomes.push(*outcome),
            (Some(lab), JobResult::Shown(shown)) => lab.shown.push(*shown),
            (_, JobResult::SameAgain) | (None, _) => {}
        }
    }
    for one in &mut recorded {
        let scenarios = scenario::load(root, &one.lab)?;
        let first = &scenarios.pictured(&one.lab, None)?.name;
        one.shown.sort_by_key(|run| run.scenario.name != *first);
    }
    Ok(recorded)
}

/// One run of each lab, to be shown: that of its picture.
pub fn record_shown(
    root: &Path,
    labs: &[String],
    progress: impl Fn(&str) + Sync,
) -> Result<Vec<Recorded>> {
    let jobs = labs.iter().map(|lab| RecordingJob::first(root, lab));
    let jobs = jobs.collect::<Result<Vec<_>>>()?;
    let jobs: Vec<RecordingJob> = jobs.into_iter().flatten().collect();
    let done = in_parallel(&jobs, AT_ONCE, |job| {
        let done = job.run(root);
        progress(&job.lab);
        done
    });
    let recorded = jobs.iter().zip(done).map(|(job, done)| {
        Ok(Recorded {
            lab: job.lab.clone(),
            outcomes: Vec::new(),
            shown: match done? {
                JobResult::Shown(shown) => vec![*shown],
                JobResult::Compared(_) | JobResult::SameAgain => Vec::new(),
            },
        })
    });
    recorded.collect()
}

/// One comparison, or one run that is shown.
struct RecordingJob {
    lab: String,
    scenario: Scenario,
    /// In which order it is run to be shown; none: it is compared.
    shown: Option<AfterFork>,
}

enum JobResult {
    Compared(Box<ScenarioResult>),
    Shown(Box<ShownRun>),
    /// There is no other order: nobody forks.
    SameAgain,
}

impl RecordingJob {
    /// What is to be done for a lab.
    fn all(root: &Path, lab: &str) -> Result<Vec<RecordingJob>> {
        let twin = root.join("build").join("c").join(lab);
        if !twin.is_file() {
            bail!(failure::is_built_by(twin.display(), "c"));
        }
        let scenarios = scenario::load(root, lab)?.scenarios;
        let mut jobs = Vec::new();
        for scenario in scenarios {
            let orders = match scenario.is_shown() {
                true => orders(&scenario),
                false => &[],
            };
            let shown = orders.iter().copied().map(Some);
            jobs.extend([None].into_iter().chain(shown).map(|shown| RecordingJob {
                lab: lab.to_owned(),
                scenario: scenario.clone(),
                shown,
            }));
        }
        Ok(jobs)
    }

    /// The run of a lab's picture, or else that with which its tour begins; none if the tour leaves it out.
    fn first(root: &Path, lab: &str) -> Result<Option<RecordingJob>> {
        let scenarios = scenario::load(root, lab)?;
        let pictured = scenarios.pictured(lab, None)?.clone();
        let scenarios = [pictured].into_iter().chain(scenarios.scenarios);
        let mut of_tour = scenarios.filter(|scenario| scenario.tour);
        Ok(of_tour.next().map(|scenario| RecordingJob {
            lab: lab.to_owned(),
            shown: orders(&scenario).first().copied(),
            scenario,
        }))
    }

    fn run(&self, root: &Path) -> Result<JobResult> {
        let (lab, scenario) = (self.lab.as_str(), &self.scenario);
        let Some(first) = self.shown else {
            let outcome = twin(root, lab, &scenario.name)?;
            if let Some(why) = outcome.unrecorded.first() {
                bail!(
                    "{lab} {}: {}",
                    scenario.name,
                    why.say(Language::of_errors())
                );
            }
            return Ok(JobResult::Compared(Box::new(outcome)));
        };
        let unwritten = Arc::new(Mutex::new(BTreeMap::new()));
        let look = look(Arc::clone(&unwritten));
        let transcript = labscope::run::record::record(root, lab, scenario, first, Some(look))
            .with_context(|| format!("{lab} {}", scenario.name))?;
        let programs = Attribution::new(&labscope::run::record::programs(root, lab))?;
        let run = ProgramRun::of(transcript, &programs)?;
        let timeline = timeline::of_lab(root, lab, scenario, &run.transcript, &run.sites)?;
        let order = Order::asked(first).filter(|&order| run.shown.fits(order));
        if first == AfterFork::Parent && order.is_none() {
            return Ok(JobResult::SameAgain);
        }
        Ok(JobResult::Shown(Box::new(ShownRun {
            scenario: scenario.clone(),
            order,
            run,
            timeline,
            unwritten: std::mem::take(&mut *lock(&unwritten)),
        })))
    }
}

/// Looks into the buffer of stdout before each call.
fn look(seen: Arc<Mutex<BTreeMap<usize, Vec<u8>>>>) -> Look {
    Box::new(move |call, thread| {
        if let Some(bytes) = unwritten(thread) {
            lock(&seen).insert(call, bytes);
        }
    })
}

fn lock<T>(it: &Mutex<T>) -> MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}
