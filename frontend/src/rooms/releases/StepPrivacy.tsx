/** What could name a person: everything is looked through by a job, and each finding by the curator. */
import { useState } from "react";
import { Button, Checkbox, CheckboxGroup, Input, Label, NumberField } from "react-aria-components";

import { cellPicture, fieldPicture, type Problem, problemOf, sendJson } from "../../api/client";
import { useGet } from "../../api/resource";
import { Latin } from "../../parts/Facts";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { JobLine } from "../jobs/JobLine";
import type { Job } from "../jobs/jobs";
import { type Finding, findingKey, type ReleaseChoice, restsOn, ticked } from "./draft";
import type { StepProps } from "./NewRelease";

const WIDE = 1024;

export function StepPrivacy({ draft, choices, preview, onDraft }: StepProps) {
  const { releases, metadata } = useWords();
  const { choice } = draft;
  const [problem, setProblem] = useState<Problem>();
  const put = (over: Partial<ReleaseChoice>) => onDraft({ ...draft, choice: { ...choice, ...over } });
  const now = restsOn(choice);
  const current = preview !== undefined && draft.preview?.of === now;
  const look = () => {
    setProblem(undefined);
    sendJson<Job>("POST", "/api/releasing/previews", choice).then(
      (job) => onDraft({ ...draft, job: { id: job.id, of: now } }),
      (reason: unknown) => setProblem(problemOf(reason)),
    );
  };
  const done = (job: Job) => {
    const key = job.result?.["preview"];
    const of = draft.job?.of ?? now;
    if (job.state === "done" && typeof key === "string") onDraft({ ...draft, job: undefined, preview: { key, of } });
  };
  const withheld = (names: readonly string[]) => put({ withhold: choices.withholdable.filter((each) => names.includes(each)) });
  const name = (fact: string) => metadata.facts[fact] ?? releases.fact[fact] ?? fact;
  return (
    <>
      <CheckboxGroup className="check-group formats" value={[...choice.withhold]} onChange={withheld}>
        <Label>{releases.withhold}</Label>
        {choices.withholdable.map((fact) => (
          <Checkbox key={fact} value={fact} className="check">
            <span className="check-box" aria-hidden="true" />
            {name(fact)}
          </Checkbox>
        ))}
      </CheckboxGroup>
      <NumberField className="text-field seed-field" value={choice.minimum_group} onChange={(count) => put({ minimum_group: Number.isNaN(count) ? 5 : count })} minValue={1} maxValue={1000} step={1}>
        <Label>{releases.smallest}</Label>
        <Input />
      </NumberField>
      <div className="row-buttons">
        <Button className={current ? "button" : "button strong"} onPress={look} isDisabled={draft.job !== undefined}>
          {preview ? releases.lookAgain : releases.look}
        </Button>
        {preview && !current ? <span className="mark leak">{releases.stale}</span> : null}
      </div>
      {problem ? <Trouble problem={problem} /> : null}
      {draft.job ? (
        <>
          <JobLine key={draft.job.id} id={draft.job.id} onDone={done} />
          <div>
            <Button className="button" onPress={() => onDraft({ ...draft, job: undefined })}>
              {releases.forgetJob}
            </Button>
          </div>
        </>
      ) : null}
      {preview && current ? (
        <div className="findings">
          <p role="status">
            <strong>{preview.told === 0 ? releases.nothingFound : releases.findings(preview.told)}</strong>
          </p>
          {preview.told === 0 ? <p className="quiet">{releases.nothingFoundMeaning}</p> : null}
          {preview.told > preview.findings.length ? <p className="banner">{releases.onlyFirst(preview.findings.length)}</p> : null}
          <ul className="finding-list">
            {preview.findings.map((finding) => (
              <li key={findingKey(finding)} className="card finding">
                <One
                  finding={finding}
                  seen={draft.seen.includes(findingKey(finding))}
                  onSeen={(on) => onDraft(ticked(draft, finding, preview.findings, on))}
                  onWithhold={(facts) => withheld([...choice.withhold, ...facts])}
                  named={name}
                />
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </>
  );
}

interface OneProps {
  finding: Finding;
  seen: boolean;
  onSeen: (on: boolean) => void;
  onWithhold: (facts: readonly string[]) => void;
  named: (fact: string) => string;
}

function One({ finding, seen, onSeen, onWithhold, named }: OneProps) {
  const { releases } = useWords();
  const cure = finding.withhold ?? [];
  return (
    <>
      <h3>{releases.kinds[finding.kind] ?? finding.kind}</h3>
      <p lang="en" dir="ltr">
        <Latin>{finding.where}</Latin>: {finding.found}
      </p>
      {finding.id && finding.box && /^[fc]/.test(finding.id) ? <Where finding={finding} /> : null}
      <p className="quiet">{releases.adviceOnWords[finding.where.split(" ")[0] ?? ""] ?? releases.advice[finding.kind] ?? finding.advice}</p>
      <div className="row-buttons">
        {cure.length > 0 ? (
          <Button className="button" onPress={() => onWithhold(cure)}>
            {releases.withholdNow(cure.map(named).join(releases.comma))}
          </Button>
        ) : null}
        <Checkbox className="check" isSelected={seen} onChange={onSeen}>
          <span className="check-box" aria-hidden="true" />
          {finding.may_review ? releases.harmless : releases.looked}
        </Checkbox>
      </div>
    </>
  );
}

/** The picture with a frame where something was found; the box lies in its stored pixels. */
function Where({ finding }: { finding: Finding }) {
  const { releases } = useWords();
  const isField = (finding.id ?? "").startsWith("f");
  const { data } = useGet("/api/fields/{field_id}", isField ? { field_id: finding.id ?? "" } : null);
  const [size, setSize] = useState<{ width: number; height: number }>();
  const { box } = finding;
  // Of a photograph the picture may be smaller than its pixels, and turned ones are shown without a frame.
  const whole = isField ? (data && !data.field.quarter_turns ? { width: data.field.width_px, height: data.field.height_px } : undefined) : size;
  const percent = (part: number, all: number | null | undefined) => `${all ? (100 * part) / all : 0}%`;
  return (
    <span className="finding-picture">
      <img
        src={isField ? fieldPicture(finding.id ?? "", WIDE) : cellPicture(finding.id ?? "")}
        alt={releases.pictureOf(finding.where)}
        loading="lazy"
        onLoad={({ currentTarget: image }) => setSize({ width: image.naturalWidth, height: image.naturalHeight })}
      />
      {box && whole?.width && whole.height ? (
        <span
          className="finding-box"
          style={{
            left: percent(box.left, whole.width),
            top: percent(box.top, whole.height),
            width: percent(box.right - box.left, whole.width),
            height: percent(box.bottom - box.top, whole.height),
          }}
        />
      ) : null}
    </span>
  );
}
