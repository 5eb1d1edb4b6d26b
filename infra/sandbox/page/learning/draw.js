// What the page shows. It reads `state` and changes nothing but the document.
const $ = (id) => document.getElementById(id);
const narrow = matchMedia("(max-width: 800px)");  // as in page.css

const HINTS = { chat: "Спросите наставника", practice: "Покажите решение или попросите подсказку", simulation: "Ответьте в роли" };
const WELCOME = {
  chat: ["Наставник знает план трека и отвечает по нему.", (step) => `Объясните простыми словами тему «${step}»`],
  practice: ["Тренер не решает за вас, а подсказывает следующий шаг.", (step) => `Дайте задачу по теме «${step}»`],
  simulation: ["Разговор как на работе: собеседник в роли ставит задачу.", () => "Здравствуйте! С чего начнём?"],
};

// Every text goes through textContent: what people and models write is never parsed as HTML.
function make(tag, attributes, ...children) {
  const node = Object.assign(document.createElement(tag), attributes);
  node.append(...children.filter(Boolean));
  return node;
}

// Models write code between backticks; everything else is shown as it is.
function formatted(text) {
  return text.split(/(```[\s\S]*?```|`[^`\n]+`)/).map((part, number) => {
    if (number % 2 === 0) return part;
    const block = part.startsWith("```");
    return make(block ? "pre" : "code", { textContent: part.replace(/^```\w*\n?|\n?```$|^`|`$/g, "") });
  });
}

function bubble(message) {
  const time = message.createdAt ? new Date(message.createdAt).toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit" }) : "";
  const foot = make("div", { className: "foot" }, time, message.role === "assistant" && noting(message));
  return make("article", { className: message.role },
    make("div", { className: "bubble" }, ...formatted(message.content)), foot);
}

function noting(message) {
  const noted = state.live.some((item) => item.messageId === message.id);
  const button = make("button", { type: "button", textContent: noted ? "в конспекте ✓" : "В конспект", disabled: noted || !message.id });
  button.onclick = () => note((items) => [...items, { text: message.content, messageId: message.id }]);
  return button;
}

// A question under way, or one that failed.
function underWay(turn) {
  const nodes = [make("article", { className: "user" }, make("div", { className: "bubble" }, ...formatted(turn.text)))];
  if (turn.problem) {
    const again = make("button", { type: "button", textContent: "Повторить" });
    again.onclick = () => send(state.tab);
    const away = make("button", { type: "button", textContent: "Изменить" });
    away.onclick = () => takeBack(state.tab);
    nodes.push(make("div", { className: "trouble", role: "alert" },
      make("span", {}, turn.problem.message), make("div", {}, turn.problem.again && again, away)));
    if (turn.problem.after) hold(again, turn.problem.after);
  } else {
    nodes.push(make("article", { className: "assistant speaking" }, make("div", { className: "bubble", id: "spoken" }, turn.said)));
  }
  return nodes;
}

// Whoever was told to come back later can count on it that calling earlier does not help.
function hold(button, seconds) {
  button.disabled = true;
  setTimeout(() => { button.disabled = false; }, seconds * 1000);
}

function welcome() {
  const [words, question] = WELCOME[state.tab];
  const example = question(state.roadmap[0]?.title || "С чего начать");
  const button = make("button", { type: "button", textContent: example });
  button.onclick = () => begin(example);
  return make("div", { className: "welcome" }, words, button);
}

function drawTalk() {
  const { messages, before, turn } = state.threads[state.tab];
  const earlier = make("button", { type: "button", id: "earlier", textContent: "Показать раньше" });
  earlier.onclick = () => loadEarlier(state.tab);
  const empty = !messages.length && !turn;
  $("messages").replaceChildren(...[
    before && earlier, ...messages.map(bubble), ...(turn ? underWay(turn) : []), empty && welcome(),
  ].filter(Boolean));
  drawForm();
}

function drawForm() {
  const speaking = isSpeaking(state.tab);
  for (const button of $("tabs").children) {
    const tab = button.dataset.tab;
    button.toggleAttribute("aria-current", tab === state.tab);
    button.classList.toggle("busy", isSpeaking(tab));
  }
  $("text").placeholder = HINTS[state.tab];
  $("send").textContent = speaking ? "■" : "➤";
  $("send").setAttribute("aria-label", speaking ? "Остановить ответ" : "Отправить");
}

// The newest piece alone: drawing all messages anew for every word would be slow, and would lose what is selected.
function drawSpoken(turn) {
  const node = $("spoken");
  if (!node) return;
  const low = isLow();
  node.replaceChildren(...formatted(turn.said));
  if (low) scrollDown();
}

const isLow = () => $("messages").scrollHeight - $("messages").scrollTop - $("messages").clientHeight < 90;
const scrollDown = () => { $("messages").scrollTop = $("messages").scrollHeight; };

function drawSide() {
  const track = state.tracks.find((one) => one.slug === state.slug);
  $("goal").textContent = track?.goal ? `Цель: ${track.goal}` : "";
  $("roadmap").replaceChildren(...state.roadmap.map((item) => {
    const button = make("button", { type: "button", title: item.description }, make("span", {}, item.title));
    button.onclick = () => compose(`Расскажите о теме «${item.title}»`);
    return make("li", {}, button);
  }));
  const items = state.live.map((item, place) => {
    const away = make("button", { type: "button", textContent: "✕", ariaLabel: "Убрать из конспекта" });
    away.onclick = () => note((all) => all.filter((_, other) => other !== place));
    // Items are free in their shape: other front ends may have written them.
    return make("li", {}, make("span", {}, ...formatted(String(item.text ?? item.title ?? JSON.stringify(item)))), away);
  });
  const none = make("li", { className: "none", textContent: "Нажмите «В конспект» под ответом, и он появится здесь." });
  $("synopsis").replaceChildren(...(items.length ? items : [none]));
  $("older").hidden = !state.snapshots.length;
  $("older").firstElementChild.textContent = `Прежние версии: ${state.snapshots.length}`;
  $("older").lastElementChild.replaceChildren(...state.snapshots.map((one) => make("li", {
    textContent: `${new Date(one.updatedAt).toLocaleString("ru", { dateStyle: "medium", timeStyle: "short" })}, записей: ${one.items.length}`,
  })));
}

function drawSidebar() {
  const shown = narrow.matches ? document.body.classList.contains("looking") : state.sidebar;
  document.body.classList.toggle("alone", !state.sidebar);
  $("sidebar").setAttribute("aria-expanded", String(shown));
}

function say(words) {
  $("status").textContent = words;
  clearTimeout(say.timer);
  // Without a lesson there is nothing else to see: then it stays.
  if (state.session) say.timer = setTimeout(() => { $("status").textContent = ""; }, 5000);
}
