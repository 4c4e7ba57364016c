/** What was corrected of a row, the latest first, and the way back: a further correction. */
import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";

import { address, type Problem, problemOf, sendJson } from "../../api/client";
import { useJson } from "../../api/resource";
import { Latin } from "../../parts/Facts";
import { Failed, Loading } from "../../parts/Notice";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { factName, rowName, spelled } from "./spelled";
import { type ChangeUndone, type FactChange, factOf, type Row, takenBack } from "./table";

export interface HistoryProps {
  row: Row;
  onClose: () => void;
  onChanged: () => void;
}

export function History({ row, onClose, onChanged }: HistoryProps) {
  const words = useWords();
  const { metadata, app } = words;
  const { data, problem, retry } = useJson<FactChange[]>(address("/api/metadata/history", {}, { photograph: row.photographs[0] }));
  const [trouble, setTrouble] = useState<Problem>();
  const [stayed, setStayed] = useState(0);
  const back = ({ fact }: FactChange, corrections: readonly string[]) => {
    setTrouble(undefined);
    setStayed(0);
    sendJson<ChangeUndone>("POST", "/api/metadata/undo", { corrections, fact, photographs: row.photographs }).then(
      (undone) => {
        setStayed(undone.stayed);
        retry();
        onChanged();
      },
      (reason: unknown) => setTrouble(problemOf(reason)),
    );
  };
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className="sheet wide-sheet">
        <Dialog>
          <div className="sheet-head">
            <Heading slot="title" level={2}>
              {metadata.historyOf(rowName(row, words))}
            </Heading>
            <Button className="button" onPress={onClose}>
              {app.close}
            </Button>
          </div>
          {problem ? <Failed problem={problem} onRetry={retry} /> : null}
          {trouble ? <Trouble problem={trouble} /> : null}
          <div role="status">{stayed > 0 ? <p className="banner calm">{metadata.stayed(stayed)}</p> : null}</div>
          {data === undefined && !problem ? <Loading /> : null}
          {data?.length === 0 ? <p>{metadata.noHistory}</p> : null}
          {data && data.length > 0 ? (
            <div className="scroll-sideways" tabIndex={0} role="region" aria-label={metadata.history}>
              <table className="plain-table">
                <thead>
                  <tr>
                    <th scope="col">{metadata.changed}</th>
                    <th scope="col">{metadata.old}</th>
                    <th scope="col">{metadata.new}</th>
                    <th scope="col">{metadata.when}</th>
                    <th scope="col">{metadata.who}</th>
                    <th scope="col">
                      <span className="unseen">{metadata.setBack}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {data.map((change) => {
                    const before = spelled(change.fact, change.before as string | number | null, words);
                    const now = factOf(row, change.fact);
                    const stands = String(now ?? "") === String(change.before ?? "");
                    const corrections = takenBack(data, change, row);
                    return (
                      <tr key={`${change.correction} ${change.fact}`}>
                        <th scope="row">{factName(change.fact, words)}</th>
                        <td>
                          <bdi>{before}</bdi>
                        </td>
                        <td>
                          <bdi>{spelled(change.fact, change.after as string | number | null, words)}</bdi>
                        </td>
                        <td>{words.date(change.made_at)}</td>
                        <td>{change.by ? <Latin>{change.by}</Latin> : metadata.commandLine}</td>
                        <td>
                          {stands ? null : corrections === null ? (
                            <span className="quiet">{metadata.notShared}</span>
                          ) : (
                            <Button className="button" aria-label={metadata.setBackTo(factName(change.fact, words), before)} onPress={() => back(change, corrections)}>
                              {metadata.setBack}
                            </Button>
                          )}
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </div>
          ) : null}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
