/** Cells without a class as a program suggests: switched on by whoever wants it, and noted each time that it is seen. */
import { ToggleButton } from "react-aria-components";

import { goQuery, Link } from "../../../route/router";
import { useWords } from "../../../words/words";
import type { Arrangement } from "./events";

export interface SuggestedProps {
  /** Whether the cells stand so. */
  on: boolean;
  suggested: Arrangement["suggested"];
  by: Arrangement["suggested_by"];
  nameOf: (key: string) => string;
}

export function Suggested({ on, suggested, by, nameOf }: SuggestedProps) {
  const { sorting, jobs } = useWords();
  return (
    <div className="suggested-line">
      <ToggleButton className="button" isSelected={on} onChange={(now) => goQuery({ order: now ? "suggested" : null })}>
        {sorting.suggested}
      </ToggleButton>
      {!on ? null : suggested.length === 0 ? (
        <span className="quiet">
          {sorting.suggestedNone} <Link href="/jobs">{jobs.title}</Link>
        </span>
      ) : (
        <span className="quiet">
          {suggested.map(({ term, cells }) => sorting.suggestedCells(cells, term === null ? undefined : nameOf(term))).join(sorting.suggestedThen)}. {sorting.suggestedBy(by.join(", "))}
        </span>
      )}
    </div>
  );
}
