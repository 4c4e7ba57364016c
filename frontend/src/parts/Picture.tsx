/** A picture from the service, with room kept for it, and a word where it is missing or never came. */
import { useState } from "react";

import { useWords } from "../words/words";

export interface PictureProps {
  /** `null` where the photograph never came: nothing is asked for then. */
  src: string | null;
  alt: string;
  wide?: boolean;
  lazy?: boolean;
}

export function Picture({ src, alt, wide, lazy = true }: PictureProps) {
  const words = useWords();
  const [missing, setMissing] = useState<string>();
  const frame = wide ? "picture wide" : "picture";
  if (src === null) {
    return (
      <span className={`${frame} absent`}>
        <span className="picture-absent">
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <circle cx="12" cy="12" r="9" />
            <path d="M8.5 9.5c1.5-2 4-1.5 4.5.5s3.5 1.5 3 3.5-3.5 2.5-5 1-4-3-2.5-5z" />
          </svg>
          <span className="picture-word">{words.state.noPhotograph}</span>
        </span>
      </span>
    );
  }
  return (
    <span className={frame}>
      {missing === src ? (
        <span className="picture-missing">{words.state.noPicture}</span>
      ) : (
        <img src={src} alt={alt} loading={lazy ? "lazy" : "eager"} decoding="async" draggable={false} onError={() => setMissing(src)} />
      )}
    </span>
  );
}
