/** Whether the service answers: said by the last request, and by the browser where it knows that there is no network. */
import { useSyncExternalStore } from "react";

import { REACHED, UNREACHED } from "../api/client";

let reached = true;
/** Whether it ever answered this page. */
let ever = false;
const watchers = new Set<() => void>();

function tell(now: boolean): void {
  if (now === reached) return;
  reached = now;
  for (const watcher of watchers) watcher();
}

window.addEventListener(REACHED, () => {
  ever = true;
  tell(true);
});
window.addEventListener(UNREACHED, () => tell(false));
window.addEventListener("offline", () => tell(false));

const subscribe = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

export const useReached = (): boolean => useSyncExternalStore(subscribe, () => reached);

/** Whether this page was opened without the service, and has nothing to show yet. */
export const useStranded = (): boolean => useSyncExternalStore(subscribe, () => !reached && !ever);
