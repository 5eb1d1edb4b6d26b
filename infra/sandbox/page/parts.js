// What the tabs of the inside are made of: `redraw` takes lists of such items.
import { make } from "./dom.js";
import { words } from "./words.js";

export const item = (key, what, draw) => [key, what, draw];
export const title = (text) => item(`title:${text}`, text, () => make("h2", {}, text));
export const hint = (text) => item(`hint:${text}`, text, () => make("p", { className: "hint" }, text));
export const nothing = () => hint(words.nothing);

export function button(label, does, focus = label) {
  const node = make("button", { type: "button", textContent: label });
  node.dataset.focus = focus;
  node.onclick = does;
  return node;
}

export const buttons = (key, made) =>
  item(key, made.map(([label]) => label), () => make("div", { className: "buttons" }, ...made.map(([label, does]) => button(label, does, `${key}:${label}`))));
