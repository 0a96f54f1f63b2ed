//! ^C and its like: noted here, acted upon between two steps, so that everything is cleaned up on the way out.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

static ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Somebody does not want to wait for the end.
#[derive(Debug)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// From now on the signals are only noted.
pub fn watch() -> Result<()> {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&ASKED)).context("cannot catch ^C")?;
    }
    Ok(())
}

pub fn is_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

/// Fails when somebody has interrupted.
pub fn check() -> Result<()> {
    if is_asked() {
        Err(Interrupted.into())
    } else {
        Ok(())
    }
}
