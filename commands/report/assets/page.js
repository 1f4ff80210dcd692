"use strict";
// Draws the charts and answers the date picker from the data embedded in the page.
// Figures are text and are shown exactly as in the ledger; only positions on a chart are computed
// from numbers. The data is never read as HTML.

const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const root = document.documentElement;
const isSlide = location.hash === "#slide";
root.classList.toggle("slide", isSlide);

const time = (day) => Date.parse(day + "T00:00:00Z");
const dayOf = (moment) => new Date(moment).toISOString().slice(0, 10);
const grouped = (text) => {
  const [whole, part] = text.split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part === undefined ? "" : "." + part);
};
const said = (text) => (text === null ? "unknown" : grouped(text));
const short = (value) => {
  for (const [size, unit] of [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]]) {
    if (Math.abs(value) >= size) return +(value / size).toPrecision(4) + unit;
  }
  return String(+value.toPrecision(4));
};

// --- elements of the page, with text only --------------------------------------------------------

function element(name, text, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

const documentOf = (place) => (place === null ? "no document" : data.documents[place]);
const eventWords = ([action, event, entry, place]) =>
  `${data.names[event]} of ${data.names[action]}, entry ${grouped(String(entry))}: ${documentOf(place)}`;

const MOST_EVENTS = 6; // in a hover; a day of a broker's file can have hundreds
function eventLines(events) {
  const lines = events.slice(0, MOST_EVENTS).map(eventWords);
  if (events.length > MOST_EVENTS) lines.push(`and ${events.length - MOST_EVENTS} more`);
  return lines;
}

function tip(title, rows, lines) {
  const table = element("table");
  for (const [name, value] of rows) {
    table.append(element("tr", "", element("th", name), element("td", value)));
  }
  const box = element("div", "", element("b", title), table);
  for (const line of lines) box.append(element("p", line));
  box.className = "tip";
  return box;
}

const spoken = (title, rows, lines) =>
  [title, ...rows.map(([name, value]) => `${name} ${value}`), ...lines].join("; ");

// --- counts on a day -----------------------------------------------------------------------------

const classAsked = () => data.classes[at("class").value || 0];

// The last point on or before a day; -1 before the first.
function pointAt(days, day) {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (days[middle] <= day) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function countsOn(shareClass, day, restated) {
  const point = pointAt(shareClass.day, day);
  const columns = (restated && shareClass.restated) || shareClass.counts;
  const count = (name) => (point < 0 ? null : columns[name][point]);
  let reason = point < 0 ? null : shareClass.reason[point];
  if (point < 0) {
    reason = shareClass.openedOn === null
      ? "no opening position is recorded"
      : `the opening position is of ${shareClass.openedOn}, after ${day}`;
  }
  return {
    point, reason,
    authorized: count("authorized"), issued: count("issued"),
    treasury: count("treasury"), outstanding: count("outstanding"),
  };
}

const COUNTS = ["issued", "treasury", "outstanding", "authorized"];

// The first cell of a row has words, the others have figures.
function row(head, cells) {
  const first = element("th", head);
  first.scope = "row";
  const made = element("tr", "", first, ...cells);
  for (const cell of cells) cell.className = "number";
  return made;
}

// One column for each basis, as narrow as a phone.
function countsTable(told) {
  const heads = told.map(([basis]) => element("th", basis));
  for (const head of heads) head.scope = "col";
  const head = element("thead", "", row("In the shares of", heads));
  const body = element("tbody");
  for (const name of COUNTS) {
    body.append(row(name, told.map(([, counts]) => {
      const cell = element("td", said(counts[name]));
      cell.dataset.count = name;
      return cell;
    })));
  }
  return element("table", "", head, body);
}

function answerDay() {
  const box = at("answer");
  box.replaceChildren();
  const day = at("on").value;
  const shareClass = classAsked();
  if (!day || !shareClass) {
    box.append(element("p", shareClass ? "Choose a day." : "No share class is recorded."));
    return;
  }
  if (day > data.on) {
    box.append(element("p", `This page was made as of ${data.on}; ask the ledger for ${day}.`));
    return;
  }
  const counts = countsOn(shareClass, day, false);
  const told = [[day, counts]];
  if (shareClass.restated && day !== data.shareBasis) {
    told.push([data.shareBasis, countsOn(shareClass, day, true)]);
  }
  box.append(countsTable(told));
  if (counts.reason) box.append(element("p", counts.reason));
  if (counts.point >= 0) {
    box.append(element("p", `Since ${shareClass.day[counts.point]}:`));
    for (const line of eventLines(shareClass.events[counts.point])) box.append(element("p", line));
  }
  for (const line of box.querySelectorAll("p")) line.className = "quiet";
}

// --- charts --------------------------------------------------------------------------------------

// The style names the colors; the charts need their computed values.
const probe = element("span");
probe.hidden = true;
document.body.append(probe);
function color(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

const fontFamily = getComputedStyle(document.body).fontFamily;

function common(description) {
  return {
    animation: false,
    useUTC: true,
    backgroundColor: "transparent",
    textStyle: { fontFamily, color: color("ink"), fontSize: 12 },
    aria: { enabled: true, label: { description } },
    legend: { top: 0, left: 0, itemGap: 14, itemWidth: 16, itemHeight: 10, icon: "roundRect", textStyle: { color: color("ink") } },
    tooltip: {
      trigger: "axis", confine: true, renderMode: "html", padding: 10,
      backgroundColor: color("card"), borderColor: color("quiet"),
      textStyle: { color: color("ink"), fontFamily },
      axisPointer: { type: "line", snap: true, lineStyle: { color: color("quiet") } },
    },
  };
}

const axisLook = () => ({
  axisLine: { lineStyle: { color: color("quiet") } },
  axisTick: { lineStyle: { color: color("quiet") } },
  axisLabel: { color: color("quiet"), hideOverlap: true },
  splitLine: { lineStyle: { color: color("line") } },
  nameTextStyle: { color: color("quiet"), align: "left" },
});

// A value is valid until the next day of the list; the line ends where a value becomes unknown.
function held(days, values, end) {
  const line = [];
  let last = null;
  days.forEach((day, place) => {
    const value = values[place] === null ? null : Number(values[place]);
    if (value === null && last !== null) line.push([time(day), last]);
    line.push([time(day), value]);
    last = value;
  });
  if (last !== null && end > days[days.length - 1]) line.push([time(end), last]);
  return line;
}

const isKnown = (values) => values.some((value) => value !== null);
const isHeld = (values) => values.some((value) => value !== null && value !== "0");

const charts = {};

// One chart: how to draw it, and the text of each of its places, for hover and for the keyboard.
function chart(name, draw) {
  const box = at(`${name}-chart`);
  if (!box) return;
  box.setAttribute("role", "img");
  charts[name] = { shown: echarts.init(box, null, { renderer: "svg" }), draw, place: -1 };
  box.addEventListener("keydown", (event) => {
    const one = charts[name];
    const last = one.places.length - 1;
    const step = { ArrowRight: one.place + 1, ArrowLeft: one.place - 1, Home: 0, End: last }[event.key];
    if (event.key === "Escape") one.shown.dispatchAction({ type: "hideTip" });
    if (step === undefined || last < 0) return;
    event.preventDefault();
    one.place = Math.max(0, Math.min(last, step));
    one.point(one.place);
    at(`${name}-said`).textContent = spoken(...one.places[one.place]());
  });
}

function render(name) {
  const one = charts[name];
  if (!one) return;
  const { option, places, point, label } = one.draw(one.shown);
  Object.assign(one, { places, point });
  one.place = Math.min(one.place, places.length - 1);
  one.shown.setOption(option, { notMerge: true });
  at(`${name}-chart`).setAttribute("aria-label", label);
}

function tipAt(shown, grid, value) {
  return () => {
    const [x, y] = shown.convertToPixel({ gridIndex: grid }, value);
    shown.dispatchAction({ type: "showTip", x, y });
  };
}

const TOP = 54; // room for the legend and the labels of splits
const BETWEEN = 34; // the upper and the lower chart

function drawShares(shown) {
  const shareClass = classAsked() ?? { code: "", day: [], counts: {}, newShares: [], events: [] };
  const restated = at("restated").checked;
  const columns = (restated && shareClass.restated) || shareClass.counts;
  const days = shareClass.day;
  const series = (name, grid, more) => ({
    name, type: "line", step: "end", data: held(days, columns[name] ?? [], data.on),
    xAxisIndex: grid, yAxisIndex: grid, symbol: "circle", showSymbol: days.length <= 60, symbolSize: 6,
    lineStyle: { width: 2 }, itemStyle: { color: color(name) }, emphasis: { disabled: true }, ...more,
  });
  const drawn = (name) => columns[name] && isKnown(columns[name]);
  const splits = days.flatMap((day, place) => shareClass.newShares[place]
    ? [{ xAxis: time(day), label: { formatter: shareClass.newShares[place] } }] : []);
  const markLine = {
    silent: true, symbol: "none", data: splits,
    lineStyle: { color: color("quiet"), type: "dashed" },
    label: { color: color("quiet"), fontSize: 11, position: "end" },
  };
  const two = columns.treasury && isHeld(columns.treasury);
  const zoom = days.length > 200 && !isSlide && !root.classList.contains("paper");
  const bottom = zoom ? 74 : 28;
  const axis = (grid, more) => ({
    type: "time", gridIndex: grid, max: time(data.on), ...axisLook(), splitLine: { show: false }, ...more,
  });
  const value = (grid, name, more) => ({
    type: "value", gridIndex: grid, name, scale: true, ...axisLook(),
    axisLabel: { color: color("quiet"), formatter: short }, ...more,
  });
  const usable = shown.getHeight() - TOP - bottom;
  const lower = two ? Math.round((usable - BETWEEN) * 0.3) : 0;
  const side = { left: 62, right: 18 };
  const grids = [{ ...side, top: TOP, height: usable - (two ? lower + BETWEEN : 0) }];
  if (two) grids.push({ ...side, bottom, height: lower });
  const says = (day) => {
    const counts = countsOn(shareClass, day, restated);
    const rows = COUNTS.map((count) => [count, said(counts[count])]);
    const lines = counts.point < 0 ? [] : eventLines(shareClass.events[counts.point]);
    if (counts.reason) lines.unshift(counts.reason);
    const split = counts.point < 0 || days[counts.point] !== day ? null : shareClass.newShares[counts.point];
    return [day + (split ? `, split ${split}` : ""), rows, lines];
  };
  const general = common(`Issued, outstanding and treasury shares over time.`);
  const label = `Share counts${shareClass.code ? " of class " + shareClass.code : ""} over time, ` +
    `${days.length} changes${restated ? `, in the shares of ${data.shareBasis}` : ""}; ` +
    "use the arrow keys to go from change to change";
  return {
    label,
    places: days.map((day) => () => says(day)),
    point: (place) => {
      const known = ["issued", "outstanding", "treasury"].find((name) => columns[name][place] !== null);
      const grid = known === "treasury" ? 1 : 0;
      const level = known ? Number(columns[known][place]) : 0;
      tipAt(shown, grid, [time(days[place]), level])();
    },
    option: {
      ...general,
      title: days.length ? [] : { text: "No count is known", left: "center", top: "middle", textStyle: { color: color("quiet"), fontSize: 14 } },
      grid: grids,
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      xAxis: two ? [axis(0, { axisLabel: { show: false } }), axis(1)] : [axis(0)],
      yAxis: two
        ? [value(0, ""), value(1, "treasury", { scale: false, splitNumber: 3 })]
        : [value(0, "")],
      dataZoom: zoom ? [{
        type: "slider", xAxisIndex: two ? [0, 1] : [0], bottom: 10, height: 22, showDataShadow: false,
        borderColor: color("line"), fillerColor: "transparent", handleStyle: { color: color("card"), borderColor: color("accent") },
        moveHandleStyle: { color: color("accent") }, textStyle: { color: color("quiet") }, labelFormatter: (moment) => dayOf(moment),
      }] : [],
      tooltip: { ...general.tooltip, formatter: (marks) => tip(...says(dayOf(marks[0].axisValue))) },
      series: [
        series("issued", 0, { markLine }),
        ...(drawn("outstanding") ? [series("outstanding", 0, {})] : []),
        ...(two ? [series("treasury", 1, { areaStyle: { opacity: 0.18 } })] : []),
      ],
    },
  };
}

const GROUPS = ["interim", "year-end", "special", "forecast"];

function drawDividends(shown) {
  const years = classAsked()?.years ?? [];
  const restated = at("dividends-restated").checked;
  const figure = (dividend) => (restated ? dividend.restated : dividend.perShare);
  const sum = (dividends) => dividends.reduce((total, dividend) => total + Number(figure(dividend) ?? 0), 0);
  const series = GROUPS.map((group) => ({
    name: group, type: "bar", stack: "year", barMaxWidth: 34,
    itemStyle: {
      color: color(group === "forecast" ? "quiet" : group),
      ...(group === "forecast" && { opacity: 0.45, decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -Math.PI / 4, color: color("card") } }),
    },
    emphasis: { disabled: true },
    data: years.map((year) => sum(year.dividends.filter((dividend) => dividend.group === group))),
  })).filter((one) => one.data.some((value) => value));
  const says = (place) => {
    const year = years[place];
    const annual = restated ? year.restated : year.declared;
    const rows = [[restated ? "annual, restated" : "annual, as declared",
      annual === null ? "nothing decided" : `${year.currency} ${grouped(annual)}${year.mixed && !restated ? " (mixed share bases)" : ""}`]];
    const lines = year.dividends.map((dividend) => {
      const text = figure(dividend);
      const dates = [dividend.recordDate && `record date ${dividend.recordDate}`, dividend.payableOn && `payable on ${dividend.payableOn}`];
      return [`${dividend.term} ${dividend.currency} ${text === null ? "undecided" : grouped(text)}, ${dividend.state}`,
        ...dates.filter(Boolean), eventWords(dividend.event)].join("; ");
    });
    return [year.label, rows, lines];
  };
  const currencies = [...new Set(years.flatMap((year) => year.dividends.map((dividend) => dividend.currency)))];
  const general = common("Dividends per share by fiscal year.");
  return {
    label: `Dividends per share of ${years.length} fiscal years${restated ? `, in the shares of ${data.shareBasis}` : ", as declared"}; use the arrow keys to go from year to year`,
    places: years.map((_, place) => () => says(place)),
    point: (place) => shown.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: place }),
    option: {
      ...general,
      title: series.length ? [] : { text: "No dividend is recorded", left: "center", top: "middle", textStyle: { color: color("quiet"), fontSize: 14 } },
      grid: { left: 52, right: 8, top: TOP, bottom: 28 },
      xAxis: { type: "category", data: years.map((year) => year.label), ...axisLook(), splitLine: { show: false } },
      yAxis: { type: "value", name: currencies.join(", "), ...axisLook(), axisLabel: { color: color("quiet"), formatter: short } },
      tooltip: {
        ...general.tooltip, axisPointer: { type: "shadow", shadowStyle: { color: color("quiet"), opacity: 0.12 } },
        formatter: (marks) => tip(...says(marks[0].dataIndex)),
      },
      series,
    },
  };
}

function drawProgress(shown) {
  const program = data.programs[at("program").value];
  const end = program.until !== null && program.until < data.on ? program.until : data.on;
  const begins = program.from ?? program.day[0];
  const capped = isKnown(program.sharesPercent) || isKnown(program.amountPercent);
  const lines = capped
    ? [["shares", "% of shares", program.sharesPercent, "outstanding"], ["amount", "% of amount", program.amountPercent, "treasury"]]
    : [["shares", "shares", program.shares, "outstanding"]];
  const says = (place) => [
    program.day[place],
    [
      ["shares", said(program.shares[place])],
      ["amount", program.amount[place] === null ? "unknown" : `${program.currency} ${grouped(program.amount[place])}`],
      ["of the cap in shares", program.sharesPercent[place] === null ? "no cap" : `${program.sharesPercent[place]} %`],
      ["of the cap in money", program.amountPercent[place] === null ? "no cap" : `${program.amountPercent[place]} %`],
    ],
    [eventWords(program.events[place])],
  ];
  const general = common(`Progress of ${program.action}.`);
  return {
    label: `Progress of ${program.action}, ${program.day.length} purchases; use the arrow keys to go from purchase to purchase`,
    places: program.day.map((_, place) => () => says(place)),
    point: (place) => {
      const known = lines.find(([, , values]) => values[place] !== null);
      tipAt(shown, 0, [time(program.day[place]), known ? Number(known[2][place]) : 0])();
    },
    option: {
      ...general,
      grid: { left: 52, right: 18, top: 40, bottom: 28 },
      xAxis: { type: "time", min: time(begins), max: time(program.until ?? data.on), ...axisLook(), splitLine: { show: false } },
      yAxis: { type: "value", min: 0, max: capped ? (range) => Math.max(100, Math.ceil(range.max / 10) * 10) : null, ...axisLook(), axisLabel: { color: color("quiet"), formatter: capped ? "{value} %" : short } },
      tooltip: { ...general.tooltip, formatter: (marks) => tip(...says(Math.max(0, pointAt(program.day, dayOf(marks[0].axisValue))))) },
      series: lines.filter(([, , values]) => isKnown(values)).map(([, name, values, shade], place) => ({
        name, type: "line", step: "end", data: held(program.day, values, end), symbol: "circle", showSymbol: program.day.length <= 60, symbolSize: 6,
        lineStyle: { width: 2, type: place ? [6, 3] : "solid" }, itemStyle: { color: color(shade) }, emphasis: { disabled: true },
        markLine: capped && !place ? { silent: true, symbol: "none", data: [{ yAxis: 100 }], label: { formatter: "cap", position: "insideEndTop", color: color("quiet") }, lineStyle: { color: color("alarm"), type: "solid" } } : undefined,
      })),
    },
  };
}

// --- the page ------------------------------------------------------------------------------------

function renderAll() {
  Object.keys(charts).forEach(render);
}

data.classes.forEach((shareClass, place) => at("class").add(new Option(shareClass.code, place)));
const bought = data.programs.map((program, place) => [program, place]).filter(([program]) => program.day.length);
bought.reverse().forEach(([program, place]) => at("program").add(new Option(program.action, place)));
if (bought.length) {
  at("progress").hidden = false;
  document.querySelector('label[for="program"]').hidden = bought.length < 2;
}

// After a split, only figures in the same shares can be compared.
const isSplit = data.classes.some((shareClass) => shareClass.restated !== null);
for (const name of ["restated", "dividends-restated"]) {
  at(name).checked = isSplit;
  at(name).disabled = !isSplit;
}

chart("shares", drawShares);
chart("dividends", drawDividends);
if (bought.length) chart("progress", drawProgress);
renderAll();
answerDay();

at("class").addEventListener("change", () => { render("shares"); render("dividends"); answerDay(); });
at("restated").addEventListener("change", () => render("shares"));
at("dividends-restated").addEventListener("change", () => render("dividends"));
at("program").addEventListener("change", () => render("progress"));
at("on").addEventListener("input", answerDay);
at("theme").addEventListener("change", (event) => {
  root.classList.remove("light", "dark");
  if (event.target.value) root.classList.add(event.target.value);
  renderAll();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", renderAll);
at("print").addEventListener("click", () => print());

function fit(width = "auto") {
  for (const one of Object.values(charts)) one.shown.resize({ width });
  renderAll();
}
addEventListener("resize", () => fit());

// Paper is light, and the charts fit the sheet; the browser lays out the pages after this event.
const PAPER = 640;
addEventListener("beforeprint", () => {
  root.classList.add("paper");
  fit(PAPER);
});
addEventListener("afterprint", () => {
  root.classList.remove("paper");
  fit();
});

at("filter").addEventListener("input", (event) => {
  const wanted = event.target.value.toLowerCase();
  let count = 0;
  for (const row of at("actions-table").tBodies[0].rows) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
    count += !row.hidden;
  }
  at("found").textContent = wanted ? `${count} found` : "";
});
