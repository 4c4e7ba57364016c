/** The service worker as a page sees it: registered once, asked for news, and replaced when the person says so. */
import { useSyncExternalStore } from "react";

const HOUR_MS = 3_600_000;

let ready: ServiceWorker | undefined;
const watchers = new Set<() => void>();

function tell(worker: ServiceWorker | undefined): void {
  ready = worker;
  for (const watcher of watchers) watcher();
}

/** Notice a worker of a newer build that waits for the pages of this one to be gone. */
function watch(registration: ServiceWorkerRegistration): void {
  const look = () => {
    if (registration.waiting && navigator.serviceWorker.controller) tell(registration.waiting);
  };
  look();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
  let asked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" || Date.now() - asked < HOUR_MS) return;
    asked = Date.now();
    registration.update().catch(() => undefined);
  });
}

/** A page that was still on its way when the worker took over its pages is nobody's: it asks to be taken too. */
async function join(): Promise<void> {
  const { active } = await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller) active?.postMessage("claim");
}

/** Keep the studio in this browser. Only a secure context has service workers: TLS, or this machine itself. */
export function install(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const register = () => void navigator.serviceWorker.register("/sw.js").then(watch, () => undefined);
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register, { once: true });
  void join();
}

/** Let the newer build take over, and open it. */
export function takeOver(): void {
  if (!ready) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => window.location.reload(), { once: true });
  ready.postMessage("take-over");
}

const subscribe = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

/** Whether a newer build is ready. */
export const useNewer = (): boolean => useSyncExternalStore(subscribe, () => ready !== undefined);
