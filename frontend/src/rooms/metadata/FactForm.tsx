/** One fact for all chosen rows: the new value, what it would change, and only then the saving. */
import { type FormEvent, useId, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { Choice } from "../people/Choice";
import { Was } from "./Was";
import { factName, isFree, spelled } from "./spelled";
import { type Fact, FACTS, type FactsChanged, inUse, isOfSetup, type Row, toldOf } from "./table";

const SOURCES = ["typed", "stage-micrometer"] as const;

export interface FactFormProps {
  rows: readonly Row[];
  all: readonly Row[];
  choices: Readonly<Record<string, readonly string[]>>;
  first: Fact;
  onSaved: (changed: FactsChanged) => void;
}

export function FactForm({ rows, all, choices, first, onSaved }: FactFormProps) {
  const words = useWords();
  const { metadata, scaleSource } = words;
  const [fact, setFact] = useState<Fact>(first);
  const [value, setValue] = useState("");
  const [source, setSource] = useState<string>("typed");
  const [seen, setSeen] = useState<{ changed: FactsChanged; of: string }>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const offered = useId();
  const listed = choices[fact];
  const wish = { fact, value: value.trim() === "" || value === "unknown" ? null : value.trim(), scale_source: source, ...toldOf(rows, fact) };
  const asked = JSON.stringify(wish);
  // What was looked at holds only as long as nothing else is chosen or said.
  const shown = seen?.of === asked ? seen.changed : undefined;
  const send = async (keep: boolean) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const changed = await sendJson<FactsChanged>("POST", "/api/metadata", { ...wish, keep });
      if (keep) onSaved(changed);
      else setSeen({ changed, of: asked });
    } catch (reason) {
      setProblem(problemOf(reason));
    }
    setBusy(false);
  };
  return (
    <form
      className="entry-card fact-form"
      aria-label={metadata.change}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void send(false);
      }}
    >
      <h2>{metadata.change}</h2>
      <div className="row-form">
        <Choice
          label={metadata.fact}
          value={fact}
          options={FACTS.map((id) => ({ id, name: factName(id, words) }))}
          onChange={(next) => {
            setFact(next as Fact);
            setValue("");
            setProblem(undefined);
          }}
        />
        {listed ? (
          <Choice
            key={fact}
            label={metadata.value}
            value={value || "unknown"}
            options={listed.map((id) => ({ id, name: spelled(fact, id, words) }))}
            onChange={setValue}
          />
        ) : (
          <TextField key={fact} className="text-field" value={value} onChange={setValue} autoComplete="off" maxLength={200}>
            <Label>{metadata.value}</Label>
            <Input dir={isFree(fact) ? "ltr" : "auto"} list={offered} inputMode={fact.endsWith("pixel") || fact.endsWith("magnification") ? "decimal" : "text"} placeholder={metadata.unknown} />
          </TextField>
        )}
        <datalist id={offered}>
          {inUse(all, fact).slice(0, 50).map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        {fact === "micrometres_per_pixel" ? (
          <Choice label={metadata.from} value={source} options={SOURCES.map((id) => ({ id, name: scaleSource[id] ?? id }))} onChange={setSource} />
        ) : null}
        <Button type="submit" className="button" isDisabled={busy}>
          {metadata.look}
        </Button>
      </div>
      <p className="quiet">
        {isOfSetup(fact) ? metadata.ofSetup : metadata.ofSmear} {fact === "subject" ? metadata.pseudonym : ""}
      </p>
      {problem ? <Trouble problem={problem} /> : null}
      {shown ? (
        <div className="fact-change" role="status">
          <p>
            <strong>{shown.photographs > 0 ? metadata.would(shown.smears, shown.photographs) : metadata.nothing}</strong>{" "}
            {shown.same > 0 && shown.photographs > 0 ? metadata.same(shown.same) : ""}
          </p>
          <Was changed={shown} />
          {shown.photographs > 0 ? (
            <Button className="button strong" isDisabled={busy} onPress={() => void send(true)}>
              {metadata.save}
            </Button>
          ) : null}
        </div>
      ) : null}
    </form>
  );
}
