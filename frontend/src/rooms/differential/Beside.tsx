/** What stands beside the count: cells told for a hundred leukocytes, labels used, cells left out, experts side by side. */
import { Latin } from "../../parts/Facts";
import { useWords } from "../../words/words";
import { FigureCell, RowName } from "./CountTable";
import type { Differential } from "./values";

export function ForHundred({ found }: { found: Differential }) {
  const { differential } = useWords();
  const two = [
    ["red-cells", differential.redCells, found.nucleated_red_cells],
    ["smudges", differential.smudges, found.smudge_cells],
  ] as const;
  return (
    <section className="card">
      <h2>{differential.forHundred}</h2>
      <dl className="for-hundred">
        {two.map(([id, name, { count, known, figure }]) => (
          <div key={id} data-row={id}>
            <dt>
              {name} <small className="quiet">{known ? differential.counted(count) : differential.noWord}</small>
            </dt>
            <dd className="figure">
              <FigureCell figure={figure} digits={1} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Counts({ counts }: { counts: readonly (readonly [name: string, cells: number])[] }) {
  const words = useWords();
  return (
    <dl className="for-hundred">
      {counts.map(([name, cells]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{words.number(cells)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Labels({ found }: { found: Differential }) {
  const { differential } = useWords();
  return (
    <section className="card">
      <h2>{differential.used}</h2>
      <Counts counts={found.used.map(({ source, cells }) => [differential.source[source] ?? source, cells] as const)} />
      <p className="quiet">
        {differential.rounds}: {found.rounds.length === 0 ? "–" : null}
        {found.rounds.map((name, at) => (
          <span key={name}>
            {at > 0 ? " · " : null}
            <Latin>{name}</Latin>
          </span>
        ))}
      </p>
      {found.page_confirmed > 0 ? <p className="quiet">{differential.byPage(found.page_confirmed)}</p> : null}
      <p className="quiet">{differential.model}</p>
    </section>
  );
}

export function NotCounted({ found }: { found: Differential }) {
  const words = useWords();
  const { differential } = words;
  const all = found.not_counted.reduce((total, { cells }) => total + cells, 0);
  return (
    <section className="card" data-part="not-counted">
      <h2>
        {differential.notCounted}: {words.number(all)}
      </h2>
      <Counts counts={found.not_counted.map(({ reason, cells }) => [differential.reason[reason] ?? reason, cells] as const)} />
    </section>
  );
}

export function SideBySide({ found }: { found: Differential }) {
  const words = useWords();
  const { differential } = words;
  const { compared } = found;
  if (!compared) return null;
  return (
    <section className="card wide">
      <h2>{differential.side}</h2>
      <p className="quiet">{differential.sideHint(compared.round)}</p>
      <div className="scroll-sideways" tabIndex={0} role="region" aria-label={differential.side}>
        <table className="count-table">
          <thead>
            <tr>
              <th scope="col">{differential.type}</th>
              {compared.experts.map((expert) => (
                <th key={expert} scope="col" className="number">
                  <Latin>{expert}</Latin> <small className="quiet">{differential.ninetyFivePercent}</small>
                </th>
              ))}
              <th scope="col">{differential.limits}</th>
            </tr>
          </thead>
          <tbody>
            {compared.rows.map((row) => (
              <tr key={row.key} data-row={row.key}>
                <RowName row={row} />
                {row.shares.map((share, at) => (
                  <td key={compared.experts[at]} className="number figure">
                    <span className="figure-line">
                      <b>{differential.fixed(share.percent, 1)}</b>{" "}
                      <small className="quiet range">{differential.range(share.low, share.high, 1)}</small>
                    </span>
                    <small className="quiet">{differential.counted(share.count)}</small>
                  </td>
                ))}
                <td>{row.within ? differential.within : <span className="flag sure">{differential.apart}</span>}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{differential.all}</th>
              {compared.leukocytes.map((count, at) => (
                <td key={compared.experts[at]} className="number">
                  {words.number(count)}
                </td>
              ))}
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
      <p className="quiet">{differential.sideChance}</p>
    </section>
  );
}
