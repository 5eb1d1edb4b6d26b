"use strict";
// How a front end talks to the two functions of the learning system. Nothing here knows of the page.

const AGENTS = {
  chat: "/agent_reply/agents/mentor_chat/v1/reply",
  practice: "/agent_reply/agents/practice_coach/v1/hint",
  simulation: "/agent_reply/agents/simulation_mentor/v1/turn",
};

// The token of a public client says which app this is, the device says whose sessions. Whoever knows a device's id is
// that device: it is made at random, and stays here. In the address it can be given to look at somebody's lesson.
// A front end whose old ids can be guessed makes a new one and sends the old as `formerDeviceId` when it opens a session.
const device = new URLSearchParams(location.search).get("device") || kept("device", () => crypto.randomUUID());
const headers = { Authorization: `Bearer ${config.token}`, "X-Device-Id": device, "Content-Type": "application/json" };

function kept(name, first) {
  const known = localStorage.getItem(`lesson:${name}`);
  if (known !== null) return known;
  const value = first();
  localStorage.setItem(`lesson:${name}`, value);
  return value;
}

// What went wrong, in words for people; `again`: whether the same question, with its key, may be sent once more.
class Problem extends Error {
  constructor(words, again, after = 0) {
    super(words);
    Object.assign(this, { again, after });
  }
}

// By `reason`, which is made for programs, then by status: the texts in `title` and `detail` are for developers.
const WORDS = {
  daily_budget: ["Вопросы на сегодня закончились. Приходите завтра.", false],
  device_budget: ["Ваши вопросы на сегодня закончились. Приходите завтра.", false],
  too_many_at_once: ["Сначала дождитесь ответов на другие вопросы, потом повторите.", true],
  hourly_limit: ["Слишком много за один час. Вернитесь чуть позже.", false],
  question_too_long: ["Вопрос слишком длинный. Спросите короче.", false],
  weak_device: ["Откройте урок по другой ссылке: эту легко угадать.", false],
  in_progress: ["Ответ ещё готовится. Подождите несколько секунд и повторите.", true],
  no_model: ["Наставник ещё не подключён.", true],
  content_filter: ["На это наставник не отвечает. Спросите иначе.", false],
  empty: ["Наставник ничего не ответил. Спросите иначе.", false],
  quota: ["Наставник сейчас не работает. Мы уже знаем об этом.", false],
  refused: ["Наставник сейчас не работает. Мы уже знаем об этом.", false],
  bad_request: ["Наставник не принял этот вопрос. Спросите короче.", false],
  cut: ["Ответ вышел слишком длинным. Спросите о чём-то одном.", false],
  missing_variable: ["Приложение не сказало наставнику всего, что нужно. Сообщите разработчикам.", false],
  401: ["Приложение не распознано. Обновите страницу.", false],
  404: ["Этого урока больше нет. Обновите страницу.", false],
  409: ["Этот вопрос уже отправлен в другом виде. Напишите его заново.", false],
  422: ["Такое сообщение не отправить. Измените его.", false],
  502: ["Ответ оборвался, и ничего не сохранено. Повторите.", true],
  503: ["Наставник сейчас недоступен, и ничего не сохранено. Повторите через несколько секунд.", true],
  504: ["Наставник думает слишком долго. Повторите.", true],
};
const NO_NETWORK = ["Нет связи. Проверьте интернет и повторите.", true];
const UNKNOWN = ["Что-то сломалось у нас. Повторите чуть позже.", true];

function problem(fields, after = 0) {
  return new Problem(...(WORDS[fields.reason] || WORDS[fields.status] || UNKNOWN), after);
}

async function call(path, options) {
  let answer;
  try {
    answer = await fetch(config.functions + path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(...NO_NETWORK);
  }
  if (answer.ok) return answer;
  const fields = await answer.json().catch(() => ({}));
  throw problem({ status: answer.status, ...fields }, Number(answer.headers.get("Retry-After")) || 0);
}

// Everything but the agents' replies: GET, POST or PATCH with JSON.
async function ask(path, method = "GET", body = undefined) {
  const answer = await call(`/learning_api${path}`, { method, headers, body: JSON.stringify(body) });
  return answer.json();
}

// An agent's reply, piece by piece: `heard` gets each piece, the whole answer is returned once it is stored.
// The key belongs to what a person wrote, not to the request: with it the same question may be sent again after any
// failure, and it is answered and stored once. Leaving (`signal`) ends the model's work, and stores nothing.
async function reply(session, tab, turn, heard, signal) {
  const answer = await call(AGENTS[tab], {
    method: "POST",
    headers: { ...headers, Accept: "text/event-stream", "Idempotency-Key": turn.key },
    body: JSON.stringify({
      session_id: session, user_message: turn.text, apply_side_effects: true, store_user_message: true,
    }),
    signal,
  });
  for await (const [name, data] of events(answer.body)) {
    if (name === "delta") heard(data.text);
    if (name === "error") throw problem(data);
    if (name === "done") return data;
  }
  throw new Problem(...WORDS[502]);  // a stream that ends without `done` has been cut on its way
}

// EventSource can only GET, and repeats by itself without being asked; so the stream is read by hand.
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  while (true) {
    const { value, done } = await reader.read().catch((error) => {
      throw error.name === "AbortError" ? error : new Problem(...NO_NETWORK);
    });
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();  // the network cuts where it likes: the last part is whole when an empty line follows
    for (const part of parts) {
      const [event, data] = part.split("\n");
      yield [event.slice("event: ".length), JSON.parse(data.slice("data: ".length))];
    }
  }
}
