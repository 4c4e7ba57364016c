/** The photographs of this slide that were taken on this device, the newest first, each with how far it is. */
import { useState } from "react";
import { Button } from "react-aria-components";

import type { Photograph } from "../../offline/photographs/photograph";
import type { Sender } from "../../offline/photographs/sender";
import { useWords } from "../../words/words";
import { PhotoSheet } from "./PhotoSheet";
import { SmallPicture } from "./SmallPicture";

export interface PhotoStripProps {
  photographs: readonly Photograph[];
  sending: ReadonlyMap<string, number>;
  sender: Sender;
  onRetake: (files: readonly File[]) => Promise<boolean>;
}

const KINDS: Record<string, string> = { "image/jpeg": "JPEG", "image/png": "PNG", "image/heic": "HEIC" };
export const kindName = (type: string): string => KINDS[type] ?? type;

/** How far one is, as a word of `states`. */
export function stateOf({ state, repeat }: Photograph, share: number | undefined): string {
  if (state === "arrived") return repeat ? "repeat" : "arrived";
  if (state === "refused") return "refused";
  return share === undefined ? "waiting" : share < 1 ? "sending" : "checking";
}

export function PhotoStrip({ photographs, sending, sender, onRetake }: PhotoStripProps) {
  const { capture } = useWords();
  const [open, setOpen] = useState<string>();
  const newest = [...photographs].reverse();
  const place = newest.findIndex(({ client }) => client === open);
  return (
    <section className="card" aria-label={capture.strip}>
      <h2>{capture.strip}</h2>
      {newest.length === 0 ? (
        <p className="quiet">{capture.nothing}</p>
      ) : (
        <ul className="photo-strip">
          {newest.map((each, index) => {
            const share = sending.get(each.client);
            const state = stateOf(each, share);
            const word = state === "sending" ? capture.sent(share ?? 0) : (capture.states[state] ?? state);
            const label = capture.photograph(newest.length - index, newest.length, word);
            return (
              <li key={each.client}>
                <Button className="photo-tile" data-state={state} aria-label={label} onPress={() => setOpen(each.client)}>
                  <SmallPicture bytes={each.small} type="image/jpeg" label="" otherwise={capture.noPreview(kindName(each.type))} />
                  <span className="photo-state">
                    <Mark state={state} share={share ?? 0} />
                    {word}
                  </span>
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      <PhotoSheet photograph={newest[place]} share={open === undefined ? undefined : sending.get(open)} sender={sender} onRetake={onRetake} onClose={() => setOpen(undefined)} />
    </section>
  );
}

/** The state as a shape beside its word. */
function Mark({ state, share }: { state: string; share: number }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className="photo-mark">
      {state === "arrived" || state === "repeat" ? (
        <path d="M2.500 8.500 6.500 12.500 13.500 4" />
      ) : state === "refused" ? (
        <path d="M3.500 3.500l9 9M12.500 3.500l-9 9" />
      ) : state === "waiting" ? (
        <path d="M8 3.500V8l3 2M8 1.500a6.500 6.500 0 1 0 .01 0" />
      ) : (
        <>
          <circle cx="8" cy="8" r="6.500" className="photo-track" />
          <circle cx="8" cy="8" r="6.500" pathLength={1} strokeDasharray={`${share} 1`} transform="rotate(-90 8 8)" />
        </>
      )}
    </svg>
  );
}
