/** The label of a slide, read by the camera where one may be opened, else from a photograph of it. */
import { type ChangeEvent, useEffect, useId, useRef, useState } from "react";

import { useWords } from "../../words/words";
import { Sheet } from "../label/Dialogs";
import { type Mark, readCode, readMark } from "./mark";
import { hasCameras, useCamera } from "./useCamera";

const EVERY_MS = 200;
/** For reading a label there is no need of the largest frame. */
const WISH = { width: { ideal: 1280 }, height: { ideal: 960 } };

export interface ScanDialogProps {
  open: boolean;
  onClose: () => void;
  onMark: (mark: Mark) => void;
}

export function ScanDialog({ open, onClose, onMark }: ScanDialogProps) {
  const { capture } = useWords();
  return (
    <Sheet title={capture.scanTitle} open={open} onClose={onClose}>
      {open ? <Scan onMark={onMark} /> : null}
    </Sheet>
  );
}

function Scan({ onMark }: Pick<ScanDialogProps, "onMark">) {
  const { capture } = useWords();
  const id = useId();
  const [said, setSaid] = useState("");
  const read = (text: string | undefined) => {
    const mark = text === undefined ? undefined : readMark(text);
    if (mark) onMark(mark);
    else setSaid(text === undefined ? capture.noMark : capture.notOurs);
  };
  const photographed = async (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.currentTarget;
    const [file] = input.files ?? [];
    if (!file) return;
    setSaid("");
    // It is looked at and let go: nothing of it is kept.
    const bitmap = await createImageBitmap(file).catch(() => undefined);
    read(bitmap && (await readCode(bitmap, bitmap.width, bitmap.height)));
    bitmap?.close();
    input.value = "";
  };
  return (
    <>
      {hasCameras() ? <Seen onText={(text) => read(text)} /> : null}
      <p className="quiet">{hasCameras() ? capture.scanMeaning : capture.liveNeeds}</p>
      <p role="status" className={said ? "field-wrong" : "unseen"}>
        {said}
      </p>
      <label htmlFor={id} className="button wide file-button">
        {capture.scanPhotograph}
        <input id={id} type="file" accept="image/*" capture="environment" className="file-input" onChange={(event) => void photographed(event)} />
      </label>
    </>
  );
}

/** The live picture, in which a code is sought a few times a second. */
function Seen({ onText }: { onText: (text: string) => void }) {
  const { capture } = useWords();
  const { video, size, error } = useCamera("", WISH);
  const tell = useRef(onText);
  tell.current = onText;
  useEffect(() => {
    if (!size) return undefined;
    let gone = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const text = video.current ? await readCode(video.current, size.width, size.height) : undefined;
      if (gone) return;
      if (text !== undefined) tell.current(text);
      timer = setTimeout(() => void look(), EVERY_MS);
    };
    void look();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [size, video]);
  if (error) return <p className="quiet">{`${capture.noCamera}. ${capture.noCameraWhy[error] ?? ""}`}</p>;
  return <video ref={video} className="scan-video" autoPlay playsInline muted />;
}
