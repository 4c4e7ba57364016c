/** What the pages for signing in, joining and setting up have in common: a form with a handle and a password. */
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button, Input, Label, Text, TextField } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import type { Session } from "../../api/people";
import { Trouble } from "../../parts/Told";
import { go } from "../../route/router";
import { useWords } from "../../words/words";
import { useSession } from "./session";

export interface EntryProps {
  url: string;
  /** What the button says. */
  act: string;
  /** Where to go on to; `null` stays where it is. */
  to: string | null;
  /** A new password is typed where the browser offers one of its own making. */
  fresh?: boolean;
  handle?: string | null;
  children?: ReactNode;
}

export { Trouble };
export const SHORTEST_PASSWORD = 10;

/** Only an address of ours: a link from elsewhere leads nowhere else. */
export const inside = (to: string | null): string => (to && /^\/(?![/\\])/.test(to) ? to : "/");

export function Entry({ url, act, to, fresh = false, handle: given = null, children }: EntryProps) {
  const { people } = useWords();
  const { enter } = useSession();
  const [handle, setHandle] = useState(given ?? "");
  const [password, setPassword] = useState("");
  const [visible, setVisible] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLInputElement>("input:not([readonly])")?.focus({ preventScroll: true });
  }, []);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      enter(await sendJson<Session>("POST", url, { handle: handle.trim(), password }));
      if (to !== null) go(to, { replace: true });
    } catch (reason) {
      setProblem(problemOf(reason));
      setBusy(false);
    }
  };
  return (
    <form ref={form} className="entry" onSubmit={(event) => void send(event)} noValidate>
      <TextField className="text-field" value={handle} onChange={setHandle} isReadOnly={given !== null} autoComplete="username" isRequired>
        <Label>{people.handle}</Label>
        <Input dir="auto" spellCheck={false} autoCapitalize="none" />
      </TextField>
      <TextField className="text-field" value={password} onChange={setPassword} type={visible ? "text" : "password"} autoComplete={fresh ? "new-password" : "current-password"} isRequired>
        <Label>{people.password}</Label>
        <span className="with-button">
          <Input dir="ltr" />
          <Button className="button" aria-label={visible ? people.hidePassword : people.showPassword} onPress={() => setVisible(!visible)}>
            {visible ? people.hide : people.show}
          </Button>
        </span>
        {fresh ? (
          <Text slot="description" className="quiet">
            {people.passwordRule(SHORTEST_PASSWORD)}
          </Text>
        ) : null}
      </TextField>
      {problem ? <Trouble problem={problem} /> : null}
      <Button type="submit" className="button strong wide" isDisabled={busy || handle.trim() === "" || password === ""}>
        {act}
      </Button>
      {children}
    </form>
  );
}
