/** The set-up that photographs are taken with: chosen once, and remembered by this device. */
import { useState } from "react";
import { Button } from "react-aria-components";

import { useWords } from "../../words/words";
import { Sheet } from "../label/Dialogs";
import { Choice } from "../people/Choice";
import type { Preset } from "./api";
import { SetUpForm } from "./SetUpForm";

const NONE = "none";

export interface SetUpProps {
  presets: readonly Preset[];
  value: string | null;
  /** Whether the service answers: without it none can be made. */
  reached: boolean;
  onChange: (preset: string | null) => void;
  onMade: () => void;
}

export function SetUp({ presets, value, reached, onChange, onMade }: SetUpProps) {
  const { capture } = useWords();
  const [making, setMaking] = useState(false);
  const options = [{ id: NONE, name: capture.noSetUp }, ...presets.map(({ id, name }) => ({ id, name }))];
  const known = presets.some(({ id }) => id === value);
  return (
    <div className="set-up">
      <Choice label={capture.setUp} value={known && value ? value : NONE} options={options} onChange={(id) => onChange(id === NONE ? null : id)} />
      <Button className="button" onPress={() => setMaking(true)}>
        {capture.newSetUp}
      </Button>
      <Sheet title={capture.newSetUp} open={making} onClose={() => setMaking(false)}>
        {making && !reached ? <p>{capture.needsLink}</p> : null}
        {making && reached ? (
          <SetUpForm
            onMade={(preset) => {
              onChange(preset.id);
              onMade();
              setMaking(false);
            }}
          />
        ) : null}
      </Sheet>
    </div>
  );
}
