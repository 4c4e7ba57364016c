/** Which slide is on the stage: by the label on it, by its code, or from the list. There is no place for a name. */
import { type FormEvent, useState } from "react";
import { Button, FieldError, Form, Input, Label, TextField } from "react-aria-components";

import type { SmearChoice } from "../../offline/photographs/photograph";
import { Latin } from "../../parts/Facts";
import { useWords } from "../../words/words";
import type { Smear } from "./api";
import { isCode, readMark } from "./mark";
import { ScanDialog } from "./ScanDialog";

const SHOWN = 40;

export interface ChooseSmearProps {
  smears: readonly Smear[];
  onChoose: (smear: SmearChoice) => void;
}

const asChoice = ({ id, code, site }: Smear): SmearChoice => ({ id, code, ...(site === "unknown" ? {} : { site }) });

export function ChooseSmear({ smears, onChoose }: ChooseSmearProps) {
  const words = useWords();
  const { capture } = words;
  const [code, setCode] = useState("");
  const [wrong, setWrong] = useState(false);
  const [scanning, setScanning] = useState(false);
  const choose = (wanted: { code: string; site?: string }) => {
    // A site that is not said means the one slide of this code, wherever it is from.
    const here = smears.filter((each) => each.code === wanted.code && (wanted.site === undefined || each.site === wanted.site));
    onChoose(here.length === 1 && here[0] ? asChoice(here[0]) : wanted);
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    // A scanner that types like a keyboard writes the whole text of a label.
    const mark = readMark(code);
    setWrong(mark === undefined);
    if (mark) choose(mark);
  };
  const sought = code.trim().toLowerCase();
  const found = smears.filter((each) => each.code.toLowerCase().includes(sought));
  return (
    <section className="card choose-smear">
      <div>
        <h2>{capture.whichSlide}</h2>
        <p className="quiet">{capture.slideMeaning}</p>
      </div>
      <Button className="button strong wide" onPress={() => setScanning(true)}>
        {capture.scan}
      </Button>
      <Form className="entry" onSubmit={send}>
        <TextField
          className="text-field"
          value={code}
          onChange={(now) => {
            setCode(now);
            setWrong(false);
          }}
          isInvalid={wrong}
        >
          <Label>{capture.code}</Label>
          <span className="with-button">
            <Input dir="ltr" autoCapitalize="characters" autoComplete="off" spellCheck={false} />
            <Button type="submit" className="button" isDisabled={code.trim() === ""}>
              {capture.begin}
            </Button>
          </span>
          <FieldError className="field-wrong">{capture.wrongCode}</FieldError>
        </TextField>
      </Form>
      {smears.length > 0 ? (
        <section className="known-smears" aria-label={capture.known}>
          {found.length > 0 ? <h3>{capture.known}</h3> : null}
          <ul>
            {found.slice(0, SHOWN).map((each) => (
              <li key={each.id}>
                <Button className="button known-smear" onPress={() => onChoose(asChoice(each))}>
                  <Latin>{each.site === "unknown" ? each.code : `${each.code} · ${each.site}`}</Latin>
                  <span className="quiet">{capture.photographs(each.photographs)}</span>
                </Button>
              </li>
            ))}
          </ul>
          {found.length === 0 && isCode(code.trim()) ? <p className="quiet">{capture.noneFound}</p> : null}
        </section>
      ) : null}
      <ScanDialog
        open={scanning}
        onClose={() => setScanning(false)}
        onMark={(mark) => {
          setScanning(false);
          choose(mark);
        }}
      />
    </section>
  );
}
