/** A filter put to use: for which smear, what it would change there, and the search as a job. */
import { useState } from "react";
import { Button } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { JobLine } from "../jobs/JobLine";
import { Choice } from "../people/Choice";
import { type FilterPreview, type FilterSetup, type FilterUse, type Job, previewUrl, type SavedFilter, setupName, useUrl } from "./api";

export interface UseFilterProps {
  /** `null`: the one that comes along. */
  filter: SavedFilter | null;
  /** Of which the first is offered first. */
  setups: readonly FilterSetup[];
  onChosen?: () => void;
}

const keyOf = ({ smear_id, capture }: FilterSetup): string => `${smear_id} ${capture.id}`;

export function UseFilter({ filter, setups, onChosen }: UseFilterProps) {
  const words = useWords();
  const { filters } = words;
  const open = setups.filter(({ searchable }) => searchable > 0);
  const [at, setAt] = useState(open[0] ? keyOf(open[0]) : "");
  const [preview, setPreview] = useState<FilterPreview>();
  const [job, setJob] = useState<Job>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const setup = open.find((each) => keyOf(each) === at);
  if (!setup) return <p className="quiet">{filters.noSearch}</p>;
  const use: FilterUse = { smear_id: setup.smear_id, capture_id: setup.capture.id, filter_id: filter?.id ?? null };
  const ask = async <T,>(url: string, then: (answer: T) => void) => {
    setBusy(true);
    setProblem(undefined);
    try {
      then(await sendJson<T>("POST", url, use));
    } catch (reason) {
      setProblem(problemOf(reason));
    }
    setBusy(false);
  };
  return (
    <section className="filter-use" aria-label={filters.use}>
      <h3>{filters.use}</h3>
      {open.length > 1 ? (
        <Choice
          label={filters.useFor}
          value={at}
          options={open.map((each) => ({ id: keyOf(each), name: `${each.smear} · ${setupName(each)}` }))}
          onChange={(id) => {
            setAt(id);
            setPreview(undefined);
            setJob(undefined);
          }}
        />
      ) : (
        <p>
          {filters.useFor}: <bdi>{setup.smear}</bdi>
        </p>
      )}
      {job ? null : (
        <div className="page-actions">
          <Button className="button" isDisabled={busy} onPress={() => void ask<FilterPreview>(previewUrl, setPreview)}>
            {filters.preview}
          </Button>
          <Button
            className="button strong"
            isDisabled={busy || !preview}
            onPress={() =>
              void ask<Job>(useUrl, (ordered) => {
                setJob(ordered);
                onChosen?.();
              })
            }
          >
            {filters.useNow(setup.searchable)}
          </Button>
        </div>
      )}
      {problem ? <Trouble problem={problem} /> : null}
      {preview && !job ? <Preview preview={preview} /> : null}
      <p className="quiet">{job ? filters.chosen : preview ? filters.nothingLost : filters.previewFirst}</p>
      {job ? <JobLine id={job.id} first={job} /> : null}
    </section>
  );
}

function Preview({ preview }: { preview: FilterPreview }) {
  const { filters, number } = useWords();
  return (
    <div className="filter-preview" data-part="preview">
      <p role="status">{filters.would(preview.then, preview.now, preview.fields.length, preview.total)}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{filters.photographColumn}</th>
            <th scope="col">{filters.now}</th>
            <th scope="col">{filters.then}</th>
          </tr>
        </thead>
        <tbody>
          {preview.fields.map((each, index) => (
            <tr key={each.field_id} className={each.now === each.then ? "" : "differs"}>
              <th scope="row">
                <a className="link" href={`/fields/${each.field_id}`} target="_blank" rel="noreferrer">
                  {filters.nth(index + 1)}
                  <span className="unseen"> ({filters.newTab})</span>
                </a>
              </th>
              <td>{number(each.now)}</td>
              <td>{number(each.then)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
