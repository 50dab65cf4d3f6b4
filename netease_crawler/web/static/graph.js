// A walk through the graph. Without it the page is whole: each neighbour in its tables is a link.

import { Network } from "./graph_network.js";
import { Picture } from "./graph_picture.js";

const place = document.querySelector("[data-graph]");
const says = place.dataset;
const canvas = place.querySelector("canvas");
const panel = place.querySelector(".chosen");
const legend = place.querySelector(".legend");
const status = place.querySelector("[role=status]");
const undo = place.querySelector("[data-undo]");
const heading = document.querySelector("h1");
const form = document.querySelector(".ask");
const beijing = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Shanghai",
  dateStyle: "short",
  timeStyle: "short",
});

const network = new Network();
place.hidden = false;
const picture = new Picture(canvas, network, { onPoint: point, onChoose: walk });
let asking = 0; // so that of two answers the later question's counts

function address(page, twin = true) {
  const asked = new URL(says.graph, location.href);
  if (!twin) asked.pathname = asked.pathname.replace(/\.json$/, "");
  asked.searchParams.set("page", page);
  return asked;
}

async function fetched(url) {
  const answer = await fetch(url);
  const shown = await answer.json();
  if (!answer.ok) throw new Error(shown.detail);
  return shown;
}

// Chooses a page, and adds its neighbours where they are not there yet.
async function walk(node) {
  choose(node);
  const question = ++asking;
  const isExpanded = network.expanded.has(node.id);
  say(isExpanded ? "" : says.expanding);
  if (isExpanded) return;
  try {
    const shown = await fetched(address(node.id));
    if (question !== asking) return;
    const added = network.merge(shown);
    picture.settle();
    choose(node);
    say(added ? says.added.replace("{count}", added) : says.nothing);
  } catch (error) {
    if (question === asking) say(says.failed.replace("{reason}", error.message));
  }
}

function takeBack() {
  if (!network.canUndo) return;
  asking += 1;
  const before = network.undo();
  picture.group = network.groups.includes(picture.group) ? picture.group : null;
  picture.settle();
  choose(before);
  say(says.undone);
}

function choose(node) {
  picture.chosen = node;
  picture.pointed = null;
  undo.disabled = !network.canUndo;
  describe(node);
  explain();
  follow(node);
  picture.ask();
}

function point(node) {
  picture.pointed = node;
  picture.ask();
}

function say(text) {
  status.textContent = text;
}

// The address, and what on the page leads elsewhere with it, are those of the chosen page; what
// the page says of the first one is shown at that one only.
function follow(node) {
  const isStart = node.id === network.start;
  for (const part of document.querySelectorAll("[data-start]")) part.hidden = !isStart;
  document.title = document.title.replace(heading.textContent, () => node.name);
  heading.textContent = node.name;
  history.replaceState(null, "", address(node.id, false));
  form.elements.page.value = node.id;
  for (const link of document.querySelectorAll("a[hreflang], .foot a, link[rel=alternate][type]")) {
    const leads = new URL(link.href);
    leads.searchParams.set("page", node.id);
    link.href = leads;
  }
}

function element(name, values = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, values);
  made.append(...children);
  return made;
}

function dot(node) {
  const colour = node.colour ?? "other";
  const made = element("span", { className: `dot group-${colour}${node.page.is_known ? "" : " hollow"}` });
  made.setAttribute("aria-hidden", "true");
  return made;
}

// More edges than that are not counted.
function counted(edges) {
  return edges.toLocaleString("en") + (edges < Number(says.most) ? "" : "+");
}

// The panel: what is known of a page, and its neighbours in the picture.
function describe(node) {
  const { page } = node;
  const line = element("p", { className: "line" });
  if (page.published_at) line.append(element("span", {}, beijing.format(new Date(page.published_at))));
  if (node.group) line.append(element("span", {}, node.group));
  line.append(element("span", {}, says.times.replace("{count}", counted(page.in_degree))));
  if (!page.is_known) line.append(element("span", { className: "note" }, says.unknown));
  const lead = element("p", {}, ...[opening(page)].filter(Boolean));
  panel.replaceChildren(element("h2", {}, node.name), line, lead);
  if (network.cut.has(node.id)) panel.append(element("p", { className: "hint" }, says.cut));
  panel.append(...neighbours(says.recommends, node.out), ...neighbours(says.recommended, node.in));
  panel.scrollTop = 0;
}

function opening(page) {
  if (page.is_known) return element("a", { href: `/articles/${encodeURIComponent(page.id)}` }, says.article);
  if (!/^https?:\/\//i.test(page.id)) return null;
  return element("a", { href: page.id, rel: "noopener noreferrer" }, says.web);
}

function neighbours(label, nodes) {
  if (!nodes.size) return [];
  const items = [...nodes]
    .sort((one, other) => other.page.in_degree - one.page.in_degree)
    .map((node) => {
      const button = element("button", { type: "button" }, dot(node), element("span", {}, node.name));
      button.addEventListener("click", () => {
        walk(node);
        canvas.focus({ preventScroll: true }); // this button is no more
      });
      for (const event of ["pointerenter", "focus"]) button.addEventListener(event, () => point(node));
      for (const event of ["pointerleave", "blur"]) button.addEventListener(event, () => point(null));
      return element("li", {}, button);
    });
  const count = element("small", {}, `${nodes.size}`);
  return [element("h3", {}, `${label} `, count), element("ul", {}, ...items)];
}

// The legend; a choice of it makes the pages of an account stand out.
function explain() {
  const items = network.groups.map((group) => {
    const mark = element("span", { className: `dot group-${network.colour(group)}` });
    const button = element("button", { type: "button" }, mark, group);
    button.setAttribute("aria-pressed", picture.group === group);
    button.addEventListener("click", () => {
      picture.group = picture.group === group ? null : group;
      for (const [at, one] of [...legend.querySelectorAll("button")].entries()) {
        one.setAttribute("aria-pressed", network.groups[at] === picture.group);
      }
      picture.ask();
    });
    return element("li", {}, button);
  });
  legend.replaceChildren(...items);
}

// The arrow keys go round the chosen page, from neighbour to neighbour.
function step(forward) {
  const { chosen, pointed } = picture;
  const angle = (node) => Math.atan2(node.y - chosen.y, node.x - chosen.x);
  const round = [...chosen.around].sort((one, other) => angle(one) - angle(other));
  if (!round.length) return;
  const at = round.indexOf(pointed);
  const next = at < 0 ? 0 : (at + (forward ? 1 : -1) + round.length) % round.length;
  point(round[next]);
  say(round[next].name);
}

canvas.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || !picture.chosen) return;
  if (event.key.startsWith("Arrow")) step(event.key === "ArrowRight" || event.key === "ArrowDown");
  else if (event.key === "Enter") walk(picture.pointed ?? picture.chosen);
  else return;
  event.preventDefault();
});
canvas.addEventListener("blur", () => point(null));
place.addEventListener("keydown", (event) => {
  if (event.key === "Escape") takeBack();
});
undo.addEventListener("click", takeBack);
place.querySelector("[data-fit]").addEventListener("click", () => picture.fit());

try {
  const shown = await fetched(says.graph);
  network.merge(shown);
  picture.settle();
  choose(network.nodes.get(shown.centre));
} catch (error) {
  say(says.failed.replace("{reason}", error.message));
}
