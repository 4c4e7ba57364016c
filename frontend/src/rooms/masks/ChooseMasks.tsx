/** Cells to be chosen for masks: so many of each class, as the paper had them or as one likes. */
import { type FormEvent, useState } from "react";
import { Button, Checkbox, CheckboxGroup, Input, Label, NumberField, TextField } from "react-aria-components";

import { type Problem, problemOf, sendJson, type Taxonomy } from "../../api/client";
import { useGet } from "../../api/resource";
import { Loading } from "../../parts/Notice";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { chooseUrl, type MaskSet, type MaskWish } from "./api";

/** The level of the taxonomy whose classes masks are chosen by. */
const LEVEL = "five-class";
const FIRST = 20;
/** Granules hide the nucleus of these. */
const WHOLE_ONLY = "basophil";
const MOST_SEED = 2 ** 31 - 1;

export interface ChooseMasksProps {
  onChosen: (set: MaskSet) => void;
  onCancel: () => void;
}

export function ChooseMasks(props: ChooseMasksProps) {
  const { data: taxonomy } = useGet("/api/taxonomy");
  return taxonomy ? <Form taxonomy={taxonomy} {...props} /> : <Loading />;
}

function Form({ taxonomy, onChosen, onCancel }: ChooseMasksProps & { taxonomy: Taxonomy }) {
  const words = useWords();
  const { masks, people } = words;
  const classes = [...new Set(Object.values(taxonomy.levels?.[LEVEL] ?? {}))];
  const { data: presets } = useGet("/api/masks/presets");
  const [name, setName] = useState("");
  const [counts, setCounts] = useState<Readonly<Record<string, number>>>(() => Object.fromEntries(classes.map((term) => [term, FIRST])));
  const [wholeOnly, setWholeOnly] = useState<readonly string[]>(classes.filter((term) => term === WHOLE_ONLY));
  const [fewer, setFewer] = useState(false);
  const [seed, setSeed] = useState(0);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const named = (term: string) => termName(term, taxonomy, words);
  const total = classes.reduce((sum, term) => sum + (counts[term] || 0), 0);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    const wish: MaskWish = {
      name: name.trim(),
      counts: Object.fromEntries(classes.map((term) => [term, counts[term] || 0])),
      whole_only: wholeOnly.filter((term) => (counts[term] || 0) > 0),
      seed: seed || 0,
      fewer,
    };
    try {
      onChosen(await sendJson<MaskSet>("POST", chooseUrl, wish));
    } catch (reason) {
      setProblem(problemOf(reason));
      setBusy(false);
    }
  };
  return (
    <section className="entry-card">
      <h2>{masks.choose}</h2>
      <p className="quiet">{masks.chooseMeaning}</p>
      <form className="entry" onSubmit={(event) => void send(event)}>
        <TextField className="text-field" value={name} onChange={setName} isRequired autoComplete="off" maxLength={64} autoFocus>
          <Label>{masks.setName}</Label>
          <Input dir="auto" />
        </TextField>
        {presets?.length ? (
          <div className="page-actions">
            {presets.map((preset) => (
              <Button
                key={preset.name}
                className="button"
                onPress={() => {
                  setCounts(preset.counts);
                  setWholeOnly(preset.whole_only);
                }}
              >
                {masks.preset(masks.presets[preset.name] ?? preset.name, Object.values(preset.counts).reduce((sum, count) => sum + count, 0))}
              </Button>
            ))}
          </div>
        ) : null}
        <div className="mask-quotas" role="group" aria-label={masks.quotas}>
          {classes.map((term) => (
            <NumberField key={term} className="text-field" value={counts[term] ?? 0} onChange={(count) => setCounts({ ...counts, [term]: count })} minValue={0} step={1}>
              <Label>{named(term)}</Label>
              <Input />
            </NumberField>
          ))}
        </div>
        <CheckboxGroup className="check-group" value={[...wholeOnly]} onChange={setWholeOnly}>
          <Label>{masks.wholeOnly}</Label>
          {classes.map((term) => (
            <Checkbox key={term} value={term} className="check">
              <span className="check-box" aria-hidden="true" />
              {named(term)}
            </Checkbox>
          ))}
        </CheckboxGroup>
        <Checkbox className="check" isSelected={fewer} onChange={setFewer}>
          <span className="check-box" aria-hidden="true" />
          <span>
            {masks.fewer}
            <br />
            <span className="quiet">{masks.fewerMeaning}</span>
          </span>
        </Checkbox>
        <details className="mask-more">
          <summary>{masks.more}</summary>
          <NumberField className="text-field" value={seed} onChange={setSeed} minValue={0} maxValue={MOST_SEED} step={1}>
            <Label>{masks.seed}</Label>
            <Input />
          </NumberField>
        </details>
        {problem ? <Trouble problem={problem} /> : null}
        <span className="page-actions">
          <Button type="submit" className="button strong" isDisabled={busy || name.trim() === "" || total === 0}>
            {masks.chooseNow(total)}
          </Button>
          <Button className="button" onPress={onCancel}>
            {people.cancel}
          </Button>
        </span>
      </form>
    </section>
  );
}
