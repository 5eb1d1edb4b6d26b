// The list of chats, the head of the open one, its topics and its messages.
import { $, make, redraw } from "./dom.js";
import { bubble, clock, day, summary } from "./message.js";
import { words } from "./words.js";

const COLORS = ["#b8563d", "#966412", "#53762a", "#237767", "#2f6ea9", "#6a5db4", "#a84a80"];

export const isWhatsApp = (key) => key.startsWith("wa:");

export function drawChats(chats, chosen, choose) {
  redraw($("chats"), chats.map((chat) => [chat.key, [chat, chat.key === chosen], () => row(chat, chat.key === chosen, choose)]));
}

function row(chat, isOpen, choose) {
  const icon = make("i", { ariaHidden: "true" }, [...chat.title][0] || "?");
  icon.style.background = COLORS[[...chat.title].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % COLORS.length];
  const time = make("time", {}, chat.last ? clock(chat.last.date) : "");
  const shown = chat.last ? summary(chat.last) : chat.say ? about(chat) : words.none;
  const button = make("button", { type: "button", className: isWhatsApp(chat.key) ? "whatsapp" : "" }, icon, make("b", {}, chat.title), time, make("span", {}, shown));
  if (isOpen) button.setAttribute("aria-current", "true");
  button.dataset.focus = chat.key;
  button.onclick = () => choose(chat.key);
  return button;
}

// Up and down lead through the list.
$("chats").onkeydown = (pressed) => {
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[pressed.key];
  if (!step) return;
  pressed.preventDefault();
  document.activeElement[step]?.focus();
};

const about = ({ gateway, say }) =>
  [`WhatsApp (${gateway})`, say.lid ? words.hidden : `+${say.from}`, `${words.account}: ${say.account}`].join(" · ");

export function drawHead(chat, topic) {
  const bot = chat.bot_name ? ` · ${words.bot}: ${chat.bot_name}` : "";
  $("title").textContent = topic ? `${topic.name} · ${chat.title}` : chat.title;
  $("about").textContent = chat.say ? about(chat) : `${words[chat.type]}, ${chat.id}${bot}${chat.blocked ? ` · ${words.blocked}` : ""}`;
  $("about").className = chat.blocked ? "blocked" : "";
}

export function drawTopics(topics, chosen, choose) {
  const all = topics.length ? [{ id: 0, name: words.all }, ...topics] : [];
  redraw($("topics"), all.map((topic) => [topic.id, [topic, topic.id === chosen], () => {
    const name = topic.name + (topic.closed ? ` · ${words.closed}` : "");
    const tab = make("button", { type: "button", textContent: name, ariaPressed: String(topic.id === chosen) });
    tab.dataset.focus = `topic:${topic.id}`;
    tab.onclick = () => choose(topic.id);
    return tab;
  }]));
}

export function drawMessages(view, about) {
  const list = $("messages");
  const isLow = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const items = [];
  let last = "";
  for (const album of albums(view.messages)) {
    const [message] = album;
    if (day(message.date) !== last) {
      const name = last = day(message.date);
      items.push([`day:${name}`, name, () => make("div", { className: "day" }, name)]);
    }
    const what = [album, about.topic, about.reactions[message.message_id], about.pinned.includes(message.message_id), about.names];
    items.push([message.message_id, what, () => bubble(album, about)]);
  }
  redraw($("list"), items);
  $("earlier").hidden = !view.has_earlier;
  $("newest").hidden = !view.has_later;
  if (isLow && !view.has_later) list.scrollTop = list.scrollHeight;
}

function albums(messages) {
  const found = [];
  for (const message of messages) {
    const before = found.at(-1)?.[0].media_group_id;
    if (before && before === message.media_group_id) found.at(-1).push(message);
    else found.push([message]);
  }
  return found;
}
