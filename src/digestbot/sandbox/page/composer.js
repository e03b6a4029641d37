// The message field: commands while typing, files, replies, suggested answers.

const $ = (id) => document.getElementById(id);
const PICTURE = /^image\/(png|jpeg|gif)$/;
const CITIES = [["Karachi", 24.861, 67.01], ["London", 51.507, -0.128], ["New York", 40.713, -74.006], ["Nairobi", -1.292, 36.822], ["Tokyo", 35.677, 139.65]];

/**
 * `actions`: send(chat, text, files, where) → promise, with files as {file, asPhoto} and where as {replyTo, thread};
 * location(chat, latitude, longitude) and inline(query) and choose(chat, query, result) → promises; notice(text);
 * up(), when the reader leaves the empty field upwards.
 * Returns the handle by which the page opens a chat, starts a reply or attaches files.
 */
export function makeComposer(actions) {
  const field = $("composer-text");
  const list = $("suggestions");
  const drafts = new Map();
  let chat = null;
  let replyTo = null;
  let files = [];
  /** What is offered above the field: {title, what, take(send)}. */
  let shown = [];
  let active = 0;
  let asking = 0;

  // --- commands, and the bot's inline results, while typing ---

  function commands() {
    const match = /^\/([a-z0-9_]*)$/i.exec(field.value);
    if (!match || field.selectionStart !== field.value.length) return [];
    return (chat?.commands ?? [])
      .filter((row) => row.command.startsWith(match[1].toLowerCase()))
      .map((row) => ({
        title: `/${row.command}`,
        what: row.description,
        take(send) { field.value = send ? `/${row.command}` : `/${row.command} `; if (send) submit(); },
      }));
  }

  /** Asks the bot once the reader pauses; older questions that are answered late are passed over. */
  function inlineSoon() {
    const match = new RegExp(`^@${actions.botName()} (.*)$`, "is").exec(field.value);
    const question = ++asking;
    if (!match) return;
    const query = match[1].trim();
    setTimeout(async () => {
      if (question !== asking) return;
      const { results } = await actions.inline(query).catch(() => ({ results: [] }));
      if (question !== asking) return;
      suggest(results.map((result) => ({
        title: result.title ?? result.id,
        what: result.description ?? result.message?.text ?? "",
        take() {
          field.value = "";
          actions.choose(chat.id, query, result).catch((error) => actions.notice(error.message));
        },
      })));
    }, 250);
  }

  function suggest(rows) {
    shown = rows;
    active = 0;
    list.replaceChildren(...rows.map((row, index) => {
      const item = document.createElement("li");
      item.id = `suggestion-${index}`;
      item.role = "option";
      const name = document.createElement("strong");
      name.textContent = row.title;
      name.dir = "auto";
      const what = document.createElement("span");
      what.textContent = row.what;
      what.dir = "auto";
      item.append(name, what);
      item.addEventListener("pointerdown", (event) => event.preventDefault());
      item.addEventListener("click", () => take(index, true));
      return item;
    }));
    list.hidden = rows.length === 0;
    list.classList.toggle("wide", rows.some((row) => !row.title.startsWith("/")));
    field.ariaExpanded = String(rows.length > 0);
    highlight();
  }

  function highlight() {
    [...list.children].forEach((item, index) => {
      item.ariaSelected = String(index === active);
      if (index === active) item.scrollIntoView({ block: "nearest" });
    });
    if (shown.length) field.setAttribute("aria-activedescendant", `suggestion-${active}`);
    else field.removeAttribute("aria-activedescendant");
  }

  function take(index, send) {
    const row = shown[index];
    suggest([]);
    row.take(send);
    grow();
    field.focus();
  }

  // --- the field ---

  function grow() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, innerHeight * 0.4)}px`;
    $("send").disabled = !field.value.trim() && files.length === 0;
    $("menu").hidden = !(chat?.commands ?? []).length || field.value !== "";
  }

  async function submit() {
    const text = field.value.trim();
    if ((!text && files.length === 0) || !chat) return;
    const sent = { chat, text, files, where: { replyTo: replyTo?.message_id, thread: thread() } };
    field.value = "";
    setFiles([]);
    reply(null);
    suggest([]);
    grow();
    try {
      await actions.send(sent.chat.id, sent.text, sent.files, sent.where);
    } catch (error) {
      if (chat === sent.chat && !field.value) {
        field.value = sent.text;
        setFiles(sent.files);
        grow();
      }
      actions.notice(error.message);
    }
  }

  field.addEventListener("input", () => { grow(); suggest(commands()); inlineSoon(); });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (shown.length) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        active = (active + step + shown.length) % shown.length;
        highlight();
        return event.preventDefault();
      }
      if (event.key === "Tab" && !event.shiftKey) { take(active, false); return event.preventDefault(); }
      if (event.key === "Enter" && !event.shiftKey) { take(active, true); return event.preventDefault(); }
      if (event.key === "Escape") { suggest([]); event.stopPropagation(); return event.preventDefault(); }
    }
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); submit(); }
    if (event.key === "Escape" && replyTo) { reply(null); event.stopPropagation(); }
    if (event.key === "ArrowUp" && !field.value) { event.preventDefault(); actions.up(); }
  });
  field.addEventListener("blur", () => suggest([]));
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  $("menu").addEventListener("click", () => { field.value = "/"; field.focus(); grow(); suggest(commands()); });

  // --- the topic of a forum that is written to ---

  const topics = $("topics");
  const thread = () => (topics.hidden ? undefined : Number(topics.value) || undefined);

  function offerTopics() {
    const before = topics.value;
    const rows = chat?.topics ?? [];
    topics.replaceChildren(...[{ thread: "", name: "General" }, ...rows].map((row) => new Option(row.name, row.thread)));
    topics.hidden = rows.length === 0;
    if (rows.some((row) => String(row.thread) === before)) topics.value = before;
  }

  // --- files ---

  function setFiles(next) {
    files = next;
    const row = $("attachments");
    row.replaceChildren(...files.map(({ file, asPhoto }, index) => {
      const item = document.createElement("li");
      const name = document.createElement("span");
      name.textContent = file.name;
      if (PICTURE.test(file.type)) {
        const kind = document.createElement("button");
        kind.type = "button";
        kind.className = "kind";
        kind.textContent = asPhoto ? "as photo" : "as file";
        kind.ariaLabel = `${file.name} is sent ${kind.textContent}: press to change`;
        kind.addEventListener("click", () => {
          setFiles(files.map((row, i) => (i === index ? { file, asPhoto: !asPhoto } : row)));
          $("attachments").querySelectorAll(".kind")[0]?.focus();
        });
        item.append(kind);
      }
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "icon-button";
      remove.ariaLabel = `Do not send ${file.name}`;
      remove.textContent = "×";
      remove.addEventListener("click", () => { setFiles(files.filter((_, i) => i !== index)); field.focus(); });
      item.prepend(name);
      item.append(remove);
      return item;
    }));
    row.hidden = files.length === 0;
    field.placeholder = files.length ? "Caption" : "Message";
    grow();
  }

  const attach = (added) => {
    if (!chat?.can_send) return;
    setFiles([...files, ...[...added].map((file) => ({ file, asPhoto: PICTURE.test(file.type) }))]);
    field.focus();
  };
  $("attach").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", () => { attach($("file").files); $("file").value = ""; });
  field.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    attach(event.clipboardData.files);
  });
  const area = document.querySelector("main.chat");
  let depth = 0;
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") && chat?.can_send;
  area.addEventListener("dragenter", (event) => { if (carriesFiles(event)) { depth += 1; $("drop").hidden = false; } });
  area.addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); if (!depth) $("drop").hidden = true; });
  area.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
  area.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    $("drop").hidden = true;
    attach(event.dataTransfer.files);
  });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => event.preventDefault()); // a file dropped beside it must not replace the page

  // --- replies ---

  function reply(message, who = "", what = "") {
    replyTo = message;
    $("replying").hidden = !message;
    $("replying-who").textContent = who;
    $("replying-what").textContent = what;
    if (message) field.focus();
  }
  $("replying-cancel").addEventListener("click", () => { reply(null); field.focus(); });

  // --- a reply keyboard that the bot has put up ---

  function suggestAnswers(markup) {
    const box = $("reply-keyboard");
    box.replaceChildren();
    box.hidden = !markup?.keyboard;
    field.placeholder = markup?.input_field_placeholder ?? "Message";
    for (const row of markup?.keyboard ?? []) {
      const line = document.createElement("div");
      line.className = "keyboard-row";
      for (const key of row) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "key";
        button.dir = "auto";
        button.textContent = key.text ?? key;
        button.addEventListener("click", () => {
          if (key.request_location) return cities(box);
          if (markup.one_time_keyboard) box.hidden = true;
          actions.send(chat.id, button.textContent, [], { thread: thread() }).catch((error) => actions.notice(error.message));
        });
        line.append(button);
      }
      box.append(line);
    }
  }

  /** Where the person pretends to be: a real messenger would ask the device. */
  function cities(box) {
    const line = document.createElement("div");
    line.className = "keyboard-row";
    for (const [name, latitude, longitude] of CITIES) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "key";
      button.textContent = `📍 ${name}`;
      button.addEventListener("click", () => {
        box.hidden = true;
        actions.location(chat.id, latitude, longitude).catch((error) => actions.notice(error.message));
      });
      line.append(button);
    }
    box.replaceChildren(line);
    line.firstChild.focus();
  }

  return {
    open(next) {
      if (chat) drafts.set(chat.id, field.value);
      const changed = chat?.id !== next?.id;
      chat = next;
      if (changed) {
        field.value = drafts.get(chat.id) ?? "";
        setFiles([]);
        reply(null);
        suggest([]);
      }
      offerTopics();
      $("composer-row").hidden = !chat.can_send;
      $("read-only").hidden = chat.can_send;
      grow();
    },
    /** The chat's commands or rights have changed. */
    refresh(next) { chat = next; offerTopics(); grow(); },
    focus() { if (chat?.can_send) field.focus(); },
    insert(text) { field.value = text; field.focus(); grow(); },
    get replying() { return replyTo; },
    reply,
    suggestAnswers,
  };
}
