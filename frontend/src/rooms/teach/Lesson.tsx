/** In training, what there is to learn from the last cell: what was said, what the panel says, and how both look. */
import { useState } from "react";

import type { Taxonomy } from "../../api/client";
import { useGet } from "../../api/resource";
import { itemPicture } from "../../api/rounds";
import { Picture } from "../../parts/Picture";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { MorphologyText } from "../cells/MorphologyText";
import { DecidedCells } from "./DecidedCells";

/** As it stands in an open lesson on a phone, whose screen has more than one pixel for each of ours. */
const SIDE = 512;
const ROOMY = "(min-width: 64rem)";

export interface LessonProps {
  round: string;
  item: string;
  place: number;
  said: string;
  /** `undefined` while the answer is on its way, or where the panel says nothing. */
  panel: string | undefined;
  taxonomy: Taxonomy;
}

export function Lesson({ round, item, place, said, panel, taxonomy }: LessonProps) {
  const words = useWords();
  const { teach } = words;
  const { data } = useGet("/api/rounds/{round_id}/references", { round_id: round });
  const cellsOf = (term: string) => data?.terms.find((each) => each.term === term)?.cells ?? [];
  // On a phone the cell and the pad need the room: the lesson opens where there is some, or at a tap.
  const [open, setOpen] = useState(() => window.matchMedia(ROOMY).matches);
  const equal = said === panel;
  const told = panel === undefined ? [] : equal ? [panel] : [panel, said];
  return (
    <details className="lesson card" open={open} onToggle={(event) => setOpen(event.currentTarget.open)} aria-label={teach.lesson}>
      <summary className="lesson-head">
        <span className="lesson-picture">
          <Picture src={itemPicture(round, item, SIDE)} alt={teach.cell(place + 1)} lazy={false} />
        </span>
        <span className="lesson-said">
          <span className="quiet">{teach.cell(place + 1)}</span>
          {panel === undefined ? (
            <span>{teach.silent}</span>
          ) : (
            <span className={equal ? "lesson-verdict equal" : "lesson-verdict other"}>
              <span aria-hidden="true">{equal ? "✓" : "≠"}</span> {equal ? teach.agreed : teach.differed}
            </span>
          )}
          <span>{teach.youSaid(termName(said, taxonomy, words))}</span>
          {panel === undefined ? null : <strong>{teach.panelSays(termName(panel, taxonomy, words))}</strong>}
          {panel === undefined ? null : <span className="lesson-more">{open ? teach.lessonLess : teach.lessonMore}</span>}
        </span>
      </summary>
      {told.map((term) => (
        <div key={term} className="lesson-term">
          <h3>{termName(term, taxonomy, words)}</h3>
          <p>
            <MorphologyText term={term} taxonomy={taxonomy} />
          </p>
          {data?.shown ? <DecidedCells term={term} cells={cellsOf(term)} taxonomy={taxonomy} /> : null}
        </div>
      ))}
    </details>
  );
}
