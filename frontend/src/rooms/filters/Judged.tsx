/** How the filter does in photographs that it was not fitted on, beside the one that comes along. */
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { type FilterJudgement, type FilterWish, judgementUrl } from "./api";
import { useLatest } from "./latest";

/** While a box is being put right, nothing is judged. */
const AFTER_MS = 500;
export const FEWEST_FIELDS = 2;

export interface JudgedProps {
  wish: FilterWish;
  boxes: number;
  fields: number;
}

export function Judged({ wish, fields }: JudgedProps) {
  const { filters, number } = useWords();
  const enough = fields >= FEWEST_FIELDS;
  const { answer, problem, current } = useLatest<FilterWish, FilterJudgement>(judgementUrl, enough ? wish : null, AFTER_MS);
  const judged = enough ? answer : undefined;
  return (
    <section className="filter-judged" aria-label={filters.judged}>
      <h2>{filters.judged}</h2>
      {enough ? <p className="quiet">{filters.judgedMeaning}</p> : <p className="quiet">{filters.judgedNeeds}</p>}
      {problem ? <Trouble problem={problem} /> : null}
      {judged && !problem ? (
        <div className={current ? "filter-scores" : "filter-scores stale"} data-verdict={current ? judged.verdict : undefined}>
          <table>
            <thead>
              <tr>
                <td />
                <th scope="col">{filters.scoreFound}</th>
                <th scope="col">{filters.scoreMissed}</th>
                <th scope="col">{filters.scoreExtra}</th>
              </tr>
            </thead>
            <tbody>
              {([["own", judged.own], ["default", judged.default]] as const).map(([whose, score]) => (
                <tr key={whose}>
                  <th scope="row">{whose === "own" ? filters.own : filters.default}</th>
                  <td>
                    {number(score.found)} <small>{filters.share(score.low, score.high)}</small>
                  </td>
                  <td>{number(score.missed)}</td>
                  <td>{number(score.extra)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className={`filter-verdict ${judged.verdict}`}>{filters.verdicts[judged.verdict]}</p>
        </div>
      ) : null}
    </section>
  );
}
