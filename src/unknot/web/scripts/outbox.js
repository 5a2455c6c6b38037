// @ts-check
/**
 * The diary on a page: its forms are kept on this device first and sent then, and what waits is shown.
 *
 * A form with `data-outbox` works without this script as well: it is posted then.
 */

import { clear, fill, fillAgain, formFor, isBlank, renew, written } from './forms.js';
import { keep, know, known, settle, waiting } from './keeping.js';
import { sendAll } from './sending.js';
import { showWaiting, tell } from './telling.js';

/** @typedef {import('./keeping.js').Waiting} Waiting */

const box = document.getElementById('outbox');
const others = new BroadcastChannel('unknot-outbox');
const [AT_ONCE, LATER] = [2_500, 60_000];
/** @type {WeakSet<HTMLFormElement>} Forms that are being kept just now. */
const busy = new WeakSet();
/** @type {WeakSet<HTMLFormElement>} Forms that this device cannot keep: they are posted. */
const posted = new WeakSet();
let timer = 0;

/**
 * Keep a form on this device, say so, and send it.
 *
 * @param {SubmitEvent} event
 */
async function take(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches('[data-outbox]') || posted.has(form)) return;
  event.preventDefault();
  if (busy.has(form)) return;
  busy.add(form);
  fill(form);
  const one = written(form, event.submitter);
  try {
    one.diary = (await known('diary')) ?? '';
    await keep(one);
  } catch {
    busy.delete(form);
    postInstead(form, event.submitter);
    return;
  }
  await sendKept(form, one, event.submitter).finally(() => busy.delete(form));
}

/**
 * Say that a form was kept, and send it.
 *
 * Where the diary finds fault with it at once, the form goes the plain way too: that page shows what to
 * mend. It has the same id, so what is sent from there takes the place of what waits.
 *
 * @param {HTMLFormElement} form
 * @param {Waiting} one
 * @param {HTMLElement | null} button
 */
async function sendKept(form, one, button) {
  tell('kept');
  box?.scrollIntoView();
  others.postMessage('kept');
  await show();
  askToStay().catch(() => null);
  await Promise.race([send(), new Promise((done) => setTimeout(done, AT_ONCE))]);
  const left = (await waiting()).find(({ revision }) => revision === one.revision);
  if (left?.held?.kind === 'faults') {
    postInstead(form, button);
    return;
  }
  if (left?.held?.kind === 'refused') return;
  clear(form, one);
  if (!left) location.assign(`/diary?${new URLSearchParams({ entry: entryOf(one), saved: one.revision })}`);
}

/** @param {Waiting} one */
const entryOf = (one) => Object.fromEntries(one.fields).entry;

/**
 * This device keeps nothing, so the form goes the plain way; without a network it stays as it is.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} button
 */
function postInstead(form, button) {
  if (!navigator.onLine) {
    tell('lost');
    return;
  }
  posted.add(form);
  setTimeout(() => form.requestSubmit(button)); // a form takes no second submit during its first
}

/** Ask the browser not to clear this device when room runs low; the page says when it refused. */
async function askToStay() {
  const { storage } = navigator;
  const stays = (await storage.persisted()) || (await storage.persist());
  document.getElementById('fleeting')?.toggleAttribute('hidden', stays);
}

/** Say of what waits since an earlier page whether the browser may clear it. */
async function sayWhetherItStays() {
  const stays = await navigator.storage.persisted();
  document.getElementById('fleeting')?.toggleAttribute('hidden', stays);
}

/** Send what waits, and again later when something is left that can be sent. */
async function send() {
  clearTimeout(timer);
  const before = await waiting();
  const later = await sendAll().catch(() => LATER);
  if (later > 0) timer = setTimeout(send, later);
  const after = await show();
  if (after.length < before.length) tell('saved');
  if (held(after) > held(before)) tell('held');
  if (before.length > 0) others.postMessage('sent');
}

async function show() {
  const all = await waiting();
  showWaiting(all, actions);
  return all;
}

/** @param {Waiting[]} all */
const held = (all) => all.filter((one) => one.held).length;

/** What a person can do with an entry that is not sent by itself. */
const actions = {
  /** @param {Waiting} one */
  change(one) {
    const form = formFor(one);
    if (form) fillAgain(form, one);
    else location.assign('/diary/log');
  },
  /** @param {Waiting} one */
  async again(one) {
    await settle(one, { held: null });
    await send();
  },
  /** @param {Waiting} one */
  async move(one) {
    await settle(one, { diary: one.held?.diary, held: null });
    await send();
  },
  /** @param {Waiting} one */
  async beside(one) {
    const revision = crypto.randomUUID();
    const fields = new Map(one.fields.entries());
    fields.forEach(([name], place) => name === 'revision' && fields.set(place, [name, revision]));
    await settle(one, { revision, fields: [...fields.values()], held: null });
    await send();
  },
  /** @param {Waiting} one */
  async drop(one) {
    await settle(one, null);
    others.postMessage('dropped');
    await show();
  },
};

/** Give the person a file of what waits. */
async function saveCopy() {
  const text = JSON.stringify(await waiting(), null, 2);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = 'unknot-waiting.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), LATER);
}

/** Learn whose diary this is: what waits is for the one it was written for. */
async function learnWhose() {
  const answer = await fetch('/diary/whose', { cache: 'no-store', redirect: 'error' });
  if (answer.ok) await know('diary', (await answer.json()).diary);
}

/** @param {HTMLElement} here */
async function begin(here) {
  for (const form of document.querySelectorAll('form')) {
    if (form.matches('[data-outbox]') && isBlank(form)) renew(form);
  }
  document.addEventListener('submit', take);
  document.getElementById('copy')?.addEventListener('click', saveCopy);
  addEventListener('online', send);
  addEventListener('pageshow', (event) => event.persisted && send());
  document.addEventListener('visibilitychange', () => document.hidden || send());
  others.addEventListener('message', show);
  const worker = here.dataset.worker ?? '/sw.js';
  navigator.serviceWorker?.register(worker, { updateViaCache: 'none' }).catch(() => null);
  here.hidden = false;
  await show();
  sayWhetherItStays().catch(() => null);
  await learnWhose().catch(() => null);
  await send();
}

if (box && isSecureContext) begin(box).catch(() => tell('cannot'));
