/** Another selection of cells, kept under a name as `buffycoat query` keeps it. */
import { type FormEvent, useState } from "react";
import { Button, Checkbox, CheckboxGroup, Input, Label, TextField } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { useGet } from "../../api/resource";
import type { components } from "../../api/schema";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";

type Query = components["schemas"]["Query"];
const STANDINGS = ["agreed", "adjudicated", "single"] as const;
const LEVEL = "five-class";

export function QueryForm({ onSaved }: { onSaved: (id: string) => void }) {
  const words = useWords();
  const { releases } = words;
  const { data: taxonomy } = useGet("/api/taxonomy");
  const { data: smears } = useGet("/api/smears");
  const classes = [...new Set(Object.values(taxonomy?.levels?.[LEVEL] ?? {}))];
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [standing, setStanding] = useState<readonly string[]>(["agreed", "adjudicated"]);
  const [terms, setTerms] = useState<readonly string[]>([]);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<Problem>();
  const id = name.trim().toLowerCase();
  const save = (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    sendJson<Query>("POST", "/api/releasing/queries", { id, title: id, standing, terms, smears: chosen, kept: true }).then(
      (query) => {
        setOpen(false);
        setName("");
        onSaved(query.id);
      },
      (reason: unknown) => setProblem(problemOf(reason)),
    );
  };
  const group = (label: string, value: readonly string[], change: (next: string[]) => void, options: readonly (readonly [id: string, name: string])[]) => (
    <CheckboxGroup className="check-group formats" value={[...value]} onChange={change}>
      <Label>{label}</Label>
      {options.map(([key, text]) => (
        <Checkbox key={key} value={key} className="check">
          <span className="check-box" aria-hidden="true" />
          <bdi>{text}</bdi>
        </Checkbox>
      ))}
    </CheckboxGroup>
  );
  return (
    <details className="mask-more" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{releases.otherCells}</summary>
      <form className="entry" onSubmit={save}>
        <TextField className="text-field" value={name} onChange={setName} isRequired autoComplete="off" maxLength={64}>
          <Label>{releases.queryName}</Label>
          <Input dir="ltr" />
        </TextField>
        {group(
          words.gallery.standing,
          standing,
          setStanding,
          STANDINGS.map((each) => [each, words.standing[each] ?? each]),
        )}
        {group(
          releases.onlyClasses,
          terms,
          setTerms,
          classes.map((term) => [term, termName(term, taxonomy, words)]),
        )}
        {(smears?.length ?? 0) <= 60
          ? group(
              releases.onlySmears,
              chosen,
              setChosen,
              (smears ?? []).map(({ smear }) => [smear.id, smear.code]),
            )
          : null}
        {problem ? <Trouble problem={problem} /> : null}
        <Button type="submit" className="button" isDisabled={!/^[a-z0-9][a-z0-9-]{0,63}$/.test(id) || standing.length === 0}>
          {releases.saveQuery}
        </Button>
      </form>
    </details>
  );
}
