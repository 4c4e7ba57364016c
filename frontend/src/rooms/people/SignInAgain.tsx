/** A sign-in that ended while a page is open: over it, so that nothing in it is lost. */
import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import type { Session } from "../../api/people";
import { Page } from "../../parts/Page";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { Entry } from "./Entry";
import { useSession } from "./session";

export function SignInAgain() {
  const { account } = useWords();
  const { over, leave } = useSession();
  const [sure, setSure] = useState(false);
  if (!over) return null;
  const { person, session } = over;
  return (
    <ModalOverlay className="veil opaque" isOpen isKeyboardDismissDisabled>
      <Modal className="sheet">
        <Dialog>
          <Heading slot="title">{account.over}</Heading>
          <p>{account.overMeaning}</p>
          <p>{account.overGoOn(person.handle)}</p>
          {person.simulated ? <AsDemo handle={person.handle} /> : <Entry url="/api/session" act={account.goOn} to={null} handle={person.handle} />}
          {session.provider !== null && session.provider !== undefined && !person.simulated ? <Elsewhere name={session.provider} /> : null}
          {sure ? (
            <div className="made-link">
              <p className="quiet">{account.somebodyElseMeaning}</p>
              <Button className="button" onPress={leave}>
                {account.somebodyElse}
              </Button>
            </div>
          ) : (
            <Button className="plain" onPress={() => setSure(true)}>
              {account.somebodyElse}
            </Button>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The institution's sign-in is another site: in another tab, as this page must stay. */
function Elsewhere({ name }: { name: string }) {
  const { account, audit } = useWords();
  return (
    <div className="made-link">
      <a className="button wide" href="/api/oidc/start?to=%2Fsigned-in" target="_blank" rel="noreferrer">
        {audit.signInWith(name)}
      </a>
      <p className="quiet">{account.inAnotherTab}</p>
    </div>
  );
}

function AsDemo({ handle }: { handle: string }) {
  const { account } = useWords();
  const { enter } = useSession();
  const [problem, setProblem] = useState<Problem>();
  const send = () => {
    setProblem(undefined);
    sendJson<Session>("POST", "/api/session/demo", { handle }).then(enter, (reason: unknown) => setProblem(problemOf(reason)));
  };
  return (
    <>
      {problem ? <Trouble problem={problem} /> : null}
      <Button className="button strong wide" onPress={send} autoFocus>
        {account.goOn}
      </Button>
    </>
  );
}

/** Where the institution's sign-in ends that was begun over another page. */
export function SignedInPage() {
  const { account } = useWords();
  return (
    <Page title={account.back}>
      <p>{account.backMeaning}</p>
    </Page>
  );
}
