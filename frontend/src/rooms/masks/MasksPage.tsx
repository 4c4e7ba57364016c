/** The selections of cells whose masks are drawn, with quotas and progress by class. */
import { useState } from "react";
import { Button } from "react-aria-components";

import { curates } from "../../api/people";
import { useGet, useJson } from "../../api/resource";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { useSession } from "../people/session";
import { ChooseMasks } from "./ChooseMasks";
import { type MaskSet, masksAddress, setsUrl } from "./api";

export function MasksPage() {
  const words = useWords();
  const { masks } = words;
  const { session } = useSession();
  const draws = session?.person ? session.person.role !== "viewer" : false;
  const leads = curates(session?.person);
  const { data, problem, retry } = useJson<MaskSet[]>(draws ? setsUrl : null);
  const [choosing, setChoosing] = useState(false);
  return (
    <Page
      title={masks.title}
      trail={[[words.label.rounds, "/rounds"]]}
      actions={
        leads && !choosing ? (
          <Button className="button strong" onPress={() => setChoosing(true)}>
            {masks.choose}
          </Button>
        ) : null
      }
    >
      {choosing ? (
        <ChooseMasks
          onChosen={() => {
            setChoosing(false);
            retry();
          }}
          onCancel={() => setChoosing(false)}
        />
      ) : null}
      {session && !draws ? <Empty title={masks.notYours} hint={masks.signIn} /> : null}
      {problem ? <Failed problem={problem} onRetry={retry} /> : null}
      {draws && !data && !problem ? <Loading /> : null}
      {data && data.length === 0 ? <Empty title={masks.none} hint={leads ? masks.noneYet : masks.noneHint} /> : null}
      {data?.map((each) => <Card key={each.id} set={each} />)}
    </Page>
  );
}

function Card({ set }: { set: MaskSet }) {
  const words = useWords();
  const { masks, number } = words;
  const { data: taxonomy } = useGet("/api/taxonomy");
  const total = set.classes.reduce((sum, { chosen }) => sum + chosen, 0);
  const mine = set.classes.reduce((sum, each) => sum + each.mine, 0);
  return (
    <article className="card mask-card">
      <div className="round-head">
        <h2>
          <bdi>{set.name}</bdi>
        </h2>
        <span className="quiet">{masks.mineOf(mine, total)}</span>
      </div>
      <div className="mask-table">
        <table>
          <thead>
            <tr>
              <th scope="col">{masks.class}</th>
              <th scope="col">{masks.asked}</th>
              <th scope="col">{masks.chosen}</th>
              <th scope="col">{masks.drawn}</th>
              <th scope="col">{masks.isFailed}</th>
              <th scope="col">{masks.mine}</th>
            </tr>
          </thead>
          <tbody>
            {set.classes.map((each) => (
              <tr key={each.term}>
                <th scope="row">{termName(each.term, taxonomy, words)}</th>
                <td>{each.asked === null || each.asked === undefined ? "–" : number(each.asked)}</td>
                <td>{number(each.chosen)}</td>
                <td>{number(each.drawn)}</td>
                <td>{number(each.failed)}</td>
                <td>{number(each.mine)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {set.held > 0 ? <p className="quiet">{masks.held(set.held)}</p> : null}
      <div>
        <Link className={mine < total ? "button strong" : "button"} href={masksAddress(set.id)}>
          {mine === 0 ? masks.beginDrawing : mine < total ? masks.goOn : masks.lookAgain}
        </Link>
      </div>
    </article>
  );
}
