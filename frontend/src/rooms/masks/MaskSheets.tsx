/** What opens over the masks screen: why there is no mask, the keys, and how alike two drawings are. */
import { useState } from "react";

import { getJson, type Problem, problemOf } from "../../api/client";
import type { Bindings } from "../../keys/bindings";
import { KeyEditor } from "../../keys/KeyTable";
import { Facts } from "../../parts/Facts";
import { Failed } from "../../parts/Notice";
import { useWords } from "../../words/words";
import { Sheet } from "../label/Dialogs";
import { comparisonUrl, type PairDice, type WhyFailed } from "./api";
import { ACTIONS, KEYS_NAME, type MaskAction, stepOf, usualKeys } from "./keys";

const REASONS: readonly WhyFailed[] = ["touching", "blur", "granules", "cut"];

export interface FailedSheetProps {
  open: boolean;
  /** Whether the cell is drawn, so that the nucleus alone may have failed. */
  cellDrawn: boolean;
  onFailed: (reason: WhyFailed, nucleusOnly: boolean) => void;
  onClose: () => void;
}

export function FailedSheet({ open, cellDrawn, onFailed, onClose }: FailedSheetProps) {
  const { masks } = useWords();
  return (
    <Sheet title={masks.failedTitle} open={open} onClose={onClose}>
      <p className="quiet">{masks.failedHint}</p>
      <div className="mask-reasons">
        {cellDrawn ? (
          <button type="button" className="button" onClick={() => onFailed("granules", true)}>
            {masks.nucleusHidden}
          </button>
        ) : null}
        {REASONS.map((reason) => (
          <button key={reason} type="button" className="button" onClick={() => onFailed(reason, false)}>
            {masks.reasons[reason]}
          </button>
        ))}
      </div>
    </Sheet>
  );
}

const STEPS: readonly MaskAction[] = ["down1", "up1", "down5", "up5", "down10", "up10", "down20", "up20"];

export interface KeysOfMasksProps {
  open: boolean;
  bindings: Bindings;
  onChange: (bindings: Bindings | null) => void;
  onClose: () => void;
}

/** The keys of this screen, where each of them can be changed. */
export function KeysOfMasks({ open, bindings, onChange, onClose }: KeysOfMasksProps) {
  const { masks, field } = useWords();
  const named: Partial<Record<MaskAction, string>> = { ...masks.keyNames, ...{ zoom: field.zoomIn, zoomOut: field.zoomOut, fit: field.fit } };
  const nameOf = (action: string) => {
    const step = stepOf(action as MaskAction);
    return step === undefined ? (named[action as MaskAction] ?? action) : masks.step(step);
  };
  const sections = [
    { title: masks.tools, actions: ACTIONS.filter((action) => !STEPS.includes(action)), note: masks.fixedKeys },
    { title: masks.threshold, actions: STEPS },
  ];
  return (
    <Sheet title={masks.keys} open={open} onClose={onClose} className="sheet wide-sheet">
      {open ? <KeyEditor name={KEYS_NAME} sections={sections} usual={usualKeys} bindings={bindings} nameOf={nameOf} onChange={onChange} /> : null}
      <p className="quiet">{masks.gestures}</p>
    </Sheet>
  );
}

export function Comparison({ cell, open, onClose, onTold }: { cell: string; open: boolean; onClose: () => void; onTold: () => void }) {
  const { masks, app } = useWords();
  const [found, setFound] = useState<PairDice>();
  const [problem, setProblem] = useState<Problem>();
  const ask = () => {
    setProblem(undefined);
    getJson<PairDice>(comparisonUrl(cell)).then(
      (told) => {
        setFound(told);
        onTold();
      },
      (reason: unknown) => setProblem(problemOf(reason)),
    );
  };
  const figure = (value: number | null) => (value === null ? masks.notDrawn : masks.dice(value));
  return (
    <Sheet title={masks.compare} open={open} onClose={onClose}>
      {problem ? <Failed problem={problem} onRetry={ask} /> : null}
      {found?.cell_id === cell ? (
        <Facts
          facts={[
            [masks.nucleus, figure(found.nucleus)],
            [masks.cytoplasm, figure(found.cytoplasm)],
            [masks.cell, figure(found.cell)],
          ]}
        />
      ) : (
        <>
          <p>{masks.compareHint}</p>
          <div className="mask-reasons">
            <button type="button" className="button strong" onClick={ask}>
              {masks.compareNow}
            </button>
            <button type="button" className="button" onClick={onClose}>
              {app.close}
            </button>
          </div>
        </>
      )}
    </Sheet>
  );
}
