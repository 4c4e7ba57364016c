/** A text that is to be taken elsewhere: in a field, with a button that copies it. */
import { useState } from "react";
import { Button, Input, TextField } from "react-aria-components";

import { useWords } from "../words/words";

export function CopyField({ label, text }: { label: string; text: string }) {
  const { account, people } = useWords();
  const [copied, setCopied] = useState<boolean>();
  return (
    <>
      <TextField className="text-field" value={text} isReadOnly aria-label={label}>
        <span className="with-button">
          <Input dir="ltr" onFocus={(event) => event.currentTarget.select()} />
          <Button className="button" onPress={() => void copy(text).then(setCopied)}>
            {copied ? people.copied : people.copy}
          </Button>
        </span>
      </TextField>
      <p role="status" className={copied === false ? "quiet" : "unseen"}>
        {copied === undefined ? "" : copied ? people.copied : account.copyByHand}
      </p>
    </>
  );
}

/** Copy a text; without TLS browsers have no clipboard, then the field is there to be copied by hand. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
