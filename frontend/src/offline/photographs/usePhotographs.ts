/** The photographs of this device, as components see them. */
import { useSyncExternalStore } from "react";

import { type PhotoStanding, Sender } from "./sender";
import { openShelf } from "./shelf";

let only: Sender | undefined;

export const theSender = (): Sender => (only ??= new Sender(openShelf()));

export function usePhotographs(): { sender: Sender; photographs: PhotoStanding } {
  const sender = theSender();
  const photographs = useSyncExternalStore(sender.subscribe, () => sender.standing);
  return { sender, photographs };
}
