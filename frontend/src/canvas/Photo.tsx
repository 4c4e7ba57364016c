/** The photograph itself, as a view shows it: small at first, whole when it is looked at closely. */
import { useEffect, useState } from "react";

import { fieldPicture, type FieldView, photograph } from "../api/client";
import type { Size, View } from "./viewport";

/** Width of the picture that comes first; the whole one follows when it is looked at closely. */
export const PREVIEW = 1280;
/** From here on single pixels of the photograph are seen as they are. */
const PIXELS_SHOW = 3;

export interface PhotoProps {
  field: FieldView["field"];
  size: Size;
  view: View;
}

export const previewOf = (field: FieldView["field"], size: Size): string | null => photograph(field, Math.min(PREVIEW, size.width));

export function Photo({ field, size, view }: PhotoProps) {
  const [whole, setWhole] = useState<"no" | "wanted" | "here">("no");
  const preview = previewOf(field, size);
  const sharp = view.k * size.width * window.devicePixelRatio > PREVIEW * 1.1;
  useEffect(() => {
    if (sharp && size.width > PREVIEW) setWhole((now) => (now === "no" ? "wanted" : now));
  }, [sharp, size.width]);
  const rendering = preview === null ? "stage plain-ground" : view.k >= PIXELS_SHOW ? "stage pixels" : "stage";
  return (
    <div className={rendering} style={{ ...size, transform: `translate(${view.x}px, ${view.y}px) scale(${view.k})` }}>
      {preview === null ? null : <img src={preview} alt="" draggable={false} />}
      {preview === null || whole === "no" ? null : (
        <img
          src={fieldPicture(field.id, size.width)}
          alt=""
          draggable={false}
          className={whole === "here" ? "" : "unseen"}
          onLoad={() => setWhole("here")}
        />
      )}
    </div>
  );
}
