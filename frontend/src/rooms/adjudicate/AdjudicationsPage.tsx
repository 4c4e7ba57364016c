/** Closed rounds whose disputed cells one may decide: how many, how far, and the way in. */
import { adjudicateAddress, type AdjudicationView, decides } from "../../api/adjudication";
import { useJson } from "../../api/resource";
import { Classes, Facts } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { matrixAddress } from "../agreement/matrix";
import { useSession } from "../people/session";

export function AdjudicationsPage() {
  const { adjudicate, agreement } = useWords();
  const { session, problem: unknown, retry: again } = useSession();
  const may = decides(session?.person);
  const { data, problem, retry } = useJson<AdjudicationView[]>(may ? "/api/adjudication" : null);
  const failed = unknown ?? problem;
  return (
    <Page title={adjudicate.title} trail={[[agreement.title, "/agreement"]]}>
      {failed ? (
        <Failed problem={failed} onRetry={unknown ? again : retry} />
      ) : session && !may ? (
        <Empty title={adjudicate.notYours} hint={adjudicate.notYoursHint} />
      ) : data === undefined ? (
        <Loading />
      ) : data.length === 0 ? (
        <Empty title={adjudicate.none} hint={adjudicate.noneHint} />
      ) : (
        <ul className="rounds">
          {data.map((round) => (
            <li key={round.id}>
              <Card round={round} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

function Card({ round }: { round: AdjudicationView }) {
  const words = useWords();
  const { adjudicate, app } = words;
  const { disputed, decided, held } = round;
  const done = decided >= disputed;
  return (
    <article className="card round-card">
      <div className="round-head">
        <h2>
          <bdi>{round.name}</bdi>
        </h2>
        <span className={done ? "mark absent" : "mark open-mark"}>{round.final ? adjudicate.isFinal : done ? adjudicate.decided(decided, disputed) : adjudicate.isOpen}</span>
        {round.simulated ? <span className="mark simulated">{app.simulated}</span> : null}
      </div>
      <div className="meter">
        <span>{adjudicate.disputed}</span>
        <span className="quiet">{adjudicate.decided(decided, disputed)}</span>
        <progress value={decided} max={Math.max(disputed, 1)} aria-label={adjudicate.decided(decided, disputed)} />
      </div>
      <Facts
        facts={[
          [adjudicate.cells, words.number(round.cells)],
          [adjudicate.readers, words.number(round.experts)],
          [adjudicate.level, <Classes key="level" taxonomy={round.taxonomy} level={round.level} />],
          [adjudicate.opened, words.date(round.opened_at)],
        ]}
      />
      {held > 0 ? <p className="quiet">{adjudicate.held(held)}</p> : null}
      <span className="page-actions">
        <Link className={done ? "button" : "button strong"} href={adjudicateAddress(round.id)}>
          {done ? adjudicate.look : decided > 0 ? adjudicate.goOn : adjudicate.begin}
        </Link>
        {round.experts === 2 ? (
          <Link className="button" href={matrixAddress(round.name, round.level)}>
            {adjudicate.matrix}
          </Link>
        ) : null}
      </span>
    </article>
  );
}
