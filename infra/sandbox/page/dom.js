// Making elements, and drawing lists again without losing what is focused or selected in them.
export const $ = (id) => document.getElementById(id);

// Every text that a person or a bot wrote goes in as text: nothing is ever parsed as HTML.
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in node) node[name] = value;
    else if (value !== false && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== "" && child !== undefined));
  return node;
}

// `items`: [key, what it is drawn of, function that draws it]. What has not changed stays as it is, focus included.
export function redraw(parent, items) {
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  const before = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let at = parent.firstElementChild;
  for (const [key, what, draw] of items) {
    const drawn = JSON.stringify(what);
    let node = before.get(String(key));
    before.delete(String(key));
    if (!node || node.drawn !== drawn) {
      const fresh = draw();
      Object.assign(fresh, { drawn }).dataset.key = key;
      if (node === at) at = node?.nextElementSibling ?? null;
      node?.remove();
      node = fresh;
    }
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
  for (const node of before.values()) node.remove();
  if (focused && focused !== document.activeElement) refocus(parent, focused);
}

// The same control of the new drawing: elements that can be focused say by `data-focus` what they are.
function refocus(parent, focused) {
  const same = focused.isConnected ? focused : parent.querySelector(`[data-focus="${CSS.escape(focused.dataset.focus || "")}"]`);
  (same || parent.closest("[tabindex]") || $("text"))?.focus({ preventScroll: true });
}

export function toast(text) {
  $("toast").textContent = text;
  $("toast").classList.add("on");
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => $("toast").classList.remove("on"), 4000);
}

export function safeLink(url, text = "") {
  const link = make("a", { target: "_blank", rel: "noopener noreferrer", textContent: text });
  if (/^(https?|tg|mailto|tel):/i.test(url)) link.href = url;
  return link;
}
