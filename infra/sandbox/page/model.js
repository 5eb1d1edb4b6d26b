// Who answers for the model, and what it was asked.
import { get, post } from "./actions.js";
import { make } from "./dom.js";
import { clock } from "./message.js";
import { button, hint, item, nothing } from "./parts.js";
import { words } from "./words.js";

export async function model({ refresh }) {
  const [rows, byHand, real] = await Promise.all(["model/journal", "model/by_hand", "model/real"].map(get));
  if (!rows || !byHand || !real) return null;
  const turn = async () => { await post("model/by_hand", { on: !byHand.on }); await refresh(); };
  const shown = rows.slice(-50).reverse();
  return [
    ...(real.address ? [] : [item("by_hand", byHand, () => make("div", { className: "buttons" }, Object.assign(button(words.byHand, turn), { ariaPressed: String(byHand.on) })))]),
    hint(real.address ? words.realHint(real.address) : byHand.on ? words.byHandHint : words.standinHint),
    item("real", real, () => (real.address ? leave(refresh) : choose(refresh))),
    ...(shown.length ? shown.map((row) => item(row.n, row, () => question(row, refresh))) : [nothing()]),
  ];
}

function question(row, refresh) {
  const isAsked = row.proposed !== undefined;
  const asked = make("pre", { tabIndex: 0 }, JSON.stringify(row.asked.messages ?? row.asked, null, 2));
  const summary = make("summary", {},
    make("b", { className: isAsked ? "waits" : row.status === 200 ? "good" : "bad" }, isAsked ? words.waitsForYou : String(row.status ?? words.noAnswer)),
    make("span", {}, [row.asked.messages].flat().at(-1)?.content || row.fault || ""), make("time", {}, clock(row.unix)));
  return make("details", { className: "row", open: isAsked }, summary, make("h3", {}, words.asked), asked,
    make("h3", {}, row.by ? words.repliedBy(row.by) : words.replied), isAsked ? reply(row, refresh) : make("pre", { tabIndex: 0 }, String(row.answer ?? "")));
}

function reply(row, refresh) {
  const text = make("textarea", { rows: 4, value: row.proposed ?? "", ariaLabel: words.replied, spellcheck: false });
  const form = make("form", { className: "reply" }, text, make("button", { type: "submit", textContent: words.answerModel }));
  form.onsubmit = async (submitted) => {
    submitted.preventDefault();
    await post(`model/answers/${row.n}`, { text: text.value });
    await refresh();
  };
  return form;
}

// A real model of one's own. The key goes to the sandbox's memory, and no further.
function choose(refresh) {
  const fields = [["address", { type: "url", required: true, placeholder: "https://…/v1" }], ["model", { placeholder: words.anyModel }], ["key", { type: "password", required: true }]];
  const inputs = fields.map(([name, more]) => make("input", { autocomplete: "off", spellcheck: false, ...more, name }));
  const form = make("form", { className: "reply" }, ...inputs.map((input) => make("label", { className: "field" }, words.real[input.name], input)), make("button", { type: "submit", textContent: words.askReal }));
  form.onsubmit = async (submitted) => {
    submitted.preventDefault();
    if (await post("model/real", Object.fromEntries(new FormData(form)))) await refresh();
  };
  return make("details", {}, make("summary", {}, words.realModel), form);
}

function leave(refresh) {
  return make("div", { className: "buttons" }, button(words.leaveReal, async () => {
    await fetch("_sandbox/model/real", { method: "DELETE" });
    await refresh();
  }));
}
