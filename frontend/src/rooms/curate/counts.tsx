/** Numbers beside the pages of curators; all come with one answer. */
import { createContext, type ReactNode, useContext } from "react";

import { useGet } from "../../api/resource";
import type { components } from "../../api/schema";
import { useWords } from "../../words/words";

const Told = createContext<components["schemas"]["CuratingCounts"] | undefined>(undefined);

export function CountsHolder({ children }: { children: ReactNode }) {
  const { data } = useGet("/api/curating");
  return <Told value={data}>{children}</Told>;
}

const Mark = ({ warns = false, text }: { warns?: boolean; text: string }) => <span className={warns ? "mark gap" : "mark open-mark"}>{text}</span>;

export function GapCount() {
  const { metadata } = useWords();
  const data = useContext(Told);
  if (!data || data.photographs === 0) return null;
  return <Mark warns={data.gaps > 0} text={data.gaps > 0 ? metadata.gaps(data.gaps) : metadata.noGaps} />;
}

export function ProgressCount() {
  const { progress } = useWords();
  const data = useContext(Told);
  if (!data) return null;
  return (
    <span className="hub-marks">
      {data.open_rounds > 0 ? <Mark text={progress.openCount(data.open_rounds)} /> : null}
      {data.disputed > 0 ? <Mark warns text={progress.disputedCount(data.disputed)} /> : null}
    </span>
  );
}

export function ReleaseCount() {
  const { releases } = useWords();
  const data = useContext(Told);
  return data && data.releases > 0 ? <Mark text={releases.count(data.releases)} /> : null;
}
