// Charts: <figure data-chart="id of a table"> is drawn from the numbers that stand in the table, which
// stays there for whoever wants to read them. Loaded only on pages that draw.
//
// Each row is a place on the axis and each column after the first a series, drawn as its heading's
// data-draw says: bar (by itself), line, limit (a dashed line), center (a thin one) or share (a line from 0 to
// 100 %). A figure with data-kind="heat" draws the whole table as a map; "scatter" makes a point of each row;
// "control" is a control chart, whose axis begins where its values do. A cell's number is its data-n, and none where it has
// none; what a reader is told of it is its text. A link in the row's heading, or in the cell, is followed by
// a click on the bar. data-flag marks a cell that stands out. data-named says that the rows are names: each of
// them stands at the axis, cut short where it is long; what is told of a bar, and the table, have it whole.
"use strict";

{ // names of our own: other scripts of the page have theirs

const reading = (cell) => (cell && cell.dataset.n !== undefined && cell.dataset.n !== "" ? Number(cell.dataset.n) : null);
const words = (cell) => (cell.querySelector("time") || cell).textContent.trim();
const leads = (cell) => cell && cell.querySelector("a")?.href;

const style = () => {
  const probe = document.body.appendChild(document.createElement("i"));
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colour = (name) => { // as numbers: what a variable says may be another variable, or mixed
    probe.style.color = `var(${name})`;
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = getComputedStyle(probe).color;
    paint.fillRect(0, 0, 1, 1);
    return `rgb(${[...paint.getImageData(0, 0, 1, 1).data.slice(0, 3)].join(",")})`;
  };
  const look = {
    text: colour("--tblr-secondary"), bar: colour("--tblr-link-color"), bad: colour("--tblr-danger"),
    limit: colour("--tblr-secondary"), ground: colour("--tblr-bg-surface"), dark: colour("--tblr-body-color"),
    others: ["--tblr-orange", "--tblr-teal", "--tblr-purple", "--tblr-pink", "--tblr-lime"].map(colour),
  };
  probe.remove();
  return look;
};

const common = () => ({
  aria: { enabled: true },
  animation: false, // a number that moves is none yet
  grid: { left: 8, right: 28, top: 28, bottom: 8, containLabel: true },
  textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
});

const share = (n) => `${Math.abs(n) < 0.1 ? Number((n * 100).toPrecision(2)) : Math.round(n * 100)} %`;

// The axes say seconds as hours or days, and shares in per cent.
const measures = {
  ratio: share,
  duration: (n) => (Math.abs(n) >= 172800 ? `${Math.round(n / 8640) / 10} d` : `${Math.round(n / 360) / 10} h`),
};

// How wide a text is drawn at an axis, and as much of it as there is room for.
const ruler = document.createElement("canvas").getContext("2d");
const wide = (text) => {
  ruler.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  return ruler.measureText(text).width;
};
const cut = (text, room) => {
  const letters = [...text];
  if (wide(text) <= room) return text;
  while (letters.length > 1 && wide(`${letters.join("")}…`) > room) letters.pop();
  return `${letters.join("")}…`;
};

// Names along an axis from left to right: level where all of them have room, else slanting.
const slanted = 120;
const along = (names, room, look) => {
  const fits = names.every((name) => wide(name) + 6 <= room);
  return { color: look.text, interval: 0, ...(!fits && { rotate: room < 24 ? 90 : 60, formatter: (name) => cut(name, slanted) }) };
};
// Slanting names take no room of what is drawn.
const tall = (figure, label) => { figure.style.height = `calc(${figure.dataset.tall}rem + ${label.rotate ? slanted : 0}px)`; };
// Names beside rows take a third of a phone, and never more than this.
const beside = (figure) => Math.min(180, (printing ? paperWidth : figure.clientWidth) * 0.33);

// Some six steps up to a length of time, each a length that people count in.
const niceSpan = (most) => [60, 300, 600, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 432000, 864000, 1728000, 2592000, 7776000]
  .find((step) => most / step <= 6) ?? most / 6;

const series = (head, rows, column, look, extra) => {
  const draw = head.dataset.draw || "bar";
  const plain = { name: words(head), data: rows.map((r) => {
    const cell = r.cells[column];
    const flagged = cell && cell.dataset.flag !== undefined;
    return { value: reading(cell), ...(flagged && { itemStyle: { color: look.bad }, symbol: "diamond", symbolSize: 13 }) };
  }) };
  const colour = column === 1 ? look.bar : look.others[(column - 2) % look.others.length];
  if (draw === "bar") return { ...plain, type: "bar", barMaxWidth: 32, itemStyle: { color: colour, borderRadius: [3, 3, 0, 0] }, stack: extra.stack };
  const line = { ...plain, type: "line", connectNulls: false, showSymbol: extra.points || rows.length <= 62, symbolSize: rows.length > 62 ? 3 : 6, lineStyle: { width: 2, color: colour }, itemStyle: { color: colour } };
  if (draw === "limit") return { ...line, symbol: "none", step: "middle", lineStyle: { type: "dashed", width: 1, color: look.limit }, itemStyle: { color: look.limit } };
  if (draw === "center") return { ...line, symbol: "none", lineStyle: { width: 1, color: look.limit }, itemStyle: { color: look.limit } };
  if (draw === "share") return { ...line, yAxisIndex: 1, lineStyle: { width: 2, color: look.others[0] }, itemStyle: { color: look.others[0] } };
  return line;
};

// The columns that are drawn.
const columnsOf = (heads) => heads.map((h, i) => i).filter((i) => i > 0 && heads[i].dataset.draw !== "none");

// The names of series: to be leafed through on a screen, all of them on paper, in as many lines as they need.
let printing = false;
const paperWidth = 680;
const named = (names, look) => {
  if (!printing) return { legend: { top: 0, textStyle: { color: look.text }, type: "scroll" } };
  const lines = Math.ceil(names.reduce((sum, name) => sum + 46 + wide(name), 0) / (paperWidth - 80));
  return { legend: { top: 0, textStyle: { color: look.text } }, grid: { ...common().grid, top: 10 + 22 * lines } };
};

const rowsAndColumns = (figure, table) => {
  const look = style();
  const rows = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[0].cells];
  const drawn = columnsOf(heads);
  const measure = measures[figure.dataset.unit];
  const value = { type: "value", axisLabel: { color: look.text, formatter: measure }, splitLine: { lineStyle: { color: look.text, opacity: 0.2 } } };
  const control = figure.dataset.kind === "control";
  const inside = printing ? paperWidth : figure.clientWidth;
  if (figure.dataset.lie !== undefined && inside < 480) Object.assign(value, { splitNumber: 2 });
  if (control) value.scale = true;
  else if (figure.dataset.unit === "ratio") Object.assign(value, { max: (v) => (v.max > 1 ? v.max : v.max > 0 && v.max <= 0.1 ? null : 1), min: (v) => Math.min(0, v.min) });
  if (figure.dataset.unit === "duration") {
    const seconds = rows.flatMap((r) => drawn.map((i) => (heads[i].dataset.draw === "share" ? null : reading(r.cells[i])))).filter((n) => n !== null);
    const most = Math.max(0, ...seconds) - (control ? Math.min(...seconds) : 0);
    value.interval = niceSpan(value.splitNumber ? 2 * most : most);
  }
  if (!measure) value.minInterval = figure.dataset.unit === "score" ? undefined : 1;
  const lying = figure.dataset.lie !== undefined;
  const names = rows.map((r) => words(r.cells[0]));
  const shared = drawn.some((i) => heads[i].dataset.draw === "share");
  const label = () => {
    if (lying) return { color: look.text, interval: 0, formatter: (name) => cut(name, beside(figure)) };
    if (figure.dataset.named !== undefined) return along(names, (inside - (shared ? 110 : 70)) / names.length, look);
    return { color: look.text, hideOverlap: true };
  };
  const labels = label();
  tall(figure, labels);
  const category = {
    type: "category", data: names, inverse: lying, axisLabel: labels,
    axisTick: { show: false }, axisLine: { lineStyle: { color: look.text } },
  };
  const values = shared ? [value, { type: "value", min: 0, max: 1, axisLabel: { color: look.text, formatter: share }, splitLine: { show: false } }] : value;
  return {
    ...common(),
    ...(drawn.length > 1 && named(drawn.map((i) => words(heads[i])), look)),
    tooltip: { trigger: "axis", confine: true, formatter: (points) => {
      const box = document.createElement("div");
      const [first] = points;
      box.append(names[first.dataIndex]);
      for (const p of points) {
        const told = rows[p.dataIndex].cells[drawn[p.seriesIndex]];
        if (!told || !words(told)) continue;
        box.append(document.createElement("br"), `${p.seriesName}: ${words(told)}`);
      }
      return box;
    } },
    [lying ? "yAxis" : "xAxis"]: category,
    [lying ? "xAxis" : "yAxis"]: values,
    series: drawn.map((i) => series(heads[i], rows, i, look, { stack: figure.dataset.stack, points: control })),
  };
};

const heat = (figure, table) => {
  const look = style();
  const rows = [...table.tBodies[0].rows];
  const columns = [...table.tHead.rows[0].cells].slice(1);
  const cells = rows.flatMap((r, y) => columns.map((_, x) => [x, y, reading(r.cells[x + 1])]));
  const most = Math.max(1e-9, ...cells.map((c) => c[2] ?? 0));
  const measure = measures[figure.dataset.unit];
  const names = rows.map((r) => words(r.cells[0])), above = columns.map(words);
  const room = ((printing ? paperWidth : figure.clientWidth) - 36 - Math.min(beside(figure), Math.max(0, ...names.map(wide)))) / columns.length;
  const roomy = room > (measure ? 44 : 24);
  const hours = above.every((name) => name.length <= 2);
  const labels = hours ? { color: look.text } : along(above, room, look);
  tall(figure, labels);
  const labelled = (value) => ({ value, label: {
    show: roomy && value[2] !== null && (measure !== undefined || value[2] > 0), formatter: () => (measure ? measure(value[2]) : value[2]),
    color: (value[2] ?? 0) > most / 2 ? look.ground : look.dark,
  } });
  const axis = (data, axisLabel) => ({ type: "category", data, axisLabel, axisTick: { show: false }, axisLine: { show: false }, splitArea: { show: false } });
  return {
    ...common(),
    tooltip: { confine: true, formatter: ({ value: data }) => {
      const box = document.createElement("div");
      box.append(`${words(rows[data[1]].cells[0])}, ${words(columns[data[0]])}: ${words(rows[data[1]].cells[data[0] + 1])}`);
      return box;
    } },
    xAxis: axis(above, labels),
    yAxis: { ...axis(names, { color: look.text, interval: 0, formatter: (name) => cut(name, beside(figure)) }), inverse: true },
    visualMap: { show: false, min: 0, max: most, inRange: { color: [look.ground, look.bar] } },
    series: [{ type: "heatmap", data: cells.map(labelled), itemStyle: { borderWidth: 1, borderColor: look.ground }, emphasis: { itemStyle: { borderColor: look.text } } }],
  };
};

// A point for each row: its first number to the right, its second up; its heading is what is told of it.
const scatter = (figure, table) => {
  const look = style();
  const rows = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[0].cells];
  const axis = (i) => {
    const measure = measures[heads[i].dataset.draw];
    const most = Math.max(0, ...rows.map((r) => reading(r.cells[i])));
    return {
      type: "value", name: words(heads[i]), nameLocation: "middle", nameGap: i === 1 ? 30 : 46, nameTextStyle: { color: look.text },
      axisLabel: { color: look.text, formatter: measure }, splitLine: { lineStyle: { color: look.text, opacity: 0.2 } },
      ...(heads[i].dataset.draw === "duration" && { interval: niceSpan(most) }),
    };
  };
  return {
    ...common(),
    grid: { left: 28, right: 28, top: 16, bottom: 28, containLabel: true },
    tooltip: { confine: true, formatter: ({ dataIndex }) => {
      const box = document.createElement("div");
      box.append(words(rows[dataIndex].cells[0]), ...[1, 2].flatMap((i) => [document.createElement("br"), `${words(heads[i])}: ${words(rows[dataIndex].cells[i])}`]));
      return box;
    } },
    xAxis: axis(1), yAxis: axis(2),
    series: [{ type: "scatter", symbolSize: 9, data: rows.map((r) => [reading(r.cells[1]), reading(r.cells[2])]), itemStyle: { color: look.bar, opacity: 0.7 } }],
  };
};

const kinds = { heat, scatter };
const charts = [];

for (const figure of document.querySelectorAll("[data-chart]")) {
  const table = document.getElementById(figure.dataset.chart);
  figure.hidden = false;
  if (figure.dataset.tall) figure.style.height = `${figure.dataset.tall}rem`;
  const numbers = table.closest("details");
  if (numbers) numbers.open = false;
  const chart = echarts.init(figure, null, { renderer: "svg", locale: document.documentElement.lang === "en" ? "EN" : "ZH" });
  const draw = () => chart.setOption((kinds[figure.dataset.kind] ?? rowsAndColumns)(figure, table), true);
  draw();
  charts.push({ chart, draw });
  chart.on("click", (at) => {
    const rows = table.tBodies[0].rows;
    const row = figure.dataset.kind === "heat" ? rows[at.value[1]] : rows[at.dataIndex];
    const cell = figure.dataset.kind === "heat" ? row.cells[at.value[0] + 1] : row.cells[columnsOf([...table.tHead.rows[0].cells])[at.seriesIndex]];
    const to = leads(cell) || leads(row.cells[0]);
    if (to) location.assign(to);
  });
  new ResizeObserver(() => {
    chart.resize();
    draw(); // how much of its names and numbers there is room for
  }).observe(figure);
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
}

// Paper is white, and as wide as paper.
let theme;
addEventListener("beforeprint", () => {
  theme = document.documentElement.dataset.bsTheme;
  document.documentElement.dataset.bsTheme = "light";
  printing = true;
  for (const { chart, draw } of charts) {
    draw();
    chart.resize({ width: paperWidth });
  }
});
addEventListener("afterprint", () => {
  document.documentElement.dataset.bsTheme = theme;
  printing = false;
  for (const { chart, draw } of charts) {
    draw();
    chart.resize({ width: "auto" });
  }
});

}
