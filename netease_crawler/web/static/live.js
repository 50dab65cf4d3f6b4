"use strict";
// Without it the page says how the crawl was when it was loaded.

const EVERY = 2000; // milliseconds from one answer to the next question
const AFTER_NONE = 5000;
const SAID_EVERY = 30000; // to who listens
const LONGEST = 15000;

const button = document.querySelector("[data-pause]");
const state = document.querySelector("[data-state]");
const said = document.querySelector("[data-said]");
let timer = 0;
let isPaused = false;
let isOver = button === null;
let saidAt = Date.now();
let asking = 0; // so that of two answers the later question's counts

const put = (section, fresh) => {
  if (section.isEqualNode(fresh)) return;
  const place = [...section.querySelectorAll("a")].indexOf(document.activeElement);
  section.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
  if (place !== -1) section.querySelectorAll("a")[place]?.focus({ preventScroll: true });
};

const show = (page) => {
  for (const section of document.querySelectorAll("[data-live]")) {
    const fresh = page.querySelector(`[data-live="${section.dataset.live}"]`);
    if (fresh) put(section, fresh);
  }
  isOver = !document.querySelector("[data-running]");
  state.textContent = isOver ? state.dataset.over : state.dataset.liveNow;
  if (isOver || Date.now() - saidAt > SAID_EVERY) {
    const sums = document.querySelector("[data-sums]").textContent.replace(/\s+/g, " ");
    said.textContent = isOver ? `${state.dataset.over} ${sums}` : sums;
    saidAt = Date.now();
  }
  button.hidden = isOver;
};

const refresh = async () => {
  clearTimeout(timer);
  const question = ++asking;
  const asked = Date.now();
  let pause = EVERY;
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(LONGEST) });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (isPaused || question !== asking) return;
    show(page);
    pause = Math.max(EVERY, 5 * (Date.now() - asked)); // a large crawl is not asked for all the time
  } catch {
    if (isPaused || question !== asking) return;
    state.textContent = state.dataset.away;
    pause = AFTER_NONE;
  }
  wait(pause);
};

const wait = (pause) => {
  clearTimeout(timer);
  if (!isOver && !isPaused && document.visibilityState === "visible") timer = setTimeout(refresh, pause);
};

if (!isOver) {
  button.hidden = state.hidden = false;
  state.textContent = state.dataset.liveNow;
  button.addEventListener("click", () => {
    isPaused = !isPaused;
    button.textContent = isPaused ? button.dataset.resume : button.dataset.pause;
    state.textContent = isPaused ? state.dataset.paused : state.dataset.liveNow;
    wait(0);
  });
  document.addEventListener("visibilitychange", () => wait(0));
  wait(EVERY);
}
