/** Whether a cell is kept, in a word and a line: the same line that its box has. */
import { useWords } from "../words/words";

export function KeptMark({ kept }: { kept: boolean }) {
  const words = useWords();
  return (
    <span className={kept ? "mark kept" : "mark repeat"}>
      <svg width="18" height="10" aria-hidden="true">
        <line x1="0" y1="5" x2="18" y2="5" className={kept ? "line-kept" : "line-repeat"} />
      </svg>
      {kept ? words.cell.kept : words.cell.repeat}
    </span>
  );
}
