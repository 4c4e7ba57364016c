/** What the shading means; numbers stand in every cell, so nothing is told by it alone. */
import type { AgreementReport } from "../../api/client";
import { useWords } from "../../words/words";
import { largest, SHADES, type View } from "./matrix";

export function Legend({ report, view }: { report: AgreementReport; view: View }) {
  const words = useWords();
  const { agreement } = words;
  const most = largest(report);
  const ends = view === "shares" ? [words.zoom(0), words.zoom(1)] : [words.number(1), words.number(most)];
  return (
    <p className="legend quiet">
      <span>
        {agreement.legend} {view === "shares" ? agreement.legendShares : agreement.legendCounts}:
      </span>
      <span className="ramp" dir="ltr">
        <span>{ends[0]}</span>
        {Array.from({ length: SHADES }, (_, shade) => (
          <span key={shade} aria-hidden="true" className={`swatch shade-${shade}`} />
        ))}
        <span>{ends[1]}</span>
      </span>
      <span className="framed">{agreement.bordered}</span>
    </p>
  );
}
