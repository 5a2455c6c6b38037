// @ts-check
/**
 * Sending what waits: each entry under its own id, as often as it takes.
 *
 * The diary saves an id once, so sending twice does no harm. Only a receipt that names the id counts;
 * a page of some other network in between does not.
 */

import { know, settle, waiting } from './keeping.js';

/** @typedef {import('./keeping.js').Waiting} Waiting */

const PATIENCE = 15_000;
const [SHORTEST, LONGEST] = [2_000, 300_000];
/** What sending again cannot mend. */
const FINAL = new Map([
  [400, 'refused'],
  [409, 'other_words'],
  [412, 'other_diary'],
  [413, 'refused'],
  [415, 'refused'],
  [422, 'faults'],
]);

let tries = 0;

/**
 * Send whatever may be sent; one tab at a time.
 *
 * @returns {Promise<number>} Milliseconds after which to try again; 0 when nothing is left to try.
 */
export async function sendAll() {
  const { locks } = navigator;
  return locks ? locks.request('unknot-outbox', sendInTurn) : sendInTurn();
}

async function sendInTurn() {
  let later = 0;
  for (const one of await waiting()) {
    if (one.held) continue;
    const answer = await put(one).catch(() => null);
    const asked = await take(one, answer);
    later = Math.max(later, asked);
    if (!answer) break; // nobody is there; an answer that is no receipt holds up only its own entry
  }
  if (later) tries += 1;
  return later;
}

/**
 * Take away what is saved, hold what cannot be, and leave the rest for later.
 *
 * @param {Waiting} one
 * @param {Response | null} answer
 * @returns {Promise<number>} Milliseconds after which to try again, or 0 when this one is decided.
 */
async function take(one, answer) {
  const said = answer ? await answer.json().catch(() => ({})) : {};
  if (answer?.status === 200 && said.id === one.revision) {
    tries = 0;
    await settle(one, null);
    await know('diary', said.diary);
    return 0;
  }
  const kind = answer && FINAL.get(answer.status);
  if (kind) {
    await settle(one, { held: { kind, words: said.words ?? '', diary: said.diary ?? '' } });
    return 0;
  }
  return pause(Number(answer?.headers.get('retry-after')) || 0);
}

/** @param {Waiting} one */
function put(one) {
  const body = new URLSearchParams(one.fields);
  body.set('diary', one.diary);
  const signal = AbortSignal.timeout(PATIENCE);
  const how = /** @type {const} */ ({ cache: 'no-store', redirect: 'error', method: 'PUT' });
  return fetch(`/diary/entries/${one.revision}`, { ...how, body, signal });
}

/**
 * How long to wait: longer every time, and never all devices at once.
 *
 * @param {number} asked Seconds the server asked for.
 */
function pause(asked) {
  const grown = Math.min(LONGEST, SHORTEST * 2 ** tries);
  return Math.max(asked * 1000, grown * (0.75 + Math.random() / 2));
}
