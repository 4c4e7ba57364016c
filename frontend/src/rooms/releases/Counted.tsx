/** Cells by class and part, the leaks found and what hangs on one film. */
import { useGet } from "../../api/resource";
import { Latin } from "../../parts/Facts";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import type { ReleasePreview } from "./draft";

export function Counted({ preview }: { preview: ReleasePreview }) {
  const words = useWords();
  const { releases, results, number, leak } = words;
  const { data: taxonomy } = useGet("/api/taxonomy");
  const parts = Object.keys(preview.counts);
  const terms = [...new Set(parts.flatMap((part) => Object.keys(preview.counts[part] ?? {})))];
  const leaks = Object.entries(preview.leaks).filter(([, count]) => count > 0);
  const total = (part: string) => Object.values(preview.counts[part] ?? {}).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <div className="scroll-sideways" tabIndex={0} role="region" aria-label={releases.byPart}>
        <table className="plain-table counts-table">
          <caption className="quiet">{releases.cellsOf(preview.cells)}</caption>
          <thead>
            <tr>
              <th scope="col">{words.gallery.term}</th>
              {parts.map((part) => (
                <th key={part} scope="col" className="number">
                  <Latin>{part}</Latin>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {terms.map((term) => (
              <tr key={term}>
                <th scope="row">{termName(term, taxonomy, words)}</th>
                {parts.map((part) => (
                  <td key={part} className="number">
                    {number(preview.counts[part]?.[term] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{results.total}</th>
              {parts.map((part) => (
                <td key={part} className="number">
                  {number(total(part))}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </div>
      {leaks.length === 0 ? (
        <p>{releases.noLeaks}</p>
      ) : (
        <div className={preview.refused ? "notice failed" : "notice"} role={preview.refused ? "alert" : undefined}>
          <p className="notice-title">{preview.refused ? releases.refused : releases.leaks}</p>
          <ul className="leaks">
            {leaks.map(([kind, count]) => (
              <li key={kind}>
                <span className="mark leak">
                  {leak[kind] ?? kind}: {number(count)}
                </span>
              </li>
            ))}
          </ul>
          {preview.refused ? <p>{releases.refusedHint}</p> : null}
        </div>
      )}
      {preview.lines.length + preview.warnings.length > 0 ? (
        <details className="technical">
          <summary>{releases.inWords}</summary>
          <ul lang="en" dir="ltr">
            {[...preview.lines, ...preview.warnings].map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}
