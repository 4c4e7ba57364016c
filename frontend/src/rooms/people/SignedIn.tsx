/** The end of the top bar: who is signed in, with a menu, or the way to sign in; and what waits to be sent. */
import { Button, Menu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";

import { decides } from "../../api/adjudication";
import { curates, reads } from "../../api/people";
import { useIsLate, useSaidInRoom } from "../../offline/SentMark";
import { useStanding } from "../../offline/useStanding";
import { Latin } from "../../parts/Facts";
import { go, Link, useAddress } from "../../route/router";
import { useWords } from "../../words/words";
import { captures } from "../capture/api";
import { Face } from "./EntryPages";
import { isOpenPath, useSession } from "./session";

export function SignedIn() {
  const { account, adjudicate, audit, capture, label, locate, people, role, teach } = useWords();
  const { session, signOut } = useSession();
  const { path } = useAddress();
  const standing = useStanding();
  const late = useIsLate(standing.waiting, standing.problem);
  const inRoom = useSaidInRoom();
  const person = session?.person;
  if (session === undefined) return null;
  if (!person) {
    return isOpenPath(path) ? null : (
      <Link className="button strong sign-in" href={`/sign-in?to=${encodeURIComponent(path)}`}>
        {people.signIn}
      </Link>
    );
  }
  // The bar above has no room for pages that not everybody has.
  const places = new Map([["/rounds", label.rounds]]);
  if (reads(person)) places.set("/learned", teach.learned).set("/locate", locate.misplaced);
  if (captures(person)) places.set("/capture", capture.title);
  if (decides(person)) places.set("/adjudicate", adjudicate.title);
  if (curates(person)) places.set("/people", people.title);
  if (person.role === "admin") places.set("/audit", audit.title);
  places.set("/account", account.title);
  const act = (key: string) => {
    if (key === "out") void signOut().then(() => go(session.guests ? "/" : "/sign-in"));
    else go(key);
  };
  return (
    <>
      {late && !inRoom ? (
        <span className="mark waiting-mark" role="status">
          {label.waiting(standing.waiting)}
        </span>
      ) : null}
      <MenuTrigger>
        <Button className="plain who">
          <Face handle={person.handle} />
          <span className="who-name">
            <Latin>{person.handle}</Latin>
          </span>
          <span className="unseen">{role[person.role] ?? person.role}</span>
          <span aria-hidden="true">▾</span>
        </Button>
        <Popover className="popover" placement="bottom end">
          <div className="who-head">
            <strong>
              <Latin>{person.handle}</Latin>
            </strong>
            <span className="quiet">{role[person.role] ?? person.role}</span>
          </div>
          <Menu className="menu" onAction={(key) => act(String(key))} aria-label={people.menu}>
            {[...places].map(([path, name]) => (
              <MenuItem key={path} id={path} className="option">
                {name}
              </MenuItem>
            ))}
            <Separator className="rule" />
            <MenuItem id="out" className="option">
              {people.signOut}
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
    </>
  );
}
