// @ts-check
// What moves within a page: fragments that `live.js` fetched are put in place, the promotion form
// follows what is chosen in it, and ages count on.

/**
 * Makes `old` like `next` and changes only what differs, so that focus, selection and motion stay.
 * What the reader unfolded stays open; islands with the same properties and the live badge keep
 * what they show. What has another `data-key` is another thing and is replaced.
 * @param {any} old
 * @param {any} next
 */
const morph = (old, next) => {
  const island = old.localName === "leptos-island";
  if (old.isEqualNode(next) || (old.dataset?.live === "" && next.dataset?.live === "")) return;
  if (island && old.dataset.props === next.dataset?.props) return;
  const other = old.nodeName !== next.nodeName || old.dataset?.key !== next.dataset?.key;
  if (island || other || !old.attributes) {
    old.replaceWith(next);
    if (next.matches) next.dispatchEvent(new Event("customhouse:inserted", { bubbles: true }));
    return;
  }
  for (const { name } of [...old.attributes, ...next.attributes]) {
    if (name === "open") continue;
    const value = next.getAttribute(name);
    if (value === null) old.removeAttribute(name);
    else if (value !== old.getAttribute(name)) old.setAttribute(name, value);
  }
  const children = [...old.childNodes];
  const wanted = [...next.childNodes];
  wanted.forEach((child, index) => {
    morph(children[index] ?? old.appendChild(document.createTextNode("")), child);
  });
  children.slice(wanted.length).forEach((child) => child.remove());
};

let spoke = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let voice;
/**
 * The title follows at once; screen readers are told at most once in 5 s.
 * @param {string} said
 */
const say = (said) => {
  document.title = `${said} · Customhouse`;
  clearTimeout(voice);
  voice = setTimeout(
    () => {
      spoke = Date.now();
      const announcer = document.getElementById("announcer");
      if (announcer) announcer.textContent = said;
    },
    Math.max(0, spoke + 5_000 - Date.now()),
  );
};

document.addEventListener("customhouse:fragment", (event) => {
  const { target, detail } = /** @type {CustomEvent<string>} */ (event);
  if (!(target instanceof HTMLElement)) return;
  const next = /** @type {HTMLElement} */ (target.cloneNode());
  next.innerHTML = detail;
  morph(target, next);
  // Rows come back without the filter that the reader typed.
  for (const box of document.querySelectorAll("main input[type=search]")) {
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const said = target.querySelector("[data-said]")?.getAttribute("data-said");
  if (said && !document.title.startsWith(`${said} ·`)) say(said);
  count();
});

// A document that is no longer what the form asks for cannot be sent.
document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
  if (target.form?.action.endsWith("/api/policies/preview")) {
    document.getElementById("preview")?.remove();
  }
});

const cameBack = new URLSearchParams(location.search).has("form");
/** What was filled in, by field. @type {Map<string, string>} */
const filled = new Map();
let asked = "";
// The promotion form asks its own page, which renders it for both ends that are chosen, for the
// parts that say what will happen and for values of fields in which nobody has typed.
document.addEventListener("change", async ({ target }) => {
  if (!(target instanceof HTMLSelectElement) || target.form?.id !== "promotion") return;
  const chosen = new FormData(target.form);
  const end = (/** @type {string} */ name) => String(chosen.get(name) ?? "");
  const [source, destination] = [end("source_version"), end("destination_project")];
  const address = (asked = `/promotions/new?${new URLSearchParams({ source, destination })}`);
  const answer = await fetch(address).catch(() => null);
  const page = answer?.ok ? await answer.text() : "";
  if (page === "" || asked !== address) return;
  const next = new DOMParser().parseFromString(page, "text/html");
  for (const part of document.querySelectorAll("[data-part]")) {
    const other = next.querySelector(`[data-part="${part.getAttribute("data-part")}"]`);
    if (other) morph(part, other);
  }
  for (const name of ["version_name", "prefix"]) {
    const [field, fit] = [document, next].map((page) => page.querySelector(`input[name=${name}]`));
    if (!(field instanceof HTMLInputElement && fit instanceof HTMLInputElement)) continue;
    // Whoever is in the field is about to type there.
    if (field === document.activeElement) continue;
    if (field.value !== (filled.get(name) ?? (cameBack ? "" : field.defaultValue))) continue;
    field.value = fit.defaultValue;
    filled.set(name, fit.defaultValue);
  }
});

// How far this browser's clock is ahead of the server's.
const skew = Date.now() - Number(document.body.dataset.now ?? Date.now());

/** As `one_unit` of `app/src/text.rs`. @param {number} seconds */
const oneUnit = (seconds) => {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
};

/** As `elapsed` of `app/src/text.rs`. @param {number} seconds */
const elapsed = (seconds) => {
  /** @param {number} rest */
  const two = (rest) => String(rest).padStart(2, "0");
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3_600)} h ${two(Math.floor((seconds % 3_600) / 60))} min`;
};

const count = () => {
  const now = Date.now() - skew;
  for (const time of document.querySelectorAll("time[data-age], time[data-elapsed]")) {
    const passed = Math.trunc((now - Date.parse(time.getAttribute("datetime") ?? "")) / 1000);
    let text = passed === 0 ? "now" : passed < 0 ? `in ${oneUnit(-passed)}` : `${oneUnit(passed)} ago`;
    if (time.hasAttribute("data-elapsed")) text = elapsed(Math.max(0, passed));
    if (time.textContent !== text) time.textContent = text;
  }
};
setInterval(() => document.hidden || count(), 1_000);
