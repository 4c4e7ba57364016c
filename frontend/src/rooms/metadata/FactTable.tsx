/** The rows, a hundred at a time, with a box to choose each and one for all of the filter. */
import { Button } from "react-aria-components";

import { Latin } from "../../parts/Facts";
import { goQuery, Link } from "../../route/router";
import { useWords } from "../../words/words";
import { factName, isFree, rowName, spelled } from "./spelled";
import { type Column, EXPECTED, type Fact, FACTS, factOf, type Order, type Row } from "./table";

const PER_PAGE = 100;

export interface FactTableProps {
  rows: readonly Row[];
  chosen: ReadonlySet<string>;
  order: Order;
  page: number;
  onChoose: (key: string, shift: boolean) => void;
  onChooseAll: (on: boolean) => void;
  onHistory: (row: Row) => void;
}

export function FactTable({ rows, chosen, order, page, onChoose, onChooseAll, onHistory }: FactTableProps) {
  const words = useWords();
  const { metadata } = words;
  const pages = Math.ceil(rows.length / PER_PAGE);
  const at = Math.min(Math.max(Number.isInteger(page) ? page : 1, 1), pages);
  const shown = rows.slice((at - 1) * PER_PAGE, at * PER_PAGE);
  const all = rows.every(({ key }) => chosen.has(key));
  const some = !all && rows.some(({ key }) => chosen.has(key));
  return (
    <>
      <div className="scroll-sideways facts-scroll" tabIndex={0} role="region" aria-label={metadata.caption}>
        <table className="plain-table facts-table">
          <caption className="unseen">{metadata.caption}</caption>
          <thead>
            <tr>
              <th scope="col" className="tick">
                <label>
                  <input
                    type="checkbox"
                    checked={all}
                    ref={(box) => {
                      if (box) box.indeterminate = some;
                    }}
                    onChange={(event) => onChooseAll(event.target.checked)}
                    aria-label={metadata.chooseAll}
                  />
                </label>
              </th>
              <Head column="smear" name={metadata.smear} order={order} />
              <Head column="photographs" name={metadata.photographs} order={order} />
              {FACTS.map((fact) => (
                <Head key={fact} column={fact} name={factName(fact, words)} order={order} />
              ))}
              <th scope="col">
                <span className="unseen">{metadata.history}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.key} data-chosen={chosen.has(row.key) || undefined}>
                <td className="tick">
                  <label>
                    <input
                      type="checkbox"
                      checked={chosen.has(row.key)}
                      // The click knows of Shift, the change does not.
                      onClick={(event) => onChoose(row.key, event.shiftKey)}
                      onChange={() => undefined}
                      aria-label={metadata.choose(rowName(row, words))}
                    />
                  </label>
                </td>
                <th scope="row">
                  <Link className="link" href={row.number === undefined ? `/smears/${row.smear.id}` : `/fields/${row.photographs[0]}`}>
                    <Latin>{row.smear.code}</Latin>
                    {row.number === undefined ? "" : ` · ${words.number(row.number)}`}
                  </Link>
                </th>
                <td className="number">
                  {words.number(row.photographs.length)}
                  {row.crops > 0 ? <span className="quiet"> ({metadata.crops(row.crops)})</span> : null}
                </td>
                {FACTS.map((fact) => (
                  <Cell key={fact} row={row} fact={fact} />
                ))}
                <td>
                  <Button className="button" aria-label={metadata.historyOf(rowName(row, words))} onPress={() => onHistory(row)}>
                    {metadata.history}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 ? (
        <div className="row-buttons">
          <Button className="button" isDisabled={at === 1} onPress={() => goQuery({ page: String(at - 1) })}>
            {metadata.before}
          </Button>
          <span role="status">{metadata.page((at - 1) * PER_PAGE + 1, Math.min(at * PER_PAGE, rows.length), rows.length)}</span>
          <Button className="button" isDisabled={at === pages} onPress={() => goQuery({ page: String(at + 1) })}>
            {metadata.after}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function Head({ column, name, order }: { column: Column; name: string; order: Order }) {
  const { metadata } = useWords();
  const here = order.by === column;
  return (
    <th scope="col" aria-sort={here ? (order.down ? "descending" : "ascending") : undefined}>
      <Button className="plain sort" aria-label={metadata.sortBy(name)} onPress={() => goQuery({ sort: here && !order.down ? `-${column}` : column, page: null })}>
        {name}
        <span aria-hidden="true">{here ? (order.down ? "▾" : "▴") : ""}</span>
      </Button>
    </th>
  );
}

function Cell({ row, fact }: { row: Row; fact: Fact }) {
  const words = useWords();
  const value = factOf(row, fact);
  if (value === null) {
    const gap = EXPECTED.includes(fact);
    return <td>{gap ? <span className="mark gap">{words.metadata.missing}</span> : <span className="quiet">–</span>}</td>;
  }
  const source = fact === "micrometres_per_pixel" ? row.setup.scale_source : undefined;
  return (
    <td>
      {isFree(fact) && typeof value === "string" ? <Latin>{value}</Latin> : <bdi>{spelled(fact, value, words)}</bdi>}
      {source ? <span className="quiet"> {words.scaleSource[source] ?? source}</span> : null}
    </td>
  );
}
