// @ts-check
/**
 * What waits on this device until the diary has it.
 *
 * "Kept" is said only when the browser says that the disk has it: every write asks for strict
 * durability. A record leaves this place in two ways alone: the diary gave a receipt for it, or the
 * person threw it away.
 *
 * What an entry says is sealed with a key that no script can read out. That is for whoever looks at the
 * files of the browser; it does not stop a program that runs as the person.
 *
 * @typedef {object} Waiting One entry as it was written here.
 * @property {string} revision The id under which the diary saves it once.
 * @property {[string, string][]} fields The fields of the form, as they are sent.
 * @property {string} diary The id of the diary it was written for; empty when that was not known.
 * @property {string} stamp A new one for every time it is kept.
 * @property {number} kept When it was kept, in milliseconds.
 * @property {Held | null} held Why it is not sent again by itself.
 *
 * @typedef {object} Held
 * @property {string} kind What is wrong: "faults", "other_words", "other_diary", "refused", "unreadable".
 * @property {string} words The same for the person; empty when the server said nothing we know.
 * @property {string} diary The id of the diary that answered.
 */

const NAME = 'unknot-outbox';
const [WAITING, KNOWN] = ['waiting', 'known'];
const SEAL = 'AES-GCM';
const PATIENCE = 4000;

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    setTimeout(() => reject(new Error('too slow')), PATIENCE);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(WAITING, { keyPath: 'revision' });
      asked.result.createObjectStore(KNOWN);
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/**
 * Do something in one transaction, and wait until the disk has it.
 *
 * @param {string} place
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} does
 * @returns {Promise<any>}
 */
async function within(place, mode, does) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const act = database.transaction(place, mode, { durability: 'strict' });
      const asked = does(act.objectStore(place));
      act.oncomplete = () => resolve(asked.result);
      act.onabort = () => reject(act.error);
    });
  } finally {
    database.close();
  }
}

/**
 * The key of this device; of two tabs that make one, the first is taken.
 *
 * @returns {Promise<CryptoKey>}
 */
async function key() {
  const found = await within(KNOWN, 'readonly', (store) => store.get('key'));
  if (found) return found;
  const made = await crypto.subtle.generateKey({ name: SEAL, length: 256 }, false, ['encrypt', 'decrypt']);
  await within(KNOWN, 'readwrite', (store) => {
    const asked = store.get('key');
    asked.onsuccess = () => asked.result ?? store.put(made, 'key');
    return asked;
  });
  return key();
}

/** @param {Waiting} one */
async function sealed({ fields, ...rest }) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(fields));
  return { ...rest, iv, words: await crypto.subtle.encrypt({ name: SEAL, iv }, await key(), text) };
}

/**
 * @param {Awaited<ReturnType<typeof sealed>>} one
 * @returns {Promise<Waiting>} What was kept; without its words when they cannot be read any more.
 */
async function unsealed({ iv, words, ...rest }) {
  try {
    const text = await crypto.subtle.decrypt({ name: SEAL, iv }, await key(), words);
    return { ...rest, fields: JSON.parse(new TextDecoder().decode(text)) };
  } catch {
    return { ...rest, fields: [], held: { kind: 'unreadable', words: '', diary: '' } };
  }
}

/**
 * Keep one; a record of the same revision is replaced.
 *
 * @param {Waiting} one
 */
export async function keep(one) {
  const kept = await sealed(one);
  await within(WAITING, 'readwrite', (store) => store.put(kept));
}

/**
 * Everything that waits, the first written first.
 *
 * @returns {Promise<Waiting[]>}
 */
export async function waiting() {
  const kept = await within(WAITING, 'readonly', (store) => store.getAll());
  /** @type {Waiting[]} */
  const all = await Promise.all(kept.map(unsealed));
  return all.sort((a, b) => a.kept - b.kept);
}

/**
 * Change what stands here for an entry, in one act, or take it away with `null`; nothing is done
 * when it was written anew meanwhile.
 *
 * @param {Waiting} one
 * @param {Partial<Waiting> | null} change
 */
export async function settle(one, change) {
  const next = change && (await sealed({ ...one, ...change }));
  await within(WAITING, 'readwrite', (store) => {
    const asked = store.get(one.revision);
    asked.onsuccess = () => {
      if (asked.result?.stamp !== one.stamp) return;
      store.delete(one.revision);
      if (next) store.put(next);
    };
    return asked;
  });
}

/**
 * Remember something small, such as the id of the diary.
 *
 * @param {string} name
 * @param {string} value
 */
export const know = (name, value) => within(KNOWN, 'readwrite', (store) => store.put(value, name));

/**
 * @param {string} name
 * @returns {Promise<string | undefined>}
 */
export const known = (name) => within(KNOWN, 'readonly', (store) => store.get(name));
