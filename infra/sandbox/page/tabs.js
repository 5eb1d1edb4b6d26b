// The tabs of the inside: each returns what `redraw` draws.
import { get, post } from "./actions.js";
import { $, make, toast } from "./dom.js";
import { clock } from "./message.js";
import { model } from "./model.js";
import { outside } from "./outside.js";
import { button, buttons, hint, item, nothing, title } from "./parts.js";
import { language, words } from "./words.js";

async function webhooks({ refresh, showSteps, stacked }) {
  const rows = await get("webhooks");
  if (!rows) return null;
  const draw = (row) => () => {
    const said = row.status || row.error || words.noAnswer;
    const again = async () => { await post(`webhooks/${row.n}/send`); await refresh(); };
    const made = [button(words.again, again, `again:${row.n}`), button(words.change, () => change(row, refresh), `change:${row.n}`)];
    if (stacked && row.correlation) made.push(button(words.way, async () => showSteps(await get(`stack/way?of=${row.correlation}`)), `way:${row.n}`));
    return make("details", { className: "row" },
      make("summary", {}, make("b", { className: row.status < 300 ? "good" : "bad" }, String(said)), make("span", {}, `${row.sender} · ${row.ms} ms`), make("time", {}, clock(row.unix))),
      make("pre", { tabIndex: 0 }, pretty(row.body)), make("div", { className: "buttons" }, ...made));
  };
  return rows.length ? rows.map((row) => item(row.n, row, draw(row))) : [nothing()];
}

const pretty = (body) => {
  try { return JSON.stringify(JSON.parse(body), null, 2); } catch { return body; }
};

function change(row, refresh) {
  const text = make("textarea", { rows: 16, value: pretty(row.body), ariaLabel: words.change, spellcheck: false });
  const cancel = button(words.cancel, () => $("beginner").close());
  const form = make("form", { method: "dialog" }, make("h2", {}, words.change), text,
    make("footer", {}, cancel, make("button", { type: "submit", className: "main", textContent: words.send })));
  form.onsubmit = async () => { await post(`webhooks/${row.n}/send`, { body: text.value }); await refresh(); };
  $("beginner").replaceChildren(form);
  $("beginner").showModal();
}

async function deliveries({ showSteps }) {
  const state = await get("stack/state");
  if (!state) return null;
  const totals = Object.entries(state.totals).map(([name, count]) => `${words.states[name]}: ${count}`).join(" · ");
  const rate = ({ bot, status, per_second, waits }) => line(`rate:${bot}`, bot, words.perSecond(per_second) + (waits > 0 ? ` · ${words.rests(Math.ceil(waits))}` : ""), status === "active" ? "" : status);
  const lane = (row) => line(`lane:${row.bot}:${row.lane}`, `${row.bot} · ${row.lane}`, [row.blocked_class, row.leased_until && "lease", row.next_at && seconds(row.next_at)].filter(Boolean).join(" · "), "");
  return [
    ...frozen(state.frozen), title(words.outbox), hint(totals || words.nothing), ...state.latest.map((row) => outboxRow(row, showSteps)),
    title(words.lanes), ...(state.lanes.length ? state.lanes.map(lane) : [item("lanes", 0, () => make("p", { className: "hint" }, words.nothing))]),
    title(words.rates), ...state.rates.map(rate),
    title(words.runs), ...state.runs.map(runRow),
  ];
}

const frozen = (left) => (left ? [item("frozen", Math.ceil(left), () => make("p", { className: "frozen", role: "status" }, words.frozen(Math.ceil(left))))] : []);
const seconds = (at) => new Date(at).toLocaleTimeString();
const line = (key, name, about, mark) => item(key, [name, about, mark], () => make("div", { className: "row line" }, make("span", {}, name), make("small", {}, about), mark ? make("b", { className: "bad" }, mark) : ""));

// A message's HTML as the text that people see.
const plain = (text) => new DOMParser().parseFromString(text, "text/html").body.textContent;

function outboxRow(row, showSteps) {
  return item(`outbox:${row.id}`, row, () => make("div", { className: `row outbox ${row.state}` },
    make("b", {}, words.states[row.state]), make("span", {}, plain(row.text) || row.kind),
    make("small", {}, [row.kind, row.bot, row.attempts > 1 ? words.attempts(row.attempts) : "", row.error_class, row.maybe_duplicate ? words.doubled : ""].filter(Boolean).join(" · ")),
    button(words.way, async () => showSteps(await get(`stack/way?of=outbox:${row.id}`)), `way:${row.id}`)));
}

function runRow(run) {
  const counts = Object.entries(run.report).map(([name, count]) => `${name} ${count}`).join(", ");
  return item(`run:${run.function}`, run, () => make("div", { className: "row line" }, make("span", {}, run.function), make("small", {}, `${seconds(run.started_at)} · ${counts}`),
    button(words.tick, () => post(`stack/tick/${run.function}`), `tick:${run.function}`)));
}

const FAULTS = {
  faultTelegram: ["faults", { tooMany: { status: 429, parameters: { retry_after: 5 } }, broken: { status: 500, times: 3 }, hangs: { hang: true }, resets: { reset: true }, slow: { delay_s: 3, times: 3 }, deletedUser: { status: 403, description: "Forbidden: bot was blocked by the user" } }],
  faultModel: ["model/faults", { overloaded: { does: "status", status: 500, times: 3 }, hangs: { does: "hang" }, noMoney: { does: "quota" }, tooLong: { does: "cut" } }],
  faultWhatsapp: ["whatsapp/faults", { tooMany: { does: "limit" }, fails: { does: "fail" }, failsLater: { does: "fail_later" }, resets: { does: "drop" } }],
};

async function faults({ stacked, refresh }) {
  const arm = (path, fault) => async () => { if (await post(path, fault)) toast(words.done); await refresh(); };
  const kinds = ["faults", "model/faults", "whatsapp/faults"];
  const waiting = (await Promise.all(kinds.map(get))).flatMap((found) => found || []);
  const { seconds: left } = (stacked && await get("stack/freeze")) || {};
  const groups = Object.entries(FAULTS).flatMap(([name, [path, found]]) => [title(words[name]), buttons(name, Object.entries(found).map(([label, fault]) => [words[label], arm(path, fault)]))]);
  const clear = async () => {
    await Promise.all(kinds.map((path) => fetch(`_sandbox/${path}`, { method: "DELETE" })));
    await refresh();
  };
  return [
    hint(words.faultsHint), ...groups, ...(stacked ? [title("dispatch_notifications"), buttons("kill", [[words.kill, kill]]), title("Postgres"), ...frozen(left), buttons("freeze", [[words.freeze, freeze]])] : []),
    title(words.armed), item("waiting", waiting, () => make("pre", { tabIndex: 0 }, waiting.map((fault) => JSON.stringify(fault)).join("\n") || words.nothing)),
    buttons("clear", [[words.clearFaults, clear]]),
  ];
}

async function kill() {
  toast(words.killing);
  const said = await post("stack/kill");
  if (said) toast(said.killed ? words.killed : words.notKilled);
}

async function freeze() {
  if (await post("stack/freeze", {})) toast(words.freezing);
}

const forward = (minutes) => async () => {
  const said = await post("stack/clock", { minutes });
  if (said) toast(words.moved(said.rows));
};
const time = () => [hint(words.clockHint), buttons("clock", words.minutes.map(([minutes, label]) => [label, forward(minutes)]))];

async function stories({ refresh }) {
  const chapters = await get("stack/stories");
  if (!chapters) return null;
  return [hint(words.storiesHint), ...chapters.map((chapter) => item(chapter.name, chapter, () => story(chapter, refresh)))];
}

function story(chapter, refresh) {
  const count = chapter.played.length;
  const steps = chapter.steps.map((step, place) => {
    const done = chapter.played[place];
    return make("li", { className: done ? (done.arrived ? "good" : "bad") : "" }, step[language], done?.what[language] ? make("small", {}, done.what[language]) : "");
  });
  const next = button(words.next, async () => {
    next.disabled = true;
    const said = await post(`stack/stories/${chapter.name}`);
    next.disabled = false;
    if (said && !said.arrived) toast(said.what[language]);
    await refresh();
  }, `next:${chapter.name}`);
  const isOver = count === chapter.steps.length;
  return make("details", { className: "row story", open: count > 0 && !isOver },
    make("summary", {}, make("span", {}, words.systems[chapter.name]), make("small", {}, isOver ? words.played : `${count} / ${chapter.steps.length}`)),
    make("ol", {}, ...steps), isOver ? "" : make("div", { className: "buttons" }, next));
}

export const TABS = {
  webhooks: { items: webhooks },
  deliveries: { items: deliveries, stack: true },
  model: { items: model },
  outside: { items: outside, stack: true },
  faults: { items: faults },
  clock: { items: time, stack: true },
  stories: { items: stories, stack: true },
};
