// What happens when somebody does something. The truth lies with the functions; `state` is what this page knows of it.
const TABS = ["chat", "practice", "simulation"];
const state = {
  tracks: [], slug: "", session: "", tab: "chat", sidebar: true, roadmap: [], live: [], snapshots: [],
  threads: Object.fromEntries(TABS.map((tab) => [tab, { messages: [], before: null, turn: null }])),
};

const isSpeaking = (tab) => Boolean(state.threads[tab].turn && !state.threads[tab].turn.problem);
const address = (rest = "") => `/sessions/${state.session}${rest}`;

async function start() {
  if (!config.functions) return say("Урок живёт рядом с функциями: запустите make demo или make dev.");
  state.tracks = (await ask("/tracks")).tracks;
  if (!state.tracks.length) return say("Треков ещё нет: carillon learning import FILE.yml");
  $("track").replaceChildren(...state.tracks.map((one) => new Option(one.title, one.slug)));
  const known = state.tracks.some((one) => one.slug === localStorage.getItem("lesson:track"));
  await open(known ? localStorage.getItem("lesson:track") : state.tracks[0].slug);
}

// Opening is the same as coming back: the session of this device in this track is made once.
async function open(slug) {
  for (const thread of Object.values(state.threads)) thread.turn?.leave?.abort();
  const session = await ask("/sessions", "POST", { deviceId: device, trackSlug: slug });
  state.threads = Object.fromEntries(TABS.map((tab) => [tab, { messages: [], before: null, turn: null }]));
  Object.assign(state, { slug, session: session.id, tab: session.activeTab, sidebar: session.sidebarVisible });
  localStorage.setItem("lesson:track", slug);
  $("track").value = slug;
  state.roadmap = (await ask(`/tracks/${slug}/roadmap`)).items;
  await Promise.all([loadSynopsis(), ...TABS.map(load)]);
  drawSidebar();
  drawSide();
  drawTalk();
  scrollDown();
  TABS.forEach(resume);
}

async function load(tab) {
  const page = await ask(address(`/messages/${tab}`));
  Object.assign(state.threads[tab], { messages: page.messages, before: page.nextBefore });
}

async function loadEarlier(tab) {
  const thread = state.threads[tab];
  const page = await ask(address(`/messages/${tab}?before=${thread.before}`));
  Object.assign(thread, { messages: [...page.messages, ...thread.messages], before: page.nextBefore });
  const height = $("messages").scrollHeight;
  drawTalk();
  $("messages").scrollTop += $("messages").scrollHeight - height;  // what was being read stays where it was
}

async function loadSynopsis() {
  const synopsis = await ask(address("/synopsis"));
  Object.assign(state, { live: synopsis.live?.items || [], snapshots: synopsis.snapshots });
}

// A question is kept before it is sent, and forgotten when its reply is here. A page that was closed between the two
// sends it again with its key: it gets the reply that was stored meanwhile, or the first one. Keys are forgotten after a
// day; from then on it would be another question, so whoever wrote it decides, with the text back in the input.
const KEY_LIVES = 20 * 3600 * 1000;
const place = (tab) => `lesson:turn:${state.session}:${tab}`;

function begin(text) {
  const turn = { text, key: crypto.randomUUID(), at: Date.now() };
  localStorage.setItem(place(state.tab), JSON.stringify(turn));
  state.threads[state.tab].turn = turn;
  return send(state.tab);
}

function resume(tab) {
  const turn = JSON.parse(localStorage.getItem(place(tab)));
  if (!turn) return;
  state.threads[tab].turn = turn;
  if (Date.now() - turn.at < KEY_LIVES && !turn.ended) send(tab);
  else if (tab === state.tab) takeBack(tab);
  else turn.problem = new Problem("Этот вопрос давно ждёт ответа. Измените его или отправьте заново.", false);
}

// Send the tab's question, for the first time or again: the same text with the same key.
async function send(tab) {
  const thread = state.threads[tab], { turn } = thread, mine = place(tab);
  Object.assign(turn, { said: "", problem: null, leave: new AbortController() });
  shown(thread);
  try {
    const answer = await reply(state.session, tab, turn, (piece) => {
      turn.said += piece;
      if (state.threads[state.tab] === thread) drawSpoken(turn);
    }, turn.leave.signal);
    const { message_id: id, user_message_id: asked } = answer.side_effects;
    const createdAt = new Date().toISOString();
    thread.messages.push({ id: asked, role: "user", content: turn.text, createdAt });
    thread.messages.push({ id, role: "assistant", content: answer.message, createdAt });
    localStorage.removeItem(mine);
    thread.turn = null;
  } catch (error) {
    // What was heard of it is not shown any longer: it is not stored, and the next try may say something else.
    const stopped = error.name === "AbortError" && new Problem("Ответ остановлен, и ничего не сохранено.", true);
    turn.problem = stopped || (error instanceof Problem ? error : new Problem(...UNKNOWN));
    // What somebody stopped, or what would fail again, is not sent anew by a page that is opened later.
    const { text, key, at } = turn, ended = Boolean(stopped) || !turn.problem.again;
    localStorage.setItem(mine, JSON.stringify({ text, key, at, ended }));
  }
  shown(thread);
}

function shown(thread) {
  if (state.threads[state.tab] === thread) {
    const low = isLow();
    drawTalk();
    if (low || thread.turn) scrollDown();
  } else {
    drawForm();  // another tab is open: only its mark changes
  }
}

function takeBack(tab) {
  const thread = state.threads[tab];
  compose(thread.turn.text);
  localStorage.removeItem(place(tab));
  thread.turn = null;  // whatever comes of it is another question, with another key
  drawTalk();
}

function compose(text) {
  $("text").value = text;
  document.body.classList.remove("looking");
  drawSidebar();
  $("text").focus();
}

// The live synopsis is replaced as a whole, so the newest one is changed, not the one that this page has seen.
async function note(change) {
  try {
    await loadSynopsis();
    await ask(address("/synopsis"), "POST", { items: change(state.live) });
    await loadSynopsis();
  } catch (error) {
    say(error.message);
  }
  drawSide();
  drawTalk();
}

// How the page looks is kept for the next visit. When that fails nobody has lost anything, so nobody is told.
function remember(change) {
  ask(address(), "PATCH", change).catch(() => {});
}

function choose(tab) {
  state.tab = tab;
  remember({ activeTab: tab });
  drawTalk();
  scrollDown();
}

for (const button of $("tabs").children) button.onclick = () => choose(button.dataset.tab);
$("track").onchange = () => open($("track").value).catch((error) => say(error.message));
$("sidebar").onclick = () => {
  // On a narrow screen it covers the talk: a look at it, nothing to come back to on another device.
  if (narrow.matches) document.body.classList.toggle("looking");
  else remember({ sidebarVisible: state.sidebar = !state.sidebar });
  drawSidebar();
};
$("close").onclick = () => $("sidebar").click();
narrow.onchange = drawSidebar;
$("say").onsubmit = (submitted) => {
  submitted.preventDefault();
  const { turn } = state.threads[state.tab], text = $("text").value.trim();
  if (isSpeaking(state.tab)) return turn.leave.abort();
  if (!text || !state.session) return;
  $("text").value = "";
  begin(text);  // a question that failed before is given up by it
};
$("text").onkeydown = (pressed) => {
  if (pressed.key !== "Enter" || pressed.shiftKey || pressed.isComposing) return;
  pressed.preventDefault();
  if (!isSpeaking(state.tab)) $("say").requestSubmit();  // Enter never stops a reply, the button does
};
start().catch((error) => say(error.message));
