// Charts. <figure class="b-chart" data-chart="sales" role="img" aria-label="…"> draws the ECharts option that stands as
// JSON in <script type="application/json" id="sales">. A datum with "href" leads to its cases. The page shows the same
// figures as a table beside it; the drawing is a help, never the only way. Loaded only by pages that have charts.
const COLOURS = ["#1f52b5", "#d98a00", "#14805a", "#8a5cc2", "#c0392b", "#3f93b8", "#7a6a58", "#5d687b"];
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

function dress(option) {
  const axis = { axisLine: { lineStyle: { color: "#c6cdd9" } }, axisTick: { show: false }, axisLabel: { color: "#465165" }, splitLine: { lineStyle: { color: "#eaedf2" } } };
  const dressAxis = (one) => (Array.isArray(one) ? one.map(dressAxis) : one && { ...axis, ...one });
  return {
    color: COLOURS,
    animation: !still,
    animationDuration: 250,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13 },
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    // Patterns beside colours; and text drawn in the canvas, because the page's policy allows no styles in HTML.
    aria: { enabled: true, decal: { show: Boolean(option.decal) } },
    ...option,
    tooltip: { trigger: "axis", ...option.tooltip, renderMode: "richText" },
    legend: option.legend === false ? undefined : { top: 0, right: 0, itemWidth: 14, itemHeight: 9, textStyle: { color: "#465165" }, ...option.legend },
    xAxis: dressAxis(option.xAxis),
    yAxis: dressAxis(option.yAxis),
  };
}

function draw(figure) {
  const data = document.getElementById(figure.dataset.chart);
  if (!data || !window.echarts || figure.dataset.drawn) return;
  figure.dataset.drawn = "1";
  const chart = echarts.init(figure, null, { renderer: "canvas" });
  const option = JSON.parse(data.textContent);
  if (figure.clientWidth < 480 && option.series?.length > 2) option.legend = { type: "scroll", left: 0, ...option.legend };
  chart.setOption(dress(option));
  chart.on("click", ({ data: datum }) => datum?.href && location.assign(datum.href));
  new ResizeObserver(() => chart.resize()).observe(figure);
}

const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
drawAll();
document.addEventListener("htmx:after:swap", drawAll);
