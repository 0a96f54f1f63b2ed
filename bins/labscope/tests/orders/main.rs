//! Every outcome of a program: those that are possible, all of them, and no others, in few runs.

mod bounds;
mod command;
mod files;
mod oracle;
mod programs;
mod schedules;
mod signals;
mod time;
mod waits;
