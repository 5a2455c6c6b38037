// @ts-check
/** What a page says about the entries that wait; all of its words come with the page. */

/** @typedef {import('./keeping.js').Waiting} Waiting */
/** @typedef {Record<string, (one: Waiting) => unknown>} Actions */

/** What can be done about each kind of trouble. */
const WAYS = /** @type {Record<string, string[]>} */ ({
  faults: ['change', 'again', 'drop'],
  other_words: ['beside', 'drop'],
  other_diary: ['move', 'drop'],
  refused: ['change', 'again', 'drop'],
  unreadable: ['drop'],
});

let shown = '';

/**
 * Say one of the sentences of this page.
 *
 * @param {string} sentence
 */
export function tell(sentence) {
  const place = document.getElementById('told');
  if (place) place.textContent = place.dataset[sentence] ?? '';
}

/**
 * Show how many wait, and those that need the person.
 *
 * @param {Waiting[]} all
 * @param {Actions} actions
 */
export function showWaiting(all, actions) {
  const count = document.getElementById('unsynced');
  const said = (count?.dataset.text ?? '').replace('{count}', String(all.length));
  if (count && count.textContent !== said) count.textContent = said;
  document.getElementById('waiting')?.toggleAttribute('hidden', all.length === 0);
  const held = all.filter((one) => one.held);
  const now = JSON.stringify(held);
  if (now === shown) return;
  shown = now;
  document.getElementById('held')?.replaceChildren(...held.map((one) => row(one, actions)));
}

/**
 * One entry that needs the person: when it was written, what is wrong, what can be done.
 *
 * @param {Waiting} one
 * @param {Actions} actions
 */
function row(one, actions) {
  const kind = one.held?.kind ?? '';
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById('held-one'));
  const item = /** @type {HTMLElement} */ (template.content.cloneNode(true)).firstElementChild;
  if (!(item instanceof HTMLElement)) return '';
  part(item, '.when').textContent = moment(one);
  part(item, '.words').textContent = one.held?.words || (item.dataset[camel(kind)] ?? '');
  for (const button of item.querySelectorAll('button')) {
    const does = button.dataset.does ?? '';
    button.hidden = !WAYS[kind]?.includes(does);
    button.addEventListener('click', () => pressed(button, () => actions[does](one)));
  }
  return item;
}

/**
 * What cannot be undone asks once more; everything else is done.
 *
 * @param {HTMLButtonElement} button
 * @param {() => unknown} does
 */
function pressed(button, does) {
  const { sure } = button.dataset;
  if (!sure) {
    does();
    return;
  }
  button.textContent = sure;
  delete button.dataset.sure;
}

/**
 * @param {HTMLElement} item
 * @param {string} name
 */
function part(item, name) {
  return /** @type {HTMLElement} */ (item.querySelector(name));
}

/** @param {string} kind */
const camel = (kind) => kind.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/**
 * When an entry was written, as its own clocks showed it.
 *
 * @param {Waiting} one
 */
function moment(one) {
  const { zone } = Object.fromEntries(one.fields);
  const look = { dateStyle: 'medium', timeStyle: 'short', timeZone: zone };
  const { lang } = document.documentElement;
  return new Intl.DateTimeFormat(lang, /** @type {Intl.DateTimeFormatOptions} */ (look)).format(one.kept);
}
