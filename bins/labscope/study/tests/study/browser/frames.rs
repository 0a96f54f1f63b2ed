//! How long a step takes, for whoever wants to know: no test holds a time against it.

use serde_json::Value;

use super::tab::{DESKTOP, Tab};

/// Goes on by a key at the beginning of a frame, and tells how many milliseconds the frame has taken: the script, the
/// layout and the painting. As many steps as the run has, from its beginning.
const FRAMES: &str = "(async () => {
  const begun = () => new Promise(requestAnimationFrame);
  const painted = () => new Promise((done) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = done; port2.postMessage(0); });
  const count = Number(document.getElementById('step-slider').max) - 1;
  const times = [];
  for (let step = 0; step < count; step++) {
    await begun();
    const from = performance.now();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    await painted();
    times.push(performance.now() - from);
  }
  return times;
})()";

#[test]
fn frames_of_steps_if_they_are_asked_for() {
    if std::env::var_os("RAWLABS_FRAMES").is_none() {
        return;
    }
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    for page in [
        "fork_test.html#step=tty.child.1",
        "fork_test.html#step=pipe.child.1",
        "echo_server_robust.html#step=tty.1",
    ] {
        tab.visit(page);
        let told = tab.value(FRAMES);
        let times = told
            .as_array()
            .expect("times")
            .iter()
            .filter_map(Value::as_f64);
        let mut times: Vec<f64> = times.collect();
        times.sort_by(f64::total_cmp);
        let (median, slowest) = (times[times.len() / 2], times[times.len() - 1]);
        println!(
            "{page}: {} steps, median {median:.1} ms, slowest {slowest:.1} ms; a frame at 60 Hz is 16.7 ms",
            times.len()
        );
    }
}
