// @ts-check
// Follows `/events` and fetches what an event is about, once in 2 s; `page.js` puts it in place.
// One visible tab streams, with a Web Lock; others listen.

const states = new Map([["on", "Live"], ["poll", "Reconnecting"], ["off", "Not live"]]);
const channel = new BroadcastChannel("customhouse-events");
let state = "off";
/** @type {EventSource | undefined} */
let stream;
let watch = 0;
let asking = false;
/** @type {(_: unknown) => void} */
let left = () => {};

/** When fetched last, and what is shown. @type {WeakMap<Element, number>[]} */
const [due, shown] = [new WeakMap(), new WeakMap()];
/** @param {Element} part */
const refresh = (part) => {
  const [now, last] = [Date.now(), due.get(part) ?? 0];
  if (last > now) return;
  const at = Math.max(now, last + 2000);
  due.set(part, at);
  setTimeout(async () => {
    const answer = await fetch(part.getAttribute("data-fragment") ?? "").catch(() => null);
    if (answer && answer.status > 499) return refresh(part);
    // What is shown is no more: its page says so.
    if (answer?.status === 404 || answer?.status === 401) return location.reload();
    // A slow answer never replaces a newer one.
    if (!answer?.ok || (shown.get(part) ?? 0) > at) return;
    shown.set(part, at);
    const news = { bubbles: true, detail: await answer.text() };
    part.dispatchEvent(new CustomEvent("customhouse:fragment", news));
  }, at - now);
};

/** @param {{ name: string, id?: string }} news an event or a state */
const hear = ({ name, id = "" }) => {
  // What happened before this tab listened is not told again.
  const missed = name === "on" && state !== "on" ? "resync" : "";
  if (states.has(name)) state = name;
  for (const badge of document.querySelectorAll("[data-live]")) {
    badge.className = `live live-${state}`;
    badge.children[1].textContent = states.get(state) ?? "";
  }
  const follows = [name, id, missed].filter(Boolean).map((topic) => `[data-follows~="${topic}"]`);
  document.querySelectorAll(`:is(${follows})`).forEach(refresh);
};

/** @param {string} name @param {string} [id] */
const tell = (name, id) => {
  channel.postMessage({ name, id });
  hear({ name, id });
};

const lead = () => {
  stream?.close();
  const source = (stream = new EventSource("/events"));
  // The server speaks every 15 s.
  const beat = (pause = 40000) => {
    clearTimeout(watch);
    watch = setTimeout(lead, pause);
  };
  beat();
  source.onopen = () => tell("on", "resync");
  source.onerror = () => {
    const closed = source.readyState === 2;
    tell(closed ? "off" : "poll");
    if (closed) beat(5000 + 5000 * Math.random());
  };
  for (const name of ["heartbeat", "job", "look", "proposal", "inventory", "installation", "resync"]) {
    source.addEventListener(name, (event) => {
      beat();
      if (name !== "heartbeat") tell(name, JSON.parse(event.data).id);
    });
  }
};

const leave = () => {
  clearTimeout(watch);
  stream?.close();
  stream = undefined;
  left(0);
};

const join = async () => {
  if (document.hidden) return leave();
  if (!navigator.locks) return lead();
  channel.postMessage({ name: "who" });
  if (asking || stream) return;
  asking = true;
  await navigator.locks.request("customhouse-events", async () => {
    if (document.hidden) return;
    lead();
    await new Promise((done) => (left = done));
  });
  asking = false;
};

channel.onmessage = ({ data }) => (data.name === "who" ? stream && tell(state) : hear(data));
document.addEventListener("visibilitychange", join);
join();
