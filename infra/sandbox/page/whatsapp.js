// WhatsApp's conversations come in the shape of Telegram's chats; what is typed there is said by the person.
const isWhatsApp = (key) => key.startsWith("wa:");

async function viewed(path) {
  const answer = await fetch(`_sandbox/${path}?chat=${encodeURIComponent(state.chosen)}`).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

// One list of both, the latest first; which one is open, this side decides for WhatsApp.
function joined(telegram, whatsapp) {
  const latest = (chat) => chat.last?.date || 0;
  const chats = [...telegram.chats, ...whatsapp.chats].sort((one, other) => latest(other) - latest(one));
  const chosen = whatsapp.chats.find((chat) => chat.key === state.chosen);
  if (chosen) return { ...telegram, chats, chosen: chosen.key, messages: whatsapp.messages };
  return { ...telegram, chats, chosen: telegram.chosen || chats[0]?.key || "" };
}

async function sayAsClient(text) {
  const body = JSON.stringify({ ...state.chat.say, text });
  const answer = await fetch("_sandbox/whatsapp/say", { method: "POST", body });
  const said = await answer.json();
  if (!answer.ok) toast(said.error);
  else if (said.status === null) toast(`Вебхук не принял: ${said.error}`);
  else if (said.status >= 300) toast(`Вебхук ответил: ${said.status}, попыток: ${said.tries}`);
  refresh();
}
