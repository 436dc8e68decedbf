// Charts: <figure data-chart="id of a table"> is drawn from the numbers that stand in the table, which
// stays there for whoever wants to read them. Loaded only on pages that draw.
"use strict";

for (const figure of document.querySelectorAll("[data-chart]")) {
  const table = document.getElementById(figure.dataset.chart);
  const rows = [...table.tBodies[0].rows];
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  figure.hidden = false;
  const numbers = table.closest("details");
  if (numbers) numbers.open = false;
  const text = colour("--tblr-secondary");
  const chart = echarts.init(figure, null, { renderer: "svg", locale: document.documentElement.lang === "en" ? "EN" : "ZH" });
  const name = table.tHead.rows[0].cells[1].textContent;
  const draw = () => chart.setOption({
    aria: { enabled: true },
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    grid: { left: 8, right: 8, top: 16, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", confine: true },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    xAxis: {
      type: "category",
      data: rows.map((r) => r.querySelector("time").textContent),
      axisLabel: { color: text, hideOverlap: true, formatter: (day) => day.slice(5) },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: text } },
    },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color: text }, splitLine: { lineStyle: { color: text, opacity: 0.2 } } },
    series: [{ type: "bar", name, itemStyle: { color: colour("--tblr-link-color"), borderRadius: [3, 3, 0, 0] }, barMaxWidth: 32,
      data: rows.map((r) => Number(r.cells[1].dataset.n)) }],
  });
  draw();
  new ResizeObserver(() => chart.resize()).observe(figure);
}
