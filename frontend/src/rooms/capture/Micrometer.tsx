/** How large a pixel is, from a photograph of a stage micrometer: looked at by the service, and kept by nobody. */
import { type ChangeEvent, useId, useState } from "react";
import { Input, Label, TextField } from "react-aria-components";

import { type Problem, problemOf, sendBytes } from "../../api/client";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { micrometerUrl, type Scale } from "./api";
import { forMicrometer, type NotTaken, whyNot } from "./prepare";
import { typed } from "./SetUpForm";
import { ACCEPT } from "./Shoot";

/** A hundredth of a millimeter from line to line is what most have. */
const USUAL = "10";

export function Micrometer({ onMeasured }: { onMeasured: (scale: number) => void }) {
  const { capture } = useWords();
  const id = useId();
  const [division, setDivision] = useState(USUAL);
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<Scale>();
  const [problem, setProblem] = useState<Problem>();
  const [not, setNot] = useState<NotTaken>();
  const width = typed(division);
  const usable = width !== null && width > 0;
  const measure = async (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.currentTarget;
    const [file] = input.files ?? [];
    if (!file || !usable) return;
    setBusy(true);
    setFound(undefined);
    setProblem(undefined);
    setNot(undefined);
    let photograph: Blob | undefined;
    try {
      photograph = await forMicrometer(file);
    } catch (reason) {
      setNot(whyNot(file.name, reason));
    }
    try {
      if (photograph) {
        const scale = await sendBytes<Scale>(micrometerUrl(width), photograph);
        setFound(scale);
        onMeasured(scale.micrometres_per_pixel);
      }
    } catch (reason) {
      setProblem(problemOf(reason));
    } finally {
      input.value = "";
      setBusy(false);
    }
  };
  return (
    <fieldset className="micrometer">
      <legend>{capture.micrometer}</legend>
      <p className="quiet">{capture.micrometerMeaning}</p>
      <TextField className="text-field" value={division} onChange={setDivision} maxLength={10}>
        <Label>{capture.division}</Label>
        <Input dir="ltr" inputMode="decimal" />
      </TextField>
      <label htmlFor={id} className="button wide file-button" data-disabled={busy || !usable || undefined}>
        {busy ? capture.measuring : capture.choosePhotograph}
        <input id={id} type="file" accept={ACCEPT} className="file-input" disabled={busy || !usable} onChange={(event) => void measure(event)} />
      </label>
      {found ? <p role="status">{capture.measured(found.micrometres_per_pixel, found.spread)}</p> : null}
      {not ? <p className="field-wrong">{capture.notTaken[not.why](not.kind)}</p> : null}
      {problem ? <Trouble problem={problem} /> : null}
    </fieldset>
  );
}
