"use strict";
const $ = (id) => document.getElementById(id);
const state = { chosen: location.hash.slice(1), topic: 0, chat: null, pictures: {}, drawn: "", answered: new Set() };

// Every text a person or a bot wrote goes through textContent: nothing is ever parsed as HTML.
function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null && child !== ""));
  return node;
}

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", text_link: "a", spoiler: "span",
};
const FILES = {
  photo: ["▣", "Фото"], document: ["▤", "Документ"], audio: ["♫", "Аудио"],
  video: ["▶", "Видео"], voice: ["◉", "Голосовое"],
};
const COLORS = ["#d9755b", "#cf9235", "#7a9f45", "#3f9c8c", "#4a8ac9", "#8377c9", "#c26a9b"];

function safeLink(url) {
  const link = make("a", "");
  if (/^(https?|tg|mailto|tel):/i.test(url)) link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

// Entities nest and never cross; offsets count UTF-16 units, as JavaScript's strings do.
function formatted(text, entities, from = 0, to = text.length) {
  const nodes = [];
  let at = from;
  for (let i = 0; i < entities.length; i++) {
    const { type, offset, length, url } = entities[i];
    const end = offset + length;
    if (offset < at || end > to || !(type in TAGS)) continue;
    const node = type === "text_link" ? safeLink(url) : make(TAGS[type], type === "spoiler" ? type : "");
    node.append(...formatted(text, entities.slice(i + 1), offset, end));
    nodes.push(text.slice(at, offset), node);
    // A block breaks the line by itself.
    at = /^(pre|blockquote)$/i.test(node.tagName) && text[end] === "\n" ? end + 1 : end;
  }
  return [...nodes, text.slice(at, to)];
}

const clock = (date) => new Date(date * 1000).toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit" });
const day = (date) => new Date(date * 1000).toLocaleDateString("ru", { day: "numeric", month: "long" });

function event(message, topics = []) {
  const topic = topics.find((one) => one.id === message.message_thread_id);
  const name = topic ? ` «${topic.name}»` : "";
  if (message.forum_topic_created) return `Тема «${message.forum_topic_created.name}» открыта`;
  if (message.forum_topic_edited) return `Тема теперь: «${message.forum_topic_edited.name || "другой значок"}»`;
  if (message.forum_topic_closed) return `Тема${name} закрыта`;
  if (message.forum_topic_reopened) return `Тема${name} снова открыта`;
  return "";
}

function summary(message) {
  if (!message) return "Сообщений нет";
  const kind = Object.keys(FILES).find((name) => message[name]);
  const file = kind ? FILES[kind][1] : "";
  return event(message) || message.text || [file, message.caption].filter(Boolean).join(": ");
}

function fileCard(message) {
  const kind = Object.keys(FILES).find((name) => message[name]);
  if (!kind) return "";
  const file = [message[kind]].flat().at(-1);
  if (file.file_id in state.pictures) {
    const address = `_sandbox/pictures/${state.pictures[file.file_id]}/${file.file_id}`;
    return Object.assign(make("img", "picture"), { src: address, alt: FILES[kind][1], width: file.width, height: file.height });
  }
  const name = file.file_name || `${file.file_id.slice(0, 18)}…`;
  const shown = file.url ? Object.assign(safeLink(file.url), { textContent: name }) : name;
  const about = make("div", "", FILES[kind][1], make("small", "", shown));
  return make("div", "file", make("span", "", FILES[kind][0]), about);
}

function keyboard(message) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return "";
  return make("div", "keys", ...rows.map((row) => make("div", "", ...row.map((button) => {
    if (button.url) {
      const link = safeLink(button.url);
      link.textContent = `${button.text} ↗`;
      return link;
    }
    const key = make("button", "", button.text);
    key.onclick = () => act("press", { message_id: message.message_id, data: button.callback_data, bot: message.from.id });
    return key;
  }))));
}

function bubble(message, topics) {
  if (event(message)) return make("div", "event", event(message, topics));
  const topic = topics.find((one) => one.id === message.message_thread_id);
  const label = topic && !state.topic ? make("em", "", `# ${topic.name}`) : "";
  const quote = message.reply_to_message && !message.reply_to_message.forum_topic_created;
  const text = message.text || message.caption || "";
  const box = make("div", "bubble",
    make("div", "who", message.from.first_name, label),
    quote ? make("div", "quote", summary(message.reply_to_message)) : "",
    fileCard(message),
    make("div", "text", ...formatted(text, message.entities || message.caption_entities || [])),
    make("time", "foot", (message.edit_date ? "изменено " : "") + clock(message.date)));
  return make("article", message.from.is_bot ? "bot" : "person", box, keyboard(message));
}

function drawMessages(messages, topics) {
  const list = $("messages");
  const low = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const nodes = [];
  let last = "";
  for (const message of messages) {
    if (state.topic && message.message_thread_id !== state.topic) continue;
    if (day(message.date) !== last) nodes.push(make("div", "day", last = day(message.date)));
    nodes.push(bubble(message, topics));
  }
  list.replaceChildren(...nodes);
  if (low) list.scrollTop = list.scrollHeight;
}

function drawChats(chats) {
  $("count").textContent = chats.length || "";
  $("chats").replaceChildren(...chats.map((chat) => {
    const icon = make("i", "", [...chat.title][0] || "?");
    icon.style.background = COLORS[[...chat.title].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % COLORS.length];
    const time = make("time", "", chat.last ? clock(chat.last.date) : "");
    const row = make("button", chat.key === state.chat?.key ? "on" : "", icon, make("b", "", chat.title), time, make("span", "", chat.last ? summary(chat.last) : chat.about || summary()));
    row.classList.toggle("whatsapp", isWhatsApp(chat.key));
    row.onclick = () => choose(chat.key, true);
    return row;
  }));
}

function drawTopics(topics) {
  const all = topics.length ? [{ id: 0, name: "Все" }, ...topics] : [];
  if (!all.some((topic) => topic.id === state.topic)) state.topic = 0;
  $("topics").replaceChildren(...all.map((topic) => {
    const tab = make("button", topic.id === state.topic ? "on" : "", topic.name + (topic.closed ? " · закрыта" : ""));
    tab.onclick = () => { state.topic = topic.id; state.drawn = ""; refresh(); };
    return tab;
  }));
}

function drawHead(chat) {
  const kind = { private: "личный чат", supergroup: "супергруппа", group: "группа", channel: "канал" }[chat.type];
  const topic = chat.topics.find((one) => one.id === state.topic);
  $("title").textContent = topic ? `${topic.name} · ${chat.title}` : chat.title;
  $("about").textContent = chat.about || `${kind}, ${chat.id}${chat.bot_name ? ` · бот: ${chat.bot_name}` : ""}${chat.blocked ? " · бот заблокирован" : ""}`;
  $("about").className = chat.blocked ? "blocked" : "";
}

function toast(text) {
  $("toast").textContent = text;
  $("toast").classList.add("on");
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => $("toast").classList.remove("on"), 3500);
}

function draw(view) {
  state.chat = view.chats.find((chat) => chat.key === view.chosen) || null;
  document.body.classList.toggle("empty", !state.chat);
  document.querySelector("main").hidden = !state.chat;
  $("empty").hidden = Boolean(state.chat);
  drawChats(view.chats);
  if (!state.chat) return;
  drawHead(state.chat);
  drawTopics(state.chat.topics);
  state.pictures = view.pictures;
  drawMessages(view.messages, state.chat.topics);
}

async function refresh() {
  const chosen = state.chosen;
  const views = await Promise.all([viewed("view"), viewed("whatsapp/view")]);
  if (!views.every(Boolean)) return toast("Песочница не отвечает");
  if (chosen !== state.chosen) return;  // another chat was opened meanwhile
  const view = joined(...views);
  const text = JSON.stringify(view);
  if (text === state.drawn) return;
  const first = state.drawn === "" && !state.answered.size;
  for (const [id, said] of Object.entries(view.answers)) {
    if (!state.answered.has(id) && said.text && !first) toast(said.text);
    state.answered.add(id);
  }
  state.drawn = text;
  state.chosen = view.chosen;
  draw(view);
}

function choose(key, open) {
  Object.assign(state, { chosen: key, topic: 0, drawn: "" });
  location.hash = key;
  document.body.classList.toggle("open", open);
  refresh().then(() => { $("messages").scrollTop = $("messages").scrollHeight; });
}

async function act(what, body) {
  const from = state.chat.type === "private" ? {} : { from_id: 5000000001, first_name: "Вы" };
  const sent = { bot: state.chat.bot, chat_id: state.chat.id, ...from, ...body };
  const answer = await fetch(`_sandbox/${what}`, { method: "POST", body: JSON.stringify(sent) });
  const said = await answer.json();
  if (!answer.ok) toast(said.error);
  else if (said.queued) toast("У бота нет вебхука: обновление ждёт в getUpdates");
  else if (said.error || said.status >= 300) toast(`Вебхук ответил: ${said.status || said.error}`);
  refresh();
}

$("say").onsubmit = (submitted) => {
  submitted.preventDefault();
  const text = $("text").value.trim();
  if (text && isWhatsApp(state.chat.key)) sayAsClient(text);
  else if (text) act("say", { text, ...(state.topic ? { thread: state.topic } : {}) });
  $("text").value = "";
};
$("back").onclick = () => document.body.classList.remove("open");
if (state.chosen) document.body.classList.add("open");
refresh().then(() => { $("messages").scrollTop = $("messages").scrollHeight; });
setInterval(refresh, 1000);
