/** What changed from one release to the next: numbers, and the lines that the command line prints. */
import { address } from "../../api/client";
import { useJson } from "../../api/resource";
import { Facts } from "../../parts/Facts";
import { Failed, Loading } from "../../parts/Notice";
import { useWords } from "../../words/words";
import type { ReleaseDiff } from "./draft";

export function Difference({ older, newer }: { older: string; newer: string }) {
  const { releases, number } = useWords();
  const { data, problem, retry } = useJson<ReleaseDiff>(address("/api/releases/{version}/difference", { version: newer }, { older }));
  if (problem) return <Failed problem={problem} onRetry={retry} />;
  if (!data) return <Loading />;
  return (
    <div className="release-diff">
      <Facts
        facts={[
          [releases.added, number(data.added)],
          [releases.removed, number(data.removed)],
          [releases.relabeled, number(data.relabeled)],
          [releases.moved, number(data.moved)],
        ]}
      />
      <details className="technical">
        <summary>{releases.lines}</summary>
        <ul lang="en" dir="ltr">
          {data.lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
    </div>
  );
}
