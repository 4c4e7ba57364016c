/** The matrix of two experts as a table: rows the first, columns the second. Axes stay as they are in every language. */
import { type KeyboardEvent, useRef, useState } from "react";

import type { AgreementReport } from "../../api/client";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { cellsAddress, columnTotal, countAt, keyOf, largest, rowName, rowTotal, shadeOf, shareText, stepFrom, type View } from "./matrix";

export interface MatrixProps {
  report: AgreementReport;
  round: string;
  places: readonly number[];
  view: View;
}

export function Matrix({ report, round, places, view }: MatrixProps) {
  const words = useWords();
  const { agreement } = words;
  const [first, second] = report.experts;
  const most = largest(report);
  const table = useRef<HTMLTableElement>(null);
  const end = places.length;
  const countOf = (i: number, j: number): number => {
    const [row, column] = [places[i], places[j]];
    if (row !== undefined && column !== undefined) return countAt(report, row, column);
    if (row !== undefined) return rowTotal(report, row);
    return column === undefined ? report.cells : columnTotal(report, column);
  };
  const has = (i: number, j: number) => countOf(i, j) > 0;
  const begin = places.findIndex((_, at) => has(at, at));
  const [tried, setAt] = useState<readonly [number, number]>([0, 0]);
  // Only one number is a stop of the Tab key; arrows go on from there.
  const stop = tried[0] <= end && tried[1] <= end && has(tried[0], tried[1]) ? tried : begin < 0 ? ([end, end] as const) : ([begin, begin] as const);

  const move = (event: KeyboardEvent<HTMLTableElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const to = stepFrom(stop, event.key, [end + 1, end + 1], has);
    if (!to) return;
    event.preventDefault();
    setAt(to);
    const link = table.current?.querySelector<HTMLElement>(`[data-at="${to.join()}"]`);
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  const cell = (i: number, j: number) => {
    const count = countOf(i, j);
    const [row, column] = [places[i], places[j]].map((at) => (at === undefined ? undefined : report.rows[at]));
    const total = row ? rowTotal(report, places[i] ?? 0) : report.cells;
    const inside = row !== undefined && column !== undefined;
    const shade = inside ? shadeOf(count, view, total, most) : null;
    const text = view === "shares" && count > 0 ? shareText(count, total, words) : words.number(count);
    const what =
      row && column
        ? agreement.cell(count, first, rowName(row, words), second, rowName(column, words))
        : row
          ? agreement.rowOf(count, first, rowName(row, words))
          : column
            ? agreement.rowOf(count, second, rowName(column, words))
            : agreement.cells(count);
    const names = [inside && i === j ? "same" : "", inside ? "" : "sum", shade === null ? "" : `shade-${shade}`];
    return (
      <td key={j} className={names.filter(Boolean).join(" ")} data-count={count}>
        {count === 0 ? (
          <span className="zero">{text}</span>
        ) : (
          <Link
            href={cellsAddress(round, report.level, row ? keyOf(row) : null, column ? keyOf(column) : null)}
            data-at={`${i},${j}`}
            tabIndex={stop[0] === i && stop[1] === j ? 0 : -1}
            onFocus={() => setAt([i, j])}
            aria-label={`${view === "shares" ? agreement.ofRow(text) : ""}${what}`}
          >
            {text}
          </Link>
        )}
      </td>
    );
  };
  const head = (at: number) => {
    const row = report.rows[at];
    return row ? `${rowName(row, words)}${row.outside ? " *" : ""}` : "";
  };

  return (
    <div className="matrix-box" dir="ltr" tabIndex={0} role="region" aria-label={agreement.matrix}>
      <table className="matrix" ref={table} onKeyDown={move}>
        <caption className="unseen">{agreement.caption(first, second)}</caption>
        <thead>
          <tr>
            <th scope="col" className="corner">
              <span className="unseen">{agreement.corner(first, second)}</span>
              <span aria-hidden="true" className="across">
                <bdi>{second}</bdi> →
              </span>
              <span aria-hidden="true">
                ↓ <bdi>{first}</bdi>
              </span>
            </th>
            {places.map((at) => (
              <th key={at} scope="col" data-key={report.rows[at] ? keyOf(report.rows[at]) : ""}>
                <span className="upright" dir="auto">
                  {head(at)}
                </span>
              </th>
            ))}
            <th scope="col" className="sum">
              <span className="upright" dir="auto">
                {agreement.total}
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {places.map((at, i) => (
            <tr key={at} data-key={report.rows[at] ? keyOf(report.rows[at]) : ""}>
              <th scope="row" dir="auto">
                {head(at)}
              </th>
              {places.map((_, j) => cell(i, j))}
              {cell(i, end)}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" dir="auto" className="sum">
              {agreement.total}
            </th>
            {places.map((_, j) => cell(end, j))}
            {cell(end, end)}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
