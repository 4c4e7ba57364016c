/** Labels for slides: which codes, on which sheet, and the sheets as they are printed. */
import { useState } from "react";
import { Button, Checkbox, CheckboxGroup, Input, Label, NumberField, Radio, RadioGroup, TextField } from "react-aria-components";

import { useJson } from "../../api/resource";
import { Empty } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { useWords } from "../../words/words";
import { captures, type Smear, smearsUrl } from "../capture/api";
import type { Mark } from "../capture/mark";
import { Choice } from "../people/Choice";
import { useSession } from "../people/session";
import { isRange, type Label as Placed, MOST_LABELS, PAGE, range, type SheetName, SHEETS, sheetsOf } from "./sheet";

/** So many sheets are shown; all are printed. */
const SHOWN = 2;

export function SlidesPage() {
  const words = useWords();
  const { slides, capture } = words;
  const { session } = useSession();
  const may = captures(session?.person);
  const { data: smears } = useJson<Smear[]>(may ? smearsUrl : null);
  const [which, setWhich] = useState("range");
  const [prefix, setPrefix] = useState("S-");
  const [first, setFirst] = useState(1);
  const [count, setCount] = useState(24);
  const [site, setSite] = useState("");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [sheet, setSheet] = useState<SheetName>("24");
  const of = (code: string): Mark => (site.trim() ? { code, site: site.trim() } : { code });
  const made = isRange(prefix.trim(), first, count) ? range(prefix.trim(), first, count).map(of) : [];
  const here = (smears ?? []).filter(({ id }) => chosen.includes(id)).map((each): Mark => (each.site === "unknown" ? { code: each.code } : { code: each.code, site: each.site }));
  const marks = which === "range" ? made : here;
  const many = marks.length > MOST_LABELS;
  const sheets = many ? [] : sheetsOf(marks, sheet);
  if (session && !may) {
    return (
      <Page title={slides.title}>
        <Empty title={capture.notYours} hint={capture.signIn} />
      </Page>
    );
  }
  return (
    <Page
      title={slides.title}
      trail={[[capture.title, "/capture"]]}
      actions={
        <Button className="button strong" isDisabled={sheets.length === 0} onPress={() => window.print()}>
          {slides.print}
        </Button>
      }
    >
      <p className="quiet">{slides.meaning}</p>
      <div className="slides-room">
        <section className="card slides-form">
          <RadioGroup className="counting" value={which} onChange={setWhich}>
            <Label className="label">{slides.which}</Label>
            <span className="counting-answers">
              {(["range", "existing"] as const).map((each) => (
                <Radio key={each} value={each} className="button counting-answer">
                  {slides[each]}
                </Radio>
              ))}
            </span>
          </RadioGroup>
          {which === "range" ? (
            <>
              <TextField className="text-field" value={prefix} onChange={setPrefix} maxLength={36}>
                <Label>{slides.prefix}</Label>
                <Input dir="ltr" autoComplete="off" spellCheck={false} />
              </TextField>
              <div className="slides-numbers">
                <NumberField className="text-field" value={first} onChange={setFirst} minValue={0} maxValue={999_999} formatOptions={{ useGrouping: false }}>
                  <Label>{slides.first}</Label>
                  <Input />
                </NumberField>
                <NumberField className="text-field" value={count} onChange={setCount} minValue={1} maxValue={MOST_LABELS}>
                  <Label>{slides.count}</Label>
                  <Input />
                </NumberField>
              </div>
              <TextField className="text-field" value={site} onChange={setSite} maxLength={40}>
                <Label>{slides.site}</Label>
                <Input dir="auto" autoComplete="off" />
              </TextField>
            </>
          ) : smears?.length === 0 ? (
            <p>{slides.noSlides}</p>
          ) : (
            <CheckboxGroup className="check-group slides-list" value={[...chosen]} onChange={setChosen}>
              <Label>{slides.choose}</Label>
              <span className="page-actions">
                <Button className="button" onPress={() => setChosen((smears ?? []).map(({ id }) => id))}>
                  {slides.all}
                </Button>
                <Button className="button" onPress={() => setChosen([])}>
                  {slides.none}
                </Button>
              </span>
              <span className="slides-codes">
                {(smears ?? []).map(({ id, code, site: at }) => (
                  <Checkbox key={id} value={id} className="check">
                    <span className="check-box" aria-hidden="true" />
                    <bdi dir="ltr">{at === "unknown" ? code : `${code} · ${at}`}</bdi>
                  </Checkbox>
                ))}
              </span>
            </CheckboxGroup>
          )}
          <Choice label={slides.sheet} value={sheet} options={SHEETS.map((id) => ({ id, name: slides.sheets[id] ?? id }))} onChange={(id) => setSheet(id as SheetName)} />
          <p role="status">{many ? slides.tooMany : slides.preview(marks.length, sheets.length)}</p>
          <p className="quiet">{slides.scale}</p>
        </section>
        <div className="slides-sheets">
          {sheets.map((labels, index) => (
            <Sheet key={index} labels={labels} name={slides.page(index + 1)} shown={index < SHOWN} />
          ))}
        </div>
      </div>
    </Page>
  );
}

/** A sheet of A4 as it leaves the printer: one unit of the drawing is a millimeter of the paper. */
function Sheet({ labels, name, shown }: { labels: readonly Placed[]; name: string; shown: boolean }) {
  return (
    <svg className={shown ? "a4" : "a4 printed-only"} viewBox={`0 0 ${PAGE.width} ${PAGE.height}`} role="img" aria-label={name} direction="ltr">
      <rect className="a4-paper" width={PAGE.width} height={PAGE.height} />
      {labels.map(({ mark, left, top, width, height, symbol, lines, centered }, index) => (
        <g key={index} data-code={mark.code}>
          <rect className="a4-label" x={left} y={top} width={width} height={height} />
          <path transform={`translate(${symbol.left} ${symbol.top}) scale(${symbol.scale})`} d={symbol.path} />
          {lines.map((line, number) => (
            <text key={number} x={line.left} y={line.baseline} fontSize={line.size} textAnchor={centered ? "middle" : "start"}>
              {line.text}
            </text>
          ))}
        </g>
      ))}
    </svg>
  );
}
