//! A program of ours: its code, and the source lines of it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use addr2line::Location;
use anyhow::{Context, Result};

use crate::i18n::failure;
use crate::source::code::{Code, Elf, as_written};
use crate::source::dwarf;
use crate::source::dwarf::{Bytes, Main};
use crate::source::library::loader;
use crate::source::stack::Stack;
use crate::source::{Frame, Line};
use crate::text::file;

/// A program file, with its debug information if it has some.
pub(super) struct Image {
    path: PathBuf,
    code: Code,
    dwarf: Mutex<addr2line::Context<Bytes>>,
    /// None without debug information: then no call has a line.
    main: Option<Main>,
    /// Whether it has no loader: then it reads no library before `main`.
    is_static: bool,
    spots: Mutex<HashMap<u64, Arc<Spot>>>,
    closing_brace: OnceLock<Line>,
    only_exec: OnceLock<Stack>,
}

/// What the program's source has at an address: several frames where functions are inlined.
#[derive(Default)]
pub(super) struct Spot {
    /// The program's own frames, innermost first.
    pub frames: Vec<Frame>,
    /// The library function that is inlined into the innermost of them.
    pub callee: Option<String>,
    /// The function that the instruction calls.
    pub called: Option<String>,
    /// Whether the instruction is the program's own: also true if it has no line.
    pub is_own: bool,
}

impl Image {
    /// Reads a program.
    pub(super) fn read(path: &Path) -> Result<Image> {
        let bytes = file::bytes(path)?;
        let file =
            Elf::minimal_parse(&bytes).with_context(|| failure::is_no_program(path.display()))?;
        let dwarf = Arc::new(dwarf::sections(&file)?);
        let main = dwarf::main(&dwarf)?;
        Ok(Image {
            path: path.to_owned(),
            code: Code::read(&file)?,
            dwarf: Mutex::new(addr2line::Context::from_arc_dwarf(dwarf)?),
            main,
            is_static: loader(&file).is_none(),
            spots: Mutex::default(),
            closing_brace: OnceLock::new(),
            only_exec: OnceLock::new(),
        })
    }

    pub(super) fn is_static(&self) -> bool {
        self.is_static
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn dwarf(&self) -> MutexGuard<'_, addr2line::Context<Bytes>> {
        self.dwarf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The place in the file of what a frame of a stack tells.
    pub(super) fn offset(&self, told: u64, is_caller: bool) -> u64 {
        self.code.offset(told, is_caller)
    }

    /// The source of the instruction before the return address at this offset of the file.
    pub(super) fn spot(&self, offset: u64) -> Arc<Spot> {
        let mut spots = self.spots.lock().unwrap_or_else(PoisonError::into_inner);
        let spot = spots.entry(offset).or_insert_with(|| {
            let address = self.code.address(offset).filter(|&address| address > 0);
            Arc::new(address.map_or_else(Spot::default, |address| self.spot_before(address)))
        });
        spot.clone()
    }

    /// The source of the instruction that ends before an address.
    fn spot_before(&self, address: u64) -> Spot {
        let mut spot = Spot {
            called: self.code.called_before(address),
            ..Spot::default()
        };
        if self.main.is_none() {
            // All its code is its own, but for what the start-up code calls.
            spot.is_own = spot
                .called
                .as_deref()
                .is_some_and(|it| it != "__libc_start_main");
            return spot;
        }
        let address = address - 1;
        let mut further_in = None;
        let dwarf = self.dwarf();
        let Ok(mut frames) = dwarf.find_frames(address).skip_all_loads() else {
            return spot;
        };
        while let Ok(Some(frame)) = frames.next() {
            let function = frame
                .function
                .as_ref()
                .and_then(|name| name.demangle().ok());
            let function = as_written(&function.unwrap_or_default());
            let Some(location) = frame.location.filter(|location| self.is_own(location)) else {
                further_in = Some(function);
                continue;
            };
            if !spot.is_own {
                (spot.is_own, spot.callee) = (true, further_in.take());
            }
            // Without one, several lines share the instruction; those further out are not its own.
            let Some(line) = self.line(&location) else {
                break;
            };
            let is_main = function == "main";
            spot.frames.push(Frame { function, line });
            if is_main {
                break;
            }
        }
        spot
    }

    /// Whether a location is in the program's own source.
    fn is_own(&self, location: &Location) -> bool {
        let source = self.main.as_ref().map(|main| main.source.as_path());
        source.is_some() && location.file.map(Path::new) == source
    }

    /// The line of a location of the program's own source.
    fn line(&self, location: &Location) -> Option<Line> {
        Some(Line {
            file: self.main.as_ref()?.source.clone(),
            line: location.line.filter(|&line| line > 0)?,
            column: location.column.unwrap_or(0),
        })
    }

    /// `main` at its closing brace, where its lines are known.
    pub(super) fn return_from_main(&self) -> Option<Frame> {
        let main = self.main.as_ref()?;
        let line = self.closing_brace.get_or_init(|| {
            // rustc leaves no row for the brace in optimised code; gcc's last row is the brace.
            let in_source = main.is_rust.then(|| self.brace_in_source(main)).flatten();
            in_source.unwrap_or_else(|| self.last_row(main))
        });
        Some(Frame {
            function: "main".to_owned(),
            line: line.clone(),
        })
    }

    /// The function that a frame is in, at its closing brace: the next one at the left margin.
    pub(super) fn return_from(&self, frame: &Frame) -> Frame {
        let source = fs::read_to_string(&frame.line.file).unwrap_or_default();
        let lines = source.lines().zip(1..).skip(frame.line.line as usize);
        let mut braces = lines.filter(|(line, _)| line.starts_with('}'));
        let line = braces.next().map_or(frame.line.line, |(_, line)| line);
        let file = frame.line.file.clone();
        Frame {
            function: frame.function.clone(),
            line: Line {
                file,
                line,
                column: 1,
            },
        }
    }

    /// The first brace after `main` began that stands as far left as its first line.
    fn brace_in_source(&self, main: &Main) -> Option<Line> {
        let source = fs::read_to_string(&main.source).ok()?;
        let indent = |line: &str| line.len() - line.trim_start().len();
        let first = usize::try_from(main.declared).ok()?.checked_sub(1)?;
        let left = indent(source.lines().nth(first)?);
        let mut rest = source.lines().enumerate().skip(first + 1);
        let (place, _) =
            rest.find(|(_, line)| line.trim_start().starts_with('}') && indent(line) == left)?;
        Some(Line {
            file: main.source.clone(),
            line: u32::try_from(place + 1).ok()?,
            column: u32::try_from(left + 1).ok()?,
        })
    }

    /// The last line of `main` that has code.
    fn last_row(&self, main: &Main) -> Line {
        let code = main.code.clone().unwrap_or(0..u64::MAX);
        let dwarf = self.dwarf();
        let rows = dwarf.find_location_range(code.start, code.end).ok();
        let locations = rows.into_iter().flatten().map(|(_, _, location)| location);
        let own = locations.filter(|location| self.is_own(location));
        let lines = own.filter_map(|location| self.line(&location));
        lines.max_by_key(|line| line.line).unwrap_or_else(|| Line {
            file: main.source.clone(),
            line: main.declared,
            column: 0,
        })
    }

    /// The place that calls exec, if there is exactly one.
    pub(super) fn only_exec(&self) -> Stack {
        let found = self.only_exec.get_or_init(|| {
            let mut places = self.exec_calls().unwrap_or_default();
            places.dedup_by(|one, other| one.frames == other.frames);
            match places.pop() {
                Some(only) if places.is_empty() => only,
                _ => Stack::default(),
            }
        });
        found.clone()
    }

    /// Every place in the program's own source that calls a function of the exec family, by address.
    fn exec_calls(&self) -> Result<Vec<Stack>, gimli::Error> {
        let mut places = Vec::new();
        let dwarf = self.dwarf();
        let rows = dwarf.find_location_range(0, u64::MAX)?;
        let rows: Vec<_> = rows.map(|(start, length, _)| (start, length)).collect();
        drop(dwarf); // each place is looked up by itself
        for (start, length) in rows {
            let inlined = [(start + 1, self.spot_before(start + 1).callee)];
            let called =
                (start + 1..=start + length).map(|after| (after, self.code.called_before(after)));
            for (after, callee) in inlined.into_iter().chain(called) {
                if !callee.as_deref().is_some_and(is_exec) {
                    continue;
                }
                let Spot { frames, is_own, .. } = self.spot_before(after);
                if is_own {
                    let symbols = Vec::new();
                    places.push(Stack {
                        frames,
                        callee,
                        symbols,
                        is_own,
                    });
                }
            }
        }
        Ok(places)
    }
}

fn is_exec(function: &str) -> bool {
    function.starts_with("exec") || function == "fexecve"
}
