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
  form.querySelectorAll('[data-again]').forEach((field) => field.remove());
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
 * The form of this page in which an entry can be changed: one for new entries of its kind.
 *
 * @param {Waiting} one
 */
export function formFor(one) {
  const { kind } = Object.fromEntries(one.fields);
  const forms = [...document.querySelectorAll('form')].filter((form) => form.matches('[data-outbox]'));
  return forms.find(
    (form) =>
      form.querySelector('input:not([type=hidden])') &&
      form.querySelector(`[name=kind][value="${kind}"]`) &&
      !form.querySelector('[name=parent]:not([data-again])'),
  );
}

/**
 * Put what waits back into a form, under its own ids. What the form has no field for goes along unseen.
 *
 * @param {HTMLFormElement} form
 * @param {Waiting} one
 */
export function fillAgain(form, one) {
  form.reset();
  form.querySelectorAll('[data-again]').forEach((field) => field.remove());
  const left = [...one.fields];
  for (const field of form.querySelectorAll('input, textarea, select')) put(field, left);
  for (const [name, value] of left) {
    const field = document.createElement('input');
    Object.assign(field, { type: 'hidden', name, value });
    field.dataset.again = '';
    form.append(field);
  }
  form.querySelectorAll('details').forEach((part) => part.toggleAttribute('open', true));
  form.scrollIntoView();
  const first = form.querySelector('input:not([type=hidden])');
  if (first instanceof HTMLElement) first.focus();
}

/**
 * Put into a field what is said for it, and take that from what is left to say.
 *
 * @param {Element} field
 * @param {[string, string][]} left
 */
function put(field, left) {
  const { name, type, value } = /** @type {HTMLInputElement} */ (field);
  const ticks = type === 'checkbox' || type === 'radio';
  const place = left.findIndex(([said, words]) => said === name && (!ticks || words === value));
  if (field instanceof HTMLInputElement && ticks) field.checked = place >= 0;
  else if (place >= 0) /** @type {HTMLInputElement} */ (field).value = left[place][1];
  if (place >= 0) left.splice(place, 1);
}
