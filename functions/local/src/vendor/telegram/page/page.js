// The small messenger of the Telegram stand-in. Each chat is read whole after each change.
"use strict";

const API = "/dev/telegram/api/";
const RETRY_MS = 2000;

const element = (id) => document.getElementById(id);
const [bots, person, known, block, log, chat, text, alertLine] =
  ["bot", "person", "known", "block", "log", "chat", "text", "alert"].map(element);

/** The bots by their ids, as the stand-in lists them. */
let listed = new Map();
/** The chat that is shown; null until it is read. */
let shown = null;
/** The message that the next one replies to, or that is edited. */
let mode = null;
/** Ends the wait for changes of the chat that was shown before. */
let watching = new AbortController();

async function request(path, body, signal) {
  const isFile = body instanceof Blob;
  const options = body && {
    method: "POST",
    headers: { "content-type": isFile ? "application/octet-stream" : "application/json" },
    body: isFile ? body : JSON.stringify(body),
  };
  const response = await fetch(API + path, { ...options, signal });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(answer.message ?? `The stand-in answers ${response.status}.`);
  }
  return answer;
}

/** Does something that the person asked for; says so if it fails. */
async function attempt(action) {
  alertLine.textContent = "";
  try {
    await action();
    return true;
  } catch (error) {
    alertLine.textContent = error.message;
    return false;
  }
}

const pair = () => ({ bot: Number(bots.value), person: person.value.trim() });
const query = (more) => new URLSearchParams({ ...pair(), ...more }).toString();

async function list() {
  const [answer, people] = await Promise.all([request("bots"), request("people")]);
  listed = new Map(answer.bots.map((bot) => [String(bot.id), bot]));
  // An open list of bots stays as it is while it is right.
  if (answer.bots.map((bot) => bot.id).join() !== [...bots.options].map((o) => o.value).join()) {
    const chosen = bots.value || localStorage.getItem("bot");
    bots.replaceChildren(...answer.bots.map((bot) => new Option(`@${bot.username}`, bot.id)));
    if (listed.has(chosen)) bots.value = chosen;
  }
  known.replaceChildren(...people.people.map((one) => new Option(one.firstName)));
  hint();
}

function hint() {
  const bot = listed.get(bots.value);
  const line = element("hint");
  line.hidden = !bot || (bot.hasWebhook && !bot.isRevoked && !bot.lastError);
  if (line.hidden) return;
  if (bot.isRevoked) line.textContent = "The token of this bot is withdrawn.";
  else if (bot.hasWebhook) line.textContent = `The last message did not arrive: ${bot.lastError}.`;
  else if (bot.token) {
    line.textContent =
      `Nobody reads this bot yet. Create a Telegram channel in ChatDesk with the token ${bot.token}`;
  } else line.textContent = "Nobody reads this bot: its webhook is not set.";
}

function piece(name, className, content) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = content;
  return made;
}

function bubble(message) {
  const item = document.createElement("li");
  const isMine = message.from === "person";
  item.classList.toggle("mine", isMine);
  item.classList.toggle("deleted", message.isDeleted);
  item.dataset.id = message.id;
  const button = piece("button", "bubble", "");
  button.type = "button";
  button.disabled = message.isDeleted;
  button.title = "Reply";
  const quoted = shown.messages.find((other) => other.id === message.replyTo);
  if (message.replyTo) button.append(piece("span", "quote", quoted ? quoted.text : "…"));
  const who = piece("span", "hidden", isMine ? "You: " : "The bot: ");
  const at = new Date(message.date * 1000);
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const notes = [message.isDeleted && "deleted", message.editDate && "edited", time];
  button.append(who, piece("span", "said", message.text));
  if (message.file) item.append(file(message.file));
  button.append(piece("span", "foot", notes.filter(Boolean).join(" · ")));
  button.addEventListener("click", () => enter("reply", message));
  item.append(button);
  if (isMine && !message.isDeleted) item.append(tools(message));
  return item;
}

/** Shows a file: a picture as such, any other as a link. */
function file({ name, type, url }) {
  const link = piece("a", "file", "");
  link.href = url;
  link.target = "_blank";
  if (!type.startsWith("image/")) {
    link.textContent = name;
    link.download = name;
    return link;
  }
  const picture = document.createElement("img");
  picture.src = url;
  picture.alt = name;
  link.append(picture);
  return link;
}

function tools(message) {
  const row = piece("div", "tools", "");
  if (message.hasText) {
    const edit = piece("button", "", "Edit");
    edit.addEventListener("click", () => enter("edit", message));
    row.append(edit);
  }
  const remove = piece("button", "", "Delete");
  remove.title = "Telegram does not tell the bot that a message is deleted.";
  remove.addEventListener("click", () =>
    attempt(() => request("delete", { ...pair(), messageId: message.id })),
  );
  row.append(remove);
  for (const button of row.children) button.type = "button";
  return row;
}

/** Shows a chat. Bubbles that did not change stay, so that a screen reader reads the new ones only. */
function show(next) {
  shown = next;
  const isBlocked = next?.isBlocked ?? false;
  const messages = next?.messages ?? [];
  block.checked = isBlocked;
  for (const id of ["text", "send", "files", "sticker", "location"]) element(id).disabled = isBlocked;
  element("empty").hidden = messages.length > 0;
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const before = new Map([...chat.children].map((item) => [item.dataset.id, item]));
  const items = messages.map((message) => {
    const key = JSON.stringify(message);
    const old = before.get(String(message.id));
    if (old?.dataset.key === key) return old;
    const made = bubble(message);
    made.dataset.key = key;
    return made;
  });
  const kept = new Set(items);
  for (const item of [...chat.children]) if (!kept.has(item)) item.remove();
  items.forEach((item, index) => {
    if (chat.children[index] !== item) chat.insertBefore(item, chat.children[index] ?? null);
  });
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

/** Shows the chat of the chosen bot and person, and each of its changes. */
async function watch() {
  watching.abort();
  watching = new AbortController();
  const { signal } = watching;
  const chosen = query();
  leave();
  show(null);
  chat.replaceChildren();
  localStorage.setItem("bot", bots.value);
  localStorage.setItem("person", person.value.trim());
  let after = 0;
  let path = "chat?";
  let isLost = false;
  while (!signal.aborted) {
    try {
      const next = await request(`${path}${chosen}&after=${after}`, null, signal);
      if (signal.aborted) return;
      if (isLost) alertLine.textContent = "";
      isLost = false;
      path = "chat/events?";
      if (next.revision !== after || shown === null) show(next);
      after = next.revision;
      await list();
    } catch (error) {
      if (signal.aborted) return;
      isLost = true;
      alertLine.textContent = `The stand-in does not answer: ${error.message}`;
      await new Promise((done) => setTimeout(done, RETRY_MS));
      path = "chat?";
    }
  }
}

function enter(kind, message) {
  mode = { kind, message };
  element("mode").hidden = false;
  const about = message.text.slice(0, 100);
  element("mode-text").textContent = `${kind === "edit" ? "Edit" : "Reply to"}: ${about}`;
  element("send").textContent = kind === "edit" ? "Save" : "Send";
  if (kind === "edit") text.value = message.text;
  text.focus();
}

function leave() {
  if (mode?.kind === "edit") text.value = "";
  mode = null;
  element("mode").hidden = true;
  element("send").textContent = "Send";
}

const write = (content) => attempt(() => request("messages", { ...pair(), ...content }));

async function submit(event) {
  event.preventDefault();
  const said = text.value;
  if (!said.trim() || !person.reportValidity()) return;
  const id = mode?.message.id;
  const isDone =
    mode?.kind === "edit"
      ? await attempt(() => request("edit", { ...pair(), messageId: id, text: said }))
      : await write(id === undefined ? { text: said } : { text: said, replyTo: id });
  if (isDone) {
    leave();
    text.value = "";
  }
  text.focus();
}

element("writing").addEventListener("submit", submit);
text.addEventListener("keydown", (event) => {
  if (event.key === "Escape") leave();
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  element("writing").requestSubmit();
});
element("cancel").addEventListener("click", () => {
  leave();
  text.focus();
});
element("people").addEventListener("submit", (event) => {
  event.preventDefault();
  watch();
  text.focus();
});
bots.addEventListener("change", () => {
  hint();
  watch();
});
block.addEventListener("change", async () => {
  const isBlocked = block.checked;
  const isDone = await attempt(() => request(isBlocked ? "block" : "unblock", pair()));
  if (!isDone) block.checked = !isBlocked;
});
element("files").addEventListener("change", async (event) => {
  const { files } = event.target;
  for (const one of files) {
    const isDone = await attempt(async () => {
      const { id } = await request("files", new Blob([one]));
      const file = { id, name: one.name, type: one.type || "application/octet-stream" };
      const caption = text.value.trim();
      await request("messages", { ...pair(), file, ...(caption && { caption }) });
    });
    if (!isDone) break;
    text.value = "";
  }
  event.target.value = "";
  text.focus();
});
element("sticker").addEventListener("click", () => write({ sticker: "👍" }));
element("location").addEventListener("click", () =>
  write({ location: { latitude: 52.520008, longitude: 13.404954 } }),
);

person.value = localStorage.getItem("person") ?? "Ann";
attempt(list).then(watch);
