"use strict";
// Which days the page looks at: all, or those that the reader chose, widened to whole steps of the counts it carries.

const rowsOf = (name) => JSON.parse(document.getElementById(`rows-${name}`).textContent);
const whole = (number) => number.toLocaleString("en");
const utcDay = (text) => new Date(`${text}T00:00:00Z`);
const isoDay = d3.utcFormat("%Y-%m-%d");

const SHOWN_NAMES = 12;

const counted = rowsOf("counted");
const INTERVAL = {day: d3.utcDay, week: d3.utcMonday, month: d3.utcMonth, year: d3.utcYear}[counted.step];
const volume = rowsOf("volume").map(([day, articles, copies]) => ({day: utcDay(day), articles, copies}));

// null: all days.
let chosen = null;

const isWithin = (day) => !chosen || (day >= chosen.from && day < chosen.end);

// Articles and mentions of one name or place in the chosen days; its counts are step, articles, mentions, and so on.
function countsOf(counts, isStepWithin) {
  let [articles, mentions] = [0, 0];
  for (let at = 0; at < counts.length; at += 3) {
    if (!isStepWithin[counts[at]]) continue;
    articles += counts[at + 1];
    mentions += counts[at + 2];
  }
  return {articles, mentions};
}

const stepsWithin = () => counted.steps.map((start) => isWithin(utcDay(start)));

function placesWithin() {
  const within = stepsWithin();
  return counted.places
    .map(([name, level, code, country, lat, lon, direction, trend, counts]) =>
      ({name, level, code, country, lat, lon, direction, trend, ...countsOf(counts, within)}))
    .filter((place) => place.mentions);
}

function namesWithin(label) {
  const within = stepsWithin();
  return counted.names
    .filter(([other]) => other === label)
    .map(([, name, direction, trend, counts]) => ({name, direction, trend, ...countsOf(counts, within)}))
    .filter((name) => name.articles);
}

function element(tag, className, ...children) {
  const made = Object.assign(document.createElement(tag), {className});
  made.append(...children);
  return made;
}

function barRow(row, most) {
  const name = element("th", "", element("bdi", "", row.name));
  name.scope = "row";
  if (row.code && row.level !== "country") name.append(" ", element("small", "", row.code));
  const made = element(
    "tr", "", name, element("td", "number", whole(row.articles)), element("td", `number trend ${row.direction}`, row.trend));
  made.style.setProperty("--share", (row.articles / most).toFixed(3));
  return made;
}

function fillBars(table) {
  const rows = table.dataset.kind === "places" ? placesWithin() : namesWithin(table.dataset.kind);
  const first = d3.sort(rows, (row) => -row.articles, (row) => -row.mentions, (row) => row.name).slice(0, SHOWN_NAMES);
  const most = d3.max(first, (row) => row.articles);
  table.tBodies[0].replaceChildren(...first.map((row) => barRow(row, most)));
}

function fillStories(list) {
  let shown = 0;
  for (const story of list.children) {
    story.hidden = !isWithin(utcDay(story.dataset.day)) || shown === Number(list.dataset.shown);
    if (!story.hidden) shown += 1;
  }
}

function sentence() {
  if (!chosen) return "";
  const rows = volume.filter((row) => isWithin(row.day));
  const articles = d3.sum(rows, (row) => row.articles);
  const copies = d3.sum(rows, (row) => row.copies);
  const steps = counted.step === "day" ? "" : ` Names and places are counted by the ${counted.step}, so these are whole ${counted.step}s.`;
  return `${whole(articles)} ${articles === 1 ? "article" : "articles"}, ${whole(copies)} ${copies === 1 ? "copy" : "copies"}.${steps}`
    + " Numbers at the top, intake, enrichment, runs and the tables under “Table and SQL” stay those of all days.";
}

const form = document.getElementById("range");

// Both days are included.
function choose(from, to) {
  chosen = from && to && from <= to ? {from: INTERVAL.floor(from), end: INTERVAL.offset(INTERVAL.floor(to), 1)} : null;
  const last = chosen ? d3.utcDay.offset(chosen.end, -1) : volume.at(-1).day;
  form.elements.from.value = isoDay(chosen ? chosen.from : volume[0].day);
  form.elements.to.value = isoDay(last);
  form.querySelector("output").textContent = sentence();
  // What is printed, saved as a link or opened again shows the same days.
  history.replaceState(null, "", chosen ? `#from=${form.elements.from.value}&to=${form.elements.to.value}` : location.hash.startsWith("#from=") ? "#" : location.hash);
  document.querySelectorAll("table[data-kind]").forEach(fillBars);
  document.querySelectorAll("ol.stories").forEach(fillStories);
}

function chooseLatest(days) {
  const last = volume.at(-1).day;
  if (days === "all") choose(null, null);
  else choose(d3.utcDay.offset(last, 1 - Number(days)), last);
}

function offerRange(redraw) {
  if (!form || !volume.length) return;
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    const {from, to} = form.elements;
    if (form.reportValidity()) choose(utcDay(from.value), utcDay(to.value));
    redraw();
  });
  for (const button of form.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      chooseLatest(button.dataset.days);
      redraw();
    });
  }
  const asked = new URLSearchParams(location.hash.slice(1));
  const day = (name) => (/^\d{4}-\d\d-\d\d$/.test(asked.get(name)) ? utcDay(asked.get(name)) : null);
  choose(day("from"), day("to"));
}
