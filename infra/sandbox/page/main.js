// The page: what is open, and what is drawn when something happens.
import * as act from "./actions.js";
import { begin } from "./beginner.js";
import { drawChats, drawHead, drawMessages, drawTopics } from "./chats.js";
import { $, make, redraw, toast } from "./dom.js";
import * as inside from "./inside.js";
import { language, switchLanguage, words } from "./words.js";

const SHOWN = 100;  // messages of a chat; earlier and later ones come in the place of the others
const NEAR = 300;  // pixels from an end at which they are fetched
const NEW = "new";
// `windows`: of each window of messages, the latest one last, the id of its last message; none: up to the newest.
const state = { chosen: decodeURIComponent(location.hash.slice(1)), topic: 0, windows: [""], person: null, editing: null, view: null, answered: null };

const chat = () => state.view?.chats.find((found) => found.key === state.view.chosen) || null;
const topic = () => chat()?.topics.find((found) => found.id === state.topic);

async function refresh() {
  const asked = seen();
  const view = await act.get(`view?${asked}`);
  if (!view) return toast(words.unavailable);
  if (asked !== seen()) return refresh();  // another chat, topic or window was opened meanwhile
  state.view = view;
  state.chosen = view.chosen;
  if (chat() && state.topic && !topic()) {
    state.topic = 0;  // it was deleted
    return refresh();
  }
  toasts(view.answers);
  draw();
}

const seen = () => String(new URLSearchParams({ chat: state.chosen, thread: state.topic, until: state.windows.at(-1), count: SHOWN }));

function toasts(answers) {
  const isFirst = state.answered === null;
  state.answered ??= new Set();
  for (const [number, said] of Object.entries(answers)) {
    if (!state.answered.has(number) && said.text && !isFirst) toast(said.text);
    state.answered.add(number);
  }
}

function draw() {
  const open = chat();
  document.body.classList.toggle("empty", !open);
  $("chat").hidden = !open;
  $("empty").hidden = Boolean(open);
  drawChats(state.view.chats, state.view.chosen, choose);
  if (!open) return;
  drawHead(open, topic());
  drawTopics(open.topics, state.topic, (chosen) => { state.topic = chosen; toNewest(); });
  drawPeople(open);
  drawActions(open);
  drawMessages(state.view, {
    topics: open.topics, topic: state.topic, pictures: state.view.pictures, reactions: state.view.reactions, pinned: state.view.pinned,
    press: (message, data) => act.press(chat(), state.person, message, data),
    edit: open.say?.gateway === "chatflow" ? null : edit,
    way: inside.isStacked() ? (message) => inside.showWay(chat(), message) : null,
    names: [open.topics, inside.isStacked()],
  });
}

// A group's people; a shop's phone beside its client.
function drawPeople(open) {
  const who = $("who");
  const people = open.say ? [{ id: "", name: open.title }, { id: "owner", name: words.owner }] : state.view.people;
  who.hidden = open.type === "private";
  if (!people.some((person) => String(person.id) === String(state.person?.id))) state.person = people[0] || (who.hidden ? null : { id: 5000000001, name: words.someone });
  const extra = who.hidden || open.say ? [] : [{ id: NEW, name: words.newMember }];
  const shown = [...(people.length || who.hidden ? people : [state.person]), ...extra];
  redraw(who, shown.map((person) => [person.id, person, () => make("option", { value: person.id, textContent: person.name })]));
  who.value = state.person?.id ?? "";
  $("text").placeholder = state.editing ? words.editing : words.writeAs(state.person?.name || open.title);
}

$("who").onchange = () => {
  const { value, selectedOptions } = $("who");
  if (value !== NEW) state.person = { id: value === "owner" || value === "" ? value : Number(value), name: selectedOptions[0].textContent };
  else {
    const name = prompt(words.name);
    if (name) state.person = { id: act.number(10), name };
    if (name) state.view.people.unshift(state.person);
  }
  draw();
};

function drawActions(open) {
  const found = act.actions(open, state.person, state.topic);
  $("menu").hidden = !found.length;
  redraw($("actions"), found.map(([label, does]) => [label, [label, open.key, state.topic, open.title, state.person], () => {
    const button = make("button", { type: "button", textContent: label });
    button.dataset.focus = label;
    button.onclick = async () => { $("menu").open = false; if (await does()) toast(words.done); };
    return button;
  }]));
}

function choose(key) {
  if (!key) return;
  Object.assign(state, { chosen: key, topic: 0, windows: [""], person: null, editing: null });
  history.replaceState(null, "", `#${encodeURIComponent(key)}`);
  document.body.classList.add("open");
  $("menu").open = false;
  refresh().then(toEnd);
}

const toEnd = () => { $("messages").scrollTop = $("messages").scrollHeight; };

async function toNewest() {
  state.windows = [""];
  await refresh();
  toEnd();
}

// Another window, half of which is shown already: what is seen stays where it is.
let moving = false;
async function move(isBack) {
  const { messages } = state.view;
  if (moving || !(isBack ? state.view.has_earlier : state.view.has_later)) return;
  moving = true;
  const staying = isBack ? $("list").querySelector("article") : $("list").lastElementChild;
  const before = staying?.getBoundingClientRect().top;
  if (isBack) state.windows.push(String(messages[Math.floor(messages.length / 2)].message_id));
  else if (state.windows.length > 1) state.windows.pop();
  await refresh();
  if (staying?.isConnected) $("messages").scrollTop += staying.getBoundingClientRect().top - before;
  moving = false;
}

let isAtEnd = true;
$("messages").onscroll = () => {
  const { scrollTop, scrollHeight, clientHeight } = $("messages");
  const below = scrollHeight - scrollTop - clientHeight;
  isAtEnd = below < 80;
  if (scrollTop < NEAR) move(true);
  else if (below < NEAR) move(false);
};
new ResizeObserver(() => { if (isAtEnd) toEnd(); }).observe($("messages"));

function edit(message) {
  state.editing = message;
  $("text").value = message.text;
  $("text").focus();
}

async function send() {
  const text = $("text").value.trim();
  const files = [...$("file").files];
  const { editing, person } = state;
  if (!text && !files.length) return;
  $("text").value = $("file").value = "";
  state.editing = null;
  grow();
  if (editing) await act.edit(chat(), editing, text);
  else if (!files.length) await act.write(chat(), person, state.topic, text);
  else for (const [place, file] of files.entries()) await act.writeFile(chat(), person, state.topic, place ? "" : text, file);
  await toNewest();
}

function grow() {
  $("text").rows = Math.min(6, $("text").value.split("\n").length);
  $("attach").classList.toggle("full", $("file").files.length > 0);
}

$("say").onsubmit = (submitted) => { submitted.preventDefault(); send(); };
$("text").oninput = $("file").onchange = grow;
$("text").onkeydown = (pressed) => {
  if (pressed.key === "Enter" && !pressed.shiftKey && !pressed.isComposing) { pressed.preventDefault(); send(); }
  if (pressed.key === "Escape" && state.editing) { state.editing = null; $("text").value = ""; grow(); draw(); }
};
$("earlier").onclick = () => move(true);
$("newest").onclick = toNewest;
$("back").onclick = () => document.body.classList.remove("open");
$("new-person").onclick = () => begin(state.view, false, choose);
$("new-client").onclick = () => begin(state.view, true, choose);
window.onhashchange = () => choose(decodeURIComponent(location.hash.slice(1)));
$("language").onclick = switchLanguage;
document.addEventListener("keydown", (pressed) => {
  if (pressed.key !== "/" || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
  pressed.preventDefault();
  $("text").focus();
});

function name() {
  document.documentElement.lang = language;
  document.title = `Carillon · ${words.sandbox}`;
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = words[node.dataset.word];
  $("language").textContent = language === "ru" ? "EN" : "RU";
  $("language").setAttribute("aria-label", language === "ru" ? "English" : "Русский");
  const labels = { chats: "chats", topics: "topics", messages: "messages", back: "back", send: "send", who: "who", text: "message", file: "attach" };
  for (const [id, word] of Object.entries(labels)) $(id).setAttribute("aria-label", words[word]);
  document.querySelector("#menu summary").setAttribute("aria-label", words.menu);
  document.querySelector("#menu summary").textContent = "⋯";
}

name();
if (state.chosen) document.body.classList.add("open");
await inside.begin();
await refresh();
toEnd();

// One look at a time: what happens meanwhile is seen by the next.
let looking = false;
let isStale = false;
async function look() {
  isStale = true;
  if (looking) return;
  looking = true;
  while (isStale) {
    isStale = false;
    await Promise.all([refresh(), inside.refresh()]);
  }
  looking = false;
}
const live = new EventSource("_sandbox/live");
live.onmessage = look;
live.onerror = () => { if (live.readyState !== EventSource.OPEN) toast(words.unavailable); };
document.documentElement.dataset.ready = "true";
