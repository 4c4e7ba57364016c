/** Asked of each photograph: does it show the area in which cells are counted? The last answer stays, and is asked for again now and then. */
import { Label, Radio, RadioGroup } from "react-aria-components";

import type { Counting } from "../../offline/photographs/photograph";
import { useWords } from "../../words/words";

const ANSWERS: readonly Counting[] = ["yes", "no", "unsaid"];
/** After so many photographs with one answer it is asked once more; nobody has to answer. */
const REMIND_AFTER = 20;

export interface CountingAreaProps {
  value: Counting;
  /** Photographs taken since it was answered. */
  since: number;
  onChange: (now: Counting) => void;
}

export function CountingArea({ value, since, onChange }: CountingAreaProps) {
  const { capture } = useWords();
  const reminded = value === "yes" && since >= REMIND_AFTER;
  return (
    <RadioGroup className="counting" value={value} onChange={(now) => onChange(now as Counting)} orientation="horizontal">
      <Label className={reminded ? "label mark leak" : "label"}>{reminded ? capture.remind : capture.counting}</Label>
      <span className="counting-answers">
        {ANSWERS.map((each) => (
          <Radio key={each} value={each} className="button counting-answer">
            {capture.countings[each]}
          </Radio>
        ))}
      </span>
    </RadioGroup>
  );
}
