/** A learner's way over rounds: balanced accuracy with its interval, round by round. */
import { useGet } from "../../api/resource";
import { type Learned, mineAddress } from "../../api/teaching";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { useSession } from "../people/session";

export function LearnedPage() {
  const { label, teach, people } = useWords();
  const { session } = useSession();
  const person = session?.person;
  const { data, problem, retry } = useGet("/api/learned", person ? {} : null);
  return (
    <Page title={teach.learned} trail={[[label.rounds, "/rounds"]]}>
      {session && !person ? (
        <Empty title={people.needed} hint={people.neededHint}>
          <Link className="button strong" href="/sign-in?to=%2Flearned">
            {people.signIn}
          </Link>
        </Empty>
      ) : problem ? (
        <Failed problem={problem} onRetry={retry} />
      ) : data === undefined ? (
        <Loading />
      ) : data.length === 0 ? (
        <Empty title={teach.nothingLearned} hint={teach.nothingLearnedHint} />
      ) : (
        <Way rounds={data} />
      )}
    </Page>
  );
}

function Way({ rounds }: { rounds: readonly Learned[] }) {
  const words = useWords();
  const { label, teach, agreement } = words;
  return (
    <div className="own-reading">
      <p className="quiet">{teach.learnedHint}</p>
      <section className="card">
        <h2>{teach.way}</h2>
        <Drawing rounds={rounds} />
        <div className="scroll-x" tabIndex={0} role="region" aria-label={teach.learned}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{teach.round}</th>
                <th scope="col">{teach.mode}</th>
                <th scope="col">{teach.opened}</th>
                <th scope="col">{teach.cells}</th>
                <th scope="col">{teach.balanced}</th>
                <th scope="col">{teach.kappa}</th>
                <th scope="col">{teach.state}</th>
              </tr>
            </thead>
            <tbody>
              {rounds.map(({ round_id, name, mode, at, score, closed }) => (
                <tr key={round_id}>
                  <th scope="row">
                    <Link className="link" href={mineAddress(round_id)}>
                      <bdi>{name}</bdi>
                    </Link>
                  </th>
                  <td>{label.mode[mode] ?? mode}</td>
                  <td>{words.date(at)}</td>
                  <td>{words.number(score.cells)}</td>
                  <td>{score.balanced.value === null ? "–" : words.percent(score.balanced.value)}</td>
                  <td>{score.kappa.value === null ? "–" : agreement.fixed(score.kappa.value)}</td>
                  <td>{closed ? label.isClosed : label.isOpen}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </div>
  );
}

const WIDTH = 600;
const HEIGHT = 180;
const LEFT = 44;
const FOOT = 24;

/** Time runs from left to right in every language, as the axis of a chart does. */
function Drawing({ rounds }: { rounds: readonly Learned[] }) {
  const { percent, teach, number } = useWords();
  const scored = rounds.filter(({ score }) => score.balanced.value !== null);
  if (scored.length === 0) return <p className="quiet">{teach.noScore}</p>;
  const x = (at: number) => LEFT + ((at + 0.5) * (WIDTH - LEFT)) / scored.length;
  const y = (share: number) => 8 + (1 - share) * (HEIGHT - FOOT - 8);
  const points = scored.map(({ round_id, name, score: { balanced } }, at) => ({ id: round_id, name, at: x(at), value: balanced.value ?? 0, interval: balanced.interval }));
  return (
    <svg className="way" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={teach.way} direction="ltr">
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line className="way-grid" x1={LEFT} x2={WIDTH} y1={y(share)} y2={y(share)} />
          <text x={LEFT - 8} y={y(share) + 4} textAnchor="end">
            {`${number(share * 100)}%`}
          </text>
        </g>
      ))}
      <polyline className="way-line" points={points.map(({ at, value }) => `${at},${y(value)}`).join(" ")} />
      {points.map(({ id, name, at, value, interval }, place) => (
        <g key={id}>
          {interval ? <line className="way-interval" x1={at} x2={at} y1={y(interval[0])} y2={y(interval[1])} /> : null}
          <circle cx={at} cy={y(value)} r="5">
            <title>{`${name}: ${percent(value)}`}</title>
          </circle>
          <text x={at} y={HEIGHT - 6} textAnchor="middle">
            {number(place + 1)}
          </text>
        </g>
      ))}
    </svg>
  );
}
