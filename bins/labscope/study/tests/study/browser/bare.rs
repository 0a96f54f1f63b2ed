//! Pages without their script, and pages on paper.

use serde_json::json;

use super::tab::{DESKTOP, PHONE, Tab, Window};

/// Which of these parts take no room.
const UNSEEN: &str = "['#c ol li', '#rust ol li', '#guide p', '#do', '#try-next', '#runs', '.run', '.transcript', 'figure svg.timeline', '#scenarios', '#ledger', '#differences'].filter((part) => !(document.querySelector(part)?.getBoundingClientRect().height > 0))";

#[test]
fn without_a_script_everything_can_be_read() {
    let Some(mut tab) = Tab::open(PHONE) else {
        return;
    };
    tab.call(
        "Emulation.setScriptExecutionDisabled",
        json!({ "value": true }),
    );
    for window in [PHONE, DESKTOP] {
        tab.resize(window);
        for page in ["fork_test.html", "echo_server_fork.ko.html"] {
            tab.visit(page);
            assert!(
                tab.is("!document.documentElement.classList.contains('js')"),
                "the script ran"
            );
            assert_eq!(tab.texts(UNSEEN), [""; 0], "{page}");
            assert!(
                tab.is("document.querySelector('.tabs').getBoundingClientRect().height === 0"),
                "tabs that do nothing"
            );
            let idle = tab.texts("['#stepper', '#track', '#state', '#strip', '.copy', '.head-lines'].filter((part) => document.querySelector(part)?.getClientRects().length > 0)");
            assert_eq!(idle, [""; 0], "parts that only the script fills");
            assert!(tab.is("document.documentElement.scrollWidth <= innerWidth"));
        }
    }
}

#[test]
fn on_paper_there_is_the_text_and_nothing_to_press() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    for window in [DESKTOP, PHONE] {
        tab.resize(window);
        tab.visit("fork_test.html");
        let line = tab.line("c", "pid = fork()");
        tab.click(&format!("#{line}"));
        tab.media("print", &[]);
        assert_eq!(tab.texts(UNSEEN), [""; 0]);
        let shown = tab.texts("['.stepper', '.track', '.state', '.copy', '.head-lines', '.top', '.contents', '.tabs', '#dock', '.hint', '.skip'].filter((part) => document.querySelector(part).getClientRects().length > 0)");
        assert_eq!(shown, [""; 0], "nothing to press");
        let opened = "[...document.querySelectorAll('details.sides td')].every((one) => one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }) && one.getBoundingClientRect().height > 0)";
        assert!(tab.is(opened), "the tables of calls are closed");
        let answers = tab.value("[...document.querySelectorAll('.guide details > :not(summary)')].filter((one) => one.checkVisibility()).length");
        assert_eq!(answers, 0, "answers are given away");
        let fits = "[...document.querySelectorAll('svg.timeline:not(.whole > svg)')].every((one) => one.getBoundingClientRect().right <= innerWidth)";
        assert!(tab.is(fits), "a timeline is wider than the page");
        let beside = "document.getElementById('c').getBoundingClientRect().right <= document.getElementById('rust').getBoundingClientRect().left";
        assert!(tab.is(beside), "C and Rust stand beside each other");
        tab.media("", &[]);
    }
}

#[test]
fn on_paper_a_long_timeline_is_rows_that_can_be_read() {
    let Some(mut tab) = Tab::open(Window::of(700, 1000)) else {
        return;
    };
    tab.visit("echo_server_fork.html");
    let seen = |part: &str| {
        format!(
            "[...document.querySelectorAll('figure.timeline > {part} > svg')].filter((one) => one.checkVisibility() && one.parentNode.clientHeight > 0)"
        )
    };
    let (whole, rows) = (seen(".whole"), seen(".rows"));
    assert!(
        tab.is(&format!("{whole}.length > 2 && {rows}.length === 0")),
        "on the screen"
    );
    tab.media("print", &[]);
    assert!(
        tab.is(&format!("{whole}.length === 0 && {rows}.length > 6")),
        "on paper"
    );
    // A letter of a lane keeps six tenths of its size, and each row has the names of the lanes.
    let small = format!(
        "{rows}.filter((one) => one.clientWidth < one.viewBox.baseVal.width * .55 || one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML)"
    );
    assert_eq!(tab.texts(&small), [""; 0]);
    let named = format!(
        "{rows}.filter((one) => one.querySelectorAll('svg').length === 2).every((one) => one.querySelector('svg').viewBox.baseVal.x === 0)"
    );
    assert!(tab.is(&named));
}

/// What is wrong with a page on paper: parts that overlap, lines of a listing that are left out or reach below their
/// numbers, bars that belong to other lists, a dark ground.
const FLAWS: &str = r"(() => {
  const flaws = [];
  const box = (one) => one.getBoundingClientRect();
  const seen = (all) => [...all].filter((one) => one.checkVisibility() && box(one).height > 0);
  const parts = seen(document.querySelector('main').children);
  parts.forEach((one, place) => {
    if (place > 0 && box(one).top < box(parts[place - 1]).bottom - 1) flaws.push(`${one.id || one.className} overlaps`);
  });
  const [c, rust, guide] = ['c', 'rust', 'guide'].map((id) => document.getElementById(id));
  if (box(guide).top < Math.max(box(c).bottom, box(rust).bottom) - 1) flaws.push('the guide overlaps the listings');
  if (box(document.querySelector('.columns')).bottom < box(guide).bottom - 1) flaws.push('the guide is longer than its part');
  for (const line of document.querySelectorAll('ol.code > li')) {
    const text = document.createRange();
    text.selectNodeContents(line.querySelector('code'));
    const number = box(line).left + parseFloat(getComputedStyle(line, '::before').width);
    const outside = [...text.getClientRects()].some((room) => room.width > 0 && room.left < number - 1);
    if (outside || box(line).bottom > box(line.parentElement).bottom + 1) flaws.push(line.id);
  }
  for (const dt of seen(document.querySelectorAll('#strip dt'))) if (getComputedStyle(dt).borderLeftWidth !== '0px') flaws.push(dt.textContent);
  // The rows of a picture are drawn from the one that they name.
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  for (const [place, id] of ids.entries()) if (ids.indexOf(id) < place) flaws.push(`two are called ${id}`);
  // A number that needs two lines makes its line higher.
  for (const list of document.querySelectorAll('ol.code')) {
    const empty = [...list.children].filter((line) => line.textContent.trim() === '').map((line) => line.offsetHeight);
    if (new Set(empty).size > 1) flaws.push(`empty lines of ${list.dataset.side} are ${Math.min(...empty)} to ${Math.max(...empty)} high`);
  }
  const ground = getComputedStyle(document.body);
  if (ground.backgroundColor !== 'rgb(255, 255, 255)' || ground.color !== 'rgb(0, 0, 0)') flaws.push('dark');
  return flaws;
})()";

#[test]
fn on_paper_a_page_is_whole_whose_run_was_open() {
    const LABS: [&str; 9] = [
        "fork_test",
        "child_wait",
        "echo_server_fork",
        "myshell",
        "pipe",
        "thread1",
        "count_thread_race",
        "cal_linux_server",
        "echo_server_robust",
    ];
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    for page in LABS
        .iter()
        .flat_map(|lab| [format!("{lab}.html"), format!("{lab}.ko.html")])
    {
        tab.resize(DESKTOP);
        tab.visit(&page);
        tab.value("document.querySelector('.tabs [data-tab=run]').click()");
        tab.value("(() => { for (const part of [.3, .6, 1]) { const slider = document.getElementById('step-slider'); slider.value = Math.ceil(slider.max * part); slider.dispatchEvent(new Event('input')); document.querySelector('.stepper .mark').click(); } })()");
        tab.media("print", &[("prefers-color-scheme", "dark")]);
        tab.until("document.querySelectorAll('#strip article').length === 3");
        // As wide as the window, and as Letter and A4 without their margins.
        for width in [1440, 720, 690] {
            tab.resize(Window::of(width, 900));
            assert_eq!(tab.texts(FLAWS), [""; 0], "{page} at {width}");
        }
        tab.media("", &[("prefers-reduced-motion", "reduce")]);
    }
}
