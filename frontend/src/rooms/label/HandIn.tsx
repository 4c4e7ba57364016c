/** Handing in: the tally of what is left out, asked once more, and then it stays as it is. */
import { useState } from "react";
import { Button } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { handInUrl, type RoundView } from "../../api/rounds";
import { giveBack } from "../../offline/batch";
import { useQueue } from "../../offline/useQueue";
import { useWords } from "../../words/words";
import { Trouble } from "../people/Entry";
import { Sheet } from "./Dialogs";

export interface HandInProps {
  open: boolean;
  round: RoundView;
  person: string;
  total: number;
  answered: number;
  onBlank: () => void;
  onDone: (round: RoundView) => void;
  onClose: () => void;
}

export function HandIn({ open, onClose, ...rest }: HandInProps) {
  const { offline } = useWords();
  return (
    <Sheet title={offline.handInSure} open={open} onClose={onClose}>
      {open ? <Sure {...rest} onClose={onClose} /> : null}
    </Sheet>
  );
}

function Sure({ round, person, total, answered, onBlank, onDone, onClose }: Omit<HandInProps, "open">) {
  const { offline } = useWords();
  const { queue } = useQueue();
  const unsent = queue.waitingOf("answer", (each) => each.round === round.id);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const blanks = Math.max(0, total - answered);
  const send = () => {
    setBusy(true);
    setProblem(undefined);
    sendJson<RoundView>("POST", handInUrl(round.id)).then(
      (view) => {
        void giveBack(person, round.id);
        onDone(view);
      },
      (reason: unknown) => {
        setBusy(false);
        setProblem(problemOf(reason));
      },
    );
  };
  return (
    <>
      <section>
        <p className="quiet">{offline.handInLine(total, answered)}</p>
        <p className="notice-title">{blanks > 0 ? offline.blanks(blanks) : offline.noBlanks}</p>
        {blanks > 0 ? <p className="quiet">{offline.blanksMeaning}</p> : null}
      </section>
      {unsent > 0 ? (
        <p className="key-said" role="status">
          {offline.unsent(unsent)}
        </p>
      ) : null}
      <p>{offline.handInMeaning}</p>
      {problem ? <Trouble problem={problem} /> : null}
      <div className="page-actions">
        {blanks > 0 ? (
          <Button className="button strong" onPress={onBlank}>
            {offline.toBlank}
          </Button>
        ) : (
          <Button className="button strong" isDisabled={busy || unsent > 0} onPress={send}>
            {offline.handIn}
          </Button>
        )}
        <Button className="button" onPress={onClose}>
          {offline.cancel}
        </Button>
      </div>
    </>
  );
}
