"use strict";
// Draws the page's charts from the rows the page carries. Text only ever goes into text nodes and attributes.

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const MOST_BARS = 130;

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
  const named = {day: "%-d %B %Y", week: "week of %-d %B %Y", month: "%B %Y", year: "%Y"}[step];
  return Plot.plot({
    width,
    height: Math.max(180, Math.min(320, width * 0.35)),
    marginLeft: 44,
    // Never less than a fortnight wide: a single day is a bar, not a wall.
    x: {type: "utc", label: null, domain: [d3.min([days[0], d3.utcDay.offset(days.at(-1), -13)]), interval.offset(interval.floor(days.at(-1)))]},
    y: {grid: true, label: `articles a ${step}`, ticks: d3.ticks(0, d3.max(sums, ([, counts]) => d3.sum(counts)), 5).filter(Number.isInteger), tickFormat: "~s"},
    color: {domain: ["articles", "copies"], range: [color("accent"), color("accent-soft")], legend: true},
    caption: left ? `${whole(left)} ${left === 1 ? "article" : "articles"} dated before or after are not drawn.` : null,
    marks: [
      Plot.rectY(bars, {
        x1: "start", x2: (bar) => interval.offset(bar.start), y: "count", fill: "kind",
        insetLeft: 0.5, insetRight: 0.5,
        title: (bar) => `${d3.utcFormat(named)(bar.start)}\n${whole(bar.count)} ${bar.kind}`, tip: true,
      }),
      Plot.ruleY([0]),
    ],
  });
}

// Without Antarctica: the map shows where people live, and larger.
const INHABITED = {
  type: "MultiPoint",
  coordinates: [[-179.9, 0], [179.9, 0], [-20, -57], [20, -57], [-20, 83], [20, 83]],
};

function drawMap(width) {
  const places = d3.sort(placesWithin().filter((place) => place.lat !== null && place.lon !== null), (place) => -place.mentions);
  const land = topojson.merge(WORLD, WORLD.objects.countries.geometries);
  const borders = topojson.mesh(WORLD, WORLD.objects.countries, (one, other) => one !== other);
  const largest = Math.max(7, Math.min(26, width / 40));
  return Plot.plot({
    width,
    height: width * 0.42,
    margin: 0,
    projection: {type: "equal-earth", domain: INHABITED},
    r: {type: "sqrt", range: [1, largest], domain: [0, d3.max(places, (place) => place.mentions) || 1]},
    marks: [
      Plot.sphere({fill: color("sea"), stroke: "none", clip: "frame"}),
      Plot.geo(land, {fill: color("land"), clip: "frame"}),
      Plot.geo(borders, {stroke: color("sea"), strokeWidth: 0.6, clip: "frame"}),
      Plot.dot(places, {
        x: "lon", y: "lat", r: "mentions", sort: {channel: "-r"},
        fill: color("accent"), fillOpacity: 0.45, stroke: color("accent"), strokeWidth: 0.7,
      }),
      Plot.tip(places, Plot.pointer({
        x: "lon", y: "lat", maxRadius: 30,
        title: (place) => [
          place.country && place.country !== place.name ? `${place.name}, ${place.country}` : place.name,
          `${whole(place.mentions)} ${place.mentions === 1 ? "mention" : "mentions"}`
            + ` in ${whole(place.articles)} ${place.articles === 1 ? "article" : "articles"}`,
        ].join("\n"),
      })),
      Plot.text(labelled(places, width), {
        x: "lon", y: "lat", text: "name", dy: -6, fontWeight: 600, fontSize: 11, lineAnchor: "bottom",
        fill: color("ink"), stroke: color("land"), strokeWidth: 3, pointerEvents: "none",
      }),
    ],
  });
}

// Names for the most mentioned places, as long as the words do not run into each other.
function labelled(places, width) {
  const boxes = [];
  for (const place of places.slice(0, 60)) {
    if (boxes.length === Math.round(width / 90)) break;
    const box = {place, x: (place.lon / 360) * width, y: (place.lat / 140) * width * 0.42, half: place.name.length * 3.6 + 6};
    if (boxes.every((other) => Math.abs(other.x - box.x) > other.half + box.half || Math.abs(other.y - box.y) > 16)) boxes.push(box);
  }
  return boxes.map((box) => box.place);
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
  return Plot.plot({
    width,
    height: bars.length * 30 + 20,
    marginTop: 0,
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
  });
};

const COVERAGE = [["done", "good"], ["stale", "accent-soft"], ["pending", "quiet"], ["no_model", "quiet-strong"], ["failed", "bad"]];

function drawCoverage(width) {
  const rows = rowsOf("coverage");
  if (!rows.length) return null;
  const parts = rows.flatMap(([month, ...counts]) => COVERAGE.map(([kind], index) => ({month, kind, count: counts[index]})));
  const shown = COVERAGE.filter(([kind]) => parts.some((part) => part.kind === kind && part.count));
  const every = Math.ceil(rows.length / (width / 70));
  return Plot.plot({
    width,
    height: 200,
    marginLeft: 44,
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
  });
}

const CHARTS = {volume: drawVolume, map: drawMap, files: drawOutcomes("file", "files"), blocks: drawOutcomes("article", "article blocks"), coverage: drawCoverage};

function draw(figure) {
  const chart = CHARTS[figure.dataset.chart](Math.max(280, Math.floor(figure.clientWidth)));
  figure.replaceChildren(chart || Object.assign(document.createElement("p"), {className: "none", textContent: "Nothing to draw yet."}));
}

const figures = [...document.querySelectorAll("figure[data-chart]")];
const drawAll = () => figures.forEach(draw);
offerRange(drawAll);
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
