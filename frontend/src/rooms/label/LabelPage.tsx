/** Label: one cell, one key, the next cell is there already. */
import { useGet, useJson } from "../../api/resource";
import type { Person } from "../../api/people";
import { type RoundView, roundUrl } from "../../api/rounds";
import { useBatch } from "../../offline/useBatches";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { useSession } from "../people/session";
import { LabelRoom } from "./LabelRoom";

export function LabelPage({ id }: { id: string }) {
  const { label, people } = useWords();
  const { session, problem: unknown, retry: again } = useSession();
  const person = session?.person;
  const { data: told, problem, retry } = useJson<RoundView>(person ? roundUrl(id) : null);
  const { data: words, problem: wordless, retry: retryWords } = useGet("/api/taxonomy", person && told ? {} : null, { of: told?.taxonomy });
  // Without a connection there is what was taken along.
  const batch = useBatch(person?.id, id);
  const away = problem?.code === "offline" || wordless?.code === "offline" ? batch : undefined;
  const round = told ?? away?.round;
  const taxonomy = words ?? away?.taxonomy;
  const failed = unknown ?? problem ?? wordless;
  const title = round?.name ?? label.round;
  const outside = (inside: React.ReactNode) => (
    <Page title={title} trail={[[label.rounds, "/rounds"]]}>
      {inside}
    </Page>
  );
  if (session && !person) {
    return outside(
      <Empty title={people.needed} hint={people.neededHint}>
        <Link className="button strong" href={`/sign-in?to=${encodeURIComponent(`/rounds/${id}`)}`}>
          {people.signIn}
        </Link>
      </Empty>,
    );
  }
  // What is here already stays on the screen when a later look fails: labeling goes on without a connection.
  if (round && taxonomy && person) return round.mine ? <Room round={round} person={person} taxonomy={taxonomy} /> : outside(<Empty title={label.notMine} hint={label.notMineHint} />);
  if (failed) {
    return outside(
      <Failed
        problem={failed}
        onRetry={() => {
          if (unknown) again();
          if (problem) retry();
          if (wordless) retryWords();
        }}
      />,
    );
  }
  return outside(<Loading />);
}

function Room({ round, person, taxonomy }: { round: RoundView; person: Person; taxonomy: Parameters<typeof LabelRoom>[0]["taxonomy"] }) {
  return <LabelRoom key={`${round.id} ${person.id}`} round={round} person={person} taxonomy={taxonomy} />;
}
