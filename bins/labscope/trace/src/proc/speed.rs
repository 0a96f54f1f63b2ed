//! How slow this machine is.

use std::sync::OnceLock;
use std::time::Duration;

/// How many times as long as elsewhere everything takes here: `LABSCOPE_SLOW`, as for a machine that is emulated; else 1.
pub fn slowness() -> u32 {
    static TOLD: OnceLock<u32> = OnceLock::new();
    *TOLD.get_or_init(|| {
        let told = std::env::var("LABSCOPE_SLOW").ok();
        told.and_then(|told| told.parse().ok())
            .map_or(1, |told: u32| told.max(1))
    })
}

/// What takes so long on a usual machine, on this one.
pub fn here(usual: Duration) -> Duration {
    usual.saturating_mul(slowness())
}
