/** Ordering work: a kind, and what it is told. */
import { useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";

import { Failure, type Problem, sendJson } from "../../api/client";
import { useGet, useJson } from "../../api/resource";
import { Failed, Loading } from "../../parts/Notice";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { Choice } from "../people/Choice";
import { type Asked, askedBy, type Job, type JobKind, kindName, kindsUrl, startUrl } from "./jobs";

const EVERY = "-";
type Given = Readonly<Record<string, unknown>>;

export function StartJob({ onStarted, onCancel }: { onStarted: (job: Job) => void; onCancel: () => void }) {
  const words = useWords();
  const { jobs } = words;
  const { data: kinds, problem, retry } = useJson<JobKind[]>(kindsUrl);
  const [chosen, setChosen] = useState<string>();
  const [given, setGiven] = useState<Given>({});
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Problem>();
  if (problem) return <Failed problem={problem} onRetry={retry} />;
  const kind = kinds?.find(({ name }) => name === chosen) ?? kinds?.[0];
  if (kinds === undefined || kind === undefined) return <Loading />;
  const tell = (name: string, value: unknown) => setGiven({ ...given, [name]: value });
  const start = () => {
    setBusy(true);
    setRefused(undefined);
    sendJson<Job>("POST", startUrl, { kind: kind.name, parameters: given }).then(onStarted, (reason: unknown) => {
      if (!(reason instanceof Failure)) throw reason;
      setBusy(false);
      setRefused(reason.problem);
    });
  };
  return (
    <form
      className="card job-form"
      aria-label={jobs.start}
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <Choice
        label={jobs.what}
        value={kind.name}
        options={kinds.map(({ name }) => ({ id: name, name: kindName(name, words) }))}
        onChange={(name) => {
          setChosen(name);
          setGiven({});
        }}
      />
      <p className="quiet">{jobs.kind[kind.name]?.meaning}</p>
      {shownOf(kind.name, askedBy(kind), given).map((asked) => (
        <Question key={`${kind.name} ${asked.name}`} asked={asked} given={given} onTell={tell} />
      ))}
      {refused ? <Trouble problem={refused} /> : null}
      <div className="row-form">
        <Button type="submit" className="button strong" isDisabled={busy}>
          {jobs.startNow}
        </Button>
        <Button className="button" onPress={onCancel}>
          {jobs.cancelForm}
        </Button>
      </div>
    </form>
  );
}

/** One smear is cleaned as it was before, so nothing else is asked then; bits belong to the paper's method. */
const shownOf = (kind: string, asked: readonly Asked[], given: Given): readonly Asked[] =>
  asked.filter(({ name, is }) => (name.endsWith("_bits") ? given["method"] === "paper" : true) && (kind !== "clean" || is === "smear" || given["smear"] === undefined));

function Question({ asked, given, onTell }: { asked: Asked; given: Given; onTell: (name: string, value: unknown) => void }) {
  const { jobs } = useWords();
  const label = jobs.parameter[asked.name] ?? asked.name;
  if (asked.is === "smear") return <SmearChoice label={label} value={given[asked.name]} onTell={(id) => onTell(asked.name, id)} />;
  if (asked.is === "choice") {
    return (
      <Choice
        label={label}
        value={String(given[asked.name] ?? asked.usual)}
        options={asked.options.map((id) => ({ id, name: jobs.option[id] ?? id }))}
        onChange={(id) => onTell(asked.name, id)}
      />
    );
  }
  if (asked.is === "whether") {
    return (
      <label className="job-whether">
        <input type="checkbox" checked={(given[asked.name] as boolean | undefined) ?? asked.usual} onChange={(event) => onTell(asked.name, event.target.checked)} />
        {label}
      </label>
    );
  }
  return (
    <TextField
      className="text-field"
      value={String(given[asked.name] ?? "")}
      onChange={(text) => onTell(asked.name, /^\d+$/.test(text.trim()) ? Number(text) : text.trim() === "" ? undefined : text)}
    >
      <Label>{label}</Label>
      <Input inputMode="numeric" />
    </TextField>
  );
}

function SmearChoice({ label, value, onTell }: { label: string; value: unknown; onTell: (id: string | undefined) => void }) {
  const { jobs } = useWords();
  const { data } = useGet("/api/smears");
  return (
    <Choice
      label={label}
      value={typeof value === "string" ? value : EVERY}
      options={[{ id: EVERY, name: jobs.allSmears }, ...(data ?? []).map(({ smear }) => ({ id: smear.id, name: smear.code }))]}
      onChange={(id) => onTell(id === EVERY ? undefined : id)}
    />
  );
}
