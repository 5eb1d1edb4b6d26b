// The stand-in for the WhatsApp Cloud API, called by whatsapp-api-js.
import { createServer } from "node:http";
import { WhatsAppAPI } from "whatsapp-api-js";
import * as messages from "whatsapp-api-js/messages";
import { URL_OF_SANDBOX, expect, file, run, steer } from "./cases.mjs";

const PHONE = "120000000000001";
const PERSON = "77010000002";
const SECRET = "app-secret";
const toSandbox = (url, ...rest) =>
  fetch(String(url).replace("https://graph.facebook.com", `${URL_OF_SANDBOX}/whatsapp_cloud`), ...rest);
const api = new WhatsAppAPI({
  token: "EAAnode", appSecret: SECRET, webhookVerifyToken: "verify", v: "v23.0",
  ponyfill: { fetch: toSandbox, subtle: globalThis.crypto.subtle },
});

const seen = [];
api.on.message = ({ message }) => void seen.push(message);
api.on.status = ({ status }) => void seen.push(status);
const server = createServer((request, response) => {
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", async () => {
    const raw = Buffer.concat(pieces).toString();
    try {
      await api.post(JSON.parse(raw), raw, request.headers["x-hub-signature-256"]);
    } catch (error) {
      response.statusCode = error.httpStatus ?? 500;
    }
    response.end();
  });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
await steer("whatsapp/webhooks", {
  gateway: "whatsapp_cloud", account: PHONE, url: `http://127.0.0.1:${server.address().port}/`, app_secret: SECRET,
});

const news = async (count = 1) => {
  for (let tries = 0; seen.length < count && tries < 200; tries += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  return seen.splice(0);
};
const send = async (message) => {
  const answer = await api.sendMessage(PHONE, PERSON, message);
  expect(answer.messages?.[0].id.startsWith("wamid."), answer);
  await news(2);
  return answer;
};
const say = async (about) => {
  await steer("whatsapp/say", { gateway: "whatsapp_cloud", account: PHONE, from: PERSON, name: "Anna", ...about });
  return (await news())[0];
};
const error = (answer) => expect(answer.error?.code, answer);

await run({
  textAndStatuses: async () => {
    const answer = await api.sendMessage(PHONE, PERSON, new messages.Text("hello"));
    const statuses = await news(2);
    expect(statuses.join() === "sent,delivered" && answer.contacts[0].wa_id === PERSON, statuses);
  },
  image: () => send(new messages.Image("https://example.com/a.jpg", false, "a")),
  uploadedImage: async () => {
    const form = new FormData();
    form.append("file", new Blob([file("telegram.jpg")], { type: "image/jpeg" }), "a.jpg");
    const { id } = await api.uploadMedia(PHONE, form);
    await send(new messages.Image(id, true));
  },
  buttons: () => send(new messages.Interactive(
    new messages.ActionButtons(new messages.Button("yes", "Yes"), new messages.Button("no", "No")),
    new messages.Body("well?"), new messages.Header("H"), new messages.Footer("F"),
  )),
  list: () => send(new messages.Interactive(
    new messages.ActionList("Choose", new messages.ListSection("Today", new messages.Row("10", "Ten", "d"))),
    new messages.Body("when?"),
  )),
  location: () => send(new messages.Location(76.9, 43.2, "Almaty", "A")),
  contact: () => send(new messages.Contacts([new messages.Name("Anna", "Anna"), new messages.Phone("1")])),
  template: () => send(new messages.Template("reminder", new messages.Language("ru"))),
  reaction: async () => {
    const message = await say({ text: "hi" });
    await send(new messages.Reaction(message.id, "👍"));
  },
  read: async () => expect((await api.markAsRead(PHONE, (await say({ text: "hi" })).id)).success),
  incomingText: async () => expect((await say({ text: "Привет" })).text.body === "Привет"),
  incomingPress: async () => {
    const interactive = { type: "button_reply", button_reply: { id: "yes", title: "Yes" } };
    const message = await say({ more: { type: "interactive", interactive } });
    expect(message.interactive.button_reply.id === "yes", message);
  },
  media: async () => {
    const message = await say({ media: { kind: "image", base64: "aGVsbG8=", mime: "image/jpeg" } });
    const found = await api.retrieveMedia(message.image.id);
    expect(found.file_size && found.sha256, found);
    expect((await (await api.fetchMedia(found.url)).text()) === "hello");
  },
  noNumber: async () => error(await api.sendMessage(PHONE, "nobody", new messages.Text("a"))),
  wrongToken: async () => {
    const other = new WhatsAppAPI({ token: "other", secure: false, v: "v23.0", ponyfill: { fetch: toSandbox } });
    expect((await other.sendMessage(PHONE, PERSON, new messages.Text("a"))).error?.code === 190);
  },
});
