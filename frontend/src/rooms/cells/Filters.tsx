/** The controls of the gallery; each writes into the address bar. */
import { useState } from "react";
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Slider,
  SliderOutput,
  SliderThumb,
  SliderTrack,
  ToggleButton,
  ToggleButtonGroup,
} from "react-aria-components";

import type { Funnel, QueryView, Taxonomy } from "../../api/client";
import { goQuery } from "../../route/router";
import { useWords } from "../../words/words";
import { type Filter, isNarrow, LARGEST, SMALLEST, type Which, WHICH } from "./filter";
import { choices, termName } from "./terms";

const ANY = "any";
const NAMES = ["smear", "pictures", "class", "standing", "query", "round", "level", "first", "second"];
const WIDE = Object.fromEntries(NAMES.map((name) => [name, null]));

interface Option {
  id: string;
  name: string;
  depth?: number;
  /** How many there are, behind the name. */
  count?: number | null;
}

function Choose({ label, value, options, name }: { label: string; value: string | null; options: readonly Option[]; name: string }) {
  const words = useWords();
  return (
    <Select
      className="choose"
      value={value ?? ANY}
      onChange={(key) => goQuery({ [name]: key === ANY || key === null ? null : String(key) })}
    >
      <Label className="label">{label}</Label>
      <Button className="button">
        <SelectValue />
        <span aria-hidden="true" className="arrow">
          ▾
        </span>
      </Button>
      <Popover className="popover">
        <ListBox items={options}>
          {(option) => (
            <ListBoxItem
              id={option.id}
              textValue={option.name}
              isDisabled={option.count === null}
              className={`option depth-${option.depth ?? 0}`}
            >
              {option.name}
              {typeof option.count === "number" ? <span className="option-count">{words.number(option.count)}</span> : null}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}

export interface FiltersProps {
  filter: Filter;
  smears: readonly Funnel[];
  taxonomy: Taxonomy | undefined;
  queries: readonly QueryView[];
  /** Which pictures are meant where the address says nothing. */
  usually?: Which;
}

export function Filters({ filter, smears, taxonomy, queries, usually = "all" }: FiltersProps) {
  const words = useWords();
  const { gallery } = words;
  const [open, setOpen] = useState(false);
  const which = { kept: gallery.kept, repeats: gallery.repeats, all: gallery.all };
  return (
    <div className="filters">
      <ToggleButton className="button filters-button" isSelected={open} onChange={setOpen} aria-expanded={open}>
        {gallery.filters}
        {isNarrow(filter, usually) ? " •" : ""}
      </ToggleButton>
      <div className={open ? "filters-body open" : "filters-body"}>
        <Choose
          label={gallery.smear}
          name="smear"
          value={filter.smear}
          options={[{ id: ANY, name: gallery.allSmears }, ...smears.map(({ smear }) => ({ id: smear.id, name: smear.code }))]}
        />
        <div className="choose">
          <span className="label" id="which-label">
            {gallery.which}
          </span>
          <ToggleButtonGroup
            className="segments"
            aria-labelledby="which-label"
            disallowEmptySelection
            selectionMode="single"
            selectedKeys={[filter.which]}
            onSelectionChange={(keys) => {
              const [key] = keys;
              goQuery({ pictures: key === undefined || key === usually ? null : String(key) });
            }}
          >
            {WHICH.map((each) => (
              <ToggleButton key={each} id={each} className="button">
                {which[each]}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        </div>
        <Choose
          label={gallery.term}
          name="class"
          value={filter.term}
          options={[
            { id: ANY, name: gallery.allTerms },
            ...(taxonomy ? choices(taxonomy) : []).map(({ key, depth }) => ({ id: key, name: termName(key, taxonomy, words), depth })),
          ]}
        />
        <Choose
          label={gallery.standing}
          name="standing"
          value={filter.standing}
          options={[
            { id: ANY, name: gallery.allStandings },
            ...Object.entries(words.standing).map(([id, name]) => ({ id, name })),
          ]}
        />
        <Choose
          label={gallery.query}
          name="query"
          value={filter.asked}
          options={[
            { id: ANY, name: gallery.anyQuery },
            ...queries.map(({ query: { id, title }, cells }) => ({ id, name: words.query[id] ?? (title || id), count: cells })),
          ]}
        />
        <Slider
          className="slider"
          value={filter.size}
          minValue={SMALLEST}
          maxValue={LARGEST}
          step={16}
          onChange={(size) => goQuery({ size: String(size) })}
        >
          <Label className="label">{gallery.size}</Label>
          <SliderOutput className="unseen">{({ state }) => `${state.values[0]} px`}</SliderOutput>
          <SliderTrack className="slider-track">
            <SliderThumb className="slider-thumb" />
          </SliderTrack>
        </Slider>
        {isNarrow(filter, usually) ? (
          <Button
            className="button clear"
            onPress={() => goQuery(WIDE)}
          >
            {gallery.clear}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
