"use strict";
// Without it the page is whole: each bar of the timeline is a link.

// A period is chosen by dragging over its bars.
for (const chart of document.querySelectorAll("[data-timeline]")) {
  const bars = [...chart.querySelectorAll("a")];
  let first = null;
  let last = null;
  let isGivenUp = false; // with the button still down

  const under = (event) => {
    const box = chart.getBoundingClientRect();
    const place = Math.floor(((event.clientX - box.left) / box.width) * bars.length);
    return Math.min(Math.max(place, 0), bars.length - 1);
  };
  const show = () => {
    const [begin, end] = [Math.min(first, last), Math.max(first, last)];
    bars.forEach((bar, place) => bar.classList.toggle("chosen", first !== null && begin <= place && place <= end));
  };
  const forget = () => {
    first = last = null;
    bars.forEach((bar) => bar.classList.remove("chosen"));
  };

  chart.addEventListener("dragstart", (event) => event.preventDefault()); // of the links
  chart.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    isGivenUp = false;
    first = last = under(event);
    show();
  });
  chart.addEventListener("click", (event) => {
    if (isGivenUp && event.detail) event.preventDefault(); // a key that opens a link has no detail
  });
  window.addEventListener("pointermove", (event) => {
    if (first === null) return;
    last = under(event);
    show();
  });
  window.addEventListener("pointercancel", forget);
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || first === null) return;
    isGivenUp = true;
    forget();
  });
  window.addEventListener("pointerup", () => {
    if (first === null || first === last) return forget(); // a click: the link leads there
    const [begin, end] = [Math.min(first, last), Math.max(first, last)];
    forget(); // who comes back may find this page as it was left
    const address = new URL(bars[begin].href.baseVal, location.href);
    address.searchParams.set("since", bars[begin].dataset.begin);
    address.searchParams.set("until", bars[end].dataset.end);
    location.assign(address);
  });
}
