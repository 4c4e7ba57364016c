/**
 * The service worker: the studio itself, kept whole in the browser, so that it opens without a network.
 *
 * It holds the files of one build and nothing else. What the service says goes by it untouched: answers of the service
 * belong to a person, and a browser may be used by several.
 */

interface Lasting extends Event {
  waitUntil: (work: Promise<unknown>) => void;
}
interface Installing extends Lasting {
  /** Routes that need no worker at all; not in every browser. */
  addRoutes?: (routes: unknown) => Promise<void>;
}
interface Fetching extends Lasting {
  request: Request;
  respondWith: (answer: Promise<Response>) => void;
}
interface Heard extends Lasting {
  data: unknown;
}
interface Scope {
  /** Put before this script when the front end is built: a name for the build, and the addresses of its files. */
  BUFFYCOAT_BUILD: { version: string; files: readonly string[] };
  location: Location;
  clients: { claim: () => Promise<void> };
  skipWaiting: () => Promise<void>;
  addEventListener: ((name: "install", act: (event: Installing) => void) => void) &
    ((name: "activate", act: (event: Lasting) => void) => void) &
    ((name: "message", act: (event: Heard) => void) => void) &
    ((name: "fetch", act: (event: Fetching) => void) => void);
}

const worker = self as unknown as Scope;
const OURS = "buffycoat-app-";
const { version, files } = worker.BUFFYCOAT_BUILD;
const CACHE = `${OURS}${version}`;

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Files with a hash in their name never change; the others are asked for anew.
  await cache.addAll(files.map((path) => new Request(path, { cache: path.startsWith("/assets/") ? "default" : "reload" })));
}

async function clean(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(OURS) && name !== CACHE).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** A file of this build; a page's address means the one page that there is. */
async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const path = request.mode === "navigate" ? "/" : new URL(request.url).pathname;
  return (await cache.match(path)) ?? fetch(request);
}

worker.addEventListener("install", (event) => {
  event.waitUntil(fill());
  const bypass = { condition: { urlPattern: { pathname: "/api/*" } }, source: "network" };
  void event.addRoutes?.(bypass).catch(() => undefined);
});
worker.addEventListener("activate", (event) => event.waitUntil(clean()));
worker.addEventListener("message", (event) => {
  if (event.data === "take-over") event.waitUntil(worker.skipWaiting());
  if (event.data === "claim") event.waitUntil(worker.clients.claim());
});
worker.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== worker.location.origin || pathname === "/api" || pathname.startsWith("/api/")) return;
  event.respondWith(answer(event.request));
});
