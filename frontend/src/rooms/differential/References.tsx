/** Whose reference intervals are used; curators enter their laboratory's file here. */
import { useState } from "react";
import { Button, FileTrigger } from "react-aria-components";

import { address, type Problem, problemOf, sendJson } from "../../api/client";
import { useGet } from "../../api/resource";
import { Facts } from "../../parts/Facts";
import { useWords } from "../../words/words";
import { Trouble } from "../people/Entry";
import { usePerson } from "../people/session";
import type { Differential, KeptReference, ReferenceView } from "./values";

const URL_ = "/api/reference-intervals";

export function References({ found, onKept }: { found: Differential; onKept: () => void }) {
  const words = useWords();
  const { differential } = words;
  const person = usePerson();
  const view = useGet(URL_);
  const [problem, setProblem] = useState<Problem>();
  const [kept, setKept] = useState(false);
  const { reference } = found;
  const leads = person?.role === "curator" || person?.role === "admin";
  const enter = async (file: File | undefined) => {
    if (!file) return;
    setProblem(undefined);
    setKept(false);
    try {
      await sendJson<ReferenceView>("POST", URL_, { name: file.name, content: await file.text() });
      setKept(true);
      view.retry();
      onKept();
    } catch (reason) {
      setProblem(problemOf(reason));
    }
  };
  return (
    <section className="card reference-intervals" data-part="references">
      <h2>{differential.references}</h2>
      {reference ? (
        <>
          {reference.example ? (
            <p className="banner" role="note">
              {differential.example}
            </p>
          ) : null}
          <Facts
            facts={[
              [differential.laboratory, <bdi key="laboratory">{reference.laboratory}</bdi>],
              reference.population ? [differential.population, <bdi key="population">{reference.population}</bdi>] : null,
              reference.source ? [differential.from, <bdi key="source">{reference.source}</bdi>] : null,
              view.data?.kept_at ? [differential.since, words.date(view.data.kept_at)] : null,
            ]}
          />
          <p className="quiet">{differential.ends}</p>
          {reference.unused && reference.unused.length > 0 ? <p className="quiet">{differential.unused(reference.unused.join(", "))}</p> : null}
        </>
      ) : (
        <p>{differential.noReference}</p>
      )}
      {view.data && (view.data.kept ?? []).length > 1 ? <Kept kept={view.data.kept ?? []} /> : null}
      {leads ? (
        <div className="enter-reference">
          <FileTrigger acceptedFileTypes={[".toml", "application/toml", "text/plain"]} onSelect={(files) => void enter(files?.[0])}>
            <Button className="button">{reference ? differential.enterAnother : differential.enter}</Button>
          </FileTrigger>
          <span className="quiet">{differential.enterHint}</span>
          <span role="status">{kept ? differential.kept : ""}</span>
          {problem ? <Trouble problem={problem} /> : null}
          {view.data ? (
            <details>
              <summary>{differential.format}</summary>
              <pre dir="ltr" tabIndex={0}>
                {view.data.example}
              </pre>
            </details>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

/** All files that were entered, each with the people it is for: a laboratory may have one for each population. */
function Kept({ kept }: { kept: readonly KeptReference[] }) {
  const words = useWords();
  const { differential } = words;
  return (
    <details className="kept-references">
      <summary>{differential.enteredFiles(kept.length)}</summary>
      <ul>
        {kept.map(({ document_id, laboratory, population, kept_at, example, holds }) => (
          <li key={document_id}>
            <a className="link" href={address("/api/documents/{document_id}", { document_id })}>
              <bdi>{laboratory}</bdi>
            </a>{" "}
            <span>{population ? differential.forPeople(population) : differential.noPopulation}</span>{" "}
            <span className="quiet">{words.date(kept_at)}</span> {holds ? <span className="mark">{differential.holds}</span> : null}
            {example ? <span className="mark">{differential.exampleMark}</span> : null}
          </li>
        ))}
      </ul>
    </details>
  );
}
