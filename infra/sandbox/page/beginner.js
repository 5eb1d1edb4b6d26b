// «New person» and «new client»: somebody who has never written before.
import { number, post } from "./actions.js";
import { $, make, toast } from "./dom.js";
import { words } from "./words.js";

export function begin(view, isClient, choose) {
  const places = isClient
    ? view.accounts.map(({ gateway, account }) => [`${gateway}:${account}`, `${account} (${gateway})`])
    : view.bots.map((bot) => [String(bot.id), bot.name]);
  if (!places.length) return toast(isClient ? words.noAccounts : words.noBots);
  const name = make("input", { name: "name", required: true, maxLength: 60, autocomplete: "off" });
  const place = make("select", { name: "place" }, ...places.map(([value, label]) => make("option", { value }, label)));
  const text = make("input", { name: "text", required: true, value: isClient ? words.hello : "/start", autocomplete: "off" });
  const hides = make("input", { type: "checkbox", name: "hides" });
  const cancel = make("button", { type: "button", textContent: words.cancel });
  const form = make("form", { method: "dialog" },
    make("h2", {}, isClient ? words.newClient : words.newPerson),
    make("label", {}, words.name, name), make("label", {}, words.toBot, place), make("label", {}, words.firstWords, text),
    isClient ? make("label", { className: "check" }, hides, words.hides) : "",
    make("footer", {}, cancel, make("button", { type: "submit", className: "main", textContent: words.begin })));
  cancel.onclick = () => $("beginner").close();
  form.onsubmit = () => (isClient ? client : person)(place.value, name.value, text.value, hides.checked).then(choose);
  $("beginner").replaceChildren(form);
  $("beginner").showModal();
  name.focus();
}

async function person(bot, name, text) {
  const id = number(10);
  await post("say", { bot: Number(bot), chat_id: id, first_name: name, text });
  return `${bot}:${id}`;
}

async function client(place, name, text, lid) {
  const [gateway, account] = place.split(":");
  const from = `7701${number(7)}`;
  await post("whatsapp/say", { gateway, account, from, name, text, lid });
  return `wa:${gateway}:${account}:${from}`;
}
