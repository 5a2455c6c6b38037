// @ts-check
/// <reference lib="webworker" />
/**
 * The shell of the diary, for when its server cannot be reached: empty pages, style, scripts, icons.
 *
 * Nothing a person wrote is ever in it, and what waits to be sent is none of its business. `SHELL`
 * stands before this text as it is served: `version` is a hash of all that is kept.
 */

/** @typedef {{version: string, files: string[], diary: string, notice: string}} Shell */
const shell = /** @type {Shell} */ (/** @type {any} */ (globalThis).SHELL);
const here = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
const KEPT = `unknot-${shell.version}`;
const PATIENCE = 8_000;
/** What a proxy says for a server that is away; our own server never does. */
const AWAY = [502, 504];

here.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => here.skipWaiting()));
});

here.addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => here.clients.claim()));
});

here.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== 'GET' || origin !== here.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(request, pathname));
  else if (shell.files.includes(pathname + search)) event.respondWith(file(request));
});

async function keepShell() {
  const cache = await caches.open(KEPT);
  await cache.addAll(shell.files.map((path) => new Request(path, { cache: 'reload' })));
}

async function forgetOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('unknot-') && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/**
 * A page from the server; from the shell when the server is away.
 *
 * @param {Request} request
 * @param {string} path
 */
async function page(request, path) {
  const diary = path === '/diary' || path.startsWith('/diary/');
  try {
    const answer = await (diary ? inTime(fetch(request)) : fetch(request));
    if (!AWAY.includes(answer.status)) return answer;
  } catch {
    // the server is away: what follows is for then
  }
  const kept = await caches.match(diary ? shell.diary : shell.notice, { cacheName: KEPT });
  return kept ?? Response.error();
}

/** @param {Request} request */
async function file(request) {
  return (await caches.match(request, { cacheName: KEPT })) ?? fetch(request);
}

/**
 * @param {Promise<Response>} answer
 * @returns {Promise<Response>}
 */
function inTime(answer) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('too slow')), PATIENCE);
    answer.then(resolve, reject);
  });
}
