// The stand-in for Telegram, called by grammY.
import { Bot, GrammyError, InlineKeyboard, InputFile, InputMediaBuilder } from "grammy";
import { URL_OF_SANDBOX, expect, file, pathOf, refused, run, steer } from "./cases.mjs";

const ID = 7300000001;
const TOKEN = `${ID}:${"A".repeat(35)}`;
const PERSON = 4300000001;
const FORUM = -1004300000003;
const bot = new Bot(TOKEN, { client: { apiRoot: URL_OF_SANDBOX } });
const api = bot.api;
const upload = (name) => new InputFile(file(name), name);

await steer("say", { bot: ID, chat_id: PERSON, text: "/start" });
await steer("chats", { chat_id: FORUM, type: "supergroup", title: "Forum", is_forum: true });

await run({
  getMe: async () => expect((await api.getMe()).id === ID),
  text: async () => expect((await api.sendMessage(PERSON, "a")).text === "a"),
  html: async () => {
    const message = await api.sendMessage(PERSON, "<b>a</b> <tg-spoiler>b</tg-spoiler>", { parse_mode: "HTML" });
    expect(message.entities.map((entity) => entity.type).join() === "bold,spoiler", message.entities);
  },
  markdown: async () => {
    const message = await api.sendMessage(PERSON, "*a* [b](https://example.com)", { parse_mode: "Markdown" });
    expect(message.entities.map((entity) => entity.type).join() === "bold,text_link", message.entities);
  },
  markdownV2: async () => {
    const message = await api.sendMessage(PERSON, ">a\n>b\n\n*c*", { parse_mode: "MarkdownV2" });
    expect(message.entities.map((entity) => entity.type).join() === "blockquote,bold", message.entities);
  },
  markdownV2NotEscaped: async () => {
    const error = await refused(api.sendMessage(PERSON, "a.b", { parse_mode: "MarkdownV2" }));
    expect(error instanceof GrammyError && error.description.includes("is reserved"), error.message);
  },
  keyboard: async () => {
    const keyboard = new InlineKeyboard().text("a", "b").row().url("c", "https://example.com/");
    expect((await api.sendMessage(PERSON, "a", { reply_markup: keyboard })).reply_markup.inline_keyboard.length === 2);
  },
  copyTextButton: async () => {
    const keyboard = new InlineKeyboard().copyText("a", "b");
    expect((await api.sendMessage(PERSON, "a", { reply_markup: keyboard })).reply_markup);
  },
  edit: async () => {
    const message = await api.sendMessage(PERSON, "a");
    expect((await api.editMessageText(PERSON, message.message_id, "b")).text === "b");
    const keyboard = new InlineKeyboard().text("a", "b");
    expect((await api.editMessageReplyMarkup(PERSON, message.message_id, { reply_markup: keyboard })).reply_markup);
  },
  delete: async () => expect(await api.deleteMessage(PERSON, (await api.sendMessage(PERSON, "a")).message_id)),
  photo: async () => expect((await api.sendPhoto(PERSON, upload("telegram.jpg"), { caption: "a" })).caption === "a"),
  photoOfAStream: async () => expect((await api.sendPhoto(PERSON, new InputFile(pathOf("telegram.png")))).photo.length),
  photoAgain: async () => {
    const sent = await api.sendPhoto(PERSON, upload("telegram.jpg"));
    const again = await api.sendPhoto(PERSON, sent.photo.at(-1).file_id);
    expect(again.photo.at(-1).file_unique_id === sent.photo.at(-1).file_unique_id);
  },
  document: async () => {
    const sent = await api.sendDocument(PERSON, upload("text_file.txt"));
    expect(sent.document.file_name === "text_file.txt" && sent.document.mime_type === "text/plain", sent.document);
  },
  audio: async () => expect((await api.sendAudio(PERSON, upload("telegram.mp3"), { title: "T" })).audio.title === "T"),
  video: async () => expect((await api.sendVideo(PERSON, upload("telegram.mp4"), { width: 360 })).video.width === 360),
  voice: async () => expect((await api.sendVoice(PERSON, upload("telegram.ogg"))).voice.mime_type === "audio/ogg"),
  album: async () => {
    const sent = await api.sendMediaGroup(PERSON, [
      InputMediaBuilder.photo(upload("telegram.jpg"), { caption: "a" }),
      InputMediaBuilder.video(upload("telegram.mp4")),
    ]);
    expect(new Set(sent.map((message) => message.media_group_id)).size === 1 && sent[1].video);
  },
  albumOfOne: async () => {
    expect((await api.sendMediaGroup(PERSON, [InputMediaBuilder.photo(upload("telegram.jpg"))])).length === 1);
  },
  editMedia: async () => {
    const sent = await api.sendPhoto(PERSON, upload("telegram.jpg"));
    const edited = await api.editMessageMedia(PERSON, sent.message_id, InputMediaBuilder.document(upload("text_file.txt")));
    expect(edited.document);
  },
  copyAndForward: async () => {
    const sent = await api.sendMessage(PERSON, "a");
    expect((await api.copyMessage(FORUM, PERSON, sent.message_id)).message_id);
    expect((await api.forwardMessage(FORUM, PERSON, sent.message_id)).forward_origin);
  },
  pin: async () => {
    const sent = await api.sendMessage(PERSON, "a");
    expect((await api.pinChatMessage(PERSON, sent.message_id)) && (await api.unpinChatMessage(PERSON, sent.message_id)));
  },
  reaction: async () => {
    const sent = await api.sendMessage(PERSON, "a");
    expect(await api.setMessageReaction(PERSON, sent.message_id, [{ type: "emoji", emoji: "👍" }]));
  },
  chatAction: async () => expect(await api.sendChatAction(PERSON, "upload_document")),
  commands: async () => {
    const scope = { type: "chat", chat_id: PERSON };
    expect(await api.setMyCommands([{ command: "a", description: "b" }], { scope }));
    expect((await api.getMyCommands({ scope })).length === 1 && (await api.getMyCommands()).length === 0);
  },
  chat: async () => expect((await api.getChat(FORUM)).is_forum),
  administrators: async () => expect((await api.getChatAdministrators(FORUM)).some((one) => one.status === "creator")),
  topic: async () => {
    const topic = await api.createForumTopic(FORUM, "a");
    const sent = await api.sendMessage(FORUM, "a", { message_thread_id: topic.message_thread_id });
    expect(sent.is_topic_message && (await api.closeForumTopic(FORUM, topic.message_thread_id)));
    expect(await api.deleteForumTopic(FORUM, topic.message_thread_id));
  },
  download: async () => {
    const sent = await api.sendDocument(PERSON, upload("text_file.txt"));
    const { file_path } = await api.getFile(sent.document.file_id);
    const answer = await fetch(`${URL_OF_SANDBOX}/file/bot${TOKEN}/${file_path}`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(file("text_file.txt")));
  },
  polling: async () => {
    await api.deleteWebhook({ drop_pending_updates: true });
    const seen = [];
    bot.on("message::url", (context) => seen.push(context.entities("url")[0].text));
    bot.command("stop", () => bot.stop());
    bot.on("callback_query:data", async (context) => {
      seen.push(context.callbackQuery.data);
      await context.answerCallbackQuery("thanks");
    });
    const sent = await api.sendMessage(PERSON, "a", { reply_markup: new InlineKeyboard().text("a", "pressed") });
    await steer("say", { bot: ID, chat_id: PERSON, text: "see https://example.com/a" });
    await steer("press", { bot: ID, chat_id: PERSON, message_id: sent.message_id, data: "pressed" });
    await steer("say", { bot: ID, chat_id: PERSON, text: "/stop" });
    await bot.start({ timeout: 2 });
    expect(seen.join() === "https://example.com/a,pressed", seen);
  },
  webhookOnAReservedAddress: async () => {
    const error = await refused(api.setWebhook("https://10.0.0.1/hook"));
    expect(error.description.includes("is reserved"), error.message);
  },
  flood: async () => {
    await steer("faults", { method: "sendMessage", status: 429, parameters: { retry_after: 3 } });
    expect((await refused(api.sendMessage(PERSON, "a"))).parameters.retry_after === 3);
  },
  unknownChat: async () => expect((await refused(api.sendMessage(4399999999, "a"))).description.includes("chat not found")),
  badRequestOfJunk: async () => {
    const error = await refused(api.raw.sendMessage({ chat_id: PERSON, text: "a", reply_markup: { inline_keyboard: "a" } }));
    expect(error.error_code === 400, error.message);
  },
});
