// What goes on behind the chats: a tab each, drawn when it is open.
import { get } from "./actions.js";
import { $, make, redraw } from "./dom.js";
import { TABS } from "./tabs.js";
import { words } from "./words.js";

const SECONDS = 1;  // between two looks at the database, which tells nobody that it has changed
let stacked = false;
let open = localStorage.getItem("sandbox:tab") || "webhooks";

// Whether there is a stack with a database around the sandbox.
export const isStacked = () => stacked;

export async function begin() {
  stacked = Boolean(await get("stack/stories"));
  $("pages").hidden = !stacked;
  const tabs = Object.keys(TABS).filter((name) => stacked || !TABS[name].stack);
  if (!tabs.includes(open)) [open] = tabs;
  const close = make("button", { type: "button", className: "close", ariaLabel: words.close, textContent: "✕" });
  close.onclick = toggle;
  $("inside").setAttribute("aria-label", words.inside);
  $("inside").append(make("header", {}, make("div", { role: "group", className: "tabs" }, ...tabs.map(tab)), close), make("div", { id: "tab", tabIndex: 0 }));
  $("look-inside").onclick = toggle;
  if (localStorage.getItem("sandbox:inside")) await toggle();
  setInterval(() => { if (TABS[open].stack) refresh(); }, SECONDS * 1000);
}

function tab(name) {
  const button = make("button", { type: "button", textContent: words[name], ariaPressed: String(name === open) });
  button.onclick = async () => {
    open = name;
    localStorage.setItem("sandbox:tab", name);
    for (const other of button.parentElement.children) other.ariaPressed = String(other === button);
    $("tab").replaceChildren();
    await refresh();
  };
  return button;
}

async function toggle() {
  const isShown = $("inside").hidden;
  $("inside").hidden = !isShown;
  document.body.classList.toggle("inside", isShown);
  $("look-inside").setAttribute("aria-expanded", String(isShown));
  localStorage.setItem("sandbox:inside", isShown ? "yes" : "");
  if (isShown) await refresh();
  else $("look-inside").focus();
}

export async function refresh() {
  if ($("inside").hidden) return;
  const asked = open;
  const items = await TABS[asked].items({ refresh, showSteps, stacked });
  if (asked === open && items) redraw($("tab"), items);
}

// The way of a message of ours, as `carillon trace` has it.
export async function showWay(chat, message) {
  const query = chat.say ? { message: message.message_id } : { bot: message.from.id, chat: chat.id, message: message.message_id };
  const steps = await get(`stack/way?${new URLSearchParams(query)}`) || [];
  showSteps(steps.length ? steps : null);
}

export function showSteps(steps) {
  const close = make("button", { type: "button", textContent: words.close });
  close.onclick = () => $("beginner").close();
  const rows = (steps || []).map((step) => make("li", {},
    make("time", {}, step.at ? new Date(step.at).toLocaleTimeString() : "…"), make("b", {}, step.what), make("small", {}, step.gap ? `+${step.gap.toFixed(2)}` : ""), make("span", {}, step.detail)));
  $("beginner").replaceChildren(make("h2", {}, words.way), steps ? make("ol", { className: "way-steps" }, ...rows) : make("p", {}, words.noWay), make("footer", {}, close));
  $("beginner").showModal();
}

