// What people do: write, press, send files, block the bot, begin a chat. Each is one call of the sandbox's own API.
import { toast } from "./dom.js";
import { words } from "./words.js";

export async function post(path, body = {}) {
  const answer = await fetch(`_sandbox/${path}`, { method: "POST", body: JSON.stringify(body) }).catch(() => null);
  if (!answer) return toast(words.unavailable);
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) toast(said.error || String(answer.status));
  else if (said.queued) toast(words.queued);
  else if (said.error) toast(words.notTaken(said.error));
  else if (said.status >= 300) toast(words.webhookSaid(said.status));
  return answer.ok ? said : null;
}

export async function get(path) {
  const answer = await fetch(`_sandbox/${path}`).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

// Who writes: in a private chat its person, in a group whoever was chosen.
const as = (chat, person) => (chat.type === "private" || !person ? {} : { from_id: person.id, first_name: person.name });
const where = (chat, person) => ({ bot: chat.bot, chat_id: chat.id, ...as(chat, person) });

export const press = (chat, person, message, data) =>
  post("press", { ...where(chat, person), bot: message.from.id, message_id: message.message_id, data });

export const edit = (chat, message, text) =>
  chat.say ? post("whatsapp/edit", { gateway: chat.say.gateway, account: chat.say.account, id: message.message_id, text })
    : post("edit", { ...where(chat, { id: message.from.id, name: message.from.first_name }), message_id: message.message_id, text });

export function write(chat, person, topic, text, more = {}) {
  if (chat.say) return post("whatsapp/say", { ...chat.say, text, ...(person?.id === "owner" ? { from_me: true } : {}), ...more });
  return post("say", { ...where(chat, person), text, ...(topic ? { thread: topic } : {}), ...more });
}

export async function writeFile(chat, person, topic, text, file) {
  const base64 = (await read(file)).split(",")[1] || "";
  const kind = { image: "photo", video: "video", audio: file.type.includes("ogg") ? "voice" : "audio" }[file.type.split("/")[0]] || "document";
  if (!chat.say) return write(chat, person, topic, text, { file: { kind, name: file.name, mime: file.type, base64 } });
  const media = { kind: kind === "photo" ? "image" : kind, base64, mime: file.type, file_name: file.name, caption: text };
  return write(chat, person, topic, "", { media });
}

const read = (file) => new Promise((resolve) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result);
  reader.readAsDataURL(file);
});

export const number = (digits) => 10 ** (digits - 1) + Math.floor(Math.random() * 10 ** (digits - 1));

// What can be done with a chat beside writing: [label, what happens].
export function actions(chat, person, topic) {
  if (chat.say) return atWhatsApp(chat, person);
  const set = (changes) => () => post("chats", { chat_id: chat.id, ...changes });
  const member = (status) => () => post("member", { ...where(chat, person), status });
  const isPrivate = chat.type === "private";
  const contact = { phone_number: `+7${number(10)}`, first_name: chat.title, user_id: chat.id };
  const found = [
    chat.blocked ? [isPrivate ? words.unblock : words.comeBack, member("member")] : [isPrivate ? words.block : words.kick, member("kicked")],
  ];
  if (isPrivate) return [...found, [words.sendContact, () => write(chat, person, topic, "", { more: { contact } })]];
  const isAdministrator = chat.bot_status === "administrator";
  found.push([isAdministrator ? words.takeRights : words.giveRights, set({ bot_status: isAdministrator ? "member" : "administrator" })]);
  if (chat.type === "group") found.push([words.upgrade, () => upgrade(chat)]);
  else found.push([chat.is_forum ? words.topicsOff : words.topicsOn, set({ is_forum: !chat.is_forum })]);
  if (topic) found.push([words.deleteTopic, () => post("topics/delete", { chat_id: chat.id, thread: topic })]);
  return found;
}

async function upgrade(chat) {
  const to = -(10 ** 12) - number(9);
  await post("chats", { chat_id: to, type: "supergroup", title: chat.title });
  return post("chats", { chat_id: chat.id, migrated_to: to });
}

// ChatFlow has none of these.
function atWhatsApp(chat, person) {
  const { gateway, account, from } = chat.say;
  if (gateway === "chatflow") return [];
  const failing = [words.failNext, () => post("whatsapp/faults", { does: "fail_later", gateway })];
  const answer = (label, content) => () => {
    const text = prompt(label);
    return text && write(chat, person, 0, text, { more: content(text) });
  };
  if (gateway === "whatsapp_cloud") {
    const pressed = (text) => ({ type: "interactive", interactive: { type: "button_reply", button_reply: { id: text, title: text } } });
    return [[words.choose, answer(words.chosen, pressed)], failing];
  }
  const voted = (text) => ({ pollUpdateMessage: { vote: { selectedOptions: [text] } } });
  return [[words.callDesk, () => post("whatsapp/call", { account, from })], [words.vote, answer(words.voted, voted)], failing];
}
