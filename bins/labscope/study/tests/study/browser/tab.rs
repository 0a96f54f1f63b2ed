//! One tab of Chromium: what a reader does in it, and what is to be seen.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::chromium::{Chromium, PATIENCE};
use crate::pages;

/// A Chromium with one tab, which knows nothing of the tabs before it.
pub struct Tab {
    /// Until the tab is closed.
    chromium: Option<Chromium>,
    session: String,
    context: Value,
}

/// A window in points, and how many dots of the screen a point has.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub width: u32,
    pub height: u32,
    pub is_phone: bool,
}

pub const DESKTOP: Window = Window::of(1440, 900);
pub const PHONE: Window = Window {
    width: 390,
    height: 844,
    is_phone: true,
};

impl Window {
    pub const fn of(width: u32, height: u32) -> Window {
        Window {
            width,
            height,
            is_phone: false,
        }
    }
}

impl Tab {
    /// None where Chromium is not installed.
    pub fn open(window: Window) -> Option<Tab> {
        let mut chromium = Chromium::idle()?;
        let created = chromium.call("", "Target.createBrowserContext", json!({}));
        let context = created["browserContextId"].clone();
        let blank = json!({ "url": "about:blank", "browserContextId": context });
        let target = chromium.call("", "Target.createTarget", blank);
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = chromium.call("", "Target.attachToTarget", attach);
        let session = attached["sessionId"].as_str().expect("a session");
        let mut tab = Tab {
            session: session.to_owned(),
            chromium: Some(chromium),
            context,
        };
        for part in ["Page", "Runtime", "Log", "Network"] {
            tab.call(&format!("{part}.enable"), json!({}));
        }
        tab.call(
            "Emulation.setFocusEmulationEnabled",
            json!({ "enabled": true }),
        );
        // Nothing moves by itself: what a promise is about is there at once.
        tab.media("", &[("prefers-reduced-motion", "reduce")]);
        tab.resize(window);
        Some(tab)
    }

    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        let chromium = self.chromium.as_mut().expect("it is open");
        chromium.call(&self.session, method, parameters)
    }

    pub fn resize(&mut self, window: Window) {
        let metrics = json!({
            "width": window.width, "height": window.height, "mobile": window.is_phone,
            "deviceScaleFactor": if window.is_phone { 2 } else { 1 },
        });
        self.call("Emulation.setDeviceMetricsOverride", metrics);
        let touch = json!({ "enabled": window.is_phone });
        self.call("Emulation.setTouchEmulationEnabled", touch);
    }

    /// The medium (`print`, or empty for the screen) and what its reader prefers.
    pub fn media(&mut self, medium: &str, features: &[(&str, &str)]) {
        let features: Vec<Value> = features
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        let media = json!({ "media": medium, "features": features });
        self.call("Emulation.setEmulatedMedia", media);
    }

    /// A reader who prefers `light` or `dark`.
    pub fn prefers(&mut self, scheme: &str) {
        let still = ("prefers-reduced-motion", "reduce");
        self.media("", &[("prefers-color-scheme", scheme), still]);
    }

    /// Opens a page of the study, `fork_test.html#c14`, and waits until it is loaded.
    pub fn visit(&mut self, page: &str) {
        self.visit_in(pages::folder(), page);
    }

    /// Opens a page that lies in another folder.
    pub fn visit_in(&mut self, folder: &Path, page: &str) {
        let url = format!("file://{}/{page}", folder.display());
        // A page does not load again for another fragment.
        self.navigate("about:blank");
        self.navigate(&url);
    }

    fn navigate(&mut self, url: &str) {
        let went = self.call("Page.navigate", json!({ "url": url }));
        assert!(went["errorText"].is_null(), "{url}: {went}");
        self.loaded();
    }

    /// Waits for the page that is on its way.
    pub fn loaded(&mut self) {
        let chromium = self.chromium.as_mut().expect("it is open");
        chromium.wait("a page that has loaded", |event| {
            event["method"] == "Page.loadEventFired"
        });
    }

    /// The parameters of all events of that name so far.
    pub fn told(&self, method: &str) -> Vec<&Value> {
        let events = self.chromium.iter().flat_map(|one| &one.events);
        let named = events.filter(|event| event["method"] == method);
        named.map(|event| &event["params"]).collect()
    }

    /// The value of an expression.
    pub fn value(&mut self, expression: &str) -> Value {
        let evaluate =
            json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let told = self.call("Runtime.evaluate", evaluate);
        assert!(
            told["exceptionDetails"].is_null(),
            "{expression}: {}",
            told["exceptionDetails"]
        );
        told["result"]["value"].clone()
    }

    pub fn text(&mut self, expression: &str) -> String {
        let value = self.value(expression);
        let text = value.as_str().map(str::to_owned);
        text.unwrap_or_else(|| panic!("{expression} is no text but {value}"))
    }

    pub fn texts(&mut self, expression: &str) -> Vec<String> {
        let value = self.value(expression);
        let texts = value
            .as_array()
            .unwrap_or_else(|| panic!("{expression}: {value}"));
        texts
            .iter()
            .map(|text| text.as_str().expect("a text").to_owned())
            .collect()
    }

    pub fn is(&mut self, expression: &str) -> bool {
        self.value(expression) == json!(true)
    }

    /// Waits, picture by picture, until an expression is true.
    pub fn until(&mut self, expression: &str) {
        let most = PATIENCE.as_millis() / 2;
        let waits = format!(
            "new Promise((done) => {{ const end = Date.now() + {most}; const look = () => {{ \
             if ({expression}) done(true); else if (Date.now() > end) done(false); \
             else requestAnimationFrame(look); }}; look(); }})"
        );
        assert!(self.is(&waits), "it never came to be: {expression}");
    }

    /// The ids of the elements that a selector finds.
    pub fn ids(&mut self, selector: &str) -> Vec<String> {
        self.texts(&format!(
            "[...document.querySelectorAll(`{selector}`)].map((one) => one.id)"
        ))
    }

    /// The id of the first line of a listing (`c`, `rust`) with that text.
    pub fn line(&mut self, listing: &str, text: &str) -> String {
        self.text(&format!(
            "[...document.querySelectorAll('#{listing} ol.code > li')].find((line) => line.textContent.includes(`{text}`))?.id"
        ))
    }

    /// The middle of an element, brought into view; what lies there is really that element.
    fn middle(&mut self, selector: &str) -> (f64, f64) {
        let found = self.value(&format!(
            "(() => {{ const one = document.querySelector(`{selector}`); one.scrollIntoView({{ block: 'center' }});
             const box = one.getClientRects()[0]; const left = Math.max(0, box.left), right = Math.min(innerWidth, box.right);
             const at = [left + Math.min(40, (right - left) / 2), box.top + box.height / 2];
             const there = document.elementFromPoint(...at);
             return one === there || one.contains(there) ? at : `there is ${{there?.outerHTML}}`; }})()"
        ));
        match (found[0].as_f64(), found[1].as_f64()) {
            (Some(x), Some(y)) => (x, y),
            _ => panic!("{selector} cannot be pointed at: {found}"),
        }
    }

    fn mouse(&mut self, kind: &str, (x, y): (f64, f64)) {
        let button = if kind == "mouseMoved" { "none" } else { "left" };
        let event = json!({ "type": kind, "x": x, "y": y, "button": button, "clickCount": 1 });
        self.call("Input.dispatchMouseEvent", event);
    }

    /// Moves the mouse there from the corner of the window: a pointer that rests while the page scrolls points at nothing.
    pub fn hover(&mut self, selector: &str) {
        let at = self.middle(selector);
        self.mouse("mouseMoved", (0.0, 0.0));
        self.mouse("mouseMoved", at);
    }

    /// Turns the mouse's wheel there.
    pub fn wheel(&mut self, selector: &str, by: i32) {
        let (x, y) = self.middle(selector);
        let event = json!({ "type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": by });
        self.call("Input.dispatchMouseEvent", event);
    }

    pub fn click(&mut self, selector: &str) {
        let at = self.middle(selector);
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            self.mouse(kind, at);
        }
    }

    /// With a finger.
    pub fn tap(&mut self, selector: &str) {
        let (x, y) = self.middle(selector);
        for (kind, fingers) in [
            ("touchStart", vec![json!({ "x": x, "y": y })]),
            ("touchEnd", vec![]),
        ] {
            let event = json!({ "type": kind, "touchPoints": fingers });
            self.call("Input.dispatchTouchEvent", event);
        }
    }

    /// A key by its name: `Tab`, `Enter`, `ArrowDown`.
    pub fn press(&mut self, key: &str) {
        let number = match key {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            "PageUp" => 33,
            "PageDown" => 34,
            "m" => 77,
            "End" => 35,
            "Home" => 36,
            "ArrowLeft" => 37,
            "ArrowUp" => 38,
            "ArrowRight" => 39,
            "ArrowDown" => 40,
            _ => panic!("the key {key} has no number here"),
        };
        for kind in ["rawKeyDown", "keyUp"] {
            let event =
                json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": number });
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Writes what is to be seen into a file.
    pub fn shoot(&mut self, file: &Path) {
        let shot = self.call("Page.captureScreenshot", json!({}));
        write(file, &shot);
    }

    /// Writes the page as it is printed into a file.
    pub fn print(&mut self, file: &Path) {
        let printed = self.call("Page.printToPDF", json!({ "preferCSSPageSize": true }));
        write(file, &printed);
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        let Some(mut chromium) = self.chromium.take() else {
            return;
        };
        // After a failure nobody knows what it is like: it ends.
        if !std::thread::panicking() {
            let own = json!({ "browserContextId": self.context });
            chromium.call("", "Target.disposeBrowserContext", own);
            chromium.release();
        }
    }
}

fn write(file: &Path, told: &Value) {
    let data = told["data"].as_str().expect("a picture");
    let bytes = BASE64_STANDARD.decode(data).expect("base64");
    fs::write(file, bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}
