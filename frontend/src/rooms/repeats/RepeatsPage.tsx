/** Repeats under review: groups, thresholds, covered photographs, and cleanings one can go back from. */
import { curates } from "../../api/people";
import { useGet } from "../../api/resource";
import { Empty, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { goQuery, Link, useAddress } from "../../route/router";
import { useWords } from "../../words/words";
import { Choice } from "../people/Choice";
import { useSession } from "../people/session";
import { CoveredPane } from "./CoveredPane";
import { GroupsPane } from "./GroupsPane";
import { RunsPane } from "./RunsPane";
import { ThresholdPane } from "./ThresholdPane";

export const PANES = ["groups", "threshold", "covered", "runs"] as const;
export type Pane = (typeof PANES)[number];
const ALL = "-";

export const isPane = (part: string | undefined): part is Pane => PANES.some((pane) => pane === part);

export function RepeatsPage({ pane }: { pane: Pane }) {
  const words = useWords();
  const { repeats } = words;
  const { session } = useSession();
  const leads = curates(session?.person);
  const { query } = useAddress();
  const smear = query.get("smear");
  return (
    <Page title={repeats.title} trail={[[words.curate.title, "/curate"]]}>
      {session === undefined ? <Loading /> : null}
      {session && !leads ? <Empty title={words.curate.notYours} hint={repeats.notYours} /> : null}
      {leads ? (
        <>
          <nav className="repeats-panes" aria-label={repeats.title}>
            {PANES.map((each) => (
              <Link key={each} href={`/repeats/${each}${smear ? `?smear=${encodeURIComponent(smear)}` : ""}`} aria-current={each === pane ? "page" : undefined}>
                {repeats.panes[each]}
              </Link>
            ))}
          </nav>
          {pane === "runs" ? null : <SmearChoice smear={smear} />}
          {pane === "groups" ? <GroupsPane key={smear} smear={smear} /> : null}
          {pane === "threshold" ? <ThresholdPane key={smear} smear={smear} /> : null}
          {pane === "covered" ? <CoveredPane smear={smear} /> : null}
          {pane === "runs" ? <RunsPane /> : null}
        </>
      ) : null}
    </Page>
  );
}

function SmearChoice({ smear }: { smear: string | null }) {
  const { repeats } = useWords();
  const { data } = useGet("/api/smears");
  if (!data || data.length < 2) return null;
  return (
    <div className="repeats-smear">
      <Choice
        label={repeats.smear}
        value={smear ?? ALL}
        options={[{ id: ALL, name: repeats.allSmears }, ...data.map(({ smear: { id, code } }) => ({ id, name: code }))]}
        onChange={(id) => goQuery({ smear: id === ALL ? null : id })}
      />
    </div>
  );
}
