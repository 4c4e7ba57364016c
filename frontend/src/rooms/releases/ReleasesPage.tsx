/** The sealed releases, the newest first, and the way to the next one. */
import type { Release } from "../../api/client";
import { curates } from "../../api/people";
import { useGet } from "../../api/resource";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { useSession } from "../people/session";
import { readDraft } from "./draft";
import { ReleaseCard } from "./ReleaseCard";

export function ReleasesPage() {
  const { releases, curate } = useWords();
  const { session } = useSession();
  const allowed = curates(session?.person);
  const { data, problem, retry } = useGet("/api/releases", allowed ? {} : null);
  const sealed = [...(data ?? [])].sort((a: Release, b: Release) => b.sealed_at.localeCompare(a.sealed_at));
  const begun = session?.person ? readDraft(session.person.id) !== undefined : false;
  return (
    <Page
      title={releases.title}
      trail={[[curate.title, "/curate"]]}
      actions={
        allowed ? (
          <Link className="button strong" href="/releases/new">
            {begun ? releases.goOn : releases.make}
          </Link>
        ) : null
      }
    >
      {session && !allowed ? <Empty title={curate.notYours} hint={curate.notYoursHint} /> : null}
      {problem ? <Failed problem={problem} onRetry={retry} /> : null}
      {allowed && !data && !problem ? <Loading /> : null}
      {data && sealed.length === 0 ? <Empty title={releases.none} hint={releases.noneHint} /> : null}
      {sealed.map((release, at) => (
        <ReleaseCard key={release.id} release={release} older={sealed[at + 1]?.version} />
      ))}
    </Page>
  );
}
