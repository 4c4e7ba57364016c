/** The matrix to the clipboard, as CSV or LaTeX; where a browser has none, as a field to copy from by hand. */
import { useState } from "react";
import { Button } from "react-aria-components";

import type { AgreementReport } from "../../api/client";
import { useWords } from "../../words/words";
import { asCsv, asLatex } from "./copied";

export function CopyAs({ report, places }: { report: AgreementReport; places: readonly number[] }) {
  const { agreement } = useWords();
  const [copied, setCopied] = useState<"csv" | "latex">();
  const [byHand, setByHand] = useState<string>();
  const copy = async (what: "csv" | "latex") => {
    const text = (what === "csv" ? asCsv : asLatex)(report, places);
    setCopied(undefined);
    try {
      await navigator.clipboard.writeText(text);
      setByHand(undefined);
      setCopied(what);
    } catch {
      setByHand(text);
    }
  };
  return (
    <>
      <span className="copy-as">
        <Button className="button" onPress={() => void copy("csv")}>
          {copied === "csv" ? `✓ ${agreement.copied}` : agreement.copyCsv}
        </Button>
        <Button className="button" onPress={() => void copy("latex")}>
          {copied === "latex" ? `✓ ${agreement.copied}` : agreement.copyLatex}
        </Button>
      </span>
      <span className="unseen" role="status">
        {copied ? agreement.copied : ""}
      </span>
      {byHand === undefined ? null : (
        <label className="by-hand">
          <span className="quiet">{agreement.byHand}</span>
          <textarea readOnly dir="ltr" rows={6} value={byHand} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
    </>
  );
}
