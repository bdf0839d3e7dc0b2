"use strict";
// Draws the page's charts from the rows the page carries. Text only ever goes into text nodes and attributes.

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const MOST_BARS = 130;

const count = (number, one, many) => `${whole(number)} ${number === 1 ? one : many}`;
const day = d3.utcFormat("%-d %B %Y");
const font = {fontSize: "12px"};

// What a chart says to somebody who does not see it.
const described = (chart, words) => Object.assign(chart, {words});

// The finest interval that keeps bars wide enough to see.
function intervalFor(days) {
  const span = d3.utcDay.count(days[0], days[days.length - 1]) + 1;
  if (span <= MOST_BARS) return {interval: d3.utcDay, step: "day"};
  if (span <= MOST_BARS * 7) return {interval: d3.utcMonday, step: "week"};
  if (span <= MOST_BARS * 31) return {interval: d3.utcMonth, step: "month"};
  return {interval: d3.utcYear, step: "year"};
}

// A few misdated articles must not squeeze all others into a corner: up to one in a hundred at either end is left out,
// where that halves the time drawn.
function withoutStragglers(rows) {
  const total = d3.sum(rows, (row) => row.articles + row.copies);
  const share = d3.cumsum(rows, (row) => (row.articles + row.copies) / total);
  const kept = rows.filter((row, index) => share[index] > 0.01 && (index === 0 || share[index - 1] < 0.99));
  const span = (of) => of.at(-1).day - of[0].day;
  return kept.length && span(kept) * 2 < span(rows) ? kept : rows;
}

function drawVolume(width) {
  const all = volume.filter((row) => isWithin(row.day));
  if (!all.length) return null;
  const rows = chosen ? all : withoutStragglers(all);
  const left = d3.sum(all, (row) => row.articles) - d3.sum(rows, (row) => row.articles);
  const days = rows.map((row) => row.day);
  const {interval, step} = intervalFor(days);
  const sums = d3.rollups(
    rows,
    (group) => [d3.sum(group, (row) => row.articles), d3.sum(group, (row) => row.copies)],
    (row) => +interval.floor(row.day),
  );
  const bars = sums.flatMap(([start, [articles, copies]]) => [
    {start: new Date(start), kind: "articles", count: articles},
    {start: new Date(start), kind: "copies", count: copies},
  ]);
  const named = d3.utcFormat({day: "%-d %B %Y", week: "week of %-d %B %Y", month: "%B %Y", year: "%Y"}[step]);
  const most = d3.greatest(sums, ([, counts]) => d3.sum(counts));
  // Never less than a fortnight wide: a single day is a bar, not a wall.
  const start = d3.min([days[0], d3.utcDay.offset(days.at(-1), -13)]);
  const few = step === "day" && d3.utcDay.count(start, days.at(-1)) < 14;
  return described(Plot.plot({
    width,
    height: Math.max(200, Math.min(320, width * 0.35)),
    marginLeft: 48,
    marginBottom: 40,
    style: font,
    x: {
      type: "utc", label: null, domain: [start, interval.offset(interval.floor(days.at(-1)))],
      ...(few && {ticks: d3.utcDay.range(start, d3.utcDay.offset(days.at(-1)), width < 500 ? 4 : 2), tickFormat: "%-d %b"}),
    },
    y: {grid: true, label: `articles a ${step}`, ticks: d3.ticks(0, d3.sum(most[1]), 5).filter(Number.isInteger), tickFormat: "~s"},
    color: {domain: ["articles", "copies"], range: [color("accent"), color("accent-soft")], legend: true},
    caption: left ? `${count(left, "article", "articles")} dated before or after are not drawn.` : null,
    marks: [
      Plot.rectY(bars, {
        x1: "start", x2: (bar) => interval.offset(bar.start), y: "count", fill: "kind",
        insetLeft: 0.5, insetRight: 0.5,
        title: (bar) => `${named(bar.start)}\n${whole(bar.count)} ${bar.kind}`, tip: true,
      }),
      Plot.ruleY([0]),
    ],
  }), `Bars by ${step} from ${day(days[0])} to ${day(days.at(-1))}; the most, ${count(d3.sum(most[1]), "article", "articles")} with copies, ${named(new Date(most[0]))}.`);
}

// What each part of the world reaches: west, south, east, north. The world does without Antarctica: nobody lives there.
const REGIONS = {
  World: [-180, -57, 180, 83],
  Europe: [-11, 35, 42, 66],
  "Middle East": [25, 12, 64, 42],
  Africa: [-18, -35, 52, 37],
  Asia: [60, -10, 146, 54],
  "North America": [-128, 14, -60, 58],
  "South America": [-82, -55, -34, 13],
  Oceania: [112, -47, 180, -2],
};
let region = "World";

function projectionOf(name, width, height) {
  const [west, south, east, north] = REGIONS[name];
  const middle = (west + east) / 2;
  // On the equator the world is widest; the corners of a smaller part are its own.
  const corners = name === "World"
    ? [[-179.9, 0], [179.9, 0], [0, south], [0, north]]
    : [[west, south], [east, south], [west, north], [east, north], [middle, south], [middle, north]];
  return d3.geoEqualEarth().rotate([-middle, 0]).fitSize([width, height], {type: "MultiPoint", coordinates: corners});
}

function drawMap(width) {
  const height = region === "World" ? width * 0.45 : Math.max(width * 0.45, Math.min(320, width * 0.8));
  const projection = projectionOf(region, width, height);
  const all = d3.sort(placesWithin().filter((place) => place.lat !== null && place.lon !== null), (place) => -place.mentions);
  const places = all.filter((place) => isInside(projection([place.lon, place.lat]), width, height));
  const land = topojson.merge(WORLD, WORLD.objects.countries.geometries);
  const borders = topojson.mesh(WORLD, WORLD.objects.countries, (one, other) => one !== other);
  const largest = Math.max(9, Math.min(26, width / 40));
  const most = places[0];
  const found = `${count(places.length, "place", "places")}${region === "World" ? "" : ` of ${whole(all.length)}`}`;
  const words = most ? `${found}; the largest circle is ${clipped(most.name)}, ${count(most.mentions, "mention", "mentions")}.` : "No place here in these days.";
  return described(Plot.plot({
    width,
    height,
    margin: 0,
    style: font,
    caption: words,
    projection: () => projection,
    r: {type: "sqrt", range: [1, largest], domain: [0, all.length ? all[0].mentions : 1]},
    marks: [
      Plot.sphere({fill: color("sea"), stroke: "none", clip: "frame"}),
      Plot.geo(land, {fill: color("land"), clip: "frame"}),
      Plot.geo(borders, {stroke: color("sea"), strokeWidth: 0.6, clip: "frame"}),
      Plot.dot(places, {
        x: "lon", y: "lat", r: "mentions", sort: {channel: "-r"},
        fill: color("accent"), fillOpacity: 0.45, stroke: color("accent"), strokeWidth: 0.7, clip: "frame",
      }),
      Plot.tip(places, Plot.pointer({
        x: "lon", y: "lat", maxRadius: 30,
        title: (place) => [
          clipped(place.country && place.country !== place.name ? `${place.name}, ${place.country}` : place.name, 60),
          `${count(place.mentions, "mention", "mentions")} in ${count(place.articles, "article", "articles")}`,
        ].join("\n"),
      })),
      Plot.text(labelled(places, projection, width, height), {
        x: "lon", y: "lat", text: (place) => clipped(place.name), dy: -6, fontWeight: 600, lineAnchor: "bottom",
        fill: color("ink"), stroke: color("land"), strokeWidth: 3, pointerEvents: "none",
      }),
    ],
  }), words);
}

const isInside = (point, width, height) => point && point[0] >= 0 && point[0] <= width && point[1] >= 0 && point[1] <= height;

function clipped(text, most = 28) {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : text;
}

// Pixels of a text in the letters of the map's labels.
const ruler = document.createElement("canvas").getContext("2d");
function widthOf(text) {
  ruler.font = `600 12px ${getComputedStyle(document.body).fontFamily}`;
  return ruler.measureText(text).width;
}

// Names for the most mentioned places, as long as the words run neither into each other nor out of the map.
function labelled(places, projection, width, height) {
  const boxes = [];
  for (const place of places.slice(0, 80)) {
    if (boxes.length === Math.round(width / 70)) break;
    const [x, y] = projection([place.lon, place.lat]);
    const box = {place, x, y, half: widthOf(clipped(place.name)) / 2 + 4};
    const fits = x > box.half && x < width - box.half && y > 22 && y < height;
    if (fits && boxes.every((other) => Math.abs(other.x - x) > other.half + box.half || Math.abs(other.y - y) > 17)) boxes.push(box);
  }
  return boxes.map((box) => box.place);
}

function offerRegions(redraw) {
  const choices = document.getElementById("regions");
  if (!choices) return;
  choices.hidden = false;
  const buttons = Object.keys(REGIONS).map((name) => Object.assign(element("button", "", name), {type: "button"}));
  const press = () => buttons.forEach((button) => button.setAttribute("aria-pressed", button.textContent === region));
  for (const button of buttons) {
    button.addEventListener("click", () => {
      region = button.textContent;
      press();
      redraw();
    });
  }
  press();
  choices.append(...buttons);
}

const OUTCOME_COLORS = {
  read: "good", new: "good", new_version: "good", near_duplicate: "accent-soft", exact_duplicate: "accent-soft",
  unchanged: "accent-soft", duplicate: "accent-soft", skipped: "quiet", deferred: "quiet", refused: "bad",
};

const drawOutcomes = (wanted, noun) => (width) => {
  const rows = rowsOf("outcomes").filter(([item]) => item === wanted);
  if (!rows.length) return null;
  const sums = d3.rollups(rows, (group) => d3.sum(group, ([, , , count]) => count), ([, outcome]) => outcome);
  const bars = sums.map(([outcome, count]) => {
    const reasons = rows.filter(([, other, reason]) => other === outcome && reason);
    return {outcome, count, title: [`${whole(count)} ${noun}: ${outcome}`, ...reasons.map(([, , reason, n]) => `${reason}: ${whole(n)}`)].join("\n")};
  });
  return described(Plot.plot({
    width,
    height: bars.length * 30,
    marginTop: 0,
    marginBottom: 0,
    marginLeft: 118,
    marginRight: 56,
    x: {axis: null},
    y: {label: null, domain: Object.keys(OUTCOME_COLORS).filter((name) => bars.some((bar) => bar.outcome === name)), tickSize: 0},
    color: {type: "identity"},
    style: {fontSize: "13px"},
    marks: [
      Plot.barX(bars, {y: "outcome", x: "count", fill: (bar) => color(OUTCOME_COLORS[bar.outcome]), title: "title", tip: true, insetTop: 2, insetBottom: 2}),
      Plot.text(bars, {y: "outcome", x: "count", text: (bar) => whole(bar.count), dx: 5, textAnchor: "start"}),
    ],
  }), `${noun}: ${bars.map((bar) => `${whole(bar.count)} ${bar.outcome}`).join(", ")}.`);
};

const COVERAGE = [["done", "good"], ["stale", "accent-soft"], ["pending", "quiet"], ["no_model", "quiet-strong"], ["failed", "bad"]];

function drawCoverage(width) {
  const rows = rowsOf("coverage");
  if (!rows.length) return null;
  const parts = rows.flatMap(([month, ...counts]) => COVERAGE.map(([kind], index) => ({month, kind, count: counts[index]})));
  const shown = COVERAGE.filter(([kind]) => parts.some((part) => part.kind === kind && part.count));
  const every = Math.ceil(rows.length / (width / 80));
  const sums = shown.map(([kind]) => `${whole(d3.sum(parts, (part) => (part.kind === kind ? part.count : 0)))} ${kind}`);
  return described(Plot.plot({
    width,
    height: 200,
    marginLeft: 48,
    style: font,
    x: {type: "band", label: null, ticks: rows.map(([month]) => month).filter((_, index) => index % every === 0), padding: rows.length < 60 ? 0.1 : 0},
    y: {label: "share of stored versions, %", percent: true, grid: true, ticks: 4},
    color: {domain: shown.map(([kind]) => kind), range: shown.map(([, name]) => color(name)), legend: true},
    marks: [
      Plot.barY(parts, Plot.stackY({offset: "normalize"}, {
        x: "month", y: "count", fill: "kind", order: shown.map(([kind]) => kind),
        title: (part) => `${part.month}\n${part.kind}: ${whole(part.count)}`, tip: true,
      })),
      Plot.ruleY([0]),
    ],
  }), `Stacked bars by month from ${rows[0][0]} to ${rows.at(-1)[0]}: ${sums.join(", ")}.`);
}

const CHARTS = {volume: drawVolume, map: drawMap, files: drawOutcomes("file", "files"), blocks: drawOutcomes("article", "article blocks"), coverage: drawCoverage};

function draw(figure) {
  const chart = CHARTS[figure.dataset.chart](Math.max(280, Math.floor(figure.clientWidth)));
  if (chart) nameForReaders(chart);
  figure.replaceChildren(chart || element("p", "none", "Nothing to draw."));
}

// One picture with a name for a screen reader: Plot's names of single marks stand where no reader takes them from.
function nameForReaders(chart) {
  const svg = chart.tagName === "svg" ? chart : chart.querySelector(":scope > svg");
  svg.querySelectorAll("g[aria-label]").forEach((group) => group.removeAttribute("aria-label"));
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", chart.words);
}

const figures = [...document.querySelectorAll("figure[data-chart]")];
const drawAll = () => figures.forEach(draw);
offerRange(drawAll);
offerRegions(() => figures.filter((figure) => figure.dataset.chart === "map").forEach(draw));
drawAll();

let drawnAt = document.documentElement.clientWidth;
addEventListener("resize", () => {
  if (document.documentElement.clientWidth === drawnAt) return;
  drawnAt = document.documentElement.clientWidth;
  drawAll();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
// Paper is white whatever the screen is.
matchMedia("print").addEventListener("change", drawAll);
