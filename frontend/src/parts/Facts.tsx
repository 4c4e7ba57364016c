/** Names and values, one beside the other. */
import type { ReactNode } from "react";

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

/** An id or another Latin word inside prose of any direction. */
export function Latin({ children }: { children: ReactNode }) {
  return (
    <bdi className="latin" dir="ltr" translate="no">
      {children}
    </bdi>
  );
}
