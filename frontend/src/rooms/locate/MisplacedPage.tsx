/** Cells whose box a reader found not to be on them: each leads to Locate, and leaves the list when it is put right. */
import { cellPicture } from "../../api/client";
import { useJson } from "../../api/resource";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Picture } from "../../parts/Picture";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { useSession } from "../people/session";
import type { Misplaced } from "./boxes";

export function MisplacedPage() {
  const words = useWords();
  const { locate } = words;
  const { session } = useSession();
  const reads = session?.person ? session.person.role !== "viewer" : false;
  const { data, problem, retry } = useJson<Misplaced[]>(reads ? "/api/locate" : null);
  return (
    <Page title={locate.misplaced} trail={[[words.label.rounds, "/rounds"]]}>
      {session && !reads ? <Empty title={locate.notYours} hint={locate.signIn} /> : null}
      {problem ? <Failed problem={problem} onRetry={retry} /> : null}
      {reads && !data && !problem ? <Loading /> : null}
      {data && data.length === 0 ? <Empty title={locate.noMisplaced} hint={locate.noMisplacedHint} /> : null}
      {data && data.length > 0 ? (
        <>
          <p>{locate.misplacedMeaning}</p>
          <ul className="misplaced">
            {data.map(({ cell_id: id, field_id: field, said_at: at }) => (
              <li key={id}>
                <Link className="misplaced-cell" href={`/fields/${field}/locate?cell=${id}`}>
                  <Picture src={cellPicture(id, 384)} alt={words.cell.picture(id)} />
                  <span className="quiet">{locate.since(words.date(at))}</span>
                </Link>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Page>
  );
}
