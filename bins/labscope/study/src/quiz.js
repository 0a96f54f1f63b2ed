// The questions before the guide: an answer is checked, what decides it is told, and the score stays in this browser.
(() => {
  "use strict";
  const quiz = document.getElementById("quiz");
  if (!quiz) return;
  const words = JSON.parse(quiz.dataset.words);
  const questions = [...quiz.querySelectorAll(".question")];
  const score = quiz.querySelector(".score");
  const store = `rawlabs.quiz.${quiz.dataset.lab}`;
  const fill = (text, parts) => text.replace(/\{(\w+)\}/g, (_, name) => parts[name] ?? "");

  // --- What is kept: by question whether its first answer was right --------------------------------
  let kept = {};
  let isKept = true;
  function keep(change) {
    try { change(); } catch { isKept = false; } // a browser may refuse a page from the disk
  }
  keep(() => { kept = JSON.parse(localStorage.getItem(store)) ?? {}; });

  function showScore() {
    const answered = questions.filter(({ dataset: { key } }) => key in kept);
    const right = answered.filter(({ dataset: { key } }) => kept[key]).length;
    score.hidden = answered.length === 0;
    const told = fill(words.score, { right, asked: answered.length, all: questions.length });
    score.firstElementChild.textContent = `${told} ${isKept ? words.kept : words.lost}`;
    for (const one of questions) one.dataset.answered = one.dataset.key in kept ? (kept[one.dataset.key] ? "right" : "wrong") : "";
  }

  function take(question, isRight) {
    const { key } = question.dataset;
    if (key in kept) return; // the first answer counts
    kept[key] = isRight;
    keep(() => localStorage.setItem(store, JSON.stringify(kept)));
    showScore();
  }

  // --- An answer -------------------------------------------------------------------------------------
  const plain = (text) => text.trim().split(/\s+/).join(" ");
  const readers = {
    number: (question) => {
      const text = question.querySelector("input").value.trim();
      return /^-?\d+$/.test(text) ? String(Number(text)) : null;
    },
    choice: (question) => question.querySelector("input:checked")?.value ?? null,
    order: (question) => {
      const places = [...question.querySelectorAll("select")].map((one) => Number(one.value));
      const options = places.map((_, place) => places.indexOf(place + 1) + 1); // by place, which line stands there
      return options.includes(0) ? null : options.join(" ");
    },
    line: (question) => plain(question.querySelector("input").value) || null,
  };

  function check(question) {
    const { kind, right } = question.dataset;
    const answer = readers[kind](question);
    const told = question.querySelector(".told");
    if (answer === null) {
      told.textContent = words[kind];
      return;
    }
    const isRight = answer === plain(right);
    const texts = [...question.querySelectorAll("details > p, details > ol > li")].map((one) => one.textContent);
    told.textContent = isRight ? words.right : fill(words.wrong, { answer: texts.join(" · ") });
    take(question, isRight);
    question.querySelector("details").open = true;
  }

  for (const question of questions) {
    const button = question.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => check(question));
    question.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches("input")) return;
      event.preventDefault();
      check(question);
    });
    const details = question.querySelector("details");
    details.addEventListener("toggle", () => { if (details.open) take(question, false); }); // who looks has not predicted
  }

  score.querySelector("button").addEventListener("click", () => {
    kept = {};
    keep(() => localStorage.removeItem(store));
    for (const question of questions) {
      question.querySelector("details").open = false;
      question.querySelector(".told").textContent = "";
      for (const input of question.querySelectorAll("input, select")) {
        if (input.type === "radio") input.checked = false;
        else input.value = "";
      }
    }
    showScore();
    questions[0]?.querySelector("input, select").focus();
  });
  showScore();
})();
