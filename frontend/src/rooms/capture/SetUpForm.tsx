/** A new set-up: microscope, objective, camera, adapter, and how large a pixel is, also as measured from a stage micrometer. */
import { type FormEvent, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { Choice } from "../people/Choice";
import { type Preset, presetsUrl, type PresetWish } from "./api";
import { Micrometer } from "./Micrometer";

const DIGITS = "۰۱۲۳۴۵۶۷۸۹";
const TURNS = ["0", "1", "2", "3"];

/** A number as people type it, with a point or a comma, in Latin or Persian digits; `null` for nothing, NaN for no number. */
export function typed(text: string): number | null {
  const plain = [...text.trim()].map((each) => (DIGITS.includes(each) ? String(DIGITS.indexOf(each)) : each)).join("").replace(/[,٫]/, ".");
  return plain === "" ? null : Number(plain);
}

interface Fields {
  name: string;
  microscope: string;
  objective: string;
  camera: string;
  adapter: string;
  scale: string;
}

const EMPTY: Fields = { name: "", microscope: "", objective: "", camera: "", adapter: "", scale: "" };

export function SetUpForm({ onMade }: { onMade: (preset: Preset) => void }) {
  const { capture } = useWords();
  const [fields, setFields] = useState(EMPTY);
  const [turns, setTurns] = useState("0");
  const [measured, setMeasured] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const { name, microscope, camera, adapter } = fields;
  const [objective, scale] = [typed(fields.objective), typed(fields.scale)];
  const sound = name.trim() !== "" && [objective, scale].every((each) => each === null || each > 0);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    const wish: PresetWish = {
      ...{ name: name.trim(), microscope: microscope.trim() || "unknown", objective_magnification: objective },
      ...{ camera: camera.trim() || null, adapter: adapter.trim(), micrometres_per_pixel: scale, quarter_turns: Number(turns) },
      scale_source: scale === null ? "unknown" : measured === fields.scale ? "stage-micrometer" : "typed",
    };
    try {
      onMade(await sendJson<Preset>("POST", presetsUrl, wish));
    } catch (reason) {
      setProblem(problemOf(reason));
      setBusy(false);
    }
  };
  const field = (key: keyof Fields, label: string, { hint = "", numeric = false } = {}) => (
    <TextField className="text-field" value={fields[key]} maxLength={60} isRequired={key === "name"} onChange={(now) => setFields((before) => ({ ...before, [key]: now }))}>
      <Label>{label}</Label>
      <Input dir={numeric ? "ltr" : "auto"} inputMode={numeric ? "decimal" : "text"} autoComplete="off" spellCheck={false} />
      {hint ? <span className="quiet">{hint}</span> : null}
    </TextField>
  );
  return (
    <form className="entry set-up-form" onSubmit={(event) => void send(event)}>
      <p className="quiet">{capture.setUpMeaning}</p>
      {field("name", capture.name)}
      {field("microscope", capture.microscope)}
      {field("objective", capture.objective, { numeric: true })}
      {field("camera", capture.camera, { hint: capture.cameraHint })}
      {field("adapter", capture.adapter)}
      <Choice label={capture.turns} value={turns} options={TURNS.map((id) => ({ id, name: id }))} onChange={setTurns} />
      {field("scale", capture.scale, { hint: capture.scaleHint, numeric: true })}
      <Micrometer
        onMeasured={(found) => {
          const text = String(Number(found.toPrecision(6)));
          setMeasured(text);
          setFields((before) => ({ ...before, scale: text }));
        }}
      />
      {problem ? <Trouble problem={problem} /> : null}
      <Button type="submit" className="button strong wide" isDisabled={!sound || busy}>
        {capture.keepSetUp}
      </Button>
    </form>
  );
}
