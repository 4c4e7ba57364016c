/** The sheet of keys, opened with `?` or its button. */
import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";

import { useWords } from "../words/words";
import { useKeys } from "./useKeys";

export function KeySheet() {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const show = (event: KeyboardEvent) => {
    event.preventDefault();
    setOpen(true);
  };
  useKeys({ "=?": show, F1: show });
  const { keys } = words;
  const groups: readonly [string, readonly (readonly [string, string])[]][] = [
    [keys.grid, [[keys.arrows, keys.move], [keys.enter, keys.openIt], [keys.homeEnd, keys.ends]]],
    [
      keys.field,
      [
        ["+  −  0", keys.zoom],
        [`Tab, ${keys.arrows}`, keys.boxes],
        ["N  P", keys.neighbors],
        ["H", keys.hide],
        ["B", keys.toggle],
      ],
    ],
    [keys.cell, [["N  P", keys.step], ["Esc", words.app.close]]],
    [keys.anywhere, [["?", keys.sheet]]],
  ];
  return (
    <>
      <Button className="plain key-button" aria-label={keys.title} onPress={() => setOpen(true)}>
        <kbd>?</kbd>
      </Button>
      <ModalOverlay className="veil" isOpen={open} onOpenChange={setOpen} isDismissable>
        <Modal className="sheet">
          <Dialog>
            <div className="sheet-head">
              <Heading slot="title">{keys.title}</Heading>
              <Button className="plain" slot="close" aria-label={words.app.close}>
                ✕
              </Button>
            </div>
            {groups.map(([name, rows]) => (
              <section key={name}>
                <h3>{name}</h3>
                <dl className="facts">
                  {rows.map(([key, does]) => (
                    <div key={key}>
                      <dt>
                        <kbd>{key}</kbd>
                      </dt>
                      <dd>{does}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </>
  );
}
