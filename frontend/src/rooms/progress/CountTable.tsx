/** A table of counts whose numbers lead to what they count, and which can be copied. */
import { useState } from "react";
import { Button } from "react-aria-components";

import { Latin } from "../../parts/Facts";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { asCsv, type Count, type Table } from "./counts";

export function CountTable({ table }: { table: Table }) {
  const { agreement, progress } = useWords();
  const [copied, setCopied] = useState(false);
  const [byHand, setByHand] = useState<string>();
  const copy = async () => {
    const text = asCsv(table);
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setByHand(undefined);
    } catch {
      setByHand(text);
    }
  };
  return (
    <section className="progress-part">
      <div className="progress-head">
        <h2>{table.title}</h2>
        <Button className="button" aria-label={progress.copyOf(table.title)} onPress={() => void copy()}>
          {copied ? `✓ ${agreement.copied}` : agreement.copyCsv}
        </Button>
        <span className="unseen" role="status">
          {copied ? agreement.copied : ""}
        </span>
      </div>
      {byHand === undefined ? null : (
        <label className="by-hand">
          <span className="quiet">{agreement.byHand}</span>
          <textarea readOnly dir="ltr" rows={6} value={byHand} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
      <div className="scroll-sideways" tabIndex={0} role="region" aria-label={table.title}>
        <table className="plain-table progress-table">
          <thead>
            <tr>
              {table.heads.map((head, at) => (
                <th key={head} scope="col" className={at > 0 ? "number" : undefined}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map(({ key, cells: [name, ...counts], note }) => (
              <tr key={key}>
                <th scope="row">{name ? <Value count={name} /> : null}</th>
                {note ? (
                  <>
                    <td className="number">{counts[0] ? <Value count={counts[0]} /> : null}</td>
                    <td colSpan={counts.length - 1} className="quiet">
                      {note}
                    </td>
                  </>
                ) : (
                  counts.map((count, at) => (
                    <td key={table.heads[at + 1]} className="number">
                      <Value count={count} />
                    </td>
                  ))
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Value({ count: { value, href, latin } }: { count: Count }) {
  const { number } = useWords();
  if (value === null) return <span className="quiet">–</span>;
  const text = typeof value === "number" ? number(value) : value;
  const told = latin ? <Latin>{text}</Latin> : <bdi>{text}</bdi>;
  if (href !== undefined) {
    return (
      <Link className="link count-link" href={href}>
        {told}
      </Link>
    );
  }
  return value === 0 ? <span className="quiet">{told}</span> : told;
}
