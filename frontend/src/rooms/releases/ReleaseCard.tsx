/** One sealed release: when, how many cells, what leaks; its tables, manifest and what changed since the one before. */
import { useState } from "react";
import { ToggleButton } from "react-aria-components";

import { address, type Release } from "../../api/client";
import { useJson } from "../../api/resource";
import { CopyField } from "../../parts/CopyField";
import { Facts, Latin } from "../../parts/Facts";
import { Failed, Loading } from "../../parts/Notice";
import { useWords } from "../../words/words";
import { Difference } from "./Difference";
import type { ReleaseTable } from "./draft";
import { PrintedTables } from "./PrintedTables";

type Shown = "tables" | "changes" | "site" | undefined;

export function ReleaseCard({ release, older, first }: { release: Release; older?: string | undefined; first?: Shown }) {
  const words = useWords();
  const { releases, results, number, leak } = words;
  const [shown, setShown] = useState<Shown>(first);
  const parts = { version: release.version };
  const cells = Object.values(release.counts).reduce((sum, byClass) => sum + Object.values(byClass).reduce((all, count) => all + count, 0), 0);
  const leaks = Object.entries(release.leaks ?? {}).filter(([, count]) => count > 0);
  const toggle = (what: Exclude<Shown, undefined>, name: string) => (
    <ToggleButton className="button" isSelected={shown === what} onChange={(on) => setShown(on ? what : undefined)} aria-expanded={shown === what}>
      {name}
    </ToggleButton>
  );
  return (
    <article className="card release-card" aria-label={releases.release(release.version)}>
      <div className="round-head">
        <h2>
          <Latin>{release.version}</Latin>
        </h2>
        {release.simulated ? <span className="mark simulated">{words.app.simulated}</span> : null}
        <bdi className="quiet">{release.about?.title}</bdi>
      </div>
      <Facts
        facts={[
          [results.sealed, words.date(release.sealed_at)],
          [words.gallery.title, number(cells)],
          [results.split, <Latin key="split">{Object.entries(release.counts).map(([part, byClass]) => `${part} ${number(Object.values(byClass).reduce((sum, count) => sum + count, 0))}`).join(" · ")}</Latin>],
          [
            results.leaks,
            leaks.length === 0
              ? results.noLeaks
              : leaks.map(([kind, count]) => (
                  <span key={kind} className="mark leak">
                    {leak[kind] ?? kind}: {number(count)}
                  </span>
                )),
          ],
          [releases.manifest, <code key="manifest" dir="ltr" className="digest">{release.manifest}</code>],
          [releases.files, number(release.files.length)],
        ]}
      />
      <div className="row-buttons">
        {toggle("tables", releases.tables)}
        {older ? toggle("changes", releases.changesSince(older)) : null}
        {toggle("site", releases.site)}
        <a className="button" href={address("/api/releases/{version}/manifest", parts)} download={`manifest-${release.version}.json`}>
          {releases.takeManifest}
        </a>
      </div>
      {shown === "tables" ? <Tables version={release.version} /> : null}
      {shown === "changes" && older ? <Difference older={older} newer={release.version} /> : null}
      {shown === "site" ? (
        <div className="release-site">
          <p>{releases.siteMeaning}</p>
          <CopyField label={releases.site} text={`buffycoat site ${release.version} --out site-${release.version}`} />
        </div>
      ) : null}
    </article>
  );
}

function Tables({ version }: { version: string }) {
  const { data, problem, retry } = useJson<ReleaseTable[]>(address("/api/releases/{version}/tables", { version }));
  if (problem) return <Failed problem={problem} onRetry={retry} />;
  return data ? <PrintedTables tables={data} /> : <Loading />;
}
