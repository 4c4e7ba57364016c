/** Documents, releases and scorecards of the workspace. */
import type { ReactNode } from "react";

import { address, type Release, type Scorecard } from "../../api/client";
import { type Resource, useGet } from "../../api/resource";
import { Facts, Latin } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { useWords } from "../../words/words";

export function Results() {
  const words = useWords();
  const { results } = words;
  const documents = useGet("/api/documents");
  const releases = useGet("/api/releases");
  const scorecards = useGet("/api/scorecards");
  return (
    <div className="results">
      <section>
        <h2>{results.documents}</h2>
        <List resource={documents} empty={<Empty title={results.noDocuments} hint={results.noDocumentsHint} />}>
          {(items) => (
            <ul className="documents">
              {items.map((document) => (
                <li key={document.id}>
                  <a
                    className="link"
                    href={address("/api/documents/{document_id}", { document_id: document.id })}
                    target="_blank"
                    rel="noreferrer"
                  >
                    {document.title}
                    <span className="unseen"> ({results.newTab})</span>
                  </a>
                  <span className="quiet">
                    <bdi>{results.kinds[document.kind] ?? document.kind}</bdi> · <bdi>{words.date(document.made_at)}</bdi>
                  </span>
                </li>
              ))}
            </ul>
          )}
        </List>
      </section>
      <section>
        <h2>{results.releases}</h2>
        <List resource={releases} empty={<Empty title={results.noReleases} hint={results.noReleasesHint} />}>
          {(items) => items.map((release) => <ReleaseCard key={release.id} release={release} />)}
        </List>
      </section>
      <section>
        <h2>{results.scorecards}</h2>
        <List resource={scorecards} empty={<Empty title={results.noScorecards} hint={results.noScorecardsHint} />}>
          {(items) => <Scores cards={items} releases={releases.data ?? []} />}
        </List>
      </section>
    </div>
  );
}

interface ListProps<T> {
  resource: Resource<T[]>;
  empty: ReactNode;
  children: (items: T[]) => ReactNode;
}

function List<T>({ resource, empty, children }: ListProps<T>) {
  if (resource.problem) return <Failed problem={resource.problem} onRetry={resource.retry} />;
  if (resource.data === undefined) return <Loading />;
  return resource.data.length === 0 ? empty : children(resource.data);
}

function ReleaseCard({ release }: { release: Release }) {
  const words = useWords();
  const { results } = words;
  const { about, leaks: found = {} } = release;
  const leaks = Object.entries(found).filter(([, count]) => count > 0);
  const splits = Object.keys(release.counts);
  const terms = [...new Set(splits.flatMap((split) => Object.keys(release.counts[split] ?? {})))];
  const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);
  return (
    <article className="card">
      <h3>
        <Latin>{release.version}</Latin>
        {release.simulated ? <span className="mark simulated">{words.app.simulated}</span> : null}
      </h3>
      <Facts
        facts={[
          [results.level, words.label.levels[release.level] ?? release.level],
          [
            results.license,
            release.license || about?.license ? <Latin key="license">{release.license || about?.license}</Latin> : results.noLicense,
          ],
          about?.terms_of_use ? [results.terms, <bdi key="terms">{about.terms_of_use}</bdi>] : null,
          [results.leaks, leaks.length === 0 ? results.noLeaks : <Leaks key="leaks" leaks={leaks} />],
          [results.sealed, words.date(release.sealed_at)],
        ]}
      />
      <div className="scroll-sideways" tabIndex={0} role="region" aria-label={results.countsCaption(release.version)}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.gallery.term}</th>
              {splits.map((split) => (
                <th key={split} scope="col" className="number">
                  <Latin>{split}</Latin>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {terms.map((term) => (
              <tr key={term}>
                <th scope="row">{words.term[term] ?? term}</th>
                {splits.map((split) => (
                  <td key={split} className="number">
                    {words.number(release.counts[split]?.[term] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{results.total}</th>
              {splits.map((split) => (
                <td key={split} className="number">
                  {words.number(sum(Object.values(release.counts[split] ?? {})))}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </div>
    </article>
  );
}

/** What lies on both sides of the split, and was let through on demand. */
function Leaks({ leaks }: { leaks: readonly (readonly [kind: string, count: number])[] }) {
  const words = useWords();
  return (
    <ul className="leaks">
      {leaks.map(([kind, count]) => (
        <li key={kind}>
          <span className="mark leak">
            {words.leak[kind] ?? kind}: {words.number(count)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Scores({ cards, releases }: { cards: readonly Scorecard[]; releases: readonly Release[] }) {
  const words = useWords();
  const { results } = words;
  const releaseOf = (card: Scorecard) => releases.find(({ id }) => id === card.release_id);
  const share = (value: number | null) => (value === null ? results.undefined : words.percent(value));
  return (
    <>
      <div className="scores">
        {cards.map((card) => (
          <article key={card.id} className="card">
            <h3>
              <Latin>{card.recipe}</Latin> · <Latin>{card.split}</Latin>
              {releaseOf(card)?.simulated ? <span className="mark simulated">{words.app.simulated}</span> : null}
            </h3>
            <p>
              <span className="quiet">{results.balanced}</span>
              <br />
              <span className="big">{share(card.balanced_accuracy)}</span>
            </p>
            <Facts
              facts={[
                [
                  results.interval,
                  card.interval ? `${words.percent(card.interval[0])} – ${words.percent(card.interval[1])}` : results.undefined,
                ],
                [results.accuracy, share(card.accuracy)],
                [results.baseline, share(card.baseline)],
                [
                  results.version,
                  <Latin key="version">{releaseOf(card)?.version ?? card.release_id}</Latin>,
                ],
              ]}
            />
          </article>
        ))}
      </div>
      <p className="quiet">{results.baselineMeaning}</p>
    </>
  );
}
