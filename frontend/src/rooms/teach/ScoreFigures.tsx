/** A person against the panel: three figures with their intervals, and each class of the panel. */
import type { Taxonomy } from "../../api/client";
import type { Score, Share } from "../../api/teaching";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";

export function ScoreFigures({ score, held, taxonomy, training }: { score: Score; held: number; taxonomy: Taxonomy | undefined; training: boolean }) {
  const words = useWords();
  const { teach, agreement } = words;
  const three = [
    ["balanced", teach.balanced, score.balanced, words.percent],
    ["accuracy", teach.accuracy, score.accuracy, words.percent],
    ["kappa", teach.kappa, score.kappa, agreement.fixed],
  ] as const;
  return (
    <section className="card">
      <h2>{teach.score}</h2>
      {score.cells === 0 ? (
        <>
          <p>{teach.noScore}</p>
          <p className="quiet">{held > 0 ? teach.held(held) : teach.noScoreHint}</p>
        </>
      ) : (
        <>
          <dl className="three">
            {three.map(([id, name, share, format]) => (
              <div key={id} data-figure={id}>
                <dt className="quiet">{name}</dt>
                <dd>
                  <span className="big">{share.value === null ? agreement.undefined : format(share.value)}</span>
                  <span className="quiet interval">
                    {share.interval ? agreement.interval(format(share.interval[0]), format(share.interval[1])) : agreement.noInterval}
                  </span>
                </dd>
              </div>
            ))}
          </dl>
          <p className="quiet">
            {teach.scored(score.cells, score.smears)} {score.blank > 0 && !training ? teach.blank(score.blank) : null} {held > 0 ? teach.held(held) : null}
          </p>
          <p className="quiet">
            {training ? teach.firstCounts : null} {teach.balancedMeaning}
          </p>
          <h3>{teach.byClass}</h3>
          <div className="scroll-x" tabIndex={0} role="region" aria-label={teach.byClass}>
            <table className="plain-table">
              <thead>
                <tr>
                  <th scope="col">{teach.class}</th>
                  <th scope="col">{teach.panelCells}</th>
                  <th scope="col">{teach.found}</th>
                  <th scope="col">{teach.right}</th>
                </tr>
              </thead>
              <tbody>
                {score.classes.map(({ key, cells, found, right }) => (
                  <tr key={key}>
                    <th scope="row">{termName(key, taxonomy, words)}</th>
                    <td>{words.number(cells)}</td>
                    <td>
                      <Part share={found} />
                    </td>
                    <td>
                      <Part share={right} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function Part({ share: { value, interval } }: { share: Share }) {
  const words = useWords();
  const { agreement } = words;
  if (value === null) return agreement.undefined;
  return (
    <>
      {words.percent(value)}{" "}
      {interval ? <span className="quiet">{agreement.interval(words.percent(interval[0]), words.percent(interval[1]))}</span> : null}
    </>
  );
}
