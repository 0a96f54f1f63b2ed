//! Every link leads somewhere, and nowhere beyond the folder.

use std::collections::{BTreeMap, BTreeSet};

use crate::pages::{files, pages};
use crate::tags::tags;

/// The ids of every page; the other files have none.
fn ids() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut found = BTreeMap::new();
    for (name, text) in files() {
        let tags = match name.ends_with(".html") {
            true => tags(text),
            false => Vec::new(),
        };
        let ids = tags.iter().filter_map(|tag| tag.get("id"));
        found.insert(name.as_str(), ids.collect());
    }
    found
}

#[test]
fn every_link_and_fragment_resolves() {
    let ids = ids();
    for (name, text) in pages() {
        for tag in tags(text) {
            let Some(address) = tag.get("href").or(tag.get("src")) else {
                continue;
            };
            let (file, fragment) = address.split_once('#').unwrap_or((address, ""));
            // A step of a run is in the data of the page.
            if let Some(step) = fragment.strip_prefix("step=") {
                assert!(is_step(text, step), "{name}: there is no step {step}");
                continue;
            }
            let file = if file.is_empty() { name } else { file };
            let leads = ids
                .get(file)
                .is_some_and(|ids| fragment.is_empty() || ids.contains(fragment));
            assert!(leads, "{name}: {address} leads nowhere");
        }
    }
}

fn is_step(page: &str, address: &str) -> bool {
    let (run, step) = address.rsplit_once('.').expect("a run and a step");
    let data = page.split("id=\"steps\" type=\"application/json\">").nth(1);
    let data = data.and_then(|rest| rest.split("</script>").next());
    let data: serde_json::Value = serde_json::from_str(data.expect("data")).expect("JSON");
    let runs = data["runs"].as_array().expect("runs").iter();
    let steps = runs
        .filter(|one| one["id"] == run)
        .filter_map(|one| one["steps"].as_array());
    let count = steps.map(Vec::len).sum::<usize>();
    step.parse::<usize>()
        .is_ok_and(|step| (1..=count).contains(&step))
}

#[test]
fn lines_are_spoken_of_that_exist() {
    let ids = ids();
    for (name, text) in pages() {
        let here = &ids[name];
        for tag in tags(text) {
            let spoken = [tag.get("data-with"), tag.get("data-of")];
            let spoken = spoken.into_iter().flatten().flat_map(str::split_whitespace);
            for id in spoken {
                assert!(here.contains(id), "{name}: there is no line {id}");
            }
        }
    }
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    for (name, text) in pages() {
        for tag in tags(text) {
            for (attribute, value) in &tag.attributes {
                let loads = ["href", "src", "srcset", "style", "action", "data"];
                let loads = loads.contains(attribute) || attribute.ends_with(":href");
                assert!(
                    !loads || !value.contains("//"),
                    "{name}: {attribute}={value}"
                );
            }
        }
    }
    for name in ["study.css", "study.js", "stepper.js", "quiz.js"] {
        let text = &files()[name];
        for sign in ["http:", "https:", "@import", "url(//", "fetch("] {
            assert!(!text.contains(sign), "{name} has {sign}");
        }
    }
}
