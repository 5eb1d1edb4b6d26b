// Who calls from outside: GetCourse in each of its forms, and YClients' day.
import { get, post } from "./actions.js";
import { make, toast } from "./dom.js";
import { button, buttons, hint, item, title } from "./parts.js";
import { language, words } from "./words.js";

const TIMES = [1, 2, 50];
const FORMS = ["form", "query", "windows1251", "subscription", "flow", "forwarded", "placeholder", "cut"];
const CHANGES = ["confirm", "come", "miss", "move", "cancel"];
const HOOKS = ["sent", "doubled", "lost"];
const chosen = { text: "", hook: "sent" };

export async function outside({ refresh }) {
  const bookings = await get("stack/yclients");
  if (!bookings) return null;
  return [
    title("GetCourse"), hint(words.getcourseHint), item("answer", 0, answerField), ...FORMS.map(form),
    title("YClients"), hint(words.yclientsHint), item("hook", 0, hookField),
    buttons("book", [[words.book, () => change({ does: "book" }, refresh)], [words.verify, () => verify(refresh)]]),
    ...bookings.map((booking) => item(`booking:${booking.id}`, booking, () => row(booking, refresh))),
  ];
}

function answerField() {
  chosen.text ||= words.answerText;
  const field = make("input", { value: chosen.text, autocomplete: "off", maxLength: 2000 });
  field.oninput = () => { chosen.text = field.value; };
  return make("label", { className: "field" }, words.answer, field);
}

function form(name) {
  const send = (times) => async () => {
    const said = await post("stack/getcourse", { form: name, text: chosen.text, times });
    if (said) toast(words.delivered(said));
  };
  return item(`form:${name}`, 0, () => make("div", { className: "row choice" }, make("span", {}, words.forms[name]),
    make("div", { className: "buttons" }, ...TIMES.map((times) => labelled(button(`${times}×`, send(times), `${name}:${times}`), `${words.forms[name]}: ${times}×`)))));
}

const labelled = (node, name) => Object.assign(node, { ariaLabel: name });

function hookField() {
  const field = make("select", {}, ...HOOKS.map((value) => make("option", { value, textContent: words.hooks[value] })));
  field.value = chosen.hook;
  field.onchange = () => { chosen.hook = field.value; };
  return make("label", { className: "field" }, words.hook, field);
}

async function change(what, refresh) {
  if (await post("stack/yclients", { hook: chosen.hook, ...what }) && chosen.hook !== "lost") await post("stack/tick/verify_bookings");
  await refresh();
}

async function verify(refresh) {
  await post("stack/tick/verify_bookings");
  await refresh();
}

function row(booking, refresh) {
  const at = new Date(booking.datetime).toLocaleString(language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const theirs = booking.deleted ? words.deleted : words.attendance[booking.attendance];
  const ours = booking.known ? words.bookings[booking.known] : words.unknownBooking;
  const does = (name) => labelled(button(words.changes[name], () => change({ does: name, record: booking.id }, refresh), `${booking.id}:${name}`), `${booking.client}: ${words.changes[name]}`);
  return make("div", { className: "row choice" },
    make("span", {}, `${booking.client}, ${booking.services.join(", ")}, ${at}`),
    make("small", {}, `YClients: ${theirs} · Carillon: ${ours}`),
    booking.deleted ? "" : make("div", { className: "buttons" }, ...CHANGES.map(does)));
}
