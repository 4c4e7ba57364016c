/** What opens over the masks screen: why there is no mask, the keys, and how alike two drawings are. */
import { useState } from "react";

import { getJson, type Problem, problemOf } from "../../api/client";
import { Facts } from "../../parts/Facts";
import { Failed } from "../../parts/Notice";
import { useWords } from "../../words/words";
import { Sheet } from "../label/Dialogs";
import { comparisonUrl, type PairDice, type WhyFailed } from "./api";

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

export function KeysOfMasks({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { masks } = useWords();
  const names = masks.keyNames;
  const rows: readonly (readonly [string, string])[] = [
    ["Enter", names.keep],
    [",  .", names.one],
    ["Shift ,  Shift .", names.five],
    ["PgDn  PgUp", names.ten],
    ["Shift PgDn  Shift PgUp", names.twenty],
    ["B  E  O  K", names.tools],
    ["N  C", names.parts],
    ["[  ]", names.width],
    ["R", names.draft],
    ["T  G", names.leaving],
    ["X", names.failed],
    ["F  D", names.cells],
    ["Ctrl Z, Ctrl Y", names.undo],
    ["H", names.hide],
    ["S", names.beside],
    ["Z, Shift Z, ␣", names.zoom],
  ];
  return (
    <Sheet title={masks.keys} open={open} onClose={onClose}>
      <dl className="facts">
        {rows.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd dir="ltr">{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
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
