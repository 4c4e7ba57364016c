/** Photographs as they come in: stripped one after the other, and given to what keeps and sends them. */
import { useCallback, useRef, useState } from "react";

import type { Person } from "../../api/people";
import type { Sender } from "../../offline/photographs/sender";
import { dayOf, type NotTaken, prepare, whyNot } from "./prepare";
import type { Remembered } from "./remembered";

export interface Shooting {
  /** How many are still being made ready. */
  preparing: number;
  /** Those that were not kept, and why. */
  refused: readonly NotTaken[];
  /** Gives whether all of them are kept. */
  add: (files: readonly File[]) => Promise<boolean>;
  forget: () => void;
}

export function useShooting(sender: Sender, person: Person, choices: Remembered, choose: (now: Partial<Remembered>) => void): Shooting {
  const [preparing, setPreparing] = useState(0);
  const [refused, setRefused] = useState<readonly NotTaken[]>([]);
  const turn = useRef<Promise<unknown>>(Promise.resolve());
  const { smear, preset, counting, since } = choices;
  const add = useCallback(
    async (files: readonly File[]): Promise<boolean> => {
      if (!smear || files.length === 0) return false;
      setPreparing((count) => count + files.length);
      choose({ since: since + files.length });
      // The browser is asked not to clear what waits; some ask the person, who has just done something to be asked for.
      void navigator.storage?.persist?.().catch(() => false);
      const one = async (file: File): Promise<boolean> => {
        try {
          const ready = await prepare(file);
          if ("why" in ready) {
            setRefused((before) => [...before, { name: file.name, why: ready.why, kind: "" }]);
            return false;
          }
          await sender.give(person, ready.stripped, { smear, preset, counting, taken: dayOf(file.lastModified || Date.now()), small: ready.small });
          return true;
        } catch (reason) {
          const told = whyNot(file.name, reason);
          setRefused((before) => [...before, told]);
          return false;
        } finally {
          setPreparing((count) => count - 1);
        }
      };
      // One at a time: two photographs of twelve megapixels decoded at once are too much for a small phone.
      const kept = files.map((file) => {
        const mine = turn.current.then(() => one(file));
        // Whatever became of this one, the next has its turn.
        turn.current = mine.catch(() => undefined);
        return mine;
      });
      return (await Promise.all(kept)).every(Boolean);
    },
    [sender, person, smear, preset, counting, since, choose],
  );
  const forget = useCallback(() => setRefused([]), []);
  return { preparing, refused, add, forget };
}
