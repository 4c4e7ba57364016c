/** A name for the filter; then it is kept, and can be put to use. */
import { type FormEvent, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { type FilterSaving, type FilterSetup, type FilterWish, type SavedFilter, saveUrl } from "./api";
import { UseFilter } from "./UseFilter";

export interface SaveFilterProps {
  setup: FilterSetup;
  wish: FilterWish;
  /** Whether there is a filter to keep. */
  ready: boolean;
}

export function SaveFilter({ setup, wish, ready }: SaveFilterProps) {
  const { filters } = useWords();
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [saved, setSaved] = useState<SavedFilter>();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const saving: FilterSaving = { name: name.trim(), wish };
      setSaved(await sendJson<SavedFilter>("POST", saveUrl, saving));
      setName("");
    } catch (reason) {
      setProblem(problemOf(reason));
    }
    setBusy(false);
  };
  return (
    <section className="filter-save" aria-label={filters.save}>
      <h2>{filters.save}</h2>
      <form className="entry" onSubmit={(event) => void send(event)}>
        <TextField className="text-field" value={name} onChange={setName} autoComplete="off" maxLength={64}>
          <Label>{filters.name}</Label>
          <Input dir="auto" />
        </TextField>
        {problem ? <Trouble problem={problem} /> : null}
        <Button type="submit" className="button strong" isDisabled={busy || !ready || name.trim() === ""}>
          {filters.saveNow}
        </Button>
      </form>
      {saved ? (
        <div className="filter-kept" role="status">
          <p>{filters.kept(saved.name, saved.digest.slice(0, 12))}</p>
        </div>
      ) : null}
      {saved ? <UseFilter key={saved.id} filter={saved} setups={[setup]} /> : null}
    </section>
  );
}
