//! The colours of processes on a terminal: those of the pictures, as near as its palette of 256 has them.

/// Blue, orange, green, purple, olive, teal: read on a dark ground as on a light one.
const PROCESSES: [&str; 6] = [
    "1;38;5;33",
    "1;38;5;166",
    "1;38;5;35",
    "1;38;5;133",
    "1;38;5;136",
    "1;38;5;37",
];

/// What makes a text bold and of the colour of the process of that number, from 1; after six they come again.
pub fn of_process(number: usize) -> &'static str {
    PROCESSES[number.saturating_sub(1) % PROCESSES.len()]
}
