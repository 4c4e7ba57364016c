/** Rounds: mine with how far I am; for those who open them, everybody's progress and a form for a new one. */
import { useState } from "react";
import { Button } from "react-aria-components";

import { adjudicateAddress, type AdjudicationView, decides } from "../../api/adjudication";
import { type Problem, problemOf, sendJson } from "../../api/client";
import { curates } from "../../api/people";
import { useJson } from "../../api/resource";
import { closeUrl, type RoundView } from "../../api/rounds";
import { LEARNED, LEARNERS, mineAddress, tries } from "../../api/teaching";
import { Classes, Facts, Latin } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { matrixAddress } from "../agreement/matrix";
import { Trouble } from "../people/Entry";
import { useSession } from "../people/session";
import { FeedbackOf } from "./FeedbackOf";
import { OpenRound } from "./OpenRound";

export function RoundsPage() {
  const { label, masks, people, teach } = useWords();
  const { session, problem: unknown, retry: again } = useSession();
  const person = session?.person;
  const { data: rounds, problem, retry } = useJson<RoundView[]>(session ? "/api/rounds" : null);
  const [adding, setAdding] = useState(false);
  const opens = curates(person);
  // Only who may decide over a round is led to its disputed cells.
  const { data: queues } = useJson<AdjudicationView[]>(decides(person) ? "/api/adjudication" : null);
  const failed = unknown ?? problem;
  return (
    <Page
      title={label.rounds}
      actions={
        <>
          {rounds?.some(({ mine, mode }) => mine !== null && tries(mode)) ? (
            <Link className="button" href={LEARNED}>
              {teach.learned}
            </Link>
          ) : null}
          {opens && rounds?.some(({ mode }) => tries(mode)) ? (
            <Link className="button" href={LEARNERS}>
              {teach.learners}
            </Link>
          ) : null}
          {person && person.role !== "viewer" ? (
            <Link className="button" href="/masks">
              {masks.title}
            </Link>
          ) : null}
          {opens && !adding ? (
            <Button className="button strong" onPress={() => setAdding(true)}>
              {label.openRound}
            </Button>
          ) : null}
        </>
      }
    >
      {adding && opens ? (
        <OpenRound
          onOpened={() => {
            setAdding(false);
            retry();
          }}
          onCancel={() => setAdding(false)}
        />
      ) : null}
      {failed ? (
        <Failed problem={failed} onRetry={unknown ? again : retry} />
      ) : rounds === undefined ? (
        <Loading />
      ) : rounds.length === 0 ? (
        <Empty title={label.noRounds} hint={opens ? label.noRoundsYet : person ? label.noRoundsHint : people.neededHint} />
      ) : (
        <ul className="rounds">
          {inOrder(rounds).map((round) => (
            <li key={round.id}>
              <Card round={round} queue={queues?.find(({ id }) => id === round.id)} onClosed={retry} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

/** What is to be done comes first, then the newest. */
const inOrder = (rounds: readonly RoundView[]): RoundView[] => {
  const due = ({ mine, closed }: RoundView) => Number(mine !== null && !closed && !mine.handed_in);
  return [...rounds].sort((a, b) => due(b) - due(a) || Number(a.closed) - Number(b.closed) || b.opened_at.localeCompare(a.opened_at));
};

interface CardProps {
  round: RoundView;
  /** What of it waits for one who decides, where the person may. */
  queue: AdjudicationView | undefined;
  onClosed: () => void;
}

function Card({ round, queue, onClosed }: CardProps) {
  const words = useWords();
  const { label, offline, teach } = words;
  const { session } = useSession();
  const { mine, progress, closed } = round;
  const done = mine?.handed_in === true;
  const complete = mine !== null && mine.answered >= mine.items;
  return (
    <article className="card round-card">
      <div className="round-head">
        <h2>
          <bdi>{round.name}</bdi>
        </h2>
        <span className="mark">{label.mode[round.mode] ?? round.mode}</span>
        <span className={closed ? "mark absent" : "mark open-mark"}>{closed ? label.isClosed : label.isOpen}</span>
      </div>
      <Facts
        facts={[
          [label.cells, words.number(round.cells)],
          [label.experts, words.number(round.experts)],
          [label.level, <Classes key="level" taxonomy={round.taxonomy} level={round.level} />],
          [label.opened, words.date(round.opened_at)],
        ]}
      />
      {mine ? (
        <div className="mine">
          <Meter name={label.myProgress} answered={mine.answered} items={mine.items} />
          <Link className={closed || done ? "button" : "button strong"} href={`/rounds/${encodeURIComponent(round.id)}`}>
            {closed || done ? label.look : complete ? offline.handIn : mine.answered > 0 ? label.goOn : label.begin}
          </Link>
        </div>
      ) : null}
      <span className="round-links">
        {mine && (round.mode === "training" || closed) ? (
          <Link className="link" href={mineAddress(round.id)}>
            {teach.mine}
          </Link>
        ) : null}
        {closed && round.experts === 2 && !tries(round.mode) ? (
          <Link className="link" href={matrixAddress(round.name, null)}>
            {teach.agreementLink}
          </Link>
        ) : null}
        {closed && queue ? (
          <Link className="link" href={adjudicateAddress(queue.id)}>
            {teach.adjudicateLink}
          </Link>
        ) : null}
      </span>
      {mine && (round.mode === "training" || closed) ? <FeedbackOf round={round} /> : null}
      {progress ? (
        <div className="progress-list">
          <h3>{label.progress}</h3>
          {progress.map(({ person, items, answered }) => (
            <Meter key={person.id} name={<Latin>{person.handle}</Latin>} answered={answered} items={items} />
          ))}
        </div>
      ) : null}
      {!closed && progress && curates(session?.person) ? <Close round={round} onClosed={onClosed} /> : null}
    </article>
  );
}

function Meter({ name, answered, items }: { name: React.ReactNode; answered: number; items: number }) {
  const { label } = useWords();
  return (
    <div className="meter">
      <span>{name}</span>
      <span className="quiet">{label.answered(answered, items)}</span>
      <progress value={answered} max={Math.max(items, 1)} aria-label={label.answered(answered, items)} />
    </div>
  );
}

/** Closing cannot be taken back: it is asked twice, and says who is not done. */
function Close({ round, onClosed }: { round: RoundView; onClosed: () => void }) {
  const { label, people } = useWords();
  const [sure, setSure] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const behind = (round.progress ?? []).filter(({ answered, items }) => answered < items).length;
  const close = () => {
    setProblem(undefined);
    sendJson<RoundView>("POST", closeUrl(round.id)).then(onClosed, (reason: unknown) => setProblem(problemOf(reason)));
  };
  if (!sure) {
    return (
      <Button className="button" onPress={() => setSure(true)}>
        {label.close}
      </Button>
    );
  }
  return (
    <div className="notice">
      <p className="notice-title">{label.closeSure}</p>
      <p>{behind > 0 ? label.closeBehind(behind) : label.closeMeaning}</p>
      {problem ? <Trouble problem={problem} /> : null}
      <span className="page-actions">
        <Button className="button strong" onPress={close}>
          {label.close}
        </Button>
        <Button className="button" onPress={() => setSure(false)}>
          {people.cancel}
        </Button>
      </span>
    </div>
  );
}
