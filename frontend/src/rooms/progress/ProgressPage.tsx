/** How far labels and masks are: who is behind, which rounds, which smears, which classes. */
import { curates } from "../../api/people";
import { useGet, useJson } from "../../api/resource";
import { Latin } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { useSession } from "../people/session";
import { classTable, closedTable, openTable, peopleTable, type ReadingProgress, type RoundProgress, smearTable } from "./counts";
import { CountTable } from "./CountTable";

export function ProgressPage() {
  const { progress, curate } = useWords();
  const { session } = useSession();
  const allowed = curates(session?.person);
  const { data, problem, retry } = useJson<ReadingProgress>(allowed ? "/api/progress" : null);
  return (
    <Page title={progress.title} trail={[[curate.title, "/curate"]]}>
      {session && !allowed ? <Empty title={curate.notYours} hint={curate.notYoursHint} /> : null}
      {problem ? <Failed problem={problem} onRetry={retry} /> : null}
      {allowed && !data && !problem ? <Loading /> : null}
      {data && data.rounds.length === 0 && data.smears.length === 0 ? <Empty title={progress.none} hint={progress.noneHint} /> : null}
      {data ? <Tables data={data} /> : null}
    </Page>
  );
}

function Tables({ data }: { data: ReadingProgress }) {
  const words = useWords();
  const { progress } = words;
  const { data: taxonomy } = useGet("/api/taxonomy");
  const behind = data.rounds.filter((round) => round.open && !round.hidden);
  const tables = [
    peopleTable(data.people, words),
    openTable(data.rounds, words),
    closedTable(data.rounds, words),
    smearTable(data.smears, words),
    classTable(data.classes, (term) => termName(term, taxonomy, words), words),
  ];
  return (
    <>
      <p className="quiet">{progress.meaning}</p>
      {behind.length > 0 ? (
        <ul className="rounds">
          {behind.map((round) => (
            <Behind key={round.id} round={round} />
          ))}
        </ul>
      ) : null}
      {tables
        .filter((table) => table.rows.length > 0)
        .map((table) => (
          <CountTable key={table.title} table={table} />
        ))}
      <p className="quiet">{progress.heldMeaning}</p>
    </>
  );
}

/** Who holds up an open round, the furthest behind first. */
function Behind({ round }: { round: RoundProgress }) {
  const { progress, label } = useWords();
  const readers = [...(round.readers ?? [])].sort((a, b) => a.answered / a.items - b.answered / b.items || a.handle.localeCompare(b.handle));
  return (
    <li className="card round-card">
      <h2>
        <bdi>{round.name}</bdi>
      </h2>
      {readers.map((reader) => (
        <div key={reader.handle} className="meter">
          <Latin>{reader.handle}</Latin>
          <span className="quiet">
            {label.answered(reader.answered, reader.items)}
            {reader.handed_in ? ` · ${progress.handedIn}` : ""}
          </span>
          <progress aria-label={progress.progressOf(reader.handle)} value={reader.answered} max={Math.max(1, reader.items)} />
        </div>
      ))}
    </li>
  );
}
