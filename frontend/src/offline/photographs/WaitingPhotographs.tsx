/** What waits of photographs, in the dialog of all that waits: how many, since when, why, and a way to keep them elsewhere. */
import { useState } from "react";
import { Button } from "react-aria-components";

import { saveFiles } from "../../rooms/capture/prepare";
import { Link } from "../../route/router";
import { inShort } from "../../words/tell";
import { useWords } from "../../words/words";
import { usePhotographs } from "./usePhotographs";

export function WaitingPhotographs({ onGo }: { onGo: () => void }) {
  const words = useWords();
  const { capture, label, offline } = words;
  const { sender, photographs } = usePhotographs();
  const { waiting, refused, oldest, problem, full } = photographs;
  const [said, setSaid] = useState("");
  if (waiting === 0 && refused === 0) return null;
  const why =
    problem === undefined
      ? ""
      : ({ offline: label.noConnection, "other-person": offline.otherPerson }[problem.code] ?? (problem.status === 401 ? offline.signedOut : inShort(problem, words)));
  const save = async () => {
    const files = await sender.files();
    if (await saveFiles(files)) setSaid(capture.savedAll(files.length));
  };
  return (
    <section className="waiting-photographs">
      <h3>{capture.toSend}</h3>
      {waiting > 0 ? <p>{capture.waits(waiting, oldest ? words.date(oldest) : "")}</p> : null}
      {refused > 0 ? <p>{capture.refusedTitle(refused)}</p> : null}
      {full ? <p className="mark leak">{capture.full}</p> : null}
      {why && waiting > 0 ? <p>{why}</p> : null}
      <p role="status" className={said ? "key-said" : "unseen"}>
        {said}
      </p>
      <span className="page-actions">
        <Button className="button" onPress={() => sender.wake()}>
          {offline.tryNow}
        </Button>
        <Button className="button" onPress={() => void save()}>
          {capture.saveAll}
        </Button>
        <Link className="button" href="/capture" onClick={onGo}>
          {capture.title}
        </Link>
      </span>
    </section>
  );
}
