"use strict";
// Opens the marks of every figure by mouse, keyboard or link. All words stand in the page; this only shows them.

const told = JSON.parse(document.getElementById("told").textContent);
const panel = document.querySelector("dialog");
const known = new Map();  // address, decoded -> the figure and the numbers of the marks that are drawn there
const drawn = new Map();  // address, decoded -> the element that shows it, as a whole if there is one
let opener = null;        // what gets the focus back

const decoded = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
const addressOf = (element) => decoded(element.id.replace(/\|value=[^|]*$/, ""));
const linesOf = (id) => document.querySelectorAll(`#${id} .marks tbody tr`);

// ---- where the marks are

for (const [id, figure] of Object.entries(told)) {
  figure.marks.forEach((mark, n) => {
    const address = decoded(mark.address);
    if (!known.has(address)) known.set(address, { id, marks: [] });
    known.get(address).marks.push(n);
  });
  const lines = linesOf(id), svg = document.querySelector(`#${id} svg`);
  const here = [...svg.querySelectorAll(`[id^="${id}|"]`)].filter((element) => known.has(addressOf(element)));
  for (const element of here) {
    const address = addressOf(element);
    if (!drawn.has(address) || !element.id.includes("|value=")) drawn.set(address, element);
    element.setAttribute("role", "button");
    element.setAttribute("aria-haspopup", "dialog");
    element.setAttribute("aria-label", known.get(address).marks.map((n) => inWords(lines[n], element)).join(". "));
    element.setAttribute("tabindex", -1);
  }
  walkable(svg, inReadingOrder(here));
  lines.forEach((line, n) => line.querySelector("button").addEventListener("click", (event) => show(id, [n], event.target)));
}

// A mark in words: what it is and what is drawn; of an element for one value of several, that value.
function inWords(line, element) {
  const value = /\|value=([^|]*)$/.exec(element.id);
  const only = value && line.querySelector(`[data-value="${value[1]}"]`);
  return `${line.cells[0].textContent}. ${(only || line.cells[1]).textContent}`;
}

// Row by row, from left to right. Marks are in one row when their tops or their bottoms are level (tables, bars).
function inReadingOrder(elements) {
  const boxes = elements.map((element) => ({ element, box: element.getBBox() })).sort((a, b) => a.box.y - b.box.y);
  const rows = [];
  for (const each of boxes) {
    const bottom = (box) => box.y + box.height;
    const row = rows.findLast(([first]) => Math.abs(first.box.y - each.box.y) < 3
                                        || Math.abs(bottom(first.box) - bottom(each.box)) < 3);
    if (row) row.push(each); else rows.push([each]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.box.x - b.box.x));
}

// ---- walking along them: one stop for Tab, arrow keys between marks

function walkable(svg, marks) {
  const element = (n) => marks[n] && marks[n].element;
  const at = (target) => marks.findIndex((each) => each.element === target);
  const goTo = (target) => {
    if (!target) return;
    svg.querySelectorAll('[tabindex="0"]').forEach((other) => other.setAttribute("tabindex", -1));
    target.setAttribute("tabindex", 0);
    target.focus();
  };
  if (marks.length) element(0).setAttribute("tabindex", 0);
  const room = svg.parentElement;  // a drawing that listens itself becomes a stop for Tab too
  room.addEventListener("keydown", (event) => {
    const n = at(event.target);
    if (n < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const way = { ArrowRight: () => goTo(element(n + 1)), ArrowLeft: () => goTo(element(n - 1)),
                  ArrowDown: () => goTo(nextRow(marks, n, 1)), ArrowUp: () => goTo(nextRow(marks, n, -1)),
                  Home: () => goTo(element(0)), End: () => goTo(element(marks.length - 1)),
                  Enter: () => showDrawn(event.target), " ": () => showDrawn(event.target) }[event.key];
    if (!way) return;
    event.preventDefault();
    way();
  });
  room.addEventListener("focusin", (event) => { if (at(event.target) >= 0) ring(event.target); });
  room.addEventListener("focusout", () => { if (!panel.open) ring(null); });
  room.addEventListener("click", (event) => {
    const mark = event.target.closest('[role="button"]') || nearest(svg, marks, event);
    if (mark) { goTo(mark); showDrawn(mark); }
  });
}

// The nearest mark below (or above); one that is not aside comes first.
function nextRow(marks, from, way) {
  const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
  const own = marks[from].box, [x, y] = middle(own);
  const far = ({ box }) => {
    const [x1, y1] = middle(box), down = way * (y1 - y);
    const aside = Math.max(box.x - own.x - own.width, own.x - box.x - box.width, 0);
    return down > 2 ? down + 2 * aside + Math.abs(x1 - x) / 100 : Infinity;
  };
  return marks.reduce((one, other) => (far(other) < far(one) ? other : one), marks[from]).element;
}

// The mark beside which was clicked: a bar can be too thin to hit.
function nearest(svg, marks, event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  const far = ({ box }) => Math.hypot(Math.max(box.x - point.x, 0, point.x - box.x - box.width),
                                      Math.max(box.y - point.y, 0, point.y - box.y - box.height));
  const best = marks.reduce((one, other) => (!one || far(other) < far(one) ? other : one), null);
  return best && far(best) < 8 ? best.element : null;
}

// Draws a ring in two colours round a mark: seen on any background.
function ring(mark) {
  document.querySelectorAll(".ring").forEach((old) => old.remove());
  if (!mark) return;
  const box = mark.getBBox(), room = 2.5, made = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);
  const group = made("g");
  group.setAttribute("class", "ring");
  for (const rect of [made("rect"), made("rect")]) {
    const place = { x: box.x - room, y: box.y - room, width: box.width + 2 * room, height: box.height + 2 * room };
    for (const [name, value] of Object.entries(place)) rect.setAttribute(name, value);
    group.append(rect);
  }
  mark.ownerSVGElement.append(group);
}

// ---- the panel

function showDrawn(element) {
  const { id, marks } = known.get(addressOf(element));
  show(id, marks, element);
}

function show(id, marks, from) {
  opener = from;
  const how = document.querySelector(`#${id} .how`), lines = linesOf(id);
  const parts = new Set(marks.map((n) => told[id].marks[n].part));
  const heading = panel.querySelector("h2");
  heading.textContent = document.querySelector(`#${id} h2`).textContent;
  panel.querySelector(".body").replaceChildren(
    ...marks.map((n) => one(id, n, lines[n])),
    ...[...how.querySelectorAll("[data-part]")].filter((each) => parts.has(each.dataset.part)).map((each) => each.cloneNode(true)),
    how.querySelector(".whole").cloneNode(true),
  );
  panel.show();
  panel.scrollTop = 0;
  heading.focus({ preventScroll: true });
  const mark = from.closest("svg") ? from : drawn.get(decoded(told[id].marks[marks[0]].address));
  ring(mark);
  if (mark) beside(mark);
  history.replaceState(null, "", "#" + told[id].marks[marks[0]].address);
}

// Moves the page so that the mark is seen beside or above the panel.
function beside(mark) {
  mark.scrollIntoView({ block: "nearest", inline: "nearest" });
  const box = mark.getBoundingClientRect(), taken = panel.getBoundingClientRect();
  const covered = box.bottom > taken.top && box.right > taken.left;
  if (box.top < 20 || box.bottom > innerHeight - 20 || covered) scrollBy(0, box.top - innerHeight / 8);
}

function one(id, n, line) {
  const mark = told[id].marks[n], made = document.getElementById("one").content.cloneNode(true);
  const slot = (name) => made.querySelector(`[data-slot="${name}"]`);
  slot("words").textContent = line.cells[0].textContent;
  slot("drawn").append(...[...line.cells[1].children].map((number) => number.cloneNode(true)));
  slot("undrawn").hidden = drawn.has(decoded(mark.address));
  slot("rule").textContent = told[id].rule;
  slot("command").textContent = mark.command;
  if ("steps" in mark) restricted(mark, slot, line.cells[3].textContent, told[id].places);
  return made;
}

function restricted(mark, slot, n, places) {
  slot("set").textContent = mark.set;
  slot("steps").hidden = !mark.steps.length;
  for (const texts of mark.steps) {
    const row = slot("steps").querySelector("tbody").insertRow();
    texts.forEach((text, at) => Object.assign(row.insertCell(), { textContent: text, className: at ? "number" : "" }));
  }
  const rows = slot("rows");
  rows.textContent = (mark.rows ? rows.dataset.some : rows.dataset.many).replace("{n}", n);
  for (const [place, numbers] of mark.rows || []) {
    const item = document.createElement("li");
    item.textContent = `${places[place]}: ${slot("places").dataset.row} ${numbers.replaceAll(",", ", ")}`;
    slot("places").append(item);
  }
}

function hide() {
  panel.close();
  ring(null);
  if (opener) opener.focus();
}

document.addEventListener("keydown", (event) => { if (event.key === "Escape" && panel.open) hide(); });
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) hide();
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});

// Works from file:// too, where a browser may give no clipboard: then the text stays selected.
function copy(button) {
  getSelection().selectAllChildren(button.closest(".copy").querySelector("pre"));
  const say = document.getElementById("say"), was = button.textContent;
  say.textContent = document.execCommand("copy") ? say.dataset.copied : say.dataset.byHand;
  button.textContent = say.textContent;
  setTimeout(() => { button.textContent = was; say.textContent = ""; }, 3000);
}

// ---- links to a mark, and finding a figure

function followLink() {
  const address = addressOf({ id: location.hash.slice(1) }), target = known.get(address);
  if (!target) return;
  const element = drawn.get(address) || linesOf(target.id)[target.marks[0]].querySelector("button");
  const list = element.closest("details");
  if (list) list.open = true;
  show(target.id, target.marks, element);
}

addEventListener("hashchange", followLink);
addEventListener("load", followLink);

document.getElementById("find").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase(), found = document.getElementById("found");
  const wanted = (text) => text.toLowerCase().includes(words);
  const sections = [...document.querySelectorAll("section.figure")];
  for (const section of sections) section.hidden = !wanted(section.querySelector("h2").textContent);
  for (const item of document.querySelectorAll("nav li")) item.hidden = !wanted(item.textContent);
  found.textContent = sections.every((section) => section.hidden) ? found.dataset.none : "";
});
