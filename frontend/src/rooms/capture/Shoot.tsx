/** The ways a photograph comes in: the device's own camera app, files that are here, and the live camera. */
import { type ChangeEvent, useId, useRef } from "react";
import { Button } from "react-aria-components";

import { useWords } from "../../words/words";
import { hasCameras } from "./useCamera";
import type { Shooting } from "./useShooting";

/** Some devices name no type for HEIC files, so its endings are written out. */
export const ACCEPT = "image/*,.heic,.heif";

export function Shoot({ shooting, onLive }: { shooting: Shooting; onLive: () => void }) {
  const { capture } = useWords();
  const { preparing, refused, add, forget } = shooting;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const chosen = (event: ChangeEvent<HTMLInputElement>) => {
    const { files } = event.currentTarget;
    if (files) void add([...files]);
    event.currentTarget.value = "";
  };
  return (
    <section className="card shoot">
      <label htmlFor={id} className="button strong file-button shoot-button">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M3 8.5A1.5 1.5 0 0 1 4.500 7H7l1.500-2.500h7L17 7h2.500A1.500 1.500 0 0 1 21 8.500v9a1.500 1.500 0 0 1-1.500 1.500h-15A1.500 1.500 0 0 1 3 17.500z" />
          <circle cx="12" cy="13" r="3.500" />
        </svg>
        {capture.take}
        <input id={id} type="file" accept={ACCEPT} capture="environment" className="file-input" onChange={chosen} />
      </label>
      <div className="shoot-others">
        <Button className="button wide" onPress={() => input.current?.click()}>
          {capture.gallery}
        </Button>
        {hasCameras() ? (
          <Button className="button wide" onPress={onLive}>
            {capture.live}
          </Button>
        ) : null}
        <input ref={input} type="file" accept={ACCEPT} multiple hidden aria-label={capture.gallery} className="gallery-input" onChange={chosen} />
      </div>
      {hasCameras() ? null : <p className="quiet">{capture.liveNeeds}</p>}
      <p className="quiet" role="status">
        {preparing > 0 ? capture.preparing(preparing) : capture.private}
      </p>
      {refused.length > 0 ? (
        <div className="notice failed" role="alert">
          {refused.map(({ name, why, kind }, index) => (
            <p key={index}>
              <strong dir="auto">{capture.file(name)}</strong>: {capture.notTaken[why](kind)}
            </p>
          ))}
          <Button className="button" onPress={forget}>
            {capture.understood}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
