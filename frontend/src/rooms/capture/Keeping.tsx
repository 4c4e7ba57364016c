/** What is to be known of photographs that this device keeps: no room, a browser that may clear them, and what waits too long. */
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";

import { useIsOld } from "../../offline/OfflineLine";
import type { PhotoStanding, Sender } from "../../offline/photographs/sender";
import { useWords } from "../../words/words";
import { saveFiles } from "./prepare";

const KNOWN = "buffycoat.capture-install";

/** Safari clears what a site keeps, unless it is installed. */
function mayClear(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  const apple = /iPad|iPhone|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  return apple && !matchMedia("(display-mode: standalone)").matches;
}

/** Whether the browser promised to clear nothing that waits; `true` while nobody knows. */
function usePromised(waiting: number): boolean {
  const [promised, setPromised] = useState(true);
  useEffect(() => {
    if (waiting === 0) return undefined;
    let gone = false;
    void navigator.storage?.persisted?.().then((now) => !gone && setPromised(now));
    return () => {
      gone = true;
    };
  }, [waiting]);
  return promised;
}

export function Keeping({ photographs, sender }: { photographs: PhotoStanding; sender: Sender }) {
  const words = useWords();
  const { capture } = words;
  const { waiting, oldest, others, lasting, full, known } = photographs;
  const old = useIsOld(oldest);
  const promised = usePromised(waiting);
  const [told, setTold] = useState(() => localStorage.getItem(KNOWN) !== null);
  const [said, setSaid] = useState("");
  const save = async () => {
    const files = await sender.files();
    if (await saveFiles(files)) setSaid(capture.savedAll(files.length));
  };
  const lines = [
    full ? capture.full : "",
    known && !lasting ? capture.notLasting : "",
    old && oldest ? capture.oldOnes(waiting, words.date(oldest)) : "",
    lasting && !promised && waiting > 0 ? capture.mayClear : "",
  ].filter(Boolean);
  const install = mayClear() && !told;
  if (lines.length === 0 && !install && others.length === 0 && !said) return null;
  return (
    <div className="notice keeping" role="status">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {others.length > 0 ? <p>{capture.ofOthers(others.join(", "))}</p> : null}
      {install ? (
        <>
          <p>{capture.install}</p>
          <Button
            className="button"
            onPress={() => {
              localStorage.setItem(KNOWN, "1");
              setTold(true);
            }}
          >
            {capture.understood}
          </Button>
        </>
      ) : null}
      {said ? <p>{said}</p> : null}
      {waiting > 0 && lines.length > 0 ? (
        <Button className="button" onPress={() => void save()}>
          {capture.saveAll}
        </Button>
      ) : null}
    </div>
  );
}
