/** One's own answers to a round beside the panel's, item by item; told to nobody else, and made to be printed. */
import { Button } from "react-aria-components";

import { useGet, useJson } from "../../api/resource";
import { type RoundView, roundUrl } from "../../api/rounds";
import { type OwnReading, tries } from "../../api/teaching";
import { Classes, Facts, Latin } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { useSession } from "../people/session";
import { Differences, SeenTwice } from "./Differences";
import { ScoreFigures } from "./ScoreFigures";

export function MinePage({ id }: { id: string }) {
  const words = useWords();
  const { label, teach, people } = words;
  const { session } = useSession();
  const person = session?.person;
  const { data: round, problem: lost, retry: again } = useJson<RoundView>(person ? roundUrl(id) : null);
  const mine = round?.mine ? { round_id: id } : null;
  const { data, problem, retry } = useGet("/api/rounds/{round_id}/mine", mine);
  const failed = lost ?? problem;
  return (
    <Page
      title={round ? teach.mineOf(round.name) : teach.mine}
      trail={[[label.rounds, "/rounds"]]}
      actions={
        data ? (
          <Button className="button unprinted" onPress={() => window.print()}>
            {teach.print}
          </Button>
        ) : null
      }
    >
      {session && !person ? (
        <Empty title={people.needed} hint={people.neededHint}>
          <Link className="button strong" href={`/sign-in?to=${encodeURIComponent(`/rounds/${id}/mine`)}`}>
            {people.signIn}
          </Link>
        </Empty>
      ) : round && !round.mine ? (
        <Empty title={label.notMine} hint={label.notMineHint} />
      ) : failed ? (
        <Failed problem={failed} onRetry={lost ? again : retry} />
      ) : data && round ? (
        <Own own={data} round={round} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function Own({ own, round }: { own: OwnReading; round: RoundView }) {
  const words = useWords();
  const { label, teach, app } = words;
  const { data: taxonomy } = useGet("/api/rounds/{round_id}/taxonomy", { round_id: round.id });
  const { cells, repeats, gold } = own.feedback;
  return (
    <div className="own-reading">
      <p className="quiet unprinted">{tries(round.mode) ? teach.mineAndScores : teach.onlyMine}</p>
      {own.simulated ? (
        <p className="banner" role="note">
          <span className="mark simulated">{app.simulated}</span> {app.simulatedMeaning}
        </p>
      ) : null}
      <section className="card record-head">
        <h2>{teach.record}</h2>
        <Facts
          facts={[
            [teach.person, <Latin key="person">{own.person.handle}</Latin>],
            [teach.round, <bdi key="round">{round.name}</bdi>],
            [teach.mode, label.mode[round.mode] ?? round.mode],
            [teach.level, <Classes key="level" taxonomy={round.taxonomy} level={round.level} />],
            [teach.opened, words.date(round.opened_at)],
          ]}
        />
        <h3>{teach.checks}</h3>
        <Facts
          facts={[
            [label.feedbackCells, label.equal(cells.equal, cells.asked)],
            repeats.asked > 0 ? [label.feedbackRepeats, label.equal(repeats.equal, repeats.asked)] : null,
            gold.asked > 0 ? [label.feedbackGold, label.equal(gold.equal, gold.asked)] : null,
          ]}
        />
      </section>
      {own.waiting > 0 ? (
        <div className="notice" role="note">
          <p className="notice-title">{teach.waiting(own.waiting)}</p>
          <p>{teach.waitingMeaning}</p>
        </div>
      ) : null}
      {own.held > 0 && !own.score ? <p className="quiet">{teach.held(own.held)}</p> : null}
      {own.score ? <ScoreFigures score={own.score} held={own.held} taxonomy={taxonomy} training={round.mode === "training"} /> : null}
      {own.waiting > 0 && own.differing.length === 0 ? null : <Differences round={round.id} taxonomy={taxonomy} cells={own.differing} />}
      <SeenTwice round={round.id} taxonomy={taxonomy} cells={own.twice} />
      {tries(round.mode) ? <p className="statement">{teach.statement}</p> : null}
    </div>
  );
}
