/** Names and values, one beside the other. */
import type { ReactNode } from "react";

import { useWords } from "../words/words";

export type Fact = readonly [name: string, value: ReactNode];

export function Facts({ facts }: { facts: readonly (Fact | null)[] }) {
  return (
    <dl className="facts">
      {facts.map((fact) =>
        fact === null ? null : (
          <div key={fact[0]}>
            <dt>{fact[0]}</dt>
            <dd>{fact[1]}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** The classes that a round is read in: a taxonomy, and the level by its name. */
export function Classes({ taxonomy, level }: { taxonomy: string; level: string }) {
  const { label } = useWords();
  return (
    <span>
      <Latin>{taxonomy}</Latin> · <bdi>{label.levels[level] ?? level}</bdi>
    </span>
  );
}

/** An id or another Latin word inside prose of any direction. */
export function Latin({ children }: { children: ReactNode }) {
  return (
    <bdi className="latin" dir="ltr" translate="no">
      {children}
    </bdi>
  );
}
