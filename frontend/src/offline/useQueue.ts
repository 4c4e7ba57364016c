/** The one queue of this page, as components see it. */
import { useSyncExternalStore } from "react";

import { Queue, type Standing } from "./queue";
import { openShelf } from "./shelf";

let only: Queue | undefined;

export const theQueue = (): Queue => (only ??= new Queue(openShelf()));

export function useQueue(): { queue: Queue; standing: Standing } {
  const queue = theQueue();
  const standing = useSyncExternalStore(queue.subscribe, () => queue.standing);
  return { queue, standing };
}
