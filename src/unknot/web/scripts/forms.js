// @ts-check
/** The forms of the diary: what they say, under which ids, and when it was said. */

/** @typedef {import('./keeping.js').Waiting} Waiting */

/**
 * A hidden field of a form; a field that is not there is made.
 *
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {string} value
 */
function set(form, name, value) {
  let field = form.querySelector(`input[type=hidden][name=${name}]`);
  if (!field) {
    field = document.createElement('input');
    field.setAttribute('type', 'hidden');
    field.setAttribute('name', name);
    form.append(field);
  }
  field.setAttribute('value', value);
}

/**
 * Whether a form came without ids, as it does when no server printed it.
 *
 * @param {HTMLFormElement} form
 */
export const isBlank = (form) => !form.querySelector('[name=revision]:not([value=""])');

/**
 * Give a form ids of its own; one that changes an entry keeps the id of that.
 *
 * @param {HTMLFormElement} form
 */
export function renew(form) {
  if (!form.querySelector('[name=parent]')) set(form, 'entry', crypto.randomUUID());
  set(form, 'revision', crypto.randomUUID());
}

/**
 * Say when and where a form was written; what it says of another time stays.
 *
 * @param {HTMLFormElement} form
 */
export function fill(form) {
  const now = String(Date.now());
  set(form, 'written', now);
  if (!form.querySelector('[name=at]:not([value=""])')) set(form, 'at', now);
  if (!form.querySelector('[name=zone]:not([value=""])')) {
    set(form, 'zone', Intl.DateTimeFormat().resolvedOptions().timeZone);
  }
}

/**
 * What a form says, as it will wait.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} button The button that was pressed.
 * @returns {Waiting}
 */
export function written(form, button) {
  const said = new FormData(form, button);
  const fields = [...said].map(([name, value]) => /** @type {[string, string]} */ ([name, String(value)]));
  const revision = String(said.get('revision'));
  return { revision, fields, diary: '', stamp: crypto.randomUUID(), kept: Date.now(), held: null };
}

/**
 * Make a form empty for the next entry; a change of an entry goes on from the one that was kept.
 *
 * @param {HTMLFormElement} form
 * @param {Waiting} one
 */
export function clear(form, one) {
  form.reset();
  const [first, ...others] = form.querySelectorAll('[name=parent]');
  others.forEach((field) => field.remove());
  if (first) {
    first.setAttribute('value', one.revision);
  } else {
    set(form, 'at', '');
    set(form, 'zone', '');
  }
  renew(form);
}

/**
 * Put what waits back into a form, under its own ids.
 *
 * @param {HTMLFormElement} form
 * @param {Waiting} one
 */
export function fillAgain(form, one) {
  form.reset();
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)) {
      continue;
    }
    const values = one.fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field instanceof HTMLInputElement && ['checkbox', 'radio'].includes(field.type)) {
      field.checked = values.includes(field.value);
    } else if (field.name) {
      field.value = values[0] ?? '';
    }
  }
  form.scrollIntoView();
  const first = form.querySelector('input:not([type=hidden]), textarea, select');
  if (first instanceof HTMLElement) first.focus();
}
