// @ts-check
/**
 * What waits on this device until the diary has it.
 *
 * "Kept" is said only when the browser says that the disk has it: every write asks for strict
 * durability. A record leaves this place in two ways alone: the diary gave a receipt for it, or the
 * person threw it away.
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
 * @property {string} kind What is wrong: "faults", "other_words", "other_diary" or "refused".
 * @property {string} words The same for the person; empty when the server said nothing we know.
 * @property {string} diary The id of the diary that answered.
 */

const NAME = 'unknot-outbox';
const [WAITING, KNOWN] = ['waiting', 'known'];
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
 * Keep one; a record of the same revision is replaced.
 *
 * @param {Waiting} one
 */
export const keep = (one) => within(WAITING, 'readwrite', (store) => store.put(one));

/**
 * Everything that waits, the first written first.
 *
 * @returns {Promise<Waiting[]>}
 */
export async function waiting() {
  const all = await within(WAITING, 'readonly', (store) => store.getAll());
  return all.sort((/** @type {Waiting} */ a, /** @type {Waiting} */ b) => a.kept - b.kept);
}

/**
 * Change what stands here for an entry, in one act, or take it away with `null`; nothing is done
 * when it was written anew meanwhile.
 *
 * @param {Waiting} one
 * @param {Partial<Waiting> | null} change
 */
export function settle(one, change) {
  return within(WAITING, 'readwrite', (store) => {
    const asked = store.get(one.revision);
    asked.onsuccess = () => {
      if (asked.result?.stamp !== one.stamp) return;
      store.delete(one.revision);
      if (change) store.put({ ...one, ...change });
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
