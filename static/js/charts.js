// Draws what a figure's data island holds, in the colours of the page. Without this file, or the library, the table
// below each drawing stays open and says the same.
(() => {
  "use strict";

  const root = document.documentElement;

  const ink = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const size = () => parseFloat(getComputedStyle(document.body).fontSize);
  const spaced = (number) => String(number).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
  const shown = (value, series, data) => {
    if (value === null || value === undefined) return data.gap;
    return series.most ? value.toFixed(1) + series.unit : spaced(value) + series.unit;
  };
  // Of the months only every January and July are named, and the last one when there is room beside them.
  const month = (name, at, last) => {
    if (at === last) return /-(01|02|07|08)$/.test(name) ? "" : name.slice(5);
    if (name.endsWith("-01")) return name;
    return name.endsWith("-07") ? name.slice(5) : "";
  };

  // The step of 1, 2 or 5 with zeros that is not below this.
  const nice = (least) => {
    const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
    return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) || power;
  };

  // A line that lies high needs no room for nothing below it; a rate has its hundred, a bar begins at nothing.
  const bounds = (series) => {
    if (series.most) return { min: 0, max: series.most, interval: series.most / 2 };
    const known = series.values.filter((value) => value !== null);
    const most = Math.max(1, ...known);
    const least = series.kind === "bar" ? 0 : Math.min(most, ...known);
    const step = nice(series.kind === "bar" ? most / 2 : Math.max(most - least, most / 50));
    return { min: Math.floor(least / step) * step, max: Math.ceil(most / step) * step, interval: step };
  };

  // The rooms of the three drawings, one below the other: a line for the name, then the drawing; months at the foot.
  const rooms = (height, line) => {
    const share = (height - 3 * line - 1.6 * line) / 3;
    return [0, 1, 2].map((index) => ({ title: index * (share + line), top: index * (share + line) + line + 4, height: share - 16 }));
  };

  const colours = { line: ["--c1", "--c3"], bar: ["--q3"] };

  const option = (data, height) => {
    const body = size();
    const small = Math.max(12, Math.round(body * 0.8));
    const family = ink("--num");
    const room = rooms(height, small * 1.7);
    const strong = root.dataset.contrast === "high";
    const last = data.months.length - 1;
    const text = (colour, extra) => ({ color: ink(colour), fontFamily: family, fontSize: small, ...extra });
    let lines = 0;

    const drawn = data.series.map((series, index) => {
      const colour = ink(series.kind === "bar" ? colours.bar[0] : colours.line[lines++ % colours.line.length]);
      const end = { formatter: ({ value }) => shown(value, series, data), ...text("--ink-900", { fontSize: Math.round(body * 1.2) }) };
      return {
        name: series.name,
        type: series.kind,
        xAxisIndex: index,
        yAxisIndex: index,
        data: series.values.map((value, at) => ({
          value,
          label: { show: at === last && value !== null, position: "right", distance: 8, ...end },
          symbol: at === last ? "circle" : "none",
        })),
        showAllSymbol: true,
        symbolSize: 9,
        connectNulls: false,
        barCategoryGap: "38%",
        lineStyle: { width: 2, color: colour },
        itemStyle: { color: colour },
        emphasis: { disabled: true },
        animation: false,
      };
    });

    return {
      animation: false,
      aria: { enabled: true, label: { description: data.said }, decal: { show: strong } },
      textStyle: { fontFamily: family },
      tooltip: {
        trigger: "axis",
        renderMode: "richText",
        backgroundColor: ink("--card"),
        borderColor: ink("--edge"),
        borderWidth: 1,
        textStyle: text("--ink-900"),
        axisPointer: { type: "line", lineStyle: { color: ink("--edge") } },
        formatter: (points) => {
          const at = points[0].dataIndex;
          return [data.months[at], ...data.series.map((series) => `${series.name}  ${shown(series.values[at], series, data)}`)].join("\n");
        },
      },
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      title: data.series.map((series, index) => ({
        text: series.name,
        left: 0,
        top: room[index].title,
        padding: 0,
        textStyle: text("--ink-900", { fontWeight: 600, fontSize: Math.max(13, small) }),
      })),
      grid: room.map(({ top, height }) => ({ left: small * 4, right: small * 6.5, top, height })),
      xAxis: data.series.map((series, index) => ({
        gridIndex: index,
        type: "category",
        data: data.months,
        boundaryGap: true,
        axisTick: { show: false },
        axisLine: { show: index > 0, lineStyle: { color: ink("--ink-500") } },
        axisLabel: {
          show: index === 2,
          interval: 0,
          formatter: (name, at) => month(name, at, last),
          hideOverlap: true,
          ...text("--ink-600"),
        },
      })),
      yAxis: data.series.map((series, index) => ({
        gridIndex: index,
        type: "value",
        ...bounds(series),
        axisLabel: { formatter: (value) => spaced(value) + series.unit, ...text("--ink-600") },
        splitLine: { lineStyle: { color: ink("--rule") } },
      })),
      series: drawn,
    };
  };

  const draw = (figure) => {
    const data = JSON.parse(document.getElementById(figure.dataset.island).textContent);
    figure.hidden = false;
    const chart = window.echarts.init(figure, null, { renderer: "svg" });
    const paint = () => chart.setOption(option(data, figure.clientHeight), true);
    paint();
    document.querySelectorAll(`[data-closed-by="${figure.id}"]`).forEach((table) => table.removeAttribute("open"));
    new ResizeObserver(() => chart.resize()).observe(figure);
    new MutationObserver(paint).observe(root, { attributes: true, attributeFilter: ["data-theme", "data-type", "data-contrast"] });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
    window.addEventListener("beforeprint", () => chart.resize({ width: Math.min(figure.clientWidth, 640) }));
    window.addEventListener("afterprint", () => chart.resize({ width: "auto" }));
  };

  if (window.echarts) document.querySelectorAll("[data-island]").forEach(draw);
})();
