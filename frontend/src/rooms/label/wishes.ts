/** How a person wants the Label screen: kept in this browser. */
import { useCallback, useState } from "react";

export interface Wishes {
  hand: "right" | "left";
  tally: boolean;
  /** A tone at 100 and 200 leukocytes. */
  bell: boolean;
  /** A tone at every answer. */
  click: boolean;
}

const KEPT_AS = "buffycoat.label";
const USUAL: Wishes = { hand: "right", tally: true, bell: false, click: false };

function kept(): Wishes {
  try {
    return { ...USUAL, ...(JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}") as Partial<Wishes>) };
  } catch {
    return USUAL;
  }
}

export function useWishes(): [Wishes, (change: Partial<Wishes>) => void] {
  const [wishes, setWishes] = useState(kept);
  const wish = useCallback((change: Partial<Wishes>) => {
    setWishes((now) => {
      const next = { ...now, ...change };
      localStorage.setItem(KEPT_AS, JSON.stringify(next));
      return next;
    });
  }, []);
  return [wishes, wish];
}
