// Text with Telegram's entities as DOM nodes. Untrusted text only ever becomes text nodes, never markup.

const SAFE_LINK = /^(https?:|mailto:|tel:|tg:)/i;

/**
 * A fragment for `text` with its `entities` (offsets in UTF-16 code units, as in JavaScript strings).
 * `onCommand(text)` is called when a /command in it is pressed.
 */
export function formatted(text, entities = [], onCommand = () => {}) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const fragment = document.createDocumentFragment();
  fill(fragment, text, sorted, 0, text.length, onCommand);
  return fragment;
}

function fill(parent, text, entities, start, end, onCommand) {
  let at = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    let next = index + 1;
    const inner = [];
    while (next < entities.length && entities[next].offset < to) inner.push(entities[next++]);
    index = next;
    if (from >= to) continue;
    if (from > at) parent.append(text.slice(at, from));
    const [outer, slot] = element(entity, text.slice(from, to), onCommand);
    fill(slot, text, inner, from, to, onCommand);
    parent.append(outer);
    at = to;
    // A quotation is a block: the line break that ends it is not shown once more.
    if (entity.type.endsWith("blockquote") || entity.type === "pre") {
      if (text[at] === "\n" && at < end) at += 1;
    }
  }
  if (at < end) parent.append(text.slice(at, end));
}

/** The element for an entity, and the node inside it that takes its text. */
function element(entity, content, onCommand) {
  switch (entity.type) {
    case "bold": return same("strong");
    case "italic": return same("em");
    case "underline": return same("u");
    case "strikethrough": return same("s");
    case "code": return same("code");
    case "pre": return pre(entity);
    case "blockquote": return same("blockquote");
    case "expandable_blockquote": return expandable();
    case "spoiler": return spoiler();
    case "text_link": return link(entity.url);
    case "url": return link(/^[a-z]+:/i.test(content) ? content : `http://${content}`);
    case "email": return link(`mailto:${content}`);
    case "phone_number": return link(`tel:${content.replace(/[^+\d]/g, "")}`);
    case "bot_command": return command(content, onCommand);
    case "mention": case "hashtag": case "cashtag": case "text_mention": return same("span", "tag");
    default: return same("span");
  }
}

function same(name, className) {
  const node = document.createElement(name);
  if (className) node.className = className;
  return [node, node];
}

function pre(entity) {
  const [block] = same("pre");
  const code = document.createElement("code");
  if (entity.language) block.dataset.language = entity.language;
  block.tabIndex = 0;
  block.append(code);
  return [block, code];
}

function link(address) {
  if (!SAFE_LINK.test(address)) return same("span");
  const [node] = same("a");
  node.href = address;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  return [node, node];
}

function command(content, onCommand) {
  const [node] = same("button", "command");
  node.type = "button";
  node.addEventListener("click", () => onCommand(content));
  return [node, node];
}

function spoiler() {
  const [node] = same("span", "spoiler");
  const [inner] = same("span");
  node.role = "button";
  node.tabIndex = 0;
  node.ariaLabel = "Hidden text: press to show";
  const show = (event) => {
    if (node.classList.contains("shown")) return;
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    node.classList.add("shown");
    node.removeAttribute("role");
    node.removeAttribute("tabindex");
    node.removeAttribute("aria-label");
    inner.removeAttribute("aria-hidden");
  };
  inner.setAttribute("aria-hidden", "true");
  node.append(inner);
  node.addEventListener("click", show);
  node.addEventListener("keydown", show);
  return [node, inner];
}

function expandable() {
  const [quote] = same("blockquote", "expandable");
  const [inner] = same("span", "quote-text");
  const [toggle] = same("button", "expand");
  toggle.type = "button";
  toggle.ariaExpanded = "false";
  toggle.ariaLabel = "Show the whole quotation";
  const flip = () => {
    const open = quote.classList.toggle("open");
    toggle.ariaExpanded = String(open);
    toggle.ariaLabel = open ? "Shorten the quotation" : "Show the whole quotation";
  };
  toggle.addEventListener("click", (event) => { event.stopPropagation(); flip(); });
  quote.addEventListener("click", (event) => {
    if (event.target.closest("a, button, .spoiler") || String(getSelection())) return;
    if (!toggle.hidden) flip();
  });
  quote.append(inner, toggle);
  return [quote, inner];
}

/** Hide the arrow of quotations that are short enough to be seen whole. Call it once they are in the page. */
export function settleQuotations(root) {
  for (const quote of root.querySelectorAll("blockquote.expandable:not(.open)")) {
    const inner = quote.querySelector(".quote-text");
    quote.querySelector(".expand").hidden = inner.scrollHeight <= inner.clientHeight + 2;
  }
}
