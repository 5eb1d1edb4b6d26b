// The stand-in for Telegram, called by node-telegram-bot-api.
import { Api, Bot, EntityBuilder, InlineKeyboardBuilder, InputFile } from "node-telegram-bot-api";
import { URL_OF_SANDBOX, expect, file, refused, run, steer } from "./cases.mjs";

const ID = 7400000001;
const TOKEN = `${ID}:${"A".repeat(35)}`;
const chat_id = 4400000001;
const options = { apiRoot: URL_OF_SANDBOX, maxRetries: 0 };
const api = new Api(TOKEN, options);
const upload = (name) => new InputFile(new Uint8Array(file(name)), { filename: name });

await steer("say", { bot: ID, chat_id, text: "/start" });

await run({
  getMe: async () => expect((await api.getMe()).id === ID),
  text: async () => expect((await api.sendMessage({ chat_id, text: "<b>a</b>", parse_mode: "HTML" })).text === "a"),
  markdown: async () => {
    expect((await api.sendMessage({ chat_id, text: "*a*", parse_mode: "Markdown" })).entities.length === 1);
  },
  entities: async () => {
    const { text, entities } = new EntityBuilder().plain("a ").bold("b").link("c", "https://example.com/").build();
    expect((await api.sendMessage({ chat_id, text, entities })).entities.length === 2);
  },
  keyboard: async () => {
    const reply_markup = new InlineKeyboardBuilder().text("a", "b").build();
    expect((await api.sendMessage({ chat_id, text: "a", reply_markup })).reply_markup.inline_keyboard.length === 1);
  },
  photoPng: async () => expect((await api.sendPhoto({ chat_id, photo: upload("telegram.png") })).photo.length),
  photoJpeg: async () => {
    expect((await api.sendPhoto({ chat_id, photo: upload("telegram.jpg"), caption: "a" })).caption === "a");
  },
  document: async () => {
    const sent = await api.sendDocument({ chat_id, document: upload("text_file.txt") });
    expect(sent.document.file_name === "text_file.txt");
  },
  voice: async () => expect((await api.sendVoice({ chat_id, voice: upload("telegram.ogg") })).voice),
  album: async () => {
    const media = ["telegram.jpg", "telegram.png"].map((name) => ({ type: "photo", media: upload(name) }));
    expect((await api.sendMediaGroup({ chat_id, media })).length === 2);
  },
  edit: async () => {
    const { message_id } = await api.sendMessage({ chat_id, text: "a" });
    expect((await api.editMessageText({ chat_id, message_id, text: "b" })).text === "b");
  },
  delete: async () => {
    const { message_id } = await api.sendMessage({ chat_id, text: "a" });
    expect(await api.deleteMessage({ chat_id, message_id }));
  },
  forward: async () => {
    const { message_id } = await api.sendMessage({ chat_id, text: "a" });
    expect((await api.forwardMessage({ chat_id, from_chat_id: chat_id, message_id })).forward_origin);
  },
  chatAction: async () => expect(await api.sendChatAction({ chat_id, action: "typing" })),
  commands: async () => {
    expect(await api.setMyCommands({ commands: [{ command: "a", description: "b" }] }));
    expect((await api.getMyCommands()).length === 1);
  },
  chat: async () => expect((await api.getChat({ chat_id })).type === "private"),
  webhook: async () => {
    expect(await api.setWebhook({ url: "https://example.com/hook" }));
    expect((await api.getWebhookInfo()).url === "https://example.com/hook" && (await api.deleteWebhook()));
  },
  polling: async () => {
    await api.deleteWebhook({ drop_pending_updates: true });
    const bot = new Bot(TOKEN, options);
    const said = new Promise((resolve) => bot.on("message", (context) => resolve(context.message.text)));
    await steer("say", { bot: ID, chat_id, text: "hello" });
    const polling = bot.startPolling();
    expect((await said) === "hello");
    bot.stop();
    await polling;
  },
  download: async () => {
    const sent = await api.sendDocument({ chat_id, document: upload("text_file.txt") });
    const { file_path } = await api.getFile({ file_id: sent.document.file_id });
    const answer = await fetch(`${URL_OF_SANDBOX}/file/bot${TOKEN}/${file_path}`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(file("text_file.txt")));
  },
  flood: async () => {
    await steer("faults", { method: "sendMessage", status: 429, parameters: { retry_after: 3 } });
    expect((await refused(api.sendMessage({ chat_id, text: "a" }))).retryAfter === 3);
  },
  unknownChat: async () => {
    const error = await refused(api.sendMessage({ chat_id: 4499999999, text: "a" }));
    expect(error.message.includes("chat not found"), error.message);
  },
});
