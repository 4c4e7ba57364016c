/** One photograph, large: what is known of it, and what can be done with it before the service has it. */
import { useEffect, useId, useState } from "react";
import { Button } from "react-aria-components";

import type { Photograph } from "../../offline/photographs/photograph";
import type { Sender } from "../../offline/photographs/sender";
import { NO_BYTES } from "../../offline/photographs/trouble";
import { fieldPicture } from "../../api/client";
import { Facts, Latin } from "../../parts/Facts";
import { Picture } from "../../parts/Picture";
import { Link } from "../../route/router";
import { refusalOf } from "../../words/tell";
import { useWords } from "../../words/words";
import { Sheet } from "../label/Dialogs";
import { CountingArea } from "./CountingArea";
import { kindName, stateOf } from "./PhotoStrip";
import { saveFiles } from "./prepare";
import { ACCEPT } from "./Shoot";
import { SmallPicture } from "./SmallPicture";

const WIDE_PX = 1024;
const DIGITS = 12;

export interface PhotoSheetProps {
  photograph: Photograph | undefined;
  share: number | undefined;
  sender: Sender;
  /** Another photograph in place of this one; gives whether it is kept. */
  onRetake: (files: readonly File[]) => Promise<boolean>;
  onClose: () => void;
}

export function PhotoSheet({ photograph, share, ...rest }: PhotoSheetProps) {
  const { capture } = useWords();
  return (
    <Sheet title={photograph ? (capture.states[stateOf(photograph, share)] ?? "") : ""} open={photograph !== undefined} onClose={rest.onClose} className="sheet photo-sheet">
      {photograph ? <Shown key={photograph.client} photograph={photograph} {...rest} /> : null}
    </Sheet>
  );
}

function Shown({ photograph, sender, onRetake, onClose }: Omit<PhotoSheetProps, "photograph" | "share"> & { photograph: Photograph }) {
  const words = useWords();
  const { capture } = words;
  const { client, state, field, type, refusal, detail, digest } = photograph;
  const [bytes, setBytes] = useState<Uint8Array<ArrayBuffer> | null>();
  const [sure, setSure] = useState(false);
  const id = useId();
  useEffect(() => {
    let gone = false;
    void sender.bytesOf(client).then((found) => gone || setBytes(found ?? null));
    return () => {
      gone = true;
    };
  }, [sender, client]);
  const remove = async () => {
    await sender.remove(client);
    onClose();
  };
  const retake = async (files: readonly File[]) => {
    // What becomes of the new one is told on the page below; this one goes only when that one lies here.
    onClose();
    if (await onRetake(files)) await sender.remove(client);
  };
  const kept = state === "arrived";
  return (
    <>
      {kept && field ? (
        <Picture src={fieldPicture(field, WIDE_PX)} alt={capture.title} wide />
      ) : bytes === undefined ? null : (
        <SmallPicture bytes={bytes} type={type} label={capture.title} otherwise={capture.noPreview(kindName(type))} className="large-picture" />
      )}
      {state === "refused" ? (
        <div className="notice failed">
          <p className="notice-title">{capture.whyRefused}</p>
          <p dir="auto">{refusal === NO_BYTES ? capture.bytesGone : refusalOf(detail || refusal, words)}</p>
        </div>
      ) : null}
      <Facts
        facts={[
          [capture.facts.taken ?? "", <Latin key="day">{photograph.taken}</Latin>],
          [capture.facts.size ?? "", capture.size(photograph.size)],
          [capture.facts.digest ?? "", <Latin key="digest">{`${digest.slice(0, DIGITS)}…`}</Latin>],
          photograph.white_cells === null ? null : [capture.facts.cells ?? "", words.number(photograph.white_cells)],
          kept ? [capture.facts.counting ?? "", capture.countings[photograph.counting] ?? ""] : null,
        ]}
      />
      {state === "waiting" ? <CountingArea value={photograph.counting} since={0} onChange={(now) => void sender.say(client, now)} /> : null}
      <div className="page-actions photo-actions">
        {kept && field ? (
          <Link className="button strong" href={`/fields/${encodeURIComponent(field)}`}>
            {capture.openField}
          </Link>
        ) : null}
        {!kept && bytes ? (
          <Button className="button" onPress={() => void saveFiles([new File([bytes], photograph.name, { type })])}>
            {capture.saveOne}
          </Button>
        ) : null}
        {kept ? null : (
          <label htmlFor={id} className="button file-button">
            {capture.retake}
            <input
              id={id}
              type="file"
              accept={ACCEPT}
              capture="environment"
              className="file-input"
              onChange={({ currentTarget: { files } }) => {
                if (files?.length) void retake([...files]);
              }}
            />
          </label>
        )}
        {!kept && !sure ? (
          <Button className="button" onPress={() => setSure(true)}>
            {capture.delete}
          </Button>
        ) : null}
      </div>
      {sure && !kept ? (
        <div className="notice" role="alert">
          <p>{capture.deleteSure}</p>
          <Button className="button strong" onPress={() => void remove()}>
            {capture.delete}
          </Button>
        </div>
      ) : null}
    </>
  );
}
