// One message of the Bot API as a bubble: text, photo, document, quotation, time, buttons.

import { fileAddress } from "./client.js";
import { formatted } from "./format.js";

const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat([], { weekday: "long", day: "numeric", month: "long" });
const full = new Intl.DateTimeFormat([], { dateStyle: "full", timeStyle: "medium" });

export const timeOf = (message) => clock.format(new Date(message.date * 1000));
export const dayOf = (message) => day.format(new Date(message.date * 1000));

export function nameOf(message) {
  if (message.sender_chat) return message.sender_chat.title;
  if (!message.from) return message.chat.title ?? "";
  return [message.from.first_name, message.from.last_name].filter(Boolean).join(" ");
}

/** A line that stands for the message: in the chat list and above replies. */
export function previewOf(message) {
  const text = message.text ?? message.caption;
  if (message.photo) return text ? `🖼 ${text}` : "🖼 Photo";
  if (message.document) return `📄 ${text || message.document.file_name || "File"}`;
  if (message.location) return "📍 Location";
  return text ?? serviceText(message) ?? "Message";
}

/** What a service message says, or null where the message is none. */
export function serviceText(message) {
  const names = (people) => people.map((person) => person.first_name).join(", ");
  if (message.new_chat_members) return `${names(message.new_chat_members)} joined`;
  if (message.left_chat_member) return `${names([message.left_chat_member])} left`;
  if (message.new_chat_title) return `Now called ${message.new_chat_title}`;
  if (message.pinned_message) return "A message was pinned";
  if (message.forum_topic_created) return `Topic ${message.forum_topic_created.name} begins`;
  if (message.migrate_to_chat_id) return "This group became a supergroup";
  if (message.group_chat_created || message.supergroup_chat_created) return "The group was created";
  if (message.channel_chat_created) return "The channel was created";
  return null;
}

export function colourOf(id) {
  return `var(--person-${Math.abs(Number(id) || 0) % 7})`;
}

export function initialsOf(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0]).join("").toUpperCase() || "?";
}

function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

/**
 * The node of a message. `context`: `own` (written by the person at the page), `showName(message)`,
 * `topic(message)` (the name of its forum topic), and the actions
 * `command(text)`, `reply(message)`, `forward(message)`, `press(message, button, node)`, `photo(address, text)`, `jump(id)`.
 */
export function messageNode(message, context) {
  const service = serviceText(message);
  if (service !== null) {
    const line = make("div", "service", make("span", "", service));
    line.dataset.id = message.message_id;
    return line;
  }
  const own = context.own(message);
  const node = make("article", `message${own ? " own" : ""}`);
  node.dataset.id = message.message_id;
  node.tabIndex = -1;
  node.ariaLabel = `${own ? "You" : nameOf(message)}, ${timeOf(message)}`;
  const bubble = make("div", "bubble");
  if (context.showName(message)) {
    const name = make("p", "sender", nameOf(message));
    name.dir = "auto";
    name.style.setProperty("--colour", colourOf(message.sender_chat?.id ?? message.from?.id));
    bubble.append(name);
  }
  const topic = message.is_topic_message && context.topic(message);
  if (topic) bubble.append(make("p", "topic", `# ${topic}`));
  if (message.via_bot) bubble.append(make("p", "forwarded", `via @${message.via_bot.username}`));
  if (message.forward_origin) bubble.append(make("p", "forwarded", `Forwarded from ${originOf(message.forward_origin)}`));
  if (message.reply_to_message) bubble.append(quoted(message.reply_to_message, context));
  if (message.photo?.length) bubble.append(photo(message, context));
  if (message.document && !message.photo) bubble.append(file(message.document));
  if (message.location) bubble.append(make("p", "place", `📍 ${message.location.latitude.toFixed(3)}, ${message.location.longitude.toFixed(3)}`));
  const text = message.text ?? message.caption;
  if (text) {
    const body = make("div", "text", formatted(text, message.entities ?? message.caption_entities, context.command));
    body.dir = "auto";
    bubble.append(body);
  }
  bubble.append(meta(message, own));
  node.append(bubble, actionButtons(message, context));
  const rows = message.reply_markup?.inline_keyboard;
  if (rows?.length) node.append(keyboard(message, rows, context));
  return node;
}

function originOf(origin) {
  return origin.sender_user?.first_name ?? origin.sender_user_name ?? origin.sender_chat?.title ?? origin.chat?.title ?? "someone";
}

function meta(message, own) {
  const time = make("time", "", timeOf(message));
  const sent = new Date(message.date * 1000);
  time.dateTime = sent.toISOString();
  time.title = full.format(sent);
  const line = make("p", "meta");
  if (message.edit_date) line.append(make("span", "edited", "edited"));
  line.append(time);
  if (own) {
    const ticks = make("span", "ticks", "✓✓");
    ticks.ariaHidden = "true";
    line.append(ticks);
  }
  return line;
}

function quoted(original, context) {
  const node = make("button", "quoted", make("strong", "", nameOf(original)), make("span", "", previewOf(original)));
  node.type = "button";
  node.dir = "auto";
  node.title = "Go to that message";
  node.addEventListener("click", () => context.jump(original.message_id));
  return node;
}

function photo(message, context) {
  const largest = message.photo.reduce((a, b) => (a.width * a.height >= b.width * b.height ? a : b));
  const image = make("img");
  image.src = fileAddress(largest.file_id);
  image.width = largest.width;
  image.height = largest.height;
  image.alt = message.caption ?? "Photo";
  image.loading = "lazy";
  const node = make("button", "picture", image);
  node.type = "button";
  node.ariaLabel = "Open the photo";
  node.addEventListener("click", () => context.photo(image.src, image.alt));
  return node;
}

function size(bytes) {
  if (bytes === undefined) return "";
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function file(document_) {
  const name = document_.file_name ?? "file";
  const node = make(
    "a", "file",
    make("span", "file-icon", (name.split(".").pop() || "file").slice(0, 4)),
    make("span", "file-name", name),
    make("span", "file-size", size(document_.file_size)),
  );
  node.href = fileAddress(document_.file_id, name);
  node.download = name;
  node.ariaLabel = `Download ${name}, ${size(document_.file_size)}`;
  return node;
}

/** By keyboard these are R and F on the focused message. */
function actionButtons(message, context) {
  const button = (sign, label, act) => {
    const node = make("button", "act", sign);
    node.type = "button";
    node.ariaLabel = label;
    node.title = label;
    node.tabIndex = -1;
    node.addEventListener("click", () => act(message));
    return node;
  };
  return make(
    "div", "actions",
    button("↩", "Reply to this message", context.reply),
    button("↪", "Forward this message", context.forward),
  );
}

function keyboard(message, rows, context) {
  const grid = make("div", "keyboard");
  grid.setAttribute("role", "group");
  grid.ariaLabel = "Buttons";
  for (const row of rows) {
    const line = make("div", "keyboard-row");
    for (const button of row) {
      const node = make(button.url ? "a" : "button", `key${button.style ? ` ${button.style}` : ""}`);
      node.append(make("span", "", button.text));
      node.dir = "auto";
      if (button.url && /^(https?|tg):/i.test(button.url)) {
        node.href = button.url;
        node.target = "_blank";
        node.rel = "noopener noreferrer";
      } else if (!button.url) {
        node.type = "button";
        node.addEventListener("click", () => context.press(message, button, node));
      }
      if (button.url) node.classList.add("leads-out");
      line.append(node);
    }
    grid.append(line);
  }
  return grid;
}
