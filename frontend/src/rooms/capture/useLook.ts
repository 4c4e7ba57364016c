/** How good the live picture is, a few times a second: on a small copy of its frames, so that the picture stays smooth. */
import { type RefObject, useEffect, useState } from "react";

import { Best, measure, type Verdict, verdictOf } from "./measure";

const EVERY_MS = 250;
const LONGEST_PX = 320;

export interface Look {
  verdict: Verdict;
  /** Sharpness beside the best seen lately, 0 to 1. */
  share: number;
}

export function useLook(video: RefObject<HTMLVideoElement | null>, size: { width: number; height: number } | undefined): Look | undefined {
  const [look, setLook] = useState<Look>();
  useEffect(() => {
    if (!size) return undefined;
    const scale = Math.min(1, LONGEST_PX / Math.max(size.width, size.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(size.width * scale));
    canvas.height = Math.max(1, Math.round(size.height * scale));
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const best = new Best();
    const timer = setInterval(() => {
      if (!context || !video.current || document.hidden) return;
      context.drawImage(video.current, 0, 0, canvas.width, canvas.height);
      const measured = measure(context.getImageData(0, 0, canvas.width, canvas.height));
      const share = best.beside(measured.focus);
      const verdict = verdictOf(measured, share);
      setLook((before) => (before && before.verdict === verdict && Math.abs(before.share - share) < 0.02 ? before : { verdict, share }));
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      setLook(undefined);
    };
  }, [size, video]);
  return look;
}
