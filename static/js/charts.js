// Draws what a figure's data island holds, in the colours of the page. Without this file, or the library, the table
// below each drawing stays open and says the same.
(() => {
  "use strict";

  const root = document.documentElement;

  const ink = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const size = () => parseFloat(getComputedStyle(document.body).fontSize);
  const spaced = (number) => String(number).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
  const shown = (value, series, data) => (value === null || value === undefined ? data.gap : spaced(value) + series.unit);

  // A line that lies high needs no room for nothing below it; a rate has its hundred, a bar begins at nothing.
  const bounds = (series) => {
    if (series.most) return { min: 0, max: series.most, interval: series.most / 2 };
    const known = series.values.filter((value) => value !== null);
    const most = Math.max(1, ...known);
    if (series.kind === "bar") return { min: 0, splitNumber: 2, minInterval: 1 };
    const least = Math.min(...known, most);
    const step = 10 ** Math.max(0, Math.ceil(Math.log10(Math.max(1, most - least))));
    const min = Math.max(0, Math.floor(least / step) * step);
    const max = Math.max(min + step, Math.ceil(most / step) * step);
    return { min, max, interval: max - min };
  };

  const colours = { line: ["--c1", "--c3"], bar: ["--q3"] };

  const option = (data) => {
    const body = size();
    const small = Math.max(12, Math.round(body * 0.8));
    const family = ink("--num");
    const shares = [0.2, 0.24, 0.22];
    const tops = [0.09, 0.42, 0.76];
    const strong = root.dataset.contrast === "high";
    const last = data.months.length - 1;
    const text = (colour, extra) => ({ color: ink(colour), fontFamily: family, fontSize: small, ...extra });
    const percent = (share) => `${Math.round(share * 1000) / 10}%`;
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
        top: percent(tops[index] - 0.09),
        padding: 0,
        textStyle: text("--ink-900", { fontWeight: 600, fontSize: Math.max(13, small) }),
      })),
      grid: tops.map((top, index) => ({
        left: small * 4,
        right: small * 6.5,
        top: percent(top),
        height: percent(shares[index] - (index === 2 ? 0.06 : 0)),
      })),
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
          formatter: (month, at) => (at === last || /-(01|07)$/.test(month) ? (at !== last && month.endsWith("-07") ? month.slice(5) : at === last ? (/-(01|02|07|08)$/.test(month) ? "" : month.slice(5)) : month) : ""),
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
    const paint = () => chart.setOption(option(data), true);
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
