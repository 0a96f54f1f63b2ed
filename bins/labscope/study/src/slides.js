// One slide at a time: keys show its answer, then its picture, then the next one. The address holds the slide.
"use strict";
{
  const slides = [...document.querySelectorAll(".slide")];
  // What a slide shows: the question, the answer beside it, the picture alone.
  const FORMS = [[], ["told"], ["told", "pictured"]];
  let now = slides[0];
  let form = 0;

  const last = (slide) => (slide.querySelector(".answer") === null ? 0 : FORMS.length - 1);
  const show = (slide, wanted) => {
    now.classList.remove("now", ...FORMS.flat());
    [now, form] = [slide, wanted];
    now.classList.add("now", ...FORMS[form]);
    history.replaceState(null, "", `#${now.id}`);
  };
  const named = () => slides.find((slide) => `#${slide.id}` === location.hash) ?? slides[0];
  const forward = () => {
    const next = slides[slides.indexOf(now) + 1];
    if (form < last(now)) show(now, form + 1);
    else if (next) show(next, 0);
  };
  const back = () => {
    const former = slides[slides.indexOf(now) - 1];
    if (form > 0) show(now, form - 1);
    else if (former) show(former, last(former));
  };
  const keys = {
    ArrowRight: forward, ArrowDown: forward, PageDown: forward, " ": forward, Enter: forward,
    ArrowLeft: back, ArrowUp: back, PageUp: back,
    Home: () => show(slides[0], 0), End: () => show(slides.at(-1), 0),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  addEventListener("click", (event) => {
    if (!event.target.closest("a") && getSelection().isCollapsed) forward();
  });
  addEventListener("hashchange", () => show(named(), 0));

  document.documentElement.classList.add("js");
  show(named(), 0);
}
