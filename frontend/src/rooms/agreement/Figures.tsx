/** The figures beside the matrix: statistics with their intervals, counts, the most confused pairs, each class. */
import { adjudicateAddress, type AdjudicationView } from "../../api/adjudication";
import type { AgreementReport } from "../../api/client";
import { Facts, Latin } from "../../parts/Facts";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { cellsAddress, countAt, rowName } from "./matrix";

const PAIRS = 8;

type Numbers = Pick<AgreementReport, "raw" | "kappa" | "ac1">;

function Three({ raw, kappa, ac1 }: Numbers) {
  const { agreement } = useWords();
  const three = [
    ["raw", agreement.raw, raw, agreement.percent],
    ["kappa", agreement.kappa, kappa, agreement.fixed],
    ["ac1", agreement.ac1, ac1, agreement.fixed],
  ] as const;
  return (
    <dl className="three">
      {three.map(([id, name, { value, interval }, format]) => (
        <div key={id} data-figure={id}>
          <dt className="quiet">{name}</dt>
          <dd>
            <span className="big">{value === null ? agreement.undefined : format(value)}</span>
            <span className="quiet interval">
              {interval ? agreement.interval(format(interval[0]), format(interval[1])) : agreement.noInterval}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function Statistics({ report }: { report: AgreementReport }) {
  const { agreement } = useWords();
  const { classes } = report;
  return (
    <section className="card">
      <h2>{agreement.statistics}</h2>
      <Three {...report} />
      <p className="quiet">{agreement.drawn(report.smears, report.offered)}</p>
      {classes ? (
        <>
          <p>{agreement.inClasses(classes.cells, classes.equal)}</p>
          <Three {...classes} />
        </>
      ) : null}
    </section>
  );
}

export function Counted({ report }: { report: AgreementReport }) {
  const words = useWords();
  const { agreement } = words;
  return (
    <section className="card">
      <h2>{agreement.counted}</h2>
      <Facts
        facts={[
          [agreement.all, words.number(report.cells)],
          [agreement.both, words.number(report.both_labeled)],
          [agreement.equal, words.number(report.equal)],
          report.classes ? [agreement.differWithin, words.number(report.differ_within)] : null,
          [agreement.notRecognized, words.number(report.not_recognized_by_both)],
          [agreement.one, words.number(report.one_label)],
          [agreement.never, words.number(report.never_labeled)],
        ]}
      />
    </section>
  );
}

/** Off the diagonal, both directions of a pair together; each direction opens its cells, both the queue of who decides. */
export function Pairs({ report, round, queue }: { report: AgreementReport; round: string; queue: AdjudicationView | undefined }) {
  const words = useWords();
  const { adjudicate, agreement } = words;
  const [first, second] = report.experts;
  const placeOf = (key: string) => report.rows.findIndex((row) => row.key === key);
  const name = (key: string) => {
    const row = report.rows[placeOf(key)];
    return row ? rowName(row, words) : key;
  };
  const shown = report.confused.slice(0, PAIRS);
  const more = report.confused.length - shown.length;
  return (
    <section className="card pairs">
      <h2>{agreement.pairs}</h2>
      {shown.length === 0 ? <p>{agreement.noPairs}</p> : null}
      <ol>
        {shown.map(({ pair: [one, other], cells, share }) => (
          <li key={`${one} ${other}`}>
            <p>
              <bdi>{name(one)}</bdi> / <bdi>{name(other)}</bdi>{" "}
              <span className="quiet">{agreement.pairShare(cells, words.percent(share))}</span>
            </p>
            <ul>
              {(
                [
                  [one, other],
                  [other, one],
                ] as const
              ).map(([row, column]) => {
                const count = countAt(report, placeOf(row), placeOf(column));
                return count === 0 ? null : (
                  <li key={row}>
                    <Link className="link" href={cellsAddress(round, report.level, row, column)}>
                      <span className="pair-count">{words.number(count)}</span>
                      <span className="pair-said">
                        <span>{agreement.said(first, name(row))}</span> <span>{agreement.said(second, name(column))}</span>
                      </span>
                    </Link>
                  </li>
                );
              })}
            </ul>
            {queue ? (
              <Link className="link decide-pair" href={adjudicateAddress(queue.id, { level: report.level, one, other })}>
                {adjudicate.decidePair(cells)}
              </Link>
            ) : null}
          </li>
        ))}
      </ol>
      {more > 0 ? <p className="quiet">{agreement.morePairs(more)}</p> : null}
    </section>
  );
}

export function ByClass({ report }: { report: AgreementReport }) {
  const words = useWords();
  const { agreement } = words;
  const [first, second] = report.experts;
  const given = report.per_class.filter((each) => each.first > 0 || each.second > 0);
  const rows = new Map(report.rows.map((row) => [row.key, row]));
  const text = (value: number | null) => (value === null ? "–" : agreement.fixed(value));
  if (given.length === 0) return null;
  return (
    <section className="card by-class">
      <h2>{agreement.byClass}</h2>
      <div className="scroll-sideways" tabIndex={0} role="region" aria-label={agreement.byClass}>
        <table>
          <thead>
            <tr>
              <th scope="col">{agreement.term}</th>
              <th scope="col" className="number">
                <Latin>{first}</Latin>
              </th>
              <th scope="col" className="number">
                <Latin>{second}</Latin>
              </th>
              <th scope="col" className="number">
                {agreement.bothSaid}
              </th>
              <th scope="col" className="number">
                {agreement.specific}
              </th>
              <th scope="col" className="number">
                {agreement.kappa}
              </th>
            </tr>
          </thead>
          <tbody>
            {given.map((each) => {
              const row = rows.get(each.key);
              return (
                <tr key={each.key}>
                  <th scope="row">{row ? rowName(row, words) : each.key}</th>
                  <td className="number">{words.number(each.first)}</td>
                  <td className="number">{words.number(each.second)}</td>
                  <td className="number">{words.number(each.both)}</td>
                  <td className="number">{text(each.agreement)}</td>
                  <td className="number">{text(each.kappa)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
