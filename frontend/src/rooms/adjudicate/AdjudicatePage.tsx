/** Disputed cells of one round; the address bar holds the level and, where it is about one, the pair of classes. */
import { Button } from "react-aria-components";

import { adjudicateAddress, type AdjudicationView, type Asked, decides, termsUrl } from "../../api/adjudication";
import type { Taxonomy } from "../../api/client";
import type { Person } from "../../api/people";
import { useJson } from "../../api/resource";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { go, useAddress } from "../../route/router";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { Choice } from "../people/Choice";
import { useSession } from "../people/session";
import { AdjudicateRoom } from "./AdjudicateRoom";
import { useDeciding } from "./useDeciding";

export function AdjudicatePage({ id }: { id: string }) {
  const { adjudicate } = useWords();
  const { session, problem, retry } = useSession();
  const person = session?.person;
  if (person && decides(person)) return <Loaded key={`${id} ${person.id}`} id={id} person={person} />;
  return (
    <Page title={adjudicate.title} trail={[[adjudicate.title, "/adjudicate"]]}>
      {problem ? <Failed problem={problem} onRetry={retry} /> : session ? <Empty title={adjudicate.notYours} hint={adjudicate.notYoursHint} /> : <Loading />}
    </Page>
  );
}

function Loaded({ id, person }: { id: string; person: Person }) {
  const words = useWords();
  const { adjudicate, label } = words;
  const { query } = useAddress();
  const rounds = useJson<AdjudicationView[]>("/api/adjudication");
  const known = rounds.data?.find((round) => round.id === id);
  const terms = useJson<Taxonomy>(termsUrl(id));
  const asked: Asked = { level: query.get("level") ?? known?.level ?? "full", one: query.get("one"), other: query.get("other") };
  const ready = query.has("level") || rounds.data !== undefined;
  const alive = useDeciding(person, ready ? id : null, asked);
  const { page, deciding, standing } = alive;
  const failed = alive.problem ?? terms.problem ?? (ready ? undefined : rounds.problem);
  const nameOf = (key: string) => (terms.data ? (words.term[key] ?? termName(key, terms.data, words)) : key);
  const pair = asked.one && asked.other ? adjudicate.pair(nameOf(asked.one), nameOf(asked.other)) : undefined;
  const levels = page?.round.levels ?? known?.levels ?? [];
  const choices = (
    <>
      {levels.length > 0 ? (
        <Choice
          label={adjudicate.level}
          hidden
          value={asked.level}
          options={levels.map((level) => ({ id: level, name: label.levels[level] ?? level }))}
          onChange={(level) => go(adjudicateAddress(id, { level }), { replace: true })}
        />
      ) : null}
      {pair === undefined ? null : (
        <span className="pair-chip">
          <span>{pair}</span>
          <Button className="plain" aria-label={adjudicate.allPairs} onPress={() => go(adjudicateAddress(id, { level: asked.level }))}>
            ✕
          </Button>
        </span>
      )}
    </>
  );
  if (page && deciding && standing?.item && terms.data) {
    return <AdjudicateRoom page={page} deciding={deciding} standing={standing} taxonomy={terms.data} choices={choices} />;
  }
  return (
    <Page title={page?.round.name ?? known?.name ?? adjudicate.title} trail={[[adjudicate.title, "/adjudicate"]]}>
      {failed ? (
        <Failed
          problem={failed}
          onRetry={() => {
            alive.retry();
            terms.retry();
            rounds.retry();
          }}
        />
      ) : page && page.total === 0 ? (
        <>
          <div className="adjudicate-choices">{choices}</div>
          <Empty title={adjudicate.noDisputes} hint={adjudicate.noDisputesHint} />
        </>
      ) : (
        <Loading />
      )}
    </Page>
  );
}
