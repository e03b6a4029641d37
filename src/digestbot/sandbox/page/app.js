// The page: which chat is open, what is in it, what is new. See client.js for the events it lives on.

import * as client from "./client.js";
import { makeComposer } from "./composer.js";
import { settleQuotations } from "./format.js";
import { colourOf, dayOf, initialsOf, messageNode, nameOf, previewOf, serviceText, timeOf } from "./messages.js";

const $ = (id) => document.getElementById(id);
const log = $("log");
const narrow = matchMedia("(max-width: 720px)");
const NEAR_END = 80; // pixels from the end within which new messages pull the view along

let user = null;
let bot = null;
/** id → {info, messages: Map(id → message), earlier: whether older ones exist, unread, action} */
const chats = new Map();
let open = null;

const composer = makeComposer({
  async send(chat, text, files, where) {
    if (!files.length) return client.sendText(chat, text, where);
    for (const [index, { file, asPhoto }] of files.entries()) {
      await client.sendFile(chat, file, index === 0 ? text : "", asPhoto, where);
    }
  },
  inline: client.askInline,
  choose: client.chooseInline,
  botName: () => bot?.username ?? "",
  location: client.sendLocation,
  notice: toast,
  up: () => focusMessage(log.querySelector(".message:last-of-type")),
});

// ---------------------------------------------------------------- the chat list

const titleOf = (info) => info.title ?? [info.first_name, info.last_name].filter(Boolean).join(" ");
const newest = (chat) => [...chat.messages.values()].at(-1);

function avatar(node, info) {
  node.textContent = initialsOf(titleOf(info));
  node.style.setProperty("--colour", colourOf(info.id));
}

function drawList() {
  const rows = [...chats.values()].sort((a, b) => (newest(b)?.date ?? 0) - (newest(a)?.date ?? 0) || a.rank - b.rank);
  const focused = document.activeElement?.closest?.(".chat-row")?.dataset.id;
  $("chat-list").replaceChildren(...rows.map((chat) => {
    const last = newest(chat);
    const row = document.createElement("button");
    row.type = "button";
    row.className = "chat-row";
    row.dataset.id = chat.info.id;
    if (chat.info.id === open) row.setAttribute("aria-current", "true");
    const face = span("avatar");
    avatar(face, chat.info);
    face.ariaHidden = "true";
    const title = span("chat-row-title", `${{ channel: "📣 ", group: "👥 ", supergroup: "👥 " }[chat.info.type] ?? ""}${titleOf(chat.info)}`);
    title.dir = "auto";
    const what = span("chat-row-what", chat.action ? "typing…" : last ? line(chat, last) : "No messages yet");
    what.dir = "auto";
    row.append(face, title, span("chat-row-time", last ? timeOf(last) : ""), what);
    if (chat.unread) {
      const badge = span("badge", String(chat.unread));
      badge.ariaLabel = `${chat.unread} unread`;
      row.append(badge);
    }
    row.addEventListener("click", () => show(chat.info.id, true));
    const item = document.createElement("li");
    item.append(row);
    return item;
  }));
  if (focused) document.querySelector(`.chat-row[data-id="${focused}"]`)?.focus();
  const unread = [...chats.values()].reduce((sum, chat) => sum + chat.unread, 0);
  document.title = unread ? `(${unread}) digestbot sandbox` : "digestbot sandbox";
}

function span(className, text = "") {
  const node = document.createElement("span");
  node.className = className;
  node.textContent = text;
  return node;
}

function line(chat, message) {
  const preview = previewOf(message).split("\n", 1)[0];
  const group = chat.info.type.endsWith("group") && !serviceText(message);
  if (own(message)) return `You: ${preview}`;
  return group ? `${nameOf(message)}: ${preview}` : preview;
}

$("chat-list").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const rows = [...document.querySelectorAll(".chat-row")];
  rows.at((rows.indexOf(document.activeElement) + step) % rows.length)?.focus();
  event.preventDefault();
});

// ---------------------------------------------------------------- the open chat

const own = (message) => message.from?.id === user?.id && !message.sender_chat;

const context = {
  own,
  showName: (message) => message.chat.type !== "private" && !own(message) && message.chat.type !== "channel",
  topic: (message) => chats.get(message.chat.id)?.info.topics?.find((row) => row.thread === message.message_thread_id)?.name,
  command: (text) => client.sendText(open, text).catch((error) => toast(error.message)),
  reply: (message) => {
    if (chats.get(open).info.can_send) composer.reply(message, nameOf(message), previewOf(message).split("\n", 1)[0]);
  },
  forward,
  press,
  photo(address, text) {
    $("photo-image").src = address;
    $("photo-image").alt = text;
    $("photo").showModal();
  },
  jump(id) {
    const node = log.querySelector(`[data-id="${id}"]`);
    if (!node) return toast("That message is further up.");
    node.scrollIntoView({ block: "center" });
    focusMessage(node);
    node.classList.add("found");
    setTimeout(() => node.classList.remove("found"), 1600);
  },
};

function show(id, focus) {
  open = id;
  const chat = chats.get(id);
  chat.unread = 0;
  document.body.classList.add("chat-open");
  avatar($("chat-avatar"), chat.info);
  $("chat-title").textContent = titleOf(chat.info);
  drawSubtitle();
  composer.open(chat.info);
  drawLog();
  drawList();
  if (location.hash !== `#${id}`) history.replaceState(null, "", `#${id}`);
  if (focus && !(narrow.matches && matchMedia("(pointer: coarse)").matches)) composer.focus();
}

function drawSubtitle() {
  const { info, action } = chats.get(open);
  $("chat-subtitle").textContent = action ? "typing…" : info.subtitle ?? "";
  $("chat-subtitle").classList.toggle("busy", Boolean(action));
}

function drawLog() {
  const chat = chats.get(open);
  log.setAttribute("aria-live", "off"); // a chat that is opened is not read out from its beginning
  log.replaceChildren();
  if (chat.earlier) log.append(earlierButton(chat));
  for (const message of chat.messages.values()) append(message);
  if (!chat.messages.size) {
    const empty = document.createElement("div");
    empty.className = "empty";
    empty.append(span("", chat.info.can_send ? "No messages here yet. Try" : "Nothing has been posted here yet."));
    if (chat.info.can_send) {
      const start = document.createElement("button");
      start.type = "button";
      start.className = "key";
      start.textContent = chat.info.type === "private" ? "/start" : "/help";
      start.addEventListener("click", () => context.command(start.textContent));
      empty.append(start);
    }
    log.append(empty);
  }
  settleQuotations(log);
  drawAnswers(chat);
  toEnd();
  requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
}

function earlierButton(chat) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "key earlier";
  button.textContent = "Show earlier messages";
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const first = chat.messages.keys().next().value;
      const page = await client.earlier(chat.info.id, first);
      const rest = [...chat.messages.values()];
      chat.messages.clear();
      for (const message of [...page.messages, ...rest]) chat.messages.set(message.message_id, message);
      chat.earlier = page.earlier;
      const before = log.scrollHeight;
      drawLog();
      log.scrollTop = log.scrollHeight - before;
    } catch (error) {
      button.disabled = false;
      toast(error.message);
    }
  });
  return button;
}

function append(message) {
  log.querySelector(".empty")?.remove();
  const date = dayOf(message);
  const lastDay = [...log.querySelectorAll(".day")].at(-1)?.textContent;
  if (date !== lastDay) {
    const node = document.createElement("div");
    node.className = "day";
    node.append(span("", date));
    log.append(node);
  }
  const node = messageNode(message, context);
  node.dataset.sender = message.sender_chat?.id ?? message.from?.id ?? "";
  const previous = log.lastElementChild;
  if (previous?.classList.contains("message") && previous.dataset.sender === node.dataset.sender) {
    node.classList.add("follows");
  }
  log.append(node);
  return node;
}

function replace(message) {
  const old = log.querySelector(`[data-id="${message.message_id}"]`);
  if (!old) return;
  const node = messageNode(message, context);
  node.dataset.sender = old.dataset.sender;
  if (old.classList.contains("follows")) node.classList.add("follows");
  const keys = [...old.querySelectorAll("button.key")];
  const focused = keys.indexOf(document.activeElement);
  const wasFocused = old === document.activeElement;
  const follow = nearEnd();
  old.replaceWith(node);
  settleQuotations(node);
  if (focused >= 0) ([...node.querySelectorAll("button.key")][focused] ?? node).focus();
  else if (wasFocused) node.focus();
  if (follow) toEnd();
}

function drawAnswers(chat) {
  const markup = [...chat.messages.values()].reverse().map((message) => message.reply_markup)
    .find((row) => row?.keyboard || row?.remove_keyboard || row?.force_reply);
  composer.suggestAnswers(markup);
  const last = newest(chat);
  if (last?.reply_markup?.force_reply && !own(last)) context.reply(last);
}

// ---------------------------------------------------------------- scrolling

const nearEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
function toEnd() { log.scrollTop = log.scrollHeight; atEnd = true; }
let below = 0;
let atEnd = true; // as the reader left it: it stays so when the room for messages shrinks or pictures come in
function drawBelow() {
  atEnd = nearEnd();
  if (atEnd) below = 0;
  $("to-end").hidden = atEnd;
  $("to-end-count").hidden = !below;
  $("to-end-count").textContent = below;
}
log.addEventListener("scroll", drawBelow, { passive: true });
log.addEventListener("load", () => { if (atEnd) toEnd(); }, true);
$("to-end").addEventListener("click", toEnd);
new ResizeObserver(() => { settleQuotations(log); if (atEnd) toEnd(); }).observe(log);

// ---------------------------------------------------------------- buttons

async function press(message, button, node) {
  if (button.copy_text) {
    await navigator.clipboard.writeText(button.copy_text.text).catch(() => {});
    return toast("Copied");
  }
  if (button.switch_inline_query_current_chat !== undefined || button.switch_inline_query !== undefined) {
    return composer.insert(`@${bot.username} ${button.switch_inline_query_current_chat ?? button.switch_inline_query}`);
  }
  if (button.callback_data === undefined) return toast("The sandbox has no such buttons.");
  if (node.ariaBusy === "true") return;
  node.ariaBusy = "true";
  try {
    const answer = await client.press(message.chat.id, message.message_id, button.callback_data);
    if (!answer.answered) toast("The bot has not answered this button.");
    else if (answer.url) toast(`The bot would open ${answer.url}`);
    else if (answer.text && answer.show_alert) {
      $("alert-text").textContent = answer.text;
      $("alert").showModal();
    } else if (answer.text) toast(answer.text);
  } catch (error) {
    toast(error.message);
  } finally {
    node.ariaBusy = "false";
  }
}

function forward(message) {
  const dialog = $("forward");
  $("forward-chats").replaceChildren(...[...chats.values()].filter((chat) => chat.info.can_send).map((chat) => {
    const button = document.createElement("button");
    button.type = "submit";
    button.className = "forward-chat";
    button.value = String(chat.info.id);
    button.dir = "auto";
    button.textContent = titleOf(chat.info);
    button.addEventListener("click", () => {
      client.forward(chat.info.id, message.chat.id, message.message_id)
        .then(() => show(chat.info.id, true), (error) => toast(error.message));
    });
    return button;
  }));
  dialog.showModal();
}

function toast(text) {
  const node = span("toast", text);
  node.dir = "auto";
  $("toasts").append(node);
  setTimeout(() => node.remove(), 3000 + 60 * text.length);
}

// ---------------------------------------------------------------- keyboard

function focusMessage(node) {
  if (!node) return;
  node.focus({ preventScroll: true });
  node.scrollIntoView({ block: "nearest" });
}

log.addEventListener("keydown", (event) => {
  const current = document.activeElement.closest(".message");
  if (!current || document.activeElement !== current) {
    if (event.key === "Escape" && current) focusMessage(current), event.stopPropagation();
    return;
  }
  const all = [...log.querySelectorAll(".message")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    const next = all[all.indexOf(current) + step];
    if (next) focusMessage(next);
    else if (step > 0) composer.focus();
    event.preventDefault();
  } else if (event.key === "r" || event.key === "R") {
    context.reply(chats.get(open).messages.get(Number(current.dataset.id)));
    event.preventDefault();
  } else if (event.key === "f" || event.key === "F") {
    forward(chats.get(open).messages.get(Number(current.dataset.id)));
    event.preventDefault();
  } else if (event.key === "Escape") {
    composer.focus();
    event.stopPropagation();
  }
});

log.addEventListener("dblclick", (event) => {
  const node = event.target.closest(".message");
  if (!node || event.target.closest("button, a, .text")) return;
  context.reply(chats.get(open).messages.get(Number(node.dataset.id)));
});

addEventListener("keydown", (event) => {
  if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const rows = [...document.querySelectorAll(".chat-row")].map((row) => Number(row.dataset.id));
    const next = rows[rows.indexOf(open) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) show(next, true);
    event.preventDefault();
  } else if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
    back();
  }
});

function back() {
  document.body.classList.remove("chat-open");
  document.querySelector(`.chat-row[data-id="${open}"]`)?.focus();
}
$("back").addEventListener("click", back);

// ---------------------------------------------------------------- events

const onEvent = {
  state(event) {
    const first = chats.size === 0;
    user = event.user;
    bot = event.bot;
    $("whoami").textContent = `You are ${user.first_name}. The bot is @${bot.username}.`;
    const gone = new Set(chats.keys());
    event.chats.forEach((snapshot, rank) => {
      const { messages, earlier, ...info } = snapshot;
      const known = chats.get(info.id);
      const latest = known ? newest(known)?.message_id ?? 0 : Infinity;
      const missed = messages.filter((message) => message.message_id > latest && !own(message)).length;
      chats.set(info.id, {
        info, rank, earlier, action: null,
        unread: (known?.unread ?? 0) + missed,
        messages: new Map(messages.map((message) => [message.message_id, message])),
      });
      gone.delete(info.id);
    });
    for (const id of gone) chats.delete(id);
    if (!chats.size) return;
    if (first) {
      const asked = Number(location.hash.slice(1));
      const start = chats.has(asked) ? asked : event.chats[0].id;
      if (narrow.matches && !chats.has(asked)) {
        show(start, false);
        document.body.classList.remove("chat-open");
      } else show(start, true);
    } else show(chats.has(open) ? open : event.chats[0].id, false);
  },

  message(event) {
    const chat = chats.get(event.message.chat.id);
    if (!chat) return;
    const known = chat.messages.has(event.message.message_id);
    chat.messages.set(event.message.message_id, event.message);
    const shown = chat.info.id === open;
    if (known) {
      if (shown) replace(event.message);
    } else {
      if (!own(event.message)) setAction(chat, null);
      const visible = shown && (!narrow.matches || document.body.classList.contains("chat-open"));
      if (!visible && !own(event.message)) chat.unread += 1;
      if (shown) {
        const follow = nearEnd() || own(event.message);
        settleQuotations(append(event.message));
        if (follow) toEnd();
        else below += 1;
        drawBelow();
      }
    }
    if (shown) drawAnswers(chat);
    drawList();
  },

  deleted(event) {
    const chat = chats.get(event.chat_id);
    for (const id of event.message_ids) {
      chat?.messages.delete(id);
      if (event.chat_id === open) log.querySelector(`[data-id="${id}"]`)?.remove();
    }
    drawList();
  },

  chat(event) {
    const chat = chats.get(event.chat.id);
    if (!chat) {
      const begun = { info: event.chat, rank: chats.size, earlier: false, action: null, unread: 0, messages: new Map() };
      chats.set(event.chat.id, begun);
    } else chat.info = event.chat;
    if (event.chat.id === open) {
      composer.refresh(event.chat);
      $("chat-title").textContent = titleOf(event.chat);
      drawSubtitle();
    }
    drawList();
  },

  gone(event) {
    if (!chats.delete(event.chat_id)) return;
    if (event.chat_id === open && chats.size) show(chats.keys().next().value, false);
    drawList();
  },

  action(event) {
    const chat = chats.get(event.chat_id);
    if (chat) setAction(chat, event.action);
  },
};

function setAction(chat, action) {
  clearTimeout(chat.actionEnds);
  chat.action = action;
  if (action) chat.actionEnds = setTimeout(() => setAction(chat, null), 5000);
  if (chat.info.id === open) drawSubtitle();
  drawList();
}

client.listen(
  (event) => onEvent[event.type]?.(event),
  (up) => { $("connection").hidden = up; },
);
