// Talking to the sandbox: commands by POST, live updates by server-sent events.

async function post(path, body) {
  const options = { method: "POST", headers: { "X-Sandbox-Page": "1" } };
  if (body instanceof FormData) options.body = body;
  else {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body ?? {});
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The sandbox does not answer. Is it still running?");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The sandbox answered ${response.status}.`);
  return answer;
}

/** `where`: {replyTo, thread}, both optional. */
export const sendText = (chat, text, where = {}) =>
  post(`page/chats/${chat}/text`, { text, reply_to: where.replyTo ?? null, thread: where.thread ?? null });

export function sendFile(chat, file, caption, asPhoto, where = {}) {
  const form = new FormData();
  form.append("file", file, file.name);
  if (caption) form.append("caption", caption);
  if (asPhoto) form.append("as", "photo");
  if (where.replyTo) form.append("reply_to", String(where.replyTo));
  if (where.thread) form.append("thread", String(where.thread));
  return post(`page/chats/${chat}/file`, form);
}

export const forward = (chat, fromChat, message) =>
  post(`page/chats/${chat}/forward`, { from_chat_id: fromChat, message_id: message });

/** The bot's results for a question typed behind its name, and one of them sent. */
export const askInline = (query) => post("page/inline", { query });
export const chooseInline = (chat, query, result) => post(`page/chats/${chat}/inline`, { query, result });

export const sendLocation = (chat, latitude, longitude) =>
  post(`page/chats/${chat}/location`, { latitude, longitude });

/** Presses a callback button; resolves with the bot's answer: {answered, text, show_alert, url}. */
export const press = (chat, message, data) => post(`page/chats/${chat}/press`, { message_id: message, data });

export async function earlier(chat, before) {
  const response = await fetch(`page/chats/${chat}/messages?before=${before}`);
  if (!response.ok) throw new Error(`The sandbox answered ${response.status}.`);
  return response.json();
}

export const fileAddress = (fileId, name) =>
  `page/files/${encodeURIComponent(fileId)}${name ? `?name=${encodeURIComponent(name)}` : ""}`;

/** Calls `onEvent(event)` for each update and `onConnection(up)` when the line breaks and comes back. */
export function listen(onEvent, onConnection) {
  let source;
  let wait = 500;
  const open = () => {
    source = new EventSource("page/events");
    source.onopen = () => { wait = 500; onConnection(true); };
    source.onmessage = (event) => onEvent(JSON.parse(event.data));
    source.onerror = () => {
      onConnection(false);
      source.close();
      setTimeout(open, wait);
      wait = Math.min(wait * 2, 8000);
    };
  };
  open();
  addEventListener("online", () => { if (source.readyState === EventSource.CLOSED) wait = 0; });
}
