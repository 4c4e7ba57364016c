/** The version, what is left to do, and the sealing; then what came of it. */
import { useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { useGet } from "../../api/resource";
import { Trouble } from "../../parts/Told";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { JobLine } from "../jobs/JobLine";
import type { Job } from "../jobs/jobs";
import { type Hurdle, type Step, stepFor } from "./draft";
import type { StepProps } from "./NewRelease";
import { ReleaseCard } from "./ReleaseCard";

export interface StepSealProps extends StepProps {
  left: readonly Hurdle[];
  onSealed: () => void;
}

const to = (step: Step): string => `/releases/new?step=${step}`;

export function StepSeal({ draft, choices, preview, left, onDraft, onSealed }: StepSealProps) {
  const { releases } = useWords();
  const { choice } = draft;
  const [job, setJob] = useState<string>();
  const [sealed, setSealed] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  const seal = () => {
    setProblem(undefined);
    sendJson<Job>("POST", "/api/releasing/seal", { ...choice, looked_at: preview?.digest ?? null }).then(
      ({ id }) => setJob(id),
      (reason: unknown) => setProblem(problemOf(reason)),
    );
  };
  const done = (ended: Job) => {
    if (ended.state !== "done") return;
    setSealed(choice.version);
    onSealed();
  };
  return (
    <>
      <TextField className="text-field seed-field" value={choice.version} onChange={(version) => onDraft({ ...draft, choice: { ...choice, version } })} isReadOnly={job !== undefined} autoComplete="off" maxLength={64}>
        <Label>{releases.version}</Label>
        <Input dir="ltr" />
      </TextField>
      {sealed === undefined && left.length > 0 ? (
        <div className="notice" role="status">
          <p className="notice-title">{releases.left}</p>
          <ul className="left-list">
            {left.map((hurdle) => (
              <li key={hurdle}>
                {hurdle === "version" ? (
                  choices.versions.includes(choice.version) ? (
                    releases.taken(choice.version)
                  ) : (
                    releases.noVersion
                  )
                ) : (
                  <Link className="link" href={to(stepFor[hurdle])}>
                    {releases.hurdles[hurdle]}
                  </Link>
                )}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {problem ? <Trouble problem={problem} /> : null}
      {job === undefined ? (
        <div className="row-buttons">
          <Button className="button strong" isDisabled={left.length > 0} onPress={seal}>
            {releases.seal(choice.version)}
          </Button>
          <span className="quiet">{releases.sealMeaning}</span>
        </div>
      ) : (
        <JobLine id={job} onDone={done} />
      )}
      {sealed ? <Sealed version={sealed} older={choices.versions.at(-1)} /> : null}
    </>
  );
}

function Sealed({ version, older }: { version: string; older: string | undefined }) {
  const { releases } = useWords();
  const { data } = useGet("/api/releases");
  const release = data?.find((each) => each.version === version);
  return (
    <div className="sealed" role="status">
      <p className="notice-title">{releases.sealed(version)}</p>
      {release ? <ReleaseCard release={release} older={older} first={older ? "changes" : "tables"} /> : null}
      <Link className="button" href="/releases">
        {releases.all}
      </Link>
    </div>
  );
}
