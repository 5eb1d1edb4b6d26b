// One message: its text with its formatting, its files, its keyboard.
import { make, safeLink } from "./dom.js";
import { language, words } from "./words.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", text_link: "a", spoiler: "span",
};
const ICONS = { photo: "▣", document: "▤", audio: "♫", video: "▶", voice: "◉", contact: "☎" };
const KINDS = Object.keys(ICONS);

export const clock = (date) => new Date(date * 1000).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const day = (date) => new Date(date * 1000).toLocaleDateString(language, { day: "numeric", month: "long" });

// Entities nest and never cross; offsets count UTF-16 units, as JavaScript's strings do.
function formatted(text, entities, from = 0, to = text.length) {
  const nodes = [];
  let at = from;
  for (let i = 0; i < entities.length; i++) {
    const { type, offset, length, url } = entities[i];
    const end = offset + length;
    if (offset < at || end > to || !(type in TAGS || type === "url")) continue;
    const inner = formatted(text, entities.slice(i + 1), offset, end);
    const node = entity(type, url || text.slice(offset, end), inner);
    nodes.push(text.slice(at, offset), node);
    // A block breaks the line by itself.
    at = /^(pre|blockquote)$/i.test(node.tagName) && text[end] === "\n" ? end + 1 : end;
  }
  return [...nodes, text.slice(at, to)];
}

function entity(type, address, inner) {
  if (type === "spoiler") return make("span", { className: "spoiler", tabIndex: 0 }, ...inner);
  if (type !== "text_link" && type !== "url") return make(TAGS[type], {}, ...inner);
  const link = safeLink(/^[a-z]+:/i.test(address) ? address : `https://${address}`);
  link.append(...inner);
  return link;
}

// A service message in words; empty for any other.
export function event(message) {
  const { forum_topic_created: created, forum_topic_edited: changed } = message;
  if (created) return words.topicCreated(created.name);
  if (changed) return words.topicEdited(changed.name || words.otherIcon);
  if (message.forum_topic_closed) return words.topicClosed;
  return message.forum_topic_reopened ? words.topicReopened : "";
}

export function summary(message) {
  if (!message) return words.none;
  const kind = KINDS.find((name) => message[name]);
  return event(message) || message.text || [kind && words[kind], message.caption].filter(Boolean).join(": ");
}

function file(message, pictures) {
  const kind = KINDS.find((name) => message[name]);
  if (!kind) return "";
  const shown = [message[kind]].flat().at(-1);
  if (shown.file_id in pictures) {
    const src = `_sandbox/pictures/${pictures[shown.file_id]}/${shown.file_id}`;
    return make("img", { className: "picture", src, alt: words.photo, width: shown.width, height: shown.height, loading: "lazy" });
  }
  const name = shown.file_name || shown.phone_number || `${String(shown.file_id).slice(0, 18)}…`;
  const about = make("small", {}, shown.url ? safeLink(shown.url, name) : name);
  return make("div", { className: "file" }, make("span", { ariaHidden: "true" }, ICONS[kind]), make("div", {}, words[kind], about));
}

function keyboard(message, press) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return "";
  return make("div", { className: "keys" }, ...rows.map((row) => make("div", {}, ...row.map((button) => {
    if (button.url) return safeLink(button.url, `${button.text} ↗`);
    const key = make("button", { type: "button", textContent: button.text });
    key.dataset.focus = `${message.message_id}:${button.callback_data}`;
    key.onclick = () => press(message, button.callback_data);
    return key;
  }))));
}

// The messages of an album stand in one bubble: the first has the text, all have a file.
export function bubble(album, about) {
  const [message] = album;
  if (event(message)) return make("div", { className: "event" }, event(message));
  const topic = about.topics.find((topic) => topic.id === message.message_thread_id);
  const label = topic && !about.topic ? make("em", {}, `# ${topic.name}`) : "";
  const quoted = message.reply_to_message;
  const quote = quoted && !quoted.forum_topic_created ? make("div", { className: "quote" }, summary(quoted)) : "";
  const spoken = album.find((one) => one.text || one.caption) || message;
  const entities = spoken.entities || spoken.caption_entities || [];
  const files = album.map((one) => file(one, about.pictures));
  const reactions = (about.reactions[message.message_id] || []).map((reaction) => reaction.emoji).join("");
  const foot = make("div", { className: "foot" },
    reactions ? make("span", { className: "reactions" }, reactions) : "",
    about.pinned.includes(message.message_id) ? `📌 ${words.pinned} ` : "",
    message.edit_date ? `${words.edited} ` : "", make("time", {}, clock(message.date)));
  if (about.edit && !message.from.is_bot && message.text) foot.prepend(editing(message, about.edit));
  const box = make("div", { className: "bubble" },
    make("div", { className: "who" }, message.by_phone ? `${message.from.first_name} · ${words.byPhone}` : message.from.first_name, label), quote,
    make("div", { className: album.length > 1 ? "album" : "" }, ...files),
    make("div", { className: "text" }, ...formatted(spoken.text || spoken.caption || "", entities)), foot);
  const way = about.way && message.from.is_bot ? make("button", { type: "button", className: "way", textContent: words.way }) : "";
  if (way) {
    way.dataset.focus = `${message.message_id}:way`;
    way.onclick = () => about.way(message);
    foot.append(way);
  }
  return make("article", { className: message.from.is_bot ? "bot" : "person" }, box, keyboard(message, about.press));
}

function editing(message, edit) {
  const button = make("button", { type: "button", className: "edit", textContent: words.edit });
  button.dataset.focus = `${message.message_id}:edit`;
  button.onclick = () => edit(message);
  return button;
}
