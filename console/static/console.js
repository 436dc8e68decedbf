// What pages do by themselves while they are open. Everything essential works without it.
"use strict";

// The reader's time zone, so that the next page tells times in it.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.split("; ").includes("zone=" + zone)) {
  document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}

// The menu is open where there is room, and closed on a phone; until this is done the style sheet folds it.
const narrow = matchMedia("(max-width: 61.99rem)");
const menu = document.querySelector("details.menu");
if (menu) {
  const fit = () => (menu.open = !narrow.matches);
  fit();
  document.documentElement.classList.add("fitted");
  narrow.addEventListener("change", fit);
}
document.addEventListener("click", (e) => {
  for (const open of document.querySelectorAll("details.me[open], details.menu[open]")) {
    if (!open.contains(e.target) && (open !== menu || narrow.matches)) open.open = false;
  }
});

// A form that somebody began to fill in.
document.addEventListener("input", (e) => e.target.form && (e.target.form.dataset.touched = "yes"));

// A form that was sent once is not sent again by an impatient second click.
document.addEventListener("submit", (e) => {
  const form = e.target;
  if (form.dataset.sent) return e.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 3000);
});

// Keys: an element with data-key="x" is focused or clicked by that key, unless somebody is typing. One
// with data-focus is only focused: Enter confirms.
document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
  if (e.target.closest("input, textarea, select, [contenteditable]")) {
    if (e.key === "Escape") e.target.blur();
    return;
  }
  const meant = document.querySelector(`[data-key="${CSS.escape(e.key)}"]`);
  if (!meant) return;
  e.preventDefault();
  meant.matches("input, textarea, select, [data-focus]") ? meant.focus() : meant.click();
});

// Countdowns: <time data-due="RFC 3339" data-from="RFC 3339"> inside [data-countdown] is written anew
// every second. The words come from the page, in its language.
const say = (text) => {
  const place = document.getElementById("said");
  if (place && text) place.textContent = text;
};
const units = [["d", 86400], ["h", 3600], ["m", 60]];
const words = { "zh-CN": { d: " 天", h: " 小时", m: " 分", s: " 秒", late: "已超 ", left: "还剩 " }, en: { d: " d", h: " h", m: " min", s: " s", late: "late by ", left: "" } }[
  document.documentElement.lang
];
const spanOf = (seconds) => {
  const parts = [];
  let rest = Math.abs(seconds);
  for (const [unit, size] of units) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0) parts.push(n + words[unit]);
    if (parts.length === 2) break;
  }
  if (parts.length === 0) parts.push(Math.floor(rest) + words.s);
  return parts.join(" ");
};
const tick = () => {
  const now = Date.now();
  for (const el of document.querySelectorAll("[data-due]")) {
    const due = Date.parse(el.dataset.due);
    const from = Date.parse(el.dataset.from || "") || due - 86400000;
    const left = Math.round((due - now) / 1000);
    const share = (now - from) / Math.max(1, due - from);
    const state = left < 0 ? "late" : share >= 0.75 ? "soon" : share >= 0.5 ? "half" : "calm";
    const text = (left < 0 ? words.late : words.left) + spanOf(left);
    if (el.textContent !== text) el.textContent = text;
    if (el.dataset.state !== state) {
      if (el.dataset.state && state === "late") say(el.dataset.name ? `${el.dataset.name}: ${text}` : text);
      el.dataset.state = state;
    }
  }
};
if (document.querySelector("[data-due]") || document.querySelector("[data-live]")) {
  tick();
  setInterval(tick, 1000);
}
document.addEventListener("htmx:after:swap", tick);

// Drafts: a form with data-draft="name" keeps what was typed on this device until it is sent.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const name = "draft " + form.dataset.draft;
  const keep = () => {
    const values = {};
    for (const el of form.elements) {
      if (!el.name || ["hidden", "file", "password", "submit"].includes(el.type)) continue;
      if (el.type === "checkbox" || el.type === "radio") {
        if (el.checked) (values[el.name] ||= []).push(el.value);
      } else if (el.value) (values[el.name] ||= []).push(el.value);
    }
    localStorage.setItem(name, JSON.stringify(values));
  };
  if (!form.dataset.filled) {
    const kept = JSON.parse(localStorage.getItem(name) || "{}");
    for (const el of form.elements) {
      if (!el.name || !(el.name in kept) || el.type === "hidden" || el.type === "file") continue;
      if (el.type === "checkbox" || el.type === "radio") el.checked = kept[el.name].includes(el.value);
      else el.value = kept[el.name].shift() ?? el.value;
    }
  }
  form.addEventListener("input", keep);
  form.addEventListener("reset", () => localStorage.removeItem(name));
}
for (const done of document.querySelectorAll("[data-draft-sent]")) localStorage.removeItem("draft " + done.dataset.draftSent);

// Live: a page with [data-live] hears which cases change. Elements that show a case carry
// data-case="number" and hx-get and hx-trigger="changed": they are asked for anew, in place.
// A short list carries data-live-list, hx-get and hx-trigger="changed", and is asked for anew as a whole. What is
// new is counted in [data-new], which loads it when it is pressed: nothing moves under a reader's eyes.
const held = (el) => "keep" in el.dataset && (el.querySelector("form[data-touched]") || el.contains(document.activeElement));
// A member of a list that carries data-keep stays as it is while somebody fills it in, also where it is
// no longer among the others; [data-moved-on] in it says that there is news.
document.addEventListener("htmx:before:swap", (e) => {
  const list = e.target.closest("[data-live-list]");
  const fresh = e.detail.tasks[0]?.fragment;
  if (!list || !fresh) return;
  for (const el of list.querySelectorAll("[data-keep]")) {
    el.toggleAttribute("data-held", Boolean(held(el)));
    if (!held(el)) continue;
    const now = fresh.querySelector("#" + CSS.escape(el.id));
    const notice = el.querySelector("[data-moved-on]");
    if (notice && now?.dataset.seq !== el.dataset.seq) notice.hidden = false;
    if (now) continue;
    let others = fresh.querySelector(el.parentNode.tagName);
    if (!others) {
      others = el.parentNode.cloneNode(false);
      fresh.replaceChildren(others);
    }
    others.insertBefore(el.cloneNode(false), others.children[[...el.parentNode.children].indexOf(el)] ?? null);
  }
});
if (document.querySelector("[data-live], [data-live-list]")) {
  // A page of one case names it, and is told who else looks at it.
  const place = document.querySelector("[data-live]")?.dataset.live;
  let line;
  let opened = 0;
  let wait = 2000;
  const connect = () => {
    line = new EventSource("/live" + (place ? "?case=" + encodeURIComponent(place) : ""));
    line.addEventListener("here", here);
    line.addEventListener("case", changed);
    line.addEventListener("open", () => {
      wait = 2000;
      if (opened++ > 0) again();
    });
    // An answer that is no event stream ends an EventSource for good: a deploy, a proxy's error.
    line.addEventListener("error", () => {
      if (line.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, wait);
      wait = Math.min(2 * wait, 60000);
    });
  };
  // What changed while nobody listened is asked for as a whole.
  const again = () => {
    for (const el of document.querySelectorAll("[data-case], [data-live-list]")) {
      if (held(el)) continue;
      if (window.htmx) htmx.trigger(el, "changed");
    }
  };
  const here = (e) => {
    const notice = document.querySelector("[data-here]");
    const says = JSON.parse(e.data).says;
    if (!notice) return;
    notice.hidden = !says;
    notice.textContent = says;
  };
  let fresh = new Set();
  const changed = (e) => {
    const change = JSON.parse(e.data);
    document.dispatchEvent(new CustomEvent("recourse:case", { detail: change }));
    const shown = document.querySelectorAll(`[data-case="${CSS.escape(change.number)}"]`);
    for (const el of shown) {
      // What somebody is filling in stays as it is; the page says beside it what changed.
      if (held(el)) continue;
      if (Number(el.dataset.seq || 0) < change.seq && window.htmx) htmx.trigger(el, "changed");
    }
    for (const list of document.querySelectorAll("[data-live-list]")) {
      list.soon ||= setTimeout(() => {
        list.soon = 0;
        if (window.htmx) htmx.trigger(list, "changed");
      }, Number(list.dataset.liveList) || 100);
    }
    const counter = document.querySelector("[data-new]:not([data-new=asked])"); // what a page counts by itself is left to it
    if (counter && shown.length === 0) {
      fresh.add(change.number);
      counter.hidden = false;
      counter.querySelector("[data-count]").textContent = fresh.size;
    }
  };
  connect();
  addEventListener("pagehide", () => line.close());
  // What waits for its time comes to wait for somebody without a change.
  setInterval(() => {
    if (menu?.matches("[data-live-list]") && !document.hidden && window.htmx) htmx.trigger(menu, "changed");
  }, 60000);
}

// Intake: a restored draft opens what it filled; files are dropped or pasted anywhere on the form;
// Ctrl+Enter saves from any field.
for (const group of document.querySelectorAll("form[data-draft] details:not([open])")) {
  const filled = (el) => (el.type === "checkbox" ? el.checked !== el.defaultChecked : el.value !== el.defaultValue);
  group.open = [...group.querySelectorAll("input, textarea")].some(filled);
}
for (const form of document.querySelectorAll("form[data-drop]")) {
  const field = form.querySelector("[data-files]");
  const take = (files) => {
    const all = new DataTransfer();
    for (const file of [...field.files, ...files]) all.items.add(file);
    field.files = all.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  form.addEventListener("dragover", (e) => {
    if (!e.dataTransfer.types.includes("Files")) return;
    e.preventDefault();
    form.classList.add("dropping");
  });
  for (const end of ["dragleave", "drop"]) form.addEventListener(end, () => form.classList.remove("dropping"));
  form.addEventListener("drop", (e) => {
    if (!e.dataTransfer.files.length) return;
    e.preventDefault();
    take(e.dataTransfer.files);
  });
  form.addEventListener("paste", (e) => {
    if (!e.clipboardData.files.length) return;
    e.preventDefault();
    take(e.clipboardData.files);
  });
  form.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) form.requestSubmit(form.querySelector("[data-save]"));
  });
}

// Drafts tell of people: whoever leaves takes theirs along.
for (const leave of document.querySelectorAll('form[action="/sign-out"]')) {
  leave.addEventListener("submit", () => {
    for (const name of Object.keys(localStorage)) if (name.startsWith("draft ")) localStorage.removeItem(name);
  });
}

// What only a script can do is there only with one: copying and printing.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).value);
    say(button.dataset.copied);
    button.lastChild.textContent = button.dataset.copied;
  });
}
for (const field of document.querySelectorAll("[data-select]")) field.addEventListener("focus", () => field.select());
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
