//! Windows of every width.

use super::tab::{DESKTOP, PHONE, Tab, Window};
use crate::pages;

#[test]
fn no_page_is_wider_than_its_window() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    for (page, _) in pages::pages() {
        tab.visit(page);
        // Everything that can be opened is open.
        tab.value("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        for width in [
            360, 390, 480, 600, 699, 700, 768, 1000, 1024, 1099, 1100, 1280, 1440, 1600,
        ] {
            tab.resize(Window {
                is_phone: width < 500,
                ..Window::of(width, 800)
            });
            let wide = tab.value("[document.documentElement.scrollWidth, innerWidth]");
            let (content, window) = (wide[0].as_f64(), wide[1].as_f64());
            assert_eq!(window, Some(f64::from(width)), "{page}");
            assert!(content <= window, "{page} at {width}: {wide}");
        }
    }
}

#[test]
fn on_a_phone_one_of_three_is_shown() {
    let Some(mut tab) = Tab::open(PHONE) else {
        return;
    };
    tab.visit("fork_test.html");
    let shown = "['c', 'rust', 'guide'].filter((id) => document.getElementById(id).getBoundingClientRect().height > 0)";
    assert_eq!(tab.texts(shown), ["c"]);
    for part in ["rust", "guide", "c"] {
        tab.tap(&format!(".tabs [data-tab='{part}']"));
        tab.until(&format!(
            "document.querySelector('.columns').dataset.show === '{part}'"
        ));
        assert_eq!(tab.texts(shown), [part]);
        assert_eq!(tab.texts("[...document.querySelectorAll('.tabs [aria-pressed=true]')].map((one) => one.dataset.tab)"), [part]);
    }
    // A link into the guide shows the guide.
    tab.tap(".contents a[href='#do']");
    tab.until("document.querySelector('.columns').dataset.show === 'guide'");
    assert_eq!(tab.texts(shown), ["guide"]);
    tab.until(
        "Math.abs(document.getElementById('do').getBoundingClientRect().top) < innerHeight / 2",
    );
    // A finger is 44 points wide.
    let small = tab.texts("[...document.querySelectorAll('.tabs button, .top a, .contents a, summary')].filter((one) => { const box = one.getBoundingClientRect(); return box.height > 0 && box.height < 44; }).map((one) => one.outerHTML)");
    assert_eq!(small, [""; 0]);
}

#[test]
fn on_a_desk_all_three_stand_beside_each_other() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    tab.visit("fork_test.html");
    let beside = "(() => { const [c, rust, guide] = ['c', 'rust', 'guide'].map((id) => document.getElementById(id).getBoundingClientRect());
        return c.width > 300 && rust.width > 300 && guide.width > 300
            && c.right <= rust.left && rust.right <= guide.left && c.top === rust.top && rust.top === guide.top; })()";
    for width in [1100, 1440, 1600] {
        tab.resize(Window::of(width, 900));
        assert!(tab.is(beside), "at {width}");
    }
    assert!(tab.is("getComputedStyle(document.querySelector('.tabs')).display === 'none'"));
    // The listings stay while the guide goes by.
    tab.value("scrollTo({ top: 700, behavior: 'instant' })");
    assert!(tab.is("(() => { const box = document.querySelector('#c ol').getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; })()"));
}

/// The lines of a listing whose words lie outside of its box, or below an empty row of their own.
const CUT: &str = r"(() => {
  const bad = [];
  for (const line of document.querySelectorAll('ol.code > li:not([hidden])')) {
    const box = line.parentElement.getBoundingClientRect();
    if (box.width === 0) continue;
    const [left, right] = [box.left, box.left + line.parentElement.clientWidth];
    const code = line.querySelector('code');
    const range = document.createRange();
    const words = (of) => [...of.textContent.matchAll(/\S+/g)].flatMap(({ index, 0: word }) => {
      range.setStart(of, index);
      range.setEnd(of, index + word.length);
      return [...range.getClientRects()];
    });
    const nodes = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    const rooms = [];
    while (nodes.nextNode()) rooms.push(...words(nodes.currentNode));
    const isCut = rooms.some((room) => room.left < left + 1 || room.right > right + 1);
    const isBelow = rooms.length > 0 && rooms[0].top - code.getBoundingClientRect().top > rooms[0].height;
    if (isCut || isBelow) bad.push(line.id);
  }
  return bad;
})()";

#[test]
fn no_line_of_a_listing_is_cut() {
    let Some(mut tab) = Tab::open(DESKTOP) else {
        return;
    };
    let english = pages::pages_of_labs().filter(|(page, _)| !page.ends_with(".ko.html"));
    for (page, _) in english {
        tab.visit(page);
        for shown in ["guide", "run"] {
            tab.value(&format!(
                "document.querySelector('.tabs [data-tab={shown}]').click()"
            ));
            for width in [1024, 1440] {
                tab.resize(Window::of(width, 900));
                for scheme in ["light", "dark"] {
                    tab.prefers(scheme);
                    let cut = tab.texts(CUT);
                    assert_eq!(cut, [""; 0], "{page} at {width}, {scheme}, {shown}");
                }
            }
        }
    }
}

/// Beside some labs stand real programs, in a table of many columns.
#[test]
fn on_a_phone_a_table_of_many_columns_scrolls_by_itself() {
    let Some(mut tab) = Tab::open(PHONE) else {
        return;
    };
    let tables = pages::pages().filter(|(_, text)| text.contains("id=\"beside\""));
    let tables: Vec<&str> = tables.map(|(page, _)| page).collect();
    assert!(tables.contains(&"daemon.html") && tables.contains(&"myshell.ko.html"));
    for page in tables {
        tab.visit(page);
        tab.tap(".tabs [data-tab='guide']");
        tab.until("document.querySelector('.columns').dataset.show === 'guide'");
        let boxes = "[...document.querySelectorAll('#beside ~ .wide')]";
        assert!(tab.is(&format!("{boxes}.length > 0")), "{page}");
        tab.value(&format!(
            "{boxes}.forEach((one) => {{ one.scrollLeft = one.scrollWidth; }})"
        ));
        assert!(
            tab.is("document.documentElement.scrollWidth <= innerWidth"),
            "{page}"
        );
        // Its last column is seen, and the program that it is about.
        let unseen = tab.texts(&format!(
            "{boxes}.filter((one) => {{
                const [room, row] = [one.getBoundingClientRect(), [...one.querySelectorAll('tr')].pop()];
                const [first, last] = [row.firstElementChild, row.lastElementChild].map((cell) => cell.getBoundingClientRect());
                return !(one.scrollLeft > 0 && Math.abs(first.left - room.left) < 1 && last.right < room.right + 1 && last.left >= first.right);
            }}).map((one) => one.outerHTML)"
        ));
        assert_eq!(unseen, [""; 0], "{page}");
    }
}
