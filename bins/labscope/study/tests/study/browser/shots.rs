//! The pages as pictures, for whoever wants to look at them.

use std::fs;
use std::path::Path;

use super::tab::{DESKTOP, PHONE, Tab, Window};
use crate::pages;

#[test]
fn pictures_of_all_pages_if_a_folder_is_named() {
    let Some(folder) = std::env::var_os("RAWLABS_SHOTS") else {
        return;
    };
    let folder = Path::new(&folder);
    fs::create_dir_all(folder).expect("the folder of RAWLABS_SHOTS");
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    let windows = [
        ("desk", DESKTOP),
        ("tablet", Window::of(1000, 800)),
        ("phone", PHONE),
    ];
    for (page, _) in pages::pages() {
        let name = page.trim_end_matches(".html");
        for (size, window) in windows {
            tab.resize(window);
            for scheme in ["light", "dark"] {
                tab.prefers(scheme);
                tab.visit(page);
                if tab.is("document.querySelector('li.calls') !== null") {
                    let line = tab.ids("#c li.calls").swap_remove(3);
                    tab.click(&format!("#{line}"));
                }
                tab.shoot(&folder.join(format!("{name}-{size}-{scheme}.png")));
                if tab.is("document.getElementById('steps') !== null") {
                    tab.press("Escape");
                    tab.value("(() => { const slider = document.getElementById('step-slider'); slider.value = slider.max / 2; slider.dispatchEvent(new Event('input')); })()");
                    tab.shoot(&folder.join(format!("{name}-{size}-{scheme}-step.png")));
                    tab.value("document.querySelector('.leave').click()");
                }
                if tab.is("document.querySelector('.run') !== null") {
                    tab.press("Escape");
                    tab.value("document.querySelector('.run').scrollIntoView()");
                    tab.shoot(&folder.join(format!("{name}-{size}-{scheme}-run.png")));
                }
            }
        }
        tab.resize(DESKTOP);
        tab.visit(page);
        tab.print(&folder.join(format!("{name}.pdf")));
    }
}
