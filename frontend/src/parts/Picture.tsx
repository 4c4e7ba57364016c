/** A picture from the service, with room kept for it, and a word where it is missing. */
import { useState } from "react";

import { useWords } from "../words/words";

export function Picture({ src, alt, wide, lazy = true }: { src: string; alt: string; wide?: boolean; lazy?: boolean }) {
  const words = useWords();
  const [missing, setMissing] = useState<string>();
  return (
    <span className={wide ? "picture wide" : "picture"}>
      {missing === src ? (
        <span className="picture-missing">{words.state.noPicture}</span>
      ) : (
        <img src={src} alt={alt} loading={lazy ? "lazy" : "eager"} decoding="async" draggable={false} onError={() => setMissing(src)} />
      )}
    </span>
  );
}
