/** The leukocytes by type: cells, percent and absolute count, each with its interval and what the laboratory expects. */
import { useWords } from "../../words/words";
import { type Differential, type DifferentialRow, type Figure, limitsText, outward } from "./values";

export function FigureCell({ figure, digits }: { figure: Figure | null; digits: number }) {
  const words = useWords();
  const { differential } = words;
  if (figure === null) return <>–</>;
  const { flag, reference, sure } = figure;
  const beyond = flag === "low" || flag === "high";
  return (
    <>
      <span className="figure-line">
        <b>{differential.fixed(figure.value, digits)}</b>{" "}
        <small className="quiet range">{differential.range(figure.low, figure.high, digits)}</small>
      </span>
      {reference ? (
        <span className="figure-line">
          {beyond ? (
            <span className={sure ? "flag sure" : "flag"}>
              <span aria-hidden="true">{flag === "low" ? "▼" : "▲"}</span> {differential[flag]}
              {sure ? null : <>, {differential.chance}</>}
            </span>
          ) : null}{" "}
          <small className="quiet range">{differential.reference(limitsText(reference, words))}</small>
        </span>
      ) : null}
    </>
  );
}

export function RowName({ row }: { row: Pick<DifferentialRow, "key" | "name" | "depth"> & { unsure?: number; count?: number } }) {
  const words = useWords();
  const { unsure = 0, count = 0 } = row;
  return (
    <th scope="row" className={`depth-${Math.min(row.depth, 3)}`}>
      <bdi>{words.term[row.key] ?? row.name}</bdi>
      {unsure > 0 ? (
        <small className="quiet">{unsure < count ? words.differential.unsure(unsure) : words.differential.kindUnsure}</small>
      ) : null}
    </th>
  );
}

export function CountTable({ found, rows }: { found: Differential; rows: readonly DifferentialRow[] }) {
  const words = useWords();
  const { differential } = words;
  const absolute = found.wbc !== null;
  return (
    <table className="count-table">
      <thead>
        <tr>
          <th scope="col">{differential.type}</th>
          <th scope="col" className="number">
            {differential.cells}
          </th>
          <th scope="col" className="number">
            {differential.percent} <small className="quiet">{differential.ninetyFive}</small>
          </th>
          {absolute ? (
            <th scope="col" className="number">
              {differential.absolute} <small className="quiet">{differential.ninetyFive}</small>
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} data-row={row.key}>
            <RowName row={row} />
            <td className="number">{words.number(row.count)}</td>
            <td className="number figure">
              <FigureCell figure={row.percent} digits={1} />
            </td>
            {absolute ? (
              <td className="number figure">
                <FigureCell figure={row.absolute} digits={2} />
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{differential.all}</th>
          <td className="number">{words.number(found.leukocytes)}</td>
          {[differential.fixed(100, 0), ...(found.wbc ? [differential.fixed(found.wbc.used, 2)] : [])].map((text, at) => (
            <td key={at === 0 ? "percent" : "absolute"} className="number figure">
              <span className="figure-line">
                <b>{text}</b> <small className="range" />
              </span>
            </td>
          ))}
        </tr>
      </tfoot>
    </table>
  );
}

/** What the same shares would be worth in counts of other sizes. */
export function PlannedTable({ rows }: { rows: readonly DifferentialRow[] }) {
  const { differential } = useWords();
  const planned = rows[0]?.planned ?? [];
  return (
    <section className="card planned">
      <h2>{differential.planned}</h2>
      <p className="quiet">{differential.plannedHint}</p>
      <table className="count-table">
        <thead>
          <tr>
            <th scope="col">{differential.type}</th>
            {planned.map(({ cells }) => (
              <th key={cells} scope="col" className="number">
                {differential.of(cells)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <RowName row={{ key: row.key, name: row.name, depth: row.depth }} />
              {row.planned.map(({ cells, low, high }) => (
                <td key={cells} className="number">
                  {differential.range(...outward(low, high), 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
