/** Home: what the workspace holds, smear by smear, and what came of it. */
import { useGet } from "../../api/resource";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { useWords } from "../../words/words";
import { FunnelTable } from "./FunnelTable";
import { Results } from "./Results";

export function SmearsPage() {
  const words = useWords();
  const { data: overview } = useGet("/api/overview");
  const { data: funnels, problem, retry } = useGet("/api/smears");
  const sum = (of: "photographs" | "elements") => (funnels ?? []).reduce((total, funnel) => total + funnel[of], 0);
  return (
    <Page title={words.smears.title}>
      {overview?.simulated ? (
        <p className="banner" role="note">
          <strong>{words.app.simulatedBanner}.</strong> {words.app.simulatedMeaning}
        </p>
      ) : null}
      <p className="page-line">
        {overview ? (
          <span>
            {words.smears.workspace} <bdi>{overview.name}</bdi>
          </span>
        ) : null}
        {funnels?.length ? <span>{words.smears.summary(sum("photographs"), sum("elements"))}</span> : null}
      </p>
      {problem ? (
        <Failed problem={problem} onRetry={retry} />
      ) : funnels === undefined ? (
        <Loading />
      ) : funnels.length === 0 ? (
        <Empty title={words.smears.empty} hint={words.smears.emptyHint} />
      ) : (
        <>
          <FunnelTable funnels={funnels} />
          <p className="quiet">{words.smears.explain}</p>
        </>
      )}
      <Results />
    </Page>
  );
}
