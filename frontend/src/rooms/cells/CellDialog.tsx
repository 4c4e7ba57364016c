/** One cell, large, over the gallery: its facts, its repeats, and the way to its photograph. */
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";

import { cropOf, type Taxonomy } from "../../api/client";
import { useGet } from "../../api/resource";
import { useKeys } from "../../keys/useKeys";
import { Arrow } from "../../parts/Arrow";
import { Latin } from "../../parts/Facts";
import { Failed, Loading } from "../../parts/Notice";
import { Picture } from "../../parts/Picture";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { maskAddressOf } from "../masks/api";
import { usePerson } from "../people/session";
import { CellFacts, placeOf, Repeats } from "./CellFacts";
import { TermFacts } from "./TermFacts";

export interface CellDialogProps {
  /** `undefined` closes it. */
  id: string | undefined;
  taxonomy: Taxonomy | undefined;
  onClose: () => void;
  /** `undefined` where there is no such neighbour. */
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

export function CellDialog({ id, onClose, ...rest }: CellDialogProps) {
  return (
    <ModalOverlay className="veil" isOpen={id !== undefined} onOpenChange={(open) => open || onClose()} isDismissable>
      <Modal className="sheet cell-sheet">
        <Dialog>{id === undefined ? null : <Content id={id} {...rest} />}</Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Content({ id, taxonomy, onPrevious, onNext }: Omit<CellDialogProps, "onClose"> & { id: string }) {
  const words = useWords();
  const { data, problem, retry } = useGet("/api/cells/{cell_id}", { cell_id: id });
  const person = usePerson();
  const draws = person !== undefined && person !== null && person.role !== "viewer";
  useKeys({ KeyN: () => onNext?.(), KeyP: () => onPrevious?.() }, { inDialog: true });
  return (
    <>
      <div className="sheet-head">
        <Heading slot="title">
          {words.cell.title} <Latin>{id.slice(0, 9)}</Latin>
        </Heading>
        <span className="sheet-tools">
          <Button className="button" isDisabled={!onPrevious} onPress={() => onPrevious?.()} aria-label={words.cell.previous}>
            <Arrow to="back" /> <kbd>P</kbd>
          </Button>
          <Button className="button" isDisabled={!onNext} onPress={() => onNext?.()} aria-label={words.cell.next}>
            <kbd>N</kbd> <Arrow to="forward" />
          </Button>
          <Button className="plain" slot="close" aria-label={words.app.close}>
            ✕
          </Button>
        </span>
      </div>
      {problem ? (
        <Failed problem={problem} onRetry={retry} />
      ) : data ? (
        <div className="cell-body">
          <div className="cell-large">
            <Picture key={id} src={cropOf(data.cell)} alt={words.cell.picture(id)} lazy={false} />
          </div>
          <div className="cell-side">
            <CellFacts view={data} taxonomy={taxonomy} />
            <TermFacts term={data.consensus?.term} taxonomy={taxonomy} />
            <Link className="button strong" href={placeOf(data)}>
              {data.cell.crop === null ? words.cell.inBoxes : words.cell.inField}
            </Link>
            {draws && data.cell.crop !== null ? (
              <Link className="button" href={maskAddressOf(id)}>
                {words.masks.drawThis}
              </Link>
            ) : null}
          </div>
          <Repeats view={data} />
        </div>
      ) : (
        <Loading />
      )}
    </>
  );
}
