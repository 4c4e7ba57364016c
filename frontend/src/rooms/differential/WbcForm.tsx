/** The count of leukocytes that absolute counts are made of; the address bar holds it, so that a link says it too. */
import { type FormEvent, useState } from "react";
import { Button, Checkbox, FieldError, Input, Label, Text, TextField } from "react-aria-components";

import { goQuery } from "../../route/router";
import { useWords } from "../../words/words";
import { typedNumber } from "./values";

export function WbcForm({ wbc, leftOut }: { wbc: string | null; leftOut: boolean }) {
  const { differential } = useWords();
  const [typed, setTyped] = useState(wbc ?? "");
  const [left, setLeft] = useState(leftOut);
  const [wrong, setWrong] = useState(false);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const number = typedNumber(typed);
    setWrong(number === undefined && typed.trim() !== "");
    if (number === undefined && typed.trim() !== "") return;
    goQuery({ wbc: number === undefined ? null : String(number), left_out: number !== undefined && left ? "1" : null });
  };
  return (
    <form className="card wbc-form" onSubmit={send} noValidate>
      <TextField className="text-field" value={typed} onChange={setTyped} isInvalid={wrong}>
        <Label>{differential.wbc}</Label>
        <Input dir="ltr" inputMode="decimal" autoComplete="off" size={8} />
        <Text slot="description" className="quiet">
          {differential.wbcHint}
        </Text>
        <FieldError className="wrong">{differential.noNumber}</FieldError>
      </TextField>
      <Checkbox className="check" isSelected={left} onChange={setLeft}>
        <span className="check-box" aria-hidden="true" />
        {differential.leftOut}
      </Checkbox>
      <span className="wbc-buttons">
        <Button type="submit" className="button strong">
          {differential.apply}
        </Button>
        {wbc === null ? null : (
          <Button
            className="button"
            onPress={() => {
              setTyped("");
              setLeft(false);
              setWrong(false);
              goQuery({ wbc: null, left_out: null });
            }}
          >
            {differential.clear}
          </Button>
        )}
      </span>
    </form>
  );
}
