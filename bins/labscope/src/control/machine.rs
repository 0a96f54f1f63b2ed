//! The machine: its launcher, its terminal, and the tasks of the run that is on.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::sys::ptrace::Options;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::confinement::{Confinement, namespaces};
use crate::control::event::{End, Event, ToldCall};
use crate::control::settings::{Out, Settings};
use crate::control::table::{Process, State, Task};
use crate::control::terminal::Terminal;
use crate::i18n::{failure, run};
use crate::project::program_of_labscope;
use crate::run::Cap;
use crate::run::scratch::Scratch;
use crate::run::shell::launcher::{self, Launch, Output};
use crate::trace::tracer::ptrace;

/// A program that can be run again and again, process by process.
pub struct Machine {
    pub(super) settings: Settings,
    pub(super) launcher: Launcher,
    pub(super) terminal: Terminal,
    /// The file of its output, if that is a file.
    file: Option<PathBuf>,
    pub(super) workdir: PathBuf,
    /// In order of appearance.
    pub(super) tasks: Vec<Task>,
    pub(super) processes: Vec<Process>,
    pub(super) by_tid: HashMap<i32, usize>,
    /// Tasks that have stopped before their birth was heard of.
    pub(super) early: HashSet<i32>,
    pub(super) now: Duration,
    pub(super) output: Vec<u8>,
    /// How much of it was there before the call that is being made.
    pub(super) printed_before: usize,
    /// The key of a System V object was known before the call that is being made.
    pub(super) had_key: bool,
    /// How often a task has stopped.
    pub(super) stops: usize,
    pub(super) cap: Option<Cap>,
    /// Somebody has made pipes or sockets.
    pub(super) has_ends: bool,
    /// Somebody has changed files in the working directory.
    pub(super) has_written: bool,
    /// What a pipe, a segment … of this run is called in every run.
    pub(super) names: HashMap<String, String>,
    /// How many bytes lie in a pipe.
    pub(super) in_pipes: HashMap<u64, i64>,
    /// Objects of System V that were made, to be removed: `-m 7`.
    pub(super) made_ipc: Vec<(&'static str, i64)>,
    /// What happened in the step that is being made.
    pub(super) ended: Vec<usize>,
    /// Zombies whose parent has ended.
    pub(super) left_zombies: Vec<usize>,
    pub(super) created: Vec<Rc<str>>,
    pub(super) cut_off: Vec<Rc<str>>,
    pub(super) signals: Vec<(i32, String)>,
    // The last to be dropped: the folder.
    _scratch: Scratch,
}

/// The process that starts the program.
pub(super) struct Launcher {
    child: Child,
    pub pid: i32,
    socket: UnixStream,
    /// Whether each run has System V objects of its own.
    own_ipc: bool,
    /// It waits for a word.
    pub is_idle: bool,
    /// What it has started and what is not the program yet.
    pub starting: Option<i32>,
    /// The program, before its first instruction.
    pub started: Option<i32>,
}

/// What came of letting a task go on.
#[derive(Clone, Debug)]
pub enum Performed {
    /// It has made its call.
    Done(Box<Event>),
    /// Its call would wait: nothing has changed.
    Waits,
}

/// What a task is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is about to make this call.
    Before(ToldCall),
    /// It has begun this call, which waits.
    AsleepIn(ToldCall),
    /// It sleeps in this call until that moment.
    Sleeping {
        call: ToldCall,
        until: Duration,
    },
    /// It waits for the child of its vfork.
    InVfork,
    Stopped,
    Zombie,
    Gone,
}

impl Machine {
    /// A machine for a program.
    pub fn new(settings: Settings) -> Result<Machine> {
        let scratch = Scratch::new()?;
        let workdir = scratch.path("workdir");
        std::fs::create_dir(&workdir).context("mkdir(2)")?;
        for program in programs_of(&settings) {
            link(program, &workdir)?;
        }
        let mut terminal = Terminal::open()?;
        let file = (settings.out == Out::File).then(|| scratch.path("output"));
        let mut launcher = Launcher::start(&settings, &workdir, &scratch, &mut terminal, &file)?;
        launcher.seize()?;
        let mut machine = Machine {
            settings,
            launcher,
            terminal,
            file,
            workdir,
            tasks: Vec::new(),
            processes: Vec::new(),
            by_tid: HashMap::new(),
            early: HashSet::new(),
            now: Duration::ZERO,
            output: Vec::new(),
            printed_before: 0,
            had_key: false,
            stops: 0,
            cap: None,
            has_ends: false,
            has_written: false,
            names: HashMap::new(),
            in_pipes: HashMap::new(),
            made_ipc: Vec::new(),
            ended: Vec::new(),
            left_zombies: Vec::new(),
            created: Vec::new(),
            cut_off: Vec::new(),
            signals: Vec::new(),
            _scratch: scratch,
        };
        while !machine.launcher.is_idle {
            machine.take_next()?;
        }
        Ok(machine)
    }

    /// Begins a new run: the program stands before its first visible call.
    pub fn restart(&mut self) -> Result<()> {
        self.end_run()?;
        self.terminal.reset(&self.settings.input)?;
        self.clean_workdir()?;
        for place in 0..=self.settings.with.len() {
            let pid = self.start(place)?;
            let path: Rc<str> = (place + 1).to_string().into();
            self.processes
                .push(Process::new(pid, Rc::clone(&path), None));
            self.add_task(pid, place, path, State::Moving);
        }
        self.created.clear(); // by nobody's step
        for place in 0..self.tasks.len() {
            ptrace::go_on(self.tasks[place].tid, 0)
                .with_context(|| run::has_gone(&run::program()))?;
        }
        self.settle()
    }

    /// Starts one of the programs: it stands before its first instruction.
    fn start(&mut self, place: usize) -> Result<i32> {
        (self.launcher.is_idle, self.launcher.started) = (false, None);
        self.launcher.say(place)?;
        while !self.launcher.is_idle || self.launcher.starting.is_some() {
            self.take_next()?;
        }
        let Some(pid) = self.launcher.started else {
            self.terminal.take(1, &mut self.output);
            bail!("{}", String::from_utf8_lossy(&self.output));
        };
        Ok(pid)
    }

    /// Kills whoever is left of the run.
    pub fn end_run(&mut self) -> Result<()> {
        let is_alive = |task: &&Task| !matches!(task.state, State::Ended);
        for task in self.tasks.iter().filter(is_alive) {
            let _ = kill(Pid::from_raw(task.tid), Signal::SIGKILL);
        }
        while self.tasks.iter().any(|task| is_alive(&task)) || !self.early.is_empty() {
            self.bury()?;
        }
        if self.launcher.own_ipc {
            self.made_ipc.clear(); // they have gone with the last process of the run
        }
        for (kind, id) in self.made_ipc.drain(..) {
            let mut remove = Command::new("ipcrm");
            remove.arg(kind).arg(id.to_string()).stderr(Stdio::null());
            let _ = remove.status(); // most have removed it themselves
        }
        self.tasks.clear();
        self.processes.clear();
        self.by_tid.clear();
        self.names.clear();
        self.in_pipes.clear();
        (self.now, self.stops, self.cap, self.has_ends) = (Duration::ZERO, 0, None, false);
        self.output.clear();
        Ok(())
    }

    /// Removes what the run before has left in the working directory.
    fn clean_workdir(&mut self) -> Result<()> {
        if !std::mem::take(&mut self.has_written) {
            return Ok(());
        }
        for entry in std::fs::read_dir(&self.workdir)?.flatten() {
            let _ = match entry.file_type() {
                Ok(kind) if kind.is_dir() => std::fs::remove_dir_all(entry.path()),
                _ => std::fs::remove_file(entry.path()),
            };
        }
        programs_of(&self.settings)
            .into_iter()
            .try_for_each(|it| link(it, &self.workdir))
    }

    /// What has been printed until now: on the terminal and, if that is a file, into it.
    pub fn output(&self) -> Vec<u8> {
        let file = self.file.as_ref().and_then(|file| std::fs::read(file).ok());
        [self.output.as_slice(), &file.unwrap_or_default()].concat()
    }

    /// How many tasks there have been; their numbers are 1 to this.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether no run has begun.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// The name of a task in every run.
    pub fn path(&self, number: usize) -> Rc<str> {
        Rc::clone(&self.tasks[number - 1].path)
    }

    /// What to call a pid.
    pub(super) fn name_of(&self, pid: i32) -> Option<String> {
        let process = self.processes.iter().find(|it| it.pid == pid);
        let is_outside = pid == self.launcher.pid;
        let name = process.map(|it| format!("<{}>", it.path));
        name.or(is_outside.then(|| "<outside>".to_owned()))
    }

    /// The process, and the thread of it, that a task is.
    pub fn pid_and_tid(&self, number: usize) -> (i32, i32) {
        let task = &self.tasks[number - 1];
        (self.processes[task.process].pid, task.tid)
    }

    /// Whether processes or threads of this run have shared memory.
    pub fn shares_any_memory(&self) -> bool {
        let has_threads = |task: &Task| task.path.contains('/');
        let mut processes = self.processes.iter();
        self.tasks.iter().any(has_threads) || processes.any(Process::shares_memory)
    }

    /// The programs that it was begun with: the number of the process, and its name.
    pub fn programs(&self) -> impl Iterator<Item = (usize, String)> {
        let with = self.settings.with.iter().map(|(program, _)| program);
        let programs = std::iter::once(&self.settings.program).chain(with);
        let name = |program: &PathBuf| {
            program
                .file_name()
                .map(|it| it.to_string_lossy().into_owned())
        };
        let names = programs.map(move |program| name(program).unwrap_or_default());
        (1..).zip(names)
    }

    /// How process 1 has ended.
    pub fn end(&self) -> Option<End> {
        self.processes.first()?.end
    }

    /// The cap that the run has met.
    pub fn cap(&self) -> Option<Cap> {
        let (limits, printed) = (&self.settings.limits, self.output.len());
        let checks = [
            (self.processes.len() > limits.processes, Cap::Processes),
            (self.stops > limits.calls, Cap::Calls),
            (printed > limits.output, Cap::Output),
        ];
        let met = checks.into_iter().find(|(is_met, _)| *is_met);
        self.cap.or(met.map(|(_, cap)| cap))
    }

    /// The virtual time of the run.
    pub fn now(&self) -> Duration {
        self.now
    }
}

impl Launcher {
    fn start(
        settings: &Settings,
        workdir: &Path,
        scratch: &Scratch,
        terminal: &mut Terminal,
        file: &Option<PathBuf>,
    ) -> Result<Launcher> {
        let (socket, other) = UnixStream::pair().context("socketpair(2)")?;
        let stdout: Stdio = match settings.out {
            Out::Pipe => {
                let (reader, writer) = std::io::pipe().context("pipe(2)")?;
                let reader: std::os::fd::OwnedFd = reader.into();
                terminal.pipe = Some(File::from(reader));
                writer.into()
            }
            _ => Stdio::null(),
        };
        let own = (&settings.program, &settings.args);
        let with = settings.with.iter().map(|(program, args)| (program, args));
        let words = std::iter::once(own).chain(with).map(|(program, args)| {
            let name = program
                .file_name()
                .with_context(|| failure::has_no_name(program.display()))?;
            let path = format!("./{}", name.to_string_lossy());
            Ok([vec![path], args.clone()].concat())
        });
        let launch = Launch {
            terminal: terminal.name.clone(),
            workdir: workdir.to_owned(),
            programs: words.collect::<Result<_>>()?,
            stdout: match (settings.out, file) {
                (Out::Pipe, _) => Output::Inherited,
                (Out::File, Some(file)) => Output::File(file.clone()),
                _ => Output::Terminal,
            },
            processor: settings.limits.processor.as_secs().clamp(1, 2),
            memory: settings.limits.memory,
            file_size: settings.limits.file_size,
            own_ipc: settings.own_ipc && namespaces::can_be_had(&program_of_labscope()?),
            confinement: confinement(settings, workdir, scratch, terminal, file)?,
        };
        let path = scratch.path("launch.json");
        launch.write(&path)?;
        let labscope = program_of_labscope()?;
        let mut command = Command::new(&labscope);
        command.arg(launcher::ROLE).arg(&path).stdout(stdout);
        command
            .stdin(std::os::fd::OwnedFd::from(other))
            .stderr(terminal.slave()?);
        let child = command.spawn();
        let child = child.with_context(|| failure::cannot_start(labscope.display()))?;
        Ok(Launcher {
            pid: child.id() as i32,
            child,
            socket,
            own_ipc: launch.own_ipc,
            is_idle: false,
            starting: None,
            started: None,
        })
    }

    /// Traces it, and has it begin.
    fn seize(&mut self) -> Result<()> {
        let events = Options::PTRACE_O_TRACESYSGOOD
            | Options::PTRACE_O_TRACESECCOMP
            | Options::PTRACE_O_TRACEFORK
            | Options::PTRACE_O_TRACEVFORK
            | Options::PTRACE_O_TRACECLONE
            | Options::PTRACE_O_TRACEEXEC
            | Options::PTRACE_O_EXITKILL;
        nix::sys::ptrace::seize(Pid::from_raw(self.pid), events)
            .with_context(|| run::cannot_trace(self.pid))?;
        use std::io::Write;
        self.socket
            .write_all(&[0])
            .with_context(|| run::has_gone(&run::launcher()))
    }

    /// Has it start a program.
    fn say(&mut self, place: usize) -> Result<()> {
        use std::io::Write;
        self.socket
            .write_all(&[place as u8])
            .with_context(|| run::has_gone(&run::launcher()))?;
        ptrace::go_on(self.pid, 0).with_context(|| run::has_gone(&run::launcher()))
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.end_run();
        let _ = self.launcher.child.kill();
        let _ = self.launcher.child.wait();
    }
}

/// Each of its programs once.
fn programs_of(settings: &Settings) -> BTreeSet<&PathBuf> {
    settings.programs().collect()
}

/// What a program that is not trusted sees: its folder, the programs that lie there, and the tool that starts them.
fn confinement(
    settings: &Settings,
    workdir: &Path,
    scratch: &Scratch,
    terminal: &Terminal,
    file: &Option<PathBuf>,
) -> Result<Option<Confinement>> {
    let Some(means) = settings.confined else {
        return Ok(None);
    };
    let base = scratch.path("root");
    std::fs::create_dir(&base).context("mkdir(2)")?;
    let programs = programs_of(settings).into_iter();
    let programs: std::io::Result<Vec<PathBuf>> = programs.map(|it| it.canonicalize()).collect();
    let mut readable = programs.with_context(|| run::has_gone(&run::program()))?;
    readable.extend([scratch.folder().to_owned(), program_of_labscope()?]);
    let mut writable = vec![workdir.to_owned(), terminal.name.clone()];
    if let Some(file) = file {
        File::create(file).context("open(2)")?;
        writable.push(file.clone());
    }
    Ok(Some(Confinement {
        means,
        base,
        readable,
        writable,
        tmp: None,
        renews_ipc: settings.own_ipc,
    }))
}

/// Puts a link to a program into the working directory.
fn link(program: &Path, workdir: &Path) -> Result<()> {
    let target = program
        .canonicalize()
        .with_context(|| failure::is_not_built(program.display()))?;
    let name = program.file_name().context("argv[0]")?;
    let link = workdir.join(name);
    std::os::unix::fs::symlink(&target, &link)
        .with_context(|| failure::cannot_link(target.display()))
}
