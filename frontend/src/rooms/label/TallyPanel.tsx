/** Counts of this sitting beside the cell: hidden until fifty are answered, so that they lead nobody. */
import { Button, Switch } from "react-aria-components";

import type { Taxonomy } from "../../api/client";
import { useWords } from "../../words/words";
import { choices, termName } from "../cells/terms";
import type { Tally } from "./tally";
import type { Wishes } from "./wishes";

export const HIDDEN_FOR = 50;

export interface TallyPanelProps {
  tally: Tally;
  answered: number;
  taxonomy: Taxonomy;
  wishes: Wishes;
  wish: (change: Partial<Wishes>) => void;
}

export function TallyPanel({ tally, answered, taxonomy, wishes, wish }: TallyPanelProps) {
  const words = useWords();
  const { label } = words;
  const rows = choices(taxonomy).flatMap(({ key }) => {
    const count = tally.counts.get(key);
    return count ? [{ key, count }] : [];
  });
  return (
    <section className="tally">
      <div className="tally-head">
        <h2>{label.tally}</h2>
        <Button className="plain" onPress={() => wish({ tally: !wishes.tally })} aria-expanded={wishes.tally}>
          {wishes.tally ? label.hideTally : label.showTally}
        </Button>
      </div>
      {!wishes.tally ? null : answered < HIDDEN_FOR ? (
        <p className="quiet">{label.tallyLater(HIDDEN_FOR)}</p>
      ) : (
        <>
          <table>
            <tbody>
              {rows.map(({ key, count }) => (
                <tr key={key}>
                  <th scope="row">{termName(key, taxonomy, words)}</th>
                  <td className="number">{words.number(count)}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">{label.counted}</th>
                <td className="number">{words.number(tally.total)}</td>
              </tr>
              <tr>
                <th scope="row">{label.leukocytes}</th>
                <td className="number">{words.number(tally.leukocytes)}</td>
              </tr>
            </tfoot>
          </table>
          <p className="quiet">{tally.pace === undefined ? label.noPace : label.pace(Math.round(tally.pace))}</p>
        </>
      )}
      <div className="switches">
        <Switch className="switch" isSelected={wishes.bell} onChange={(bell) => wish({ bell })}>
          <span className="switch-track" />
          {label.bell}
        </Switch>
        <Switch className="switch" isSelected={wishes.click} onChange={(click) => wish({ click })}>
          <span className="switch-track" />
          {label.click}
        </Switch>
      </div>
    </section>
  );
}
